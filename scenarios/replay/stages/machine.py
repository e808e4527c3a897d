"""The machine that authkit runs on at level terminal: home folder, keyring file, programs.

All of it is in one temporary folder.  Stories call the home folder
``/home/dev``, and `as_told` replaces the real name on a screen.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from authkit.adapters.state_folder import StateFolder
from authkit.core.model import DEFAULT_REGION, Marker
from fakes.world import file_keyring, launcher, network, program
from fakes.world.config import HOME, PROGRAM
from fakes.world.keyring import ABSENT
from fakes.world.lock import AUTHKIT
from scenarios.replay.stages.forked import can_be_forked
from scenarios.replay.stages.pty_session import Program
from scenarios.replay.stages.stage import by_identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fakes.world.children import Child

CHECKOUT = Path(__file__).parents[3]


_PROGRAM = str(Path(sys.executable).with_name("authkit"))
NO_BACKEND = "keyring.backends.fail.Keyring"  # keyring's own, for a machine without any


class Machine:
    """A home folder, a keyring file and a folder in PATH.

    `clock` is the URL of the simulator, which is the STS endpoint and the
    source of time for every process here.
    """

    def __init__(self, folder: Path, clock: str, zone: str) -> None:
        self._clock = clock
        self._zone = zone
        self.home = folder / "home"
        self._programs = folder / "bin"
        self._runs = folder / "runs"  # of `install_runs`, those to come
        self._found = folder / "environ.json"  # the last child's environment
        self._config = self.home / ".config" / "authkit" / "config.toml"
        self.state = self.home / ".local" / "state" / "authkit"
        self.network = network.NetworkFile(folder / "network.json")
        self.keyring = file_keyring.KeyringFile(folder / "keyring.json")
        self._programs.mkdir(parents=True)
        self._config.parent.mkdir(parents=True)

    def configure(self, text: str | None) -> None:
        """Write the config file; None removes it."""
        if text is None:
            self._config.unlink(missing_ok=True)
        else:
            self._config.write_text(text, encoding="utf-8")
            self._config.chmod(0o600)

    def open_config(self) -> None:
        """Let others than the user write to the config file."""
        self._config.chmod(0o666)

    def put_sessions(self, sessions: Mapping[str, str], marked: Sequence[str]) -> None:
        """Put session files and markers into the state folder, as authkit leaves them."""
        for name in marked:
            StateFolder(str(self.state)).markers.mark(name, Marker())
        for name, text in sessions.items():
            path = self.state / "sessions" / f"{name}.json"
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)

    def sessions(self) -> dict[str, str]:
        """Return the text of each session file, by identity; one without a name by its file."""
        found = {
            path.stem: path.read_text(encoding="utf-8")
            for path in sorted(self.state.glob("sessions/*.json"))
            if path.is_file() and not path.is_symlink()
        }
        return by_identity(found)

    def put_files(self, files: Mapping[str, str]) -> None:
        """Write files of the person's own; the home folder and authkit are called as in stories."""
        for path, text in files.items():
            file = self.home / path.removeprefix("~/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.replace(PROGRAM, _PROGRAM).replace(HOME, str(self.home)).encode())

    def files(self, names: Iterable[str]) -> dict[str, str]:
        """Return the texts of these files of the person's own, of those that are there."""
        found = {name: self.home / name.removeprefix("~/") for name in names}
        return {
            name: self.as_told(path.read_bytes().decode())
            for name, path in found.items()
            if path.is_file()
        }

    def install(self, name: str, child: Child) -> None:
        """Write the command that `exec` is to run, into PATH or to a path in the home folder."""
        self._found.unlink(missing_ok=True)
        path = self.home / name if "/" in name else self._programs / name
        program.write(path, child, self._clock, self._found)

    def install_runs(self, name: str, runs: Sequence[Child]) -> None:
        """Write a command into PATH that does at each run what the next of `runs` says.

        Without any it is there, and fails.
        """
        path = self._programs / name
        path.unlink(missing_ok=True)
        shutil.rmtree(self._runs, ignore_errors=True)
        self._runs.mkdir()
        for number, run in enumerate(runs):
            program.write(self._runs / f"{number:03}", run, self._clock, Path(os.devnull))
        program.write_turns(path, self._runs, fails=runs[0].fails if runs else "")

    def unused(self) -> int:
        """Return how many of these runs were not made."""
        return len([*self._runs.glob("*")])

    def found(self) -> Mapping[str, str] | None:
        """Return the environment of the last child, None when none was run."""
        if not self._found.exists():
            return None
        environ: dict[str, str] = json.loads(self._found.read_text(encoding="utf-8"))
        return environ

    def authkit(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        stdin: str | None,
        *,
        own_terminal: bool = True,
    ) -> Program:
        """Return the program that runs authkit here; `stdin` is None for the terminal.

        With `own_terminal` the terminal is its controlling terminal.
        """
        launched = ["--clock", self._clock, *["--own-terminal"] * own_terminal]
        launched += ["authkit", *arguments]
        command = [sys.executable, "-P", "-m", launcher.__name__, *launched]
        return Program(
            command,
            self._environ() | {**environ},
            self.home,
            stdin,
            launched if can_be_forked(environ) else None,
        )

    def as_told(self, screen: str, processes: Iterable[int] = ()) -> str:
        """Return a screen with the names of stories: of home folder, authkit, endpoint, processes.

        authkit names its endpoint in trouble of the network.  Stories of that are told in
        `DEFAULT_REGION`.
        """
        for process in processes:
            screen = re.sub(rf"\bprocess {process}\b( \([^)]*\))?", f"process {AUTHKIT}", screen)
        endpoint = f"https://{network.host(DEFAULT_REGION)}/"
        screen = screen.replace(_PROGRAM, PROGRAM)
        return screen.replace(str(self.home), HOME).replace(f"{self._clock}/", endpoint)

    def _environ(self) -> dict[str, str]:
        """Return the environment of every program here; it holds nothing of this process's own."""
        config = {"AUTHKIT_CONFIG": str(self._config)} if self._config.exists() else {}
        return (
            config
            | self._chosen_keyring()
            | {
                "AUTHKIT_STATE_DIR": str(self.state),
                **dict.fromkeys(("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_IAM"), self._clock),
                network.FILE: str(self.network.path),
                "FAKES_KEYRING": str(self.keyring.path),
                "HOME": str(self.home),
                "LANG": "C.UTF-8",
                "NO_COLOR": "1",
                "PATH": str(self._programs),
                "PYTHONPATH": str(CHECKOUT),
                "TERM": "xterm",
                "TZ": self._zone,
            }
        )

    def _chosen_keyring(self) -> dict[str, str]:
        """Return the variable that chooses the keyring backend.

        One that always fails, for no keyring, is chosen by keyring's own config file: of a
        variable authkit would say that it can be unset.
        """
        path = self.home / ".config" / "python_keyring" / "keyringrc.cfg"
        path.unlink(missing_ok=True)
        if self.keyring.state != ABSENT:
            return {"PYTHON_KEYRING_BACKEND": file_keyring.BACKEND}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[backend]\ndefault-keyring = {NO_BACKEND}\n", encoding="utf-8")
        return {}
