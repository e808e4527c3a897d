"""The record of one run of a command: what was written, what was typed unseen, what was done.

One chronological list, so that a failing story can show its effects between
the lines of its screen.  Nothing secret gets in: an effect names what was
touched, never what it holds.  The one exception is what a person typed unseen,
which a story's file holds anyway.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from authkit.core.failures import CannotRun, KeyringTrouble, Refused, StateTrouble, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    """What happened so far.  `after_effect` is called with every effect's line, and may raise.

    A crash after any effect is put there.
    """

    def __init__(self, after_effect: Callable[[str], None] | None = None) -> None:
        self.entries: list[Entry] = []
        self._after_effect = after_effect

    def wrote(self, text: str) -> None:
        """Note that `text` came on the screen."""
        self.entries.append(Entry(Kind.WROTE, text))

    def typed(self, keys: str) -> None:
        """Note that `keys` were typed in the line that stands there, and do not show."""
        self.entries.append(Entry(Kind.TYPED, keys))

    def did(self, effect: str) -> None:
        """Note an effect."""
        self.entries.append(Entry(Kind.DID, effect))
        if self._after_effect:
            self._after_effect(effect)

    def act(
        self, effect: str, act: Callable[[], T], outcome: Callable[[T], str] = lambda _: ""
    ) -> T:
        """Do `act` and note it as `effect`, with an arrow to what came of it unless that is plain.

        `outcome` returns "" for a plain success.  What `act` raises is noted and raised.
        """
        try:
            result = act()
        except (Exception, KeyboardInterrupt) as trouble:
            self.did(f"{effect} -> {_word_for(trouble)}")
            raise
        arrow = outcome(result)
        self.did(f"{effect} -> {arrow}" if arrow else effect)
        return result

    @property
    def effects(self) -> tuple[str, ...]:
        """The effects' lines, in order."""
        return tuple(self._texts(Kind.DID))

    @property
    def screen(self) -> str:
        """All that came on the screen."""
        return "".join(self._texts(Kind.WROTE))

    def _texts(self, kind: Kind) -> Iterator[str]:
        return (entry.text for entry in self.entries if entry.kind is kind)


def _word_for(trouble: BaseException) -> str:
    """Return what an arrow leads to: as few words as tell this trouble from others."""
    match trouble:
        case Refused():
            return trouble.code
        case Unreachable():
            return "broken answer" if trouble.answered else "no answer"
        case KeyringTrouble():
            return trouble.state
        case StateTrouble() | CannotRun():
            return trouble.reason
        case KeyboardInterrupt():
            return "^C"
        case _:
            return type(trouble).__name__
