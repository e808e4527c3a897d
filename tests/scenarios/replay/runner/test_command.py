"""runner.command: ``python -m scenarios``."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from authkit import __version__
from scenarios.replay.runner import command
from scenarios.replay.story import reading
from tests.support.story_tools import BAD, GOOD, HEAD, ROOT, SHOWS_THAT, STEP

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder in the place of scenarios/."""
    monkeypatch.setattr(reading, "STORIES", tmp_path)
    return tmp_path


def test_the_command_shows_transcripts_and_sums_up(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each step is printed once, however many levels; the last line counts; exit status 0."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    assert command.main(["good", "--level", "fakes", "--level", "boto3"]) == 0
    said = capsys.readouterr().out
    assert said.count(f"$ authkit --version\nauthkit {__version__}\n") == 1
    assert "good: holds at fakes; holds at boto3" in said
    assert said.splitlines()[-1].startswith("1 scenario at fakes ")
    assert said.splitlines()[-1].endswith(": all hold")


def test_the_command_fails_when_a_story_does(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A story that does not hold, and a file that is no story: both are reported, exit status 1."""
    (folder / "bad.toml").write_text(f"{HEAD}{STEP}show = 1\n", encoding="utf-8")
    (folder / "good.toml").write_text(BAD, encoding="utf-8")
    assert command.main(["--level", "fakes"]) == 1
    said = capsys.readouterr().out
    assert "bad.toml:6: there is no key 'show' here" in said
    assert "good.toml:4: at level fakes" in said
    assert said.splitlines()[-1].endswith(": 2 failed")


def test_the_command_lists_stories(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, what it is about, and the lines of the specification that it shows."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    assert command.main(["--list"]) == 0
    assert capsys.readouterr().out == f"good: a ({SHOWS_THAT})\n"


def test_the_command_knows_no_other_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """docs/contract.md: exit status 1 for an unknown story or level, with the nearest names."""
    for name in ("rotation", "recovery", "logout"):
        (folder / f"{name}.toml").write_text(GOOD, encoding="utf-8")
    assert command.main(["rotatoin"]) == 1
    assert "there is no scenario rotatoin; the nearest are: rotation" in capsys.readouterr().err
    with pytest.raises(SystemExit) as raised:
        command.main(["--level", "dreams"])
    assert raised.value.code == 1


def test_a_folder_is_named_where_no_story_has_the_name(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/contract.md: a NAME is a story's or else a folder's; a path or a slash says folder."""
    for name in ("expiry/over", "rotation/other", "rotation/rotation"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{name}.toml").write_text(GOOD, encoding="utf-8")

    def listed(argument: str) -> list[str]:
        assert command.main(["--list", argument]) == 0
        return [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()]

    assert listed("rotation") == ["rotation"]
    assert listed("expiry") == ["over"]
    assert listed("rotation/") == ["other", "rotation"]
    monkeypatch.chdir(folder.parent)
    assert listed(f"{folder.name}/rotation") == ["other", "rotation"]
    assert listed(str(folder)) == ["other", "over", "rotation"]


def test_it_is_a_program() -> None:
    """`python -m scenarios` replays a story that is named, or given by its path."""
    run = [sys.executable, "-m", "scenarios", "rotation", "scenarios/rotation/rotation.toml"]
    done = subprocess.run(  # noqa: S603 - our own program
        [*run, "--level", "fakes"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert done.stdout.decode().count("$ authkit login dev-admin\n") == 2


def test_its_reader_may_leave() -> None:
    """`python -m scenarios --list | head -1` prints a line, and no traceback."""
    command = f"{sys.executable} -m scenarios --list | head -1"
    done = subprocess.run(  # noqa: S602 - our own
        command,
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
