"""Derivatives carried out, with definitions put in."""

import numpy as np
import pytest
from sympy import Abs, Rational, cos, diff, sin, sqrt

from derivations.judges.at_points.evaluation import instantiate
from derivations.judges.for_every_n.derivatives import (
    Unfolding,
    differentiate,
    unfold,
)
from derivations.letters import *
from derivations.proof import check
from tests.every_n import equal

WHERE = (softmax, cross_entropy)


class TestDerivatives:
    def test_a_captured_bound_index_is_differentiated_right(self):
        assert diff(Sum(exp(z[k]), (k, 1, n)), z[k]) != exp(z[k])  # SymPy's bug
        inner = Sum(z[k] * Sum(z[k] ** 2, (k, 1, n)), (k, 1, n))
        right = Sum(z[l] ** 2, (l, 1, n)) + 2 * z[k] * Sum(z[l], (l, 1, n))
        assert equal(differentiate(inner, z[k]), right)

    def test_a_derivative_by_a_letter_that_an_outer_sum_binds(self):
        slopes = Sum(Derivative(Sum(exp(z[k]), (k, 1, n)), z[k]), (k, 1, n))
        assert check(slopes, Sum(exp(z[j]), (j, 1, n)))
        assert not check(slopes, n * Sum(exp(z[j]), (j, 1, n)))

    @pytest.mark.parametrize("variable", [i, n, z, 1, exp(z[i])])
    def test_only_entries_are_differentiated_by(self, variable):
        with pytest.raises(TypeError, match="differentiate with respect to a symbol"):
            differentiate(exp(z[i]), variable)

    def test_a_definition_unfolded_twice(self):
        both = unfold(a[i] * a[k], [softmax])
        sums = [Sum(exp(z[x]), (x, 1, n)) for x in (l, j)]
        assert equal(both, exp(z[i]) * exp(z[k]) / (sums[0] * sums[1]))
        nested = unfold(Sum(a[k] * Sum(a[l], (l, 1, n)), (k, 1, n)), [softmax])
        assert equal(nested, 1)

    def test_second_derivatives(self):
        hessian = Derivative(L, z[i], z[j])
        right = Sum(y[k], (k, 1, n)) * a[i] * (delta - a[j])
        assert check(right, hessian, where=WHERE)
        assert not check(right + a[i], hessian, where=WHERE)
        assert equal(Derivative(z[i] ** 3, (z[i], 2)), 6 * z[i])

    def test_a_derivative_of_a_derivative_whose_sums_hold_definitions(self):
        powers = Sum(exp(Z[k, s]), (k, 1, n))  # and every Z[k, s] is a sum over q
        inner = Derivative(log(powers), Z[j, s])
        outer, written_out = (
            unfold(Derivative(W[i, r] * x, W[i, r]), [linear])
            for x in (inner, exp(Z[j, s]) / powers)
        )
        assert equal(outer, written_out)
        assert not outer.has(W[q, q])

    @pytest.mark.parametrize("f", [exp, sin, Abs, lambda x: x**alpha])
    def test_a_derivative_goes_through_a_letter_that_is_kept(self, f):
        slope = Derivative(f(Z[j, s]), W[j, q])
        x = Symbol("x", real=True)
        kept = Unfolding((linear,), kept=(Z,)).normal(slope)
        right = f(x).diff(x).subs(x, linear.value) * X[q, s]
        assert check(kept, right, where=[linear]).proved
        assert kept != 0

    def test_a_partial_derivative_holds_the_definition_still(self):
        assert equal(Derivative(S, z[j]), exp(z[j]), where=[normaliser])
        twice = Derivative(L, a[i], a[i])
        assert check(y[i] / a[i] ** 2, twice, where=WHERE)

    def test_a_mixed_one_by_a_defined_symbol_is_refused(self):
        """Is a still while z moves, or not?"""
        for mixed in (
            Derivative(a[i], z[i], a[i]),
            Derivative(a[i] * S, a[i], S),
            Derivative(Derivative(L, a[i]), z[j]),
        ):
            with pytest.raises(ValueError, match="two meanings where"):
                check(0, mixed, where=[*WHERE, normaliser])

    @pytest.mark.parametrize(
        "f",
        [
            z[i] * Sum(z[k] * exp(-(z[k] ** 2)), (k, 1, n)) ** 2,
            log(Sum(exp(2 * z[k]) * y[k], (k, 1, n)) ** 2 + 1) / z[j],
            exp(Sum(z[k] * Sum(z[l] * v[k], (l, 1, n)), (k, 1, n)) / z[i]),
            sqrt(1 + Sum(z[k] ** 2, (k, 1, n))) * SumExcept(z[k] ** 3, (k, 1, n), i),
            sin(z[i]) ** 3 * cos(Sum(z[k], (k, 1, n))) + alpha,
            sin(z[i] * SumExcept(z[k] ** 2 * z[i], (k, 1, n), i)),
            Sum(times(z[k], z[k] + z[i], z[k]), (k, 1, n)) * Sum(y[k], (k, 1, n)),
        ],
    )
    def test_slopes_are_those_of_sympy_on_plain_symbols(self, f):
        for row, column in np.ndindex(3, 3):
            at = {i: row + 1, j: column + 1}
            found = instantiate(differentiate(f, z[j]), {n: 3}, at)
            right = diff(
                instantiate(f, {n: 3}, at), Symbol(f"z_{column + 1}", real=True)
            )
            values = {
                x: Rational(3 + len(str(x)) + ord(str(x)[-1]) % 7, 20)
                for x in (found - right).free_symbols
            }
            assert abs((found - right).subs(values).evalf(30)) < 1e-20
