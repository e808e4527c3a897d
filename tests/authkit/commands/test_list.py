"""`authkit list`: every identity, with its kind, its keys and its session."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from authkit.arguments import parse
from authkit.commands import list as list_command
from authkit.core import entries, sessions
from authkit.core.model import Marker
from fakes.world.cached_session import cached_session, session
from sts_simulator.account.faults import Fault
from tests.support.people import KEYS
from tests.support.stage import START, CountedConfig, Stage

CONFIG = """
[identities.dev-admin]
[identities.audit]
[identities.deploy]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/deploy"
"""


def a_stage() -> Stage:
    """Return a stage with two users and a role in the config file, and a user beside it."""
    stage = Stage(config=CountedConfig(CONFIG))
    for name, hours in (("dev-admin", 36), ("audit", 1)):
        made = cached_session(session(START, timedelta(hours=hours)))
        stage.sessions.texts[name] = sessions.encode(made)
    for name in ("dev-admin", "other"):
        stage.sessions.markers.mark(name, Marker())
    stage.clock.sleep(timedelta(hours=1))
    return stage


def test_a_table() -> None:
    """B-I01: config file and markers in one table; a role has no keys of its own."""
    stage = a_stage()
    assert list_command.run(stage, parse(["list"])) == 0
    assert [line.split() for line in stage.screen.data[0].split("\n")] == [
        ["IDENTITY", "KIND", "KEYS", "SESSION"],
        ["audit", "aws/user", "none", "expired"],
        ["deploy", "aws/assume-role", "-", "none"],
        ["dev-admin", "aws/user", "stored", "35h", "0m"],
        ["other", "aws/user", "stored", "none"],
    ]


def test_a_session_that_no_command_uses() -> None:
    """B-I01, B-S03: of another role, or of another kind than the config file has now."""
    stage = a_stage()
    for role in ("", "of another role"):
        kind = "aws/assume-role" if role else "aws/user"
        made = cached_session(session(START, timedelta(hours=36)), kind=kind, role=role)
        stage.sessions.texts["deploy"] = sessions.encode(made)
        assert list_command.run(stage, parse(["list"])) == 0
        assert stage.screen.data[-1].split("\n")[2].split()[1:] == [
            "aws/assume-role",
            "-",
            "other",
            "settings",
        ]


def test_json() -> None:
    """B-I01: the same facts, and the instant of expiration."""
    stage = a_stage()
    assert list_command.run(stage, parse(["list", "--output", "json"])) == 0
    listed = json.loads(stage.screen.data[0])
    assert listed[2] == {
        "identity": "dev-admin",
        "kind": "aws/user",
        "keys": "stored",
        "session": "35h 0m",
        "expires": "2024-12-24T11:58:00Z",
    }
    assert [fact["expires"] for fact in listed[1::2]] == [None, None]


def test_check_reads_the_keyring() -> None:
    """B-I01: with --check the keyring is asked instead of the markers."""
    stage = a_stage()
    written = json.dumps({"version": 1, **KEYS})
    stage.keyring.entries = {(entries.SERVICE, "audit"): written, (entries.SERVICE, "other"): "{"}
    assert list_command.run(stage, parse(["list", "--check", "--output", "json"])) == 0
    keys = {fact["identity"]: fact["keys"] for fact in json.loads(stage.screen.data[0])}
    assert keys == {"audit": "stored", "deploy": "-", "dev-admin": "none", "other": "corrupt"}


def test_keys_that_a_login_removed() -> None:
    """B-I01, B-S06: a removal has updated the marker; one that cannot be read is said, exit 1."""
    stage = a_stage()
    stage.sessions.markers.mark("dev-admin", Marker(gone=True))
    assert list_command.run(stage, parse(["list"])) == 0
    assert "dev-admin  aws/user         none    35h 0m" in stage.screen.data[0].splitlines()
    stage.sessions.faults.add(Fault("mark.read", "Permission denied"))
    assert list_command.run(stage, parse(["list"])) == 1
    assert "dev-admin  aws/user         unreadable  35h 0m" in stage.screen.data[1].splitlines()
    assert "Permission denied" in stage.screen.said[0]


def test_one_session_file_in_trouble() -> None:
    """B-S04, B-S06: a session that cannot be read is listed as such, the others too; exit 1."""
    stage = a_stage()
    stage.sessions.faults.add(Fault("session.read", "Permission denied"))
    assert list_command.run(stage, parse(["list"])) == 1
    assert "unreadable" in stage.screen.data[0].split("\n")[1]
    assert "35h 0m" in stage.screen.data[0]
    assert stage.screen.said[0].startswith("⚠ The session of audit cannot be read: Permission")


def test_nothing_to_list() -> None:
    """B-I01: without identities there is a sentence on stderr, and no data."""
    stage = Stage()
    assert list_command.run(stage, parse(["list"])) == 0
    assert stage.screen.data == []
    assert stage.screen.said == ["There are no identities yet. Run 'authkit login NAME'."]


ENTRY = json.dumps(
    {
        "version": 1,
        "access_key_id": "AKIAXXXXXXXXXXXXXXXX",
        "secret_access_key": "secret-canary",
    }
)


@pytest.mark.parametrize(
    ("written", "state"),
    [
        (None, "none"),
        (ENTRY, "stored"),
        (json.dumps({"version": 1, "session_duration": "36h"}), "none"),
        ("{", "corrupt"),
        (json.dumps({"version": 2}), "later-version"),
    ],
)
def test_what_the_keyring_has(written: str | None, state: str) -> None:
    """B-I01: `--check` says in one word what the keyring has for an identity."""
    stage = Stage()
    stage.markers.mark("dev-admin", Marker())
    if written is not None:
        stage.keyring.entries["authkit", "dev-admin"] = written
    assert list_command.run(stage, parse(["list", "--check", "--output", "json"])) == 0
    (listed,) = json.loads(stage.screen.data[0])
    assert listed["keys"] == state
