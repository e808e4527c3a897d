"""The values authkit works with.  Pure; nothing here does anything.

Every secret is a `Secret` from the moment it comes in (from the keyring, from a
person, from STS) to the moment it goes out, so that one class decides what a
screen, a log line or a traceback may show of it.

This module is on the cached path (docs/architecture.md): no ``typing`` and no
``dataclasses`` at run time.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from typing import Self, dataclass_transform
else:

    def dataclass_transform(**_settings):  # noqa: ANN003, ANN201, D103 - typing's own, for mypy alone
        return lambda cls: cls


LATEST = 250_000_000_000  # seconds since 1970: near the calendar's end zones have no room
MASK = "********"  # the same whatever is behind it: a length is a hint too

_TELLING = 6  # a shorter secret would also be found in words that have nothing to do with it
_KEPT = 1_000  # so many, the newest: a process that goes on for ever must not keep all
_seen: dict[str, None] = {}  # the secrets of this process, oldest first, for `masked`


class Secret:
    """A text that shows itself to nobody but the caller of `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        if len(text) >= _TELLING:
            _seen[text] = None
            if len(_seen) > _KEPT:
                del _seen[next(iter(_seen))]

    def reveal(self) -> str:
        """Return the text itself, to hand it to AWS, the keyring or a child."""
        return self._text

    def __repr__(self) -> str:
        return MASK

    def __format__(self, _spec: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


def masked(text: str) -> str:
    """Return `text` with every secret that this process has seen masked.

    The last net, for text that others wrote (a library's exception): the
    project's own text has no secrets to begin with.
    """
    for secret in sorted(_seen, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


@dataclass_transform(frozen_default=True)
class Value:
    """Immutable, equal by value, shown by its fields: a dataclass without the import."""

    _fields: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = cls._fields + tuple(cls.__annotations__)

    def __init__(self, *values: object, **named: object) -> None:
        given = dict(zip(self._fields, values, strict=False)) | named
        missing = [f for f in self._fields if f not in given and not hasattr(type(self), f)]
        if (
            missing
            or len(given) != len(values) + len(named)
            or not given.keys() <= set(self._fields)
        ):
            message = f"{type(self).__name__} takes {', '.join(self._fields)}"
            raise TypeError(message)
        self.__dict__.update(given)

    def replaced(self, **changes: object) -> Self:
        """Return a copy with these fields changed."""
        return type(self)(**(self.__dict__ | changes))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, field) for field in self._fields)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        shown = (
            f"{field}={value!r}" for field, value in zip(self._fields, self._values(), strict=True)
        )
        return f"{type(self).__name__}({', '.join(shown)})"


class Values(dict[str, str]):
    """The fields of an identity, secret ones among them: shows which, not what they are."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self)})"


class AccessKeys(Value):
    """The long-lived credentials of an IAM user."""

    access_key_id: str
    secret_access_key: Secret


class Session(Value):
    """What STS grants: temporary credentials and the two instants that bound them.

    `granted` is the answer's ``Date``, so that how long a session was granted
    for can be told whatever the local clock says (B-L22).  Both are aware and
    in whole seconds.
    """

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret
    expiration: datetime
    granted: datetime


def sendable(session: Session) -> bool:
    """Tell whether its credentials can be in a request: in headers, where blanks divide."""
    secrets = (session.secret_access_key.reveal(), session.session_token.reveal())
    return all(
        text and text.isascii() and text.isprintable() and " " not in text
        for text in (session.access_key_id, *secrets)
    )


class Caller(Value):
    """GetCallerIdentity's answer: `arn` is the principal."""

    account: str
    arn: str
    user_id: str


class MfaCode(Value):
    """A code of the device with this serial number (an ARN, or a hardware token's serial)."""

    serial_number: str
    token_code: Secret


class CachedSession(Value):
    """A session, and what it was made from (B-S03): when that changes, it no longer fits."""

    session: Session
    kind: str
    region: str
    account: str
    principal: str
    source: str  # fingerprint of the keys: an IAM user's own, or those that a role was reached by
    mfa_arn: str  # "" without MFA
    duration: timedelta  # as asked for
    origin: str = ""  # a role's: fingerprint of what the config file said of it
    config_stamp: str = ""  # the config file it was resolved from: unchanged, it need not be read


class Question(Value):
    """One line to ask a person for.  `text` is shown as it stands."""

    text: str
    secret: bool = False
