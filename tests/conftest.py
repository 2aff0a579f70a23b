"""What the tests measure against: plain arrays and 50 digits, nothing of ours."""

import gc

import mpmath
import numpy as np

# Formulas are many small objects that live long: looking them through for garbage after
# every 700 took a sixth of the time.
gc.set_threshold(200_000, 10, 10)

# PyTorch is not there for `make test`; a target that names this file has it.
collect_ignore = ["frameworks.py"]


def softmax(Z):
    """As in a textbook, along the first axis."""
    return np.exp(Z) / np.exp(Z).sum(axis=0)


def loss(Z, Y):
    """Mean cross-entropy of a batch (n, m), or the loss of one example (n,)."""
    return -(Y * np.log(softmax(Z))).sum() / (Z.shape[1] if Z.ndim == 2 else 1)


def complex_step(f, x):
    """Every slope of a function of an array, whose value is a number or an array."""
    return _slopes(lambda step: np.imag(f(x + 1j * step)), x.shape, 1e-30)


def central(f, x):
    """The same by central differences, which use no complex number."""
    return _slopes(lambda step: (f(x + step) - f(x - step)) / 2, x.shape, 1e-6)


def _slopes(rise, shape, h):
    """The rise over h where one entry moves by h, for every entry."""
    found = []
    for place in np.ndindex(shape):
        step = np.zeros(shape)
        step[place] = h
        found.append(rise(step) / h)
    return np.reshape(found, shape + np.shape(found[0]))


def example(shape, seed=0):
    """Logits and soft labels (Σy = 1) of a shape (n, m)."""
    rng = np.random.default_rng(seed)
    n, m = shape
    return 3 * rng.standard_normal(shape), rng.dirichlet(np.ones(n), m).T


def exact(Z, Y):
    """A, log A, J and dJ/dZ to 50 digits, one example and one class at a time."""
    n, m = Z.shape
    A, log_A, dZ = (np.zeros(Z.shape) for _ in range(3))
    J = mpmath.mpf(0)
    with mpmath.workdps(50):
        for s in range(m):
            z = [mpmath.mpf(float(v)) for v in Z[:, s]]
            y = [mpmath.mpf(float(v)) for v in Y[:, s]]
            total = sum(mpmath.exp(v) for v in z)
            for i in range(n):
                a = mpmath.exp(z[i]) / total
                A[i, s], log_A[i, s] = a, mpmath.log(a)
                dZ[i, s] = (a * sum(y) - y[i]) / m
                J -= y[i] * mpmath.log(a) / m
    return A, log_A, float(J), dZ
