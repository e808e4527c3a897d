"""Where the passphrase of the encrypted keyring file comes from (B-S09).

From a command that a setting names, else from a setting, else from the person.  A
process gets it once.  The two settings are taken out of the environment, so that
no program that authkit or a library starts can see them (B-E02).
"""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import signal
import sys
import time

from authkit.adapters.asking import GPG_TTY, gpg_terminal
from authkit.core.failures import KeyringTrouble
from authkit.core.model import Question, Secret
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping
    from subprocess import Popen
    from typing import IO, TypeVar

    from authkit.core.ports import Prompter, Screen

    Opened = TypeVar("Opened")

COMMAND = "AUTHKIT_KEYRING_PASSPHRASE_COMMAND"
PASSPHRASE = "AUTHKIT_KEYRING_PASSPHRASE"  # noqa: S105 - a variable's name
EXISTING = Question("Keyring passphrase: ", secret=True)
NEW = Question("New keyring passphrase: ", secret=True)
AGAIN = Question("The same again: ", secret=True)
TRIES = 3
SECONDS = 10  # for the command
LINGERING = 1  # second for the command to end once it has printed a line, before it is ended
LONGEST = 4096  # bytes of the command's line
_POLL = 0.05  # seconds between two looks whether the command has ended
_WINDOWS = sys.platform == "win32"


class Passphrases:
    """The passphrase of the keyring file at `path`: a setting's, or the person's.

    `environ` loses both settings.  `somebody` returns the person to ask, None where
    nobody can be asked, and `forbidden` why nobody can.
    """

    def __init__(
        self,
        path: str,
        environ: MutableMapping[str, str],
        screen: Screen,
        somebody: Callable[[], Prompter | None],
        forbidden: Callable[[], str] = lambda: "there is no terminal",
    ) -> None:
        self._path = path
        self._command = Secret(environ.pop(COMMAND, ""))  # it may have one in it
        self._given = Secret(environ.pop(PASSPHRASE, ""))
        self._printed: Secret | None = None  # by the command, once it has run
        self._trouble: KeyringTrouble | None = None
        self._environ = environ
        self._screen = screen
        self._somebody = somebody
        self._forbidden = forbidden
        self._notice: Callable[[], str] = lambda: ""
        self._may_ask = True

    @contextlib.contextmanager
    def after(self, notice: Callable[[], str]) -> Iterator[None]:
        """Show what `notice` returns before the first question that is put in this context."""
        self._notice = notice
        try:
            yield
        finally:
            self._notice = lambda: ""

    @contextlib.contextmanager
    def unasked(self) -> Iterator[None]:
        """Ask nobody in this context: what would be asked for is KeyringTrouble."""
        self._may_ask = False
        try:
            yield
        finally:
            self._may_ask = True

    def opening(self, opens: Callable[[Secret], Opened | None]) -> Opened:
        """Return what `opens` makes of the right passphrase; it returns None for a wrong one.

        Raises KeyringTrouble, the same again when it is called again; Cancelled.
        """
        with self._once():
            return self._by_setting(opens) if self._setting else self._by_person(opens)

    def new(self) -> Secret:
        """Return the passphrase of a new file.  Raises as `opening` does."""
        with self._once():
            return self._of_setting() if self._setting else self._typed_twice()

    def _by_setting(self, opens: Callable[[Secret], Opened | None]) -> Opened:
        opened = opens(self._of_setting())
        if opened is None:
            raise _wrong(f"the passphrase that {self._setting} gives does not open {self._path}")
        return opened

    def _by_person(self, opens: Callable[[Secret], Opened | None]) -> Opened:
        prompter = self._person()
        for _ in range(TRIES):
            opened = opens(Secret(prompter.ask(EXISTING)))
            if opened is not None:
                return opened
            self._screen.say(text("passphrase-refused", path=self._path), close=True)
        reason = f"{TRIES} passphrases did not open {self._path}"
        raise KeyringTrouble("locked", reason, says="keyring-file-typed")

    def _typed_twice(self) -> Secret:
        prompter = self._person()
        self._screen.say(text("passphrase-of-new-file", path=self._path))
        for _ in range(TRIES):
            first = Secret(prompter.ask(NEW))
            if not first:
                self._screen.say(text("passphrase-empty"), close=True)
                continue
            if Secret(prompter.ask(AGAIN)) == first:
                return first
            self._screen.say(text("passphrases-differ"), close=True)
        reason = f"no passphrase was typed twice alike for {self._path}"
        raise KeyringTrouble("locked", reason, says="keyring-file-unmade")

    @contextlib.contextmanager
    def _once(self) -> Iterator[None]:
        """Raise again what was raised before: a command asks for the passphrase once."""
        if self._trouble:
            raise self._trouble
        if not (self._may_ask or self._setting):
            reason = f"another process has made {self._path} in the meantime"
            raise KeyringTrouble("locked", reason, says="keyring-file-typed")
        try:
            yield
        except KeyringTrouble as trouble:
            self._trouble = trouble
            raise

    @property
    def _setting(self) -> str:
        """The name of the setting that counts, "" for none."""
        return COMMAND if self._command else PASSPHRASE if self._given else ""

    def _of_setting(self) -> Secret:
        if self._printed is None and self._command:
            somebody = self._somebody() is not None
            kept = {n: value for n, value in self._environ.items() if n != GPG_TTY}
            environ = kept | gpg_terminal(self._environ, somebody=somebody)
            self._printed = _line_of(self._command.reveal(), environ)
        return self._printed or self._given

    def _person(self) -> Prompter:
        prompter = self._somebody()
        if prompter is None:
            reason = f"{self._path} needs its passphrase, and nobody can be asked here: "
            reason += self._forbidden()
            raise KeyringTrouble("locked", reason, says="keyring-file-unasked")
        if said := self._notice():
            self._screen.say(said)
        return prompter


