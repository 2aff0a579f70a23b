(* Softmax with no cross-entropy behind it, as in attention. *)
(* Written by `make certificates` from derivations/theorems/attention.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

Definition to_first_order (d n : nat) (U : nat -> R) (V : nat -> nat -> R) (a : nat -> R) : R :=
  sum n (fun k => a k * sum d (fun q => U q * V k q)).
#[local] Hint Unfold to_first_order : definitions.

(* attention.vjp: The vector–Jacobian product of the softmax, without the matrix. *)
Section vjp.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (v z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).

(* both cases of the derivative *)
Lemma vjp_1 :
  sum n (fun i => partial (fun z => softmax n z i) z j * v i)
  = sum n (fun i => a i * (delta i j - a j) * v i).
Proof. step. Qed.
(* the delta keeps only i = j; take a_j out of the sum *)
Lemma vjp_2 :
  sum n (fun i => a i * (delta i j - a j) * v i) = a j * v j - a j * sum n (fun i => a i * v i).
Proof. step. Qed.
(* factor out a_j *)
Lemma vjp_3 :
  a j * v j - a j * sum n (fun i => a i * v i) = a j * (v j - sum n (fun i => a i * v i)).
Proof. step. Qed.
Lemma vjp_exists_1 : forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem vjp :
  sum n (fun i => partial (fun z => softmax n z i) z j * v i)
  = a j * (v j - sum n (fun i => a i * v i)).
Proof. exact (vjp_1 @ vjp_2 @ vjp_3). Qed.
End vjp.

(* attention.scores: Attention: the gradient of a score is how far its value is above the mean.
   *)
Section scores.
Context (d n : nat) (size_d : (1 <= d)%nat) (size_n : (2 <= n)%nat).
Context (V : nat -> nat -> R) (U z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).

(* chain rule: z_j moves every weight a_i *)
Lemma scores_1 :
  partial (fun z => to_first_order d n U V (softmax n z)) z j
  = sum n (fun i =>
      partial (fun a => to_first_order d n U V a) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* the product above, with sum_q U_q V_{i,q} for v_i *)
Lemma scores_2 :
  sum n (fun i =>
    partial (fun a => to_first_order d n U V a) a i * partial (fun z => softmax n z i) z j)
  = a j * (sum d (fun q => U q * V j q) - sum n (fun k => a k * sum d (fun q => U q * V k q))).
Proof. step. Qed.
Lemma scores_exists_1 : ex_partial (fun z => to_first_order d n U V (softmax n z)) z j.
Proof. exists_derivative. Qed.
Lemma scores_exists_2 :
  forall i, (i < n)%nat -> ex_partial (fun a => to_first_order d n U V a) a i.
Proof. exists_derivative. Qed.
Lemma scores_exists_3 : forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem scores :
  partial (fun z => to_first_order d n U V (softmax n z)) z j
  = a j * (sum d (fun q => U q * V j q) - sum n (fun k => a k * sum d (fun q => U q * V k q))).
Proof. exact (scores_1 @ scores_2). Qed.
Theorem scores_is_derive :
  is_partial (fun z => to_first_order d n U V (softmax n z)) z j
    (a j
     * (sum d (fun q => U q * V j q) - sum n (fun k => a k * sum d (fun q => U q * V k q)))).
Proof. is_derivative scores. Qed.
End scores.

(* attention.values: Attention: the gradient of an entry of a value vector. *)
Section values.
Context (d n : nat) (size_d : (1 <= d)%nat) (size_n : (2 <= n)%nat).
Context (V : nat -> nat -> R) (U z : nat -> R).
Context (j q : nat) (in_j : (j < n)%nat) (in_q : (q < d)%nat).
Local Notation a := (softmax n z).

(* the weights do not depend on V *)
Lemma values_1 :
  partial2 (fun V => to_first_order d n U V a) V j q
  = sum n (fun k => a k * partial2 (fun V => sum d (fun r => U r * V k r)) V j q).
Proof. step. Qed.
(* V_{j,q} is in one term, with a_j and U_q *)
Lemma values_2 :
  sum n (fun k => a k * partial2 (fun V => sum d (fun r => U r * V k r)) V j q) = U q * a j.
Proof. step. Qed.
Lemma values_exists_1 : ex_partial2 (fun V => to_first_order d n U V a) V j q.
Proof. exists_derivative. Qed.
Lemma values_exists_2 :
  forall k, (k < n)%nat -> ex_partial2 (fun V => sum d (fun r => U r * V k r)) V j q.
Proof. exists_derivative. Qed.
Theorem values : partial2 (fun V => to_first_order d n U V a) V j q = U q * a j.
Proof. exact (values_1 @ values_2). Qed.
Theorem values_is_derive : is_partial2 (fun V => to_first_order d n U V a) V j q (U q * a j).
Proof. is_derivative values. Qed.
End values.
