"""Tests start programs in sessions of their own, unless they mean the terminal.

authkit asks on the controlling terminal where its standard input is a pipe, and the
tests' terminal is a developer's: a question there would wait for ever.  A process
whose input is the null device asks nobody.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]
OWN_SESSION = {"start_new_session", "preexec_fn"}


def starts(source: str) -> Iterator[ast.Call]:
    """Yield every call that starts a process with an input that is not the null device."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in STARTING:
            values = [k.value for k in node.keywords if k.arg in {"input", "stdin", None}]
            given = any("DEVNULL" not in ast.unparse(value) for value in values)
            if given or ast.unparse(node.func) == PIPES:
                yield node


PIPES = "PopenSpawn"  # pexpect's, always with a pipe
STARTING = {"subprocess.run", "subprocess.Popen", PIPES}


def astray(source: str) -> list[str]:
    """Return those of them that stay in the session of the tests."""
    named = ((call, {keyword.arg for keyword in call.keywords}) for call in starts(source))
    return [f"line {call.lineno}" for call, names in named if not names & OWN_SESSION]


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: path.stem)
def test_a_session_of_its_own(path: Path) -> None:
    """B-E09: a process that could ask has no terminal to ask at."""
    assert astray(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("subprocess.run(a, input='x')", ["line 1"]),
        ("subprocess.run(a, **given)", ["line 1"]),
        ("subprocess.Popen(a, stdin=subprocess.PIPE)", ["line 1"]),
        ("PopenSpawn(a)", ["line 1"]),
        ("subprocess.Popen(a, stdin=pipe, start_new_session=True)", []),
        ("PopenSpawn(a, preexec_fn=os.setsid)", []),
        ("subprocess.run(a, stdin=subprocess.DEVNULL)", []),
        ("subprocess.run(a)", []),
    ],
)
def test_what_is_found(source: str, found: list[str]) -> None:
    """The check itself: a pipe as input needs a session, the null device does not."""
    assert astray(source) == found
