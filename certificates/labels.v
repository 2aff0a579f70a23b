(* Labels that are not one-hot: soft, smoothed, from a teacher, or of another sum. *)
(* Written by `make certificates` from derivations/theorems/labels.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

Definition distillation_loss (n : nat) (T : R) (a f : nat -> R) : R :=
  - (T ^ 2 * sum n (fun k => f k * ln (a k))).
Definition fed_loss (n : nat) (a f : nat -> R) : R := - sum n (fun k => f k * ln (a k)).
Definition label_sum (n : nat) (y : nat -> R) : R := sum n (fun k => y k).
Definition smoothed (n : nat) (alpha : R) (y : nat -> R) (i : nat) : R :=
  (1 - alpha) * y i + alpha / INR n.
Definition smoothed_others (n : nat) (alpha : R) (y : nat -> R) (i : nat) : R :=
  (1 - alpha) * y i + (1 - y i) * alpha / (INR n - 1).
Definition teacher (n : nat) (T : R) (v : nat -> R) (i : nat) : R :=
  exp (v i / T) / sum n (fun k => exp (v k / T)).
Definition tempered_softmax (n : nat) (T : R) (z : nat -> R) (i : nat) : R :=
  exp (z i / T) / sum n (fun k => exp (z k / T)).
#[local] Hint Unfold distillation_loss fed_loss label_sum smoothed smoothed_others teacher
  tempered_softmax : definitions.

(* labels.any_sum: Labels of any sum K: K times the gradient for the labels y/K. *)
Section any_sum.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation K := (label_sum n y).
Local Notation a := (softmax n z).
Context (defined_1 : K <> 0).

(* the gradient for labels of any sum *)
Lemma any_sum_1 :
  partial (fun z => cross_entropy n (softmax n z) y) z j = a j * sum n (fun k => y k) - y j.
Proof. step. Qed.
(* definition of K *)
Lemma any_sum_2 : a j * sum n (fun k => y k) - y j = K * a j - y j.
Proof. step. Qed.
(* factor out K *)
Lemma any_sum_3 : K * a j - y j = K * (a j - y j / K).
Proof. step. Qed.
Lemma any_sum_exists_1 : ex_partial (fun z => cross_entropy n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Theorem any_sum : partial (fun z => cross_entropy n (softmax n z) y) z j = K * (a j - y j / K).
Proof. exact (any_sum_1 @ any_sum_2 @ any_sum_3). Qed.
Theorem any_sum_is_derive :
  is_partial (fun z => cross_entropy n (softmax n z) y) z j (K * (a j - y j / K)).
Proof. is_derivative any_sum. Qed.
End any_sum.

(* labels.gradient_sums_to_zero: The entries of the true gradient sum to 0, whatever the labels
   sum to. *)
Section gradient_sums_to_zero.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Local Notation K := (label_sum n y).
Local Notation a := (softmax n z).

(* the gradient for labels of sum K *)
Lemma gradient_sums_to_zero_1 :
  sum n (fun j => partial (fun z => cross_entropy n (softmax n z) y) z j)
  = sum n (fun j => K * a j - y j).
Proof. step. Qed.
(* the labels sum to K *)
Lemma gradient_sums_to_zero_2 : sum n (fun j => K * a j - y j) = K * sum n (fun j => a j) - K.
Proof. step. Qed.
(* the outputs sum to 1 *)
Lemma gradient_sums_to_zero_3 : K * sum n (fun j => a j) - K = 0.
Proof. step. Qed.
Lemma gradient_sums_to_zero_exists_1 :
  forall j, (j < n)%nat -> ex_partial (fun z => cross_entropy n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Theorem gradient_sums_to_zero :
  sum n (fun j => partial (fun z => cross_entropy n (softmax n z) y) z j) = 0.
Proof. exact (gradient_sums_to_zero_1 @ gradient_sums_to_zero_2 @ gradient_sums_to_zero_3). Qed.
End gradient_sums_to_zero.

(* labels.smoothing: Smoothing that spreads α over all n classes, the true one too. *)
Section smoothing.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R) (alpha : R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation f := (smoothed n alpha y).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* the gradient for labels of any sum, here f *)
Lemma smoothing_1 :
  partial (fun z => fed_loss n (softmax n z) f) z j = a j * sum n (fun k => f k) - f j.
Proof. step. Qed.
(* definition of f; its sum term by term *)
Lemma smoothing_2 :
  a j * sum n (fun k => f k) - f j
  = ((1 - alpha) * sum n (fun k => y k) + alpha) * a j - (1 - alpha) * y j - alpha / INR n.
Proof. step. Qed.
(* the labels before smoothing sum to 1, by H1 *)
Lemma smoothing_3 : H1 ->
  ((1 - alpha) * sum n (fun k => y k) + alpha) * a j - (1 - alpha) * y j - alpha / INR n
  = a j - (1 - alpha) * y j - alpha / INR n.
Proof. step. Qed.
Lemma smoothing_exists_1 : ex_partial (fun z => fed_loss n (softmax n z) f) z j.
Proof. exists_derivative. Qed.
Theorem smoothing : H1 ->
  partial (fun z => fed_loss n (softmax n z) f) z j = a j - (1 - alpha) * y j - alpha / INR n.
Proof. intros H1. exact (smoothing_1 @ smoothing_2 @ (smoothing_3 H1)). Qed.
Theorem smoothing_is_derive : H1 ->
  is_partial (fun z => fed_loss n (softmax n z) f) z j
    (a j - (1 - alpha) * y j - alpha / INR n).
Proof. intros H1. is_derivative (smoothing H1). Qed.
End smoothing.

(* labels.smoothing_others: Smoothing that spreads α over the n − 1 other classes. *)
Section smoothing_others.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R) (alpha : R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation f := (smoothed_others n alpha y).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* the gradient for labels of any sum, here f *)
Lemma smoothing_others_1 :
  partial (fun z => fed_loss n (softmax n z) f) z j = a j * sum n (fun k => f k) - f j.
Proof. step. Qed.
(* definition of f; its sum term by term *)
Lemma smoothing_others_2 :
  a j * sum n (fun k => f k) - f j
  = ((1 - alpha) * sum n (fun k => y k) + (INR n - sum n (fun k => y k)) * alpha / (INR n - 1))
    * a j
    - (1 - alpha) * y j
    - (1 - y j) * alpha / (INR n - 1).
Proof. step. Qed.
(* the labels before smoothing sum to 1, by H1 *)
Lemma smoothing_others_3 : H1 ->
  ((1 - alpha) * sum n (fun k => y k) + (INR n - sum n (fun k => y k)) * alpha / (INR n - 1))
  * a j
  - (1 - alpha) * y j
  - (1 - y j) * alpha / (INR n - 1)
  = a j - (1 - alpha) * y j - (1 - y j) * alpha / (INR n - 1).
Proof. step. Qed.
Lemma smoothing_others_exists_1 : ex_partial (fun z => fed_loss n (softmax n z) f) z j.
Proof. exists_derivative. Qed.
Theorem smoothing_others : H1 ->
  partial (fun z => fed_loss n (softmax n z) f) z j
  = a j - (1 - alpha) * y j - (1 - y j) * alpha / (INR n - 1).
Proof. intros H1. exact (smoothing_others_1 @ smoothing_others_2 @ (smoothing_others_3 H1)).
  Qed.
Theorem smoothing_others_is_derive : H1 ->
  is_partial (fun z => fed_loss n (softmax n z) f) z j
    (a j - (1 - alpha) * y j - (1 - y j) * alpha / (INR n - 1)).
Proof. intros H1. is_derivative (smoothing_others H1). Qed.
End smoothing_others.

(* labels.smoothings_agree: The second form at α is the first at α n/(n − 1). *)
Section smoothings_agree.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y : nat -> R) (alpha : R).
Context (i : nat) (in_i : (i < n)%nat).
Local Notation f := (smoothed_others n alpha y).

