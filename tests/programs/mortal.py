"""Run an authkit command repeatedly, killed (SIGKILL) one file operation later each time.

``mortal.py FOLDER ENTRY COMMAND…``.  Files, locks and processes are real; STS and
the person are in the process.  Before each command the keyring holds ENTRY, and
for ``login --force`` there is a session.  For every kill a line of JSON is
printed: the operation before which it came, what was left behind, and the exit
status of an ``authkit login`` after it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from authkit import cli
from authkit.adapters.keyring import LibraryKeyring
from authkit.adapters.world import RealWorld
from authkit.commands import user_configure  # noqa: F401 - loaded once, before the forks
from authkit.core import entries
from authkit.login import obtain  # noqa: F401 - loaded once, before the forks
from fakes.world.file_keyring import FILE, KeyringFile
from fakes.world.sts import PortSts
from sts_simulator.account.account import Account
from tests.support.people import ACCOUNT, NAME, Obliging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authkit.core.model import Question
    from authkit.core.ports import Prompter, Sts

FOLDER = Path(sys.argv[1])


class Somebody(Obliging):
    """The person, as the port Prompter."""

    def ask(self, question: Question) -> str:
        """Return what the person types."""
        return self(question)


class HalfReal(RealWorld):
    """The real World, except for STS and the person."""

    account = Account.from_table(ACCOUNT, lambda: datetime.now(UTC))
    somebody = Somebody()

    @property
    def prompter(self) -> Prompter:
        """Return the person."""
        return self.somebody

    def sts(self, region: str) -> Sts:
        """Return an STS in this process."""
        return PortSts(self.account, region, self.clock)


def ended(command: Sequence[str], life: int) -> int:
    """Run a command in a new process, killed at operation `life`; return its exit status."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    left = life

    def age(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if changes(event, arguments):
            left -= 1
            if left == 0:
                (FOLDER / "last").write_text(f"{event} {arguments[0]}")
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(age)
    os._exit(cli.main(command, lambda _options: HalfReal()))


def changes(event: str, arguments: tuple[object, ...]) -> bool:
    """Return whether an audit event is an operation that changes something in the folder."""
    path = str(arguments[0])
    inside = path.startswith(str(FOLDER)) or "/" not in path  # a path in a folder that is open
    if event not in OPERATIONS or not inside or (event == "open" and path.isdigit()):
        return False
    flags = arguments[2] if event == "open" else os.O_RDWR
    return isinstance(flags, int) and flags & os.O_ACCMODE != os.O_RDONLY


OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.truncate"}


def prepare(entry: str, command: Sequence[str]) -> None:
    """Create the folder as it is before the command."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    keyring().put(entries.SERVICE, {NAME: entry})
    if "--force" in command:
        ended(["login", NAME], 0)


def keyring() -> KeyringFile:
    """Return the keyring file."""
    return KeyringFile(Path(os.environ[FILE]))


def left_behind() -> dict[str, object]:
    """Return what a killed process has left in the folder."""
    session = FOLDER / "state" / "sessions" / f"{NAME}.json"
    return {
        "at": (FOLDER / "last").read_text(),
        "entry": keyring().entries(entries.SERVICE).get(NAME),
        "session": session.read_text() if session.exists() else None,
    }


def main(entry: str, command: Sequence[str]) -> None:
    """Kill the command at its first operation, its second, and so on, until it ends normally."""
    os.environ |= {
        "HOME": str(FOLDER),  # where a config file may be, and is not
        FILE: str(FOLDER / "keyring"),
        "AUTHKIT_STATE_DIR": str(FOLDER / "state"),
        "PYTHON_KEYRING_BACKEND": "fakes.world.file_keyring.FileKeyring",
    }
    LibraryKeyring().in_the_clear  # noqa: B018 - loads the keyring library
    life = 1
    while True:
        prepare(entry, command)
        if ended(command, life) != -signal.SIGKILL:
            return
        left = left_behind()
        status = ended(["login", NAME], 0)
        sys.stdout.write(json.dumps({**left, "next": status}) + "\n")
        sys.stdout.flush()
        life += 1


if __name__ == "__main__":
    main(sys.argv[2], sys.argv[3:])
