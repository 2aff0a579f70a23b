"""A softmax layer with a large vocabulary: neither Z nor dZ is stored whole.

The gradient of a class needs its own numerator e^z and one number of the example, the
normaliser, which is known only when all classes were seen.  Where there is room for the
numerators of enough examples, they are kept from the one to the other: three products
of matrices, Z, dX and dW.  Where there is none, Z is made twice, block after block of
classes: four products.  Each thread works on classes of its own.
"""

from functools import partial
from math import isqrt

import numpy as np
from numpy.typing import ArrayLike

from arrays.blocks import (
    SIDE,
    WORTH,
    check_normaliser,
    class_sum,
    exp_less,
    merged,
    shift,
)
from arrays.inputs import block_size, is_turned, layer, room_size
from arrays.labels import labels_of
from arrays.threads import (
    cores,
    in_threads,
    one_thread_for_each_product,
    pieces,
    shares,
)

BUDGET = 2**26
"""The bytes of all temporary arrays together, where nothing is said: 64 MiB."""
ROWS = 2**11
"""Classes of a block whose numerators are kept; it has fewer examples than others."""
ENOUGH = 192
"""Examples: three products of fewer take as long as four of a thousand, since each cut
of the examples reads W twice and adds to dW once."""


def linear_softmax_cross_entropy_grad(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    Y: ArrayLike,
    block: int | None = None,
    axis: int = 0,
    mean: bool = True,
    budget: int = BUDGET,
) -> tuple[np.floating, np.ndarray, np.ndarray, np.ndarray]:
    """Return J, dW, db, dX of a softmax layer Z = W X + b; Z and dZ are never stored.

    All temporary arrays together stay below `budget` bytes, if one example and one
    class at a time do.  `block` is the most classes at a time.  Neither changes the
    results by more than rounding.  The normaliser, J and db are added up in float64.

    Shapes: W is (n, d), b (n,), X (d, m), or (m, d) with axis=-1; Y holds integer
    labels (m,), or is (n, m), or (m, n) with axis=-1.  J is one number; dW, db and dX
    are like W, b and X.  With mean=False they are sums over the examples, not means.
    All are float32, or float64 where one of W, b and X is.

    Raises as softmax for the logits and as cross_entropy for Y; ValueError if shapes do
    not match or block or budget is below 1; TypeError if W, b or X does not hold real
    numbers in single or double precision or is masked, or block or budget is not an
    integer.

    Source: notebook 16; theorems blocks.streamed, blocks.weights and blocks.inputs.

    >>> J, dW, db, dX = linear_softmax_cross_entropy_grad(
    ...     W=[[0], [0]], b=[0, 0], X=[[1, 3, 5, 7]], Y=[0, 1, 1, 1], block=1)
    >>> dW.tolist(), db.tolist()
    ([[1.75], [-1.75]], [0.25, -0.25])
    """
    block, budget = block_size(block), room_size(budget)
    W, b, X, Y = layer(W, b, X, Y, axis)
    (n, d), m = W.shape, X.shape[1]
    threads = cores() if n >= WORTH * cores() and n * d * m > SIDE**2 else 1
    sizes = n, d, m, block, budget // X.itemsize, threads, labels_of(Y).room
    way, rows, examples = _way(*sizes)
    dW, dX = np.empty(W.shape, X.dtype), np.empty_like(X)
    db = np.zeros(n, X.dtype if examples == m else float)
    J, weight = 0.0, 1 / m if mean else 1.0
    parts = [way(W, b, pieces(*k, rows), examples) for k in shares(n, threads)]
    each = in_threads(threads)
    with one_thread_for_each_product(threads):
        for cut in pieces(0, m, examples):
            at, labels = for_products(X[:, cut]), labels_of(Y[..., cut])
            places = [dX[:, cut], *(np.empty_like(at) for _ in range(threads - 1))]
            for part, place in zip(parts, places, strict=True):
                part.take(at, labels, place)
            M, total, mass, cost = _all_of(each(way.sums, parts))
            check_normaliser(M, total, cut.start)
            scale = weight * mass / total
            to_all = M, scale, weight, dW, db, cut.start == 0
            each(partial(way.gradient, to_all=to_all), parts)
            for place in places[1:]:
                places[0] += place
            J += weight * np.sum(mass * np.log(total) + cost)
    if is_turned(axis):
        dX = dX.T
    return X.dtype.type(J), dW, db.astype(X.dtype, copy=False), dX


def for_products(X):
    """Return X, or a copy of it if matrix products would read it entry by entry."""
    return X if X.itemsize in X.strides else np.ascontiguousarray(X)


def add_product(A, B, to, room, first):
    """Add A B to what is there, by way of `room`; write it if it is the first."""
    np.matmul(A, B, out=to if first else room)
    if not first:
        to += room


