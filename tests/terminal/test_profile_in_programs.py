"""Profiles that `authkit profile add` writes, used by AWS's own programs with an empty PATH.

They have no variable of authkit's either: what this authkit was given, a state folder and a
config file, stands in the profile.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.forked import AUTHKIT
from tests.support.pty_tools import finished
from tests.support.real_clients import JAVASCRIPT, why_no_javascript
from tests.support.simulator import BIN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.simulator import Home

ARN = "arn:aws:iam::123456789012:user/dev-admin"
REGION = "eu-west-1"
CONFIG = f'[identities.dev-admin]\nregion = "{REGION}"\n'
BOTO3 = """
import boto3
session = boto3.Session()
print(session.client("sts").get_caller_identity()["Arn"], session.region_name)
"""
NODE = shutil.which("node") or "node"
PROGRAMS: Mapping[str, list[str]] = {
    "boto3": [sys.executable, "-c", BOTO3],
    "aws": [
        *(str(BIN / "aws"), "sts", "get-caller-identity", "--query", "Arn", "--output", "text"),
    ],
    "javascript": [NODE, str(JAVASCRIPT / "whoami.mjs")],
}


@pytest.fixture
def session(online: Home) -> Home:
    """Return a home with a session of an identity that has a region in the config file."""
    online.config(CONFIG)
    online.log_in()
    return online


def add(home: Home, program: Path | None, *arguments: str) -> None:
    """Add a profile, by the installed authkit or by another path of it."""
    done = home.run(str(program or AUTHKIT), "profile", "add", *arguments)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def seen_by(name: str, home: Home, profile: str) -> str:
    """Return what a program prints that uses a profile: the caller's ARN, and mostly the region."""
    if name == "javascript" and (reason := why_no_javascript()):
        pytest.skip(reason)
    environ = {
        "PATH": "",
        "HOME": str(home.path),
        "AWS_PROFILE": profile,
        "AWS_ENDPOINT_URL_STS": home.endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NODE_NO_WARNINGS": "1",
    }
    done = finished(PROGRAMS[name], environ, check=False, cwd=home.path)
    assert done.returncode == 0, done.stderr
    return done.stdout


def expected(name: str) -> str:
    """Return what it prints: the CLI is asked for the ARN alone."""
    return f"{ARN}\n" if name == "aws" else f"{ARN} {REGION}\n"


@pytest.mark.parametrize("name", PROGRAMS)
def test_with_an_empty_path(session: Home, name: str) -> None:
    """B-E02: each program finds the session by the profile alone, and the identity's region."""
    add(session, None, "dev-admin")
    assert seen_by(name, session, "dev-admin") == expected(name)


@pytest.mark.parametrize("name", PROGRAMS)
def test_where_words_are_quoted(session: Home, tmp_path: Path, name: str) -> None:
    """B-K04: a path and an identity with blanks, and characters that a shell would read."""
    folder = tmp_path / "it's my $HOME"
    folder.mkdir()
    (folder / "authkit").symlink_to(AUTHKIT)
    config = tmp_path / "my config.toml"
    config.write_text(f'[identities."acme staging"]\nregion = "{REGION}"\n')
    session.extra["AUTHKIT_CONFIG"] = str(config)
    session.put_in_keyring(session.keyring(), "acme staging")
    assert session.authkit("login", "acme staging").returncode == 0
    add(session, folder / "authkit", "acme staging", "--name", "acme")
    assert seen_by(name, session, "acme") == expected(name)


def test_a_name_with_blanks(session: Home) -> None:
    """B-K04: boto3 and the AWS CLI find a profile of any name."""
    add(session, None, "dev-admin", "--name", "acme ü, staging")
    for name in ("boto3", "aws"):
        assert seen_by(name, session, "acme ü, staging") == expected(name)


def test_the_default_profile(session: Home) -> None:
    """B-K04: a program that names no profile takes the default one."""
    add(session, None, "dev-admin", "--name", "default")
    assert seen_by("boto3", session, "default") == expected("boto3")


def test_as_a_module(session: Home) -> None:
    """``python -m authkit`` writes a command that needs no PATH either."""
    done = session.run(sys.executable, "-m", "authkit", "profile", "add", "dev-admin")
    assert done.returncode == 0, done.stderr
    assert "-P -m authkit" in (session.path / ".aws" / "config").read_text()
    assert seen_by("boto3", session, "dev-admin") == expected("boto3")


def test_keys_that_shadow_it(session: Home) -> None:
    """What is warned of is so: keys in the credentials file are taken instead of the session."""
    credentials = session.path / ".aws" / "credentials"
    credentials.parent.mkdir()
    credentials.write_text(
        "[dev-admin]\naws_access_key_id = AKIAOTHEROTHEROTHERO\naws_secret_access_key = x\n"
    )
    done = session.authkit("profile", "add", "dev-admin")
    assert "AWS programs will not use it" in done.stderr
    with pytest.raises(AssertionError, match="InvalidClientTokenId"):
        seen_by("boto3", session, "dev-admin")
    add(session, None, "dev-admin", "--name", "dev")
    assert seen_by("boto3", session, "dev") == expected("boto3")
