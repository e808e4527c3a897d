"""What shells make of the lines that `env` prints: sh is run, the others' rules are short."""

from __future__ import annotations

import json
import re
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING

from tests.explore.commands import STRIPPED
from tests.support.brought_kind import OTHER, TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    Variables = Mapping[str, str | None]

# What was set before: other credentials, and what `env` sets beside them.
BEFORE = (
    *STRIPPED,
    *("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_EXPIRATION", "AUTHKIT_IDENTITY"),
)
OF_ELSEWHERE = (TOKEN, OTHER)  # what a session of a kind from elsewhere is about
_FISH = re.compile(r"set -gx (\w+) '((?:[^'\\]|\\.)*)'")
_FISH_UNSET = re.compile(
    r"set -qU (\w+); and echo '\1 is a universal variable of fish, which stays: set -eU \1' >&2; "
    r"set -eg \1"
)
_POWERSHELL = re.compile(r"\$Env:(\w+) = '((?:[^'\u2018-\u201b]|''|\u2018\u2018|\u2019\u2019)*)'")


@lru_cache(maxsize=4096)
def evaluated(form: str, text: str) -> Variables:
    """Return the variables by the text of a form: None where one is unset.

    Those of `BEFORE` and `OF_ELSEWHERE` were set before.  Raises ValueError where a line is none.
    """
    if form in {"sh", "bash", "zsh"}:
        return _by_sh(text)
    if form == "json":
        return dict(json.loads(text))
    by_line = {"fish": _fish, "powershell": _powershell, "dotenv": _dotenv}[form]
    found: dict[str, str | None] = {}
    for line in text.split("\n"):
        found.update(by_line(line))
    return found


def _by_sh(text: str) -> Variables:
    before = dict.fromkeys((*BEFORE, *OF_ELSEWHERE), "before")
    ran = subprocess.run(  # noqa: S603 - what is run is what a person is told to run
        ["/bin/sh", "-c", 'eval "$1" && exec /usr/bin/env -0', "sh", text],
        env=before,
        capture_output=True,
        check=False,
        start_new_session=True,
    )
    if ran.returncode or ran.stderr:
        raise ValueError(f"sh says {ran.stderr.decode()!r}")
    there = ran.stdout.decode().split("\0")
    found = dict(row.split("=", 1) for row in there if row)
    return {**dict.fromkeys(before), **found}


def _fish(line: str) -> Variables:
    if line == "true":
        return {}
    if found := _FISH.fullmatch(line):
        return {found[1]: re.sub(r"\\([\\'])", r"\1", found[2])}
    if found := _FISH_UNSET.fullmatch(line):
        return {found[1]: None}
    raise ValueError(line)


def _powershell(line: str) -> Variables:
    if found := re.fullmatch(r"\$Env:(\w+) = \$null", line):
        return {found[1]: None}
    if found := _POWERSHELL.fullmatch(line):
        return {found[1]: re.sub(r"(['\u2018-\u201b])\1", r"\1", found[2])}
    raise ValueError(line)


def _dotenv(line: str) -> Variables:
    name, equals, value = line.partition("=")
    if not equals or not name.isidentifier():
        raise ValueError(line)
    return {name: value}
