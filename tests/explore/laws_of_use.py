"""Laws about sessions that are used: what programs get, what is said then, in which region."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from tests.explore.configs import (
    DEFAULT_REGION,
    asked_for,
    option,
    region,
    settings,
)
from tests.explore.expected import Undisturbed, instant, is_of, is_refused, left, unfit
from tests.explore.machine import BETWEEN, NAME, ROLE
from tests.explore.regions import is_off_at_first, partition
from tests.explore.starts import SOON, UNSAID, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event
    from tests.explore.expected import Found
    from tests.explore.law import Case

IN_FILE = ("access_key_id", "secret_access_key", "session_token")
CREDENTIALS = ("AccessKeyId", "SecretAccessKey", "SessionToken")
VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
USES = {"exec", "env", "credential-process", "whoami"}  # what uses a session as it is


def variables(text: str) -> Mapping[str, Any]:
    """Return the variables that ``env`` sets, as JSON or for sh; none in another shell's form."""
    if text.startswith("{"):
        found: dict[str, Any] = json.loads(text)
        return found
    set_there = [line for line in text.splitlines() if line.startswith("export ")]
    try:
        return dict(shlex.split(line)[1].split("=", 1) for line in set_there)
    except ValueError:  # another law's: no shell reads it
        return {}


def endpoint(environ: Mapping[str, str]) -> str:
    """Return the endpoint that STS is asked at, "" for the region's own (docs/contract.md)."""
    return environ.get("AWS_ENDPOINT_URL_STS") or environ.get("AWS_ENDPOINT_URL") or ""


class HandedOut(Undisturbed):
    """B-E01, B-E02, B-E05, B-E07, B-S10: a session is handed out that fits, holds, and is whole."""

    name = "what is handed out holds"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.looked = self.device_refused = self.told = False
        self.good = self._good()

    def _good(self) -> bool:
        """Tell whether there is a session that is used as it is (B-E05, B-W06)."""
        machine, name = self.case.machine, self.case.identity
        found = self.found()
        if self.case.verb not in USES or not found or not is_of(machine, name, found):
            return False
        return self.case.verb == "whoami" or left(machine, found) > self._wanted()

    def _login(self, event: Event) -> None:
        """With such a session no login begins: nothing is locked, asked for or looked up."""
        self.expect(not self.good or self.others, f"{event.what}, though the session is good")

    on_unlock = on_acquire = on_ask = _login

    def on_get(self, event: Event) -> None:
        """Note that the keys were looked at."""
        self._login(event)
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
        elif self.case.verb == "env" and (given := variables(event.about)):
            self._out(given)

    def _printed(self, given: Mapping[str, Any]) -> None:
        found = self._checked(given["AccessKeyId"])
        if found:
            same = all(given[c] == found[f] for c, f in zip(CREDENTIALS, IN_FILE, strict=True))
            self.expect(same and given["Version"] == 1, "they are not those of the session")
            self.expect(given["Expiration"] == instant(found["expiration"]), given["Expiration"])

    def _out(self, given: Mapping[str, Any]) -> None:
        """Check the variables of a child, or of env."""
        found = self._checked(given.get(VARIABLES[0]) or "")
        if found:
            wanted = dict(found.get("variables", {}))
            if not self.case.brought:
                wanted = {v: found[f] for v, f in zip(VARIABLES, IN_FILE, strict=True)}
                wanted["AWS_SESSION_EXPIRATION"] = instant(found["expiration"])
            wanted["AUTHKIT_IDENTITY"] = self.case.identity
            wanted = {name: value or None for name, value in wanted.items()}  # "": not set
            wrong = [name for name, value in wanted.items() if given.get(name) != value]
            self.expect(not wrong, f"{wrong} is not the session's")

    def _checked(self, key_id: str) -> Found | None:
        """Return the session with this access key id, after it was checked."""
        machine, name = self.case.machine, self.case.identity
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
            self.expect(holds >= self._wanted() - UNSAID, f"{holds} s are less than wanted")
        return found

    def _wanted(self) -> int:
        return seconds(option(self.case.command.line, "--min-ttl") or "0")


class TheTip(Undisturbed):
    """B-E06: a tip exactly where the child failed, and the session is over or refused by now."""

    name = "a tip when the session is over"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.child = ""
        self.refused = self.tip = self.accepted = self.cut = False
        self.calls = 0

    def on_cancel(self, event: Event) -> None:
        """Note that what was to be said was cut off."""
        self.cut = self.cut or event.about == "say"

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
        self.expect(
            self.tip == wanted or self.cut, f"tip {self.tip}, over {self._over()}, {self.refused}"
        )


class TheRegionThatIsSet(Undisturbed):
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
        names = {asked_for(self.case.machine.config, call.role[0])}
        if call.operation == "GetCallerIdentity" and not call.by_keys:
            names = self._whose(call.pair[0])
        wanted = {self._region(name) for name in names}
        tried = call.operation == "GetCallerIdentity" and call.by_keys
        off = set() if endpoint(self.case.environ) else set(filter(is_off_at_first, wanted))
        if tried and off == wanted and not self.silent:
            wanted = {DEFAULT_REGION}
        elif off and not (call.granted or call.role[0]):
            wanted |= {DEFAULT_REGION}
        self.silent = self.silent or event.outcome in {"unsent", "lost", "cannot ask"}
        self.expect(call.region in wanted, f"{call.operation} in {call.region}, not {wanted}")
        arn = call.role[0] or (call.code[0] if call.code else "")
        theirs = arn.split(":")[1] if arn.startswith("arn:") else partition(call.region)
        self.expect(theirs == partition(call.region), f"{arn} in {call.region}")

    def _whose(self, key_id: str) -> set[str]:
        """Return for whom STS may be asked by a session: its own, and who is reached by it."""
        identity = self.case.identity
        for name in (ROLE, BETWEEN):
            found = self.found(name)
            if found and found["access_key_id"] == key_id and not self.others:
                return {name, identity}
        return {NAME, identity}

    on_list = on_call

    def on_child(self, event: Event) -> None:
        """Check the child's region."""
        self._given(event.about)

    def on_put(self, event: Event) -> None:
        """Check the region that env prints."""
        if self.case.verb == "env" and (given := variables(event.about)):
            self._given(given)

    def _given(self, given: Mapping[str, Any]) -> None:
        environ = self.case.environ
        if self.case.brought:
            return
        name, config = self.case.identity, self.case.machine.config
        callers = next((environ[name] for name in REGIONS if environ.get(name)), DEFAULT_REGION)
        wanted = option(self.case.command.line, "--region")
        wanted = wanted or settings(config, name).get("region", callers)
        theirs = {given.get(name) for name in REGIONS}
        self.expect(theirs == {wanted}, f"{theirs} instead of {wanted}")


LAWS = (HandedOut, TheTip, TheRegionThatIsSet)
