"""The cached path costs few instructions: their ratio to those of the bare interpreter.

Both are counted in the same run, so neither the machine nor how the interpreter was compiled
matters; time would.  Where valgrind is not installed nothing is counted.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import instructions
from benchmarks.instructions import counted, ratio
from benchmarks.start_up import CACHED
from benchmarks.timing import Command
from tests.project.test_cached_path import AUTHKIT, config_file, environ_of, log_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(instructions.MISSING), reason=instructions.MISSING)

MOST = 1.25  # the ratio to the bare interpreter: a little over what holds of the dearest command


def python(home: Path, program: str, *arguments: str) -> Command:
    """Return a command that runs a program of Python in a home with a session."""
    if not config_file(home).parent.exists():
        config_file(home).parent.mkdir()
        log_in(home)
    kept = {name: text for name, text in environ_of(home).items() if not name.startswith("PYTHON")}
    return Command([sys.executable, "-c", program, *arguments], kept)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one home for all commands: none of them changes it."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def interpreter(home: Path) -> int:
    """Return the bare interpreter's instructions: to count takes seconds, so it is done once."""
    return counted(python(home, "pass"))


@pytest.mark.parametrize("name", CACHED)
def test_the_cached_path(home: Path, interpreter: int, name: str) -> None:
    """A command with a valid session takes at most so many instructions."""
    command = python(home, AUTHKIT, *CACHED[name])
    command()  # compiles what was not compiled yet
    assert counted(command) / interpreter <= MOST


def test_one_expensive_import_is_seen(home: Path) -> None:
    """The bound is so close that no more than one library module like `typing` breaks it."""
    command = python(home, f"import typing\n{AUTHKIT}", *CACHED["env"])
    assert ratio(command, python(home, "pass")).value > MOST


def test_a_count_is_of_a_command_that_succeeds(tmp_path: Path) -> None:
    """A command that fails is not counted: it would do less."""
    with pytest.raises(RuntimeError, match="exit status 3"):
        counted(python(tmp_path, "raise SystemExit(3)"))


def test_a_count_is_the_same_again(tmp_path: Path) -> None:
    """Two counts differ by less than a hundred: hashes of strings are not random while counting."""
    words = python(tmp_path, "{str(n) for n in range(5000)}")
    assert abs(counted(words) - counted(words)) < 100
