"""AssumeRoleWithWebIdentity: a role for the bearer of an OpenID Connect token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account import errors, federation

if TYPE_CHECKING:
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.context import Context, Parameters

OPERATION = "AssumeRoleWithWebIdentity"


def assume_role_with_web_identity(account: Context, asked: Parameters) -> Answer:
    """Issue a session of a role, if the token is good and the role's trust policy allows it."""
    return federation.refusal(account, asked) or errors.NO_OIDC_PROVIDER.fill(url="")
