"""The files for Rocq are what the exporter writes, and it writes what a claim says.

Rocq itself is not needed here: `make certify` asks it.
"""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sympy import (
    Abs,
    E,
    Float,
    Function,
    I,
    Max,
    Piecewise,
    Pow,
    Product,
    cosh,
    sin,
    sqrt,
    tanh,
    zoo,
)

from certificates.export import ROOM, define, file, in_library, names
from certificates.gallina import Writer
from certificates.layout import WIDTH
from certificates.naming import CannotExportError
from certificates.section import Section
from derivations.formulas.claims import Claim
from derivations.formulas.indices import BlockSymbol, Size, size_of
from derivations.judges.at_points.comparison import samples_of
from derivations.judges.at_points.meaning import meaning
from derivations.judges.at_points.numbers import Numbers
from derivations.judges.at_points.samples import choices, every_choice
from derivations.letters import *
from derivations.proof import Step
from derivations.theorems import TOPICS, catalogue, other_losses

LAYER = softmax, cross_entropy
BATCH = batch_softmax, example_cross_entropy, mean_loss


def written(expr, *where):
    """An expression in Gallina, where definitions hold."""
    return str(Writer({x: names()[x] for x in where})(expr))


def chain(start, *steps, where=(), case=None):
    """A chain as it is given, whether it is true or not: no judge is asked."""
    lines = [Step(right, "a reason", using, None) for right, using in steps]
    uses = dict.fromkeys(fact for line in lines for fact in line.using)
    return SimpleNamespace(
        start=start, steps=lines, where=tuple(where), case=case, uses=tuple(uses)
    )


def text(*args, pair=None, **options):
    """The section of a chain; a definition that is not ours is called pair."""
    named = names() if pair is None else names() | {pair: "pair"}
    return Section("own", chain(*args, **options), named).text


class TestFiles:
    @pytest.mark.parametrize("topic", TOPICS)
    def test_is_what_the_exporter_writes_today(self, topic):
        """Where this fails: make certificates."""
        assert (ROOM / f"{topic}.v").read_text(encoding="utf-8") == file(topic)

    def test_every_theorem_and_every_step_is_there(self):
        for name, derive in catalogue().items():
            topic, own = name.split(".")
            text = (ROOM / f"{topic}.v").read_text(encoding="utf-8")
            steps = re.findall(rf"^Lemma {own}_(\d+) :", text, re.M)
            assert [int(x) for x in steps] == [*range(1, len(derive().steps) + 1)]
            assert len(re.findall(rf"^Theorem {own} :", text, re.M)) == 1

    def test_no_other_file_is_there(self):
        hand_written = {"Library", "refused"}
        assert {x.stem for x in ROOM.glob("*.v")} <= {*TOPICS} | hand_written

    def test_the_library_has_the_definitions_of_the_letters(self):
        text = (ROOM / "Library.v").read_text(encoding="utf-8")
        for one in in_library():
            assert f"\n{define(one)}\n" in text
        head = text[: text.index("(* ---- 2.")]
        assert len(re.findall("^Definition", head, re.M)) == 10 + len(in_library())

    def test_lines_can_be_read(self):
        for path in ROOM.glob("*.v"):
            lines = path.read_text(encoding="utf-8").splitlines()
            assert max(map(len, lines)) < 100 and WIDTH < 100, path.name


