(* The softmax a_i = e^{z_i}/S and its derivative, both cases and in one formula. *)
(* Written by `make certificates` from derivations/theorems/softmax.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

(* softmax.sums_to_one: The outputs of a softmax sum to 1. *)
Section sums_to_one.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Local Notation S := (normaliser n z).
Local Notation a := (softmax n z).

(* definition of a_i *)
Lemma sums_to_one_1 : sum n (fun i => a i) = sum n (fun i => exp (z i) / S).
Proof. step. Qed.
(* S is the same in every term *)
Lemma sums_to_one_2 : sum n (fun i => exp (z i) / S) = sum n (fun i => exp (z i)) / S.
Proof. step. Qed.
(* S is that very sum *)
Lemma sums_to_one_3 : sum n (fun i => exp (z i)) / S = 1.
Proof. step. Qed.
Theorem sums_to_one : sum n (fun i => a i) = 1.
Proof. exact (sums_to_one_1 @ sums_to_one_2 @ sums_to_one_3). Qed.
End sums_to_one.

(* softmax.shift_invariant: Adding one number to every logit does not change the softmax. *)
Section shift_invariant.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R) (C : R).
Context (i : nat) (in_i : (i < n)%nat).
Local Notation S := (normaliser n z).
Local Notation a := (softmax n z).

(* e^{x+y} = e^x e^y *)
Lemma shift_invariant_1 :
  exp (C + z i) / sum n (fun k => exp (C + z k))
  = exp (z i) * exp C / sum n (fun k => exp (z k) * exp C).
Proof. step. Qed.
(* take e^C out of the sum: it cancels *)
Lemma shift_invariant_2 :
  exp (z i) * exp C / sum n (fun k => exp (z k) * exp C) = exp (z i) / S.
Proof. step. Qed.
(* definition of a_i *)
Lemma shift_invariant_3 : exp (z i) / S = a i.
Proof. step. Qed.
Theorem shift_invariant : exp (C + z i) / sum n (fun k => exp (C + z k)) = a i.
Proof. exact (shift_invariant_1 @ shift_invariant_2 @ shift_invariant_3). Qed.
End shift_invariant.

(* softmax.case_equal: An output with respect to its own logit, the case i = j. *)
Section case_equal.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Context (case : i = j).
Local Notation S := (normaliser n z).
Local Notation a := (softmax n z).

(* definition of a_i *)
Lemma case_equal_1 :
  partial (fun z => softmax n z i) z j = partial (fun z => exp (z i) / normaliser n z) z j.
Proof. step. Qed.
(* quotient rule *)
Lemma case_equal_2 :
  partial (fun z => exp (z i) / normaliser n z) z j
  = (S * partial (fun z => exp (z i)) z j - exp (z i) * partial (fun z => normaliser n z) z j)
    / S ^ 2.
Proof. step. Qed.
(* the slope of e^{z_i} is e^{z_i}, as i = j; that of S is e^{z_j} *)
Lemma case_equal_3 :
  (S * partial (fun z => exp (z i)) z j - exp (z i) * partial (fun z => normaliser n z) z j)
  / S ^ 2
  = (S * exp (z i) - exp (z i) * exp (z j)) / S ^ 2.
Proof. step. Qed.
(* factor out e^{z_i}/S *)
Lemma case_equal_4 :
  (S * exp (z i) - exp (z i) * exp (z j)) / S ^ 2 = (1 - exp (z j) / S) * (exp (z i) / S).
Proof. step. Qed.
(* definition of a, twice *)
Lemma case_equal_5 : (1 - exp (z j) / S) * (exp (z i) / S) = (1 - a j) * a i.
Proof. step. Qed.
(* i = j *)
Lemma case_equal_6 : (1 - a j) * a i = (1 - a i) * a i.
Proof. step. Qed.
Lemma case_equal_exists_1 : ex_partial (fun z => exp (z i) / normaliser n z) z j.
Proof. exists_derivative. Qed.
Lemma case_equal_exists_2 : ex_partial (fun z => exp (z i)) z j.
Proof. exists_derivative. Qed.
Lemma case_equal_exists_3 : ex_partial (fun z => normaliser n z) z j.
Proof. exists_derivative. Qed.
Lemma case_equal_exists_4 : ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem case_equal : partial (fun z => softmax n z i) z j = (1 - a i) * a i.
Proof. exact (case_equal_1 @ case_equal_2 @ case_equal_3 @ case_equal_4 @ case_equal_5 @
  case_equal_6). Qed.
Theorem case_equal_is_derive : is_partial (fun z => softmax n z i) z j ((1 - a i) * a i).
Proof. is_derivative case_equal. Qed.
End case_equal.

