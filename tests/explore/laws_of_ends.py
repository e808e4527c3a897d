"""Laws about what is shown and how a command ends: secrets, words, exit status."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.explore import answers, claims_heard
from tests.explore.commands import KEPT, STRIPPED
from tests.explore.configs import asked_for, region
from tests.explore.expected import is_of, is_refused
from tests.explore.foreign import CONTROLS
from tests.explore.law import (
    DONE,
    ENDS,
    FINE,
    LESS,
    LOGS_IN,
    STOPS,
    Law,
    is_anothers,
    is_brought,
    of_trouble,
    pair,
    session,
)
from tests.explore.machine import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event
    from tests.explore.law import Case

SECRETS = ("secret-of", "hidden-", "token-")
PRINTS = {"env", "credential-process"}  # what prints the session for other programs
EXITS = {"exec": {0, 1, 2, 125, 126, 127, 130, 143, 254}}
OWN = {0, 1, 2, 130}
GET_READY = {"exec", "login", "import"}  # what these read before they have a lock they need
SAYS = "says "  # before a claim, where it is counted how often each was made
CHANGES = {"set", "delete", "replace", "mark", "unmark", "note"}


def config_region(case: Case) -> str:
    """Return the region that the config file sets for the user, or the default one."""
    return region(case.machine.config, (), NAME)


class NothingExposed(Law):
    """B-S01, B-E02, B-A01: no secret is shown or kept in a file, and a child gets its session."""

    name = "nothing exposed"

    def on_say(self, event: Event) -> None:
        """Nothing secret and no control character is on the screen."""
        shown = [secret for secret in SECRETS if secret in event.about]
        self.expect(not shown, f"{shown} is on the screen")
        self.expect(not CONTROLS.search(event.about), f"a control character in {event.about!r}")

    on_debug = on_say

    def on_put(self, event: Event) -> None:
        """What is printed has a session at most where that is the command's purpose."""
        hidden = SECRETS[:1] if self.case.verb in PRINTS else SECRETS
        shown = [secret for secret in hidden if secret in event.about]
        self.expect(not shown, f"{shown} is printed")
        if self.case.verb == "env" and "dotenv" not in self.case.command.line:
            kept = [name for name in STRIPPED if name not in event.about]
            self.expect(not kept, f"env does not unset {kept}")

    def on_replace(self, event: Event) -> None:
        """No keys are in a session file."""
        self.expect("secret-of" not in event.about[1], "keys in the session file")

    def on_note(self, event: Event) -> None:
        """No code is in a note."""
        codes = [code for code in self.case.machine.sent if code in event.about[1]]
        self.expect(not codes, "a code in a note")

    def on_mark(self, event: Event) -> None:
        """No secret is in a marker."""
        self.expect("secret-of" not in repr(event.about), "keys in a marker")

    def on_program(self, event: Event) -> None:
        """A program that prints codes gets none of the credentials."""
        self._stripped(event.about)

    def on_child(self, event: Event) -> None:
        """A child gets the session of the cache, and nothing else of AWS's."""
        environ = event.about
        self._stripped(environ)
        shown = [value for value in environ.values() if "secret-of" in value]
        self.expect(not shown, "keys in a child's environment")
        cached = session(self.case.machine.sessions.get(self.case.identity)) or {}
        names = ("access_key_id", "secret_access_key", "session_token")
        theirs = tuple(environ.get(name) for name in STRIPPED[:3])
        if is_brought(cached):
            self.expect(not any(theirs), f"AWS's variables are set: {theirs}")
            told = environ.get("A_TOKEN")
            self.expect(told and told in str(cached), f"not the cached session: {told}")
            return
        if not self.case.machine.counts.get("others"):
            self.expect(
                theirs == tuple(map(cached.get, names)), f"not the cached session: {theirs}"
            )
            ends = datetime.fromtimestamp(cached.get("expiration", 0), UTC)
            said = environ.get("AWS_SESSION_EXPIRATION")
            self.expect(said == f"{ends:%Y-%m-%dT%H:%M:%SZ}", f"it ends {said}")
        self.expect(environ.get("AUTHKIT_IDENTITY") == self.case.identity, "whose is it?")

    def _stripped(self, environ: dict[str, str]) -> None:
        others = [name for name in STRIPPED if environ.get(name) == f"callers-{name}"]
        self.expect(not others, f"{others} reaches a program")
        self.expect(environ.items() >= KEPT.items(), "what is not AWS's is missing")


