"""What the benchmarks measure beside time: peak memory, and what is imported."""

from __future__ import annotations

import json
import os
import re
import sys

import pytest

from benchmarks import imports
from benchmarks.imports import INTERPRETER, OTHERS, OURS, Share, owner, shares
from benchmarks.memory import peak
from benchmarks.timing import Command

ENVIRON = {"PATH": os.defpath}
BARE = """\
import time: self [us] | cumulative | imported package
import time:        50 |         50 |   _stat
import time:       100 |        150 | site
"""
RUN = f"""{BARE}\
import time:        10 |         10 |     enum
import time:        30 |         40 |   re
import time:         7 |         47 | authkit.cli
import time:         5 |          5 | gc
import time:         1 |          1 | errno
"""


def python(program: str) -> Command:
    """Return a command that runs a program of Python."""
    return Command([sys.executable, "-c", program], ENVIRON)


def test_a_peak_is_the_command_s_own() -> None:
    """It does not begin with what the measuring process has taken, and counts what was freed."""
    taken = bytearray(200_000_000)
    bare, more = peak(python("pass")), peak(python("len(b'x' * 40_000_000)"))
    assert len(taken) / 1e6 > more > bare + 35
    assert peak(Command(["/bin/true"], ENVIRON)) < bare


def test_a_command_that_fails_has_no_peak() -> None:
    """It would have needed less."""
    with pytest.raises(RuntimeError, match="exit status 3"):
        peak(python("raise SystemExit(3)"))


def test_who_imports_what() -> None:
    """A module counts for what authkit imports, and those of the bare interpreter for it."""
    modules = {module.name: module for module in imports.imports(RUN)}
    assert modules["enum"].importers == ("authkit.cli", "re")
    before = {"_stat", "site"}
    owners = {name: owner(module, before) for name, module in modules.items()}
    assert owners == {
        "_stat": INTERPRETER,
        "site": INTERPRETER,
        "enum": "re",
        "re": "re",
        "authkit.cli": OURS,
        "gc": "gc",
        "errno": "errno",
    }


def test_shares_are_medians() -> None:
    """A run that is slow once does not count; the interpreter and authkit stand first."""
    slow = RUN.replace(" 30 |", "9000 |")
    assert shares([RUN, RUN, slow], BARE) == {
        INTERPRETER: Share(2, 150),
        OURS: Share(1, 7),
        "re": Share(2, 40),
        "gc": Share(1, 5),
        OTHERS: Share(1, 1),
    }


def test_the_picture_is_the_run_s() -> None:
    """The committed picture is made from the committed figures, and shows every command."""
    run = json.loads(imports.RUN.read_text(encoding="utf-8"))
    picture = imports.picture(run)
    assert imports.PICTURE.read_text(encoding="utf-8") == picture
    for name, told in run["commands"].items():
        total = sum(microseconds for _, microseconds in told.values()) / 1000
        assert re.search(rf">{name}</text>(.|\n)*?>{total:.1f}</text>", picture)
