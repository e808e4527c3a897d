"""The values that authkit works with: immutable, and without input or output.

Every secret is a `Secret` from where it comes in (the keyring, a person, STS) to
where it goes out, so that one class decides what a screen, a log line or a
traceback may show of it.

This module is on the cached path (docs/architecture.md): no ``typing`` and no
``dataclasses`` at run time.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Self, dataclass_transform
else:

    def dataclass_transform(**_settings):  # noqa: ANN003, ANN201, D103 - typing's own, for mypy alone
        return lambda cls: cls


LATEST = 250_000_000_000  # seconds since 1970: near the calendar's end zones have no room
DEFAULT_REGION = "us-east-1"
MASK = "********"  # the same whatever is behind it: a length is a hint too

_TELLING = 6  # characters: a shorter secret would be found in unrelated words too
_KEPT = 1_000  # secrets: the newest stay known; a long-lived process must not keep all of them
_seen: dict[str, None] = {}  # the secrets of this process, oldest first, for `masked`


class Secret:
    """A text that shows itself to nobody but the caller of `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        hide(text)

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


def hide(text: str) -> None:
    """Have `masked` hide this text from now on."""
    if len(text) >= _TELLING:
        _seen[text] = None
        if len(_seen) > _KEPT:
            del _seen[next(iter(_seen))]


def masked(text: str) -> str:
    """Return `text` with every secret that this process has seen masked.

    This is for text that others wrote (a library's exception).  authkit's own
    messages contain no secrets.
    """
    for secret in sorted(_seen, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


@dataclass_transform(frozen_default=True)
class Value:
    """Immutable, equal by value, shown by its fields: a dataclass without the import."""

    _fields: tuple[str, ...] = ()
    _defaults: Mapping[str, object] = {}

    def __init_subclass__(cls) -> None:
        cls._fields = cls._fields + tuple(cls.__annotations__)
        cls._defaults = {field: getattr(cls, field) for field in cls._fields if hasattr(cls, field)}

    def __init__(self, *values: object, **named: object) -> None:
        given = dict(zip(self._fields, values, strict=False)) | named
        self.__dict__.update({**self._defaults, **given})
        if len(given) < len(values) + len(named) or self.__dict__.keys() != {*self._fields}:
            raise TypeError(f"{type(self).__name__} takes {', '.join(self._fields)}")

    def replaced(self, **changes: object) -> Self:
        """Return a copy with these fields changed."""
        return type(self)(**(self.__dict__ | changes))

    def __setattr__(self, name: str, *_: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

    __delattr__ = __setattr__

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__[field] for field in self._fields))

    def __repr__(self) -> str:
        shown = (f"{field}={getattr(self, field)!r}" for field in self._fields)
        return f"{type(self).__name__}({', '.join(shown)})"


class Values(dict[str, "str | Secret"]):
    """The fields of an identity by name; a secret one is a `Secret`.  Its repr shows names only."""

    __slots__ = ()

    def text(self, name: str) -> str:
        """Return a field as text, "" when it is not set."""
        value = self.get(name, "")
        return value.reveal() if isinstance(value, Secret) else value

    def texts(self) -> dict[str, str]:
        """Return all fields as texts, secrets revealed: for storage and fingerprints."""
        return {name: self.text(name) for name in self}

    def without_blanks(self) -> Values:
        """Return the fields that are set to something."""
        return Values({name: value for name, value in self.items() if value})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self)})"


class AccessKeys(Value):
    """The long-lived credentials of an IAM user."""

    access_key_id: str
    secret_access_key: Secret


class Session(Value):
    """What STS grants: temporary credentials and the two instants that bound them.

    `granted` is the answer's ``Date``, so that how long a session was granted
    for can be told whatever the local clock says (B-L22).  Both are whole seconds
    since 1970: AWS writes no instant more exactly.
    """

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret
    expiration: int
    granted: int


def sendable(session: Session) -> bool:
    """Tell whether its credentials can be in a request: in headers, where blanks divide."""
    secrets = (session.secret_access_key.reveal(), session.session_token.reveal())
    texts = (session.access_key_id, *secrets)
    return all(t and t.isascii() and t.isprintable() and " " not in t for t in texts)


class Caller(Value):
    """GetCallerIdentity's answer: `arn` is the principal."""

    account: str
    arn: str


class MfaCode(Value):
    """A code of the device with this serial number (an ARN, or a hardware token's serial)."""

    serial_number: str
    token_code: Secret


class RoleRequest(Value):
    """What AssumeRole is asked for; `session_name` is shown in the principal's ARN."""

    role_arn: str
    session_name: str
    duration: int  # seconds
    external_id: str = ""  # "" for none


class CachedSession(Value):
    """A session, and what it was made from (B-S03): when that changes, it no longer fits.

    `region` is the config file's, "" for none: STS was asked in `DEFAULT_REGION` then.
    `variables` are those of exec's child for a kind that is not AWS's, whose `session` has
    its two instants alone.
    `keys` is the fingerprint of the long-lived keys: an IAM user's own, or those
    of the user from whom a role was reached.  `role` is the fingerprint of a
    role's settings in the config file, without its duration; "" for a user.
    """

    session: Session
    kind: str
    region: str
    account: str
    principal: str
    keys: str
    mfa_arn: str  # "" without MFA
    duration: int  # seconds, as asked for
    by_option: str = ""  # the duration that was given with --duration, "" if it was not
    role: str = ""
    variables: Values = Values()
    config_stamp: str = ""  # the config file it was resolved from: unchanged, it need not be read

    def left(self, now: float) -> float:
        """Return how many seconds the session still lasts; negative when it is over."""
        return self.session.expiration - now


class Marker(Value):
    """What is noted of an identity that has keys.

    `backend` is the keyring backend that keeps them, "" when that is not known.
    `untried` is when they were saved if AWS has not taken them since: aware, and
    in whole seconds.  `gone` tells that a login has removed them: the identity stays known.
    `offer_devices` tells that nobody has answered yet which MFA device to take, or none: the
    next login that a person attends asks.
    """

    backend: str = ""
    untried: datetime | None = None
    gone: bool = False
    offer_devices: bool = False


class Question(Value):
    """One line to ask a person for.  `text` is shown as it stands."""

    text: str
    secret: bool = False
