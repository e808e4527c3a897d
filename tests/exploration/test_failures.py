"""Every effect of a command fails once: nothing is lost, and what is said of it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pytest

from authkit.core.failures import KeyringTrouble, StateTrouble
from fakes.world.journal import Journal
from tests.support.people import (
    ACCOUNT,
    ENTRY,
    ID,
    NAME,
    OLD_ENTRY,
    OLD_ID,
    Obliging,
    a_scene,
    entry,
    run,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fakes.world.scene import Scene
    from tests.support.people import Ran

T = TypeVar("T")
# The ports of the state folder, by the first word of their effects.
STATE = {"lock", "session", "mark", "unmark", "codes"}
# The lock's release cannot fail: the system does it where the process does not.
NEVER = "lock release"

COMMANDS: Mapping[str, tuple[Mapping[str, str] | None, tuple[str, ...]]] = {
    "login without keys": (None, ("login", NAME)),
    "login": (ENTRY, ("login", NAME)),
    "login with dead keys": (OLD_ENTRY, ("login", NAME)),
    "user configure": (OLD_ENTRY, ("user", "configure", NAME)),
    "logout --keys": (ENTRY, ("logout", "--keys", NAME)),
}


def keyring(state: str) -> Callable[[str], Exception | None]:
    """Return what an effect of the keyring raises, None for other effects."""

    def error(effect: str) -> Exception | None:
        return KeyringTrouble(state, "it broke", NAME) if effect.startswith("keyring ") else None

    return error


def full_disk(effect: str) -> Exception | None:
    """Return what an effect of the state folder raises, None for other effects."""
    of_state = effect.split(maxsplit=1)[0] in STATE and not effect.startswith(NEVER)
    return StateTrouble("/state/file", "No space left on device") if of_state else None


ERRORS = {"locked": keyring("locked"), "unreadable": keyring("unreadable"), "full": full_disk}


class Breaking(Journal):
    """A journal in which effect number `at` of those with an error raises it, undone."""

    def __init__(self, at: int, error: Callable[[str], Exception | None]) -> None:
        super().__init__()
        self.broke = ""
        self._left = at
        self._error = error

    def act(
        self, effect: str, act: Callable[[], T], outcome: Callable[[T], str] = lambda _: ""
    ) -> T:
        """Do it, or raise."""
        error = self._error(effect)
        self._left -= error is not None
        if error is None or self._left or self.broke:
            return super().act(effect, act, outcome)
        self.broke = effect

        def fails() -> T:
            raise error

        return super().act(effect, fails, outcome)


class Try(NamedTuple):
    """One run in which one effect failed."""

    broke: str
    scene: Scene
    ran: Ran


def tries(command: str, error: Callable[[str], Exception | None]) -> Iterator[Try]:
    """Yield the command's run with each of its effects failing."""
    before, words = COMMANDS[command]
    at = 0
    while True:
        at += 1
        scene, journal = a_scene(before, ACCOUNT), Breaking(at, error)
        ran = run(scene, *words, person=Obliging(), journal=journal)
        if not journal.broke:
            return
        yield Try(journal.broke, scene, ran)


def lies(screen: str, before: Mapping[str, str] | None, now: dict[str, Any] | None) -> list[str]:
    """Return the sentences on the screen that are not so."""
    now_id, id_before = (now or {}).get("access_key_id"), (before or {}).get("access_key_id")
    so = {
        "Nothing was changed.": now == before,
        "are saved in the keyring.": now_id == ID,
        "the new ones are saved.": now_id == ID,
        "Removed the refused keys. Kept": now is not None and now_id is None,
        "the keys are gone": now is None,
        "may still be in the keyring": now_id in {None, ID},
        "Nothing was removed from the keyring.": id_before is None or now_id is not None,
    }
    return [said for said, is_so in so.items() if said in screen and not is_so]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("error", ERRORS)
def test_every_effect_fails_once(command: str, error: str) -> None:
    """B-S04, B-A04: keys go only where they may, words equal deeds, the next login works."""
    before = COMMANDS[command][0]
    count = 0
    for broke, scene, ran in tries(command, ERRORS[error]):
        count += 1
        now = entry(scene)
        assert ran.status in {0, 1}, broke
        assert "did not expect" not in ran.screen, broke
        assert lies(ran.screen, before, now) == [], (broke, ran.screen)
        lost = before is not None and "access_key_id" not in (now or {})
        assert not lost or before == OLD_ENTRY or command == "logout --keys", broke
        assert run(scene, "login", NAME, person=Obliging()).status == 0, broke
    assert count


def test_lies_are_noticed() -> None:
    """The check sees words that are not so."""
    old = {"access_key_id": OLD_ID}
    assert lies("Nothing was changed.", ENTRY, None) == ["Nothing was changed."]
    assert lies("Nothing was removed from the keyring.", ENTRY, {}) != []
    assert lies("The credentials of dev-admin are saved in the keyring.", None, old) != []
    assert lies("Nothing was changed.", old, dict(old)) == []
