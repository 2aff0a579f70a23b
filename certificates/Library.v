(* What the statements of the topics are made of, and how each of their steps is proved.
   README.md says how to read a statement.  Trusted is only the first part, and of Coquelicot
   the meaning of is_derive and Derive; a mistake in the others makes a proof fail. *)

From Coq Require Export Reals Lra Lia Arith.
From Coquelicot Require Export Coquelicot.
Open Scope R_scope.

(* ---- 1. What statements are made of -------------------------------------------------- *)

(* An array is a function of its indices; an index i of n classes is a number below n. *)

(* The Kronecker delta: 1 where i = j and 0 otherwise. *)
Definition delta (i j : nat) : R := if Nat.eq_dec i j then 1 else 0.

(* The sum of f 0, …, f (n - 1), and the same without the term of j. *)
Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => sum m f + f m end.
Definition sum_except (n j : nat) (f : nat -> R) : R :=
  sum n (fun k => if Nat.eq_dec k j then 0 else f k).

(* An array with x in the place of one entry. *)
Definition update (z : nat -> R) (j : nat) (x : R) (k : nat) : R :=
  if Nat.eq_dec k j then x else z k.
Definition update2 (z : nat -> nat -> R) (j s : nat) (x : R) (k t : nat) : R :=
  if Nat.eq_dec k j then (if Nat.eq_dec t s then x else z k t) else z k t.

(* The derivative of a function of an array by one entry, at the array z; that there is one;
   that it is l. *)
Definition partial (f : (nat -> R) -> R) z j := Derive (fun x => f (update z j x)) (z j).
Definition partial2 (f : (nat -> nat -> R) -> R) z j s :=
  Derive (fun x => f (update2 z j s x)) (z j s).
Definition ex_partial (f : (nat -> R) -> R) z j := ex_derive (fun x => f (update z j x)) (z j).
Definition ex_partial2 (f : (nat -> nat -> R) -> R) z j s :=
  ex_derive (fun x => f (update2 z j s x)) (z j s).
Definition is_partial (f : (nat -> R) -> R) z j (l : R) :=
  is_derive (fun x => f (update z j x)) (z j) l.
Definition is_partial2 (f : (nat -> nat -> R) -> R) z j s (l : R) :=
  is_derive (fun x => f (update2 z j s x)) (z j s) l.

(* The definitions of derivations/letters.py, as export.py writes them. *)
Definition softmax (n : nat) (z : nat -> R) (i : nat) : R :=
  exp (z i) / sum n (fun k => exp (z k)).
Definition normaliser (n : nat) (z : nat -> R) : R := sum n (fun k => exp (z k)).
Definition cross_entropy (n : nat) (a y : nat -> R) : R := - sum n (fun k => ln (a k) * y k).
Definition one_hot (c i : nat) : R := delta c i.
Definition batch_softmax (n : nat) (Z : nat -> nat -> R) (i s : nat) : R :=
  exp (Z i s) / sum n (fun k => exp (Z k s)).
Definition example_cross_entropy (n : nat) (A Y : nat -> nat -> R) (s : nat) : R :=
  - sum n (fun k => Y k s * ln (A k s)).
Definition mean_loss (m : nat) (L : nat -> R) : R := sum m (fun t => L t) / INR m.
Definition example_logits (Z : nat -> nat -> R) (s j : nat) : R := Z j s.
Definition linear (d : nat) (W X : nat -> nat -> R) (b : nat -> R) (j s : nat) : R :=
  b j + sum d (fun q => W j q * X q s).
Definition hidden_linear (d : nat) (W1 X : nat -> nat -> R) (b1 : nat -> R) (p s : nat) : R :=
  b1 p + sum d (fun q => W1 p q * X q s).
Definition hidden_activation (Z1 : nat -> nat -> R) (g : R -> R) (p s : nat) : R := g (Z1 p s).
Definition first_order (h m : nat) (A1 G : nat -> nat -> R) : R :=
  sum m (fun t => sum h (fun u => A1 u t * G u t)).
Definition output_linear (h : nat) (A1 W : nat -> nat -> R) (b : nat -> R) (j s : nat) : R :=
  b j + sum h (fun p => A1 p s * W j p).

(* ---- 2. Sums and deltas -------------------------------------------------------------- *)

Lemma sum_ext n f g : (forall k, (k < n)%nat -> f k = g k) -> sum n f = sum n g.
Proof.
  induction n; simpl; intros H; [easy|].
  rewrite IHn, H by (intros; try apply H; lia). easy.
