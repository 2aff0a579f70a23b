"""The chain rule with a part left out, or with the derivatives of another matrix."""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Derivative, Indexed, KroneckerDelta, Mul, Sum

from derivations.formulas.claims import Claim, Definition
from derivations.formulas.indices import SumExcept, free_symbols, size_of
from derivations.letters import g
from derivations.mistakes.mistake import (
    Candidate,
    another,
    counted,
    equal_to,
    letters_of,
    mended,
)
from derivations.text.unicode import unicode


def terms_left_out(claim: Claim) -> Iterator[Candidate]:
    """One path alone, ∂L/∂a_j · ∂a_j/∂z_j, where the sum over all outputs is needed.

    It is what an element-wise product gives where a matrix product is needed.

    >>> from derivations.letters import L, a, cross_entropy, j, softmax, z
    >>> asked = Claim(a[j] - 1, Derivative(L, z[j]), [softmax, cross_entropy])
    >>> [x.claim.right for x in terms_left_out(asked)][0]
    Derivative(L, a[j])*Derivative(a[j], z[j])
    """
    for slope, entry, k, j in _paths(claim):
        variable = slope.variables[0]
        own = Derivative(slope.expr, entry) * Derivative(entry, variable)
        other = unicode(entry.xreplace({j: k}))
        words = (
            f"this is what comes out when the terms {k} ≠ {j} are left out; these "
            f"are needed, because {unicode(variable)} also changes every other {other}"
        )
        yield equal_to(claim, claim.right.xreplace({slope: own}), words)
        others = SumExcept(
            own.xreplace({entry: entry.xreplace({j: k})}), (k, 1, k.size), j
        )
        words = f"this is what comes out when the term {k} = {j} is left out"
        yield equal_to(claim, claim.right.xreplace({slope: others}), words)
    for slope, entry, _ in _ways(claim):
        variable = slope.variables[0]
        (i, *others), (j, *same) = entry.indices, variable.indices
        if i != j and size_of(i) == size_of(j) and others == same:
            own = Derivative(slope.expr, entry) * Derivative(entry, variable)
            alone = unicode(entry.xreplace({i: j}))
            words = (
                f"this is what comes out if {unicode(variable)} changed {alone} alone; "
                f"but it also changes {unicode(entry)}"
            )
            right = claim.right.xreplace({slope: KroneckerDelta(i, j) * own})
            yield equal_to(claim, right, words)
    for total, k, j in _sums(claim):
        one = total.function.xreplace({k: j})
        words = (
            f"this is what comes out when the terms {k} ≠ {j} of the sum are left out; "
            "these are needed, because the product with a matrix is a sum"
        )
        yield equal_to(claim, claim.right.xreplace({total: one}), words)
        others = SumExcept(total.function, total.limits[0], j)
        words = f"this is what comes out when the term {k} = {j} of the sum is left out"
        yield equal_to(claim, claim.right.xreplace({total: others}), words)


def transposed_in_the_sum(claim: Claim) -> Iterator[Candidate]:
    """Σ_k of f(j, k) where Σ_k of f(k, j) is needed: Jᵀ for J.

    >>> from derivations.letters import a, j, k, n, v, z
    >>> total = Sum(v[k] * Derivative(a[k], z[j]), (k, 1, n))
    >>> [x.claim.right for x in transposed_in_the_sum(Claim(v[j], total))]
    [Sum(Derivative(a[j], z[k])*v[k], (k, 1, n))]
    """
    for slope, entry, k, j in _paths(claim):
        variable = slope.variables[0]
        outer = Derivative(slope.expr, entry.xreplace({j: k}))
        turned = Derivative(entry, variable.xreplace({j: k}))
        words = (
            f"this is the matrix where its transpose is needed: {unicode(turned)} "
            f"stands where {unicode(turned.xreplace({j: k, k: j}))} has to"
        )
        whole = Sum(outer * turned, (k, 1, k.size))
        yield equal_to(claim, claim.right.xreplace({slope: whole}), words)
    for total, k, j in _sums(claim):
        for part in sorted(total.function.atoms(Derivative, Indexed), key=str):
            if {k, j} <= free_symbols(part):
                turned = part.xreplace({k: j, j: k})
                other = Sum(total.function.xreplace({part: turned}), *total.limits)
                words = (
                    f"this is the matrix where its transpose is needed: "
                    f"{unicode(turned)} stands where {unicode(part)} has to"
                )
                yield equal_to(claim, claim.right.xreplace({total: other}), words)
        factors = Mul.make_args(total.function)
        for vector in factors if len(factors) > 2 else ():
            if j not in free_symbols(vector) and k in free_symbols(vector):
                turned = (total.function / vector).xreplace({k: j, j: k})
                other = Sum(vector * turned, *total.limits)
                words = (
                    f"this is the transpose, times {unicode(vector)}, where the matrix "
                    "itself is needed"
                )
                yield equal_to(claim, claim.right.xreplace({total: other}), words)


