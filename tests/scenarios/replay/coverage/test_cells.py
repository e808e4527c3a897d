"""coverage.cells: the table of what there is to be shown is true, and so are the reasons."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from authkit.arguments import COMMANDS
from authkit.core.messages import MESSAGES
from authkit.core.rules import RULES
from scenarios.replay.coverage import cells
from scenarios.replay.coverage.noted import KEYS, SESSION, Call, Noted, Point, noted
from scenarios.replay.story import reading
from tests.support.story_tools import ROOT

if TYPE_CHECKING:
    import pytest


@cache
def shown() -> Noted:
    """Return what all stories show."""
    return noted(reading.stories())


def test_the_calls_are_those_that_commands_make() -> None:
    """Each call of the table is made in some story, and no story makes another."""
    assert {call._replace(answer="") for call in shown().calls} == {*cells.CALLS}


def test_the_fault_points_are_those_that_commands_come_to() -> None:
    """Each point of the table is come to in some story, and no story comes to another."""
    assert {point.name for point in shown().points} == {*cells.POINTS}


def test_every_command_calls_sts_or_says_why_not() -> None:
    """A command makes each of the calls, or has a reason."""
    operations = {call.operation for call in cells.CALLS}
    for command in COMMANDS:
        made = {call.operation for call in cells.CALLS if call.command == command}
        assert (made == operations) != (command in cells.NOT_CALLED), command


def test_refusals_are_alike_by_the_rows_about_them() -> None:
    """Throttling has four codes; ValidationError means something to AssumeRole alone."""
    assert cells.about("Throttling", "AssumeRole") == ("throttled",)
    assert cells.about("ThrottledException", "AssumeRole") == ("throttled",)
    assert cells.about("no answer", "GetCallerIdentity") == ("unreachable",)
    assert cells.about("ValidationError", "AssumeRole") == ("role-duration",)
    assert cells.about("ValidationError", "GetSessionToken") == cells.about(cells.OTHER, "")
    assert cells.refusal("TeapotException") == cells.OTHER


def test_a_cell_is_shown_or_alike_or_missing() -> None:
    """One story of a code shows it there, is enough for its like, and for nothing else."""
    found, call = Noted(), Call("GetSessionToken", KEYS, "login")
    found.calls[call._replace(answer="Throttling")].add("busy")
    by_answer = {cell.answer: cell for cell in cells.refusals(found) if cell.call == call}
    assert by_answer["Throttling"].stories == ("busy",)
    assert by_answer["ThrottledException"].alike == "Throttling"
    assert by_answer["AccessDenied"].missing
    elsewhere = [cell for cell in cells.refusals(found) if cell.call.credentials == SESSION]
    assert all(cell.missing for cell in elsewhere)


def test_a_reason_to_wait_is_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell with a reason is not missing, unless a story shows it."""
    found = Noted()
    found.points[Point("mark.set", "login", failed=False)].add("any")
    assert [cell.missing for cell in cells.failures(found)] == [True]
    monkeypatch.setitem(cells.WAITS, ("mark.set", "", "login"), "because")
    assert [cell.waits for cell in cells.failures(found)] == ["because"]
    found.points[Point("mark.set", "login", failed=True)].add("full")
    assert [cell.waits for cell in cells.failures(found)] == [""]


def test_no_reason_is_out_of_date() -> None:
    """What waits is shown by no story, exists, and is shown by a file that exists."""
    assert {*cells.MESSAGES_WAIT} <= {*MESSAGES}
    assert not {*cells.MESSAGES_WAIT} & {*shown().messages}
    assert {*cells.RULES_WAIT} <= {rule.name for rule in RULES}
    assert not {*cells.RULES_WAIT} & {rule for rule, _ in shown().rules}
    reasons = (*cells.MESSAGES_WAIT.values(), *cells.RULES_WAIT.values())
    for why in reasons:
        assert (ROOT / why.rpartition(": ")[2]).is_file(), why
    table = {(c.answer, c.call.operation, c.call.command) for c in cells.refusals(shown())}
    table |= {(c.answer, "", c.call.command) for c in cells.failures(shown())}
    assert {*cells.WAITS} <= table


def test_the_specification_has_its_lines() -> None:
    """Their numbers, each once, in their order."""
    lines = cells.specified()
    assert lines[0] == "B-S01"
    assert len(lines) == len({*lines})
