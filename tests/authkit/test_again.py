"""The command that goes on from where one ended."""

from __future__ import annotations

import pytest

from authkit import again
from authkit.arguments import parse
from authkit.core import sessions
from authkit.core.failures import FAILED, USAGE
from fakes.world.cached_session import session
from tests.authkit.examples import CACHED, NAME, logged_in
from tests.support.stage import START, CountedConfig, Stage

CONFIG = "[identities.dev-admin]\n[identities.audit]\n"
SAID = "✗ No.\n  Run 'authkit login --identity dev-admin' in a terminal."
MORE = "✗ No.\n  Run 'authkit login --identity dev-admin{}' in a terminal."


def going_on(stage: Stage, line: str, said: str = SAID, status: int = FAILED) -> str:
    """Return what a command line ends with."""
    return again.going_on(stage, parse(line.split()), said, status)


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("login dev-admin", ""),
        ("login dev-admin --force", " --force"),
        ("login dev-admin --duration 90m", " --duration 1h30m"),
        ("login dev-admin --region eu-west-1", " --region eu-west-1"),
        ("login dev-admin --config a.toml", " --config a.toml"),
        (
            "login --config a;b --region eu-west-1 --duration 2h --force dev-admin",
            " --force --config 'a;b' --duration 2h --region eu-west-1",
        ),
        ("exec dev-admin --min-ttl 1h -- true", " --force"),
        ("exec dev-admin --region eu-west-1 true", " --region eu-west-1"),
        ("exec dev-admin true", ""),
        ("env dev-admin --region eu-west-1", ""),
    ],
)
def test_a_login_bears_the_lines_options(line: str, more: str) -> None:
    """B-L27: the command to run next does what the line asked for."""
    assert going_on(Stage(), line) == MORE.format(more)


@pytest.mark.parametrize(
    "said",
    [
        "✗ Run 'authkit login --identity audit'.",
        "✗ Run 'authkit login --identity dev-admin --force', then log in again.",
        "✗ Run 'authkit user configure --identity dev-admin'.",
    ],
)
def test_other_commands_are_left_alone(said: str) -> None:
    """B-L27: the options are those of this identity's login."""
    assert going_on(Stage(config=CountedConfig(CONFIG)), "login dev-admin --force", said) == said


def test_the_identity_that_the_config_means() -> None:
    """B-L27, B-K04: the line need not name the identity."""
    stage = Stage(config=CountedConfig('default = "dev-admin"\n' + CONFIG))
    assert going_on(stage, "login --force") == MORE.format(" --force")


def test_the_old_session_that_holds_is_named() -> None:
    """B-L27: a session that is still in the cache is named, with its end; no other is."""
    until = "2024-12-24 11:58:00 UTC"
    line = "login dev-admin --force"
    assert going_on(logged_in(), line).splitlines()[2:] == [
        f"  The session until {until} still holds."
    ]
    over = CACHED.replaced(session=session(START.replace(year=2023)))
    assert going_on(logged_in(over), line) == MORE.format(" --force")
    assert going_on(logged_in(), "login dev-admin") == SAID
    assert going_on(logged_in(), line, status=USAGE) == SAID


def test_trouble_hides_nothing() -> None:
    """B-A02: what ended the command is told, whatever is wrong with config file or session."""
    wrong = Stage(config=CountedConfig("["))
    assert going_on(wrong, "login dev-admin --force") == SAID
    corrupt = Stage()
    corrupt.sessions.texts[NAME] = sessions.encode(CACHED)[:-9]
    assert going_on(corrupt, "login dev-admin --force") == MORE.format(" --force")
