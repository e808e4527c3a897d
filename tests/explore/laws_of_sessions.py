"""Laws about sessions: whose they are, for how long, in which region, and what is handed out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.explore.configs import (
    DEFAULT_REGION,
    OPT_IN_REGION,
    USER,
    option,
    region,
    role_fingerprint,
    root,
    settings,
)
from tests.explore.law import DONE, FINE, REFUSES_SESSION, Law, fields, pair, session
from tests.explore.machine import NAME, ROLE
from tests.explore.starts import (
    SOON,
    fingerprint,
    lasting,
    principal,
    seconds,
    stamp,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event, Sent
    from tests.explore.law import Case
    from tests.explore.machine import Machine

    Found = Mapping[str, Any]  # what a session file holds

SLACK = 60  # seconds by which a session may be shorter than asked for, unsaid (B-L22)
GETS = {"env", "exec", "credential-process"}  # what hands a session out
IN_FILE = ("access_key_id", "secret_access_key", "session_token")
CREDENTIALS = ("AccessKeyId", "SecretAccessKey", "SessionToken")
VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
ROW = re.compile(r"^  ([A-Z][a-z]+(?: Updated)?) {3,}(\S.*)$", re.MULTILINE)
SHOWN = "%Y-%m-%d %H:%M:%S UTC"
LOGIN_ROWS = ["Provider", "Identity", "Account", "Region", "Expires"]
OVER_ROWS = ["Provider", "Identity", "Expires", "Last Updated"]
WHOAMI_ROWS = [*LOGIN_ROWS[:2], "Principal", *LOGIN_ROWS[2:], "Last Updated"]


# What a session has to be: read from the config file, the entry and the command line.


def is_of(machine: Machine, name: str, found: Found) -> bool:
    """B-S03, B-S10: tell whether a session is one of the identity, as the config file has it."""
    own = found.get("identity", name) == name
    kind = found["kind"] == settings(machine.config, name)["kind"]
    of_role = found["origin"] == role_fingerprint(machine.config, name)
    return bool(own and kind and of_role)


def source_of(machine: Machine, name: str) -> str:
    """Return what a session file holds of the keys in the entry, "" where there are none."""
    held = fields(machine.entries.get(root(machine.config, name))) or {}
    keys = held.get("access_key_id", ""), held.get("secret_access_key", "")
    return fingerprint(keys) if all(keys) else ""


def unfit(machine: Machine, name: str, found: Found, given: str = "") -> str:
    """B-S03: return in what a session differs from the settings and the keys, "" in nothing.

    `given` is the value of --duration.
    """
    config = machine.config
    asked = given or found["by_option"]
    own = settings(config, name)
    if not is_of(machine, name, found):
        return "another identity"
    if found["source"] != source_of(machine, name):
        return "other keys"
    if own["kind"] == USER:
        held = fields(machine.entries.get(name)) or {}
        if found["mfa_arn"] != own.get("mfa_arn", held.get("mfa_arn", "")):
            return "another device"
    if found["duration"] != (seconds(asked) if asked else lasting(machine, name)):
        return "another duration"
    return ""


def left(machine: Machine, found: Found) -> float:
    """Return the seconds that are left of a session, by AWS's clock."""
    return float(found["expiration"] - (machine.now + machine.aws).timestamp())


def is_refused(event: Event) -> bool:
    """Tell whether an answer says that the session of the call is over or revoked (B-L19)."""
    of_region = event.outcome == "revoked" and event.about.region == OPT_IN_REGION
    return event.outcome in REFUSES_SESSION and not of_region and not event.about.by_keys


