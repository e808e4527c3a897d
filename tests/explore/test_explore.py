"""The exploration as a program: ``python -m tests.explore``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from authkit.commands import whoami
from scenarios.replay.story import reading
from tests.explore import answers, bounded, chooser, depths, history, imports, naming
from tests.explore import run as explore_run
from tests.explore.__main__ import main
from tests.explore.claims_heard import CLAIMS
from tests.explore.commands import COMMANDS, by_name
from tests.explore.explorer import Explorer
from tests.explore.judge import NAMES, THE_END
from tests.explore.machine import NAME
from tests.explore.situations import SITUATIONS

ENOUGH = 0.95
DOCS = Path(__file__).parents[2] / "docs"
FIELDS = ["paths", "states", "laws", "never_taken", "seconds", "paths_a_second", "complaints"]


def explored(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[int, str, dict[str, Any]]:
    """Run the program; return its status, what it prints, and its last line."""
    status = main(line)
    *printed, last = capsys.readouterr().out.splitlines()
    return status, "\n".join(printed), json.loads(last)


@pytest.mark.parametrize("name", depths.NAMES)
def test_the_bounded_walk(name: str) -> None:
    """B-L01 to B-L28, B-W01 to B-W06, B-E01 to B-E07, B-O01, B-C01 to B-C03: no complaint.

    B-S02 to B-S06, B-K03, B-A04: nor with any failure of any call.

    It does not walk less than it did: the counts are in bounded.json, and a twentieth is left
    to changes of authkit.
    """
    run = bounded.walked(name)
    assert run.complaints == []
    before, now = json.loads(bounded.COUNTS.read_text())[name], bounded.counted(run)
    assert now["paths"] >= ENOUGH * before["paths"]
    assert now["states"] >= ENOUGH * before["states"]
    less = {law for law, n in before["laws"].items() if now["laws"].get(law, 0) < ENOUGH * n}
    assert not less, "python -m tests.explore.bounded writes the counts anew"
    assert {*before["says"]} <= {*now["says"]}


def test_no_two_ways_have_one_name() -> None:
    """A way is chosen by its name, whatever it is a way of."""
    every = (naming.WAYS, naming.IN_REGIONS, naming.IN_FORMS, imports.WAYS)
    assert len({name for ways in every for name in ways}) == sum(map(len, every))


def test_every_claim_is_made() -> None:
    """Each claim of a message is made somewhere in the bounded walk, and so it was checked."""
    counts = json.loads(bounded.COUNTS.read_text())
    assert {words for of_command in counts.values() for words in of_command["says"]} == {*CLAIMS}


def test_every_law_is_exercised() -> None:
    """Each law is exercised by the bounded walk."""
    counts = json.loads(bounded.COUNTS.read_text())
    assert counts.keys() == {*depths.NAMES}
    exercised = {law for of_command in counts.values() for law in of_command["laws"]}
    assert exercised == {*NAMES}


def test_a_path_is_printed_as_a_story(capsys: pytest.CaptureFixture[str]) -> None:
    """--path walks one path, and prints what was chosen, what happened, and how to see it again."""
    status, story, summary = explored(capsys, "--path", "login:1")
    assert status == 0
    assert "entry: none" in story
    assert "AWS Access Key ID: AKIA" in story
    assert "Again: python -m tests.explore --path login:1" in story
    assert [*summary] == FIELDS
    assert summary["paths"] == 1
    assert summary["complaints"] == []


def test_what_was_walked_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The last line counts paths, states and laws, and names the options that were never taken."""
    status, _, summary = explored(capsys, "--depth", "1", "--command", "whoami-offline")
    assert status == 0
    assert summary["paths"] > 10
    assert summary["states"] >= summary["paths"]
    assert summary["laws"].keys() == {*NAMES}
    assert "entry: corrupt" not in summary["never_taken"]
    assert "stdout: its reader has gone" in summary["never_taken"], "it costs 2"


def test_the_shards_walk_each_path_once(capsys: pytest.CaptureFixture[str]) -> None:
    """With the reduction off, the shards' paths together are as many as those of one walk."""
    line = ("--depth", "2", "--command", "whoami-offline", "--full")
    whole = explored(capsys, *line)[2]["paths"]
    parts = [explored(capsys, *line, "--shard", f"{n}/3")[2]["paths"] for n in (1, 2, 3)]
    assert sum(parts) == whole
    assert min(parts) > whole / 6


def test_minutes_end_it(capsys: pytest.CaptureFixture[str]) -> None:
    """--minutes goes through all commands with rising depths until the time is up."""
    status, _, summary = explored(capsys, "--minutes", "0.005", "--command", "logout")
    assert status == 0
    assert summary["paths"] >= 1


