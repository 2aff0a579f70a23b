"""Every step of a theorem, broken in three ways: both judges refuse it.

An oracle that shares nothing with them says which breaks are none.  The last theorem of
each topic is broken here; `make test-more` breaks the others.
"""

import random
from functools import cache
from itertools import cycle

import pytest
from sympy import Add, Indexed, preorder_traversal

from derivations import deciding
from derivations.deciding import decide
from derivations.formulas.claims import Claim
from derivations.letters import Sum, SumExcept, n
from derivations.mistakes.registry import MISTAKES
from derivations.proof import Derivation, StepError
from derivations.theorems import catalogue
from tests import oracle
from tests.fuzzing_rules import put
from tests.oracle import LETTERS, differ


def occurrences(expr, path=()):
    """Every part of an expression with the way to it; limits of sums left out."""
    yield path, expr
    for place, arg in enumerate(expr.args):
        limits = isinstance(expr, Sum | SumExcept) and place > 0
        if not limits and not (isinstance(expr, Indexed) and place == 0):
            yield from occurrences(arg, (*path, place))


def by_sign(expr):
    """One term negated."""
    for path, part in occurrences(expr):
        if isinstance(part, Add):
            for term in part.args:
                yield put(expr, path, part - 2 * term)
    yield -expr


def by_index(expr):
    """One letter replaced, in one place, by another of the same range."""
    used = {x for x in preorder_traversal(expr) if x in LETTERS}
    for path, part in occurrences(expr):
        if part in LETTERS:
            others = [x for x in part.size.indices if x != part]
            unused = [x for x in others if x not in used]
            for other in [x for x in others if x in used] + unused[:1]:
                yield put(expr, path, other)


def by_dropping(expr):
    """One term left out."""
    for path, part in occurrences(expr):
        if isinstance(part, Add):
            for term in part.args:
                yield put(expr, path, Add(*(x for x in part.args if x is not term)))


SAMPLE = [*{name.partition(".")[0]: name for name in catalogue()}.values()]
"""The last theorem of each topic."""
KINDS = {"sign": by_sign, "index": by_index, "drop": by_dropping}
PER_KIND = 2


@cache
def before(name, number):
    """The chain of a theorem up to this step; its lines were judged in the theorem."""
    whole = catalogue()[name]()
    chain = Derivation(whole.start, whole.where, whole.case)
    object.__setattr__(chain, "steps", whole.steps[:number])
    return chain


@cache
def broken(name, number, kind):
    """Up to PER_KIND mutants of a step that differ from it; the oracle decides."""
    chain = catalogue()[name]()
    step = chain.steps[number]
    mutants = sorted(set(KINDS[kind](step.right)) - {step.right}, key=str)
    random.Random(f"{name} {number} {kind}").shuffle(mutants)
    context = (chain.where, step.using, chain.case)
    found = []
    for mutant in mutants:
        if differ(step.right, mutant, *context):
            found.append(mutant)
        if len(found) == PER_KIND:
            break
    return found


def shape_allows(expr, kind):
    if kind == "sign":
        return expr != 0
    if kind == "drop":
        return expr.has(Add)
    return expr.has(Indexed)


class OfATheorem:
    """What is asked of each theorem."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_broken_steps_are_refused(self, name, kind, monkeypatch):
        # What they lack is asked elsewhere, why they are wrong below.
        monkeypatch.setattr(deciding, "_lacking", lambda *_: None)
        monkeypatch.setattr(deciding, "_diagnosis", lambda *_: None)
        for number in range(len(catalogue()[name]().steps)):
            is_refused_by_both(name, number, kind)


@pytest.mark.parametrize("name", SAMPLE)
class TestATheoremOfEachTopic(OfATheorem):
    pass


def is_refused_by_both(name, number, kind):
    step = catalogue()[name]().steps[number]
    mutants = broken(name, number, kind)
    assert bool(mutants) == shape_allows(step.right, kind)
    for mutant in mutants:
        with pytest.raises(StepError) as refusal:
            before(name, number).step(mutant, step.reason, step.using)
        verdict = refusal.value.verdict
        assert refusal.value.number == number + 1
        assert not verdict.proved, "the check for every n refuses it alone"
        assert verdict.counterexample, "and so does the check at points"
        assert verdict.counterexample.left != verdict.counterexample.right


def steps_of_the_sample():
    """The name of a theorem and the number of a step, for each of its steps."""
    lengths = {name: len(catalogue()[name]().steps) for name in SAMPLE}
    return [(name, at) for name, length in lengths.items() for at in range(length)]


def said_of(diagnosis, claim):
    """What a diagnosis says of a claim, as claims that hold if it is true."""
    (mistake,) = [x for x in MISTAKES if x.name == diagnosis.name]
    for candidate in mistake.candidates(claim):
        if candidate.sentence == diagnosis.sentence:
            yield candidate.claim


def test_a_diagnosis_of_a_broken_step_is_true(monkeypatch):
    """The oracle has points of its own, here with six classes."""
    monkeypatch.setitem(oracle.SIZES, n, 6)
    oracle.worlds.cache_clear()
    said = []
    for (name, number), kind in zip(steps_of_the_sample()[::2], cycle(KINDS)):
        chain = catalogue()[name]()
        left = chain.steps[number - 1].right if number else chain.start
        using = chain.steps[number].using
        for mutant in broken(name, number, kind)[:1]:
            claim = Claim(mutant, left, chain.where, using, chain.case)
            why = decide(claim).diagnosis
            if why is not None:
                said.append(why.name)
                assert any(
                    not differ(
                        x.left, x.right, x.where, (*using, *why.hypotheses), x.case
                    )
                    for x in said_of(why, claim)
                ), (why, claim)
    oracle.worlds.cache_clear()
    assert len(said) >= 12 and len(set(said)) >= 5


@pytest.mark.parametrize(("kind", "least"), [("sign", 60), ("index", 75), ("drop", 45)])
def test_mutants_of_each_kind_were_there(kind, least):
    assert sum(len(broken(*step, kind)) for step in steps_of_the_sample()) >= least
