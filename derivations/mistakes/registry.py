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
    wrong_softmax_derivative,
)
from derivations.mistakes.terms import (
    one_entry,
    one_factor,
    sign_of_one_term,
)

_CHAIN, _CHECKS = "04_chain_rule", "09_numerical_checks"
_SOFTMAX, _STABLE = "02_softmax_derivative", "10_numerical_stability"
_READ = "How to read a gradient check"

# fmt: off
MISTAKES = tuple(Mistake(*row) for row in (
    ("sign", _CHAIN, "The chain, split into both cases", sign),
    ("terms left out", "05_why_both_cases", "Delete the terms and look",
     terms_left_out),
    ("sum", "07_layers", "The last layer", wrong_sum),
    ("inner derivative forgotten", _CHAIN, "Why a sum over all outputs",
     inner_derivative_forgotten),
    ("constant left out", _CHECKS, _READ, constant_left_out),
    ("transposed", "02_softmax_derivative", "The matrix", transposed),
    ("transposed in the sum", _CHAIN, "Three spellings of one product",
     transposed_in_the_sum),
    ("number of examples", "06_batches", "Where 1/m belongs", number_of_examples),
    ("base of the logarithm", "03_cross_entropy", "Which logarithm",
     base_of_the_logarithm),
    ("softmax twice", _STABLE, "from_logits, and softmax twice", softmax_twice),
    ("softmax over the examples", "01_softmax", "One axis of a batch",
     softmax_over_the_examples),
    ("delta lost", _SOFTMAX, "One formula for both", delta_lost),
    ("one case for both", _SOFTMAX, "One formula for both", one_case_for_both),
    ("sign of one term", _CHECKS, _READ, sign_of_one_term),
    ("slip in one case", _SOFTMAX, "Case i ≠ j", slip_in_one_case),
    ("one term", _CHECKS, _READ, one_term),
    ("softmax derivative", _SOFTMAX, "Why s(1 − s) is wrong in code",
     wrong_softmax_derivative),
    ("true class for all", _CHAIN, "Only the true class has the −1",
     true_class_for_all),
    ("constant factor", _CHECKS, _READ, constant),
    ("reciprocal", _CHECKS, _READ, reciprocal),
    ("one factor", _CHECKS, _READ, one_factor),
    ("one entry", _CHECKS, _READ, one_entry),
    ("another term", _CHECKS, _READ, another_term),
))
# fmt: on
