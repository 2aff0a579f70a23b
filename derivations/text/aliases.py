"""What others call our letters: by lecture, by library, by habit.

An alias holds where its letter has no meaning of its own in the question.
"""

import re
from collections.abc import Iterable, Mapping

from lark import Token, Tree

from derivations.formulas.indices import Index, size_of
from derivations.text.notation.parsing import items, kind, plain
from derivations.text.vocabulary import Names

OUTPUT = {  # of the softmax, which is a here
    "p": "cs231n, and most papers",
    "yhat": "Goodfellow; d2l",
    "y_hat": "d2l, in code",
    "phat": "papers on calibration",
    "s": "Mehta; many forum answers",
    "S": "Bendersky",
    "σ": "Bishop's y, Wikipedia's σ",
    "softmax": "a program",
    "q": "papers on distillation",
    "π": "papers on policies",
    "o": "Neural Networks and Deep Learning, in forums",
    "y_pred": "Keras",
    "probs": "cs231n, in code",
    **dict.fromkeys(("pred", "preds", "predictions", "output", "outputs"), "programs"),
    **dict.fromkeys(("prob", "softmax_out", "softmax_output"), "programs"),
}
LABEL = {
    "t": "Bishop; nerva",
    "y_true": "Keras",
    "target": "PyTorch",
    "targets": "PyTorch",
    "labels": "TensorFlow",
    **dict.fromkeys(("label", "actual", "onehot", "one_hot", "y_onehot"), "programs"),
    **dict.fromkeys(("y_one_hot", "truth", "ground_truth"), "programs"),
}
LOGIT = {
    "x": "PyTorch",
    "o": "d2l: o where the output is ŷ or p",
    "θ": "papers",
    "theta": "papers",
    "f": "cs231n",
    "logits": "TensorFlow",
    "scores": "cs231n, in code",
    **dict.fromkeys(("logit", "score"), "programs"),
    **dict.fromkeys(("u", "η", "eta"), "papers"),
}
BATCH = {"A_prev": "X", "A0": "X", "P": "A", "Yhat": "A", "Y_hat": "A", "O": "A"}
LOSS = {
    **dict.fromkeys(("E", "loss", "Loss", "CE", "NLL", "BCE", "ell"), "L"),
    "cost": "J",
}
SIZE = {
    **{"K": "n", "N": "m", "num_classes": "n", "n_classes": "n"},
    **dict.fromkeys(("batch_size", "n_samples", "num_examples", "batch"), "m"),
}

SHOWN = {"yhat": "ŷ", "phat": "p̂", "Yhat": "Ŷ"}
_OUTPUTS_NAMED = re.compile(
    r"(?<![A-Za-z\\])[psq](?![A-Za-z])|[ŷσ]|\\(?:hat|sigma)|y_hat|softmax|probs"
)
"""Where one of these is the output, o is a logit."""


_S_IS_AN_ARRAY = re.compile(
    r"S\s*(?:_|\[|\([a-z]\)|\^\{?\s*(?:T|\\top|⊤)|ᵀ|[ᵢⱼₖ]|\.T)|diag\W{1,3}S\W"
)
"""Where S is the output; the normaliser is a number, and has no index."""


def aliases(names: Names, used: Iterable[str], source: str) -> dict[str, str]:
    """What each alias is called here, of those that mean nothing else in a question.

    >>> from derivations.text.vocabulary import SERIES
    >>> known = aliases(SERIES, {"L", "z", "j"}, "p_j - t_j")
    >>> known["p"], known["t"], "y" in known
    ('a', 'y', False)
    """
    used = set(used)
    found = {name: "a" for name in OUTPUT} | {name: "y" for name in LABEL}
    found |= {name: "z" for name in LOGIT}
    if used & {"J", "s"}:  # a word of a program has no capital that tells a batch
        words = {x for x in found if len(x) > 3} - {*SHOWN}
        found |= {x: found[x].upper() for x in words}
    found |= BATCH | LOSS | SIZE
    if not _OUTPUTS_NAMED.search(source):
        found["o"] = "a"
    return {
        name: ours
        for name, ours in found.items()
        if (ours in names.arrays or ours in names.symbols)
        and _is_free(name, names, used)
        and (name != "S" or _S_IS_AN_ARRAY.search(source))
    }


