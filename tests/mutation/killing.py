"""Which test kills a mutant of a table: the tests near it, the stories, then all others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.planted import planting
from tests.planted.patch import ROOT

if TYPE_CHECKING:
    from tests.mutation.tables import Mutant

QUICK, LONGEST = 40, 400  # CPU seconds, many times what sound code takes
_PYTEST = ("pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no")
# Tests of a module beside those in the mirrored place.
ALSO = {
    "authkit.core.environment": ("tests/authkit/commands/test_env.py",),
    "authkit.core.rules": ("tests/authkit/core/test_endings.py", "tests/project/test_docs.py"),
    "authkit.core.messages": ("tests/project/test_docs.py",),
    "authkit.core.kinds": ("tests/authkit/core/test_entries.py",),
    "authkit.manual": ("tests/project/test_man_page.py", "tests/project/test_docs.py"),
    "authkit.arguments": ("tests/authkit/test_manual.py", "tests/project/test_completions.py"),
}
_PACKAGE = ("tests/authkit", "tests/project", "tests/exploration")
_PROCESSES = ("tests/terminal/test_process.py", "tests/terminal/test_nothing_exposed.py")


def killer(mutant: Mutant, *, deep: bool) -> str:
    """Return the test or story that fails with this mutant, "" if none does."""
    near = [*filter(None, (mirrored(mutant.module), *ALSO.get(mutant.module, ())))]
    found = (near and _test(mutant, near)) or _story(mutant)
    if deep:
        found = found or _test(mutant, _PACKAGE) or _test(mutant, _PROCESSES)
    return found


def mirrored(module: str) -> str:
    """Return the path of a module's own tests, "" for a package that has none."""
    folder, _, name = module.replace(".", "/").rpartition("/")
    path = f"tests/{folder}/test_{name.strip('_')}.py"
    return path if (ROOT / path).exists() else ""


def _test(mutant: Mutant, paths: list[str] | tuple[str, ...]) -> str:
    limit = LONGEST if paths is _PACKAGE else QUICK
    ran = planting.run(mutant.planted(), [*_PYTEST, *paths], cpu=limit)
    if ran.in_time and ran.status == 0:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", ran.output, re.MULTILINE)
    return failed[1] if failed else _last_line(ran.output)


def _story(mutant: Mutant) -> str:
    ran = planting.run(mutant.planted(), ("scenarios", "--level", "fakes"), cpu=QUICK)
    if ran.in_time and ran.status == 0:
        return ""
    name = re.search(r"^✗ (\S+) +does not hold", ran.output, re.MULTILINE)
    return name[1] if name else _last_line(ran.output)


def _last_line(output: str) -> str:
    return next(iter(reversed(output.strip().splitlines())), "it never ends")
