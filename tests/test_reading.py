"""Text as a formula: what is written is read back, all else is one clear refusal."""

import ast
import builtins
import warnings
from pathlib import Path

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from sympy import Add, Mul, Rational, sqrt

import derivations
from derivations import notebook
from derivations.formulas.ranges import range_of
from derivations.letters import *
from derivations.proof import check
from derivations.text.names import declared, in_letters
from derivations.text.notation import bounds
from derivations.text.notation.tokens import characters, token_row
from derivations.text.printing import latex, text
from derivations.text.reading import SERIES, Unreadable, read
from derivations.text.sentences import read_case
from derivations.text.unicode import unicode
from derivations.text.vocabulary import FUNCTIONS, INSTEAD, NEAR, names_of
from derivations.theorems import blocks, catalogue, temperature
from derivations.theorems.labels import smoothed
from tests import fuzzing_text
from tests.test_broken_steps import SAMPLE

QUIET = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=[*HealthCheck],
)


def refused(source, *names):
    with pytest.raises(Unreadable) as stop:
        read(source, *names)
    return stop.value


class OfATheorem:
    """What is asked of each theorem; tests/more.py asks it of those of no sample."""

    def test_every_formula_is_read_back(self, name):
        chain = catalogue()[name]()
        names = names_of(chain)
        formulas = [chain.start, *(x.right for x in chain.steps)]
        formulas += [x for one in chain.where for x in (one.symbol, one.value)]
        formulas += [x for fact in chain.uses for x in fact.sums]
        for formula in formulas:
            assert read(text(formula), names) == formula, text(formula)
            assert read(unicode(formula), names) == formula, unicode(formula)
            assert read(latex(formula), names) == formula, latex(formula)


@pytest.mark.parametrize("name", SAMPLE)
class TestATheoremOfEachTopic(OfATheorem):
    pass


