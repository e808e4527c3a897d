"""The sessions of AssumeRoleWithWebIdentity: who they are, what they know, how long they last."""

from __future__ import annotations

import pytest

from sts_simulator.account import caller_context
from sts_simulator.account.answers import CallerIdentity
from sts_simulator.account.authentication import Principal
from sts_simulator.account.errors import AwsError
from tests.support.account_world import DIRECTORIES, World, a_world, lasts
from tests.support.web_identity_world import GITHUB, PROVIDER, SUBJECT, TABLE, granted, refused


@pytest.fixture(params=DIRECTORIES)
def world(request: pytest.FixtureRequest) -> World:
    """The table's account, with each kind of directory."""
    return a_world(request.param, TABLE)


def test_the_answer_and_the_caller_afterwards(world: World) -> None:
    """The answer names subject, audience and provider; the session is the role's, for an hour."""
    answer = granted(world)
    assert answer.vouched == {
        "SubjectFromWebIdentityToken": SUBJECT,
        "Provider": PROVIDER,
        "Audience": "sts.amazonaws.com",
    }
    assert (answer.packed_policy_size, answer.source_identity) == (None, None)
    assert lasts(world, answer.session).total_seconds() == 3600
    who = world.ask(who=answer.session)
    assert who == CallerIdentity("123456789012", answer.arn, answer.user_id)
    assert answer.arn == "arn:aws:sts::123456789012:assumed-role/plain/me"
    code = world.ask("GetSessionToken", who=answer.session)
    assert isinstance(code, AwsError)
    assert code.message == "Cannot call GetSessionToken with session credentials"


def test_the_provider_is_known_to_the_session(world: World) -> None:
    """C: requests of the session have aws:FederatedProvider and the provider's aud and sub."""
    answer = granted(world, claims={"repository": "octo-org/octo-repo"})
    issued = world.account.accounts.sessions.get(answer.session.access_key_id)
    assert issued is not None
    assert issued.keys == {
        "aws:federatedprovider": PROVIDER,
        f"{GITHUB}:aud": "sts.amazonaws.com",
        f"{GITHUB}:sub": SUBJECT,
    }
    assert issued.mfa_at is None
    who = world.account.authenticate(world.signature(answer.session))
    assert isinstance(who, Principal)
    keys = caller_context.of(who, world.clock.now(), "127.0.0.1")
    assert {**keys, **issued.keys} == keys


def test_the_providers_audiences_are_those_of_now(world: World) -> None:
    """A provider that is made anew without an audience refuses its tokens."""
    world.account.administrator.add_oidc_provider(f"https://{GITHUB}", ["other"])
    assert refused(world).message == "Incorrect token audience"
    granted(world, audience="other")


def test_a_session_outlives_its_token(world: World) -> None:
    """The role's limit bounds the session, not the token's end."""
    answer = granted(world, expires_in="1m", DurationSeconds=7200)
    world.clock.move_to(world.clock.now() + lasts(world, answer.session) / 2)
    assert isinstance(world.ask(who=answer.session), CallerIdentity)
