"""The ways in which people install authkit: each writes a console script of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.environments import BUILD, ROOT, programs, with_packages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROJECT = str(ROOT)
BACKEND = "keyrings.alt"  # what `login` needs on a machine without a desktop


def by_uv() -> Path:
    """Install authkit with uv into a virtual environment that uv makes."""
    uv, folder = str(_tools("uv") / "uv"), BUILD / "by-uv"
    _run([uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder)])
    python = str(folder / "bin" / "python")
    _run([uv, "pip", "install", "-q", "--python", python, PROJECT, BACKEND])
    return folder / "bin"


def by_pip() -> Path:
    """Install authkit with the newest pip."""
    programs("by-pip", "--upgrade", "pip")
    return with_packages(BUILD / "by-pip", [PROJECT, BACKEND])


def by_old_pip() -> Path:
    """Install authkit with the pip that came with Python 3.11; its script imports `re`."""
    programs("by-old-pip", "pip==23.2.1")
    return with_packages(BUILD / "by-old-pip", [PROJECT, BACKEND])


def by_pipx() -> Path:
    """Install authkit with pipx, which uses the newest pip."""
    pipx, folder = str(_tools("pipx") / "pipx"), BUILD / "by-pipx"
    around = {"PIPX_HOME": str(folder), "PIPX_BIN_DIR": str(folder / "bin"), "PATH": os.defpath}
    _run([pipx, "install", "-q", "--force", "--python", sys.executable, PROJECT], around)
    _run([pipx, "inject", "-q", "aws-authkit", BACKEND], around)
    return folder / "venvs" / "aws-authkit" / "bin"


INSTALLERS: dict[str, Callable[[], Path]] = {
    "uv": by_uv,
    "pip": by_pip,
    "pip 23.2.1": by_old_pip,
    "pipx": by_pipx,
}


def _tools(name: str) -> Path:
    """Install an installer into an environment of its own; return the folder of its program."""
    return with_packages(BUILD / f"the-{name}", [name])


def _run(command: list[str], around: dict[str, str] | None = None) -> None:
    """Run an installer; it finds a package index as it does for whoever runs this."""
    more = {} if around is None else around
    subprocess.run(command, env={**os.environ, **more}, check=True)  # noqa: S603 - our own
