"""The command that `exec` runs, as a real program: it does what a `Child` says.

`write` creates it.  The program runs ``python -IS program.py SCRIPT``, so this
module imports only the standard library, and of that only what loads fast.
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


def write(path: Path, child: Child, clock: str, environ_file: Path) -> None:
    """Write the program to `path`.

    `clock` is the URL of the simulator on whose clock the child's time passes.
    The program writes its environment to `environ_file`, as JSON.  A child that
    cannot be started is not written, or is not executable.
    """
    if child.fails == "not found":
        return
    script = {
        "environ_file": str(environ_file),
        "says": child.says if not child.says or child.says.endswith("\n") else f"{child.says}\n",
        "reads": child.reads,
        "clock": clock,
        "takes": f"{child.takes.total_seconds():.6f}s" if child.takes else "",
        "signal": child.signal,
        "exit": child.exit,
    }
    command = shlex.join([sys.executable, "-IS", __file__, json.dumps(script)])
    path.write_text(f"#!/bin/sh\nexec {command}\n", encoding="utf-8")
    path.chmod(0o600 if child.fails else 0o700)


def write_turns(path: Path, runs: Path, *, fails: str = "") -> None:
    """Write the program to `path` that at each run becomes the next of those in `runs`.

    They are run in the order of their names, and removed.  One that cannot be started
    (`fails`) is alone.
    """
    if fails:
        for run in [*runs.glob("*")]:
            run.rename(path)
        return
    folder = shlex.quote(str(runs))
    lines = (
        "#!/bin/sh",
        f"for run in {folder}/*; do break; done",
        'script=$(/bin/cat "$run") && /bin/rm "$run" && exec /bin/sh -c "$script"',
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o700)


def main(text: str) -> int:
    """Do what the script (JSON) says; return the exit status."""
    script = json.loads(text)
    with open(script["environ_file"], "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slow to import
        json.dump(dict(os.environ), file)
    sys.stdout.write(script["says"] + (sys.stdin.read() if script["reads"] else ""))
    sys.stdout.flush()
    if script["takes"]:
        _wait(script["clock"], script["takes"])
    if script["signal"]:
        os.kill(os.getpid(), script["signal"])
        signal.pause()
    return int(script["exit"])


def _wait(clock: str, span: str) -> None:
    """Let the time pass on the simulator's clock."""
    from urllib.request import urlopen  # noqa: PLC0415 - slow to import, and rarely needed

    urlopen(f"{clock}/_sim/sleep", json.dumps({"for": span}).encode()).read()  # noqa: S310 - ours


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
