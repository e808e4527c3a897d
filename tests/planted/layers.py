"""The layers of the proof that may find a defect, from the widest to the narrowest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from tests.planted import planting
from tests.planted.patch import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.planted.patch import Defect

# CPU seconds for a defect.  Those of exploration are a budget; what takes as long as the
# others, which is many times what sound code takes, never ends.
EXPLORATION, QUICK, LONGEST = 60, 40, 400
PYTEST = (
    *("pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no"),
    *("-W", "ignore:Module already imported"),  # planting.OTHERS
)
NEVER_ENDS = "it never ends"


class Found(NamedTuple):
    """A finding: after how many CPU seconds of its layer, and by which path, story or test.

    `again` are the words of Python's command line that try just that once more.
    """

    layer: str
    seconds: float
    path: str
    again: tuple[str, ...] = ()

    def holds(self) -> bool:
        """Tell whether it is about the defect: without one, the same path, story or test holds.

        Or there is no such path without it, which is exit status 2.
        """
        return not self.again or planting.run(None, self.again, cpu=LONGEST).status != 1


def exploration(defect: Defect) -> Found | None:
    """Walk the choices of the world (docs/contract.md, "Exploration as a program")."""
    words = ("tests.explore", "--minutes", "30")  # of the clock: CPU time is over long before
    ran = planting.run(defect.planted(), words, cpu=EXPLORATION)
    complaints = _last_object(ran.output).get("complaints", [])
    if not (ran.status == 1 and complaints):
        return None
    law, path = complaints[0]["law"], complaints[0]["path"]
    return Found("exploration", ran.seconds, f"{law}: {path}", ("tests.explore", "--path", path))


def stories(defect: Defect) -> Found | None:
    """Replay every story at the level fakes, and then at the level boto3."""
    return _by_stories(defect, "fakes") or _by_stories(defect, "boto3")


def _by_stories(defect: Defect, level: str) -> Found | None:
    words = ("scenarios", "--level", level)
    ran = planting.run(defect.planted(), words, cpu=QUICK)
    if not ran.in_time:
        return Found("stories", ran.seconds, NEVER_ENDS)
    if ran.status == 0:
        return None
    name = failed_story(ran.output)
    if not name:
        return Found("stories", ran.seconds, last_line(ran.output), words)
    return Found("stories", ran.seconds, name, (*words, name))


def near(defect: Defect) -> Found | None:
    """Run the tests of the module that has the defect, and those that its row names."""
    return _by_pytest(defect, "near", [mirrored(defect), *defect.near], QUICK)


def unit(defect: Defect) -> Found | None:
    """Run the tests of the whole package."""
    return _by_pytest(defect, "unit", ["tests/authkit"])


def terminal(defect: Defect) -> Found | None:
    """Run the tests with real processes that the row names."""
    return _by_pytest(defect, "terminal", defect.terminal) if defect.terminal else None


LAYERS: dict[str, Callable[[Defect], Found | None]] = {
    "exploration": exploration,
    "stories": stories,
    "near": near,
    "unit": unit,
    "terminal": terminal,
}


def _by_pytest(
    defect: Defect, layer: str, paths: Sequence[str], cpu: int = LONGEST
) -> Found | None:
    ran = planting.run(defect.planted(), [*PYTEST, *paths], cpu=cpu)
    if not ran.in_time:
        return Found(layer, ran.seconds, NEVER_ENDS)
    if ran.status == 0:
        return None
    test = failed_test(ran.output)
    if not test:
        return Found(layer, ran.seconds, last_line(ran.output), (*PYTEST, *paths))
    return Found(layer, ran.seconds, test, (*PYTEST, test))


def mirrored(defect: Defect) -> str:
    """Return the path of the tests of the module that has the defect."""
    path = defect.path.relative_to(ROOT)
    return f"tests/{path.parent}/test_{path.stem.strip('_')}.py"


# What a run has printed.


def failed_test(output: str) -> str:
    """Return the first test that pytest says has failed, "" if it names none."""
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", output, re.MULTILINE)
    return failed[1] if failed else ""


def failed_story(output: str) -> str:
    """Return the first story that does not hold, "" if none is named."""
    name = re.search(r"^✗ (\S+) +does not hold", output, re.MULTILINE)
    return name[1] if name else ""


def last_line(output: str) -> str:
    """Return the last line that is not blank, "" where there is none."""
    return next(iter(reversed(output.strip().splitlines())), "")


def _last_object(output: str) -> dict[str, list[dict[str, str]]]:
    """Return the last line that is a JSON object, {} where there is none."""
    for line in reversed(output.splitlines()):
        if line.startswith("{"):
            try:
                found: dict[str, list[dict[str, str]]] = json.loads(line)
            except ValueError:
                continue
            return found
    return {}
