"""Roles for whom an identity provider vouches, without a signature of AWS's.

What AssumeRoleWithSAML and AssumeRoleWithWebIdentity have in common: each verifies its
own kind of proof between `refusal` and `grant`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account import context, parameters, role_session, session_tags
from sts_simulator.account.session_tags import Passed

if TYPE_CHECKING:
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.context import Context, Parameters
    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.role_session import Asker


def refusal(account: Context, asked: Parameters) -> AwsError | None:
    """Return the error of a request that does not depend on the proof in it."""
    return (
        context.disabled_refusal(account)
        or context.role_refusal(asked)
        or context.policy_refusal(asked)
    )


def grant(account: Context, who: Asker, asked: Parameters, told: dict[str, str]) -> Answer:
    """Issue a session of a role, if its trust policy allows it to whom the provider vouches for.

    `told` is what the proof says, as the parameters of AssumeRole would say it: `tags_told`,
    SourceIdentity, RoleSessionName.  The same rules hold for it.  Of what is asked only the
    operation's own parameters count: the caller has no tags to give.
    """
    own = {*parameters.CONSTRAINTS[who.operation]}
    asked = {n: v for n, v in asked.items() if n in own or n.startswith("PolicyArns.")} | told
    passed = session_tags.passed(
        asked, Passed(), context.session_policies(account.directory, asked)
    )
    refused = (
        parameters.refusal("AssumeRole", asked)
        or session_tags.refusal(asked, Passed())
        or context.token_refusal(passed)
    )
    return refused or role_session.grant(account, who, asked, passed)


def tags_told(tags: dict[str, str], transitive: list[str]) -> dict[str, str]:
    """Return session tags and the keys of the transitive ones as parameters of AssumeRole."""
    written: dict[str, str] = {}
    for number, (key, value) in enumerate(tags.items(), 1):
        written |= {f"Tags.member.{number}.Key": key, f"Tags.member.{number}.Value": value}
    keys = enumerate(transitive, 1)
    return written | {f"TransitiveTagKeys.member.{number}": key for number, key in keys}
