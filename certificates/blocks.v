(* Large vocabularies: A − Y that is never stored. *)
(* Written by `make certificates` from derivations/theorems/blocks.py. *)
From Certificates Require Import Library.
Open Scope R_scope.

Definition batch_outputs_P (nP nQ : nat) (ZP ZQ : nat -> nat -> R) (iP s : nat) : R :=
  exp (ZP iP s) / (sum nP (fun kP => exp (ZP kP s)) + sum nQ (fun kQ => exp (ZQ kQ s))).
Definition batch_outputs_Q (nP nQ : nat) (ZP ZQ : nat -> nat -> R) (iQ s : nat) : R :=
  exp (ZQ iQ s) / (sum nP (fun kP => exp (ZP kP s)) + sum nQ (fun kQ => exp (ZQ kQ s))).
Definition example_log_normaliser (nP nQ : nat) (ZP ZQ : nat -> nat -> R) (s : nat) : R :=
  ln (sum nP (fun kP => exp (ZP kP s)) + sum nQ (fun kQ => exp (ZQ kQ s))).
Definition example_loss (nP nQ : nat) (AP AQ YP YQ : nat -> nat -> R) (s : nat) : R :=
  - sum nP (fun kP => YP kP s * ln (AP kP s)) - sum nQ (fun kQ => YQ kQ s * ln (AQ kQ s)).
Definition linear_P (d : nat) (WP X : nat -> nat -> R) (bP : nat -> R) (jP s : nat) : R :=
  bP jP + sum d (fun q => WP jP q * X q s).
Definition linear_Q (d : nat) (WQ X : nat -> nat -> R) (bQ : nat -> R) (jQ s : nat) : R :=
  bQ jQ + sum d (fun q => WQ jQ q * X q s).
Definition log_normaliser (nP nQ : nat) (zP zQ : nat -> R) : R :=
  ln (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ))).
Definition log_sum_P (nP : nat) (zP : nat -> R) : R := ln (sum nP (fun kP => exp (zP kP))).
Definition log_sum_Q (nQ : nat) (zQ : nat -> R) : R := ln (sum nQ (fun kQ => exp (zQ kQ))).
Definition loss (nP nQ : nat) (aP aQ yP yQ : nat -> R) : R :=
  - sum nP (fun kP => ln (aP kP) * yP kP) - sum nQ (fun kQ => ln (aQ kQ) * yQ kQ).
Definition mean_E (mE : nat) (LE : nat -> R) : R := sum mE (fun tE => LE tE) / INR mE.
Definition mean_F (mF : nat) (LF : nat -> R) : R := sum mF (fun tF => LF tF) / INR mF.
Definition mean_of_all (mE mF : nat) (LE LF : nat -> R) : R :=
  (sum mE (fun tE => LE tE) + sum mF (fun tF => LF tF)) / (INR mE + INR mF).
Definition next_running (nQ : nat) (M M_new R_ : R) (zQ : nat -> R) : R :=
  R_ * exp (M - M_new) + sum nQ (fun kQ => exp (zQ kQ - M_new)).
Definition none_in_Q (iQ : nat) : R := 0.
Definition one_hot_P (cP iP : nat) : R := delta cP iP.
Definition outputs_P (nP nQ : nat) (zP zQ : nat -> R) (iP : nat) : R :=
  exp (zP iP) / (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ))).
Definition outputs_Q (nP nQ : nat) (zP zQ : nat -> R) (iQ : nat) : R :=
  exp (zQ iQ) / (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ))).
Definition running (nP : nat) (M : R) (zP : nat -> R) : R := sum nP (fun kP => exp (zP kP - M)).
#[local] Hint Unfold batch_outputs_P batch_outputs_Q example_log_normaliser example_loss
  linear_P linear_Q log_normaliser log_sum_P log_sum_Q loss mean_E mean_F mean_of_all
  next_running none_in_Q one_hot_P outputs_P outputs_Q running : definitions.

