"""The table of checks: all are made, and the same trouble is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.core.failures import Failure
from authkit.doctor import checks
from tests.authkit.doctor.looking import an_examination

if TYPE_CHECKING:
    import pytest


def test_every_check_is_made() -> None:
    """On a machine with keys and a command for codes each has a finding, in the table's order."""
    look = an_examination(config='[identities.dev-admin]\nmfa_process = "print-code"\n')
    found = [check for check, _ in checks.examine(look.world, look.options)]
    assert found == [row.name for row in checks.CHECKS]


def test_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named; the others are shown."""
    look = an_examination()
    found = {**look.world.versions(), "boto3": ""}
    monkeypatch.setattr(type(look.world), "versions", lambda _: found)
    _, missing = checks.versions(look)
    assert (missing.name, missing.words) == ("library-missing", "boto3 is not installed")


def test_trouble_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps several things from being looked at is one finding."""
    look = an_examination(environ={"AUTHKIT_STATE_DIR": "state"})

    def fails(_world: object) -> None:
        raise Failure("state-dir-relative", 2, value="state")

    for port in ("sessions", "keyring"):
        monkeypatch.setattr(type(look.world), port, property(fails, lambda *_: None), raising=False)
    found = [each.name for _, each in checks.examine(look.world, look.options)]
    assert found.count("state-dir-relative") == 1
    assert {"clock", "reached", "lock-timeout"} <= {*found}
