"""What tests do to a state folder: processes that crash or hold its lock, and obstacles."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from authkit.core import sessions
from authkit.core.model import Marker
from fakes.world.cached_session import cached_session, session
from tests.support.stage import START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from authkit.adapters.state_folder import StateFolder

CACHED = cached_session(session(START))
OLD, NEW = sessions.encode(CACHED), sessions.encode(CACHED.replaced(region="eu-west-1"))


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Set the umask for a block."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


# Replaces a session file in a process that exits instead of calling the function of `os` named.
DIE = """
import os, sys
from authkit.adapters.state_folder import StateFolder
setattr(os, sys.argv[2], lambda *_, **__: os._exit(9))
StateFolder(sys.argv[1]).replace("dev-admin", sys.argv[3])
"""


def die_while_writing(state: Path, step: str = "replace") -> Path:
    """Have a process exit at a step of writing a session file; return the file that it left."""
    before = {*state.rglob("*")}
    command = [sys.executable, "-c", DIE, str(state), step, NEW]
    assert subprocess.run(command, check=False, start_new_session=True).returncode == 9  # noqa: S603 - our own
    (left,) = (path for path in {*state.rglob("*")} - before if path.is_file())
    return left


def a_file_for_the_folder(state: Path) -> Path:
    """Make the state folder itself a file."""
    state.parent.mkdir(parents=True)
    state.write_text("")
    return state


def a_file_for_the_inner_folders(state: Path) -> Path:
    """Make each of its folders a file."""
    state.mkdir(parents=True)
    for name in ("sessions", "identities", "locks", "codes"):
        (state / name).write_text("")
    return state


def folders_for_the_files(state: Path) -> Path:
    """Make its files folders that are not empty."""
    for path in ("sessions/dev-admin.json", "identities/dev-admin", "locks/dev-admin"):
        (state / path / "inside").mkdir(parents=True)
    return state


OPERATIONS: dict[str, Callable[[StateFolder], object]] = {
    "read": lambda folder: folder.read("dev-admin"),
    "replace": lambda folder: folder.replace("dev-admin", NEW),
    "drop": lambda folder: folder.drop("dev-admin"),
    "mark": lambda folder: folder.markers.mark("dev-admin", Marker()),
    "unmark": lambda folder: folder.markers.unmark("dev-admin"),
    "lock": lambda folder: folder.lock("dev-admin").acquire(),
}

LISTS: dict[str, Callable[[StateFolder], object]] = {
    "names": lambda folder: folder.names(),
    "marked": lambda folder: folder.markers.marked(),
    "codes": lambda folder: folder.notes.codes(),
}

# Reads a session file, and prints the trouble.
READ = """
import sys
from authkit.core.failures import StateTrouble
from authkit.adapters.state_folder import StateFolder
try:
    StateFolder(sys.argv[1]).read("dev-admin")
except StateTrouble as trouble:
    print(trouble.path, trouble.reason)
"""

# Takes an identity's lock, and holds it until it is killed.
HOLD = """
import sys, time
from authkit.adapters.state_folder import StateFolder
lock = StateFolder(sys.argv[1]).lock(sys.argv[2])
print(lock.acquire(), flush=True)
time.sleep(600)
"""


@contextmanager
def held_by_another_process(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold dev-admin's lock until the end of the `with` block."""
    command = [sys.executable, "-c", HOLD, str(state), "dev-admin"]
    with subprocess.Popen(  # noqa: S603 - our own
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "True\n"
            yield holder
        finally:
            holder.kill()