Qed.
Lemma sum_plus n f g : sum n (fun k => f k + g k) = sum n f + sum n g.
Proof. induction n; simpl; [ring | rewrite IHn; ring]. Qed.
Lemma sum_scal n c f : sum n (fun k => c * f k) = c * sum n f.
Proof. induction n; simpl; [ring | rewrite IHn; ring]. Qed.
Lemma sum_const n c : sum n (fun _ => c) = INR n * c.
Proof. induction n; [simpl; ring|]. rewrite S_INR. simpl. rewrite IHn. ring. Qed.

Lemma delta_same i : delta i i = 1.
Proof. unfold delta. destruct Nat.eq_dec; easy. Qed.
Lemma delta_diff i j : i <> j -> delta i j = 0.
Proof. unfold delta. destruct Nat.eq_dec; easy. Qed.
Lemma delta_diff' i j : i <> j -> delta j i = 0.
Proof. unfold delta. destruct Nat.eq_dec; congruence. Qed.
Lemma delta_sym i j : delta i j = delta j i.
Proof. unfold delta. do 2 destruct Nat.eq_dec; congruence. Qed.
Lemma sum_delta_outside n j f : (n <= j)%nat -> sum n (fun k => delta k j * f k) = 0.
Proof. induction n; simpl; intros; [easy|]. rewrite IHn, delta_diff by lia. ring. Qed.
Lemma sum_delta n j f : (j < n)%nat -> sum n (fun k => delta k j * f k) = f j.
Proof.
  induction n; simpl; intros H; [lia|]. destruct (Nat.eq_dec n j) as [->|E].
  - rewrite sum_delta_outside, delta_same by lia. ring.
  - rewrite IHn, (delta_diff n j) by lia. ring.
Qed.
Lemma sum_except_eq n j f : (j < n)%nat -> sum_except n j f = sum n f - f j.
Proof.
  intros H. unfold sum_except. rewrite <- (sum_delta n j f H).
  cut (sum n (fun k => if Nat.eq_dec k j then 0 else f k) + sum n (fun k => delta k j * f k)
       = sum n f); [lra|].
  rewrite <- sum_plus. apply sum_ext. intros k _. unfold delta. destruct Nat.eq_dec; ring.
Qed.

Lemma update_same z j x k : x = z j -> update z j x k = z k.
Proof. unfold update. destruct Nat.eq_dec; congruence. Qed.
Lemma update2_same z j s x k t : x = z j s -> update2 z j s x k t = z k t.
Proof. unfold update2. repeat destruct Nat.eq_dec; congruence. Qed.

(* ---- 3. Signs ------------------------------------------------------------------------ *)

Lemma sum_pos n f : (0 < n)%nat -> (forall k, (k < n)%nat -> 0 < f k) -> 0 < sum n f.
Proof.
  intros H F. destruct n; [lia|]. clear H. induction n; simpl.
  - assert (0 < f 0%nat) by (apply F; lia). lra.
  - simpl in IHn. assert (0 < f (S n)) by (apply F; lia).
    assert (0 < sum n f + f n) by (apply IHn; intros; apply F; lia). lra.
Qed.
Lemma sum_nonneg n f : (forall k, (k < n)%nat -> 0 <= f k) -> 0 <= sum n f.
Proof.
  induction n; simpl; intros F; [lra|].
  assert (0 <= f n) by (apply F; lia).
  assert (0 <= sum n f) by (apply IHn; intros; apply F; lia). lra.
Qed.
(* Of two or more positive terms, all are more than one of them. *)
Lemma sum_less n f k :
  (2 <= n)%nat -> (k < n)%nat -> (forall k, (k < n)%nat -> 0 < f k) -> 0 < sum n f - f k.
Proof.
  intros H K F. rewrite <- sum_except_eq by easy. unfold sum_except.
  set (l := if Nat.eq_dec k 0 then 1%nat else 0%nat).
  assert (L : (l < n)%nat /\ l <> k) by (unfold l; destruct Nat.eq_dec; lia). clearbody l.
  rewrite (sum_ext n _ (fun i =>
    delta i l * f i + (if Nat.eq_dec i k then 0 else (1 - delta i l) * f i))).
  - rewrite sum_plus, sum_delta by tauto.
    apply Rplus_lt_le_0_compat; [apply F; tauto|]. apply sum_nonneg. intros i I.
    specialize (F i I). unfold delta. repeat destruct Nat.eq_dec; lra.
  - intros i I. unfold delta. destruct L as [_ L].
    repeat destruct Nat.eq_dec; try lra. exfalso. lia.
Qed.
Lemma INR_pos n : (0 < n)%nat -> 0 < INR n.
Proof. apply lt_0_INR. Qed.
Lemma INR_more_than_1 n : (2 <= n)%nat -> 0 < INR n - 1.
Proof. intros H. apply le_INR in H. simpl in H. lra. Qed.
Lemma pos_not_0 a : 0 < a -> a <> 0. Proof. lra. Qed.
Lemma neg_not_0 a : 0 < - a -> a <> 0. Proof. lra. Qed.
Lemma pos_as a b : a = b -> 0 < b -> 0 < a. Proof. congruence. Qed.
Lemma not_0_as a b : a = b -> b <> 0 -> a <> 0. Proof. congruence. Qed.

