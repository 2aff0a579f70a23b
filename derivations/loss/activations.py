"""An activation of the reader's own: its numerator, and the signs its outputs give."""

from itertools import product

from sympy import Add, Dummy, Indexed, Integer, Mul, Pow, Sum, exp, log

from derivations.formulas.binding import readable
from derivations.formulas.caching import remembered
from derivations.formulas.claims import Definition, Hypothesis
from derivations.formulas.facts import is_nonnegative, is_positive
from derivations.formulas.indices import Index, free_symbols
from derivations.formulas.ranges import SHARE
from derivations.formulas.told import told
from derivations.judges.at_points.comparison import numbers_of
from derivations.judges.at_points.intervals import NotDefinedError
from derivations.judges.at_points.meaning import meaning
from derivations.judges.at_points.samples import SAMPLES
from derivations.judges.for_every_n.known_sums import with_known_ranges
from derivations.judges.for_every_n.sums import canonical
from derivations.judges.verdict import Undecidable
from derivations.letters import a, i, k, n, softmax, z

ACTIVATIONS = {
    "softmax": softmax,
    "sigmoid": Definition(a[i], 1 / (1 + exp(-z[i]))),
    "softplus": Definition(a[i], log(1 + exp(z[i]))),
    "exponential": Definition(a[i], exp(z[i])),
}
"""Those that a reader may call by name."""
SUMS_TO_ONE = Hypothesis("the outputs sum to 1", [Sum(a[k], (k, 1, n))])
_FIRST = SAMPLES[0], SAMPLES[0]._replace(is_mirrored=True, scale=Integer(30))
"""Where a sign is looked at before it is proved: at small letters and at large ones."""


def numerator(activation):
    """N where a_i = N(z_i)/Σ_k N(z_k), as a function of an index, else None.

    >>> from derivations.letters import j, softmax
    >>> numerator(softmax)(j)
    exp(z[j])
    >>> from derivations.text.reading import read
    >>> moved = read("exp(-(z[i] + 1))/Sum(exp(-(z[k] + 1)), (k, 1, n))")
    >>> numerator(Definition(a[i], moved))(j)
    exp(-z[j] - 1)
    """
    (index,) = activation.parameters
    for part in Mul.make_args(activation.value):
        if isinstance(part, Pow) and part.exp == -1 and isinstance(part.base, Sum):
            top, total = activation.value / part, part.base
            logits = {x for x in top.atoms(Indexed) if x.base == z}
            # With one new letter both are made anew: -(z + 1) may be held as written.
            letter = Dummy("index", integer=True, positive=True)
            own = top.xreplace({index: letter})
            same = own == total.function.xreplace({total.limits[0][0]: letter})
            if same and logits == {z[index]} and not top.has(Sum):
                return lambda at: top.xreplace({index: at})
    return None


class Signs:
    """What is known of signs when each a[i] is an output of an activation.

    >>> from derivations.letters import H3, i, softmax, y
    >>> is_positive(1 - a[i]), Signs(softmax).is_positive(1 - a[i])
    (False, True)
    >>> is_positive(a[i] + y[i]), Signs(using=[H3]).is_positive(a[i] + y[i])
    (False, True)
    >>> from derivations.letters import H1
    >>> total = Sum(a[k], (k, 1, n)) + Sum(y[k], (k, 1, n))
    >>> Signs(softmax, [H1]).is_positive(total), Signs(softmax).is_positive(total)
    (True, False)
    """

    def __init__(self, activation=None, using=()):
        self.activation, self.using = activation, tuple(using)
        self.is_share = activation is not None and numerator(activation) is not None

    def is_positive(self, expr):
        """Whether `expr` is positive for all z; False means "not known"."""
        if self.is_negative_at_once(expr):
            return False
        known = self._known(expr)
        forms = dict.fromkeys((known, in_one_sum(known)))
        if any(map(is_positive, forms)):
            return True
        other = self._with_known_sums(expr)
        return other != expr and is_positive(self._known(other))

    def is_settled(self, expr):
        """Whether `expr` is positive for all z, or 0 for all z; or "not known".

        A formula without z is one or the other if it is not negative, and so are
        products, powers and sums of such: Σ_k y_k e^{z_k} is 0 where all y_k are.
        """
        if not expr.has(a, z) and is_nonnegative(self._known(expr)):
            return True
        if self.is_negative_at_once(expr):
            return False
        if isinstance(expr, Mul | Add) and all(map(self.is_settled, expr.args)):
            return True
        if isinstance(expr, Sum) and self.is_settled(expr.function):
            return True
        constant = isinstance(expr, Pow) and not expr.exp.has(a, z)
        return (constant and self.is_settled(expr.base)) or self.is_positive(expr)

    def is_negative_at_once(self, expr):
        """Whether `expr` is negative at one of the first points: no proof is needed.

        >>> from derivations.letters import H3, i, softmax, y
        >>> [Signs(softmax, x).is_negative_at_once(a[i] + y[i]) for x in ([], [H3])]
        [True, False]
        >>> Signs(softmax).is_negative_at_once(a[i] - 1)
        True
        """
        where = (self.activation,) if self.activation else ()
        value = meaning(expr, (*where, *self.using))
        indices = [x for x in free_symbols(expr) if isinstance(x, Index)]
        for sample, place in product(_FIRST, (1, 2)):
            numbers, at = numbers_of(sample, None), dict.fromkeys(indices, place)
            try:
                holds = numbers.holds(at, where, self.using)
                if holds and numbers(value, at).is_negative:
                    return True
            except (NotDefinedError, Undecidable):
                continue
        return False

    def _with_known_sums(self, expr):
        """`expr` with the sums that the activation and the hypotheses know put in."""
        facts = [x for x in self.using if x.sums] + [SUMS_TO_ONE] * self.is_share
        if not (facts and expr.has(Sum)):
            return expr
        try:
            plain, known = canonical(expr), canonical(expr, facts)
        except Undecidable:
            return expr
        return expr if known == plain else readable(known)

    def _known(self, expr):
        """`expr` in letters that carry what is known: each output is a share, or so."""
        expr, _ = with_known_ranges(expr, self.using)
        if self.is_share:
            return expr.xreplace({a: told(a, SHARE)})
        outputs = [x for x in expr.atoms(Indexed) if x.base == a and self.activation]
        return expr.xreplace({x: self.activation(*x.indices) for x in outputs})


@remembered
def in_one_sum(expr):
    """`expr` with Σ_k f + 2 Σ_k g as one sum, Σ_k (f + 2g)."""
    if not expr.args or isinstance(expr, Indexed):
        return expr
    expr = expr.func(*map(in_one_sum, expr.args)) if not isinstance(expr, Sum) else expr
    rest, bodies = [], {}
    for term in Add.make_args(expr):
        sums = [x for x in Mul.make_args(term) if isinstance(x, Sum)]
        if len(sums) != 1 or len(sums[0].limits) != 1 or (term / sums[0]).has(Sum):
            rest.append(term)
            continue
        index, low, high = sums[0].limits[0]
        body = sums[0].function * (term / sums[0])
        bodies.setdefault((low, high), []).append((index, body))
    for limits, summands in bodies.items():
        letter = summands[0][0]
        if any(body.has(letter) for index, body in summands if index != letter):
            letter = Dummy("index", integer=True, positive=True)
        whole = Add(*(body.xreplace({index: letter}) for index, body in summands))
        rest.append(Sum(whole, (letter, *limits)))
    return Add(*rest)
