"""coverage.page: what is missing comes first, with the command that starts a story of it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from scenarios.replay.coverage import cells, page
from scenarios.replay.coverage.cells import Cell
from scenarios.replay.coverage.new_story import planned
from scenarios.replay.coverage.noted import KEYS, Call, Noted, Point, noted
from scenarios.replay.coverage.writing import tried
from scenarios.replay.runner import command
from scenarios.replay.story import reading
from tests.scenarios.replay.coverage.test_cells import shown

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CALL = "GetSessionToken with keys, by login"
BUSY = Call("GetSessionToken", KEYS, "login", "Throttling")


def one() -> Noted:
    """Return what one story shows: a refusal, a failure of the keyring, a rule."""
    found = Noted()
    found.calls[BUSY].add("busy")
    found.points[Point("keyring.get", "list", failed=False)].add("busy")
    found.rules["throttled", "login"].add("busy")
    return found


def test_what_is_missing_comes_first() -> None:
    """Refusals of calls, failures, rules, codes, words of faults and messages."""
    lines = page.missing(one())
    assert lines[0] == (
        "GetCallerIdentity with keys, by login: AccessDenied: `python -m scenarios new NAME "
        "--on GetCallerIdentity --answer AccessDenied --command login`"
    )
    said = "\n".join(lines)
    assert "keyring.get fails in list: `python -m scenarios new NAME --on keyring.get" in said
    for kind in ("rule `unknown`", "code `ThrottledException`", "fault `garbage`"):
        assert f"{kind}: `python -m scenarios new NAME" in said
    assert "message `tip`" in lines  # nothing says what leads to it
    assert "rule `role-denied`: `python -m scenarios new NAME --on AssumeRole --answer Acc" in said
    for kind in (
        "rule `throttled`",
        "code `Throttling`",
        f"{CALL}: Throttling:",
        "message `no-home`",
    ):
        assert kind not in said
    assert page.page(one()).startswith("## What no story shows\n\nEach can happen")


def test_what_is_shown_stands_in_its_table() -> None:
    """A story, linked as the caller wants; what is like it; what nothing shows."""
    said = page.page(one(), lambda name: f"<{name}>")
    assert "| Throttling | <busy> |" in said
    assert "| ThrottledException | as Throttling |" in said
    assert "| keyring.get | list | nothing |" in said
    assert "| throttled | login | <busy> |" in said
    assert f"| no-home | waits: {cells.MESSAGES_WAIT['no-home']} |" in said
    assert "| B-L04 | tests alone |" in said


def test_many_stories_are_counted() -> None:
    """Five are named."""
    found = one()
    found.calls[BUSY] |= {f"busy-{number}" for number in range(7)}
    assert "| Throttling | busy, busy-0, busy-1, busy-2, busy-3, 3 more |" in page.page(found)


def test_the_command_of_every_cell_starts_its_story() -> None:
    """Each command of the table, tried: the call is made, and fails as it should."""
    for cell in (*cells.refusals(shown()), *cells.failures(shown())):
        command = page.start(cell)
        assert tried(planned(shlex.split(command)[4:])), command


def test_the_command_names_what_the_call_is_made_with() -> None:
    """A command of two words is one argument; a session is asked for."""
    cell = Cell("no answer", Call("GetCallerIdentity", "session", "user configure"))
    assert page.start(cell).endswith("--answer timeout --command 'user configure' --session")


def test_a_mistake_in_a_story_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its file and line, and no traceback; exit status 1."""
    (tmp_path / "bad.toml").write_text("about = 1\n", encoding="utf-8")
    assert command.main([str(tmp_path / "bad.toml"), "--matrix"]) == 1
    assert "bad.toml:1: " in capsys.readouterr().err


def test_it_is_an_option_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/contract.md: --matrix prints the page, of all stories or of those that are named."""
    assert command.main(["throttled-twice", "--matrix"]) == 0
    said = capsys.readouterr().out
    assert said == page.page(noted([reading.story_file("throttled-twice")]))
    assert "| Throttling | throttled-twice |" in said
