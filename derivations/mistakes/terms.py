"""An answer that is right but for a sign, one factor or one entry."""

from collections.abc import Iterator
from itertools import combinations, product, starmap

from sympy import Add, Expr, Indexed, Mul, Pow, Sum, exp

from derivations.formulas import counting
from derivations.formulas.claims import Claim
from derivations.formulas.indices import SumExcept, free_symbols, size_of
from derivations.letters import A, Y, a, m, y
from derivations.mistakes.mistake import Candidate, letters_of, mended
from derivations.text.unicode import unicode

MOST_TERMS = 8
"""How many terms an answer may have that is taken apart."""
MOST_ENTRIES = 6
"""How many different entries it may have where each may be another one."""


def sign_of_one_term(claim: Claim) -> Iterator[Candidate]:
    """A term with the wrong sign.

    >>> from derivations.letters import j, z
    >>> [x.claim.left for x in sign_of_one_term(Claim(a[j] + y[j], z[j]))]
    [-a[j] + y[j], a[j] - y[j]]
    """
    terms = several_terms_of(claim.left)
    for term in reversed(terms):
        words = f"the sign of the term {unicode(_bare(term))} is wrong"
        yield mended(claim, claim.left - 2 * term, words)


def one_factor(claim: Claim) -> Iterator[Candidate]:
    """A factor of the answer or of one of its terms that is too many, or missing.

    An entry u, 1 − u or 1/m; or a sum of another term.  The last is that of the labels:
    a_j Σ_k y_k - y_j, and not a_j - y_j.

    >>> from derivations.letters import j, z
    >>> [x.claim.left for x in one_factor(Claim(a[j] - a[j] * y[j], z[j]))][5:8]
    [0, a[j] - y[j], -a[j]*y[j]*Sum(a[k], (k, 1, n)) + a[j]]
    """
    factors = [x for x in _factors(claim.left) if not x.is_number]
    for factor in (*factors, *starmap(Mul, combinations(factors[:MOST_TERMS], 2))):
        words = f"the factor {unicode(factor)} is one too many"
        yield mended(claim, claim.left / factor, words)
    for factor in (x for entry in _entries(claim) for x in (entry, 1 - entry)):
        words = f"the factor {unicode(factor)} is missing"
        yield mended(claim, claim.left * factor, words, "a factor is missing")
    terms = terms_of(claim.left)
    for term in terms:
        rest, where = claim.left - term, f"the term {unicode(term)}"
        for factor in Mul.make_args(term):
            base = factor.base if isinstance(factor, Pow) else factor
            if not base.is_number:
                words = f"the factor {unicode(base)} of {where} is one too many"
                yield mended(claim, rest + term / base, words)
        if m in claim.sizes and len(terms) > 1:
            words = f"1/m is missing in {where}"
            yield mended(claim, rest + term / m, words)
            words = f"1/m is one too many in {where}"
            yield mended(claim, rest + term * m, words)
        for factor in (*_sums_of_others(term, terms, claim), *_entries(claim)):
            words = f"the factor {unicode(factor)} is missing in {where}"
            kind = f"a factor is missing in {where}"
            yield mended(claim, rest + term * factor, words, kind)


def one_entry(claim: Claim) -> Iterator[Candidate]:
    """An entry at i where that at j is needed.

    >>> from derivations.letters import Derivative, i, j, z
    >>> asked = Claim(-a[i] * a[i], Derivative(a[i], z[j]))
    >>> [x.claim.left for x in one_entry(asked)]
    [-a[i]*a[j], -a[j]**2]
    """
    for answer, moved, entry in entries_moved(claim):
        words = f"one {unicode(entry)} has to be {unicode(moved)}"
        kind = f"one {unicode(entry)} has the wrong index"
        yield mended(claim, answer, words, kind)
    letters = letters_of(claim.right)
    for letter in letters_of(claim.left):
        for other in letters:
            if letter not in letters and other.size == letter.size:
                words = f"the index {letter} has to be {other}"
                answer = claim.left.xreplace({letter: other})
                yield mended(claim, answer, words, f"the index {letter} is wrong")


def part_of_a_sum(claim: Claim) -> Iterator[Candidate]:
    """An entry at the letter of a sum where that at j is needed; a factor too many.

    >>> from derivations.letters import k, n, y, z, j
    >>> asked = Claim(Sum(a[k] * y[k], (k, 1, n)), z[j])
    >>> [x.claim.left for x in part_of_a_sum(asked)][1:]
    [Sum(a[k]*y[j], (k, 1, n)), Sum(a[k], (k, 1, n)), Sum(y[k], (k, 1, n))]
    """
    for total in sorted(claim.left.atoms(Sum), key=str):
        (k, *_), *others = total.limits
        if others:
            continue
        inside, over = total.function, f"in the sum over {k}"

        def with_inside(changed, total=total):
            return claim.left.xreplace({total: Sum(changed, *total.limits)})

        own = (x for x in inside.atoms(Indexed) if k in free_symbols(x))
        for entry in sorted(own, key=str):
            for j in (x for x in letters_of(claim.right) if x.size == size_of(k)):
                moved = entry.xreplace({k: j})
                answer = with_inside(_once(inside, entry, moved))
                words = f"one {unicode(entry)} {over} has to be {unicode(moved)}"
                kind = f"one {unicode(entry)} {over} has the wrong index"
                yield mended(claim, answer, words, kind)
        factors = Mul.make_args(inside)
        for factor in (x for x in factors if len(factors) > 1 and k in free_symbols(x)):
            words = f"the factor {unicode(factor)} {over} is one too many"
            yield mended(claim, with_inside(inside / factor), words)


