"""The account as botocore's transport: boto3 on top, no socket below."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.endpoint import DEFAULT_TIMEOUT
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from authkit.adapters.sts import isolated_session
from sts_simulator.account.account import Account
from sts_simulator.account.clock import Clock, real_time
from sts_simulator.account.faults import Fault
from sts_simulator.wire.botocore_hook import DEFAULT_READ_TIMEOUT, Hook
from tests.support.signed_requests import ID, SECRET, TABLE


@pytest.fixture
def hook() -> Hook:
    """A hook with an account at the real time."""
    clock = Clock(real_time())
    return Hook(Account.from_table(TABLE, clock.now), clock)


@pytest.fixture
def sts(hook: Hook) -> Any:  # noqa: ANN401 - boto3 is not typed
    """A boto3 client whose STS is the hook."""
    session = isolated_session()
    hook.register(session)
    return boto3.Session(botocore_session=session).client(
        "sts",
        region_name="us-east-1",
        aws_access_key_id=ID,
        aws_secret_access_key=SECRET,
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_boto3_reads_the_answers(hook: Hook, sts: Any) -> None:  # noqa: ANN401 - boto3 is not typed
    """boto3 reads results and errors, from whichever account the hook has."""
    assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/dev-admin"
    assert sts.get_session_token()["Credentials"]["AccessKeyId"].startswith("ASIA")
    hook.account = Account.from_table({}, hook.clock.now)
    with pytest.raises(ClientError, match="InvalidClientTokenId") as refused:
        sts.get_caller_identity()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert [call.code for call in hook.account.calls] == ["InvalidClientTokenId"]


@pytest.mark.parametrize(
    ("answer", "error"), [("timeout", ReadTimeoutError), ("reset", ConnectionClosedError)]
)
def test_no_answer_is_botocores_own_error(
    hook: Hook,
    sts: Any,  # noqa: ANN401 - boto3 is not typed
    answer: str,
    error: type[Exception],
) -> None:
    """Botocore raises what it raises on a socket."""
    hook.account.faults.add(Fault("*", answer))
    with pytest.raises(error):
        sts.get_caller_identity()


def test_waits_pass_on_the_clock(hook: Hook, sts: Any) -> None:  # noqa: ANN401 - boto3 is not typed
    """The clock moves by the latency, or by the read timeout if that is shorter."""
    start = hook.clock.now()
    hook.account.faults.add(Fault("*", latency=timedelta(seconds=5), times=2))
    sts.get_caller_identity()
    assert hook.clock.now() == start + timedelta(seconds=5)
    hook.read_timeout = lambda _operation, _has_token: timedelta(seconds=2)
    with pytest.raises(ReadTimeoutError):
        sts.get_caller_identity()
    assert hook.clock.now() == start + timedelta(seconds=7)
    assert timedelta(seconds=DEFAULT_TIMEOUT) == DEFAULT_READ_TIMEOUT


def test_the_hook_is_told_whether_a_session_signs(hook: Hook, sts: Any) -> None:  # noqa: ANN401 - boto3 is not typed
    """`read_timeout` is called with the operation, and whether there is a session token."""
    asked: list[tuple[str, bool]] = []

    def read_timeout(operation: str, has_session_token: bool) -> timedelta:  # noqa: FBT001 - the hook's form
        asked.append((operation, has_session_token))
        return DEFAULT_READ_TIMEOUT

    hook.read_timeout = read_timeout
    sts.get_caller_identity()
    granted = sts.get_session_token()["Credentials"]
    session = isolated_session()
    hook.register(session)
    boto3.Session(botocore_session=session).client(
        "sts",
        region_name="us-east-1",
        aws_access_key_id=granted["AccessKeyId"],
        aws_secret_access_key=granted["SecretAccessKey"],
        aws_session_token=granted["SessionToken"],
    ).get_caller_identity()
    assert asked == [
        ("GetCallerIdentity", False),
        ("GetSessionToken", False),
        ("GetCallerIdentity", True),
    ]
