"""What other tools do where authkit recovers: black boxes, driven against the simulator.

    python -m benchmarks.comparison

Installs the tools into an environment of their own under build/, drives each on
a terminal through the same cases, and writes docs/comparison.md from what was
observed there.  It looks into no tool, and needs a package index.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pexpect

from authkit import __version__
from fakes import filekeyring
from fakes.remote import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "comparison.md"
FOLDER = ROOT / "build" / "comparison"  # build/ is ignored by git
OTHERS = {"aws-mfa": "0.0.12", "awsume": "4.5.4"}
PATIENCE = 120  # seconds until a tool that says nothing is taken to hang

KEY = {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "the-secret"}
OTHER_KEY = {"id": "AKIAOTHEROTHEROTHER0", "secret": "the-other-secret"}
DEVICE = "arn:aws:iam::123456789012:mfa/user"
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


class Tool(NamedTuple):
    """A tool: how it is run, to get a session and to get a new one, and what it finds at home."""

    name: str
    version: str
    login: Sequence[str]
    again: Sequence[str]
    furnish: Callable[[Path], Mapping[str, str]]  # returns environment variables


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
    programs = _installed()
    tools = _tools(programs)
    rows = []
    with Simulator() as simulator:
        for case in CASES:
            for tool in tools:
                seen = observe(simulator, case, tool, programs)
                rows.append((case, tool, seen))
                sys.stdout.write(f"{case.name}: {tool.name}: {seen}\n")
    PAGE.write_text(page(rows, tools), encoding="utf-8")
    return 0


def _installed() -> Path:
    """Return the folder of the other tools' programs, installed where they were not yet."""
    programs = FOLDER / "bin"
    if not programs.exists():
        venv.create(FOLDER, with_pip=True)
    wanted = [f"{name}=={version}" for name, version in OTHERS.items()]
    subprocess.run([programs / "python", "-m", "pip", "install", "-q", *wanted], check=True)  # noqa: S603 - pinned above
    return programs


def _tools(programs: Path) -> list[Tool]:
    awsume = f"exec {programs / 'awsumepy'} dev"  # what its shell function runs, and reads
    authkit = [str(Path(sys.executable).with_name("authkit")), "login", "dev"]
    return [
        Tool(
            "aws-mfa",
            OTHERS["aws-mfa"],
            [str(programs / "aws-mfa")],
            [str(programs / "aws-mfa"), "--force"],
            _aws_files,
        ),
        Tool(
            "awsume",
            OTHERS["awsume"],
            ["sh", "-c", f"{awsume} > session"],
            ["sh", "-c", f"{awsume} --refresh > session"],
            _aws_files,
        ),
        Tool("authkit", __version__, authkit, [*authkit, "--force"], _keyring),
    ]


def _aws_files(home: Path) -> Mapping[str, str]:
    """Put keys and device where both tools look, each under the names it documents."""
    keys = f"aws_access_key_id = {KEY['id']}\naws_secret_access_key = {KEY['secret']}\n"
    folder = home / ".aws"
    folder.mkdir()
    credentials = f"[default-long-term]\n{keys}aws_mfa_device = {DEVICE}\n[dev]\n{keys}"
    (folder / "credentials").write_text(credentials, encoding="utf-8")
    profile = f"[profile dev]\nregion = us-east-1\nmfa_serial = {DEVICE}\n"
    (folder / "config").write_text(f"[default]\nregion = us-east-1\n{profile}", encoding="utf-8")
    return {}


def _keyring(home: Path) -> Mapping[str, str]:
    """Put keys and device into a keyring of its own."""
    entry = {"access_key_id": KEY["id"], "secret_access_key": KEY["secret"], "mfa_arn": DEVICE}
    path = home / "keyring.json"
    filekeyring.KeyringFile(path).put("authkit", {"dev": json.dumps({"version": 1, **entry})})
    return {
        "PYTHON_KEYRING_BACKEND": filekeyring.BACKEND,
        "PYTHONPATH": str(ROOT),
        filekeyring.FILE: str(path),
    }


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
            _driven(tool.login, environ, home, case.before)
        case.trouble(simulator)
        earlier = len(simulator.calls())
        command = tool.again if case.anew else tool.login
        status, asked, screen = _driven(command, environ, home, case.codes)
        return Seen(status, len(simulator.calls()) - earlier, asked, last_line(screen))


def _driven(
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
    names = ", ".join(f"{tool.name} {tool.version}" for tool in tools)
    lines = [_HEAD.format(tools=names, day=f"{datetime.now(UTC):%Y-%m-%d}").rstrip()]
    for name, group in groupby(rows, lambda row: row[0].name):
        lines += ["", f"## {name[0].upper()}{name[1:]}", "", *_COLUMNS]
        lines += [_row(tool, seen) for _, tool, seen in group]
    return "\n".join([*lines, ""])


def _row(tool: Tool, seen: Seen) -> str:
    last = seen.last.replace("|", "\\|")
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

Written by `python -m benchmarks.comparison` from what it observed on {day}:
{tools}, each on a terminal, against [the simulator](simulator.md), in a home
folder of its own, with one access key and one MFA device stored where the tool
looks for them.  Nothing is known of these tools here but what they did.

A person types the codes that each case names, the other key where a tool asks
for keys, and Ctrl-C when asked for more.  Instants are shown as `…`.
"""


if __name__ == "__main__":
    sys.exit(main())
