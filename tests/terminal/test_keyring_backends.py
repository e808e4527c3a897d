"""The program that tries keyring backends, on those that are always there, and its table."""

from __future__ import annotations

from pathlib import Path

from tests.terminal.keyring_backends import HEAD, row
from tests.terminal.keyring_table import BACKENDS

PAGE = Path(__file__).parents[2] / "docs" / "keyrings.md"
OWN = BACKENDS[0]


def test_authkits_own_file() -> None:
    """B-S09: it is asked for on a terminal, opened without one, and nothing is lost."""
    cells = cells_of(row(OWN))
    assert cells[0] == "authkit's encrypted file"
    assert cells[2].endswith(": works")
    assert cells[3].endswith(": works")
    assert cells[4].startswith(("the old entry", "needs strace"))
    assert cells[5] == "60 of 60 kept"
    page = cells_of(on_the_page()[0])
    assert page[:4] + page[5:] == cells[:4] + cells[5:], "the page shows another run"


def cells_of(line: str) -> list[str]:
    """Return the cells of a row."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def on_the_page() -> list[str]:
    """Return the rows of the table in docs/keyrings.md."""
    return PAGE.read_text("utf-8").split(HEAD, 1)[1].split("\n\n", 1)[0].strip().splitlines()


def test_backends_that_keep_nothing() -> None:
    """B-S05: authkit does not use them, and says so."""
    for backend in BACKENDS[-2:]:
        assert "There is no usable keyring: " in row(backend)


def test_the_page_has_a_row_for_each() -> None:
    """docs/keyrings.md quotes one run: every backend of the program, no other, and none untried."""
    table = [cells_of(line) for line in on_the_page()]
    assert [cells[0] for cells in table] == [one.name for one in BACKENDS]
    assert [cells[-1] for cells in table] == ["60 of 60 kept"] * (len(table) - 2) + ["-"] * 2
    assert "not tried: needs" not in PAGE.read_text("utf-8")
