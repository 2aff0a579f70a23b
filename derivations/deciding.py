"""The verdict of both judges on a claim; for a wrong one what it lacks, and why.

Both judges are asked by two plain calls, in `judged`.  What a wrong answer lacks, and
the mistake that was made in it, are claims too: only what both judges prove is said.
"""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import accumulate, islice

from sympy import Integer

from derivations.formulas.claims import Claim, Definition, Hypothesis
from derivations.formulas.counting import MOST_IN_LOSS, length, too_long
from derivations.formulas.domain import divisors
from derivations.formulas.facts import is_not_zero
from derivations.formulas.numbered import sizes_by_numbers
from derivations.judges.at_points.comparison import Comparison, compare_at_points
from derivations.judges.at_points.first_points import (
    agreeing_at_once,
    differs_at_once,
)
from derivations.judges.at_points.usual_labels import with_usual_labels
from derivations.judges.explanation import Diagnosis
from derivations.judges.for_every_n.derivatives import unfold
from derivations.judges.for_every_n.equality import is_proved_for_every_n
from derivations.judges.for_every_n.known_sums import with_known_ranges
from derivations.judges.for_every_n.shares import share_of
from derivations.judges.verdict import Undecidable, Verdict
from derivations.letters import USUAL_ENTRIES, d, h, m, n
from derivations.refusals import claims, hints, missing
from derivations.text.unicode import unicode

MOST_EXPLAINED = 250
"""How long a wrong claim may be whose mistake is looked for; a layer has 160."""
MOST_TRIED = 200
"""How many mistakes are tried at points at most."""
MOST_JUDGED = 6
"""How many mistakes that fit at points are given to the judges at most."""
MOST_IN_TRIES = 1_000
"""How long the claims that are tried may be together; the longest known have 832."""
MOST_IN_ZEROS = 500
"""How long may be together what one side divides by; in a theorem it has 30."""
_SIZES = {n, m, d, h}


def decide(
    claim: Claim,
    known: Mapping[str, Definition | Hypothesis] = missing.NAMED,
    is_answer_left: bool = True,
) -> Verdict:
    """Return the verdict on a claim: both judges', what it lacks, the mistake in it.

    The answer of a reader is its left side, or else its right one.  Some of `known` are
    tried where it is not right.  A claim that is wrong only because nothing leads to
    the variable of a derivative is asked about.

    >>> from derivations.letters import L, Derivative, a, j, y, z
    >>> from derivations.letters import H1, cross_entropy, softmax
    >>> where = [softmax, cross_entropy]
    >>> claim = Claim(y[j] - a[j], Derivative(L, z[j]), where, [H1])
    >>> decide(claim).diagnosis.name
    'sign'
    """
    verdict = judged(claim)
    if verdict:
        zeros, needed = partial(_zeros_of_one_side, claim), partial(_needed, claim)
        return replace(verdict, find_zeros=zeros, find_needed=needed, write=unicode)
    is_wrong = verdict.mark == "✗"
    lacking = _lacking(claim, known, is_wrong) or missing.suggestion(claim, known)
    if lacking:
        lacking = replace(lacking, write=unicode)
    diagnosis = None
    if is_wrong:
        point = verdict.counterexample
        leads = lacking is not None and lacking.definitions
        is_lost = leads or 0 in (point.left, point.right)
        asked = missing.question(claim) if is_lost else ""
        if asked:
            verdict = Verdict(unconnected=asked, sizes=verdict.sizes)
        elif lacking is None or not lacking.is_enough:
            turned = replace(claim, left=claim.right, right=claim.left)
            diagnosis = _diagnosis(claim if is_answer_left else turned, known)
    hint = hints.hint(claim)
    said = replace(verdict, hint=hint, missing=lacking, diagnosis=diagnosis)
    if said.counterexample is None:
        return said
    return replace(said, counterexample=_with_usual_labels(claim, said.counterexample))


def _with_usual_labels(claim, point):
    with _undecided([]):
        return with_usual_labels(claim, point)
    return point


def _zeros_of_one_side(claim):
    """What one side alone divides by, if nothing says that it is not 0.

    What a definition divides by is none: where it is 0, no side has a value.  Past
    MOST_IN_ZEROS no sign is looked for: nothing says of the rest that it is not 0.
    """
    with _undecided([]):
        apart = divisors(claim.left) ^ divisors(claim.right)
        apart = apart.difference(*(divisors(one.value) for one in claim.where))
        shares = filter(None, map(share_of, claim.where))
        facts = (*claim.using, *(share.fact for share in shares))
        parts = sorted(apart, key=str)
        lengths = accumulate(length(part, claim.where) for part in parts)
        return tuple(
            part
            for part, together in zip(parts, lengths, strict=True)
            if together > MOST_IN_ZEROS
            or (
                not is_not_zero(with_known_ranges(part, facts)[0])
                and not is_not_zero(unfold(part, claim.where))
            )
        )
    return ()


def _needed(claim):
    """The hypotheses of a right claim that stay when each is dropped that can be.

    The last is dropped first: of H1 and H2, where each is enough, H1 says less.
    """
    zeros = _zeros_of_one_side(claim) if claim.using else ()
    for fact in reversed(claim.using):
        fewer = replace(claim, using=[x for x in claim.using if x != fact])
        if _zeros_of_one_side(fewer) == zeros and is_right(fewer):
            claim = fewer
    return claim.using


