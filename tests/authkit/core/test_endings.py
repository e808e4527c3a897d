"""What a command says about trouble, and the Failure that it ends with."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.core import endings, render
from authkit.core.failures import KeyringTrouble, Refused, StateTrouble
from authkit.core.keyring_hints import hint
from authkit.core.messages import BY_OPTION
from authkit.core.rules import RULES, Action
from tests.authkit.core.refusals import AHEAD, BEHIND, EXAMPLES, named
from tests.support.saying import said as said_of

LAW = settings(max_examples=80)
NAMES = [rule.name for rule in RULES]


# The texts of a row.


def placeholders(template: str) -> set[str]:
    """Return the names in a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def facts(name: str) -> dict[str, object]:
    """Return the facts that every flow has for the example of a row."""
    seen, trouble = EXAMPLES[name]
    flow = {"identity": "dev-admin", "region": seen.region, "access_key_id": "AKIAXXXXXXXXXXXXXXXX"}
    return endings.facts(trouble, **flow, vendor="AWS", principal="arn:principal")


@pytest.mark.parametrize("name", NAMES)
def test_templates_name_known_facts(name: str) -> None:
    """B-A04: a template names only facts that the row's flows have."""
    row = named(name)
    provided = set(facts(name)) | {"login", "configure", *BY_OPTION}  # `again.said` gives them
    if row.action in {Action.ASK_CODE, Action.ASK_DEVICE}:
        provided.add("mfa_arn")  # only a call with a code can be refused so
    if row.operation == "AssumeRole":
        provided |= {"role_arn", "source", "source_login"}
    assert placeholders(row.meaning + row.hint) <= provided


@pytest.mark.parametrize("name", NAMES)
def test_the_meaning_of_a_row_with_pauses(name: str) -> None:
    """B-L18: the meaning of a row with pauses names only facts of the call itself."""
    if named(name).action is Action.WAIT:
        assert placeholders(named(name).meaning) <= {"code", "status", "reason"}


@pytest.mark.parametrize("name", [rule.name for rule in RULES if rule.action is Action.STOP])
def test_an_ending_has_three_parts(name: str) -> None:
    """B-A04: an ending says what happened, what was done, and what to do next."""
    of_role = {"role_arn": "arn:role", "source": "dev-admin"}
    failure = endings.ending(named(name), facts(name) | of_role, done="What was done.")
    shown = said_of(failure)
    what, following = shown.split("\n  What was done.\n")
    assert what.startswith("✗ ")
    message = facts(name)["message"]
    assert what.endswith(f"\n  AWS says: {message}" if message else ".")
    assert following.startswith("  ")
    assert failure.status == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (
            "clock-skew",
            "AWS refused the time of the request: your clock is 1 h 45 m behind",
        ),
        (
            "access-denied",
            "AWS denied GetSessionToken to arn:principal",
        ),
        ("unknown", "AWS refused GetSessionToken with NeverHeardOf,\n  request id req-1"),
        ("keys-revoked", "Key AKIAXXXXXXXXXXXXXXXX was rotated or revoked"),
        ("secret-mismatch", "The secret is wrong for key AKIAXXXXXXXXXXXXXXXX"),
        ("region-not-enabled", "The region me-south-1 is not enabled for this account"),
    ],
)
def test_what_is_said_to_have_happened(name: str, shown: str) -> None:
    """B-L04, B-L09, B-L15, B-L19, B-L20: the meaning in plain words, with its facts."""
    assert render.fill(named(name).meaning, **facts(name)).startswith(shown)


def test_a_refusal_without_a_request_id() -> None:
    """B-L20: a missing request id is "none"; the message has no blanks at its ends."""
    refused = Refused("GetSessionToken", "Odd", " padded ")
    given_facts = endings.facts(refused)
    assert (given_facts["request_id"], given_facts["message"]) == ("none", "padded")


# Denials whose policy AWS names.

DENIED = "User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole on resource: r "


@pytest.mark.parametrize(
    ("kind", "whom"),
    [
        ("a service control policy", "runs the AWS organization: one of its service control"),
        ("a resource control policy", "runs the AWS organization: one of its resource control"),
        ("a permissions boundary", "set the permissions boundary"),
        ("a VPC endpoint policy", "runs the VPC endpoint"),
        ("a session policy", "made the session"),
        ("a resource-based policy", "owns what was asked for"),
        ("an identity-based policy", "manages the IAM policies"),
    ],
)
@pytest.mark.parametrize("name", ["access-denied", "role-denied"])
def test_whom_to_ask(name: str, kind: str, whom: str) -> None:
    """B-L15, B-A04: of a policy whose kind AWS names it is said who can change it."""
    without = kind.partition(" ")[2]
    for said in (
        f"with an explicit deny in {kind}",
        f"with an explicit deny in {kind}: arn:aws:organizations::1:policy/o-1/p-1",
        f"because no {without} allows the sts:AssumeRole action",
    ):
        given = facts(name) | {"message": DENIED + said, "principal": "x", "role_arn": "r"}
        failure = endings.ending(named(name), given, done="")
        shown = said_of(failure)
        assert f"Ask whoever {whom}" in shown
        assert "Check the" not in shown
        assert shown.endswith(".")


@pytest.mark.parametrize(
    "said", ["", "with an explicit deny", "in the noservice control policy", "no policy allows it"]
)
def test_a_denial_by_an_unnamed_policy(said: str) -> None:
    """B-L15: without a kind the row's own hint is shown."""
    assert endings.denied_by(DENIED + said) == ""