(* blocks.outputs: An output of the softmax, j in P, from its own logit and N alone. *)
Section outputs.
Context (nP nQ : nat) (size_nP : (1 <= nP)%nat) (size_nQ : (1 <= nQ)%nat).
Context (zP zQ : nat -> R).
Context (jP : nat) (in_jP : (jP < nP)%nat).
Local Notation N := (log_normaliser nP nQ zP zQ).
Local Notation aP := (outputs_P nP nQ zP zQ).

(* definition of a_j: both blocks are below *)
Lemma outputs_1 :
  aP jP = exp (zP jP) / (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ))).
Proof. step. Qed.
(* what is below is e^N, as N is its logarithm *)
Lemma outputs_2 :
  exp (zP jP) / (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ)))
  = exp (zP jP - N).
Proof. step. Qed.
Theorem outputs : aP jP = exp (zP jP - N).
Proof. exact (outputs_1 @ outputs_2). Qed.
End outputs.

(* blocks.merged: The log-sum-exp of two blocks from that of each, for any number M. *)
Section merged.
Context (nP nQ : nat) (size_nP : (1 <= nP)%nat) (size_nQ : (1 <= nQ)%nat).
Context (zP zQ : nat -> R) (M : R).
Local Notation NP := (log_sum_P nP zP).
Local Notation NQ := (log_sum_Q nQ zQ).

(* each sum is e to its own log-sum-exp *)
Lemma merged_1 :
  ln (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ))) = ln (exp NP + exp NQ).
Proof. step. Qed.
(* e^x = e^M e^{x-M}, whatever M is *)
Lemma merged_2 : ln (exp NP + exp NQ) = ln ((exp (NP - M) + exp (NQ - M)) * exp M).
Proof. step. Qed.
(* the logarithm of a product; log e^M = M *)
Lemma merged_3 :
  ln ((exp (NP - M) + exp (NQ - M)) * exp M) = M + ln (exp (NP - M) + exp (NQ - M)).
Proof. step. Qed.
Theorem merged :
  ln (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ)))
  = M + ln (exp (NP - M) + exp (NQ - M)).
Proof. exact (merged_1 @ merged_2 @ merged_3). Qed.
End merged.

(* blocks.invariant: The state (M, R) of a running sum: M + log R is the log-sum-exp so far. *)
Section invariant.
Context (nP : nat) (size_nP : (1 <= nP)%nat).
Context (zP : nat -> R) (M : R).
Local Notation R_ := (running nP M zP).

(* definition of R *)
Lemma invariant_1 : M + ln R_ = M + ln (sum nP (fun kP => exp (zP kP - M))).
Proof. step. Qed.
(* e^{-M} is the same in every term *)
Lemma invariant_2 :
  M + ln (sum nP (fun kP => exp (zP kP - M)))
  = M + ln (exp (- M) * sum nP (fun kP => exp (zP kP))).
Proof. step. Qed.
(* the logarithm of a product; log e^{-M} = -M *)
Lemma invariant_3 :
  M + ln (exp (- M) * sum nP (fun kP => exp (zP kP))) = ln (sum nP (fun kP => exp (zP kP))).
Proof. step. Qed.
Theorem invariant : M + ln R_ = ln (sum nP (fun kP => exp (zP kP))).
Proof. exact (invariant_1 @ invariant_2 @ invariant_3). Qed.
End invariant.

(* blocks.streamed: The next block: rescale the running sum from M to the new M, then add to it.
   *)
Section streamed.
Context (nP nQ : nat) (size_nP : (1 <= nP)%nat) (size_nQ : (1 <= nQ)%nat).
Context (zP zQ : nat -> R) (M M_new : R).
Local Notation R_ := (running nP M zP).
Local Notation R_new := (next_running nQ M M_new R_ zQ).

(* definition of R_{new} *)
Lemma streamed_1 :
  M_new + ln R_new = M_new + ln (R_ * exp (M - M_new) + sum nQ (fun kQ => exp (zQ kQ - M_new))).
