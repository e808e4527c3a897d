"""Which file a command's first word means, and whether the system could start it.

Nothing is started for that: the first bytes of the file are looked at, as the system does
(execve(2), "Interpreter scripts").
"""

from __future__ import annotations

import os
import re
import sys
from shutil import which

from authkit.core.failures import MAY_NOT_EXECUTE

_LOOKED_AT = 255  # bytes; Linux takes no longer name of an interpreter
_NO_INTERPRETER = "its first line names no interpreter (#!)"
_WINDOWS = sys.platform == "win32"


def found(word: str) -> tuple[str, str]:
    """Return the file that a command's first word means, and why it cannot be started.

    The path is "" where there is none, and relative where the word or PATH is.  The reason is
    a clause, "" where nothing is known against it.
    """
    if file := which(word):
        return file, _why_not(file)
    file = which(word, os.F_OK) or ""
    return file, file and MAY_NOT_EXECUTE


def _why_not(file: str) -> str:
    try:
        with open(file, "rb") as opened:
            start = opened.read(_LOOKED_AT)
    except OSError:  # a program need not be readable
        return ""
    if start.startswith(b"#!"):
        return _of_interpreter(os.fsdecode(start[2:].split(b"\n")[0]))
    if b"\0" in start or _WINDOWS:  # a program in the machine's own code, or other rules
        return ""
    return _NO_INTERPRETER if start else "it is empty"


def _of_interpreter(line: str) -> str:
    """Return what is wrong with the interpreter in a script's first line, "" for nothing."""
    interpreter, *arguments = re.split("[ \t]+", line.strip(" \t"), maxsplit=1)
    if not interpreter:
        return _NO_INTERPRETER
    if not os.access(interpreter, os.X_OK) or os.path.isdir(interpreter):
        return f"its interpreter {interpreter} cannot be found"
    if os.path.basename(interpreter) == "env" and arguments:
        named = arguments[0].removeprefix("-S").split() or [""]  # with -S there may be several
        if not named[0].startswith("-") and "=" not in named[0] and not which(named[0]):
            return f"its interpreter {named[0]} cannot be found"
    return ""
