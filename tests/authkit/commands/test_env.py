"""`authkit env`: the session's variables in each format."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from authkit.arguments import OPTIONS, parse
from authkit.commands import env
from authkit.core.environment import OTHER_CREDENTIALS, others, variables
from authkit.core.failures import Failure
from authkit.core.model import Secret
from fakes.world.cached_session import cached_session, session
from tests.authkit.examples import CACHED, NAME, logged_in
from tests.support.pty_tools import finished
from tests.support.stage import START, CountedConfig, Stage

ODD = 'it\'s\\a "$HOME" `token`'  # characters that are special in some shell


PRESENT = {"AWS_PROFILE": "other", "AWS_BEARER_TOKEN_BEDROCK": "other", "PATH": "/bin"}


def a_stage(token: str = "session-token-canary", config: str | None = None) -> Stage:
    """Return a stage with a session of this token, in an environment with other credentials."""
    stamp = CountedConfig(config).stamp()
    made = session(START, session_token=Secret(token))
    cached = cached_session(made, config_stamp=stamp, region="eu-west-1")
    return logged_in(cached, environ={**PRESENT}, config=CountedConfig(config))


def printed(stage: Stage, *options: str) -> str:
    """Return what `env` prints; nothing is said but of dotenv."""
    assert env.run(stage, parse(["env", NAME, *options])) == 0
    assert bool(stage.screen.said) == ("dotenv" in options)
    return "\n".join(stage.screen.data)


def test_json() -> None:
    """B-E01, B-E02: the variables that `exec` sets, and null for those that it strips."""
    stage = a_stage()
    shown = json.loads(printed(stage, "--format", "json"))
    given = variables(NAME, CACHED.replaced(region="eu-west-1"), {})
    assert {name: value for name, value in shown.items() if value is not None} == given
    assert {*shown} == {*given, *others(PRESENT)}


SH = ("sh", "bash", "zsh")
LINES = {  # how a variable is set, and how one is unset
    "sh": ("export AWS_SESSION_TOKEN='a'\\''b\\c'", "unset AWS_PROFILE;"),
    "bash": ("export AWS_SESSION_TOKEN='a'\\''b\\c'", "unset AWS_PROFILE;"),
    "zsh": ("export AWS_SESSION_TOKEN='a'\\''b\\c'", "unset AWS_PROFILE;"),
    "fish": ("set -gx AWS_SESSION_TOKEN 'a\\'b\\\\c'", "set -eg AWS_PROFILE"),
    "powershell": ("$Env:AWS_SESSION_TOKEN = 'a''b\\c'", "$Env:AWS_PROFILE = $null"),
    "dotenv": ("AWS_SESSION_TOKEN=a'b\\c", ""),
}


@pytest.mark.parametrize("form", LINES)
def test_lines(form: str) -> None:
    """docs/contract.md, What exec gives the child: a line for each variable, values quoted.

    B-E02: those of other credentials are unset first, in every form that can.
    """
    lines = printed(a_stage("a'b\\c"), "--format", form).split("\n")
    setting, unsetting = LINES[form]
    assert setting in lines
    gone = [name for name in others(PRESENT) if name not in variables(NAME, CACHED, {})]
    lines = lines[form in SH :]  # that line is test_shells.py's
    more = len(gone) * bool(unsetting) + (form == "fish")
    assert len(lines) == len(variables(NAME, CACHED, {})) + more
    if unsetting:
        unset = [n for n, line in enumerate(lines) if line.endswith(unsetting)]
        assert [*unset, lines.index(setting)] == sorted([*unset, lines.index(setting)])
        for line, name in zip(lines, gone, strict=False):
            assert line.endswith(unsetting.replace("AWS_PROFILE", name))


@pytest.mark.parametrize("form", [form for form, (_, unset) in LINES.items() if unset])
@pytest.mark.parametrize("name", [*OTHER_CREDENTIALS, "AWS_BEARER_TOKEN_BEDROCK"])
def test_each_is_unset(form: str, name: str) -> None:
    """B-E02: each variable that leads to other credentials is unset or set anew, and by --unset."""
    unset = LINES[form][1].replace("AWS_PROFILE", name)
    lines = printed(a_stage(), "--format", form).split("\n")
    setting = LINES[form][0].partition("AWS_SESSION_TOKEN")[0]
    assert any(line.endswith(unset) or line.startswith(f"{setting}{name}") for line in lines)
    gone = printed(a_stage(), "--format", form, "--unset").split("\n")
    assert any(line.endswith(unset) for line in gone)


def test_the_last_line_in_fish() -> None:
    """docs/contract.md, What exec gives the child: what cannot be unset is no failure in fish."""
    assert printed(a_stage(), "--format", "fish").split("\n")[-1] == "true"


def test_dotenv_cannot_unset() -> None:
    """B-E02: dotenv says on stderr that it cannot unset, and takes no --unset."""
    stage = a_stage()
    printed(stage, "--format", "dotenv")
    assert "⚠ A dotenv file cannot unset variables" in stage.screen.said[0]
    with pytest.raises(Failure, match="usage") as refused:
        env.run(a_stage(), parse(["env", NAME, "--format", "dotenv", "--unset"]))
    assert refused.value.status == 2


REGIONS = [  # the config file, the options, the caller's AWS_REGION, and whether it is unset
    (None, (), "us-east-1", True),
    (None, (), "eu-west-1", False),
    ("[identities.dev-admin]\nregion = 'eu-west-1'", (), "eu-west-1", True),
    ("[identities.dev-admin]\nregion = 'eu-west-1'", (), "us-east-1", False),
    ("[identities.dev-admin]", ("--region", "eu-north-1"), "eu-north-1", True),
    ("[identities.dev-admin]", ("--region", "eu-north-1"), "us-east-1", False),
]


@pytest.mark.parametrize(("config", "options", "region", "gone"), REGIONS)
def test_unset(config: str | None, options: tuple[str, ...], region: str, *, gone: bool) -> None:
    """B-E02: --unset unsets what `env` sets too, a region only where it is the session's."""
    stage = a_stage(config=config)
    stage.environ |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": "ap-south-1"}
    shown = json.loads(printed(stage, "--unset", "--format", "json", *options))
    wanted = {*others(PRESENT), "AWS_SESSION_EXPIRATION", "AUTHKIT_IDENTITY"}
    assert {*shown} == wanted | ({"AWS_REGION"} if gone else set())
    assert {*shown.values()} == {None}