Proof. step. Qed.
(* definition of R; e^{z_k-M} e^{M-M_{new}} = e^{z_k-M_{new}} *)
Lemma streamed_2 :
  M_new + ln (R_ * exp (M - M_new) + sum nQ (fun kQ => exp (zQ kQ - M_new)))
  = M_new
    + ln (sum nP (fun kP => exp (zP kP - M_new)) + sum nQ (fun kQ => exp (zQ kQ - M_new))).
Proof. step. Qed.
(* e^{-M_{new}} is the same in every term of both *)
Lemma streamed_3 :
  M_new + ln (sum nP (fun kP => exp (zP kP - M_new)) + sum nQ (fun kQ => exp (zQ kQ - M_new)))
  = M_new
    + ln (exp (- M_new) * (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ)))).
Proof. step. Qed.
(* the logarithm of a product; log e^{-M_{new}} = -M_{new} *)
Lemma streamed_4 :
  M_new + ln (exp (- M_new) * (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ))))
  = ln (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ))).
Proof. step. Qed.
Theorem streamed :
  M_new + ln R_new = ln (sum nP (fun kP => exp (zP kP)) + sum nQ (fun kQ => exp (zQ kQ))).
Proof. exact (streamed_1 @ streamed_2 @ streamed_3 @ streamed_4). Qed.
End streamed.

(* blocks.label: The loss needs N and the label's own logit alone; here the label c is in P. *)
Section label.
Context (nP nQ : nat) (size_nP : (1 <= nP)%nat) (size_nQ : (1 <= nQ)%nat).
Context (zP zQ : nat -> R).
Context (cP : nat) (in_cP : (cP < nP)%nat).
Local Notation aP := (outputs_P nP nQ zP zQ).
Local Notation aQ := (outputs_Q nP nQ zP zQ).
Local Notation yP := (one_hot_P cP).
Local Notation yQ := (none_in_Q).
Local Notation L := (loss nP nQ aP aQ yP yQ).
Local Notation N := (log_normaliser nP nQ zP zQ).

(* the one label is at c in P: none is in Q *)
Lemma label_1 : L = - ln (aP cP).
Proof. step. Qed.
(* log a_c = z_c - N, as a_c = e^{z_c-N} *)
Lemma label_2 : - ln (aP cP) = N - zP cP.
Proof. step. Qed.
Theorem label : L = N - zP cP.
Proof. exact (label_1 @ label_2). Qed.
End label.

(* blocks.logits: A row of dZ, j in P, from the logits of that row and N alone. *)
Section logits.
Context (m nP nQ : nat) (size_m : (1 <= m)%nat) (size_nP : (1 <= nP)%nat)
  (size_nQ : (1 <= nQ)%nat).
Context (YP YQ ZP ZQ : nat -> nat -> R).
Context (jP s : nat) (in_jP : (jP < nP)%nat) (in_s : (s < m)%nat).
Local Notation N := (example_log_normaliser nP nQ ZP ZQ).
Local Notation H1 :=
  (forall s, (s < m)%nat -> sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s) = 1).

(* J is a mean, and Z_{j,s} is in example s only *)
Lemma logits_1 :
  partial2 (fun ZP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP
    jP s
  = partial2 (fun ZP =>
      example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP YQ s) ZP
      jP s
    / INR m.
Proof. step. Qed.
(* log A_{k,s} = Z_{k,s} - N_s in both blocks *)
Lemma logits_2 :
  partial2 (fun ZP =>
    example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP YQ s) ZP
    jP s
  / INR m
  = partial2 (fun ZP =>
      example_log_normaliser nP nQ ZP ZQ s
      * (sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s))
      - sum nP (fun kP => YP kP s * ZP kP s)
      - sum nQ (fun kQ => YQ kQ s * ZQ kQ s)) ZP jP s
    / INR m.
