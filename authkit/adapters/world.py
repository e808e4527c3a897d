"""The real World: the ports over this machine.  Expensive imports happen on first use."""

from __future__ import annotations

import os
import sys

from authkit.adapters.clock import CorrectedClock, RealClock
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.terminal import Terminal
from authkit.core.failures import USAGE, Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from functools import cached_property

    from authkit.adapters.encrypted_file import EncryptedFileKeyring
    from authkit.adapters.locks import StateLock
    from authkit.adapters.marker_files import MarkerFiles, NoteFiles
    from authkit.adapters.passphrase import Passphrases
    from authkit.adapters.user_files import UserFiles
    from authkit.core.kinds import Kind
    from authkit.core.ports import Children, Keyring, Programs, Prompter, Sts, Web

else:

    class cached_property:  # noqa: N801 - its name in functools
        """That of functools, whose import takes a fifth of the interpreter's own start."""

        def __init__(self, make: Callable[[object], object]) -> None:
            self._make = make

        def __get__(self, instance: object, _owner: type) -> object:
            made = instance.__dict__[self._make.__name__] = self._make(instance)
            return made


# Where each platform keeps such files: the variable, and the folder if it is not set.
_CONFIG_FOLDERS = {
    "darwin": ("", "~/Library/Application Support"),
    "win32": ("APPDATA", "~/AppData/Roaming"),
    "": ("XDG_CONFIG_HOME", "~/.config"),
}
_STATE_FOLDERS = {
    "darwin": ("", "~/Library/Application Support"),
    "win32": ("LOCALAPPDATA", "~/AppData/Local"),
    "": ("XDG_STATE_HOME", "~/.local/state"),
}


