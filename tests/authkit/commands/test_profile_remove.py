"""`authkit profile remove`: of which identity, also of one that is not there any more."""

from __future__ import annotations

import pytest

from authkit.arguments import parse
from authkit.commands import profile_add, profile_remove
from authkit.core.failures import Failure
from tests.support.stage import CountedConfig, Stage

PATH = "/home/dev/.aws/config"


def test_the_identity_that_is_meant() -> None:
    """B-K04: the argument, AUTHKIT_IDENTITY, or the default of the config file."""
    stage = Stage(config=CountedConfig('default = "dev-admin"\n[identities.dev-admin]\n'))
    for environ, words in (({}, []), ({"AUTHKIT_IDENTITY": "dev-admin"}, []), ({}, ["dev-admin"])):
        stage.environ = environ
        assert profile_add.run(stage, parse(["profile", "add", "dev-admin"])) == 0
        assert profile_remove.run(stage, parse(["profile", "remove", *words])) == 0
        assert stage.files.contents[PATH] == b""


def test_an_identity_that_is_gone() -> None:
    """B-O01: one that the config file does not have any more is removed by its name."""
    stage = Stage()
    profile_add.run(stage, parse(["profile", "add", "old"]))
    stage.config = CountedConfig("[identities.dev-admin]\n")
    assert profile_remove.run(stage, parse(["profile", "remove", "old"])) == 0
    assert stage.files.contents[PATH] == b""
    assert profile_remove.run(stage, parse(["profile", "remove", "old"])) == 0
    assert stage.screen.said[-1] == f"⚠ {PATH} has no profile old."


def test_a_profile_of_another_name() -> None:
    """B-O01: where the identity's profile is called otherwise, the line that removes it is said."""
    stage = Stage()
    profile_add.run(stage, parse(["profile", "add", "dev-admin", "--name", "work"]))
    profile_remove.run(stage, parse(["profile", "remove", "dev-admin"]))
    line = "authkit profile remove --identity dev-admin --name work"
    assert f"'{line}'" in stage.screen.said[-1]
    assert profile_remove.run(stage, parse(line.split()[1:])) == 0
    assert stage.files.contents[PATH] == b""


def test_what_others_wrote_stays() -> None:
    """B-A04: a profile of that name which is not authkit's is left, with exit 1."""
    stage = Stage()
    stage.files.put("~/.aws/config", "[profile dev-admin]\nrole_arn = x\n")
    with pytest.raises(Failure) as raised:
        profile_remove.run(stage, parse(["profile", "remove", "dev-admin"]))
    assert (raised.value.name, raised.value.status) == ("profile-not-ours", 1)
    assert raised.value.values["has"] == "it has role_arn"


def test_said_twice() -> None:
    """B-A04: settings that were there before stay; with nothing left to remove, that is said."""
    stage = Stage()
    stage.files.put("~/.aws/config", "[profile dev-admin]\nregion = x\n")
    profile_add.run(stage, parse(["profile", "add", "dev-admin"]))
    for said in ("✓ ", f"⚠ Profile dev-admin in {PATH} does not get"):
        assert profile_remove.run(stage, parse(["profile", "remove", "dev-admin"])) == 0
        assert stage.screen.said[-1].startswith(said)
    assert stage.files.contents[PATH] == b"[profile dev-admin]\nregion = x\n"