class TestWhatIsWrittenIsReadBack:
    @pytest.mark.parametrize(
        ("formula", "written"),
        [
            (
                SumExcept(y[i] * a[j], (i, 1, n), j),
                "SumExcept(a[j]*y[i], (i, 1, n), j)",
            ),
            (times(-y[i] / a[i], a[i]), "times(-y[i]/a[i], a[i])"),
            (y[j] + times(a[j], a[j]), "times(a[j], a[j]) + y[j]"),
            (-y[j] * (1 - a[j]), "-(1 - a[j])*y[j]"),
            (Mul(2, a[j] - y[j], evaluate=False), "2*(a[j] - y[j])"),
            (Mul(-1, a[j] - y[j], evaluate=False), "-(a[j] - y[j])"),
            (y[j] / (a[j] + y[j]) / 2, "y[j]/(2*(a[j] + y[j]))"),
            (Derivative(L, z[j], 2), "Derivative(L, (z[j], 2))"),
            (Derivative(L, z[i], z[j]), "Derivative(L, z[i], z[j])"),
            (exp(1) + exp(sympy.Integer(-1)), "exp(-1) + exp(1)"),
            (sqrt(a[i]) / 3 + Rational(1, 10), "1/10 + sqrt(a[i])/3"),
            (a[i] ** Rational(-2, 3), "a[i]**(-2/3)"),
            (Ls[s] + L, "L + L[s]"),
            (2 ** (a[i] / 2), "2**(a[i]/2)"),
            (Sum(y[1] * z[k], (k, 1, n)), "Sum(y[1]*z[k], (k, 1, n))"),
            (y[j] / Derivative(L, z[j]), "y[j]/Derivative(L, z[j])"),
            ((a[j] ** 2 + 1) ** a[1], "(1 + a[j]**2)**a[1]"),
            (A[1, 2] * delta.subs(i, 1), "KroneckerDelta(1, j)*A[1, 2]"),
        ],
    )
    def test_a_formula_and_its_text(self, formula, written):
        assert text(formula) == written
        assert read(written) == formula
        assert read(unicode(formula)) == formula, unicode(formula)

    def test_what_is_left_as_written_is_set_as_written(self):
        assert latex(read("2*(a[j] - y[j])")) == r"2 \left(a_{j} - y_{j}\right)"

    def test_a_minus_behind_a_sum_sign_is_in_parentheses(self):
        for source in ("Σ_i (-y_i a_j)", "Σ_{i≠j} (-y_i a_j)"):
            written = latex(read(source))
            assert written.endswith(r" \left(- y_{i} a_{j}\right)")
            assert read(written) == read(source)

    @pytest.mark.parametrize(
        ("source", "written"),
        [
            ("-y_j/a_j * a_j (1 - a_j)", "(−y_j/a_j) · a_j (1 − a_j)"),
            ("(-y_j/a_j) a_j (1 - a_j)", "(−y_j/a_j) · a_j · (1 − a_j)"),
            (r"-\frac{y_j}{a_j} a_j", "(−y_j/a_j) · a_j"),
            ("Σ_{i≠j} (-y_i/a_i) * a_i a_j", "Σ_{i≠j} (−y_i/a_i) · a_i a_j"),
            ("a_j * (1 - a_j) * y_j/2", "y_j a_j (1 − a_j)/2"),
            ("2*a_j/2", "a_j"),
        ],
    )
    def test_what_will_cancel_is_left_as_written(self, source, written):
        assert unicode(read(source)) == written
        assert read(written) == read(source)

    @pytest.mark.parametrize(
        ("source", "formula"),
        [
            ("delta", delta),
            ("Ls[t]", Ls[t]),
            ("  a[ i ] \n + y[j]\t", a[i] + y[j]),
            (".5*a[i]", a[i] / 2),
            ("2.e1", 20),
            ("1.25e-1", Rational(1, 8)),
            ("a[i]--y[i]", a[i] + y[i]),
            ("-a[i]**2", -(a[i] ** 2)),
            ("2**3**2", 512),
            ("a[i]/y[i]/z[i]", a[i] / y[i] / z[i]),
            ("a[i] - (y[i] - z[i])", Add(a[i], -(y[i]), z[i])),
            ("Derivative(L, z[j], z[i])", Derivative(L, z[j], z[i])),
            ("Sum(A[i, s], (i, 1, n), (s, 1, m))", None),
        ],
    )
    def test_other_ways_to_write(self, source, formula):
        found = read(source)
        if formula is not None:
            assert sympy.expand(found - formula) == 0
        assert read(text(found)) == found
        assert read(unicode(found)) == found, unicode(found)

    @pytest.mark.parametrize(
        ("source", "printed"),
        [
            ("a(i)", "a[i]"),
            ("1 + A(i, s)", "1 + A[i, s]"),
            ("2(a[i] + 1)", "2*(1 + a[i])"),
            ("a[i]y[i]", "a[i]*y[i]"),
            ("(a[i])(y[i])", "a[i]*y[i]"),
            ("a[i]^2", "a[i]**2"),
            ("a_i", "a[i]"),
            ("1 - A_is", "1 - A[i, s]"),
            ("z_12", "z[12]"),
            ("a_{i}", "a[i]"),
            ("yk", "y[k]"),
            ("(a + y)[i]", "a[i] + y[i]"),
            ("S[i]", "a[i]"),
            ("[1]", "1"),
            ("ln(a[i])", "log(a[i])"),
            ("log a[i]", "log(a[i])"),
            ("S(1)", "S"),
            ("delta(i, j)", "KroneckerDelta(i, j)"),
            ("Softmax(z[i])", "exp(z[i])/Sum(exp(z[k]), (k, 1, n))"),
            ("Sum(y[k])", "Sum(y[k], (k, 1, n))"),
            ("a[i] − y[i]", "a[i] - y[i]"),
            ("δ", "KroneckerDelta(i, j)"),
            ("aᵢ", "a[i]"),
            ("007", "7"),
        ],
    )
    def test_other_notations(self, source, printed):
        assert text(read(source)) == printed

    def test_numbers_are_exact(self):
        assert read("0.1 + 0.2") == Rational(3, 10)


