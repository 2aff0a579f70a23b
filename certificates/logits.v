(* dL/dz_j for softmax and cross-entropy: a_j Σy − y_j, and a_j − y_j where Σy = 1. *)
(* Written by `make certificates` from derivations/theorems/logits.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

(* logits.by_jacobian: The gradient by the chain rule, split into the cases i = j and i ≠ j. *)
Section by_jacobian.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).

(* chain rule: z_j moves every a_i *)
Lemma by_jacobian_1 :
  partial (fun z => cross_entropy n (softmax n z) y) z j
  = sum n (fun i =>
      partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* split off the term i = j *)
Lemma by_jacobian_2 :
  sum n (fun i =>
    partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j)
  = partial (fun a => cross_entropy n a y) a j * partial (fun z => softmax n z j) z j
    + sum_except n j (fun i =>
        partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* partial L/partial a_i = -y_i/a_i; both cases of softmax *)
Lemma by_jacobian_3 :
  partial (fun a => cross_entropy n a y) a j * partial (fun z => softmax n z j) z j
  + sum_except n j (fun i =>
      partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j)
  = ((1 - a j) * a j) * (- (y j / a j))
    + sum_except n j (fun i => (- (a i * a j)) * (- (y i / a i))).
Proof. step. Qed.
(* -y_i/a_i meets a_i: the a_i cancel *)
Lemma by_jacobian_4 :
  ((1 - a j) * a j) * (- (y j / a j))
  + sum_except n j (fun i => (- (a i * a j)) * (- (y i / a i)))
  = sum_except n j (fun i => a j * y i) - (1 - a j) * y j.
Proof. step. Qed.
(* multiply out; a_j is the same in every term *)
Lemma by_jacobian_5 :
  sum_except n j (fun i => a j * y i) - (1 - a j) * y j
  = a j * sum_except n j (fun i => y i) + a j * y j - y j.
Proof. step. Qed.
(* y_j a_j is the term that the sum was missing *)
Lemma by_jacobian_6 :
  a j * sum_except n j (fun i => y i) + a j * y j - y j = a j * sum n (fun i => y i) - y j.
