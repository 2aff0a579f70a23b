"""Where terms come from: sums of groups and lines, at points of the third opinion."""

import pytest
from sympy import Add

from derivations.formulas.indices import times
from derivations.letters import *
from derivations.origins import cancelled, origins, sides, values
from derivations.proof import Derivation
from derivations.text.printing import latex, latex_of_terms
from derivations.theorems import catalogue
from tests.oracle import differ

# The chains of the front page and of notebooks 2, 4 and 5 whose terms are linked.
NAMES = [
    *("logits.gradient", "logits.by_log_sum_exp", "logits.one_true_class"),
    *("softmax.case_equal", "softmax.case_unequal", "softmax.derivative"),
]
CHAINS = [pytest.param(catalogue()[name](), id=name) for name in NAMES]


@pytest.mark.parametrize("chain", CHAINS)
def test_the_terms_of_a_line_add_up_to_it_and_those_of_a_group_to_each_other(chain):
    lines = sides(chain)
    assert not any(
        differ(Add(*values(x)), x, chain.where, (), chain.case) for x in lines
    )
    steps = zip(origins(chain), chain.steps, lines, lines[1:], strict=False)
    for groups, step, before, after in steps:
        left, right = values(before), values(after)
        assert sorted(x for places, _ in groups for x in places) == [*range(len(left))]
        for places, others in groups:
            both = [left[x] for x in places], [right[x] for x in others]
            assert not differ(
                *(Add(*x) for x in both), chain.where, step.using, chain.case
            )


def without_classes(printed):
    """LaTeX without its classes, whatever stands in them."""
    while r"\class{" in printed:
        before, _, rest = printed.partition(r"\class{")
        inside = rest.partition("}{")[2]
        depth = [
            inside[: k + 1].count("}") - inside[: k + 1].count("{")
            for k in range(len(inside))
        ]
        end = depth.index(1)
        printed = before + inside[:end] + inside[end + 1 :]
    return printed


@pytest.mark.parametrize("chain", CHAINS)
def test_a_line_with_its_terms_is_written_as_without_them(chain):
    for line in sides(chain):
        letters = [frozenset({a[i], a[j], a[c]})] * len(values(line))
        printed = latex_of_terms(line, letters)
        assert without_classes(printed) == latex(line)
        assert printed.count(r"\class{term}") == len(values(line))


def test_where_the_terms_of_the_front_page_come_from():
    chain = catalogue()["logits.gradient"]()
    assert [sorted(group) for group in origins(chain)] == [
        [((0,), (0,))],
        [((0,), (0, 1))],  # split off the term i = j
        [((0,), (0,)), ((1,), (1,))],
        [((0,), (0,)), ((1,), (1,))],
        [((0,), (0, 1)), ((1,), (2,))],  # multiply out
        [((0, 2), (0,)), ((1,), (1,))],  # the term that the sum was missing
        [((0,), (0,)), ((1,), (1,))],
    ]
    both = sides(chain)[3:5]
    assert cancelled(*both, origins(chain)[3]) == [{a[j]}, {a[i]}]


def test_terms_that_cancel_become_nothing_and_a_zero_comes_from_nowhere():
    chain = Derivation(a[i] - a[i] * y[j] + times(a[i], y[j])).step(a[i], "they cancel")
    assert origins(chain) == [[((1,), (0,)), ((0, 2), ())]]
    still = origins(catalogue()["softmax.case_unequal"]())
    assert still[1:3] == [[((0,), (1,))], [((0,), ()), ((1,), (0,))]]