ERRORS = {
    # what was written: where the caret stands, and what is said
    "": (0, "this is empty: type a formula, such as a_j - y_j"),
    " \n ": (0, "this is empty: type a formula, such as a_j - y_j"),
    "a[i] = y[i]": (0, "expected one formula here, not an equation"),
    "a[i] == y[i]": (0, "expected one formula here, not an equation"),
    "2a": (0, "this is an array of shape (n,): write an entry of it"),
    "2*A": (0, "this is an array of shape (n, m): write an entry of it"),
    r"\delta_i": (0, "δ needs two indices, as in δ_ij"),
    "A[i]": (0, "`A` has shape (n, m), so 2 indices"),
    "a[i, j]": (0, "`a` has shape (n,), so 1 index"),
    "a[i][j]": (0, "`a` has shape (n,), so 1 index"),
    "a[n]": (2, "`n`: an index is a letter that counts"),
    "a[-1]": (2, "`-1`: an index is a letter that counts"),
    "a[i + 1]": (2, "`i + 1`: an index is a letter that counts"),
    "a[1.5]": (2, "`1.5`: an index is a letter that counts"),
    "(a[i]": (0, "`(` is not closed: ) is expected"),
    "a[i": (1, "`[` is not closed: ] is expected"),
    "∑{{{": (3, "`{` is not closed: } is expected"),
    "j[]": (0, "an index is expected between [ and ]"),
    "a[i))": (3, "`)`: ] is expected to close"),
    "a[i]]": (4, "`]` closes nothing"),
    "()": (0, "`()`: a name, a number or a parenthesis is expected between"),
    "1 +": (3, "nothing behind `+`: a name, a number or a parenthesis is expected"),
    r"\sum_{y_{i}}": (12, "the formula ends too early: a name, a number or a paren"),
    "1 + * 2": (4, "`*` is not expected here: a name, a number or a parenthesis is"),
    "*a[i]": (0, "`*` is not expected here: a name, a number or a parenthesis is"),
    "exp(*a)": (4, "`*` is not expected here: a name, a number or a parenthesis is"),
    "1, 2": (1, "`,` is not expected here: a sign such as + or = is"),
    "exp((1, 2))": (4, "expected one formula here, not a list"),
    "log": (3, "nothing behind `log`: a name, a number or a parenthesis is expected"),
    "log(1, 2)": (0, "log takes one part, and 2 stand here"),
    "derivative(L, z[j])": (0, "`derivative` is not known here: perhaps Derivative"),
    "alhpa": (0, "`alhpa` is not known here: perhaps alpha is meant"),
    "x": (0, "this is an array of shape (n,): write an entry of it"),
    "Sum(y[k], (k, n))": (10, "the limits of a sum are written (k, 1, n)"),
    "Sum(y[k], (1, 1, n))": (11, "a sum is over a letter: (k, 1, n)"),
    "Sum(y[k], (k, 0, n))": (14, "k counts from 1: write (k, 1, n)"),
    "Sum(y[k], (k, 1, m))": (17, "k counts to n: write (k, 1, n)"),
    "Sum(y[k], (k, 1, n), (k, 1, n))": (0, "one letter is bound twice"),
    "Sum(Sum(y[k], (k, 1, n)), (k, 1, n))": (0, "one letter is bound twice"),
    "Sum(y[i], i != j)": (10, "the limits of a sum are written (k, 1, n)"),
    "SumExcept(y[i], (i, 1, n))": (0, "write SumExcept(f, (i, 1, n), j)"),
    "SumExcept(y[i], (i, 1, n), i)": (27, "i is the letter of the sum itself"),
    "Derivative(L)": (0, "a derivative needs its variable: Derivative(f, z[j])"),
    "Derivative(L, j)": (
        0,
        "a derivative is taken with respect to an entry or a letter, such as z_j",
    ),
    "Derivative(L, n)": (
        0,
        "a derivative is taken with respect to an entry or a letter, such as z_j",
    ),
    "Derivative(L, 2*z[j])": (
        0,
        "a derivative is taken with respect to an entry or a letter",
    ),
    "Derivative(L, (z[j], 3))": (21, "at most 2 derivatives"),
    "Derivative(L, z[i], z[j], z[k])": (0, "at most 2 derivatives"),
    "Derivative(Derivative(L, z[i], z[j]), z[k])": (0, "at most 2 derivatives"),
    "KroneckerDelta(i)": (0, "a delta takes two indices: KroneckerDelta(i, j)"),
    "KroneckerDelta(i, 2*j)": (18, "`2*j`: an index is a letter that counts"),
    "times(a[i])": (0, "times takes two factors or more: write times(x, y)"),
    "ａ[i]": (0, "`ａ`: this cannot stand in a formula"),
    "'a[i]'": (0, "`'`: a prime stands behind g, and a formula without quotes"),
    "lambda: 0": (0, "`lam` is not known here"),
    "lam": (0, "`lam` is not known here"),
    "digamma(z[i])": (
        0,
        "`digamma`: the checks have no rule for it; near it is log(x)",
    ),
    "softplus(z[i])": (0, "`softplus`: write log(1 + exp(x))"),
    "erf(z[i])": (0, "`erf`: the checks have no rule for it; near it is tanh(1.2*x)"),
    "clip(a[i], 0, 1)": (0, "`clip`: the checks have no rule for it; near it is log(e"),
    "where(a[i], 0, 1)": (0, "`where`: write where(i == j, x, y), and y for i ≠ j"),
    "pow(a[i], 2)": (0, "`pow`: write x**p"),
    "np": (0, "`np` is not known here"),
    "max(a[i], 0)": (0, "`max`: the checks have no rule for it; near it is log(exp(x"),
    "min(a[i], 0)": (0, "`min`: the checks have no rule for it; near it is -log(exp("),
    "argmax(a[i])": (0, "`argmax`: write the letter of a fixed class, such as c"),
    "sign(z[i])": (0, "`sign`: the checks have no rule for it; near it is tanh(x)"),
    "relu(z[i])": (0, "`relu`: the checks have no rule for it; near it is log(1 + "),
    "foo(z[i])": (0, "`foo` is not known here: the functions are Sum, SumExcept, "),
    "einsum(a[i])": (0, "`einsum`: write the product, such as W @ X"),
    "a[i].base": (4, "`.base` is not read here; .T, .sum() and .mean() are"),
    "__import__('os')": (3, "`mport` is not known here"),
    "1/(a[i] - a[i])": (0, "this divides by 0, or takes its logarithm"),
    "1 + log(0)": (4, "this divides by 0, or takes its logarithm"),
    "0**-1": (0, "this divides by 0, or takes its logarithm"),
    "sqrt(-1)": (0, "a number below 0 has no real root or logarithm"),
    "log(-2)": (0, "a number below 0 has no real root or logarithm"),
    "(-8)**(1/3)": (0, "a number below 0 has no real root or logarithm"),
    "tanh(Derivative(a[i], z[j]))": (
        0,
        "tanh takes what is known to be real",
    ),
    "cos(sqrt(z[i]))": (
        0,
        "cos takes what is known to be real",
    ),
    "((-1)**2*log(y[i])**3)**a[i]": (0, "a power of a power: multiply the exponents"),
}


