"""The tables of flows: each kind logs in, and keys are tried where there is a row for it."""

from __future__ import annotations

import pytest

from authkit.commands.user_configure import Given, Present
from authkit.core import config
from authkit.core.failures import Failure, Refused
from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER, KINDS
from authkit.login.flows import LOGIN, TRY
from authkit.login.obtain import obtain
from authkit.login.recover import LoginFlow
from authkit.login.role import RoleFlow
from authkit.login.user import UserFlow
from tests.authkit.examples import IDENTITY, FailingSts
from tests.explore.test_role_mixes import CONFIG, ROLE
from tests.support.people import ENTRY, KEYS, a_scene
from tests.support.stage import CountedConfig, Stage

FLOWS = {AWS_USER.name: UserFlow, AWS_ASSUME_ROLE.name: RoleFlow}


def test_every_kind_logs_in() -> None:
    """B-K01: each kind has a row."""
    assert LOGIN.keys() == KINDS.keys()


@pytest.mark.parametrize("name", ["dev-admin", ROLE])
def test_the_flow_of_a_kind(name: str) -> None:
    """B-K01: the row makes the kind's own flow, which knows whether the person asked for it."""
    stage = Stage(config=CountedConfig(CONFIG))
    identity = config.read(stage.config).identities[name]
    flow = LOGIN[identity.kind.name](stage, identity, obtain, direct=False)
    assert type(flow) is FLOWS[identity.kind.name]
    assert isinstance(flow, LoginFlow)
    assert (flow.identity, flow.direct) == (identity, False)


def test_kinds_whose_keys_are_tried() -> None:
    """B-C01: an IAM user's; another kind may have a row if it has credentials."""
    assert {AWS_USER.name} <= TRY.keys() <= {k.name for k in KINDS.values() if k.credentials}


def trial(stage: Stage, **fields: str) -> Given:
    """Return a trial of these fields, as `user configure --stdin` runs it."""
    return Given(stage, Present(stage, IDENTITY), AWS_USER.values(KEYS | fields), verify=True)


def test_keys_are_tried_with_sts() -> None:
    """B-C01: the row returns the principal that STS names."""
    stage = Stage(sts=a_scene().sts)
    flow = trial(stage)
    principal = TRY[AWS_USER.name](flow, flow.values)
    assert principal == "arn:aws:iam::123456789012:user/dev-admin"


def test_keys_that_sts_refuses() -> None:
    """B-C01: a refusal is raised as it is, for the loop to look up."""
    stage = Stage(sts=FailingSts(Refused("GetCallerIdentity", "InvalidClientTokenId")))
    flow = trial(stage)
    with pytest.raises(Refused):
        TRY[AWS_USER.name](flow, flow.values)


def test_a_device_of_another_partition() -> None:
    """B-L19: STS would call the keys invalid, so it is not asked: `Stage` has none."""
    flow = trial(Stage(), mfa_arn=ENTRY["mfa_arn"].replace("arn:aws:", "arn:aws-cn:"))
    with pytest.raises(Failure, match="partition-mismatch"):
        TRY[AWS_USER.name](flow, flow.values)
