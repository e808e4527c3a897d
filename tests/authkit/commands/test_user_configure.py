"""`user configure`: what of the present entry is offered, and whose keys STS is asked about."""

from __future__ import annotations

import json

import pytest

from authkit.arguments import Options
from authkit.commands import user_configure
from authkit.core import config, entries
from authkit.core.identity import Identity
from fakes.world.prompter import Answer, Person
from tests.authkit.login.test_form import SERVICE_PRINCIPAL, STORED
from tests.support.people import ENTRY, ID, MFA, NAME, SECRET, a_scene, entry, run
from tests.support.stage import Paper, Stage

SESSION_KEYS = ENTRY | {"access_key_id": "ASIAXXXXXXXXXXXXXXXX", "secret_access_key": "session"}
BUILD = Identity("build", SERVICE_PRINCIPAL, "us-east-1", {}, "/etc/authkit.toml")


def test_session_credentials_are_no_default() -> None:
    """B-L17, B-C01: stored where keys should be they are treated as absent; settings are kept."""
    scene = a_scene(SESSION_KEYS)
    person = Person(
        [
            Answer("AWS Access Key ID:", ID),
            Answer("AWS Secret Access Key:", SECRET),
            Answer(f"MFA ARN (optional) [{MFA}]:", ""),
            Answer("Session Duration (optional, default: 12h) [36h]:", ""),
        ]
    )
    assert run(scene, "user", "configure", NAME, person=person).status == 0
    assert entry(scene) == ENTRY


@pytest.mark.parametrize("from_stdin", [False, True], ids=["asked", "stdin"])
def test_a_foreign_kind_is_not_sent_to_sts(
    monkeypatch: pytest.MonkeyPatch, *, from_stdin: bool
) -> None:
    """B-K01, B-K02: another vendor's credentials are saved; AWS is not asked about them."""
    paper = Paper(STORED.texts().values())
    stage = Stage(screen=paper, prompter=paper, input=json.dumps(STORED.texts()))
    monkeypatch.setattr(config, "resolve", lambda *_: BUILD)
    options = Options(["user", "configure"])
    options.stdin = from_stdin
    assert user_configure.run(stage, options) == 0
    assert entries.load(stage.keyring, SERVICE_PRINCIPAL, "build") == STORED
    assert "verified" not in paper.everything
