"""What a recorded command found: sessions, keyring entries, the config file, and when.

A session that was there becomes a login before the command, which makes the same one.  Time
is the recorded one, but for what the person needed to answer: a scenario's clock moves only
when something waits.  So the command begins there when its first session is granted at the
recorded instant, and as late in that second.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from authkit.core import config as config_file
from authkit.core import durations, entries, sessions
from authkit.core.failures import Failure, KeyringTrouble, StateTrouble
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import DEFAULT_REGION, CachedSession, Secret, Session
from authkit.recording import toml
from authkit.recording.known import ON_THE_WAY
from authkit.recording.watch import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from authkit.core.config import Config
    from authkit.recording.watch import Recording

_EARLIER = "654321"  # the MFA code of a login before the command
_LESS_THAN_A_SECOND = timedelta(microseconds=999_999)
_SIGNED_LATE = timedelta(minutes=15)  # with more, AWS refuses the time of a request
_STORED = ("access_key_id", "secret_access_key", "mfa_arn", "session_duration", "session_token")


class Login(NamedTuple):
    """A login before the command: when it begins, whose it is, the session that it makes."""

    begins: datetime
    name: str
    cached: CachedSession


class Before:
    """What a recorded command found, worked out from the recording."""

    def __init__(self, recording: Recording) -> None:
        self._run = recording
        self._keep = recording.keep
        self.calls = [call for call in recording.passed if isinstance(call, Asked)]

    # Time.

    @cached_property
    def latency(self) -> timedelta:
        """How long STS took to answer, the last time that it did, in whole milliseconds."""
        spans = [(c.ended - c.begun) / c.sent for c in self.calls if c.came or c.refused]
        return whole_milliseconds(spans[-1]) if spans else timedelta(0)

    @cached_property
    def skew(self) -> timedelta:
        """By how much AWS's clock was ahead of the machine's."""
        if self._run.offset or self._granting is None:
            return self._run.offset
        call, session = self._granting
        sent, granted = call.begun.replace(microsecond=0), toml.instant(session.granted)
        return timedelta(0) if sent <= granted <= call.ended else granted - sent

    @cached_property
    def _granting(self) -> tuple[Asked, Session] | None:
        """The first call that a session was got by, and the session."""
        granted = ((call, call.came) for call in self.calls)
        return next(((call, came) for call, came in granted if isinstance(came, Session)), None)

    @cached_property
    def begins(self) -> datetime:
        """When the command begins."""
        if self._granting is None:
            return self._run.begun
        call, session = self._granting
        passed = timedelta(0)
        for entry in self._run.passed[: self._run.passed.index(call)]:
            passed += self._takes(entry) if isinstance(entry, Asked) else entry
        return toml.instant(session.granted) - self.skew + self._late(call, session) - passed

    def _late(self, call: Asked, session: Session) -> timedelta:
        """Return how far into the second of a grant STS was asked, without leaving that second.

        Sessions are granted in whole seconds: one that was asked for half a second later has
        11h 59m left at once.
        """
        most = _LESS_THAN_A_SECOND - self.latency * (call.sent - 1)
        late = call.begun + self.skew - toml.instant(session.granted)
        return max(timedelta(0), min(late, most))

    def _takes(self, call: Asked) -> timedelta:
        if call.fault_word == "timeout":
            return timedelta(seconds=round((call.ended - call.begun).total_seconds()))
        if call.fault_word in ON_THE_WAY:
            return timedelta(0)
        return self.latency * call.sent

    # The config file.

    @cached_property
    def config(self) -> Config | None:
        """The config file, None if there is none that can be read."""
        file = self._run.real.config
        try:
            content = self._run.config if self._run.config_was_read else file.read()
            return config_file.parse(content, file.path) if content else None
        except (Failure, StateTrouble):
            return None

    def _root(self, name: str) -> str:
        """Return the identity with whose keys this one is reached."""
        if self.config and name in self.config.identities:
            return self.config.root(self.config.identities[name]).name
        return name

    # Sessions.

    @cached_property
    def sessions(self) -> dict[str, CachedSession]:
        """The sessions that a login with what was there makes, by identity, the oldest first."""
        written = {n: text for (port, n), text in self._run.before.items() if port == "sessions"}
        found = {n: c for n, c in _decoded(written).items() if self._fits(n, c)}
        return dict(sorted(found.items(), key=lambda item: item[1].session.granted))

    @cached_property
    def appeared(self) -> dict[str, CachedSession]:
        """The sessions that another process made meanwhile."""
        return _decoded(self._run.appeared)

    def _fits(self, name: str, cached: CachedSession) -> bool:
        """Tell whether a login with what was there makes this session, as far as is known."""
        known = self.config.identities if self.config else {}
        identity = known.get(name) or Identity(name, AWS_USER, DEFAULT_REGION, {}, "")
        if not identity.may_own(cached):
            return False
        written = self._run.before.get(("keyring", name))
        if written is None or cached.role:
            return True
        with suppress(KeyringTrouble):
            return identity.made(cached, entries.decode(written, identity.kind, name))
        return True

    @cached_property
    def logins(self) -> list[Login]:
        """The logins that make the sessions."""
        calls = 2 if abs(self.skew) > _SIGNED_LATE else 1
        made = []
        for name, cached in self.sessions.items():
            before = self.latency * (0 if cached.role else calls)
            begins = toml.instant(cached.session.granted) - self.skew - before
            made.append(Login(begins, name, cached))
        return made

    @property
    def starts(self) -> datetime:
        """When the scenario begins."""
        return self.logins[0].begins if self.logins else self.begins

    def events(self) -> Iterator[str]:
        """Yield the events that make the sessions, and the time until the command."""
        following = [*(login.begins for login in self.logins[1:]), self.begins]
        for login, then in zip(self.logins, following, strict=False):
            yield f"log in to {self._keep.identity(login.name)}{self.with_code(login.cached)}"
            done = toml.instant(login.cached.session.granted) - self.skew + self.latency
            if then > done:
                yield f"advance {toml.span(then - done)}"

    def with_code(self, cached: CachedSession) -> str:
        """Return the end of an event: which code the login needs that makes this session."""
        return f" with {self.earlier_code}" if self.device(cached) else ""

    def device(self, cached: CachedSession) -> str:
        """Return the MFA device that the login asks for which makes this session, "" for none.

        A role's login asks for one if it has to log in to the source first.
        """
        if not cached.role:
            return cached.mfa_arn
        if self.has_source_session:
            return ""
        found = (fields["mfa_arn"] for fields in self.entries.values() if "mfa_arn" in fields)
        return next(found, cached.mfa_arn)

    @property
    def has_source_session(self) -> bool:
        """Whether there was a session of a user, from which a role can be reached."""
        return any(not cached.role for cached in self.sessions.values())

    @property
    def earlier_code(self) -> str:
        """The MFA code of the logins before: the one that the command found spent, if it did."""
        sent = {call.mfa.token_code.reveal() for call in self.calls if call.mfa}
        printed = [run.reveal() for run in self._run.printed if isinstance(run, Secret)]
        codes = ["".join(text.split()) for text in (*self._run.screen.spent, *printed)]
        earlier = [code for code in codes if code not in sent and len(code) == len(_EARLIER)]
        return self._keep.code(earlier[0]) if earlier else _EARLIER

    # The keyring.

    @cached_property
    def entries(self) -> dict[str, dict[str, str]]:
        """The fields of the keyring's entries; of one that was not asked for, those it must have.

        An entry without fields cannot be read.
        """
        keyring = {n: text for (port, n), text in self._run.before.items() if port == "keyring"}
        found = {name: fields(text) for name, text in keyring.items() if text is not None}
        for _, name, cached in self.logins:
            root = self._root(name)
            if root not in keyring and root not in found:
                found[root] = _unknown_keys(found, root)
                if cached.mfa_arn:
                    found[root]["mfa_arn"] = cached.mfa_arn
                if not cached.role:
                    found[root]["session_duration"] = durations.spell(cached.duration)
        for name in [*self._run.marked] if not keyring else []:
            found.setdefault(name, _unknown_keys(found, name))
        return found


def fields(written: str) -> dict[str, str]:
    """Return the fields of an entry, or of --stdin; {} if they are not those of this version."""
    try:
        entry = json.loads(written)
    except ValueError:
        return {}
    if not isinstance(entry, dict) or entry.pop("version", entries.VERSION) != entries.VERSION:
        return {}
    texts = all(isinstance(value, str) for value in entry.values())
    return {key: value for key, value in entry.items() if key in _STORED} if texts else {}


def whole_milliseconds(span: timedelta) -> timedelta:
    """Return a length of time without its microseconds."""
    return timedelta(milliseconds=span // timedelta(milliseconds=1))


def _decoded(written: Mapping[str, str | None]) -> dict[str, CachedSession]:
    found = {}
    for name, text in written.items():
        with suppress(ValueError):
            found[name] = sessions.decode(text or "", name)
    return found


def _unknown_keys(found: Mapping[str, object], name: str) -> dict[str, str]:
    """Return keys for an entry of which only that it is there is known."""
    return {"access_key_id": f"AKIA{len(found):016}", "secret_access_key": name}
