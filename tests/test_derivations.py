"""Every theorem: what it says, against numbers of NumPy, and with every step broken.

`Oracle` evaluates an expression in float64 and shares nothing with the two checks of
the engine: other sizes, other values, another activation, and the complex step for
derivatives.
"""

import random
import zlib
from functools import cache, lru_cache
from itertools import product

import numpy as np
import pytest
from sympy import (
    Add,
    Derivative,
    Eq,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Ne,
    Pow,
    Symbol,
    preorder_traversal,
)

from derivations import binary, labels, theorems
from derivations.attention import U, V
from derivations.notation import (
    H1,
    RANGES,
    W1,
    Z1,
    A,
    G,
    J,
    L,
    Ls,
    Sum,
    SumExcept,
    W,
    X,
    Y,
    Z,
    a,
    alpha,
    b,
    b1,
    c,
    d,
    exp,
    g,
    g_prime,
    h,
    i,
    j,
    k,
    log,
    m,
    n,
    p,
    q,
    s,
    t,
    u,
    v,
    y,
    z,
)
from derivations.proof import Derivation, StepError
from derivations.temperature import T, T_class
from derivations.weights import w

NAMES = list(theorems())
SIZES = {n: 3, m: 2, d: 4, h: 5}  # no two are equal: a transposed formula fails
delta = KroneckerDelta


class Oracle:
    """Values in float64 of expressions whose free indices are numbers."""

    functions = {  # noqa: RUF012
        exp: np.exp,
        log: np.log,
        Pow: np.power,
        g: lambda x: np.sin(x) + x**3 / 5,
        g_prime: lambda x: np.cos(x) + 3 * x**2 / 5,
    }

    def __init__(self, where=(), facts=(), arrays=None, sizes=SIZES):
        self.definitions = {x.base: x for x in where}
        self.normed = {total.function.base for fact in facts for total in fact.sums}
        self.arrays, self.sizes = arrays or {}, sizes
        self.free, self.changed, self.memo = {}, {}, {}

    def __call__(self, expr, at):
        self.free, self.memo = at, {}
        return self.value(expr, at).real

    def value(self, expr, at):  # noqa: PLR0911 (one line per kind of expression)
        if isinstance(expr, Indexed):
            return self.entry(expr.base, tuple(at[x] for x in expr.indices))
        if isinstance(expr, Symbol):
            number = at.get(expr, self.sizes.get(expr))
            return self.entry(expr, ()) if number is None else complex(number)
        if isinstance(expr, Sum | SumExcept):
            skip = at[expr.excluded] if isinstance(expr, SumExcept) else None
            letters = [index for index, _, _ in expr.limits]
            ranges = [range(1, self.sizes[high] + 1) for _, _, high in expr.limits]
            places = (dict(zip(letters, x, strict=True)) for x in product(*ranges))
            return sum(
                self.value(expr.function, at | place)
                for place in places
                if skip not in place.values()
            )
        if isinstance(expr, Derivative):
            return self.slope(expr, at)
        values = [self.value(arg, at) for arg in expr.args]
        if isinstance(expr, KroneckerDelta):
            return complex(values[0] == values[1])
        if isinstance(expr, Add | Mul):
            return (sum if isinstance(expr, Add) else np.prod)(values)
        return self.functions[expr.func](*values) if values else complex(expr)

    def slope(self, expr, at):
        ((variable, order),) = expr.variable_count
        assert order == 1
        base = getattr(variable, "base", variable)
        key = base, tuple(at[x] for x in getattr(variable, "indices", ()))
        here, memo = self.entry(*key), self.memo
        self.changed, self.memo = {key: here + 1e-30j}, {}
        rise = self.value(expr.expr, at).imag
        self.changed, self.memo = {}, memo
        return complex(rise / 1e-30)

    def entry(self, base, indices):
        key = base, indices
        if key not in self.memo:
            self.memo[key] = self.found(base, indices)
        return self.changed.get(key, self.memo[key])

    def found(self, base, indices):
        if base in self.definitions:
            definition = self.definitions[base]
            inside = dict(zip(definition.parameters, indices, strict=True))
            return self.value(definition.value, self.free | inside)
        if str(base) in self.arrays:
            return complex(self.arrays[str(base)][tuple(x - 1 for x in indices)])
        if base not in self.normed:
            return self.leaf(base, indices)
        column = range(1, self.sizes[n] + 1)
        total = sum(self.leaf(base, (x, *indices[1:])) for x in column)
        return self.leaf(base, indices) / total

    def leaf(self, base, indices):
        rng = np.random.default_rng([zlib.crc32(str(base).encode()), *indices])
        size = rng.uniform(0.2, 1.5)
        positive = base.is_positive or base in self.normed
        return complex(size if positive else rng.choice([-1, 1]) * size)


