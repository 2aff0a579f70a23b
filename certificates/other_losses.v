(* Squared error and 1 − a_c on softmax outputs: the factor that stops the learning. *)
(* Written by `make certificates` from derivations/theorems/other_losses.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

Definition missing_probability (a : nat -> R) (c : nat) : R := 1 - a c.
Definition squared_error (n : nat) (a y : nat -> R) : R := sum n (fun k => (a k - y k) ^ 2) / 2.
#[local] Hint Unfold missing_probability squared_error : definitions.

(* other_losses.squared: Squared error: prediction minus target, but centred and times a_j. *)
Section squared.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).

(* chain rule: z_j moves every a_i *)
Lemma squared_1 :
  partial (fun z => squared_error n (softmax n z) y) z j
  = sum n (fun i =>
      partial (fun a => squared_error n a y) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* partial L/partial a_i = a_i - y_i; nothing is left to cancel a_i *)
Lemma squared_2 :
  sum n (fun i =>
    partial (fun a => squared_error n a y) a i * partial (fun z => softmax n z i) z j)
  = sum n (fun i => (a i * (delta i j - a j)) * (a i - y i)).
Proof. step. Qed.
(* the delta keeps only i = j; factor out a_j *)
Lemma squared_3 :
  sum n (fun i => (a i * (delta i j - a j)) * (a i - y i))
  = a j * (a j - sum n (fun i => a i * (a i - y i)) - y j).
Proof. step. Qed.
Lemma squared_exists_1 : ex_partial (fun z => squared_error n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Lemma squared_exists_2 : forall i, (i < n)%nat -> ex_partial (fun a => squared_error n a y) a i.
Proof. exists_derivative. Qed.
Lemma squared_exists_3 : forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem squared :
  partial (fun z => squared_error n (softmax n z) y) z j
  = a j * (a j - sum n (fun i => a i * (a i - y i)) - y j).
Proof. exact (squared_1 @ squared_2 @ squared_3). Qed.
Theorem squared_is_derive :
  is_partial (fun z => squared_error n (softmax n z) y) z j
    (a j * (a j - sum n (fun i => a i * (a i - y i)) - y j)).
Proof. is_derivative squared. Qed.
End squared.

(* other_losses.squared_true_class: Squared error at the true class: a factor a_c. *)
Section squared_true_class.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (c : nat) (in_c : (c < n)%nat).
Local Notation a := (softmax n z).
Local Notation y := (one_hot c).

(* the gradient of the squared error, at j = c *)
Lemma squared_true_class_1 :
  partial (fun z => squared_error n (softmax n z) y) z c
  = a c * (a c - sum n (fun i => a i * (a i - y i)) - y c).
Proof. step. Qed.
(* y_c is 1 and every other label is 0 *)
Lemma squared_true_class_2 :
  a c * (a c - sum n (fun i => a i * (a i - y i)) - y c)
  = (2 * a c - 1 - sum n (fun i => a i ^ 2)) * a c.
Proof. step. Qed.
Lemma squared_true_class_exists_1 : ex_partial (fun z => squared_error n (softmax n z) y) z c.
Proof. exists_derivative. Qed.
Theorem squared_true_class :
  partial (fun z => squared_error n (softmax n z) y) z c
  = (2 * a c - 1 - sum n (fun i => a i ^ 2)) * a c.
Proof. exact (squared_true_class_1 @ squared_true_class_2). Qed.
Theorem squared_true_class_is_derive :
  is_partial (fun z => squared_error n (softmax n z) y) z c
    ((2 * a c - 1 - sum n (fun i => a i ^ 2)) * a c).
Proof. is_derivative squared_true_class. Qed.
End squared_true_class.

(* other_losses.one_minus: The loss 1 − a_c: prediction minus target, times a_c. *)
Section one_minus.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (c j : nat) (in_c : (c < n)%nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation y := (one_hot c).

(* the 1 does not move *)
Lemma one_minus_1 :
  partial (fun z => missing_probability (softmax n z) c) z j
  = - partial (fun z => softmax n z c) z j.
Proof. step. Qed.
(* row c of the Jacobian *)
Lemma one_minus_2 : - partial (fun z => softmax n z c) z j = - (a c * (delta c j - a j)).
Proof. step. Qed.
(* y_j is 1 at j = c and 0 otherwise *)
Lemma one_minus_3 : - (a c * (delta c j - a j)) = a c * (a j - y j).
Proof. step. Qed.
Lemma one_minus_exists_1 : ex_partial (fun z => missing_probability (softmax n z) c) z j.
Proof. exists_derivative. Qed.
Lemma one_minus_exists_2 : ex_partial (fun z => softmax n z c) z j.
Proof. exists_derivative. Qed.
Theorem one_minus :
  partial (fun z => missing_probability (softmax n z) c) z j = a c * (a j - y j).
Proof. exact (one_minus_1 @ one_minus_2 @ one_minus_3). Qed.
Theorem one_minus_is_derive :
  is_partial (fun z => missing_probability (softmax n z) c) z j (a c * (a j - y j)).
Proof. is_derivative one_minus. Qed.
End one_minus.
