"""Laws about what is kept: sessions fit the entry, trouble is told, keys stay somewhere."""

from __future__ import annotations

import re
import shlex
from itertools import product
from typing import TYPE_CHECKING

from fakes.world.state_folder import FOLDER
from tests.explore.aws_profiles import files, wanted
from tests.explore.aws_profiles import read as read_aws
from tests.explore.configs import identities, option, settings
from tests.explore.expected import misfit
from tests.explore.failures import TROUBLES
from tests.explore.law import DONE, Law, pair, session
from tests.explore.laws_of_naming import on_line
from tests.explore.machine import NAME, NAMES
from tests.explore.profiles import (
    PROCESS,
    REGION,
    called,
    called_otherwise,
    is_anothers,
    less,
    read,
    region_of,
)
from tests.explore.starts import AWS_CONFIG, AWS_CREDENTIALS, aws_files, in_section

if TYPE_CHECKING:
    from tests.explore.events import Event
    from tests.explore.law import Case
    from tests.explore.profiles import Read

_REMOVES = re.compile(r"'authkit (profile remove [^']*)'")
OF_AWS = (AWS_CREDENTIALS, AWS_CONFIG)
_OF_KEYS = re.compile(rb"\s*aws_(access_key_id|secret_access_key)\s*[=:]", re.IGNORECASE)
UNREADABLE = "The cached session of "  # the first trouble is told, and not every later one
TELL_ALL = {"whoami", "list", "logout", "env", "credential-process"}
ONCE = {"whoami", "list"}
_PATH = re.compile(rf"{re.escape(FOLDER)}[^\s:]*")
# What a command may do without: its answer is whole without it.
PASSED_OVER = {
    *product(  # whether there are keys, and which name is near, is then not said
        ("whoami", "env", "credential-process"), ("marker", "other markers", "marked")
    ),
    ("logout", "other markers"),  # which name is near is then not said
    ("logout", "marked"),
    ("credential-process", "mark"),  # AWS has taken the keys: said, and gone on
    ("logout", "read"),  # the session is dropped all the same
}


class TroubleIsTold(Law):
    """B-S06: trouble with a session, a marker or a lock is named, and is no success."""

    name = "state trouble is told"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.trouble = ""
        self.told = self.other = False
        self.paths: frozenset[str] = frozenset()  # that were told of
        self.untold: frozenset[str] = frozenset()  # whose session is in trouble of its own

    def _used(self, event: Event) -> None:
        passed = (self.case.verb, event.what) in PASSED_OVER
        of_all = event.what == "marked" and "--all" in self.case.command.line
        passed = passed and not of_all  # whose names are these
        if event.outcome in TROUBLES and self.case.verb in TELL_ALL and not passed:
            self.trouble = event.what
            if event.what == "read" and self.case.machine.failing and self.case.verb == "list":
                self.untold |= {event.about}

    on_read = on_replace = on_drop = on_names = on_mark = on_marker = on_marked = _used
    on_unmark = on_other_markers = on_acquire = on_holder = _used

    def on_config(self, event: Event) -> None:
        """Note another trouble, with which a command ends before it tells this one."""
        self.other = self.other or event.outcome != "ok"

    on_get = on_set = on_delete = on_alone = on_unlock = on_config

    def on_say(self, event: Event) -> None:
        """Note that it is told; of what looks, once, since it goes on without it."""
        if FOLDER in event.about and self.case.verb in ONCE:
            paths = frozenset(_PATH.findall(event.about))
            self.expect(not paths & self.paths, f"{sorted(paths)} is told of again")
            self.paths |= paths
        self.told = self.told or FOLDER in event.about or UNREADABLE in event.about
        if event.what == "say":
            self.untold -= {name for name in self.untold if name in event.about}

    def on_put(self, event: Event) -> None:
        """Data may tell it, and may not be written."""
        self.on_say(event)
        self.on_config(event)

    def end(self, status: int | None) -> None:
        """Check that it was told."""
        passed = self.other or self.case.command.wrong  # it ends for another reason
        if not self.trouble or passed or status in {None, 130}:
            return
        self.expect(self.told, f"{self.trouble} failed, and nothing is said of it")
        self.expect(not self.untold, f"of {sorted(self.untold)} nothing is said")
        self.expect(status, f"{self.trouble} failed, and the exit status is 0")