(* softmax.case_unequal: An output with respect to another logit, the case i ≠ j. *)
Section case_unequal.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Context (case : i <> j).
Local Notation S := (normaliser n z).
Local Notation a := (softmax n z).

(* definition of a_i *)
Lemma case_unequal_1 :
  partial (fun z => softmax n z i) z j = partial (fun z => exp (z i) / normaliser n z) z j.
Proof. step. Qed.
(* quotient rule *)
Lemma case_unequal_2 :
  partial (fun z => exp (z i) / normaliser n z) z j
  = (S * partial (fun z => exp (z i)) z j - exp (z i) * partial (fun z => normaliser n z) z j)
    / S ^ 2.
Proof. step. Qed.
(* e^{z_i} stands still; in S only e^{z_j} moves *)
Lemma case_unequal_3 :
  (S * partial (fun z => exp (z i)) z j - exp (z i) * partial (fun z => normaliser n z) z j)
  / S ^ 2
  = - (exp (z i) * exp (z j) / S ^ 2).
Proof. step. Qed.
(* definition of a, twice *)
Lemma case_unequal_4 : - (exp (z i) * exp (z j) / S ^ 2) = - (a i * a j).
Proof. step. Qed.
Lemma case_unequal_exists_1 : ex_partial (fun z => exp (z i) / normaliser n z) z j.
Proof. exists_derivative. Qed.
Lemma case_unequal_exists_2 : ex_partial (fun z => exp (z i)) z j.
Proof. exists_derivative. Qed.
Lemma case_unequal_exists_3 : ex_partial (fun z => normaliser n z) z j.
Proof. exists_derivative. Qed.
Lemma case_unequal_exists_4 : ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem case_unequal : partial (fun z => softmax n z i) z j = - (a i * a j).
Proof. exact (case_unequal_1 @ case_unequal_2 @ case_unequal_3 @ case_unequal_4). Qed.
Theorem case_unequal_is_derive : is_partial (fun z => softmax n z i) z j (- (a i * a j)).
Proof. is_derivative case_unequal. Qed.
End case_unequal.

(* softmax.derivative: Any output with respect to any logit, both cases in one formula. *)
Section derivative.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Local Notation S := (normaliser n z).
Local Notation a := (softmax n z).

(* definition of a_i *)
Lemma derivative_1 :
  partial (fun z => softmax n z i) z j = partial (fun z => exp (z i) / normaliser n z) z j.
Proof. step. Qed.
(* quotient rule *)
Lemma derivative_2 :
  partial (fun z => exp (z i) / normaliser n z) z j
  = (S * partial (fun z => exp (z i)) z j - exp (z i) * partial (fun z => normaliser n z) z j)
    / S ^ 2.
Proof. step. Qed.
(* e^{z_i} moves only if i = j; in S only e^{z_j} moves *)
Lemma derivative_3 :
  (S * partial (fun z => exp (z i)) z j - exp (z i) * partial (fun z => normaliser n z) z j)
  / S ^ 2
  = (S * delta i j * exp (z i) - exp (z i) * exp (z j)) / S ^ 2.
Proof. step. Qed.
(* definition of a, three times *)
Lemma derivative_4 :
  (S * delta i j * exp (z i) - exp (z i) * exp (z j)) / S ^ 2 = a i * delta i j - a i * a j.
Proof. step. Qed.
(* factor out a_i *)
Lemma derivative_5 : a i * delta i j - a i * a j = a i * (delta i j - a j).
Proof. step. Qed.
Lemma derivative_exists_1 : ex_partial (fun z => exp (z i) / normaliser n z) z j.
Proof. exists_derivative. Qed.
Lemma derivative_exists_2 : ex_partial (fun z => exp (z i)) z j.
Proof. exists_derivative. Qed.
Lemma derivative_exists_3 : ex_partial (fun z => normaliser n z) z j.
Proof. exists_derivative. Qed.
Lemma derivative_exists_4 : ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem derivative : partial (fun z => softmax n z i) z j = a i * (delta i j - a j).
Proof. exact (derivative_1 @ derivative_2 @ derivative_3 @ derivative_4 @ derivative_5). Qed.
Theorem derivative_is_derive :
  is_partial (fun z => softmax n z i) z j (a i * (delta i j - a j)).
Proof. is_derivative derivative. Qed.
End derivative.

(* softmax.jacobian_symmetric: The Jacobian is symmetric: entry (i, j) is equal to entry (j, i).
   *)
Section jacobian_symmetric.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).

