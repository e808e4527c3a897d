"""runner.command: ``python -m scenarios``."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from authkit import __version__
from scenarios.replay.runner import command
from scenarios.replay.story import reading
from tests.support.pty_tools import ENVIRON, spawn
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


def test_without_a_name_one_story_is_told_and_the_others_have_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/contract.md: one line each, after the transcript of `rotation`."""
    for name in ("a-story", "rotation", "z-story"):
        (folder / f"{name}.toml").write_text(GOOD, encoding="utf-8")
    assert command.main([]) == 0
    said = capsys.readouterr()
    assert said.out.count("$ authkit --version") == 1
    names = [line.split()[1] for line in said.out.splitlines() if line.startswith("\u2713")]
    assert names == ["rotation", "a-story", "z-story"]
    assert said.out.index("--- rotation: holds at fakes; holds at boto3") < said.out.index("\u2713")
    assert said.err == ""


def test_pages_are_written_beside_the_replay(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A line names the index, a summary ends it; the verdict is the replay's."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    (folder / "bad.toml").write_text(BAD, encoding="utf-8")
    pages = tmp_path_factory.mktemp("pages") / "new"
    assert command.main(["good", "--level", "fakes", "--html", str(pages)]) == 0
    *_, index, summary = capsys.readouterr().out.splitlines()
    assert index == f"pages: {pages / 'index.html'}"
    assert summary.startswith("1 scenario at fakes ")
    assert (pages / "stories" / "good.html").exists()
    assert command.main(["--level", "fakes", "--html", str(pages)]) == 1
    assert (pages / "stories" / "bad.html").exists()


def test_pages_are_refused_before_a_replay(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In place of a file, in another's folder, and where nothing can be written."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    for where in (folder / "good.toml", folder / "good.toml" / "below"):
        assert command.main(["--html", str(where)]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith(f"--html {where}: ")


@pytest.mark.parametrize(
    ("environ", "colour", "bar"),
    [({}, True, True), ({"NO_COLOR": "1"}, False, True), ({"CI": "true"}, True, False)],
)
def test_on_a_real_terminal(environ: dict[str, str], *, colour: bool, bar: bool) -> None:
    """A bar that is gone at the end, colour unless NO_COLOR forbids it, no bar under CI."""
    run = [sys.executable, "-m", "scenarios", "rotation", "expired-at-whoami", "--level", "fakes"]
    screen = spawn(run, ENVIRON | environ)
    said = screen.read()
    assert screen.wait() == 0, said
    assert ("\x1b[1m--- rotation: " in said) == colour
    assert ("[##########..........] 1/2 expired-at-whoami" in said) == bar
    assert said.rstrip().endswith("\x1b[32mall hold\x1b[m" if colour else "s: all hold")


def test_pages_that_cannot_be_written(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line that names the file and the reason, exit status 1."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    (folder / "pages" / "style.css").mkdir(parents=True)
    assert command.main(["good", "--level", "fakes", "--html", str(folder / "pages")]) == 1
    said = capsys.readouterr().err
    assert said == f"--html {folder / 'pages' / 'style.css'}: Is a directory\n"
    monkeypatch.setitem(sys.modules, "jinja2", None)  # as where it is not installed
    assert command.main(["good", "--html", str(folder / "other")]) == 1
    assert "needs Jinja2: pip install" in capsys.readouterr().err


def test_ctrl_c_ends_it() -> None:
    """The authkit of a story does not take it for an answer: exit status 130, no traceback."""
    screen = spawn([sys.executable, "-m", "scenarios"], ENVIRON)
    screen.expect("rotation: holds at boto3|holds at fakes; holds at boto3")
    screen.sendintr()
    said = screen.read()
    assert screen.wait() == 130
    assert "Traceback" not in said
    assert "does not hold" not in said
    assert said.rstrip("^C\r\n ").endswith("\x1b[K")  # the bar is gone


def test_an_option_may_be_a_row_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A flag with `does`, and a word that takes the rest of the line, are called instead."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    seen: list[object] = []

    def see(what: object) -> int:
        seen.append(what)
        return len(seen) - 1

    row = command.Option("--look", {"action": "store_true"}, lambda _, paths: see(paths))
    monkeypatch.setattr(command, "OPTIONS", (*command.OPTIONS, row))
    monkeypatch.setattr(command, "COMMANDS", {"new": see})
    assert command.main(["--look"]) == 0
    assert command.main(["new", "NAME", "--on"]) == 1
    assert seen == [[folder / "good.toml"], ["NAME", "--on"]]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "line", ["--list --matrix", "--matrix --html x", "--against HEAD --level fakes"]
)
def test_options_that_do_not_go_together(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What would be left out without a word is an error that names both options."""
    with pytest.raises(SystemExit):
        command.main(line.split())
    assert "do not go together" in capsys.readouterr().err


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
    assert command.main(["no/rotation.toml"]) == 1
    assert "no/rotation.toml: there is no such file; the nearest are: " in capsys.readouterr().err
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
