"""The commands that go on from where one ended."""

from __future__ import annotations

import shlex

import pytest

from authkit import again
from authkit.arguments import parse
from authkit.core import config, sessions
from authkit.core.failures import FAILED, USAGE, Failure
from authkit.core.render import Template
from fakes.world.cached_session import session
from tests.authkit.examples import CACHED, NAME, logged_in
from tests.support.stage import START, CountedConfig, Stage

CONFIG = '[identities.dev-admin]\nregion = "eu-west-1"\n[identities.audit]\n'
ROLE = (
    'kind = "aws/assume-role"\nsource = "dev-admin"\nrole_arn = "arn:aws:iam::123456789012:role/r"'
)


def guide(stage: Stage, line: str, which: str = "login", **values: str) -> object:
    """Return a command that a message names which a command line ends with."""
    ended = Failure("no-keys", **{"identity": "dev-admin", **values})
    return again.guides(stage, parse(line.split()), ended)[which]


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("login dev-admin", ""),
        ("login dev-admin --force", " --force"),
        ("login dev-admin --duration 90m", " --duration 1h30m"),
        ("login dev-admin --region eu-west-1", " --region eu-west-1"),
        ("login dev-admin --config a.toml", " --config a.toml"),
        ("login -i dev-admin --config=", ' --config ""'),
        (
            "login --config a;b --region eu-west-1 --duration 2h --force dev-admin",
            ' --force --config "a;b" --duration 2h --region eu-west-1',
        ),
        ("exec dev-admin --min-ttl 1h -- true", " --force"),
        ("exec dev-admin --region eu-west-1 true", " --region eu-west-1"),
        ("exec dev-admin true", ""),
        ("env dev-admin --region eu-west-1", ""),
        ("env dev-admin --config a.toml --region eu-west-1", " --config a.toml"),
        ("whoami dev-admin --config a.toml --json", " --config a.toml"),
        ("credential-process dev-admin --config a.toml", " --config a.toml"),
        ("user configure dev-admin --config a.toml --no-verify", " --config a.toml"),
    ],
)
def test_a_login_bears_the_lines_options(line: str, more: str) -> None:
    """B-L27: the command to run next does what the line asked for."""
    assert guide(Stage(), line) == f"authkit login --identity dev-admin{more}"


def test_other_commands() -> None:
    """B-L27: each bears what it takes of the line's options, and no more."""
    line = "login dev-admin --config c --force --region eu-west-1"
    for which, told in {
        "configure": "authkit user configure --identity audit --config c",
        "logout": "authkit logout --identity audit --config c",
        "source_login": "authkit login --identity me --force --config c",
        "named": "authkit login dev-admin --config c --force --region eu-west-1 NAME",
        "list": "authkit list --config c",
        "first_login": "authkit login NAME --force --config c --region eu-west-1",
    }.items():
        assert guide(Stage(), line, which, identity="audit", source="me") == told
    line = "login dev-admin --duration 45m"
    assert guide(Stage(), line, "configure") == "authkit user configure --identity dev-admin"
    line = "user configure x --no-verify"
    assert guide(Stage(), line, "configure") == (
        "authkit user configure --identity dev-admin --no-verify"
    )
    assert guide(Stage(), "logout x --keys", "logout") == (
        "authkit logout --keys --identity dev-admin"
    )
    assert guide(Stage(), "exec --region eu-west-1 -- true", "named") == (
        "authkit exec --region eu-west-1 NAME -- COMMAND"
    )


def test_a_profile_by_another_name() -> None:
    """B-L27: it has the region that was asked for too."""
    line = "profile add dev-admin --region eu-west-1"
    assert guide(Stage(), line, "renamed") == (
        "authkit profile add --identity dev-admin --name NAME --region eu-west-1"
    )


def test_the_identity_that_was_asked_for() -> None:
    """B-L27, B-K03: a login, or exec's, goes on with the role, though its source ended it."""
    stage = Stage(config=CountedConfig(f"default = 'r'\n{CONFIG}[identities.r]\n{ROLE}"))
    for line in ("login r", "exec r true", "exec -- true"):
        assert guide(stage, line) == "authkit login --identity r"
    assert guide(stage, "login r", "configure") == "authkit user configure --identity dev-admin"
    assert guide(stage, "whoami r") == "authkit login --identity dev-admin"
    stage = Stage({"AUTHKIT_IDENTITY": "r"})
    assert guide(stage, "login") == "authkit login --identity r"


@pytest.mark.parametrize("which", ["login", "configure", "logout", "source_login"])
def test_no_identity_is_known(which: str) -> None:
    """A command that a message names can be run as it stands, but for the name."""
    made = guide(Stage(), "doctor", which, identity="")
    assert parse(shlex.split(str(made))[1:]).given == "NAME"


@pytest.mark.parametrize("path", ["a b", "$HOME/x", "it's", 'a"b', "a!b", "\u00fc", "~/x", "a\\b"])
def test_a_path_is_one_word(path: str) -> None:
    """B-L27: whatever it is called; in double quotes where they will do, as names are."""
    options = parse(["whoami", "dev-admin", "--config", path])
    shown = str(again.command(options, "login", "dev-admin"))
    assert shlex.split(shown)[-1] == path
    assert ("'" in shown.replace(path, "")) == bool(set(path) & set('"$`\\!'))


