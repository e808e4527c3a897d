"""The tools that ``comparison`` runs: how to install and start each, and where its keys are."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from authkit import __version__
from fakes.world import file_keyring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "comparison"  # build/ is ignored by git
OTHERS = {"aws-mfa": "0.0.12", "awsume": "4.5.4"}

KEY = {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "the-secret"}
DEVICE = "arn:aws:iam::123456789012:mfa/user"


class Tool(NamedTuple):
    """A tool, and how to run it.

    `login` is the command for a session; `again` asks for a new one, whatever is cached.
    `prepare` writes keys and MFA device into a home folder, where the tool looks for
    them, and returns the environment variables that it needs.
    """

    name: str
    version: str
    login: Sequence[str]
    again: Sequence[str]
    prepare: Callable[[Path], Mapping[str, str]]


def installed() -> Path:
    """Install the other tools if they are missing; return the folder of their programs."""
    programs = FOLDER / "bin"
    if not programs.exists():
        venv.create(FOLDER, with_pip=True)
    wanted = [f"{name}=={version}" for name, version in OTHERS.items()]
    subprocess.run([programs / "python", "-m", "pip", "install", "-q", *wanted], check=True)  # noqa: S603 - pinned above
    return programs


def tools(programs: Path) -> list[Tool]:
    """Return all tools, authkit last; `programs` is the folder of the other tools' programs."""
    awsume = f"exec {programs / 'awsumepy'} dev"  # as its shell function does
    authkit = [str(Path(sys.executable).with_name("authkit")), "login", "dev"]
    return [
        Tool(
            "aws-mfa",
            OTHERS["aws-mfa"],
            [str(programs / "aws-mfa")],
            [str(programs / "aws-mfa"), "--force"],
            _aws_files,
        ),
        Tool(
            "awsume",
            OTHERS["awsume"],
            ["sh", "-c", f"{awsume} > session"],
            ["sh", "-c", f"{awsume} --refresh > session"],
            _aws_files,
        ),
        Tool("authkit", __version__, authkit, [*authkit, "--force"], _keyring),
    ]


def _aws_files(home: Path) -> Mapping[str, str]:
    """Write keys and device into ~/.aws, under the names that each tool documents."""
    keys = f"aws_access_key_id = {KEY['id']}\naws_secret_access_key = {KEY['secret']}\n"
    folder = home / ".aws"
    folder.mkdir()
    credentials = f"[default-long-term]\n{keys}aws_mfa_device = {DEVICE}\n[dev]\n{keys}"
    (folder / "credentials").write_text(credentials, encoding="utf-8")
    profile = f"[profile dev]\nregion = us-east-1\nmfa_serial = {DEVICE}\n"
    (folder / "config").write_text(f"[default]\nregion = us-east-1\n{profile}", encoding="utf-8")
    return {}


def _keyring(home: Path) -> Mapping[str, str]:
    """Write keys and device into a keyring file in the home folder."""
    entry = {"access_key_id": KEY["id"], "secret_access_key": KEY["secret"], "mfa_arn": DEVICE}
    path = home / "keyring.json"
    file_keyring.KeyringFile(path).put("authkit", {"dev": json.dumps({"version": 1, **entry})})
    return {
        "PYTHON_KEYRING_BACKEND": file_keyring.BACKEND,
        "PYTHONPATH": str(ROOT),
        file_keyring.FILE: str(path),
    }
