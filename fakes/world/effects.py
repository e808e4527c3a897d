"""The table of effects: how each call of a port is written down, and what came of it.

A line is fixed and short: the port, a verb, what was touched and, after an
arrow, the outcome.  Plain success has no arrow.  A line never contains a
secret, a token or an MFA code.  This module holds data and pure functions;
``fakes.world.journal`` applies them.
"""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.core import durations
from authkit.core.failures import CannotRun, KeyringTrouble, Refused, StateTrouble, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.core.model import AccessKeys, MfaCode, RoleRequest, Session


def _plain(_result: object) -> str:
    return ""


def _none_if_missing(result: object) -> str:
    return "none" if result is None or result is False else ""


def _busy_if_not_acquired(acquired: object) -> str:
    return "" if acquired else "busy"


def _status_if_failed(status: int) -> str:
    return str(status) if status else ""


class Effect(NamedTuple):
    """How one method of a port is written down.

    `line` takes the method's arguments; for a lock, the identity's name comes
    first.  `outcome` takes the result and returns "" for plain success.
    """

    line: Callable[..., str]
    outcome: Callable[[Any], str] = _plain


def _get_session_token(keys: AccessKeys, *, duration: timedelta, mfa: MfaCode | None) -> str:
    serial_number = f" {mfa.serial_number}" if mfa else ""
    return f"sts GetSessionToken {keys.access_key_id} {_seconds(duration)}{serial_number}"


def _assume_role(who: Session, request: RoleRequest) -> str:
    seconds = _seconds(request.duration)
    return f"sts AssumeRole {who.access_key_id} {seconds} {request.role_arn}"


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


def _pause(pause: timedelta) -> str:
    """Return a pause as scenarios write it: ``2s``, ``200ms``, ``1h``, ``1s500ms``."""
    seconds, milliseconds = divmod(round(pause / timedelta(milliseconds=1)), 1000)
    whole = durations.spell(timedelta(seconds=seconds)) if seconds or not milliseconds else ""
    return whole + (f"{milliseconds}ms" if milliseconds else "")


# By port and method.  A method without a row only reads what has no effect: the
# time, the config file's stamp, the name of the keyring backend.
EFFECTS: Mapping[str, Mapping[str, Effect]] = {
    "sts": {
        "get_caller_identity": Effect(lambda who: f"sts GetCallerIdentity {who.access_key_id}"),
        "get_session_token": Effect(_get_session_token),
        "assume_role": Effect(_assume_role),
    },
    "keyring": {
        "get_password": Effect(lambda _service, name: f"keyring get {name}", _none_if_missing),
        "set_password": Effect(lambda _service, name, _password: f"keyring set {name}"),
        "delete_password": Effect(lambda _service, name: f"keyring delete {name}"),
    },
    "sessions": {
        "read": Effect(lambda name: f"session read {name}", _none_if_missing),
        "replace": Effect(lambda name, _written: f"session replace {name}"),
        "drop": Effect(lambda name, **_: f"session drop {name}", _none_if_missing),
        "names": Effect(lambda: "session list"),
    },
    "markers": {
        "mark": Effect(lambda name, _marker: f"mark {name}"),
        "read": Effect(lambda name: f"mark read {name}", _none_if_missing),
        "unmark": Effect(lambda name: f"unmark {name}"),
        "marked": Effect(lambda: "mark list"),
    },
    "notes": {
        "codes": Effect(lambda: "codes read"),
        "replace_codes": Effect(lambda name, _written: f"codes replace {name}"),
    },
    "lock": {
        "acquire": Effect(lambda name: f"lock acquire {name}", _busy_if_not_acquired),
        "release": Effect(lambda name: f"lock release {name}"),
        "holder": Effect(lambda name: f"lock holder {name}"),
    },
    "clock": {"sleep": Effect(lambda pause: f"sleep {_pause(pause)}")},
    "children": {
        "run": Effect(lambda command, _environ: f"child {shlex.join(command)}", _status_if_failed),
    },
    "config": {"read": Effect(lambda: "config read", _none_if_missing)},
}


def outcome_of(trouble: BaseException) -> str:
    """Return the outcome of a call that raised: the fewest words that tell it from others."""
    match trouble:
        case Refused():
            return trouble.code
        case Unreachable():
            return "broken answer" if trouble.answered else "no answer"
        case KeyringTrouble():
            return trouble.state
        case StateTrouble() | CannotRun():
            return trouble.reason
        case KeyboardInterrupt():
            return "^C"
        case _:
            return type(trouble).__name__
