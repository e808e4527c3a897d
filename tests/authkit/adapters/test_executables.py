"""Whether a file can be started: what is told is what comes of starting it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import executables

if TYPE_CHECKING:
    from pathlib import Path

NO_INTERPRETER = "its first line names no interpreter (#!)"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("#!/bin/sh\nexit 0\n", ""),
        ("#! \t/bin/sh -e\nexit 0\n", ""),
        ("#!/usr/bin/env sh\nexit 0\n", ""),
        ("#!/usr/bin/env -S sh -e\nexit 0\n", ""),
        ("", "it is empty"),
        ("exit 0\n", NO_INTERPRETER),
        ("\n#!/bin/sh\nexit 0\n", NO_INTERPRETER),
        ("\ufeff#!/bin/sh\nexit 0\n", NO_INTERPRETER),
        ("#!/no/such/sh\nexit 0\n", "its interpreter /no/such/sh cannot be found"),
        ("#!/bin/sh\r\nexit 0\r\n", "its interpreter /bin/sh\r cannot be found"),
        ("#!/tmp\nexit 0\n", "its interpreter /tmp cannot be found"),
        ("#!\nexit 0\n", NO_INTERPRETER),
        ("#!/usr/bin/env no-such-sh\nexit 0\n", "its interpreter no-such-sh cannot be found"),
    ],
)
def test_a_script(tmp_path: Path, content: str, reason: str) -> None:
    """The system starts it, and it ends with 0, only where nothing is said against it."""
    script = tmp_path / "code"
    script.write_text(content, encoding="utf-8", newline="")
    script.chmod(0o700)
    assert executables.found(str(script)) == (str(script), reason)
    assert starts(script) is not bool(reason)


def starts(script: Path) -> bool:
    """Tell whether the system starts it, and it ends with 0."""
    try:
        status = subprocess.run(  # noqa: S603 - this test's own
            [script], check=False, capture_output=True, start_new_session=True
        ).returncode
    except OSError:
        return False
    return status == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take other lengths")
@pytest.mark.parametrize(("length", "taken"), [(253, True), (254, False), (300, False)])
def test_the_path_of_an_interpreter_that_is_long(
    tmp_path: Path, length: int, *, taken: bool
) -> None:
    """Linux cuts a first line off: the longest path that it takes is not spoken against."""
    around = tmp_path / ("x" * (length - len(str(tmp_path)) - len("//sh")))
    around.mkdir()
    (around / "sh").symlink_to("/bin/sh")
    script = tmp_path / "code"
    script.write_text(f"#!{around / 'sh'}\nexit 0\n", encoding="utf-8")
    script.chmod(0o700)
    assert len(str(around / "sh")) == length
    assert (executables.found(str(script))[1] == "") is taken
    assert starts(script) is taken


def test_a_program_in_machine_code() -> None:
    """It has no first line."""
    assert executables.found(sys.executable) == (sys.executable, "")


def test_what_is_not_there_or_may_not_be_executed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word without a slash is looked for in PATH; the mode is told apart."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert executables.found("code") == ("", "")
    script = tmp_path / "code"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    assert executables.found("code") == (str(script), "it may not be executed")
    script.chmod(0o700)
    assert executables.found("code") == (str(script), "")
    assert shutil.which("code") == str(script)
