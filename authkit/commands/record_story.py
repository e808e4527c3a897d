"""A recording as the text of a scenario file (docs/specification.md, "Scenario files").

Each refusal by STS, and each failure of the keyring and the state folder, becomes a fault.
A session that was there before becomes a login that made it.  Time is the recorded one, but
for what the person needed to answer: a scenario's clock moves only when something waits.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from shlex import quote
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from authkit import __version__
from authkit.commands.record_list import CHILD, PROCESS
from authkit.core import config as config_file
from authkit.core import durations, entries, sessions
from authkit.core.failures import Failure, KeyringTrouble, Refused, StateTrouble
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import DEFAULT_REGION, CachedSession, Secret, Session
from authkit.core.render import table_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authkit.commands.record import Asked, Recording
    from authkit.core.config import Config

_ABOUT = """
Recorded by authkit {version}: {command}, exit status {status}.
Names, ids, addresses and paths are invented.  {texts}
"""
_NO_TEXTS = "Texts from outside that authkit does not know are left out."
_TEXTS = "Texts from outside are as they came: read them before you send this file."
_EARLIER = "654321"  # the MFA code of a login before the recording
_NO_ANSWER = timedelta(seconds=10)
# Why no answer could be had, and the word of a fault that does the same.
_FAULT_WORDS = (
    ("no answer within", "timeout"),
    ("no connection within", "timeout"),
    ("the answer", "garbage"),
    ("HTTP ", "html"),
    ("", "reset"),
)
_STATE_WORDS = {  # of ``adapters.state_troubles``, by the reasons that they stand for
    "there is no room left on its file system or in a quota": "no room",
}
# The events that bring such trouble about: of a path in the state folder, and (True) of itself.
_SPOILT = {
    **{
        (f"it is {kind}, not a file", False): f"put {kind} in place of {{path}}"
        for kind in ("a symbolic link", "a FIFO", "a device", "a folder", "a socket")
    },
    ("group or others may write to it", False): "others may write to {path}",
    ("group or others may write to it", True): "others may write to the state folder",
    ("it belongs to another user", True): "the state folder belongs to another user",
    ("it belongs to root, as after 'sudo authkit'", True): "the state folder belongs to root",
}
_KEYRING_WORDS = {"locked": "locked", "not-kept": "forgetful"}  # else it fails
_SIGNED_LATE = timedelta(minutes=15)  # with more, AWS refuses the time of a request
_SETTINGS = ("region", "mfa_arn", "session_duration", "role_arn", "external_id")


def story(recording: Recording, status: int) -> str:
    """Return the text of the scenario file."""
    return _Story(recording, status).text()


class _Story:
    def __init__(self, recording: Recording, status: int) -> None:
        self._run = recording
        self._keep = recording.keep
        self._status = status
        self._zone = ZoneInfo(recording.zone)
        self._calls = [call for call in recording.passed if not isinstance(call, timedelta)]
        self._config = self._read_config()
        self._cached = self._sessions_before()
        self._appeared = self._decoded(recording.appeared)
        self._latency = self._measured_latency()
        self._skew = self._measured_skew()

    def text(self) -> str:
        """Return the whole file."""
        head = _ABOUT.format(
            version=__version__,
            command=self._run.options.name,
            status=self._status,
            texts=_TEXTS if self._run.texts else _NO_TEXTS,
        )
        begun, earlier = self._begins(), self._earlier()
        first = earlier[0][0] if earlier else begun
        events = [*self._logins(earlier, begun), *self._waits(), *self._spoilt()]
        step = self._step(events)
        rules = sorted({rule.name for _, rule in self._run.rules.values()})
        lines = [
            f'about = """{head}"""',
            "shows_that = []",
            *([f"rule = {_value(rules)}"] if rules else []),
            f"now = {first.astimezone(self._zone).isoformat()}",
            f"zone = {_value(self._run.zone)}",
            *self._world(),
            "",
            "[account]",
            *self._account(earlier),
            *_tables("keyring", self._entries_before(earlier)),
            *self._spoilt_sessions(),
            "",
            *step,
            *self._faults(),
            *_tables("step.keyring", self._entries_after()),
            *_tables("step.session", self._sessions_after()),
        ]
        return "\n".join(lines) + "\n"

    # Time.

    def _measured_latency(self) -> timedelta:
        """Return how long STS took to answer, the last time that it did, in whole milliseconds."""
        spans = [(c.ended - c.begun) / c.sent for c in self._calls if c.came or _refused(c)]
        return (
            timedelta(milliseconds=spans[-1] // timedelta(milliseconds=1)) if spans else timedelta()
        )

    def _measured_skew(self) -> timedelta:
        """Return by how much AWS's clock was ahead of the machine's."""
        if self._run.offset:
            return self._run.offset
        call = self._granting()
        if call is None:
            return timedelta(0)
        granted = call.came.granted
        sent = call.begun.replace(microsecond=0)
        return timedelta(0) if sent <= granted <= call.ended else granted - sent

    def _granting(self) -> Any:
        """Return the first call that a session was got by, None if there is none."""
        return next((call for call in self._calls if isinstance(call.came, Session)), None)

    def _begins(self) -> datetime:
        """Return when the command has to begin for the session to be granted when it was."""
        call = self._granting()
        if call is None:
            return self._run.begun
        passed = timedelta(0)
        for entry in self._run.passed:
            if entry is call:
                break
            passed += entry if isinstance(entry, timedelta) else self._takes(entry)
        return call.came.granted - self._skew - passed

    def _takes(self, call: Asked) -> timedelta:
        if call.trouble and _word(call) == "timeout":
            return timedelta(seconds=round((call.ended - call.begun).total_seconds()))
        return self._latency * call.sent

    # What was there before.

    def _read_config(self) -> Config | None:
        """Return the config file, None if there is none that can be read."""
        content = self._run.config
        try:
            content = content if content is not None else self._run.real.config.read()
            return config_file.parse(content, self._run.real.config.path) if content else None
        except (Failure, StateTrouble):
            return None

    def _sessions_before(self) -> dict[str, CachedSession]:
        """Return the sessions that were there, by identity, the oldest first."""
        found = {}
        for (port, name), written in self._run.before.items():
            if port == "sessions" and written is not None:
                with suppress(ValueError):
                    cached = sessions.decode(written, name)
                    if self._fits(name, cached):
                        found[name] = cached
        return dict(sorted(found.items(), key=lambda item: item[1].session.granted))

    def _decoded(self, written: Mapping[str, str]) -> dict[str, CachedSession]:
        found = {}
        for name, text in written.items():
            with suppress(ValueError):
                found[name] = sessions.decode(text, name)
        return found

    def _fits(self, name: str, cached: CachedSession) -> bool:
        """Tell whether a login with what is there now makes this session, as far as is known."""
        written = self._run.before.get(("keyring", name))
        if written is None or cached.role:
            return True
        known = self._config.identities if self._config else {}
        identity = known.get(name) or Identity(name, AWS_USER, DEFAULT_REGION, {}, "")
        with suppress(KeyringTrouble):
            return identity.made(cached, entries.decode(written, identity.kind, name))
        return True

    def _earlier(self) -> list[tuple[datetime, str, CachedSession]]:
        """Return the logins of before: when each has to begin, whose it was, what it made."""
        calls = 2 if abs(self._skew) > _SIGNED_LATE else 1
        made = []
        for name, cached in self._cached.items():
            before = self._latency * (0 if cached.role else calls)
            made.append((cached.session.granted - self._skew - before, name, cached))
        return made

    def _logins(
        self, earlier: list[tuple[datetime, str, CachedSession]], begun: datetime
    ) -> Iterator[str]:
        """Yield the events that bring the sessions about, and the time until the command."""
        for number, (_, name, cached) in enumerate(earlier):
            yield f"log in to {self._keep.identity(name)}{self._with_code(cached)}"
            done = cached.session.granted - self._skew + self._latency
            following = earlier[number + 1][0] if number + 1 < len(earlier) else begun
            if following > done:
                yield f"advance {_span(following - done)}"

    def _with_code(self, cached: CachedSession | None) -> str:
        """Return which code a login of before needs, as the end of an event."""
        needed = cached and (self._source_mfa(cached) if cached.role else cached.mfa_arn)
        return f" with {self._earlier_code()}" if needed else ""

    def _source_mfa(self, role: CachedSession) -> str:
        """Return the MFA device with which the source of a role was logged in to, "" for none."""
        if any(not cached.role for cached in self._cached.values()):
            return ""  # it has a login of its own
        found = self._raw_entries([])
        return next((f["mfa_arn"] for f in found.values() if "mfa_arn" in f), role.mfa_arn)

    def _earlier_code(self) -> str:
        spent = self._run.spent_before
        return self._keep.code(spent) if spent else _EARLIER

    def _waits(self) -> Iterator[str]:
        pauses = [p for p in self._run.passed if isinstance(p, timedelta)]
        for name, to_the_end in self._run.waited.items():
            held = _span(sum(pauses, timedelta(0)) + timedelta(hours=to_the_end))
            told = self._keep.identity(name)
            if self._run.holder:
                yield f"process {PROCESS} holds the lock of {told} for {held}"
            else:
                also = f" and logs in{self._with_code(self._appeared.get(name))}"
                also = also if name in self._appeared else ""
                yield f"another login for {told} holds the lock for {held}{also}"

    def _spoilt(self) -> Iterator[str]:
        """Yield what is wrong with the state folder and lasts, as events."""
        found = {}
        for trouble in self._run.spoilt:
            path = self._keep.in_state(trouble.path)
            sentence = _SPOILT.get((trouble.reason, path == ""))
            if sentence and path is not None:
                found[sentence.format(path=path)] = None
        yield from found

    def _world(self) -> Iterator[str]:
        environ = self._run.real.environ
        if endpoint := self._endpoint():
            yield f"endpoint = {_value(endpoint)}"
        if self._config:
            yield f"config = {_value(self._told_config(self._config))}"
        elif self._run.config:
            yield f"config = {_value(self._keep.outside(self._run.config.decode('utf-8', 'replace')))}"
        if self._run.unasked in {"there is no terminal", "standard input is the null device"}:
            yield "interactive = false"
        kept = {name: self._keep.value(form, environ.get(name, "")) for name, form in _VARIABLES}
        kept = {name: value for name, value in kept.items() if value}
        if kept:
            yield f"env = {_inline(kept)}"
        if any(trouble.state == "no-backend" for trouble in self._keyring_troubles()):
            yield 'keyring_state = "absent"'
        elif self._run.asking or any(t.says == "keyring-unasked" for t in self._keyring_troubles()):
            yield 'keyring_state = "asking"'
        if any(not self._lasts(trouble) for trouble in self._run.spoilt):
            yield 'except.terminal = "a file of the state folder fails here by a fault"'

    def _keyring_troubles(self) -> list[KeyringTrouble]:
        failed = self._run.failed
        return [f.trouble for f in failed if isinstance(f.trouble, KeyringTrouble)]

    def _endpoint(self) -> str:
        from authkit.core import endpoints

        foreign = endpoints.foreign(self._run.real.environ)
        return self._keep.endpoint(foreign) if foreign else ""

    def _told_config(self, config: Config) -> str:
        lines = (
            [f"default = {_value(self._keep.identity(config.default))}"] if config.default else []
        )
        for name, identity in config.identities.items():
            lines += ["", f"[{table_name(self._keep.identity(name))}]"]
            lines += [f"kind = {_value(identity.kind.name)}"]
            if source := identity.settings.get("source"):
                lines.append(f"source = {_value(self._keep.identity(source))}")
            for key in _SETTINGS:
                if key in identity.settings:
                    lines.append(f"{key} = {_value(self._setting(key, identity.settings[key]))}")
        return "\n".join(lines) + "\n"

    def _setting(self, key: str, value: str) -> str:
        if key == "external_id":
            return self._keep.secret(value)
        return self._keep.value({"session_duration": "asked"}.get(key, key), value)

    def _account(self, earlier: list[tuple[datetime, str, CachedSession]]) -> Iterator[str]:
        if self._latency:
            yield f'latency = "{_span(self._latency)}"'
        if self._skew:
            yield f'skew = "{_span(self._skew)}"'
        partitions = {arn.split(":")[1] for arn in self._arns()} - {"aws"}
        if partitions:
            yield f"partition = {_value(sorted(partitions)[0])}"
        granted: list[str] = []
        for _, _, cached in earlier:
            if cached.role and not any(not other.role for other in self._cached.values()):
                granted.append("ASIA, of the source")
            granted.append(cached.session.access_key_id)
        granted += [cached.session.access_key_id for cached in self._appeared.values()]
        granted += [c.came.access_key_id for c in self._calls if isinstance(c.came, Session)]
        if granted:
            yield f"session_ids = {_value([self._keep.key_id(real) for real in granted])}"
        for number, (key, secret) in enumerate(self._keys(earlier).items(), 1):
            facts = {"id": self._keep.key_id(key), "secret": self._keep.secret(secret)}
            yield f"keys.key-{number} = {_inline(facts | self._owner())}"
        devices = self._devices(earlier)
        if devices:
            written = [
                _inline({"arn": self._keep.serial(arn), "codes": [*codes], **self._owner()})
                for arn, codes in devices.items()
            ]
            yield f"mfa = [{', '.join(written)}]"
        roles = [arn for arn in self._arns() if ":role/" in arn]
        for arn in dict.fromkeys(self._keep.arn(arn).rpartition("/")[2] for arn in roles):
            yield f'roles.{arn} = {{ max_session_duration = "12h" }}'

    def _arns(self) -> list[str]:
        """Return the ARNs of callers, sessions and roles."""
        found = [cached.principal for cached in self._cached.values()]
        found += [c.came.arn for c in self._calls if c.came and hasattr(c.came, "arn")]
        for identity in self._config.identities.values() if self._config else ():
            found += [v for k, v in identity.settings.items() if k == "role_arn"]
        return [arn for arn in found if self._keep.arn(arn).startswith("arn:")]

    def _owner(self) -> dict[str, Any]:
        """Return who has the keys and devices, where that is not the user of scenarios."""
        roots = any(arn.endswith(":root") for arn in self._arns())
        return {"root": True} if roots else {}

    def _keys(self, earlier: list[tuple[datetime, str, CachedSession]]) -> dict[str, str]:
        """Return the keys that AWS knows: those that it has taken, and those of earlier logins."""
        found = {}
        for call in self._calls:
            if call.came and not isinstance(call.who, Session):
                found[call.who.access_key_id] = call.who.secret_access_key.reveal()
        for name, fields in self._raw_entries(earlier).items():
            if (
                name
                and "secret_access_key" in fields
                and (earlier or self._appeared or not self._calls)
            ):
                found.setdefault(fields["access_key_id"], fields["secret_access_key"])
        return found

    def _devices(
        self, earlier: list[tuple[datetime, str, CachedSession]]
    ) -> dict[str, dict[str, None]]:
        """Return the MFA devices and the codes of theirs that AWS takes."""
        found: dict[str, dict[str, None]] = {}
        for cached in (*(cached for _, _, cached in earlier), *self._appeared.values()):
            arn = self._source_mfa(cached) if cached.role else cached.mfa_arn
            if arn:
                found.setdefault(arn, {})[self._earlier_code()] = None
        for call in self._calls:
            if call.mfa and (call.came or (call.trouble and not _refused(call))):
                code = self._keep.code(call.mfa.token_code.reveal())
                found.setdefault(call.mfa.serial_number, {})[code] = None
        return found

    def _raw_entries(
        self, earlier: list[tuple[datetime, str, CachedSession]]
    ) -> dict[str, dict[str, str]]:
        """Return the fields of the keyring's entries; where it was not asked, what must be there."""
        found: dict[str, dict[str, str]] = {}
        for (port, name), written in self._run.before.items():
            if port == "keyring" and written is not None:
                found[name] = _fields(written)
        asked = {name for port, name in self._run.before if port == "keyring"}
        for name in [*self._run.marked] if not asked else []:
            fields = {"access_key_id": f"AKIA{len(found):016}", "secret_access_key": name}
            found[name] = fields
        for _, name, cached in earlier:
            root = self._root(name)
            if root not in asked and root not in found:
                fields = {"access_key_id": f"AKIA{len(found):016}", "secret_access_key": root}
                if cached.mfa_arn:
                    fields["mfa_arn"] = cached.mfa_arn
                if not cached.role:
                    fields["session_duration"] = durations.spell(cached.duration)
                found[root] = fields
        return found

    def _root(self, name: str) -> str:
        if self._config and name in self._config.identities:
            return self._config.root(self._config.identities[name]).name
        return name

    def _entries_before(
        self, earlier: list[tuple[datetime, str, CachedSession]]
    ) -> Iterator[tuple[str, Mapping[str, Any] | str | bool]]:
        for name, fields in self._raw_entries(earlier).items():
            written = self._run.before.get(("keyring", name))
            yield self._keep.identity(name), self._entry(written, fields)

    def _entry(self, written: str | None, fields: dict[str, str]) -> Mapping[str, Any] | str:
        """Return an entry as a table, or as a text that is as corrupt."""
        if fields:
            return {key: self._keep.answer(key, value) for key, value in fields.items()}
        try:
            version = json.loads(written or "")["version"]
        except (ValueError, TypeError, KeyError):
            return self._keep.outside(written or "")
        return json.dumps({"version": version if isinstance(version, int) else 0})

    def _spoilt_sessions(self) -> Iterator[str]:
        for (port, name), written in self._run.before.items():
            if port == "sessions" and written is not None and name not in self._cached:
                yield f"[session]\n{self._keep.identity(name)} = {_value(self._unfit(written, name))}"

    def _unfit(self, written: str, name: str) -> str:
        """Return a session file that is no session, or one of other keys or settings."""
        try:
            cached = sessions.decode(written, name)
        except ValueError:
            return _as_corrupt(written, name)
        keep, session = self._keep, cached.session
        told = session.replaced(
            access_key_id=keep.key_id(session.access_key_id),
            secret_access_key=Secret("secret-of-session"),
            session_token=Secret("token-of-session"),
        )
        facts = {"account": keep.account(cached.account), "principal": keep.arn(cached.principal)}
        facts |= {"region": keep.value("region", cached.region), "keys": "of-others"}
        mfa_arn = cached.mfa_arn and keep.serial(cached.mfa_arn)
        told = cached.replaced(session=told, mfa_arn=mfa_arn, config_stamp="", **facts)
        return sessions.encode(told, keep.identity(name))

    # The step.

    def _step(self, events: list[str]) -> Iterator[str]:
        run = self._run
        yield "[[step]]"
        yield f"run = {_value(self._line())}"
        if self._status:
            yield f"exit = {self._status}"
        if events:
            yield f"events = {_value(events)}"
        if run.stdin is not None:
            yield f"stdin = {_value(self._told_stdin(run.stdin))}"
        if run.child:
            yield f"child = {_inline(self._child(*run.child))}"
        yield f"shows = {_value(chr(10) + run.shown, block=True)}"
        yield f"does = {_value(run.effects)}"

    def _line(self) -> str:
        options = self._run.options
        words = self._keep.line(options.ours)
        rest = options.line[len(options.ours) :]
        if rest:
            words += [*rest[:1], CHILD] if rest[0] == "--" else [CHILD]
        return " ".join(["authkit", *(quote(word) for word in words)])

    def _child(self, status: int, took: timedelta) -> dict[str, Any]:
        if self._run.cannot_run:
            fails = {127: "not found", 126: "not executable"}
            return {"fails": fails.get(self._run.cannot_run, "not executable")}
        took = timedelta(milliseconds=took // timedelta(milliseconds=1))
        facts: dict[str, Any] = {"exit": status} if status else {}
        return facts | ({"takes": _span(took)} if took else {})

    def _told_stdin(self, given: str) -> str:
        fields = _fields(given)
        if not fields:
            return self._keep.outside(given)
        return json.dumps({key: self._keep.answer(key, value) for key, value in fields.items()})

    def _faults(self) -> Iterator[str]:
        yield from self._faults_of_sts()
        failed = self._run.failed
        for failure in failed:
            trouble = failure.trouble
            if isinstance(trouble, KeyringTrouble):
                if trouble.state == "no-backend" or trouble.says == "keyring-unasked":
                    continue
                word = _KEYRING_WORDS.get(trouble.state, "failing")
                fault: dict[str, Any] = {"on": failure.on, "answer": word}
                reason = trouble.reason.partition("; nobody can be asked here: ")[0]
                fault["message"] = self._keep.outside(reason)
                every = self._run.counted(failure.on) == sum(f.on == failure.on for f in failed)
                if every and failure.number:
                    continue
                yield from _fault(fault | ({"times": 0} if every else {"after": failure.number}))
            elif isinstance(trouble, StateTrouble) and not self._lasts(trouble):
                word = _STATE_WORDS.get(trouble.reason) or self._keep.outside(trouble.reason)
                yield from _fault({"on": failure.on, "answer": word, "after": failure.number})

    def _lasts(self, trouble: StateTrouble) -> bool:
        """Tell whether an event brings some trouble about."""
        path = self._keep.in_state(trouble.path)
        return path is not None and (trouble.reason, path == "") in _SPOILT

    def _faults_of_sts(self) -> Iterator[str]:
        seen: dict[str, int] = {}
        for call in self._calls:
            number = seen.get(call.operation, 0)
            seen[call.operation] = number + call.sent
            if call.trouble is None:
                continue
            fault: dict[str, Any] = {"on": call.operation}
            if _refused(call):
                fault["answer"] = self._keep.value("code", call.trouble.code)
                fault["message"] = self._keep.outside(call.trouble.message)
                fault["status"] = call.trouble.status
                if call.trouble.request_id:
                    fault["request_id"] = self._keep.request_id(call.trouble.request_id)
            else:
                fault["answer"] = _word(call)
            if call.sent > 1:
                fault["times"] = call.sent
            yield from _fault(fault | ({"after": number} if number else {}))

    # What was left.

    def _entries_after(self) -> Iterator[tuple[str, Mapping[str, Any] | str | bool]]:
        for (port, name), written in self._run.after.items():
            if port == "keyring":
                told = False if written is None else self._entry(written, _fields(written))
                yield self._keep.identity(name), told

    def _sessions_after(self) -> Iterator[tuple[str, Mapping[str, Any] | str | bool]]:
        for (port, name), written in self._run.after.items():
            if port != "sessions":
                continue
            if written is None:
                yield self._keep.identity(name), False
                continue
            cached = sessions.decode(written, name)
            yield (
                self._keep.identity(name),
                {
                    "access_key_id": self._keep.key_id(cached.session.access_key_id),
                    "expires": cached.session.expiration,
                    "duration": durations.spell(cached.duration),
                    "principal": self._keep.arn(cached.principal),
                },
            )


# The variables that are kept, and how their values are dealt with.
_VARIABLES = (
    ("AUTHKIT_IDENTITY", "identity"),
    ("AUTHKIT_LOCK_TIMEOUT", "asked"),
    ("AWS_REGION", "region"),
    ("AWS_DEFAULT_REGION", "region"),
    ("CI", "flag"),
)


def _refused(call: Asked) -> bool:
    return isinstance(call.trouble, Refused)


def _word(call: Asked) -> str:
    """Return the word of a fault for a call that nothing could be made of."""
    reason = call.trouble.reason if call.trouble else ""
    return next(word for told, word in _FAULT_WORDS if reason.startswith(told))


def _fields(written: str) -> dict[str, str]:
    """Return the fields of an entry or of --stdin, {} if they are not those of this version."""
    try:
        entry = json.loads(written)
    except ValueError:
        return {}
    if not isinstance(entry, dict) or entry.pop("version", entries.VERSION) != entries.VERSION:
        return {}
    known = all(isinstance(value, str) for value in entry.values())
    return {key: value for key, value in entry.items() if key in _ENTRY} if known else {}


_ENTRY = ("access_key_id", "secret_access_key", "mfa_arn", "session_duration", "session_token")


def _as_corrupt(written: str, name: str) -> str:
    """Return a text that is no session for the same reason as this one."""
    try:
        sessions.decode(written, name)
    except ValueError as error:
        for text in ("{", "{}", json.dumps({"version": -1})):
            try:
                sessions.decode(text, name)
            except ValueError as other:
                if str(other) == str(error):
                    return text
    return "{"


# TOML.


def _span(span: timedelta) -> str:
    """Return a length of time as scenarios write it: ``400ms``, ``1h45m``, ``-20m``."""
    if span < timedelta(0):
        return f"-{_span(-span)}"
    seconds, rest = divmod(span, timedelta(seconds=1))
    whole = durations.spell(timedelta(seconds=seconds)) if seconds else ""
    return (whole + (f"{rest / timedelta(milliseconds=1):g}ms" if rest else "")) or "0s"


def _fault(fault: Mapping[str, Any]) -> Iterator[str]:
    yield "\n[[step.fault]]"
    yield from (f"{key} = {_value(value)}" for key, value in fault.items())


def _tables(above: str, tables: Iterator[tuple[str, Any]]) -> Iterator[str]:
    found = list(tables)
    plain = [f"{name} = {_value(told)}" for name, told in found if not isinstance(told, dict)]
    if plain:
        yield "\n".join([f"\n[{above}]", *plain])
    for name, table in found:
        if isinstance(table, dict):
            yield f"\n[{above}.{name}]"
            yield from (f"{key} = {_value(value)}" for key, value in table.items())


def _inline(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in table.items()) + " }"


def _value(value: Any, *, block: bool = False) -> str:  # noqa: ANN401 - what TOML can hold
    """Return a value as TOML; `block` writes a text as it stands, between three quotes."""
    if block and "'''" not in value and value.replace("\n", "").isprintable():
        return f"'''{value}'''"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, list) and len(value) > 3:
        return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
