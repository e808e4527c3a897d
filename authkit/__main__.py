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
    import os

    os._exit(status)  # docs/decisions/the-process-ends-at-once.md


if __name__ == "__main__":
    main()
