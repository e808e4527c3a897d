"""The man page: mandoc finds nothing wrong, and it has every command and option."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from authkit.arguments import COMMANDS, OPTIONS
from docs import man_page
from tests.support.pty_tools import finished

if TYPE_CHECKING:
    from pathlib import Path

needs_mandoc = pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed")


def complaints(page: Path) -> str:
    """Return what mandoc says of a page, in its strictest way."""
    done = finished(["mandoc", "-T", "lint", "-W", "style", str(page)], check=False)
    return done.stdout + done.stderr


@needs_mandoc
def test_mandoc_finds_nothing_wrong(tmp_path: Path) -> None:
    """The page is right, also in style; one with a list that has no end is not."""
    assert complaints(man_page.FILE) == ""
    broken = tmp_path / "authkit.1"
    broken.write_text(man_page.FILE.read_text("utf-8").replace(".El\n", "", 1), "utf-8")
    assert "Bl" in complaints(broken)


@needs_mandoc
def test_it_has_every_command_and_option() -> None:
    """As shown by mandoc, with hyphens that can be copied."""
    shown = finished(["mandoc", "-T", "utf8", "-O", "width=200", str(man_page.FILE)]).stdout
    text = re.sub(".\b", "", shown)  # bold and underlined
    assert [name for name in COMMANDS if f"authkit {name}" not in text] == []
    assert [flag for flag in OPTIONS if not re.search(rf"{flag}(?![a-z-])", text)] == []
    for name, command in COMMANDS.items():
        synopsis = re.search(
            rf"^ *authkit {name} ([^\0]*?)(?=\n *authkit|\n\n)", text, re.MULTILINE
        )
        assert synopsis
        assert command.usage or all(f"[{flag}" in synopsis[1] for flag in command.options)


def test_texts_that_look_like_macros() -> None:
    """A dot or a quote at the beginning of a line, a backslash, a wrapped line, two sentences."""
    assert man_page._text(".config is a file.  It is read. 'x' \\") == [  # noqa: SLF001
        "\\&.config is a file.",
        "It is read.",
        "\\&'x' \\e",
    ]
    assert man_page._text("a-b " * 20) == [" ".join(["a\\-b"] * 15), " ".join(["a\\-b"] * 5)]  # noqa: SLF001
