(* Through the layers: dW, db and dX of the softmax layer, of a hidden layer, of both. *)
(* Written by `make certificates` from derivations/theorems/layers.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

(* layers.weights: dW of the softmax layer, (1/m)(A − Y)Xᵀ. *)
Section weights.
Context (d m n : nat) (size_d : (1 <= d)%nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (W X Y : nat -> nat -> R) (b : nat -> R).
Context (j q : nat) (in_j : (j < n)%nat) (in_q : (q < d)%nat).
Local Notation Z := (linear d W X b).
Local Notation A := (batch_softmax n Z).
Local Notation H1 := (forall s, (s < m)%nat -> sum n (fun k => Y k s) = 1).

(* chain rule over every logit *)
Lemma weights_1 :
  partial2 (fun W => mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y))
    W j q
  = sum m (fun t =>
      sum n (fun i =>
        partial2 (fun W => linear d W X b i t) W j q
        * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i
            t)).
Proof. step. Qed.
(* W_{j,q} is in row j of Z only, times X_{q,t} *)
Lemma weights_2 :
  sum m (fun t =>
    sum n (fun i =>
      partial2 (fun W => linear d W X b i t) W j q
      * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i t))
  = sum m (fun t =>
      X q t
      * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j t).
Proof. step. Qed.
(* the gradient of the batch, by H1 *)
Lemma weights_3 : H1 ->
  sum m (fun t =>
    X q t
    * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j t)
  = sum m (fun t => (A j t - Y j t) * X q t / INR m).
Proof. step. Qed.
(* 1/m is the same in every term *)
Lemma weights_4 :
  sum m (fun t => (A j t - Y j t) * X q t / INR m)
  = sum m (fun t => (A j t - Y j t) * X q t) / INR m.
Proof. step. Qed.
Lemma weights_exists_1 :
  ex_partial2 (fun W =>
    mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y)) W j q.
Proof. exists_derivative. Qed.
Lemma weights_exists_2 :
  forall t i, (t < m)%nat -> (i < n)%nat -> ex_partial2 (fun W => linear d W X b i t) W j q.
Proof. exists_derivative. Qed.
Lemma weights_exists_3 :
  forall t i, (t < m)%nat -> (i < n)%nat -> ex_partial2 (fun Z =>
                                              mean_loss m
                                                (example_cross_entropy n (batch_softmax n Z) Y))
                                              Z i t.
Proof. exists_derivative. Qed.
Lemma weights_exists_4 :
  forall t, (t < m)%nat -> ex_partial2 (fun Z =>
                             mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j t.
Proof. exists_derivative. Qed.
Theorem weights : H1 ->
  partial2 (fun W => mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y))
    W j q
  = sum m (fun t => (A j t - Y j t) * X q t) / INR m.
Proof. intros H1. exact (weights_1 @ weights_2 @ (weights_3 H1) @ weights_4). Qed.
Theorem weights_is_derive : H1 ->
  is_partial2 (fun W =>
    mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y)) W j q
    (sum m (fun t => (A j t - Y j t) * X q t) / INR m).
Proof. intros H1. is_derivative (weights H1). Qed.
End weights.

(* layers.bias: db of the softmax layer, the mean of A − Y over the examples. *)
Section bias.
Context (d m n : nat) (size_d : (1 <= d)%nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (W X Y : nat -> nat -> R) (b : nat -> R).
Context (j : nat) (in_j : (j < n)%nat).
Local Notation Z := (linear d W X b).
Local Notation A := (batch_softmax n Z).
Local Notation H1 := (forall s, (s < m)%nat -> sum n (fun k => Y k s) = 1).

(* chain rule over every logit *)
Lemma bias_1 :
  partial (fun b => mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y))
    b j
  = sum m (fun t =>
      sum n (fun i =>
        partial (fun b => linear d W X b i t) b j
        * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i
            t)).
Proof. step. Qed.
(* b_j is in row j of Z only, times 1 *)
Lemma bias_2 :
  sum m (fun t =>
    sum n (fun i =>
      partial (fun b => linear d W X b i t) b j
      * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i t))
  = sum m (fun t =>
      partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j t).
