"""Homes to run programs in, and the environments that these are installed into."""

from __future__ import annotations

import os
import subprocess
import venv
from datetime import UTC, datetime
from pathlib import Path

from authkit.adapters.world import ConfigFile
from authkit.core.model import Secret
from fakes.world.cached_session import NAME, cached_session, session, write_session

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "performance"  # build/ is ignored by git
CONFIG = Path(".config") / "authkit" / "config.toml"


def programs(name: str, *packages: str) -> Path:
    """Return the folder of the programs of an environment with these packages, made anew."""
    folder = BUILD / name
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *packages]
    subprocess.run(pip, check=True)  # noqa: S603 - our own, and public packages
    return folder / "bin"


def environ(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a program that lives in a home and knows no other."""
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "AUTHKIT_STATE_DIR": str(home / "state"),
        **more,
    }


def furnished(home: Path, identities: int = 0) -> Path:
    """Return the home with a config file of so many identities, all of them logged in.

    0: no config file, and `NAME` logged in.
    """
    names = [NAME, *(f"user-{number}" for number in range(1, identities))]
    config = home / CONFIG
    config.parent.mkdir(parents=True)
    if identities:
        tables = (f'[identities.{name}]\nsession_duration = "36h"\n' for name in names)
        config.write_text(f'default = "{NAME}"\n\n' + "\n".join(tables), encoding="utf-8")
    stamp = ConfigFile(str(config)).stamp()
    # Credentials as long as AWS's: they are parsed and printed by what is measured.
    secret, token = Secret("s" * 40), Secret("t" * 300)
    made = session(datetime.now(UTC), secret_access_key=secret, session_token=token)
    for name in names:
        write_session(home / "state", cached_session(made, config_stamp=stamp), name)
    return home
