"""Operations that only refuse (simulator-gaps F28).  Source: the service model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sts_simulator.account.errors import AwsError
from tests.support import public_model

if TYPE_CHECKING:
    from tests.support.account_world import World

ASKED: dict[str, tuple[dict[str, str], str]] = {
    "AssumeRoot": (
        {"TargetPrincipal": "123456789012", "TaskPolicyArn.arn": "arn:aws:iam::aws:policy/x"},
        "AccessDenied",
    ),
    "DecodeAuthorizationMessage": ({"EncodedMessage": "x"}, "InvalidAuthorizationMessageException"),
    "GetDelegatedAccessToken": ({"TradeInToken": "x"}, "ExpiredTradeInTokenException"),
    "GetScopedCredentials": ({}, "InvalidSubjectCredentials"),
    "GetWebIdentityToken": (
        {"Audience.member.1": "a", "SigningAlgorithm": "RS256"},
        "OutboundWebIdentityFederationDisabledException",
    ),
}


@pytest.mark.parametrize("operation", ASKED)
def test_modelled_refusals(world: World, operation: str) -> None:
    """Code and status are the model's, whoever asks; a missing parameter comes first."""
    asked, code = ASKED[operation]
    for who in (None, world.session()):
        answer = world.ask(operation, who=who, **asked)
        assert isinstance(answer, AwsError)
        assert answer.code == code
        assert answer.reason
        statuses = {answer.status}
    if code != "AccessDenied":
        assert statuses == {public_model.statuses(operation)[code]}
    for name in asked:
        fewer = {key: value for key, value in asked.items() if key != name}
        refused = world.ask(operation, **fewer)
        assert isinstance(refused, AwsError)
        assert refused.code == "ValidationError"
    assert "TradeInToken" not in world.account.calls[0].parameters
