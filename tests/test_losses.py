"""Losses from the literature: derived, or refused with what to write instead.

The table tests/losses.txt has those that can be written as text, the others are here.
"""

import re

import numpy as np
import pytest
from sympy import Abs, Max, Piecewise, Product

import helpers
from derivations.letters import *
from derivations.loss.deriving import NotDecidedError, derive
from derivations.request import own_loss
from tests.rows import rows

LOSSES = {name: row for name, *row in rows("losses", 5)}
REFUSED_TEXTS = {
    "Jensen-Shannon": "cannot decide the gradient of .*or derive it by hand"
}
DERIVED = [name for name in LOSSES if name not in REFUSED_TEXTS]
MASKED = "masked softmax, mask of 0 and 1"
mask = IndexedBase("mask", nonnegative=True)
over = (k, 1, n)
hinge = Max(0, 1 - y[k] * z[k])
kink = Piecewise((z[k] ** 2, Eq(z[k], 0)), (Abs(z[k]), True))
REFUSED = {
    "hinge": (Sum(hinge, over), "not differentiable everywhere: use a smooth function"),
    "Huber": (Sum(kink, over), "not differentiable everywhere: use a smooth function"),
    "product": (1 - Product(a[k], over), "there is no rule for Product"),
}
rng = np.random.default_rng(0)
Z0 = rng.normal(size=(4, 3))
Y_SOFT = rng.uniform(0.1, 1, size=(4, 3))
Y_SOFT /= Y_SOFT.sum(axis=0)


def derived(name):
    """The loss of a row of the table, or the masked one."""
    if name == MASKED:
        total = Sum(mask[l] * exp(z[l]), (l, 1, n))
        loss = Sum(y[k] * (log(total) - z[k]), over)
        return derive(loss, parameters=[mask], using=H1)
    loss, written, facts, activation = LOSSES[name]
    named = [one.partition(" ") for one in written.split(", ") if one]
    parameters = [(parameter, sign or "positive") for parameter, _, sign in named]
    return own_loss(loss, activation or "softmax", parameters, facts.split())


def values(own):
    """A value for each parameter, by its name."""
    return {
        str(one): np.linspace(0.2, 0.9, 4) if isinstance(one, IndexedBase) else 0.7
        for one in own.parameters
    }


def test_most_are_derived():
    assert len(DERIVED) >= 52


@pytest.mark.parametrize("name", [*DERIVED, MASKED])
def test_its_gradient_is_that_of_its_numbers(name):
    """In this room, and in the text to paste; by the complex step of each loss."""
    own = derived(name)
    given = values(own)
    pasted = {}
    exec(compile(own.source(), "pasted", "exec"), pasted)
    for Z, Y in ((Z0, Y_SOFT), (3 * Z0[:, :2], Y_SOFT[:, 1:])):
        loss, dZ = pasted["loss_and_gradient"](Z, Y, **given)
        np.testing.assert_allclose(own.loss_to_numpy(**given)(Z, Y), loss, rtol=1e-12)
        np.testing.assert_allclose(
            own.to_numpy(**given)(Z, Y), dZ, rtol=1e-10, atol=1e-14
        )

        def total(Z, Y=Y):
            return pasted["loss_and_gradient"](Z, Y, **given)[0].sum()

        assert helpers.gradient_check(dZ, total, Z)


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_what_to_write(name):
    loss, words = REFUSED[name]
    with pytest.raises((ValueError, NotDecidedError), match=words):
        derive(loss)


@pytest.mark.parametrize("name", REFUSED_TEXTS)
def test_what_cannot_be_decided_is_said(name):
    words = re.compile(REFUSED_TEXTS[name], re.S)
    with pytest.raises(NotDecidedError, match=words):
        derived(name)
