"""Labels as a gradient in blocks needs them: one per example, or a share of each class.

A block is a slice of the classes; an array of it has a row for each of them.
"""

import numpy as np

from arrays.threads import pieces

FEW = 2**14
"""Examples at a time, where a few numbers for each are not to count."""


def labels_of(Y):
    """Return integer labels (m,), or soft ones of the shape of the logits, for blocks.

    >>> labels_of(np.array([2, 0])).sums(np.array([[3, 5]]), slice(2, 3), 7)
    (array([1., 0.]), array([4., 0.]))
    """
    return Classes(Y) if Y.ndim == 1 else Shares(Y)


class Classes:
    """Integer labels, one for each example."""

    room = 0  # numbers that a block takes, for each of its logits

    def __init__(self, Y):
        self.Y = Y

    def _at(self, k, cut):
        """The rows, within k, and the columns of the labels of some examples."""
        rows = self.Y[cut] - k.start
        if rows.min() >= 0 and rows.max() < k.stop - k.start:
            return rows, np.arange(cut.start, cut.start + len(rows))
        here = np.flatnonzero((rows >= 0) & (rows < k.stop - k.start))
        return rows[here], here + cut.start

    def mass(self, blocks):
        """Σ Y over all classes: 1."""
        return 1.0

    def at_a_time(self, blocks):
        """The classes whose labels are best looked at together: all of them."""
        return [slice(blocks[0].start, blocks[-1].stop)]

    @np.errstate(over="ignore", invalid="ignore")
    def sums(self, Z, k, M):
        """Σ Y and Σ Y (M − Z) of each example over the classes k; 0 without a label."""
        at = self._at(k, slice(0, len(self.Y)))
        if not len(at[0]):
            return 0.0, 0.0
        mass, cost = np.zeros((2, Z.shape[1]))
        mass[at[1]] = 1
        cost[at[1]] = np.subtract(np.broadcast_to(M, len(cost))[at[1]], Z[at])
        return mass, cost

    def take_from(self, dZ, k, weight, start=0):
        """dZ of the classes k less weight Y; its column `start` is of the first."""
        for cut in pieces(0, len(self.Y), FEW):
            rows, here = self._at(k, cut)
            here += start
            if dZ.flags.c_contiguous:  # one index takes a quarter of the time of two
                rows *= dZ.shape[1]
                rows += here
                np.subtract.at(dZ.reshape(-1), rows, dZ.dtype.type(weight))
            else:
                np.subtract.at(dZ, (rows, here), dZ.dtype.type(weight))


class Shares:
    """Soft labels, of the shape of the logits, looked at a block at a time."""

    room = 2

    def __init__(self, Y):
        self.Y = Y

    def mass(self, blocks):
        """Σ Y over all classes, block after block."""
        return sum(self.Y[k].sum(axis=0, dtype=float) for k in blocks)

    def at_a_time(self, blocks):
        """The classes whose labels are best looked at together: those of a block."""
        return blocks

    @np.errstate(over="ignore", invalid="ignore")
    def sums(self, Z, k, M):
        """Σ Y and Σ Y (M − Z) of each example over the classes k, with 0 · inf = 0."""
        terms = np.subtract(M, Z)
        terms[self.Y[k] == 0] = 0
        terms *= self.Y[k]
        return self.mass([k]), terms.sum(axis=0, dtype=float)

    def take_from(self, dZ, k, weight, start=0):
        """dZ of the classes k less weight Y; its column `start` is of the first."""
        Y = self.Y[k]
        dZ = dZ[:, start : start + Y.shape[1]]
        dZ -= np.multiply(Y, weight, dtype=dZ.dtype)