def _is_free(name, names, used):
    """Whether a name has no meaning of its own, or one that no index can take."""
    symbol = names.symbols.get(name)
    if name in used or name in names.arrays:
        return False
    return symbol is None or isinstance(symbol, Index) or name == "S"


def letters_by_place(
    tree: Tree, names: Names, known: Mapping[str, str], slots: tuple
) -> dict[str, Index]:
    """Our letters for those that count something else here: dW_ij = (…) X_js.

    In W_ij and X_js the letter j counts inputs, so it is q.  A letter is told by its
    places where it stands on the left or below a sum; else by what is asked.

    >>> from derivations.letters import j, q
    >>> from derivations.text.notation.parsing import tree_of
    >>> from derivations.text.notation.words import tokens
    >>> from derivations.text.vocabulary import SERIES
    >>> line = "dW_ij = sum_s (A_is - Y_is) X_js"
    >>> letters_by_place(tree_of(tokens(line, SERIES, {}), line), SERIES, {}, (j, q))
    {'j': q}
    """
    sizes, bound = {}, set()
    examples = _examples(tree, names, known)
    for letter, size in _placed(tree, names, known, examples):
        sizes.setdefault(letter, set()).add(size)
    for limits in tree.find_data("limits"):
        bound |= set(_words(limits.children[0].children[1]))
    first, *more = (x for x in tree.children if isinstance(x, Tree))
    left = {x for x, _ in _placed(first, names, known, examples)} if more else set()
    one = {x: size for x, (size, *more) in sizes.items() if not more}
    other = {x for x, size in one.items() if names.indices[x].size != size}
    free = {x: size for x, size in one.items() if x not in bound | left}
    taken, found = {*sizes} - other, {}
    for letter in sorted(other & (bound | left)):
        ours = [x for x in (*slots, *one[letter].indices) if x.size == one[letter]]
        ours = [x for x in ours if str(x) not in taken]
        if ours:
            found[letter] = ours[0]
            taken.add(str(ours[0]))
    if not left and other & {*free}:
        for slot in slots:
            counted = [x for x, size in free.items() if size == slot.size]
            if len(counted) == 1 and [x.size for x in slots].count(slot.size) == 1:
                found[counted[0]] = slot
    return found


def _examples(tree, names, known):
    """The letters below a sum with m above it, or with another name of m."""
    found = set()
    for limits in tree.find_data("limits"):
        word = plain(limits.children[2]) if len(limits.children) > 1 else ""
        if "m" in (word, known.get(word)):
            found |= {
                x for x in _words(limits.children[0].children[1]) if x in names.indices
            }
    return found


def _placed(node, names, known, examples):
    """Each index of the entries in a tree, and what is counted at its place."""
    columns = [x.children[0] for x in node.find_data("power") if _is_column(x)]
    for entry in node.find_data("entry"):
        body, sub = entry.children
        name = known.get(plain(body), plain(body))
        letters = _words(sub.children[1])
        if not all(x in names.indices for x in letters):
            continue
        arrays = [name, name.upper()]
        if any(entry is x for x in columns):  # x_l^{(i)} is of X
            arrays, letters = [plain(body).upper()], [*letters, "s"]
        entries = [names.entries[x] for x in arrays if x in names.entries]
        fits = (x.indices for x in entries if len(x.indices) == len(letters))
        places = list(map(size_of, next(fits, ())))
        if letters[:1] and letters[0] in examples and name.lower() in ("a", "y", "z"):
            places.reverse()  # y_ic: the example stands first
        yield from zip(letters, places, strict=False)


def _is_column(power):
    """Whether a power is an example above an entry: a_k^{(i)}."""
    above = power.children[2]
    while kind(above) == "group" and above.children[0] == "{":
        above = items(above)[0] if items(above) else None
    is_group = kind(above) == "group" and above.children[0] == "("
    return is_group and plain(above).isalpha()


def _words(node):
    """The names and numbers in a subscript, in their order."""
    whole = [node] if isinstance(node, Token) else node.scan_values(lambda _: True)
    return [str(x) for x in whole if x.type in ("NAME", "NUMBER")]
