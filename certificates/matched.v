(* Why 'prediction − target' comes back: each loss is B(z) − Σ y z with o = ∂B/∂z. *)
(* Written by `make certificates` from derivations/theorems/matched.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

Definition binary_cross_entropy (n : nat) (o y : nat -> R) : R :=
  - sum n (fun k => (1 - y k) * ln (1 - o k) + ln (o k) * y k).
Definition exponential (z : nat -> R) (i : nat) : R := exp (z i).
Definition family (n : nat) (C : R) (g : R -> R) (z : nat -> R) : R :=
  C * ln (sum n (fun k => exp (z k))) + sum n (fun k => g (z k)).
Definition identity (z : nat -> R) (i : nat) : R := z i.
Definition matched_loss (n : nat) (B : R) (y z : nat -> R) : R :=
  B - sum n (fun k => y k * z k).
Definition poisson (n : nat) (o y : nat -> R) : R := sum n (fun k => o k - ln (o k) * y k).
Definition prediction (n : nat) (C : R) (g : R -> R) (z : nat -> R) (i : nat) : R :=
  partial (fun z => family n C g z) z i.
Definition sigmoid (z : nat -> R) (i : nat) : R := 1 / (1 + exp (- z i)).
Definition squared_error (n : nat) (o y : nat -> R) : R := sum n (fun k => (o k - y k) ^ 2) / 2.
#[local] Hint Unfold binary_cross_entropy exponential family identity matched_loss poisson
  prediction sigmoid squared_error : definitions.

(* matched.prediction_minus_target: Prediction minus target for any potential B, with separate
   or coupled logits. *)
Section prediction_minus_target.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R) (C : R) (g g_prime : R -> R)
  (slope_g : forall x, is_derive g x (g_prime x)).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation o := (prediction n C g z).

(* L = B - sum y_k z_k *)
Lemma prediction_minus_target_1 :
  partial (fun z => matched_loss n (family n C g z) y z) z j
  = partial (fun z => family n C g z) z j - partial (fun z => sum n (fun k => y k * z k)) z j.
Proof. step. Qed.
(* in the sum only y_j z_j moves *)
Lemma prediction_minus_target_2 :
  partial (fun z => family n C g z) z j - partial (fun z => sum n (fun k => y k * z k)) z j
  = partial (fun z => family n C g z) z j - y j.
Proof. step. Qed.
(* the prediction is the gradient of B *)
Lemma prediction_minus_target_3 : partial (fun z => family n C g z) z j - y j = o j - y j.
Proof. step. Qed.
Lemma prediction_minus_target_exists_1 : ex_partial (fun z => family n C g z) z j.
Proof. exists_derivative. Qed.
Lemma prediction_minus_target_exists_2 :
  ex_partial (fun z => matched_loss n (family n C g z) y z) z j.
Proof. exists_derivative. Qed.
Lemma prediction_minus_target_exists_3 : ex_partial (fun z => sum n (fun k => y k * z k)) z j.
Proof. exists_derivative. Qed.
Lemma prediction_minus_target_exists_4 :
  forall i, (i < n)%nat -> ex_partial (fun z => family n C g z) z i.
Proof. exists_derivative. Qed.
Theorem prediction_minus_target :
  partial (fun z => matched_loss n (family n C g z) y z) z j = o j - y j.
Proof. exact (prediction_minus_target_1 @ prediction_minus_target_2 @
  prediction_minus_target_3). Qed.
Theorem prediction_minus_target_is_derive :
  is_partial (fun z => matched_loss n (family n C g z) y z) z j (o j - y j).
Proof. is_derivative prediction_minus_target. Qed.
End prediction_minus_target.

(* matched.identity_squared_error: Identity with squared error: B = Σ z²/2. *)
Section identity_squared_error.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation o := (identity z).

(* the loss is B - sum y_k z_k, plus a term without logits *)
Lemma identity_squared_error_1 :
  partial (fun z => squared_error n (identity z) y) z j
  = partial (fun z =>
      sum n (fun k => y k ^ 2) / 2 + sum n (fun k => z k ^ 2) / 2 - sum n (fun k => y k * z k))
      z j.
