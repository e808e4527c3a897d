"""The port Keyring over the keyring library: which backend, and one writer at a time.

It keeps nothing itself.  The backend is chosen in ``keyring_choice``; what
backends raise is translated in ``keyring_errors``; chains of backends are in
``keyring_links``.  The library is imported when it is first needed: its import
takes as long as fifteen starts of the interpreter, and `exec` and `env` do not
need it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys

from authkit.adapters import keyring_choice
from authkit.adapters.keyring_errors import words
from authkit.adapters.keyring_links import Links, in_the_clear, name
from authkit.adapters.keyring_questions import Questions
from authkit.core.failures import KeyringTrouble
from authkit.core.model import hide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from keyring.backend import KeyringBackend

    from authkit.adapters.keyring_choice import OwnFile

    OneWriter = Callable[..., AbstractContextManager[None]]


class LibraryKeyring:
    """The port Keyring over the backend that the person's settings choose.

    `one_writer` returns a context that one process at a time is in
    (``one_writer``), and `file_writer` the same for authkit's own backend, which
    `file` returns, the same one each time (``keyring_choice``).  `questions` asks
    for backends (``keyring_questions``).  Every method and property raises
    KeyringTrouble: "no-backend", "locked" or "unreadable"; Cancelled when the
    person does not answer a backend's question.
    """

    def __init__(
        self,
        one_writer: OneWriter | None = None,
        *,
        file: OwnFile | None = None,
        file_writer: OneWriter | None = None,
        questions: Questions | None = None,
    ) -> None:
        self._one_writer = one_writer
        self._file_writer = file_writer or one_writer
        self._file = file
        self._questions = questions or Questions(lambda: None, lambda: "there is no terminal")
        self._choice: tuple[KeyringBackend, Links] | None = None  # once made it stays
        self._is_alone = False
        self.noticed = False

    def unlock(self, *, writing: bool = False, notice: Callable[[], str] = lambda: "") -> None:
        """Get the key of authkit's own backend; any other asks when it is used.

        Where no backend can be had it does nothing: the command that goes on to use one
        says so.  Raises Cancelled too.
        """

        def noted() -> str:
            with contextlib.suppress(KeyringTrouble):  # then it is not known
                said = notice()
                self.noticed = self.noticed or bool(said)
                return said
            return ""

        try:
            backend, _ = self._chosen()
        except KeyringTrouble:
            return
        if keyring_choice.is_own(backend):
            backend.unlock(writing=writing, notice=noted)

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry's text, None when there is none.

        A file that is being rewritten is empty for a moment.  So an entry that is not
        there, or not whole, is read once more while nobody writes.  A missing one is
        mostly missing indeed: for that the lock is not waited for more than a second.
        """
        backend, links = self._chosen()
        whole = self._one_writer is None or keyring_choice.is_own(backend)  # never half written
        missing = False
        with self._questions.asked():
            with _unless_half_written():
                entry = links.read(service, username)
                if whole or _is_whole(entry):
                    return entry
                missing = entry is None
            with self._alone(briefly=missing):
                return links.read(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write the entry.  The caller reads it back to see whether it was kept."""
        hide(password)  # no backend's error may show it
        _, links = self._chosen()
        self.unlock(writing=True)
        with self._alone(), self._questions.asked():
            links.write(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry, if there is one, in every backend that holds it."""
        _, links = self._chosen()
        self.unlock()
        with self._alone(), self._questions.asked():
            links.delete(service, username)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Have no other process write within the context: what is read in it stays so."""
        self.unlock()
        with self._alone():
            self._is_alone = True
            try:
                yield
            finally:
                self._is_alone = False

    @property
    def backend(self) -> str:
        """The backend's name, as PYTHON_KEYRING_BACKEND takes it.

        Of a chain, the name of the link that has the last entry, once there was one.
        """
        backend, links = self._chosen()
        return name(links.holder or backend)

    @property
    def backends(self) -> list[str]:
        """The names of the backend and its links."""
        backend, links = self._chosen()
        return [name(backend), *links.names]

    @property
    def chosen_by(self) -> str:
        """What chose the backend: a variable, or the library's config file; "" for the best."""
        self._chosen()
        return keyring_choice.chosen_by()

    @property
    def in_the_clear(self) -> bool:
        """Whether the backend writes passwords down unencrypted."""
        return self._chosen()[1].in_the_clear

    def _chosen(self) -> tuple[KeyringBackend, Links]:
        if self._choice is None:
            with self._questions.asked():  # loading a backend may ask too
                self._choice = _chosen(self._file)
        return self._choice

    @contextlib.contextmanager
    def _alone(self, **how: bool) -> Iterator[None]:
        """Be the only one who writes.  authkit's own backend asks nothing meanwhile."""
        if self._is_alone:
            yield
            return
        backend, _ = self._chosen()
        with contextlib.ExitStack() as stack:
            writer = self._one_writer
            if keyring_choice.is_own(backend):
                stack.enter_context(backend.unasked())
                writer = self._file_writer
            if writer:
                stack.enter_context(writer(**how))
            yield


@contextlib.contextmanager
def _unless_half_written() -> Iterator[None]:
    """Pass over what a backend raises that finds its file half written: errors of parsers."""
    from keyring.errors import KeyringError

    try:
        yield
    except KeyringTrouble as trouble:
        cause = trouble.__cause__
        parsing = isinstance(cause, Exception) and not isinstance(cause, (KeyringError, OSError))
        if trouble.state != "unreadable" or not parsing:
            raise


def _is_whole(entry: str | None) -> bool:
    """Tell whether the text is whole: a JSON value.  An entry cut off by a crash is not."""
    try:
        return bool(entry) and json.loads(entry or "") is not None
    except (ValueError, RecursionError):
        return False


def _chosen(file: OwnFile | None) -> tuple[KeyringBackend, Links]:
    """Return the backend that the settings choose, and its links that keep entries."""
    from authkit.adapters import logs

    logs.silence()
    named = os.environ.get(keyring_choice.NAMED)
    says = "keyring-backend-named" if named else ""
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what a plug-in prints is not data
            backend = keyring_choice.chosen(file)
            by_name = keyring_choice.is_own(backend) or keyring_choice.named()
    except (*keyring_choice.OWN, KeyboardInterrupt):
        raise
    except BaseException as error:  # a plug-in that is loaded may raise SystemExit
        what = f"{keyring_choice.NAMED}={named} cannot be loaded: " if named else ""
        raise KeyringTrouble("no-backend", f"{what}{words(error)}", says=says) from error
    keeping = _keeping(backend)
    if not keeping:
        raise KeyringTrouble("no-backend", f"{name(backend)} keeps nothing", says=says)
    if in_the_clear(keeping[0]) and not by_name:
        reason = f"{name(keeping[0])} keeps passwords in the clear, and was not chosen"
        raise KeyringTrouble("no-backend", reason)
    return backend, Links(keeping, chosen=by_name)


def _keeping(backend: KeyringBackend) -> list[KeyringBackend]:
    """Return the backends that keep entries: the links of a chain, or the only one."""
    from keyring.backends import fail, null

    links = keyring_choice.links(backend)
    return [link for link in links if not isinstance(link, (fail.Keyring, null.Keyring))]
