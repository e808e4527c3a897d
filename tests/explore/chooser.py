"""Choices, the paths that they make, and the walk over all paths up to a depth.

A `Choice` is data: what is chosen, and its options, each with a cost.  The first
option is the plain one and costs nothing.  The depth of a path is the sum of what its
options cost: 1 for what happens often, 2 for what happens rarely.  A `Chooser` makes
the choices of one path: those of a prefix, then the plain ones.
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Prefix = tuple[int, ...]
    # Takes a choice behind the prefix: whether the path ends there as one that was walked before.
    Known = Callable[["Choice"], bool]


RARE = 2  # what an option costs that is rare


class Choice(NamedTuple):
    """What is chosen, by name, and the options, the plain one first, with their costs."""

    what: str
    options: tuple[str, ...]
    costs: tuple[int, ...]


def choice(what: str, plain: str, *common: str, rare: Iterable[str] = ()) -> Choice:
    """Return a choice among a plain option, common ones of cost 1, and rare ones of cost 2."""
    rare = tuple(rare)
    costs = (0, *(1 for _ in common), *(RARE for _ in rare))
    return Choice(what, (plain, *common, *rare), costs)


class Cut(BaseException):
    """Ends a path at a state from which all was walked before.

    Not an Exception, so that no handler of authkit's catches it.
    """


class MisfitError(BaseException):
    """Raised when a path takes an option that there is not: the choices are others by now."""


class Chooser:
    """Makes the choices of one path: first the indices in `prefix`, then the plain options.

    `known` is called before each choice behind the prefix, `begins` before the last one in it:
    from there the path is one of its own.  `marks` has what was noted at the choices behind
    the prefix, for the paths that branch off there.
    """

    __slots__ = (
        *("_begins", "_cut", "_known", "_last"),
        *("choices", "marks", "misfit", "prefix", "taken"),
    )

    def __init__(
        self,
        prefix: Sequence[int] = (),
        known: Known | None = None,
        begins: Callable[[], None] | None = None,
    ) -> None:
        self.prefix = prefix
        self.taken: list[int] = []
        self.choices: list[Choice] = []
        self.marks: dict[int, Any] = {}
        self._known, self._begins = known, begins
        self._cut = False
        self.misfit: MisfitError | None = None  # raised, though authkit may have caught it
        self._last = len(prefix) - 1

    def choose(self, choice: Choice) -> str:
        """Return one of the options.  Raises Cut, MisfitError."""
        place = len(self.taken)
        index = 0
        if place < len(self.prefix):
            index = self.prefix[place]
            if index >= len(choice.options):
                self.misfit = MisfitError(f"{choice.what} has no option {index}")
                raise self.misfit
            if place == self._last and self._begins:
                self._begins()
        elif self._known and (self._cut or self._known(choice)):
            self._cut = True  # what authkit still does while it unwinds is no part of the path
            raise Cut
        self.taken.append(index)
        self.choices.append(choice)
        return choice.options[index]

    def named(self) -> list[tuple[str, str]]:
        """Return what was chosen that is not plain, with the option taken."""
        taken = zip(self.choices, self.taken, strict=True)
        return [(choice.what, choice.options[index]) for choice, index in taken if index]


class Node(NamedTuple):
    """A path that is yet to be walked: its prefix, and how much its other options may cost."""

    prefix: Prefix
    left: int
    deviations: int = 0  # options in it that are not plain
    mark: Any = None  # what a judge knows where it branches off
    choice: Choice | None = None  # the last in the prefix

    def option(self) -> tuple[str, str]:
        """Return the last choice in the prefix, and the option taken."""
        return (self.choice.what, self.choice.options[self.prefix[-1]]) if self.choice else ("", "")


class Walk:
    """All paths of at most `depth`, each once, in an order that the seed decides.

    `shard` (1 to `shards`) walks a part of them: every path belongs to one shard, by its
    first two options that are not plain.  With `alone` a path has one option that is not plain,
    and which costs all of the depth.
    """

    def __init__(
        self,
        depth: int,
        seed: int = 0,
        shard: int = 1,
        shards: int = 1,
        *,
        alone: bool = False,
    ) -> None:
        self._random = Random(seed)  # noqa: S311 - an order is no secret
        self._alone = alone
        self._shard, self._shards = shard, shards
        self._waiting = [Node((), depth)]

    def __iter__(self) -> Iterator[Node]:
        """Yield the nodes; `expand` adds the ones that follow from each."""
        while self._waiting:
            yield self._waiting.pop()

    def expand(self, node: Node, chooser: Chooser) -> None:
        """Add the paths that differ from a walked one in one choice behind its prefix."""
        if not node.left:
            return
        found = []
        taken = tuple(chooser.taken)
        for place in range(len(node.prefix), len(taken)):
            costs = chooser.choices[place].costs
            for index in range(1, len(costs)):
                if costs[index] == node.left or (costs[index] < node.left and not self._alone):
                    prefix = (*taken[:place], index)
                    left, mark = node.left - costs[index], chooser.marks.get(place)
                    choice = chooser.choices[place]
                    found.append(Node(prefix, left, node.deviations + 1, mark, choice))
        self._random.shuffle(found)
        self._waiting += [child for child in found if child.deviations != 2 or self._ours(child)]

    def sort(self, key: Callable[[Node], int]) -> None:
        """Have those next for which the key is least."""
        self._waiting.sort(key=key, reverse=True)

    def owns(self, node: Node) -> bool:
        """Tell whether a path counts in this shard: the shortest ones are walked by all."""
        return node.deviations >= 2 or self._ours(node)

    def _ours(self, node: Node) -> bool:
        number = 0
        for place, index in enumerate(node.prefix):  # the same in every process, unlike hash()
            number = (number * 31 + (place + 1) * index) % 1_000_003
        return number % self._shards == self._shard - 1


def spelt(taken: Sequence[int]) -> str:
    """Return the indices as ``0,2,1``, without the plain ones at the end."""
    return ",".join(map(str, trimmed(taken)))


def trimmed(taken: Sequence[int]) -> Prefix:
    """Return the indices without the plain ones at the end."""
    length = max((place for place, index in enumerate(taken, 1) if index), default=0)
    return tuple(taken[:length])


def read(text: str) -> tuple[str, Prefix]:
    """Return the command and the indices of a path.  Raises ValueError."""
    command, _, indices = text.rpartition(":")
    if not command or not re.fullmatch(r"(\d{1,4}(,\d{1,4})*)?", indices):
        raise ValueError("a path is written COMMAND:0,2,1")
    return command, tuple(int(index) for index in indices.split(",") if index)