Proof. step. Qed.
(* of the rest only y_j z_j moves *)
Lemma identity_squared_error_2 :
  partial (fun z =>
    sum n (fun k => y k ^ 2) / 2 + sum n (fun k => z k ^ 2) / 2 - sum n (fun k => y k * z k)) z
    j
  = partial (fun z => sum n (fun k => z k ^ 2) / 2) z j - y j.
Proof. step. Qed.
(* the prediction is the gradient of B *)
Lemma identity_squared_error_3 :
  partial (fun z => sum n (fun k => z k ^ 2) / 2) z j - y j = o j - y j.
Proof. step. Qed.
Lemma identity_squared_error_exists_1 :
  ex_partial (fun z => squared_error n (identity z) y) z j.
Proof. exists_derivative. Qed.
Lemma identity_squared_error_exists_2 :
  ex_partial (fun z =>
    sum n (fun k => y k ^ 2) / 2 + sum n (fun k => z k ^ 2) / 2 - sum n (fun k => y k * z k)) z
    j.
Proof. exists_derivative. Qed.
Lemma identity_squared_error_exists_3 : ex_partial (fun z => sum n (fun k => z k ^ 2) / 2) z j.
Proof. exists_derivative. Qed.
Theorem identity_squared_error :
  partial (fun z => squared_error n (identity z) y) z j = o j - y j.
Proof. exact (identity_squared_error_1 @ identity_squared_error_2 @ identity_squared_error_3).
  Qed.
Theorem identity_squared_error_is_derive :
  is_partial (fun z => squared_error n (identity z) y) z j (o j - y j).
Proof. is_derivative identity_squared_error. Qed.
End identity_squared_error.

(* matched.sigmoid_binary_cross_entropy: Sigmoid with binary cross-entropy: B = Σ log(1 + e^z).
   *)
Section sigmoid_binary_cross_entropy.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation o := (sigmoid z).

(* the loss is B - sum y_k z_k, plus a term without logits *)
Lemma sigmoid_binary_cross_entropy_1 :
  partial (fun z => binary_cross_entropy n (sigmoid z) y) z j
  = partial (fun z => sum n (fun k => ln (1 + exp (z k))) - sum n (fun k => y k * z k)) z j.
Proof. step. Qed.
(* of the rest only y_j z_j moves *)
Lemma sigmoid_binary_cross_entropy_2 :
  partial (fun z => sum n (fun k => ln (1 + exp (z k))) - sum n (fun k => y k * z k)) z j
  = partial (fun z => sum n (fun k => ln (1 + exp (z k)))) z j - y j.
Proof. step. Qed.
(* the prediction is the gradient of B *)
Lemma sigmoid_binary_cross_entropy_3 :
  partial (fun z => sum n (fun k => ln (1 + exp (z k)))) z j - y j = o j - y j.
Proof. step. Qed.
Lemma sigmoid_binary_cross_entropy_exists_1 :
  ex_partial (fun z => binary_cross_entropy n (sigmoid z) y) z j.
Proof. exists_derivative. Qed.
Lemma sigmoid_binary_cross_entropy_exists_2 :
  ex_partial (fun z => sum n (fun k => ln (1 + exp (z k))) - sum n (fun k => y k * z k)) z j.
Proof. exists_derivative. Qed.
Lemma sigmoid_binary_cross_entropy_exists_3 :
  ex_partial (fun z => sum n (fun k => ln (1 + exp (z k)))) z j.
Proof. exists_derivative. Qed.
Theorem sigmoid_binary_cross_entropy :
  partial (fun z => binary_cross_entropy n (sigmoid z) y) z j = o j - y j.
Proof. exact (sigmoid_binary_cross_entropy_1 @ sigmoid_binary_cross_entropy_2 @
  sigmoid_binary_cross_entropy_3). Qed.
Theorem sigmoid_binary_cross_entropy_is_derive :
  is_partial (fun z => binary_cross_entropy n (sigmoid z) y) z j (o j - y j).