(* A denominator of two sums, kept as one thing while quotients cancel. *)
Definition block (a b : R) := a + b.

Ltac size := first [assumption | lia].
Ltac given := match goal with H : _ |- _ => apply H; size end.
(* positive: from the facts of the section, by the form of the term; `more` is tried last *)
Ltac positive_or more := cbv beta; first [assumption | given | lazymatch goal with
  | |- 0 < exp _ => apply exp_pos
  | |- 0 < block _ _ => unfold block; positive_or more
  | |- 0 < _ + _ =>
      first [apply Rplus_lt_0_compat; solve [positive_or more] | solve [one_less] | more ()]
  | |- 0 < _ - _ => first [solve [one_less] | more ()]
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; positive_or more
  | |- 0 < _ / _ => apply Rdiv_lt_0_compat; positive_or more
  | |- 0 < / _ => apply Rinv_0_lt_compat; positive_or more
  | |- 0 < _ ^ _ => apply pow_lt; positive_or more
  | |- 0 < sum _ _ => apply sum_pos; [size | intros; positive_or more]
  | |- 0 < INR _ => apply INR_pos; size
  | |- 0 < update _ _ _ _ => rewrite update_same by reflexivity; positive_or more
  | |- 0 < update2 _ _ _ _ _ _ => rewrite update2_same by reflexivity; positive_or more
  | _ => lra
  end]
with one_less := match goal with
  | |- 0 < - _ + _ => rewrite Rplus_comm; one_less
  | |- 0 < INR _ - 1 => apply INR_more_than_1; size
  | |- 0 < INR _ + - 1 => apply INR_more_than_1; size
  | |- 0 < INR _ + -1 => apply INR_more_than_1; size
  | K : (?k < ?n)%nat |- 0 < sum ?n ?f - _ => one_term_less n f k
  | K : (?k < ?n)%nat |- 0 < sum ?n ?f + - _ => one_term_less n f k
  end
with one_term_less n f k :=
  apply (sum_less n f k); [size | size | intros; solve [positive_or nothing]]
with nothing _ := fail.
(* and as one quotient *)
Ltac positive_quotient _ := lazymatch goal with |- 0 < ?e =>
  let H := fresh in assert (exists r, e = r /\ 0 < r) as [? [-> H]];
  [ eexists; split;
    [ field_simplify e;
      [reflexivity | repeat split; apply pos_not_0; solve [positive_or nothing] ..]
    | solve [positive_or nothing] ]
  | exact H ] end.
Ltac positive := positive_or positive_quotient.
Ltac not_0 := cbv beta; first [assumption | given | lazymatch goal with
  | |- _ * _ <> 0 => apply Rmult_integral_contrapositive_currified; not_0
  | |- / _ <> 0 => apply Rinv_neq_0_compat; not_0
  | |- - _ <> 0 => apply Ropp_neq_0_compat; not_0
  | |- _ ^ _ <> 0 => apply pow_nonzero; not_0
  | _ => first [apply pos_not_0; solve [positive] | apply neg_not_0; solve [positive] | lra]
  end].
Ltac side := repeat split; first [solve [not_0] | solve [positive]].

(* ---- 4. Derivatives ------------------------------------------------------------------ *)

Lemma der_const c x : is_derive (fun _ => c) x 0.
Proof. apply @is_derive_const. Qed.
Lemma der_id x : is_derive (fun x => x) x 1.
Proof. apply @is_derive_id. Qed.
Lemma der_update z j k x : is_derive (fun x => update z j x k) x (delta k j).
Proof. unfold update, delta. destruct Nat.eq_dec; [apply der_id | apply der_const]. Qed.
Lemma der_update2 z j s k t x :
  is_derive (fun x => update2 z j s x k t) x (delta k j * delta t s).
Proof.
  unfold update2, delta. destruct (Nat.eq_dec k j); [destruct (Nat.eq_dec t s)|].
  - rewrite Rmult_1_l. apply der_id.
  - rewrite Rmult_0_r. apply der_const.
  - rewrite Rmult_0_l. apply der_const.
Qed.
Lemma der_plus f g x a b :
  is_derive f x a -> is_derive g x b -> is_derive (fun x => f x + g x) x (a + b).
Proof. intros. now apply @is_derive_plus. Qed.
Lemma der_minus f g x a b :
  is_derive f x a -> is_derive g x b -> is_derive (fun x => f x - g x) x (a - b).