def another_array(claim: Claim) -> Iterator[Candidate]:
    """An entry of one array where that of another is needed, at the same index.

    One that a definition makes a number, such as y_c of one-hot labels, is not needed.

    >>> from derivations.letters import c, j, one_hot, softmax, z
    >>> where = [softmax, one_hot]
    >>> [x.claim.left for x in another_array(Claim(1 - y[c], z[c], where))]
    [1 - a[c]]
    >>> [x.claim.left for x in another_array(Claim(1 - a[c], z[c], where))]
    []
    """
    entries = sorted(claim.left.atoms(Indexed), key=str)
    bases = {x.base: len(x.indices) for x in (*entries, *_entries(claim))}
    values = {one.base: one for one in claim.where}
    for entry in entries if len(entries) <= MOST_ENTRIES else ():
        for base, indices in bases.items():
            if base != entry.base and indices == len(entry.indices):
                moved = base[entry.indices]
                if base in values and values[base](*entry.indices).is_number:
                    continue
                words = f"one {unicode(entry)} has to be {unicode(moved)}"
                kind = f"one {unicode(entry)} is of the wrong array"
                answer = _once(claim.left, entry, moved)
                yield mended(claim, answer, words, kind)


def entries_moved(claim: Claim) -> Iterator[tuple[Expr, Expr, Expr]]:
    """Answers in which an entry has another index of the question; both entries too."""
    letters = letters_of(claim.right)
    entries = sorted(claim.left.atoms(Indexed), key=str)
    for entry in entries if len(entries) <= MOST_ENTRIES else ():
        for letter in [x for x in letters if x in entry.indices]:
            for other in letters:
                if other != letter and other.size == letter.size:
                    moved = entry.xreplace({letter: other})
                    once = _once(claim.left, entry, moved)
                    everywhere = claim.left.xreplace({entry: moved})
                    for answer in dict.fromkeys((once, everywhere)):
                        yield answer, moved, entry


def terms_of(answer: Expr) -> list[Expr]:
    """The terms of an answer, multiplied out; none where they are too many."""
    if counting.terms_of(answer) > MOST_TERMS:
        return []
    return [x for x in Add.make_args(answer.expand(power_exp=False)) if x != 0]


def several_terms_of(answer: Expr) -> list[Expr]:
    """The same; none where there is one alone."""
    terms = terms_of(answer)
    return terms if len(terms) > 1 else []


def _factors(answer):
    """The factors of an answer, and those in front of which a sum may stand.

    >>> from derivations.letters import j, k, n
    >>> _factors(2 * Sum(a[j] * y[k], (k, 1, n)))
    [2, Sum(a[j]*y[k], (k, 1, n)), a[j]]
    """
    factors = [*Mul.make_args(answer)]
    for total in [x for x in factors if isinstance(x, Sum | SumExcept)]:
        bound = [letter for letter, *_ in total.limits]
        outside, _ = total.function.as_independent(*bound, as_Add=False)
        factors += Mul.make_args(outside)
    return factors


def _bare(term):
    """A term without its minus."""
    return -term if term.could_extract_minus_sign() else term


def _entries(claim):
    """The entries that may stand in an answer: its own, and others at its indices."""
    free, letters = free_symbols(claim.left), letters_of(claim.right)
    found = {x for x in claim.left.atoms(Indexed) if free_symbols(x) <= free}
    arrays = {x for one in claim.where for x in (one.symbol, *one.value.atoms(Indexed))}
    for one in (x for x in arrays if isinstance(x, Indexed) and x.base in (a, A, y, Y)):
        choices = [
            [x for x in letters if size_of(x) == size_of(at)] for at in one.indices
        ]
        found |= {one.base[chosen] for chosen in product(*choices)}
    return sorted(found, key=str) if len(found) <= MOST_ENTRIES else []


def _sums_of_others(term, terms, claim):
    """Sums over a letter of the question, of another term: of y_j it is Σ_k y_k."""
    for other in terms:
        for j in letters_of(other) if other != term and other.atoms(Indexed) else ():
            new = [x for x in j.size.indices if x not in claim.free_symbols]
            if j in letters_of(claim.right) and new:
                yield Sum(_bare(other).xreplace({j: new[0]}), (new[0], 1, j.size))


def _once(expr, entry, other):
    """`expr` with one of its entries replaced, of a power x² one of both x.

    >>> from derivations.letters import a, i, j, z
    >>> _once(a[i] ** 2, a[i], a[j]), _once(exp(2 * z[i]), z[i], z[j])
    (a[i]*a[j], exp(z[i] + z[j]))
    """
    if expr == entry:
        return other
    if isinstance(expr, exp) and (expr.args[0] / entry).is_Integer:
        return exp(expr.args[0] - entry + other)
    if isinstance(expr, Pow) and expr.base == entry and expr.exp.is_Integer:
        return entry ** (expr.exp - 1) * other
    for place, arg in enumerate(expr.args):
        if arg.has(entry):
            args = list(expr.args)
            args[place] = _once(arg, entry, other)
            return expr.func(*args)
    return expr
