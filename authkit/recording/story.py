"""A recording as the text of a scenario file (scenarios/scenario.schema.json).

Each refusal by STS, and each failure of the keyring and the state folder, becomes a fault.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from shlex import quote
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from authkit import __version__
from authkit.codes import mfa_process
from authkit.core import durations, endpoints, sessions
from authkit.core.failures import CannotRun, FileTrouble, KeyringTrouble, StateTrouble
from authkit.core.messages import NOT_REPLAYED
from authkit.core.model import Secret
from authkit.core.render import table_name
from authkit.recording import account, files, invented, toml
from authkit.recording.before import Before, fields, whole_milliseconds
from authkit.recording.keep import CODE
from authkit.recording.known import (
    CHILD,
    CODES,
    FILES,
    KINDS_OF_FILES,
    NO_TERMINAL,
    NULL_DEVICE,
    ON_THE_WAY,
    PRINT_CODE,
    PROCESS,
    PROXY,
    STATE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authkit.core.config import Config
    from authkit.recording.watch import Failed, Recording

    Left = Mapping[str, Any] | str | bool  # an entry or a session, as scenarios claim it

_ABOUT = """
Recorded by authkit {version}: {command}, exit status {status}.
Names, ids, addresses and paths are invented.
{texts}
{replays}"""
# Commands of which a recording has not all that a replay needs: the profiles' values, by which
# import finds what is what, and the machine that doctor looks at.
_TO_BE_READ = ("import", "doctor")
_TEXTS = {
    False: "Texts from outside that authkit does not know are left out.",
    True: "Texts from outside are as they came: read them before you send this file.",
}
# The variables that are kept, and how their values are dealt with.
_VARIABLES = (
    ("AUTHKIT_IDENTITY", "identity"),
    ("AUTHKIT_LOCK_TIMEOUT", "asked"),
    ("AWS_REGION", "region"),
    ("AWS_DEFAULT_REGION", "region"),
    ("CI", "flag"),
)
_PROXY = "http://proxy.example.com:3128"
_SETTINGS = (  # of the config file, the same
    ("region", "region"),
    ("mfa_arn", "mfa_arn"),
    ("session_duration", "asked"),
    ("role_arn", "role_arn"),
    ("external_id", "secret"),
)
# The events that bring trouble about, by its reason: with a path in the state folder, and
# (True) with that folder itself.
_SPOILT = {
    **{(f"it is {k}, not a file", False): f"put {k} in place of {{path}}" for k in KINDS_OF_FILES},
    ("group or others may write to it", False): "others may write to {path}",
    ("group or others may write to it", True): "others may write to the state folder",
    ("it belongs to another user", True): "the state folder belongs to another user",
    ("it belongs to root, as after 'sudo authkit'", True): "the state folder belongs to root",
    ("its file system has no locks", False): "the state folder has no locks",
    ("it has another name too (a hard link)", False): (
        "put a hard link in place of the lock {path}"
    ),
}
_CANNOT_RUN = {127: "not found"}  # by the shell's status; else not executable
# What a run of `mfa_process` does in a story, by why it failed; None: the number in that.
_PROGRAMS: dict[str, dict[str, str | int | None]] = {
    "was not found": {"fails": "not found"},
    "cannot be run": {"fails": "not executable"},
    "printed no line": {"says": ""},
    "printed more than one line": {"says": "1\n2"},
    r"printed more than \d+ bytes": {"says": "1" * 5000},
    r"failed with exit status (\d+)": {"exit": None},
    r"died of signal (\d+)": {"signal": None},
    "took longer than": {"takes": "1h"},
}


def story(recording: Recording, status: int) -> str:
    """Return the text of the scenario file for a command that ended with this exit status."""
    return "\n".join(_Story(recording, status).lines()) + "\n"


def not_replayed(command: str) -> str:
    """Return that a recording of this command does not replay, "" where it does."""
    return NOT_REPLAYED.format(command=command) if command in _TO_BE_READ else ""


class _Story:
    def __init__(self, recording: Recording, status: int) -> None:
        self._run = recording
        self._keep = recording.keep
        self._status = status
        self._before = Before(recording)

    def lines(self) -> Iterator[str]:
        run, zone = self._run, ZoneInfo(self._run.zone)
        facts = {"version": __version__, "command": run.options.name, "status": self._status}
        facts["texts"] = _TEXTS[run.texts]
        told = not_replayed(run.options.name)
        facts["replays"] = told and f"{told}\n"
        yield f'about = """{_ABOUT.format(**facts)}"""'
        yield "shows_that = []"
        if run.applied:
            yield f"rule = {toml.value(sorted({one.rule.name for one in run.applied}))}"
        yield f"now = {self._before.starts.astimezone(zone).isoformat()}"
        yield f"zone = {toml.value(run.zone)}"
        yield from self._world()
        yield "\n[account]"
        yield from account.lines(self._before, self._keep)
        yield from toml.tables("keyring", self._entries_before())
        yield from toml.tables("session", self._spoilt_sessions())
        yield from toml.tables("file", self._files())
        yield "\n[[step]]"
        yield from self._step()
        yield from self._faults_of_sts()
        yield from self._faults_of_storage()
        yield from toml.tables("step.keyring", self._entries_after())
        yield from toml.tables("step.session", self._sessions_after())

    # The world.

    def _world(self) -> Iterator[str]:
        run, keep = self._run, self._keep
        if foreign := endpoints.foreign(run.real.environ):
            yield f"endpoint = {toml.value(keep.endpoint(foreign))}"
        if self._before.config:
            yield f"config = {toml.value(self._config(self._before.config))}"
        elif run.config:
            yield f"config = {toml.value(keep.given(run.config.decode('utf-8', 'replace')))}"
        if run.unasked in {NO_TERMINAL, NULL_DEVICE}:
            yield "interactive = false"
        found = {
            name: keep.value(form, run.real.environ.get(name, "")) for name, form in _VARIABLES
        }
        of_proxy = any(call.fault_word.startswith("proxy") for call in self._before.calls)
        found[PROXY] = _PROXY if of_proxy else ""
        if kept := {name: value for name, value in found.items() if value}:
            yield f"env = {toml.inline(kept)}"
        yield from self._keyring_state()
        if of_proxy:
            yield 'except.terminal = "the endpoint there is plain http, which no proxy tunnels"'
        elif any(not self._event(trouble) for trouble in run.spoilt):
            yield 'except.terminal = "what fails in the state folder fails there by a fault"'
        elif any(isinstance(failed.trouble, FileTrouble) for failed in run.failed):
            yield 'except.terminal = "what fails of files fails there by a fault"'

    def _config(self, config: Config) -> str:
        keep = self._keep
        lines = [f"default = {toml.value(keep.identity(config.default))}"] if config.default else []
        for name, identity in config.identities.items():
            lines += ["", f"[{table_name(keep.identity(name))}]"]
            lines += [f"kind = {toml.value(identity.kind.name)}"]
            if source := identity.settings.get("source"):
                lines.append(f"source = {toml.value(keep.identity(source))}")
            for key, form in _SETTINGS:
                if key in identity.settings:
                    lines.append(f"{key} = {toml.value(keep.value(form, identity.settings[key]))}")
            if mfa_process.NAME in identity.settings:
                lines.append(f"{mfa_process.NAME} = {toml.value(PRINT_CODE)}")
        return "\n".join(lines) + "\n"

    def _keyring_state(self) -> Iterator[str]:
        troubles = [f.trouble for f in self._run.failed if isinstance(f.trouble, KeyringTrouble)]
        if any(trouble.state == "no-backend" for trouble in troubles):
            yield 'keyring_state = "absent"'
        elif self._run.screen.asking or any(t.says == "keyring-unasked" for t in troubles):
            yield 'keyring_state = "asking"'
        elif any(port == "keyring" for port, _ in self._run.before) and self._is_in_the_clear():
            yield 'keyring_state = "in-the-clear"'

    def _is_in_the_clear(self) -> bool:
        try:
            return self._run.real.keyring.in_the_clear
        except KeyringTrouble:
            return False

    def _entries_before(self) -> Iterator[tuple[str, Left]]:
        for name, found in self._before.entries.items():
            written = self._run.before.get(("keyring", name))
            yield self._keep.identity(name), self._entry(written, found)

    def _entry(self, written: str | None, found: dict[str, str]) -> Left:
        """Return an entry as a table, or as a text that is as corrupt."""
        if found:
            return {key: self._keep.answer(key, value) for key, value in found.items()}
        try:
            version = json.loads(written or "")["version"]
        except (ValueError, TypeError, KeyError):
            return self._keep.given(written or "")
        return json.dumps({"version": version if isinstance(version, int) else 0})

    def _spoilt_sessions(self) -> Iterator[tuple[str, Left]]:
        for (port, name), written in self._run.before.items():
            if port == "sessions" and written is not None and name not in self._before.sessions:
                yield self._keep.identity(name), self._spoilt_session(written, name)

    def _spoilt_session(self, written: str, name: str) -> str:
        """Return a session file that is no session, or one of other keys or settings."""
        try:
            cached = sessions.decode(written, name)
        except ValueError as error:
            return _as_corrupt(str(error), name)
        keep, session = self._keep, cached.session
        told = cached.replaced(
            session=session.replaced(
                access_key_id=keep.key_id(session.access_key_id),
                secret_access_key=Secret("secret-of-session"),
                session_token=Secret("token-of-session"),
            ),
            kind=keep.value("kind", cached.kind),
            region=keep.value("region", cached.region),
            account=keep.account(cached.account),
            principal=keep.arn(cached.principal),
            mfa_arn=cached.mfa_arn and keep.serial(cached.mfa_arn),
            by_option=keep.value("asked", cached.by_option),
            keys="of-others",
            role=cached.role and "of-others",
            config_stamp="",
        )
        return sessions.encode(told, keep.identity(name))

    def _files(self) -> Iterator[tuple[str, str]]:
        program = self._run.real.program() if any(self._run.files.values()) else []
        for path, content in self._run.files.items():
            told = self._keep.path(path)
            if content is not None and told.startswith(invented.HOME):
                name = f"~/{told.removeprefix(invented.HOME)}"
                yield json.dumps(name), files.outline(content, self._keep, program)

    # The step.

    def _step(self) -> Iterator[str]:
        run = self._run
        yield f"run = {toml.value(self._line())}"
        if self._status:
            yield f"exit = {self._status}"
        if events := [*self._before.events(), *self._waits(), *self._troubles()]:
            yield f"events = {toml.value(events)}"
        if run.stdin is not None:
            yield f"stdin = {toml.value(self._stdin(run.stdin))}"
        if run.child:
            yield f"child = {toml.inline(self._child(*run.child))}"
        if run.printed:
            runs = ", ".join(toml.inline(self._printed(each)) for each in run.printed)
            yield f"mfa_process = [{runs}]"
        shown = f"\n{run.screen.shown}"
        yield f"shows = {toml.value(shown, block=True)}"
        yield f"does = {toml.value(run.effects)}"

    def _line(self) -> str:
        options = self._run.options
        words = self._keep.line(options.ours)
        rest = options.line[len(options.ours) :]
        if rest:
            words += [*rest[:1], CHILD] if rest[0] == "--" else [CHILD]
        return " ".join(["authkit", *(quote(word) for word in words)])

    def _waits(self) -> Iterator[str]:
        """Yield the events that hold a lock for as long as was waited, or longer."""
        waited = sum((p for p in self._run.passed if isinstance(p, timedelta)), timedelta(0))
        for name, to_the_end in self._run.waited.items():
            span, told = toml.span(waited + timedelta(hours=to_the_end)), self._keep.identity(name)
            if self._run.holder:
                yield f"process {PROCESS} holds the lock of {told} for {span}"
            elif cached := self._before.appeared.get(name):
                code = self._before.with_code(cached)
                yield f"another login for {told} holds the lock for {span} and logs in{code}"
            else:
                yield f"another login for {told} holds the lock for {span}"

    def _troubles(self) -> Iterator[str]:
        """Yield what is wrong with the state folder, once each."""
        yield from dict.fromkeys(filter(None, map(self._event, self._run.spoilt)))

    def _event(self, trouble: StateTrouble) -> str:
        """Return the event that brings some trouble about, "" for none."""
        path = self._keep.in_state(trouble.path)
        return "" if path is None else _SPOILT.get((trouble.reason, not path), "").format(path=path)

    def _child(self, status: int, took: timedelta) -> dict[str, Any]:
        if self._run.cannot_run:
            return {"fails": _CANNOT_RUN.get(self._run.cannot_run, "not executable")}
        took = whole_milliseconds(took)
        facts: dict[str, Any] = {"exit": status} if status else {}
        return facts | ({"takes": toml.span(took)} if took else {})

    def _printed(self, run: Secret | CannotRun) -> dict[str, Any]:
        """Return what a run of `mfa_process` does: as much as a story can say."""
        if isinstance(run, Secret):
            return {"says": self._keep.answer(CODE, run.reveal())}
        for words, does in _PROGRAMS.items():
            if found := re.match(words, run.reason):
                return {key: int(found[1]) if told is None else told for key, told in does.items()}
        return {"exit": 1}

    def _stdin(self, given: str) -> str:
        if found := fields(given):
            return json.dumps({key: self._keep.answer(key, told) for key, told in found.items()})
        return self._keep.given(given)

    # What fails.

    def _faults_of_sts(self) -> Iterator[str]:
        made, come = Counter[str](), Counter[str]()  # of each operation; those that STS saw
        for call in self._before.calls:
            counted = made if call.fault_word in ON_THE_WAY else come
            number = counted[call.operation]
            made[call.operation] += call.sent
            come[call.operation] += call.sent if counted is come else 0
            fault: dict[str, Any] = {"on": call.operation, "answer": call.fault_word}
            if call.refused:
                fault["answer"] = self._keep.value("code", call.refused.code)
                if fault["answer"] not in CODES:
                    fault["unheard_of"] = True
                fault["message"] = self._keep.outside(call.refused.message)
                fault["status"] = call.refused.status
                if call.refused.request_id:
                    fault["request_id"] = self._keep.request_id(call.refused.request_id)
            if call.trouble:
                times = {"times": call.sent} if call.sent > 1 else {}
                yield from toml.fault(fault | times | ({"after": number} if number else {}))

    def _faults_of_storage(self) -> Iterator[str]:
        for failed in self._run.failed:
            if isinstance(failed.trouble, KeyringTrouble):
                yield from self._fault_of_keyring(failed, failed.trouble)
            elif isinstance(failed.trouble, FileTrouble):
                yield from self._fault_of_state(failed, str(failed.trouble.values["reason"]), FILES)
            elif not self._event(failed.trouble):
                yield from self._fault_of_state(failed, failed.trouble.reason, STATE)

    def _fault_of_state(
        self, failed: Failed, reason: str, words: Mapping[str, str]
    ) -> Iterator[str]:
        answer = words.get(reason) or STATE.get(reason) or self._keep.outside(reason)
        yield from toml.fault({"on": failed.on, "answer": answer, "after": failed.number})

    def _fault_of_keyring(self, failed: Failed, trouble: KeyringTrouble) -> Iterator[str]:
        """Yield the fault for a failure of the keyring that is not its state."""
        if trouble.state == "no-backend" or trouble.says == "keyring-unasked":
            return
        reason = trouble.reason.partition("; nobody can be asked here: ")[0]
        answer = "locked" if trouble.state == "locked" else "failing"
        fault = {"on": failed.on, "answer": answer, "message": self._keep.outside(reason)}
        others = [other for other in self._run.failed if other.on == failed.on]
        if self._run.counted(failed.on) > len(others):
            yield from toml.fault(fault | {"after": failed.number})
        elif failed is others[0]:  # a backend may be asked twice where authkit asks once
            yield from toml.fault(fault | {"times": 0})

    # What is left.

    def _entries_after(self) -> Iterator[tuple[str, Left]]:
        for (port, name), written in self._run.after.items():
            if port == "keyring":
                left = False if written is None else self._entry(written, fields(written))
                yield self._keep.identity(name), left

    def _sessions_after(self) -> Iterator[tuple[str, Left]]:
        for (port, name), written in self._run.after.items():
            if port == "sessions":
                left = False if written is None else self._session(written, name)
                yield self._keep.identity(name), left

    def _session(self, written: str, name: str) -> Left:
        cached = sessions.decode(written, name)
        return {
            "access_key_id": self._keep.key_id(cached.session.access_key_id),
            "expires": toml.instant(cached.session.expiration),
            "duration": durations.spell(cached.duration),
            "principal": self._keep.arn(cached.principal),
        }


def _as_corrupt(reason: str, name: str) -> str:
    """Return a text that is no session for this reason."""
    for text in ("{", "{}", json.dumps({"version": -1})):
        try:
            sessions.decode(text, name)
        except ValueError as error:
            if str(error) == reason:
                return text
    return "{"
