"""`authkit credential-process`: the session as an AWS SDK reads it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from authkit.arguments import parse
from authkit.commands import credential_process
from authkit.core.failures import Failure
from tests.authkit.examples import CACHED, NAME, logged_in
from tests.support.simulator import ROLE_CONFIG
from tests.support.stage import CountedConfig, Paper, Stage

OPTIONS = parse(["credential-process", NAME])


def test_the_credentials() -> None:
    """docs/contract.md, credential-process: the SDKs' JSON, and nothing else."""
    stage = logged_in()
    assert credential_process.run(stage, OPTIONS) == 0
    assert json.loads(stage.screen.data[0]) == {
        "Version": 1,
        "AccessKeyId": "ASIAXXXXXXXXXXXXXXXX",
        "SecretAccessKey": "session-secret-canary",
        "SessionToken": "session-token-canary",
        "Expiration": "2024-12-24T11:58:00Z",
    }
    assert stage.screen.said == []


@pytest.mark.parametrize(("left", "name"), [(1, "no-keys"), (0, "no-session")])
def test_a_role_whose_source_has_a_session(left: int, name: str) -> None:
    """docs/contract.md, credential-process: a login begins only while the source has a session."""
    stage = logged_in(config=CountedConfig(ROLE_CONFIG))
    stage.clock.sleep(timedelta(seconds=CACHED.left(stage.clock.time()) - left))
    with pytest.raises(Failure) as ended:
        credential_process.run(stage, parse(["credential-process", "deploy"]))
    assert ended.value.name == name


def test_a_session_of_the_source_that_cannot_be_read() -> None:
    """B-S04: it is no session; of another identity's than was asked for nothing is said."""
    stage = logged_in(config=CountedConfig(ROLE_CONFIG))
    stage.sessions.texts[NAME] = "corrupt"
    with pytest.raises(Failure, match="no-session"):
        credential_process.run(stage, parse(["credential-process", "deploy"]))
    assert stage.screen.said == []


@pytest.mark.parametrize(
    ("stage", "name"),
    [(logged_in(), "session-over"), (Stage(), "no-session-no-keys")],
    ids=["expired", "absent"],
)
def test_without_a_session(stage: Stage, name: str) -> None:
    """docs/contract.md, credential-process: nothing on stdout, exit 1; no question is asked."""
    stage.prompter = Paper()
    stage.clock.sleep(timedelta(hours=36))
    with pytest.raises(Failure) as ended:
        credential_process.run(stage, OPTIONS)
    assert (ended.value.name, ended.value.status) == (name, 1)
    assert stage.screen.data == []