Proof. is_derivative sigmoid_binary_cross_entropy. Qed.
End sigmoid_binary_cross_entropy.

(* matched.softmax_cross_entropy: Softmax with cross-entropy: B = log Σ e^z, where the labels
   sum to 1. *)
Section softmax_cross_entropy.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* the loss is B - sum y_k z_k, plus a term without logits, by H1 *)
Lemma softmax_cross_entropy_1 : H1 ->
  partial (fun z => cross_entropy n (softmax n z) y) z j
  = partial (fun z => ln (sum n (fun k => exp (z k))) - sum n (fun k => y k * z k)) z j.
Proof. step. Qed.
(* of the rest only y_j z_j moves *)
Lemma softmax_cross_entropy_2 :
  partial (fun z => ln (sum n (fun k => exp (z k))) - sum n (fun k => y k * z k)) z j
  = partial (fun z => ln (sum n (fun k => exp (z k)))) z j - y j.
Proof. step. Qed.
(* the prediction is the gradient of B *)
Lemma softmax_cross_entropy_3 :
  partial (fun z => ln (sum n (fun k => exp (z k)))) z j - y j = a j - y j.
Proof. step. Qed.
Lemma softmax_cross_entropy_exists_1 :
  ex_partial (fun z => cross_entropy n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Lemma softmax_cross_entropy_exists_2 :
  ex_partial (fun z => ln (sum n (fun k => exp (z k))) - sum n (fun k => y k * z k)) z j.
Proof. exists_derivative. Qed.
Lemma softmax_cross_entropy_exists_3 :
  ex_partial (fun z => ln (sum n (fun k => exp (z k)))) z j.
Proof. exists_derivative. Qed.
Theorem softmax_cross_entropy : H1 ->
  partial (fun z => cross_entropy n (softmax n z) y) z j = a j - y j.
Proof. intros H1. exact ((softmax_cross_entropy_1 H1) @ softmax_cross_entropy_2 @
  softmax_cross_entropy_3). Qed.
Theorem softmax_cross_entropy_is_derive : H1 ->
  is_partial (fun z => cross_entropy n (softmax n z) y) z j (a j - y j).
Proof. intros H1. is_derivative (softmax_cross_entropy H1). Qed.
End softmax_cross_entropy.

(* matched.exponential_poisson: exp with the Poisson loss: B = Σ e^z. *)
Section exponential_poisson.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation o := (exponential z).

(* the loss is B - sum y_k z_k, plus a term without logits *)
Lemma exponential_poisson_1 :
  partial (fun z => poisson n (exponential z) y) z j
  = partial (fun z => sum n (fun k => exp (z k)) - sum n (fun k => y k * z k)) z j.
Proof. step. Qed.
(* of the rest only y_j z_j moves *)
Lemma exponential_poisson_2 :
  partial (fun z => sum n (fun k => exp (z k)) - sum n (fun k => y k * z k)) z j
  = partial (fun z => sum n (fun k => exp (z k))) z j - y j.
Proof. step. Qed.
(* the prediction is the gradient of B *)
Lemma exponential_poisson_3 :
  partial (fun z => sum n (fun k => exp (z k))) z j - y j = o j - y j.
Proof. step. Qed.
Lemma exponential_poisson_exists_1 : ex_partial (fun z => poisson n (exponential z) y) z j.
Proof. exists_derivative. Qed.
Lemma exponential_poisson_exists_2 :
  ex_partial (fun z => sum n (fun k => exp (z k)) - sum n (fun k => y k * z k)) z j.
Proof. exists_derivative. Qed.
Lemma exponential_poisson_exists_3 : ex_partial (fun z => sum n (fun k => exp (z k))) z j.
Proof. exists_derivative. Qed.
Theorem exponential_poisson : partial (fun z => poisson n (exponential z) y) z j = o j - y j.
Proof. exact (exponential_poisson_1 @ exponential_poisson_2 @ exponential_poisson_3). Qed.
Theorem exponential_poisson_is_derive :
  is_partial (fun z => poisson n (exponential z) y) z j (o j - y j).
Proof. is_derivative exponential_poisson. Qed.
End exponential_poisson.
