"""How broken answers look over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sts_simulator.account.faults import BREAKAGES, Fault
from sts_simulator.wire.broken_answers import broken
from tests.support.signed_requests import (
    CALLER,
    an_account,
    ask,
    signed,
)

if TYPE_CHECKING:
    from sts_simulator.account.account import Account


@pytest.fixture
def account() -> Account:
    """An account with one key, at the real time."""
    return an_account()


@pytest.mark.parametrize(
    ("answer", "status", "content_type"),
    [
        ("html", 502, "text/html"),
        ("garbage", 200, "text/xml"),
        ("empty", 200, "text/xml"),
        ("truncated", 200, "text/xml"),
    ],
)
def test_broken_answers(account: Account, answer: str, status: int, content_type: str) -> None:
    """A broken answer has its default status and type, and is not a complete STS answer."""
    account.faults.add(Fault.parse({"on": "*", "answer": answer}))
    broken, right = ask(account, signed(CALLER)), ask(account, signed(CALLER))
    assert (broken.status, broken.headers["Content-Type"]) == (status, content_type)
    assert len(broken.body) < len(right.body)
    assert b"</GetCallerIdentityResponse>" not in broken.body
    assert ("x-amzn-RequestId" in broken.headers) is (answer == "truncated")


def test_every_breakage_with_a_status_has_a_look() -> None:
    """A truncated answer is the first half of STS's; the others have bytes of their own."""
    right = b"0123456789"
    looked_at = [each for each in BREAKAGES.values() if each.status and not each.cuts]
    looks = [broken(breakage, right) for breakage in looked_at]
    assert len(set(looks)) == len(looks)
    assert broken(BREAKAGES["truncated"], right) == ("text/xml", b"01234")
    assert broken(BREAKAGES["cut"], right) == ("text/xml", b"01234")
    in_fault = Fault(on="*", answer="html", status=500).breakage
    assert in_fault is not None
    assert b"500 Internal Server Error" in broken(in_fault, right)[1]  # simulator-gaps S6
    assert broken(BREAKAGES["empty"], right) == ("text/xml", b"")
    assert broken(BREAKAGES["html"], right)[1].startswith(b"<html>")
    assert broken(BREAKAGES["garbage"], right)[1].startswith(b"\x16\x03")
