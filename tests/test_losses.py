"""Losses from the literature: derived, or refused with what to write instead."""

import re

import numpy as np
import pytest
from sympy import IndexedBase

import helpers
from derivations.loss.deriving import NotDecidedError, derive
from tests.losses import LOSSES, REFUSED

DERIVED = [name for name in LOSSES if name not in REFUSED]
rng = np.random.default_rng(0)
Z0 = rng.normal(size=(4, 3))
Y0 = helpers.one_hot([2, 0, 3], 4)
Y_SOFT = rng.uniform(0.1, 1, size=(4, 3))
Y_SOFT /= Y_SOFT.sum(axis=0)


def values(own):
    """A value for each parameter, by its name."""
    return {
        str(one): np.linspace(0.2, 0.9, 4) if isinstance(one, IndexedBase) else 0.7
        for one in own.parameters
    }


def test_most_of_61_are_derived():
    assert len(LOSSES) == 61
    assert len(DERIVED) >= 52


@pytest.fixture(scope="module", params=DERIVED)
def own(request):
    loss, keywords = LOSSES[request.param]
    return derive(loss, **keywords)


def test_its_gradient_is_that_of_its_numbers(own):
    """In this room, and in the text to paste; by the complex step of each loss."""
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
    loss, keywords = LOSSES[name]
    words = re.compile(REFUSED[name], re.S)
    with pytest.raises((ValueError, NotDecidedError), match=words):
        derive(loss, **keywords)