class TestExpressions:
    @pytest.mark.parametrize(
        ("expr", "expected"),
        [
            (a[j] - y[j], "a j - y j"),
            (-y[i] / a[i], "- (y i / a i)"),
            (a[i] * (delta - a[j]), "a i * (delta i j - a j)"),
            (times(-y[i] / a[i], a[i]), "(- (y i / a i)) * a i"),
            ((A[i, s] - Y[i, s]) / m, "(A i s - Y i s) / INR m"),
            (-z[i] - y[i], "- y i - z i"),
            (2 * z[i] / 3 - C, "2 * z i / 3 - C"),
            (1 / (n * a[i]), "1 / (INR n * a i)"),
            (z[i] ** 2 / S**2, "z i ^ 2 / S ^ 2"),
            ((z[i] + C) ** 3, "(C + z i) ^ 3"),
            (exp(z[i] - C), "exp (z i - C)"),
            (-log(S), "- ln S"),
            (g(2 * z[i]), "g (2 * z i)"),
            (Sum(y[k], (k, 1, n)) ** 2, "sum n (fun k => y k) ^ 2"),
            (
                a[j] * SumExcept(y[i], (i, 1, n), j),
                "a j * sum_except n j (fun i => y i)",
            ),
            (
                Sum(W[j, q] * X[q, s], (q, 1, d), (s, 1, m)),
                "sum m (fun s => sum d (fun q => W j q * X q s))",
            ),
            (Sum(v[k] * v[l], (k, 1, n)), "sum n (fun k => v k * v l)"),
            (KroneckerDelta(j, c), "delta c j"),
        ],
    )
    def test_is_written_as_on_paper(self, expr, expected):
        assert written(expr) == expected

    def test_a_letter_that_does_not_vary_stays_a_letter(self):
        expr = Derivative(L, a[i]) * a[i]
        expected = "a i * partial (fun a => cross_entropy n a y) a i"
        assert written(expr, *LAYER) == expected

    def test_a_letter_that_varies_is_a_function_of_what_varies(self):
        expected = "partial (fun z => cross_entropy n (softmax n z) y) z j"
        assert written(Derivative(L, z[j]), *LAYER) == expected

    def test_through_three_definitions(self):
        written_loss = "mean_loss m (example_cross_entropy n (batch_softmax n Z) Y)"
        expected = f"partial2 (fun Z => {written_loss}) Z j s"
        assert written(Derivative(J, Z[j, s]), *BATCH) == expected

    def test_the_second_derivative_has_the_first_inside(self):
        first = "partial (fun z => cross_entropy n (softmax n z) y) z i"
        expected = f"partial (fun z => {first}) z j"
        assert written(Derivative(L, z[i], z[j]), *LAYER) == expected

    def test_by_a_number(self):
        assert written(Derivative(C * log(C), C)) == "Derive (fun C => C * ln C) C"

    def test_e_to_something_is_exp_of_it(self):
        assert written(Pow(E, z[i], evaluate=False)) == "exp (z i)"


class TestOneChangeChangesTheStatement:
    """A wrong index, a lost premise, a swapped letter: each is another text."""

    START, RESULT = Derivative(L, z[j]), a[j] - y[j]

    def test_the_result(self):
        right = text(self.START, (self.RESULT, (H1,)), where=LAYER)
        others = [a[i] - y[j], a[j] - y[i], y[j] - a[j], a[j] + y[j], 2 * a[j] - y[j]]
        changed = {text(self.START, (x, (H1,)), where=LAYER) for x in others}
        assert len(changed | {right}) == 6

    def test_the_hypothesis(self):
        with_it = text(self.START, (self.RESULT, (H1,)), where=LAYER)
        without = text(self.START, (self.RESULT, ()), where=LAYER)
        assert "Lemma own_1 : H1 ->" in with_it and "Theorem own : H1 ->" in with_it
        assert "Local Notation H1 := (sum n (fun k => y k) = 1)." in with_it
        assert "H1" not in without

    def test_the_hypothesis_stands_at_its_step_alone(self):
        middle = a[j] * Sum(y[k], (k, 1, n)) - y[j]
        both = text(self.START, (middle, ()), (self.RESULT, (H1,)), where=LAYER)
        assert "Lemma own_1 :\n" in both and "Lemma own_2 : H1 ->" in both

    def test_the_case(self):
        start, result = Derivative(a[i], z[j]), -a[i] * a[j]
        texts = [
            text(start, (result, ()), where=[softmax], case=case)
            for case in (None, Eq(i, j), Ne(i, j))
        ]
        assert ["Context (case : i = j)." in x for x in texts] == [False, True, False]
        assert ["Context (case : i <> j)." in x for x in texts] == [False, False, True]

    def test_a_bound_letter(self):
        """Σ_k a_k y_l and Σ_k a_l y_k and Σ_l are three things."""
        exprs = [a[k] * y[l], a[l] * y[k], a[k] * y[k]]
        texts = {written(Sum(x, (k, 1, n))) for x in exprs}
        texts.add(written(Sum(a[k] * y[l], (l, 1, n))))
        assert len(texts) == 4

    def test_the_size(self):
        assert written(Sum(Y[k, s], (s, 1, m))) != written(Sum(Y[k, s], (k, 1, n)))

    def test_what_it_is_derived_by(self):
        variables = Z[j, s], Z[i, s], Z[j, t]
        assert len({written(Derivative(Z[i, s], x)) for x in variables}) == 3

    def test_the_definition(self):
        other = replace(cross_entropy, value=-cross_entropy.value)
        assert define(softmax) != define(normaliser)
        with pytest.raises(CannotExportError, match="no name"):
            text(self.START, (self.RESULT, ()), where=[softmax, other])


