"""The program that tries keyring backends, on those that are always there, and its table."""

from __future__ import annotations

from pathlib import Path

from tests.terminal.keyring_backends import HEAD, row
from tests.terminal.keyring_table import BACKENDS

PAGE = Path(__file__).parents[2] / "docs" / "keyrings.md"
OWN = BACKENDS[0]


def test_authkits_own_file() -> None:
    """B-S09: it is asked for on a terminal, opened without one, and nothing is lost."""
    cells = [cell.strip() for cell in row(OWN).strip("|").split("|")]
    assert cells[0] == "authkit's encrypted file"
    assert cells[2].endswith(": works")
    assert cells[3].endswith(": works")
    assert cells[4].startswith(("the old entry", "needs strace"))
    assert cells[5] == "60 of 60 kept"


def test_backends_that_keep_nothing() -> None:
    """B-S05: authkit does not use them, and says so."""
    for backend in BACKENDS[-2:]:
        assert "There is no usable keyring: " in row(backend)


def test_the_page_has_a_row_for_each() -> None:
    """docs/keyrings.md quotes one run: every backend of the program, no other, and none untried."""
    page = PAGE.read_text("utf-8")
    table = page.split(HEAD, 1)[1].split("\n\n", 1)[0].strip().splitlines()
    assert [line.split("|")[1].strip() for line in table] == [one.name for one in BACKENDS]
    assert "not tried: needs" not in page
