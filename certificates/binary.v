(* Sigmoid and binary cross-entropy: two classes, many labels, and a wrong partner. *)
(* Written by `make certificates` from derivations/theorems/binary.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

Definition many_labels (n : nat) (o y : nat -> R) : R :=
  sum n (fun k => - ((1 - y k) * ln (1 - o k)) - ln (o k) * y k).
Definition on_softmax (n : nat) (a y : nat -> R) : R :=
  sum n (fun k => - ((1 - y k) * ln (1 - a k)) - ln (a k) * y k).
Definition pair (z : nat -> R) (i j : nat) : R := exp (z i) / (exp (z i) + exp (z j)).
Definition pair_loss (P : R) (y : nat -> R) (i : nat) : R :=
  - ((1 - y i) * ln (1 - P)) - ln P * y i.
Definition sigmoid (z : nat -> R) (i : nat) : R := 1 / (1 + exp (- z i)).
Definition summed_loss (P : R) (y : nat -> R) (i : nat) : R :=
  ln (1 - P) * (y i - 1) - (1 - y i) * ln (1 - P) - 2 * ln P * y i.
#[local] Hint Unfold many_labels on_softmax pair pair_loss sigmoid summed_loss : definitions.

(* binary.sigmoid_derivative: The Jacobian of the sigmoid is diagonal: here s(1 − s) is all of
   it. *)
Section sigmoid_derivative.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Local Notation o := (sigmoid z).

(* quotient rule; 0 unless i = j *)
Lemma sigmoid_derivative_1 :
  partial (fun z => sigmoid z i) z j = delta i j * exp (- z i) / (1 + exp (- z i)) ^ 2.
Proof. step. Qed.
(* e^{-z_i} is the denominator minus 1 *)
Lemma sigmoid_derivative_2 :
  delta i j * exp (- z i) / (1 + exp (- z i)) ^ 2
  = (1 - 1 / (1 + exp (- z i))) * delta i j / (1 + exp (- z i)).
Proof. step. Qed.
(* definition of o_i, twice *)
Lemma sigmoid_derivative_3 :
  (1 - 1 / (1 + exp (- z i))) * delta i j / (1 + exp (- z i)) = (1 - o i) * delta i j * o i.
Proof. step. Qed.
Lemma sigmoid_derivative_exists_1 : ex_partial (fun z => sigmoid z i) z j.
Proof. exists_derivative. Qed.
Theorem sigmoid_derivative : partial (fun z => sigmoid z i) z j = (1 - o i) * delta i j * o i.
Proof. exact (sigmoid_derivative_1 @ sigmoid_derivative_2 @ sigmoid_derivative_3). Qed.
Theorem sigmoid_derivative_is_derive :
  is_partial (fun z => sigmoid z i) z j ((1 - o i) * delta i j * o i).
Proof. is_derivative sigmoid_derivative. Qed.
End sigmoid_derivative.

(* binary.sigmoid_gradient: Sigmoid with binary cross-entropy: prediction minus target, for any
   labels. *)
Section sigmoid_gradient.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation o := (sigmoid z).

(* chain rule: one path, as z_j moves o_j alone *)
Lemma sigmoid_gradient_1 :
  partial (fun z => many_labels n (sigmoid z) y) z j
  = partial (fun o => many_labels n o y) o j * partial (fun z => sigmoid z j) z j.
Proof. step. Qed.
(* both derivatives *)
Lemma sigmoid_gradient_2 :
  partial (fun o => many_labels n o y) o j * partial (fun z => sigmoid z j) z j
  = ((1 - o j) * o j) * ((1 - y j) / (1 - o j) - y j / o j).
Proof. step. Qed.
(* multiply out; both quotients go *)
Lemma sigmoid_gradient_3 :
  ((1 - o j) * o j) * ((1 - y j) / (1 - o j) - y j / o j) = (1 - y j) * o j - (1 - o j) * y j.
Proof. step. Qed.
(* the y_j o_j cancel *)
Lemma sigmoid_gradient_4 : (1 - y j) * o j - (1 - o j) * y j = o j - y j.
Proof. step. Qed.
Lemma sigmoid_gradient_exists_1 : ex_partial (fun o => many_labels n o y) o j.
Proof. exists_derivative. Qed.
Lemma sigmoid_gradient_exists_2 : ex_partial (fun z => many_labels n (sigmoid z) y) z j.
Proof. exists_derivative. Qed.
Lemma sigmoid_gradient_exists_3 : ex_partial (fun z => sigmoid z j) z j.
Proof. exists_derivative. Qed.
Theorem sigmoid_gradient : partial (fun z => many_labels n (sigmoid z) y) z j = o j - y j.
Proof. exact (sigmoid_gradient_1 @ sigmoid_gradient_2 @ sigmoid_gradient_3 @
  sigmoid_gradient_4). Qed.
Theorem sigmoid_gradient_is_derive :
  is_partial (fun z => many_labels n (sigmoid z) y) z j (o j - y j).
Proof. is_derivative sigmoid_gradient. Qed.
End sigmoid_gradient.

(* binary.two_classes: The softmax of two logits is the sigmoid of their difference. *)
Section two_classes.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Context (case : i <> j).
Local Notation P := (pair z i j).

(* softmax of the classes i and j *)
Lemma two_classes_1 : P = exp (z i) / (exp (z i) + exp (z j)).
Proof. step. Qed.
(* divide above and below by e^{z_i} *)
Lemma two_classes_2 : exp (z i) / (exp (z i) + exp (z j)) = 1 / (1 + exp (z j - z i)).
Proof. step. Qed.
Theorem two_classes : P = 1 / (1 + exp (z j - z i)).
Proof. exact (two_classes_1 @ two_classes_2). Qed.
End two_classes.

(* binary.two_class_gradient: Binary cross-entropy of two classes, with respect to the first
   logit. *)
Section two_class_gradient.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Context (case : i <> j).
Local Notation P := (pair z i j).

(* chain rule: one probability is all *)
Lemma two_class_gradient_1 :
  partial (fun z => pair_loss (pair z i j) y i) z i
  = Derive (fun P => pair_loss P y i) P * partial (fun z => pair z i j) z i.
Proof. step. Qed.
(* both derivatives, the second as for the sigmoid *)
Lemma two_class_gradient_2 :
  Derive (fun P => pair_loss P y i) P * partial (fun z => pair z i j) z i
  = ((1 - P) * P) * ((1 - y i) / (1 - P) - y i / P).
Proof. step. Qed.
(* multiply out *)
Lemma two_class_gradient_3 : ((1 - P) * P) * ((1 - y i) / (1 - P) - y i / P) = P - y i.
Proof. step. Qed.
Lemma two_class_gradient_exists_1 : ex_derive (fun P => pair_loss P y i) P.
Proof. exists_derivative. Qed.
Lemma two_class_gradient_exists_2 : ex_partial (fun z => pair z i j) z i.
Proof. exists_derivative. Qed.
Lemma two_class_gradient_exists_3 : ex_partial (fun z => pair_loss (pair z i j) y i) z i.
Proof. exists_derivative. Qed.
Theorem two_class_gradient : partial (fun z => pair_loss (pair z i j) y i) z i = P - y i.
Proof. exact (two_class_gradient_1 @ two_class_gradient_2 @ two_class_gradient_3). Qed.
Theorem two_class_gradient_is_derive :
  is_partial (fun z => pair_loss (pair z i j) y i) z i (P - y i).
Proof. is_derivative two_class_gradient. Qed.
End two_class_gradient.

(* binary.two_class_other: The same with respect to the second logit: minus that, which is a_j −
   y_j. *)
Section two_class_other.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Context (case : i <> j).
Local Notation P := (pair z i j).

(* chain rule *)
Lemma two_class_other_1 :
  partial (fun z => pair_loss (pair z i j) y i) z j
  = Derive (fun P => pair_loss P y i) P * partial (fun z => pair z i j) z j.
Proof. step. Qed.
(* both derivatives; z_j moves P the other way *)
Lemma two_class_other_2 :
  Derive (fun P => pair_loss P y i) P * partial (fun z => pair z i j) z j
  = ((1 - y i) / (1 - P) - y i / P) * (- ((1 - P) * P)).
Proof. step. Qed.
(* multiply out: class j has 1 - P and 1 - y_i *)
Lemma two_class_other_3 : ((1 - y i) / (1 - P) - y i / P) * (- ((1 - P) * P)) = y i - P.
Proof. step. Qed.
Lemma two_class_other_exists_1 : ex_derive (fun P => pair_loss P y i) P.
Proof. exists_derivative. Qed.
Lemma two_class_other_exists_2 : ex_partial (fun z => pair z i j) z j.
Proof. exists_derivative. Qed.
Lemma two_class_other_exists_3 : ex_partial (fun z => pair_loss (pair z i j) y i) z j.
Proof. exists_derivative. Qed.
Theorem two_class_other : partial (fun z => pair_loss (pair z i j) y i) z j = y i - P.
Proof. exact (two_class_other_1 @ two_class_other_2 @ two_class_other_3). Qed.
Theorem two_class_other_is_derive :
  is_partial (fun z => pair_loss (pair z i j) y i) z j (y i - P).
Proof. is_derivative two_class_other. Qed.
End two_class_other.

(* binary.two_class_summed: Counting both outputs, where one is enough, gives twice the
   gradient. *)
Section two_class_summed.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat).
Context (case : i <> j).
Local Notation P := (pair z i j).

