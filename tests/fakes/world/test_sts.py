"""The account behind authkit's port: what it translates, and when botocore would not send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from authkit.core.failures import Refused, Unreachable
from authkit.core.model import AccessKeys, Caller, MfaCode, RoleRequest, Secret, Session
from fakes.world.clock import VirtualClock
from fakes.world.sts import PortSts, read_timeout
from sts_simulator.account.account import Account
from sts_simulator.account.faults import BREAKAGES, Fault

NOON = datetime(2024, 12, 22, 12, 0, 0, 800_000, tzinfo=UTC)
SERIAL = "arn:aws:iam::123456789012:mfa/user"
KEYS = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret("new-secret"))
TABLE = {
    "keys": {"new": {"id": KEYS.access_key_id, "secret": KEYS.secret_access_key.reveal()}},
    "mfa": {"arn": SERIAL, "codes": ["123456"]},
    "roles": {"deploy": {"external_id": "ticket-42"}},
}
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> VirtualClock:
    """A clock at noon."""
    return VirtualClock(NOON)


@pytest.fixture
def account(clock: VirtualClock) -> Account:
    """An account with a key, a device and a role."""
    return Account.from_table(TABLE, clock.now)


@pytest.fixture
def sts(account: Account, clock: VirtualClock) -> PortSts:
    """The port, in us-east-1."""
    return PortSts(account, "us-east-1", clock)


def test_answers_are_authkits_values(sts: PortSts) -> None:
    """A caller, a session whose secrets are masked, and a session of a role."""
    caller = sts.get_caller_identity(KEYS)
    assert isinstance(caller, Caller)
    assert caller.arn == "arn:aws:iam::123456789012:user/dev-admin"
    code = MfaCode(SERIAL, Secret("123456"))
    session = sts.get_session_token(KEYS, duration=36 * 3600, mfa=code)
    assert isinstance(session, Session)
    assert session.granted == int(NOON.timestamp())
    assert session.expiration - session.granted == 36 * 3600
    assert sts.get_caller_identity(session) == caller
    assert session.session_token.reveal() not in repr(session)
    request = RoleRequest(
        role_arn="arn:aws:iam::123456789012:role/deploy",
        session_name="me",
        duration=3600,
        external_id="ticket-42",
    )
    role = sts.assume_role(session, request)
    assert sts.get_caller_identity(role).arn.endswith(":assumed-role/deploy/me")


def test_a_refusal_has_all_that_sts_said(sts: PortSts) -> None:
    """Operation, code, message, status and request id."""
    with pytest.raises(Refused) as caught:
        sts.get_caller_identity(AccessKeys(KEYS.access_key_id, Secret("wrong")))
    refused = caught.value
    assert (refused.operation, refused.code) == ("GetCallerIdentity", "SignatureDoesNotMatch")
    assert refused.message.startswith("The request signature we calculated")
    assert (refused.status, len(refused.request_id)) == (403, 36)


def test_what_botocore_does_not_send(sts: PortSts, account: Account) -> None:
    """A value below its minimum is refused with status 0, and STS sees no call."""
    with pytest.raises(Refused, match="valid min value: 900") as caught:
        sts.get_session_token(KEYS, duration=1, mfa=None)
    assert (caught.value.code, caught.value.status) == ("ValidationError", 0)
    assert account.calls == []


@pytest.mark.parametrize(
    ("answer", "reason", "answered"),
    [
        ("timeout", "no answer within 10 s", False),
        ("reset", "the connection closed unanswered", False),
        ("truncated", "the answer is not STS's", True),
        ("cut", "the answer is not STS's", True),
        ("garbage", "the answer is not STS's", True),
        ("html", "HTTP 502 without an STS error", True),
        ("empty", "the answer is not STS's", True),
    ],
)
def test_broken_answers(
    sts: PortSts, account: Account, answer: str, reason: str, *, answered: bool
) -> None:
    """Each is Unreachable, in the words of authkit's own client."""
    account.faults.add(Fault(on="*", answer=answer))
    with pytest.raises(Unreachable) as caught:
        sts.get_caller_identity(KEYS)
    lost = caught.value
    assert (lost.reason, lost.answered, lost.sent) == (reason, answered, True)


def test_every_broken_answer_is_tried() -> None:
    """The table above has every word that there is."""
    rows = test_broken_answers.pytestmark[0].args[1]  # type: ignore[attr-defined]  # pytest's mark
    assert {row[0] for row in rows} == set(BREAKAGES)


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        ("html", 200, "the answer is not STS's"),
        ("html", 300, "HTTP 300 without an STS error"),
        ("empty", 499, "the answer is not STS's"),
        ("empty", 500, "HTTP 500 without an STS error"),
        ("garbage", 599, "the answer is not STS's"),
    ],
)
def test_a_broken_answer_with_a_status(
    sts: PortSts, account: Account, answer: str, status: int, reason: str
) -> None:
    """Botocore reads some of them as an error without a code, from a status on."""
    account.faults.add(Fault(on="*", answer=answer, status=status))
    with pytest.raises(Unreachable) as caught:
        sts.get_caller_identity(KEYS)
    assert caught.value.reason == reason


def test_waits_pass_on_the_clock(sts: PortSts, account: Account, clock: VirtualClock) -> None:
    """As long as the answer takes, or as authkit waits for it: less for a session's check."""
    session = sts.get_session_token(KEYS, duration=3600, mfa=None)
    account.faults.add(Fault(on="*", latency=timedelta(seconds=4), times=2))
    sts.get_caller_identity(KEYS)
    assert clock.now() == NOON + timedelta(seconds=4)
    with pytest.raises(Unreachable, match="no answer within 3 s"):
        sts.get_caller_identity(session)
    assert clock.now() == NOON + timedelta(seconds=7)
    assert read_timeout("AssumeRole", has_session_token=True) == timedelta(seconds=10)
