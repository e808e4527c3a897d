"""Whether somebody can be asked, and what forbids it (docs/contract.md, "Streams and exit codes").

Imported only when something is to be asked: the cached path asks nothing.
"""

from __future__ import annotations

import os
import stat

from authkit.adapters import standard_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_CI = ("", "false", "0", "no")  # values of CI that do not count, in lower case
TERMINAL = "/dev/tty"
GPG_TTY = "GPG_TTY"
BACKGROUND = "authkit is in the background of its terminal"


def settings_forbid(environ: Mapping[str, str], *, no_input: bool) -> str:
    """Return which setting forbids asking, as a clause, "" for none."""
    if no_input:
        return "--no-input was given"
    if environ.get("CI", "").lower() not in NOT_CI:
        return f"CI={environ['CI']} is set"
    return ""


def without_terminal() -> str:
    """Return why there is no terminal to ask at, "" when there is one.

    A terminal as standard input will do, also in the background, where a question
    stops the process until `fg`.  Else the controlling terminal will do while
    authkit is in its foreground.
    """
    given = standard_input.descriptor()
    if os.isatty(given):
        return ""
    if _is_null(given):
        return "standard input is the null device"
    try:
        terminal = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return "there is no terminal"
    try:
        return "" if in_foreground(terminal) else BACKGROUND
    finally:
        os.close(terminal)


def gpg_terminal(environ: Mapping[str, str], *, somebody: bool) -> dict[str, str]:
    """Return GPG_TTY for a program that starts gpg: where its pinentry may ask, if it may.

    gpg would take the terminal from its standard input, which is the null device.
    """
    streams = (standard_input.descriptor(), 1, 2)
    names = (os.ttyname(stream) for stream in streams if os.isatty(stream))
    terminal = environ.get(GPG_TTY) or next(names, "")
    return {GPG_TTY: terminal} if somebody and terminal else {}


def in_foreground(terminal: int) -> bool:
    """Tell whether authkit's process group is the terminal's foreground group."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:  # the terminal has gone
        return False


def _is_null(descriptor: int) -> bool:
    """Tell whether it is the null device; a closed one is as good as that."""
    try:
        given = os.fstat(descriptor)
    except OSError:
        return True
    return stat.S_ISCHR(given.st_mode) and given.st_rdev == os.stat(os.devnull).st_rdev
