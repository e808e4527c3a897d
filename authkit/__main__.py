"""The start and the end of the process: ``authkit`` and ``python -m authkit`` call `main`.

Imports are inside it, so that a Ctrl-C during the imports ends the command
without a traceback (B-A02).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


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
    import os

    os._exit(status)  # docs/decisions/the-process-ends-at-once.md


if __name__ == "__main__":
    main()
