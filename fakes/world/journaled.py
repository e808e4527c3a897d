"""Each port with a journal around it: passes everything on, and notes what was done.

The lines are fixed and short: the port, the verb, what was touched, and after
an arrow what came of it.  Plain success has no arrow; "none" is success with
nothing there.  What is merely looked at (the config file's stamp, the keyring
backend's name) is not noted.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from fakes.world.clock import spell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta, tzinfo

    from authkit.core import ports
    from authkit.core.model import AccessKeys, Caller, MfaCode, RoleRequest, Session
    from fakes.world.journal import Journal


def _if_none(found: object) -> str:
    return "none" if found is None or found is False else ""


class JournaledSts:
    """Notes operation and key, and what a session was asked for: never a code, token or secret."""

    def __init__(self, sts: ports.Sts, journal: Journal) -> None:
        self._sts = sts
        self._journal = journal

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Pass it on."""
        effect = f"sts GetCallerIdentity {who.access_key_id}"
        return self._journal.act(effect, lambda: self._sts.get_caller_identity(who))

    def get_session_token(
        self, keys: AccessKeys, *, duration: timedelta, mfa: MfaCode | None
    ) -> Session:
        """Pass it on."""
        asked = [keys.access_key_id, str(int(duration.total_seconds()))]
        if mfa:
            asked.append(mfa.serial_number)
        return self._journal.act(
            f"sts GetSessionToken {' '.join(asked)}",
            lambda: self._sts.get_session_token(keys, duration=duration, mfa=mfa),
        )

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Pass it on."""
        seconds = int(request.duration.total_seconds())
        return self._journal.act(
            f"sts AssumeRole {who.access_key_id} {seconds} {request.role_arn}",
            lambda: self._sts.assume_role(who, request),
        )


class JournaledKeyring:
    """Notes whose entry was touched."""

    def __init__(self, keyring: ports.Keyring, journal: Journal) -> None:
        self._keyring = keyring
        self._journal = journal

    def get_password(self, service: str, username: str) -> str | None:
        """Pass it on."""
        return self._journal.act(
            f"keyring get {username}",
            lambda: self._keyring.get_password(service, username),
            _if_none,
        )

    def set_password(self, service: str, username: str, password: str) -> None:
        """Pass it on."""
        self._journal.act(
            f"keyring set {username}",
            lambda: self._keyring.set_password(service, username, password),
        )

    def delete_password(self, service: str, username: str) -> None:
        """Pass it on."""
        self._journal.act(
            f"keyring delete {username}",
            lambda: self._keyring.delete_password(service, username),
        )

    @property
    def backend(self) -> str:
        """Pass it on."""
        return self._keyring.backend

    @property
    def in_the_clear(self) -> bool:
        """Pass it on."""
        return self._keyring.in_the_clear


class JournaledSessions:
    """Notes whose session, marker or note of codes was touched."""

    def __init__(self, sessions: Any, journal: Journal) -> None:  # noqa: ANN401 - three ports in one
        self._sessions = sessions
        self._journal = journal

    def read(self, name: str) -> str | None:
        """Pass it on."""
        return self._journal.act(
            f"session read {name}", lambda: self._sessions.read(name), _if_none
        )

    def replace(self, name: str, written: str) -> None:
        """Pass it on."""
        self._journal.act(f"session replace {name}", lambda: self._sessions.replace(name, written))

    def drop(self, name: str) -> bool:
        """Pass it on."""
        return self._journal.act(
            f"session drop {name}", lambda: self._sessions.drop(name), _if_none
        )

    def names(self) -> list[str]:
        """Pass it on."""
        return self._journal.act("session list", self._sessions.names)

    def mark(self, name: str, untried: datetime | None = None) -> None:
        """Pass it on."""
        self._journal.act(f"mark {name}", lambda: self._sessions.mark(name, untried))

    def untried(self, name: str) -> datetime | None:
        """Pass it on."""
        return self._journal.act(f"mark read {name}", lambda: self._sessions.untried(name))

    def unmark(self, name: str) -> None:
        """Pass it on."""
        self._journal.act(f"unmark {name}", lambda: self._sessions.unmark(name))

    def marked(self) -> list[str]:
        """Pass it on."""
        return self._journal.act("mark list", self._sessions.marked)

    def codes(self) -> list[str]:
        """Pass it on."""
        return self._journal.act("codes read", self._sessions.codes)

    def replace_codes(self, name: str, written: str) -> None:
        """Pass it on."""
        self._journal.act(
            f"codes replace {name}", lambda: self._sessions.replace_codes(name, written)
        )


class JournaledLock:
    """Notes whose lock was tried, and given back."""

    def __init__(self, lock: ports.Lock, name: str, journal: Journal) -> None:
        self._lock = lock
        self._name = name
        self._journal = journal

    def acquire(self) -> bool:
        """Pass it on."""
        return self._journal.act(
            f"lock acquire {self._name}", self._lock.acquire, lambda got: "" if got else "busy"
        )

    def release(self) -> None:
        """Pass it on."""
        self._journal.act(f"lock release {self._name}", self._lock.release)


class JournaledClock:
    """Notes pauses; what others wait (an answer on its way) passes on the clock behind."""

    def __init__(self, clock: ports.Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal

    def now(self) -> datetime:
        """Pass it on."""
        return self._clock.now()

    def zone(self) -> tzinfo | None:
        """Pass it on."""
        return self._clock.zone()

    def sleep(self, pause: timedelta) -> None:
        """Pass it on."""
        self._journal.act(f"sleep {spell(pause)}", lambda: self._clock.sleep(pause))


class JournaledChildren:
    """Notes the command line and its exit status."""

    def __init__(self, children: ports.Children, journal: Journal) -> None:
        self._children = children
        self._journal = journal

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Pass it on."""
        return self._journal.act(
            f"child {shlex.join(command)}",
            lambda: self._children.run(command, environ),
            lambda status: str(status) if status else "",
        )


class JournaledConfig:
    """Notes when the config file is read."""

    def __init__(self, config: ports.ConfigText, journal: Journal) -> None:
        self._config = config
        self._journal = journal

    @property
    def path(self) -> str:
        """Where the file is."""
        return self._config.path

    def read(self) -> bytes | None:
        """Pass it on."""
        return self._journal.act("config read", self._config.read, _if_none)

    def stamp(self) -> str:
        """Pass it on."""
        return self._config.stamp()
