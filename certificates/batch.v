(* A batch of m examples: where the 1/m comes from, and why examples do not mix. *)
(* Written by `make certificates` from derivations/theorems/batch.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

(* batch.other_examples: The outputs of one example do not depend on the logits of another. *)
Section other_examples.
Context (m n : nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (Z : nat -> nat -> R).
Context (i j s t : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat) (in_s : (s < m)%nat)
  (in_t : (t < m)%nat).
Context (case : s <> t).

(* A_{i,s} is made of column s alone, and Z_{j,t} is not in it *)
Lemma other_examples_1 : partial2 (fun Z => batch_softmax n Z i s) Z j t = 0.
Proof. step. Qed.
Lemma other_examples_exists_1 : ex_partial2 (fun Z => batch_softmax n Z i s) Z j t.
Proof. exists_derivative. Qed.
Theorem other_examples : partial2 (fun Z => batch_softmax n Z i s) Z j t = 0.
Proof. exact (other_examples_1). Qed.
Theorem other_examples_is_derive : is_partial2 (fun Z => batch_softmax n Z i s) Z j t 0.
Proof. is_derivative other_examples. Qed.
End other_examples.

(* batch.block_diagonal: The 4-D Jacobian of a batch: one (n, n) block per example, zeros
   elsewhere. *)
Section block_diagonal.
Context (m n : nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (Z : nat -> nat -> R).
Context (i j s t : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat) (in_s : (s < m)%nat)
  (in_t : (t < m)%nat).
Local Notation A := (batch_softmax n Z).

(* 0 unless s = t *)
Lemma block_diagonal_1 :
  partial2 (fun Z => batch_softmax n Z i s) Z j t
  = delta s t * partial2 (fun Z => batch_softmax n Z i s) Z j s.
Proof. step. Qed.
(* within one example: the derivative of the softmax *)
Lemma block_diagonal_2 :
  delta s t * partial2 (fun Z => batch_softmax n Z i s) Z j s
  = A i s * (delta i j - A j s) * delta s t.
Proof. step. Qed.
Lemma block_diagonal_exists_1 : ex_partial2 (fun Z => batch_softmax n Z i s) Z j s.
Proof. exists_derivative. Qed.
Lemma block_diagonal_exists_2 : ex_partial2 (fun Z => batch_softmax n Z i s) Z j t.
Proof. exists_derivative. Qed.
Theorem block_diagonal :
  partial2 (fun Z => batch_softmax n Z i s) Z j t = A i s * (delta i j - A j s) * delta s t.
Proof. exact (block_diagonal_1 @ block_diagonal_2). Qed.
Theorem block_diagonal_is_derive :
  is_partial2 (fun Z => batch_softmax n Z i s) Z j t (A i s * (delta i j - A j s) * delta s t).
Proof. is_derivative block_diagonal. Qed.
End block_diagonal.

(* batch.per_example: The course's dZ: the gradient of each example's own loss, no 1/m. *)
Section per_example.
Context (m n : nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (Y Z : nat -> nat -> R).
Context (j s : nat) (in_j : (j < n)%nat) (in_s : (s < m)%nat).
Local Notation A := (batch_softmax n Z).
Local Notation H1 := (forall s, (s < m)%nat -> sum n (fun k => Y k s) = 1).

(* one example, for labels of any sum *)
Lemma per_example_1 :
  partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z j s
  = A j s * sum n (fun i => Y i s) - Y j s.
Proof. step. Qed.
(* its labels sum to 1, by H1 *)
Lemma per_example_2 : H1 -> A j s * sum n (fun i => Y i s) - Y j s = A j s - Y j s.
Proof. step. Qed.
Lemma per_example_exists_1 :
  ex_partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z j s.
Proof. exists_derivative. Qed.
Theorem per_example : H1 ->
  partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z j s = A j s - Y j s.
Proof. intros H1. exact (per_example_1 @ (per_example_2 H1)). Qed.
Theorem per_example_is_derive : H1 ->
  is_partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z j s (A j s - Y j s).
Proof. intros H1. is_derivative (per_example H1). Qed.
End per_example.

(* batch.gradient: The exact gradient of the mean loss: the same, divided by m once. *)
Section gradient.
Context (m n : nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (Y Z : nat -> nat -> R).
Context (j s : nat) (in_j : (j < n)%nat) (in_s : (s < m)%nat).
Local Notation A := (batch_softmax n Z).
Local Notation H1 := (forall s, (s < m)%nat -> sum n (fun k => Y k s) = 1).

(* J is a mean *)
Lemma gradient_1 :
  partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j s
  = sum m (fun t => partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y t) Z j s)
    / INR m.
Proof. step. Qed.
(* Z_{j,s} is in example s only *)
Lemma gradient_2 :
  sum m (fun t => partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y t) Z j s)
  / INR m
  = partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z j s / INR m.
Proof. step. Qed.
(* chain rule over the outputs of s *)
Lemma gradient_3 :
  partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z j s / INR m
  = sum n (fun i =>
      partial2 (fun A => example_cross_entropy n A Y s) A i s
      * partial2 (fun Z => batch_softmax n Z i s) Z j s)
    / INR m.
Proof. step. Qed.
(* both derivatives, at example s *)
Lemma gradient_4 :
  sum n (fun i =>
    partial2 (fun A => example_cross_entropy n A Y s) A i s
    * partial2 (fun Z => batch_softmax n Z i s) Z j s)
  / INR m
  = sum n (fun i => (- (Y i s / A i s)) * (A i s * (delta i j - A j s))) / INR m.
Proof. step. Qed.
(* the A_{i,s} cancel; the delta keeps only i = j; factor A_{j,s} out *)
Lemma gradient_5 :
  sum n (fun i => (- (Y i s / A i s)) * (A i s * (delta i j - A j s))) / INR m
  = (A j s * sum n (fun i => Y i s) - Y j s) / INR m.
Proof. step. Qed.
(* each column of labels sums to 1, by H1 *)
Lemma gradient_6 : H1 ->
  (A j s * sum n (fun i => Y i s) - Y j s) / INR m = (A j s - Y j s) / INR m.
Proof. step. Qed.
Lemma gradient_exists_1 :
  ex_partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z j s.
Proof. exists_derivative. Qed.
Lemma gradient_exists_2 :
  ex_partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j s.
Proof. exists_derivative. Qed.
Lemma gradient_exists_3 :
  forall i, (i < n)%nat -> ex_partial2 (fun A => example_cross_entropy n A Y s) A i s.
Proof. exists_derivative. Qed.
Lemma gradient_exists_4 :
  forall i, (i < n)%nat -> ex_partial2 (fun Z => batch_softmax n Z i s) Z j s.
Proof. exists_derivative. Qed.
Lemma gradient_exists_5 :
  forall t, (t < m)%nat -> ex_partial2 (fun Z =>
                             example_cross_entropy n (batch_softmax n Z) Y t) Z j s.
Proof. exists_derivative. Qed.
Theorem gradient : H1 ->
  partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j s
  = (A j s - Y j s) / INR m.
Proof. intros H1. exact (gradient_1 @ gradient_2 @ gradient_3 @ gradient_4 @ gradient_5 @
  (gradient_6 H1)). Qed.
Theorem gradient_is_derive : H1 ->
  is_partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j s
    ((A j s - Y j s) / INR m).
Proof. intros H1. is_derivative (gradient H1). Qed.
End gradient.
