"""Compares what authkit and other tools do in the same cases, run against the simulator.

    python -m benchmarks.comparison [--peer NAME=PATH]... [--only WORDS] [--no-page]

Installs two tools into a virtual environment under build/, and runs them, the programs
given by --peer (aws-vault, granted, atmos) and authkit in the same cases; writes
docs/comparison.md from what it observes.  What the tools say is taken from their output
alone.  A peer that is not given was not tried, and the page says so.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from benchmarks import other_tools
from benchmarks.at_terminals import COLOUR, ECHOED_CURSOR, LIMIT, Person, on_terminal
from benchmarks.comparison_cases import ANSWERS, CASES, OTHER_KEY, Case, codes_in, set_up
from benchmarks.other_tools import KEY, WRONG_PASSPHRASE
from benchmarks.peers import PEERS
from benchmarks.tunnel import tunnel
from benchmarks.without_terminal import READY
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from benchmarks.other_tools import Tool

PAGE = Path(__file__).parent.parent / "docs" / "comparison.md"
LONGEST = 120  # characters of a tool's last line
NO_COMMAND = "has no such command"

_AWS = "sts.us-east-1.amazonaws.com"
_INSTANT = (
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[+-]\d\d:?\d\d|Z| UTC)?|\d{8}T\d{6}Z|\d+\.\d+(?= seconds)"
    r"|(?<=RequestID: )[\w-]+|/tmp/[\w./-]+|(?<=127\.0\.0\.1:)\d+"
    rf"|(?<={READY} )\d+|ASIA[A-Z2-7]{{16}}|[A-Za-z0-9+/=]{{40,}}"
)


class Seen(NamedTuple):
    """What was observed of one run.

    `ending` is its exit status, or why there is none; `asked` are the questions, `last`
    is the last output line, and `noticed` is what the case looks at.
    """

    ending: str
    calls: int
    asked: Sequence[str]
    last: str
    noticed: str = ""


def main() -> int:
    """Run every tool in every case, and write the page."""
    options = parser().parse_args()
    programs = other_tools.installed()
    peers = [PEERS[name](path) for name, path in options.peer]
    tools = [*other_tools.tools(programs), *peers, other_tools.authkit()]
    cases = [case for case in CASES if (options.only or "") in case.name]
    rows = []
    for case, tool, seen in observed(cases, tools, programs):
        rows.append((case, tool, seen))
        sys.stdout.write(f"{case.name}: {tool.name}: {seen}\n")
        sys.stdout.flush()
    if not options.no_page:
        PAGE.write_text(page(rows, tools), encoding="utf-8")
    return 0


def observed(
    cases: Sequence[Case], tools: Sequence[Tool], programs: Path
) -> Iterator[tuple[Case, Tool, Seen]]:
    """Run every tool in every case against a simulator that is started for it."""
    with surroundings(programs) as (simulator, around):
        for case in cases:
            for tool in tools:
                yield case, tool, observe(simulator, case, tool, around(tool))


@contextmanager
def surroundings(programs: Path) -> Iterator[tuple[Simulator, Callable[[Tool], dict[str, str]]]]:
    """Start a simulator; yield it, and what returns the variables that lead a tool to it.

    A tool that only knows AWS's own addresses is led there by a proxy.
    """
    with tempfile.TemporaryDirectory(prefix="authkit-comparison-") as folder:
        certificate = Path(folder) / "certificate.pem"
        serve = ("--tls", str(certificate), "--allow-host", _AWS)
        with Simulator(*serve) as simulator, _tunnel(simulator) as proxy:
            everyone = {
                "AWS_ENDPOINT_URL": simulator.endpoint,
                "AWS_CA_BUNDLE": str(certificate),
                "SSL_CERT_FILE": str(certificate),
                "LANG": "C.UTF-8",
                "PATH": f"{programs}:{os.defpath}",
                "TERM": "xterm",
            }
            by_proxy = everyone | {"HTTPS_PROXY": proxy}
            yield simulator, lambda tool: by_proxy if tool.by_proxy else everyone


def _tunnel(simulator: Simulator) -> AbstractContextManager[str]:
    address = urlsplit(simulator.endpoint)
    return tunnel(str(address.hostname), address.port or 443)


def observe(simulator: Simulator, case: Case, tool: Tool, around: Mapping[str, str]) -> Seen:
    """Run a tool in a case, in a new home folder; return what was observed.

    `around` are the environment variables that lead to the simulator.
    """
    command = getattr(tool, case.command)
    if command is None or (case.wrong_passphrase and not tool.passphrase):
        return Seen(
            "-", 0, [], NO_COMMAND if command is None else "keeps keys in a plain file", "-"
        )
    set_up(simulator, case.key)
    with tempfile.TemporaryDirectory(prefix="authkit-comparison-") as folder:
        home = Path(folder)
        environ = {"HOME": folder, **around, **tool.prepare(home)}
        if case.before:
            on_terminal(tool.login, environ, home, Person(ANSWERS, [*case.before]))
        if case.wrong_passphrase:
            environ[tool.passphrase] = WRONG_PASSPHRASE
        case.trouble(simulator)
        earlier = len(simulator.calls())
        line = [*command, *_child(case, home)]
        ran = case.way(line, environ, home, Person(ANSWERS, [*case.codes]))
        calls = len(simulator.calls()) - earlier
        return Seen(ran.ending, calls, ran.asked, last_line(ran.screen), case.look(simulator, ran))


def _child(case: Case, home: Path) -> list[str]:
    """Write the script that a tool is to run; return its command."""
    if case.command != "run":
        return []
    if not case.child:
        return ["no-such-command"]
    script = home / "command"
    script.write_text(f"#!/bin/sh\n{case.child}\n", encoding="utf-8")
    script.chmod(0o700)
    return [str(script)]


def last_line(screen: str) -> str:
    """Return the last line of the output.

    It has no colours and no echo of the answer about the cursor; instants, ids,
    secrets, ports and folders are ``…``.
    """
    screen = re.sub(COLOUR, "", screen).replace(ECHOED_CURSOR, "")
    lines = [line.strip() for line in re.split(r"[\r\n]", screen)]
    return re.sub(_INSTANT, "…", next((line for line in reversed(lines) if line), ""))


def page(rows: Sequence[tuple[Case, Tool, Seen]], tools: Sequence[Tool]) -> str:
    """Return docs/comparison.md.  Raises ValueError if a secret would stand in it."""
    names = "; ".join(f"{tool.name} {tool.version}" for tool in tools)
    missing = [name for name in PEERS if name not in {tool.name for tool in tools}]
    told = f"\nNot tried, because no program was given: {', '.join(missing)}.\n" * bool(missing)
    head = _HEAD.format(tools=names, day=f"{datetime.now(UTC):%Y-%m-%d}", missing=told, limit=LIMIT)
    lines = [head.rstrip()]
    for case, group in groupby(rows, lambda row: row[0]):
        lines += ["", f"## {title(case)}", ""]
        lines += [case.done, ""] * bool(case.done)
        lines += [*_columns(case), *(_row(case, tool, seen) for _, tool, seen in group)]
    lines += ["", f"## {BETTER}", "", _BETTER_HEAD.rstrip()]
    for tool in tools:
        if tool.better:
            lines += ["", f"**{tool.name}**", "", *(f"- {line}" for line in tool.better)]
    written = "\n".join([*lines, ""])
    if found := [secret for secret in SECRETS if secret in written]:
        message = f"{len(found)} secrets would stand on the page"
        raise ValueError(message)
    return written


def title(case: Case) -> str:
    """Return the heading of a case."""
    return f"{case.name[0].upper()}{case.name[1:]}"


def _columns(case: Case) -> list[str]:
    names = ["tool", "exit status", "calls of STS", "asked again for"]
    names += [case.looked_at] * bool(case.looked_at) + ["last line of output"]
    return [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]


def _row(case: Case, tool: Tool, seen: Seen) -> str:
    last = seen.last if len(seen.last) <= LONGEST else f"{seen.last[:LONGEST]} …"
    last = last.replace("|", "\\|").replace("`", "'")
    cells = [tool.name, seen.ending, str(seen.calls), again(seen.asked)]
    cells += [seen.noticed] * bool(case.looked_at) + [f"`{last}`" if last else "nothing"]
    return f"| {' | '.join(cells)} |"


def again(asked: Sequence[str]) -> str:
    """Return what a tool asked for although it was typed before, or is stored."""
    things = ["the keys"] * ("access key id" in asked) + ["the code"] * (codes_in(asked) > 1)
    return " and ".join(things) or "no"


def peer(text: str) -> tuple[str, Path]:
    """Return the name and the program of a peer that an option names.

    Raises ArgumentTypeError for an unknown name and a path without a file.
    """
    name, _, path = text.partition("=")
    if name not in PEERS or not Path(path).is_file():
        message = f"{text}: not NAME=PATH of a program; NAME is one of {', '.join(PEERS)}"
        raise argparse.ArgumentTypeError(message)
    return name, Path(path).resolve()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.comparison", description="Compare authkit with other tools."
    )
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        type=peer,
        metavar="NAME=PATH",
        help="an installed program to run too",
    )
    parser.add_argument(
        "--only", metavar="WORDS", help="only the cases with these words in the name"
    )
    parser.add_argument("--no-page", action="store_true", help="do not write the page")
    return parser


SECRETS = (KEY["secret"], OTHER_KEY["secret"], other_tools.PASSPHRASE, WRONG_PASSPHRASE)
BETTER = "What the others do better"
_BETTER_HEAD = """\
What each does that authkit does not, by its own help or documentation and by the tables above.
"""
_HEAD = """\
# Beside other tools

Written by `python -m benchmarks.comparison` from what it observed on {day}, of
{tools}.
{missing}
Each tool ran against [the simulator](simulator.md), on a terminal unless a case says
otherwise, in a home folder and with a keyring of its own, with one access key and one
MFA device stored where it looks for them.  The tables say only what the tools did.  The
person types the codes that each case names, types a key that AWS knows when a tool asks
for keys, and presses Ctrl-C at any further question.  A tool that neither asks nor ends
for {limit:.0f} seconds is ended.  Where a signal ended a tool, a shell says 128 and its
number.  aws-mfa and awsume have no command that runs another one.  granted only knows
AWS's own addresses, which a proxy led to the simulator.  Atmos hands its command the name
of a file with the session, the others variables with it; either counts.
`…` stands for an instant, an id, a secret, an address, a folder or the rest of a long line.
"""


if __name__ == "__main__":
    sys.exit(main())