def points(case=None):
    """Numbers for all letters, each pair of equal and of unequal ones among them."""
    rng = random.Random(1)
    found = []
    for pair in product(range(1, 4), repeat=2):
        at = {x: rng.randint(1, SIZES[RANGES[x]]) for x in RANGES}
        at |= dict(zip((i, j), pair, strict=True))
        if isinstance(case, Eq):
            at[case.args[0]] = at[case.args[1]]
        if not isinstance(case, Ne) or at[case.args[0]] != at[case.args[1]]:
            found.append(at)
    return found


def differ(left, right, where=(), facts=(), case=None):
    """Whether the oracle tells the two expressions apart at some point."""
    oracle = Oracle(where, facts)
    return any(
        not np.isclose(oracle(left, at), oracle(right, at), rtol=1e-9, atol=1e-11)
        for at in points(case)
    )


# What each theorem says, written by hand.
a_j_y = a[j] * Sum(y[k], (k, 1, n)) - y[j]
da_dz = Derivative(a[i], z[j])
dA_dZ = Derivative(A[i, s], Z[j, t])
dZ1 = G[p, t] * g_prime(Z1[p, t])
weighted_dZ = A[j, s] * Sum(w[k] * Y[k, s], (k, 1, n)) - w[j] * Y[j, s]
STATEMENTS = {
    "batch.other_examples": (dA_dZ, 0),
    "batch.block_diagonal": (dA_dZ, delta(s, t) * A[i, s] * (delta(i, j) - A[j, s])),
    "batch.per_example": (Derivative(Ls[s], Z[j, s]), A[j, s] - Y[j, s]),
    "batch.gradient": (Derivative(J, Z[j, s]), (A[j, s] - Y[j, s]) / m),
    "cross_entropy.gradient": (Derivative(L, a[i]), -y[i] / a[i]),
    "layers.weights": (
        Derivative(J, W[j, q]),
        Sum((A[j, s] - Y[j, s]) * X[q, s], (s, 1, m)) / m,
    ),
    "layers.bias": (Derivative(J, b[j]), Sum(A[j, s] - Y[j, s], (s, 1, m)) / m),
    "layers.inputs": (
        Derivative(J, X[q, s]),
        Sum(W[k, q] * (A[k, s] - Y[k, s]), (k, 1, n)) / m,
    ),
    "layers.hidden_logits": (Derivative(J, Z1[p, s]), G[p, s] * g_prime(Z1[p, s])),
    "layers.hidden_weights": (Derivative(J, W1[p, q]), Sum(dZ1 * X[q, t], (t, 1, m))),
    "layers.hidden_bias": (Derivative(J, b1[p]), Sum(dZ1, (t, 1, m))),
    "layers.hidden_inputs": (
        Derivative(J, X[q, s]),
        Sum(W1[u, q] * G[u, s] * g_prime(Z1[u, s]), (u, 1, h)),
    ),
    "layers.two_layers": (
        Derivative(J, W1[p, q]),
        Sum(
            W[k, p] * (A[k, t] - Y[k, t]) * g_prime(Z1[p, t]) * X[q, t],
            (k, 1, n),
            (t, 1, m),
        )
        / m,
    ),
    "logits.by_jacobian": (Derivative(L, z[j]), a_j_y),
    "logits.by_log_sum_exp": (Derivative(L, z[j]), a_j_y),
    "logits.gradient": (Derivative(L, z[j]), a[j] - y[j]),
    "logits.one_true_class": (Derivative(L, z[j]), a[j] - y[j]),
    "softmax.sums_to_one": (Sum(a[i], (i, 1, n)), 1),
    "softmax.shift_invariant": (
        exp(z[i] + alpha) / Sum(exp(z[k] + alpha), (k, 1, n)),
        a[i],
    ),
    "softmax.case_equal": (da_dz, a[i] * (1 - a[i])),
    "softmax.case_unequal": (da_dz, -a[i] * a[j]),
    "softmax.derivative": (da_dz, a[i] * (delta(i, j) - a[j])),
    "softmax.jacobian_symmetric": (da_dz, Derivative(a[j], z[i])),
    "softmax.jacobian_rows": (Sum(da_dz, (j, 1, n)), 0),
    "softmax.jacobian_columns": (Sum(da_dz, (i, 1, n)), 0),
    "softmax.jacobian_times_vector": (
        Sum(da_dz * v[j], (j, 1, n)),
        a[i] * (v[i] - Sum(a[k] * v[k], (k, 1, n))),
    ),
}
STATEMENTS |= {  # the variations, whose own letters live in their modules
    "attention.vjp": (
        Sum(v[i] * da_dz, (i, 1, n)),
        a[j] * (v[j] - Sum(a[k] * v[k], (k, 1, n))),
    ),
    "attention.scores": (
        Derivative(J, z[j]),
        a[j]
        * (
            Sum(U[q] * V[j, q], (q, 1, d))
            - Sum(U[q] * a[k] * V[k, q], (k, 1, n), (q, 1, d))
        ),
    ),
    "attention.values": (Derivative(J, V[j, q]), a[j] * U[q]),
    "binary.sigmoid_derivative": (
        Derivative(binary.o[i], z[j]),
        delta(i, j) * binary.o[i] * (1 - binary.o[i]),
    ),
    "binary.sigmoid_gradient": (Derivative(L, z[j]), binary.o[j] - y[j]),
    "binary.two_classes": (binary.P, 1 / (1 + exp(z[j] - z[i]))),
    "binary.two_class_gradient": (Derivative(L, z[i]), binary.P - y[i]),
    "binary.two_class_other": (Derivative(L, z[j]), y[i] - binary.P),
    "binary.on_softmax_outputs": (
        Derivative(L, z[j]),
        (a[j] - y[j]) / (1 - a[j]) - a[j] * Sum((a[k] - y[k]) / (1 - a[k]), (k, 1, n)),
    ),
    "labels.any_sum": (
        Derivative(L, z[j]),
        labels.K * (a[j] - y[j] / Sum(y[k], (k, 1, n))),
    ),
    "labels.gradient_sums_to_zero": (Sum(Derivative(L, z[j]), (j, 1, n)), 0),
    "labels.smoothing": (
        Derivative(L, z[j]),
        a[j] - (1 - alpha) * y[j] - alpha / n,
    ),
    "labels.smoothing_others": (
        Derivative(L, z[j]),
        a[j] - (1 - alpha) * y[j] - alpha * (1 - y[j]) / (n - 1),
    ),
    "labels.smoothings_agree": (
        labels.f[i],
        (1 - alpha * n / (n - 1)) * y[i] + alpha / (n - 1),
    ),
    "labels.distillation": (Derivative(L, z[j]), T * (a[j] - labels.f[j])),
    "matched.prediction_minus_target": (
        Derivative(L, z[j]),
        g_prime(z[j]) + alpha * exp(z[j]) / Sum(exp(z[k]), (k, 1, n)) - y[j],
    ),
    "matched.identity_squared_error": (Derivative(L, z[j]), z[j] - y[j]),
    "matched.sigmoid_binary_cross_entropy": (
        Derivative(L, z[j]),
        1 / (1 + exp(-z[j])) - y[j],
    ),
    "matched.softmax_cross_entropy": (Derivative(L, z[j]), a[j] - y[j]),
    "matched.exponential_poisson": (Derivative(L, z[j]), exp(z[j]) - y[j]),
    "other_losses.squared": (
        Derivative(L, z[j]),
        Sum((a[k] - y[k]) * a[k] * (delta(k, j) - a[j]), (k, 1, n)),
    ),
    "other_losses.squared_true_class": (
        Derivative(L, z[c]),
        a[c] * (2 * a[c] - 1 - Sum(a[k] ** 2, (k, 1, n))),
    ),
    "other_losses.one_minus": (Derivative(L, z[j]), a[c] * (a[j] - delta(c, j))),
    "temperature.derivative": (da_dz, a[i] * (delta(i, j) - a[j]) / T),
    "temperature.gradient": (Derivative(L, z[j]), (a[j] - y[j]) / T),
    "temperature.by_temperature": (
        Derivative(L, T),
        Sum((y[k] - a[k]) * z[k], (k, 1, n)) / T**2,
    ),
    "temperature.class_derivative": (
        da_dz,
        a[i] * (delta(i, j) - a[j]) / T_class[j],
    ),
    "temperature.class_gradient": (Derivative(L, z[j]), (a[j] - y[j]) / T_class[j]),
    "weights.per_example": (
        Derivative(L, z[j]),
        a[j] * Sum(w[k] * y[k], (k, 1, n)) - w[j] * y[j],
    ),
    "weights.one_true_class": (Derivative(L, z[j]), w[c] * (a[j] - delta(c, j))),
    "weights.divided_by_m": (Derivative(J, Z[j, s]), weighted_dZ / m),
    "weights.divided_by_weights": (
        Derivative(J, Z[j, s]),
        weighted_dZ / Sum(w[k] * Y[k, t], (k, 1, n), (t, 1, m)),
    ),
}
CASES = {
    "binary.two_classes": Ne(i, j),
    "binary.two_class_gradient": Ne(i, j),
    "binary.two_class_other": Ne(i, j),
    "softmax.case_equal": Eq(i, j),
    "softmax.case_unequal": Ne(i, j),
    "batch.other_examples": Ne(s, t),
}
NEEDS_H1 = {
    "binary.on_softmax_outputs",
    "labels.smoothing",
    "labels.smoothing_others",
    "matched.softmax_cross_entropy",
    "temperature.gradient",
    "temperature.by_temperature",
    "temperature.class_gradient",
    "batch.per_example",
    "batch.gradient",
    "layers.weights",
    "layers.bias",
    "layers.inputs",
    "layers.two_layers",
    "logits.gradient",
}


