"""The functions on a mesh, against helpers in float64; no example is square.

Eight devices of this machine's processor stand for eight of a cluster.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import jax
import numpy as np
import pytest

import helpers
from arrays import sharded
from arrays.sharded import problem
from arrays.sharded.__main__ import parsed, told
from arrays.sharded.devices import Placement, program
from arrays.sharded.processes import cluster
from arrays.sharded.shards import softmax_shard

ROOT = Path(__file__).parents[1]
DEVICES = sharded.host_devices(8)
MESHES = [(8, 1), (4, 2), (2, 4), (1, 8)]
N, D, M = 11, 3, 5
"""11 rows in 8 parts are 2 each, and the last two devices hold padding only."""
ULP = np.finfo(np.float32).eps
NAMES = "J", "dW", "db", "dX"


@pytest.fixture(params=MESHES, ids=str)
def grid(request):
    return sharded.mesh(*request.param, DEVICES)


@pytest.fixture
def double():
    """JAX with double precision."""
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield np.float64
    jax.config.update("jax_enable_x64", before)


def layer(dtype=np.float32, scale=1):
    """W, b, X, integer labels and soft labels that do not sum to 1."""
    rng = np.random.default_rng(0)
    shapes = (N, D), (N,), (D, M)
    W, b, X = [(scale * rng.standard_normal(x)).astype(dtype) for x in shapes]
    return W, b, X, rng.integers(N, size=M), rng.random((N, M))


def plain(W, b, X, Y, mean=True):
    """J, dW, db, dX in float64, by helpers and the rule of the layer."""
    W, b, X = (array.astype(float) for array in (W, b, X))
    Z = W @ X + b[:, None]
    dZ = helpers.softmax_cross_entropy_grad(Z, Y, mean=mean)
    J = helpers.softmax_cross_entropy(Z, Y) * (1 if mean else X.shape[1])
    return J, dZ @ X.T, dZ.sum(axis=1), W.T @ dZ


def agree(found, expected, eps=ULP):
    """Within some roundings of the largest entry; of the right shape."""
    found = np.asarray(found)
    assert found.shape == np.shape(expected)
    np.testing.assert_allclose(
        found, expected, rtol=0, atol=20 * eps * max(1, np.abs(expected).max())
    )


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("axis", [0, -1])
class TestOnEveryMesh:
    def test_the_layer(self, grid, axis, soft):
        W, b, X, labels, soft_labels = layer()
        Y = soft_labels if soft else labels
        given = (X.T, Y.T) if axis else (X, Y)
        mean = bool(axis) == soft  # each twice on every mesh
        call = sharded.linear_softmax_cross_entropy_grad
        found = call(W, b, *given, grid, axis, mean)
        expected = list(plain(W, b, X, Y, mean))
        expected[3] = expected[3].T if axis else expected[3]
        for name, one, other in zip(NAMES, found, expected, strict=True):
            assert one.dtype == np.float32, name
            agree(one, other)

    def test_logits(self, grid, axis, soft):
        W, b, X, labels, soft_labels = layer(scale=3)
        Y = soft_labels if soft else labels
        Z = W @ X + b[:, None]
        Z, Y = (Z.T, Y.T) if axis else (Z, Y)
        exact = Z.astype(float)
        agree(sharded.softmax(Z, grid, axis), helpers.softmax(exact, axis))
        J = sharded.softmax_cross_entropy(Z, Y, grid, axis)
        agree(J, helpers.softmax_cross_entropy(exact, Y, axis))
        mean = not soft  # each once on every mesh, in both layouts
        dZ = sharded.softmax_cross_entropy_grad(Z, Y, grid, axis, mean)
        agree(dZ, helpers.softmax_cross_entropy_grad(exact, Y, axis, mean))
        assert dZ.dtype == Z.dtype


def test_double_precision_is_kept(grid, double):
    W, b, X, labels, soft = layer(double)
    eps = np.finfo(double).eps
    for Y in (labels, soft):
        found = sharded.linear_softmax_cross_entropy_grad(W, b, X, Y, grid)
        for one, other in zip(found, plain(W, b, X, Y), strict=True):
            assert one.dtype == double
            agree(one, other, eps)


def test_double_precision_is_refused_where_jax_would_cut_it(grid):
    W, b, X, labels, _ = layer()
    for wrong in (W.astype(float), W.astype(int)):
        with pytest.raises(TypeError, match=r"W is float64 .*jax_enable_x64"):
            sharded.linear_softmax_cross_entropy_grad(wrong, b, X, labels, grid)
        with pytest.raises(TypeError, match="Z is float64"):
            sharded.softmax(wrong, grid)


def test_other_precisions_are_refused(grid):
    with pytest.raises(TypeError, match="Z must be float32 or float64, got float16"):
        sharded.softmax(np.zeros((3, 2), np.float16), grid)


class TestSplit:
    def test_results_lie_as_what_they_belong_to(self):
        grid = sharded.mesh(4, 2, DEVICES)
        rng = np.random.default_rng(1)
        W, b, X = (rng.random(x, np.float32) for x in ((12, 3), 12, (3, 10)))
        made = sharded.linear_softmax_cross_entropy_grad(
            W, b, X, rng.integers(12, size=10), grid
        )
        shapes = [array.addressable_shards[0].data.shape for array in made]
        assert shapes == [(), (3, 3), (3,), (3, 5)]

    def test_arrays_of_jax_are_taken_as_they_lie(self):
        grid = sharded.mesh(4, 2, DEVICES)
        W, b, X, labels, _ = layer()
        for given in ((N, labels), (8, labels % 8)):
            rows, Y = given
            placed = map(jax.numpy.asarray, (W[:rows], b[:rows], X, Y))
            made = sharded.linear_softmax_cross_entropy_grad(*placed, grid)
            for one, other in zip(made, plain(W[:rows], b[:rows], X, Y), strict=True):
                agree(one, other)

    def test_no_device_gets_more_than_its_part(self):
        placement = Placement.of(sharded.mesh(4, 2, DEVICES), N, M)
        asked = []

        class Watched(np.ndarray):
            def __getitem__(self, index):
                asked.append(index)
                return super().__getitem__(index)

        W = layer()[0].view(Watched)
        placed = placement.place(W, ("classes", None), np.float32)
        assert placed.shape == (12, D)
        assert {(x[0].start, x[0].stop) for x in asked} == {
            (0, 3),
            (3, 6),
            (6, 9),
            (9, 12),
        }

    def test_a_mesh_of_newer_jax_will_do(self):
        W, b, X, *_ = layer()
        made = jax.make_mesh((4, 2), ("classes", "examples"), devices=DEVICES)
        Z = W @ X + b[:, None]
        agree(sharded.softmax(Z, made), helpers.softmax(Z.astype(float)))

    def test_a_mesh_that_will_not_do(self):
        Z = np.zeros((3, 2), np.float32)
        other = jax.make_mesh((8,), ("x",), devices=DEVICES)
        for wrong in (other, None, (4, 2)):
            with pytest.raises(ValueError, match="axes classes and examples"):
                sharded.softmax(Z, wrong)
        for sides in ((3, 3), (0, 4)):
            with pytest.raises(ValueError, match=f"of {sides[0]} × {sides[1]} needs"):
                sharded.mesh(*sides, DEVICES)

    def test_host_devices_that_come_too_late(self):
        jax.devices()
        assert len(sharded.host_devices(8)) == 8
        with pytest.raises(RuntimeError, match="host devices, not 9"):
            sharded.host_devices(9)


class TestMasked:
    def test_a_masked_class_has_no_probability_and_no_gradient(self, grid):
        W, b, X, _, _ = layer()
        b[[2, 9]] = -np.inf
        Y = np.array([0, 1, 3, 4, 8])
        found = sharded.linear_softmax_cross_entropy_grad(W, b, X, Y, grid)
        with np.errstate(invalid="ignore"):
            for one, other in zip(found, plain(W, b, X, Y), strict=True):
                agree(one, other)
        assert not np.asarray(found[1])[[2, 9]].any()
        A = sharded.softmax(W @ X + b[:, None], grid)
        assert not np.asarray(A)[[2, 9]].any()

    @pytest.mark.parametrize("soft", [False, True])
    def test_a_label_that_is_masked_costs_infinitely_much(self, grid, soft):
        Z = np.zeros((N, M), np.float32)
        Z[4, 1] = -np.inf
        Y = np.full(M, 4)
        Y = helpers.one_hot(Y, N) if soft else Y
        assert sharded.softmax_cross_entropy(Z, Y, grid) == np.inf
        dZ = sharded.softmax_cross_entropy_grad(Z, Y, grid)
        agree(dZ, helpers.softmax_cross_entropy_grad(Z.astype(float), Y))

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_a_largest_logit_that_is_not_finite_is_refused_as_by_helpers(
        self, grid, value
    ):
        Z = layer()[0] @ layer()[2]
        Z[:, 3] = value
        if not np.isneginf(value):
            Z[: N - 1, 3] = 0  # one device sees it, the others do not
        Y = np.zeros(M, int)
        with pytest.raises(ValueError, match="largest logit") as refusal:
            helpers.softmax(Z)
        words = str(refusal.value)
        if np.isnan(value) and grid.shape["classes"] == 1:
            words = words.replace("got nan", "got -inf")  # XLA's maximum of NaN alone
        for call in (
            lambda: sharded.softmax(Z, grid),
            lambda: sharded.softmax_cross_entropy(Z, Y, grid),
            lambda: sharded.softmax_cross_entropy_grad(Z, Y, grid),
            lambda: sharded.softmax_cross_entropy_grad(Z.T, Y, grid, -1),
        ):
            with pytest.raises(ValueError, match=re.escape(words)):
                call()

    def test_so_is_one_of_the_layer(self, grid):
        W, b, X, labels, _ = layer()
        b[:] = -np.inf
        with pytest.raises(ValueError, match=r"not all -inf\), got -inf"):
            sharded.linear_softmax_cross_entropy_grad(W, b, X, labels, grid)


@pytest.mark.parametrize(
    ("Y", "error", "words"),
    [
        ([0, 1, 2, 3, N], ValueError, f"classes 0..{N - 1}, got {N}"),
        ([0, 1, 2, 3, -100], ValueError, "ignore_index"),
        ([0, 1], ValueError, "must have the shape of the logits"),
        ([0.5] * M, TypeError, "labels must be integers"),
        (np.full((N, M), -1.0), ValueError, "finite numbers >= 0"),
        (np.ma.masked_array([0] * M), TypeError, "masked"),
    ],
)
def test_labels_are_refused_as_by_helpers(grid, Y, error, words):
    W, b, X, *_ = layer()
    Z = W @ X + b[:, None]
    for call in (
        lambda y: sharded.linear_softmax_cross_entropy_grad(W, b, X, y, grid),
        lambda y: sharded.softmax_cross_entropy(Z, y, grid),
        lambda y: sharded.softmax_cross_entropy_grad(Z, y, grid),
    ):
        with pytest.raises(error, match=words):
            call(Y)
        if not isinstance(Y, np.ma.MaskedArray):
            with pytest.raises(error, match=words):
                call(jax.numpy.asarray(Y))


def test_shapes_are_refused():
    grid = sharded.mesh(4, 2, DEVICES)
    W, b, X, labels, _ = layer()
    for wrong in ((W.T, b, X), (W, b[1:], X), (W, b, X.T), (W, b[:, None], X)):
        with pytest.raises(ValueError, match="must have"):
            sharded.linear_softmax_cross_entropy_grad(*wrong, labels, grid)
    with pytest.raises(ValueError, match="axis 2 does not exist"):
        sharded.softmax(W, grid, axis=2)
    with pytest.raises(ValueError, match="Z must be a matrix"):
        sharded.softmax(b, grid)


def test_under_jit_a_label_that_is_no_class_gives_nan():
    grid = sharded.mesh(4, 2, DEVICES)
    Z = np.zeros((N, M), np.float32)
    loss = jax.jit(lambda y: sharded.softmax_cross_entropy(Z, y, grid))
    assert float(loss(np.zeros(M, int))) == pytest.approx(np.log(N))
    for wrong in (N, N + 1, -1, -100):
        assert np.isnan(loss(np.array([0, 1, 2, 3, wrong])))


CLASSES = {"pmax over classes": 1, "psum over classes": 1}
ONE_NUMBER = {"psum over examples": 1}
LAYER = {"pmax over classes": 1, "psum over classes": 2, "psum over examples": 3}


class TestCollectives:
    """What crosses the devices, before XLA combines anything."""

    @pytest.mark.parametrize("soft", [False, True])
    def test_are_these_and_no_others(self, grid, soft):
        W, b, X, *Y = layer()
        Y, Z = Y[soft], W @ X + b[:, None]
        for f, args, expected in (
            (sharded.softmax, (Z,), CLASSES),
            (sharded.softmax_cross_entropy_grad, (Z, Y), CLASSES),
            (sharded.softmax_cross_entropy, (Z, Y), CLASSES | ONE_NUMBER),
            (sharded.linear_softmax_cross_entropy_grad, (W, b, X, Y), LAYER),
        ):
            assert sharded.collectives(lambda *x, f=f: f(*x, grid), *args) == expected
            lowered = jax.jit(lambda *x, f=f: f(*x, grid)).lower(*args).as_text()
            made = Counter(re.findall(r"stablehlo\.(all_\w+|collective_\w+)", lowered))
            assert made == {"all_reduce": sum(expected.values())}

    def test_over_the_classes_are_numbers_of_an_example(self):
        """(5 examples on 2): 3 of the maximum, 2 × 3 beside each other."""
        W, _, X, labels, soft = layer()
        grid = sharded.mesh(4, 2, DEVICES)
        Z = W @ X
        for Y, beside in ((labels, 2), (soft, 3)):
            f = jax.jit(lambda Z, Y: sharded.softmax_cross_entropy_grad(Z, Y, grid))
            text = f.lower(Z, Y).as_text()
            sizes = re.findall(r"\) : \(tensor<([\dx]+)xf32>\) -> tensor<\1xf32>", text)
            assert sizes[:2] == ["3", f"{beside}x3"]

    def test_one_more_is_counted(self):
        placement = Placement.of(sharded.mesh(4, 2, DEVICES), 12, 10)
        axes = placement.layout.logits

        def shard(Z):
            A, top, S = softmax_shard(Z)
            return A / jax.lax.psum(A.sum(axis=0), "classes"), top, S

        made = program(placement, shard, (axes,), (axes,), ())
        Z = np.zeros((12, 10), np.float32)
        assert sharded.collectives(made, Z) == CLASSES | {"psum over classes": 2}

    def test_one_in_a_loop_is_counted_once(self):
        grid = sharded.mesh(4, 2, DEVICES)

        def f(Z):
            return jax.lax.fori_loop(0, 3, lambda _, Z: sharded.softmax(Z, grid), Z)

        assert sharded.collectives(f, np.zeros((12, 10), np.float32)) == CLASSES


def python(code):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_helpers_do_without_jax():
    code = "import helpers, sys; helpers.softmax([0, 1]); print('jax' in sys.modules)"
    assert python(code).stdout.strip() == "False"


def test_without_jax_it_is_said_how_to_get_it():
    code = "import sys; sys.modules['jax'] = None; import arrays.sharded"
    last = python(code).stderr.splitlines()[-1]
    assert last.startswith("ImportError: arrays.sharded needs JAX: pip install -r")
    assert "requirements-scale.txt" in last


IMPORTS = """
import os, sys
seen = []
sys.addaudithook(lambda name, _: seen.append(name) if name.startswith("socket.") else 0)
import arrays.sharded.__main__
links = [os.readlink(f"/proc/self/fd/{x}") for x in os.listdir("/proc/self/fd")[:-1]]
print(seen, [x for x in links if x.startswith("socket")])
"""


def test_importing_it_touches_no_network():
    assert python(IMPORTS).stdout.split() == ["[]", "[]"]
    opened = "import socket\nseen_socket = socket.socket()"
    broken = IMPORTS.replace("import arrays.sharded.__main__", opened)
    assert python(broken).stdout.split() != ["[]", "[]"]


class TestOneProcess:
    """What several processes are compared with, against helpers."""

    small = problem.Problem(1003, 5, 7)

    def test_is_as_helpers_say(self):
        W, b, X, labels = (
            getattr(self.small, name)[:] for name in ("W", "b", "X", "labels")
        )
        assert [x.shape for x in (W, b, X, labels)] == [
            (1003, 5),
            (1003,),
            (7, 5),
            (7,),
        ]
        J, dW, db, dX = plain(W, b, X.T, labels)
        one = problem.OneProcess(self.small)
        J_one, dX_one = one.loss_and_inputs()
        agree(J_one, J, 1e-14)
        agree(dX_one.T, dX, 1e-14)
        for start, stop in ((0, 512), (512, 1003), (700, 701)):
            dW_rows, db_rows = one.rows(start, stop)
            agree(dW_rows, dW[start:stop], 1e-14)
            agree(db_rows, db[start:stop], 1e-14)

    def test_rows_are_alike_however_they_are_asked_for(self):
        whole = self.small.W[:]
        for start, stop in ((0, 3), (511, 513), (500, 1003), (1003, 1003)):
            np.testing.assert_array_equal(self.small.W[start:stop], whole[start:stop])
        index = slice(900, 1100), slice(None)
        np.testing.assert_array_equal(self.small.W[index], whole[900:])
        assert len(np.unique(whole)) > 5000
        other = problem.Problem(1003, 5, 7, seed=1).W[:]
        assert (other != whole).mean() > 0.99


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--processes 0", "'0' is not a whole number from 1"),
        ("--processes x", "'x' is not a whole number from 1"),
        ("--classes -1", "is not a whole number from 1"),
        ("--processes 4 --mesh 3x1", "--mesh 3x1 does not fit 4 devices"),
        ("--mesh 4", "'4' is not CLASSESxEXAMPLES"),
        ("--proc 4", "unrecognized arguments: --proc"),
    ],
)
def test_words_that_make_no_sense_are_refused_in_one_line(words, said, capsys):
    with pytest.raises(SystemExit) as end:
        parsed(words.split())
    assert end.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert said in line and line.startswith("python -m arrays.sharded: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--processes=2"], "mpirun is missing; install Open MPI"),
        ([], "this process was not started by mpirun, Slurm or a cloud"),
    ],
)
def test_without_mpirun_it_is_said_what_is_missing(words, said):
    command = [sys.executable, "-m", "arrays.sharded", *words]
    done = subprocess.run(
        command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert said in line


class TestCluster:
    """What JAX finds of the other processes, in the environment of each."""

    def test_by_slurm(self, monkeypatch):
        monkeypatch.setenv("SLURM_JOB_ID", "4097")
        monkeypatch.setenv("SLURM_STEP_NODELIST", "node[01-04]")
        for name, value in (("NTASKS", 4), ("PROCID", 3), ("LOCALID", 1)):
            monkeypatch.setenv(f"SLURM_{name}", str(value))
        assert cluster() == ("node01:61441", 4, 3, [1])

    def test_by_mpi4py_where_a_newer_open_mpi_started_it(self, monkeypatch, tmp_path):
        (tmp_path / "mpi4py.py").write_text(MPI)
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(ValueError, match="not started by mpirun, Slurm or a cloud"):
            cluster()
        monkeypatch.setenv("PMIX_RANK", "3")
        monkeypatch.setenv("JAX_COORDINATOR_ADDRESS", "192.0.2.2:99")
        assert cluster() == ("192.0.2.2:99", 4, 3, [1])


MPI = """
class MPI:
    COMM_TYPE_SHARED = "local"

    class COMM_WORLD:
        Get_rank = staticmethod(lambda: 3)
        Get_size = staticmethod(lambda: 4)

        class Split_type:
            __init__ = lambda self, kind: None
            Get_rank = lambda self: 1
"""


def test_a_process_says_whether_it_agrees_with_one():
    row = {"process": 0, "host": "h", "rows": "0-3", "peak": 1.0, "runtime": 2.0}
    row |= {"collectives": 3, "seconds": 0.5}
    for error, agrees in ((1e-7, True), (1e-3, False), (np.nan, False)):
        line, found = told(row | {"error": error})
        assert found == agrees
        assert line.endswith("  as one process" if agrees else "NOT as one process")
