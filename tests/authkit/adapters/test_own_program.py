"""How this authkit is started from any folder, with an empty PATH."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from authkit.adapters import own_program

if TYPE_CHECKING:
    import pytest

INSTALLED = Path(sys.executable).with_name("authkit")
AS_A_MODULE = [sys.executable, "-P", "-m", "authkit"]


def started(words: list[str], folder: Path) -> str:
    """Start a command in a folder, with an empty PATH; return what --version prints."""
    done = subprocess.run(  # noqa: S603 - our own
        [*words, "--version"],
        cwd=folder,
        env={"PATH": "", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    return done.stdout


def test_the_command_of_the_installation(tmp_path: Path) -> None:
    """B-E01: the console script is found by its whole path, and needs no PATH."""
    words = own_program.words(str(INSTALLED), sys.executable)
    assert words == [str(INSTALLED)]
    assert started(words, tmp_path).startswith("authkit ")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Where pipx and uv put a link, it is the link: it stays when they install anew."""
    (tmp_path / "authkit").symlink_to(INSTALLED)
    words = own_program.words(str(tmp_path / "authkit"), sys.executable)
    assert words == [str(tmp_path / "authkit")]
    assert started(words, tmp_path).startswith("authkit ")


def test_a_path_that_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a shell found in a folder named relatively is a whole path too."""
    (tmp_path / "authkit").symlink_to(INSTALLED)
    monkeypatch.chdir(tmp_path)
    assert own_program.words("./authkit", "python") == [str(tmp_path / "authkit")]


def test_the_module_otherwise(tmp_path: Path) -> None:
    """``python -m authkit``, and a script whose interpreter is looked for in PATH."""
    (tmp_path / "authkit").write_text("#!/usr/bin/env python3\nprint('no')\n")
    (tmp_path / "authkit").chmod(0o755)
    (tmp_path / "authkit-data").write_text("no command")
    of_module = str(Path(own_program.__file__).parents[1] / "__main__.py")
    scripts = (of_module, tmp_path / "authkit", tmp_path / "authkit-data", tmp_path / "gone", "-c")
    for script in scripts:
        assert own_program.words(str(script), sys.executable) == AS_A_MODULE


def test_files_in_other_places(tmp_path: Path) -> None:
    """The config file and the state folder of this process are the command's, without variables."""
    config, state = tmp_path / "config.toml", tmp_path / "state"
    config.write_text("[identities.of-this-file]\n", encoding="utf-8")
    words = own_program.words(str(INSTALLED), sys.executable, str(config), str(state))
    assert f"AUTHKIT_STATE_DIR={state}" in words
    done = subprocess.run(  # noqa: S603 - our own
        [*words, "list"],
        env={"PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    assert "of-this-file" in done.stdout


def test_the_module_is_no_other(tmp_path: Path) -> None:
    """B-S01: a module of this name in the folder that one stands in is never run."""
    (tmp_path / "authkit").mkdir()
    (tmp_path / "authkit" / "__main__.py").write_text("print('planted')")
    assert started(AS_A_MODULE, tmp_path).startswith("authkit ")


def test_no_folder_to_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A02: a working directory that is gone is no trouble."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert own_program.words("authkit", sys.executable) == AS_A_MODULE
    monkeypatch.chdir(os.sep)
