"""The start and the end of the process: ``authkit`` and ``python -m authkit`` call `main`.

Imports are inside it, so that a Ctrl-C during the imports ends the command
without a traceback (B-A02).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_NO_MEMORY = b"authkit stopped: too little memory (ulimit -v or -d).\n"
_MORE_MEMORY = 64 << 20  # bytes: a command that cannot have so much more may have too little


def fill_closed_streams() -> None:
    """Open the null device where descriptors 0 to 2 are closed: no file may get their numbers."""
    import os

    for stream in (0, 1, 2):
        try:
            os.fstat(stream)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)  # the lowest free number: it is this one
            os.set_inheritable(null, True)  # noqa: FBT003 - it takes no keyword


def main() -> NoReturn:
    """Run the command line, and end the process with its exit status."""
    try:
        import gc

        gc.disable()  # a command ends before collecting garbage would pay
        fill_closed_streams()
        from authkit import cli

        status = cli.main()
    except KeyboardInterrupt:
        status = 130
    except Exception as error:  # noqa: BLE001 - B-A02
        # Frees what was loaded so far: a line can be written then.
        error.__traceback__ = error.__context__ = error.__cause__ = None
        status = _ended(error)
    import os

    os._exit(status)  # docs/decisions/the-process-ends-at-once.md


def _ended(error: Exception) -> int:
    """Say in one line what kept the command from saying it itself; return the exit status.

    With too little memory or too few file descriptors, imports fail, and with too little
    memory CPython raises whatever exception the missing allocation led to.
    """
    import os
    import sys

    try:
        line = f"authkit stopped: {_cause(error)}.\n".encode("ascii", "replace")
    except MemoryError:
        line = _NO_MEMORY
    try:
        os.write(2, line)
    except OSError:
        line = b""  # standard error is closed: there is nobody to tell
    words = sys.argv[1:]
    while words and words[0].startswith("-"):
        words = words[2 if words[0] in {"--config", "--record"} else 1 :]
    return 125 if words[:1] == ["exec"] else 1


def _cause(error: Exception) -> str:
    """Return the error in words that hold no secret.  Raises MemoryError if that is the cause."""
    from errno import ENOMEM

    number = error.errno if isinstance(error, OSError) else None
    # CPython raises SystemError where it has lost a MemoryError.
    if isinstance(error, (MemoryError, SystemError)) or number == ENOMEM:
        raise MemoryError
    if number is None:
        bytes(_MORE_MEMORY)  # it is not written to, and costs nothing
    return str(error) if isinstance(error, (OSError, ImportError)) else type(error).__name__


if __name__ == "__main__":
    main()