class TestContext:
    def test_what_is_free_is_declared_with_what_is_known_of_it(self):
        found = text(Derivative(L, a[i]), (-y[i] / a[i], ()), where=[cross_entropy])
        assert "Context (n : nat) (size_n : (2 <= n)%nat)." in found
        positive = "(positive_a : forall k, (k < n)%nat -> 0 < a k)"
        assert f"Context (a y : nat -> R) {positive}." in found
        assert "Context (i : nat) (in_i : (i < n)%nat)." in found

    def test_a_defined_letter_is_no_assumption(self):
        found = text(a[i], (exp(z[i]) / S, ()), where=[softmax, normaliser])
        assert "positive" not in found and "Context (z : nat -> R)." in found
        assert "Local Notation a := (softmax n z)." in found

    def test_a_denominator_is_a_premise_where_nothing_says_that_it_is_not_0(self):
        total = Sum(y[k], (k, 1, n))
        found = text(y[j] / total, (y[j] / total, ()))
        assert "Context (defined_1 : sum n (fun k => y k) <> 0)." in found
        assert "defined" not in text(z[j] / S, (z[j] / S, ()), where=[normaliser])
        assert "defined" not in text(
            1 / (1 - a[i]), (1 / (1 - a[i]), ()), where=[softmax]
        )

    def test_a_premise_inside_a_sum_is_for_each_of_its_terms(self):
        expr = Sum(log(z[k]), (k, 1, n))
        expected = "Context (defined_1 : forall k, (k < n)%nat -> z k > 0)."
        assert expected in text(expr, (expr, ()))

    def test_an_activation_has_its_slope(self):
        found = text(Derivative(g(z[i]), z[i]), (g_prime(z[i]), ()))
        assert "(slope_g : forall x, is_derive g x (g_prime x))" in found

    def test_each_derivative_exists(self):
        start = Derivative(L, z[j])
        middle = Sum(Derivative(L, a[i]) * Derivative(a[i], z[j]), (i, 1, n))
        found = text(start, (middle, ()), where=LAYER)
        for said in (
            "forall i, (i < n)%nat -> ex_partial (fun a => cross_entropy n a y) a i.",
            "forall i, (i < n)%nat -> ex_partial (fun z => softmax n z i) z j.",
            "ex_partial (fun z => cross_entropy n (softmax n z) y) z j.",
            "Theorem own_is_derive :",
        ):
            assert said in found

    def test_what_would_end_a_comment_does_not(self):
        whole = chain(z[i], (z[i], ()))
        whole.steps[0] = Step(z[i], 'a *) Axiom x : False. (* "b', (), None)
        found = Section("own", whole, names()).text
        assert "(* a * ) Axiom x : False. ( * 'b *)" in found


