"""B-S02: a process that is killed (SIGKILL) before a file operation leaves whole files behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authkit.core import sessions
from tests.support.people import ENTRY, NAME, OLD_ENTRY
from tests.support.pty_tools import finished, program

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = {"mfa_arn": ENTRY["mfa_arn"], "session_duration": "36h"}


# A command, the entry before it, the entries that it may leave, the least number of kills.
@pytest.mark.parametrize(
    ("command", "before", "after", "deaths"),
    [
        (["login", NAME], OLD_ENTRY, [OLD_ENTRY, SETTINGS, ENTRY], 20),
        (["login", NAME, "--force"], ENTRY, [ENTRY], 10),
        (["user", "configure", NAME], OLD_ENTRY, [OLD_ENTRY, ENTRY], 10),
        (["logout", NAME, "--keys"], ENTRY, [ENTRY, None], 5),
    ],
    ids=["login", "login-force", "configure", "logout-keys"],
)
def test_killed_before_every_file_operation(
    tmp_path: Path, command: list[str], before: object, after: list[object], deaths: int
) -> None:
    """B-S02: the entry is the old or a new one, the session is whole, the next login works."""
    ends = killed(tmp_path, before, command)
    assert len(ends) >= deaths
    for end in ends:
        assert entry(end["entry"]) in after, end["at"]
        assert end["session"] or "--force" not in command, "the session that was there is gone"
        assert end["session"] is None or sessions.decode(end["session"]), end["at"]
        assert end["next"] == 0, end["at"]


def killed(folder: Path, before: object, command: list[str]) -> list[dict[str, Any]]:
    """Kill a command before each of its file operations; return what each run left behind."""
    written = json.dumps({"version": 1, **before}) if isinstance(before, dict) else ""
    done = finished(program("mortal", str(folder / "home"), written, *command))
    return [json.loads(line) for line in done.stdout.splitlines()]


def entry(written: str | None) -> object:
    """Return the fields of an entry."""
    fields = json.loads(written or "null")
    assert fields is None or fields.pop("version") == 1
    return fields
