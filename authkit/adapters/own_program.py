"""How this authkit is started from any folder, with an empty PATH: for a line that others run."""

from __future__ import annotations

import os

_THROUGH_PATH = b"/env "  # in the first line of a script: its interpreter is looked for in PATH
_LONGEST_LINE = 256  # bytes: what a kernel reads of it
_ENV = "/usr/bin/env"  # where every POSIX system has it
_MODULE = ("-P", "-m", "authkit")  # -P: never a module of the folder that it is started in


def words(script: str, interpreter: str, config: str = "", state: str = "") -> list[str]:
    """Return the command of the installation as a whole path, else its interpreter and module.

    `script` is ``sys.argv[0]``: what a shell found in PATH, a link where pipx and uv put one,
    which stays when they install authkit anew.  The config file and the state folder are named
    where they are others than those of a process without variables, "" for none: who runs the
    command need not have the variables of this process.
    """
    found = _whole(script)
    program = [found] if found else [interpreter, *_MODULE]
    variables = [_ENV, f"AUTHKIT_STATE_DIR={state}"] if state and os.name == "posix" else []
    return [*variables, *program, *(["--config", config] if config else [])]


def _whole(script: str) -> str:
    """Return the whole path of a command that needs no PATH, "" if it is none."""
    try:
        path = os.path.abspath(script)
    except FileNotFoundError:  # the working directory is gone
        return ""
    suffixes = ("", ".exe") if os.name == "nt" else ("",)
    for whole in (f"{path}{suffix}" for suffix in suffixes):
        named = os.path.basename(whole).startswith("authkit")
        if named and os.path.isfile(whole) and os.access(whole, os.X_OK):
            return "" if _THROUGH_PATH in _first_line(whole) else whole
    return ""


def _first_line(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.readline(_LONGEST_LINE)
    except OSError:  # it may be executed and not read
        return b""
