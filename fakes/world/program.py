"""A command for `exec` to run, as a story tells it: a real program that does what its script says.

``written`` puts one into a folder; it runs ``python -IS program.py SCRIPT``, so
nothing is imported here but what is the standard library's own and cheap.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from fakes.world.children import Child


def written(path: Path, child: Child, clock: str, found: Path) -> None:
    """Write the program.  It lets its time pass at `clock`, a URL, and writes its environment.

    A child that cannot be started is not there, or not executable.
    """
    if child.fails == "not found":
        return
    script = {
        "found": str(found),
        "says": child.says if not child.says or child.says.endswith("\n") else f"{child.says}\n",
        "clock": clock,
        "takes": f"{child.takes.total_seconds():.6f}s" if child.takes else "",
        "signal": child.signal,
        "exit": child.exit,
    }
    command = shlex.join([sys.executable, "-IS", __file__, json.dumps(script)])
    path.write_text(f"#!/bin/sh\nexec {command}\n", encoding="utf-8")
    path.chmod(0o600 if child.fails else 0o700)


def main(script: str) -> int:
    """Do what the script says; return the exit status."""
    told = json.loads(script)
    with open(told["found"], "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib is dear
        json.dump(dict(os.environ), file)
    sys.stdout.write(told["says"])
    sys.stdout.flush()
    if told["takes"]:
        _wait(told["clock"], told["takes"])
    if told["signal"]:
        os.kill(os.getpid(), told["signal"])
        signal.pause()
    return int(told["exit"])


def _wait(clock: str, span: str) -> None:
    from urllib.request import urlopen  # noqa: PLC0415 - dear, and most take no time

    urlopen(f"{clock}/_sim/sleep", json.dumps({"for": span}).encode()).read()  # noqa: S310 - ours


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
