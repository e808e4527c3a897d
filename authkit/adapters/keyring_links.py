"""Writing and deleting in every backend of a chain (keyring.backends.chainer), or in the only one.

The library writes to the first link that takes it and deletes in the first link
alone.  So an entry in a lower link would come back, or could not be replaced.
What a link raises is translated here, since the message names that link.
"""

from __future__ import annotations

import contextlib
import sys

from authkit.adapters.keyring_errors import trouble
from authkit.core.failures import Cancelled, Failure, KeyringTrouble
from authkit.core.keyring_hints import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from keyring.backend import KeyringBackend

_CLEAR = ("plain", "no enc")  # keyrings.alt writes its scheme as "no encyption"


class Links:
    """The backends that keep entries, in the order in which they are asked.

    `chosen` tells whether the person chose them: else nothing is written to one
    that keeps entries in the clear (B-S05).  Methods raise KeyringTrouble.
    """

    def __init__(self, links: Sequence[KeyringBackend], *, chosen: bool) -> None:
        self._links = links
        self._chosen = chosen
        self.holder: KeyringBackend | None = None  # the link that has the last entry

    @property
    def in_the_clear(self) -> bool:
        """Whether the link that has the last entry, else the first one, keeps it unencrypted."""
        return in_the_clear(self.holder or self._links[0])

    @property
    def names(self) -> list[str]:
        """The names of the links."""
        return [name(link) for link in self._links]

    def read(self, service: str, username: str) -> str | None:
        """Return the first entry there is.  A link that fails ends it: it may hold one."""
        for link in self._links:
            with _named(link):
                entry = link.get_password(service, username)
                if entry is not None:
                    self.holder = link
                    return entry
        return None

    def write(self, service: str, username: str, password: str) -> None:
        """Write to the first link that takes entries: it is the `holder` then.

        Older entries in later links are deleted where they can be.
        """
        for place, link in enumerate(self._links):
            with _named(link):
                if self._may_write(link) and _takes(link, service, username, password):
                    self._drop_older(self._links[place + 1 :], service, username, password)
                    self.holder = link
                    return
                if link.get_password(service, username) is not None:
                    raise _refusal(link, "does not replace its entry")
        raise KeyringTrouble("no-backend", "no backend of the chain takes entries")

    def delete(self, service: str, username: str) -> None:
        """Delete the entry in every link; what one refuses is raised after all were tried."""
        refusals = []
        for link in self._links:
            try:
                with _named(link):
                    _delete(link, service, username)
            except KeyringTrouble as refused:
                refusals.append(self._of(link, refused))
        if refusals:
            raise refusals[0]

    def _of(self, link: KeyringBackend, refused: KeyringTrouble) -> KeyringTrouble:
        """Return a refusal whose reason names the link, where there are others."""
        if len(self._links) == 1 or name(link) in refused.reason:
            return refused
        reason = f"{name(link)}: {refused.reason}"
        return KeyringTrouble(refused.state, reason, hint=refused.hint)

    def _may_write(self, link: KeyringBackend) -> bool:
        return self._chosen or not in_the_clear(link)

    def _drop_older(
        self, links: Sequence[KeyringBackend], service: str, username: str, password: str
    ) -> None:
        """Delete other entries than this in links that are read later than the one that has it.

        Two links may be two ways to one store, as SecretService and libsecret are:
        the entry that was just written is never deleted.
        """
        for link in links:
            with contextlib.suppress(KeyringTrouble), _named(link):
                if link.get_password(service, username) not in {None, password}:
                    _delete(link, service, username)


def in_the_clear(backend: KeyringBackend) -> bool:
    """Tell whether a backend keeps entries unencrypted."""
    speaks = f"{type(backend).__name__} {getattr(backend, 'scheme', '')}".lower()
    return any(word in speaks for word in _CLEAR)


def name(backend: KeyringBackend) -> str:
    """Return a backend's name, as PYTHON_KEYRING_BACKEND takes it."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


@contextlib.contextmanager
def _named(link: KeyringBackend) -> Iterator[None]:
    """Turn what a link raises into KeyringTrouble, `SystemExit` among it (B-S05).

    What authkit's own backend raises, and KeyboardInterrupt, which is the person's, go on.
    What a link prints is not data: it goes to standard error (B-E01).
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except (Failure, KeyringTrouble, Cancelled, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise trouble(error, name(link)) from error


def _takes(link: KeyringBackend, service: str, username: str, password: str) -> bool:
    """Write to a link; return False if it takes no entries at all."""
    try:
        link.set_password(service, username, password)
    except NotImplementedError:
        return False
    return True


def _delete(link: KeyringBackend, service: str, username: str) -> None:
    """Delete in one link, and read back."""
    from keyring.errors import PasswordDeleteError

    refusal = "did not delete the entry"
    try:
        link.delete_password(service, username)
    except NotImplementedError:
        refusal = "deletes no entries"
    except PasswordDeleteError:  # it is not there, or cannot be deleted: nothing tells which
        if link.get_password(service, username) is not None:
            raise
        return
    if link.get_password(service, username) is not None:
        raise _refusal(link, refusal)


def _refusal(link: KeyringBackend, what: str) -> KeyringTrouble:
    todo = hint("unreadable", name(link), desktop=False)
    return KeyringTrouble("unreadable", f"{name(link)} {what}", hint=todo)
