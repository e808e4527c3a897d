"""What can go wrong: each failure's text, code and attributes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from authkit.core.failures import (
    LONGEST_MESSAGE,
    CallFailed,
    Cancelled,
    CannotRun,
    Failure,
    KeyringTrouble,
    Refused,
    StateTrouble,
    Unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CALL = "GetSessionToken"
REFUSED = partial(Refused, CALL, "AccessDenied", "not authorized", status=403, request_id="req-1")
SILENT = partial(Unreachable, CALL, "no answer within 10 s", answered=False, sent=True)
BROKEN = partial(Unreachable, CALL, "the answer is not STS's", answered=True, sent=True)
LASTING = partial(
    Unreachable, CALL, "Invalid endpoint: x", answered=False, sent=False, lasting=True
)

# Each failure, its text, and everything that it holds: so none holds a secret (B-S01).
FAILURES: dict[str, tuple[Callable[[], Exception], str, dict[str, object]]] = {
    "refused": (
        REFUSED,
        "GetSessionToken: AccessDenied (403): not authorized",
        {
            "operation": CALL,
            "code": "AccessDenied",
            "message": "not authorized",
            "status": 403,
            "request_id": "req-1",
        },
    ),
    "no answer": (
        SILENT,
        "GetSessionToken: no answer within 10 s",
        {
            "operation": CALL,
            "code": "no answer",
            "reason": "no answer within 10 s",
            "answered": False,
            "sent": True,
        },
    ),
    "a broken answer": (
        BROKEN,
        "GetSessionToken: the answer is not STS's",
        {
            "operation": CALL,
            "code": "broken answer",
            "reason": "the answer is not STS's",
            "answered": True,
            "sent": True,
        },
    ),
    "a call that cannot be made": (
        LASTING,
        "GetSessionToken: Invalid endpoint: x",
        {
            "operation": CALL,
            "code": "cannot ask",
            "reason": "Invalid endpoint: x",
            "answered": False,
            "sent": False,
        },
    ),
    "the keyring": (
        partial(KeyringTrouble, "corrupt", "it is not JSON", "dev-admin"),
        "corrupt: it is not JSON",
        {
            "state": "corrupt",
            "reason": "it is not JSON",
            "identity": "dev-admin",
            "says": "",
            "hint": "",
        },
    ),
    "the state folder": (
        partial(StateTrouble, "/state/locks/dev-admin", "Permission denied"),
        "/state/locks/dev-admin: Permission denied",
        {"path": "/state/locks/dev-admin", "reason": "Permission denied", "says": "state-trouble"},
    ),
    "a command": (
        partial(CannotRun, 127, "command not found"),
        "command not found",
        {"status": 127, "reason": "command not found"},
    ),
    "the person": (Cancelled, "", {}),
    "an end": (
        partial(Failure, "no-session", 2, identity="dev-admin"),
        "no-session",
        {"name": "no-session", "status": 2, "values": {"identity": "dev-admin"}},
    ),
}


@pytest.mark.parametrize(("fail", "text", "held"), FAILURES.values(), ids=FAILURES.keys())
def test_failures(fail: Callable[[], Exception], text: str, held: dict[str, object]) -> None:
    """B-S01, B-L18: a failure's text, and all that it holds."""
    failure = fail()
    assert str(failure) == text
    assert vars(failure) == held


@pytest.mark.parametrize("fail", [REFUSED, SILENT, BROKEN, LASTING])
def test_a_failed_call_has_every_attribute(fail: Callable[[], CallFailed]) -> None:
    """B-L18: the table of rules reads the same attributes of any failed call."""
    trouble = fail()
    texts = (trouble.operation, trouble.code, trouble.message, trouble.request_id, trouble.reason)
    assert all(isinstance(text, str) for text in texts)
    assert isinstance(trouble.status, int)
    assert bool(trouble.reason) == isinstance(trouble, Unreachable)


def test_a_refusal_of_the_aws_library() -> None:
    """B-L20: the defaults are STS's; a refusal before anything was sent has the status 0."""
    assert Refused(CALL, "ValidationError").status == 400
    assert Refused(CALL, "ValidationError", status=0).status == 0
    without = Refused(CALL, "")
    assert (without.code, without.message) == ("", ""), "an answer without a code"


def test_where_the_trouble_is_not_told() -> None:
    """B-A04: of the keyring as a whole there is no identity, nor a hint but the state's."""
    trouble = KeyringTrouble("locked", "it is locked")
    assert (trouble.identity, trouble.says, trouble.hint) == ("", "", "")


def test_ctrl_c_is_no_failed_call() -> None:
    """B-L06: the loop of a login treats the failures of calls alone as trouble to look up."""
    others = (Cancelled, KeyringTrouble, StateTrouble, CannotRun)
    assert not any(issubclass(failure, CallFailed) for failure in others)


def test_a_reason_from_outside_has_a_bound() -> None:
    """B-L26: what a library says of a broken connection is shown to 500 characters."""
    trouble = Unreachable("GetCallerIdentity", "x" * 100_000, answered=False, sent=True)
    assert len(trouble.reason) == LONGEST_MESSAGE


@pytest.mark.parametrize("fail", [SILENT, BROKEN, LASTING])
def test_without_an_answer(fail: Callable[[], CallFailed]) -> None:
    """B-L18: where AWS has not answered there is nothing that it said."""
    trouble = fail()
    assert (trouble.message, trouble.status, trouble.request_id) == ("", 0, "")


def test_what_aws_says_is_cut() -> None:
    """B-L26: 500 characters of a message, and 100 of a code, are shown at most."""
    refused = Refused(CALL, "C" * 101, "m" * 501, request_id="r" * 101)
    assert (len(refused.code), len(refused.message), len(refused.request_id)) == (100, 500, 100)
