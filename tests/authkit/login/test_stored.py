"""What every login with stored credentials has: which cached session fits, what is noted of keys.

How refused ones are replaced is told by scenarios/, and by test_user.py for an IAM user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.core.failures import StateTrouble
from authkit.login.stored import StoredFlow
from authkit.login.user import UserFlow
from tests.authkit.examples import CACHED, IDENTITY, NAME
from tests.support.people import ENTRY
from tests.support.stage import Paper, Stage

if TYPE_CHECKING:
    import pytest


def test_an_iam_users_login_is_one() -> None:
    """B-K01: what the two share is in one place."""
    assert issubclass(UserFlow, StoredFlow)
    assert StoredFlow.remedies.items() <= UserFlow.remedies.items()


def test_another_session_does_not_fit() -> None:
    """B-S03: one of other keys is not what this login would make."""
    assert not StoredFlow(Stage(), IDENTITY).made(CACHED)


def test_the_keys_are_noted_as_taken() -> None:
    """B-L07: a session that is kept tells that its keys are good."""
    stage = Stage()
    assert StoredFlow(stage, IDENTITY).keep(CACHED)
    marker = stage.markers.read(NAME)
    assert marker is not None
    assert marker.untried is None
    assert NAME in stage.sessions.texts


def test_a_marker_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session is good all the same, and it is said."""

    def fail(*_: object) -> None:
        raise StateTrouble("/state/identities", "it is read-only")

    stage = Stage()
    flow = StoredFlow(stage, IDENTITY)
    monkeypatch.setattr(stage.markers, "mark", fail)
    assert flow.keep(CACHED)
    assert "/state/identities: it is read-only" in stage.screen.said[-1]


def test_new_keys_are_waited_for_anew() -> None:
    """B-L14: what was waited for with the former keys is no matter."""
    person = Paper([ENTRY["access_key_id"], ENTRY["secret_access_key"], "", ""])
    flow = StoredFlow(Stage(prompter=person, screen=person), IDENTITY)
    flow.paused["token", ()] = 1
    flow.ask_keys()
    assert flow.keys.usable
    assert not flow.paused