Proof. step. Qed.
(* N_s moves at the rate e^{Z_{j,s}-N_s}; of the rest Y_{j,s} Z_{j,s} moves *)
Lemma logits_3 :
  partial2 (fun ZP =>
    example_log_normaliser nP nQ ZP ZQ s
    * (sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s))
    - sum nP (fun kP => YP kP s * ZP kP s)
    - sum nQ (fun kQ => YQ kQ s * ZQ kQ s)) ZP jP s
  / INR m
  = (exp (ZP jP s - N s) * (sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s)) - YP jP s)
    / INR m.
Proof. step. Qed.
(* the labels of both blocks together sum to 1, by H1 *)
Lemma logits_4 : H1 ->
  (exp (ZP jP s - N s) * (sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s)) - YP jP s)
  / INR m
  = (exp (ZP jP s - N s) - YP jP s) / INR m.
Proof. step. Qed.
Lemma logits_exists_1 :
  ex_partial2 (fun ZP =>
    example_log_normaliser nP nQ ZP ZQ s
    * (sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s))
    - sum nP (fun kP => YP kP s * ZP kP s)
    - sum nQ (fun kQ => YQ kQ s * ZQ kQ s)) ZP jP s.
Proof. exists_derivative. Qed.
Lemma logits_exists_2 :
  ex_partial2 (fun ZP =>
    example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP YQ s) ZP
    jP s.
Proof. exists_derivative. Qed.
Lemma logits_exists_3 :
  ex_partial2 (fun ZP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP
    jP s.
Proof. exists_derivative. Qed.
Theorem logits : H1 ->
  partial2 (fun ZP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP
    jP s
  = (exp (ZP jP s - N s) - YP jP s) / INR m.
Proof. intros H1. exact (logits_1 @ logits_2 @ logits_3 @ (logits_4 H1)). Qed.
Theorem logits_is_derive : H1 ->
  is_partial2 (fun ZP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP
    jP s
    ((exp (ZP jP s - N s) - YP jP s) / INR m).
Proof. intros H1. is_derivative (logits H1). Qed.
End logits.

(* blocks.weights: dW of a block, j in P, needs the rows of A − Y of that block and the inputs.
   *)
Section weights.
Context (d m nP nQ : nat) (size_d : (1 <= d)%nat) (size_m : (1 <= m)%nat)
  (size_nP : (1 <= nP)%nat) (size_nQ : (1 <= nQ)%nat).
Context (WP WQ X YP YQ : nat -> nat -> R) (bP bQ : nat -> R).
Context (jP q : nat) (in_jP : (jP < nP)%nat) (in_q : (q < d)%nat).
Local Notation ZP := (linear_P d WP X bP).
Local Notation ZQ := (linear_Q d WQ X bQ).
Local Notation N := (example_log_normaliser nP nQ ZP ZQ).
Local Notation H1 :=
  (forall s, (s < m)%nat -> sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s) = 1).

(* chain rule over every logit of both blocks *)
Lemma weights_1 :
  partial2 (fun WP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) ZQ)
         (batch_outputs_Q nP nQ (linear_P d WP X bP) ZQ) YP YQ)) WP jP q
  = sum m (fun t =>
      sum nP (fun iP =>
        partial2 (fun WP => linear_P d WP X bP iP t) WP jP q
        * partial2 (fun ZP =>
            mean_loss m
              (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
                 YQ)) ZP iP t)
      + sum nQ (fun iQ =>
          partial2 (fun WP => ZQ iQ t) WP jP q
          * partial2 (fun ZQ =>
              mean_loss m
                (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ)
                   YP YQ)) ZQ iQ t)).
Proof. step. Qed.
(* W_{j,q} is in row j of Z only, times X_{q,t} *)
Lemma weights_2 :
  sum m (fun t =>
    sum nP (fun iP =>
      partial2 (fun WP => linear_P d WP X bP iP t) WP jP q
      * partial2 (fun ZP =>
          mean_loss m
            (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
               YQ)) ZP iP t)
    + sum nQ (fun iQ =>
        partial2 (fun WP => ZQ iQ t) WP jP q
        * partial2 (fun ZQ =>
            mean_loss m
              (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
                 YQ)) ZQ iQ t))
  = sum m (fun t =>
      X q t
      * partial2 (fun ZP =>
          mean_loss m
            (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
               YQ)) ZP jP t).