(* definition of f_i *)
Lemma smoothings_agree_1 : f i = (1 - alpha) * y i + (1 - y i) * alpha / (INR n - 1).
Proof. step. Qed.
(* gather the y_i *)
Lemma smoothings_agree_2 :
  (1 - alpha) * y i + (1 - y i) * alpha / (INR n - 1)
  = (1 - alpha / (INR n - 1) - alpha) * y i + alpha / (INR n - 1).
Proof. step. Qed.
(* alpha + alpha/(n-1) = alpha n/(n-1) *)
Lemma smoothings_agree_3 :
  (1 - alpha / (INR n - 1) - alpha) * y i + alpha / (INR n - 1)
  = (1 - INR n * alpha / (INR n - 1)) * y i + (INR n * alpha / (INR n - 1)) / INR n.
Proof. step. Qed.
Theorem smoothings_agree :
  f i = (1 - INR n * alpha / (INR n - 1)) * y i + (INR n * alpha / (INR n - 1)) / INR n.
Proof. exact (smoothings_agree_1 @ smoothings_agree_2 @ smoothings_agree_3). Qed.
End smoothings_agree.

(* labels.distillation: A student at temperature T under a teacher's soft labels, with the
   factor T². *)
Section distillation.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (v z : nat -> R) (T : R) (positive_T : 0 < T).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (tempered_softmax n T z).
Local Notation f := (teacher n T v).

(* chain rule: z_j moves every a_i *)
Lemma distillation_1 :
  partial (fun z => distillation_loss n T (tempered_softmax n T z) f) z j
  = sum n (fun i =>
      partial (fun a => distillation_loss n T a f) a i
      * partial (fun z => tempered_softmax n T z i) z j).
Proof. step. Qed.
(* T^2 of the loss, 1/T of the softmax *)
Lemma distillation_2 :
  sum n (fun i =>
    partial (fun a => distillation_loss n T a f) a i
    * partial (fun z => tempered_softmax n T z i) z j)
  = T * sum n (fun i => (- (f i / a i)) * (a i * (delta i j - a j))).
Proof. step. Qed.
(* the a_i cancel *)
Lemma distillation_3 :
  T * sum n (fun i => (- (f i / a i)) * (a i * (delta i j - a j)))
  = T * (a j * sum n (fun i => f i) - f j).
Proof. step. Qed.
(* a teacher's outputs sum to 1 *)
Lemma distillation_4 : T * (a j * sum n (fun i => f i) - f j) = T * (a j - f j).
Proof. step. Qed.
Lemma distillation_exists_1 :
  ex_partial (fun z => distillation_loss n T (tempered_softmax n T z) f) z j.
Proof. exists_derivative. Qed.
Lemma distillation_exists_2 :
  forall i, (i < n)%nat -> ex_partial (fun a => distillation_loss n T a f) a i.
Proof. exists_derivative. Qed.
Lemma distillation_exists_3 :
  forall i, (i < n)%nat -> ex_partial (fun z => tempered_softmax n T z i) z j.
Proof. exists_derivative. Qed.
Theorem distillation :
  partial (fun z => distillation_loss n T (tempered_softmax n T z) f) z j = T * (a j - f j).
Proof. exact (distillation_1 @ distillation_2 @ distillation_3 @ distillation_4). Qed.
Theorem distillation_is_derive :
  is_partial (fun z => distillation_loss n T (tempered_softmax n T z) f) z j (T * (a j - f j)).
Proof. is_derivative distillation. Qed.
End distillation.
