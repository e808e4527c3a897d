"""B-S02: a crash, or Ctrl-C, after every effect of a story leaves whole data behind.

Exploration does the same in the world of one identity and its role (``situations``).  The
stories here are about what it has not: CSV files, several profiles, identities and roles.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from authkit.core import sessions
from authkit.core.render import typed
from fakes.world.journal import Journal
from fakes.world.keyring import ANOTHER_WRITER
from scenarios.replay.story import reading
from tests.explore.events import Crash
from tests.explore.mortality import Interrupted, Mortal, Telling
from tests.support.people import ENTRY, NAME, Obliging, a_scene, entry, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenarios.replay.story.model import Step, Story
    from sts_simulator.account.faults import Fault

Pair = tuple[str, str]

EXITS = {0, 1, 2, 125, 126, 127, *(128 + signum for signum in range(1, 65))}


@cache
def story_at(index: int) -> Story:
    """Return a story by its place in the list."""
    return reading.read(reading.stories()[index])


FOLDERS, OTHERS = {"import", "identity", "profile"}, {"role-chained", "logout-all"}
STORIES = [
    pytest.param(number, id=path.stem)
    for number, path in enumerate(reading.stories())
    if (path.parent.name in FOLDERS or path.stem in OTHERS)
    and "fakes" not in reading.read(path).excepted
]


def endings(story: Story, kind: type[Mortal | Interrupted]) -> Iterator[tuple[Telling, Any, Any]]:
    """Yield every step of a story, stopped after each of its effects, and what was observed."""
    for number in range(len(story.steps)):
        whole = Telling(story, number)
        observed = whole.tell(Journal())
        assert observed is not None
        for life in range(1, len(observed.does) + 1):
            journal = kind(life)
            telling = Telling(story, number)
            yield telling, journal, telling.tell(journal)


def pair_in(written: str | None) -> Pair | None:
    """Return id and secret in an entry; None if it has no keys or is not an entry."""
    try:
        fields = json.loads(written or "{}")
        pair = fields.get("access_key_id"), fields.get("secret_access_key")
    except (ValueError, AttributeError):
        return None
    return pair if all(pair) else None


def written_meanwhile(fault: Fault) -> Pair | None:
    """Return the pair that another process writes in a fault of the keyring."""
    return pair_in(fault.message or None) if fault.answer == ANOTHER_WRITER else None


def typed_pairs(step: Step, old: Pair | None) -> set[Pair]:
    """Return the pairs that a step may leave: the person's, and those of another writer.

    An empty answer keeps the old value.
    """
    pairs = {pair for fault in step.faults if (pair := written_meanwhile(fault))}
    key_id, secret = old or ("", "")
    for answer in step.script.answers:
        if answer.title == "AWS Access Key ID":
            key_id = typed(answer.typed) or key_id
        elif answer.title == "AWS Secret Access Key":
            secret = typed(answer.typed) or secret
            pairs.add((key_id, secret))
    given = json.loads(step.stdin) if step.stdin.startswith("{") else {}
    pairs.add((given.get("access_key_id", key_id), given.get("secret_access_key", secret)))
    return pairs


def check_entries(telling: Telling) -> None:
    """Check that each entry is the old one, or was replaced or removed for a reason."""
    step, scene = telling.step, telling.scene
    asked_for = "import" in step.arguments or "--keys" in step.arguments
    asked_for = asked_for or step.arguments[:2] == ("user", "configure")
    refused = {
        call.access_key_id
        for call in scene.account.calls[telling.calls :]
        if call.code in {"InvalidClientTokenId", "SignatureDoesNotMatch"}
    }
    for place in {*telling.entries, *scene.keyring.entries}:
        written, before = scene.keyring.entries.get(place), telling.entries.get(place)
        if written == before:
            continue
        old, new = pair_in(before), pair_in(written)
        halves = json.loads(written or "{}").keys() & {"access_key_id", "secret_access_key"}
        assert bool(new) == bool(halves), "a key without its other half"
        assert written is None or json.loads(written)["version"] == 1
        imported = new and any(new[0] in text and new[1] in text for text in telling.importable())
        assert new in {None, old} or imported or new in typed_pairs(step, old), "a mixture"
        meant = asked_for or new in map(written_meanwhile, step.faults)
        if old and new != old and not old[0].startswith("ASIA"):
            assert meant or old[0] in refused, "keys that were not refused are gone"


def check_sessions(telling: Telling) -> None:
    """Check that each session file is the old one, gone, or a whole one."""
    for name, written in telling.scene.sessions.texts.items():
        if written != telling.sessions.get(name):
            assert sessions.decode(written).session.access_key_id.startswith("ASIA")


@cache
def would_work(index: int, number: int, *, after: bool) -> bool:
    """Tell whether the person can log in after the whole of a step, or before any of it."""
    telling = Telling(story_at(index), number)
    if after:
        telling.tell(Journal())
    return telling.works()


def check_next_run(index: int, telling: Telling) -> None:
    """Check that the next login works, if one from the same entry works without the stop."""
    number = story_at(index).steps.index(telling.step)
    changed = telling.scene.keyring.entries != telling.entries
    assert telling.works() >= would_work(index, number, after=changed)


@pytest.mark.parametrize("index", STORIES)
def test_a_crash_after_every_effect(index: int) -> None:
    """B-S02: the entry is the old one or the new one, no session is torn, the next run works."""
    story = story_at(index)
    for telling, journal, _ in endings(story, Mortal):
        assert journal.dead
        check_entries(telling)
        check_sessions(telling)
        check_next_run(index, telling)


@pytest.mark.parametrize("index", STORIES)
def test_ctrl_c_after_every_effect(index: int) -> None:
    """B-S02, B-L06: the same for Ctrl-C, which ends with a message and a listed exit status."""
    story = story_at(index)
    for telling, journal, observed in endings(story, Interrupted):
        assert observed.exit in {*EXITS, telling.step.exit}, journal.screen
        assert "did not expect" not in journal.screen
        check_entries(telling)
        check_sessions(telling)
        check_next_run(index, telling)


def test_no_keys_are_left_without_a_marker() -> None:
    """B-K04, B-O01: after a crash between entry and marker, `list` and `logout --all` find it."""
    for life in count(1):
        scene = a_scene()
        with pytest.raises(Crash):
            run(scene, "login", NAME, person=Obliging(), journal=Mortal(life))
        if entry(scene) == ENTRY:
            break
    assert scene.sessions.markers.marked() == []
    scene.locks.release(NAME)
    assert run(scene, "login", NAME, person=Obliging()).status == 0
    assert NAME in run(scene, "list").screen
    assert run(scene, "logout", "--all", "--keys").status == 0
    assert entry(scene) is None
