"""docs/contract.md against the programs: what is stated there is built, or listed as not built."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest

from authkit import manual
from authkit.arguments import COMMANDS
from authkit.core import config
from authkit.core.failures import Failure
from docs import not_built
from tests.authkit.examples import NAME
from tests.support.simulator import KEYS, ROOT, Home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "contract.md").read_text("utf-8").split("<!-- end -->\n")[-1]
LINE = re.compile(r"(authkit|python -m \S+)\b((?: [a-z][a-z-]*)*)(.*)")
AUTHKIT = LINE.match("authkit")


def stated() -> Iterator[tuple[str, str, list[str]]]:
    """Yield the command lines of the page: program, command, options.

    An option that stands alone within a line belongs to the program of its section.
    """
    for section in PAGE.split("\n## "):
        parts = re.split(r"```.*\n", section)
        lines = [ln for part in parts[1::2] for ln in re.sub(r"\n +", " ", part).splitlines()]
        spans = [span for part in parts[::2] for span in re.findall(r"`([^`]+)`", part)]
        found = [match for line in (*lines, *spans) if (match := LINE.match(line))]
        for program, command, rest in (match.groups() for match in found):
            yield program, command.split("|")[0].strip(), re.findall(r"--[a-z][a-z-]+", rest)
        first = next((match[1], match[2].strip()) for match in [*found, AUTHKIT] if match)
        where = first if first[0] != "authkit" else ("authkit", "")
        yield *where, [o for s in spans for o in re.findall(r"^(?:-\w/)?(--[a-z][a-z-]+)", s)]


@cache
def help_of(program: str, command: str) -> str | None:
    """Return what `--help` shows; None, where there is no such program or command."""
    if program == "authkit":
        pages = [command] if command else ["", *COMMANDS]
        return "".join(map(manual.page, pages)) if {*pages} <= {"", *COMMANDS} else None
    words = [*program.split()[1:], *command.split(), "--help"]
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    return done.stdout if done.returncode == 0 else None


def missing() -> set[str]:
    """Return what the page states and no `--help` has."""
    found = set()
    for program, command, options in stated():
        shown = help_of(program, command)
        line = f"{program} {command}".strip()
        if shown is None:
            found.add(line if program != "authkit" else f"authkit {command.split()[0]}")
        else:
            found |= {f"{line} {o}" for o in options if not re.search(rf"{o}(?![a-z-])", shown)}
    return found


def test_what_is_not_built() -> None:
    """Each command and option of the page is in its program's help, or listed; none is in both."""
    assert missing() == {*not_built.WORDS}


def mfa_process(_home: Home) -> bool:
    """Tell whether the config file may have the key."""
    try:
        config.parse(b'[identities.dev-admin]\nmfa_process = "a command"', "config.toml")
    except Failure:
        return False
    return True


def credential_process(home: Home) -> bool:
    """Tell whether it logs in with keys that need no MFA code: then STS is asked."""
    home.put_in_keyring({"version": 1, **KEYS})
    return "STS cannot be reached" in home.authkit("credential-process", NAME).stderr


def debug(home: Home) -> bool:
    """Tell whether an effect is told of a command that has some: `list` reads the markers."""
    plain = home.authkit("list").stderr
    home.extra["AUTHKIT_DEBUG"] = "1"
    return home.authkit("list").stderr != plain


TRIED = {
    "mfa_process": mfa_process,
    "credential_process": credential_process,
    "debug": debug,
}


@pytest.mark.parametrize("name", TRIED)
def test_what_is_not_done(name: str, tmp_path: Path) -> None:
    """What else the page states is done, or listed; a line that is listed is not done."""
    assert TRIED[name](Home(tmp_path)) is (name not in not_built.BEHAVIOUR)


def test_every_line_is_tried() -> None:
    """Every line of the list has a function here that tries it."""
    assert {*not_built.BEHAVIOUR} <= {*TRIED}
