"""Kills `authkit import --all --remove` at each of its system calls.

``python -m tests.terminal.import_crashes`` tries every call that may change something, and with
``--all`` every call; `test_import_crashes` tries a sample.  It needs strace, and Linux.  As in
`keyring_crashes`, a forked child waits until strace is attached.  The first one is only watched,
which gives the list of calls; each further one is killed as it enters one of them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

import tomlkit.items  # noqa: F401 - its imports are not what is tried

from authkit import cli
from authkit.adapters import sealed
from authkit.aws_files import ini
from authkit.commands import import_  # noqa: F401 - the same
from tests.support.simulator import KEYS
from tests.terminal.keyring_crashes import Call, keyring, traced_child

ID, SECRET = KEYS["access_key_id"], KEYS["secret_access_key"]
OLD = (
    f"# mine\n[dev]\naws_access_key_id = {ID}\n# since May\naws_secret_access_key = {SECRET}\n"
    f"[audit]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"
)
AUDIT = OLD[OLD.index("[audit]") :]
HALF = f"# mine\n[dev]\n# since May\n{AUDIT}"
NEW = "# mine\n[dev]\n# since May\n[audit]\n"
CONFIG = '# my own\ndefault = "dev"\n\n[identities.dev]\nkind = "aws/user"\n'
CHANGING = {
    *("openat", "write", "rename", "renameat", "renameat2", "link", "linkat", "unlink"),
    *("unlinkat", "mkdir", "mkdirat", "fsync", "fchmod", "chmod", "ftruncate", "fcntl", "flock"),
}


class Trial:
    """Imports in a home folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._credentials = home / ".aws" / "credentials"
        self._config = home / ".config" / "authkit" / "config.toml"

    def calls(self) -> list[Call]:
        """Return the calls of an import, in order.  Raises NotAllowedError."""
        for _ in range(2):  # this process imports what it needs meanwhile
            self._reset()
            names, killed = traced_child(self._import, "trace=all")
            assert not killed
            self._check_done()
        return [Call(name, names[: place + 1].count(name)) for place, name in enumerate(names)]

    def killed_at(self, call: Call) -> str:
        """Kill an import as it enters this call, check what is left, and let another one end it.

        Return what was left of the credentials file: old, half or new.
        """
        self._reset()
        inject = f"inject={call.name}:signal=KILL:when={call.number}"
        _, killed = traced_child(self._import, inject)
        assert killed, f"no such call: {call}"
        found = self._credentials.read_text()
        left = {OLD: "old", HALF: "half", NEW: "new"}[found]
        missing = [name for name in ("dev", "audit") if name not in self._with_keys(found)]
        assert {*missing} <= {*self._in_keyring()}, f"lost at {call}: {missing}"
        tomllib.loads(self._config.read_text())
        assert self._config.read_text().startswith(CONFIG)
        child = os.fork()
        if not child:  # pragma: no cover - it has no time to tell
            self._import()
        _, status = os.waitpid(child, 0)
        assert status == 0, f"the next one fails after {call}"
        self._check_done()
        return left

    def _reset(self) -> None:
        shutil.rmtree(self._home)
        self._credentials.parent.mkdir(parents=True)
        self._config.parent.mkdir(parents=True)
        self._credentials.write_text(OLD)
        self._config.write_text(CONFIG)

    def _import(self) -> NoReturn:
        """Import, as a process does: never return."""
        keep = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        os.environ.clear()
        os.environ.update(
            keep,
            HOME=str(self._home),
            AUTHKIT_STATE_DIR=str(self._home / "state"),
            AUTHKIT_KEYRING="file",
            AUTHKIT_KEYRING_PASSPHRASE="a passphrase",
        )
        status = 70
        with suppress(BaseException):
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            status = cli.main(["--no-input", "import", "--all", "--remove", "--no-verify"])
        os._exit(status)

    def _in_keyring(self) -> list[str]:
        own = keyring(self._home / "state" / "keyring")
        found = ((name, own.get_password("authkit", name)) for name in ("dev", "audit"))
        return [name for name, entry in found if entry and SECRET in entry]

    def _with_keys(self, text: str) -> list[str]:
        sections = ini.IniFile(text.encode()).sections
        return [section.name for section in sections if len(section.entries) == 2]

    def _check_done(self) -> None:
        assert self._credentials.read_text() == NEW
        assert self._in_keyring() == ["dev", "audit"]
        assert self._config.read_text() == f'{CONFIG}\n[identities.audit]\nkind = "aws/user"\n'
        for file in (self._credentials, self._config):
            assert [*file.parent.iterdir()] == [file], "a draft is left"


def main(arguments: list[str]) -> int:
    """Try every point; return 1 if one of them lost something."""
    name = "python -m tests.terminal.import_crashes"
    parser = argparse.ArgumentParser(prog=name, description=__doc__)
    parser.add_argument("--all", action="store_true", help="at calls that change nothing too")
    every = parser.parse_args(arguments).all
    lost = 0
    with tempfile.TemporaryDirectory() as folder, patch.object(sealed, "COST", 16):
        trial = Trial(Path(folder))
        calls = trial.calls()
        tried = [call for call in calls if call.name in CHANGING or every]
        for place, call in enumerate(tried, 1):
            try:
                left = trial.killed_at(call)
            except (AssertionError, KeyError) as error:
                left, lost = repr(error), lost + 1
            print(f"{place:4} {call.name:12} {call.number:4} {left}", flush=True)  # noqa: T201 - it is a command
    print(f"{len(calls)} calls, {len(tried)} tried, {lost} lost")  # noqa: T201 - the same
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
