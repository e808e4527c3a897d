"""Operations that only refuse here, as AWS refuses an account that has not set them up.

C: the service model has the codes and the statuses.  What would have to be set up (an
organization, outbound federation, an encoded message) does not exist here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sts_simulator.account import context, errors

if TYPE_CHECKING:
    from sts_simulator.account.answers import Answer
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.context import Context, Operation, Parameters


def assume_root(account: Context, who: Principal, asked: Parameters) -> Answer:
    """Refuse: the account is no member of an organization that the caller manages."""
    refused = errors.NOT_ASSUMABLE.fill(
        arn=who.arn, action="sts:AssumeRoot", role=asked["TargetPrincipal"]
    )
    return context.disabled_refusal(account) or refused.because("there is no organization")


def decode_authorization_message(_account: Context, _who: Principal, _asked: Parameters) -> Answer:
    """Refuse: the simulator encodes no messages."""
    return errors.BAD_AUTHORIZATION_MESSAGE.because("no message was encoded here")


def get_delegated_access_token(_account: Context, _who: Principal, _asked: Parameters) -> Answer:
    """Refuse: the simulator issues no trade-in tokens."""
    return errors.TRADE_IN_TOKEN_EXPIRED.because("no trade-in token was issued here")


def get_scoped_credentials(_account: Context, who: Principal, _asked: Parameters) -> Answer:
    """Refuse: long-lived keys may not call it, and sessions are not narrowed here."""
    lasting = "the caller has long-lived keys"
    reason = "the simulator narrows no sessions" if who.issued else lasting
    return errors.NO_SUBJECT.because(reason)


def get_web_identity_token(_account: Context, _who: Principal, _asked: Parameters) -> Answer:
    """Refuse: the account has not enabled outbound federation, as no account has at first."""
    return errors.NO_OUTBOUND_FEDERATION.because("outbound federation is not enabled")


REFUSING: dict[str, Operation] = {
    "AssumeRoot": assume_root,
    "DecodeAuthorizationMessage": decode_authorization_message,
    "GetDelegatedAccessToken": get_delegated_access_token,
    "GetScopedCredentials": get_scoped_credentials,
    "GetWebIdentityToken": get_web_identity_token,
}
