"""The layer whose Z is never stored, and the gradient by threads, against plain lines.

No example is square: n, d and m differ.
"""

import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from threading import Barrier, Thread, current_thread, main_thread

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from arrays import blocks, linear, threads
from helpers import (
    check_array,
    linear_softmax_cross_entropy_grad,
    numerical_gradient,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
)
from tests.conftest import exact

ROOT = Path(__file__).parents[1]
FORK = """
import os
import signal
import time
from arrays.threads import in_threads

in_threads(2)(time.sleep, [0.1, 0.1])  # both are there
time.sleep(0.1)  # and wait
child = os.fork()
if not child:
    signal.alarm(20)  # it would wait for a thread that is not there
    os._exit(in_threads(2)(abs, [-3, 4]) != [3, 4])
assert os.waitpid(child, 0)[1] == 0
"""
FEW_ULP = {np.float32: 2e-6, np.float64: 4e-15}
SIZES = [(5, 3, 4), (1, 2, 3), (7, 2, 1), (2, 1, 6), (11, 4, 9)]


def layer(n, d, m, dtype=np.float64, soft=False):
    """Seeded W, b, X and labels; soft ones do not sum to 1."""
    random = np.random.default_rng(n)
    W, b, X = (random.standard_normal(x) for x in ((n, d), n, (d, m)))
    Y = random.random((n, m)) if soft else random.integers(0, n, m)
    return W.astype(dtype), b.astype(dtype), X.astype(dtype), Y


def plainly(W, b, X, Y, mean=True):
    """J, dW, db, dX with all of Z, in double precision, by the small functions."""
    W, b, X = (np.asarray(x, float) for x in (W, b, X))
    Z = W @ X + b[:, None]
    J = softmax_cross_entropy(Z, Y)
    dZ = softmax_cross_entropy_grad(Z, Y, mean=mean)
    return (J if mean else J * X.shape[1]), dZ @ X.T, dZ.sum(axis=1), W.T @ dZ


def same(found, wanted, tolerance):
    """Assert that each result is as near as that, times its largest entry."""
    for one, other in zip(found, wanted, strict=True):
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(
            one, other, rtol=0, atol=tolerance * max(1, np.abs(other).max())
        )


@pytest.fixture(params=["_Kept", "_Remade"])
def way(request, monkeypatch):
    """The way by three products, or by four; a small layer has room for the first."""
    if request.param == "_Remade":
        monkeypatch.setattr(linear, "_kept_sizes", lambda *_: (1, 0))
    return getattr(linear, request.param)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.usefixtures("way")
def test_against_plain_lines_for_every_block(size, soft, dtype):
    given = layer(*size, dtype, soft)
    n = size[0]
    for mean in (True, False):
        wanted = plainly(*given, mean=mean)
        for block in (None, 1, 2, max(1, n - 1), n, n + 3, np.int64(3)):
            found = linear_softmax_cross_entropy_grad(*given, block=block, mean=mean)
            same(found, wanted, FEW_ULP[dtype] * size[2])
            assert {x.dtype for x in found} == {np.dtype(dtype)}


@pytest.mark.parametrize("soft", [False, True])
def test_against_50_digits(soft):
    W, b, X, Y = layer(6, 2, 5, soft=soft)
    Z = W @ X + b[:, None]
    _, _, J, dZ = exact(Z, Y if soft else np.eye(6)[:, Y])
    found = linear_softmax_cross_entropy_grad(W, b, X, Y, block=4)
    same(found, (J, dZ @ X.T, dZ.sum(axis=1), W.T @ dZ), 1e-14)