@lru_cache
def chain_of(name):
    return theorems()[name]()


class TestEveryTheorem:
    def test_each_is_written_down_here(self):
        assert set(STATEMENTS) <= set(NAMES)

    @pytest.mark.parametrize("name", NAMES)
    def test_derives_with_every_step_proved_and_compared(self, name):
        chain = chain_of(name)
        assert chain.steps
        for step in chain.steps:
            assert step.verdict
            assert step.verdict.proved
            assert step.verdict.points >= 4
            assert step.reason.strip()
        assert chain.statement == Eq(chain.start, chain.result, evaluate=False)

    @pytest.mark.parametrize("name", STATEMENTS)
    def test_says_what_is_expected(self, name):
        chain = chain_of(name)
        start, result = STATEMENTS[name]
        assert chain.start == start
        assert chain.case == CASES.get(name)
        assert chain.uses == ((H1,) if name in NEEDS_H1 else ())
        where, facts, case = chain.where, chain.uses, chain.case
        assert not differ(chain.result, Integer(0) + result, where, facts, case)
        assert not differ(chain.start, chain.result, where, facts, case)

    @pytest.mark.parametrize("name", sorted(NEEDS_H1))
    def test_is_false_where_the_labels_do_not_sum_to_one(self, name):
        chain = chain_of(name)
        assert differ(chain.start, chain.result, chain.where, (), chain.case)

    def test_both_ways_to_the_gradient_meet(self):
        first, second = (
            chain_of(f"logits.{name}") for name in ("by_jacobian", "by_log_sum_exp")
        )
        assert first.statement.lhs == second.statement.lhs
        assert not differ(first.result, second.result, first.where)


