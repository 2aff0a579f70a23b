"""Calls: functions of numbers, functions of arrays, and those that SymPy has too."""

from sympy import KroneckerDelta, S, exp, log, sympify

from derivations.formulas.indices import free_symbols, size_of
from derivations.text.names import ENTROPIES
from derivations.text.notation.bounds import LARGEST, as_written, function_of
from derivations.text.notation.parsing import items, kind, plain
from derivations.text.notation.shapes import Array, number, product
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable
from derivations.text.vocabulary import (
    AS_IT_IS,
    NEAR,
    OF_AN_AXIS,
    OF_ARRAYS,
    OF_ONE_NUMBER,
    WITH_LETTERS,
)

NO_MAX = f"`max`: the checks have no rule for it; near it is {NEAR['maximum']}"
_BY_THE_RULES = {
    "diag": lambda rules, array: rules.diagonal(array),
    "transpose": lambda rules, array: rules.transposed(array),
    "outer": lambda rules, one, other: rules.outer(one, other),
    "multiply": lambda rules, one, other: rules.multiplied(one, other, "*"),
    "square": lambda _, array: array.mapped(lambda x: x**2),
    "rowSums": lambda rules, array: rules.summed(array, [1]),
    "rowMeans": lambda rules, array: rules.summed(array, [1], mean=True),
    "colSums": lambda rules, array: rules.summed(array, [0]),
    "colMeans": lambda rules, array: rules.summed(array, [0], mean=True),
    **dict.fromkeys(AS_IT_IS, lambda _, array: array),
    "neg": lambda rules, array: rules.sum([("-", array)]),
    "add": lambda rules, one, other: rules.sum([("+", one), ("+", other)]),
    "subtract": lambda rules, one, other: rules.sum([("+", one), ("-", other)]),
    "crossprod": lambda rules, one, other: rules.matrix_product(
        rules.transposed(one), other
    ),
}
"""Functions of arrays, by the rules of mathematics or of NumPy."""
KEYWORDS = ("axis", "dim", "dims", "keepdims", "keepdim", "num_classes", "depth")
KEYWORDS += ("dtype",)
"""The keyword arguments that a call may have."""
_AXES = {"0": (0,), "1": (1,), "-1": (-1,), "-2": (-2,), "None": None}

_FROM_1 = {"1": "0", "2": "1"}
"""The axes as MATLAB and Julia count them."""


