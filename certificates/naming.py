"""The names in what is written for Rocq: each stands for one thing."""

RESERVED = frozenset(
    word
    for line in (
        # keywords of Coq 8.16 with Coquelicot: each was tried, none can be a letter
        "_ as at by cofix else end exists exists2 fix for forall fun if in let match",
        "mod return then using where with Prop SProp Set Type Axiom CoFixpoint",
        "Definition Fixpoint Hypothesis Parameter Theorem Variable",
        # what a statement is made of, or would be misread
        "R nat INR exp ln sum sum_except delta Derive is_derive ex_derive",
        "partial partial2 is_partial is_partial2 ex_partial ex_partial2 False True",
    )
    for word in line.split()
)
"""Other words of Rocq, such as PI, may be letters: a section has its own meaning."""


class CannotExportError(ValueError):
    """What has no counterpart in the certificates, by its name."""


def name(thing):
    """The name of a symbol, an array, a size, an index or a hypothesis.

    >>> from sympy import Symbol
    >>> from derivations.letters import H1, alpha, y
    >>> name(alpha), name(y), name(H1), name(Symbol("R"))
    ('alpha', 'y', 'H1', 'R_')
    """
    own = str(getattr(thing, "name", thing))
    return f"{own}_" if own in RESERVED else own


class Names(dict):
    """What each name stands for in a section, or in a definition.

    >>> from derivations.letters import L, Ls
    >>> names = Names()
    >>> names(L), names(L), names.give("in_k", "a premise")
    ('L', 'L', 'in_k')
    >>> names(Ls)    # an array of the same name
    Traceback (most recent call last):
    certificates.naming.CannotExportError: the name 'L' of two things
    """

    def __call__(self, thing) -> str:
        """The name of a thing; raises CannotExportError where another one has it."""
        return self.give(name(thing), thing)

    def give(self, own: str, thing) -> str:
        """The same of what has no name of its own: a function, a premise, a lemma."""
        if own in RESERVED or not (own.isidentifier() and own.isascii()):
            raise CannotExportError(f"the name {own!r}")
        if self.setdefault(own, thing) != thing:
            raise CannotExportError(f"the name {own!r} of two things")
        return own