class TestWhatCannotBeExported:
    @pytest.mark.parametrize(
        ("expr", "words"),
        [
            (Abs(z[i]), "Abs"),
            (Max(z[i], 0), "Max"),
            (Piecewise((z[i], z[i] > 0), (0, True)), "Piecewise"),
            (tanh(z[i]), "tanh"),
            (cosh(z[i]), "cosh"),
            (sin(z[i]), "sin"),
            (sqrt(S), "sqrt"),
            (S**C, "the power S"),
            (i * z[i], "the index i as a number"),
            (z[3], "the index 3"),
            (Sum(z[k], (k, 2, n)), "the sum"),
            (Product(z[k], (k, 1, n)), "Product"),
            (Symbol("z'", real=True), "the name"),
            (Symbol("w"), "w, which is not declared real"),
            (Symbol("w", integer=True), "the index w as a number"),
            (E, "Exp1"),
            (times(Pow(E, -2, evaluate=False), z[i]), "Exp1"),
            (zoo, "ComplexInfinity"),
            (Float(0.5) * C, "Float"),
            (I * C, "ImaginaryUnit"),
            (Eq(C, 0), "Equality"),
            (v[i, s, q], "the 3 indices"),
            (v[i + 1], "the index i"),
            (Sum(z[k], (k, 1, m)), "the sum"),
            (Sum(C, (C, 1, n)), "the sum"),
            (SumExcept(z[k], (k, 1, m), j), "the sum"),
            (1 / Product(z[k], (k, 1, n)), "Product"),
            (log(z[i], 2, evaluate=False), "the arguments of log"),
            (g(z[i], z[j]), "the arguments of g"),
            (g(), "the arguments of g"),
            (KroneckerDelta(i, j, (1, 2)), "the delta"),
            (KroneckerDelta(i, 2), "the index 2"),
            (Derivative(C * n, n), "the derivative"),
            (Derivative(exp(C), (C, k)), "the derivative"),
            (Function("f")(C), "f"),
            (Derivative(Derivative(L, a[i]), z[j]), "two meanings"),
            (Derivative(Derivative(L, z[j]), a[i]), "two meanings"),
        ],
        ids=str,
    )
    def test_raises_by_name(self, expr, words):
        with pytest.raises(CannotExportError, match=words):
            written(expr, *LAYER)

    def test_a_letter_whose_index_a_sum_would_capture(self):
        pair = Definition(C, z[i] - z[j])
        writer = Writer({pair: "pair"})
        assert str(writer(Derivative(C, z[k]))) == "partial (fun z => pair z i j) z k"
        with pytest.raises(CannotExportError, match="a sum around it counts i"):
            writer(Sum(Derivative(C, z[i]), (i, 1, n)))

    def test_a_hypothesis_that_is_no_sum(self):
        with pytest.raises(CannotExportError, match="the hypothesis H3"):
            text(y[i], (y[i], (H3,)))

    def test_two_definitions_of_one_name_in_a_file(self, monkeypatch):
        both = other_losses.squared_error, other_losses.missing_probability
        named = names() | dict.fromkeys(both, "one")
        monkeypatch.setattr("certificates.export.names", lambda: named)
        with pytest.raises(CannotExportError, match="two definitions called one"):
            file("other_losses")


def refused(*args, **options):
    """Why a chain cannot be exported."""
    with pytest.raises(CannotExportError) as problem:
        text(*args, **options)
    return str(problem.value)


def same(expr, *using, **options):
    """A chain of one line, which says that an expression is itself."""
    return text(expr, (expr, using), **options)


