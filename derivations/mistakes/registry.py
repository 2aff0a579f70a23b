"""Every mistake that is looked for, those with the fewest assumptions first."""

from derivations.mistakes.cases import (
    delta_lost,
    one_case_for_both,
    slip_in_one_case,
    transposed,
    true_class_for_all,
)
from derivations.mistakes.chain_rule import (
    inner_derivative_forgotten,
    terms_left_out,
    transposed_in_the_sum,
    wrong_sum,
)
from derivations.mistakes.difference import another_term, one_term
from derivations.mistakes.factors import (
    base_of_the_logarithm,
    constant,
    constant_left_out,
    number_of_examples,
    reciprocal,
    sign,
)
from derivations.mistakes.mistake import Mistake
from derivations.mistakes.softmaxes import (
    softmax_over_the_examples,
    softmax_twice,
    term_left_out,
    wrong_softmax_derivative,
)
from derivations.mistakes.terms import (
    another_array,
    one_entry,
    one_factor,
    part_of_a_sum,
    sign_of_one_term,
)

_CHAIN = "04_chain_rule"
_SOFTMAX, _STABLE = "02_softmax_derivative", "10_numerical_stability"

# fmt: off
MISTAKES = tuple(Mistake(*row) for row in (
    ("sign", sign),
    ("constant factor", constant),
    ("another array", another_array),
    ("terms left out", terms_left_out,
     "05_why_both_cases", "Delete the terms and look"),
    ("sum", wrong_sum, "07_layers", "The last layer"),
    ("inner derivative forgotten", inner_derivative_forgotten,
     _CHAIN, "Why a sum over all outputs"),
    ("constant left out", constant_left_out),
    ("transposed", transposed, _SOFTMAX, "The matrix"),
    ("transposed in the sum", transposed_in_the_sum,
     _CHAIN, "Three spellings of one product"),
    ("number of examples", number_of_examples, "06_batches", "Where 1/m belongs"),
    ("base of the logarithm", base_of_the_logarithm,
     "03_cross_entropy", "Which logarithm"),
    ("softmax twice", softmax_twice, _STABLE, "from_logits, and softmax twice"),
    ("softmax over the examples", softmax_over_the_examples,
     "01_softmax", "One axis of a batch"),
    ("delta lost", delta_lost, _SOFTMAX, "One formula for both"),
    ("one case for both", one_case_for_both, _SOFTMAX, "One formula for both"),
    ("sign of one term", sign_of_one_term),
    ("slip in one case", slip_in_one_case, _SOFTMAX, "Case i ≠ j"),
    ("term left out", term_left_out,
     "05_why_both_cases", "The gradient at each logit"),
    ("one term", one_term),
    ("part of a sum", part_of_a_sum),
    ("softmax derivative", wrong_softmax_derivative,
     _SOFTMAX, "Why s(1 − s) is wrong in code"),
    ("true class for all", true_class_for_all,
     _CHAIN, "Only the true class has the −1"),
    ("reciprocal", reciprocal),
    ("one factor", one_factor),
    ("one entry", one_entry),
    ("another term", another_term),
))
# fmt: on
