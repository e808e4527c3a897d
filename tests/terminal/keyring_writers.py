"""Many authkit processes that write to one keyring at once, and how many entries it keeps.

``python -m tests.terminal.keyring_writers`` runs the whole: twelve `user configure`
and twelve recoveries from rotated keys, of different identities, side by side, five
times.  The backend is keyrings.alt's PlaintextKeyring, which rewrites one file for
every entry and truncates it first, or with ``--file`` authkit's encrypted file.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.forked import AUTHKIT, started
from tests.support.pty_tools import program, spawn
from tests.support.simulator import KEYS, OLD_KEYS, WORLD, Home, Simulator

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Sequence
    from typing import Any

    import pexpect

    from scenarios.replay.stages.forked import Forked


class FileHome(Home):
    """A home in which authkit's encrypted file keeps the entries."""

    def __init__(self, path: Path, endpoint: str) -> None:
        chosen = {"AUTHKIT_KEYRING": "file", "AUTHKIT_KEYRING_PASSPHRASE": "a passphrase"}
        super().__init__(path, endpoint, chosen)

    def keyring(self, name: str = "dev-admin") -> dict[str, Any] | None:
        """Return the entry in the keyring."""
        found = self.run(*program("keyring_writer", name)).stdout.strip()
        return json.loads(found) if found.startswith("{") else None

    def put_in_keyring(self, entry: object, name: str = "dev-admin") -> None:
        """Put an entry into the keyring."""
        said = self.run(*program("keyring_writer"), stdin=f"{name}\t{json.dumps(entry)}\n").stdout
        assert said.endswith("kept\n"), said


def keys_of(number: int) -> dict[str, str]:
    """Return the keys that the configuring process of this number is given."""
    return {"access_key_id": f"AKIAWRITER{number:010}", "secret_access_key": f"secret-{number}"}


def kept(home: Home, configured: int, recovered: int) -> list[str]:
    """Run all the processes side by side; return the identities whose entries are whole."""
    recovering = [f"recovered-{number}" for number in range(recovered)]
    for name in recovering:
        home.put_in_keyring({"version": 1, **OLD_KEYS}, name)
    expected = {f"configured-{number}": keys_of(number) for number in range(configured)}
    with ExitStack() as stack:
        asking = [_recovery(stack, home, name) for name in recovering]
        given = [configuring(home, name, keys) for name, keys in expected.items()]
        for process in asking:
            _answer(process)
        for writer in given:
            writer.wait()
        for process in asking:
            process.expect("Authentication successful")
            process.wait()
    expected |= dict.fromkeys(recovering, KEYS)
    return [n for n, keys in expected.items() if home.keyring(n) == {"version": 1, **keys}]


def configuring(home: Home, name: str, keys: dict[str, str]) -> Forked | subprocess.Popen[bytes]:
    """Start `user configure` for an identity; what it says goes to a file (`said`)."""
    command = [AUTHKIT, "user", "configure", name, "--stdin", "--no-verify"]
    given = home.path / f"{name}.json"
    given.write_text(json.dumps(keys))
    with given.open() as stdin, (home.path / f"{name}.said").open("w") as said:
        return started(command, home.environ, [stdin.fileno(), said.fileno(), said.fileno()])


def _recovery(stack: ExitStack, home: Home, name: str) -> pexpect.spawn[str]:
    process = spawn([AUTHKIT, "login", name], home.environ)
    stack.callback(process.close, force=True)
    return process


def _answer(process: pexpect.spawn[str]) -> None:
    process.expect_exact("AWS Access Key ID: ")
    process.sendline(KEYS["access_key_id"])
    process.expect_exact("AWS Secret Access Key: ")
    process.sendline(KEYS["secret_access_key"])
    for question in ("MFA ARN (optional): ", "default: 12h): "):
        process.expect_exact(question)
        process.sendline("")


def said(home: Home, names: Iterable[str]) -> list[str]:
    """Return what the configuring processes of these identities said."""
    return [(home.path / f"{name}.said").read_text() for name in names]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rounds; print how many entries were kept, return 1 if one was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option, default in {"--writers": 12, "--recoveries": 12, "--rounds": 5}.items():
        parser.add_argument(option, type=int, default=default)
    parser.add_argument("--file", action="store_true", help="with the encrypted file keyring")
    options = parser.parse_args(arguments)
    each, whole = options.writers + options.recoveries, 0
    with Simulator() as simulator:
        simulator.control("world", WORLD)
        for number in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder:
                home = (FileHome if options.file else Home)(Path(folder), simulator.endpoint)
                found = len(kept(home, options.writers, options.recoveries))
            print(f"round {number + 1}: {found} of {each} kept")  # noqa: T201 - a command
            whole += found
    print(f"{whole} of {each * options.rounds} kept")  # noqa: T201 - a command
    return 0 if whole == each * options.rounds else 1


if __name__ == "__main__":
    sys.exit(main())
