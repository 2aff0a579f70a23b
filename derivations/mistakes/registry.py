"""Every mistake that is looked for, those with the fewest assumptions first."""

from derivations.mistakes.cases import (
    delta_dropped,
    one_case_for_both,
    transposed,
    true_class_for_all,
)
from derivations.mistakes.chain_rule import (
    inner_derivative_forgotten,
    summed_over_the_wrong_index,
    terms_left_out,
)
from derivations.mistakes.factors import (
    base_of_the_logarithm,
    constant,
    number_of_examples,
    sign,
)
from derivations.mistakes.mistake import Mistake
from derivations.mistakes.softmaxes import softmax_over_the_examples, softmax_twice
from derivations.mistakes.terms import (
    delta_of_one_term,
    one_factor,
    one_letter,
    one_term,
)

MISTAKES = tuple(
    Mistake(name, notebook, heading, candidates)
    for name, notebook, heading, candidates in (
        ("sign", "04_chain_rule", "The chain, split into both cases", sign),
        (
            "terms left out",
            "05_why_both_cases",
            "Delete the terms and look",
            terms_left_out,
        ),
        (
            "inner derivative forgotten",
            "04_chain_rule",
            "Why a sum over all outputs",
            inner_derivative_forgotten,
        ),
        (
            "transposed",
            "04_chain_rule",
            "Three spellings of one product",
            transposed,
        ),
        (
            "sum over the wrong index",
            "04_chain_rule",
            "Three spellings of one product",
            summed_over_the_wrong_index,
        ),
        (
            "number of examples",
            "06_batches",
            "Where 1/m belongs",
            number_of_examples,
        ),
        (
            "base of the logarithm",
            "03_cross_entropy",
            "Which logarithm",
            base_of_the_logarithm,
        ),
        (
            "softmax twice",
            "10_numerical_stability",
            "from_logits, and softmax twice",
            softmax_twice,
        ),
        (
            "softmax over the examples",
            "01_softmax",
            "One axis of a batch",
            softmax_over_the_examples,
        ),
        (
            "delta missing",
            "02_softmax_derivative",
            "One formula for both",
            delta_of_one_term,
        ),
        (
            "delta dropped",
            "02_softmax_derivative",
            "One formula for both",
            delta_dropped,
        ),
        (
            "one case for both",
            "02_softmax_derivative",
            "One formula for both",
            one_case_for_both,
        ),
        (
            "true class for all",
            "04_chain_rule",
            "Are all entries equal to a₁ − 1",
            true_class_for_all,
        ),
        (
            "constant factor",
            "09_numerical_checks",
            "How to read a gradient check",
            constant,
        ),
        ("one letter", "02_softmax_derivative", "Case i ≠ j", one_letter),
        ("one term", "09_numerical_checks", "How to read a gradient check", one_term),
        (
            "one factor",
            "09_numerical_checks",
            "How to read a gradient check",
            one_factor,
        ),
    )
)
