"""The start and the end of the process: ``authkit`` and ``python -m authkit`` call `main`.

Imports are inside it, so that a Ctrl-C during the imports ends the command
without a traceback (B-A02).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command line, and end the process with its exit status."""
    try:
        import gc

        gc.disable()  # a command ends before collecting garbage would pay
        from authkit import cli

        status = cli.main()
    except KeyboardInterrupt:
        status = 130
    except Exception as error:  # noqa: BLE001 - B-A02
        status = _ended(error)
    import os

    os._exit(status)  # docs/decisions/the-process-ends-at-once.md


def _ended(error: Exception) -> int:
    """Say in one line what kept the command from saying it itself; return the exit status.

    With too little memory or too few file descriptors, imports fail.
    """
    import os
    import sys

    why = type(error).__name__
    if isinstance(error, MemoryError):
        why = "too little memory (ulimit -v)"
    elif isinstance(error, (OSError, ImportError)):
        why = f"{error}"  # an import's or the system's own words: no secret is in them
    try:
        os.write(2, f"authkit stopped: {why}.\n".encode("ascii", "replace"))
    except OSError:
        why = ""  # standard error is closed: there is nobody to tell
    words = sys.argv[1:]
    while words and words[0].startswith("-"):
        words = words[2 if words[0] == "--config" else 1 :]
    return 125 if words[:1] == ["exec"] else 1


if __name__ == "__main__":
    main()
