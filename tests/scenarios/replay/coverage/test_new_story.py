"""coverage.new_story: ``python -m scenarios new``."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.coverage import new_story
from scenarios.replay.runner.replay import replay
from scenarios.replay.story import faults, reading
from tests.scenarios.replay.coverage.test_pasted import SCREEN

if TYPE_CHECKING:
    from pathlib import Path

ON = ["--on", "GetSessionToken", "--answer"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place of scenarios/, with one story of throttling."""
    shutil.copytree(reading.story_file("throttled-twice").parent, tmp_path / "throttling")
    monkeypatch.setattr(reading, "STORIES", tmp_path)
    return tmp_path


def test_a_story_is_written_beside_its_like(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder and the line are those of the stories of the same rule; it holds."""
    assert new_story.main(["busy", *ON, "ThrottledException", "--times", "2"]) == 0
    story = reading.read(folder / "throttling" / "busy.toml")
    assert (story.rules, story.shows_that) == (("throttled",), ("B-L18",))
    replay(story, "fakes")
    said = capsys.readouterr().out
    assert "busy.toml is written, and holds at level fakes." in said
    assert "python -m scenarios busy --level fakes --level boto3 --level terminal" in said


def test_other_places(folder: Path) -> None:
    """A folder may be named; a failure of a port and an unknown code have folders of their own."""
    assert new_story.main(["two", *ON, "TeapotException"]) == 0
    assert new_story.main(["odd/one", *ON, "TeapotException", "--message", "Short."]) == 0
    assert "AWS says: Short." in (folder / "odd" / "one.toml").read_text("utf-8")
    assert new_story.main(["three", "--on", "keyring.get", "--answer", "locked"]) == 0
    assert (folder / "denial" / "two.toml").is_file()
    assert (folder / "keyring" / "three.toml").is_file()


def test_a_code_that_is_near_a_known_one(folder: Path) -> None:
    """It is taken where that is said."""
    assert new_story.main(["four", *ON, "Throtling", "--unheard-of"]) == 0
    assert "unheard_of = true" in (folder / "denial" / "four.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["throttled-twice", *ON, "Throttling"], "there is a story throttled-twice already"),
        (["a", "--on", "GetSessionToken"], "what fails?  Give --on and --answer"),
        (["a", *ON, "Throttling", "--command", "whoami"], "whoami never calls"),
        (["a", "--on", "keyring.set", "--answer", "locked", "--command", "list"], "not happen"),
        (["a", "--from", sys.executable], "is not UTF-8"),
        (["../a", *ON, "Throttling"], "../a: write a name like"),
        (["../a/b", *ON, "Throttling"], "../a/b: write a name like"),
        (["a b", *ON, "Throttling"], "a b: write a name like"),
        (["A", *ON, "Throttling"], "A: write a name like"),
        (["a", "--on", "keyring.get", "--answer", "x", "--command", "x"], "no command x;"),
        (["a", "--from", "/no/such/file"], "/no/such/file: No such file or directory\n"),
        (["a", *ON, "Throtling"], "there is no answer Throtling; did you mean 'Throttling'?"),
        (["a", *ON, "timout"], "there is no answer timout; did you mean 'timeout'?"),
        (["a", *ON, "Throttling", "--times", "9"], "GetSessionToken does not happen 9 times"),
    ],
)
def test_what_cannot_be_written(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """One line says why, exit status 1, and there is no file."""
    before = {*folder.rglob("*.toml")}
    assert new_story.main(arguments) == 1
    assert said in capsys.readouterr().err
    assert {*folder.rglob("*.toml")} == before


@pytest.mark.parametrize("on", [*faults.KEYRING, *faults.STATE])
def test_every_fault_point_has_a_command(folder: Path, on: str) -> None:
    """Without --command a failure is written at every fault point, in the folder of its port."""
    answer = "failing" if on in faults.KEYRING else "no room"
    assert new_story.main(["it", "--on", on, "--answer", answer]) == 0
    (path,) = folder.rglob("it.toml")
    assert path.parent.name == ("keyring" if on in faults.KEYRING else "state")


def test_a_fault_of_a_proxy_has_one(folder: Path) -> None:
    """What a proxy answers is written with the proxy, and with why it is not at a terminal."""
    assert new_story.main(["it", *ON, "proxy 407"]) == 0
    (path,) = folder.rglob("it.toml")
    assert reading.read(path).environ == {"HTTPS_PROXY": "http://proxy.example.com:3128"}


def test_a_pasted_screen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its command, options and code are the story's; nothing of somebody's world is copied."""
    screen = folder / "screen.txt"
    screen.write_text(f"{SCREEN}  AWS says: marked words\n", encoding="utf-8")
    assert new_story.main(["seen", "--from", str(screen)]) == 0
    text = (folder / "denial" / "seen.toml").read_text("utf-8")
    assert 'run   = "authkit login dev-admin --force"' in text
    assert "QuotaExceededException" in text
    assert "Enter MFA Token: 123456" in text
    for marked in ("jane", "prod", "998877665544", "818181", "0f1e2d3c", "marked words"):
        assert marked not in text
    assert "    AWS says: marked words" in capsys.readouterr().out


def test_a_wrong_code_of_a_pasted_screen(folder: Path) -> None:
    """No message of AWS is shown there; the story's fault has it."""
    screen = folder / "screen.txt"
    screen.write_text("$ authkit login a\nEnter MFA Token: 1\n✗ AWS refused the code.\n", "utf-8")
    assert new_story.main(["seen", "--from", str(screen)]) == 0
    (path,) = folder.rglob("seen.toml")
    assert reading.read(path).rules == ("mfa-code-refused",)