class TestARefusal:
    @pytest.mark.parametrize("source", ERRORS)
    def test_names_the_place_and_what_was_expected(self, source):
        position, words = ERRORS[source]
        error = refused(source)
        assert error.expected.startswith(words)
        assert error.position == position
        assert error.source == source
        first, shown, caret, *_ = str(error).split("\n")
        assert first == error.expected
        assert caret == " " * position + "^"
        assert shown.rstrip("…") == "".join(
            x if x.isprintable() else "�" for x in source[: position + 40]
        )

    def test_a_long_text_is_shortened_around_the_place(self):
        source = "a[i] + " * 30 + "relu" + " + a[i]" * 30
        error = refused(source)
        _, shown, caret, *_ = str(error).split("\n")
        assert len(shown) < 100
        assert shown.startswith("…") and shown.endswith("…")
        assert shown[caret.index("^") :].startswith("relu")
        assert source[error.position :].startswith("relu")

    @pytest.mark.parametrize("letter", ["\n", "\r", "\x85", "\u2028", "\x1b", "\ud800"])
    def test_is_of_lines_that_can_be_shown(self, letter):
        error = refused(f"a[i] + x_q{letter} + '{letter}'")
        assert len(str(error).splitlines()) <= 4
        assert all(x.isprintable() for x in str(error).split("\n"))
        str(error).encode("utf-8")

    def test_suggests_nothing_that_is_refused_in_its_turn(self):
        assert refused("0=0{").suggestions == ()  # 0=0 is no formula

    @pytest.mark.parametrize("source", [None, 3, b"a[i]", a[i]])
    def test_what_is_no_text(self, source):
        with pytest.raises(TypeError, match="expected text"):
            read(source)