Proof. step. Qed.
(* the rows of the block; 1/m is the same in every term, by H1 *)
Lemma weights_3 : H1 ->
  sum m (fun t =>
    X q t
    * partial2 (fun ZP =>
        mean_loss m
          (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
             YQ)) ZP jP t)
  = sum m (fun t => X q t * (exp (ZP jP t - N t) - YP jP t)) / INR m.
Proof. step. Qed.
Lemma weights_exists_1 :
  ex_partial2 (fun WP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) ZQ)
         (batch_outputs_Q nP nQ (linear_P d WP X bP) ZQ) YP YQ)) WP jP q.
Proof. exists_derivative. Qed.
Lemma weights_exists_2 :
  forall t iP, (t < m)%nat -> (iP < nP)%nat -> ex_partial2 (fun WP => linear_P d WP X bP iP t)
                                                 WP jP q.
Proof. exists_derivative. Qed.
Lemma weights_exists_3 :
  forall t iP, (t < m)%nat -> (iP < nP)%nat -> ex_partial2 (fun ZP =>
                                                 mean_loss m
                                                   (example_loss nP nQ
                                                      (batch_outputs_P nP nQ ZP ZQ)
                                                      (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP
                                                 iP t.
Proof. exists_derivative. Qed.
Lemma weights_exists_4 :
  forall t iQ, (t < m)%nat -> (iQ < nQ)%nat -> ex_partial2 (fun WP => ZQ iQ t) WP jP q.
Proof. exists_derivative. Qed.
Lemma weights_exists_5 :
  forall t iQ, (t < m)%nat -> (iQ < nQ)%nat -> ex_partial2 (fun ZQ =>
                                                 mean_loss m
                                                   (example_loss nP nQ
                                                      (batch_outputs_P nP nQ ZP ZQ)
                                                      (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZQ
                                                 iQ t.
Proof. exists_derivative. Qed.
Lemma weights_exists_6 :
  forall t, (t < m)%nat -> ex_partial2 (fun ZP =>
                             mean_loss m
                               (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ)
                                  (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP jP t.
Proof. exists_derivative. Qed.
Theorem weights : H1 ->
  partial2 (fun WP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) ZQ)
         (batch_outputs_Q nP nQ (linear_P d WP X bP) ZQ) YP YQ)) WP jP q
  = sum m (fun t => X q t * (exp (ZP jP t - N t) - YP jP t)) / INR m.
Proof. intros H1. exact (weights_1 @ weights_2 @ (weights_3 H1)). Qed.
Theorem weights_is_derive : H1 ->
  is_partial2 (fun WP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) ZQ)
         (batch_outputs_Q nP nQ (linear_P d WP X bP) ZQ) YP YQ)) WP jP q
    (sum m (fun t => X q t * (exp (ZP jP t - N t) - YP jP t)) / INR m).
Proof. intros H1. is_derivative (weights H1). Qed.
End weights.

(* blocks.bias: db of a block, j in P: the mean of its rows of A − Y over the examples. *)
Section bias.
Context (d m nP nQ : nat) (size_d : (1 <= d)%nat) (size_m : (1 <= m)%nat)
  (size_nP : (1 <= nP)%nat) (size_nQ : (1 <= nQ)%nat).
Context (WP WQ X YP YQ : nat -> nat -> R) (bP bQ : nat -> R).
Context (jP : nat) (in_jP : (jP < nP)%nat).
Local Notation ZP := (linear_P d WP X bP).
Local Notation ZQ := (linear_Q d WQ X bQ).
Local Notation N := (example_log_normaliser nP nQ ZP ZQ).
Local Notation H1 :=
  (forall s, (s < m)%nat -> sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s) = 1).

(* chain rule over every logit of both blocks *)
Lemma bias_1 :
  partial (fun bP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) ZQ)
         (batch_outputs_Q nP nQ (linear_P d WP X bP) ZQ) YP YQ)) bP jP
  = sum m (fun t =>
      sum nP (fun iP =>
        partial (fun bP => linear_P d WP X bP iP t) bP jP
        * partial2 (fun ZP =>
            mean_loss m
              (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
                 YQ)) ZP iP t)
      + sum nQ (fun iQ =>
          partial (fun bP => ZQ iQ t) bP jP
          * partial2 (fun ZQ =>
              mean_loss m
                (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ)
                   YP YQ)) ZQ iQ t)).