class Calls:
    """The rules `call`, `apply`, `method` and `attribute` of the grammar."""

    def call(self, name, group):
        if name in ("one_hot", "ones"):
            return getattr(self, f"call_{name}")(self.keywords(items(group))[0])
        if name == "size" and len(items(group)) == 2:  # MATLAB's counts from 1
            array, axis = items(group)
            return self.size_at(self.array(array), [axis], "." not in self.text(name))
        if name in ENTROPIES:
            return self.entropy(str(name), items(group))
        if name == "sigmoid" and self.text(name) != name:
            self.note(f"{self.text(name)} is the sigmoid")
        return self.called(str(name), items(group))

    def apply(self, name, node):
        return self.called(str(name), [node])

    def method(self, body, name, group):
        if name in ("reshape", "unsqueeze"):
            return self.reshaped(self.array(body), items(group))
        if name == "size":  # counts from 0, as all of Python
            return self.size_at(self.array(body), items(group)[-1:], 0)
        return self.called(str(name), [body, *items(group)])

    def size_at(self, array, nodes, first):
        """The size of an axis that a program calls by its number, from 0 or from 1."""
        places = [str(x) for x in range(first, first + len(array.shape))]
        if len(nodes) != 1 or plain(nodes[0]) not in places:
            raise Unreadable(f"an axis is {' or '.join(places)}")
        return number(sympify(array.shape[places.index(plain(nodes[0]))], strict=True))

    def attribute(self, body, name):
        if name == "shape":
            self.refuse("`.shape` has an index: X.shape[1]", name)
        array = self.array(body)
        if not array.shape:
            self.refuse("`.T` takes an array, not a number", name, ShapeError)
        return self.rules.transposed(array)

    def called(self, name, nodes):
        if name in WITH_LETTERS and (name != "Sum" or len(nodes) > 1):
            form = getattr(self, f"call_{name}")
            return number(form(nodes))
        nodes, words = self.keywords(nodes)
        nodes = nodes[: 1 if name in AS_IT_IS else None]  # x.astype(float)
        name = "sum" if name == "Sum" else name
        if name in OF_AN_AXIS and len(nodes) == 2 and self.is_axis(nodes[1]):
            words["axis"] = self.text(nodes.pop())  # A.sum(1)
            self.refuse_axis(name, nodes[0], words["axis"])
            if not self.is_numpy:  # MATLAB's mean(dZ, 2)
                words["axis"] = _FROM_1.get(words["axis"], words["axis"])
        nodes *= 2 if name in ("outer", "Cov") and len(nodes) == 1 else 1
        most = 1 if name in OF_ONE_NUMBER or name == "σ" else OF_ARRAYS.get(name, 2)
        if len(nodes) != most and name == "max":
            raise Unreadable(NO_MAX)
        if len(nodes) != most:
            several = "one part" if most == 1 else f"{most} parts"
            raise Unreadable(f"{name} takes {several}, and {len(nodes)} stand here")
        if name in ("softmax", "σ", "log_softmax"):
            outputs = self.softmax(name.removeprefix("log_"), nodes[0], words)
            return self.function("log", outputs) if name[0] == "l" else outputs
        arrays = [self.array(node) for node in nodes]
        if name in OF_ONE_NUMBER:
            return self.function(name, arrays[0])
        if name in ("sum", "mean"):
            return self.total_of(name, arrays[0], nodes[0], words)
        if name in _BY_THE_RULES:
            return _BY_THE_RULES[name](self.rules, *arrays)
        if name in ("dot", "matmul", "inner"):
            self.refuse_doubtful(*arrays, nodes)
            name = "dot"
        return getattr(self, f"call_{name}")(*arrays)

    def is_axis(self, node):
        """Whether a second part is an axis: A.sum(1), z.softmax(-1)."""
        return plain(node.children[-1] if kind(node) == "signed" else node) != ""

    def refuse_axis(self, name, node, axis):
        """Refuse sum(dZ, 1), whose 1 is NumPy's second axis, or MATLAB's first."""
        if axis == "1" and not self.is_numpy and not self.is_matlab:
            inside = self.text(node)
            choices = [f"{name}({inside}, axis=1)", f"{name}({inside}, axis=0)"]
            words = "`1` is the second axis in NumPy, and the first in MATLAB"
            raise Ambiguous(words, suggestions=choices)

    def keywords(self, nodes):
        """Separate keywords, such as axis=1 and keepdims=True, from the other parts."""
        parts, words = [], {}
        for node in nodes:
            name = plain(node.children[0]) if kind(node) == "relation" else ""
            if name in KEYWORDS:
                key = "axis" if name[:3] == "dim" else name[:4]
                words[key] = self.text(node.children[2])
                if name == "dims":  # Julia's, from 1
                    words[key] = _FROM_1.get(words[key], words[key])
            else:
                parts.append(node)
        return parts, words

    def call_one_hot(self, nodes):
        """The label of a class: F.one_hot(target, num_classes=n) is y."""
        word = plain(nodes[0]) if nodes else ""
        label = self.aliases.get(word, word)
        if label not in ("y", "Y", "c") or len(nodes) > 2:
            raise Unreadable("one_hot takes a label: write y")
        self.note("one_hot gives the label y")
        return self.whole("y" if label == "c" else label)

    def function(self, name, array):
        """A function of one number, of each entry."""
        return array.mapped(lambda x: function_of(name, x))

    def total_of(self, name, array, node, words):
        axis = words.get("axis", "None").strip("() ,")
        if not array.shape:
            return self.over_all(array, node)
        is_of_all = axis == "None" and len(array.sizes) == 2
        is_other = self.is_matlab or (self.has_left and not self.is_numpy)
        if is_of_all and is_other:
            line = self.replaced((node, node, f"{self.text(node)}, axis=1"))
            words = "the sum over which axis? write sum(dZ, axis=1)"
            self.refuse(words, node, suggestions=[line])
        axes = _AXES.get(axis, ())
        if axes == () or (axes and not -len(array.shape) <= axes[0] < len(array.shape)):
            words = f"axis {axis} of shape {self.written(array)}: there is none"
            self.refuse(words, node, ShapeError)
        keeps = words.get("keep") == "True"
        return self.rules.summed(array, axes, keeps, name == "mean")

    # Functions of arrays

    def call_dot(self, one, other):
        if not one.shape or not other.shape:
            return self.rules.multiplied(one, other, "*")
        if one.shape == other.shape == (*one.sizes, 1):
            one = self.rules.transposed(one)  # ⟨a, v⟩ of two columns
        return self.rules.matrix_product(one, other)

    def call_logsumexp(self, array):
        axes = (0,) if len(array.sizes) > 1 else None
        total = self.rules.summed(array.mapped(exp), axes)
        return total.mapped(log)

    def call_max(self, array):
        """The largest entry: a number that has to cancel, as in softmax(z − max(z))."""
        entry = product(array.at(*(S.One for _ in array.sizes)))
        is_bound = not array.shape and {*self.slots}.isdisjoint(free_symbols(entry))
        if len(array.sizes) != 1 and not is_bound:
            raise Unreadable(NO_MAX)
        if str(getattr(entry, "base", "")) != "z":
            raise Unreadable(NO_MAX)
        self.note("max(z) cancels")
        return number(LARGEST)

    def call_Cov(self, *labels):
        """The covariance of entries of the label, where class k has probability a_k."""
        entries = [x.entry() if not x.shape else None for x in labels]
        bases = {str(getattr(x, "base", "y")) for x in entries}
        output = self.names.arrays.get("a")
        if bases != {"y"} or output is None or labels[0].sizes != labels[1].sizes:
            raise Unreadable("a covariance is of the label: Cov(Y_i, Y_j)")
        self.note("Y is 1 at a class that is drawn with the probabilities a")
        size = size_of(self.names.entries["a"].indices[0])
        matrix = Array(
            (size, size), lambda i, j: [output[i], KroneckerDelta(i, j) - output[j]]
        )
        letters = [x.indices[0] for x in entries if x is not None]
        return number(*matrix.at(*letters)) if letters else matrix

    def call_eye(self, size):
        size = size.entry()
        return Array((size, size), lambda i, j: [KroneckerDelta(i, j)])

    def call_ones(self, nodes):
        """ones(n), ones(m, 1), ones((m, 1))."""
        if len(nodes) == 1 and kind(nodes[0]) == "group":
            nodes = items(nodes[0])
        sizes = tuple(self.entry_of(node) for node in nodes)
        if len(sizes) == 1:
            return self.rules.vector(*sizes, lambda _: [S.One])
        return Array(sizes, lambda *_: [S.One])

    def call_trace(self, array):
        if len(array.sizes) != 2 or array.sizes[0] != array.sizes[1]:
            raise ShapeError(
                f"a trace is of a square matrix, not {self.written(array)}"
            )
        return self.rules.summed(self.rules.diagonal(array))

    def call_divide(self, one, other):
        return self.pair("/", one, other, ())

    def call_len(self, array):
        if not array.shape:
            raise ShapeError("len takes an array, not a number")
        return number(array.shape[0])

    def reshaped(self, array, nodes):
        """A vector as a column or a row: a.reshape(-1, 1), a.unsqueeze(1)."""
        sizes = [self.text(node).replace(" ", "") for node in nodes]
        size = str(array.shape[0]) if array.shape else ""
        if len(array.shape) == 1 and sizes in (["-1", "1"], ["1"], ["-1"], [size, "1"]):
            return Array((*array.shape, 1), lambda i, _: array.factors(i))
        if len(array.shape) == 1 and sizes in (["1", "-1"], ["0"], ["1", size]):
            return Array((1, *array.shape), lambda _, i: array.factors(i))
        words = "only reshape(-1, 1) and reshape(1, -1) of a vector are read"
        raise Unreadable(words)

    # SymPy's, with letters

    def call_where(self, nodes):
        if len(nodes) != 3 or kind(nodes[0]) != "relation":
            raise Unreadable("`where`: write where(i == j, x, y), and y for i ≠ j")
        same = self.entry_of(nodes[0])
        one, other = map(self.entry_of, nodes[1:])
        return same * one + (1 - same) * other

    def call_times(self, nodes):
        if len(nodes) < 2:
            raise Unreadable("times takes two factors or more: write times(x, y)")
        return as_written([self.entry_of(node) for node in nodes])

    def call_KroneckerDelta(self, nodes):
        if len(nodes) != 2:
            raise Unreadable("a delta takes two indices: KroneckerDelta(i, j)")
        return KroneckerDelta(*map(self.index_of, nodes))

    def call_Derivative(self, nodes):
        if len(nodes) < 2:
            raise Unreadable("a derivative needs its variable: Derivative(f, z[j])")
        variables = []
        for node in nodes[1:]:
            pair = items(node) if kind(node) == "group" else ()
            count = self.entry_of(pair[1]) if len(pair) == 2 else 1
            if count not in (1, 2):
                self.refuse("at most 2 derivatives", pair[1])
            variables += [self.array(pair[0] if pair else node)] * int(count)
        array = self.derivative(self.array(nodes[0]), variables)
        if array.shape:
            words = f"this is an array of shape {self.written(array)}: write an entry"
            raise ShapeError(words)
        return array.entry()