# The results against NumPy: the forward pass is written here, in plain arrays.


def np_softmax(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=0)


def np_loss(Z, Y):
    """Mean cross-entropy of a batch (n, m), or the loss of one example (n,)."""
    return -(Y * np.log(np_softmax(Z))).sum() / (Z.shape[1] if Z.ndim == 2 else 1)


def slopes(f, x):
    """Every slope of a function of an array, by the complex step."""
    found = []
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape, complex)
        step[place] = 1e-30j
        found.append(np.imag(f(x + step)) / 1e-30)
    return np.reshape(found, x.shape + np.shape(found[0]))


def central(f, x):
    """The same by central differences, which use no complex number."""
    found = []
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = 1e-6
        found.append((f(x + step) - f(x - step)) / 2e-6)
    return np.reshape(found, x.shape + np.shape(found[0]))


def formula(name, letters, sizes, **arrays):
    """The last line of a theorem as an array over its free letters."""
    oracle, expr = Oracle(arrays=arrays, sizes=sizes), chain_of(name).result
    shape = [sizes[RANGES[x]] for x in letters]
    places = (dict(zip(letters, np.add(x, 1), strict=True)) for x in np.ndindex(*shape))
    return np.reshape([oracle(expr, at) for at in places], shape)


@pytest.mark.parametrize("sizes", [(3, 2, 4, 5), (4, 3, 1, 2), (2, 5, 3, 1)])
class TestAgainstNumPy:
    @pytest.fixture
    def case(self, sizes):
        rng = np.random.default_rng(sizes)
        n_, m_, d_, h_ = sizes
        return {
            "sizes": dict(zip((n, m, d, h), sizes, strict=True)),
            "Z": rng.standard_normal((n_, m_)),
            "Y": rng.dirichlet(np.ones(n_), m_).T,
            "X": rng.standard_normal((d_, m_)),
            "W": rng.standard_normal((n_, d_)),
            "b": rng.standard_normal(n_),
            "W1": rng.standard_normal((h_, d_)),
            "b1": rng.standard_normal(h_),
            "W2": rng.standard_normal((n_, h_)),
            "G": rng.standard_normal((h_, m_)),
        }

    def measured(self, f, x, found):
        assert found == pytest.approx(slopes(f, x), rel=1e-12, abs=1e-14)
        assert found == pytest.approx(central(f, x), rel=1e-6, abs=1e-8)

    def test_softmax_derivative(self, case):
        z_ = case["Z"][:, 0]
        found = formula("softmax.derivative", [j, i], case["sizes"], a=np_softmax(z_))
        self.measured(np_softmax, z_, found)

    def test_softmax_cases(self, case):
        z_ = case["Z"][:, 0]
        equal, unequal = (
            formula(f"softmax.case_{x}", [j, i], case["sizes"], a=np_softmax(z_))
            for x in ("equal", "unequal")
        )
        self.measured(np_softmax, z_, np.where(np.eye(len(z_)), equal, unequal))

    def test_gradient_by_the_logits(self, case):
        z_, y_ = case["Z"][:, 0], case["Y"][:, 0]
        arrays = {"a": np_softmax(z_), "y": y_}
        found = formula("logits.gradient", [j], case["sizes"], **arrays)
        self.measured(lambda x: np_loss(x, y_), z_, found)

    @pytest.mark.parametrize("name", ["by_jacobian", "by_log_sum_exp"])
    def test_labels_that_do_not_sum_to_one(self, case, name):
        z_, y_ = case["Z"][:, 0], 3 * case["Y"][:, 0]
        arrays = {"a": np_softmax(z_), "y": y_}
        found = formula(f"logits.{name}", [j], case["sizes"], **arrays)
        self.measured(lambda x: np_loss(x, y_), z_, found)

    def test_gradient_of_a_batch(self, case):
        arrays = {"A": np_softmax(case["Z"]), "Y": case["Y"]}
        found = formula("batch.gradient", [j, s], case["sizes"], **arrays)
        self.measured(lambda x: np_loss(x, case["Y"]), case["Z"], found)

    def test_jacobian_of_a_batch(self, case):
        arrays = {"A": np_softmax(case["Z"])}
        found = formula("batch.block_diagonal", [j, t, i, s], case["sizes"], **arrays)
        self.measured(np_softmax, case["Z"], found)

    def test_softmax_layer(self, case):
        X_, W_, b_, Y_ = (case[x] for x in ("X", "W", "b", "Y"))
        arrays = {"A": np_softmax(W_ @ X_ + b_[:, None]), "Y": Y_, "X": X_, "W": W_}

        def loss(X=X_, W=W_, b=b_):
            return np_loss(W @ X + b[:, None], Y_)

        dW, db, dX = (
            formula(f"layers.{name}", letters, case["sizes"], **arrays)
            for name, letters in (
                ("weights", [j, q]),
                ("bias", [j]),
                ("inputs", [q, s]),
            )
        )
        self.measured(lambda x: loss(W=x), W_, dW)
        self.measured(lambda x: loss(b=x), b_, db)
        self.measured(lambda x: loss(X=x), X_, dX)

    def test_hidden_layer(self, case):
        X_, W_, b_, G_ = (case[x] for x in ("X", "W1", "b1", "G"))
        activation = Oracle.functions[g]
        arrays = {"Z1": W_ @ X_ + b_[:, None], "G": G_, "X": X_, "W1": W_}

        def above(Z1):  # any function of the activations with the gradient G
            moved = activation(Z1) - activation(arrays["Z1"])
            return (G_ * moved).sum() + (moved**2).sum()

        def loss(X=X_, W=W_, b=b_):
            return above(W @ X + b[:, None])

        dZ, dW, db, dX = (
            formula(f"layers.hidden_{name}", letters, case["sizes"], **arrays)
            for name, letters in (
                ("logits", [p, s]),
                ("weights", [p, q]),
                ("bias", [p]),
                ("inputs", [q, s]),
            )
        )
        self.measured(above, arrays["Z1"], dZ)
        self.measured(lambda x: loss(W=x), W_, dW)
        self.measured(lambda x: loss(b=x), b_, db)
        self.measured(lambda x: loss(X=x), X_, dX)

    def test_two_layers(self, case):
        X_, W1_, b1_, W2_, b_, Y_ = (case[x] for x in ("X", "W1", "b1", "W2", "b", "Y"))
        activation = Oracle.functions[g]

        def logits(W1):
            return W2_ @ activation(W1 @ X_ + b1_[:, None]) + b_[:, None]

        arrays = {
            "A": np_softmax(logits(W1_)),
            "Y": Y_,
            "X": X_,
            "W": W2_,
            "Z1": W1_ @ X_ + b1_[:, None],
        }
        found = formula("layers.two_layers", [p, q], case["sizes"], **arrays)
        self.measured(lambda x: np_loss(logits(x), Y_), W1_, found)


