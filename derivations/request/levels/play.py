"""A level as it is played in a notebook: what is typed and asked changes it."""

from derivations.judges.counterexample import in_markdown
from derivations.request.levels.hints import STEPS, Hint
from derivations.request.levels.level import Judged, Level
from derivations.text.chains import chain_as_lines, chain_as_text
from derivations.text.printing import latex
from derivations.text.unicode import unicode


class Play:
    """A level that is being played; it shows its goal and the lines so far."""

    def __init__(self, begun: Level):
        self.level, self._told = begun, (0, 0)

    def step(self, text: str) -> "Answer":
        """The verdict on a line, which stays if it is right; then the lines so far.

        Raises Unreadable for a text that cannot be read.
        """
        judged = self.level.step(text)
        self.level = judged.level
        return Answer(judged, self)

    def hint(self) -> Hint:
        """A hint for the next line; each call tells one step more of it."""
        written = len(self.level.written)
        before, told = self._told
        step = min(told + 1, STEPS) if before == written else 1
        self._told = written, step
        return self.level.hint(step)

    def __repr__(self):
        one = self.level
        where = one.conditions(unicode)
        lines = [f"{one.name}: {one.title}", f"to show: {one.says()}"]
        lines += [f"where {', '.join(where)}"] if where else []
        lines += [f"from earlier levels: {fact}" for fact in one.facts]
        return "\n".join([*lines, *self._so_far()])

    def _so_far(self):
        """The reader's lines as text, and below a finished level the textbook's."""
        one = self.level
        if not one.written:
            return []
        lines = ["", chain_as_text(one.as_chain(), unicode)]
        if one.is_reached:
            textbook = chain_as_text(one.chain, unicode)
            lines += ["", "That is what was to be shown. The textbook:", textbook]
        return lines

    def _repr_markdown_(self):
        one = self.level
        where = ", ".join(f"${x}$" for x in one.conditions(latex))
        goal = rf"**To show** $\displaystyle {one.says(latex)}$"
        facts = "".join(f"\n- {_in_markdown(fact)}" for fact in one.facts)
        parts = [
            f"**{in_markdown(one.name)}.** {in_markdown(one.title)}.",
            goal + (f" where {where}." if where else "."),
            facts and f"From earlier levels you have:\n{facts}",
            self._so_far_in_markdown(),
        ]
        return "\n\n".join(filter(None, parts))

    def _so_far_in_markdown(self):
        one = self.level
        if not one.is_reached:
            return chain_as_lines(one.as_chain()) if one.written else ""
        return f"✓ That is what was to be shown.\n\n{side_by_side(one)}"


def _in_markdown(fact):
    where = f" where ${fact.case(latex)}$" if fact.case() else ""
    return rf"$\displaystyle {fact.says(latex)}${where} ({in_markdown(fact.name)})"


def side_by_side(one: Level) -> str:
    """The reader's lines beside the textbook's, as a table in Markdown.

    >>> from derivations.notebook import play
    >>> print(side_by_side(play("blocks.label").step("N - zP_cP").play.level)[:47])
    | your derivation of $L$ | the textbook's |
    | :
    """

    def formula(right):
        return rf"$\displaystyle = {latex(right)}$".replace("|", r"\vert ")

    yours = [formula(line.expr) for line in one.written]
    book = [f"{formula(step.right)}<br>{step.words}" for step in one.chain.steps]
    count = max(len(yours), len(book))
    columns = ([*x, *[""] * (count - len(x))] for x in (yours, book))
    rows = [f"| {left} | {right} |" for left, right in zip(*columns, strict=True)]
    start = latex(one.chain.start)
    return "\n".join(
        [f"| your derivation of ${start}$ | the textbook's |", "| :--- | :--- |", *rows]
    )


class Answer:
    """The verdict on a line, shown with how it was read and with the lines so far."""

    def __init__(self, judged: Judged, play: Play):
        self.judged, self.verdict, self.play = judged, judged.verdict, play
        self.is_finished = judged.level.is_reached
        self._so_far = play._so_far(), play._so_far_in_markdown()

    def __bool__(self):
        return bool(self.verdict)

    def __repr__(self):
        said = f"{self.verdict.mark} {self._lack or self.verdict.sentence}"
        return "\n".join([*self._notes(), said, *self._so_far[0]])

    @property
    def _lack(self):
        """What is said of a line that is right only where more holds."""
        if not self.verdict.is_conditional:
            return ""
        return f"{self.verdict.missing.words}; this level does not assume that"

    def _notes(self):
        notes = self.judged.reading.notes
        return [f"read this way: {'; '.join(notes)}"] if notes else []

    def _repr_markdown_(self):
        lack = self._lack and in_markdown(f"{self.verdict.mark} {self._lack}")
        said = lack or self.verdict._repr_markdown_()
        parts = [*map(in_markdown, self._notes()), said, self._so_far[1]]
        return "\n\n".join(filter(None, parts))
