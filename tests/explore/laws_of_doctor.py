"""Laws about what `authkit doctor` finds: it is so, nothing is missed, and its cure mends it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.explore.law import Law, of_trouble
from tests.explore.sights import PLAIN, SIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.events import Event
    from tests.explore.law import Case
    from tests.explore.sights import Found

_DOC = Path(__file__).parents[2] / "docs" / "doctor.md"
_SHOWN = re.compile(r"^(.) ([^:\n]+): (.+(?:\n +.+)*)", re.MULTILINE)
_ROW = re.compile(r"^\| (\S+) \| (.) \| (.*?) \| (.*?) \|$", re.MULTILINE)
_MARKS = {"✓": "ok", "⚠": "warning", "✗": "fault"}
PROBE = "probe!"  # what the probe's entry is called
_SAID_BY_AWS = {"keys at AWS", "region", "MFA device", "session"}
# What stands for a value in the page's table.
_OPEN = re.compile(
    r"\b(?:PROGRAMS?|LIBRARIES|LIBRARY|PATIENCE|PATH|NAMES?|PLACE|REASON|KIND|SOURCE|BACKEND"
    r"|SETTING|COMMAND|ENTRY|MFA_ARN|ACCOUNT|TABLE|THEIRS|REGION|OURS|FILE|CURE|WHOLE|VARIABLE"
    r"|ENDPOINT|ADDRESS|VARIABLES|LEFT|CODE|PRINCIPAL)\b|AKIA…|1 h 45 m behind AWS"
)


def shown(text: str) -> list[tuple[str, str, str]]:
    """Return what doctor's text has found: the mark, the check and the words of each row."""
    return _SHOWN.findall(text)


@lru_cache(maxsize=1)
def findings() -> Mapping[str, tuple[str, re.Pattern[str], re.Pattern[str]]]:
    """Return the findings of docs/doctor.md by name: how grave, its words and its cure."""
    rows = _ROW.findall(_DOC.read_text("utf-8"))
    return {name: (_MARKS[mark], _form(words), _form(cure)) for name, mark, words, cure in rows}


def _form(template: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, _OPEN.split(template.strip()))))


class DoctorIsRight(Law):
    """docs/doctor.md: each finding is true, none is missing, and words and cure are the page's.

    What is wrong with a machine is known of those that ``sights`` has, as long as nothing fails.
    """

    name = "what doctor finds is so"
    verbs = frozenset({"doctor"})

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.trouble = self.refused = self.wrote = self.failed = False
        self.faults: bool | None = None

    @of_trouble
    def _trouble(self, event: Event) -> None:
        self.trouble = self.trouble or event.outcome != "ok"

    on_read = on_marker = on_marked = on_names = on_config = on_get = on_unlock = _trouble
    on_others = on_date = on_named = on_notes = on_holder = on_alone = _trouble

    @of_trouble
    def on_call(self, _event: Event) -> None:
        """Note that AWS has refused something: what it says is not known then."""
        self.refused = True

    def on_put(self, event: Event) -> None:
        """Look at the findings, unless nobody reads them."""
        if event.outcome != "ok":
            return
        if "--json" not in self.case.command.line:
            self.faults = bool(re.search("^✗ ", event.about, re.MULTILINE))
            return
        found = json.loads(event.about)
        self.faults = any(one["finding"] == "fault" for one in found)
        for one in found:
            self._as_on_the_page(**one)
        self._probed({one["name"] for one in found})
        if (sight := self.case.machine.sight) and not self.trouble:
            self._so(found, {**PLAIN, **SIGHTS[sight].finds})

    def _probed(self, names: set[str]) -> None:
        """Check what is said of the probe's entry: kept as it was, and gone again."""
        if "--probe" not in self.case.command.line:
            self.expect(not self.wrote, "an entry is written without --probe")
        elif not self.trouble:
            left = PROBE in self.case.machine.entries
            self.expect(("probe-left" in names) == left, f"{names}, and the entry is left: {left}")
            self.expect(
                ("probe-kept" in names) != self.failed, f"{names}, and it failed: {self.failed}"
            )

    def on_set(self, event: Event) -> None:
        """Note how the probe's entry was written, or removed."""
        self.wrote = True
        self.failed = self.failed or event.outcome != "ok"

    on_delete = on_set

    def _as_on_the_page(
        self, check: str, name: str, finding: str, words: str, cure: str | None
    ) -> None:
        self.expect(check in PLAIN, f"{check} is no check")
        self.expect(finding != "ok" or cure is None, f"{name}: {cure} for what is right")
        if name not in findings():
            self.expect(cure or finding == "warning", f"{name} is without a cure")
            return
        mark, said, mends = findings()[name]
        self.expect(finding == mark, f"{name} is {finding}, not {mark}")
        self.expect(said.fullmatch(words), f"{name}: {words!r}, not {said.pattern!r}")
        self.expect(mends.fullmatch(cure or ""), f"{name}: {cure!r}, not {mends.pattern!r}")

    def _so(self, found: list[dict[str, str]], wanted: Mapping[str, tuple[Found, ...]]) -> None:
        for check, rows in wanted.items():
            if self.refused and check in _SAID_BY_AWS:
                continue
            own = [one for one in found if one["check"] == check]
            names = [one["name"] for one in own]
            self.expect(names == [name for name, *_ in rows], f"{check}: {names}, not {rows}")
            for one, (name, *texts) in zip(own, rows, strict=False):
                told = f"{one['words']} {one['cure']}"
                left = [text for text in texts if text not in told]
                self.expect(not left, f"{name}: {left} is not in {told!r}")

    def end(self, status: int | None) -> None:
        """The exit status is 1 when anything is a fault, else 0."""
        if status in {0, 1} and self.faults is not None:
            self.expect(status == self.faults, f"exit {status}, with faults: {self.faults}")


LAWS = (DoctorIsRight,)
