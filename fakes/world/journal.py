"""The record of one run of a command: what was written, what was typed unseen, what was done.

It is one chronological list, so that the report on a failing scenario can show
effects between the lines of the screen.  It holds no secrets, except what a
person typed unseen, which the scenario's file holds too.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from fakes.world.effects import EFFECTS, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from fakes.world.effects import Effect

T = TypeVar("T")


class Kind(Enum):
    """What an entry of the journal is about."""

    WROTE = "text came on the screen"
    TYPED = "something was typed that the screen does not show"
    DID = "an effect on the world"


class Entry(NamedTuple):
    """One thing that happened: `text` is the screen's, the keys typed, or the effect's line."""

    kind: Kind
    text: str


class Journal:
    """What happened so far.

    `after_effect` is called with the line of every effect, and may raise, which
    simulates a crash after that effect.  `now` is the world's clock: with it `began`
    is the instant at which the journal was opened, and `instants` has the instant of
    each entry; an effect's is that of its end.  Without a clock they are None and empty.
    """

    def __init__(
        self,
        after_effect: Callable[[str], None] | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.entries: list[Entry] = []
        self.instants: list[datetime] = []
        self.began = now() if now else None
        self._after_effect = after_effect
        self._now = now

    def wrote(self, text: str) -> None:
        """Record that `text` came on the screen."""
        self._add(Kind.WROTE, text)

    def typed(self, keys: str) -> None:
        """Record that `keys` were typed on the current line and are not shown."""
        self._add(Kind.TYPED, keys)

    def did(self, effect: str) -> None:
        """Record an effect."""
        self._add(Kind.DID, effect)
        if self._after_effect:
            self._after_effect(effect)

    def act(
        self, effect: str, act: Callable[[], T], outcome: Callable[[T], str] = lambda _: ""
    ) -> T:
        """Call `act` and record it as `effect`, with an arrow and its outcome.

        `outcome` returns "" for plain success, which has no arrow.  What `act`
        raises is recorded and raised.
        """
        try:
            result = act()
        except (Exception, KeyboardInterrupt) as trouble:
            self.did(f"{effect} -> {outcome_of(trouble)}")
            raise
        arrow = outcome(result)
        self.did(f"{effect} -> {arrow}" if arrow else effect)
        return result

    @property
    def effects(self) -> tuple[str, ...]:
        """The lines of the effects, in order."""
        return tuple(self._texts(Kind.DID))

    @property
    def screen(self) -> str:
        """All that came on the screen."""
        return "".join(self._texts(Kind.WROTE))

    def _add(self, kind: Kind, text: str) -> None:
        self.entries.append(Entry(kind, text))
        if self._now:
            self.instants.append(self._now())

    def _texts(self, kind: Kind) -> Iterator[str]:
        return (entry.text for entry in self.entries if entry.kind is kind)


def journaled(port: T, name: str, journal: Journal, *about: str) -> T:
    """Return the port with every effect of its methods recorded.

    `name` is the port's in `EFFECTS`; `about` precedes the arguments of each
    method when its line is built.
    """
    return cast("T", _Journaled(port, EFFECTS[name], journal, about))


class _Journaled:
    """Stands for any port: same attributes, and the methods of `effects` are recorded."""

    def __init__(
        self, port: object, effects: Mapping[str, Effect], journal: Journal, about: tuple[str, ...]
    ) -> None:
        self._port = port
        self._effects = effects
        self._journal = journal
        self._about = about

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the port's attribute, of any type
        attribute = getattr(self._port, name)
        effect = self._effects.get(name)
        if effect is None:
            return attribute

        def recorded(*args: object, **options: object) -> object:
            line = effect.line(*self._about, *args, **options)
            return self._journal.act(line, lambda: attribute(*args, **options), effect.outcome)

        return recorded