def test_against_differences_of_the_loss():
    W, b, X, Y = layer(4, 3, 5)
    found = linear_softmax_cross_entropy_grad(W, b, X, Y, block=3)
    loss = lambda W, b, X: softmax_cross_entropy(W @ X + b[:, None], Y)  # noqa: E731
    assert check_array(found[1], numerical_gradient(lambda W: loss(W, b, X), W))
    assert check_array(found[2], numerical_gradient(lambda b: loss(W, b, X), b))
    assert check_array(found[3], numerical_gradient(lambda X: loss(W, b, X), X))


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("axis", [-1, 1])
def test_the_other_layout(axis, soft):
    W, b, X, Y = layer(5, 3, 4, soft=soft)
    J, dW, db, dX = linear_softmax_cross_entropy_grad(W, b, X, Y, block=2)
    of_rows = np.ascontiguousarray(X.T), np.ascontiguousarray(Y.T)
    other = linear_softmax_cross_entropy_grad(W, b, *of_rows, block=2, axis=axis)
    same(other, (J, dW, db, dX.T), 1e-15)
    assert other[3].flags.c_contiguous


@pytest.mark.parametrize(("block", "asked"), [(None, (2, 2)), (5, (2, 2)), (2, (6, 8))])
def test_how_many_products_there_are(monkeypatch, way, block, asked):
    # W of each block is asked for to make its logits, and for dX. The last block of the
    # way there is the first back, and its logits are not made again.
    blocks_asked, rows = [], way.rows
    monkeypatch.setattr(
        way, "rows", lambda part, k: blocks_asked.append(k) or rows(part, k)
    )
    linear_softmax_cross_entropy_grad(*layer(5, 3, 4), block=block)
    assert len(blocks_asked) == asked[way is linear._Remade]


def test_what_a_product_takes_well_is_not_copied():
    X = np.zeros((6, 8))
    for view in (X, X.T, X[:, 2:5], X[1:4].T, X[::2]):
        assert linear.for_products(view) is view
    for view in (X[:, ::2], X[::2, ::3].T):
        assert linear.for_products(view).flags.c_contiguous


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3, 16])
@pytest.mark.usefixtures("way")
def test_threads_and_cuts_of_the_examples_change_nothing(monkeypatch, count, soft):
    given = layer(300, 40, 110, soft=soft)
    wanted = plainly(*given)
    monkeypatch.setattr(linear, "cores", lambda: count)
    for budget in (2**26, 2**20, 2**16):
        for block in (None, 7, 1000):
            found = linear_softmax_cross_entropy_grad(
                *given, block=block, budget=budget
            )
            same(found, wanted, 1e-13)