Proof. step. Qed.
Lemma by_jacobian_exists_1 : ex_partial (fun a => cross_entropy n a y) a j.
Proof. exists_derivative. Qed.
Lemma by_jacobian_exists_2 : ex_partial (fun z => cross_entropy n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Lemma by_jacobian_exists_3 : ex_partial (fun z => softmax n z j) z j.
Proof. exists_derivative. Qed.
Lemma by_jacobian_exists_4 :
  forall i, (i < n)%nat -> ex_partial (fun a => cross_entropy n a y) a i.
Proof. exists_derivative. Qed.
Lemma by_jacobian_exists_5 : forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem by_jacobian :
  partial (fun z => cross_entropy n (softmax n z) y) z j = a j * sum n (fun i => y i) - y j.
Proof. exact (by_jacobian_1 @ by_jacobian_2 @ by_jacobian_3 @ by_jacobian_4 @ by_jacobian_5 @
  by_jacobian_6). Qed.
Theorem by_jacobian_is_derive :
  is_partial (fun z => cross_entropy n (softmax n z) y) z j (a j * sum n (fun i => y i) - y j).
Proof. is_derivative by_jacobian. Qed.
End by_jacobian.

(* logits.by_log_sum_exp: The same gradient without a Jacobian, from log S. *)
Section by_log_sum_exp.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation S := (normaliser n z).
Local Notation a := (softmax n z).

(* log a_k = z_k - log S *)
Lemma by_log_sum_exp_1 :
  partial (fun z => cross_entropy n (softmax n z) y) z j
  = partial (fun z => - sum n (fun k => y k * (z k - ln (normaliser n z)))) z j.
Proof. step. Qed.
(* multiply out; take log S out of the sum *)
Lemma by_log_sum_exp_2 :
  partial (fun z => - sum n (fun k => y k * (z k - ln (normaliser n z)))) z j
  = partial (fun z => ln (normaliser n z) * sum n (fun k => y k) - sum n (fun k => y k * z k)) z
      j.
Proof. step. Qed.
(* in the last sum only y_j z_j moves *)
Lemma by_log_sum_exp_3 :
  partial (fun z => ln (normaliser n z) * sum n (fun k => y k) - sum n (fun k => y k * z k)) z j
  = partial (fun z => ln (normaliser n z)) z j * sum n (fun k => y k) - y j.
Proof. step. Qed.
(* chain rule: 1/S times e^{z_j}, the slope of S *)
Lemma by_log_sum_exp_4 :
  partial (fun z => ln (normaliser n z)) z j * sum n (fun k => y k) - y j
  = exp (z j) * sum n (fun k => y k) / S - y j.
Proof. step. Qed.
(* definition of a_j *)
Lemma by_log_sum_exp_5 :
  exp (z j) * sum n (fun k => y k) / S - y j = a j * sum n (fun k => y k) - y j.
Proof. step. Qed.
Lemma by_log_sum_exp_exists_1 :
  ex_partial (fun z => - sum n (fun k => y k * (z k - ln (normaliser n z)))) z j.
Proof. exists_derivative. Qed.
Lemma by_log_sum_exp_exists_2 : ex_partial (fun z => cross_entropy n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Lemma by_log_sum_exp_exists_3 :
  ex_partial (fun z => ln (normaliser n z) * sum n (fun k => y k) - sum n (fun k => y k * z k))
    z j.
Proof. exists_derivative. Qed.
Lemma by_log_sum_exp_exists_4 : ex_partial (fun z => ln (normaliser n z)) z j.
Proof. exists_derivative. Qed.
Theorem by_log_sum_exp :
  partial (fun z => cross_entropy n (softmax n z) y) z j = a j * sum n (fun k => y k) - y j.
Proof. exact (by_log_sum_exp_1 @ by_log_sum_exp_2 @ by_log_sum_exp_3 @ by_log_sum_exp_4 @
  by_log_sum_exp_5). Qed.
Theorem by_log_sum_exp_is_derive :
  is_partial (fun z => cross_entropy n (softmax n z) y) z j (a j * sum n (fun k => y k) - y j).
Proof. is_derivative by_log_sum_exp. Qed.
End by_log_sum_exp.

(* logits.gradient: The gradient is prediction minus target, where the labels sum to 1. *)
Section gradient.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* chain rule: z_j moves every a_i *)
Lemma gradient_1 :
  partial (fun z => cross_entropy n (softmax n z) y) z j
  = sum n (fun i =>
      partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* split off the term i = j *)
Lemma gradient_2 :
  sum n (fun i =>
    partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j)
  = partial (fun a => cross_entropy n a y) a j * partial (fun z => softmax n z j) z j
    + sum_except n j (fun i =>
        partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* partial L/partial a_i = -y_i/a_i; both cases of softmax *)
Lemma gradient_3 :
  partial (fun a => cross_entropy n a y) a j * partial (fun z => softmax n z j) z j
  + sum_except n j (fun i =>
      partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j)
  = ((1 - a j) * a j) * (- (y j / a j))
    + sum_except n j (fun i => (- (a i * a j)) * (- (y i / a i))).
Proof. step. Qed.
(* -y_i/a_i meets a_i: the a_i cancel *)
Lemma gradient_4 :
  ((1 - a j) * a j) * (- (y j / a j))
  + sum_except n j (fun i => (- (a i * a j)) * (- (y i / a i)))
  = sum_except n j (fun i => a j * y i) - (1 - a j) * y j.
Proof. step. Qed.
(* multiply out; a_j is the same in every term *)
Lemma gradient_5 :
  sum_except n j (fun i => a j * y i) - (1 - a j) * y j
  = a j * sum_except n j (fun i => y i) + a j * y j - y j.
Proof. step. Qed.
(* y_j a_j is the term that the sum was missing *)
Lemma gradient_6 :
  a j * sum_except n j (fun i => y i) + a j * y j - y j = a j * sum n (fun i => y i) - y j.
Proof. step. Qed.
(* the labels sum to 1, by H1 *)
Lemma gradient_7 : H1 -> a j * sum n (fun i => y i) - y j = a j - y j.
Proof. step. Qed.
Lemma gradient_exists_1 : ex_partial (fun a => cross_entropy n a y) a j.
Proof. exists_derivative. Qed.
Lemma gradient_exists_2 : ex_partial (fun z => cross_entropy n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Lemma gradient_exists_3 : ex_partial (fun z => softmax n z j) z j.
Proof. exists_derivative. Qed.
Lemma gradient_exists_4 :
  forall i, (i < n)%nat -> ex_partial (fun a => cross_entropy n a y) a i.
Proof. exists_derivative. Qed.
Lemma gradient_exists_5 : forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem gradient : H1 -> partial (fun z => cross_entropy n (softmax n z) y) z j = a j - y j.
Proof. intros H1. exact (gradient_1 @ gradient_2 @ gradient_3 @ gradient_4 @ gradient_5 @
  gradient_6 @ (gradient_7 H1)). Qed.
Theorem gradient_is_derive : H1 ->
  is_partial (fun z => cross_entropy n (softmax n z) y) z j (a j - y j).
Proof. intros H1. is_derivative (gradient H1). Qed.
End gradient.

(* logits.in_vectors: The gradient with vectors: the transposed Jacobian times da, in one sum.
   *)
Section in_vectors.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* chain rule: da and column j of J_a *)
Lemma in_vectors_1 :
  partial (fun z => cross_entropy n (softmax n z) y) z j
  = sum n (fun i =>
      partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* both slopes *)
Lemma in_vectors_2 :
  sum n (fun i =>
    partial (fun a => cross_entropy n a y) a i * partial (fun z => softmax n z i) z j)
  = sum n (fun i => (- (y i / a i)) * (a i * (delta i j - a j))).
Proof. step. Qed.
(* the a_i cancel; the delta keeps only i = j; take a_j out of the sum *)
Lemma in_vectors_3 :
  sum n (fun i => (- (y i / a i)) * (a i * (delta i j - a j)))
  = a j * sum n (fun i => y i) - y j.
Proof. step. Qed.
(* the labels sum to 1, by H1 *)
Lemma in_vectors_4 : H1 -> a j * sum n (fun i => y i) - y j = a j - y j.
Proof. step. Qed.
Lemma in_vectors_exists_1 : ex_partial (fun z => cross_entropy n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Lemma in_vectors_exists_2 :
  forall i, (i < n)%nat -> ex_partial (fun a => cross_entropy n a y) a i.
Proof. exists_derivative. Qed.
Lemma in_vectors_exists_3 : forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem in_vectors : H1 -> partial (fun z => cross_entropy n (softmax n z) y) z j = a j - y j.
Proof. intros H1. exact (in_vectors_1 @ in_vectors_2 @ in_vectors_3 @ (in_vectors_4 H1)). Qed.
Theorem in_vectors_is_derive : H1 ->
  is_partial (fun z => cross_entropy n (softmax n z) y) z j (a j - y j).
Proof. intros H1. is_derivative (in_vectors H1). Qed.
End in_vectors.

(* logits.one_true_class: With one true class c only −log a_c is left; it still depends on every
   logit. *)
Section one_true_class.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (c j : nat) (in_c : (c < n)%nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation y := (one_hot c).

(* every other label is 0 *)
Lemma one_true_class_1 :
  partial (fun z => cross_entropy n (softmax n z) y) z j
  = partial (fun z => - ln (softmax n z c)) z j.
Proof. step. Qed.
(* chain rule for the logarithm *)
Lemma one_true_class_2 :
  partial (fun z => - ln (softmax n z c)) z j = - (partial (fun z => softmax n z c) z j / a c).
Proof. step. Qed.
(* row c of the Jacobian: both cases *)
Lemma one_true_class_3 :
  - (partial (fun z => softmax n z c) z j / a c) = (- (1 / a c)) * (a c * (delta c j - a j)).
Proof. step. Qed.
(* the a_c cancel *)
Lemma one_true_class_4 : (- (1 / a c)) * (a c * (delta c j - a j)) = a j - delta c j.
Proof. step. Qed.
(* y_j is 1 at j = c and 0 otherwise *)
Lemma one_true_class_5 : a j - delta c j = a j - y j.
Proof. step. Qed.
Lemma one_true_class_exists_1 : ex_partial (fun z => - ln (softmax n z c)) z j.
Proof. exists_derivative. Qed.
Lemma one_true_class_exists_2 : ex_partial (fun z => cross_entropy n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Lemma one_true_class_exists_3 : ex_partial (fun z => softmax n z c) z j.
Proof. exists_derivative. Qed.
Theorem one_true_class : partial (fun z => cross_entropy n (softmax n z) y) z j = a j - y j.
Proof. exact (one_true_class_1 @ one_true_class_2 @ one_true_class_3 @ one_true_class_4 @
  one_true_class_5). Qed.
Theorem one_true_class_is_derive :
  is_partial (fun z => cross_entropy n (softmax n z) y) z j (a j - y j).
Proof. is_derivative one_true_class. Qed.
End one_true_class.