def _diagnosis(claim, known):
    """The first mistake that both judges have proved to be in an answer, or None.

    Those that do not fit at a few points are passed over.  It may be proved by one of
    the hypotheses that the answer does not use: then it is said with it.
    """
    sides = claim.left, claim.right
    if (
        too_long(*sides, where=claim.where, most=MOST_EXPLAINED)
        or claim.right.is_number
    ):
        return None
    _, facts, sets = next(iter(missing.candidates(claim, known)))
    supposed = [(), *sets[: len(facts)]]
    fitting = _fitting(claim, _with(claim, {}, facts) or claim)
    tries = (
        (_with(candidate.claim, {}, chosen), (mistake, candidate, chosen))
        for mistake, candidate in islice(fitting, MOST_JUDGED)
        for chosen in supposed
    )
    right = _first_right(x for x in tries if x[0] and not _differs_at_once(x[0]))
    if right is None:
        return None
    mistake, candidate, chosen = right
    said, place = candidate.sentence, mistake.place(claim)
    return Diagnosis(mistake.name, said, *place, chosen, candidate.kind)


def _fitting(claim, strongest):
    """The candidates that no point refutes where all hypotheses hold, in order.

    Those of a mistake are made when those of all mistakes before it were refused.
    """
    # Only a wrong answer needs the mistakes, which take long to load.
    from derivations.mistakes.registry import MISTAKES  # noqa: PLC0415

    left = MOST_TRIED
    for mistake in MISTAKES:
        candidates, alike, fitting = [], {}, set()
        with _undecided([]):
            candidates.extend(islice(mistake.candidates(claim), left))
        left -= len(candidates)
        for about in (candidate.claim for candidate in candidates):
            is_of_answer = about.left == claim.left
            alike.setdefault((about.where, about.case, is_of_answer), []).append(about)
        for (where, case, is_of_answer), group in alike.items():
            side = claim.left if is_of_answer else claim.right
            asked = replace(strongest, left=side, right=side, where=where, case=case)
            if case != claim.case and _agreeing(asked, [Integer(0)]):
                continue  # right there, for both sides are 0
            others = {x.right if is_of_answer else x.left: x for x in group}
            fitting.update(others[x] for x in _agreeing(asked, others))
        yield from ((mistake, x) for x in candidates if x.claim in fitting)


def _agreeing(claim, others):
    with _undecided([]):
        return agreeing_at_once(claim, others)
    return []


def _lacking(claim, known, is_wrong):
    """The definitions and hypotheses with which a claim is proved, or None.

    Of a claim that is not decided the usual definitions alone are tried.
    """
    if too_long(claim.left, claim.right, where=claim.where, most=MOST_IN_LOSS):
        return None  # each one that is tried takes as long as the claim itself
    if is_wrong:
        tried = missing.candidates(claim, known)
    else:
        usual = missing.usual_definitions(claim)
        tried = [(usual, (), [()])] if usual else []
    tries = (
        (_with(claim, definitions, chosen), (definitions, chosen))
        for definitions, facts, sets in tried
        # What is wrong where all hypotheses hold is right with none of them.
        if not _differs_at_once(_with(claim, definitions, facts))
        for chosen in sets
    )
    right = _first_right(x for x in tries if x[0])
    return right and missing.lacking(claim, *right, known)


def _differs_at_once(claim):
    with _undecided([]):
        return claim is not None and differs_at_once(claim)
    return False


def _with(claim, definitions, facts):
    """A claim with more definitions and hypotheses; None where they do not fit."""
    where, using = (*claim.where, *definitions.values()), (*claim.using, *facts)
    try:
        return claims.claim(claim.left, claim.right, where, using, claim.case)
    except (TypeError, ValueError):
        return None


def _first_right(tries):
    """What stands beside the first claim that is right, of few that are short."""
    parts = 0
    for claim, beside in tries:
        parts += sum(length(x, claim.where) for x in (claim.left, claim.right))
        if parts > MOST_IN_TRIES:
            return None
        if is_right(claim):
            return beside
    return None


def is_right(claim: Claim) -> bool:
    """Whether both judges say so; at points only what is proved is compared.

    >>> from derivations.letters import a, i, y
    >>> is_right(Claim(a[i] - y[i], -y[i] + a[i])), is_right(Claim(a[i], y[i]))
    (True, False)
    """
    with _undecided([]):
        seems_right = not differs_at_once(claim) and is_proved_for_every_n(claim)
        compared = seems_right and compare_at_points(claim)
        return bool(compared and Verdict(True, *compared))
    return False


def judged(claim: Claim) -> Verdict:
    """Ask both judges; a judge without an answer says why."""
    proved, compared, larger, problems = False, Comparison(), {}, []
    with _undecided(problems):
        larger = sizes_by_numbers(claim, USUAL_ENTRIES)
        proved = is_proved_for_every_n(claim)
    with _undecided(problems):
        compared = compare_at_points(claim)
    sizes = claim.sizes if any(x not in _SIZES for x in claim.sizes) else ()
    problem = problems[0] if problems else ""
    larger = tuple(larger.values())
    return Verdict(proved, *compared, problem, sizes=sizes, larger=larger)


@contextmanager
def _undecided(problems):
    """Note in `problems` why a judge has no answer."""
    try:
        yield
    except Undecidable as missing:
        problems.append(str(missing))
    except RecursionError:
        problems.append("too large: its parts are nested too deeply")
    except (ValueError, ArithmeticError) as problem:  # Max(1, zoo), say
        problems.append(f"SymPy has no value for a part of it ({problem})")