class TheEndIsAnEnd(Law):
    """B-L06, B-L10, B-L15 to B-L20: after a refusal without remedy, and ^C, nothing is done."""

    name = "the end is an end"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.ended = ""
        self.cancelled = False
        self.library = False

    def on_call(self, event: Event) -> None:
        """Note an end."""
        self._nothing(event)
        keys = event.about.by_keys and self.case.verb in LOGS_IN | {"user configure"}
        elsewhere = event.outcome == "cannot ask" and config_region(self.case) != event.about.region
        saved = event.outcome == "cannot ask" and self.case.verb == "user configure"
        if keys and event.outcome in ENDS and not elsewhere and not saved:
            self.ended = event.outcome
        if event.outcome in STOPS:
            self._cancel()

    def _nothing(self, event: Event) -> None:
        cleans = self.case.verb == "doctor" and event.what == "delete"
        self.expect(not self.ended or cleans, f"{event.what} after {self.ended}")

    def _cancel(self) -> None:
        self.cancelled = True
        if self.case.verb != "doctor":  # what it cleans up may fail, and it goes on
            self.ended = "^C"

    def _changes(self, event: Event) -> None:
        self._nothing(event)
        if event.outcome in STOPS:
            self._cancel()

    on_set = on_delete = on_replace = on_mark = on_unmark = on_note = on_child = _changes

    @of_trouble
    def _stopped(self, event: Event) -> None:
        if event.outcome in STOPS:
            self._cancel()

    on_get = on_sleep = on_drop = on_file_replace = on_list = _stopped

    def on_cancel(self, _event: Event) -> None:
        """Note a cancel between two calls."""
        self._cancel()

    def on_ask(self, event: Event) -> None:
        """Note a cancel."""
        self._nothing(event)
        if event.about[2] in STOPS:
            self._cancel()

    def on_library(self, event: Event) -> None:
        """Note an error for which authkit has no words."""
        self.library = event.outcome != "ok"

    def on_say(self, event: Event) -> None:
        """No error of authkit's own is shown, and where it is (B-A02) no traceback unasked."""
        debugs = self.library and self.case.environ.get("AUTHKIT_DEBUG") == "1"
        self.expect("Traceback" not in event.about or debugs, event.about)
        self.expect("did not expect" not in event.about or self.library, event.about)

    def end(self, status: int | None) -> None:
        """The exit status says how it ended."""
        if status is None:
            return
        if self.cancelled:
            passes = self.case.verb in {"exec", "doctor"}  # which have a status of their own
            self.expect(status == 130 or passes, f"{status} after ^C")
        elif self.ended:
            self.expect(status in {1, 125}, f"{status} after {self.ended}")
        else:
            self.expect(status != 130, "130 without ^C")


