(* Softmax at a temperature T, one for all classes or one per class. *)
(* Written by `make certificates` from derivations/theorems/temperature.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

Definition class_tempered_softmax (n : nat) (T z : nat -> R) (i : nat) : R :=
  exp (z i / T i) / sum n (fun k => exp (z k / T k)).
Definition tempered_softmax (n : nat) (T : R) (z : nat -> R) (i : nat) : R :=
  exp (z i / T) / sum n (fun k => exp (z k / T)).
#[local] Hint Unfold class_tempered_softmax tempered_softmax : definitions.

(* temperature.derivative: The derivative of softmax(z/T): that of the softmax, divided by T. *)
Section derivative.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R) (T : R) (positive_T : 0 < T).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Local Notation a := (tempered_softmax n T z).

(* definition of a_i *)
Lemma derivative_1 :
  partial (fun z => tempered_softmax n T z i) z j
  = partial (fun z => exp (z i / T) / sum n (fun k => exp (z k / T))) z j.
Proof. step. Qed.
(* quotient rule; e^{z_j/T} moves at the rate e^{z_j/T}/T *)
Lemma derivative_2 :
  partial (fun z => exp (z i / T) / sum n (fun k => exp (z k / T))) z j
  = (delta i j * exp (z i / T) * sum n (fun k => exp (z k / T)) - exp (z i / T) * exp (z j / T))
    / (T * sum n (fun k => exp (z k / T)) ^ 2).
Proof. step. Qed.
(* definition of a, three times *)
Lemma derivative_3 :
  (delta i j * exp (z i / T) * sum n (fun k => exp (z k / T)) - exp (z i / T) * exp (z j / T))
  / (T * sum n (fun k => exp (z k / T)) ^ 2)
  = (a i * delta i j - a i * a j) / T.
Proof. step. Qed.
(* factor out a_i *)
Lemma derivative_4 : (a i * delta i j - a i * a j) / T = a i * (delta i j - a j) / T.
Proof. step. Qed.
Lemma derivative_exists_1 :
  ex_partial (fun z => exp (z i / T) / sum n (fun k => exp (z k / T))) z j.
Proof. exists_derivative. Qed.
Lemma derivative_exists_2 : ex_partial (fun z => tempered_softmax n T z i) z j.
Proof. exists_derivative. Qed.
Theorem derivative :
  partial (fun z => tempered_softmax n T z i) z j = a i * (delta i j - a j) / T.
Proof. exact (derivative_1 @ derivative_2 @ derivative_3 @ derivative_4). Qed.
Theorem derivative_is_derive :
  is_partial (fun z => tempered_softmax n T z i) z j (a i * (delta i j - a j) / T).
Proof. is_derivative derivative. Qed.
End derivative.

(* temperature.gradient: The gradient with respect to a logit: prediction minus target, divided
   by T. *)
Section gradient.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R) (T : R) (positive_T : 0 < T).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (tempered_softmax n T z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* chain rule: z_j moves every a_i *)
Lemma gradient_1 :
  partial (fun z => cross_entropy n (tempered_softmax n T z) y) z j
  = sum n (fun i =>
      partial (fun a => cross_entropy n a y) a i
      * partial (fun z => tempered_softmax n T z i) z j).
Proof. step. Qed.
(* both derivatives; 1/T is the same in every term *)
Lemma gradient_2 :
  sum n (fun i =>
    partial (fun a => cross_entropy n a y) a i
    * partial (fun z => tempered_softmax n T z i) z j)
  = sum n (fun i => (- (y i / a i)) * (a i * (delta i j - a j))) / T.
Proof. step. Qed.
(* the a_i cancel; the delta keeps only i = j; take a_j out of the sum *)
Lemma gradient_3 :
  sum n (fun i => (- (y i / a i)) * (a i * (delta i j - a j))) / T
  = (a j * sum n (fun i => y i) - y j) / T.
