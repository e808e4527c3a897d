"""Tries keyring backends on this machine, and writes a row of docs/keyrings.md for each.

``python -m tests.terminal.keyring_backends [NAME]...`` prints the table.  A backend
whose programs or packages are not there gets a row that says so.  For each: it is used
through authkit's own choice; unlocked as a person and as a timer would; written to by
twelve processes at once, five times; and what writes its files is killed (strace) at
each call that changes one.

Debian packages: dbus gnome-keyring gnupg pass pinentry-tty strace.  From PyPI:
keyring_pass, keyrings.alt, pycryptodomex.  Everything happens in folders of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect

from tests.support.forked import AUTHKIT
from tests.support.pty_tools import REPO, program, spawn
from tests.support.simulator import BIN, KEYS
from tests.support.writers import Writer, entries_left, write_at_once
from tests.terminal.keyring_table import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.terminal.keyring_table import Backend

OLD, NEW = "the-old-entry", "the-new-entry"
NAME = "dev-admin"
CHANGES = (
    "openat,creat,write,pwrite64,ftruncate,rename,renameat,renameat2,link,unlink,unlinkat,fsync"
)
LONGEST = 180  # seconds for one step: what takes longer hangs
BUS = """<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"""


class Machine:
    """A home folder of its own, in which one backend is used."""

    def __init__(self, backend: Backend, home: Path) -> None:
        self._backend = backend
        self._home = home
        kept = ("PATH", "LANG")
        self._environ = {name: os.environ[name] for name in kept if name in os.environ} | {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(home),
            "PYTHONPATH": str(REPO),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "AUTHKIT_STATE_DIR": str(home / "state"),
            "GNUPGHOME": str(home / "gpg"),
            "NO_COLOR": "1",
            **backend.environ,
        }
        for folder in ("run", "gpg", "state"):
            (home / folder).mkdir(mode=0o700, exist_ok=True)
        (home / "bus.xml").write_text(BUS)
        if backend.setup:
            self.run(["bash", "-c", backend.setup])

    def environ(self, *, unlocked: bool = True) -> dict[str, str]:
        """Return the environment, with what opens the backend or without."""
        return self._environ | (self._backend.unlocked if unlocked else {})

    def in_session(self, command: list[str]) -> list[str]:
        """Return the command, to be run after the session's own beginning."""
        if not self._backend.session:
            return command
        begin = f'{self._backend.session}; "$@"'
        bus = f"--config-file={self._home / 'bus.xml'}"
        return ["dbus-run-session", bus, "--", "bash", "-c", begin, "sh", *command]

    def run(self, command: list[str], stdin: str = "", *, unlocked: bool = True) -> str:
        """Run a command in the session; return what it says."""
        with tempfile.TemporaryFile("w+") as said:  # not a pipe: a daemon would keep it open
            process = subprocess.Popen(  # noqa: S603 - our own
                self.in_session(command),
                env=self.environ(unlocked=unlocked),
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                text=True,
                start_new_session=True,
            )
            try:
                process.communicate(stdin, timeout=LONGEST)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
            said.seek(0)
            return said.read()

    def inside(self, trial: str, *words: str) -> str:
        """Run a trial of this module within one session; return the last line that it prints."""
        command = [sys.executable, "-m", "tests.terminal.keyring_backends", f"--{trial}", *words]
        return (self.run(command).splitlines() or [""])[-1]


# The trials.  Those of `INSIDE` run within the session of the backend.


def unattended(machine: Machine) -> str:
    """Save by authkit and find it again by another process, without a terminal."""
    fields = json.dumps(KEYS)
    saved = machine.run([AUTHKIT, "user", "configure", NAME, "--stdin", "--no-verify"], fields)
    listed = machine.run([AUTHKIT, "list", "--check"])
    if "✓ Credentials saved" in saved and "stored" in listed:
        return "works"
    return next((line for line in saved.splitlines() if line.startswith("✗")), saved[-500:])


def attended(machine: Machine, asks: str) -> str:
    """Be asked on a terminal, and answer."""
    command = machine.in_session([AUTHKIT, "list", "--check"])
    screen = spawn(command, machine.environ(unlocked=False))
    try:
        screen.expect_exact(asks)
        screen.sendline("secret-word")
        screen.expect_exact("stored", timeout=LONGEST)
    except (pexpect.TIMEOUT, pexpect.EOF):
        return "does not work here"
    finally:
        screen.close(force=True)
    return "works"