class ExitStatusAgrees(Law):
    """B-L25, B-W05, B-E03, B-O01, B-C02: the exit status says what was done, and words do."""

    name = "exit status agrees"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.child = ""
        self.refused = False
        self.spoke = False
        self.telling = self.cut = False
        self.trouble = False
        self.tip = False
        self.made = 0
        self.given = ""  # on standard input
        self.good = pair(case.machine.entries.get(NAME)) is not None  # the keys, as far as known

    def on_stdin(self, event: Event) -> None:
        """Note what is given."""
        self.given = event.outcome

    @of_trouble
    def on_named(self, event: Event) -> None:
        """Note that keys that are given cannot be tried: the keyring cannot tell its name."""
        self._try(event)

    def _try(self, event: Event) -> None:
        if self.given:
            self.good = self.good and event.outcome in DONE

    def on_child(self, event: Event) -> None:
        """Note how the child ended."""
        self.child = event.outcome
        found = session(self.case.machine.sessions.get(self.case.identity)) or {}
        left = found.get("expiration", 0) - self.case.machine.now.timestamp()
        offset = self.case.machine.aws.total_seconds()
        self.expect(left - offset > 0 or offset, "the child has a session that is over")

    def on_call(self, event: Event) -> None:
        """Note a verdict on the session."""
        self.refused = self.refused or is_refused(event)
        self._try(event)
        self.made += bool(event.about.granted and event.outcome in {"ok", *LESS})

    def on_post(self, event: Event) -> None:
        """Note that a service that is not AWS's has made a session."""
        self.made += event.outcome in {"ok", *LESS}
        self._try(event)

    def on_cancel(self, event: Event) -> None:
        """Note that what it was about to say was cut off, as by a second ^C."""
        self.spoke = self.spoke or self.telling or event.about == "say"
        self.telling = self.cut = True

    def on_release(self, _event: Event) -> None:
        """Note that what is left is to say how it ended, unless another lock is to be had."""
        self.telling = True

    def on_acquire(self, event: Event) -> None:
        """Note that there is more to do, unless the lock cannot be had."""
        self.telling = event.outcome not in {*FINE, "busy"}
        self._trouble(event)

    @of_trouble
    def on_unlock(self, event: Event) -> None:
        """Note what ends a command before it has a lock."""
        self._trouble(event)
        self.telling = self.trouble

    @of_trouble
    def on_file(self, event: Event) -> None:
        """Note what ends `import` and `profile`: a file of the person's cannot be read."""
        self.telling = self.telling or (event.outcome not in FINE and self.case.verb != "doctor")

    def on_say(self, event: Event) -> None:
        """Note what is said last."""
        self.spoke = True
        self.tip = self.tip or "Tip" in event.about

    def on_put(self, event: Event) -> None:
        """Note that there is data."""
        self.spoke = True
        self._trouble(event)

    @of_trouble
    def _trouble(self, event: Event) -> None:
        if event.outcome not in FINE:
            self.trouble = True
        self.telling = self.telling or event.outcome in STOPS

    @of_trouble
    def on_get(self, event: Event) -> None:
        """Note what ends `exec --min-ttl`, `login --force` and `import` before they have a lock."""
        self._trouble(event)
        unlocked = self.case.verb in GET_READY and not self.case.machine.locks
        failed = event.outcome not in FINE and not event.outcome.startswith("others ")
        self.telling = self.telling or (unlocked and failed)

    on_read = on_marked = on_get
    on_set = on_delete = on_drop = on_replace = on_marker = _trouble
    on_unmark = on_names = on_mark = on_config = on_others = _trouble
    on_alone = _trouble

    def end(self, status: int | None) -> None:
        """Check the status against what is there."""
        if status is None:
            return
        verb = self.case.verb
        self.expect(status in EXITS.get(verb, OWN), f"exit {status}")
        if self.case.machine.counts.get("others"):
            return
        if status and not self.child:
            self.expect(self.spoke, f"exit {status} without a word")
        check = getattr(self, f"_of_{verb.replace(' ', '_').replace('-', '_')}", None)
        if check and not (self.case.command.wrong and self.case.command.ways):
            check(status)

    def _cached(self) -> dict[str, object]:
        return dict(session(self.case.machine.sessions.get(self.case.identity)) or {})

    def _of_login(self, status: int) -> None:
        if status == 0:
            self.expect(self._cached(), "logged in, without a session")
            self.expect(self.made or "--force" not in self.case.command.line, "no new session")

    def _of_exec(self, status: int) -> None:
        started = self.child.partition(" ")[0]
        if not self.child:
            self.expect(status in {125, 2, 130}, f"{status} without a child")
        elif started.isdigit():
            self.expect(status == int(started), f"{status}, and the child's is {started}")
        else:
            wanted = {"not found": 127, "not executable": 126}.get(self.child, 125)
            self.expect(
                status == wanted or (status == 130 and self.cut), f"{status} for {self.child}"
            )
        if self.tip:
            failed = started.isdigit() and started != "0"
            self.expect(failed, "a tip without a failure")
        elif "days" in self.child and started == "1" and self._is_over():
            self.expect(self.tip or self.cut, "no tip for a session that is over")

    def _is_over(self) -> bool:
        """Tell whether the session is over by a clock that nobody has corrected."""
        machine, ends = self.case.machine, self._cached().get("expiration", 0)
        return not machine.aws and float(str(ends)) <= machine.now.timestamp()

    def _of_whoami(self, status: int) -> None:
        found = self._cached()
        ends = found.get("expiration", 0)
        left = float(str(ends)) - (self.case.machine.now + self.case.machine.aws).timestamp()
        own = found and is_of(self.case.machine, self.case.identity, found)
        if status == 130 or self.trouble or (self.case.machine.aws and not self.made):
            return
        valid = bool(own) and left > 0 and not self.refused
        self.expect((status == 0) == valid, f"{status}, and the session is {valid and 'good'}")

    def _of_logout(self, status: int) -> None:
        machine, command = self.case.machine, self.case.command
        name = command.identity
        gone = name not in machine.sessions or is_anothers(machine.sessions[name], name)
        keys = "--keys" in command.line and command.identity == NAME
        kept = keys and NAME in machine.entries
        if status == 0:
            self.expect(gone, "logged out, and the session is there")
            self.expect(not kept, "the keys are still there")
            self.expect(not (keys and NAME in machine.markers), "the marker is still there")
        elif not self.trouble and status == 1 and "--all" not in command.line:
            self.expect(not gone or kept, "exit 1, and everything is done")

    def _of_user_configure(self, status: int) -> None:
        machine = self.case.machine
        if status == 0:
            self.expect(pair(machine.entries.get(NAME)), "configured, without keys")
            self.expect(NAME in machine.markers, "keys without a marker")
        elif self.given == "a duration alone" and self.good and not self.trouble and status != 130:
            self.expect(right=False, what=f"exit {status} of settings for keys that are there")

    def _of_credential_process(self, status: int) -> None:
        if status == 0:
            self.expect(self._cached(), "credentials without a session")