def inner_derivative_forgotten(claim: Claim) -> Iterator[Candidate]:
    """∂L/∂a_j where ∂L/∂z_j is asked for: the derivative of the inner function is lost.

    >>> from derivations.letters import a, i, j, log, softmax, z
    >>> asked = Claim(1 / a[i], Derivative(log(a[i]), z[j]), [softmax])
    >>> [x.claim.right for x in inner_derivative_forgotten(asked)]
    [Derivative(log(a[i]), a[i])]
    """
    others = {(slope, entry): (j, k) for slope, entry, k, j in _paths(claim)}
    for slope, entry, definition in _ways(claim):
        outer = Derivative(slope.expr, entry)
        for letter in (
            x for x in letters_of(entry) if x not in letters_of(claim.right)
        ):
            outer = Sum(outer, (letter, 1, letter.size))
        variable = slope.variables[0]
        inner = Derivative(entry, variable)
        lost = f": the inner derivative, {unicode(inner)}, is missing"
        j, k = others.get((slope, entry), (None, None))
        if j and definition.value.has(Sum) and not slope.expr.has(entry):
            inner = inner.xreplace({entry: entry.xreplace({j: k})})
            lost = (
                f"; each {unicode(inner.expr)} changes with {unicode(variable)}: the "
                f"factor {unicode(inner)} and the sum over the {counted(k.size)} {k} "
                "are missing"
            )
        words = f"this is the derivative with respect to {unicode(entry)}{lost}"
        yield equal_to(claim, claim.right.xreplace({slope: outer}), words)
    for one in claim.where:
        if isinstance(one.value, g):
            straight = Definition(one.symbol, one.value.args[0])
            where = [straight if x == one else x for x in claim.where]
            words = f"the derivative of g in {unicode(one.symbol)} is missing"
            yield Candidate(replace(claim, where=where), words)


def wrong_sum(claim: Claim) -> Iterator[Candidate]:
    """A sum that is missing, one too many, or that runs over the wrong index.

    >>> from derivations.letters import A, J, Y, b, j, m, s
    >>> asked = Claim((A[j, s] - Y[j, s]) / m, Derivative(J, b[j]))
    >>> [x.claim.left for x in wrong_sum(asked)]
    [Sum((A[j, s] - Y[j, s])/m, (s, 1, m))]
    >>> from derivations.letters import L, a, k, y, z
    >>> [x.sentence for x in wrong_sum(Claim(a[j]*y[k] - y[j], Derivative(L, z[j])))]
    ['the sum over the classes k is missing', 'a sum over k is missing: Σ_k y_k a_j']
    """
    asked = letters_of(claim.right)
    surplus = [x for x in letters_of(claim.left) if x not in asked]
    for letter in surplus:
        whole = Sum(claim.left, (letter, 1, letter.size))
        words = f"the sum over the {counted(letter.size)} {letter} is missing"
        yield mended(claim, whole, words)
        terms, others = claim.left.as_independent(letter, as_Add=True)[::-1]
        if others and not terms.has(Sum):
            part = Sum(terms, (letter, 1, letter.size))
            words = f"a sum over {letter} is missing: {unicode(part)}"
            yield mended(claim, part + others, words, f"a sum over {letter} is missing")
    for total in sorted(claim.left.atoms(Sum), key=str):
        (k, low, high), *others = total.limits
        if others or low != 1 or size_of(k) != high:
            continue
        for letter in asked:
            if letter.size != high:
                continue
            one = total.function.xreplace({k: letter})
            words = f"the sum over {k} is one too many: only {k} = {letter} counts here"
            yield mended(claim, claim.left.xreplace({total: one}), words)
            for other in surplus:
                right = Sum(one, (other, 1, other.size))
                words = (
                    f"the sum runs over the {counted(high)}, and has to run over the "
                    f"{counted(other.size)}"
                )
                yield mended(claim, claim.left.xreplace({total: right}), words)


def _sums(claim):
    """Sums over all of a size, with each free letter that runs to it too."""
    for total in sorted(claim.right.atoms(Sum), key=str):
        (k, low, high), *others = total.limits
        if others or low != 1 or size_of(k) != high:
            continue
        for letter in letters_of(claim.right):
            if letter.size == high:
                yield total, k, letter


def _paths(claim):
    """Ways through the entry at an index of the variable, one of many that it changes.

    With each that index, and another letter for the others.
    """
    used = free_symbols(claim.right) | free_symbols(claim.left)
    for slope, entry, definition in _ways(claim):
        added = {x for total in definition.value.atoms(Sum) for x in total.variables}
        if set(entry.indices) <= set(slope.variables[0].indices):
            for j in letters_of(entry):
                k = another(j) if size_of(j) in map(size_of, added) else j
                if k not in used:
                    yield slope, entry, k, j


def _ways(claim):
    """First derivatives of the question, each with an entry on the way to its variable.

    With it the definition of its array.  The letters of an entry that the variable does
    not give are those of its definition.
    """
    for slope in sorted(claim.right.atoms(Derivative), key=str):
        variable = slope.variables[0]
        if len(slope.variables) > 1 or not isinstance(variable, Indexed):
            continue
        for one in claim.where:
            if one.base in (variable.base, getattr(slope.expr, "base", slope.expr)):
                continue
            leads = _leads(one.value, variable.base, claim.where)
            if leads and _leads(slope.expr, one.base, claim.where):
                yield from ((slope, x, one) for x in _entries(slope, one))


def _entries(slope, definition):
    """The entries of an array with respect to which a formula may be differentiated."""
    inside = {
        x
        for x in slope.expr.atoms(Indexed)
        if x.base == definition.base and free_symbols(x) <= free_symbols(slope.expr)
    }
    if inside or not isinstance(definition.symbol, Indexed):
        return sorted(inside, key=str)
    given, indices = list(slope.variables[0].indices), []
    for letter in definition.parameters:
        same = [x for x in given if size_of(x) == size_of(letter)]
        indices.append(same[0] if same else letter)
        given = [x for x in given if x not in same[:1]]
    return [definition.base[tuple(indices)]]


def _leads(expr, base, where):
    """Whether a letter stands in a formula, or in the definitions of its letters."""
    met, waiting = set(), [expr]
    label = getattr(base, "label", base)
    while waiting:
        letters = free_symbols(waiting.pop())
        if label in letters:
            return True
        new = [
            x
            for x in where
            if getattr(x.base, "label", x.base) in letters and x not in met
        ]
        met.update(new)
        waiting += [x.value for x in new]
    return False