def instant(at: float, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """Return an instant as AWS writes it, or in another form."""
    return datetime.fromtimestamp(at, UTC).strftime(form)


class _Undisturbed(Law):
    """A law about what one process does with what it finds, as long as no other changes it."""

    name = ""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.others = bool(case.machine.counts.get("others"))

    def on_others(self, _event: Event) -> None:
        """Another process has changed something."""
        self.others = True

    def found(self, name: str = "") -> Found | None:
        """Return what the session file of the command's identity holds, or of another one."""
        return session(self.case.machine.sessions.get(name or self.case.command.identity))


class HandedOut(_Undisturbed):
    """B-E01, B-E02, B-E05, B-E07, B-S10: a session is handed out that fits, holds, and is whole."""

    name = "what is handed out holds"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.looked = self.device_refused = self.told = False

    def on_get(self, event: Event) -> None:
        """Note that the keys were looked at."""
        self.looked = self.looked or (event.outcome == "ok" and event.about[0] == NAME)

    def on_call(self, event: Event) -> None:
        """Note that another device may be used in this run (B-L13)."""
        self.device_refused = self.device_refused or event.outcome == "device"

    def on_say(self, event: Event) -> None:
        """Note that a session is said to end soon."""
        self.told = self.told or bool(re.search(r"⚠ The session of .* ends in ", event.about))

    def on_child(self, event: Event) -> None:
        """Check what a child gets, and that it is warned of its end."""
        self._out(event.about)
        found = self.found()
        if found and not self.others and not self.case.machine.aws:
            soon = max(SOON, self._wanted())
            self.expect(self.told == (left(self.case.machine, found) < soon), "it ends soon")

    def on_put(self, event: Event) -> None:
        """Check what is printed for other programs."""
        if self.case.verb == "credential-process":
            self._printed(json.loads(event.about))
        elif self.case.verb == "env":
            text = event.about
            json_form = "json" in self.case.command.line
            given = json.loads(text) if json_form else dict(re.findall(r"(\w+)='([^']*)'", text))
            self._out(given)

    def _printed(self, given: Mapping[str, Any]) -> None:
        found = self._checked(given["AccessKeyId"])
        if found:
            same = all(given[c] == found[f] for c, f in zip(CREDENTIALS, IN_FILE, strict=True))
            self.expect(same and given["Version"] == 1, "they are not those of the session")
            self.expect(given["Expiration"] == instant(found["expiration"]), given["Expiration"])

    def _out(self, given: Mapping[str, Any]) -> None:
        """Check the variables of a child, or of env."""
        found = self._checked(given.get(VARIABLES[0], ""))
        if found:
            wanted = {v: found[f] for v, f in zip(VARIABLES, IN_FILE, strict=True)}
            wanted["AWS_SESSION_EXPIRATION"] = instant(found["expiration"])
            wanted["AUTHKIT_IDENTITY"] = self.case.command.identity
            wrong = [name for name, value in wanted.items() if given.get(name) != value]
            self.expect(not wrong, f"{wrong} is not the session's")

    def _checked(self, key_id: str) -> Found | None:
        """Return the session with this access key id, after it was checked."""
        machine, name = self.case.machine, self.case.command.identity
        found = self.found()
        if self.others:
            return None
        self.expect(found and found["access_key_id"] == key_id, f"{key_id} is not the cached one")
        if not found:
            return None
        self.expect(is_of(machine, name, found), "it is a session of another identity")
        if self.looked and not self.device_refused:
            differs = unfit(machine, name, found)
            self.expect(not differs, f"it is a session of {differs}")
        if not machine.aws:
            holds = left(machine, found)
            self.expect(holds > 0, f"it is over since {-holds} s")
            self.expect(holds >= self._wanted() - SLACK, f"{holds} s are less than wanted")
        return found

    def _wanted(self) -> int:
        return seconds(option(self.case.command.line, "--min-ttl") or "0")


class OfTheseSettings(_Undisturbed):
    """B-S03, B-L01, B-L13, B-K03: login keeps or makes a session of these keys and settings."""

    name = "sessions are of these settings"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.granted: Sent | None = None
        self.at = 0
        self.asked_about: frozenset[str] = frozenset()  # sessions by which STS was called
        self.refused: frozenset[str] = frozenset()
        self.made = self.device_refused = self.trouble = False

    def on_call(self, event: Event) -> None:
        """Note what is granted, and what STS has against a session."""
        call, machine = event.about, self.case.machine
        self.device_refused = self.device_refused or event.outcome == "device"
        if not call.by_keys:
            self.asked_about |= {call.pair[0]}
        if is_refused(event):
            self.refused |= {call.pair[0]}
        if call.granted and event.outcome in DONE:
            self.granted, self.at = call, int((machine.now + machine.aws).timestamp())

    def on_replace(self, event: Event) -> None:
        """Check each field of a new session's file."""
        name, text = event.about
        found, call, machine = session(text), self.granted, self.case.machine
        if not found or not call or found["access_key_id"] != call.granted:
            return  # another law's
        alone = machine.writer == self.case.process
        self.expect(alone or name != ROLE, "a role's session, while others may write keys")
        self.made = self.made or (event.outcome in DONE and name == self.case.command.identity)
        own = settings(machine.config, name)
        given = self.case.command.identity == name and option(self.case.command.line, "--duration")
        wanted = {
            "identity": name,
            "kind": own["kind"],
            "region": own.get("region", ""),
            "origin": role_fingerprint(machine.config, name),
            "principal": principal(own.get("role_arn", "")),
            "account": principal(own.get("role_arn", "")).split(":")[4],
            "mfa_arn": call.code[0] if call.code else "",
            "config_stamp": stamp(machine.config),
            "granted": self.at,
            "expiration": self.at + call.lasts,
            "source": source_of(machine, name),
        }
        if self.others and not alone:
            del wanted["source"]
        wrong = [field for field, value in wanted.items() if found.get(field) != value]
        self.expect(not wrong, f"{name}'s {wrong} is not what it has to be")
        option_kept = seconds(found["by_option"] or "0") == seconds(given or "0")
        self.expect(option_kept, f"made with --duration {given!r}, noted {found['by_option']!r}")

    def on_drop(self, event: Event) -> None:
        """Note a session that could not be dropped."""
        self.trouble = self.trouble or event.outcome != "ok"

    def end(self, status: int | None) -> None:
        """Check the session that a login ends with, or the one that is there if it fails."""
        machine, command = self.case.machine, self.case.command
        if status is None or self.case.verb != "login" or self.others:
            return
        found = self.found()
        if found and command.identity == NAME and not self.trouble:
            dropped = found["access_key_id"] not in self.refused
            self.expect(dropped, "STS has refused a session, and it is still there")
        if status:
            return
        self.expect(found, "logged in, without a session")
        if not found:
            return
        differs = unfit(machine, command.identity, found, option(command.line, "--duration"))
        cured = differs == "another device" and self.device_refused
        self.expect(not differs or cured, f"a session of {differs} is kept")
        if self.made:
            return
        self.expect("--force" not in command.line, "--force, and no new session")
        self.expect(found["access_key_id"] in self.asked_about, "it is kept, and STS was not asked")
        if not machine.aws:
            self.expect(left(machine, found) >= SOON, "it is kept, and ends soon")


class GrantedIsTold(Law):
    """B-L22, B-L26: a session that is shorter than asked for is told, and one that is over too."""

    name = "what is granted is told"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.last: Sent | None = None
        self.kept = self.told = False

    def on_call(self, event: Event) -> None:
        """Note what is granted; what was granted before was told."""
        if event.about.granted and event.outcome in DONE:
            self._told()
            self.last, self.kept, self.told = event.about, False, False

    def on_replace(self, event: Event) -> None:
        """Nothing that is over is kept."""
        self.kept = event.outcome in FINE
        self.expect(not self.last or self.last.lasts > 0, "what is over is kept")

    def on_say(self, event: Event) -> None:
        """Check the figures."""
        match = re.search(r"granted a session of (\w+); (\w+) was asked for", event.about)
        call = self.last
        if match and call:
            self.told = True
            self.expect(seconds(match[1]) == call.lasts, f"{match[1]} for {call.lasts} s")
            self.expect(seconds(match[2]) == call.seconds, f"{match[2]} for {call.seconds} s")
        elif "Authentication successful" in event.about:
            self.expect(call and call.lasts > 0, "success, with a session that is over")

    def on_child(self, _event: Event) -> None:
        """Whoever runs a command was told before."""
        self._told()

    def end(self, status: int | None) -> None:
        """Whoever logged in was told."""
        if status == 0:
            self._told()
        if self.last and self.last.lasts <= 0:
            self.expect(status != 0, "success, with a session that is over")

    def _told(self) -> None:
        if self.last and self.kept:
            less = self.last.seconds - self.last.lasts > SLACK
            self.expect(self.told == less, f"{self.last.lasts} s of {self.last.seconds} s")


class KeysAndSessions(_Undisturbed):
    """B-S03, B-O01, B-C01: no session outlives its keys, and none goes that fits them."""

    name = "no session outlives its keys"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.had = tuple(case.machine.sessions.items())
        self.changed = self.trouble = False

    def _writes(self, event: Event) -> None:
        if event.about[0] == NAME:
            self.changed = self.changed or event.outcome in FINE
        self._trouble(event)

    on_set = on_delete = _writes

    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_drop = on_read = on_get = on_config = on_names = on_acquire = on_alone = _trouble

    def end(self, status: int | None) -> None:
        """Check which sessions are left, and which are not."""
        machine, line = self.case.machine, self.case.command.line
        if status is None or self.others or self.trouble or self.case.command.aws_files:
            return
        if self.changed:
            for name in machine.sessions:
                self._fits(name)
        if self.case.verb == "logout" and status == 0 and "--all" in line:
            self.expect(not machine.sessions, f"{[*machine.sessions]} is still there")
        if self.changed or "--all" in line or "--keys" in line:
            return
        lost = [name for name, _ in self.had if name not in machine.sessions]
        self.expect(not {*lost} - {self.case.command.identity, NAME}, f"{lost} is gone")

    def _fits(self, name: str) -> None:
        """Check a session that is there after the entry was changed."""
        machine, found = self.case.machine, self.found(name)
        if found and is_of(machine, name, found):
            differs = unfit(machine, name, found)
            if name == NAME or differs == "other keys":
                self.expect(not differs, f"the session of {name} is of {differs}")


class TheTip(_Undisturbed):
    """B-E06: a tip exactly where the child failed, and the session is over or refused by now."""

    name = "a tip when the session is over"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.child = ""
        self.refused = self.tip = self.accepted = False
        self.calls = 0

    def on_child(self, event: Event) -> None:
        """Note how the child ended."""
        self.child = event.outcome

    def on_call(self, event: Event) -> None:
        """STS is asked once, and not with --no-probe."""
        if not self.child:
            return
        self.calls += event.outcome != "skew"
        self.expect("--no-probe" not in self.case.command.line, "STS is asked all the same")
        self.expect(self._failed(), "STS is asked though the child did not fail")
        self.expect(self.calls <= 1, f"{self.calls} calls after the child")
        self.expect(not event.about.by_keys, "it is asked with keys")
        self.refused = self.refused or is_refused(event)
        self.accepted = event.outcome == "ok"

    def _failed(self) -> bool:
        code = self.child.partition(" ")[0]
        return code.isdigit() and code != "0"

    def on_say(self, event: Event) -> None:
        """Note the tip, and check what is said of the session."""
        if not self.child:
            return
        self.tip = self.tip or "Tip " in event.about
        if "AWS accepts the session itself" in event.about:
            denied = self.child.startswith("254") and self.accepted
            self.expect(denied, "nobody has denied anything")
        if "The session ended at" in event.about:
            self.expect(self._over(), "it has not ended")

    def _over(self) -> bool:
        found = self.found()
        return not found or left(self.case.machine, found) <= 0

    def end(self, status: int | None) -> None:
        """Check that there is a tip, or none."""
        if status is None or not self._failed() or self.others or self.case.machine.aws:
            return
        wanted = self._over() or self.refused
        self.expect(self.tip == wanted, f"tip {self.tip}, over {self._over()}, {self.refused}")


class TheRegionThatIsSet(_Undisturbed):
    """B-E02, B-L19: STS is asked in the region that is set, and programs get it."""

    name = "the region is the one that is set"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.silent = False  # there was no answer from where keys are tried first

    def _region(self, name: str) -> str:
        return region(self.case.machine.config, self.case.command.line, name)

    def on_call(self, event: Event) -> None:
        """Check where STS is asked; keys are tried where every account has it."""
        call = event.about
        if self.case.verb in {"doctor", "import"}:
            return
        names = {ROLE} if call.operation == "AssumeRole" else {NAME}
        if call.operation == "GetCallerIdentity" and not call.by_keys:
            names = self._whose(call.pair[0])
        wanted = {self._region(name) for name in names}
        tried = call.operation == "GetCallerIdentity" and call.by_keys
        if tried and wanted == {OPT_IN_REGION} and not self.silent:
            wanted = {DEFAULT_REGION}
        elif call.operation != "AssumeRole" and OPT_IN_REGION in wanted and not call.granted:
            wanted |= {DEFAULT_REGION}
        self.silent = self.silent or event.outcome in {"unsent", "lost", "cannot ask"}
        self.expect(call.region in wanted, f"{call.operation} in {call.region}, not {wanted}")

    def _whose(self, key_id: str) -> set[str]:
        found = self.found(ROLE)
        if found and found["access_key_id"] == key_id and not self.others:
            return {ROLE}
        return {NAME, self.case.command.identity}

    on_list = on_call

    def on_child(self, event: Event) -> None:
        """Check the child's region."""
        self._given(event.about)

    def on_put(self, event: Event) -> None:
        """Check the region that env prints."""
        if self.case.verb == "env":
            text = event.about
            json_form = "json" in self.case.command.line
            self._given(
                json.loads(text) if json_form else dict(re.findall(r"(\w+)='([^']*)'", text))
            )

    def _given(self, given: Mapping[str, Any]) -> None:
        environ = self.case.environ
        name, config = self.case.command.identity, self.case.machine.config
        callers = next((environ[name] for name in REGIONS if environ.get(name)), DEFAULT_REGION)
        wanted = option(self.case.command.line, "--region")
        wanted = wanted or settings(config, name).get("region", callers)
        theirs = {given.get(name) for name in REGIONS}
        self.expect(theirs == {wanted}, f"{theirs} instead of {wanted}")


class RolesAsConfigured(_Undisturbed):
    """B-K03: a role is assumed as the config file has it, by a session that STS has not refused."""

    name = "roles are reached as configured"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.refused: frozenset[str] = frozenset()

    def on_call(self, event: Event) -> None:
        """Check the parameters of AssumeRole, and whose session it is."""
        call, machine = event.about, self.case.machine
        if call.operation != "AssumeRole":
            return
        own = settings(machine.config, ROLE)
        wanted = (own["role_arn"], own.get("external_id", ""), f"authkit-{ROLE}")
        self.expect(call.role == wanted, f"{call.role} instead of {wanted}")
        key_id = call.pair[0]
        self.expect(key_id not in self.refused, f"{key_id} was refused before")
        source = self.found(own["source"])
        if not self.others:
            same = source and source["access_key_id"] == key_id
            self.expect(same, f"{key_id} is not the session of {own['source']}")
            if source and not machine.aws:
                self.expect(left(machine, source) > 0, "the source's session is over")
        if event.outcome in REFUSES_SESSION:
            self.refused |= {key_id}
            self.expect(len(self.refused) <= 2, "the source is logged in to twice")

    def on_release(self, event: Event) -> None:
        """Who waited for another process looks at everything once more (B-L24)."""
        if event.about == ROLE:
            self.refused = frozenset()


class NoLoginWithoutEnd(_Undisturbed):
    """B-E05: credential-process logs in exactly where nothing has to be asked."""

    name = "no login that cannot end"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.has = self._has(case.command.identity)
        self.source_has = any(self._has(name) for name in self._sources())
        self.trouble = False

    def _sources(self) -> list[str]:
        config, name = self.case.machine.config, self.case.command.identity
        found = []
        while name := settings(config, name).get("source", ""):
            found.append(name)
        return found

    def _has(self, name: str) -> bool:
        """Tell whether there is a session that holds."""
        machine = self.case.machine
        found = self.found(name)
        return bool(found and is_of(machine, name, found) and left(machine, found) > 0)

    def _code_needed(self) -> bool:
        machine = self.case.machine
        name = root(machine.config, self.case.command.identity)
        own = settings(machine.config, name)
        device = own.get("mfa_arn") or (fields(machine.entries.get(name)) or {}).get("mfa_arn")
        return bool(device) and "mfa_process" not in own

    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome not in {"ok", "a code", "with blanks"}

    on_get = on_read = on_replace = on_config = on_acquire = on_unlock = on_put = _trouble
    on_alone = _trouble
    on_mark = on_note = on_notes = on_sleep = on_program = on_drop = on_marker = _trouble

    def on_call(self, event: Event) -> None:
        """Check that no code is going to be needed."""
        self._trouble(event)
        if self.case.verb == "credential-process" and event.about.by_keys and not self.others:
            self.expect(not self._code_needed() or self.source_has, "it will need a code")

    def end(self, status: int | None) -> None:
        """Check that there are credentials where there can be some, and only there."""
        if self.case.verb not in {"credential-process", "env"} or self.others or status is None:
            return
        if self.trouble or self.case.machine.aws:
            return
        can = self.has
        if self.case.verb == "credential-process" and not can:
            keys = pair(self.case.machine.entries.get(NAME))
            can = keys is not None and not self._code_needed()
            can = can or (self.source_has and not self._source_differs())
        self.expect((status == 0) == can, f"{status}, and there can be a session: {can}")

    def _source_differs(self) -> bool:
        machine = self.case.machine
        for name in self._sources():
            found = self.found(name)
            if found and unfit(machine, name, found):
                return True
        return False


class ShownAsItIs(_Undisturbed):
    """B-L25, B-W02 to B-W05, B-I01: what is shown of a session is what it is."""

    name = "what is shown is so"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.answer = ""  # what STS said last of the session
        self.refused = self.trouble = False

    def on_call(self, event: Event) -> None:
        """Note what STS says."""
        if not event.about.by_keys:
            self.answer, self.refused = event.outcome, is_refused(event)

    def on_read(self, event: Event) -> None:
        """Note a file that cannot be read."""
        self.trouble = self.trouble or event.outcome != "ok"

    def on_say(self, event: Event) -> None:
        """Check the rows of a login."""
        if "Authentication successful" in event.about:
            rows = dict(ROW.findall(event.about))
            self.expect([*rows] == LOGIN_ROWS, f"{[*rows]} is shown")
            self._rows(rows, "")

    def on_put(self, event: Event) -> None:
        """Check what whoami and list print."""
        if self.others or self.trouble:
            return
        line = self.case.command.line
        if self.case.verb == "whoami" and "--json" in line:
            self._object(json.loads(event.about))
        elif self.case.verb == "whoami":
            rows = dict(ROW.findall(event.about))
            if not self.case.machine.aws:
                valid = self._valid()
                over = valid is False and (not self.refused or "expired" in self.answer)
                self.expect([*rows] == (OVER_ROWS if over else WHOAMI_ROWS), f"{[*rows]} is shown")
                good = "✗" not in event.about.splitlines()[0]
                self.expect(good == (valid is not False), f"{valid}, and the mark is another")
            self._rows(rows, ", ends soon")
        elif self.case.verb == "list" and "--json" in line:
            for item in json.loads(event.about):
                self._listed(item["identity"], item["session"], item["expires"])
        elif self.case.verb == "list":
            for words in [re.split(" {2,}", line) for line in event.about.splitlines()[1:]]:
                self._listed(words[0], words[-1])

    def _valid(self) -> bool | None:
        """Return whether the session is good, None when that is not known (B-W05)."""
        machine, name = self.case.machine, self.case.command.identity
        found = self.found()
        if not found or not is_of(machine, name, found) or left(machine, found) <= 0:
            return False
        if "--offline" in self.case.command.line or self.answer == "ok":
            return True
        return False if self.refused else None

    def _rows(self, rows: Mapping[str, str], soon: str) -> None:
        """Check rows about a session, but for how they call what STS has against it."""
        machine, name = self.case.machine, rows.get("Identity", "")
        found = self.found(name)
        if self.others or not found:
            return
        wanted = {
            "Provider": found["kind"].replace("/", "-"),
            "Principal": found["principal"],
            "Account": found["account"],
            "Region": region(machine.config, self.case.command.line, name),
            "Last Updated": instant(found["granted"], SHOWN),
        }
        wrong = [title for title, value in wanted.items() if rows.get(title, value) != value]
        self.expect(not wrong, f"{wrong} of {rows}")
        at, _, remark = rows["Expires"].partition(" (")
        self.expect(at == instant(found["expiration"], SHOWN), f"it ends {at}")
        if not machine.aws and "says AWS" not in remark:
            lasts = left(machine, found)
            spelt = f"{still(lasts)}{soon if 0 < lasts < SOON else ''}"
            self.expect(remark.removesuffix(")").removesuffix(", not verified") == spelt, remark)

    def _object(self, given: Mapping[str, Any]) -> None:
        machine, name = self.case.machine, self.case.command.identity
        found = self.found()
        wanted = {"identity": name, "kind": settings(machine.config, name)["kind"]}
        wanted["region"] = region(machine.config, (), name)
        if found and is_of(machine, name, found):
            wanted |= {each: found[each] for each in ("principal", "account")}
            wanted["expires"] = instant(found["expiration"])
            wanted["last_updated"] = instant(found["granted"])
        wrong = [field for field, value in wanted.items() if given[field] != value]
        self.expect(not wrong, f"{wrong} of {given}")
        if not machine.aws:
            self.expect(given["valid"] is self._valid(), f"valid is {given['valid']}")

    def _listed(self, name: str, state: str, expires: str | None = None) -> None:
        """Check the state of a session in a list."""
        machine, found = self.case.machine, self.found(name)
        if not found or found.get("identity", name) != name:
            wanted = "none"
        elif machine.config and not is_of(machine, name, found):
            wanted = "other settings"
        else:
            wanted = still(left(machine, found))
        self.expect(state == wanted, f"{name}'s session is {state}, not {wanted}")
        if expires and found:
            self.expect(expires == instant(found["expiration"]), expires)


def still(lasts: float) -> str:
    """Return how what is left is shown: rounded down (B-L25)."""
    minutes = int(lasts) // 60
    if lasts <= 0:
        return "expired"
    if minutes < 60:
        return f"{minutes}m" if minutes else f"{int(lasts)}s"
    return f"{minutes // 60}h {minutes % 60}m"


LAWS = (
    *(HandedOut, OfTheseSettings, GrantedIsTold, KeysAndSessions, TheTip),
    *(TheRegionThatIsSet, RolesAsConfigured, NoLoginWithoutEnd, ShownAsItIs),
)