def _with(kept: Mapping[str, str], name: str, text: str | None) -> Mapping[str, str]:
    others = {other: its for other, its in kept.items() if other != name}
    return others if text is None else {**others, name: text}


class WordsEqualDeeds(Law):
    """B-A04, B-S05: whatever the screen says was done, or was not done, is so when it says it."""

    name = "words equal deeds"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.before = claims_heard.kept(case.machine)
        self.made: frozenset[str] = frozenset()
        self.others = self.wrote = False
        self.child = False
        self.found: dict[str, str] | None = None

    def on_call(self, event: Event) -> None:
        """Note a session that STS has made."""
        if event.about.granted and event.outcome in DONE:
            self.made |= {asked_for(self.case.machine.config, event.about.role[0])}

    def on_drop(self, event: Event) -> None:
        """Note that a session is gone, which is said by itself."""
        self.made -= {event.about}

    def on_get(self, event: Event) -> None:
        """Note what the entries were when one was not understood."""
        if event.outcome in {"corrupt", "later-version"}:
            self.found = dict(self.case.machine.entries)

    def on_child(self, event: Event) -> None:
        """Note that something was run."""
        self.child = self.child or event.outcome[0].isdigit()

    def on_others(self, event: Event) -> None:
        """What other processes did is none of this one's deeds."""
        now = claims_heard.kept(self.case.machine)
        if not event.about:  # nobody knows what
            self.before, self.others = now, True
            return
        self.wrote = True
        if event.about[0] in {answers.OTHERS_WRITE, answers.OTHERS_REMOVE}:
            entries = _with(self.before.entries, NAME, now.entries.get(NAME))
            if self.found is not None:
                self.found = dict(_with(self.found, NAME, now.entries.get(NAME)))
            self.before = self.before._replace(entries=entries)
        else:
            self.before = self.before._replace(sessions=now.sessions)

    def on_say(self, event: Event) -> None:
        """Check every phrase."""
        found = claims_heard.claims(event.about)
        if not found:
            return
        now = claims_heard.kept(self.case.machine)
        did = (self.made, self.others, self.child, self.found, self.wrote)
        moment = claims_heard.Moment(self.before, now, *did)
        for pattern, words, check, name in found:
            self.case.counts[f"{SAYS}{pattern}"] += 1
            self.expect(check(moment, name), f"not so: {words!r}")


class NextStepIsSaid(Law):
    """B-A04, B-L27: what ends a command says what to do next, with --force where it was given."""

    name = "what comes next is said"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.text = ""
        self.child = False

    def on_say(self, event: Event) -> None:
        """Note the last text, if it may be what a command ends with."""
        self.text = event.about if event.about.startswith("✗") else ""

    def on_child(self, _event: Event) -> None:
        """A child's failure is its own."""
        self.child = True

    def on_cancel(self, _event: Event) -> None:
        """Forget the last text: the one that was to follow may be cut off."""
        self.text = ""

    def end(self, status: int | None) -> None:
        """Check the parts of the last text."""
        if not status or self.child or self.case.verb in {"list", "doctor", "logout", "import"}:
            return
        if self.case.verb == "whoami" or not self.text.startswith("✗"):
            return
        lines = self.text.splitlines()
        cured = "AUTHKIT_STATE_DIR" in self.text or "chmod" in self.text
        self.expect(len(lines) >= 3 or cured, f"{len(lines)} lines: {self.text!r}")
        line = self.case.command.line
        if "'authkit login" in self.text and "--force" in line:
            self.expect("--force" in self.text, f"without --force: {self.text!r}")


LAWS = (NothingExposed, TheEndIsAnEnd, ExitStatusAgrees, WordsEqualDeeds, NextStepIsSaid)