def test_a_line_that_asks() -> None:
    """B-L27: what asks in a terminal is the line without what forbids asking."""
    line = ["--no-input", "import", "--csv", "a b"]
    assert again.attended(parse(line)) == 'authkit import --csv "a b"'


def test_a_name_is_quoted() -> None:
    """docs/contract.md, Stored form: for the shell, whatever the name holds is visible."""
    assert guide(Stage(), "whoami", identity="a b") == 'authkit login --identity "a b"'
    assert guide(Stage(), "whoami", identity="\x1b[2J").isprintable()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("exec aws s3 ls", "exec -- aws …"),
        ("exec --region eu-west-1 aws s3", "exec --region eu-west-1 -- aws …"),
        ("exec --config aws aws s3", "exec --config aws -- aws …"),
        ("exec aws --no-probe s3", "exec -- aws …"),
    ],
)
def test_a_word_that_is_the_command(line: str, told: str) -> None:
    """B-E08, B-L27: the options before the word stay exec's."""
    assert again.as_command(parse(line.split())) == f"authkit {told}"
    assert again.as_command(parse(["exec", "a b", "c"])) == 'authkit exec -- "a b" …'
    named = told.replace("-- ", "NAME -- ")
    assert again.as_command(parse(line.split()), "NAME") == f"authkit {named}"


def test_the_old_session_that_holds_is_named() -> None:
    """B-L27: a session that is still in the cache is named, with its end; no other is."""

    def said(stage: Stage, line: str, status: int = FAILED) -> str:
        return again.old_session(stage, parse(line.split()), status)

    until = "2024-12-24 11:58:00 UTC"
    line = "login dev-admin --force"
    for asked in (line, "login dev-admin --duration 1h", "exec dev-admin --min-ttl 1h true"):
        assert said(logged_in(), asked) == f"\n  The session until {until} still holds."
    over = CACHED.replaced(session=session(START.replace(year=2023)))
    assert said(logged_in(over), line) == ""
    assert said(logged_in(), "login dev-admin") == ""
    assert said(logged_in(), "env dev-admin --region eu-west-1") == ""
    assert said(logged_in(), line, status=USAGE) == ""


def test_trouble_hides_nothing() -> None:
    """B-A02: what ended the command is told, whatever is wrong with config file or session."""
    wrong = Stage(config=CountedConfig("["))
    assert again.old_session(wrong, parse(["login", "--force"]), FAILED) == ""
    assert guide(wrong, "login --force") == "authkit login --identity dev-admin --force"
    corrupt = Stage()
    corrupt.sessions.texts[NAME] = sessions.encode(CACHED)[:-9]
    assert again.old_session(corrupt, parse(["login", NAME, "--force"]), FAILED) == ""


def test_a_message_is_filled() -> None:
    """B-L27, B-A04: the hint of a refusal, itself a template, gets the command too."""
    ended = Failure("keys-dead", meaning="M", code="C", done="D", hint=Template("Run '{login}'."))
    said = again.said(Stage(), parse(["login", "dev-admin", "--force"]), ended)
    assert said.endswith("\n  Run 'authkit login --identity dev-admin --force'.")


def test_a_config_file_that_was_refused_is_not_read_again() -> None:
    """B-A06: reading it may take a minute, where nothing comes from a pipe."""
    stage = Stage(config=CountedConfig("["))
    again.guides(stage, parse(["whoami"]), Failure("config-wrong", USAGE))
    assert stage.config.reads == 0


def test_which_setting_is_meant() -> None:
    """B-A04, B-L21: what the line gives is not sought in the config file."""
    one = "--duration 2h --region eu-west-1"
    assert guide(Stage(), "login", "set_duration") == "Set 'session_duration' of dev-admin"
    assert guide(Stage(), f"login {one}", "set_duration") == "Set --duration"
    assert guide(Stage(), "login --duration 2h", "set_another") == "set another 'region'"
    assert guide(Stage(), f"login {one}", "set_another") == "give another --region"


BY = " (set by AUTHKIT_IDENTITY)"


@pytest.mark.parametrize(
    ("line", "value", "by"), [("", "gone", BY), ("gone", "gone", ""), ("", "x", "")]
)
def test_where_a_name_comes_from(line: str, value: str, by: str) -> None:
    """B-A04: an error about an identity's name tells that the environment sets it."""
    stage = Stage(environ={"AUTHKIT_IDENTITY": value})
    assert guide(stage, f"whoami {line}", "by", identity="gone") == by


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("list", ""),
        ("list --config a.toml", " --config a.toml"),
        ("login --region eu-west-1 --duration 2h", " --duration 2h --region eu-west-1"),
    ],
)
def test_the_first_login(line: str, more: str) -> None:
    """B-I01, B-L27: where there is no identity, its name is left to the person."""
    options = parse(line.split())
    here, login = Stage(), f"'authkit login NAME{more}'"
    assert again.first(options, config.read(here.config)) == f"Run {login}"
    empty = Stage(config=CountedConfig(""))
    first = f"Add [identities.NAME] to\n  {empty.config.path},\n  then run {login}"
    assert again.first(options, config.read(empty.config)) == first
