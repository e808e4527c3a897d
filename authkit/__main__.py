"""Where the command begins and ends: ``authkit``, and ``python -m authkit``, are `main` here.

Nothing is imported outside of it, so that a Ctrl-C that comes before the first
line of the command is run ends it quietly (B-A02).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command line, and end the process with its exit status."""
    try:
        import gc

        gc.disable()  # a command is over before there is garbage worth looking for
        from authkit import cli

        status = cli.main()
    except KeyboardInterrupt:
        status = 130
    import os

    os._exit(status)  # docs/decisions/the-process-ends-at-once.md


if __name__ == "__main__":
    main()
