"""A loss with its proved gradient: a chain, a function of arrays, source to paste."""

from dataclasses import dataclass
from functools import cached_property

from sympy import Derivative, Expr

from derivations.formulas.claims import Definition
from derivations.formulas.told import argument_of
from derivations.letters import L, j, z
from derivations.loss import domain, refusals
from derivations.loss.compiled import accuracy
from derivations.loss.source.writing import written
from derivations.proof import Derivation, check
from derivations.text.printing import text


@dataclass(frozen=True)
class OwnLoss:
    """A loss with its proved gradient; made by `derive`."""

    loss: Expr
    activation: Definition
    parameters: tuple
    chain: Derivation
    given: tuple = ()
    """The hypotheses that the reader named."""

    @property
    def gradient(self):
        """dL/dz_j as a formula, for every n."""
        return self.chain.result

    @property
    def softmaxes(self):
        """The definitions of softmax(u), as far as the chain has them."""
        return [one for one in self.chain.where if argument_of(one.base) is not None]

    @property
    def named(self):
        """The loss, with its softmaxes by their names."""
        return next(one.value for one in self.chain.where if one.symbol == L)

    @cached_property
    def facts(self):
        """The hypotheses that a line uses; all that are given if conditions go by them.

        Labels that are not negative may all be 0, and then Σ_k y_k e^{z_k} is 0, too:
        that it is not 0 is a condition with H3, and none with H1 and H3.
        """
        used = self.chain.uses
        if len(used) == len(self.given):
            return used
        fewer, more = (
            [*domain.denominators(self, facts), *domain.logarithms(self, facts)]
            for facts in (self.given, used)
        )
        return self.given if len(fewer) < len(more) else used

    @cached_property
    def verdict(self):
        """The formula against the derivative of the loss, in one comparison."""
        return self._against_the_loss(self.gradient, self.facts)

    def check(self, answer):
        """The verdict on another formula for dL/dz_j, such as one found by hand."""
        return self._against_the_loss(answer, self.chain.uses)

    def _against_the_loss(self, answer, facts):
        return check(answer, Derivative(L, z[j]), self.chain.where, using=facts)

    def to_numpy(self, /, **values):
        """The gradient as a function of arrays Z and Y, for values of the parameters.

        Shapes: Z, Y and the result (n, m), or Y (m,) of the true classes, integers from
        0 on; a parameter is (), or (n,) when it has an index; or (m,), (n, m) by
        example.  Each column of the result is of one example.
        Raises TypeError for parameters that are missing or unknown, and for arrays that
        hold no real numbers; ValueError for arrays of another shape.
        Source: notebook 15, "A function for arrays".

        >>> import numpy as np
        >>> from derivations.letters import Sum, a, y, k, n, log, H1
        >>> from derivations.loss.deriving import derive
        >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
        >>> own.to_numpy()(np.zeros((2, 1)), np.array([[1.0], [0.0]]))
        array([[-0.5],
               [ 0.5]])
        """
        return self._function("gradient", values)

    def loss_to_numpy(self, /, **values):
        """The loss as a function of arrays Z and Y: one number for each example, (m,).

        It is made from the loss and not from the gradient, so that differences of it
        judge the gradient.  Complex Z are accepted, for the complex step.
        """
        return self._function("loss", values)

    def source(self, library: str = "numpy", layout: str | None = None) -> str:
        """The loss and its gradient as Python source, ready to paste.

        `library` is numpy, pytorch or jax; `layout` says of which shape Z and Y are,
        "classes first" (n, m), as NumPy has it by default, or "classes last" (m, n), as
        the others have.  The text has one function
        `loss_and_gradient(Z, Y, …)`, with a keyword for each parameter, that computes
        in the order of `to_numpy` and needs nothing but the library.  Its docstring
        says the formulas, the shapes and the conditions.  For PyTorch and JAX `losses`
        follows, which the library differentiates by Z with this gradient.
        Raises ValueError for another library or layout, and for a parameter with no
        name of Python.
        Source: notebook 15, "A function for arrays".

        >>> from derivations.letters import Sum, a, y, k, n, log, H1
        >>> from derivations.loss.deriving import derive
        >>> own = derive(-Sum(y[k] * log(a[k]), (k, 1, n)), using=H1)
        >>> [line.strip() for line in own.source().splitlines() if " A - Y" in line]
        ['gradient = A - Y']
        >>> own.source("jax").splitlines()[0]
        '# Logits Z and labels Y are (m, n): a row an example, a column a class.'
        """
        return written(self, library, layout)

    @cached_property
    def _best(self):
        return accuracy.best(self)

    @property
    def program(self):
        """The steps that `to_numpy` carries out and `source` writes down."""
        return self._best[0]

    @property
    def accuracy(self):
        """How exact the program is, by its measure at points.

        >>> from derivations.letters import Sum, a, y, k, n, log
        >>> from derivations.loss.deriving import derive
        >>> print(derive(-Sum(y[k] * log(a[k]), (k, 1, n))).accuracy)
        loss and gradient are off by at most 1e-15, or 1e-15 of the largest entry \
where that is above 1; measured at 240 points with logits from -800 to 800
        """
        return self._best[1]

    def _function(self, name, values):
        # NumPy stays outside derivations/ until a reader asks for arrays.
        from derivations.loss import to_numpy  # noqa: PLC0415

        values = refusals.values(self.parameters, values)
        return to_numpy.function(self, self.program, name, values)

    def __repr__(self):
        return f"dL/dz[j] = {text(self.gradient)}    ({self.verdict})"

    def _repr_markdown_(self):
        return self.chain._repr_markdown_()
