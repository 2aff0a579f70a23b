"""Outputs of a softmax, and what a loss makes of them: CE(y, p), H(p), KL(q || p).

PyTorch's kl_div has the logarithm of the output first, and cross_entropy the logits.
"""

from sympy import S, Sum, Symbol, exp, log

from derivations.formulas.binding import instance, readable
from derivations.formulas.indices import Index, free_symbols
from derivations.text.notation.parsing import kind
from derivations.text.notation.shapes import Array, number, product
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable

_LOGARITHMS = ("log", "log_softmax")


class Outputs:
    """Calls of the softmax, and of the names in `names.ENTROPIES`."""

    def softmax(self, name, node, words):
        letters = None
        if kind(node) in ("entry", "index"):  # softmax(z_i) is meant as softmax(z)_i
            body, *sub = node.children
            if name == "σ":
                self.refuse_sigma(node, body)
            array, letters = (
                self.subscripted(body),
                self.indices(sub[-1 if len(sub) == 1 else 1]),
            )
            self.note("softmax(z_i) read as softmax(z)_i")
        else:
            array = self.array(node)
        if not array.shape and name == "σ":
            self.note("σ of one number is the sigmoid")
            return self.function("sigmoid", array)
        if not array.shape:
            array, *letters = self.over_its_letter(array, node)
        if words.get("axis", "0") != "0" and len(array.sizes) == 2:
            words = (
                "examples are columns here, so the classes are the first axis: axis=0"
            )
            self.refuse(words, node, ShapeError)
        if name == "σ":
            self.note("σ is the softmax")
        size = array.shape[0]

        def factors(first, *rest):
            with self.letters.new(size) as k:
                total = Sum(exp(array.entry(k, *rest)), (k, 1, size))
            return [exp(array.entry(first, *rest)), 1 / total]

        outputs = Array(array.shape, factors)
        return outputs if letters is None else self.entry_at(outputs, letters, node)

    def over_its_letter(self, array, node):
        """The array of which z_k/T is the entry k, and its letter."""
        found = _letters_of(array)
        if len(found) != 1:
            words = "the softmax takes an array: write softmax(z)_i"
            self.refuse(words, node, ShapeError)
        (letter,) = found
        inside = self.text(node)
        self.note(f"softmax({inside}) is entry {letter} of the softmax")
        return self.along(letter, array), letter

    def along(self, letter, array):
        """The array whose entry at a letter is given."""
        entry = array.entry()
        return self.rules.vector(
            letter.size, lambda at: [readable(instance(entry, {letter: at}))]
        )

    def refuse_sigma(self, node, body):
        behind = self.text(node).removeprefix(self.text(body))
        choices = [f"softmax({self.text(body)}){behind}", f"sigmoid({self.text(node)})"]
        words = "`σ` of one number: the softmax or the sigmoid?"
        raise Ambiguous(words, suggestions=choices)

    def call_softmax_prime(self, array):
        letters = [Symbol(f"_{place}") for place in range(len(array.sizes))]
        first, *others = array.at(*letters)
        if others or str(getattr(first, "base", "")) not in ("z", "Z"):
            raise Unreadable("softmax' is read at the logits: softmax'(z)")
        return self.jacobian("softmax_prime")

    # Entropies

    def entropy(self, name, nodes):
        """Σ_k −y_k log p_k, or what else a call with these arguments means."""
        does = getattr(self, self.aliases[name])
        if len(nodes) not in ((1, 2) if does == self.cross_entropy else (2,)):
            raise Unreadable(f"`{name}` takes two arrays: {name}(y, a)")
        return does(name, nodes * 2 if len(nodes) == 1 else nodes)

    def entropy_alone(self, name):
        """CE without arguments: that of the labels and the outputs."""
        if name != "CE":
            raise Unreadable(f"`{name}` of what? write {name}(y, a)")
        self.note(f"{name} is −Σ_k y_k log a_k")
        return self.crossed(self.whole("y"), self.whole("a"))

    def cross_entropy(self, name, nodes):
        """−Σ_k y_k log p_k, whichever stands first; logits go through the softmax."""
        of_labels, of_outputs = (self.of_classes(self.array(x), name) for x in nodes)
        if self.is_array("y", of_outputs):
            of_labels, of_outputs = of_outputs, of_labels
            nodes = nodes[::-1]
        if self.is_array("z", of_outputs):
            self.note(f"{name} takes the softmax of the logits")
            of_outputs = self.of_classes(self.softmax("softmax", nodes[1], {}), name)
        return self.crossed(of_labels, of_outputs)

    def divergence(self, name, nodes):
        """Σ_k q_k (log q_k − log p_k)."""
        log_first = kind(nodes[0]) in ("call", "apply")
        log_first = log_first and nodes[0].children[0] in _LOGARITHMS
        if log_first:
            self.note(f"{name} is the sum over the classes, not PyTorch's mean")
            given, target = (self.of_classes(self.array(x), name) for x in nodes)
        elif name == "KL":
            target, other = (self.of_classes(self.array(x), name) for x in nodes)
            given = other.mapped(log)
        else:
            first, second = map(self.text, nodes)
            raise Ambiguous(
                f"`{name}` has other arguments in each library: KL(q, p) is the sum of "
                "q_k log(q_k/p_k)",
                suggestions=[f"KL({first}, {second})", f"KL({second}, {first})"],
            )
        return self.over_classes(
            (target, given), lambda q, log_p: product([q, log(q) - log_p])
        )

    def of_classes(self, array, name):
        """An array; of an entry q_k the whole q, where no sum over k is around it."""
        letters = _letters_of(array) - {*self.slots}
        if letters & self.summed:
            words = "is a sum over all classes itself: leave out the sum before it"
            raise Unreadable(f"{name} {words}")
        if len(letters) != 1:
            return array
        (letter,) = letters
        self.note(f"{name} goes over all {letter}")
        return self.along(letter, array)

    def crossed(self, of_labels, of_outputs):
        arrays = of_labels, of_outputs.mapped(log)
        total = self.over_classes(arrays, lambda y, log_p: product([y, log_p]))
        return number(S.NegativeOne, *total.factors())

    def over_classes(self, arrays, term):
        """The sum of a term of each class, of arrays of one size."""
        for array in arrays:
            if len(array.sizes) != 1 or array.sizes != arrays[0].sizes:
                shape = self.written(array)
                raise ShapeError(f"two arrays of one size are expected, not {shape}")
        (size,) = arrays[0].sizes
        with self.letters.new(size) as letter:
            entries = (product(array.at(letter)) for array in arrays)
            return number(Sum(term(*entries), (letter, 1, size)))

    def is_array(self, name, array):
        """Whether an array is a, y or z itself."""
        entry = product(array.at(*(S.One for _ in array.sizes)))
        return str(getattr(entry, "base", "")) == name


def _letters_of(array):
    entry = () if array.shape else free_symbols(array.entry())
    return {x for x in entry if isinstance(x, Index)}
