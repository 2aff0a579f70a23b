"""The worlds: which theorems are levels, in the order of the series."""

from dataclasses import dataclass

from derivations.theorems import TOPICS, catalogue, theorem_named, topic

SHORTEST, LONGEST = 2, 7
"""How many lines the chain of a level has."""
VARIATIONS = TOPICS[TOPICS.index("layers") + 1 :]


@dataclass(frozen=True)
class World:
    """Some topics of the series, whose theorems are its levels.

    >>> world_of("logits.gradient").title, world_of("logits.gradient").names[0]
    ('the chain', 'logits.by_jacobian')
    """

    title: str
    topics: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The names of its levels, in the order in which they are played."""
        return [x for x in catalogue() if _topic(x) in self.topics and is_level(x)]

    def by_topic(self) -> dict[str, list[str]]:
        """The same in each topic, by what its module says of itself."""
        subjects = {
            x: topic(x).__doc__.splitlines()[0].rstrip(".") for x in self.topics
        }
        return {
            said: [x for x in self.names if _topic(x) == own]
            for own, said in subjects.items()
        }


WORLDS = (
    World("softmax", ("softmax",)),
    World("cross-entropy", ("cross_entropy",)),
    World("the chain", ("logits",)),
    World("batches", ("batch",)),
    World("layers", ("layers",)),
    World("variations", VARIATIONS),
)


def is_level(name: str) -> bool:
    """Whether a theorem is a level: one of a single line leaves nothing to derive.

    >>> is_level("batch.other_examples"), is_level("batch.per_example")
    (False, True)
    """
    return SHORTEST <= len(theorem_named(name)().steps) <= LONGEST


def names_of_levels() -> list[str]:
    """The names of all levels, in the order in which they are played.

    >>> names_of_levels()[:2]
    ['softmax.sums_to_one', 'softmax.shift_invariant']
    """
    return [name for world in WORLDS for name in world.names]


def world_of(name: str) -> World:
    """The world of a level, by its name."""
    return next(one for one in WORLDS if _topic(name) in one.topics)


def _topic(name):
    return name.partition(".")[0]