(* chain rule *)
Lemma two_class_summed_1 :
  partial (fun z => summed_loss (pair z i j) y i) z i
  = Derive (fun P => summed_loss P y i) P * partial (fun z => pair z i j) z i.
Proof. step. Qed.
(* the second output says the same as the first *)
Lemma two_class_summed_2 :
  Derive (fun P => summed_loss P y i) P * partial (fun z => pair z i j) z i
  = ((1 - P) * P) * (2 * (1 - y i) / (1 - P) - 2 * y i / P).
Proof. step. Qed.
(* multiply out *)
Lemma two_class_summed_3 :
  ((1 - P) * P) * (2 * (1 - y i) / (1 - P) - 2 * y i / P) = 2 * P - 2 * y i.
Proof. step. Qed.
Lemma two_class_summed_exists_1 : ex_derive (fun P => summed_loss P y i) P.
Proof. exists_derivative. Qed.
Lemma two_class_summed_exists_2 : ex_partial (fun z => pair z i j) z i.
Proof. exists_derivative. Qed.
Lemma two_class_summed_exists_3 : ex_partial (fun z => summed_loss (pair z i j) y i) z i.
Proof. exists_derivative. Qed.
Theorem two_class_summed :
  partial (fun z => summed_loss (pair z i j) y i) z i = 2 * P - 2 * y i.