def test_unset_without_anything() -> None:
    """B-E02: --unset needs no session, and no identity: then the region is the caller's own."""
    stage = Stage(environ={"AWS_REGION": "us-east-1"})
    assert env.run(stage, parse(["env", "--unset"])) == 0
    lines = stage.screen.data[0].split("\n")
    assert "unset AUTHKIT_IDENTITY;" in lines
    assert "unset AWS_REGION;" not in lines
    assert stage.screen.said == []


def test_region() -> None:
    """B-E02: --region is what both variables get."""
    shown = json.loads(printed(a_stage(), "--format", "json", "--region", "ap-south-1"))
    assert (shown["AWS_REGION"], shown["AWS_DEFAULT_REGION"]) == ("ap-south-1", "ap-south-1")


def test_a_region_of_the_callers_is_quoted() -> None:
    """B-E02: the caller's region is handed on, whatever is in it; PowerShell has four quotes."""
    made = cached_session(session(START), config_stamp=CountedConfig(None).stamp(), region="")
    stage = logged_in(made, environ={"AWS_REGION": "'\u2018\u2019\u201a\u201b"})
    line = f"$Env:AWS_REGION = '{''.join(q * 2 for q in stage.environ['AWS_REGION'])}'"
    assert line in printed(stage, "--format", "powershell").split("\n")


def test_every_format_is_known() -> None:
    """The formats that the option takes are those of the table, and JSON."""
    assert {*OPTIONS["--format"].choices} == {*env.FORMATS, "json"}


def test_a_shell_reads_it() -> None:
    """docs/contract.md: `eval` of the form `sh` sets the variables, whatever is in a value."""
    token = ODD.replace(" ", "")
    script = f'{printed(a_stage(token))}\nprintf %s "$AWS_SESSION_TOKEN"'
    assert finished(["/bin/sh", "-c", script]).stdout == token


def test_an_expired_session() -> None:
    """B-A04: an expired session is not printed."""
    stage = logged_in()
    stage.clock.sleep(timedelta(hours=36))
    with pytest.raises(Failure, match="session-over"):
        env.run(stage, parse(["env", NAME]))
    assert stage.screen.data == []
