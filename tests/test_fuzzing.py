"""The search for wrong verdicts: that it runs clean, and that it can find.

A third opinion that never differs, or a search that reports nothing, would pass too;
so each is shown claims that are false, and a checker that accepts everything.
"""

import ast
import math
import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from sympy import Abs, Max, Rational, cos, sin, sqrt, tanh

from derivations.letters import *
from derivations.refusals import expressions
from tests import fuzzing, fuzzing_text
from tests.fuzzing import claims, compare, examine, told
from tests.fuzzing_claims import SIGNED, Claim
from tests.third import World

QUIET = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[*HealthCheck],
)
TOTAL = Sum(z[k], (k, 1, n))
DERIVATIVE = Derivative(a[i], z[j])
LOSS = (softmax, cross_entropy)
ZERO_SUM = (Hypothesis("H0", [Sum(v[k], (k, 1, n))], 0),)
TRUE = {
    "softmax": Claim(a[i] * (delta - a[j]), DERIVATIVE, (softmax,)),
    "softmax, equal": Claim(a[i] * (1 - a[i]), DERIVATIVE, (softmax,), case=Eq(i, j)),
    "softmax, unequal": Claim(-a[i] * a[j], DERIVATIVE, (softmax,), case=Ne(i, j)),
    "gradient": Claim(a[j] - y[j], Derivative(L, z[j]), LOSS, (H1,)),
    "hessian": Claim(
        a[i] * (delta - a[j]),
        Derivative(L, z[i], z[j]),
        LOSS,
        (H1,),
    ),
    "partial": Claim(-y[i] / a[i], Derivative(L, a[i]), LOSS),
    "held still": Claim(0, Derivative(L, z[j], a[i]), LOSS),
    "one-hot": Claim(-log(a[c]), L, (softmax, cross_entropy, one_hot)),
    "batch": Claim(
        A[i, s] * (delta - A[j, s]),
        Derivative(A[i, s], Z[j, s]),
        (batch_softmax,),
    ),
    "second": Claim(6 * z[i], Derivative(z[i] ** 3, z[i], z[i])),
    "kink": Claim(z[i], times(Abs(z[i]), Derivative(Abs(z[i]), z[i]))),
    "power": Claim(alpha * a[i] ** (alpha - 1), Derivative(a[i] ** alpha, a[i])),
    "tanh": Claim(1 - tanh(z[i]) ** 2, Derivative(tanh(z[i]), z[i])),
    "sine": Claim(cos(z[i]) * z[j], Derivative(z[j] * sin(z[i]), z[i]), case=Ne(i, j)),
    "except": Claim(TOTAL - z[i], SumExcept(z[k], (k, 1, n), i)),
    "hidden letter": Claim(TOTAL * z[i], z[i] * Sum(z[i], (i, 1, n))),
    "no label is negative": Claim(Abs(y[i]), y[i], (), (H1, H3)),
    "numbers": Claim(-a[2] * a[3], Derivative(a[2], z[3]), (softmax,)),
    "zero sum": Claim(-v[i], SumExcept(v[k], (k, 1, n), i), (), ZERO_SUM),
}
FALSE = {
    "sign": Claim(a[i] * a[j], DERIVATIVE, (softmax,), case=Ne(i, j)),
    "case": Claim(-a[i] * a[j], DERIVATIVE, (softmax,)),
    "hypothesis": Claim(a[j] - y[j], Derivative(L, z[j]), LOSS),
    "letter": Claim(a[i] * (delta - a[i]), DERIVATIVE, (softmax,)),
    "root": Claim(z[i], sqrt(z[i] ** 2)),
    "power": Claim(z[i] ** (2 * alpha), (z[i] ** 2) ** alpha),
    "delta": Claim(delta, delta**alpha),
    "tiny factor": Claim(z[i], z[i] * (1 + Rational(1, 10**30))),
    "tiny term": Claim(z[i], z[i] + exp(-100 - z[i] ** 2)),
    "tiny sides": Claim(exp(-100 - z[i] ** 2), 2 * exp(-100 - z[i] ** 2)),
    "many zeros": Claim(0, z[i] * sympy.prod(n - x for x in range(2, 8))),
    "kink": Claim(1, Derivative(Abs(z[i]), z[i])),
    "maximum": Claim(z[i], Max(z[i], -z[i])),
    "product of sums": Claim(TOTAL * Sum(y[k], (k, 1, n)), Sum(y[k] * z[k], (k, 1, n))),
    "capture": Claim(n * z[i], Sum(z[i], (i, 1, n))),
    "transposed": Claim(Sum(Y[i, s], (s, 1, m)), Sum(Y[i, s], (i, 1, n))),
    "moved": Claim(0, Derivative(Sum(y[k], (k, 1, n)), y[j]), (), (H1,)),
    "a label": Claim(Abs(y[i]), y[i], (), (H1,)),
    "numbers": Claim(-a[2] * a[i], Derivative(a[2], z[i]), (softmax,)),
    "second": Claim(3 * z[i], Derivative(z[i] ** 3, z[i], z[i])),
}