Proof. step. Qed.
(* b_j is in row j of Z only, times 1 *)
Lemma bias_2 :
  sum m (fun t =>
    sum nP (fun iP =>
      partial (fun bP => linear_P d WP X bP iP t) bP jP
      * partial2 (fun ZP =>
          mean_loss m
            (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
               YQ)) ZP iP t)
    + sum nQ (fun iQ =>
        partial (fun bP => ZQ iQ t) bP jP
        * partial2 (fun ZQ =>
            mean_loss m
              (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
                 YQ)) ZQ iQ t))
  = sum m (fun t =>
      partial2 (fun ZP =>
        mean_loss m
          (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
             YQ)) ZP jP t).
Proof. step. Qed.
(* the rows of the block; 1/m is the same in every term, by H1 *)
Lemma bias_3 : H1 ->
  sum m (fun t =>
    partial2 (fun ZP =>
      mean_loss m
        (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP YQ))
      ZP jP t)
  = sum m (fun t => exp (ZP jP t - N t) - YP jP t) / INR m.
Proof. step. Qed.
Lemma bias_exists_1 :
  ex_partial (fun bP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) ZQ)
         (batch_outputs_Q nP nQ (linear_P d WP X bP) ZQ) YP YQ)) bP jP.
Proof. exists_derivative. Qed.
Lemma bias_exists_2 :
  forall t iP, (t < m)%nat -> (iP < nP)%nat -> ex_partial (fun bP => linear_P d WP X bP iP t) bP
                                                 jP.
Proof. exists_derivative. Qed.
Lemma bias_exists_3 :
  forall t iP, (t < m)%nat -> (iP < nP)%nat -> ex_partial2 (fun ZP =>
                                                 mean_loss m
                                                   (example_loss nP nQ
                                                      (batch_outputs_P nP nQ ZP ZQ)
                                                      (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP
                                                 iP t.
Proof. exists_derivative. Qed.
Lemma bias_exists_4 :
  forall t iQ, (t < m)%nat -> (iQ < nQ)%nat -> ex_partial (fun bP => ZQ iQ t) bP jP.
Proof. exists_derivative. Qed.
Lemma bias_exists_5 :
  forall t iQ, (t < m)%nat -> (iQ < nQ)%nat -> ex_partial2 (fun ZQ =>
                                                 mean_loss m
                                                   (example_loss nP nQ
                                                      (batch_outputs_P nP nQ ZP ZQ)
                                                      (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZQ
                                                 iQ t.
Proof. exists_derivative. Qed.
Lemma bias_exists_6 :
  forall t, (t < m)%nat -> ex_partial2 (fun ZP =>
                             mean_loss m
                               (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ)
                                  (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP jP t.
Proof. exists_derivative. Qed.
Theorem bias : H1 ->
  partial (fun bP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) ZQ)
         (batch_outputs_Q nP nQ (linear_P d WP X bP) ZQ) YP YQ)) bP jP
  = sum m (fun t => exp (ZP jP t - N t) - YP jP t) / INR m.
Proof. intros H1. exact (bias_1 @ bias_2 @ (bias_3 H1)). Qed.
Theorem bias_is_derive : H1 ->
  is_partial (fun bP =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) ZQ)
         (batch_outputs_Q nP nQ (linear_P d WP X bP) ZQ) YP YQ)) bP jP
    (sum m (fun t => exp (ZP jP t - N t) - YP jP t) / INR m).
Proof. intros H1. is_derivative (bias H1). Qed.
End bias.

(* blocks.inputs: dX is the sum over the blocks of what each passes down, Wᵀ dZ of its own rows.
   *)
Section inputs.
Context (d m nP nQ : nat) (size_d : (1 <= d)%nat) (size_m : (1 <= m)%nat)
  (size_nP : (1 <= nP)%nat) (size_nQ : (1 <= nQ)%nat).
Context (WP WQ X YP YQ : nat -> nat -> R) (bP bQ : nat -> R).
Context (q s : nat) (in_q : (q < d)%nat) (in_s : (s < m)%nat).
Local Notation ZP := (linear_P d WP X bP).
Local Notation ZQ := (linear_Q d WQ X bQ).
Local Notation N := (example_log_normaliser nP nQ ZP ZQ).
Local Notation H1 :=
  (forall s, (s < m)%nat -> sum nP (fun kP => YP kP s) + sum nQ (fun kQ => YQ kQ s) = 1).

(* chain rule over every logit of both blocks *)
Lemma inputs_1 :
  partial2 (fun X =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) (linear_Q d WQ X bQ))
         (batch_outputs_Q nP nQ (linear_P d WP X bP) (linear_Q d WQ X bQ)) YP YQ)) X q s
  = sum m (fun t =>
      sum nP (fun iP =>
        partial2 (fun X => linear_P d WP X bP iP t) X q s
        * partial2 (fun ZP =>
            mean_loss m
              (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
                 YQ)) ZP iP t)
      + sum nQ (fun iQ =>
          partial2 (fun X => linear_Q d WQ X bQ iQ t) X q s
          * partial2 (fun ZQ =>
              mean_loss m
                (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ)
                   YP YQ)) ZQ iQ t)).