HOSTILE = {
    "a power tower": "9**9**9",
    "a long power": "2**10000",
    "a tall power": "((a[i]**60)**60)**60",
    "squares of squares": "(((((9**9)**9)**9)**9)**9)",
    "a sum to a high power": "(a[i] + y[i])**500",
    "a high root": "2**(1/10000)",
    "a power by a logarithm": "exp(1000000000*log(2))",
    "the same by halves": "exp(40*2*log(9))",
    "letters that cancel": "2**(a[i] + 1000000000)*2**(-a[i])",
    "powers of e": "exp(exp(exp(9)))",
    "a large power of e": "exp(100000)",
    "powers of e that grow": "exp(900)**2",
    "e in an exponent": "2**(2**exp(9))",
    "cosh of a large number": "cosh(10**50)",
    "long numbers": "*".join([30 * "9"] * 20),
    "long fractions": "+".join(f"1/{10**30 + 2 * x + 1}" for x in range(20)),
    "a power of ten": "1e999999999",
    "parentheses": "(" * 900,
    "closed parentheses": "(" * 400 + "1" + ")" * 400,
    "indices": "a[" * 300,
    "signs": "-" * 900 + "1",
    "powers in a row": "**".join(["a[i]"] * 150),
    "sums in sums": "Sum(" * 50 + "1" + ", (k, 1, n))" * 50,
    "derivatives of derivatives": "Derivative(" * 15 + "L" + ", z[j])" * 15,
    "zeros": "0" * 1000,
    "a null byte": "a[i]\0",
    "a surrogate": "\ud800",
    "a slice": "a[i:j]",
    "a line": "a[i]\\\n+1",
    "a fraction in a fraction": r"\frac{" * 150 + "1" + "}{2}" * 150,
    "an empty hat": r"y_k \hat[",
    "hats": r"\hat" * 200 + "y",
    "carets": "^".join(["a_j"] * 200),
    "a tower of carets": "2^" * 200 + "2",
    "a backslash": "\\",
    "backslashes": "\\" * 500,
    "sums in a row": r"\sum_k " * 300 + "y_k",
    "logarithms": "log " * 200 + "a_j",
    "operators": "d/dz_j " * 100 + "a_j",
    "primes": "g" + "'" * 200 + "(z_j)",
    "small letters": "a" + "ᵢ" * 900,
    "small digits": "2" + "⁹" * 60,
    "transposed": "a^T" * 200,
    "sums of sums": "A" + ".sum()" * 150,
    "outer products": "np.outer(" * 18 + "a" + ",a)" * 18,
    "a macro": r"\def\a{\a\a}\a",
    "a file": r"\input{/etc/passwd}",
    "bars": "|" * 500,
    "colons": ":" * 500,
    "new axes": "a" + "[:,None]" * 100,
    "deltas": "[i=j]" * 190,
    "softmaxes": "softmax(z) " * 80,
    "right to left": "\u202ea_j",
}