# How far the clock is off.


def offset_in(message: str) -> str:
    """Return how far the clock is off, as a message says it."""
    return render.clock_is_off(endings.clock_offset(message))


@pytest.mark.parametrize(
    ("message", "offset"),
    [
        (BEHIND, "your clock is 1 h 45 m behind AWS"),
        (AHEAD, "your clock is 12 h 32 m ahead of AWS"),
        (BEHIND.replace("20220127T001427Z", "20220127T013927Z"), "your clock is 20 m behind AWS"),
        (BEHIND.replace("20220127T001427Z", "20220127T014232Z"), "your clock is 16 m behind AWS"),
        (AHEAD.replace("20210112T194419Z", "20210112T073120Z"), "your clock is 20 m ahead of AWS"),
        (AHEAD.replace("20210112T194419Z", "20210112T073119Z"), "your clock is 19 m ahead of AWS"),
        (
            BEHIND.replace("20220127T001427Z", "20211228T001427Z"),
            "your clock is 721 h 45 m behind AWS",
        ),
        (f"{BEHIND} (19700101T000000Z)", "your clock is 1 h 45 m behind AWS"),
        ("Signature expired", "the clock of this machine is wrong"),
        ("Signature expired: 20220127T001427Z", "the clock of this machine is wrong"),
        ("", "the clock of this machine is wrong"),
    ],
)
def test_clock_offset(message: str, offset: str) -> None:
    """B-L10: the offset is the difference of the two instants in the message."""
    assert offset_in(message) == offset


near = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made aware next
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@LAW
@given(near, st.integers(16, 60 * 24 * 400))
def test_behind_and_ahead_are_opposites(theirs: datetime, minutes: int) -> None:
    """B-L10: behind and ahead are computed alike, to the minute."""

    def said(ours: datetime) -> str:
        instants = (f"{moment:%Y%m%dT%H%M%SZ}" for moment in (ours, theirs, theirs))
        return offset_in("{} is not {} ({} - 15 min.)".format(*instants))

    behind, ahead = (said(theirs + sign * timedelta(minutes=minutes)) for sign in (-1, 1))
    hours, rest = divmod(minutes, 60)
    assert behind == f"your clock is {hours} h {rest} m behind AWS".replace("is 0 h ", "is ")
    assert ahead == behind.replace("behind", "ahead of")


@LAW
@given(st.text() | st.from_regex(r"(\d{8}T\d{6}Z ){3}", fullmatch=True))
def test_the_offset_of_any_message(message: str) -> None:
    """B-A02: a message without valid instants has no offset."""
    assert "clock" in offset_in(message)


# Why STS says nothing, and what trouble with keyring or state folder ends with.


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("throttled", "AWS is being asked too often (Throttling)"),
        ("aws-trouble", "STS itself is in trouble (InternalFailure, HTTP 500)"),
        ("unreachable", "STS cannot be reached: why"),
        ("unreadable", "STS cannot be understood: why"),
        ("cannot-ask", "STS cannot be asked: why"),
    ],
)
def test_why(name: str, said: str) -> None:
    """B-L18: the meaning of a row, filled with what the call told."""
    assert endings.meaning(named(name), endings.facts(EXAMPLES[name][1])) == said


def test_how_often_it_was_tried() -> None:
    """B-L18: the calls that a row allows are its pauses and one."""
    for name, said in (("unreachable", "Calls made: 4."), ("cannot-ask", "was not tried again.")):
        failure = endings.ending(named(name), facts(name), done="")
        assert said in said_of(failure)


@pytest.mark.parametrize(
    ("trouble", "name", "values"),
    [
        (
            KeyringTrouble("locked", "why", hint="do this"),
            "keyring-locked",
            {"identity": "", "reason": "why", "done": "Nothing was changed.", "hint": "do this"},
        ),
        (
            KeyringTrouble("corrupt", "why", "dev-admin"),
            "keyring-corrupt",
            {
                "identity": "dev-admin",
                "reason": "why",
                "done": "Nothing was changed.",
                "hint": hint("corrupt", "", desktop=False),
            },
        ),
        (
            StateTrouble("/state", "why"),
            "state-trouble",
            {
                "path": "/state",
                "place": "/state",
                "reason": "why",
                "done": "Nothing was removed from the keyring.",
            },
        ),
    ],
    ids=["keyring", "entry", "state folder"],
)
def test_ended_by(
    trouble: KeyringTrouble | StateTrouble, name: str, values: dict[str, object]
) -> None:
    """B-S04, B-A04: the message of the trouble, and what had been changed before it."""
    failure = endings.ended_by(trouble)
    assert (failure.name, failure.status, failure.values) == (name, 1, values)
    done = endings.ended_by(trouble, done="Removed the refused keys.")
    assert done.values == values | {"done": "Removed the refused keys."}


@pytest.mark.parametrize(
    "state", ["locked", "unreadable", "no-backend", "not-kept", "corrupt", "later-version"]
)
def test_every_state_of_a_keyring_has_a_message(state: str) -> None:
    """B-S04: each state of KeyringTrouble ends a command with a message of its own."""
    failure = endings.ended_by(KeyringTrouble(state, "why", "dev-admin"))
    assert said_of(failure).startswith("✗ ")
    assert failure.values["hint"] == hint(state, "", desktop=False)
