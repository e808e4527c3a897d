"""The two ways to replay stories: pytest, and ``python -m scenarios``."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from authkit import __version__
from scenarios.replay.runner import command
from scenarios.replay.story import reading
from tests.support.story_tools import HEAD, ROOT, STEP

if TYPE_CHECKING:
    from pathlib import Path

# Ours, and without one that would be imported anew in every run.
PLUGINS = ("-p", "scenarios.replay.runner.collect", "-p", "no:hypothesispytest")

GOOD = f"{HEAD}[[step]]\nrun = 'authkit --version'\nshows = 'authkit {__version__}'\n"
BAD = GOOD.replace(__version__, "0.0.0")


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of scenarios of its own, with pytest and python -m scenarios in it."""
    monkeypatch.delenv("CI", raising=False)
    folder = pytester.mkdir("scenarios")
    monkeypatch.setattr(reading, "STORIES", folder)
    return folder


def collect(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest there."""
    return pytester.runpytest_inprocess(*PLUGINS, *arguments)


def test_pytest_has_one_test_per_file_and_level(pytester: pytest.Pytester, folder: Path) -> None:
    """Ids are file and level; a level that is excepted has no test."""
    (folder / "theme").mkdir()
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    other = folder / "theme" / "other.toml"
    other.write_text(f"except.boto3 = 'why'\n{GOOD}", encoding="utf-8")
    (folder / "notes.txt").write_text("not a story", encoding="utf-8")
    run = collect(pytester, "--collect-only", "-q")
    ids = [line for line in run.outlines if "::" in line]
    assert ids == [
        "scenarios/good.toml::fakes",
        "scenarios/good.toml::boto3",
        "scenarios/good.toml::terminal",
        "scenarios/theme/other.toml::fakes",
        "scenarios/theme/other.toml::terminal",
    ]
    collect(pytester, "scenarios/good.toml::boto3").assert_outcomes(passed=1)


def test_pytest_says_how_long_the_levels_took(pytester: pytest.Pytester, folder: Path) -> None:
    """Each level that was run, with how many stories it had."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    (folder / "other.toml").write_text(f"except.boto3 = 'why'\n{GOOD}", encoding="utf-8")
    run = collect(pytester, "-k", "fakes or boto3")
    run.stdout.re_match_lines([r"scenarios at fakes \d+\.\d s \(2\), boto3 \d+\.\d s \(1\)$"])


def test_pytest_shows_the_story_and_no_stack(pytester: pytest.Pytester, folder: Path) -> None:
    """A failure points into the story; a file that is none, at its line."""
    (folder / "bad.toml").write_text(f"{HEAD}{STEP}show = 1\n", encoding="utf-8")
    (folder / "good.toml").write_text(BAD, encoding="utf-8")
    run = collect(pytester, "--continue-on-collection-errors")
    run.assert_outcomes(failed=3, errors=1)
    said = run.stdout.str()
    assert "scenarios/bad.toml:6: there is no key 'show' here" in said
    assert "scenarios/good.toml:4: at level boto3: authkit --version" in said
    assert "Traceback" not in said
    assert ".py:" not in said


def test_the_command_shows_transcripts_and_sums_up(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each story once, however many levels; the last line counts; the exit status tells."""
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
    """One that does not hold and one that is none: exit 1, and both are said."""
    (folder / "bad.toml").write_text(f"{HEAD}{STEP}show = 1\n", encoding="utf-8")
    (folder / "good.toml").write_text(BAD, encoding="utf-8")
    assert command.main(["--level", "fakes"]) == 1
    said = capsys.readouterr().out
    assert "bad.toml:6: there is no key 'show' here" in said
    assert "good.toml:4: at level fakes" in said
    assert said.splitlines()[-1].endswith(": 2 failed")


def test_the_command_lists_stories(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, what it is about, and what it shows."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    assert command.main(["--list"]) == 0
    assert capsys.readouterr().out == "good: a (B-L01)\n"


def test_the_command_knows_no_other_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """docs/contract.md: exit 1, with the nearest names, of a story or level that there is not."""
    for name in ("rotation", "recovery", "logout"):
        (folder / f"{name}.toml").write_text(GOOD, encoding="utf-8")
    assert command.main(["rotatoin"]) == 1
    assert "there is no scenario rotatoin; the nearest are: rotation" in capsys.readouterr().err
    with pytest.raises(SystemExit) as raised:
        command.main(["--level", "dreams"])
    assert raised.value.code == 1


def test_a_folder_is_named_where_no_story_has_the_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
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
    assert listed(str(folder / "rotation")) == ["other", "rotation"]
    assert listed(str(folder)) == ["other", "over", "rotation"]


def test_it_is_a_program() -> None:
    """`python -m scenarios` replays a story by name or path."""
    run = [sys.executable, "-m", "scenarios", "rotation", "scenarios/rotation/rotation.toml"]
    done = subprocess.run([*run, "--level", "fakes"], cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert done.stdout.decode().count("$ authkit login dev-admin\n") == 2


def test_its_reader_may_leave() -> None:
    """`python -m scenarios --list | head -1` shows a line, and no traceback."""
    command = f"{sys.executable} -m scenarios --list | head -1"
    done = subprocess.run(  # noqa: S602 - our own
        command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