class TestHostileText:
    @pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
    def test_is_refused(self, source):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            refused(source)

    @pytest.mark.parametrize(
        "source",
        [
            "+".join(["a[i]"] * 200),
            "*".join(["a[i]"] * 60),
            "(" * 19 + "a[i]" + ")" * 19,
            "Sum(" * 9 + "y[k]" + "*a[k], (k, 1, n))*2" * 9,
            "*".join(f"sqrt({10**20 + x})" for x in range(30)),
            "*".join(f"(a[i] + {x})**64" for x in range(60)),
        ],
    )
    def test_what_is_only_large_is_read(self, source):
        assert isinstance(read(source), sympy.Expr)

    def test_the_bounds_are_those_that_are_said(self):
        most = characters.MOST_CHARACTERS
        assert read("1" + " " * (most - 1)) == 1
        assert f"at most {most} are allowed" in refused("1" + " " * most).expected
        deep = token_row.MOST_DEPTH
        assert read("(" * deep + "1" + ")" * deep) == 1
        assert refused("(" * (deep + 1) + "1" + ")" * (deep + 1)).position == deep
        assert read("9" * token_row.MOST_DIGITS)
        refused("9" * (token_row.MOST_DIGITS + 1))
        refused(f"1{'0' * 60}*1{'0' * 60}")
        power = bounds.MOST_POWER
        assert read(f"a[i]**{power}") == a[i] ** power
        refused(f"a[i]**{power + 1}")
        refused(f"a[i]**-{power + 1}")
        refused(f"a[i]**{power}*a[i]")
        assert read(f"exp({bounds.MOST_EXPONENT})")
        refused(f"exp({bounds.MOST_EXPONENT + 1})")

    def test_nothing_evaluates_a_text(self, monkeypatch):
        def caught(*given, **_):
            raise AssertionError(f"{given} was evaluated")

        for name in ("eval", "exec", "compile"):
            real = getattr(builtins, name)

            def judged(source, *rest, _real=real, **words):
                # `ast.parse` calls compile for a tree alone, and makes no code.
                only_a_tree = ast.PyCF_ONLY_AST in (*rest, words.get("flags"))
                return _real(source, *rest, **words) if only_a_tree else caught(source)

            monkeypatch.setattr(builtins, name, judged)
        monkeypatch.setattr("sympy.parsing.sympy_parser.parse_expr", caught)
        with pytest.raises(AssertionError, match="was evaluated"):
            sympy.sympify("1 + 1")
        for source in ["a[i]*2 - exp(-y[j]/3)", "0.5", "Sum(y[k], (k, 1, n))", "L"]:
            assert read(source) is not None
        for source in [*HOSTILE.values(), *ERRORS]:
            refused(source)

    def test_the_engine_knows_no_way_to_evaluate(self):
        bad = {"eval", "exec", "compile", "parse_expr", "lambdify"}
        for path in Path(derivations.__file__).parent.rglob("*.py"):
            nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
            words = {x.id for x in nodes if isinstance(x, ast.Name)}
            words |= {x.name for x in nodes if isinstance(x, ast.alias)}
            assert words & bad == set(), path
            for call in (x for x in nodes if isinstance(x, ast.Call)):
                if getattr(call.func, "id", "") == "sympify":
                    assert "strict" in [x.arg for x in call.keywords], path


