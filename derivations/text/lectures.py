"""Letters of another lecture, recognised by how a whole line uses them.

In Bishop's book y is the output, a the logit and t the label: dE/da_j = y_j − t_j.  Our
letters mean something else, so the line has to show it: y stands beside t, or has a
derivative; a stands below ∂, or in an exponent.  If a line can be read in two ways, the
reader is asked.
"""

from collections.abc import Iterator, Mapping

from lark import Token, Tree
from sympy import Derivative, Expr, Indexed, Symbol

from derivations.formulas.indices import Index
from derivations.text.notation.parsing import end, kind, plain, sides_of, summed_rows
from derivations.text.unreadable import Ambiguous, InOurLetters
from derivations.text.vocabulary import Names

_OF_LOGITS = {"exp", "softmax", "logsumexp", "sigmoid", "σ"}
_FUNCTIONS = dict.fromkeys(_OF_LOGITS, "exp") | dict.fromkeys(("log", "ln"), "log")
_ONE = ("name", "entry", "index", "power")
"""The kinds of nodes that are one letter, with or without an index."""
_OUTPUT, _LABEL, _LOGIT = "ayz"


def renamed(row: list[Token], called: Mapping[str, str]) -> list[Token]:
    """A row with our letters for those of another lecture."""
    return [x.update(value=called.get(x, x)) if x.type == "NAME" else x for x in row]


def without_arguments(row: list[Token], aliases: Mapping[str, str]) -> list[Token]:
    """Remove the arguments of an output or a loss from a row: S_i(z), L(a, y).

    >>> from derivations.text.notation.tokens.words import tokens
    >>> from derivations.text.vocabulary import SERIES
    >>> known = {"S": "a"}
    >>> row = without_arguments(tokens("S_i(z) - S_j(z)", SERIES, known), known)
    >>> " ".join(row)
    'S _ i - S _ j'
    """
    kept, at = [], 0
    while at < len(row):
        ours = _head(kept, aliases)
        length = _arguments(row, at, ours, aliases)
        if ours == "l" and length:
            kept[-1] = kept[-1].update(value="L")
        if not length:
            kept.append(row[at])
        at += length or 1
    return kept


def _head(kept, aliases):
    """What the name is called here that ends a row, or has its index at the end."""
    depth = 0
    for back, token in enumerate(reversed(kept), 1):
        depth += (token == "}") - (token == "{")
        before = kept[-back - 1] if back < len(kept) else Token("", "")
        if depth == 0 and before.type != "SUB" and token.type != "SUB":
            is_name = token.type == "NAME" and (
                back == 1 or kept[1 - back].type == "SUB"
            )
            return aliases.get(token, str(token)) if is_name else ""
    return ""


def _arguments(row, at, ours, aliases):
    """How many tokens from here are what an output or a loss is a function of."""
    if ours not in ("a", "L", "J", "l") or row[at] != "(":
        return 0
    end = next((x for x in range(at, len(row)) if row[x] == ")"), at)
    inside = row[at + 1 : end]
    names = [aliases.get(x, str(x)) for x in inside if x.type == "NAME"]
    is_list = all(x.type in ("NAME", "_COMMA", "OPEN", "CLOSE") for x in inside)
    commas = sum(x.type == "_COMMA" for x in inside)
    if not is_list or len(names) != commas + 1:
        return 0
    if ours == "a":
        return end - at + 1 if names == ["z"] else 0
    known = all(x in (*"ayzAYZWbXw", "yhat") for x in names)
    return end - at + 1 if known and (ours != "l" or commas) else 0


