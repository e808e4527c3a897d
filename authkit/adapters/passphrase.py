"""Where the passphrase of the encrypted keyring file comes from (B-S09).

From a command that a setting names, else from a setting, else from the person.  A
process gets it once.  The two settings are taken out of the environment, so that
no program that authkit or a library starts can see them (B-E02).
"""

from __future__ import annotations

import contextlib
import shlex

from authkit.adapters import programs
from authkit.core.failures import CannotRun, KeyringTrouble
from authkit.core.model import Question, Secret
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping
    from typing import TypeVar

    from authkit.core.ports import Prompter, Screen

    Opened = TypeVar("Opened")

COMMAND = "AUTHKIT_KEYRING_PASSPHRASE_COMMAND"
PASSPHRASE = "AUTHKIT_KEYRING_PASSPHRASE"  # noqa: S105 - a variable's name
EXISTING = Question("Keyring passphrase: ", secret=True)
NEW = Question("New keyring passphrase: ", secret=True)
AGAIN = Question("The same again: ", secret=True)
TRIES = 3
SECONDS = 10  # for the command


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
            environ = programs.for_gpg(self._environ, somebody=somebody)
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
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise _bad_command(f"cannot be split into words ({error})") from None
    if not words:
        raise _bad_command("names no command")
    try:
        return programs.line_of(words, environ, SECONDS)
    except CannotRun as trouble:  # the words may be a passphrase: they are not named
        named = "" if trouble.status == programs.NOT_RUN else "names a program that "
        raise _bad_command(f"{named}{trouble.reason}") from None


def _bad_command(why: str) -> KeyringTrouble:
    return _wrong(f"{COMMAND} {why}")


def _wrong(reason: str) -> KeyringTrouble:
    """A setting is at fault: the reason names it, and never its value."""
    return KeyringTrouble("locked", reason, says="keyring-file-setting")
