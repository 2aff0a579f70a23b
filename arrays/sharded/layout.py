"""Which device holds which part of n classes and m examples on a mesh.

Each axis of an array is split along the classes, along the examples, or not at all
(None). Every device holds one block, and the blocks of an array have the same shape:
what does not divide is padded. A padded class has logits of -inf, so its probability is
0. A padded example has X = 0 and no label, so it counts for nothing. A device may hold
padding only.

    held by class               W, b and their gradients
    held by example             X, dX and integer labels
    held by both                Z, A, dZ (of a layer only a block) and soft labels
    shared over the classes     of each example: max z, then Σ e^(z - max z) and what
                                its label needs; dX
    shared over the examples    J, dW, db
"""

from dataclasses import dataclass

CLASSES, EXAMPLES = AXES = "classes", "examples"
WEIGHTS, BIASES, PER_EXAMPLE = (CLASSES, None), (CLASSES,), (EXAMPLES,)
"""How W, b, and a number for each example are split, axis by axis."""
NO_LABEL = -(2**31)
"""The label of an example that is padding."""


@dataclass(frozen=True)
class Layout:
    """n classes and m examples on a mesh; turned: examples down, classes across.

    >>> layout = Layout(11, 5, (4, 2))
    >>> layout.padded((11, 3), WEIGHTS), layout.padded((11, 5), layout.logits)
    ((12, 3), (12, 6))
    >>> [layout.classes_in(slice(first, first + 3)) for first in (0, 3, 6, 9)]
    [(0, 3), (3, 6), (6, 9), (9, 11)]
    """

    n: int
    m: int
    sides: tuple[int, int]
    turned: bool = False

    def lay(self, down, across):
        """Return a pair for axis=0 as it is; swap it if examples go down."""
        return (across, down) if self.turned else (down, across)

    @property
    def logits(self):
        """How Z, A, dZ and soft labels are split."""
        return self.lay(CLASSES, EXAMPLES)

    @property
    def inputs(self):
        """How X and dX are split."""
        return self.lay(None, EXAMPLES)

    def labels(self, Y):
        """How integer or soft labels are split."""
        return PER_EXAMPLE if Y.ndim == 1 else self.logits

    @property
    def parts(self):
        """Into how many parts an axis is cut."""
        return dict(zip(AXES, self.sides, strict=True)) | {None: 1}

    def padded(self, shape, axes):
        """The shape, enlarged to what the mesh divides."""
        parts = [self.parts[axis] for axis in axes]
        return tuple(-(-size // p) * p for size, p in zip(shape, parts, strict=True))

    def unpadded(self, shape, axes):
        """The shape without what was added."""
        sizes = {CLASSES: self.n, EXAMPLES: self.m}
        return tuple(
            sizes.get(axis, size) for axis, size in zip(axes, shape, strict=True)
        )

    def classes_in(self, rows):
        """The classes in a slice of padded rows, as start and stop, without padding."""
        return rows.indices(self.n)[:2]


def pad(xp, X, shape, axes, fills):
    """X enlarged to a shape by what fills its classes and its examples, or by 0.

    xp is NumPy or jax.numpy. Where both axes grow, the corner is filled as an example.

    >>> import numpy as np
    >>> pad(np, np.ones((1, 1)), (2, 2), AXES, {CLASSES: -np.inf})
    array([[  1.,   0.],
           [-inf,   0.]])
    """
    for name in AXES:
        if name in axes:
            place = axes.index(name)
            more = shape[place] - X.shape[place]
            widths = [(0, more if axis == place else 0) for axis in range(X.ndim)]
            X = xp.pad(X, widths, constant_values=fills.get(name, 0)) if more else X
    return X
