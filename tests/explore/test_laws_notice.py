"""Each law is broken by a change for the worse, and the reduction misses none of them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.explore.chooser import Walk
from tests.explore.commands import by_name
from tests.explore.explorer import Explorer
from tests.explore.judge import NAMES
from tests.explore.laws_of_calls import Budgets
from tests.explore.spoilt import SPOILT, Spoilt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.explore.explorer import Path

EACH = pytest.mark.parametrize("spoilt", SPOILT, ids=[row.law for row in SPOILT])
SMALL = ("whoami-offline", "login/no-input", "logout-keys", "login+login")  # walked as it is


def paths(name: str, depth: int, *, full: bool) -> Iterator[Path]:
    """Yield the paths of a command."""
    explorer, walk = Explorer(full=full), Walk(depth)
    for node in walk:
        yield explorer.walk(by_name(name), node.prefix, node.left)
        walk.expand(node, explorer.chooser)


def broken(name: str, depth: int, *, full: bool) -> set[str]:
    """Return the laws that the paths of a command break."""
    return {law for path in paths(name, depth, full=full) for law in path.complaints}


def spoil(monkeypatch: pytest.MonkeyPatch, spoilt: Spoilt) -> None:
    """Make the change."""
    if isinstance(spoilt.where, dict):
        monkeypatch.setitem(spoilt.where, spoilt.name, spoilt.by)
    else:
        monkeypatch.setattr(spoilt.where, spoilt.name, spoilt.by)


def test_every_law_has_a_change_that_breaks_it() -> None:
    """The table of changes names each law once."""
    assert sorted(row.law for row in SPOILT) == sorted(NAMES)


@EACH
def test_the_law_notices(spoilt: Spoilt, monkeypatch: pytest.MonkeyPatch) -> None:
    """With authkit changed for the worse, some path of depth two breaks the law."""
    spoil(monkeypatch, spoilt)
    found = (path for path in paths(spoilt.command, 2, full=True) if spoilt.law in path.complaints)
    assert next(found, None)


@pytest.mark.parametrize("name", SMALL)
def test_the_reduced_walk_finds_as_little(name: str) -> None:
    """On sound code neither walk finds anything, and the reduced one is no longer."""
    assert broken(name, 1, full=True) == broken(name, 1, full=False) == set()


@EACH
def test_the_reduced_walk_finds_the_same(spoilt: Spoilt, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a change for the worse the reduced walk breaks the same laws as the full one."""
    spoil(monkeypatch, spoilt)
    assert broken(spoilt.command, 1, full=False) == broken(spoilt.command, 1, full=True)


def test_what_a_law_remembers_is_part_of_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a law remembers something else each time, fewer paths end at a known state."""
    known = sum(path.cut for path in paths("logout-keys", 2, full=False))
    numbers = count()
    monkeypatch.setattr(Budgets, "memory", lambda _: (next(numbers),))
    assert sum(path.cut for path in paths("logout-keys", 2, full=False)) < known
