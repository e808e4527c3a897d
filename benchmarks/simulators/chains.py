"""Checks of what a role's session passes on: tags and source identity, along chains of roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.simulators.checks import SNAPSHOTS, refusal

if TYPE_CHECKING:
    from benchmarks.simulators.account import Account, Answer
    from benchmarks.simulators.checks import Check

CHAINS: list[Check] = []
TAGGING = ("sts:AssumeRole", "sts:TagSession")
DENIED = "is not authorized to perform: "
# What a session asks for that passes the tag `team` on.
TRANSITIVE = {
    "Tags__member__1__Key": "team",
    "Tags__member__1__Value": "blue",
    "TransitiveTagKeys__member__1": "team",
}


@refusal(
    CHAINS,
    "more than an hour in a chain of roles",
    400,
    "ValidationError",
    "B: mmmorris1975/aws-runas#11",
)
def long_chain(account: Account) -> Answer:
    """The second role's maximum is four hours."""
    user = account.user()
    first = account.role(user.arn)
    second = account.role(first, MaxSessionDuration=14400)
    return account.assume(account.assumed(user.keys, first), second, DurationSeconds=3601)


@refusal(
    CHAINS,
    "tags that the trust policy does not allow",
    403,
    "AccessDenied",
    "B: aws-actions/configure-aws-credentials#54",
    text=f"{DENIED}sts:TagSession",
)
def untrusted_tags(account: Account) -> Answer:
    """It allows sts:AssumeRole, and not sts:TagSession."""
    user = account.user()
    tags = {"Tags__member__1__Key": "team", "Tags__member__1__Value": "blue"}
    return account.assume(user.keys, account.role(user.arn), **tags)


@refusal(
    CHAINS,
    "a source identity that the trust policy does not allow",
    403,
    "AccessDenied",
    "B: noqdev/iambic#357",
    text=f"{DENIED}sts:SetSourceIdentity",
)
def untrusted_source_identity(account: Account) -> Answer:
    """It allows sts:AssumeRole, and not sts:SetSourceIdentity."""
    user = account.user()
    return account.assume(user.keys, account.role(user.arn), SourceIdentity="alice")


@refusal(
    CHAINS,
    "a source identity that changes in a chain",
    400,
    "ValidationError",
    "B: mahitotsu/gekko_08, experiments/multi-hop-propagation",
)
def changed_source_identity(account: Account) -> Answer:
    """Both roles allow sts:SetSourceIdentity."""
    user = account.user()
    actions = ("sts:AssumeRole", "sts:SetSourceIdentity")
    first = account.role(user.arn, actions=actions)
    second = account.role(first, actions=actions)
    session = account.assumed(user.keys, first, SourceIdentity="alice")
    return account.assume(session, second, SourceIdentity="bob")


@refusal(
    CHAINS,
    "two tags that differ in case alone",
    400,
    "InvalidParameterValue",
    f"{SNAPSHOTS} 2025-04-10",
)
def tag_twice(account: Account) -> Answer:
    """The trust policy allows sts:TagSession."""
    user = account.user()
    tags = {
        f"Tags__member__{number}__{part}": text
        for number, key in enumerate(("team", "TEAM"), 1)
        for part, text in (("Key", key), ("Value", "blue"))
    }
    return account.assume(user.keys, account.role(user.arn, actions=TAGGING), **tags)


@refusal(
    CHAINS,
    "a transitive tag key without its tag",
    400,
    "InvalidParameterValue",
    f"{SNAPSHOTS} 2025-04-10",
)
def transitive_without_tag(account: Account) -> Answer:
    """The trust policy allows sts:TagSession."""
    user = account.user()
    role = account.role(user.arn, actions=TAGGING)
    return account.assume(user.keys, role, **(TRANSITIVE | {"Tags__member__1__Key": "other"}))


@refusal(
    CHAINS,
    "a transitive tag that changes in a chain",
    400,
    "InvalidParameterValue",
    f"{SNAPSHOTS} 2025-04-10",
)
def changed_tag(account: Account) -> Answer:
    """Both roles allow sts:TagSession."""
    user = account.user()
    first = account.role(user.arn, actions=TAGGING)
    second = account.role(first, actions=TAGGING)
    session = account.assumed(user.keys, first, **TRANSITIVE)
    other = {"Tags__member__1__Key": "team", "Tags__member__1__Value": "red"}
    return account.assume(session, second, **other)
