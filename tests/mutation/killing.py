"""Which test kills a mutant of a table: its module's tests, the stories, its folder's tests."""

from __future__ import annotations

from collections import deque
from functools import cache, partial
from typing import TYPE_CHECKING

from tests.mutation import hints
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
    from collections.abc import Callable, Sequence

    from tests.mutation.tables import Mutant

# Tests of a module beside those in the mirrored place.
_PAGE = "tests/project/test_docs.py::test_generated_pages_are_current[docs/{}.md]"
ALSO = {
    "authkit.config_names": ("tests/authkit/core/test_config.py", "tests/authkit/aws_files"),
    "authkit.core.environment": ("tests/authkit/commands/test_env.py",),
    "authkit.core.rules": (
        *("tests/authkit/core/test_endings.py", "tests/authkit/login/test_recover.py"),
        _PAGE.format("behaviour"),
    ),
    "authkit.core.messages": (
        *(_PAGE.format("messages"), "tests/authkit/core/test_endings.py"),
        *("tests/authkit/commands/test_import.py", "tests/authkit/commands/test_record.py"),
        "tests/authkit/adapters/test_file_troubles.py",
    ),
    "authkit.core.kinds": ("tests/authkit/core/test_entries.py", _PAGE.format("commands")),
    "authkit.doctor.words": (
        *(_PAGE.format("doctor"), "tests/authkit/doctor/test_findings.py"),
        "tests/authkit/doctor/test_aws.py",
    ),
    "authkit.kinds": ("tests/authkit/kinds",),
    "authkit.manual": ("tests/project/test_man_page.py", _PAGE.format("commands")),
    "authkit.arguments": ("tests/authkit/test_manual.py", "tests/project/test_completions.py"),
    **{
        f"authkit.commands.{name}": ("tests/authkit/kinds/test_stored.py",)
        for name in (
            "credential_process",
            "import_",
            "list",
            "logout",
            "profile_add",
            "record",
            "whoami",
            "exec",
        )
    },
    "authkit.commands.user_configure": (
        "tests/authkit/codes/test_devices.py",
        "tests/authkit/kinds/test_stored.py",
    ),
    "authkit.core.failures": ("tests/authkit/adapters/test_executables.py",),
    "authkit.commands.env": (
        "tests/authkit/commands/test_env.py",
        "tests/authkit/kinds/test_stored.py",
        "tests/terminal/test_shells.py::test_the_form_of_sh_in_fish",
    ),
    "authkit.adapters.file_troubles": (
        "tests/authkit/adapters/test_user_files.py",
        "tests/authkit/recording/test_known.py::test_troubles_of_files_are_faults",
    ),
    "authkit.adapters.state_troubles": (
        "tests/authkit/recording/test_known.py::test_troubles_of_files_are_faults",
    ),
    "authkit.adapters.files": ("tests/authkit/adapters/test_folders.py",),
    "authkit.aws_files.profiles": (
        "tests/authkit/commands/test_profile_add.py",
        "tests/authkit/commands/test_profile_remove.py",
    ),
    **{
        f"authkit.doctor.{name}": ("tests/authkit/commands/test_doctor.py",)
        for name in ("aws", "checks", "examination", "findings", "kept", "shared")
    },
    **{
        f"authkit.recording.{name}": (
            "tests/authkit/recording/test_story.py",
            "tests/authkit/commands/test_record.py",
        )
        for name in ("account", "before", "files", "invented", "known", "screen", "watch")
    },
    "authkit.recording.keep": (
        *("tests/authkit/recording/test_known.py", "tests/authkit/recording/test_templates.py"),
        *("tests/authkit/recording/test_story.py", "tests/authkit/commands/test_record.py"),
    ),
    **{
        f"authkit.recording.{name}": ("tests/authkit/commands/test_record.py",)
        for name in ("story", "templates")
    },
}
WHOLE = 1200  # CPU seconds of a folder's tests: sound code takes 360 for those of tests/explore
FOLDERS = ("tests/authkit", "tests/project", "tests/explore")  # each in a process of its own
PROCESSES = ("tests/terminal/test_process.py", "tests/terminal/test_nothing_exposed.py")
SLOWER = 4  # seconds of the clock for a CPU second: some mutants wait for ever
FAILED = 1  # of both; 4 is for no such test
UNTOLD = ("authkit.recording.",)  # no story has a command recorded
STORIES = ("tests.mutation.stories",)

_lately = deque[str](maxlen=40)  # stories that have killed mutants: they may kill the next one


def killer(mutant: Mutant, *, deep: bool) -> str:
    """Return the test or story that fails with this mutant, "" if none does.

    What kills holds without the mutant.  Raises RuntimeError where it does not.
    """
    own, also = mirrored(mutant.module), ALSO.get(mutant.module, ())
    told = not mutant.module.startswith(UNTOLD)
    about = hints.stories(mutant.texts) if told else []
    tries: list[Callable[[], object]] = [
        lambda: about and _story(mutant, *about),
        lambda: _test(mutant, also),
        lambda: _test(mutant, [own]),
        lambda: told and _story(mutant),
    ]
    if deep:
        folder = [own.rpartition("/")[0]]
        paths = [folder, *([path] for path in FOLDERS), PROCESSES]
        tries += [partial(_test, mutant, several, WHOLE) for several in paths]
    return next((str(found) for tried in tries if (found := tried())), "")


def mirrored(module: str) -> str:
    """Return the path of a module's own tests, "" for a package that has none."""
    folder, _, name = module.replace(".", "/").rpartition("/")
    path = f"tests/{folder}/test_{name.strip('_')}.py"
    return path if (ROOT / path).exists() else ""


def _test(mutant: Mutant, paths: Sequence[str], cpu: int = QUICK) -> str:
    paths = [*filter(None, paths)]
    if not paths:
        return ""
    ran = planting.run(mutant.planted(), [*PYTEST, *paths], cpu=cpu, within=SLOWER * cpu)
    if ran.in_time and ran.status == 0:
        return ""
    _assert_sound((*PYTEST, *paths), cpu)
    return failed_test(ran.output) or last_line(ran.output) or NEVER_ENDS


def _story(mutant: Mutant, *names: str) -> str:
    """Replay these stories, or all of them; those that have killed mutants lately come first."""
    words = (*STORIES, *(["--only", *names] if names else _lately))
    ran = planting.run(mutant.planted(), words, cpu=QUICK)
    if ran.in_time and ran.status == 0:
        return ""
    _assert_sound(STORIES, QUICK)
    found = last_line(ran.output) or NEVER_ENDS
    if found not in _lately:
        _lately.appendleft(found)
    return found


@cache
def _assert_sound(words: tuple[str, ...], cpu: int) -> None:
    if planting.run(None, words, cpu=cpu).status == FAILED:
        raise RuntimeError(f"without a mutant too, this fails: {' '.join(words)}")
