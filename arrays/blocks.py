"""The gradient A − Y of large logits, one block after another, by threads.

Blocks are merged by the largest logit and the sum of each: theorem blocks.streamed.
"""

from functools import reduce

import numpy as np

from arrays.inputs import check_largest, is_turned
from arrays.labels import FEW, labels_of
from arrays.threads import (
    cores,
    in_threads,
    in_turn,
    one_thread_for_each_product,
    pieces,
)

WORTH = 64
"""The classes from which on a thread has enough of them."""
SIDE = 2**10
"""Classes, and examples, of a block that a core has in its cache."""
SAFE = 32
"""Logits of at most this size need no shift: no e^z overflows or vanishes."""
SAFE_SUM = np.exp(SAFE)
"""A sum below it has no e^z that overflows; one above 1 / it none that would count."""
IN_CACHE = 2**18
"""The logits that are in a core's cache together with their exponentials."""
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
    with one_thread_for_each_product(threads):
        if of is Z and n >= WORTH * threads:
            blocks = pieces(0, n, max(WORTH, IN_CACHE // m))
            _write_gradient(of, labels_of(Y), into, weight, blocks, each)
            return dZ

        def write(cut):  # all classes of some examples
            labels = labels_of(Y[..., cut])
            _write_gradient(of, labels, into, weight, [slice(0, n)], cut=cut)

        each(write, pieces(0, m, min(FEW, -(-m // threads))))
    return dZ


def _write_gradient(Z, labels, dZ, weight, blocks, each=in_turn, cut=slice(None)):
    """Write weight (A ΣY − Y) into dZ, one block of the classes at a time."""
    largest_and_sums = each(lambda k: exponentials(Z[k, cut], dZ[k, cut]), blocks)
    M, total = merged(largest_and_sums)
    start = cut.start or 0
    check_normaliser(M, total, start)
    scale = weight * labels.mass(blocks) / total

    def finish(k, block):
        dZ[k, cut] *= (scale * np.exp(block[0] - M)).astype(dZ.dtype, copy=False)

    each(finish, blocks, largest_and_sums)
    each(lambda k: labels.take_from(dZ[k], k, weight, start), labels.at_a_time(blocks))


@np.errstate(over="ignore", invalid="ignore")
def exponentials(Z, room):
    """Write e^{Z − M} into `room`, not into Z; return M and the sum over the classes.

    M is 0 where each sum shows that no e^z needs a shift: that is one pass, not three.
    """
    total = class_sum(np.exp(Z, out=room))
    if np.all((total > 1 / SAFE_SUM) & (total < SAFE_SUM)):
        return Z.dtype.type(0), total
    M = largest(Z)
    return M, class_sum(exp_less(Z, M, room))


def class_sum(E):
    """Return the sum over the classes in double precision."""
    # Each addition of single precision rounds: a thousand of them, then double.  As
    # products they take a third of the time of E.sum(axis=0).
    ones = np.ones(min(len(E), SIDE), E.dtype)
    runs = [ones[: k.stop - k.start] @ E[k] for k in pieces(0, len(E), SIDE)]
    return sum(runs[1:], runs[0].astype(float))


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
    return largest(Z)


def largest(Z):
    """Return the largest logit of each example."""
    # -inf becomes the lowest number, because -inf - -inf is no number.
    return np.maximum(Z.max(axis=0), np.finfo(Z.dtype).min)


@np.errstate(over="ignore", invalid="ignore")
def exp_less(Z, M, room):
    """e^{Z − M}, written into `room`; 0 where it is too small to be told from 0."""
    if not np.any(M):
        return np.exp(Z, out=room)
    np.exp(np.subtract(Z, M, out=room), out=room)
    # Products with numbers so small that they have lost digits take many times as long.
    # This makes 0 of them, and leaves the others as they are.
    small = np.finfo(room.dtype).tiny ** 0.5
    room += small
    room -= small
    return room
