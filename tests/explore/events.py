"""What happens on a path: an `Event` for each call of a port, and what ends a process early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.core.model import AccessKeys

if TYPE_CHECKING:
    from authkit.core.model import Session


class Event(NamedTuple):
    """One call of a port: `what` was called, what it was about, and its outcome ("ok").

    `process` is the number of the process that made it.
    """

    what: str
    about: Any = None
    outcome: str = "ok"
    process: int = 0


class Sent(NamedTuple):
    """A call of STS.

    `pair` is the access key id and the secret access key; `code` is the MFA serial
    number and the code, or None, and `age` how many seconds ago it was typed.
    """

    operation: str
    pair: tuple[str, str]
    by_keys: bool
    region: str = ""
    code: tuple[str, str] | None = None
    age: float = 0
    seconds: int = 0  # of DurationSeconds
    role: tuple[str, str, str] = ("", "", "")  # its ARN, the external id, the session's name
    granted: str = ""  # the access key id of the session in the answer
    lasts: int = 0  # seconds of the session in the answer

    def answered(self, age: float, lasts: int) -> Sent:
        """Return the call with the age of its code, and how long the session lasts."""
        return Sent(*self[:5], age, self.seconds, self.role, self.granted, lasts)


class Posted(NamedTuple):
    """An attempt of a kind from elsewhere: the fields that its service gets, and what it grants.

    `seconds` is what is asked for, or the kind's default, and `lasts` how long the token holds.
    """

    url: str
    form: tuple[tuple[str, str], ...]
    granted: str = ""
    seconds: int = 0
    lasts: int = 0
    # What a call of STS has too, for laws that are about both.
    operation: str = "the token"
    region: str = ""
    code: None = None
    by_keys: bool = True

    @property
    def pair(self) -> tuple[str, str]:
        """The credentials in it."""
        given = dict(self.form)
        return given.get("access_key_id", ""), given.get("secret_access_key", "")


class Crash(BaseException):
    """Raised when the process is killed.  Not an Exception, so that no code handles it."""


class Endless(BaseException):
    """Raised when a path has more events than any sound path has."""


def sent(operation: str, who: AccessKeys | Session, region: str, **more: Any) -> Sent:  # noqa: ANN401
    """Return a call by these keys or this session; `more` are further fields."""
    pair = who.access_key_id, who.secret_access_key.reveal()
    return Sent(operation, pair, isinstance(who, AccessKeys), region, **more)
