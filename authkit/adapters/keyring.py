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
    `file` returns, the same one each time (``keyring_choice``).  Every method
    and property raises KeyringTrouble: "no-backend", "locked" or "unreadable".
    """

    def __init__(
        self,
        one_writer: OneWriter | None = None,
        *,
        file: OwnFile | None = None,
        file_writer: OneWriter | None = None,
    ) -> None:
        self._one_writer = one_writer
        self._file_writer = file_writer or one_writer
        self._file = file
        self._written: KeyringBackend | None = None  # the link that took the last entry

    def unlock(self, *, writing: bool = False) -> None:
        """Have the key of authkit's own backend; any other asks when it is used.

        Raises Cancelled too.
        """
        keyring_choice.unlock(self._chosen, writing=writing)

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry's text, None when there is none.

        A file that is being rewritten is empty for a moment.  So an entry that is not
        there, or not whole, is read once more while nobody writes.  A missing one is
        mostly missing indeed: for that the lock is not waited for more than a second.
        """
        links = _links(self._chosen())
        missing = False
        with _unless_half_written():
            entry = links.read(service, username)
            if self._one_writer is None or _is_whole(entry):
                return entry
            missing = entry is None
        with self._alone(briefly=missing):
            return links.read(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write the entry.  The caller reads it back to see whether it was kept."""
        hide(password)  # no backend's error may show it
        links = _links(self._chosen())
        with self._alone():
            self._written = links.write(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry, if there is one, in every backend that holds it."""
        links = _links(self._chosen())
        with self._alone():
            links.delete(service, username)

    @property
    def backend(self) -> str:
        """The backend's name, as PYTHON_KEYRING_BACKEND takes it."""
        return name(self._written or self._chosen())

    @property
    def in_the_clear(self) -> bool:
        """Whether the backend writes passwords down unencrypted."""
        return in_the_clear(self._written or _keeping(self._chosen())[0])

    def _chosen(self) -> KeyringBackend:
        return _chosen(self._file)

    def _alone(self, **how: bool) -> AbstractContextManager[None]:
        own = keyring_choice.is_own(self._chosen())
        writer = self._file_writer if own else self._one_writer
        return writer(**how) if writer else contextlib.nullcontext()


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


def _chosen(file: OwnFile | None) -> KeyringBackend:
    import logging

    log = logging.getLogger("keyring")
    if not log.handlers:  # else a plug-in that does not load prints its traceback
        log.addHandler(logging.NullHandler())
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what a plug-in prints is not data
            backend = keyring_choice.chosen(file)
    except (*keyring_choice.OWN, KeyboardInterrupt):
        raise
    except BaseException as error:  # a plug-in that is loaded may raise SystemExit
        named = os.environ.get(keyring_choice.NAMED)
        what = f"{keyring_choice.NAMED}={named} cannot be loaded: " if named else ""
        raise KeyringTrouble("no-backend", f"{what}{words(error)}") from error
    keeping = _keeping(backend)
    if not keeping:
        raise KeyringTrouble("no-backend", f"{name(backend)} keeps nothing")
    if in_the_clear(keeping[0]) and not keyring_choice.named():
        reason = f"{name(keeping[0])} keeps passwords in the clear, and was not chosen"
        raise KeyringTrouble("no-backend", reason)
    return backend


def _keeping(backend: KeyringBackend) -> list[KeyringBackend]:
    """Return the backends that keep entries: the links of a chain, or the only one."""
    from keyring.backends import fail, null

    links = keyring_choice.links(backend)
    return [link for link in links if not isinstance(link, (fail.Keyring, null.Keyring))]


def _links(backend: KeyringBackend) -> Links:
    return Links(_keeping(backend), chosen=keyring_choice.named())
