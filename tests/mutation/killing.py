"""Which test kills a mutant of a table: its module's tests, the stories, its folder's tests."""

from __future__ import annotations

from collections import deque
from functools import cache
from typing import TYPE_CHECKING

from tests.planted import planting
from tests.planted.layers import (
    NEVER_ENDS,
    PYTEST,
    QUICK,
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
    "authkit.kinds": ("tests/authkit/kinds",),
    "authkit.config_names": ("tests/authkit/core/test_config.py", "tests/authkit/aws_files"),
    "authkit.core.kinds": ("tests/authkit/core/test_entries.py",),
    "authkit.manual": ("tests/project/test_man_page.py", "tests/project/test_docs.py"),
    "authkit.arguments": ("tests/authkit/test_manual.py", "tests/project/test_completions.py"),
}
WHOLE = 1200  # CPU seconds of a folder's tests: sound code takes 360 for those of tests/explore
FOLDERS = ("tests/authkit", "tests/project", "tests/explore")  # each in a process of its own
PROCESSES = ("tests/terminal/test_process.py", "tests/terminal/test_nothing_exposed.py")
STORIES = ("tests.mutation.stories",)

_lately = deque[str](maxlen=40)  # stories that have killed mutants: they may kill the next one


def killer(mutant: Mutant, *, deep: bool) -> str:
    """Return the test or story that fails with this mutant, "" if none does.

    What kills holds without the mutant.  Raises RuntimeError where it does not.
    """
    own, also = mirrored(mutant.module), ALSO.get(mutant.module, ())
    folder = own.rpartition("/")[0]
    if folder not in {"", "tests/authkit"}:
        also = (*also, folder)
    found = (own and _test(mutant, [own])) or _story(mutant) or (also and _test(mutant, also))
    if deep:
        others = (_test(mutant, [folder], WHOLE) for folder in FOLDERS)
        found = found or next(filter(None, others), "") or _test(mutant, PROCESSES)
    return found or ""


def mirrored(module: str) -> str:
    """Return the path of a module's own tests, "" for a package that has none."""
    folder, _, name = module.replace(".", "/").rpartition("/")
    path = f"tests/{folder}/test_{name.strip('_')}.py"
    return path if (ROOT / path).exists() else ""


def _test(mutant: Mutant, paths: Sequence[str], cpu: int = QUICK) -> str:
    ran = planting.run(mutant.planted(), [*PYTEST, *paths], cpu=cpu)
    if ran.in_time and ran.status == 0:
        return ""
    failed = failed_test(ran.output)
    _assert_sound((*PYTEST, *([failed] if failed else paths)), cpu)
    return failed or last_line(ran.output) or NEVER_ENDS


def _story(mutant: Mutant) -> str:
    ran = planting.run(mutant.planted(), (*STORIES, *_lately), cpu=QUICK)
    if ran.in_time and ran.status == 0:
        return ""
    _assert_sound(STORIES, QUICK)
    found = last_line(ran.output) or NEVER_ENDS
    _lately.appendleft(found)
    return found


@cache
def _assert_sound(words: tuple[str, ...], cpu: int) -> None:
    if planting.run(None, words, cpu=cpu).status:
        raise RuntimeError(f"without a mutant too, this fails: {' '.join(words)}")