Proof. step. Qed.
(* X_{q,s} is in column s of Z only, times W_{i,q} *)
Lemma inputs_2 :
  sum m (fun t =>
    sum nP (fun iP =>
      partial2 (fun X => linear_P d WP X bP iP t) X q s
      * partial2 (fun ZP =>
          mean_loss m
            (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
               YQ)) ZP iP t)
    + sum nQ (fun iQ =>
        partial2 (fun X => linear_Q d WQ X bQ iQ t) X q s
        * partial2 (fun ZQ =>
            mean_loss m
              (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
                 YQ)) ZQ iQ t))
  = sum nP (fun iP =>
      WP iP q
      * partial2 (fun ZP =>
          mean_loss m
            (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
               YQ)) ZP iP s)
    + sum nQ (fun iQ =>
        WQ iQ q
        * partial2 (fun ZQ =>
            mean_loss m
              (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
                 YQ)) ZQ iQ s).
Proof. step. Qed.
(* the rows of each block, by H1 *)
Lemma inputs_3 : H1 ->
  sum nP (fun iP =>
    WP iP q
    * partial2 (fun ZP =>
        mean_loss m
          (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
             YQ)) ZP iP s)
  + sum nQ (fun iQ =>
      WQ iQ q
      * partial2 (fun ZQ =>
          mean_loss m
            (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ) (batch_outputs_Q nP nQ ZP ZQ) YP
               YQ)) ZQ iQ s)
  = (sum nP (fun iP => WP iP q * (exp (ZP iP s - N s) - YP iP s))
     + sum nQ (fun iQ => WQ iQ q * (exp (ZQ iQ s - N s) - YQ iQ s)))
    / INR m.
Proof. step. Qed.
Lemma inputs_exists_1 :
  ex_partial2 (fun X =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) (linear_Q d WQ X bQ))
         (batch_outputs_Q nP nQ (linear_P d WP X bP) (linear_Q d WQ X bQ)) YP YQ)) X q s.
