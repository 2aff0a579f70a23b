"""Exercises of the notebooks, which hold their text, as parts of a page.

An exercise is a cell with the tag `exercise` that ends on `check(answer, ...)`, or on
the `check` of the reader's own loss.  Its question is computed from what the notebook's
own code assigns to the names in that call; no other line of the notebook is run.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sympy import Expr, Symbol

from book.pages.chains import display, live
from book.pages.folded_code import parsed
from derivations.registry import registry, statement
from derivations.request.context import Context
from derivations.request.exercises import letters_of_answers
from derivations.text.chains import relation
from derivations.text.printing import latex
from derivations.text.unicode import unicode
from derivations.text.vocabulary import names_of

MISSING = (
    "To have an answer judged, this page needs JavaScript and WebAssembly; or open the "
    "notebook in Jupyter."
)


@dataclass(frozen=True)
class Exercise:
    """What `check` is asked, without the answer."""

    question: Expr
    where: Iterable = ()
    using: Iterable = ()
    case: Expr | None = None

    def __post_init__(self):
        for name in ("where", "using"):
            given = getattr(self, name)
            whole = tuple(given) if isinstance(given, Iterable) else (given,)
            object.__setattr__(self, name, whole)

    def context(self):
        """The context of a request: texts, of which `book.engine.answers` reads it."""
        known = {one.value: name for name, one in registry().definitions.items()}
        where = [known.get(one) or statement(one)["text"] for one in self.where]
        asked = {"where": where, "start": unicode(self.question), "case": None}
        if self.case is not None:
            asked["case"] = relation(self.case)
        return asked | {"parameters": [[str(x), _sign(x)] for x in self._parameters()]}

    def _parameters(self):
        """Symbols that neither the series nor a definition with a name declares."""
        known = [one.value for one in registry().definitions.values()]
        named = [one for one in self.where if one in known]
        declared = names_of(*named).symbols.values()
        symbols = names_of(self.question, *self.where).symbols.values()
        return [x for x in symbols if type(x) is Symbol and x not in declared]


def _sign(symbol):
    return "positive" if symbol.is_positive else "real"


def live_exercise(key, asked):
    """The live part below the cell of an exercise; `key` is notebook/number."""
    held = Context(names_of(), asked.where, asked.case, start=asked.question)
    about = {
        "exercise": key,
        "called": f"exercise {key.rpartition('/')[2]}",
        "context": asked.context(),
        "using": [fact.name for fact in asked.using],
        "names": ", ".join(letters_of_answers(held)),
    }
    return live_question(about, asked.question)


def live_question(about, question, conditions=""):
    """A box for an answer, below the formula that it is to equal."""
    asked = f"<p>Your answer must equal</p>\n{display(latex(question))}\n{conditions}"
    part = live({"kind": "exercise"} | about, asked.rstrip(), MISSING)
    return to_answer(part)


def to_answer(part):
    """A part that is to be answered: on paper it has two lines to write on.

    >>> to_answer("<p>Why?</p>")
    '<div class="to-answer">\\n<p>Why?</p>\\n</div>'
    """
    return f'<div class="to-answer">\n{part}\n</div>'


def exercises(notebook, file):
    """The exercises of a notebook that are answered with a formula: {key: Exercise}.

    The key is the notebook's name and the number of the exercise in it.  Raises
    ValueError for a question that is made of more than formulas.
    """
    asked, statements, number = {}, [], 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = parsed("".join(cell["source"]))
        statements += [one for x in tree.body for one in _one_by_one(x)]
        if "exercise" in cell["metadata"].get("tags", ()):
            number += 1
            call = getattr(tree.body[-1], "value", None)
            if _is_check(call):
                key = f"{Path(file).stem}/{number}"
                asked[key] = _asked(call, statements, key)
    return asked


def _is_check(call):
    """Whether an expression is `check(answer, ...)` or `own_loss.check(answer)`."""
    return isinstance(call, ast.Call) and (
        ast.unparse(call.func) == "check" or getattr(call.func, "attr", "") == "check"
    )


def _asked(call, statements, key):
    """The exercise of a call of `check`, from the assignments that lead to it."""
    own_loss = getattr(call.func, "value", None)
    wanted = _names(ast.Load, own_loss or call) - {"check", "answer"}
    needed = []
    for line in reversed(statements):
        stored = _names(ast.Store, line)
        if _is_import_of_all(line):
            needed.insert(0, line)
        elif isinstance(line, ast.Assign) and wanted & stored:
            needed.insert(0, line)
            wanted = wanted - stored | _names(ast.Load, line)
    code = "\n".join(map(ast.unparse, needed))
    known = {}
    try:
        exec(compile(code, key, "exec"), known)
        known |= {"check": _without_answer, "answer": ...}
        asked = eval(ast.unparse(own_loss or call), known)
    except NameError as problem:
        words = f"exercise {key} is made of more than formulas: {problem}"
        raise ValueError(words) from None
    if own_loss:
        return Exercise(asked.chain.start, asked.chain.where, asked.chain.uses)
    return asked


def _without_answer(answer, *given, **named):
    return Exercise(*given, **named)


def _is_import_of_all(statement):
    """Whether a statement is `from derivations… import *`."""
    return isinstance(statement, ast.ImportFrom) and (
        (statement.module or "").startswith("derivations")
        and statement.names[0].name == "*"
    )


def _one_by_one(statement):
    """A statement, `x, y = 1, 2` as `x = 1` and `y = 2`."""
    match statement:
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
            pairs = zip(targets, values, strict=True)
            return [ast.Assign([one], value, lineno=0) for one, value in pairs]
    return [statement]


def _names(context, tree):
    """The names that a syntax tree loads, or stores."""
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }
