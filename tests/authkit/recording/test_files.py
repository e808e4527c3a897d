"""Files of the person's own in a recording: their outline, without anything of the person's."""

from __future__ import annotations

import pytest

from authkit.aws_files.ini import IniFile
from authkit.recording.files import PROGRAM, outline
from authkit.recording.keep import Keep
from fakes.world import config

CONTENT = b"""\
# my notes
[default]
region = eu-west-1
cli_pager = less

[profile acme]
aws_access_key_id = AKIASECRETSECRETSECR
aws_secret_access_key = the-secret
[profile audit]
credential_process = /my/authkit credential-process audit
[profile other]
credential_process = "/my/other" --account 1
[sso-session acme]
sso_start_url = https://acme.example.com
"""


def test_the_outline() -> None:
    """Sections, known keys and lines stay; names are invented, and values are not there."""
    told = outline(CONTENT, Keep(), ["/my/authkit"])
    assert told == (
        "\n[default]\nregion = value\nsetting_1 = value\n\n"
        "[profile dev-admin]\naws_access_key_id = value\naws_secret_access_key = value\n"
        f"[profile identity-2]\ncredential_process = {PROGRAM} credential-process identity-2\n"
        "[profile identity-3]\ncredential_process = other\n"
        "[identity-4]\nsso_start_url = value\n"
    )


def test_an_authkit_that_is_elsewhere() -> None:
    """A command of another authkit than the one that records is not that one's."""
    told = outline(b"[a]\ncredential_process = /x/authkit credential-process a\n", Keep(), ["/y"])
    assert "credential_process = authkit credential-process dev-admin\n" in told


@pytest.mark.parametrize("header", ["[default]", "[DEFAULT]"])
def test_what_has_no_name_of_its_own(header: str) -> None:
    """Sections that AWS's readers know stay."""
    assert outline(f"{header}\noutput = x\n".encode(), Keep(), []).startswith(f"{header}\n")


def test_what_botocore_refuses_is_refused() -> None:
    """A section or a key that is there twice stays so; bytes that are no file are no trouble."""
    keep = Keep()
    twice = outline(b"[a]\nregion = 1\nregion = 2\n[a]\n", keep, [])
    assert [fault.line for fault in IniFile(twice.encode()).faults] == [3, 4]
    assert outline(b"\xff\n[\n= \n", keep, []) == "\n\n\n"


def test_where_authkit_is_in_stories() -> None:
    """The program of the outline is that of the replaying world."""
    assert config.PROGRAM == PROGRAM
