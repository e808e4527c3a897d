"""Which test kills a mutant of a table: the tests near it, the stories, then all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.planted import planting
from tests.planted.layers import (
    NEVER_ENDS,
    PYTEST,
    QUICK,
    failed_story,
    failed_test,
    last_line,
)
from tests.planted.patch import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.mutation.tables import Mutant

# Tests of a module beside those in the mirrored place.
ALSO = {
    "authkit.core.environment": ("tests/authkit/commands/test_env.py",),
    "authkit.core.rules": ("tests/authkit/core/test_endings.py", "tests/project/test_docs.py"),
    "authkit.core.messages": ("tests/project/test_docs.py",),
    "authkit.core.kinds": ("tests/authkit/core/test_entries.py",),
    "authkit.manual": ("tests/project/test_man_page.py", "tests/project/test_docs.py"),
    "authkit.arguments": ("tests/authkit/test_manual.py", "tests/project/test_completions.py"),
}
WHOLE = 1200  # CPU seconds of a folder's tests: sound code takes 360 for those of tests/explore
FOLDERS = ("tests/authkit", "tests/project", "tests/explore")  # each in a process of its own
PROCESSES = ("tests/terminal/test_process.py", "tests/terminal/test_nothing_exposed.py")


def killer(mutant: Mutant, *, deep: bool) -> str:
    """Return the test or story that fails with this mutant, "" if none does."""
    near = [*filter(None, (mirrored(mutant.module), *ALSO.get(mutant.module, ())))]
    found = (near and _test(mutant, near)) or _story(mutant)
    if deep:
        others = (_test(mutant, [folder], WHOLE) for folder in FOLDERS)
        found = found or next(filter(None, others), "") or _test(mutant, PROCESSES)
    return found


def mirrored(module: str) -> str:
    """Return the path of a module's own tests, "" for a package that has none."""
    folder, _, name = module.replace(".", "/").rpartition("/")
    path = f"tests/{folder}/test_{name.strip('_')}.py"
    return path if (ROOT / path).exists() else ""


def _test(mutant: Mutant, paths: Sequence[str], cpu: int = QUICK) -> str:
    ran = planting.run(mutant.planted(), [*PYTEST, *paths], cpu=cpu)
    if ran.in_time and ran.status == 0:
        return ""
    return failed_test(ran.output) or last_line(ran.output) or NEVER_ENDS


def _story(mutant: Mutant) -> str:
    ran = planting.run(mutant.planted(), ("scenarios", "--level", "fakes"), cpu=QUICK)
    if ran.in_time and ran.status == 0:
        return ""
    return failed_story(ran.output) or last_line(ran.output) or NEVER_ENDS