def parallel() -> str:
    """Let twelve processes write at once, five times; count what is left."""
    written = write_at_once(os.environ, writers=12, rounds=5)
    left = entries_left(os.environ, written)
    kept = sum(read == name for read, name in zip(left, written, strict=False))
    said = sum(word == "kept" for word in written.values())
    return f"{kept} of {len(written)} kept" + (f" ({said} said to be)" if said != kept else "")


def crash(tracee: str, expression: str) -> str:
    """Write the new entry while strace watches what writes; return the calls that change files."""
    with Writer(os.environ) as writer:
        pid = writer.pid if tracee == "writer" else _newest(tracee)
        traced = Path(os.environ["HOME"]) / "traced"
        command = ["strace", "-f", "-y", "-o", str(traced), "-p", str(pid), "-e", expression]
        with subprocess.Popen(  # noqa: S603
            command, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as strace:
            assert strace.stderr is not None
            strace.stderr.readline()  # it is attached
            writer.write(NAME, NEW)
            writer.said()
            strace.terminate()
    return json.dumps(sorted(set(_points(traced.read_text(errors="replace").splitlines()))))


def _points(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the calls that are about a file in the home: name, and the how many-th of its process.

    That is how strace counts.  Locks and what GnuPG keeps for itself are left out.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if called := re.match(r"(\d+) +(\w+)\(", line):
            process, call = called.groups()
            counts[process, call] += 1
            path = line[called.end() :]
            others = re.search(r"/gpg/|/locks\b|\.lock|O_RDONLY", path)
            if os.environ["HOME"] in path and not others:
                yield call, counts[process, call]


def _newest(name: str) -> int:
    command = ["pgrep", "-n", name]
    found = subprocess.run(  # noqa: S603 - our own
        command, capture_output=True, text=True, check=True, start_new_session=True
    )
    return int(found.stdout)


def killed(backend: Backend, machine: Machine, home: Path) -> str:
    """Kill what writes at each call that changes a file; return what that leaves."""
    if not shutil.which("strace"):
        return "needs strace to be tried"
    snapshot = home / "before"
    machine.run(program("keyring_writer"), f"{NAME}\t{OLD}\n")
    shutil.copytree(home / backend.files, snapshot, symlinks=True)
    points = json.loads(machine.inside("crash", backend.writes_in, f"trace={CHANGES}"))
    left: dict[str, list[str]] = {OLD: [], NEW: [], "nothing": []}
    for call, number in points:
        shutil.rmtree(home / backend.files)
        shutil.copytree(snapshot, home / backend.files, symlinks=True)
        machine.inside("crash", backend.writes_in, f"inject={call}:signal=KILL:when={number}")
        read = (machine.run(program("keyring_writer", NAME)).splitlines() or [""])[-1]
        left[read if read in left else "nothing"].append(call)
    entry = f"the old entry at {len(left[OLD])} calls, the new one at {len(left[NEW])}"
    if not left["nothing"]:
        return entry
    where = ", ".join(sorted({*left["nothing"]}))
    return f"nothing at {len(left['nothing'])} calls ({where}), {entry}"


def row(backend: Backend) -> str:
    """Try a backend; return its row."""
    if backend.missing:
        return f"| {backend.name} | not tried: needs {', '.join(backend.missing)} | | | | |"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        machine = Machine(backend, home)
        works = unattended(machine)
        if works != "works" and not backend.files:
            said = works.removeprefix("✗ ")
            return f"| {backend.name} | {backend.chosen} | - | - | {said} | - |"
        person = backend.attended
        if backend.asks:
            person = f"{person}: {attended(machine, backend.asks)}"
        cells = [
            backend.name,
            backend.chosen,
            person,
            backend.unattended if works != "works" else f"{backend.unattended}: works",
            killed(backend, machine, home),
            machine.inside("parallel"),
        ]
    return f"| {' | '.join(cells)} |"


INSIDE = {"--parallel": parallel, "--crash": crash}
HEAD = """\
| backend | chosen | by a person | unattended | a write that is killed leaves | twelve writers |
|---|---|---|---|---|---|"""


def main(arguments: list[str]) -> None:
    """Print the table, or run a trial within a session."""
    if arguments and arguments[0] in INSIDE:
        print(INSIDE[arguments[0]](*arguments[1:]))  # type: ignore[operator]  # noqa: T201
        return
    name = "python -m tests.terminal.keyring_backends"
    parser = argparse.ArgumentParser(prog=name, description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD", help="what a back end's name contains")
    words = parser.parse_args(arguments).words
    print(HEAD)  # noqa: T201 - it is a command
    for backend in BACKENDS:
        if not words or any(word in backend.name for word in words):
            print(row(backend), flush=True)  # noqa: T201 - the same


if __name__ == "__main__":
    main(sys.argv[1:])
