(* Class weights: each example counts as much as its class does. *)
(* Written by `make certificates` from derivations/theorems/class_weights.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

Definition batch_weight (m n : nat) (Y : nat -> nat -> R) (w : nat -> R) : R :=
  sum m (fun t => sum n (fun k => Y k t * w k)).
Definition mean_by_weight (m : nat) (D : R) (L : nat -> R) : R := sum m (fun t => L t) / D.
Definition weighted_example (n : nat) (A Y : nat -> nat -> R) (w : nat -> R) (s : nat) : R :=
  - sum n (fun k => Y k s * ln (A k s) * w k).
Definition weighted_loss (n : nat) (a w y : nat -> R) : R :=
  - sum n (fun k => ln (a k) * w k * y k).
#[local] Hint Unfold batch_weight mean_by_weight weighted_example weighted_loss : definitions.

(* class_weights.per_example: One example: the labels become w∘y, and these do not sum to 1. *)
Section per_example.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (w y z : nat -> R) (positive_w : forall k, (k < n)%nat -> 0 < w k).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).

(* chain rule: z_j moves every a_i *)
Lemma per_example_1 :
  partial (fun z => weighted_loss n (softmax n z) w y) z j
  = sum n (fun i =>
      partial (fun a => weighted_loss n a w y) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* both derivatives; the weight stays with its label *)
Lemma per_example_2 :
  sum n (fun i =>
    partial (fun a => weighted_loss n a w y) a i * partial (fun z => softmax n z i) z j)
  = sum n (fun i => (- (w i * y i / a i)) * (a i * (delta i j - a j))).
Proof. step. Qed.
(* the a_i cancel; the delta keeps only i = j; take a_j out of the sum *)
Lemma per_example_3 :
  sum n (fun i => (- (w i * y i / a i)) * (a i * (delta i j - a j)))
  = a j * sum n (fun i => w i * y i) - w j * y j.
Proof. step. Qed.
Lemma per_example_exists_1 : ex_partial (fun z => weighted_loss n (softmax n z) w y) z j.
Proof. exists_derivative. Qed.
Lemma per_example_exists_2 :
  forall i, (i < n)%nat -> ex_partial (fun a => weighted_loss n a w y) a i.
Proof. exists_derivative. Qed.
Lemma per_example_exists_3 : forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem per_example :
  partial (fun z => weighted_loss n (softmax n z) w y) z j
  = a j * sum n (fun i => w i * y i) - w j * y j.
Proof. exact (per_example_1 @ per_example_2 @ per_example_3). Qed.
Theorem per_example_is_derive :
  is_partial (fun z => weighted_loss n (softmax n z) w y) z j
    (a j * sum n (fun i => w i * y i) - w j * y j).
Proof. is_derivative per_example. Qed.
End per_example.

(* class_weights.one_true_class: With one true class c its weight multiplies prediction minus
   target. *)
Section one_true_class.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (w z : nat -> R) (positive_w : forall k, (k < n)%nat -> 0 < w k).
Context (c j : nat) (in_c : (c < n)%nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation y := (one_hot c).

(* any labels *)
Lemma one_true_class_1 :
  partial (fun z => weighted_loss n (softmax n z) w y) z j
  = a j * sum n (fun i => w i * y i) - w j * y j.
Proof. step. Qed.
(* only class c has a label, and it is 1 *)
Lemma one_true_class_2 :
  a j * sum n (fun i => w i * y i) - w j * y j = a j * w c - delta c j * w j.
Proof. step. Qed.
(* where the delta is not 0, w_j is w_c *)
Lemma one_true_class_3 : a j * w c - delta c j * w j = (a j - delta c j) * w c.
Proof. step. Qed.
Lemma one_true_class_exists_1 : ex_partial (fun z => weighted_loss n (softmax n z) w y) z j.
Proof. exists_derivative. Qed.
Theorem one_true_class :
  partial (fun z => weighted_loss n (softmax n z) w y) z j = (a j - delta c j) * w c.
Proof. exact (one_true_class_1 @ one_true_class_2 @ one_true_class_3). Qed.
Theorem one_true_class_is_derive :
  is_partial (fun z => weighted_loss n (softmax n z) w y) z j ((a j - delta c j) * w c).
Proof. is_derivative one_true_class. Qed.
End one_true_class.

(* class_weights.divided_by_m: The gradient of the weighted loss, summed over the batch and
   divided by m. *)
Section divided_by_m.
Context (m n : nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (Y Z : nat -> nat -> R) (w : nat -> R) (positive_w : forall k, (k < n)%nat -> 0 < w k).
Context (j s : nat) (in_j : (j < n)%nat) (in_s : (s < m)%nat).
Local Notation A := (batch_softmax n Z).

(* J is the sum divided by m *)
Lemma divided_by_m_1 :
  partial2 (fun Z => mean_loss m (weighted_example n (batch_softmax n Z) Y w)) Z j s
  = sum m (fun t => partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w t) Z j s)
    / INR m.
Proof. step. Qed.
(* Z_{j,s} is in example s only *)
Lemma divided_by_m_2 :
  sum m (fun t => partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w t) Z j s)
  / INR m
  = partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w s) Z j s / INR m.