@pytest.mark.parametrize(
    ("n", "budget", "wanted"),
    [
        (32_000, 2**26, (linear._Kept, 2048, 342)),  # a third of 1,024 examples
        (128_000, 2**26, (linear._Remade, 1024, 1024)),  # there is room for 114
        (128_000, 2**27, (linear._Kept, 2048, 205)),
        (256_000, 2**26, (linear._Remade, 1024, 1024)),
        (10, 2**26, (linear._Kept, 10, 1024)),
    ],
)
def test_numerators_are_kept_where_there_is_room(n, budget, wanted):
    assert linear._way(n, 256, 1024, None, budget // 4, 2, 0) == wanted


def test_the_sizes_keep_to_the_budget():
    for n, d, m, block in (
        (10**6, 4096, 8192, None),
        (10, 64, 60000, 10**6),
        (50257, 16384, 10**6, 4096),
        (3, 1, 10**9, 1),
        (10**6, 2, 1, 10**6),
    ):
        for most in (2**24, 2**23, 2**20):
            for room in (0, 2):
                rows, examples = linear._remade_sizes(n, d, m, block, most, room)
                assert 1 <= rows <= min(n, block or n) and 1 <= examples <= m
                held = rows * examples * (2 + room) + (3 * d + 16) * examples
                assert held + 2 * rows * d <= most


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize(
    "size", [(8000, 8, 700), (9, 70, 20000), (1500, 400, 1100), (1, 3, 300_000)]
)
@pytest.mark.usefixtures("way")
def test_no_temporary_is_as_large_as_the_logits(monkeypatch, size, soft):
    monkeypatch.setattr(linear, "cores", lambda: 2)
    given = layer(*size, np.float32, soft)
    for block in (None, 1, 10**6):
        if block == 1 and size[0] > 10:
            continue
        for budget in (2**21, 2**22):
            tracemalloc.start()
            try:
                found = linear_softmax_cross_entropy_grad(
                    *given, block=block, budget=budget
                )
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            # db is added up in double precision where the examples are cut.
            results = sum(x.nbytes for x in found) + 2 * found[2].nbytes
            looked_at = 3 * 2**20 if soft else 3 * size[2]  # labels, as truth values
            assert peak - results <= budget + looked_at + 2**17


@pytest.mark.usefixtures("way")
class TestLogitsOfEveryKind:
    def check(self, W, b, X, Y):
        Z = W @ X + b[:, None]
        with np.errstate(all="ignore"):
            J = softmax_cross_entropy(Z, Y)
            dZ = softmax_cross_entropy_grad(Z, Y)
        for block in (None, 1, 2, 3):
            found = linear_softmax_cross_entropy_grad(W, b, X, Y, block=block)
            assert found[0] == pytest.approx(J, rel=1e-14)
            same(found[1:], (dZ @ X.T, dZ.sum(axis=1), W.T @ dZ), 1e-13)

    @pytest.mark.parametrize("soft", [False, True])
    def test_masked_classes_and_whole_blocks_of_them(self, soft):
        W, b, X, Y = layer(6, 3, 4, soft=soft)
        for masked in ([0], [5], [0, 1], [2, 3], [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]):
            b_masked = b.copy()
            b_masked[masked] = -np.inf
            if soft:
                Y = np.where(np.isin(np.arange(6), masked)[:, None], 0, Y)
            else:
                Y = np.full(4, next(k for k in range(6) if k not in masked))
            self.check(W, b_masked, X, Y)

    @pytest.mark.parametrize("soft", [False, True])
    def test_a_masked_label_costs_inf(self, soft):
        W, b, X, Y = layer(6, 3, 4, soft=soft)
        b[2] = -np.inf
        Y = Y if soft else np.array([1, 2, 0, 2])
        assert linear_softmax_cross_entropy_grad(W, b, X, Y, block=2)[0] == np.inf
        self.check(W, b, X, Y)

    def test_ties_within_and_between_blocks(self):
        W, b, X, Y = layer(6, 3, 4)
        self.check(np.ones_like(W), np.zeros(6), X, Y)
        self.check(W[[0, 1, 0, 1, 0, 1]], b[[0, 1, 0, 1, 0, 1]], X, Y)

    @pytest.mark.parametrize("size", [40.0, 700.0, 1e5, 1e200])
    @pytest.mark.parametrize("soft", [False, True])
    def test_logits_that_need_a_shift(self, size, soft):
        W, b, X, Y = layer(6, 3, 4, soft=soft)
        self.check(W, size * b, X, Y)
        self.check(W, b - size, X, Y)
        self.check(W, np.where(np.arange(6) < 3, b - size, b), X, Y)
        self.check(W, np.where(np.arange(6) < 3, b, b - size), X, Y)

    def test_a_perfect_prediction_costs_nothing(self):
        found = linear_softmax_cross_entropy_grad(
            np.zeros((3, 1)), np.array([0, 900.0, 0]), np.zeros((1, 2)), [1, 1], block=1
        )
        assert found[0] == 0 and not np.signbit(found[0])

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    @pytest.mark.parametrize("place", [0, 3, 5])
    def test_no_number_and_infinity_are_refused(self, bad, place):
        W, b, X, Y = layer(6, 3, 4)
        b[place] = bad
        for block in (None, 1, 4):
            with pytest.raises(ValueError, match=f"must be finite .* got {bad}"):
                linear_softmax_cross_entropy_grad(W, b, X, Y, block=block)

    def test_an_example_without_a_class_is_refused(self):
        W, b, X, Y = layer(6, 3, 4)
        for block in (None, 1, 4):
            with pytest.raises(ValueError, match=r"not all -inf.* got -inf"):
                linear_softmax_cross_entropy_grad(W, b - np.inf, X, Y, block=block)

    @pytest.mark.parametrize("budget", [linear.BUDGET, 4000])
    def test_such_an_example_is_named(self, budget):
        """Also where the examples are cut, and it is not in the first piece."""
        W, b, X, Y = layer(6, 3, 40)
        X[:, 32] = -np.inf
        W[:] = np.abs(W)
        for block in (None, 1, 4):
            with pytest.raises(ValueError, match="got -inf in example 32 "):
                linear_softmax_cross_entropy_grad(
                    W, b, X, Y, block=block, budget=budget
                )

    def test_single_precision_as_close_as_double_allows_at_many_classes(self):
        given = layer(50_000, 3, 7, np.float32)
        found = linear_softmax_cross_entropy_grad(*given)
        same(found, plainly(*given), 2e-6)
        total = softmax(given[0].astype(float) @ given[2] + given[1][:, None])
        assert abs(found[2].sum()) < 1e-6 and total.shape == (50_000, 7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_numerator_that_has_lost_digits_is_left(dtype):
    """Such numbers would make each product many times slower."""
    tiny = np.finfo(dtype).tiny
    low = np.log(tiny)
    Z = np.array([[3, low / 4, low - 2, -np.inf], [3, 2, 1, 0]], dtype).T
    E = blocks.exp_less(Z, np.array([3, 3], dtype), np.empty_like(Z))
    assert 0 < np.exp(dtype(low - 2)) < tiny
    np.testing.assert_allclose(E[:2, 0], [1, np.exp(low / 4 - 3)], rtol=1e-5)
    assert E[2:, 0].tolist() == [0, 0]
    np.testing.assert_array_equal(E[:, 1], np.exp(Z[:, 1] - 3))


class TestArraysOfEveryKind:
    def test_inputs_stay_as_they_are_and_may_lie_anyhow(self):
        W, b, X, Y = layer(7, 4, 5, soft=True)
        wanted = linear_softmax_cross_entropy_grad(W, b, X, Y, block=3)
        wide = [np.repeat(x, 2, axis=-1)[..., ::2] for x in (W, b, X, Y)]
        backwards = [np.flip(np.flip(x).copy()) for x in (W, b, X, Y)]
        columns = [np.asfortranarray(x) for x in (W, b, X, Y)]
        for kind in (wide, backwards, columns):
            for x in kind:
                x.flags.writeable = False
            found = linear_softmax_cross_entropy_grad(*kind, block=3)
            same(found, wanted, 1e-15)
        for x, y in zip((W, b, X, Y), layer(7, 4, 5, soft=True), strict=True):
            np.testing.assert_array_equal(x, y)

    def test_precisions_and_integers(self):
        W, b, X, Y = layer(4, 2, 3, np.float32)
        for kind in ((W, b, X.astype(float)), (W.astype(float), b, X)):
            found = linear_softmax_cross_entropy_grad(*kind, Y, block=3)
            assert {x.dtype for x in found} == {np.dtype(float)}
        of_integers = [[1, 0], [0, 2], [3, 1]], [0, 1, 0], [[1, 2, 0, 1], [0, 1, 1, 2]]
        labels = np.array([[1, 0, 0, 0], [0, 1, 0, 2], [0, 0, 1, 0]])
        found = linear_softmax_cross_entropy_grad(*of_integers, labels, block=2)
        same(found, plainly(*map(np.array, of_integers), labels), 1e-15)
        for labels in ([0, 1, 2, 2], np.uint8([0, 1, 2, 2]), np.uint64([0, 1, 2, 2])):
            found = linear_softmax_cross_entropy_grad(*of_integers, labels, block=1)
            same(found, plainly(*map(np.array, of_integers), labels), 1e-15)


W, B, X, Y = layer(3, 2, 4)
REFUSED = [
    ({"W": W[0]}, ValueError, r"W must be a matrix, got shape \(2,\)"),
    ({"X": X[0]}, ValueError, r"X must be a matrix, got shape \(4,\)"),
    ({"b": B[:2]}, ValueError, r"b must have shape \(3,\), .* got \(2,\)"),
    ({"b": B[:, None]}, ValueError, r"b must have shape \(3,\), .* got \(3, 1\)"),
    ({"X": X.T}, ValueError, r"X must have 2 inputs, as W of shape \(3, 2\).* got 4"),
    ({"axis": -1}, ValueError, r"X must have 2 inputs, .* got 4"),
    ({"X": np.zeros((2, 0))}, ValueError, "X must not be empty"),
    ({"W": np.ma.masked_array(W, W > 1)}, TypeError, "W must not be masked"),
    (
        {"W": W.astype(np.float16), "b": B.astype(np.float16), "X": X.astype("f2")},
        TypeError,
        "W, b and X must be float32 or float64, got float16",
    ),
    ({"Y": Y[:3]}, ValueError, r"integer labels of shape \(4,\), got shape \(3,\)"),
    (
        {"Y": np.ones((4, 3))},
        ValueError,
        r"the logits, \(3, 4\), .* got shape \(4, 3\)",
    ),
    ({"Y": -np.ones((3, 4))}, ValueError, "Y must hold finite numbers >= 0, got -1"),
    ({"block": 0}, ValueError, "block must be at least 1, .* got 0"),
    ({"block": 2.0}, TypeError, r"block must be one integer, .* got 2\.0"),
    ({"block": True}, TypeError, "block must be one integer, .* got True"),
    ({"budget": 0}, ValueError, "budget must be at least 1, a number of bytes, got 0"),
    ({"budget": 6e7}, TypeError, "budget must be one integer, .* got 60000000.0"),
]


@pytest.mark.parametrize(("change", "error", "words"), REFUSED)
def test_what_is_refused_and_in_which_words(change, error, words):
    given = {"W": W, "b": B, "X": X, "Y": Y} | change
    with pytest.raises(error, match=words):
        linear_softmax_cross_entropy_grad(**given)


def test_the_other_layout_is_told_in_its_own_words():
    with pytest.raises(ValueError, match=r"the logits, \(4, 3\), .* shape \(3, 4\)"):
        linear_softmax_cross_entropy_grad(W, B, X.T, np.ones((3, 4)), axis=-1)


class TestThreads:
    def product_threads(self):
        return [x["num_threads"] for x in threadpool_info() if x["user_api"] == "blas"]

    def test_products_get_their_threads_back_whatever_happens(self, monkeypatch):
        monkeypatch.setattr(linear, "cores", lambda: 2)
        before, given = self.product_threads(), layer(300, 40, 110)
        linear_softmax_cross_entropy_grad(*given)
        bad = (*given[:1], given[1] - np.inf, *given[2:])
        with pytest.raises(ValueError, match="not all -inf"):
            linear_softmax_cross_entropy_grad(*bad)
        callers = [
            Thread(target=linear_softmax_cross_entropy_grad, args=given)
            for _ in range(4)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert before and self.product_threads() == before

    def test_one_product_has_one_thread_meanwhile(self):
        with threads.one_thread_for_each_product(2):
            assert set(self.product_threads()) == {1}
        before = self.product_threads()
        with threads.one_thread_for_each_product(1):
            assert self.product_threads() == before

    def test_an_error_in_any_thread_is_the_callers(self):
        both = Barrier(2, timeout=60)  # each thread has a call of its own

        def fail(x):
            time.sleep(0.05 * (x == 1))
            raise ValueError(f"no {x}")

        def fail_elsewhere(x):
            both.wait()
            if current_thread() is not main_thread():
                raise ValueError("elsewhere")

        for count in (1, 2):
            with pytest.raises(ValueError, match="no 1"):
                threads.in_threads(count)(fail, [1, 2])
            assert threads.in_threads(count)(abs, [-1, 2]) == [1, 2]
        with pytest.raises(ValueError, match="elsewhere"):
            threads.in_threads(2)(fail_elsewhere, [1, 2])

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
    def test_nothing_runs_on_after_an_error_of_the_caller(self, error):
        both, ended = Barrier(2, timeout=60), []

        def fail_here(x):
            both.wait()
            if current_thread() is main_thread():
                raise error("here")
            time.sleep(0.2)
            ended.append(x)

        with pytest.raises(error, match="here"):
            threads.in_threads(2)(fail_here, [1, 2])
        assert len(ended) == 1

    def test_a_forked_process_has_threads_of_its_own(self):
        # In a process of its own: where JAX is loaded, a fork is warned of.
        command = [sys.executable, "-c", FORK]
        done = subprocess.run(command, cwd=ROOT, check=False, timeout=60)
        assert done.returncode == 0


class TestTheGradientByThreads:
    @pytest.fixture(autouse=True)
    def every_size_is_large(self, monkeypatch):
        monkeypatch.setattr(blocks, "LARGE", 1)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("soft", [False, True])
    @pytest.mark.parametrize(
        "shape", [(200, 7), (5, 300), (1, 4), (130, 1), (3000, 11)]
    )
    @pytest.mark.parametrize("size", [1.0, 100.0])
    def test_against_the_small_way(self, monkeypatch, shape, soft, dtype, size):
        random = np.random.default_rng(0)
        Z = (size * random.standard_normal(shape)).astype(dtype)
        Y = random.random(shape) if soft else random.integers(0, *shape)
        monkeypatch.setattr(blocks, "LARGE", np.inf)
        wanted = [softmax_cross_entropy_grad(Z.astype(float), Y, 0, x) for x in (0, 1)]
        monkeypatch.setattr(blocks, "LARGE", 1)
        monkeypatch.setattr(blocks, "cores", lambda: 3)
        for mean in (False, True):
            found = softmax_cross_entropy_grad(Z, Y, mean=mean)
            assert found.dtype == dtype and found.flags.c_contiguous
            same([found], [wanted[mean]], FEW_ULP[dtype] * max(1, size / 10))
            for turned in (Z.T, np.ascontiguousarray(Z.T)):
                other = softmax_cross_entropy_grad(turned, Y.T, axis=-1, mean=mean)
                same([other.T], [wanted[mean]], FEW_ULP[dtype] * max(1, size / 10))

    def test_masked_classes_and_a_part_without_any(self, monkeypatch):
        monkeypatch.setattr(blocks, "cores", lambda: 2)
        random = np.random.default_rng(0)
        Z, Y = random.standard_normal((200, 3)), np.array([0, 1, 2])
        Z[100:, 1] = -np.inf
        Z[:100, 2] = -np.inf
        found = softmax_cross_entropy_grad(Z, Y)
        monkeypatch.setattr(blocks, "LARGE", np.inf)
        same([found], [softmax_cross_entropy_grad(Z, Y)], 1e-15)

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("shape", [(200, 3), (5, 300)])
    def test_the_same_words_of_refusal(self, bad, shape):
        Z = np.zeros(shape)
        Z[:, 1] = bad
        with pytest.raises(ValueError, match=f"must be finite .* got {bad}"):
            softmax_cross_entropy_grad(Z, np.zeros(shape[1], int))

    def test_half_precision_and_the_complex_step_keep_to_the_small_way(self):
        Z = np.zeros((200, 3), np.float16)
        assert softmax_cross_entropy_grad(Z, [0, 1, 2]).dtype == np.float16
        gradient = numerical_gradient(
            lambda Z: softmax_cross_entropy_grad(Z, [0, 1])[0, 0], np.zeros((3, 2))
        )
        assert gradient[0, 0] == pytest.approx(2 / 9 / 2)