Proof. intros. now apply @is_derive_minus. Qed.
Lemma der_opp f x a : is_derive f x a -> is_derive (fun x => - f x) x (- a).
Proof. intros. now apply @is_derive_opp. Qed.
Lemma der_scal c f x a : is_derive f x a -> is_derive (fun x => c * f x) x (c * a).
Proof. intros. now apply is_derive_scal. Qed.
Lemma der_scal_r c f x a : is_derive f x a -> is_derive (fun x => f x * c) x (a * c).
Proof.
  intros H. rewrite (Rmult_comm a). apply (is_derive_ext (fun x => c * f x)).
  - intros. apply Rmult_comm.
  - exact (is_derive_scal f x c a H).
Qed.
Lemma der_mult f g x a b : is_derive f x a -> is_derive g x b ->
  is_derive (fun x => f x * g x) x (a * g x + f x * b).
Proof. intros H K. exact (is_derive_mult (K:=R_AbsRing) f g x a b H K Rmult_comm). Qed.
Lemma der_div_c f c x a : is_derive f x a -> is_derive (fun x => f x / c) x (a / c).
Proof. apply der_scal_r. Qed.
Lemma der_div f g x a b : is_derive f x a -> is_derive g x b -> g x <> 0 ->
  is_derive (fun x => f x / g x) x (a / g x - f x / g x * (b / g x)).
Proof. intros H K N. evar_last; [exact (is_derive_div f g x a b H K N)|]. now field. Qed.
Lemma der_inv g x b :
  is_derive g x b -> g x <> 0 -> is_derive (fun x => / g x) x (- (/ g x * (b / g x))).