class KeysStaySomewhere(Law):
    """B-S02: keys are taken out of AWS's file once the keyring has them, and not before.

    Nothing else in AWS's files changes, nor what AWS's programs take for a profile: they find the
    same keys, or none.  Where it is not asked for, nothing changes at all (docs/moving-in.md).
    """

    name = "keys stay somewhere"
    verbs = frozenset({"import"})

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.first = {path: case.machine.files.get(path) for path in OF_AWS}
        self.others = False

    def on_others(self, _event: Event) -> None:
        """Note that the keyring may have other keys by now."""
        self.others = True

    def on_file_changed(self, event: Event) -> None:
        """Note that another program has written AWS's file."""
        self.first = {**self.first, event.about: self.case.machine.files[event.about]}

    def on_file_replace(self, event: Event) -> None:
        """Check which lines go, and where the keys are then."""
        path, content = event.about
        if path not in OF_AWS:
            return
        asked_for = "--remove" in self.case.command.line
        self.expect(asked_for, f"{path} is written, and nobody asked for it")
        taken = read_aws(self.first[path]).taken
        self.expect(taken, f"{path} is written, which AWS programs refuse")
        gone = _gone(self.first[path] or b"", content)
        self.expect(gone is not None, f"{path} has lines that it had not")
        wrong = [line for line in gone or () if not _OF_KEYS.match(line)]
        self.expect(not wrong, f"{len(wrong)} lines go from {path} that are no keys")
        saved = {pair(text) for text in self.case.machine.entries.values()} - {None}
        secrets = {two[1].encode() for two in saved if two}
        lost = [line for line in gone or () if not _held(line, secrets)]
        self.expect(self.others or not lost, "the keys are in neither")

    def end(self, status: int | None) -> None:
        """What was imported is in the keyring and in authkit's config file, and taken out."""
        command, machine = self.case.command, self.case.machine
        before, now = files(*self.first.values()), aws_files(machine.files)
        for name in before.names():
            taken, first = now.secret(name), before.secret(name)
            right = {first, ""} if "--remove" in command.line else {first}
            self.expect(taken in right, f"AWS programs take other keys for {name} by now")
            gone = first and not taken and not self.others
            kept = any((pair(text) or ("", ""))[1] == first for text in machine.entries.values())
            self.expect(not gone or kept, f"the keys of {name} are in neither")
        if status != 0 or self.others or command.wrong:
            return
        if "--remove" in command.line:
            both = tuple(self.first.values())
            for name, one in wanted((both[0], both[1]), before.names()).found.items():
                known = name in identities(machine.config)
                self.expect(not (one.keys and known and now.secret(name)), f"{name} has keys still")


def _gone(before: bytes, now: bytes) -> list[bytes] | None:
    """Return the lines that are gone, None where there are others."""
    left, gone = now.splitlines(keepends=True), list[bytes]()
    for line in before.splitlines(keepends=True):
        if left and left[0] == line:
            left.pop(0)
        else:
            gone.append(line)
    return None if left else gone


def _held(line: bytes, secrets: set[bytes]) -> bool:
    """Tell whether a line that is gone has no secret, or one that the keyring has."""
    return b"secret" not in line.lower() or any(secret in line for secret in secrets)


class ProfileIsThere(Law):
    """B-A04: with exit 0 a profile of AWS's config file is there, or is not, as it was asked.

    Nothing else in the file changes, and nothing at all of a profile that is somebody else's.
    Where there is none of this name, the one that the identity has by another is named (B-A04).
    """

    name = "a profile is as asked for"
    verbs = frozenset({"profile add", "profile remove"})

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        # Another program writes too, or the profile is another identity's.
        self.others = on_line(case.command) not in {"", NAME} or "placing" in case.command.begins
        self.replaced = False
        self.called = called(case.command.line)
        self.before = self._read()
        self.said: frozenset[str] = frozenset()  # profiles that may be removed instead

    def _read(self) -> Read:
        return read(self.case.machine.files.get(AWS_CONFIG), self.called)

    def on_say(self, event: Event) -> None:
        """Note which other profile can be removed."""
        for line in _REMOVES.findall(event.about):
            self.said |= {option(tuple(shlex.split(line)), "--name")}

    def on_others(self, _event: Event) -> None:
        """Note that another program writes too."""
        self.others = True

    def on_file_replace(self, event: Event) -> None:
        """Note the same, and that the file was written."""
        self.others = self.others or event.outcome.startswith("another program")
        self.replaced = self.replaced or event.outcome in DONE

    def end(self, status: int | None) -> None:
        """Look into the file."""
        if status is None or self.others:
            return
        after = self._read()
        if is_anothers(self.before):
            self.expect(status != 0, "exit 0, and the profile is somebody else's")
            self.expect(after == self.before, "somebody else's profile is another by now")
        elif status == 0:
            self._is_as_asked(after)
        elif not self.replaced:
            self.expect(after == self.before, f"exit {status}, and the file is another")

    def _is_as_asked(self, after: Read) -> None:
        command = self.case.command
        words = ("credential-process", in_section(command.identity), *command.config_option)
        wanted = {PROCESS: " ".join((*self.case.machine.program, *words))}
        if self.case.verb == "profile add":
            own = settings(self.case.machine.config, command.identity).get("region", "")
            located = region_of(self.before, option(command.line, "--region"), own)
            wanted |= {REGION: located} if located else {}
            wanted = {**self.before.own, **wanted}
        else:
            wanted = less(self.before)
            others = called_otherwise(self.case.machine.files.get(AWS_CONFIG), self.called)
            instead = others[:1] if self.before == after and not self.before.there else ()
            self.expect(self.said == {*instead}, f"{[*self.said]} is named, not {instead}")
        self.expect(after.own == wanted, f"it has {after.own}, not {wanted}")
        self.expect(after.others == self.before.others, f"other lines: {after.others}")


class SessionsFit(Law):
    """B-S03: no session is there that the entry, as it is written, would not make.

    Whatever ends the command, and whenever: what does not fit goes before the entry is written,
    and a role's session is kept only while nobody else can write.
    """

    name = "sessions fit what is written"

    def _written(self, event: Event) -> None:
        if event.about[0] == NAME and event.outcome in DONE:
            for name in NAMES:
                self._fits(name)

    on_set = on_delete = _written

    def on_replace(self, event: Event) -> None:
        """Look at a role's session: an IAM user's is looked at by the next login too."""
        if event.about[0] != NAME and event.outcome in DONE:
            self._fits(event.about[0])

    def _fits(self, name: str) -> None:
        machine = self.case.machine
        found = session(machine.sessions.get(name))
        if found and self.case.verb != "doctor":
            differs = misfit(machine, name, found)
            self.expect(not differs, f"the session of {name} is of {differs}")


LAWS = (SessionsFit, TroubleIsTold, KeysStaySomewhere, ProfileIsThere)