@pytest.mark.parametrize("name", TRUE)
def test_the_third_opinion_sees_no_gap_in_what_is_true(name):
    seen = compare(TRUE[name])
    assert seen.gap is None
    assert seen.agreed > 5


@pytest.mark.parametrize("name", FALSE)
def test_the_third_opinion_sees_what_is_false(name):
    assert compare(FALSE[name]).gap


def test_a_point_says_nothing_where_a_side_has_no_value():
    nowhere = compare(Claim(1 / (TOTAL - TOTAL.xreplace({k: j})), 1))
    assert nowhere.agreed == 0 and nowhere.gap is None
    somewhere = compare(Claim(log(z[i] * z[j]), log(z[i]) + log(z[j])))
    assert somewhere.agreed and somewhere.one_sided and somewhere.gap is None


def value(expr, numbers="0.3", **keywords):
    at = fuzzing.SIZES[1] | {i: 1, j: 2, s: 1}
    found = World(at, [*map(Decimal, numbers.split())], **keywords)(expr, at)[0]
    assert found.error < Decimal("1e-50") * max(1, abs(found.value))
    return float(found.value)


@pytest.mark.parametrize("f", ["exp", "log", "sin", "cos", "tanh", "sqrt"])
@pytest.mark.parametrize("number", ["0.3", "2.5", "40"])
def test_numbers_of_functions(f, number):
    found = value(getattr(sympy, f)(z[i]), number)
    assert found == pytest.approx(getattr(math, f)(float(number)), rel=1e-13)


def test_a_number_has_the_sign_of_its_letter():
    below, not_below, not_above, not_0, whole = SIGNED
    for number in ("0.3", "-0.3", "0", "-2.6"):
        assert value(below, number) < 0 <= value(not_below, number)
        assert value(not_above, number) <= 0 != value(not_0, number)
        assert value(whole, number) % 1 == 0
        assert value(y[i], number, using=[H3]) >= 0


def test_definitions_and_hypotheses_are_given_once(checker):
    seen = []
    checker(lambda answer, question, *holds: seen.append(holds) or _Verdict(True))
    examine(Claim(a[i], z[i], (softmax,), (H1,)))
    ((where, using, _),) = seen
    assert [list(where), list(where), list(using)] == [[softmax], [], [H1]]


@pytest.mark.parametrize("base", [z, a])
@pytest.mark.parametrize("wanted", [1, 2])
def test_entries_are_drawn_so_that_a_hypothesis_holds(base, wanted):
    total = Sum(base[k], (k, 1, n))
    using = [Hypothesis("H", [total], wanted)]
    assert value(total, "0.3 -1.1 2", using=using) == pytest.approx(wanted, rel=1e-14)
    if base.is_positive:
        assert value(base[i], "-0.3", using=using) > 0


def test_the_third_opinion_shares_nothing_with_the_judges():
    text = Path(fuzzing.__file__).with_name("third.py").read_text(encoding="utf-8")
    nodes = [x for x in ast.walk(ast.parse(text)) if isinstance(x, ast.ImportFrom)]
    ours = {x.module for x in nodes if x.module.startswith("derivations")}
    assert ours == {"derivations.letters", "derivations.formulas.indices"}
    assert "mpmath" not in text


