"""`authkit --record`: failures of a real process at a real terminal, replayed as scenarios."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pexpect
import pytest

from scenarios.replay.story import reading
from scenarios.replay.story.model import LEVELS
from scenarios.replay.story.transcript import screen_lines
from tests.support.forked import AUTHKIT
from tests.support.pty_tools import finished, spawn
from tests.support.recordings import could_be, recorded_story, replayed
from tests.support.simulator import BIN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Home

# A failure, and the story and its step that brings it about: authkit, its terminal and STS's
# answers over HTTP are real, the account is the simulator's.
FAILURES = {
    "a rotated key": ("rotation", 0),
    "a wrong code": ("wrong-mfa-code", 0),
    "a code that was used before": ("reused-code", 1),
    "a removed device": ("wrong-device", 0),
    "a denied call": ("access-denied", 0),
    "a wrong clock": ("clock-behind", 0),
    "throttling": ("throttled-twice", 0),
    "a code that nobody knows": ("unknown-code", 0),
    "a locked keyring": ("keyring-locked", 0),
    "a child with an expired session": ("expired-in-exec", 1),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_becomes_a_story(failure: str) -> None:
    """A failure is recorded, and its file holds at every level: the same screen and exit."""
    name, step = FAILURES[failure]
    told = reading.read(reading.story_file(name))
    made = recorded_story(told, step, level="terminal")
    claimed = made.story.steps[-1]
    assert claimed.exit == made.observed.exit == told.steps[step].exit
    shown = [line.shown for line in told.steps[step].script.lines]
    kept = [line.shown for line in claimed.script.lines]
    if child := told.steps[step].child:
        shown = shown[len(screen_lines(child.says)) :]  # the child's own words are not authkit's
    assert [(k, s) for k, s in zip(kept, shown, strict=True) if not could_be(k, s)] == []
    assert {level: replayed(made.story, level) for level in LEVELS} == dict.fromkeys(LEVELS, "")


@pytest.mark.parametrize(("key", "kept"), [("c", "ID: ^C\n"), ("d", " <- ^D\n")])
def test_the_key_that_cancels(home: Home, tmp_path: Path, key: str, kept: str) -> None:
    """B-L06: a prompt that ^C cancelled is recorded with ^C, and holds when it is replayed."""
    file = tmp_path / "it.toml"
    command = [AUTHKIT, "--record", str(file), "login", "new-one"]
    child = spawn(command, home.environ)
    child.expect_exact("AWS Access Key ID: ")
    child.sendcontrol(key)
    child.expect_exact("Recorded to")
    child.expect(pexpect.EOF)
    assert kept in file.read_text("utf-8")
    assert replayed(reading.read(file)) == ""


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_killed_in_the_middle(home: Home, tmp_path: Path, signum: signal.Signals) -> None:
    """A command that is killed while it asks leaves nothing under the name, nor beside it."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    command = [AUTHKIT, "--record", str(folder / "it.toml"), "login", "new-one"]
    child = spawn(command, home.environ)
    child.expect_exact("AWS Access Key ID: ")
    child.kill(signum)
    child.wait()
    assert child.signalstatus == signum
    assert [*folder.iterdir()] == []


def test_a_recording_is_the_owners_alone(home: Home, tmp_path: Path) -> None:
    """The file has mode 0600 whatever the umask is, and what it says of the machine is its zone."""
    file = tmp_path / "it.toml"
    line = f"umask 000; exec {BIN / 'authkit'} --record {file} whoami somebody-secret --offline"
    done = finished(["sh", "-c", line], {**home.environ, "TZ": "Asia/Tokyo"}, check=False)
    assert done.returncode == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["it.toml"]
    written = file.read_text("utf-8")
    assert 'zone = "Asia/Tokyo"' in written
    for secret in ("somebody", str(tmp_path), str(home.path)):
        assert secret not in written
    assert replayed(reading.parse(written, file)) == ""
