"""AssumeRoleWithWebIdentity."""

from __future__ import annotations

from tests.support.account_world import DIRECTORIES, a_world, code


def test_no_signature_is_needed() -> None:
    """The operation answers a request without a signature, after checking its parameters."""
    for directory in DIRECTORIES:
        world = a_world(directory)
        asked = {"RoleArn": "arn:aws:iam::123456789012:role/x", "RoleSessionName": "me"}
        answer = world.ask_unsigned("AssumeRoleWithWebIdentity", **asked)
        assert code(answer) == "ValidationError"
        answer = world.ask_unsigned("AssumeRoleWithWebIdentity", **asked, WebIdentityToken="a.b.c")
        assert code(answer) == "InvalidIdentityToken"
        assert world.account.calls[-1].parameters == asked
