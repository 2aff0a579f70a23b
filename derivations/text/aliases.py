"""What others call our letters: by lecture, by library, by habit.

An alias holds where its letter has no meaning of its own in the question.
"""

import re
from collections.abc import Iterable

from derivations.formulas.indices import Index
from derivations.text.unreadable import Ambiguous
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
    "o": "Neural Networks and Deep Learning, in forums",
    "y_pred": "Keras",
    "probs": "cs231n, in code",
    "softmax_out": "a program",
    "softmax_output": "a program",
}
LABEL = {
    "t": "Bishop; nerva",
    "y_true": "Keras",
    "target": "PyTorch",
    "targets": "PyTorch",
    "labels": "TensorFlow",
}
LOGIT = {
    "x": "PyTorch",
    "o": "d2l: o where the output is ŷ or p",
    "θ": "papers",
    "theta": "papers",
    "f": "cs231n",
    "logits": "TensorFlow",
    "scores": "cs231n, in code",
}
BATCH = {"A_prev": "X", "A0": "X", "P": "A", "Yhat": "A", "Y_hat": "A", "O": "A"}
LOSS = {"E": "L", "loss": "L", "CE": "L", "ell": "L", "cost": "J"}
SIZE = {"K": "n", "N": "m"}

SHOWN = {"yhat": "ŷ", "phat": "p̂", "Yhat": "Ŷ"}
_OUTPUTS_NAMED = re.compile(
    r"(?<![A-Za-z\\])[psq](?![A-Za-z])|[ŷσ]|\\(?:hat|sigma)|y_hat|softmax|probs"
)
"""Where one of these is the output, o is a logit."""


_S_IS_AN_ARRAY = re.compile(
    r"S\s*(?:_|\[|\([a-z]\)|\^\{?\s*(?:T|\\top|⊤)|ᵀ|[ᵢⱼₖ]|\.T)|diag\W{1,3}S\W"
)
"""Where S is the output; the normaliser is a number, and has no index."""


_T_AND_Y = [
    re.compile(rf"(?<![A-Za-z\\^]){letter}(?=\s*(?:[_\[ᵢⱼₖ]|$|[-+−)}}]))")
    for letter in "ty"
]


def refuse_two_labels(source: str, known: dict) -> None:
    """Refuse a text with t and y: there y is the output, and here it is the label.

    >>> refuse_two_labels("y_j - t_j", {"t": "y"})
    Traceback (most recent call last):
    derivations.text.unreadable.Ambiguous: `t` and `y` stand here: is y the output?
    y_j - t_j
    ^
    perhaps: a_j - t_j
    """
    labels, outputs = _T_AND_Y
    first = outputs.search(source)
    if known.get("t") == "y" and first and labels.search(source):
        words = "`t` and `y` stand here: is y the output?"
        raise Ambiguous(words, source, first.start(), [outputs.sub("a", source)])


def aliases(names: Names, used: Iterable[str], source: str) -> dict[str, str]:
    """What each alias is called here, of those that mean nothing else in a question.

    >>> from derivations.text.vocabulary import SERIES
    >>> known = aliases(SERIES, {"L", "z", "j"}, "p_j - t_j")
    >>> known["p"], known["t"], "y" in known
    ('a', 'y', False)
    """
    used = set(used)
    meanings = {name: "a" for name in OUTPUT} | {name: "y" for name in LABEL}
    meanings |= {name: "z" for name in LOGIT} | BATCH | LOSS | SIZE
    if not _OUTPUTS_NAMED.search(source):
        meanings["o"] = "a"
    return {
        name: ours
        for name, ours in meanings.items()
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
