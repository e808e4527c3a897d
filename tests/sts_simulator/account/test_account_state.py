"""What belongs to one account, and what it has in common with the others of its world."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sts_simulator.account.account_state import AccountState
from sts_simulator.account.authentication import Principal
from sts_simulator.account.policies import IDENTITY_BASED
from tests.support.account_world import START, World

DENY = '{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}'


def test_two_accounts_have_the_time_ids_and_sessions_in_common() -> None:
    """Their users are their own; the clock of the first counts."""
    first = AccountState([lambda: START], skew=timedelta(minutes=1))
    other = AccountState(account_id="210987654321", among=first.accounts)
    assert other.now() == first.now() == START + timedelta(minutes=1)
    first.accounts.time.skew = timedelta()
    assert other.now() == START
    users = [account.administrator.add_user("me") for account in (first, other)]
    assert [user.arn.split(":")[4] for user in users] == ["123456789012", "210987654321"]
    assert users[0].user_id != users[1].user_id
    assert [*first.accounts.directories] == ["123456789012", "210987654321"]


@pytest.mark.parametrize("enforce", [True, False])
def test_what_its_policies_deny(world: World, *, enforce: bool) -> None:
    """Policies count with enforce alone, and deny the actions that they name."""
    account = world.account
    account.enforce = enforce
    account.administrator.add_policy("dev-admin", "no-s3", DENY)
    who = account.authenticate(world.signature(service="s3"), "s3")
    assert isinstance(who, Principal)
    denied = account.denied(who, "s3:", None)
    assert (denied is not None) is enforce
    if denied:
        assert denied.reason == f"{IDENTITY_BASED} (no-s3), statement 1 denies it"
    assert account.denied(who, "iam:GetUser", None) is None