def in_our_letters(
    tree: Tree,
    names: Names,
    aliases: Mapping[str, str],
    question: Expr | None,
    source: str,
) -> dict[str, str]:
    """What the letters of a line are called here, where it uses them otherwise.

    Raises Ambiguous where two letters of a line would be one here.

    >>> from derivations.letters import L, j, z
    >>> from derivations.text.notation.parsing import tree_of
    >>> from derivations.text.notation.tokens.words import tokens
    >>> from derivations.text.vocabulary import SERIES
    >>> line, known = "dE/da_j = y_j - t_j", {"t": "y", "E": "L"}
    >>> tree = tree_of(tokens(line, SERIES, known), line)
    >>> in_our_letters(tree, SERIES, known, Derivative(L, z[j]), line)
    {'y': 'a', 'a': 'z'}
    """
    line = _Line(tree, aliases, question, source)
    if not {"a", "y", "z"} <= {*names.arrays}:
        return {}
    line.find_question(tree, question, names)
    line.find_normaliser(question)
    line.find_logits()
    line.find_outputs()
    line.refuse_lone_o(question)
    line.refuse_two_of_one()
    line.refuse_label(tree)
    indices = {str(x) for x in question.atoms(Index)} if question is not None else ()
    is_mean = "J" in {str(x) for x in getattr(question, "free_symbols", ())}
    is_of_n = "n" in line.uses and "m" not in map(line.ours, line.uses) and is_mean
    if is_of_n and summed_rows(tree, names, aliases, indices):
        line.called["n"] = "m"
    return line.called


