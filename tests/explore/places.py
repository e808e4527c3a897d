"""Where authkit's config file and state folder are, and how this authkit is started from anywhere.

What the variables mean the model reads by itself; the words of the command are made by the real
code, in a small system of variables, files and programs.
"""

from __future__ import annotations

import os
import posixpath
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from authkit.adapters import own_program
from authkit.adapters import world as real_world
from fakes.world.config import HOME
from tests.explore.seats import Instead

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

INTERPRETER = ("-P", "-m", "authkit")  # what starts authkit behind a Python
_CONFIG, _STATE = (("XDG_CONFIG_HOME", ".config"), ("XDG_STATE_HOME", ".local/state"))


def config_path(environ: Mapping[str, str], option: str = "") -> str:
    """Return the whole path of the config file (docs/contract.md, "Environment")."""
    named = option or environ.get("AUTHKIT_CONFIG", "")
    return _whole(named) if named else f"{_folder(environ, *_CONFIG)}/config.toml"


def state_folder(environ: Mapping[str, str]) -> str:
    """Return the whole path of the state folder."""
    named = environ.get("AUTHKIT_STATE_DIR", "")
    return _whole(named) if named else _folder(environ, *_STATE)


def _folder(environ: Mapping[str, str], variable: str, otherwise: str) -> str:
    base = environ.get(variable, "")
    return f"{base if base.startswith('/') else f'{HOME}/{otherwise}'}/authkit"


def _whole(named: str) -> str:
    """Return a whole path: the person is in their home."""
    named = f"{HOME}{named[1:]}" if named == "~" or named.startswith("~/") else named
    return posixpath.normpath(posixpath.join(HOME, named))


def started_by(
    program: Sequence[str], config: str | None, environ: Mapping[str, str], files: Iterable[str]
) -> list[str]:
    """Return the words that start authkit, as the real code finds them.

    `program` are those that have started it, `config` is the value of --config, `files` there are.
    """
    there = {*map(_whole, files)}
    path = {name: getattr(posixpath, name) for name in ("join", "isabs", "basename")}
    path |= {"abspath": _whole, "exists": there.__contains__, "expanduser": _whole_home}
    path |= {"isfile": program[0].__eq__}
    system = SimpleNamespace(
        environ={**environ, "HOME": HOME},
        path=SimpleNamespace(**path),
        access=lambda *_: True,
        X_OK=os.X_OK,
        name="posix",
    )
    script = program[0] if len(program) == 1 else "-c"
    process = SimpleNamespace(
        argv=[script],
        executable=program[0],
        platform="linux",
        stdout=sys.stdout,
        stderr=sys.stderr,
    )
    with (
        Instead(real_world, "os", system),
        Instead(real_world, "sys", process),
        Instead(own_program, "os", system),
    ):
        return real_world.RealWorld(config).program()


def _whole_home(named: str) -> str:
    return _whole(named) if named.startswith("~") else named