class _Part:
    """The classes of one thread, at some examples after others."""

    def __init__(self, W, b, blocks):
        self.W, self.b, self.blocks = W, b, blocks
        self._dW = np.empty((blocks[0].stop - blocks[0].start, W.shape[1]), b.dtype)

    def take(self, X, labels, dX):
        """Take some examples, and the place of their dX."""
        self.X, self.labels, self.dX = X, labels, dX
        self._dX = np.empty_like(X)

    def rows(self, k):
        """W of the classes k, in the precision of X."""
        return np.ascontiguousarray(self.W[k], self.X.dtype)

    def rows_of(self, room, first, last):
        """Rows of a room as an array with a column for each example."""
        columns = self.X.shape[1]
        return room[first * columns : last * columns].reshape(-1, columns)

    @np.errstate(over="ignore", invalid="ignore")
    def write_logits(self, k, Z):
        """Write Z of the classes k."""
        np.matmul(self.rows(k), self.X, out=Z)
        Z += self.b[k, None]

    def sums_of(self, k, Z, room):
        """M, Σ e^{z − M}, Σ Y and Σ Y (M − z) of the classes k; e^{z − M} in `room`."""
        M = shift(Z)
        of_labels = self.labels.sums(Z, k, M)
        return M, class_sum(exp_less(Z, M, room)), *of_labels

    def gradient(self, to_all):
        """Write dX, and write dW and db or add to them."""
        M, scale, weight, dW, db, first = to_all
        ones = np.ones(self.X.shape[1], self.X.dtype)
        for k in reversed(self.blocks):
            dZ = self.outputs(k, M, scale)
            self.labels.take_from(dZ, k, weight)
            add_product(self.rows(k).T, dZ, self.dX, self._dX, k == self.blocks[-1])
            add_product(dZ, self.X.T, dW[k], self._dW[: len(dZ)], first)
            db[k] += dZ @ ones


class _Kept(_Part):
    """There is room for the numerators of all its classes: they are made once."""

    def __init__(self, W, b, blocks, examples):
        super().__init__(W, b, blocks)
        self.first = blocks[0].start
        self._room = np.empty((blocks[-1].stop - self.first) * examples, b.dtype)
        self._shifts = {}

    def numerators(self, k):
        """e^{z − M} of the classes k, or room for them."""
        return self.rows_of(self._room, k.start - self.first, k.stop - self.first)

    def sums(self):
        """M, Σ e^{z − M}, Σ Y and Σ Y (M − z) of these classes."""
        sums = []
        for k in self.blocks:
            Z = self.numerators(k)
            self.write_logits(k, Z)
            sums.append(self.sums_of(k, Z, Z))
            self._shifts[k.start] = sums[-1][0]
        return _all_of(sums)

    def outputs(self, k, M, scale):
        """scale e^{z − M} of the classes k."""
        dZ = self.numerators(k)
        dZ *= (scale * np.exp(self._shifts[k.start] - M)).astype(dZ.dtype)
        return dZ


class _Remade(_Part):
    """There is room for the logits of one block of its classes: they are made twice."""

    def __init__(self, W, b, blocks, examples):
        super().__init__(W, b, blocks)
        size = (blocks[0].stop - blocks[0].start) * examples
        self._logits, self._room = np.empty((2, size), b.dtype)

    def take(self, X, labels, dX):
        """Take some examples, and the place of their dX."""
        super().take(X, labels, dX)
        self._held = None

    def logits(self, k):
        """Z of the classes k; the last of one way is the first of the way back."""
        Z = self.rows_of(self._logits, 0, k.stop - k.start)
        if k != self._held:
            self.write_logits(k, Z)
            self._held = k
        return Z

    def room(self, k):
        """An array for the classes k."""
        return self.rows_of(self._room, 0, k.stop - k.start)

    def sums(self):
        """M, Σ e^{z − M}, Σ Y and Σ Y (M − z) of these classes, block after block."""
        so_far = []
        for k in self.blocks:
            sums = self.sums_of(k, self.logits(k), self.room(k))
            so_far = [_all_of([*so_far, sums])]
        return so_far[0]

    def outputs(self, k, M, scale):
        """scale e^{z − M} of the classes k."""
        dZ = exp_less(self.logits(k), M, self.room(k))
        dZ *= scale.astype(dZ.dtype)
        return dZ


@np.errstate(over="ignore", invalid="ignore")
def _all_of(sums):
    """Merge M, Σ e^{z − M}, Σ Y and Σ Y (M − z) of parts of the classes."""
    M, total = merged([of_part[:2] for of_part in sums])
    mass, cost = 0.0, 0.0
    for part_M, _, part_mass, part_cost in sums:
        mass += part_mass
        cost += part_cost + part_mass * np.where(part_mass == 0, 0, M - part_M)
    return M, total, mass, cost


def _way(n, d, m, block, most, threads, of_labels):
    """Return a way, and how many classes and examples at a time take `most` numbers.

    Numerators are kept where there is room for those of `ENOUGH` examples.
    """
    rows, examples = _kept_sizes(n, d, m, block, most, threads, of_labels)
    if examples >= min(m, ENOUGH):
        return _Kept, rows, examples
    return _Remade, *_remade_sizes(n, d, m, block, most // threads, of_labels)


def _kept_sizes(n, d, m, block, most, threads, of_labels):
    # c examples take n c numbers, and for each block of r classes 7 c more (sums);
    # of each thread r c for soft labels, 3 d c (X, dX), 2 r d (W, dW) and 16 c.
    # The rooms for rows of W and dW take a fourth of all at most.
    rows = max(1, min(block or ROWS, ROWS, n, most // (8 * threads * d)))
    each = n + 7 * -(-n // rows) + threads * (of_labels * rows + 3 * d + 16)
    most_examples = max(0, (most - 2 * threads * rows * d) // each)
    examples = min(m, most_examples, SIDE**2 // rows)
    return rows, -(-m // -(-m // examples)) if examples else 0  # cuts of one size


def _remade_sizes(n, d, m, block, most, of_labels):
    # r classes and c examples take 2 r c (logits, numerators), those for soft labels,
    # 3 d c (X, dX), 2 r d (W, dW) and 16 c; r = c where nothing else is said.
    area, each = 2 + of_labels, 5 * d + 16
    side = (isqrt(each**2 + 4 * area * most) - each) // (2 * area)
    rows = max(1, min(block or SIDE, side, n))
    room = (most - 2 * rows * d) // (area * rows + 3 * d + 16)
    return rows, max(1, min(m, room, SIDE**2 // rows))