class _Line:
    """The letters of a line, each with its uses: exp, log, above or below ∂, plain."""

    def __init__(self, tree, aliases, question, source):
        self.aliases, self.source, self.called = aliases, source, {}
        self.uses, self.places, sides = {}, {}, sides_of(tree)
        for token, use in _uses(tree):
            is_left = len(sides) > 1 and token.start_pos < end(sides[0])
            if use == "alone" and not is_left and token in ("a", "z"):
                continue  # da on the right is a gradient; da = y − t says by what
            told = "below" if use == "alone" else use
            self.uses.setdefault(str(token), set()).add(told)
            self.places.setdefault(str(token), []).append(token)
        self.left = _name(sides[0]) if len(sides) > 1 else ""
        by = {_base(x) for x in getattr(question, "variables", ())}
        self.by_output, self.by_logit = bool(by & {"a", "A"}), "z" in by
        is_of_inputs = bool(by & {"W", "X", "b"}) and _is_of_inputs(question)
        self.by_inputs = is_of_inputs and not {"W1", "b1", "Z1"} & {*self.uses}
        self.no_label = question is not None and "y" not in by
        self.of_outputs = _base(getattr(question, "expr", question)) == "a"
        self.is_second = len(getattr(question, "variables", ())) == 2
        self.of_outputs |= aliases.get("a") == "sigmoid"

    def ours(self, name):
        """What a letter of the line is called here: a, y, z or another one."""
        return self.called.get(name) or self.aliases.get(name, name)

    def all_called(self, ours):
        return [x for x in self.uses if self.ours(x) == ours and x != "softmax"]

    def find_question(self, tree, question, names):
        """Letters of the left side that mean nothing here, as those of the question."""
        sides = sides_of(tree)
        slope = _slope(sides[0]) if len(sides) > 1 else ()
        if question is None and "C" in (self.left, *slope[:1]):
            self.called["C"] = "L"
        if not slope or not isinstance(question, Derivative):
            return
        pairs = zip(slope, (question.expr, question.variables[0]), strict=True)
        for name, meant in pairs:
            ours = _base(meant)
            is_free = name not in (*names.arrays, *self.aliases) or name == "v"
            is_loss = ours == "L" and name in ("J", "C") and isinstance(meant, Symbol)
            is_other = ours not in self.uses and not self.all_called(ours)
            if (is_free or is_loss) and ours in ("a", "z", "L") and is_other:
                self.called[name] = ours

    def find_normaliser(self, question):
        """Z beside exponentials is the normaliser, where no batch is asked about."""
        parts = question.atoms(Indexed, Symbol) if question is not None else ()
        is_batch = not {"A", "J", "W", "X", "Y"}.isdisjoint(self.uses) or any(
            str(x) == "J" or len(getattr(x, "indices", "s")) > 1 for x in parts
        )
        told = self.uses.get("Z", {"other"})
        has_exponential = any("exp" in uses for uses in self.uses.values())
        is_of_one = bool(parts) or "z" in self.uses
        if (
            is_of_one
            and not is_batch
            and (has_exponential or told == {"log"})
            and told <= {"plain", "log"}
        ):
            self.called["Z"] = "S"

    def refuse_label(self, tree):
        """Refuse p beside softmax(z) without a label, and y where only outputs are."""
        calls = [str(x.children[0]) for x in tree.find_data("call")]
        has_output = {"softmax", "log_softmax", "σ", "sigmoid"} & {*calls}
        others = [x for x in self.all_called(_OUTPUT) if x not in ("a", *calls)]
        if (
            has_output
            and others
            and not self.of_outputs
            and not self.all_called(_LABEL)
        ):
            words = f"`{others[0]}` stands beside the softmax: is it the label?"
            self.refuse(words, others[0], [{others[0]: _LABEL}, {others[0]: _OUTPUT}])
        is_alone = "y" in self.uses and not self.all_called(_OUTPUT) and not has_output
        is_asked = self.of_outputs or self.is_second
        if is_asked and is_alone and "y" not in self.called:
            self.refuse("`y` is the label here: is it the output?", "y", [{"y": "a"}])

    def refuse_lone_o(self, question):
        """Ask about dL/do alone: o is an output for some, and a logit for others."""
        is_alone = self.uses.get("o") == {"below"} and self.all_called("a") == ["o"]
        if question is None and is_alone:
            self.refuse("is `o` a logit or an output?", "o", [{"o": x} for x in "za"])

    def find_logits(self):
        """Letters of outputs that stand in exponents, as logits do."""
        for name, uses in self.uses.items():
            is_alias = self.aliases.get(name) == _OUTPUT
            is_logit = is_alias and "exp" in uses and not uses & {"log", "above"}
            if is_logit and not self.all_called(_LOGIT):
                self.called[name] = _LOGIT
        outputs = [x for x in self.all_called(_OUTPUT) if x != "a"]
        below = [x for x in outputs if "below" in self.uses[x]]
        if self.by_logit and len(outputs) > len(below) == 1:
            self.called[below[0]] = _LOGIT

    def find_outputs(self):
        """y beside t, or with a derivative, is the output; then a is the logit."""
        uses = self.uses.get("y", set())
        is_told = any(x != "y" for x in self.all_called(_LABEL)) or "above" in uses
        is_told |= self.left == "y" and self.of_outputs and "exp" not in uses
        if uses and (is_told or (self.no_label and "below" in uses)):
            self.called["y"] = _OUTPUT
        self.find_logits_called_a()

    def find_logits_called_a(self):
        """a in an exponent or below ∂ is the logit, if another letter is the output."""
        uses = self.uses.get("a", set())
        if "A1" in self.uses and self.by_inputs and "X" not in self.uses:
            self.called["A1"] = "X"
        foreign = [x for x in self.all_called(_OUTPUT) if x != "a"]
        is_logit = "exp" in uses and not uses & {"log", "above"}
        is_logit |= {"below"} <= uses <= {"exp", "below"}
        is_told = bool(foreign) or uses >= {"exp", "below"}
        is_told |= self.aliases.get("a") == "sigmoid"
        if is_logit and is_told and not self.by_output:
            self.called["a"] = _LOGIT
        for name in "ay":
            own = self.uses.get(name, set())
            asked = self.of_outputs and not foreign and not self.all_called(_LOGIT)
            if asked and own == {"exp"} and name not in self.called:
                words = f"`{name}` stands in an exponent: is it the logit?"
                self.refuse(words, name, [{name: _LOGIT}])

    def refuse_two_of_one(self):
        """Refuse a line with two letters that would be one here, such as p and q."""
        free = _LOGIT if self.all_called(_LABEL) else _LABEL
        for ours, other in ((_OUTPUT, free), (_LABEL, _OUTPUT), (_LOGIT, _LABEL)):
            both = self.all_called(ours)
            if len(both) < 2 or (self.by_output and ours == _OUTPUT and "a" in both):
                continue
            first, second = both[:2]
            words = f"`{first}` and `{second}` would both be {ours} here: which is it?"
            choices = [{first: ours, second: other}, {first: other, second: ours}]
            if "above" in self.uses[first] and self.uses[second] == {"below"}:
                choices = [{first: _OUTPUT, second: _LOGIT}]
            if ours in both and other == _LOGIT:  # p beside a and y
                choices.insert(0, {first: ours, second: ours})
            self.refuse(words, second, choices)

    def refuse(self, words, name, choices):
        """Ask, with the line in our letters for each choice."""
        called = {x: self.ours(x) for x in self.uses if self.ours(x) in ("a", "y", "z")}
        lines = [InOurLetters(self.written(called | x), called | x, x) for x in choices]
        raise Ambiguous(words, self.source, self.places[name][0].start_pos, lines)

    def written(self, called):
        """The line with other letters."""
        changes = [(x, called[name]) for name in called for x in self.places[name]]
        line = self.source
        for token, ours in sorted(changes, key=lambda x: -x[0].start_pos):
            line = line[: token.start_pos] + ours + line[token.end_pos :]
        return line


