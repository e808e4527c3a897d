"""Homes to run programs in, and the environments that these are installed into."""

from __future__ import annotations

import os
import subprocess
import venv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from authkit.adapters.state_folder import StateFolder
from authkit.adapters.world import ConfigFile
from authkit.core import sessions
from authkit.core.model import CachedSession, Secret, Session

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "performance"  # build/ is ignored by git
NAME = "dev-admin"
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
    folder = StateFolder(str(home / "state"))
    for name in names:
        folder.replace(name, sessions.encode(_session(stamp)))
    return home


def _session(stamp: str) -> CachedSession:
    now = datetime.now(UTC)
    session = Session(
        access_key_id="ASIAXXXXXXXXXXXXXXXX",
        secret_access_key=Secret("s" * 40),
        session_token=Secret("t" * 300),
        expiration=now + timedelta(hours=36),
        granted=now,
    )
    return CachedSession(
        session=session,
        kind="aws/user",
        region="us-east-1",
        account="123456789012",
        principal="arn:aws:iam::123456789012:user/dev-admin",
        keys="0123456789abcdef",
        mfa_arn="",
        duration=timedelta(hours=36),
        config_stamp=stamp,
    )