Proof. intros H N. evar_last; [exact (is_derive_inv g x b H N)|]. now field. Qed.
Lemma der_exp f x a : is_derive f x a -> is_derive (fun x => exp (f x)) x (a * exp (f x)).
Proof. intros H. exact (is_derive_comp exp f x _ _ (is_derive_exp (f x)) H). Qed.
Lemma der_ln f x a : is_derive f x a -> 0 < f x -> is_derive (fun x => ln (f x)) x (a / f x).
Proof. intros H P. exact (is_derive_comp ln f x _ _ (is_derive_ln (f x) P) H). Qed.
Lemma der_g (g g' : R -> R) f x a : (forall x, is_derive g x (g' x)) -> is_derive f x a ->
  is_derive (fun x => g (f x)) x (a * g' (f x)).
Proof. intros G H. exact (is_derive_comp g f x _ _ (G (f x)) H). Qed.
Lemma der_pow f m x a :
  is_derive f x a -> is_derive (fun x => f x ^ m) x (INR m * a * f x ^ pred m).
Proof. intros H. exact (is_derive_pow f m x a H). Qed.
Lemma der_pow2 f x a : is_derive f x a -> is_derive (fun x => f x ^ 2) x (2 * a * f x).
Proof. intros H. evar_last; [exact (der_pow f 2 x a H)|]. simpl. ring. Qed.
Lemma der_sum n (f : R -> nat -> R) df x :
  (forall k, (k < n)%nat -> is_derive (fun x => f x k) x (df k)) ->
  is_derive (fun x => sum n (f x)) x (sum n df).
Proof.
  induction n; simpl; intros H; [apply der_const|].
  apply der_plus; [apply IHn; intros; apply H; lia | apply H; lia].
Qed.
Lemma der_ext (f g : R -> R) (x l : R) :
  (forall x, f x = g x) -> is_derive g x l -> is_derive f x l.
Proof. intros H. apply is_derive_ext. intros. now rewrite H. Qed.
Lemma is_derivative_of (f : R -> R) (x l : R) : ex_derive f x -> Derive f x = l -> is_derive f x l.
Proof. intros H <-. now apply Derive_correct. Qed.

(* ---- 5. The normal form: each rule proves e = r for an r that is found ------------------- *)

(* A sum of products; the weight w gathers the factors that depend on the index. *)
Definition weighted n (w f : nat -> R) := sum n (fun k => w k * f k).

Lemma nf_plus a b a' b' r : a = a' -> b = b' -> a' + b' = r -> a + b = r.
Proof. congruence. Qed.
Lemma nf_minus a b a' b' r : a = a' -> b = b' -> a' - b' = r -> a - b = r.
Proof. congruence. Qed.
Lemma nf_mult a b a' b' r : a = a' -> b = b' -> a' * b' = r -> a * b = r.
Proof. congruence. Qed.
Lemma nf_div a b a' b' r : a = a' -> b = b' -> a' / b' = r -> a / b = r.
Proof. congruence. Qed.
Lemma nf_opp a a' r : a = a' -> - a' = r -> - a = r. Proof. congruence. Qed.
Lemma nf_inv a a' r : a = a' -> / a' = r -> / a = r. Proof. congruence. Qed.
Lemma nf_pow a a' m r : a = a' -> a' ^ m = r -> a ^ m = r. Proof. congruence. Qed.
Lemma nf_app (g : R -> R) a a' r : a = a' -> g a' = r -> g a = r. Proof. congruence. Qed.
Lemma nf_sum n f g r :
  (forall k, (k < n)%nat -> f k = g k) -> weighted n (fun _ => 1) g = r -> sum n f = r.
Proof. intros H <-. unfold weighted. apply sum_ext. intros. rewrite H by easy. ring. Qed.
Lemma nf_except n j f r : (j < n)%nat -> sum n f - f j = r -> sum_except n j f = r.
Proof. intros H <-. now apply sum_except_eq. Qed.
Lemma nf_derive (f : R -> R) (x l r : R) : is_derive f x l -> l = r -> Derive f x = r.
Proof. intros H <-. now apply is_derive_unique. Qed.
Lemma nf_update z j x k r : x = z j -> z k = r -> update z j x k = r.
Proof. intros H <-. now apply update_same. Qed.
Lemma nf_update2 z j s x k t r : x = z j s -> z k t = r -> update2 z j s x k t = r.
Proof. intros H <-. now apply update2_same. Qed.
Lemma nf_exp_plus a b r : exp a * exp b = r -> exp (a + b) = r.
Proof. now rewrite exp_plus. Qed.
Lemma nf_exp_opp a r : / exp a = r -> exp (- a) = r.
Proof. now rewrite exp_Ropp. Qed.
Lemma nf_exp_minus a b r : exp a * exp (- b) = r -> exp (a - b) = r.
Proof. now rewrite <- exp_plus. Qed.
Lemma nf_ln_mult a b r : 0 < a -> 0 < b -> ln a + ln b = r -> ln (a * b) = r.
Proof. intros. now rewrite ln_mult. Qed.
Lemma nf_ln_inv a r : 0 < a -> - ln a = r -> ln (/ a) = r.
Proof. intros. now rewrite ln_Rinv. Qed.
Lemma nf_ln_div a b r : ln (a * / b) = r -> ln (a / b) = r.
Proof. easy. Qed.

Lemma lin_const n w c r : c * sum n w = r -> weighted n w (fun _ => c) = r.
Proof. intros <-. unfold weighted. rewrite <- sum_scal. apply sum_ext. intros. ring. Qed.
Lemma lin_plus n w f g a b r :
  weighted n w f = a -> weighted n w g = b -> a + b = r -> weighted n w (fun k => f k + g k) = r.
Proof. intros <- <- <-. unfold weighted. rewrite <- sum_plus. apply sum_ext. intros. ring. Qed.
Lemma weighted_scal n w c f : weighted n w (fun k => c * f k) = c * weighted n w f.
Proof. unfold weighted. rewrite <- sum_scal. apply sum_ext. intros. ring. Qed.
Lemma weighted_ext n w f g : (forall k, f k = g k) -> weighted n w f = weighted n w g.
Proof. intros H. apply sum_ext. intros. now rewrite H. Qed.
Lemma lin_opp n w f a r : weighted n w f = a -> - a = r -> weighted n w (fun k => - f k) = r.
Proof.
  intros <- <-. rewrite (weighted_ext _ _ _ (fun k => -1 * f k)) by (intros; ring).
  rewrite weighted_scal. ring.
Qed.
Lemma lin_minus n w f g a b r :
  weighted n w f = a -> weighted n w g = b -> a - b = r -> weighted n w (fun k => f k - g k) = r.
Proof.
  intros H K <-. apply (lin_plus n w f (fun k => - g k) a (- b)); [easy | | ring].
  now apply (lin_opp n w g b).
Qed.
Lemma lin_scal n w c f a r :
  weighted n w f = a -> c * a = r -> weighted n w (fun k => c * f k) = r.
Proof. intros <- <-. apply weighted_scal. Qed.
Lemma lin_as n w f g r : (forall k, f k = g k) -> weighted n w g = r -> weighted n w f = r.
Proof. intros H <-. now apply weighted_ext. Qed.
Lemma lin_atom n w f g r :
  weighted n (fun k => w k * f k) g = r -> weighted n w (fun k => f k * g k) = r.
Proof. intros <-. unfold weighted. apply sum_ext. intros. ring. Qed.
Lemma lin_first n f g r : weighted n f g = r -> weighted n (fun _ => 1) (fun k => f k * g k) = r.
Proof. intros <-. unfold weighted. apply sum_ext. intros. ring. Qed.
Lemma lin_delta n j w g r :
  (j < n)%nat -> w j * g j = r -> weighted n w (fun k => delta k j * g k) = r.
Proof.
  intros H <-. unfold weighted. rewrite <- (sum_delta n j (fun k => w k * g k) H).
  apply sum_ext. intros. ring.
Qed.
Lemma lin_delta' n j w g r :
  (j < n)%nat -> w j * g j = r -> weighted n w (fun k => delta j k * g k) = r.
Proof.
  intros H E. rewrite <- (lin_delta n j w g r H E). apply weighted_ext.
  intros. now rewrite delta_sym.
Qed.
Lemma inv_mult a b : / (a * b) = / a * / b. Proof. apply Rinv_mult. Qed.
Lemma inv_inv a : / / a = a. Proof. apply Rinv_inv. Qed.

(* ---- 6. The tactics of the normal form ------------------------------------------------- *)

(* the last simplification of a term whose parts are in normal form *)
Ltac fin := lazymatch goal with
  | |- / (sum ?n ?f + sum ?m ?g) = _ => exact (eq_refl (/ block (sum n f) (sum m g)))
  | |- ?a / (sum ?n ?f + sum ?m ?g) = _ => exact (eq_refl (a / block (sum n f) (sum m g)))
  | |- 0 + _ = _ => apply Rplus_0_l
  | |- _ + 0 = _ => apply Rplus_0_r
  | |- _ - 0 = _ => apply Rminus_0_r
  | |- 0 - ?a = _ => apply Rminus_0_l
  | |- 0 * _ = _ => apply Rmult_0_l
  | |- _ * 0 = _ => apply Rmult_0_r
  | |- 1 * _ = _ => apply Rmult_1_l
  | |- _ * 1 = _ => apply Rmult_1_r
  | |- - 0 = _ => apply Ropp_0
  | |- 0 / _ = _ => apply Rmult_0_l
  | |- / / _ = _ => apply inv_inv
  | |- _ => reflexivity
  end.

(* a sum without a constant factor: quotients in it cancel, a hypothesis may know it *)
Ltac known := lazymatch goal with
  | |- sum ?n (fun _ => ?c) = _ => apply sum_const
  | |- sum _ _ = _ => first [match goal with H : _ |- _ => apply H; size end | reflexivity]
  end.
Ltac cancel := lazymatch goal with |- ?l = _ => lazymatch l with
  | context [Rinv] => field_simplify l; [reflexivity | side ..]
  | _ => reflexivity
  end end.
Ltac total := lazymatch goal with |- sum ?n (fun k => @?f k) = _ => lazymatch f with
  | context [Rinv] =>
      first [eapply eq_trans; [apply sum_ext; intros; cbv beta; cancel | known] | known]
  | _ => known
  end end.

(* a sum of a product: sums of terms come apart, constants come out, a delta picks one *)
Ltac lin := cbv beta; lazymatch goal with
  | |- weighted _ _ (fun _ => 0) = _ => eapply lin_const; apply Rmult_0_l
  | |- weighted ?n ?w (fun _ => 1) = _ => eapply lin_const; rewrite Rmult_1_l; total
  | |- weighted ?n ?w (fun _ => ?c) = _ =>
      eapply lin_const; eapply nf_mult; [reflexivity | total | fin]
  | |- weighted ?n ?w (fun k => @?f k + @?g k) = _ => eapply (lin_plus n w f g); [lin | lin | fin]
  | |- weighted ?n ?w (fun k => @?f k - @?g k) = _ => eapply (lin_minus n w f g); [lin | lin | fin]
  | |- weighted ?n ?w (fun k => - @?f k) = _ => eapply (lin_opp n w f); [lin | fin]
  | |- weighted ?n ?w (fun k => @?f k / @?g k) = ?r =>
      change (weighted n w (fun k => f k * / g k) = r); lin
  | |- weighted ?n ?w (fun k => @?f k ^ 2) = _ => lin_by (fun k => f k * f k)
  | |- weighted ?n ?w (fun k => / (@?f k * @?g k)) = _ => lin_by (fun k => / f k * / g k)
  | |- weighted ?n ?w (fun k => / (@?f k / @?g k)) = _ => lin_by (fun k => / f k * / / g k)
  | |- weighted ?n ?w (fun k => / / @?f k) = _ => lin_by f
  | |- weighted ?n ?w (fun k => @?f k * @?h k) = _ => lazymatch f with
    | (fun _ => ?c) => eapply (lin_scal n w c h); [lin | fin]
    | (fun k => @?a k + @?b k) => lin_by (fun k => a k * h k + b k * h k)
    | (fun k => @?a k - @?b k) => lin_by (fun k => a k * h k - b k * h k)
    | (fun k => - @?a k) => lin_by (fun k => - (a k * h k))
    | (fun k => @?a k * @?b k) => lin_by (fun k => a k * (b k * h k))
    | (fun k => @?a k / @?b k) => lin_by (fun k => a k * (/ b k * h k))
    | (fun k => / (@?a k * @?b k)) => lin_by (fun k => / a k * (/ b k * h k))
    | (fun k => / (@?a k / @?b k)) => lin_by (fun k => / a k * (/ / b k * h k))
    | (fun k => / / @?a k) => lin_by (fun k => a k * h k)
    | (fun k => @?a k ^ 2) => lin_by (fun k => a k * (a k * h k))
    | (fun k => delta (@?a k) (@?b k)) => lazymatch b with
      | (fun _ => ?j) => eapply (lin_delta n j w h); [size | cbv beta; fin]
      | _ => lazymatch a with
        | (fun _ => ?j) => eapply (lin_delta' n j w h); [size | cbv beta; fin] end
      end
    | _ => lazymatch w with
      | (fun _ => 1) => eapply (lin_first n f h); lin
      | _ => eapply (lin_atom n w f h); lin
      end
    end
  | |- weighted ?n ?w ?f = _ => lin_by (fun k => f k * 1)
  end
with lin_by g := lazymatch goal with |- weighted ?n ?w ?f = _ =>
  eapply (lin_as n w f g); [intros; cbv beta; regroup | lin] end
with regroup := first
  [ unfold Rdiv; rewrite ?inv_mult, ?inv_inv; ring | simpl; ring ].

Ltac ln_nf := lazymatch goal with
  | |- ln (exp _) = _ => apply ln_exp
  | |- ln 1 = _ => apply ln_1
  | |- ln (_ * _) = _ =>
      eapply nf_ln_mult;
        [solve [positive] | solve [positive] | eapply nf_plus; [ln_nf | ln_nf | fin]]
  | |- ln (_ / _) = _ => eapply nf_ln_div; ln_nf
  | |- ln (/ _) = _ => eapply nf_ln_inv; [solve [positive] | eapply nf_opp; [ln_nf | fin]]
  | |- _ => reflexivity
  end.
Ltac exp_nf := lazymatch goal with
  | |- exp (_ + _) = _ => eapply nf_exp_plus; eapply nf_mult; [exp_nf | exp_nf | fin]
  | |- exp (_ - _) = _ => eapply nf_exp_minus; eapply nf_mult; [exp_nf | exp_nf | fin]
  | |- exp (- _) = _ => eapply nf_exp_opp; eapply nf_inv; [exp_nf | fin]
  | |- exp (ln _) = _ => apply exp_ln; solve [positive]
  | |- exp 0 = _ => apply exp_0
  | |- _ => reflexivity
  end.

(* nf finds the normal form of a term, and der the derivative of a function; `own` is what is
   tried on the terms of a sum *)
Ltac nf own := cbv beta; lazymatch goal with
  | |- _ + _ = _ => eapply nf_plus; [nf own | nf own | fin]
  | |- _ - _ = _ => eapply nf_minus; [nf own | nf own | fin]
  | |- _ * _ = _ => eapply nf_mult; [nf own | nf own | fin]
  | |- _ / _ = _ => eapply nf_div; [nf own | nf own | fin]
  | |- - _ = _ => eapply nf_opp; [nf own | fin]
  | |- / _ = _ => eapply nf_inv; [nf own | fin]
  | |- _ ^ _ = _ => eapply nf_pow; [nf own | fin]
  | |- exp _ = _ => eapply (nf_app exp); [nf own | exp_nf]
  | |- ln _ = _ => eapply (nf_app ln); [nf own | ln_nf]
  | |- sum _ _ = _ => eapply nf_sum; [intros; eapply eq_trans; [nf own | own ()] | lin]
  | |- sum_except _ _ _ = _ => eapply nf_except; [size | nf own]
  | |- Derive _ _ = _ => eapply nf_derive; [der own | nf own]
  | |- update _ _ _ _ = _ => tryif eapply nf_update; [reflexivity | ] then nf own else reflexivity
  | |- update2 _ _ _ _ _ _ = _ =>
      tryif eapply nf_update2; [reflexivity | ] then nf own else reflexivity
  | |- delta ?i ?i = _ => apply delta_same
  | H : ?i <> ?j |- delta ?i ?j = _ => exact (delta_diff i j H)
  | H : ?i <> ?j |- delta ?j ?i = _ => exact (delta_diff' i j H)
  | G : forall x, is_derive ?g x (?g' x) |- ?g _ = _ => eapply (nf_app g); [nf own | fin]
  | G : forall x, is_derive ?g x (?g' x) |- ?g' _ = _ => eapply (nf_app g'); [nf own | fin]
  | |- _ => reflexivity
  end
with der own := cbv beta; lazymatch goal with
  | |- is_derive (fun _ => ?c) _ _ => apply der_const
  | |- is_derive (fun x => x) _ _ => apply der_id
  | |- is_derive (fun x => update _ _ x _) _ _ => apply der_update
  | |- is_derive (fun x => update2 _ _ _ x _ _) _ _ => apply der_update2
  | |- is_derive (fun x => @?f x + @?g x) _ _ => eapply (der_plus f g); der own
  | |- is_derive (fun x => @?f x - @?g x) _ _ => eapply (der_minus f g); der own
  | |- is_derive (fun x => - @?f x) _ _ => eapply (der_opp f); der own
  | |- is_derive (fun x => @?f x * @?g x) _ _ => lazymatch f with
    | (fun _ => ?c) => eapply (der_scal c g); der own
    | _ => lazymatch g with
      | (fun _ => ?c) => eapply (der_scal_r c f); der own
      | _ => eapply (der_mult f g); der own
      end end
  | |- is_derive (fun x => @?f x / @?g x) _ _ => lazymatch g with
    | (fun _ => ?c) => eapply (der_div_c f c); der own
    | _ => eapply (der_div f g); [der own | der own | not_0_nf own]
    end
  | |- is_derive (fun x => / @?g x) _ _ => eapply (der_inv g); [der own | not_0_nf own]
  | |- is_derive (fun x => @?f x ^ 2) _ _ => eapply (der_pow2 f); der own
  | |- is_derive (fun x => @?f x ^ ?m) _ _ => eapply (der_pow f m); der own
  | |- is_derive (fun x => exp (@?f x)) _ _ => eapply (der_exp f); der own
  | |- is_derive (fun x => ln (@?f x)) _ _ => eapply (der_ln f); [der own | positive_nf own]
  | |- is_derive (fun x => sum ?n (@?f x)) _ _ => eapply (der_sum n f); intros; der own
  | |- is_derive (fun x => sum_except ?n ?j (@?f x)) _ _ =>
      eapply (der_ext _ (fun x => sum n (f x) - f x j));
        [intros; apply sum_except_eq; size | der own]
  | |- is_derive (fun x => Derive (@?f x) (@?q x)) _ _ =>
      eapply der_ext; [intros; nf own | der own]
  | G : forall x, is_derive ?g x (?g' x) |- is_derive (fun x => ?g (@?f x)) _ _ =>
      eapply (der_g g g' f); [exact G | der own]
  end
with not_0_nf own := first [solve [not_0] | eapply not_0_as; [nf own | solve [not_0]]]
with positive_nf own := first [solve [positive] | eapply pos_as; [nf own | solve [positive]]].

(* ---- 7. A step ------------------------------------------------------------------------- *)

Create HintDb definitions.
#[export] Hint Unfold partial partial2 ex_partial ex_partial2 is_partial is_partial2 softmax
  normaliser cross_entropy one_hot batch_softmax example_cross_entropy mean_loss example_logits
  linear hidden_linear hidden_activation first_order output_linear : definitions.
Ltac unfolded := intros; autounfold with definitions in *; cbv beta in *.

Lemma both (a b a' b' : R) : a = a' -> b = b' -> a' = b' -> a = b. Proof. congruence. Qed.
(* deltas that are left: equal or not *)
Ltac cases := repeat match goal with
  | |- context [delta ?i ?i] => rewrite (delta_same i)
  | |- context [delta ?i ?j] => destruct (Nat.eq_dec i j);
      [subst | rewrite ?(delta_diff i j), ?(delta_diff' i j) by assumption]
  end.
Ltac algebra := first [reflexivity | ring | field; side | progress unfold block; field; side].
Ltac same_sums := repeat match goal with
  | |- context [sum ?n ?f] => match goal with |- context [sum n ?g] =>
      tryif constr_eq f g then fail else
      replace (sum n f) with (sum n g) by (apply sum_ext; intros; cbv beta; solve [close])
    end end
with close := first [algebra | progress same_sums; algebra].
(* a hypothesis that knows A + B knows A as c - B *)
Ltac beside := repeat match goal with
  | H : forall s, (s < ?m)%nat -> @?A s + @?B s = ?c |- _ =>
    assert (forall s, (s < m)%nat -> A s = c - B s)
      by (let t := fresh in let K := fresh in intros t K; specialize (H t K); lra); clear H
  end; cbv beta in *.
Ltac plain _ := reflexivity.
Ltac first_cancel _ := first [cancel | reflexivity].
Ltac sides own := eapply both; [nf own | nf own | cases].
Ltac step := unfolded; subst; beside; first
  [ solve [sides plain; first [close | apply exp_inv; sides plain; close]]
  | solve [sides first_cancel; close] ].
Ltac exists_derivative := unfolded; subst; eexists; solve [der plain].
Tactic Notation "is_derivative" constr(whole) :=
  apply is_derivative_of; [exists_derivative | exact whole].

(* A chain: left = middle = right. *)
Notation "p @ q" := (eq_trans p q) (at level 60, right associativity).