class TestNames:
    """Each name of a section stands for one thing."""

    OTHER_K = Size("k", "k")
    NAMED_AS_ITS_SIZE = Size("N", "N").indices[0]

    @pytest.mark.parametrize(
        "expr",
        [
            Symbol("R", real=True) + Symbol("R_", real=True),
            z[i] + Symbol("z", real=True),
            L + Ls[s],
            C + Symbol("C", positive=True),
            C + BlockSymbol("C", real=True),
            y[i] * IndexedBase("y", positive=True)[j],
            Derivative(C * Symbol("i", real=True), C) * z[i],
            Sum(z[k], (k, 1, n)) * Symbol("k", real=True),
            v[NAMED_AS_ITS_SIZE],
            z[k] + v[OTHER_K.indices[0]],
            z[i] / n.at_least(3),
            z[i] * Symbol("in_i", real=True),
            z[i] * Symbol("size_n", real=True),
            a[i] * Symbol("positive_a", real=True),
            g(C) + Symbol("g", real=True),
            g(C) + Symbol("g_prime", real=True),
            g(C) + Symbol("slope_g", real=True),
            1 / C + Symbol("defined_1", real=True),
            Symbol("own", real=True),
            Symbol("own_1", real=True),
            Derivative(C**2, C) + Symbol("own_exists_1", real=True),
            Derivative(C * Symbol("own_is_derive", real=True), C),
        ],
        ids=str,
    )
    def test_are_not_given_to_two_things(self, expr):
        assert re.fullmatch("the name '.*' of two things", refused(expr, (expr, ())))

    def test_the_case_has_one(self):
        case = Symbol("case", real=True)
        assert "case" in same(case)
        assert "'case'" in refused(case, (case, ()), case=Eq(i, j))

    def test_of_an_array_that_is_defined_and_another(self):
        other = IndexedBase("a", real=True)
        expr = a[i] + other[i]
        assert "'a'" in refused(expr, (expr, ()), where=[softmax])

    def test_of_a_definition_and_a_letter(self):
        letter = Symbol("softmax", real=True)
        assert "softmax : R" in same(letter)
        expr = a[i] * letter
        assert "'softmax'" in refused(expr, (expr, ()), where=[softmax])

    def test_of_a_definition_are_none_of_a_statement(self):
        pair = Definition(C, z[i] - z[j])
        section = Section("own", chain(C, (C, ()), where=[pair]), {pair: "delta"})
        with pytest.raises(CannotExportError, match="the name 'delta'"):
            assert section.text

    @pytest.mark.parametrize("own", ["y", "n", "k"])
    def test_of_a_hypothesis_and_a_letter(self, own):
        fact = Hypothesis(own, [Sum(y[k], (k, 1, n))])
        assert f"'{own}'" in refused(y[i], (y[i], (fact,)))

    def test_of_two_hypotheses(self):
        other = Hypothesis("H1", [Sum(y[k], (k, 1, n))], value=2)
        assert "'H1'" in refused(y[i], (y[i], (H1,)), (y[i], (other,)))

    def test_of_a_hypothesis_that_is_a_word_of_rocq(self):
        found = same(y[i], Hypothesis("False", [Sum(y[k], (k, 1, n))]))
        assert "Local Notation False_ :=" in found and "own : False_ ->" in found

    @pytest.mark.parametrize(
        "word",
        ["_", "R", "mod", "by", "exists2", "Type", "SProp", "using", "is_derive"],
    )
    def test_words_of_rocq_get_another_one(self, word):
        assert f"Context ({word}_ : R)." in same(Symbol(word, real=True))

    @pytest.mark.parametrize("word", ["PI", "Rplus", "case", "update"])
    def test_what_a_section_may_call_something_else_does_not(self, word):
        assert f"Context ({word} : R)." in same(Symbol(word, real=True))

    def test_in_a_file_are_none_of_the_library(self, monkeypatch):
        named = names() | {other_losses.squared_error: "sum_ext"}
        monkeypatch.setattr("certificates.export.names", lambda: named)
        with pytest.raises(CannotExportError, match="'sum_ext' of two things"):
            file("other_losses")


