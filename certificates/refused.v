(* False statements of the kinds that once fooled a judge.  Of each is proved that it is false,
   under a name that says what is denied; `step`, which proves the steps of all theorems, does
   not prove it, and does (roots apart, of which it has no rule) as soon as it has the premise
   that it lacks. *)

From Certificates Require Import Library.
Open Scope R_scope.

(* `step` on the statement that is denied *)
Ltac try_step := lazymatch goal with |- ~ ?claim => assert claim by timeout 200 step end.

(* ---- A power of a power, a logarithm, an exponential: no sign is known ------------------ *)

Theorem square_root_of_a_square : ~ (forall x, sqrt (x ^ 2) = x).
Proof.
  Fail try_step. intros claim. specialize (claim (-1)).
  replace ((-1) ^ 2) with 1 in claim by ring. rewrite sqrt_1 in claim. lra.
Qed.
Lemma square_root_with_a_sign : forall x, 0 < x -> sqrt (x ^ 2) = x.
Proof. intros. apply sqrt_pow2. lra. Qed.  (* step knows no roots *)

Lemma ln_of_minus_1 : ln (-1) = 0.  (* as Rocq defines it *)
Proof. unfold ln. destruct Rlt_dec; [exfalso; lra | easy]. Qed.

Theorem exponential_of_a_logarithm : ~ (forall x, exp (ln x) = x).
Proof.
  Fail try_step. intros claim. specialize (claim (-1)).
  rewrite ln_of_minus_1, exp_0 in claim. lra.
Qed.
Lemma exponential_with_a_sign : forall x, 0 < x -> exp (ln x) = x.
Proof. step. Qed.

Theorem logarithm_of_a_product : ~ (forall x y, ln (x * y) = ln x + ln y).
Proof.
  Fail try_step. intros claim. specialize (claim (-1) (- exp 1)).
  replace (-1 * - exp 1) with (exp 1) in claim by ring.
  rewrite ln_exp, ln_of_minus_1 in claim. unfold ln in claim.
  assert (0 < exp 1) by apply exp_pos. destruct Rlt_dec in claim; [exfalso|]; lra.
Qed.
Lemma logarithm_with_signs : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Proof. step. Qed.

(* ---- A lost hypothesis -------------------------------------------------------------------- *)

(* With labels 0 the derivative is 0, and no output is. *)
Theorem gradient_for_any_labels : ~ (forall n y z j, (2 <= n)%nat -> (j < n)%nat ->
  partial (fun z => cross_entropy n (softmax n z) y) z j = softmax n z j - y j).
Proof.
  Fail try_step. intros claim.
  specialize (claim 2%nat (fun _ => 0) (fun _ => 0) 0%nat ltac:(lia) ltac:(lia)).
  assert (0 < softmax 2 (fun _ => 0) 0) by (unfold softmax; positive).
  unfold partial, cross_entropy in claim. rewrite (Derive_ext _ (fun _ => 0)) in claim.
  - rewrite Derive_const in claim. lra.
  - intros. simpl. ring.
Qed.
Lemma gradient_with_H1 : forall n y z j, (2 <= n)%nat -> (j < n)%nat ->
  sum n (fun k => y k) = 1 ->
  partial (fun z => cross_entropy n (softmax n z) y) z j = softmax n z j - y j.
Proof. step. Qed.

Theorem quotient_of_anything : ~ (forall x, x / x = 1).
Proof. Fail try_step. intros claim. specialize (claim 0). lra. Qed.
Lemma quotient_of_what_is_not_0 : forall x, x <> 0 -> x / x = 1.
Proof. step. Qed.

Theorem quotient_of_a_size : ~ (forall m, (1 <= m)%nat -> (INR m - 1) / (INR m - 1) = 1).
Proof.
  Fail try_step. intros claim. specialize (claim 1%nat (le_n 1)). simpl in claim. lra.
Qed.
Lemma quotient_of_a_size_from_2_on :
  forall m, (2 <= m)%nat -> (INR m - 1) / (INR m - 1) = 1.
Proof. step. Qed.

(* ---- An index out of range, a case that is not given -------------------------------------- *)

(* A delta picks a term only where the sum has it. *)
Theorem term_that_the_sum_lacks :
  ~ (forall n j f, (2 <= n)%nat -> sum n (fun k => delta k j * f k) = f j).
Proof.
  Fail try_step. intros claim. specialize (claim 2%nat 2%nat (fun _ => 1) ltac:(lia)).
  rewrite sum_delta_outside in claim by lia. lra.
Qed.
Lemma term_that_the_sum_has : forall n j f, (2 <= n)%nat -> (j < n)%nat ->
  sum n (fun k => delta k j * f k) = f j.
Proof. step. Qed.

Theorem all_but_a_term_that_the_sum_lacks :
  ~ (forall n j f, (2 <= n)%nat -> sum_except n j f = sum n f - f j).
Proof.
  Fail try_step. intros claim. specialize (claim 2%nat 2%nat (fun _ => 1) ltac:(lia)).
  unfold sum_except in claim. simpl in claim. lra.
Qed.
Lemma all_but_a_term_that_the_sum_has : forall n j f, (2 <= n)%nat -> (j < n)%nat ->
  sum_except n j f = sum n f - f j.
Proof. step. Qed.

Theorem two_indices : ~ (forall i j, delta i j = 0).
Proof.
  Fail try_step. intros claim. specialize (claim 0%nat 0%nat).
  rewrite delta_same in claim. lra.
Qed.
Lemma two_indices_that_differ : forall i j, i <> j -> delta i j = 0.
Proof. step. Qed.
