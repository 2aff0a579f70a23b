"""The problem that several processes share, and its gradient by one, without JAX.

Every process makes its own rows of W, b, X and the labels from a seed, block by block.
To compare, it makes the others' rows as well, but never more than a block at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

BLOCK = 512


@dataclass(frozen=True)
class Seeded:
    """An array whose rows are made when they are asked for, alike in every process."""

    shape: tuple
    seed: tuple
    make: Callable

    def __getitem__(self, index):
        """The rows that a slice names, or that the first of several does."""
        rows = index[0] if isinstance(index, tuple) else index
        start, stop, _ = rows.indices(self.shape[0])
        entries = np.empty((stop - start, *self.shape[1:]), self._block(0, 0).dtype)
        for block in range(start // BLOCK, -(-stop // BLOCK)):
            first = block * BLOCK
            low, high = max(start, first), min(stop, first + BLOCK)
            made = self._block(block, BLOCK)
            entries[low - start : high - start] = made[low - first : high - first]
        return entries

    def _block(self, block, rows):
        return self.make(np.random.default_rng([*self.seed, block]), rows)


@dataclass(frozen=True)
class Problem:
    """Z = W X + b with n classes, d inputs and m examples; X is (m, d), as axis=-1."""

    n: int
    d: int
    m: int
    seed: int = 0

    @cached_property
    def W(self):
        """Weights (n, d) that make logits of some units."""
        return self._normal((self.n, self.d), 0, 2 / np.sqrt(self.d))

    @cached_property
    def b(self):
        """Biases (n,)."""
        return self._normal((self.n,), 1, 1)

    @cached_property
    def X(self):
        """Inputs (m, d)."""
        return self._normal((self.m, self.d), 2, 1)

    @cached_property
    def labels(self):
        """One class per example, (m,)."""
        make = lambda rng, rows: rng.integers(self.n, size=rows)  # noqa: E731
        return Seeded((self.m,), (self.seed, 3), make)

    def _normal(self, shape, letter, scale):
        def make(rng, rows):
            made = rng.standard_normal((rows, *shape[1:]), np.float32)
            return made * np.float32(scale)

        return Seeded(shape, (self.seed, letter), make)


class OneProcess:
    """The result of one process, in float64 NumPy, one block of W at a time.

    normaliser is log Σ e^z of each example: with it a row of dW can be computed alone.
    """

    def __init__(self, problem):
        self.problem = problem
        self.X = problem.X[:].astype(float)
        self.labels = problem.labels[:]
        self.normaliser = self._normaliser()

    def loss_and_inputs(self):
        """J, and dX (m, d)."""
        J, dX = self.normaliser.mean(), np.zeros_like(self.X)
        for start, stop in self._blocks():
            W, dZ, at_labels = self._logits_gradient(start, stop)
            J -= at_labels / self.problem.m
            dX += dZ.T @ W
        return J, dX

    def rows(self, start, stop):
        """dW and db of some classes."""
        _, dZ, _ = self._logits_gradient(start, stop)
        return dZ @ self.X, dZ.sum(axis=1)

    def _blocks(self):
        for start in range(0, self.problem.n, BLOCK):
            yield start, min(start + BLOCK, self.problem.n)

    def _logits(self, start, stop):
        """Rows of W, and their logits."""
        W, b = (X[start:stop].astype(float) for X in (self.problem.W, self.problem.b))
        return W, W @ self.X.T + b[:, None]

    def _normaliser(self):
        top, S = np.full(self.problem.m, -np.inf), np.zeros(self.problem.m)
        for start, stop in self._blocks():
            _, Z = self._logits(start, stop)
            higher = np.maximum(top, Z.max(axis=0))
            S = S * np.exp(top - higher) + np.exp(Z - higher).sum(axis=0)
            top = higher
        return top + np.log(S)

    def _logits_gradient(self, start, stop):
        """Rows of W, of dZ/m, and the sum of the labels' logits among them."""
        W, Z = self._logits(start, stop)
        is_label = np.arange(start, stop)[:, None] == self.labels
        dZ = (np.exp(Z - self.normaliser) - is_label) / self.problem.m
        return W, dZ, Z[is_label].sum()
