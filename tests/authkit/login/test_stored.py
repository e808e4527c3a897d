"""What every login with stored credentials has: which cached session fits, what is noted of keys.

How refused ones are replaced is told by scenarios/, and by test_user.py for an IAM user.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from authkit.core import entries
from authkit.core.failures import Refused, StateTrouble
from authkit.login.stored import StoredFlow
from authkit.login.user import UserFlow
from tests.authkit.examples import CACHED, IDENTITY, NAME
from tests.authkit.login.keyrings import Shared
from tests.support.people import ENTRY, OLD_ENTRY
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


def test_nobody_writes_between_the_look_and_the_removal() -> None:
    """B-L04, B-S02: keys are removed while no other process writes, so that they are the refused.

    Where nobody is there nothing is removed, and nothing is to be kept from being written.
    """
    person = Paper([ENTRY["access_key_id"], ENTRY["secret_access_key"], "", ""])
    stage = Stage(prompter=person, screen=person, keyring=Shared())
    written = json.dumps({"version": 1, **OLD_ENTRY})
    stage.keyring.entries[entries.SERVICE, NAME] = written
    UserFlow(stage, IDENTITY).recover(Refused("GetCallerIdentity", "InvalidClientTokenId"))
    assert isinstance(stage.keyring, Shared)
    assert stage.keyring.undisturbed == [True, True]


def test_new_keys_are_waited_for_anew() -> None:
    """B-L14: what was waited for with the former keys is no matter."""
    person = Paper([ENTRY["access_key_id"], ENTRY["secret_access_key"], "", ""])
    flow = StoredFlow(Stage(prompter=person, screen=person), IDENTITY)
    flow.paused["token", ()] = 1
    flow.ask_keys()
    assert flow.keys.usable
    assert not flow.paused