Proof. step. Qed.
(* the labels sum to 1, by H1 *)
Lemma gradient_4 : H1 -> (a j * sum n (fun i => y i) - y j) / T = (a j - y j) / T.
Proof. step. Qed.
Lemma gradient_exists_1 : ex_partial (fun z => cross_entropy n (tempered_softmax n T z) y) z j.
Proof. exists_derivative. Qed.
Lemma gradient_exists_2 :
  forall i, (i < n)%nat -> ex_partial (fun a => cross_entropy n a y) a i.
Proof. exists_derivative. Qed.
Lemma gradient_exists_3 :
  forall i, (i < n)%nat -> ex_partial (fun z => tempered_softmax n T z i) z j.
Proof. exists_derivative. Qed.
Theorem gradient : H1 ->
  partial (fun z => cross_entropy n (tempered_softmax n T z) y) z j = (a j - y j) / T.
Proof. intros H1. exact (gradient_1 @ gradient_2 @ gradient_3 @ (gradient_4 H1)). Qed.
Theorem gradient_is_derive : H1 ->
  is_partial (fun z => cross_entropy n (tempered_softmax n T z) y) z j ((a j - y j) / T).
Proof. intros H1. is_derivative (gradient H1). Qed.
End gradient.

(* temperature.by_temperature: The gradient with respect to T itself, for calibration by
   descent. *)
Section by_temperature.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R) (T : R) (positive_T : 0 < T).
Local Notation a := (tempered_softmax n T z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* log a_k = z_k/T - log sum_l e^{z_l/T} *)
Lemma by_temperature_1 :
  Derive (fun T => cross_entropy n (tempered_softmax n T z) y) T
  = Derive (fun T =>
      ln (sum n (fun k => exp (z k / T))) * sum n (fun k => y k)
      - sum n (fun k => y k * z k) / T) T.
Proof. step. Qed.
(* z_k/T moves at the rate -z_k/T^2; definition of a_k *)
Lemma by_temperature_2 :
  Derive (fun T =>
    ln (sum n (fun k => exp (z k / T))) * sum n (fun k => y k) - sum n (fun k => y k * z k) / T)
    T
  = sum n (fun k => y k * z k) / T ^ 2
    - sum n (fun k => a k * z k) * sum n (fun k => y k) / T ^ 2.
Proof. step. Qed.
(* the labels sum to 1; one sum for both, by H1 *)
Lemma by_temperature_3 : H1 ->
  sum n (fun k => y k * z k) / T ^ 2 - sum n (fun k => a k * z k) * sum n (fun k => y k) / T ^ 2
  = - (sum n (fun k => (a k - y k) * z k) / T ^ 2).
Proof. step. Qed.
Lemma by_temperature_exists_1 :
  ex_derive (fun T => cross_entropy n (tempered_softmax n T z) y) T.
Proof. exists_derivative. Qed.
Lemma by_temperature_exists_2 :
  ex_derive (fun T =>
    ln (sum n (fun k => exp (z k / T))) * sum n (fun k => y k) - sum n (fun k => y k * z k) / T)
    T.
Proof. exists_derivative. Qed.
Theorem by_temperature : H1 ->
  Derive (fun T => cross_entropy n (tempered_softmax n T z) y) T
  = - (sum n (fun k => (a k - y k) * z k) / T ^ 2).
Proof. intros H1. exact (by_temperature_1 @ by_temperature_2 @ (by_temperature_3 H1)). Qed.
Theorem by_temperature_is_derive : H1 ->
  is_derive (fun T => cross_entropy n (tempered_softmax n T z) y) T
    (- (sum n (fun k => (a k - y k) * z k) / T ^ 2)).
Proof. intros H1. is_derivative (by_temperature H1). Qed.
End by_temperature.

(* temperature.class_derivative: With a temperature per class column j is divided by T_j: no
   longer symmetric. *)
Section class_derivative.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (T z : nat -> R) (positive_T : forall k, (k < n)%nat -> 0 < T k).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Local Notation a := (class_tempered_softmax n T z).

(* definition of a_i *)
Lemma class_derivative_1 :
  partial (fun z => class_tempered_softmax n T z i) z j
  = partial (fun z => exp (z i / T i) / sum n (fun k => exp (z k / T k))) z j.
