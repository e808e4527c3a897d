"""Checks of what others could have authkit do: its config file, and the command in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.core.config import OTHERS_WRITE
from authkit.core.failures import MAY_NOT_EXECUTE
from authkit.doctor import shared
from fakes.world.config import PATH
from tests.authkit.doctor.looking import an_examination, names

if TYPE_CHECKING:
    from authkit.doctor.examination import Examination

FOLDER = PATH.rpartition("/")[0]


def with_command(
    words: str = "/opt/code", file: str = "/opt/code", reason: str = ""
) -> Examination:
    """Return an examination of an identity whose `mfa_process` is this; `file` is what is found."""
    look = an_examination(config=f"[identities.dev-admin]\nmfa_process = {words!r}\n")
    look.world.programs_there[words.split(maxsplit=1)[0]] = (file, reason)  # type: ignore[attr-defined]  # a Stage's
    return look


def opened(look: Examination, path: str, reason: str = OTHERS_WRITE) -> Examination:
    """Let others write to a file or folder of the machine."""
    look.world.files.others_write[path] = reason  # type: ignore[attr-defined]  # in memory
    return look


@pytest.mark.parametrize("place", [PATH, FOLDER])
def test_others_may_write_to_the_config_file(place: str) -> None:
    """B-S06: the file or its folder is named, with the command that mends it."""
    (found,) = shared.config_file(opened(an_examination(), place), PATH)
    assert (found.name, found.mark, found.cure) == (
        "config-shared",
        "⚠",
        f"Run 'chmod go-w {place}'.",
    )
    assert names(shared.config_file(an_examination(), PATH)) == []


def test_a_config_file_of_another_user() -> None:
    """B-S06: chmod does not mend that."""
    look = opened(an_examination(), FOLDER, "it belongs to another user (uid 7)")
    (found,) = shared.config_file(look, PATH)
    assert found.cure == "Use one of your own, in a folder of your own."


def test_no_command() -> None:
    """Where none is set there is nothing to look at, with an identity and without."""
    assert names(shared.program(an_examination())) == []
    assert names(shared.program(an_examination("gone", config="[identities.a]"))) == []


SETTING = f"at identities.dev-admin.mfa_process in\n  {PATH}."


@pytest.mark.parametrize(
    ("file", "reason", "name", "words", "cure"),
    [
        ("/opt/code", "", "mfa-process", "/opt/code can be run", ""),
        (
            *("", "", "mfa-process-missing", "/opt/code was not found"),
            f"Install it, or write its whole path {SETTING}",
        ),
        (
            *("/my opt/code", MAY_NOT_EXECUTE, "mfa-process-not-executable"),
            *("/my opt/code may not be executed", "Run 'chmod u+x '/my opt/code''."),
        ),
        (
            *("/opt/code", "it is empty", "mfa-process-not-started"),
            "/opt/code cannot be started:\n  it is empty",
            f"Mend that file, or write another program {SETTING}",
        ),
        (
            *("opt/code", "", "mfa-process-relative", "/opt/code is found from this folder alone"),
            f"Write {Path('opt/code').absolute()} {SETTING.replace(' i', chr(10) + '  i', 1)}",
        ),
    ],
)
def test_the_command(file: str, reason: str, name: str, words: str, cure: str) -> None:
    """It is found, missing, not executable, cannot be started, or is found from here alone."""
    look = with_command(file=file, reason=reason)
    (found,) = shared.program(look)
    assert (found.name, found.words, found.cure) == (name, words, cure)


@pytest.mark.parametrize("place", ["/opt/code", "/opt"])
def test_others_may_write_to_the_command(place: str) -> None:
    """The program or its folder is named."""
    (found,) = shared.program(opened(with_command(), place))
    assert (found.name, found.cure) == ("mfa-process-shared", f"Run 'chmod go-w {place}'.")
    assert found.words.startswith(f"{place}:\n  {OTHERS_WRITE}.\n")


def test_a_command_that_is_not_run() -> None:
    """B-S06: login would not run it, since others may write to the config file."""
    look = with_command()
    look.world.config.written_by = OTHERS_WRITE  # type: ignore[attr-defined]  # in memory
    (found,) = shared.program(look)
    assert (found.name, found.mark) == ("mfa-process-distrusted", "✗")
    assert found.cure == f"Run 'chmod go-w {PATH}'."


def test_no_argument_is_shown() -> None:
    """An argument may be a secret: of the command the first word alone is shown."""
    (found,) = shared.program(with_command("/opt/code --seed canary", ""))
    assert "/opt/code was not found" in found.words
    assert "canary" not in str(found)
