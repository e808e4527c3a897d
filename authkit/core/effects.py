"""The table of effects: how each call of a port is written down, and what came of it.

A line is fixed and short: the port, a verb, what was touched and, after an
arrow, the outcome.  Plain success has no arrow.  A line never contains a
secret, a token or an MFA code.  Nothing in ``core`` and ``login`` imports this module:
``commands.record``, ``authkit.debug`` and fakes/world watch ports with it.
"""

from __future__ import annotations

import shlex
from datetime import timedelta

from authkit.core import durations
from authkit.core.failures import (
    CannotRun,
    FileTrouble,
    KeyringTrouble,
    Refused,
    StateTrouble,
    Unreachable,
)
from authkit.core.model import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from authkit.core.model import AccessKeys, MfaCode, RoleRequest, Session
    from authkit.core.ports import World


_UNSIGNED = "MissingAuthenticationToken"  # what STS answers to a request without credentials


def _plain(_result: object) -> str:
    return ""


def _none_if_missing(result: object) -> str:
    return "none" if result in (None, False, ()) else ""


def _busy_if_not_acquired(acquired: object) -> str:
    return "" if acquired else "busy"


def _changed_if_not_replaced(replaced: object) -> str:
    return "" if replaced else "changed meanwhile"


def _status_if_failed(status: int) -> str:
    return str(status) if status else ""


def _status_unless_fine(answer: tuple[int, str]) -> str:
    status, _ = answer
    return "" if status == 200 else str(status)


class Effect(Value):
    """How one method of a port is written down.

    `line` takes the method's arguments; for a lock, the identity's name comes
    first.  `outcome` takes the result and returns "" for plain success.
    """

    line: Callable[..., str]
    outcome: Callable[[Any], str] = staticmethod(_plain)


def _get_session_token(keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> str:
    serial_number = f" {mfa.serial_number}" if mfa else ""
    return f"sts GetSessionToken {keys.access_key_id} {duration}{serial_number}"


def _assume_role(who: Session, request: RoleRequest) -> str:
    return f"sts AssumeRole {who.access_key_id} {request.duration} {request.role_arn}"


def _pause(pause: timedelta) -> str:
    """Return a pause as scenarios write it: ``2s``, ``200ms``, ``1h``, ``1s500ms``."""
    seconds, milliseconds = divmod(round(pause / timedelta(milliseconds=1)), 1000)
    whole = durations.spell(seconds) if seconds or not milliseconds else ""
    return whole + (f"{milliseconds}ms" if milliseconds else "")


# By port and method.  A method without a row has no effect of its own: it reads the time, the
# config file's stamp, a file's whole path or the keyring backend's name, unlocks the keyring, or
# holds other writers off while the calls within have their effects (`ports.Keyring.alone`).
EFFECTS: Mapping[str, Mapping[str, Effect]] = {
    "sts": {
        "get_caller_identity": Effect(lambda who: f"sts GetCallerIdentity {who.access_key_id}"),
        "get_date": Effect(lambda: "sts GetCallerIdentity unsigned", lambda _: _UNSIGNED),
        "get_session_token": Effect(_get_session_token),
        "assume_role": Effect(_assume_role),
        "list_mfa_devices": Effect(
            lambda keys: f"iam ListMFADevices {keys.access_key_id}", _none_if_missing
        ),
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
    "config": {
        "read": Effect(lambda: "config read", _none_if_missing),
        "kind": Effect(lambda name: f"kind find {name}", _none_if_missing),
    },
    "web": {"post": Effect(lambda url, _form: f"web POST {url}", _status_unless_fine)},
    # Of a command that a setting names, an argument may be a secret.
    "programs": {"line": Effect(lambda command, *_: f"program {command[0]}")},
    "files": {
        "read": Effect(lambda path: f"file read {path}", _none_if_missing),
        "replace": Effect(lambda path, *_: f"file replace {path}", _changed_if_not_replaced),
    },
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
    known = trouble.values["reason"] if isinstance(trouble, FileTrouble) else ""
    return str(known or type(trouble).__name__)


class Call(Value):
    """A call of a port's method that a row of `EFFECTS` is for; `make` makes it.

    `line` is the row's for these `arguments` and `options`, without the outcome; `outcome`
    takes what `make` returns.
    """

    port: str
    method: str
    line: str
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]
    make: Callable[[], Any]
    outcome: Callable[[Any], str]


class Watched:
    """Stands for any port: same attributes; calls of the methods in `EFFECTS` are watched.

    `name` is the port's there.  `watch` is given each `Call`, makes it, and returns what it
    returned.  `about` precedes the arguments when a line is built.
    """

    def __init__(
        self, port: object, name: str, watch: Callable[[Call], object], *about: str
    ) -> None:
        self._port = port
        self._name = name
        self._watch = watch
        self._about = about

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the port's attribute, of any type
        attribute = getattr(self._port, name)
        effect = EFFECTS[self._name].get(name)
        if effect is None:
            return attribute

        def watched(*arguments: object, **options: object) -> object:
            line = effect.line(*self._about, *arguments, **options)

            def make() -> object:
                return attribute(*arguments, **options)

            given = (*self._about, *arguments)
            call = Call(self._name, name, line, given, options, make, effect.outcome)
            return self._watch(call)

        return watched


class WatchedWorld:
    """A World whose ports are watched; all else is the other's."""

    def __init__(self, world: World, watch: Callable[[Call], object]) -> None:
        self._world = world
        self._watch = watch

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the World's attribute, of any type
        thing = getattr(self._world, name)
        return Watched(thing, name, self._watch) if name in EFFECTS else thing

    def sts(self, region: str) -> object:
        """Return STS in a region."""
        return Watched(self._world.sts(region), "sts", self._watch)

    def lock(self, name: str) -> object:
        """Return the identity's lock."""
        return Watched(self._world.lock(name), "lock", self._watch, name)