def test_a_path_is_saved_as_a_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--save writes a path as a scenario file that can be read; a killed process has none."""
    saved = tmp_path / "saved.toml"
    explored(capsys, "--path", "login:1", "--save", str(saved))
    assert reading.read(saved).steps[0].run.startswith("authkit login")
    explorer = Explorer(full=True)
    explorer.walk(COMMANDS["login"], (1,))
    place = explorer.chooser.choices.index(answers.SET)
    killed = (1, *[0] * (place - 1), answers.SET.options.index(answers.KILLED))
    lost = tmp_path / "lost.toml"
    path = f"login:{','.join(map(str, killed))}"
    _, printed, _ = explored(capsys, "--path", path, "--save", str(lost))
    assert "Not saved" in printed
    assert not lost.exists()


def test_a_recording_is_not_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path of a command that records has no recording of its own."""
    saved = tmp_path / "saved.toml"
    _, printed, _ = explored(capsys, "--path", "login-record:1", "--save", str(saved))
    assert "Not saved: a recording cannot be saved as a story (login-record:1)" in printed
    assert not saved.exists()


def test_a_path_that_never_ends_is_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that loops, and calls no port, breaks the law that the end is an end."""

    def run(*_: object) -> int:
        while True:
            pass

    monkeypatch.setattr(whoami, "run", run)
    monkeypatch.setattr(explore_run, "PATIENCE", 0.5)
    status, _, summary = explored(capsys, "--depth", "0", "--command", "whoami-offline")
    assert status == 1
    assert summary["complaints"] == [{"law": THE_END, "path": "whoami-offline:"}]


def test_a_history_is_one_path(capsys: pytest.CaptureFixture[str]) -> None:
    """After a command another one may follow, in the same machine."""
    explorer = Explorer(full=True)
    explorer.walk(COMMANDS["logout"], ())
    then = (*explorer.chooser.taken[:-1], history.THEN.options.index("whoami"))
    path = f"logout:{','.join(map(str, then))}"
    status, story, _ = explored(capsys, "--path", path)
    assert status == 0
    assert "then whoami" in story
    assert f"{NAME} has no session" in story


def test_processes_go_on_in_turn(capsys: pytest.CaptureFixture[str]) -> None:
    """With --processes 2 another authkit may go on before each effect on what both share."""
    status, _, summary = explored(
        *(capsys, "--processes", "2", "--depth", "1", "--command", "logout")
    )
    assert status == 0
    taken = [option for option in summary["never_taken"] if option.startswith("goes on")]
    assert taken == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--command nothing", "there is no command nothing"),
        ("--command whoami-ofline", "the nearest is whoami-offline"),
        ("--command login+logut", "there is no command logut; the nearest is logout"),
        ("--path login", "login: a path is written COMMAND:0,2,1"),
        ("--path nothing:1", "there is no command nothing"),
        ("--shard 4/3", "4/3 is not I/N with I from 1 to N"),
        ("--shard 0/3", "0/3 is not I/N with I from 1 to N"),
        ("--shard a", "a is not I/N with I from 1 to N"),
        ("--depth -1", "-1 is no whole number from 0 on"),
        ("--minutes -1", "-1 is no number above 0"),
        ("--minutes 0", "0 is no number above 0"),
        ("--minutes nan", "nan is no number above 0"),
        ("--processes 0", "0 is no whole number from 1 on"),
        ("--save-states /nonexistent/x", "no file can be written at /nonexistent/x"),
        ("--save /nonexistent/x", "no file can be written at /nonexistent/x"),
    ],
)
def test_a_line_that_walks_nothing(
    line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What would walk nothing, or lose what is walked, ends before it, with exit status 2."""
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_an_option_that_is_not_there() -> None:
    """A path that takes an option which there is not ends with exit status 2."""
    assert main(["--path", "login:99"]) == 2


@pytest.mark.parametrize(
    ("page", "path"),
    [
        (page.name, path)
        for page in sorted(DOCS.glob("*.md"))
        for path in re.findall(r"--path (\S+:[\d,]+)", page.read_text())
    ],
)
def test_a_path_of_a_page_is_there(page: str, path: str) -> None:
    """What a page shows can be typed: each choice of such a path has the option, and is met."""
    name, prefix = chooser.read(path)
    taken = Explorer(full=True).walk(by_name(name), prefix).taken
    assert taken[: len(prefix)] == prefix, page


def test_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """--list names the commands and the situations."""
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == [*COMMANDS, *SITUATIONS]
