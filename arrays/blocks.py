"""The gradient A − Y of large logits, one block after another, by threads.

Blocks are merged by the largest logit and the sum of each: theorem blocks.streamed.
"""

from functools import reduce

import numpy as np

from arrays.inputs import check_largest, is_turned
from arrays.labels import FEW, labels_of
from arrays.threads import cores, in_threads, in_turn, pieces, shares

WORTH = 64
"""The classes from which on a thread has enough of them."""
SIDE = 2**10
"""Classes, and examples, of a block that a core has in its cache."""
SAFE = 32
"""Logits of at most this size need no shift: no e^z overflows or vanishes."""
LARGE = 2**19
"""The logits from which on it pays to start threads."""


def is_large(Z):
    """Say whether these logits are large enough for `softmax_gradient`."""
    return Z.ndim == 2 and Z.size >= LARGE and Z.dtype in (np.float32, np.float64)


def softmax_gradient(Z, Y, axis, weight):
    """Return weight (A ΣY − Y) of large logits.

    Y holds integer labels, or has the shape of Z.
    """
    dZ = np.empty_like(Z)
    of, Y, into = (Z.T, Y.T, dZ.T) if is_turned(axis) else (Z, Y, dZ)
    (n, m), threads = of.shape, cores() if Z.size >= 2 * LARGE else 1
    each = in_threads(threads)
    parts = [slice(*share) for share in shares(n, 2 * threads)]
    if of is Z and n >= WORTH * threads:  # two parts a thread: a core may be slower
        _write_outputs(of, labels_of(Y), into, weight, parts, each)
    else:  # a thread has examples of its own, and all of their classes

        def write(cut):
            some = of[:, cut], labels_of(Y[..., cut]), into[:, cut]
            _write_outputs(*some, weight, [slice(0, n)], start=cut.start)

        each(write, pieces(0, m, min(FEW, -(-m // threads))))
    if Y.ndim == 1:  # a few numbers: threads would wait longer than they work
        parts, each = [slice(0, n)], in_turn
    each(lambda k: labels_of(Y).take_from(into[k], k, weight), parts)
    return dZ


def _write_outputs(Z, labels, dZ, weight, parts, each=in_turn, start=0):
    """Write weight A ΣY into dZ, one part of the classes at a time."""
    largest_and_sums = each(lambda k: exponentials(Z[k], dZ[k]), parts)
    M, total = merged(largest_and_sums)
    check_normaliser(M, total, start)
    scale = weight * labels.mass(parts) / total

    def finish(k, part):
        dZ[k] *= (scale * np.exp(part[0] - M)).astype(dZ.dtype, copy=False)

    each(finish, parts, largest_and_sums)


def exponentials(Z, room):
    """Write e^{Z − M} into `room`; return M and the sum over the classes."""
    M = shift(Z)
    return M, class_sum(exp_less(Z, M, room))


def class_sum(E):
    """Return the sum over the classes in double precision."""
    # Each addition of single precision rounds: a thousand of them, then double.
    runs = [E[k].sum(axis=0) for k in pieces(0, len(E), SIDE)]
    return np.sum(runs, axis=0, dtype=float)


def check_normaliser(M, total, start):
    """Refuse NaN, +inf, and all -inf in an example; the first of them is `start`."""
    check_largest(M, start)
    if not np.all(total):
        check_largest(np.where(total == 0, -np.inf, M), start)


@np.errstate(over="ignore", invalid="ignore")
def merged(parts):
    """Return M and the sum over all classes, from those of each part."""
    if len(parts) == 1:
        return parts[0]
    M = reduce(np.maximum, [of_part for of_part, _ in parts])
    return M, sum(total * np.exp(of_part - M, dtype=float) for of_part, total in parts)


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
