"""The child as a real program."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fakes.world import program
from fakes.world.children import Child
from tests.support.pty_tools import finished

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.support.simulator import Simulator


def run(folder: Path, child: Child, clock: str = "") -> subprocess.CompletedProcess[str]:
    """Write the program into the folder and run it; its environment is in environ.json."""
    program.write(folder / "child", child, clock, folder / "environ.json")
    return finished([str(folder / "child")], {"AWS_REGION": "eu-west-1"}, check=False)


def test_it_prints_and_exits(tmp_path: Path) -> None:
    """Its words end with a line end, its exit status is the child's."""
    done = run(tmp_path, Child(exit=255, says="oh"))
    assert (done.stdout, done.stderr, done.returncode) == ("oh\n", "", 255)
    assert run(tmp_path, Child(says="two\nlines\n")).stdout == "two\nlines\n"
    assert run(tmp_path, Child()).stdout == ""


def test_it_dies_of_a_signal(tmp_path: Path) -> None:
    """By the signal itself, not by an exit status above 128."""
    assert run(tmp_path, Child(signal=15)).returncode == -15


def test_it_writes_its_environment(tmp_path: Path) -> None:
    """The environment that the program was started with, as JSON."""
    run(tmp_path, Child())
    environ = json.loads((tmp_path / "environ.json").read_text(encoding="utf-8"))
    assert environ["AWS_REGION"] == "eu-west-1"


@pytest.mark.parametrize(
    ("fails", "error"), [("not found", FileNotFoundError), ("not executable", PermissionError)]
)
def test_it_cannot_be_started(tmp_path: Path, fails: str, error: type[OSError]) -> None:
    """It is not there, or not executable."""
    with pytest.raises(error):
        run(tmp_path, Child(fails=fails))


def test_its_time_passes_on_the_simulators_clock(tmp_path: Path, simulator: Simulator) -> None:
    """An hour passes there, none here."""
    simulator.control("clock", {"tick": False})
    simulator.control("clock", {"now": "2024-12-22T12:00:00Z"})
    run(tmp_path, Child(takes=timedelta(hours=1)), simulator.endpoint)
    assert simulator.control("clock")["now"] == "2024-12-22T13:00:00Z"
