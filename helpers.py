"""Numbers and pictures for the notebooks: softmax, cross-entropy, checks, plots.

Arrays follow the course: (n, m), classes down, examples across. `axis` is the class
axis: 0 here, -1 for the (m, n) of PyTorch and scikit-learn. A vector z of shape (n,)
is one example. Labels Y are one-hot or soft, of the shape of Z, or one integer per
example.

Everything stands in the package `arrays`. A module of pictures is imported when one of
its names is asked for, so that numbers do not wait for Matplotlib.
"""

from importlib import import_module

from arrays.comparisons import Comparison, check_array
from arrays.data import digits
from arrays.gradient_checks import gradient_check, numerical_gradient
from arrays.linear import linear_softmax_cross_entropy_grad
from arrays.pictures.verdict_table import Verdicts
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

__all__ = [
    "Comparison",
    "Verdicts",
    "check_array",
    "cross_entropy",
    "digits",
    "explore_both_cases",
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

# What stands in arrays/pictures, by module: it waits for Matplotlib or widgets.
_PICTURES = {
    "bars": ("plot_gradient", "plot_probabilities"),
    "computation_graph": ("plot_paths",),
    "error_plots": ("plot_errors",),
    "explorers": (
        "explore_both_cases",
        "explore_gradient",
        "explore_jacobian",
        "explore_smoothing",
        "explore_softmax",
        "explore_temperature",
    ),
    "heat_maps": (
        "plot_block_jacobian",
        "plot_confusion",
        "plot_images",
        "plot_jacobian",
    ),
    "layer_shapes": ("plot_layer", "plot_to_scale"),
    "line_charts": (
        "plot_curves",
        "plot_loss",
        "plot_own_loss",
        "plot_sweep",
    ),
    "progress": ("progress",),
    "simplex": ("plot_simplex",),
}


def __getattr__(name):
    for module, names in _PICTURES.items():
        if name in names:
            return getattr(import_module(f"arrays.pictures.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__