Proof. exact (two_class_summed_1 @ two_class_summed_2 @ two_class_summed_3). Qed.
Theorem two_class_summed_is_derive :
  is_partial (fun z => summed_loss (pair z i j) y i) z i (2 * P - 2 * y i).
Proof. is_derivative two_class_summed. Qed.
End two_class_summed.

(* binary.on_softmax_outputs: Binary cross-entropy on softmax outputs: not A − Y, an extra term
   stays. *)
Section on_softmax_outputs.
Context (n : nat) (size_n : (2 <= n)%nat).
Context (y z : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation a := (softmax n z).
Local Notation H1 := (sum n (fun k => y k) = 1).

(* chain rule: z_j moves every a_i *)
Lemma on_softmax_outputs_1 :
  partial (fun z => on_softmax n (softmax n z) y) z j
  = sum n (fun i =>
      partial (fun a => on_softmax n a y) a i * partial (fun z => softmax n z i) z j).
Proof. step. Qed.
(* both derivatives *)
Lemma on_softmax_outputs_2 :
  sum n (fun i =>
    partial (fun a => on_softmax n a y) a i * partial (fun z => softmax n z i) z j)
  = sum n (fun i => ((1 - y i) / (1 - a i) - y i / a i) * a i * (delta i j - a j)).
Proof. step. Qed.
(* y_i/a_i loses its a_i *)
Lemma on_softmax_outputs_3 :
  sum n (fun i => ((1 - y i) / (1 - a i) - y i / a i) * a i * (delta i j - a j))
  = (1 - y j) * a j / (1 - a j)
    + a j * sum n (fun i => y i)
    - a j * sum n (fun i => (1 - y i) * a i / (1 - a i))
    - y j.
Proof. step. Qed.
(* the labels sum to 1, by H1 *)
Lemma on_softmax_outputs_4 : H1 ->
  (1 - y j) * a j / (1 - a j)
  + a j * sum n (fun i => y i)
  - a j * sum n (fun i => (1 - y i) * a i / (1 - a i))
  - y j
  = ((1 - y j) / (1 - a j) - sum n (fun i => (1 - y i) * a i / (1 - a i))) * a j + a j - y j.
Proof. step. Qed.
Lemma on_softmax_outputs_exists_1 : ex_partial (fun z => on_softmax n (softmax n z) y) z j.
Proof. exists_derivative. Qed.
Lemma on_softmax_outputs_exists_2 :
  forall i, (i < n)%nat -> ex_partial (fun a => on_softmax n a y) a i.
Proof. exists_derivative. Qed.
Lemma on_softmax_outputs_exists_3 :
  forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.
Proof. exists_derivative. Qed.
Theorem on_softmax_outputs : H1 ->
  partial (fun z => on_softmax n (softmax n z) y) z j
  = ((1 - y j) / (1 - a j) - sum n (fun i => (1 - y i) * a i / (1 - a i))) * a j + a j - y j.
Proof. intros H1. exact (on_softmax_outputs_1 @ on_softmax_outputs_2 @ on_softmax_outputs_3 @
  (on_softmax_outputs_4 H1)). Qed.
Theorem on_softmax_outputs_is_derive : H1 ->
  is_partial (fun z => on_softmax n (softmax n z) y) z j
    (((1 - y j) / (1 - a j) - sum n (fun i => (1 - y i) * a i / (1 - a i))) * a j + a j - y j).
Proof. intros H1. is_derivative (on_softmax_outputs H1). Qed.
End on_softmax_outputs.
