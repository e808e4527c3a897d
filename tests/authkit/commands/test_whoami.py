"""`authkit whoami`: the state of a session, as text and as JSON."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from authkit.arguments import parse
from authkit.commands import whoami
from authkit.core.failures import CallFailed, Failure, Refused, Unreachable
from authkit.core.model import Marker
from fakes.world.state_folder import MemoryStateFolder
from tests.authkit.examples import NAME, FailingSts, LockedKeyring, logged_in
from tests.support.saying import said as said_of
from tests.support.stage import CountedConfig, Stage

REFUSED = Refused("GetCallerIdentity", "ExpiredToken", status=403)
REVOKED = Refused("GetCallerIdentity", "InvalidClientTokenId", status=403)
SILENT = Unreachable("GetCallerIdentity", "no answer within 5 s", answered=False, sent=True)


def status(stage: Stage, *options: str) -> int:
    """Run `whoami` with these options; return the exit status."""
    return whoami.run(stage, parse(["whoami", NAME, *options]))


def as_json(stage: Stage, *options: str) -> tuple[int, dict[str, object]]:
    """Return the exit status and the JSON object that is printed."""
    ended = status(stage, "--output", "json", *options)
    shown: dict[str, object] = json.loads(stage.screen.data[0])
    return ended, shown


def test_valid() -> None:
    """B-W02: the rows are data, exit 0; with --offline STS is not asked: `Stage` has none."""
    stage = logged_in()
    assert status(stage, "--offline") == 0
    lines = stage.screen.data[0].split("\n")
    assert lines[0] == "✓ Current Authentication Status"
    assert lines[-2:] == [
        "  Expires        2024-12-24 11:58:00 UTC (36h 0m)",
        "  Last Updated   2024-12-22 23:58:00 UTC",
    ]
    assert stage.screen.said == []


def test_expired() -> None:
    """B-W03, B-W04: expired by the clock, exit 1; STS is not asked, and a hint is on stderr."""
    stage = logged_in()
    stage.clock.sleep(timedelta(hours=36))
    assert status(stage) == 1
    assert stage.screen.data[0].startswith("✗ Current Authentication Status\n")
    assert "(expired)" in stage.screen.data[0]
    assert "Account" not in stage.screen.data[0]
    assert stage.screen.said[0].endswith("authkit login --identity dev-admin' to refresh.")


@pytest.mark.parametrize(
    ("passed", "remark"),
    [
        (timedelta(hours=35, minutes=45), "(15m)"),
        (timedelta(hours=35, minutes=45, seconds=1), "(14m, ends soon)"),
    ],
)
def test_little_is_left(passed: timedelta, remark: str) -> None:
    """B-W04: less than 15 minutes is marked."""
    stage = logged_in()
    stage.clock.sleep(passed)
    assert status(stage, "--offline") == 0
    assert remark in stage.screen.data[0]


@pytest.mark.parametrize(
    ("trouble", "mark", "remark", "said", "ended"),
    [
        (REFUSED, "✗", "(expired, says AWS)", "⚠ Credentials may be expired", 1),
        (REVOKED, "✗", "(InvalidClientTokenId, says AWS)", "⚠ Credentials may be expired", 1),
        (SILENT, "✓", "(36h 0m, not verified)", "⚠ Not verified: STS cannot be reached", 0),
    ],
    ids=["expired", "revoked", "not verified"],
)
def test_what_sts_says(trouble: CallFailed, mark: str, remark: str, said: str, ended: int) -> None:
    """B-W03: a refusal is invalid, exit 1; a session that STS cannot check is not, exit 0."""
    stage = logged_in(sts=FailingSts(trouble))
    assert status(stage) == ended
    assert stage.screen.data[0].startswith(mark)
    assert remark in stage.screen.data[0]
    assert stage.screen.said[0].startswith(said)


def test_json_of_a_session() -> None:
    """docs/contract.md, whoami --output json: the whole object, without secrets."""
    stage = logged_in()
    assert as_json(stage, "--offline") == (
        0,
        {
            "identity": NAME,
            "kind": "aws/user",
            "provider": "aws-user",
            "principal": "arn:aws:iam::123456789012:user/dev-admin",
            "account": "123456789012",
            "region": "us-east-1",
            "expires": "2024-12-24T11:58:00Z",
            "last_updated": "2024-12-22T23:58:00Z",
            "valid": True,
            "reason": None,
        },
    )
    assert "canary" not in stage.screen.everything


@pytest.mark.parametrize(
    ("trouble", "valid", "reason", "ended"),
    [(REFUSED, False, "expired", 1), (SILENT, None, "unreachable", 0)],
    ids=["refused", "not verified"],
)
def test_json_of_what_sts_says(
    trouble: CallFailed, reason: str, ended: int, *, valid: bool | None
) -> None:
    """docs/contract.md, whoami --output json: null is "not verified", and says why not."""
    found, shown = as_json(logged_in(sts=FailingSts(trouble)))
    assert (found, shown["valid"], shown["reason"]) == (ended, valid, reason)


def test_json_without_a_session() -> None:
    """docs/contract.md, whoami --output json: "absent", with what the config file says."""
    config = CountedConfig('[identities.dev-admin]\nregion = "eu-west-1"')
    ended, shown = as_json(Stage(config=config))
    assert ended == 1
    assert (shown["valid"], shown["reason"], shown["region"]) == (False, "absent", "eu-west-1")
    assert {shown[name] for name in ("principal", "account", "expires", "last_updated")} == {None}


@pytest.mark.parametrize(("marked", "name"), [(True, "no-session"), (False, "no-session-no-keys")])
def test_without_a_session(name: str, *, marked: bool) -> None:
    """B-W06: the message tells an identity with a marker from one without."""
    sessions = MemoryStateFolder()
    if marked:
        sessions.markers.mark(NAME, Marker())
    with pytest.raises(Failure) as ended:
        status(Stage(sessions=sessions))
    assert (ended.value.name, ended.value.status) == (name, 1)


def test_the_keyring_is_not_looked_into() -> None:
    """B-W06: with keys in the keyring and no marker, the message says what is known, no more."""
    stage = Stage(keyring=LockedKeyring())
    with pytest.raises(Failure) as ended:
        status(stage)
    said = said_of(ended.value)
    assert "this machine has no note of keys for it." in said
    assert "The keyring was not asked." in said
