"""`authkit profile add`: which identity and which program, and what is warned of."""

from __future__ import annotations

import shlex

import pytest

from authkit.arguments import parse
from authkit.commands import profile_add
from authkit.core.failures import Failure
from authkit.core.model import Marker
from fakes.world.config import PROGRAM
from tests.support.stage import CountedConfig, Stage

CONFIG = """
default = "dev-admin"
[identities.dev-admin]
region = "eu-west-1"
[identities.audit]
"""
PATH = "/home/dev/.aws/config"


class Elsewhere(Stage):
    """A world in which authkit is installed where no AWS program could start it."""

    def program(self) -> list[str]:
        """Return the words that start authkit."""
        return ["/home/dev/my #1 place/authkit"]


def test_the_identity_that_is_meant() -> None:
    """B-K04: the argument, or the default; its region is written where the config file sets one."""
    stage = Stage(config=CountedConfig(CONFIG))
    assert profile_add.run(stage, parse(["profile", "add"])) == 0
    assert profile_add.run(stage, parse(["profile", "add", "audit", "--name", "a"])) == 0
    assert stage.files.contents[PATH].decode() == (
        f"[profile dev-admin]\ncredential_process = {PROGRAM} credential-process dev-admin\n"
        f"region = eu-west-1\n\n[profile a]\ncredential_process = {PROGRAM} "
        "credential-process audit\n"
    )


def test_an_unknown_identity() -> None:
    """B-K04: with a config file it is an error, and nothing is written."""
    stage = Stage(config=CountedConfig(CONFIG))
    with pytest.raises(Failure) as raised:
        profile_add.run(stage, parse(["profile", "add", "other"]))
    assert (raised.value.status, stage.files.contents) == (2, {})


def test_a_mistyped_name() -> None:
    """B-A05: the identity that is near is named; without a config file the profile is added."""
    stage = Stage()
    stage.sessions.markers.mark("dev-admin", Marker())
    assert profile_add.run(stage, parse(["profile", "add", "dev-admim"])) == 0
    assert stage.screen.said[0] == "⚠ dev-admim is new on this machine; the nearest is dev-admin."
    assert stage.screen.said[1].startswith("✓ Profile dev-admim added")


@pytest.mark.parametrize(
    ("stage", "name"),
    [
        (Elsewhere(), "profile-command"),
        (Stage(config=CountedConfig(CONFIG, "/dev/fd/63")), "profile-config-ends"),
    ],
)
def test_a_command_that_would_not_work(stage: Stage, name: str) -> None:
    """B-A04: nothing is written that no AWS program could run."""
    with pytest.raises(Failure) as raised:
        profile_add.run(stage, parse(["profile", "add", "dev-admin"]))
    assert (raised.value.name, stage.files.contents) == (name, {})


def test_a_profile_without_a_region() -> None:
    """B-A04: the line that gives it one is said; it bears the profile's name, and mends it."""
    stage = Stage(config=CountedConfig(CONFIG))
    assert profile_add.run(stage, parse(["profile", "add", "audit", "--name", "a-b"])) == 0
    line = "authkit profile add --identity audit --name a-b --region "
    assert f"'{line}REGION'" in stage.screen.said[-1]
    words = [*shlex.split(line)[1:], "eu-west-3"]
    assert profile_add.run(stage, parse(words)) == 0
    assert "has the region eu-west-3 now" in stage.screen.said[-1]
    assert stage.files.contents[PATH].endswith(b"\nregion = eu-west-3\n")
    assert profile_add.run(stage, parse(words)) == 0
    assert "is in /home/dev/.aws/config already" in stage.screen.said[-1]


def test_what_is_warned_of() -> None:
    """B-A04: a name that not every SDK finds, and keys that count instead; else nothing."""
    stage = Stage(config=CountedConfig(CONFIG))
    stage.files.put("~/.aws/credentials", "[ü]\naws_access_key_id = x\n")
    assert profile_add.run(stage, parse(["profile", "add", "dev-admin"])) == 0
    assert len(stage.screen.said) == 1
    assert profile_add.run(stage, parse(["profile", "add", "dev-admin", "--name", "ü"])) == 0
    _, added, name, keys = stage.screen.said
    assert "✓ Profile ü added" in added
    assert "Not every AWS SDK finds a profile of this name" in name
    assert "line 1,\n  has aws_access_key_id for ü" in keys