# Every step broken in three ways.


def occurrences(expr, path=()):
    """Every part of an expression with the way to it; limits of sums left out."""
    yield path, expr
    for place, arg in enumerate(expr.args):
        limits = isinstance(expr, Sum | SumExcept) and place > 0
        if not limits and not (isinstance(expr, Indexed) and place == 0):
            yield from occurrences(arg, (*path, place))


def put(expr, path, new):
    if not path:
        return new
    args = list(expr.args)
    args[path[0]] = put(args[path[0]], path[1:], new)
    return expr.func(*args)


def by_sign(expr):
    """One term negated."""
    for path, part in occurrences(expr):
        if isinstance(part, Add):
            for term in part.args:
                yield put(expr, path, part - 2 * term)
    yield -expr


def by_index(expr):
    """One letter replaced, in one place, by another of the same range."""
    used = {x for x in preorder_traversal(expr) if x in RANGES}
    for path, part in occurrences(expr):
        if part in RANGES:
            others = [x for x in RANGES if RANGES[x] == RANGES[part] and x != part]
            unused = [x for x in others if x not in used]
            for other in [x for x in others if x in used] + unused[:1]:
                yield put(expr, path, other)


def by_dropping(expr):
    """One term left out."""
    for path, part in occurrences(expr):
        if isinstance(part, Add):
            for term in part.args:
                yield put(expr, path, Add(*(x for x in part.args if x is not term)))


