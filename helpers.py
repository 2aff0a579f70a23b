"""Numbers and pictures for the notebooks: softmax, cross-entropy, checks, plots.

Arrays follow the course: (n, m), classes down, examples across. `axis` is the class
axis: 0 here, -1 for the (m, n) of PyTorch and scikit-learn. A vector z of shape (n,)
is one example. Labels Y are one-hot or soft, of the shape of Z, or one integer per
example.

Everything stands in the package `arrays`. Pictures and explorers are imported when the
first of them is asked for, so that numbers do not wait for Matplotlib.
"""

import importlib

from arrays.blocks import linear_softmax_cross_entropy_grad
from arrays.checks import Comparison, check_array, gradient_check, numerical_gradient
from arrays.data import digits
from arrays.softmax import (
    cross_entropy,
    log_softmax,
    one_hot,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
    softmax_jacobian,
    softmax_vjp,
)
from arrays.verdicts import Verdicts

__all__ = [
    "Comparison",
    "Verdicts",
    "check_array",
    "cross_entropy",
    "digits",
    "explore_gradient",
    "explore_jacobian",
    "explore_smoothing",
    "explore_softmax",
    "explore_temperature",
    "gradient_check",
    "linear_softmax_cross_entropy_grad",
    "log_softmax",
    "numerical_gradient",
    "one_hot",
    "plot_block_jacobian",
    "plot_confusion",
    "plot_curves",
    "plot_errors",
    "plot_gradient",
    "plot_growth",
    "plot_images",
    "plot_jacobian",
    "plot_layer",
    "plot_loss",
    "plot_own_loss",
    "plot_paths",
    "plot_probabilities",
    "plot_simplex",
    "plot_sweep",
    "plot_to_scale",
    "progress",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_grad",
    "softmax_jacobian",
    "softmax_vjp",
]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for room in ("pictures", "errors", "growth", "explorers"):
        module = importlib.import_module(f"arrays.{room}")
        if hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(f"no room of arrays/ has {name!r}")


def __dir__():
    return __all__
