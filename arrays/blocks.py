"""Large vocabularies on one machine: A − Y in blocks of classes, never stored whole.

The gradient of a class needs its own logit and one number of the example, the
normaliser.  So the logits are made twice, block after block: once for the normaliser,
which is merged from block to block, and once for the gradient, which is used up in its
block.  Each thread works on classes of its own; threads are merged as blocks are.
"""

from functools import partial, reduce
from math import isqrt

import numpy as np
from numpy.typing import ArrayLike

from arrays.inputs import block_size, check_largest, is_turned, layer
from arrays.threads import (
    cores,
    in_threads,
    in_turn,
    one_thread_for_each_product,
    pieces,
    shares,
)

BUDGET = 2**26
"""The bytes of all temporary arrays of a layer together: 64 MiB."""
SIDE = 2**10
"""Classes, and examples, of a block that a core has in its cache."""
SAFE = 32
"""Logits of at most this size need no shift: no e^z overflows or vanishes."""
FEW = 2**14
"""Examples at a time, where a few numbers for each are not to count."""
WORTH = 64
"""The classes from which on a thread has enough of them."""
LARGE = 2**19
"""The logits from which on it pays to start threads."""


def linear_softmax_cross_entropy_grad(
    W: ArrayLike,
    b: ArrayLike,
    X: ArrayLike,
    Y: ArrayLike,
    block: int | None = None,
    axis: int = 0,
    mean: bool = True,
) -> tuple[np.floating, np.ndarray, np.ndarray, np.ndarray]:
    """Return J, dW, db, dX of a softmax layer Z = W X + b; Z and dZ are never stored.

    `block` is the most classes held at a time.  Whatever it is, all temporary arrays
    stay below 64 MiB: classes and examples are cut further where they would not.  The
    normaliser, J and db are added up in float64.

    Shapes: W is (n, d), b (n,), X (d, m), or (m, d) with axis=-1; Y holds integer
    labels (m,), or is (n, m), or (m, n) with axis=-1.  J is one number; dW, db and dX
    are like W, b and X.  With mean=False they are sums over the examples, not means.
    All are float32, or float64 where one of W, b and X is.

    Raises as softmax for the logits and as cross_entropy for Y; ValueError if shapes do
    not match or block is below 1; TypeError if W, b or X does not hold real numbers in
    single or double precision or is masked, or block is not an integer.

    Source: notebook 16; theorems blocks.streamed, blocks.weights and blocks.inputs.

    >>> J, dW, db, dX = linear_softmax_cross_entropy_grad(
    ...     W=[[0], [0]], b=[0, 0], X=[[1, 3, 5, 7]], Y=[0, 1, 1, 1], block=1)
    >>> dW.tolist(), db.tolist()
    ([[1.75], [-1.75]], [0.25, -0.25])
    """
    block = block_size(block)
    W, b, X, Y = layer(W, b, X, Y, axis)
    (n, d), m = W.shape, X.shape[1]
    threads = cores() if n >= WORTH * cores() and n * d * m > SIDE**2 else 1
    rows, examples = _sizes(n, d, m, block, X.itemsize * threads)
    labels_of = _Classes if Y.ndim == 1 else _Shares
    dW, dX = np.empty(W.shape, X.dtype), np.empty_like(X)
    db = np.zeros(n, X.dtype if examples == m else float)
    J, weight = 0.0, 1 / m if mean else 1.0
    each = in_threads(threads)
    with one_thread_for_each_product(threads):
        for cut in pieces(0, m, examples):
            labels = labels_of(Y[..., cut])
            at = W, b, for_products(X[:, cut]), labels
            places = [dX[:, cut], *(np.empty_like(at[2]) for _ in range(threads - 1))]
            parts = [
                _Part(*at, pieces(*share, rows), place)
                for share, place in zip(shares(n, threads), places, strict=True)
            ]
            M, total = merged(each(_Part.normaliser, parts))
            check_normaliser(M, total, cut.start)
            mass = labels.mass(pieces(0, n, rows))
            scale = (weight * mass / total).astype(X.dtype)
            to_all = M, scale, weight, dW, db, cut.start == 0
            costs = each(partial(_Part.gradient, to_all=to_all), parts)
            for place in places[1:]:
                places[0] += place
            J += weight * (np.sum(mass * np.log(total)) + sum(costs))
    if is_turned(axis):
        dX = dX.T
    return X.dtype.type(J), dW, db.astype(X.dtype, copy=False), dX


def is_large(Z):
    """Say whether these logits are large enough for `softmax_gradient`."""
    return Z.ndim == 2 and Z.size >= LARGE and Z.dtype in (np.float32, np.float64)


