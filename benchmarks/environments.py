"""Virtual environments, home folders and environment variables of the measured programs."""

from __future__ import annotations

import os
import subprocess
import venv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from authkit.adapters.world import ConfigFile
from authkit.core.model import Secret
from fakes.world.cached_session import NAME, cached_session, session, write_session

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "performance"  # build/ is ignored by git
CONFIG = Path(".config") / "authkit" / "config.toml"


def programs(name: str, *packages: str) -> Path:
    """Make a virtual environment with these packages; return the folder of its programs."""
    folder = BUILD / name
    venv.create(folder, with_pip=True, clear=True)
    return with_packages(folder, packages)


def with_packages(folder: Path, packages: Iterable[str]) -> Path:
    """Install packages into a virtual environment; return the folder of its programs.

    The environment is made if it is missing.
    """
    if not (folder / "bin").exists():
        venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *packages]
    subprocess.run(pip, check=True)  # noqa: S603 - this project, and pinned names of packages
    return folder / "bin"


def environ(home: Path, **more: str) -> dict[str, str]:
    """Return the environment variables of a program that runs in a home folder."""
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "AUTHKIT_STATE_DIR": str(home / "state"),
        **more,
    }


def with_sessions(home: Path, identities: int = 0) -> Path:
    """Make a home with a config file of so many identities, each with a session; return it.

    With 0 there is no config file, and `NAME` has a session.
    """
    names = [NAME, *(f"user-{number}" for number in range(1, identities))]
    config = home / CONFIG
    config.parent.mkdir(parents=True)
    if identities:
        tables = (f'[identities.{name}]\nsession_duration = "36h"\n' for name in names)
        config.write_text(f'default = "{NAME}"\n\n' + "\n".join(tables), encoding="utf-8")
    stamp = ConfigFile(str(config)).stamp()
    # Credentials as long as AWS's: the measured commands parse and print them.
    secret, token = Secret("s" * 40), Secret("t" * 300)
    made = session(datetime.now(UTC), secret_access_key=secret, session_token=token)
    for name in names:
        write_session(home / "state", cached_session(made, config_stamp=stamp), name)
    return home
