"""Where a person sits: how wide the terminal is, and which shell is theirs.

Off the cached path: only help asks for the width, and `exec` without a command for
the shell.
"""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 80  # columns, where nothing tells


def width(environ: Mapping[str, str]) -> int:
    """Return the columns of the terminal: COLUMNS, else that of stdout or stderr, else 80."""
    columns = environ.get("COLUMNS", "")
    if re.fullmatch(r"[1-9]\d{0,5}", columns, re.ASCII):  # int() takes 4,300 digits at most
        return int(columns)
    for descriptor in (1, 2):
        try:
            return os.get_terminal_size(descriptor).columns or WIDTH
        except OSError:  # no terminal, or closed
            continue
    return WIDTH


def shell(environ: Mapping[str, str]) -> str:
    """Return the person's shell: SHELL, else the password database's.

    It is "" unless standard input and standard error are terminals, and where no
    shell is known.
    """
    if not (os.isatty(0) and os.isatty(2)):
        return ""
    return environ.get("SHELL") or _of_the_password_database()


def _of_the_password_database() -> str:
    try:
        import pwd
    except ImportError:  # pragma: no cover - Windows, which has none
        return ""
    try:
        return pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"  # an empty field means that
    except KeyError:
        return ""