class RealWorld:
    """The World of a process; `config` is the file of --config.

    `no_input` forbids questions (--no-input), and so does what `unasked` says.
    """

    def __init__(
        self, config: str | None = None, *, no_input: bool = False, unasked: str = ""
    ) -> None:
        self.environ: Mapping[str, str] = os.environ
        self.screen = Terminal(sys.stdout, sys.stderr, os.environ)
        self.clock = CorrectedClock(RealClock(), self.screen)
        self._config = config
        self._no_input = no_input
        self._unasked = unasked
        self._sts: dict[str, Sts] = {}

    @cached_property
    def config(self) -> ConfigFile:
        """The config file.  Raises Failure (2)."""
        named = os.environ.get("AUTHKIT_CONFIG") or None if self._config is None else self._config
        return ConfigFile(named)

    @cached_property
    def sessions(self) -> StateFolder:
        """The state folder.  Raises Failure (2)."""
        named = os.environ.get("AUTHKIT_STATE_DIR", "")
        return StateFolder(_named_folder(named) if named else _folder(_STATE_FOLDERS))

    @property
    def markers(self) -> MarkerFiles:
        """The markers in the state folder."""
        return self.sessions.markers

    @property
    def notes(self) -> NoteFiles:
        """The notes about MFA codes in the state folder."""
        return self.sessions.notes

    @cached_property
    def children(self) -> Children:
        """Commands in this terminal."""
        from authkit.adapters.job import Children

        return Children()

    @cached_property
    def programs(self) -> Programs:
        """Programs that print one line."""
        from authkit.adapters.programs import Programs

        return Programs(lambda: self.prompter is not None)

    @property
    def prompter(self) -> Prompter | None:
        """The person at the terminal, if there is one to be asked."""
        return None if self.unasked else self.screen

    @property
    def unasked(self) -> str:
        """Why nobody can be asked at this instant, "" when somebody can."""
        from authkit.adapters.asking import settings_forbid, without_terminal

        setting = settings_forbid(self.environ, no_input=self._no_input)
        return setting or self._unasked or without_terminal()

    @cached_property
    def keyring(self) -> Keyring:
        """The keyring library's backend, or authkit's own file (``keyring_choice``)."""
        from functools import cache, partial

        from authkit.adapters.keyring import LibraryKeyring
        from authkit.adapters.keyring_questions import Questions
        from authkit.adapters.one_writer import OneWriter
        from authkit.adapters.passphrase import Passphrases

        path = os.path.join(self.sessions.path, "keyring")
        asked = (lambda: self.prompter), (lambda: self.unasked)
        passphrases = Passphrases(path, os.environ, self.screen, *asked)
        file = cache(partial(_own_keyring, path, passphrases))
        state, say = self.sessions, self.screen.say
        users = [home.keyring_lock for home in _state_in_home()]
        return LibraryKeyring(
            OneWriter(*users, state.keyring_lock, say=say),
            file=file,
            file_writer=OneWriter(state.keyring_lock, say=say),
            questions=Questions(*asked),
        )

    @cached_property
    def web(self) -> Web:
        """The web, for kinds from elsewhere."""
        from authkit.adapters.web import RealWeb

        return RealWeb(os.environ)

    @cached_property
    def files(self) -> UserFiles:
        """Files of the person's own; one process at a time replaces one of them."""
        from authkit.adapters.one_writer import OneWriter
        from authkit.adapters.user_files import UserFiles

        locks = [folder.files_lock for folder in (*_state_in_home(), self.sessions)]
        say = self.screen.say
        return UserFiles(
            lambda trouble: OneWriter(*locks, say=say, what="your files", trouble=trouble)
        )

    def sts(self, region: str) -> Sts:
        """Return STS in that region."""
        if region not in self._sts:
            from authkit.adapters import addresses, logs

            logs.silence()
            from authkit.adapters.sts import Boto3Sts

            if not self._sts and (warning := addresses.warning(self.environ)):
                self.screen.say(warning)
            self._sts[region] = Boto3Sts(region, clock=self.clock)
        return self._sts[region]

    def lock(self, name: str) -> StateLock:
        """Return the identity's lock, not taken yet."""
        return self.sessions.lock(name)

    def versions(self) -> Mapping[str, str]:
        """Return the versions of authkit, Python and the libraries, by name."""
        from authkit.adapters import versions

        return versions.installed()

    def width(self) -> int:
        """Return the columns of the terminal."""
        from authkit.adapters import seat

        return seat.width(self.environ)

    def found(self, program: str) -> tuple[str, str]:
        """Return the file that a command's first word means, and why it cannot be started."""
        from authkit.adapters import executables

        return executables.found(program)

    def shared(self, path: str) -> tuple[str, str]:
        """Return what others may write to, a file or a folder above it, and why; "" for nothing."""
        from authkit.adapters import writers

        return writers.shared(path)

    def shell(self) -> str:
        """Return the person's shell, "" where there is no terminal."""
        from authkit.adapters import seat

        return seat.shell(self.environ)

    def program(self) -> list[str]:
        """Return the words that start this authkit from any folder, with an empty PATH."""
        from authkit.adapters import own_program

        config, state = os.path.abspath(self.config.path), self.sessions.path
        if not os.path.exists(config) or config == _config_file(_in_home(_CONFIG_FOLDERS)):
            config = ""
        if state == _in_home(_STATE_FOLDERS):
            state = ""
        return own_program.words(sys.argv[0], sys.executable, config, state)

    def stdin(self) -> str:
        """Return all of standard input.  Raises UnicodeDecodeError, Failure."""
        from authkit.adapters.reading import Unreadable, read_all

        if sys.stdin and sys.stdin.isatty():
            from authkit.core.render import text

            self.screen.say(text("stdin-is-a-terminal"))
        try:
            return read_all(sys.stdin.fileno()).decode("utf-8-sig") if sys.stdin else ""
        except (OSError, Unreadable) as error:
            raise Failure("stdin-unreadable", reason=_reason(error)) from None