class TestWhatIsMetLast:
    """Letters in conditions, in a derivative that exists, in a case."""

    def test_a_letter_of_a_condition(self):
        """1/C, where C varies, is written as its definition; the premise names C."""
        pair = Definition(C, z[i] + Symbol("PI", real=True))
        found = same(Derivative(1 / C, z[j]), where=[pair], pair=pair)
        assert "(PI : R)" in found and "Local Notation C := (pair PI z i)." in found
        assert "Context (defined_1 : C <> 0)." in found

    def test_a_letter_of_a_derivative_that_exists(self):
        slope = Definition(C, Derivative(L, a[i]))
        found = same(Derivative(C, z[j]), where=[*LAYER, slope], pair=slope)
        assert "ex_partial (fun a => cross_entropy n a y) a i." in found
        assert "Local Notation a := (softmax n z)." in found
        assert "positive_a" not in found

    def test_an_index_of_the_case(self):
        found = same(y[i], case=Ne(i, j))
        assert "Context (i j : nat) (in_i : (i < n)%nat) (in_j : (j < n)%nat)." in found

    def test_a_hypothesis_about_an_array_inside_a_definition(self):
        found = same(L, H1, where=[cross_entropy])
        assert "Local Notation H1 := (sum n (fun k => y k) = 1)." in found


class TestArrays:
    def test_two_indices_of_one_size_have_two_letters(self):
        u = IndexedBase("u", positive=True)
        expected = "forall k l, (k < n)%nat -> (l < n)%nat -> 0 < u k l"
        assert expected in same(u[k, k])

    def test_indices_of_one_size_need_as_many_letters(self):
        u, [only] = IndexedBase("u", positive=True), Size("N", "x").indices
        assert "one more letter" in refused(u[only, only], (C, ()))

    @pytest.mark.parametrize("expr", [v[i] + v[s], v[i] + v[i, s], a[s]])
    def test_have_indices_of_one_kind(self, expr):
        where = [softmax]
        assert "of several kinds" in refused(expr, (expr, ()), where=where)

    def test_a_condition_inside_two_sums_of_one_letter_is_for_one(self):
        inner = Sum(1 / y[k], (k, 1, n))
        found = same(Sum(y[k] * inner, (k, 1, n)))
        assert "(defined_1 : forall k, (k < n)%nat -> y k <> 0)" in found


def with_conditions():
    """The theorems that suppose something of a denominator or a logarithm."""
    section = re.compile(r"^Section (\w+)\.(.*?)^End \1\.", re.MULTILINE | re.DOTALL)
    return [
        f"{path.stem}.{own}"
        for path in sorted(ROOM.glob("*.v"))
        for own, said in section.findall(path.read_text(encoding="utf-8"))
        if "(defined_1 : " in said
    ]


def holds(relation, number):
    """Whether a number, of which the judge knows an interval, is > 0 or <> 0."""
    return number.sign > 0 if relation == "> 0" else number.sign != 0


class TestConditions:
    """From premises that contradict each other all would follow."""

    def test_some_theorems_have_any(self):
        assert len(with_conditions()) >= 2

    @pytest.mark.parametrize("name", with_conditions())
    def test_hold_together_at_points(self, name):
        """Of the second judge, where the definitions and hypotheses hold, too."""
        chain = catalogue()[name]()
        section = Section("own", chain, names())
        conditions = section.written and section.writer.conditions
        claim = Claim(chain.start, chain.result, chain.where, chain.uses, chain.case)
        given = *chain.where, *chain.uses
        meant = [(x, meaning(expr, given), over) for x, expr, over in conditions]
        free = sorted((x for x in claim.free_symbols if size_of(x)), key=str)
        for sample in samples_of(claim)[1]:
            numbers = Numbers(sample)
            for at in choices(free, sample, chain.case):
                assert numbers.holds(at, chain.where, chain.uses)
                for relation, value, over in meant:
                    for more in every_choice(over, sample.sizes):
                        assert holds(relation, numbers(value, at | more))
