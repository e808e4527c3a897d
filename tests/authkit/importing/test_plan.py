"""What becomes of each identity that was found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authkit.core import config
from authkit.core.failures import Failure, KeyringTrouble
from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER
from authkit.core.model import Marker
from authkit.importing import found, plan
from fakes.world.config import PATH, MemoryConfig
from tests.authkit.examples import LockedKeyring
from tests.support.simulator import KEYS
from tests.support.stage import CountedConfig, Stage

if TYPE_CHECKING:
    from authkit.importing.found import Found
    from authkit.importing.plan import Step

ROLE = "arn:aws:iam::123456789012:role/deploy"
CONFIG = f"""
[identities.dev]
region = "eu-west-1"
session_duration = "8h"
[identities.deploy]
kind = "aws/assume-role"
source = "dev"
role_arn = "{ROLE}"
"""


def user(name: str = "dev", region: str = "", device: str = "") -> Found:
    """Return a user with the keys."""
    one = found.identity(name, AWS_USER, {"region": region}, values=found.keys(*KEYS.values()))
    return one.with_device(device)


def role(name: str = "deploy", source: str = "dev", **settings: str) -> Found:
    """Return a role."""
    return found.identity(name, AWS_ASSUME_ROLE, {"source": source, "role_arn": ROLE, **settings})


def step(one: Found, text: str | None = None, entry: Any = None) -> Step:  # noqa: ANN401 - JSON
    """Return what is to be done, with this config file and entry in the keyring."""
    stage = Stage(config=CountedConfig(text))
    if entry is not None:
        raw = entry if isinstance(entry, str) else json.dumps({"version": 1, **entry})
        stage.keyring.entries["authkit", one.name] = raw
    return plan.step(stage, config.read(stage.config), one)


def test_what_is_new() -> None:
    """It is saved, and gets a table."""
    one = step(user(region="eu-west-1", device="GAHT12345678"))
    assert (one.saves, one.writes, one.differs, one.before) == (True, True, (), "")
    assert one.identity.config_path == PATH
    assert one.table == {"kind": "aws/user", "region": "eu-west-1"}
    assert one.values.texts() == {**KEYS, "mfa_arn": "GAHT12345678"}


def test_what_is_there() -> None:
    """The same keys and settings need nothing; what else the person has set stays."""
    one = step(user(region="eu-west-1"), CONFIG, {**KEYS, "mfa_arn": "GAHT12345678"})
    assert (one.saves, one.writes, one.differs) == (False, False, ())
    one = step(role(), CONFIG)
    assert (one.saves, one.writes, one.differs) == (False, False, ())


def test_what_is_half_there() -> None:
    """Keys without a table get one; a table without keys gets them."""
    one = step(user(), None, KEYS)
    assert (one.saves, one.writes) == (False, True)
    one = step(user(region="eu-west-1"), CONFIG)
    assert (one.saves, one.writes) == (True, False)
    assert one.identity.settings["session_duration"] == "8h"


@pytest.mark.parametrize(
    ("one", "text", "entry", "differs"),
    [
        (user(region="us-east-1"), CONFIG, None, "its region is eu-west-1"),
        (role(external_id="x7"), CONFIG, None, "its external_id is not set"),
        (role("dev", "deploy"), CONFIG, None, "it is of the kind aws-user"),
        (user("deploy"), CONFIG, None, "it is of the kind aws-assume-role"),
        (user(), None, {**KEYS, "access_key_id": "AKIAOLDOLDOLDOLDOLDO"}, "its access key is AKIA"),
        (user(device="GAHT12345678"), None, {**KEYS, "mfa_arn": "GAHT00000000"}, "its MFA ARN is"),
        (
            user(device="GAHT12345678"),
            None,
            {
                "access_key_id": "AKIAOLDOLDOLDOLDOLDO",
                "secret_access_key": "x",
                "mfa_arn": "GAHT00000000",
                "session_duration": "36h",
            },
            "its access key is AKIAOLDOLDOLDOLDOLDO its Session Duration 36h would go",
        ),
        (user(), None, "not JSON", "cannot be understood (it is not JSON)"),
        (user(), None, {**KEYS, "version": 2}, "its entry in the keyring cannot be understood"),
    ],
)
def test_what_it_would_be_in_the_place_of(
    one: Found, text: str | None, entry: object, differs: str
) -> None:
    """B-S04: what is something else is named."""
    assert differs in " ".join(step(one, text, entry).differs)


def test_settings_of_other_keys() -> None:
    """They are not kept with the new ones, and it is said so before anybody agrees."""
    old = {
        "access_key_id": "AKIAOLDOLDOLDOLDOLDO",
        "secret_access_key": "x",
        "mfa_arn": "GAHT00000000",
    }
    one = step(user(), None, old)
    assert one.values.texts() == KEYS
    assert one.differs[-1] == "its MFA ARN GAHT00000000 would go"


def test_a_role_in_the_place_of_a_user_without_a_table() -> None:
    """A marker tells that there are keys of that name."""
    stage = Stage()
    stage.markers.mark("deploy", Marker())
    one = plan.step(stage, config.read(stage.config), role())
    assert one.differs == ("it has keys in the keyring",)


def test_a_locked_keyring() -> None:
    """B-S04: it is no entry that cannot be understood: it ends the command."""
    stage = Stage(keyring=LockedKeyring())
    with pytest.raises(KeyringTrouble):
        plan.step(stage, config.read(stage.config), user())


def test_what_the_config_file_would_refuse() -> None:
    """It is not taken, nor what is reached from it; the others are."""
    abroad = role("abroad", region="cn-north-1")
    behind = role("behind", "abroad")
    far = role("far", "behind")
    steps = [step(one) for one in (user(), abroad, behind, far, role())]
    fit, not_taken = plan.fitting(steps, b"", MemoryConfig(None))
    assert [one.name for one in fit] == ["dev", "deploy"]
    assert [one.name for one in not_taken] == ["abroad", "behind", "far"]
    assert all(one.wrong for one in not_taken)
    assert not_taken[0].reason.startswith("role_arn: its partition is aws")
    assert not_taken[1].reason == "its source abroad is not imported"


def test_a_config_file_that_is_wrong_already() -> None:
    """That is no identity's fault: nothing is done."""
    with pytest.raises(Failure) as raised:
        plan.fitting([step(user())], b"[identities.x]\nregoin = 1\n", MemoryConfig(None))
    assert raised.value.values["path"] == PATH