Proof. step. Qed.
(* quotient rule; what moves has z_j/T_j in it *)
Lemma class_derivative_2 :
  partial (fun z => exp (z i / T i) / sum n (fun k => exp (z k / T k))) z j
  = (delta i j * exp (z i / T i) * sum n (fun k => exp (z k / T k))
     - exp (z i / T i) * exp (z j / T j))
    / (T j * sum n (fun k => exp (z k / T k)) ^ 2).
Proof. step. Qed.
(* definition of a, three times *)
Lemma class_derivative_3 :
  (delta i j * exp (z i / T i) * sum n (fun k => exp (z k / T k))
   - exp (z i / T i) * exp (z j / T j))
  / (T j * sum n (fun k => exp (z k / T k)) ^ 2)
  = a i * (delta i j - a j) / T j.
Proof. step. Qed.
Lemma class_derivative_exists_1 : ex_partial (fun z => class_tempered_softmax n T z i) z j.
Proof. exists_derivative. Qed.
Lemma class_derivative_exists_2 :
  ex_partial (fun z => exp (z i / T i) / sum n (fun k => exp (z k / T k))) z j.
Proof. exists_derivative. Qed.
Theorem class_derivative :
  partial (fun z => class_tempered_softmax n T z i) z j = a i * (delta i j - a j) / T j.
Proof. exact (class_derivative_1 @ class_derivative_2 @ class_derivative_3). Qed.
Theorem class_derivative_is_derive :
  is_partial (fun z => class_tempered_softmax n T z i) z j (a i * (delta i j - a j) / T j).
Proof. is_derivative class_derivative. Qed.
End class_derivative.

(* temperature.class_gradient: With a temperature per class: entry j is divided by its own T_j.
   *)
Section class_gradient.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (T y z : nat -> R) (positive_T : forall k, (k < n)%nat -> 0 < T k).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (class_tempered_softmax n T z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* chain rule: down column j, over every output i *)
Lemma class_gradient_1 :
  partial (fun z => cross_entropy n (class_tempered_softmax n T z) y) z j
  = sum n (fun i =>
      partial (fun a => cross_entropy n a y) a i
      * partial (fun z => class_tempered_softmax n T z i) z j).
Proof. step. Qed.
(* both derivatives; T_j belongs to the column *)
Lemma class_gradient_2 :
  sum n (fun i =>
    partial (fun a => cross_entropy n a y) a i
    * partial (fun z => class_tempered_softmax n T z i) z j)
  = sum n (fun i => (- (y i / a i)) * (a i * (delta i j - a j))) / T j.
Proof. step. Qed.
(* the a_i cancel, by H1 *)
Lemma class_gradient_3 : H1 ->
  sum n (fun i => (- (y i / a i)) * (a i * (delta i j - a j))) / T j = (a j - y j) / T j.
Proof. step. Qed.
Lemma class_gradient_exists_1 :
  ex_partial (fun z => cross_entropy n (class_tempered_softmax n T z) y) z j.
Proof. exists_derivative. Qed.
Lemma class_gradient_exists_2 :
  forall i, (i < n)%nat -> ex_partial (fun a => cross_entropy n a y) a i.
Proof. exists_derivative. Qed.
Lemma class_gradient_exists_3 :
  forall i, (i < n)%nat -> ex_partial (fun z => class_tempered_softmax n T z i) z j.
Proof. exists_derivative. Qed.
Theorem class_gradient : H1 ->
  partial (fun z => cross_entropy n (class_tempered_softmax n T z) y) z j = (a j - y j) / T j.
Proof. intros H1. exact (class_gradient_1 @ class_gradient_2 @ (class_gradient_3 H1)). Qed.
Theorem class_gradient_is_derive : H1 ->
  is_partial (fun z => cross_entropy n (class_tempered_softmax n T z) y) z j
    ((a j - y j) / T j).
Proof. intros H1. is_derivative (class_gradient H1). Qed.
End class_gradient.