KINDS = {"sign": by_sign, "index": by_index, "drop": by_dropping}
PER_KIND = 2
STEPS = [(x, number) for x in NAMES for number in range(len(chain_of(x).steps))]


@cache
def broken(name, number, kind):
    """Up to PER_KIND mutants of a step that differ from it; the oracle decides."""
    chain, step = chain_of(name), chain_of(name).steps[number]
    mutants = sorted(set(KINDS[kind](step.right)) - {step.right}, key=str)
    random.Random(f"{name} {number} {kind}").shuffle(mutants)
    found, context = [], (chain.where, step.using, chain.case)
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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "number"), STEPS)
def test_a_broken_step_is_refused(name, number, kind):
    chain = chain_of(name)
    step = chain.steps[number]
    mutants = broken(name, number, kind)
    assert bool(mutants) == shape_allows(step.right, kind)
    before = Derivation(chain.start, chain.where, chain.case, chain.steps[:number])
    for mutant in mutants:
        with pytest.raises(StepError) as refusal:
            before.step(mutant, step.reason, step.using)
        verdict = refusal.value.verdict
        assert refusal.value.number == number + 1
        assert not verdict.proved, "the check for every n refuses it alone"
        assert verdict.counterexample, "and so does the check at points"
        assert verdict.counterexample.left != verdict.counterexample.right


@pytest.mark.parametrize(
    ("kind", "least"), [("sign", 100), ("index", 100), ("drop", 60)]
)
def test_mutants_of_each_kind_were_there(kind, least):
    assert sum(len(broken(*step, kind)) for step in STEPS) >= least