def test_a_config_file_that_cannot_be_added_to() -> None:
    """Nor is that one's fault: the person is to write the tables."""
    dotted = b'identities.b.kind = "aws/user"\nidentities.c.kind = "aws/user"\ndefault = "b"\n'
    with pytest.raises(Failure) as raised:
        plan.fitting([step(user())], dotted, MemoryConfig(None))
    assert (raised.value.name, raised.value.values["path"]) == ("import-by-hand", PATH)


def test_what_is_shown() -> None:
    """B-S01: each identity with what it has, and never a secret."""
    long = role(external_id="x7", session_duration="4h").replaced(left=("services", "ca_bundle"))
    steps = [step(user(region="eu-west-1", device="GAHT12345678")), step(long)]
    assert plan.rows(steps) == (
        "  dev     aws-user\n    AKIAXXXXXXXXXXXXXXXX, eu-west-1, MFA GAHT12345678\n"
        f"  deploy  aws-assume-role\n    {ROLE}, from dev, 4h, external id x7,\n"
        "    without services, ca_bundle"
    )
    assert plan.rows(steps[:1]) == (
        "  dev  aws-user  AKIAXXXXXXXXXXXXXXXX, eu-west-1, MFA GAHT12345678"
    )


def test_what_is_not_imported() -> None:
    """B-A04: each with the reason, and the place of a line that is at fault."""
    told = [found.NotTaken("a", "why"), found.NotTaken("bc", "because", where="/x, line 3")]
    assert plan.reasons(told) == "  a   why\n  bc  because\n    (/x, line 3)"
    assert plan.reasons([found.NotTaken("a", "why " * 30)]).count("\n    why") == 2
