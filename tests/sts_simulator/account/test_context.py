"""The checks that several operations make, and the reasons they give."""

from __future__ import annotations

from sts_simulator.account.errors import AwsError
from tests.support.account_world import SERIAL, World


def why(world: World, **changes: object) -> str:
    """Return the reason of a refusal of GetSessionToken, which AWS does not tell."""
    answer = world.ask("GetSessionToken", **changes)
    assert isinstance(answer, AwsError)
    assert world.account.calls[-1].reason == answer.reason
    return answer.reason


def test_reasons(world: World) -> None:
    """Each refusal says what was wrong, in a way that finds the fault (issue 17, item 6)."""
    mfa = {"SerialNumber": SERIAL, "TokenCode": "123456"}
    session = world.session(**mfa)
    assert why(world, **mfa) == "the code was used 0 s ago"
    assert why(world, **mfa | {"TokenCode": "000000"}) == "the device does not show this code"
    assert why(world, **mfa | {"SerialNumber": SERIAL + "x"}).startswith("there is no enabled")
    other = {"SerialNumber": SERIAL[:-4] + "else", "TokenCode": "111111"}
    assert why(world, **other) == "the device is somebody-else's"
    assert why(world, SerialNumber=SERIAL) == "TokenCode is not in the request"
    assert why(world, region="eu-west-3") == "STS is switched off in eu-west-3"
    assert why(world, who=session) == "the caller is a session of GetSessionToken"


def test_a_token_has_the_size_that_is_asked_for(world: World) -> None:
    """MinimumSessionTokenSize is granted up to 4,096 (simulator-gaps F14; service model)."""
    usual = world.session()
    assert len(world.session(MinimumSessionTokenSize="4000").session_token) >= 4000
    assert len(world.session(MinimumSessionTokenSize="100").session_token) == len(
        usual.session_token
    )
    assert world.session(MinimumSessionTokenSize="4096").utilization == 100
    answer = world.ask("GetSessionToken", MinimumSessionTokenSize="4097")
    assert isinstance(answer, AwsError)
    assert answer.code == "ValidationError"