class TestNames:
    def test_of_the_series(self):
        assert (SERIES.symbols["L"], SERIES.arrays["L"]) == (L, Ls)
        assert SERIES.symbols["delta"] == delta
        assert len(SERIES.entries["W1"].indices) == 2
        assert set(SERIES.arrays) == set(SERIES.entries)

    def test_a_letter_that_is_symbol_and_array(self):
        names = names_of(blocks.logits())
        assert text(read("N[s]", names)) == "N[s]"
        names = names_of(temperature.class_derivative())
        assert read("T[j]", names) == temperature.T_class[j]
        refused("T", names)

    def test_a_theorems_own_letters_win(self):
        own = Symbol("C", positive=True)
        assert names_of(own * a[i]).symbols["C"] is own
        assert names_of([softmax], H1, None).symbols["C"] == C
        assert SERIES.symbols["C"] == C

    def test_a_size_brings_its_letters(self):
        names = names_of(blocks.outputs())
        assert read("zP[lP]", names) == blocks.zP[blocks.lP]
        assert read("Sum(zP[lP], (lP, 1, nP))", names)
        assert "lP" not in SERIES.symbols

    def test_of_names(self):
        more = declared(SERIES, [("gamma", "real")])
        assert "gamma" in names_of(more).symbols
        assert "gamma" not in SERIES.symbols

    def test_declared(self):
        names = declared(SERIES, [("gamma", "positive"), (" w[ k ] ", "real")])
        assert read("gamma", names).is_positive
        assert read("w[j]", names).is_real and not read("w[j]", names).is_positive
        assert read("U[i, s]", declared(SERIES, [("U[k, t]", "real")]))
        assert "shape (n,)" in refused("w", names).expected
        assert "1 index" in refused("w[i, j]", names).expected
        known = declared(SERIES, [("alpha", "real"), ("C", "real"), ("v[k]", "real")])
        assert read("alpha + C + v[i]", known) == alpha + C + v[i]

    @pytest.mark.parametrize(
        ("name", "sign", "words"),
        [
            ("L", "real", "L has a meaning of its own"),
            ("a[k]", "positive", "a has a meaning of its own"),
            ("a", "positive", "a has a meaning of its own"),
            ("exp", "real", "exp has a meaning of its own"),
            ("k", "0..1", "k has a meaning of its own"),
            ("n", "1..", "n has a meaning of its own"),
            ("gamma", "complex", "gamma is declared positive, nonnegative or real"),
            ("gamma", "..", "gamma is declared positive, nonnegative or real"),
            ("gamma", "0...1", "gamma is declared positive, nonnegative or real"),
            ("gamma", "1..0", "gamma: no number lies between"),
            ("gamma", "1/2..0.5", "gamma: no number lies between"),
            ("gamma", "0..1/0", "gamma: no number lies between"),
            ("gamma", "[..]", "gamma is declared positive, nonnegative or real"),
            ("2x", "real", "a parameter is a name"),
            ("", "real", "a parameter is a name"),
            ("x" * 30, "real", "a parameter is a name"),
            ("lambda", "real", "a parameter is a name"),
            ("a_i", "real", "a parameter is a name"),
            ("w[]", "real", "an index is a letter such as k"),
            ("w[x]", "real", "an index is a letter such as k"),
            ("w[k", "real", "a parameter is a name"),
        ],
    )
    def test_declared_refuses(self, name, sign, words):
        with pytest.raises(Unreadable) as stop:
            declared(SERIES, [(name, sign)])
        assert stop.value.expected.startswith(words)

    @pytest.mark.parametrize(
        ("name", "sign", "between"),
        [
            ("beta", "0..1", (0, 1)),
            ("beta", " -1/2 .. 0.25 ", (Rational(-1, 2), Rational(1, 4))),
            ("beta", "1..", (1, sympy.oo)),
            ("beta", "..-1", (-sympy.oo, -1)),
            ("w[k]", "0..1", (0, 1)),
            ("alpha", "positive", (0, sympy.oo)),
            ("v[k]", "0..1", (0, 1)),
            ("alpha[k]", "0..1", (0, 1)),
            ("v", "0..1", (0, 1)),
            ("q", "0..1", (0, 1)),
        ],
    )
    def test_a_range_is_what_facts_know(self, name, sign, between):
        known = range_of(read(name, declared(SERIES, [(name, sign)])))
        assert (known.low, known.high) == between and known.is_open

    def test_an_end_in_brackets_is_in_the_range(self):
        for sign, has in (("[0..1]", (1, 1)), ("(0..1]", (0, 1)), ("[0..", (1, 1))):
            known = range_of(read("beta", declared(SERIES, [("beta", sign)])))
            assert (known.has(0), known.has(1)) == has and not known.has(-1)
        share = read("1 - beta", declared(SERIES, [("beta", "[0..1]")]))
        assert range_of(share).is_nonnegative and not range_of(share).is_positive

    def test_a_letter_that_counts_in_a_definition_keeps_its_meaning(self):
        with pytest.raises(Unreadable, match="q has a meaning of its own"):
            declared(names_of(linear), [("q", "0..1")], [linear])
        refused("Sum(X[q, s], (q, 1, d))", declared(SERIES, [("q", "0..1")]))

    def test_a_number_that_a_definition_holds_is_no_array(self):
        with pytest.raises(Unreadable, match="alpha has a meaning of its own"):
            declared(names_of(smoothed), [("alpha[k]", "real")], [smoothed])
        known = declared(SERIES, [("alpha[k]", "0..1")])
        assert in_letters(known, smoothed) == smoothed

    def test_declared_twice(self):
        with pytest.raises(ValueError, match="gamma is declared twice"):
            declared(SERIES, [("gamma", "real"), ("gamma[k]", "real")])

    def test_a_sign_may_have_spaces(self):
        known = declared(SERIES, [("gamma", " positive ")])
        assert known.symbols["gamma"].is_positive


class TestACase:
    @pytest.mark.parametrize(
        ("source", "case"),
        [
            ("i = j", Eq(i, j)),
            (" i==j ", Eq(i, j)),
            ("i ≠ j", Ne(i, j)),
            ("s != t", Ne(s, t)),
            ("", None),
            ("  ", None),
        ],
    )
    def test_is_read(self, source, case):
        assert read_case(source) == case

    @pytest.mark.parametrize(
        ("source", "position"),
        [
            ("i", 0),
            ("i < j", 0),
            ("i = n", 4),
            ("i = s", 4),
            ("i = i", 4),
            ("i = j" + " " * 2000, 0),
        ],
    )
    def test_is_refused(self, source, position):
        with pytest.raises(Unreadable) as stop:
            read_case(source)
        assert stop.value.position == position


