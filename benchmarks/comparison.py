"""Compares what authkit and other tools do in the same cases, run against the simulator.

    python -m benchmarks.comparison

Installs the tools into a virtual environment under build/, runs each on a terminal in
the same cases, and writes docs/comparison.md from what it observes.  It does not look
into the tools' code.  The tools are installed from a package index.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pexpect

from benchmarks import other_tools
from benchmarks.other_tools import DEVICE, KEY
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.other_tools import Tool

PAGE = Path(__file__).parent.parent / "docs" / "comparison.md"
TIMEOUT = 120  # seconds without output after which a tool counts as hanging
LONGEST = 120  # characters of a tool's last line

OTHER_KEY = {"id": "AKIAOTHEROTHEROTHER0", "secret": "the-other-secret"}
CODES = ("123456", "654321", "333333")  # of the device; each is valid once
WRONG_CODE = "999999"

# What the person types at each question; the codes come from the case.
_CODE = "mfa (?:code|token)"
_ANSWERS = {
    "access key id": OTHER_KEY["id"],
    "secret access key": OTHER_KEY["secret"],
    "mfa arn": DEVICE,
    "session duration": "",
}
_COLOUR = r"\x1b\[[0-9;]*m"
_QUESTION = rf"(?i)({'|'.join([_CODE, *_ANSWERS])})[^\r\n]*:\s*(?:{_COLOUR})*$"
_INSTANT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\+00:00|Z| UTC)?|\d{8}T\d{6}Z|\d+\.\d+(?= seconds)"


class Case(NamedTuple):
    """A case: the key that the account has, and the codes that the person types.

    `before` are the codes of an earlier login, which succeeds.  With `anew` the tool is
    told to make a new session.  `trouble` changes the simulator before the run.
    """

    name: str
    codes: Sequence[str]
    key: Mapping[str, str] = KEY
    before: Sequence[str] = ()
    anew: bool = False
    trouble: Callable[[Simulator], object] = lambda _: None


class Seen(NamedTuple):
    """What was observed of one run: `asked` are the questions, `last` is the last output line."""

    exit: int | None
    calls: int
    asked: Sequence[str]
    last: str


CASES = (
    Case("the right code", CODES[:1]),
    Case("a wrong code, then the right one", (WRONG_CODE, CODES[0])),
    Case("the code of the last login, then the next", CODES[:2], before=CODES[:1], anew=True),
    Case("AWS does not know the key, or no longer", CODES[:2], key=OTHER_KEY),
    Case(
        "AWS says that the session has expired, the local clock does not",
        CODES[1:2],
        before=CODES[:1],
        trouble=lambda simulator: simulator.fault("GetCallerIdentity", "ExpiredToken"),
    ),
    Case(
        "throttled twice",
        CODES[:1],
        trouble=lambda simulator: simulator.fault("GetSessionToken", "Throttling", times=2),
    ),
    Case(
        "the local clock is 20 minutes behind",
        CODES[:1],
        trouble=lambda simulator: simulator.skew("20m"),
    ),
)


def main() -> int:
    """Run every tool in every case, and write the page."""
    programs = other_tools.installed()
    tools = other_tools.tools(programs)
    rows = []
    with Simulator() as simulator:
        for case in CASES:
            for tool in tools:
                seen = observe(simulator, case, tool, programs)
                rows.append((case, tool, seen))
                sys.stdout.write(f"{case.name}: {tool.name}: {seen}\n")
    PAGE.write_text(page(rows, tools), encoding="utf-8")
    return 0


def observe(simulator: Simulator, case: Case, tool: Tool, programs: Path) -> Seen:
    """Run a tool in a case, in a new home folder; return what was observed."""
    simulator.reset()
    device = {"arn": DEVICE, "codes": [*CODES]}
    simulator.world({"keys": {"the": {**case.key}}, "mfa": device})
    with tempfile.TemporaryDirectory(prefix="authkit-comparison-") as folder:
        home = Path(folder)
        environ = {
            "AWS_ENDPOINT_URL": simulator.endpoint,
            "HOME": folder,
            "LANG": "C.UTF-8",
            "PATH": f"{programs}:{os.defpath}",
            "TERM": "xterm",
            **tool.prepare(home),
        }
        if case.before:
            driven(tool.login, environ, home, case.before)
        case.trouble(simulator)
        earlier = len(simulator.calls())
        command = tool.again if case.anew else tool.login
        status, asked, screen = driven(command, environ, home, case.codes)
        return Seen(status, len(simulator.calls()) - earlier, asked, last_line(screen))


def driven(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, codes: Sequence[str]
) -> tuple[int | None, list[str], str]:
    """Run a program on a terminal and answer its questions.

    Return its exit status, its questions and its output.
    """
    child = pexpect.spawn(
        command[0],
        [*command[1:]],
        env={**environ},
        cwd=folder,
        encoding="utf-8",
        timeout=TIMEOUT,
        dimensions=(24, 500),
    )
    asked, screen, left = [], "", [*codes]
    while child.expect([_QUESTION, pexpect.EOF]) == 0:
        screen += child.before + child.after
        asked.append(child.match[1].lower())
        if answer := _answer(asked[-1], left):
            child.sendline(answer)
        else:
            child.sendintr()
    screen += child.before
    child.close()
    return child.exitstatus, asked, screen


def _answer(question: str, codes: list[str]) -> str | None:
    """Return what the person types; None for Ctrl-C, when no code is left."""
    if question in _ANSWERS:
        return _ANSWERS[question] or "12h"
    return codes.pop(0) if codes else None


def last_line(screen: str) -> str:
    """Return the last line of the output, without colours and with instants as ``…``."""
    lines = [line.strip() for line in re.sub(_COLOUR, "", screen).splitlines()]
    return re.sub(_INSTANT, "…", next((line for line in reversed(lines) if line), ""))


def page(rows: Sequence[tuple[Case, Tool, Seen]], tools: Sequence[Tool]) -> str:
    """Return docs/comparison.md."""
    names = "; ".join(f"{tool.name} {tool.version}" for tool in tools)
    lines = [_HEAD.format(tools=names, day=f"{datetime.now(UTC):%Y-%m-%d}").rstrip()]
    for name, group in groupby(rows, lambda row: row[0].name):
        lines += ["", f"## {name[0].upper()}{name[1:]}", "", *_COLUMNS]
        lines += [_row(tool, seen) for _, tool, seen in group]
    return "\n".join([*lines, ""])


def _row(tool: Tool, seen: Seen) -> str:
    last = seen.last if len(seen.last) <= LONGEST else f"{seen.last[:LONGEST]} …"
    last = last.replace("|", "\\|")
    return f"| {tool.name} | {seen.exit} | {seen.calls} | {again(seen.asked)} | `{last}` |"


def again(asked: Sequence[str]) -> str:
    """Return what a tool asked for although it was typed before, or is stored."""
    codes = sum(question not in _ANSWERS for question in asked)
    things = ["the keys"] * ("access key id" in asked) + ["the code"] * (codes > 1)
    return " and ".join(things) or "no"


_COLUMNS = (
    "| tool | exit status | calls of STS | asked again for | last line of output |",
    "|---|---|---|---|---|",
)
_HEAD = """\
# Beside other tools

Written by `python -m benchmarks.comparison` from what it observed on {day}, of
{tools}.

Each tool ran on a terminal, against [the simulator](simulator.md), in a home folder
of its own, with one access key and one MFA device stored where it looks for them.
The tables say only what the tools did; nobody looked into their code.  The person
types the codes that each case names, types a key that AWS knows when a tool asks for
keys, and presses Ctrl-C at any further question.  `…` stands for an instant, or for
the rest of a long line.
"""


if __name__ == "__main__":
    sys.exit(main())
