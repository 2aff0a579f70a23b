"""The rest of what `make test` tries a sample of: `make test-more` runs these.

They take a few minutes.  What is asked, and which are the sample, stands in the modules
that are imported here.
"""

import pytest

from derivations.theorems import catalogue
from tests import (
    test_broken_steps,
    test_losses_in_numbers,
    test_reading,
    test_truths,
)
from tests.losses import LOSSES
from tests.test_losses_in_numbers import NAMES
from tests.test_truths import TRUTHS


def of_the_rest(module, names):
    """A mark for a class: each of the names that are no sample of this module."""
    rest = [name for name in names if name not in module.SAMPLE]
    return pytest.mark.parametrize("name", rest)


@of_the_rest(test_losses_in_numbers, NAMES)
class TestLosses(test_losses_in_numbers.OfALoss):
    pass


@of_the_rest(test_losses_in_numbers, LOSSES)
class TestLossesOfTheLiterature(test_losses_in_numbers.OfALossOfTheLiterature):
    pass


@of_the_rest(test_broken_steps, catalogue())
class TestTheorems(test_broken_steps.OfATheorem):
    pass


@of_the_rest(test_reading, catalogue())
class TestFormulasOfTheorems(test_reading.OfATheorem):
    pass


@of_the_rest(test_truths, TRUTHS)
class TestTruths(test_truths.OfATruth):
    pass