def test_what_is_read_can_be_judged():
    where = [softmax, cross_entropy]
    question = read("Derivative(L, z[j])", names_of(*where))
    assert check(read("a[j] - y[j]"), question, where, H1)
    assert check(read("-(y[j] - a[j])"), question, where, H1)
    assert check(read("times(a[j], 1 - y[j]/a[j])"), question, where, H1)
    assert not check(read("a[j] + y[j]"), question, where, H1)


def test_a_notebook_shows_how_a_text_was_read():
    where = [softmax, cross_entropy]
    verdict = notebook.check("softmax(z_j) + y_j", "dz", where, H1)
    assert not verdict and verdict.mark == "✗"
    shown, sentence = verdict._repr_markdown_().split("\n\n")
    assert shown.startswith(r"read as $\frac{e^{z_{j}}}{")
    assert r"which should equal $\frac{\partial L}{\partial z_{j}}$" in shown
    assumed = r"dz is the derivative of L; softmax(z\_i) read as softmax(z)\_i"
    assert shown.endswith(f"({assumed})")
    assert sentence.startswith("✗ differs: at n = ")
    assert repr(verdict).startswith("∂L/∂z_j = ")
    assert type(notebook.check(a[j], "dz", where)) is type(check(a[j], a[j]))


@QUIET
@given(fuzzing_text.texts())
def test_any_text_has_an_answer(source):
    assert fuzzing_text.fault(source) is None


class TestTheFuzzer:
    def find(self, monkeypatch, wrong, **words):
        monkeypatch.setattr(fuzzing_text, "read", wrong)
        return fuzzing_text.fault("a[i] - y[i]", **words)

    def test_sees_a_crash(self, monkeypatch):
        def crash(source, names):
            raise KeyError(source)

        assert "crashes: KeyError" in self.find(monkeypatch, crash)

    def test_sees_what_is_no_formula(self, monkeypatch):
        assert self.find(monkeypatch, lambda *_: Eq(i, j)).startswith("gives ")

    def test_sees_words_that_are_not_clear(self, monkeypatch):
        class Unclear(Unreadable):
            def __str__(self):
                return "no"

        def unclear(source, names):
            raise Unclear("no", source, 0)

        assert "in these words" in self.find(monkeypatch, unclear)

    def test_sees_another_formula_read_back(self, monkeypatch):
        formulas = iter([a[i] - y[i], a[i] + y[i]])
        found = self.find(monkeypatch, lambda *_: next(formulas))
        assert found == "is read back as a[i] + y[i]"

    def test_sees_what_is_slow(self, monkeypatch):
        assert self.find(monkeypatch, read, most=0).startswith("takes ")

    def test_search_reports_its_smallest_find(self, monkeypatch):
        def crash(source, names):
            if "2" in source:
                raise KeyError(source)
            raise Unreadable("no", source, 0)

        monkeypatch.setattr(fuzzing_text, "read", crash)
        count, find = fuzzing_text.search(0, float("inf"), examples=300)
        assert count > 0
        assert find[1].startswith("crashes") and "2" in find[0] and len(find[0]) < 9


class TestInstead:
    """What is written instead is itself a formula, or says so in words."""

    @pytest.mark.parametrize("word", [*INSTEAD, *NEAR])
    def test_can_be_read(self, word):
        known = declared(SERIES, [(x, "positive") for x in ("x", "f", "rho")])
        known.symbols["y"] = known.symbols["x"]
        words = INSTEAD.get(word, NEAR.get(word)).replace("**p", "**rho")
        formula = words.partition(", " if word in NEAR else " for ")[0]
        if " or " not in formula and not formula.startswith(("the ", "lam,", "a f")):
            assert read(formula, known) is not None

    def test_stands_once(self):
        assert not {*INSTEAD} & {*NEAR}
        assert not {x.lower() for x in FUNCTIONS} & {*INSTEAD, *NEAR}


@pytest.mark.parametrize("where", ["softmax", None, 3, {"a": 1}])
def test_a_notebook_refuses_what_is_no_definition(where):
    with pytest.raises(TypeError, match="expected a Definition, such as softmax"):
        notebook.check("a - y", "dL/dz", where)


@pytest.mark.parametrize("question", [..., None, [z[i]]])
def test_a_notebook_refuses_what_is_no_question(question):
    with pytest.raises(TypeError, match="expected a SymPy expression"):
        notebook.check("a - y", question)
