"""Laws about `import`: whatever ends it, what is saved is whole, and what was done is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.explore.answers import CTRL_C
from tests.explore.configs import OF_ROLE, identities, settings
from tests.explore.law import DONE, FINE, Law, fields, is_strange, of_trouble, pair
from tests.explore.machine import BETWEEN, NAME, ROLE, SECOND
from tests.explore.starts import imported_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event
    from tests.explore.law import About, Case

PROFILES = (SECOND, NAME, ROLE, BETWEEN)  # a source before its role
UNREADABLE = {"corrupt", "later-version"}  # what an entry may be found to be
KEYS = {"access_key_id": "aws_access_key_id", "secret_access_key": "aws_secret_access_key"}


class Importing(Law):
    """A law about `import`.

    `profiles` are those of AWS's files that have keys, and roles that are reached by these;
    `tried` are the identities whose entries it began to write, and `saved` those that it wrote.
    """

    name = ""

    @classmethod
    def concerns(cls, about: About) -> bool:
        """It is about this command alone."""
        return about.verb == "import"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.saved = self.tried = frozenset[str]()
        self.profiles: dict[str, Mapping[str, str]] = {}
        for name in PROFILES:
            own, more = imported_as(case.machine, name)
            has_keys = {**more, **own}.keys() >= {*KEYS.values()}
            if has_keys or more.get("source_profile") in self.profiles:
                self.profiles[name] = {**more, **own}

    def on_set(self, event: Event) -> None:
        """Note what is saved."""
        self.tried |= {event.about[0]}
        if event.outcome in DONE:
            self.saved |= {event.about[0]}

    def _is_kept(self, name: str) -> bool:
        """Tell whether the keyring has the keys of the profile."""
        own = tuple(self.profiles[name].get(key, "") for key in KEYS.values())
        return pair(self.case.machine.entries.get(name)) == own

    def _has_table(self, name: str) -> bool:
        return name in identities(self.case.machine.config)


class ImportedWhole(Importing):
    """B-A04: whatever ends an import, keys that it saved have their table and their settings.

    Where the config file cannot be written, or Ctrl-C is pressed while what ended the import is
    dealt with, nothing can be had of it.  Nor where keys cannot be understood when they are read
    back: nobody can tell that they are saved.
    """

    name = "what is imported is whole"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.excused = self.theirs = self.disturbed = False
        self.strange: frozenset[str] = frozenset()
        self.had = dict(case.machine.entries)

    def on_set(self, event: Event) -> None:
        """Check that the entry is as the profile has it, with settings of the same keys."""
        super().on_set(event)
        self._disturbs(event)
        name, text = event.about
        if name not in self.profiles:
            return
        own, before = fields(text) or {}, self.had.get(name)
        wanted = {field: self.profiles[name].get(key, "") for field, key in KEYS.items()}
        had = {} if is_strange(before) else (fields(before) or {})
        if "access_key_id" in had and pair(before) != tuple(wanted.values()):
            had = {}  # settings of other keys
        device = self.profiles[name].get("mfa_serial") or had.get("mfa_arn", "")
        if not self.theirs:
            wanted |= {"mfa_arn": device, "session_duration": had.get("session_duration", "")}
        for field, value in wanted.items():
            self.expect(own.get(field, "") == value, f"{field} of {name} is {own.get(field)!r}")

    def _of_config(self, event: Event) -> None:
        path = event.about[0] if event.what == "file replace" else event.about
        if path == self.case.machine.config_path and event.outcome not in FINE:
            self.excused = True

    on_file = on_file_replace = _of_config

    def on_cancel(self, event: Event) -> None:
        """Note that writing the config file is cut off: once it is all that is left to do."""
        writing = event.about in {"file read", "file replace"}
        self.excused = self.excused or writing or self.disturbed
        self.disturbed = True

    @of_trouble
    def _disturbs(self, event: Event) -> None:
        cut_off = event.outcome == CTRL_C
        self.excused = self.excused or (cut_off and self.disturbed)
        self.disturbed = self.disturbed or cut_off or event.outcome not in FINE

    on_mark = on_drop = on_read = on_alone = on_named = _disturbs

    @of_trouble
    def on_get(self, event: Event) -> None:
        """Note that nobody can tell whether the keys are saved: a table does no harm then."""
        self._disturbs(event)
        self.tried |= {event.about[0]}
        if event.outcome in UNREADABLE and event.about[0] in self.saved:
            self.strange |= {event.about[0]}

    def on_others(self, _event: Event) -> None:
        """Note that another process has changed what settings there were when it began."""
        self.theirs = True

    def end(self, status: int | None) -> None:
        """Check the tables."""
        if status is None or self.excused:
            return
        sure = (self.saved & self.profiles.keys()) - self.strange
        for name in filter(self._is_kept, sorted(sure)):
            self.expect(self._has_table(name), f"{name} is saved, and has no table")
        for name in [name for name in self.profiles if self._has_table(name)]:
            self._as_profile(name)

    def _as_profile(self, name: str) -> None:
        """Check a table against its profile."""
        own, profile = settings(self.case.machine.config, name), self.profiles[name]
        region = own.get("region", "")
        self.expect(region == profile.get("region", ""), f"the region of {name} is {region!r}")
        if own["kind"] != OF_ROLE:
            kept = self._is_kept(name) or name in self.tried
            self.expect(kept, f"{name} has a table, and no keys")
        else:
            source = own["source"]
            self.expect(source == profile["source_profile"], f"the source of {name} is {source}")
            self.expect(self._has_table(source), f"{name} is imported without its source")
            while "role_arn" in self.profiles[source]:
                source = self.profiles[source]["source_profile"]
            kept = self._is_kept(source) or source in self.tried
            self.expect(kept, f"{name} is imported, and {source} has no keys")


class ImportIsTold(Importing):
    """B-A04: an import says of each identity whether it was imported, and its exit status too."""

    name = "an import tells what it did"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.imported: frozenset[str] = frozenset()
        self.left: frozenset[str] = frozenset()
        self.told: frozenset[str] = frozenset()  # that their keys are saved
        self.last = ""
        self.ends = self.odd = False  # it has come to its end; others write, or it was cut off

    def on_say(self, event: Event) -> None:
        """Note which identities are said to be imported, and which not."""
        said = " ".join(event.about.split())
        if saved := re.search(r"Credentials saved to keyring: (.+)", event.about):
            self.told |= {saved[1]}
        if done := re.match(r"✓ Imported: ([^.]+)\.", said):
            self.imported |= {*done[1].split(", ")}
        if left := re.match(r"✗ Not imported: (.+)", said):
            self.left |= {*left[1].split(", ")}
        self.ends = self.ends or bool(done or left) or said == "Nothing was imported."
        self.last = said

    def _oddly(self, _event: Event) -> None:
        self.odd = True

    on_others = on_cancel = _oddly

    @of_trouble
    def on_get(self, event: Event) -> None:
        """Note that what was saved cannot be told any more."""
        self.odd = self.odd or event.about[0] in self.tried

    def end(self, status: int | None) -> None:
        """Compare what is said with what is there."""
        if status in {None, 130} or self.odd:
            return
        there = {name for name in self.profiles if self._is_there(name)}
        if not self.ends:
            kept = {name for name in self.saved if self._is_kept(name)}
            unsaid = [name for name in kept - self.told if name not in self.last]
            self.expect(not unsaid, f"that the keys of {unsaid} are saved is not said")
            self.expect(status, "exit 0, and what is imported is not said")
            return
        self.expect(self.imported == there, f"{there} is there, said is {self.imported}")
        missing = self.profiles.keys() - there
        self.expect(missing == self.left, f"{missing} is not imported, said is {self.left}")
        self.expect(status == 0 or missing or "--remove" in self.case.command.line, "exit 1")
        self.expect(status or not missing, f"exit 0, without {missing}")

    def _is_there(self, name: str) -> bool:
        is_role = "role_arn" in self.profiles[name]
        return self._has_table(name) and (is_role or self._is_kept(name))


LAWS = (ImportedWhole, ImportIsTold)
