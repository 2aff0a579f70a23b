"""The layer on a mesh makes its logits in blocks: any rest, any logits, no Z stored.

The arrays, the meshes and the tolerance are those of `test_sharded`.
"""

import jax
import numpy as np
import pytest

import helpers
from arrays import sharded
from arrays.sharded import shards
from arrays.sharded.devices import Placement, program
from arrays.sharded.layout import BIASES, WEIGHTS
from tests.test_sharded import (
    DEVICES,
    LAYER,
    NAMES,
    D,
    M,
    N,
    agree,
    layer,
    plain,
)

call = sharded.linear_softmax_cross_entropy_grad


@pytest.fixture(
    params=[((4, 2), 1, 1), ((4, 2), 16, 2), ((1, 8), 16, 4)], ids=str, scope="module"
)
def grid(request):
    """Meshes on which a device has 3 rows in blocks of 1 or 2, or 11 in blocks of 4.

    For all tests of one of them, since a program is compiled once for those blocks.
    """
    sides, block, rows = request.param
    assert rows == max(1, block // (D + -(-M // sides[1])))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "BLOCK", block)
        program.cache_clear()
        yield sharded.mesh(*sides, DEVICES)
    program.cache_clear()


@pytest.mark.parametrize("soft", [False, True])
class TestSmallBlocks:
    @pytest.mark.parametrize("axis", [0, -1])
    def test_the_layer(self, grid, axis, soft):
        W, b, X, *Y = layer()
        Y = Y[soft]
        J, dW, db, dX = plain(W, b, X, Y)
        expected = J, dW, db, dX.T if axis else dX
        found = call(W, b, *((X.T, Y.T) if axis else (X, Y)), grid, axis)
        for name, one, other in zip(NAMES, found, expected, strict=True):
            assert one.dtype == np.float32, name
            agree(one, other)

    @pytest.mark.parametrize("far", [1e4, -1e4, 3e38])
    def test_a_small_loss_of_large_logits(self, grid, far, soft):
        """J is about 1; Σ Y Z, of about 1e4, would be rounded by 1e-3.

        Each class has a larger logit than the one before, and none is rounded; but
        3e38, near the largest number, swallows what is added to it.
        """
        W = np.float32([[j % 3, j % 2, 1] for j in range(N)]) / 8
        b = np.float32(far + np.arange(N) / 2)
        X = np.float32([[1, -1, 1, -1, 1], [0, 1, 2, -1, -2], [1, 2, 0, 0, 3]])
        Y = np.array([10, 8, 9, 10, 7])
        Y = (helpers.one_hot(Y, N) + layer()[4] / N) / 2 if soft else Y
        expected = plain(W, b, X, Y)
        assert 0.5 < expected[0] < 3
        for one, other in zip(call(W, b, X, Y, grid), expected, strict=True):
            agree(one, other)

    def test_masked_classes(self, grid, soft):
        """The first blocks of the first shard, and the last of the last, are masked."""
        W, b, X, _, soft_labels = layer()
        masked = [0, 1, 2, 9, 10]
        b[masked] = -np.inf
        soft_labels[masked] = 0
        Y = soft_labels if soft else np.array([3, 4, 5, 8, 7])
        found = call(W, b, X, Y, grid)
        for one, other in zip(found, plain(W, b, X, Y), strict=True):
            agree(one, other)
        assert not np.asarray(found[1])[masked].any()

    def test_a_label_that_is_masked_costs_infinitely_much(self, grid, soft):
        W, b, X, *Y = layer()
        b[0] = -np.inf
        Y[0][1] = 0
        J, *found = call(W, b, X, Y[soft], grid)
        assert np.inf == J
        for one, other in zip(found, plain(W, b, X, Y[soft])[1:], strict=True):
            agree(one, other)

    @pytest.mark.parametrize(
        ("value", "classes", "words"),
        [
            (-np.inf, slice(0, N), r"not all -inf\), got -inf"),
            (np.inf, 7, "got inf"),
            (np.nan, 7, "largest logit"),
        ],
    )
    def test_logits_are_refused(self, grid, soft, value, classes, words):
        W, b, X, *Y = layer()
        b[classes] = value
        with pytest.raises(ValueError, match=words):
            call(W, b, X, Y[soft], grid)

    def test_under_jit_what_would_be_refused_gives_nan(self, grid, soft):
        W, b, X, *Y = layer()
        f = jax.jit(lambda b, Y: call(W, b, X, Y, grid))
        assert np.isfinite(f(b, Y[soft])[0])
        results = [f(np.full_like(b, -np.inf), Y[soft])]
        if not soft:
            results += [f(b, np.array([0, 1, 2, 3, wrong])) for wrong in (N, -1, -100)]
        for made in results:
            assert all(np.isnan(array).any() for array in made)


def loops(jaxpr):
    """The text of each loop's body."""
    for step in jaxpr.eqns:
        for part in jax.tree.leaves(list(step.params.values())):
            inner = getattr(part, "jaxpr", part)
            if step.primitive.name in ("scan", "while"):
                yield str(inner)
            elif hasattr(inner, "eqns"):
                yield from loops(inner)


@pytest.mark.parametrize("soft", [False, True])
def test_devices_exchange_as_often_and_never_in_a_loop(grid, soft):
    W, b, X, *Y = layer()
    args = W, b, X, Y[soft]
    assert sharded.collectives(lambda *x: call(*x, grid), *args) == LAYER
    made = jax.make_jaxpr(lambda *x: call(*x, grid))(*args)
    bodies = list(loops(made.jaxpr))
    assert sum("exp" in body for body in bodies) == 2
    assert not [body for body in bodies if "psum" in body or "pmax" in body]


def memory(n, d, m, soft, axis):
    """What the layer's program takes on one of 4 × 2 devices; nothing is computed."""
    placement = Placement.of(sharded.mesh(4, 2, DEVICES), n, m, axis == -1)
    layout = placement.layout
    labels = layout.logits if soft else ("examples",)
    shapes = [
        ((n, d), WEIGHTS, np.float32),
        ((n,), BIASES, np.float32),
        (layout.lay(d, m), layout.inputs, np.float32),
        (layout.lay(n, m) if soft else (m,), labels, np.float32 if soft else np.int32),
    ]
    structs = [
        jax.ShapeDtypeStruct(shape, dtype, sharding=placement.sharding(axes))
        for shape, axes, dtype in shapes
    ]
    f = jax.jit(lambda *x: call(*x, placement.mesh, axis))
    return f.lower(*structs).compile().memory_analysis()


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("axis", [0, -1])
def test_what_is_stored_for_a_time_does_not_grow_with_the_logits(
    monkeypatch, soft, axis
):
    """Four times the classes add to a device's Z 30,000 × 200 numbers, 24 MB.

    The processor's exchange of dW and db holds what it sends beside what it receives:
    as much as these results, and no more, is added to what is stored for a time.
    """
    monkeypatch.setattr(shards, "BLOCK", 2**20)
    few, many = (memory(n, 2, 400, soft, axis) for n in (40_000, 160_000))
    results = many.output_size_in_bytes - few.output_size_in_bytes
    assert results == 4 * 30_000 * 3
    assert many.temp_size_in_bytes - few.temp_size_in_bytes <= results