@settings(QUIET, max_examples=25)
@given(claims())
def test_no_find_in_a_short_search(claim):
    assert examine(claim) is None, told(claim)


class _Verdict:
    """A verdict as a checker would give it that does not look."""

    def __init__(self, proved, counterexample=None):
        self.proved, self.counterexample = proved, counterexample
        self.sentence = "right" if self else "differs: at n = 2"

    def __bool__(self):
        return self.proved and self.counterexample is None


@pytest.fixture
def checker(monkeypatch):
    """Put another function in the place of `check`."""
    return lambda function: monkeypatch.setattr(fuzzing, "check", function)


@pytest.mark.parametrize("name", FALSE)
def test_what_is_accepted_though_false_is_a_find(checker, name):
    checker(lambda *claim: _Verdict(True))
    assert "is accepted" in examine(FALSE[name])


@pytest.mark.parametrize("name", TRUE)
def test_what_is_accepted_and_true_is_none(checker, name):
    checker(lambda *claim: _Verdict(True))
    assert examine(TRUE[name]) is None


def test_what_is_refuted_though_true_is_a_find(checker):
    checker(lambda *claim: _Verdict(False, counterexample="n = 2"))
    sound = TRUE["softmax"]._replace(sound=True)
    assert "is true, and yet differs" in examine(sound)
    assert examine(TRUE["softmax"]) is None, "no one says that it is true"
    assert examine(FALSE["sign"]._replace(sound=True)) is None


def test_a_wrong_proof_that_the_points_stop_is_written_down(checker):
    checker(lambda *claim: _Verdict(True, counterexample="n = 2"))
    log_of_it = fuzzing.Log()
    assert examine(FALSE["sign"], log_of_it) is None
    assert log_of_it.wrong_proofs == [FALSE["sign"]]


def test_a_crash_is_a_find_and_a_refusal_is_none(checker):
    def crash(*claim):
        raise KeyError("k")

    checker(crash)
    assert "crashes: KeyError" in examine(TRUE["softmax"])
    checker(lambda *claim: expressions.expression("text"))
    assert examine(TRUE["softmax"]) is None


def test_what_takes_long_is_a_find(checker, monkeypatch):
    def busy(*claim):
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        return _Verdict(True)

    checker(busy)
    monkeypatch.setattr(fuzzing, "MOST_SECONDS", 0.2)
    assert "takes more than 0.2 s" in examine(TRUE["second"])
    monkeypatch.setattr(fuzzing, "MOST_SECONDS", 0.02)
    assert "is not decided" in examine(TRUE["second"])


def test_a_search_returns_what_it_finds(checker):
    checker(lambda *claim: _Verdict(True))
    claim, wrong = fuzzing.search(3, math.inf, fuzzing.Log(), examples=60)
    assert wrong.startswith("is accepted, but it is ")
    assert compare(claim).gap


@pytest.mark.parametrize("finds", [True, False])
def test_the_command_reports_what_is_found(capsys, monkeypatch, finds):
    find = FALSE["sign"], "is accepted, but it is not so"
    a_text = "a(i)", "is slow"
    monkeypatch.setattr(fuzzing, "search", lambda *_: find if finds else None)
    monkeypatch.setattr(
        fuzzing_text, "search", lambda *_: (7, a_text if finds else None)
    )
    arguments = ["--seconds", "0.01", "--seed", "3", "--arrays", "1"]
    assert fuzzing.main(arguments) == finds
    printed = capsys.readouterr().out
    assert int(re.search(r"^(\d+) texts$", printed, re.M)[1]) % 7 == 0
    assert ("find 1, seed 3 (by hand)\ncheck(a[i]*a[j], " in printed) == finds
    assert ("find 2, seed 3 (a text)\n'a(i)'\nis slow" in printed) == finds
    assert ("\n0 finds" in printed) == (not finds)