def _is_of_inputs(question):
    """Whether a layer is asked about whose inputs are X, and no hidden units."""
    atoms = question.atoms(Index) if question is not None else ()
    return "h" not in {str(x.size) for x in atoms}


def _slope(node):
    """The names above and below, of a left side dL/dz_j; none for another one."""
    if kind(node) not in ("ratio", "fraction"):
        return ()
    parts = [x for x in node.children if isinstance(x, Tree)]
    uses = [(str(x), "below" if y == "alone" else y) for x, y in _uses(node)]
    names = [[x for x, use in uses if use == wanted] for wanted in ("above", "below")]
    is_slope = all(map(_has_differential, parts))
    return [x[0] for x in names] if is_slope and list(map(len, names)) == [1, 1] else ()


def _name(node):
    """The name that a side is, or is an entry of."""
    return plain(node.children[0] if kind(node) in ("entry", "index") else node)


def _base(expr):
    return str(getattr(expr, "base", expr)) if isinstance(expr, Expr) else ""


def _uses(node: Tree | Token, use: str = "plain") -> Iterator[tuple[Token, str]]:
    """The letters of a tree, and how each is used; no index, and no limit of a sum."""
    if isinstance(node, Token):
        if node.type == "NAME":
            yield node, use
    else:
        for part, inside in _parts(node, use):
            yield from _uses(part, inside)


def _parts(node, use):
    """The parts of a node in which letters stand, each with the use made of them."""
    first, *others = node.children or [None]
    if node.data in ("sub", "limits"):
        return []
    if node.data == "index" and kind(first) in ("name", "index"):
        return [(first, use)]
    if node.data in ("call", "apply"):
        return [(part, _FUNCTIONS.get(first, use)) for part in others]
    if node.data == "method":
        return [(first, _FUNCTIONS.get(others[0], use))]
    if node.data == "power" and plain(first) == "e":
        return [(others[-1], "exp")]
    return _parts_of_derivative(node, use)


def _parts_of_derivative(node, use):
    parts = [x for x in node.children if isinstance(x, Tree)]
    if node.data in ("ratio", "fraction"):
        pairs = zip(parts, ("above", "below"), strict=True)
        return [(x, side if _has_differential(x) else use) for x, side in pairs]
    if node.data == "nabla":
        *below, body = parts
        above = "above" if kind(body) in _ONE else use
        return [(body, above), *((x.children[-1], "below") for x in below)]
    if node.data == "diff":
        is_one = bool(parts) and kind(parts[-1]) in _ONE
        below = use if use in ("above", "below") else "alone"
        return [(part, below if is_one else "plain") for part in parts[-1:]]
    return [(part, use) for part in node.children]


def _has_differential(node):
    return any(True for _ in node.find_data("diff"))
