"""What a walk costs, and that what it saves changes nothing that is found."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.explore import beginnings, process, reduction
from tests.explore.chooser import Chooser, MisfitError, Walk
from tests.explore.commands import Command, by_name
from tests.explore.explorer import Explorer
from tests.explore.judge import Judge
from tests.explore.process import Process, Surroundings
from tests.explore.remembered import remembering
from tests.explore.spellings import Spelling
from tests.explore.spoilt import SPOILT, Spoilt
from tests.explore.test_laws_notice import spoil
from tests.explore.wrong_lines import MEANS_NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.explore.explorer import Path

# Calls of functions a path of `login`, walked in full to depth one: 3,007 when it was measured.
# Of these the laws about words and files take 240, and the real code that says whether anybody
# can be asked 60.
MOST_CALLS = 3_050


def ends(explorer: Explorer, name: str, *, marks: bool) -> list[tuple[Path, object]]:
    """Return the paths of a command to depth one, each with the machine that it leaves."""
    paths = walked(explorer, name, 1, marks=marks)
    return [(path, explorer.machine and explorer.machine.state()) for path in paths]


def walked(explorer: Explorer, name: str, depth: int, *, marks: bool = True) -> Iterator[Path]:
    """Yield the paths of a command; without `marks` each is judged from its start."""
    walk = Walk(depth)
    for node in walk:
        mark = node.mark if marks else None
        yield explorer.walk(by_name(name), node.prefix, node.left, mark)
        walk.expand(node, explorer.chooser)


@pytest.mark.parametrize("name", ["login", "exec-role", "login+login", "import", "logout"])
def test_a_path_is_judged_from_where_it_branches_off(name: str) -> None:
    """Its events, and how often each law was exercised, are those of one judged from the start."""
    shared, whole = Explorer(full=True), Explorer(full=True)
    assert ends(shared, name, marks=True) == ends(whole, name, marks=False)
    assert shared.counts == whole.counts


@pytest.mark.parametrize("spoilt", SPOILT, ids=[row.law for row in SPOILT])
def test_what_breaks_laws_is_found_from_there_too(
    spoilt: Spoilt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With authkit changed for the worse each path has the same complaints both ways."""
    spoil(monkeypatch, spoilt)
    shared, whole = Explorer(full=True), Explorer(full=True)
    found = [path.complaints for path in walked(shared, spoilt.command, 1)]
    assert found == [path.complaints for path in walked(whole, spoilt.command, 1, marks=False)]


@pytest.mark.parametrize("name", ["login", "exec-role", "configure-config"])
def test_remembered_results_change_no_path(name: str) -> None:
    """What is worked out once for all paths gives the events that each would give by itself."""
    alone = [*walked(Explorer(full=True), name, 1)]
    with remembering():
        assert [*walked(Explorer(full=True), name, 1)] == alone


def test_a_path_costs_no_more_calls_than_it_did() -> None:
    """The calls of functions that a path takes, walked and judged, stay under a bound."""
    calls = 0

    def count(_frame: object, event: str, _about: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    with remembering():
        for _ in walked(Explorer(full=True), "login", 1):
            pass
        explorer, before = Explorer(full=True), sys.getprofile()
        sys.setprofile(count)
        try:
            paths = sum(1 for _ in walked(explorer, "login", 1))
        finally:
            sys.setprofile(before)
    assert calls / paths < MOST_CALLS


def test_no_more_states_are_kept_than_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the bound nothing is added: more is walked, and the same is found."""
    known = Explorer()
    paths = len([*walked(known, "login", 1)])
    monkeypatch.setattr(reduction, "MOST", len(known.known) // 2)
    bounded = Explorer()
    assert len([*walked(bounded, "login", 1)]) >= paths
    assert len(bounded.known) == reduction.MOST


def test_nothing_is_kept_where_nothing_is_cut() -> None:
    """With the reduction off memory does not grow with the states."""
    explorer = Explorer(full=True)
    assert [*walked(explorer, "login", 1)]
    assert not explorer.known


# Fields that tell how the machine begins, and so are in its state; and what only names it.
OF_THE_BEGINNING = {"name", "starts", "begins", "answers", "beside"}
OTHERWISE = {"real"}  # real parts are states of their own (``Explorer._state``)


@pytest.mark.parametrize("field", sorted({*Command._fields} - OF_THE_BEGINNING - OTHERWISE))
def test_what_a_command_is_belongs_to_the_state(field: str) -> None:
    """No path is cut at one of a command that differs in what can follow."""
    login = by_name("login")
    others: dict[str, Any] = {
        "environ": {"X": "1"},
        "line": ("whoami",),
        "spelt": Spelling(login.line, ("login",)),
        "wrong": MEANS_NOTHING,
    }
    changed = others.get(field, "1")
    around = Surroundings(beginnings.begin(login, Chooser()), Chooser(), Judge())
    one, other = (Process(each, around, 1) for each in (login, login._replace(**{field: changed})))
    assert one.state() != other.state()


def test_an_option_that_is_not_there_is_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where what is run catches the error, which a shrunk path may meet anywhere."""

    def swallows(self: Process) -> int:
        with suppress(BaseException):
            runs(self)
        return 0

    runs = process.Process.run
    monkeypatch.setattr(process.Process, "run", swallows)
    with pytest.raises(MisfitError):
        Explorer(full=True).walk(by_name("login"), (0,) * 11 + (9,))
