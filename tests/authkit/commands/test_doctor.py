"""`authkit doctor`: what it prints, and its exit status."""

from __future__ import annotations

import json

import pytest

from authkit.arguments import parse
from authkit.commands import doctor
from authkit.core.failures import Unreachable
from authkit.core.model import Secret
from tests.authkit.doctor.looking import an_examination, sts_of
from tests.authkit.examples import FailingSts

HUNG = Unreachable("GetCallerIdentity", "no answer within 10 s", answered=False, sent=True)


def test_findings_for_a_person() -> None:
    """One line a finding, with its mark and what was looked at; warnings alone are exit 0."""
    stage = an_examination().world
    assert doctor.run(stage, parse(["doctor", "dev-admin"])) == 0
    lines = stage.screen.data[0].split("\n")  # type: ignore[attr-defined]  # a Stage's
    assert lines[0].startswith("✓ versions: authkit ")
    assert "⚠ session: there is none" in lines
    assert "  Run 'authkit login --identity dev-admin'." in lines


def test_findings_for_a_program() -> None:
    """With --json there is an object for each, and one line of words; a fault is exit 1."""
    stage = an_examination(sts=FailingSts(HUNG)).world
    assert doctor.run(stage, parse(["doctor", "dev-admin", "--json"])) == 1
    found = {each["name"]: each for each in json.loads(stage.screen.data[0])}  # type: ignore[attr-defined]  # a Stage's
    assert found["unreachable"]["finding"] == "fault"
    assert found["unreachable"]["check"] == "STS"
    assert "no answer within 10 s" in found["unreachable"]["words"]
    assert (found["not-asked"]["finding"], found["not-asked"]["cure"]) == ("warning", None)
    assert all("\n" not in each["words"] for each in found.values())


@pytest.mark.parametrize("output", ["text", "json"])
def test_no_secret_is_shown(output: str) -> None:
    """B-S01: neither the keys nor a password in an address is shown."""
    environ = {
        "HTTPS_PROXY": "http://me:canary-password@proxy.example:3128",
        "AWS_SECRET_ACCESS_KEY": "canary-secret",
        "AWS_ENDPOINT_URL": "https://me:canary-password@sts.example",
    }
    stage = an_examination(environ=environ, sts=sts_of(secret="canary-keys")).world
    doctor.run(stage, parse(["doctor", "dev-admin", "--output", output]))
    shown = "\n".join([*stage.screen.data, *stage.screen.said])  # type: ignore[attr-defined]  # a Stage's
    assert "canary" not in shown
    assert "new-secret" not in shown
    assert "proxy.example:3128" in shown
    assert Secret("canary").reveal() not in shown