(* both cases of the derivative *)
Lemma jacobian_symmetric_1 : partial (fun z => softmax n z i) z j = a i * (delta i j - a j).
Proof. step. Qed.
(* if i = j nothing changes, else both are -a_i a_j *)
Lemma jacobian_symmetric_2 : a i * (delta i j - a j) = a j * (delta i j - a i).
Proof. step. Qed.
(* both cases, with i and j swapped *)
Lemma jacobian_symmetric_3 : a j * (delta i j - a i) = partial (fun z => softmax n z j) z i.
Proof. step. Qed.
Lemma jacobian_symmetric_exists_1 : ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Lemma jacobian_symmetric_exists_2 : ex_partial (fun z => softmax n z j) z i.
Proof. exists_derivative. Qed.
Theorem jacobian_symmetric :
  partial (fun z => softmax n z i) z j = partial (fun z => softmax n z j) z i.
Proof. exact (jacobian_symmetric_1 @ jacobian_symmetric_2 @ jacobian_symmetric_3). Qed.
Theorem jacobian_symmetric_is_derive :
  is_partial (fun z => softmax n z i) z j (partial (fun z => softmax n z j) z i).
Proof. is_derivative jacobian_symmetric. Qed.
End jacobian_symmetric.

(* softmax.jacobian_rows: Each row of the Jacobian sums to 0: an equal push on all logits moves
   nothing. *)
Section jacobian_rows.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (i : nat) (in_i : (i < n)%nat).
Local Notation a := (softmax n z).

(* the derivative *)
Lemma jacobian_rows_1 :
  sum n (fun j => partial (fun z => softmax n z i) z j)
  = sum n (fun j => a i * (delta i j - a j)).
Proof. step. Qed.
(* the delta keeps only j = i *)
Lemma jacobian_rows_2 :
  sum n (fun j => a i * (delta i j - a j)) = (1 - sum n (fun j => a j)) * a i.
Proof. step. Qed.
(* the outputs sum to 1 *)
Lemma jacobian_rows_3 : (1 - sum n (fun j => a j)) * a i = 0.
Proof. step. Qed.
Lemma jacobian_rows_exists_1 : forall j, (j < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem jacobian_rows : sum n (fun j => partial (fun z => softmax n z i) z j) = 0.
Proof. exact (jacobian_rows_1 @ jacobian_rows_2 @ jacobian_rows_3). Qed.
End jacobian_rows.

(* softmax.jacobian_columns: Each column of the Jacobian sums to 0: what one output gains the
   others lose. *)
Section jacobian_columns.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).

(* the derivative *)
Lemma jacobian_columns_1 :
  sum n (fun i => partial (fun z => softmax n z i) z j)
  = sum n (fun i => a i * (delta i j - a j)).
Proof. step. Qed.
(* the delta keeps only i = j *)
Lemma jacobian_columns_2 :
  sum n (fun i => a i * (delta i j - a j)) = a j - a j * sum n (fun i => a i).
Proof. step. Qed.
(* the outputs sum to 1 *)
Lemma jacobian_columns_3 : a j - a j * sum n (fun i => a i) = 0.
Proof. step. Qed.
Lemma jacobian_columns_exists_1 :
  forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem jacobian_columns : sum n (fun i => partial (fun z => softmax n z i) z j) = 0.
Proof. exact (jacobian_columns_1 @ jacobian_columns_2 @ jacobian_columns_3). Qed.
End jacobian_columns.

(* softmax.jacobian_times_vector: The Jacobian times a vector, without the matrix. *)
Section jacobian_times_vector.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (v z : nat -> R).
Context (i : nat) (in_i : (i < n)%nat).
Local Notation a := (softmax n z).

(* the derivative *)
Lemma jacobian_times_vector_1 :
  sum n (fun j => partial (fun z => softmax n z i) z j * v j)
  = sum n (fun j => a i * (delta i j - a j) * v j).
Proof. step. Qed.
(* the delta keeps only j = i *)
Lemma jacobian_times_vector_2 :
  sum n (fun j => a i * (delta i j - a j) * v j) = a i * v i - a i * sum n (fun k => a k * v k).
Proof. step. Qed.
(* factor out a_i *)
Lemma jacobian_times_vector_3 :
  a i * v i - a i * sum n (fun k => a k * v k) = a i * (v i - sum n (fun k => a k * v k)).
Proof. step. Qed.
Lemma jacobian_times_vector_exists_1 :
  forall j, (j < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem jacobian_times_vector :
  sum n (fun j => partial (fun z => softmax n z i) z j * v j)
  = a i * (v i - sum n (fun k => a k * v k)).
Proof. exact (jacobian_times_vector_1 @ jacobian_times_vector_2 @ jacobian_times_vector_3). Qed.
End jacobian_times_vector.
