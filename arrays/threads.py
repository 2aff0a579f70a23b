"""Threads that share the rows of an array; NumPy releases the GIL in its loops."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache, partial
from itertools import pairwise
from threading import Lock

MOST = 16
"""More threads would only wait for memory."""
_BLAS = Lock()


def cores() -> int:
    """Return how many cores this process may use, at most `MOST`."""
    asks = getattr(os, "sched_getaffinity", None)  # not on every system
    return min(len(asks(0)) if asks else os.cpu_count() or 1, MOST)


def pieces(first: int, last: int, size: int) -> list[slice]:
    """Return slices of at most that size, from first to last.

    >>> pieces(3, 8, 2)
    [slice(3, 5, None), slice(5, 7, None), slice(7, 8, None)]
    """
    return [slice(k, min(k + size, last)) for k in range(first, last, size)]


def shares(count: int, parts: int) -> list[tuple[int, int]]:
    """Return the bounds of equal parts of 0..count, none of them empty.

    >>> shares(7, 2), shares(1, 2)
    ([(0, 3), (3, 7)], [(0, 1)])
    """
    parts = min(parts, count)
    ends = [count * part // parts for part in range(parts + 1)]
    return list(pairwise(ends))


def in_turn(task, *given):
    """Map without threads.

    >>> in_turn(abs, [-3, 5])
    [3, 5]
    """
    return list(map(task, *given))


def in_threads(count: int) -> Callable:
    """Return a `map` whose calls run in that many threads; it returns a list.

    Where several calls fail, the error is that of the first in order, as `map`'s is.

    >>> in_threads(2)(abs, [-3, 5])
    [3, 5]
    """
    return partial(_shared, count) if count > 1 else in_turn


def _shared(count, task, *given):
    """Map in several threads, the caller among them; a free one takes the next call."""
    jobs = list(zip(*given, strict=True))
    results, order, errors = [None] * len(jobs), iter(range(len(jobs))), {}

    def work():
        for k in order:
            try:
                results[k] = task(*jobs[k])
            except Exception as error:  # raised below, for the caller
                errors[k] = error
                return

    others = [_pool(count - 1).submit(work) for _ in jobs[1:count]]
    try:
        work()
    finally:
        wait(others)
    for other in others:
        other.result()
    if errors:  # each call before a failed one was taken, so this is no matter of luck
        raise errors[min(errors)]
    return results


@cache
def _pool(count):
    """Return threads that wait for work: starting them may take longer than a sum."""
    return ThreadPoolExecutor(count)


if hasattr(os, "register_at_fork"):  # a child has none of the threads
    os.register_at_fork(after_in_child=_pool.cache_clear)


@contextmanager
def one_thread_for_each_product(count: int) -> Iterator[None]:
    """Let each matrix product use one core, and leave the others to other threads.

    The BLAS under NumPy has threads of its own, and lets one product run at a time.
    How many it uses is one number for the whole process. A lock guards it, because two
    callers at once could leave it changed.
    """
    if count == 1:
        yield
        return
    with _BLAS, _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller():
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415 (a few ms)

    return ThreadpoolController()
