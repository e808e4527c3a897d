"""Measures the peak memory of a process, as the operating system accounts for it.

A process that is started by `posix_spawn` or `vfork` inherits the peak of the process that
started it, and Linux reports the larger of the two.  So a small process stands between: an
interpreter without `site`, which takes less memory than any that is measured.  It forks.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.start_up import CACHED, QUICKEST, SLOWEST
from benchmarks.timing import Figure, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.start_up import Installed
    from benchmarks.timing import Command

# At most: the peak over the bare interpreter's, in MB, by the console script.
OVER = {QUICKEST: 1.0, SLOWEST: 2.0}
RUNS = 9

_PARENT = """
import posix, sys
child = posix.fork()
if not child:
    null = posix.open("/dev/null", posix.O_RDWR)
    for stream in (0, 1, 2):
        posix.dup2(null, stream)
    posix.execve(sys.argv[1], sys.argv[1:], posix.environ)
status, used = posix.wait4(child, 0)[1:]
posix.write(1, b"%d %d" % (posix.waitstatus_to_exitcode(status), used.ru_maxrss))
"""
_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in one of ru_maxrss


def peak(command: Command) -> float:
    """Return the most memory that a command had at a time, in MB; its children's does not count.

    Raises RuntimeError when the command fails.
    """
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-IS", "-c", _PARENT, *command.line],
        env={**command.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
        start_new_session=True,
    )
    status, used = map(int, done.stdout.split())
    if status:
        raise RuntimeError(f"{' '.join(command.line)}: exit status {status}")
    return used * _UNIT / 1e6


def figures(authkit: Installed) -> Iterator[Figure]:
    """Compare the peaks of the commands that use a cached session with a bare interpreter's."""
    for installer, bound in OVER.items():
        ours = authkit.by(installer)
        for name, line in CACHED.items():
            command = ours.command(ours.home(0), *line)
            command()  # compiles what was not compiled yet
            pairs = [(peak(command), peak(ours.bare_interpreter)) for _ in range(RUNS)]
            over = spread([of_ours - of_bare for of_ours, of_bare in pairs])
            of_ours, of_bare = (statistics.median(side) for side in zip(*pairs, strict=True))
            told = f"authkit {of_ours:.1f} MB, python -c pass {of_bare:.1f} MB"
            figure = Figure(told, *over, unit="MB")
            yield figure.named("memory", f"`authkit {name}` by {installer}", bound)
