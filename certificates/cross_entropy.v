(* The cross-entropy L = −Σ y_k log a_k and its derivative with respect to an output. *)
(* Written by `make certificates` from derivations/theorems/cross_entropy.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

(* cross_entropy.gradient: The derivative with respect to one output, the others held still. *)
Section gradient.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (a y : nat -> R) (positive_a : forall k, (k < n)%nat -> 0 < a k).
Context (i : nat) (in_i : (i < n)%nat).

(* definition of the loss *)
Lemma gradient_1 :
  partial (fun a => cross_entropy n a y) a i
  = partial (fun a => - sum n (fun k => ln (a k) * y k)) a i.
Proof. step. Qed.
(* only the term k = i contains a_i *)
Lemma gradient_2 :
  partial (fun a => - sum n (fun k => ln (a k) * y k)) a i
  = - (partial (fun a => ln (a i)) a i * y i).
Proof. step. Qed.
(* the slope of the natural logarithm is 1/a_i *)
Lemma gradient_3 : - (partial (fun a => ln (a i)) a i * y i) = - (y i / a i).
Proof. step. Qed.
Lemma gradient_exists_1 : ex_partial (fun a => - sum n (fun k => ln (a k) * y k)) a i.
Proof. exists_derivative. Qed.
Lemma gradient_exists_2 : ex_partial (fun a => cross_entropy n a y) a i.
Proof. exists_derivative. Qed.
Lemma gradient_exists_3 : ex_partial (fun a => ln (a i)) a i.
Proof. exists_derivative. Qed.
Theorem gradient : partial (fun a => cross_entropy n a y) a i = - (y i / a i).
Proof. exact (gradient_1 @ gradient_2 @ gradient_3). Qed.
Theorem gradient_is_derive : is_partial (fun a => cross_entropy n a y) a i (- (y i / a i)).
Proof. is_derivative gradient. Qed.
End gradient.
