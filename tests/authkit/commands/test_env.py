"""`authkit env`: the session's variables in each format."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from authkit.arguments import OPTIONS, parse
from authkit.commands import env
from authkit.core.environment import variables
from authkit.core.failures import Failure
from authkit.core.model import Secret
from fakes.world.cached_session import cached_session, session
from tests.authkit.examples import CACHED, NAME, logged_in
from tests.support.pty_tools import finished
from tests.support.stage import START, CountedConfig

ODD = 'it\'s\\a "$HOME" `token`'  # characters that are special in some shell


def printed(form: str, token: str = "session-token-canary") -> str:
    """Return what `env --format` prints of a session with this token."""
    stamp = CountedConfig(None).stamp()
    cached = cached_session(session(START, session_token=Secret(token)), config_stamp=stamp)
    stage = logged_in(cached)
    assert env.run(stage, parse(["env", NAME, "--format", form])) == 0
    assert stage.screen.said == []
    return "\n".join(stage.screen.data)


def test_json() -> None:
    """B-E01: the variables that `exec` sets."""
    assert json.loads(printed("json")) == variables(NAME, CACHED)


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("sh", "export AWS_SESSION_TOKEN='a'\\''b\\c'"),
        ("fish", "set -gx AWS_SESSION_TOKEN 'a\\'b\\\\c'"),
        ("powershell", "$Env:AWS_SESSION_TOKEN = 'a''b\\c'"),
        ("dotenv", "AWS_SESSION_TOKEN=a'b\\c"),
    ],
)
def test_lines(form: str, line: str) -> None:
    """docs/contract.md, What exec gives the child: a line for each variable, values quoted."""
    lines = printed(form, "a'b\\c").split("\n")
    assert line in lines
    assert len(lines) == len(variables(NAME, CACHED))


def test_every_format_is_known() -> None:
    """The formats that the option takes are those of the table, and JSON."""
    assert {*OPTIONS["--format"].choices} == {*env.FORMATS, "json"}


def test_a_shell_reads_it() -> None:
    """docs/contract.md: `eval` of the form `sh` sets the variables, whatever is in a value."""
    token = ODD.replace(" ", "")
    script = f'{printed("sh", token)}\nprintf %s "$AWS_SESSION_TOKEN"'
    assert finished(["/bin/sh", "-c", script]).stdout == token


def test_an_expired_session() -> None:
    """B-A04: an expired session is not printed."""
    stage = logged_in()
    stage.clock.sleep(timedelta(hours=36))
    with pytest.raises(Failure, match="session-over"):
        env.run(stage, parse(["env", NAME]))
    assert stage.screen.data == []
