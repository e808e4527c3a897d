"""What other tools do where authkit recovers: black boxes, driven against the simulator.

    python -m benchmarks.comparison

Installs the tools into an environment of their own under build/, drives each on
a terminal through the same cases, and writes docs/comparison.md from what was
observed there.  It looks into no tool, and needs a package index.
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

from benchmarks import contenders
from benchmarks.contenders import DEVICE, KEY
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.contenders import Tool

PAGE = Path(__file__).parent.parent / "docs" / "comparison.md"
PATIENCE = 120  # seconds until a tool that says nothing is taken to hang
LONGEST = 120  # characters of what a tool said last

OTHER_KEY = {"id": "AKIAOTHEROTHEROTHER0", "secret": "the-other-secret"}
CODES = ("123456", "654321", "333333")  # of the device; each is good once
WRONG_CODE = "999999"

# What a person types where a tool asks; a code is the case's.
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
    """What happens, from the world's side, and the codes that are typed.

    `before`: codes of a login that comes first, and works.
    """

    name: str
    codes: Sequence[str]
    key: Mapping[str, str] = KEY
    before: Sequence[str] = ()
    anew: bool = False  # the tool is told to make a new session
    trouble: Callable[[Simulator], object] = lambda _: None


class Seen(NamedTuple):
    """What was observed of one run: `asked` are the questions, `last` the last line said."""

    exit: int | None
    calls: int
    asked: Sequence[str]
    last: str


CASES = (
    Case("the right code", CODES[:1]),
    Case("a wrong code, then the right one", (WRONG_CODE, CODES[0])),
    Case("the code of the last login, then the next", CODES[:2], before=CODES[:1], anew=True),
    Case("AWS does not know the key (any more)", CODES[:2], key=OTHER_KEY),
    Case(
        "to AWS the session is over, by the local clock it is not",
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
    """Drive every tool through every case, and write the page."""
    programs = contenders.installed()
    tools = contenders.tools(programs)
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
    """Return what a tool does in a case, in a home of its own."""
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
            **tool.furnish(home),
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
    """Run a program on a terminal, and type; return its exit status, what it asked, its screen."""
    child = pexpect.spawn(
        command[0],
        [*command[1:]],
        env={**environ},
        cwd=folder,
        encoding="utf-8",
        timeout=PATIENCE,
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
    """Return what is typed, None for Ctrl-C: there is no other code."""
    if question in _ANSWERS:
        return _ANSWERS[question] or "12h"
    return codes.pop(0) if codes else None


def last_line(screen: str) -> str:
    """Return the last line of a screen, without colour, and with instants as ``…``."""
    lines = [line.strip() for line in re.sub(_COLOUR, "", screen).splitlines()]
    return re.sub(_INSTANT, "…", next((line for line in reversed(lines) if line), ""))


def page(rows: Sequence[tuple[Case, Tool, Seen]], tools: Sequence[Tool]) -> str:
    """Return the page."""
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
    """Return what was asked again, or for the first time though it is stored."""
    codes = sum(question not in _ANSWERS for question in asked)
    things = ["the keys"] * ("access key id" in asked) + ["the code"] * (codes > 1)
    return " and ".join(things) or "no"


_COLUMNS = (
    "| tool | exit status | calls of STS | asked again for | last line it said |",
    "|---|---|---|---|---|",
)
_HEAD = """\
# Beside other tools

Written by `python -m benchmarks.comparison` from what it observed on {day}, of
{tools}.

Each ran on a terminal, against [the simulator](simulator.md), in a home folder
of its own, with one access key and one MFA device stored where it looks for
them.  Nothing is known of these tools here but what they did.  The person types
the codes that each case names, a key that AWS knows where a tool asks for keys,
and Ctrl-C when asked for more.  Instants, and what is long, are shown as `…`.
"""


if __name__ == "__main__":
    sys.exit(main())
