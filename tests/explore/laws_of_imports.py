"""Laws about `import`: whatever ends it, what is saved is whole, and what was done is said.

What there is to import, and what cannot be, the model reads itself (``importable``).
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING
from unicodedata import normalize

from tests.explore.answers import CTRL_C
from tests.explore.aws_profiles import KEYS as KEYS_OF_AWS
from tests.explore.aws_profiles import files as aws_files
from tests.explore.aws_profiles import is_name, pair_of
from tests.explore.configs import OF_ROLE, identities, settings
from tests.explore.importable import chosen, of_case
from tests.explore.law import DONE, FINE, Law, fields, is_strange, of_trouble, pair
from tests.explore.starts import AWS_CONFIG, AWS_CREDENTIALS, are_in_aws_file, in_section, seconds
from tests.explore.starts import aws_files as files_now

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.explore.aws_profiles import Imported, Left
    from tests.explore.events import Event
    from tests.explore.law import About, Case

UNREADABLE = {"corrupt", "later-version"}  # what an entry may be found to be
KEYS = ("access_key_id", "secret_access_key")
_BELOW = r"(.*(?:\n    .*)*)"  # the rest of a row, and what is below it
STOPS = {"^C", "^D"}


class Importing(Law):
    """A law about `import`.

    `asked` is what there is and what the line asks for, `names` what is asked for by now, with
    answers.  `tried` are the identities whose entries it began to write, and `saved` those that it
    wrote.  `agreed` are those that the person said may be replaced.
    """

    name = ""

    @classmethod
    def concerns(cls, about: About) -> bool:
        """It is about this command alone."""
        return about.verb == "import" and not about.wrong

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.saved = self.tried = self.agreed = frozenset[str]()
        self.asked = of_case(case)
        self.names = self.asked.names
        self.by_name = self.asked.by_name
        self.there = ""  # the identity that may be replaced
        self.config = case.machine.config

    @property
    def found(self) -> Mapping[str, Imported]:
        """What is to be imported."""
        return self.asked.wanted(self.names).found

    @property
    def left(self) -> Mapping[str, Left]:
        """What is asked for, and cannot be imported."""
        return self.asked.wanted(self.names).left

    def on_set(self, event: Event) -> None:
        """Note what is saved."""
        self.tried |= {event.about[0]}
        if event.outcome in DONE:
            self.saved |= {event.about[0]}

    def on_say(self, event: Event) -> None:
        """Note which identity is there already."""
        if found := re.match(r"⚠ There is an identity (.+?) already,\s+and", event.about):
            self.there = found[1]

    def on_ask(self, event: Event) -> None:
        """Note what is chosen, what an identity is to be called, and what may be replaced."""
        title, _, answer = event.about
        if answer in STOPS:
            return
        if title == "Replace it" and answer.lower() in {"y", "yes"}:
            self.agreed |= {self.there}
        elif title == "Name of the identity" and answer:
            self.names = (answer,)
        elif title == "Import which":
            self.names = chosen(answer, self.asked.listed) or ()
            self.by_name = answer != "all"

    def _is_kept(self, name: str) -> bool:
        """Tell whether the keyring has the keys that are imported."""
        return pair(self.case.machine.entries.get(name)) == self.found[name].keys

    def _has_table(self, name: str) -> bool:
        return name in identities(self.case.machine.config)

    def _table(self, name: str) -> Mapping[str, object]:
        """Return what a table is to be: what is imported, over what was set of the same kind."""
        found, before = self.found[name], settings(self.config, name)
        same = name in identities(self.config) and before["kind"] == found.kind
        return {**(before if same else {}), "kind": found.kind, **found.settings}

    def _is_as_wanted(self, name: str) -> bool:
        return _in_seconds(settings(self.case.machine.config, name)) == _in_seconds(
            self._table(name)
        )

    def _is_there(self, name: str) -> bool:
        """Tell whether an identity is all that it is to be."""
        if not (self._has_table(name) and self._is_as_wanted(name)):
            return False
        found = self.found[name]
        device = (fields(self.case.machine.entries.get(name)) or {}).get("mfa_arn", "")
        device = settings(self.case.machine.config, name).get("mfa_arn", device)
        return found.kind == OF_ROLE or (self._is_kept(name) and found.device in {"", device})


def _in_seconds(table: Mapping[str, object]) -> dict[str, object]:
    lasts = table.get("session_duration")
    return {**table, "session_duration": seconds(str(lasts))} if lasts else dict(table)


class ImportedWhole(Importing):
    """B-A04: whatever ends an import, keys that it saved have their table and their settings.

    Where the config file cannot be written, or Ctrl-C is pressed while what ended the import is
    dealt with, nothing can be had of it.  Nor where keys cannot be understood when they are read
    back: nobody can tell that they are saved.
    Nothing else is saved, nor written, than is asked for; and nothing is replaced unasked
    (docs/moving-in.md).
    """

    name = "what is imported is whole"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.excused = self.theirs = self.disturbed = False
        self.strange: frozenset[str] = frozenset()
        self.had = dict(case.machine.entries)

    def on_set(self, event: Event) -> None:
        """Check that the entry is as it is to be, with settings of the same keys."""
        super().on_set(event)
        self._disturbs(event)
        name, text = event.about
        found = self.found.get(name)
        if not (found and found.keys):
            self.expect(right=False, what=f"{name} is saved, and was not asked for")
            return
        own, before = fields(text) or {}, self.had.get(name)
        wanted = dict(zip(KEYS, found.keys, strict=True))
        had = {} if is_strange(before) else (fields(before) or {})
        other_keys = "access_key_id" in had and pair(before) != found.keys
        device = settings(self.config, name).get("mfa_arn", had.get("mfa_arn", ""))
        others = other_keys or device not in {"", found.device or device} or is_strange(before)
        had = {} if other_keys else had  # settings of other keys
        if not self.theirs:
            self.expect(not others or name in self.agreed, f"{name} is replaced unasked")
            device = found.device or had.get("mfa_arn", "")
            wanted |= {"mfa_arn": device, "session_duration": had.get("session_duration", "")}
        for field, value in wanted.items():
            self.expect(own.get(field, "") == value, f"{field} of {name} is {own.get(field)!r}")

    def on_file_replace(self, event: Event) -> None:
        """Check what is written into the config file."""
        self._of_config(event)
        path, content = event.about
        if path != self.case.machine.config_path or self.theirs or event.outcome not in DONE:
            return
        now, before = content.decode(), self.config
        self.expect(now != before, "the config file is written, and nothing is new")
        for name in identities(now) | identities(before):
            own, had = settings(now, name), settings(before, name)
            if name in identities(now) and name in identities(before) and own == had:
                continue
            if name not in self.found:
                self.expect(right=False, what=f"the table of {name} was not asked for")
                continue
            wanted = self._table(name)
            self.expect(_in_seconds(own) == _in_seconds(wanted), f"{name} is {own}, not {wanted}")
            agreed = name not in identities(before) or name in self.agreed
            self.expect(agreed, f"the table of {name} is replaced unasked")
        self._rest_stays(before or "", now)

    def _rest_stays(self, before: str, now: str) -> None:
        """Check that comments, and what is no setting of these, stay in their order."""
        lines = iter(now.splitlines())
        gone = [line for line in self._others(before) if line not in lines]
        self.expect(not gone, f"{gone} in the config file")
        one = re.search(r"\r?\n", before)
        self.expect(
            not one or set(re.findall(r"\r?\n", now)) == {one[0]}, "the config file's line ends"
        )
        self.expect(before[:1] != "\ufeff" or now[:1] == "\ufeff", "its byte-order mark")

    def _others(self, before: str) -> Iterator[str]:
        """Yield the lines of a config file that are no settings of what is imported."""
        names = {f"[identities.{in_section(name)}]" for name in self.found}
        header = ""
        for line in before.splitlines():
            header = line if line.startswith("[") else header
            is_setting = re.match(r"\w+ = ", line) and header in names
            if not (is_setting or line.startswith("identities =")):
                yield line

    def _of_config(self, event: Event) -> None:
        path = event.about[0] if event.what == "file replace" else event.about
        if path == self.case.machine.config_path and event.outcome not in FINE:
            self.excused = True

    on_file = _of_config

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
        sure = (self.saved & self.found.keys()) - self.strange
        for name in filter(self._is_kept, sorted(sure)):
            self.expect(self._has_table(name), f"{name} is saved, and has no table")
        new = identities(self.case.machine.config) - identities(self.config)
        for name in sorted(new & self.found.keys()):
            self._has_keys(name)

    def _has_keys(self, name: str) -> None:
        """Check that an identity that is new has keys, or a source that is there and has some."""
        source = name
        while self.found[source].kind == OF_ROLE:
            source = self.found[source].settings["source"]
            self.expect(self._has_table(source), f"{name} is imported without its source")
        kept = self._is_kept(source) or source in self.tried
        self.expect(kept, f"{name} is imported, and {source} has no keys")


class ImportIsTold(Importing):
    """B-A04: an import says of each identity whether it was imported, and its exit status too.

    Of each that cannot be, the reason (docs/moving-in.md): it is no failure where all are asked
    for, and authkit has no such kind.
    """

    name = "an import tells what it did"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.imported: frozenset[str] = frozenset()
        self.not_imported: frozenset[str] = frozenset()
        self.others: frozenset[str] = frozenset()  # which is no failure
        self.told: frozenset[str] = frozenset()  # that their keys are saved
        self.lines: frozenset[str] = frozenset()  # the files that AWS programs refuse
        self.plan = self.reasons = self.last = ""
        self.trouble = self.declined = False
        self.answers: dict[str, str] = {}  # of AWS's, by key id
        self.revoked = self.waited = False  # the last call; and that keys may have spread
        self.again = ""  # the question whose answer means nothing
        self.ends = self.odd = False  # it has come to its end; others write, or it was cut off
        self.files = self.asked.files  # AWS's, from which keys are taken out
        self.hindered = False  # a file could not be read or written

    def on_say(self, event: Event) -> None:
        """Note which identities are said to be imported, and which not."""
        super().on_say(event)
        said = " ".join(event.about.split())
        if saved := re.search(r"Credentials saved to keyring: (.+)", event.about):
            self.told |= {saved[1]}
        if done := re.match(r"✓ Imported: (.+)\. To log in, run 'authkit (.+)'\.", said):
            self.imported |= {*done[1].split(", ")}
            whose = {*shlex.split(done[2])} & self.imported
            self.expect(whose, f"{done[2]}, of nobody who is imported")
        if out := re.match(r"✓ The keys of (.+) are taken out of \S+ \(lines? (.+?)\)\.", said):
            self._taken_out(out[1], [int(number) for number in re.findall(r"\d+", out[2])])
        if left := re.match(r"✗ Not imported: (.+)", said):
            self.not_imported |= {*left[1].split(", ")}
        if others := re.match(r"⚠ Not imported \(no failure.*?\): (.+)", said):
            self.others |= {*others[1].split(", ")}
        if said.startswith("AWS profiles, to be chosen"):
            self._listed(event.about)
        if line := re.match(r"⚠ (\S+), line \d+: ", said):
            self.lines |= {line[1]}
        self.plan = said if said.startswith("To be imported:") else self.plan
        self.reasons = event.about if event.about.startswith("Not imported:") else self.reasons
        self.ends = self.ends or bool(done or left) or said == "Nothing was imported."
        self.last = said

    def on_file_changed(self, _event: Event) -> None:
        """Note that another program has written AWS's file."""
        files = self.case.machine.files
        self.files = files.get(AWS_CREDENTIALS), files.get(AWS_CONFIG)

    @of_trouble
    def on_file(self, _event: Event) -> None:
        """Note that keys may stay for that."""
        self.hindered = True

    on_file_replace = on_config = on_file

    @of_trouble
    def on_marked(self, _event: Event) -> None:
        """Note that something goes wrong."""
        self.trouble = True

    def _taken_out(self, name: str, numbers: list[int]) -> None:
        """Check the lines that are said to be taken out: those of the keys, as they were."""
        found = self.found.get(name)
        before = self.files[found.file != "credentials"] if found else b""
        lines = (before or b"").decode(errors="surrogateescape").split("\n")
        said = "\n".join(lines[number - 1] for number in numbers if number <= len(lines))
        keys = found.keys if found and found.keys else ("", "")
        right = all(keys) and all(text in said for text in keys) and len(numbers) == 2
        self.expect(right, f"lines {numbers}, which are {said!r}, are not the keys of {name}")

    def _can_be_taken_out(self, name: str) -> bool:
        """Tell whether keys can be taken out of AWS's file (docs/moving-in.md)."""
        found = self.found[name]
        if not found.keys or found.also:
            return False
        both = aws_files(*self.files)
        own = both.credentials if found.file == "credentials" else both.config
        called = [s for s, section in own.sections.items() if found.keys == pair_of(section.own)]
        return bool(called) and own.taken and KEYS_OF_AWS.isdisjoint(own.for_all)

    def on_call(self, event: Event) -> None:
        """Note keys of which AWS knows nothing, and what it says of each."""
        self.revoked = event.outcome == "revoked"
        self.answers[event.about.pair[0]] = event.outcome

    def on_acquire(self, _event: Event) -> None:
        """What is waited for from here on is a lock, the next identity's."""
        self.revoked = False

    def on_sleep(self, event: Event) -> None:
        """Only keys that may have been made seconds ago are waited for; 0 s are a clock's jump."""
        if self.revoked and event.about:
            self.expect(self.asked.rows is not None, "a wait for keys of a profile")
            self.waited = True

    def on_ask(self, event: Event) -> None:
        """B-K05: what means nothing is asked for again, and nothing else is."""
        title, _, answer = event.about
        self.expect(self.again in {"", title}, f"{title} after a bad {self.again}")
        over = title == "Import which" and (self.by_name != self.asked.by_name or self.names)
        self.expect(not over, f"{title} again after {self.names}")
        super().on_ask(event)
        self.declined = self.declined or (title == "Replace it" and self.there not in self.agreed)
        if title == "Name of the identity":
            known = self.asked.names or any(row[0] for row in self.asked.rows or ())
            self.expect(not known, "a name is asked for, and told")
        self.again = title if self._means_nothing(title, answer) else ""

    def _means_nothing(self, title: str, answer: str) -> bool:
        if title == "Import which":
            return answer not in STOPS and chosen(answer, self.asked.listed) is None
        if title == "Replace it":
            return answer.lower() not in {"", "y", "yes", "n", "no", *STOPS}
        is_named = title == "Name of the identity"
        return is_named and answer not in STOPS and not (answer and is_name(answer))

    def _listed(self, text: str) -> None:
        """Check the list: every profile by its number, and of what cannot be imported why."""
        wanted = self.asked.wanted(self.asked.listed)
        for number, name in enumerate(self.asked.listed, 1):
            begins = rf"^ *{number} +{re.escape(name)}(?=\s|$)"
            row = re.search(begins + _BELOW, text, re.MULTILINE)
            self.expect(row, f"{number}, {name} is not in the list")
            reason = " ".join(row[1].split()) if row else ""
            words = wanted.left[name].words if name in wanted.left else ""
            self.expect(words in reason and bool(words) == bool(reason), f"{name}: {reason!r}")

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
        right = status != 2 or self.hindered or not self.answers
        self.expect(right, "exit 2, once AWS was asked")
        there = {name for name in self.found if self._is_there(name)}
        if self.case.command.ways and not (self.trouble or self.declined):
            missing = self.found.keys() - there - self._refused()
            self.expect(not missing, f"{missing} can be imported, and is not")
        if self.revoked and self.asked.rows:
            self.expect(self.waited, "new keys are not waited for")
        if not self.ends:
            kept = {name for name in self.saved & self.found.keys() if self._is_kept(name)}
            unsaid = [name for name in kept - self.told if name not in self.last]
            self.expect(not unsaid, f"that the keys of {unsaid} are saved is not said")
            only = not self.found and self.others
            self.expect(status or only, "exit 0, and what is imported is not said")
        else:
            self._done(there)
            missing = self._failed(there)
            stay = self._stay(there) if "--remove" in self.case.command.line else set()
            self.expect(status == 0 or missing or stay, "exit 1")
            self.expect(status or not missing, f"exit 0, without {missing}")
            self.expect(status or not stay, f"exit 0, and the keys of {stay} are in AWS's file")

    def _stay(self, there: set[str]) -> set[str]:
        """Return those whose keys are in AWS's files still, and check that they have to be."""
        machine = self.case.machine
        now = files_now(machine.files)
        users = {name: self.found[name] for name in there if self.found[name].keys}
        before = aws_files(*self.asked.files)
        new = {p for p in now.names() if now.secret(p) and now.secret(p) != before.secret(p)}
        stay = {*users} & {normalize("NFC", profile) for profile in new}
        stay |= {n for n, one in users.items() if are_in_aws_file(machine.files, one.keys)}
        wrong = [] if self.hindered else [name for name in stay if self._can_be_taken_out(name)]
        self.expect(not wrong, f"the keys of {wrong} could be taken out, and are not")
        return stay

    def _refused(self) -> set[str]:
        """Return those whose keys AWS does not take, and the roles that are reached with them."""
        refused: set[str] = set()
        for name, one in self.found.items():
            while one.kind == OF_ROLE:
                one = self.found[one.settings["source"]]  # noqa: PLW2901 - up to the user
            if one.keys and self.answers.get(one.keys[0], "ok") not in DONE:
                refused.add(name)
        return refused

    def _failed(self, there: set[str]) -> set[str]:
        """Return what is not imported, and is a failure."""
        left = {name for name, one in self.left.items() if one.wrong or self.by_name}
        return {*(self.found.keys() - there), *left}

    def _done(self, there: set[str]) -> None:
        """Check what is said to be imported, and to be not, and why."""
        self.expect(self.imported == there, f"{there} is there, said is {self.imported}")
        if self.asked.rows is None:
            refused = self.asked.refused()
            self.expect(self.lines == refused, f"{refused} are refused, said is {self.lines}")
        missing = self._failed(there)
        self._same(missing, self.not_imported)
        self._same(self.left.keys() - missing, self.others)
        for name, one in self.left.items():
            begins = rf"^  {re.escape(_composed(name))}(?=\s|$)"
            row = re.search(begins + _BELOW, _composed(self.reasons), re.MULTILINE)
            shown = " ".join(row[1].split()) if row else ""
            self.expect(one.words in shown or not name.isprintable(), f"why not {name}: {shown!r}")
        for name in there & self.saved:
            found = self.found[name]
            parts = (name, *(found.keys or ())[:1], found.device, *found.stays)
            hidden = [part for part in parts if part not in self.plan]
            self.expect(not hidden, f"{hidden} is not in the plan")

    def _same(self, wanted: set[str], said: frozenset[str]) -> None:
        names = {_composed(name) for name in wanted if name.isprintable()}
        shown = {_composed(name) for name in said if "\\" not in name}  # else it is no text
        self.expect(names == shown, f"{names} is not imported, said is {shown}")


def _composed(text: str) -> str:
    """Return a text as it looks: a letter and its accent are one, however they were typed."""
    return normalize("NFC", text)


LAWS = (ImportedWhole, ImportIsTold)
