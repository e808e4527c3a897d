"""Faults: how they are written and counted, and which of them use up an MFA code."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from typing import Any

import pytest

from sts_simulator.account.answers import CallerIdentity, Session
from sts_simulator.account.calls import Request
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import BREAKAGES, Fault, Faults
from tests.support.account_world import SERIAL, START, World, key, sign


@pytest.mark.parametrize(
    ("answer", "then"),
    [
        ("timeout", AwsError),
        ("truncated", AwsError),
        ("reset", Session),
        ("html", Session),
        ("Throttling", Session),
    ],
)
def test_a_lost_answer_costs_the_code_where_sts_did_its_work(
    world: World, answer: str, then: type
) -> None:
    """With `timeout` and `truncated` STS does the work; other faults replace it (B-L12)."""
    world.account.faults.add(Fault.parse({"on": "GetSessionToken", "answer": answer}))
    parameters = {"SerialNumber": SERIAL, "TokenCode": "123456"}
    world.account.call(Request("GetSessionToken", parameters, sign(key("new"), START)))
    assert isinstance(world.ask("GetSessionToken", **parameters), then)


def test_latency_of_a_fault_takes_the_place_of_the_accounts(world: World) -> None:
    """An answer has the account's latency, or the fault's if it has one."""
    world.account.latency = timedelta(milliseconds=400)
    world.account.faults.add(Fault.parse({"on": "*", "latency": "1m30s"}))
    request = Request("GetCallerIdentity", {}, sign(key("new"), START))
    slow, usual = world.account.call(request), world.account.call(request)
    assert isinstance(slow.answer, CallerIdentity)
    assert slow.latency == timedelta(seconds=90)
    assert usual.latency == timedelta(milliseconds=400)
    assert usual.within(usual.latency) == (usual.latency, BREAKAGES["timeout"])


def test_a_fault_counts_its_calls() -> None:
    """`after` counts calls that the fault concerns, `times` those that it answers."""
    faults = Faults(
        [
            Fault.parse({"on": "GetSessionToken", "answer": "timeout", "after": 1, "times": 2}),
            Fault.parse({"on": "*", "answer": "reset", "user": "dev-admin", "times": 0}),
        ]
    )
    taken = [faults.take("GetSessionToken", "somebody") for _ in range(4)]
    assert [fault and fault.answer for fault in taken] == [None, "timeout", "timeout", None]
    assert [faults.take("GetCallerIdentity", "dev-admin") for _ in range(3)] == faults.pending() * 3


def test_faults_count_exactly_under_concurrency() -> None:
    """Many threads together get a fault exactly as often as it says."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # have threads get in each other's way
    once = Fault.parse({"on": "*", "answer": "reset"})
    often = Fault.parse({"on": "*", "answer": "html", "after": 500, "times": 75})
    faults = Faults([once] * 300 + [often])
    taken: list[Fault | None] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(faults.take("X", None) for _ in range(100)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(usual)
    assert (taken.count(once), taken.count(often)) == (300, 75)


@pytest.mark.parametrize(
    ("table", "trouble"),
    [
        ({"on": "*"}, "fault: a fault needs an answer, a latency, or both"),
        ({"answer": "reset"}, "fault: 'on' is a required property"),
        ({"on": "*", "latency": 3}, "fault.latency: 3 is not of type 'string'"),
        ({"on": "*", "answer": "reset", "times": -1}, "fault.times: -1 is less than the minimum"),
        ({"on": "*", "answer": "reset", "tmes": 1}, "fault: Additional properties are not allowed"),
        ("reset", "fault: 'reset' is not of type 'object'"),
    ],
)
def test_a_wrong_fault_says_where_and_why(table: Any, trouble: str) -> None:  # noqa: ANN401 - JSON
    """The error names the wrong place in the fault."""
    with pytest.raises(ValueError, match="fault") as caught:
        Fault.parse(table)
    assert str(caught.value).startswith(trouble)


def test_the_request_id_of_a_fault(world: World) -> None:
    """A fault may say which request id its answer has; the next answer has an id of its own."""
    world.account.faults.add(
        Fault.parse({"on": "*", "answer": "Throttling", "request_id": "the-request"})
    )
    request = Request("GetCallerIdentity", {}, sign(key("new"), START))
    assert world.account.call(request).request_id == "the-request"
    assert world.account.call(request).request_id not in {"", "the-request"}


@pytest.mark.parametrize(
    ("operation", "code", "status", "message"),
    [
        ("SAML", "AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithSAML"),
        ("SAML", "IDPRejectedClaim", 403, "The identity provider reported that authentication"),
        ("SAML", "InvalidIdentityToken", 400, "Response does not contain the required audience."),
        ("SAML", "ExpiredTokenException", 400, "Response has expired"),
        ("SAML", "Throttling", 400, "Rate exceeded"),
        ("WebIdentity", "AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebId"),
        ("WebIdentity", "IDPRejectedClaim", 403, "Not authorized to perform sts:AssumeRoleWithW"),
        ("WebIdentity", "InvalidIdentityToken", 400, "Incorrect token audience"),
        ("WebIdentity", "ExpiredTokenException", 400, "Token expired: current date/time 1735002"),
    ],
)
def test_a_faults_message_is_the_operations_own(
    world: World, operation: str, code: str, status: int, message: str
) -> None:
    """A code that SAML and web identity both answer has the words of the one that is asked."""
    world.account.faults.add(Fault.parse({"on": "*", "answer": code}))
    answer = world.account.call(Request(f"AssumeRoleWith{operation}", {}, None)).answer
    assert isinstance(answer, AwsError)
    assert (answer.code, answer.status) == (code, status)
    assert str(answer.message).startswith(message)