# The command.


def _line_of(command: str, environ: Mapping[str, str]) -> Secret:
    """Run the command; return the one line that it prints.  Raises KeyringTrouble."""
    import subprocess

    try:
        words = shlex.split(command)
    except ValueError as error:
        raise _bad_command(f"cannot be split into words ({error})") from None
    if not words:
        raise _bad_command("names no command")
    try:
        process = subprocess.Popen(  # noqa: S603 - the person's own
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=environ,
            process_group=None if _WINDOWS else 0,
        )
    except (OSError, ValueError) as error:  # its text may name the words: they may be a passphrase
        why = error.strerror if isinstance(error, OSError) else "it cannot be a command"
        lost = isinstance(error, FileNotFoundError)
        found = "was not found" if lost else f"cannot be run ({why})"
        raise _bad_command(f"names a program that {found}") from None
    try:
        return _one_line(_printed(process))
    finally:
        _end(process)


def _end(process: Popen[bytes]) -> None:
    """Kill what is left of the command, and the processes that it has started."""
    if _WINDOWS:  # pragma: no cover - not tried; its processes are in no group
        process.kill()
    else:
        with contextlib.suppress(OSError):  # nothing is left
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _printed(process: Popen[bytes]) -> bytes:
    """Return what the command prints: its first line, and more if it ends at once.

    What it has started may go on and hold its output open.  Raises KeyringTrouble.
    """
    import subprocess

    end = time.monotonic() + SECONDS
    pipe: IO[bytes] = process.stdout  # type: ignore[assignment]  # it was asked for
    if _WINDOWS:  # pragma: no cover - not tried; there is no poll, and select takes no pipes
        try:
            return _ended_well(process, process.communicate(timeout=SECONDS)[0])
        except subprocess.TimeoutExpired:
            raise _too_slow() from None
    with pipe:
        printed = _until_line(process, pipe.fileno(), end)
        left = end - time.monotonic()
        try:
            process.wait(max(min(left, LINGERING) if b"\n" in printed else left, 0))
        except subprocess.TimeoutExpired:
            if b"\n" not in printed:
                raise _too_slow() from None
            return printed
        while part := _part(pipe.fileno(), 0):
            printed = _bounded(printed + part)
    return _ended_well(process, printed)


def _until_line(process: Popen[bytes], pipe: int, end: float) -> bytes:
    """Return what is printed until a line, the output or the command ends.

    Raises KeyringTrouble.
    """
    printed = b""
    while b"\n" not in printed:
        left = end - time.monotonic()
        if left <= 0:
            raise _too_slow()
        ended = process.poll() is not None  # before the look: nothing comes later
        part = _part(pipe, min(left, _POLL))
        if not part and (ended or part is not None):
            break
        printed = _bounded(printed + (part or b""))
    return printed


def _part(pipe: int, seconds: float) -> bytes | None:
    """Return the next bytes, b"" at the end of the output, None when none come in time."""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    return os.read(pipe, LONGEST) if waiting.poll(seconds * 1000) else None


def _bounded(printed: bytes) -> bytes:
    if len(printed) > LONGEST:
        raise _bad_command(f"printed more than {LONGEST} bytes")
    return printed


def _ended_well(process: Popen[bytes], printed: bytes) -> bytes:
    if status := process.returncode:
        how = f"failed with exit status {status}" if status > 0 else f"died of signal {-status}"
        raise _bad_command(how)
    return _bounded(printed)


def _one_line(printed: bytes) -> Secret:
    lines = printed.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()  # the end of the last line
    if len(lines) > 1:
        raise _bad_command("printed more than one line")
    line = lines[0].removesuffix("\r")
    if not line:
        raise _bad_command("printed no line")
    return Secret(line)


def _too_slow() -> KeyringTrouble:
    return _bad_command(f"took longer than {SECONDS} s")


def _bad_command(why: str) -> KeyringTrouble:
    return _wrong(f"{COMMAND} {why}")


def _wrong(reason: str) -> KeyringTrouble:
    """A setting is at fault: the reason names it, and never its value."""
    return KeyringTrouble("locked", reason, says="keyring-file-setting")
