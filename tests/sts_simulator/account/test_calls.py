"""Requests, outcomes and records of calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sts_simulator.account.calls import LARGEST_RECORD, LONGEST_RECORDED, Outcome, Request, recorded
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import BREAKAGES, TIMEOUT, Fault
from tests.support.account_world import (
    ID,
    START,
    key,
    sign,
)


def outcome(**changes: Any) -> Outcome:  # noqa: ANN401 - any field
    """Return an outcome of a second's latency."""
    fields = {"operation": "X", "request_id": "id", "date": START, "answer": None}
    return Outcome(**{**fields, "latency": timedelta(seconds=1), **changes})


@pytest.mark.parametrize(
    ("seconds", "changes", "expected"),
    [
        (2, {}, (1, None)),
        (1, {}, (1, TIMEOUT)),
        (2, {"breakage": BREAKAGES["reset"]}, (1, BREAKAGES["reset"])),
        (1, {"breakage": BREAKAGES["reset"]}, (1, TIMEOUT)),
        (9, {"breakage": TIMEOUT}, (9, TIMEOUT)),
    ],
)
def test_what_a_client_sees_within_its_read_timeout(
    seconds: int, changes: dict[str, Any], expected: tuple[int, object]
) -> None:
    """The client waits until the answer or the timeout; a late answer is lost."""
    waited, breakage = outcome(**changes).within(timedelta(seconds=seconds))
    assert (waited, breakage) == (timedelta(seconds=expected[0]), expected[1])


def test_the_status_is_the_breakages_the_errors_or_200() -> None:
    """The status of a call without an answer is 0."""
    refused = AwsError("Throttling", None, 503)
    seen = [
        outcome(),
        outcome(answer=refused),
        outcome(breakage=BREAKAGES["html"]),
        outcome(breakage=TIMEOUT),
    ]
    assert [each.status for each in seen] == [200, 503, 502, 0]


def test_a_record_of_thousands_of_parameters_is_cut() -> None:
    """The first are kept, so long as names and texts have `LARGEST_RECORD` characters or fewer."""
    many = {"RoleArn": "r", "TokenCode": "1", "webIdentityToken": "eyJ"} | {
        f"p{n}": "v" * 900 for n in range(9990)
    }
    kept = recorded(Request("X", many, None), outcome(), None, START).parameters
    assert kept["RoleArn"] == "r"
    assert not kept.keys() & {"TokenCode", "webIdentityToken"}, "however a client spells it"
    size = sum(len(name) + len(text) for name, text in kept.items())
    assert LARGEST_RECORD - 1000 < size <= LARGEST_RECORD
    name = {"n" * 20_000_000: ""}
    assert recorded(Request("X", name, None), outcome(), None, START).parameters == {}


def test_a_record_of_millions_of_characters_is_cut() -> None:
    """Ten thousand records are kept, of which each could have ten million."""
    request = Request("X", {"Policy": "p" * 20_000}, sign(key("new"), START))
    refused = AwsError("ValidationError", "m" * 20_000)
    call = recorded(request, outcome(answer=refused), None, START, "123456789012")
    assert (len(call.parameters["Policy"]), call.account) == (LONGEST_RECORDED, "123456789012")
    assert len(str(call.message)) == len(str(call.reason)) == LONGEST_RECORDED


def test_a_record_has_no_code_and_names_the_fault() -> None:
    """TokenCode is left out; `code` is the error code or the fault's word."""
    request = Request("X", {"TokenCode": "123456", "SerialNumber": "s"}, sign(key("new"), START))
    fault = Fault.parse({"on": "*", "answer": "timeout"})
    call = recorded(request, outcome(breakage=fault.breakage), fault, START)
    assert (call.parameters, call.access_key_id) == ({"SerialNumber": "s"}, ID)
    assert (call.status, call.code) == (None, "timeout")
    refused = recorded(request, outcome(answer=AwsError("Throttling", None)), None, START)
    assert (refused.status, refused.code) == (400, "Throttling")
    assert recorded(Request("X", {}, None), outcome(), None, START).access_key_id is None