Proof. step. Qed.
(* the gradient of the batch, by H1 *)
Lemma bias_3 : H1 ->
  sum m (fun t =>
    partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j t)
  = sum m (fun t => A j t - Y j t) / INR m.
Proof. step. Qed.
Lemma bias_exists_1 :
  ex_partial (fun b =>
    mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y)) b j.
Proof. exists_derivative. Qed.
Lemma bias_exists_2 :
  forall t i, (t < m)%nat -> (i < n)%nat -> ex_partial (fun b => linear d W X b i t) b j.
Proof. exists_derivative. Qed.
Lemma bias_exists_3 :
  forall t i, (t < m)%nat -> (i < n)%nat -> ex_partial2 (fun Z =>
                                              mean_loss m
                                                (example_cross_entropy n (batch_softmax n Z) Y))
                                              Z i t.
Proof. exists_derivative. Qed.
Lemma bias_exists_4 :
  forall t, (t < m)%nat -> ex_partial2 (fun Z =>
                             mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z j t.
Proof. exists_derivative. Qed.
Theorem bias : H1 ->
  partial (fun b => mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y))
    b j
  = sum m (fun t => A j t - Y j t) / INR m.
Proof. intros H1. exact (bias_1 @ bias_2 @ (bias_3 H1)). Qed.
Theorem bias_is_derive : H1 ->
  is_partial (fun b =>
    mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y)) b j
    (sum m (fun t => A j t - Y j t) / INR m).
Proof. intros H1. is_derivative (bias H1). Qed.
End bias.

(* layers.inputs: dX of the softmax layer (dA of the layer before it), Wᵀ(A − Y)/m. *)
Section inputs.
Context (d m n : nat) (size_d : (1 <= d)%nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (W X Y : nat -> nat -> R) (b : nat -> R).
Context (q s : nat) (in_q : (q < d)%nat) (in_s : (s < m)%nat).
Local Notation Z := (linear d W X b).
Local Notation A := (batch_softmax n Z).
Local Notation H1 := (forall s, (s < m)%nat -> sum n (fun k => Y k s) = 1).

(* chain rule over every logit *)
Lemma inputs_1 :
  partial2 (fun X => mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y))
    X q s
  = sum m (fun t =>
      sum n (fun i =>
        partial2 (fun X => linear d W X b i t) X q s
        * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i
            t)).
Proof. step. Qed.
(* X_{q,s} is in column s of Z only, times W_{i,q} *)
Lemma inputs_2 :
  sum m (fun t =>
    sum n (fun i =>
      partial2 (fun X => linear d W X b i t) X q s
      * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i t))
  = sum n (fun i =>
      W i q
      * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i s).
Proof. step. Qed.
(* the gradient of the batch, by H1 *)
Lemma inputs_3 : H1 ->
  sum n (fun i =>
    W i q
    * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i s)
  = sum n (fun i => (A i s - Y i s) * W i q) / INR m.
Proof. step. Qed.
Lemma inputs_exists_1 :
  ex_partial2 (fun X =>
    mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y)) X q s.
Proof. exists_derivative. Qed.
Lemma inputs_exists_2 :
  forall i, (i < n)%nat -> ex_partial2 (fun Z =>
                             mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z i s.
Proof. exists_derivative. Qed.
Lemma inputs_exists_3 :
  forall t i, (t < m)%nat -> (i < n)%nat -> ex_partial2 (fun X => linear d W X b i t) X q s.
Proof. exists_derivative. Qed.
Lemma inputs_exists_4 :
  forall t i, (t < m)%nat -> (i < n)%nat -> ex_partial2 (fun Z =>
                                              mean_loss m
                                                (example_cross_entropy n (batch_softmax n Z) Y))
                                              Z i t.
Proof. exists_derivative. Qed.
Theorem inputs : H1 ->
  partial2 (fun X => mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y))
    X q s
  = sum n (fun i => (A i s - Y i s) * W i q) / INR m.