def softmax_gradient(Z, Y, axis, weight):
    """Return weight (A ΣY − Y) of large logits.

    Y holds integer labels, or has the shape of Z.
    """
    dZ = np.empty_like(Z)
    of, Y, into = (Z.T, Y.T, dZ.T) if is_turned(axis) else (Z, Y, dZ)
    labels = _Classes if Y.ndim == 1 else _Shares
    (n, m), threads = of.shape, cores() if Z.size >= 2 * LARGE else 1
    each = in_threads(threads)
    parts = [slice(*share) for share in shares(n, 2 * threads)]
    if of is Z and n >= WORTH * threads:  # two parts a thread: a core may be slower
        _write_outputs(of, labels(Y), into, weight, parts, each)
    else:  # a thread has examples of its own, and all of their classes

        def write(cut):
            some = of[:, cut], labels(Y[..., cut]), into[:, cut]
            _write_outputs(*some, weight, [slice(0, n)], start=cut.start)

        each(write, pieces(0, m, min(FEW, -(-m // threads))))
    if Y.ndim == 1:  # a few numbers: threads would wait longer than they work
        parts, each = [slice(0, n)], in_turn
    each(lambda k: labels(Y).take_from(into[k], k, weight), parts)
    return dZ


def _write_outputs(Z, labels, dZ, weight, parts, each=in_turn, start=0):
    """Write weight A ΣY into dZ, one part of the classes at a time."""
    largest_and_sums = each(lambda k: _exponentials(Z[k], dZ[k]), parts)
    M, total = merged(largest_and_sums)
    check_normaliser(M, total, start)
    scale = weight * labels.mass(parts) / total

    def finish(k, part):
        dZ[k] *= (scale * np.exp(part[0] - M)).astype(dZ.dtype, copy=False)

    each(finish, parts, largest_and_sums)


def _exponentials(Z, room):
    """Write e^{Z − M} into `room`; return M and the sum over the classes."""
    M = shift(Z)
    E = exp_less(Z, M, room)
    if len(E) <= SIDE:
        return M, E.sum(axis=0)
    # Each addition of single precision rounds: a thousand of them, then double.
    runs = [E[k].sum(axis=0) for k in pieces(0, len(E), SIDE)]
    return M, np.sum(runs, axis=0, dtype=float)


@np.errstate(over="ignore", invalid="ignore")
def normaliser(logits, blocks, room):
    """Return M and Σ e^{z − M} of each example, one block of classes after another.

    `logits(k)` are those of the classes k, and `room(k)` is an array for as many.  M is
    any number that lets no e^{z − M} overflow, and not all of them vanish.
    """
    M, total = -np.inf, 0.0
    for k in blocks:
        Z = logits(k)
        larger = np.maximum(M, shift(Z))
        E = exp_less(Z, larger, room(k))
        total = total * np.exp(M - larger, dtype=float) + E.sum(axis=0, dtype=float)
        M = larger
    return M, total


def for_products(X):
    """Return X, or a copy of it if matrix products would read it entry by entry."""
    return X if X.itemsize in X.strides else np.ascontiguousarray(X)


def check_normaliser(M, total, start):
    """Refuse NaN, +inf, and all -inf in an example; the first of them is `start`."""
    check_largest(M, start)
    if not np.all(total):
        check_largest(np.where(total == 0, -np.inf, M), start)


@np.errstate(over="ignore", invalid="ignore")
def merged(parts):
    """Return M and the sum over all classes, from those of each part."""
    M = reduce(np.maximum, [of_part for of_part, _ in parts])
    return M, sum(total * np.exp(of_part - M) for of_part, total in parts)


def gradient(logits, blocks, room, M, scale, labels, weight):
    """Yield each block k and its dZ = scale e^{z − M} − weight Y, last one first."""
    for k in reversed(blocks):
        dZ = exp_less(logits(k), M, room(k))
        dZ *= scale
        labels.take_from(dZ, k, weight)
        yield k, dZ


def shift(Z):
    """Return the largest logit of each example, or 0 if no e^z needs a shift."""
    if Z.min() > -SAFE and Z.max() < SAFE:
        return Z.dtype.type(0)
    # -inf becomes the lowest number, because -inf - -inf is no number.
    return np.maximum(Z.max(axis=0), np.finfo(Z.dtype).min)


@np.errstate(over="ignore", invalid="ignore")
def exp_less(Z, M, room):
    """e^{Z − M}, written into `room`."""
    return np.exp(np.subtract(Z, M, out=room) if np.any(M) else Z, out=room)


class _Part:
    """The classes of one thread at some examples: room for the logits of a block."""

    def __init__(self, W, b, X, labels, blocks, dX):
        self.W, self.b, self.X, self.labels, self.blocks = W, b, X, labels, blocks
        self.dX = dX
        shape = 2, _length(blocks[0]), X.shape[1]
        self._logits, self._room = np.empty(shape, X.dtype)
        self._held = None

    def room(self, k):
        """An array for the classes k."""
        return self._room[: _length(k)]

    def rows(self, k):
        """W of the classes k, in the precision of X."""
        return np.ascontiguousarray(self.W[k], self.X.dtype)

    @np.errstate(over="ignore", invalid="ignore")
    def logits(self, k):
        """Z of the classes k; the last of one way is the first of the way back."""
        Z = self._logits[: _length(k)]
        if k != self._held:
            np.matmul(self.rows(k), self.X, out=Z)
            Z += self.b[k, None]
            self._held = k
        return Z

    def normaliser(self):
        """M and Σ e^{z − M} of these classes."""
        return normaliser(self.logits, self.blocks, self.room)

    def gradient(self, to_all):
        """Σ Y (M − Z); their dX is written, their dW and db are written or added."""
        M, scale, weight, dW, db, first = to_all
        cost = 0.0
        args = M, scale, self.labels, weight
        for k, dZ in gradient(self.logits, self.blocks, self.room, *args):
            cost += self.labels.cost(self.logits(k), k, M)
            if k == self.blocks[-1]:
                np.matmul(self.rows(k).T, dZ, out=self.dX)
            else:
                self.dX += self.rows(k).T @ dZ
            db[k] += dZ.sum(axis=1, dtype=float)
            if first:
                np.matmul(dZ, self.X.T, out=dW[k])
            else:
                dW[k] += dZ @ self.X.T
        return cost


class _Classes:
    """Integer labels, one for each example."""

    def __init__(self, Y):
        self.Y = Y

    def _at(self, k, cut):
        """The rows, within k, and the columns of the labels of some examples."""
        Y = self.Y[cut]
        here = np.flatnonzero((k.start <= Y) & (k.stop > Y))
        return Y[here] - k.start, here + cut.start

    def mass(self, blocks):
        """Σ Y over all classes: 1."""
        return 1.0

    def cost(self, Z, k, M):
        """Σ Y (M − Z) over the classes k and the examples."""
        at = self._at(k, slice(0, len(self.Y)))
        M = np.broadcast_to(M, Z.shape[1])[at[1]]
        return np.sum(np.subtract(M, Z[at], dtype=float))

    def take_from(self, dZ, k, weight):
        """dZ less weight Y."""
        for cut in pieces(0, len(self.Y), FEW):
            rows, here = self._at(k, cut)
            if dZ.flags.c_contiguous:  # one index takes half the time of two
                rows *= dZ.shape[1]
                rows += here
                dZ.reshape(-1)[rows] -= weight
            else:
                dZ[rows, here] -= weight


class _Shares:
    """Soft labels, of the shape of the logits, looked at a block at a time."""

    def __init__(self, Y):
        self.Y = Y

    def mass(self, blocks):
        """Σ Y over all classes, block after block."""
        return sum(self.Y[k].sum(axis=0, dtype=float) for k in blocks)

    @np.errstate(over="ignore", invalid="ignore")
    def cost(self, Z, k, M):
        """Σ Y (M − Z) over the classes k and the examples, with 0 · inf = 0."""
        less = np.subtract(M, Z)
        less[self.Y[k] == 0] = 0
        less *= self.Y[k]
        return np.sum(less, dtype=float)

    def take_from(self, dZ, k, weight):
        """dZ less weight Y."""
        dZ -= np.multiply(self.Y[k], weight, dtype=dZ.dtype)


def _length(k):
    return k.stop - k.start


def _sizes(n, d, m, block, bytes_of_a_number):
    """Return how many classes and examples at a time fit into the budget."""
    # r classes and c examples take 5 r c (logits, their exponentials, labels), 3 d c
    # (X, dX), 2 r d (W, dW) and 16 c numbers; r = c where nothing else is said.
    most, each = BUDGET // bytes_of_a_number, 5 * d + 16
    side = (isqrt(each**2 + 20 * most) - each) // 10
    rows = max(1, min(block or SIDE, side, n))
    room = (most - 2 * rows * d) // (5 * rows + 3 * d + 16)
    return rows, max(1, min(m, room, SIDE**2 // rows))
