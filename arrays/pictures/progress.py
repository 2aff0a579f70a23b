"""The progress bar of a loop in a notebook."""

from collections.abc import Iterable, Iterator

import ipywidgets as widgets
from IPython.display import display


def progress(iterable: Iterable, total: int | None = None, label: str = "") -> Iterator:
    """Yield the items of an iterable while a bar in the notebook counts them.

    The bar turns green at the end, and red if the loop is left before.

    Raises TypeError if there is no total and the iterable has no length.

    Source: notebook 08.
    """
    total = len(iterable) if total is None else total
    bar = widgets.IntProgress(max=total, description=label)
    display(bar)
    outcome = "danger"
    try:
        for done, item in enumerate(iterable, start=1):
            yield item
            if done == total or done % max(1, total // 100) == 0:
                bar.value = done
        outcome = "success"
    finally:
        bar.bar_style = outcome