def _own_keyring(path: str, passphrases: Passphrases) -> EncryptedFileKeyring:
    from authkit.adapters.encrypted_file import EncryptedFileKeyring

    return EncryptedFileKeyring(path, passphrases)


class ConfigFile:
    """The config file: the named one, which must exist, or the platform's."""

    def __init__(self, named: str | None) -> None:
        self._named = named is not None
        if named is None:
            self.path = _config_file(_folder(_CONFIG_FOLDERS))
        else:
            self.path = os.path.expanduser(named)  # no shell does so behind ``--config=``
        self._read = False
        self._content: bytes | None = None
        self._stamp = ""  # of what was read
        self._distrusted = ""  # the same
        self._kinds: dict[str, Kind | None] = {}  # looked up before: each look takes milliseconds

    def read(self) -> bytes | None:
        """Return its bytes, None when there is none.  It is read once, and a pipe gives them once.

        So what a command found stays so until it ends, and that there was no file does too.
        Raises Failure (2).
        """
        from authkit.adapters.reading import Unreadable, read_file

        if not self._read:
            self._stamp = self._stamp_now()  # before it is read: a change meanwhile counts as one
            try:
                self._content = read_file(self.path, self._look)
            except (OSError, Unreadable) as error:
                if self._named or not isinstance(error, FileNotFoundError):
                    facts = {"path": self.path, "reason": _reason(error)}
                    raise Failure("config-unreadable", USAGE, **facts) from None
            self._read = True
        return self._content

    def kind(self, name: str) -> Kind | None:
        """Return the kind that an installed distribution brings, None for none."""
        if name not in self._kinds:
            from authkit.adapters import installed_kinds

            self._kinds[name] = installed_kinds.kind(name)
        return self._kinds[name]

    def distrusted(self) -> str:
        """Return who else may have written what was read, as a clause, "" for nobody (B-S06)."""
        return self._distrusted

    def stamp(self) -> str:
        """Return a text that changes whenever the file does: the stamp of what was read, if it was.

        A file that changes while a person types a code is another than the session is of.
        """
        return self._stamp or self._stamp_now()

    def _look(self, status: os.stat_result) -> None:
        from authkit.adapters import writers

        self._distrusted = writers.others(status)

    def _stamp_now(self) -> str:
        try:
            status = os.stat(self.path)
        except OSError:
            return self.path
        return f"{self.path}:{status.st_mtime_ns}:{status.st_size}:{status.st_ino}"


def _config_file(folder: str) -> str:
    return os.path.join(folder, "config.toml")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _named_folder(named: str) -> str:
    """Return the folder that AUTHKIT_STATE_DIR names.  Raises Failure (2)."""
    path = os.path.expanduser(named)
    if not os.path.isabs(path):  # it would be in whatever folder one stands in
        raise Failure("state-dir-relative", USAGE, value=named)
    return path


def _folder(folders: dict[str, tuple[str, str]]) -> str:
    """Return authkit's folder of this kind.  Raises Failure (2) where there is no home."""
    variable, _ = folders.get(sys.platform, folders[""])
    base = os.environ.get(variable, "")
    if os.path.isabs(base):  # the XDG specification ignores relative paths
        return os.path.join(base, "authkit")
    folder = _in_home(folders)
    if not folder:
        raise Failure("no-home", USAGE)
    return folder


def _state_in_home() -> list[StateFolder]:
    """Return the state folder that every process of the user finds; none without a home."""
    return [StateFolder(home)] if (home := _in_home(_STATE_FOLDERS)) else []


def _in_home(folders: dict[str, tuple[str, str]]) -> str:
    """Return authkit's folder of this kind if no variable names another, "" without a home."""
    _, otherwise = folders.get(sys.platform, folders[""])
    base = os.path.expanduser(otherwise) if os.environ.get("HOME", "~") else ""
    # Never a folder in the working directory.
    return os.path.join(base, "authkit") if os.path.isabs(base) else ""