Proof. intros H1. exact (inputs_1 @ inputs_2 @ (inputs_3 H1)). Qed.
Theorem inputs_is_derive : H1 ->
  is_partial2 (fun X =>
    mean_loss m (example_cross_entropy n (batch_softmax n (linear d W X b)) Y)) X q s
    (sum n (fun i => (A i s - Y i s) * W i q) / INR m).
Proof. intros H1. is_derivative (inputs H1). Qed.
End inputs.

(* layers.inputs_per_example: The course's dA of the layer before: each example's own, without
   the 1/m. *)
Section inputs_per_example.
Context (d m n : nat) (size_d : (1 <= d)%nat) (size_m : (1 <= m)%nat) (size_n : (2 <= n)%nat).
Context (W X Y : nat -> nat -> R) (b : nat -> R).
Context (q s : nat) (in_q : (q < d)%nat) (in_s : (s < m)%nat).
Local Notation Z := (linear d W X b).
Local Notation A := (batch_softmax n Z).
Local Notation H1 := (forall s, (s < m)%nat -> sum n (fun k => Y k s) = 1).

(* chain rule over the logits of s *)
Lemma inputs_per_example_1 :
  partial2 (fun X => example_cross_entropy n (batch_softmax n (linear d W X b)) Y s) X q s
  = sum n (fun i =>
      partial2 (fun X => linear d W X b i s) X q s
      * partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z i s).
Proof. step. Qed.
(* the gradient of one example; X_{q,s} has the factor W_{i,q}, by H1 *)
Lemma inputs_per_example_2 : H1 ->
  sum n (fun i =>
    partial2 (fun X => linear d W X b i s) X q s
    * partial2 (fun Z => example_cross_entropy n (batch_softmax n Z) Y s) Z i s)
  = sum n (fun i => (A i s - Y i s) * W i q).
Proof. step. Qed.
Lemma inputs_per_example_exists_1 :
  ex_partial2 (fun X => example_cross_entropy n (batch_softmax n (linear d W X b)) Y s) X q s.
Proof. exists_derivative. Qed.
Lemma inputs_per_example_exists_2 :
  forall i, (i < n)%nat -> ex_partial2 (fun X => linear d W X b i s) X q s.
Proof. exists_derivative. Qed.
Lemma inputs_per_example_exists_3 :
  forall i, (i < n)%nat -> ex_partial2 (fun Z =>
                             example_cross_entropy n (batch_softmax n Z) Y s) Z i s.
Proof. exists_derivative. Qed.
Theorem inputs_per_example : H1 ->
  partial2 (fun X => example_cross_entropy n (batch_softmax n (linear d W X b)) Y s) X q s
  = sum n (fun i => (A i s - Y i s) * W i q).
Proof. intros H1. exact (inputs_per_example_1 @ (inputs_per_example_2 H1)). Qed.
Theorem inputs_per_example_is_derive : H1 ->
  is_partial2 (fun X => example_cross_entropy n (batch_softmax n (linear d W X b)) Y s) X q s
    (sum n (fun i => (A i s - Y i s) * W i q)).
Proof. intros H1. is_derivative (inputs_per_example H1). Qed.
End inputs_per_example.

(* layers.hidden_logits: dZ of a hidden layer, dA ∘ g'(Z), where J is Σ A1 G: a product by
   entries. *)
Section hidden_logits.
Context (d h m : nat) (size_d : (1 <= d)%nat) (size_h : (1 <= h)%nat) (size_m : (1 <= m)%nat).
Context (G W1 X : nat -> nat -> R) (b1 : nat -> R) (g g_prime : R -> R)
  (slope_g : forall x, is_derive g x (g_prime x)).
Context (p s : nat) (in_p : (p < h)%nat) (in_s : (s < m)%nat).
Local Notation Z1 := (hidden_linear d W1 X b1).
Local Notation A1 := (hidden_activation Z1 g).

(* chain rule over every output *)
Lemma hidden_logits_1 :
  partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 p s
  = sum m (fun t =>
      sum h (fun u =>
        partial2 (fun A1 => first_order h m A1 G) A1 u t
        * partial2 (fun Z1 => hidden_activation Z1 g u t) Z1 p s)).
Proof. step. Qed.
(* g acts on one entry: no other output moves *)
Lemma hidden_logits_2 :
  sum m (fun t =>
    sum h (fun u =>
      partial2 (fun A1 => first_order h m A1 G) A1 u t
      * partial2 (fun Z1 => hidden_activation Z1 g u t) Z1 p s))
  = partial2 (fun A1 => first_order h m A1 G) A1 p s
    * partial2 (fun Z1 => hidden_activation Z1 g p s) Z1 p s.
Proof. step. Qed.
(* partial J/partial A^{[1]} is G; the slope of g is g' *)
Lemma hidden_logits_3 :
  partial2 (fun A1 => first_order h m A1 G) A1 p s
  * partial2 (fun Z1 => hidden_activation Z1 g p s) Z1 p s
  = G p s * g_prime (Z1 p s).
Proof. step. Qed.
Lemma hidden_logits_exists_1 : ex_partial2 (fun A1 => first_order h m A1 G) A1 p s.
Proof. exists_derivative. Qed.
Lemma hidden_logits_exists_2 :
  ex_partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 p s.
Proof. exists_derivative. Qed.
Lemma hidden_logits_exists_3 : ex_partial2 (fun Z1 => hidden_activation Z1 g p s) Z1 p s.
Proof. exists_derivative. Qed.
Lemma hidden_logits_exists_4 :
  forall t u, (t < m)%nat -> (u < h)%nat -> ex_partial2 (fun A1 => first_order h m A1 G) A1 u t.
Proof. exists_derivative. Qed.
Lemma hidden_logits_exists_5 :
  forall t u, (t < m)%nat -> (u < h)%nat -> ex_partial2 (fun Z1 => hidden_activation Z1 g u t)
                                              Z1 p s.
Proof. exists_derivative. Qed.
Theorem hidden_logits :
  partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 p s
  = G p s * g_prime (Z1 p s).
Proof. exact (hidden_logits_1 @ hidden_logits_2 @ hidden_logits_3). Qed.
Theorem hidden_logits_is_derive :
  is_partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 p s
    (G p s * g_prime (Z1 p s)).
Proof. is_derivative hidden_logits. Qed.
End hidden_logits.

(* layers.hidden_weights: dW of a hidden layer, dZ Xᵀ with dZ = dA ∘ g'(Z). *)
Section hidden_weights.
Context (d h m : nat) (size_d : (1 <= d)%nat) (size_h : (1 <= h)%nat) (size_m : (1 <= m)%nat).
Context (G W1 X : nat -> nat -> R) (b1 : nat -> R) (g g_prime : R -> R)
  (slope_g : forall x, is_derive g x (g_prime x)).
Context (p q : nat) (in_p : (p < h)%nat) (in_q : (q < d)%nat).
Local Notation Z1 := (hidden_linear d W1 X b1).

(* chain rule over every logit *)
Lemma hidden_weights_1 :
  partial2 (fun W1 => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) W1 p q
  = sum m (fun t =>
      sum h (fun u =>
        partial2 (fun W1 => hidden_linear d W1 X b1 u t) W1 p q
        * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 u t)).
Proof. step. Qed.
(* W_{p,q} is in row p only, times X_{q,t} *)
Lemma hidden_weights_2 :
  sum m (fun t =>
    sum h (fun u =>
      partial2 (fun W1 => hidden_linear d W1 X b1 u t) W1 p q
      * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 u t))
  = sum m (fun t =>
      X q t * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 p t).
Proof. step. Qed.
(* dZ as above *)
Lemma hidden_weights_3 :
  sum m (fun t =>
    X q t * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 p t)
  = sum m (fun t => G p t * X q t * g_prime (Z1 p t)).
Proof. step. Qed.
Lemma hidden_weights_exists_1 :
  ex_partial2 (fun W1 => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) W1 p
    q.
Proof. exists_derivative. Qed.
Lemma hidden_weights_exists_2 :
  forall t u, (t < m)%nat -> (u < h)%nat -> ex_partial2 (fun W1 => hidden_linear d W1 X b1 u t)
                                              W1 p q.
Proof. exists_derivative. Qed.
Lemma hidden_weights_exists_3 :
  forall t u, (t < m)%nat -> (u < h)%nat -> ex_partial2 (fun Z1 =>
                                              first_order h m (hidden_activation Z1 g) G) Z1 u
                                              t.
Proof. exists_derivative. Qed.
Lemma hidden_weights_exists_4 :
  forall t, (t < m)%nat -> ex_partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1
                             p t.
Proof. exists_derivative. Qed.
Theorem hidden_weights :
  partial2 (fun W1 => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) W1 p q
  = sum m (fun t => G p t * X q t * g_prime (Z1 p t)).
Proof. exact (hidden_weights_1 @ hidden_weights_2 @ hidden_weights_3). Qed.
Theorem hidden_weights_is_derive :
  is_partial2 (fun W1 => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) W1 p
    q
    (sum m (fun t => G p t * X q t * g_prime (Z1 p t))).
Proof. is_derivative hidden_weights. Qed.
End hidden_weights.

(* layers.hidden_bias: db of a hidden layer, the sum of dZ over the examples. *)
Section hidden_bias.
Context (d h m : nat) (size_d : (1 <= d)%nat) (size_h : (1 <= h)%nat) (size_m : (1 <= m)%nat).
Context (G W1 X : nat -> nat -> R) (b1 : nat -> R) (g g_prime : R -> R)
  (slope_g : forall x, is_derive g x (g_prime x)).
Context (p : nat) (in_p : (p < h)%nat).
Local Notation Z1 := (hidden_linear d W1 X b1).

(* chain rule over every logit *)
Lemma hidden_bias_1 :
  partial (fun b1 => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) b1 p
  = sum m (fun t =>
      sum h (fun u =>
        partial (fun b1 => hidden_linear d W1 X b1 u t) b1 p
        * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 u t)).
Proof. step. Qed.
(* b_p is in row p only, times 1 *)
Lemma hidden_bias_2 :
  sum m (fun t =>
    sum h (fun u =>
      partial (fun b1 => hidden_linear d W1 X b1 u t) b1 p
      * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 u t))
  = sum m (fun t => partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 p t).
Proof. step. Qed.
(* dZ as above *)
Lemma hidden_bias_3 :
  sum m (fun t => partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 p t)
  = sum m (fun t => G p t * g_prime (Z1 p t)).
Proof. step. Qed.
Lemma hidden_bias_exists_1 :
  ex_partial (fun b1 => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) b1 p.
Proof. exists_derivative. Qed.
Lemma hidden_bias_exists_2 :
  forall t u, (t < m)%nat -> (u < h)%nat -> ex_partial (fun b1 => hidden_linear d W1 X b1 u t)
                                              b1 p.
Proof. exists_derivative. Qed.
Lemma hidden_bias_exists_3 :
  forall t u, (t < m)%nat -> (u < h)%nat -> ex_partial2 (fun Z1 =>
                                              first_order h m (hidden_activation Z1 g) G) Z1 u
                                              t.
Proof. exists_derivative. Qed.
Lemma hidden_bias_exists_4 :
  forall t, (t < m)%nat -> ex_partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1
                             p t.
Proof. exists_derivative. Qed.
Theorem hidden_bias :
  partial (fun b1 => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) b1 p
  = sum m (fun t => G p t * g_prime (Z1 p t)).
Proof. exact (hidden_bias_1 @ hidden_bias_2 @ hidden_bias_3). Qed.
Theorem hidden_bias_is_derive :
  is_partial (fun b1 => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) b1 p
    (sum m (fun t => G p t * g_prime (Z1 p t))).
Proof. is_derivative hidden_bias. Qed.
End hidden_bias.

(* layers.hidden_inputs: What a hidden layer passes down, Wᵀ dZ: the next layer's G. *)
Section hidden_inputs.
Context (d h m : nat) (size_d : (1 <= d)%nat) (size_h : (1 <= h)%nat) (size_m : (1 <= m)%nat).
Context (G W1 X : nat -> nat -> R) (b1 : nat -> R) (g g_prime : R -> R)
  (slope_g : forall x, is_derive g x (g_prime x)).
Context (q s : nat) (in_q : (q < d)%nat) (in_s : (s < m)%nat).
Local Notation Z1 := (hidden_linear d W1 X b1).

(* chain rule over every logit *)
Lemma hidden_inputs_1 :
  partial2 (fun X => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) X q s
  = sum m (fun t =>
      sum h (fun u =>
        partial2 (fun X => hidden_linear d W1 X b1 u t) X q s
        * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 u t)).
Proof. step. Qed.
(* X_{q,s} is in column s only, times W_{u,q} *)
Lemma hidden_inputs_2 :
  sum m (fun t =>
    sum h (fun u =>
      partial2 (fun X => hidden_linear d W1 X b1 u t) X q s
      * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 u t))
  = sum h (fun u =>
      W1 u q * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 u s).
Proof. step. Qed.
(* dZ as above *)
Lemma hidden_inputs_3 :
  sum h (fun u =>
    W1 u q * partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1 u s)
  = sum h (fun u => G u s * W1 u q * g_prime (Z1 u s)).
Proof. step. Qed.
Lemma hidden_inputs_exists_1 :
  ex_partial2 (fun X => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) X q
    s.
Proof. exists_derivative. Qed.
Lemma hidden_inputs_exists_2 :
  forall t u, (t < m)%nat -> (u < h)%nat -> ex_partial2 (fun X => hidden_linear d W1 X b1 u t) X
                                              q s.
Proof. exists_derivative. Qed.
Lemma hidden_inputs_exists_3 :
  forall t u, (t < m)%nat -> (u < h)%nat -> ex_partial2 (fun Z1 =>
                                              first_order h m (hidden_activation Z1 g) G) Z1 u
                                              t.
Proof. exists_derivative. Qed.
Lemma hidden_inputs_exists_4 :
  forall u, (u < h)%nat -> ex_partial2 (fun Z1 => first_order h m (hidden_activation Z1 g) G) Z1
                             u s.
Proof. exists_derivative. Qed.
Theorem hidden_inputs :
  partial2 (fun X => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) X q s
  = sum h (fun u => G u s * W1 u q * g_prime (Z1 u s)).
Proof. exact (hidden_inputs_1 @ hidden_inputs_2 @ hidden_inputs_3). Qed.
Theorem hidden_inputs_is_derive :
  is_partial2 (fun X => first_order h m (hidden_activation (hidden_linear d W1 X b1) g) G) X q s
    (sum h (fun u => G u s * W1 u q * g_prime (Z1 u s))).
Proof. is_derivative hidden_inputs. Qed.
End hidden_inputs.

(* layers.two_layers: The first layer's dW of a whole two-layer network, nothing taken on trust.
   *)
Section two_layers.
Context (d h m n : nat) (size_d : (1 <= d)%nat) (size_h : (1 <= h)%nat) (size_m : (1 <= m)%nat)
  (size_n : (2 <= n)%nat).
Context (W W1 X Y : nat -> nat -> R) (b b1 : nat -> R) (g g_prime : R -> R)
  (slope_g : forall x, is_derive g x (g_prime x)).
Context (p q : nat) (in_p : (p < h)%nat) (in_q : (q < d)%nat).
Local Notation Z1 := (hidden_linear d W1 X b1).
Local Notation A1 := (hidden_activation Z1 g).
Local Notation Z := (output_linear h A1 W b).
Local Notation A := (batch_softmax n Z).
Local Notation H1 := (forall s, (s < m)%nat -> sum n (fun k => Y k s) = 1).

(* W^{[1]}_{p,q} is in row p only, times X_{q,t} *)
Lemma two_layers_1 :
  partial2 (fun W1 =>
    mean_loss m
      (example_cross_entropy n
         (batch_softmax n (output_linear h (hidden_activation (hidden_linear d W1 X b1) g) W b))
         Y)) W1 p q
  = sum m (fun t =>
      X q t
      * partial2 (fun Z1 =>
          mean_loss m
            (example_cross_entropy n
               (batch_softmax n (output_linear h (hidden_activation Z1 g) W b)) Y)) Z1 p t).
Proof. step. Qed.
(* the hidden layer: dZ = dA circ g'(Z) *)
Lemma two_layers_2 :
  sum m (fun t =>
    X q t
    * partial2 (fun Z1 =>
        mean_loss m
          (example_cross_entropy n
             (batch_softmax n (output_linear h (hidden_activation Z1 g) W b)) Y)) Z1 p t)
  = sum m (fun t =>
      X q t
      * g_prime (Z1 p t)
      * partial2 (fun A1 =>
          mean_loss m (example_cross_entropy n (batch_softmax n (output_linear h A1 W b)) Y)) A1
          p t).
Proof. step. Qed.
(* the softmax layer passes down W^top dZ *)
Lemma two_layers_3 :
  sum m (fun t =>
    X q t
    * g_prime (Z1 p t)
    * partial2 (fun A1 =>
        mean_loss m (example_cross_entropy n (batch_softmax n (output_linear h A1 W b)) Y)) A1 p
        t)
  = sum m (fun t =>
      X q t
      * g_prime (Z1 p t)
      * sum n (fun k =>
          W k p
          * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z k
              t)).
Proof. step. Qed.
(* the gradient of the batch, by H1 *)
Lemma two_layers_4 : H1 ->
  sum m (fun t =>
    X q t
    * g_prime (Z1 p t)
    * sum n (fun k =>
        W k p
        * partial2 (fun Z => mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)) Z k
            t))
  = sum m (fun t => X q t * g_prime (Z1 p t) * sum n (fun k => (A k t - Y k t) * W k p))
    / INR m.
Proof. step. Qed.
Lemma two_layers_exists_1 :
  ex_partial2 (fun W1 =>
    mean_loss m
      (example_cross_entropy n
         (batch_softmax n (output_linear h (hidden_activation (hidden_linear d W1 X b1) g) W b))
         Y)) W1 p q.
Proof. exists_derivative. Qed.
Lemma two_layers_exists_2 :
  forall t k, (t < m)%nat -> (k < n)%nat -> ex_partial2 (fun Z =>
                                              mean_loss m
                                                (example_cross_entropy n (batch_softmax n Z) Y))
                                              Z k t.
Proof. exists_derivative. Qed.
Lemma two_layers_exists_3 :
  forall t, (t < m)%nat -> ex_partial2 (fun A1 =>
                             mean_loss m
                               (example_cross_entropy n
                                  (batch_softmax n (output_linear h A1 W b)) Y)) A1 p t.
Proof. exists_derivative. Qed.
Lemma two_layers_exists_4 :
  forall t, (t < m)%nat -> ex_partial2 (fun Z1 =>
                             mean_loss m
                               (example_cross_entropy n
                                  (batch_softmax n
                                     (output_linear h (hidden_activation Z1 g) W b)) Y)) Z1 p t.
Proof. exists_derivative. Qed.
Theorem two_layers : H1 ->
  partial2 (fun W1 =>
    mean_loss m
      (example_cross_entropy n
         (batch_softmax n (output_linear h (hidden_activation (hidden_linear d W1 X b1) g) W b))
         Y)) W1 p q
  = sum m (fun t => X q t * g_prime (Z1 p t) * sum n (fun k => (A k t - Y k t) * W k p))
    / INR m.
Proof. intros H1. exact (two_layers_1 @ two_layers_2 @ two_layers_3 @ (two_layers_4 H1)). Qed.
Theorem two_layers_is_derive : H1 ->
  is_partial2 (fun W1 =>
    mean_loss m
      (example_cross_entropy n
         (batch_softmax n (output_linear h (hidden_activation (hidden_linear d W1 X b1) g) W b))
         Y)) W1 p q
    (sum m (fun t => X q t * g_prime (Z1 p t) * sum n (fun k => (A k t - Y k t) * W k p))
     / INR m).
Proof. intros H1. is_derivative (two_layers H1). Qed.
End two_layers.
