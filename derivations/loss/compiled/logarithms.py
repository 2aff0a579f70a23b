"""Which logarithms a program knows without the number: of e^u, an output, a product.

A formula is compiled in one of four ways:

- `AS_IT_STANDS`: each operation as it is written, for numbers of many digits;
- `WITH_ATOMS`: a_k, 1 − a_k and their logarithms are computed from the logits;
- `IN_LOGARITHMS`: a product is e to the sum of the logarithms of its factors, too;
- `IN_ALL_LOGARITHMS`: and so is a product with a label, whose sign stands apart.
"""

from enum import IntEnum
from functools import reduce

from sympy import Add, Indexed, KroneckerDelta, Mul, Pow, Sum, Symbol, cosh, exp, log

from derivations.loss.forms import over_a_sum

Way = IntEnum("Way", "AS_IT_STANDS WITH_ATOMS IN_LOGARITHMS IN_ALL_LOGARITHMS")


class Logarithms:
    """What a compiler does with log(x)."""

    def has_log(self, part):
        """Whether log(x) is known without x, which is positive, or 0 for all z."""
        if self.way is Way.AS_IT_STANDS:
            return False
        if part not in self.logs:
            self.logs[part] = self.finds_log(part)
        return self.logs[part]

    def finds_log(self, part):
        if isinstance(part, exp | cosh) or isinstance(1 - part, KroneckerDelta):
            return True
        if isinstance(part, Indexed):
            return self.is_output(part)
        if self.is_rest(part):
            output = self.outputs[(1 - part).base]
            return bool(output.top) or self.has_log(over_a_sum(1 - output.value))
        if isinstance(part, Pow | Sum):
            return self.has_log(part.args[0])
        if _nearly(part) is not None:
            return self.has_log(_nearly(part))
        return (
            isinstance(part, Add | Mul)
            and any(map(self.has_log, part.args))
            and all(
                self.has_log(arg) or self.signs.is_settled(arg) for arg in part.args
            )
        )

    def log(self, part):  # noqa: PLR0911
        """log(x), which is −∞ where x is 0."""
        if self.way > Way.AS_IT_STANDS and is_number(part):
            return self.step("number", of=log(part))
        if not self.has_log(part):
            return self.step("log", self.value(part))
        if isinstance(part, exp):
            return self.value(*part.args)
        if isinstance(part, cosh):
            (u,) = part.args
            return self.log((exp(u) + exp(-u)) / 2)
        if isinstance(part, Indexed):
            return self.array("log", part)
        if self.is_rest(part):
            return self.array("log_rest", 1 - part)
        if isinstance(1 - part, KroneckerDelta):
            return self.step("log", self.value(part))
        if _nearly(part) is not None:
            return self.step("log_of", self.log(_nearly(part)), self.value(part))
        if isinstance(part, Pow):
            return self.step("*", self.value(part.exp), self.log(part.base))
        if isinstance(part, Sum):
            total, missing = self.over(part, "log_sum_exp", self.log)
            sizes = [self.step("log", self.step("size"))] * missing
            return self.sum([total, *sizes])
        logs = [self.log(arg) for arg in part.args]
        if isinstance(part, Mul):
            return self.sum(logs)
        return reduce(lambda x, other: self.step("log_add", x, other), logs)

    def is_log_of_share(self, part):
        """Whether x is log a, of an a below 1 for which log(1 − a) is known."""
        x = part.args[0] if isinstance(part, log) else None
        return self.is_output(x) and self.has_log(1 - x)

    def is_output(self, part):
        return isinstance(part, Indexed) and part.base in self.outputs

    def is_rest(self, part):
        """Whether this is 1 − x, of an output x."""
        is_difference = isinstance(part, Add) and len(part.args) == 2
        return is_difference and self.is_output(1 - part)


def is_number(expr):
    return not expr.has(Symbol)  # is_number of SymPy writes each sum anew


def _nearly(part):
    """The x that log(1 + x) and 1 − e^(−x) nearly are where x is small; else None."""
    if isinstance(part, log) and isinstance(part.args[0], Add):
        return part.args[0] - 1 if part.args[0].as_coeff_Add()[0] == 1 else None
    power = 1 - part if isinstance(part, Add) and len(part.args) == 2 else None
    return -power.args[0] if isinstance(power, exp) else None
