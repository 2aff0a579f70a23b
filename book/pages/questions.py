"""A page for each question that learners ask.

The question, its answer in a line and the passage that proves it stand in
notebooks/README.md; what its page says besides stands in questions.toml, beside this.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from book.pages.chains import assumed, live_chain
from book.pages.exercises import live_question
from book.pages.theorems import LONGEST, head, heading, quoted
from derivations.request.context import of_theorem
from derivations.request.exercises import letters_of_answers
from derivations.theorems import catalogue

FILE = Path(__file__).with_name("questions.toml")
ALL = "[All questions](../notebooks/questions.md)."
WRONG = (
    "Wrong answers that were published: [each with its mistake](../wrong_answers.md)."
)


@dataclass(frozen=True)
class Row:
    """A question in the README; `passage` is a link, `thread` too or empty."""

    question: str
    line: str
    passage: str
    thread: str = ""

    @property
    def notebook(self):
        """The file of the notebook that has the passage."""
        return re.search(r"\]\((\w+\.ipynb)#", self.passage)[1]


def rows(readme):
    r"""The rows of those tables of the README that list questions.

    >>> rows("| question | line | cell |\n| --- |\n| Why? | So. | [0](x) |\n\nMore.")
    [Row(question='Why?', line='So.', passage='[0](x)', thread='')]
    """
    listed, is_inside = [], False
    for line in readme.splitlines():
        is_row = line.startswith("| ")
        is_head = line.startswith("| question |")
        if is_row and is_inside and not line.startswith("| ---"):
            listed.append(Row(*line.strip("| ").split(" | ")))
        is_inside = is_head or (is_row and is_inside)
    return listed


def read():
    """What the pages say besides, by the name of the page."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def by_page(readme):
    """The row of each page, by its name.

    Raises ValueError if a question has no page, or a page no question.
    """
    listed, known = {row.question: row for row in rows(readme)}, read()
    without = set(listed) ^ {more["question"] for more in known.values()}
    if without:
        raise ValueError(f"expected a page for each question, got none for {without}")
    return {name: listed[more["question"]] for name, more in known.items()}


def pages(readme, explorer):
    """The sources of the pages by name; `explorer(file, name)` is one of a notebook."""
    row_of, known = by_page(readme), read()
    order = [None, *known, None]
    return {
        f"questions/{name}.md": page(name, row_of[name], known[name], around, explorer)
        for name, *around in zip(order[1:-1], order, order[2:], strict=False)
    }


def page(name, row, more, around, explorer):
    """The source of one question's page; `around` are those before and after it."""
    title = row.question.replace("*", "")
    parts = [
        head(title[:LONGEST], f"{title} {row.line}".replace("*", ""), around),
        *(f"```{{index}} ! single: {words}\n```" for words in more["also"]),
        f"# {quoted(row.question)}",
        f"**{row.line}**",
        more["answer"].strip(),
    ]
    if "explorer" in more:
        parts += ["## See it", explorer(row.notebook, more["explorer"])]
    if "chain" in more:
        parts += chain(more["chain"])
    if "box" in more:
        parts += ["## Try it", box(name, more["box"])]
    also = ", ".join(f"`{words}`" for words in more["also"])
    asked = f" It was asked in this thread: {row.thread}." if row.thread else ""
    parts += [
        "## Where the series proves it",
        "The reason, and a cell that can fail: "
        f"{row.passage.replace('](', '](../notebooks/')}.{asked}",
        f"Also asked as {also}. {ALL}",
    ]
    return "\n\n".join(parts) + "\n"


def chain(name):
    """The part with a theorem's chain, open to change."""
    derive = catalogue()[name]
    proved = derive()
    return [
        "## Line by line",
        f"[{heading(derive)}](../theorems/{name}.md), for "
        f"{proved.steps[-1].verdict.every}"
        '<span class="on-screen">; change a line, and it is judged</span>:',
        assumed(proved),
        live_chain(name, proved),
    ]


def box(page_name, theorem):
    """The part that asks for what a theorem is about, and judges the answer."""
    proved = catalogue()[theorem]()
    letters = letters_of_answers(of_theorem(theorem))
    about = {
        "exercise": f"questions/{page_name}",
        "called": "this question",
        "context": {"theorem": theorem},
        "using": [fact.name for fact in proved.uses],
        "names": ", ".join(letters),
    }
    return live_question(about, proved.start, assumed(proved))


def linked(page_of_all):
    """The page of all questions, each a link to its own page; and to wrong answers."""
    head = "# Questions that learners ask\n"
    page_of_all = page_of_all.replace(head, f"{head}\n{WRONG}\n", 1)
    for name, more in read().items():
        question = more["question"]
        link = f"| [{question}](../questions/{name}.md) |"
        page_of_all = page_of_all.replace(f"| {question} |", link)
    return page_of_all