Proof. exists_derivative. Qed.
Lemma inputs_exists_2 :
  forall iP, (iP < nP)%nat -> ex_partial2 (fun ZP =>
                                mean_loss m
                                  (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ)
                                     (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP iP s.
Proof. exists_derivative. Qed.
Lemma inputs_exists_3 :
  forall iQ, (iQ < nQ)%nat -> ex_partial2 (fun ZQ =>
                                mean_loss m
                                  (example_loss nP nQ (batch_outputs_P nP nQ ZP ZQ)
                                     (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZQ iQ s.
Proof. exists_derivative. Qed.
Lemma inputs_exists_4 :
  forall t iP, (t < m)%nat -> (iP < nP)%nat -> ex_partial2 (fun X => linear_P d WP X bP iP t) X
                                                 q s.
Proof. exists_derivative. Qed.
Lemma inputs_exists_5 :
  forall t iP, (t < m)%nat -> (iP < nP)%nat -> ex_partial2 (fun ZP =>
                                                 mean_loss m
                                                   (example_loss nP nQ
                                                      (batch_outputs_P nP nQ ZP ZQ)
                                                      (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZP
                                                 iP t.
Proof. exists_derivative. Qed.
Lemma inputs_exists_6 :
  forall t iQ, (t < m)%nat -> (iQ < nQ)%nat -> ex_partial2 (fun X => linear_Q d WQ X bQ iQ t) X
                                                 q s.
Proof. exists_derivative. Qed.
Lemma inputs_exists_7 :
  forall t iQ, (t < m)%nat -> (iQ < nQ)%nat -> ex_partial2 (fun ZQ =>
                                                 mean_loss m
                                                   (example_loss nP nQ
                                                      (batch_outputs_P nP nQ ZP ZQ)
                                                      (batch_outputs_Q nP nQ ZP ZQ) YP YQ)) ZQ
                                                 iQ t.
Proof. exists_derivative. Qed.
Theorem inputs : H1 ->
  partial2 (fun X =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) (linear_Q d WQ X bQ))
         (batch_outputs_Q nP nQ (linear_P d WP X bP) (linear_Q d WQ X bQ)) YP YQ)) X q s
  = (sum nP (fun iP => WP iP q * (exp (ZP iP s - N s) - YP iP s))
     + sum nQ (fun iQ => WQ iQ q * (exp (ZQ iQ s - N s) - YQ iQ s)))
    / INR m.
Proof. intros H1. exact (inputs_1 @ inputs_2 @ (inputs_3 H1)). Qed.
Theorem inputs_is_derive : H1 ->
  is_partial2 (fun X =>
    mean_loss m
      (example_loss nP nQ (batch_outputs_P nP nQ (linear_P d WP X bP) (linear_Q d WQ X bQ))
         (batch_outputs_Q nP nQ (linear_P d WP X bP) (linear_Q d WQ X bQ)) YP YQ)) X q s
    ((sum nP (fun iP => WP iP q * (exp (ZP iP s - N s) - YP iP s))
      + sum nQ (fun iQ => WQ iQ q * (exp (ZQ iQ s - N s) - YQ iQ s)))
     / INR m).
Proof. intros H1. is_derivative (inputs H1). Qed.
End inputs.

(* blocks.examples: The mean over two machines: their means, weighted by their examples. *)
Section examples.
Context (mE mF : nat) (size_mE : (1 <= mE)%nat) (size_mF : (1 <= mF)%nat).
Context (LE LF : nat -> R).
Local Notation J := (mean_of_all mE mF LE LF).
Local Notation JE := (mean_E mE LE).
Local Notation JF := (mean_F mF LF).

(* all losses, divided once by their number *)
Lemma examples_1 :
  J = (sum mE (fun tE => LE tE) + sum mF (fun tF => LF tF)) / (INR mE + INR mF).
Proof. step. Qed.
(* the losses of a machine sum to its mean times its number *)
Lemma examples_2 :
  (sum mE (fun tE => LE tE) + sum mF (fun tF => LF tF)) / (INR mE + INR mF)
  = (INR mE * JE + INR mF * JF) / (INR mE + INR mF).
Proof. step. Qed.
Theorem examples : J = (INR mE * JE + INR mF * JF) / (INR mE + INR mF).
Proof. exact (examples_1 @ examples_2). Qed.
End examples.
