"""Run authkit, killed (SIGKILL) once a file was put in place.

``killed_after.py FILE COMMAND…``: FILE is the file's name in its folder.
"""

from __future__ import annotations

import os
import signal
import sys

from authkit import cli

renamed = [""]  # the last name that a file was given


def look(event: str, arguments: tuple[object, ...]) -> None:
    """End the process at the first event after the file was given its name."""
    if renamed[0] == sys.argv[1]:
        renamed[0] = ""  # os.kill is an event too
        os.kill(os.getpid(), signal.SIGKILL)
    if event == "os.rename":
        renamed[0] = str(arguments[1])


if __name__ == "__main__":
    sys.addaudithook(look)
    sys.exit(cli.main(sys.argv[2:]))
