(* The Hessian of the cross-entropy in the logits: diag(a) − a aᵀ, and convexity. *)
(* Written by `make certificates` from derivations/theorems/hessian.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

(* hessian.entries: The Hessian of the loss is the Jacobian of the softmax. *)
Section entries.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* the gradient, differentiated again *)
Lemma entries_1 :
  partial (fun z => partial (fun z => cross_entropy n (softmax n z) y) z i) z j
  = partial (fun z => softmax n z i * sum n (fun k => y k) - y i) z j.
Proof. step. Qed.
(* the labels do not move *)
Lemma entries_2 :
  partial (fun z => softmax n z i * sum n (fun k => y k) - y i) z j
  = partial (fun z => softmax n z i) z j * sum n (fun k => y k).
Proof. step. Qed.
(* both cases of the softmax; the labels sum to 1, by H1 *)
Lemma entries_3 : H1 ->
  partial (fun z => softmax n z i) z j * sum n (fun k => y k) = a i * (delta i j - a j).
Proof. step. Qed.
Lemma entries_exists_1 : ex_partial (fun z => cross_entropy n (softmax n z) y) z i.
Proof. exists_derivative. Qed.
Lemma entries_exists_2 :
  ex_partial (fun z => partial (fun z => cross_entropy n (softmax n z) y) z i) z j.
Proof. exists_derivative. Qed.
Lemma entries_exists_3 : ex_partial (fun z => softmax n z i * sum n (fun k => y k) - y i) z j.
Proof. exists_derivative. Qed.
Lemma entries_exists_4 : ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem entries : H1 ->
  partial (fun z => partial (fun z => cross_entropy n (softmax n z) y) z i) z j
  = a i * (delta i j - a j).
Proof. intros H1. exact (entries_1 @ entries_2 @ (entries_3 H1)). Qed.
Theorem entries_is_derive : H1 ->
  is_partial (fun z => partial (fun z => cross_entropy n (softmax n z) y) z i) z j
    (a i * (delta i j - a j)).
Proof. intros H1. is_derivative (entries H1). Qed.
End entries.

(* hessian.variance: vᵀHv is the variance of v under the probabilities a, so never negative. *)
Section variance.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (v y z : nat -> R).
Local Notation a := (softmax n z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* the entries of the Hessian, by H1 *)
Lemma variance_1 : H1 ->
  sum n (fun i =>
    sum n (fun j =>
      partial (fun z => partial (fun z => cross_entropy n (softmax n z) y) z i) z j
      * v i
      * v j))
  = sum n (fun i => sum n (fun j => a i * (delta i j - a j) * v i * v j)).
Proof. step. Qed.
(* the delta keeps only j = i *)
Lemma variance_2 :
  sum n (fun i => sum n (fun j => a i * (delta i j - a j) * v i * v j))
  = sum n (fun i => a i * v i ^ 2) - sum n (fun k => a k * v k) ^ 2.
Proof. step. Qed.
(* multiply out the square; the outputs sum to 1 *)
Lemma variance_3 :
  sum n (fun i => a i * v i ^ 2) - sum n (fun k => a k * v k) ^ 2
  = sum n (fun i => (v i - sum n (fun k => a k * v k)) ^ 2 * a i).
Proof. step. Qed.
Lemma variance_exists_1 :
  forall i j, (i < n)%nat -> (j < n)%nat -> ex_partial (fun z =>
                                              partial (fun z => cross_entropy n (softmax n z) y)
                                                z i) z j.
Proof. exists_derivative. Qed.
Lemma variance_exists_2 :
  forall i, (i < n)%nat -> ex_partial (fun z => cross_entropy n (softmax n z) y) z i.
Proof. exists_derivative. Qed.
Theorem variance : H1 ->
  sum n (fun i =>
    sum n (fun j =>
      partial (fun z => partial (fun z => cross_entropy n (softmax n z) y) z i) z j
      * v i
      * v j))
  = sum n (fun i => (v i - sum n (fun k => a k * v k)) ^ 2 * a i).
Proof. intros H1. exact ((variance_1 H1) @ variance_2 @ variance_3). Qed.
End variance.

(* hessian.times_vector: Hv; it is 0 only if every v_i is the mean, so the rank is n − 1. *)
Section times_vector.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (v y z : nat -> R).
Context (i : nat) (in_i : (i < n)%nat).
Local Notation a := (softmax n z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* the entries of the Hessian, by H1 *)
Lemma times_vector_1 : H1 ->
  sum n (fun j =>
    partial (fun z => partial (fun z => cross_entropy n (softmax n z) y) z i) z j * v j)
  = sum n (fun j => a i * (delta i j - a j) * v j).
Proof. step. Qed.
(* the delta keeps only j = i; factor out a_i *)
Lemma times_vector_2 :
  sum n (fun j => a i * (delta i j - a j) * v j) = a i * (v i - sum n (fun k => a k * v k)).
Proof. step. Qed.
Lemma times_vector_exists_1 : ex_partial (fun z => cross_entropy n (softmax n z) y) z i.
Proof. exists_derivative. Qed.
Lemma times_vector_exists_2 :
  forall j, (j < n)%nat -> ex_partial (fun z =>
                             partial (fun z => cross_entropy n (softmax n z) y) z i) z j.
Proof. exists_derivative. Qed.
Theorem times_vector : H1 ->
  sum n (fun j =>
    partial (fun z => partial (fun z => cross_entropy n (softmax n z) y) z i) z j * v j)
  = a i * (v i - sum n (fun k => a k * v k)).
Proof. intros H1. exact ((times_vector_1 H1) @ times_vector_2). Qed.
End times_vector.
