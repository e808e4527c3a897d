"""`authkit user configure`: which fields are offered and kept, and which keys are tried."""

from __future__ import annotations

import json

import pytest

from authkit.arguments import Options
from authkit.commands import user_configure
from authkit.core import config, entries
from authkit.core.identity import Identity
from fakes.world.prompter import Answer, Person
from sts_simulator.account.faults import Fault
from tests.authkit.login.test_form import SERVICE_PRINCIPAL, STORED
from tests.exploration.test_role_mixes import ROLE, a_role
from tests.support.people import ENTRY, ID, KEYS, MFA, NAME, SECRET, a_scene, entry, run
from tests.support.stage import Paper, Stage

SESSION_KEYS = ENTRY | {"access_key_id": "ASIAXXXXXXXXXXXXXXXX", "secret_access_key": "session"}
BUILD = Identity("build", SERVICE_PRINCIPAL, "us-east-1", {}, "/etc/authkit.toml")


def test_session_credentials_are_no_default() -> None:
    """B-L17, B-C01: session credentials in the entry are not offered; settings are."""
    scene = a_scene(SESSION_KEYS)
    person = Person(
        [
            Answer("AWS Access Key ID:", ID),
            Answer("AWS Secret Access Key:", SECRET),
            Answer(f"MFA ARN (optional) [{MFA}]:", ""),
            Answer("Session Duration (optional, default: 12h) [36h]:", ""),
        ]
    )
    assert run(scene, "user", "configure", NAME, person=person).status == 0
    assert entry(scene) == ENTRY


@pytest.mark.parametrize("from_stdin", [False, True], ids=["asked", "stdin"])
def test_a_foreign_kind_is_not_sent_to_sts(
    monkeypatch: pytest.MonkeyPatch, *, from_stdin: bool
) -> None:
    """B-K01, B-K02: credentials of a kind without a row in TRY are saved; STS is not asked."""
    paper = Paper(STORED.texts().values())
    stage = Stage(screen=paper, prompter=paper, input=json.dumps(STORED.texts()))
    monkeypatch.setattr(config, "resolve", lambda *_: BUILD)
    options = Options(["user", "configure"])
    options.stdin = from_stdin
    assert user_configure.run(stage, options) == 0
    assert entries.load(stage.keyring, SERVICE_PRINCIPAL, "build") == STORED
    assert "verified" not in paper.everything


def test_a_clock_that_is_wrong() -> None:
    """B-C03, B-A04: other keys would not help, so the hint is the rule's own."""
    scene = a_scene()
    message = "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z"
    scene.account.faults.add(Fault("GetCallerIdentity", "SignatureDoesNotMatch", message, 403))
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(KEYS))
    assert done.status == 1
    assert "Set the clock right" in done.screen
    assert "with the right keys" not in done.screen


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("{", "it is not JSON"),
        ("[]", "it is not an object of texts"),
        ('{"mfa_arn": 1}', "mfa_arn is not a text in quotes"),
        ('{"colour": "red"}', "there is no field colour"),
        ('{"access_key_id": "short"}', "access_key_id: an access key id (AKIA…) has 16 to 128"),
        (json.dumps({"access_key_id": ID}), "secret_access_key is missing"),
    ],
)
def test_what_stdin_must_be(given: str, reason: str) -> None:
    """B-C03: what cannot be taken is refused with a reason, and nothing is saved."""
    scene = a_scene()
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=given)
    assert done.status == 1
    assert reason in done.screen
    assert entry(scene) is None


def test_sessions_of_other_keys_are_dropped() -> None:
    """B-C01: a cached session of the former keys goes when other keys are saved."""
    scene = a_scene(KEYS)
    assert run(scene, "login", NAME).status == 0
    given = json.dumps(KEYS | {"session_duration": "1h"})
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=given)
    assert done.status == 0
    assert f"⚠ Dropped the session of {NAME}: it is of other keys or settings." in done.screen
    assert scene.sessions.texts == {}


def test_a_role_has_no_fields() -> None:
    """B-K03: there is nothing to configure, and nothing is changed."""
    scene = a_role(KEYS)
    done = run(scene, "user", "configure", ROLE, person=Person())
    assert done.status == 1
    assert "for which nothing is stored" in done.screen


def test_keys_that_cannot_be_tried_are_saved_all_the_same() -> None:
    """B-C01: where STS is in trouble the keys are saved, and marked as not tried yet."""
    scene = a_scene()
    scene.account.faults.add(Fault("GetCallerIdentity", "timeout", times=0))
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(KEYS))
    assert done.status == 0
    assert "⚠ Not verified: STS cannot be reached" in done.screen
    assert entry(scene) == KEYS
    assert scene.sessions.untried(NAME) is not None