Proof. step. Qed.
(* the gradient of one example *)
Lemma divided_by_m_3 :
  partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w s) Z j s / INR m
  = (A j s * sum n (fun i => Y i s * w i) - Y j s * w j) / INR m.
Proof. step. Qed.
Lemma divided_by_m_exists_1 :
  ex_partial2 (fun Z => mean_loss m (weighted_example n (batch_softmax n Z) Y w)) Z j s.
Proof. exists_derivative. Qed.
Lemma divided_by_m_exists_2 :
  ex_partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w s) Z j s.
Proof. exists_derivative. Qed.
Lemma divided_by_m_exists_3 :
  forall t, (t < m)%nat -> ex_partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w t) Z
                             j s.
Proof. exists_derivative. Qed.
Theorem divided_by_m :
  partial2 (fun Z => mean_loss m (weighted_example n (batch_softmax n Z) Y w)) Z j s
  = (A j s * sum n (fun i => Y i s * w i) - Y j s * w j) / INR m.
Proof. exact (divided_by_m_1 @ divided_by_m_2 @ divided_by_m_3). Qed.
Theorem divided_by_m_is_derive :
  is_partial2 (fun Z => mean_loss m (weighted_example n (batch_softmax n Z) Y w)) Z j s
    ((A j s * sum n (fun i => Y i s * w i) - Y j s * w j) / INR m).
Proof. is_derivative divided_by_m. Qed.
End divided_by_m.

(* class_weights.divided_by_weights: The same, divided by the weights of the labels in the
   batch. *)
Section divided_by_weights.
Context (m n : nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (Y Z : nat -> nat -> R) (w : nat -> R) (positive_w : forall k, (k < n)%nat -> 0 < w k).
Context (j s : nat) (in_j : (j < n)%nat) (in_s : (s < m)%nat).
Local Notation A := (batch_softmax n Z).
Local Notation D := (batch_weight m n Y w).
Context (defined_1 : D <> 0).

(* D is made of weights and labels, and Z_{j,s} is not in it *)
Lemma divided_by_weights_1 :
  partial2 (fun Z => mean_by_weight m D (weighted_example n (batch_softmax n Z) Y w)) Z j s
  = sum m (fun t => partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w t) Z j s) / D.
Proof. step. Qed.
(* Z_{j,s} is in example s only *)
Lemma divided_by_weights_2 :
  sum m (fun t => partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w t) Z j s) / D
  = partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w s) Z j s / D.
Proof. step. Qed.
(* the gradient of one example *)
Lemma divided_by_weights_3 :
  partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w s) Z j s / D
  = (A j s * sum n (fun i => Y i s * w i) - Y j s * w j) / D.
Proof. step. Qed.
Lemma divided_by_weights_exists_1 :
  ex_partial2 (fun Z => mean_by_weight m D (weighted_example n (batch_softmax n Z) Y w)) Z j s.
Proof. exists_derivative. Qed.
Lemma divided_by_weights_exists_2 :
  ex_partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w s) Z j s.
Proof. exists_derivative. Qed.
Lemma divided_by_weights_exists_3 :
  forall t, (t < m)%nat -> ex_partial2 (fun Z => weighted_example n (batch_softmax n Z) Y w t) Z
                             j s.
Proof. exists_derivative. Qed.
Theorem divided_by_weights :
  partial2 (fun Z => mean_by_weight m D (weighted_example n (batch_softmax n Z) Y w)) Z j s
  = (A j s * sum n (fun i => Y i s * w i) - Y j s * w j) / D.
Proof. exact (divided_by_weights_1 @ divided_by_weights_2 @ divided_by_weights_3). Qed.
Theorem divided_by_weights_is_derive :
  is_partial2 (fun Z => mean_by_weight m D (weighted_example n (batch_softmax n Z) Y w)) Z j s
    ((A j s * sum n (fun i => Y i s * w i) - Y j s * w j) / D).
Proof. is_derivative divided_by_weights. Qed.
End divided_by_weights.
