"""Caches of one process: the results of pure functions.

They are kept until `forget` is called.
"""

from functools import lru_cache

_REMEMBERED = []


def remembered(function, most=2**14):
    """`function`, with its latest results kept until `forget` is called."""
    function = lru_cache(most)(function)
    _REMEMBERED.append(function)
    return function


def forget():
    """Empty every memory of the engine, so that the next proof starts anew."""
    for function in _REMEMBERED:
        function.cache_clear()
