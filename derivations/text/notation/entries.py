"""Entries of arrays: a_i, a[i], A_{js}, b[:, None], and columns a^{(i)}."""

import re

from sympy import KroneckerDelta, Rational

from derivations.formulas.indices import Size, size_of
from derivations.letters import s
from derivations.text.names import LOGIT, ReadAs
from derivations.text.notation.parsing import end, items, kind, plain, start
from derivations.text.notation.shapes import Array, number
from derivations.text.unreadable import Ambiguous, ShapeError, Unreadable
from derivations.text.vocabulary import indices_behind, what_to_write_for

_NO_ARRAYS = {"entry", "index", "number", "power"}


class Entries:
    """The rules `entry` and `index` of the grammar, and a part of `power`."""

    def subscripted(self, body):
        """The array of a name with an index, where the name alone may be a symbol."""
        name = plain(body) if kind(body) == "name" else ""
        if name == "Ls" and name not in self.names.arrays:
            name = "L"
        if name in self.names.arrays:
            return self.whole(name)
        if name in self.aliases:
            return self.alias(name)
        if name in ("delta", "I", "J", "softmax_prime"):
            return self.named("I" if name == "delta" else name)
        if name in (*LOGIT, "p", "q", "s", "t", "P", "S"):
            words = (
                f"`{name}` has a meaning of its own in this question: write a, y or z"
            )
            self.refuse(words, body, Ambiguous)
        if kind(body) == "name" and name not in self.names.symbols:
            behind = indices_behind(self.source, end(body)) or "[k]"
            self.refuse(what_to_write_for(name, self.names, behind), body)
        return self.array(body)

    def index_of(self, node):
        """A letter that counts, or a whole number."""
        if kind(node) == "place":
            self.place(node)
        word = plain(node)
        if kind(node) == "entry" and plain(node.children[0]) == "y":
            word = "y"  # f_{y_i}, the logit of the class of example i
        if word == "y" and "c" in self.names.indices:
            self.note("the class y is c here")
            return self.names.indices["c"]
        if word in self.blocks:  # k below Σ_{k ∈ P}
            return self.blocks[word]
        if word in self.names.indices:
            return self.names.indices[word]
        if letter := self.own_letter(word):
            return letter
        if word == "0":
            self.refuse("classes and examples count from 1", node)
        if re.fullmatch(r"\d{1,9}", word):
            if self.is_numpy:
                words = (
                    "entries count from 1 here, and from 0 in NumPy: write the letter "
                    "of the entry"
                )
                self.refuse(words, node, Ambiguous)
            return Rational(word)
        words = "an index is a letter that counts, such as i, j, k or s, or a number"
        return self.refuse(f"`{self.text(node)}`: {words}", node)

    def own_letter(self, word):
        """Our letter for one that the line has below two letters or more: o_b, z_b."""
        own = re.findall(rf"_(?:[a-z]|\{{[a-z, ]*)?{word}(?![A-Za-z{{])", self.line)
        is_asked = self.is_asked and not self.slots  # a question says each letter once
        few = len(own) < (1 if is_asked else 2)
        if len(word) != 1 or not "a" < word < "z" or few or word in "en":
            return None
        sizes = (x for x in (*self.slots, *self.names.indices.values()))
        free = [x for x in sizes if x.size == self.names.indices["i"].size]
        free = [x for x in free if str(x) not in self.words]
        below = "".join(re.findall(r"_\{?([a-z, ]+)", self.line))
        free.sort(key=lambda x: str(x) in below)  # one that the line has comes last
        ours = self.own_letters.setdefault(word, *free[:1])
        if ours is None:
            return None
        self.words.add(str(ours) if ours not in self.slots else word)
        self.note(f"your {word} is {ours} here")
        self.blocks[word] = ours
        return ours

    def indices(self, node):
        """The letters of a subscript: i, ij, {ij}, {i, j}."""
        if kind(node) == "group":
            return [x for part in items(node) for x in self.indices(part)]
        if kind(node) == "sub":
            return self.indices(node.children[1])
        if kind(node) in ("beside", "items"):
            return [x for part in node.children for x in self.indices(part)]
        return [self.index_of(node)]

    def entry(self, body, sub):
        inside = sub.children[1]
        while kind(inside) == "group" and len(items(inside)) == 1:
            (inside,) = items(inside)
        if kind(inside) == "relation":  # 1_{i=j}, δ_{i=j}
            return self.as_array(self.value(inside), inside)
        if plain(body) == "e" and "e" not in self.names.symbols:
            return self.unit_vector(self.indices(sub), body)
        return self.at(body, self.indices(sub))

    def unit_vector(self, letters, body):
        """e_c, which is 1 at the class c and else 0."""
        if len(letters) != 1 or size_of(letters[0]) is None:
            self.refuse("`e` with an index is the unit vector of a class: e_c", body)
        self.note(f"e_{letters[0]} is the unit vector, 1 at {letters[0]}")
        size = size_of(letters[0])
        return self.rules.vector(size, lambda i: [KroneckerDelta(i, letters[0])])

    def at(self, body, letters):
        """The entry of an array at these letters."""
        if kind(body) == "entry":  # a_i_j
            inner, sub = body.children
            return self.at(inner, [*self.indices(sub), *letters])
        if kind(body) == "index":  # a[i][j]
            inner, _, inside, _ = body.children
            first = [self.index_of(part) for part in inside.children]
            return self.at(inner, [*first, *letters])
        if kind(body) == "power":  # a^2_i, W^T_{ij}
            base, _, exponent = body.children
            if self.is_transposition(exponent) or self.example_above(exponent):
                return self.entry_at(self.array(body), letters, body)
            return self.power_of(self.at(base, letters), exponent)
        sizes = [getattr(x, "size", None) for x in letters]
        if plain(body) == "d" and len(sizes) == 2 and sizes[0] == sizes[1] is not None:
            self.note("d with two letters is δ")
            return number(KroneckerDelta(*letters))
        ours = self.aliases.get(plain(body), plain(body))
        if ours in ("A", "Y", "Z") and len(letters) == 1 and not self.has_examples():
            self.note(ReadAs(plain(body), ours.lower()))  # P_i of one example
            array = self.whole(ours.lower())
        else:
            array = self.block_of(body, letters) or self.subscripted(body)
        name = self.aliases.get(plain(body), plain(body))
        batch = self.names.entries.get(name.upper())
        sizes = list(map(size_of, getattr(batch, "indices", ())))
        is_batch = len(sizes) == 2 and bool(letters) and plain(body) != name.upper()
        two = [*map(size_of, letters)] if len(letters) == 2 else None
        if len(array.sizes) == 1 and two in (sizes, sizes[::-1]):
            self.note(f"{self.text(body)}_js read as {name.upper()}")
            array = self.whole(name.upper())
        elif is_batch and self.slots and self.has_examples() and len(letters) == 1:
            if letters[0].is_Integer:
                words = f"is `{plain(body)}{letters[0]}` layer {letters[0]}, or a"
                line = f"class? for the last layer, write {name.upper()}"
                self.refuse(f"{words} {line}", body)
            if size_of(letters[0]) == sizes[1]:
                array, letters = self.column(body, letters[0]), []
        return self.entry_at(array, letters, body) if letters else array

    def block_of(self, body, letters):
        """The part of an array that the letters of a block count, z_k for k ∈ P."""
        for letter in letters:
            name = plain(body) + getattr(letter, "block", "")
            if name != plain(body) and name in self.names.arrays:
                return self.whole(name)
        return None

    def entry_at(self, array, letters, body):
        if len(array.sizes) != len(letters):
            if not array.shape:
                is_below = self.source[: start(body)].rstrip().endswith(("d", "∂"))
                line = [self.replaced((body, body, "z"))] if is_below else []
                words = f"`{self.text(body)}` has no index"
                self.refuse(words, body, suggestions=line)
            several = (
                "1 index" if len(array.sizes) == 1 else f"{len(array.sizes)} indices"
            )
            words = f"`{self.text(body)}` has shape {self.written(array)}, so {several}"
            if array.sizes == (None, None):
                letter = {"delta": "δ"}.get(plain(body), self.text(body))
                words = f"{letter} needs two indices, as in {letter}_ij"
            self.refuse(words, body, ShapeError)
        counted = list(map(size_of, letters))
        examples = (
            self.names.indices.get("s", s).size if "s" in self.names.indices else None
        )
        if counted == [examples, array.sizes[0]] and array.sizes[1:] == (examples,):
            self.note(f"{self.text(body)} has the example first")
            letters = letters[::-1]
        for letter, size in zip(letters, array.sizes, strict=True):
            own = size_of(letter)
            is_told = kind(body) != "name" or (
                letter in self.slots and self.aliases.get("x") == "x"
            )
            if is_told and isinstance(size, Size) and own not in (None, size):
                words = f"{letter} counts to {own}, and here {size} are counted"
                self.refuse(words, body, ShapeError)
        return number(*array.at(*letters))

    def index(self, body, _, inside, __):
        """a[i], b[:, None], X.shape[1]; and a bracket that is a factor: 2[a - y]."""
        parts = inside.children
        if not parts:
            raise Unreadable("an index is expected between [ and ]")
        words = [plain(part) for part in parts]
        if kind(body) == "attribute" and body.children[1] == "shape":
            return self.size_at(self.array(body.children[0]), parts, 0)
        is_eye = kind(body) == "call" and body.children[0] == "eye"
        if is_eye and len(parts) == 1 and self.loss == "L":  # np.eye(n)[y]
            return self.call_one_hot(parts)
        if any(kind(x) == "colon" for x in parts) or {"None", "newaxis"} & {*words}:
            return self.sliced(self.array(body), parts)
        is_relation = any(kind(part) == "relation" for part in parts)
        counts = all(word in self.names.indices or word.isdigit() for word in words)
        if is_relation or (kind(body) in _NO_ARRAYS and not counts):
            if len(parts) != 1:
                raise Unreadable("only an array has an index, as in a[i]")
            return self.product_of([("", body), ("", parts[0])])
        return self.at(body, [self.index_of(part) for part in parts])

    def sliced(self, array, parts):
        """b[:, None]: a colon keeps an axis, None makes one of one entry."""
        kept, shape, plan = list(array.shape), [], []
        for part in parts:
            is_new = plain(part) in ("None", "newaxis")
            if not is_new and not kept:
                raise ShapeError(f"too many indices for shape {self.written(array)}")
            if is_new or kind(part) == "colon":
                shape.append(1 if is_new else kept.pop(0))
                plan.append("new" if is_new else "kept")
            else:
                kept.pop(0)
                plan.append(self.index_of(part))
        plan += ["kept"] * len(kept)

        def factors(*at):
            rest, indices = list(at), []
            for step in plan:
                index = step if step not in ("new", "kept") else rest.pop(0)
                indices += [index] if step != "new" else []
            return array.factors(*indices)

        return Array((*shape, *kept), factors)

    # The example above an array: a^{(i)} is column i of A

    @property
    def open_slots(self):
        """The letters that are asked about and that no column has fixed."""
        return tuple(x for x in self.slots if x not in self.columns)

    def has_examples(self):
        """Whether the question is about a batch, or there is no question."""
        examples = self.names.indices.get("s", s).size
        is_batch = examples in [letter.size for letter in self.slots]
        return is_batch or self.loss == "J" or not self.slots

    def examples_in(self, row):
        """Our letter of examples for each letter that stands above in parentheses."""
        usual, found = self.names.indices.get("s", s), {}
        ours = dict.fromkeys((usual, *usual.size.indices))
        ours = [x for x in ours if str(x) not in self.words]
        for at, letter in enumerate(row[:-1]):
            before = "".join(row[max(0, at - 3) : at])
            is_above = before.endswith(("^(", "^{(")) and row[at + 1] == ")"
            own = self.names.indices.get(letter) if is_above else None
            if own is None or own.size == usual.size:
                continue
            if self.has_examples() and letter not in found:
                if not ours:
                    words = f"too many examples: write {usual} for {letter}"
                    raise Unreadable(words, self.source, letter.start_pos)
                found[str(letter)] = ours.pop(0)
                self.note(f"your {letter} counts examples, {found[letter]} here")
        return found

    def example_above(self, exponent):
        """The node of i and whether a T follows, in (i) and {(i)T}; else None."""
        parts = [exponent]
        if (
            kind(exponent) == "group"
            and exponent.children[0] == "{"
            and len(items(exponent)) == 1
        ):
            (inside,) = items(exponent)
            parts = inside.children if kind(inside) == "beside" else [inside]
        if len(parts) == 1 and kind(parts[0]) == "power":  # x^{(i)^T}
            parts = parts[0].children[::2]
        example, *behind = parts
        is_letter = kind(example) == "group" and plain(example) in self.names.indices
        if not is_letter or example.children[0] != "(" or len(behind) > 1:
            return None
        if behind and not self.is_transposition(behind[0]):
            return None
        return example, bool(behind)

    def of_example(self, body, example, is_transposed):
        """The column of a batch; where the question has one example, the vector."""
        if kind(body) == "entry":  # a_k^{(i)}
            inner, sub = body.children
            column = self.of_example(inner, example, is_transposed)
            return self.entry_at(column, self.indices(sub), body)
        column = self.column(body, self.index_of(example))
        return self.rules.transposed(column) if is_transposed else column

    def column(self, body, letter):
        """Column s of the batch of a name: a, of A."""
        if not self.has_examples():
            array = self.array(body)
            if not array.shape and plain(body) != "L":
                self.refuse(f"`{self.text(body)}` has no example {letter}", body)
            if self.example not in (None, letter):
                words = f"the question is about one example, and not {letter} beside"
                self.refuse(f"{words} {self.example}", body)
            self.example = letter
            self.note(f"example {letter} is the one that is asked about")
            return array
        name = plain(body)
        for batch in (name.upper(), self.aliases.get(name, "").upper()):
            indices = getattr(self.names.entries.get(batch), "indices", ())
            if indices and size_of(indices[-1]) == letter.size:
                self.columns.add(letter)
                if name != batch:
                    self.note(ReadAs(name, batch))
                return self.column_of(self.whole(batch), letter)
        return self.refuse(f"`{self.text(body)}` has no example {letter}", body)

    def column_of(self, array, letter):
        if len(array.sizes) == 1:
            return number(*array.at(letter))
        return self.rules.vector(array.shape[0], lambda i: array.factors(i, letter))
