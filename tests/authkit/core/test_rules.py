"""The table of refusals: every row can be reached, every row matters, and its order is right."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.core import endings, render, rules
from authkit.core.failures import CallFailed, Refused, Unreachable
from authkit.core.messages import MESSAGES
from authkit.core.rules import RULES, Action, Circumstances, InRegion, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

LAW = settings(max_examples=80, deadline=None, derandomize=True)
BEHIND = (
    "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z "
    "(20220127T015928Z - 15 min.)"
)
AHEAD = (
    "Signature not yet current: 20210112T194419Z is still later than 20210112T072625Z "
    "(20210112T071125Z + 15 min.)"
)
WRONG_SECRET = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. "
    "Consult the service documentation for details."
)
INVALID = "The security token included in the request is invalid."
WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
WRONG_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
DENIED = "User: arn:aws:iam::1:user/x is not authorized to perform: sts:GetSessionToken"
DISABLED = (
    "STS is not activated in this region for account:123456789012. Your account administrator "
    "can activate STS in this region using the IAM Console."
)


class Seen(InRegion):
    """The circumstances of an example: a call with an MFA code, and some history."""

    def __init__(self, region: str, *history: str) -> None:
        super().__init__(region)
        self._history = history

    def keys_are_spreading(self) -> bool:
        """Tell whether the history has it."""
        return "new keys" in self._history

    def code_was_sent(self) -> bool:
        """Say yes."""
        return True

    def answer_was_lost(self) -> bool:
        """Tell whether the history has it."""
        return "lost answer" in self._history


HOME, OPT_IN = Seen("us-east-1"), Seen("me-south-1")


def refusal(code: str, message: str = "", status: int = 403) -> Refused:
    """Return a refusal of the call that login cares about."""
    return Refused("GetSessionToken", code, message, status=status, request_id="req-1")


def of_a_role(code: str, message: str = "", status: int = 403) -> Refused:
    """Return a refusal of the call that a role's login makes."""
    return Refused("AssumeRole", code, message, status=status, request_id="req-1")


def unreachable(*, answered: bool, lasting: bool = False) -> Unreachable:
    """Return trouble of a call that got no answer, or a broken one."""
    return Unreachable(
        "GetSessionToken", "why", answered=answered, sent=not lasting, lasting=lasting
    )


def invented(rule: Rule) -> Refused:
    """Return an example for a row that has no case below: its first code, of its operation."""
    code = min(rule.codes, default="NeverHeardOf")
    return Refused(rule.operation or "GetSessionToken", code, status=403, request_id="req-1")


# What the real service says, and the row that is about it: (row, circumstances, trouble).  The
# first case of a row is its example below.
CASES = (
    ("clock-skew", HOME, refusal("SignatureDoesNotMatch", BEHIND)),
    ("clock-skew", HOME, refusal("SignatureDoesNotMatch", AHEAD)),
    ("clock-skew", OPT_IN, refusal("SignatureDoesNotMatch", BEHIND.lower())),
    (
        "region-mismatch",
        HOME,
        refusal("SignatureDoesNotMatch", "Credential should be scoped to a valid region. "),
    ),
    ("secret-mismatch", HOME, refusal("SignatureDoesNotMatch", WRONG_SECRET)),
    ("secret-mismatch", HOME, refusal("SignatureDoesNotMatch")),
    ("region-not-enabled", OPT_IN, refusal("InvalidClientTokenId", INVALID[:-1])),
    ("keys-spreading", Seen("us-east-1", "new keys"), refusal("InvalidClientTokenId", INVALID)),
    ("keys-spreading", Seen("me-south-1", "new keys"), refusal("InvalidClientTokenId", INVALID)),
    ("mfa-code-spent", Seen("us-east-1", "lost answer"), refusal("AccessDenied", WRONG_CODE)),
    ("access-denied", InRegion("us-east-1"), refusal("AccessDenied", WRONG_CODE)),
    ("access-denied", InRegion("us-east-1"), refusal("AccessDenied", WRONG_DEVICE)),
    ("unreachable", HOME, unreachable(answered=False)),
    ("unreadable", HOME, unreachable(answered=True)),
    ("cannot-ask", HOME, unreachable(answered=False, lasting=True)),
    ("source-refused", HOME, of_a_role("InvalidClientTokenId", INVALID)),
    ("source-refused", HOME, of_a_role("SignatureDoesNotMatch", WRONG_SECRET)),
    ("source-refused", HOME, of_a_role("ExpiredToken")),
    ("role-denied", HOME, of_a_role("AccessDenied", DENIED)),
    (
        "role-duration",
        HOME,
        of_a_role("ValidationError", "The requested DurationSeconds exceeds the 1 hour limit"),
    ),
    ("keys-revoked", HOME, refusal("InvalidClientTokenId", INVALID)),
    ("mfa-code-refused", HOME, refusal("AccessDenied", WRONG_CODE)),
    ("mfa-code-refused", HOME, refusal("AccessDenied", WRONG_CODE.strip(". "))),
    ("mfa-device-refused", HOME, refusal("AccessDenied", WRONG_DEVICE)),
    ("mfa-device-refused", Seen("us-east-1", "lost answer"), refusal("AccessDenied", WRONG_DEVICE)),
    ("access-denied", HOME, refusal("AccessDenied", DENIED)),
    (
        "access-denied",
        HOME,
        refusal("AccessDenied", "Cannot call GetSessionToken with session credentials"),
    ),
    ("access-denied", HOME, refusal("AccessDeniedException")),
    (
        "expired",
        HOME,
        refusal("ExpiredToken", "The security token included in the request is expired"),
    ),
    ("expired", HOME, refusal("ExpiredTokenException")),
    ("expired", HOME, refusal("RequestExpired", status=400)),
    ("region-disabled", HOME, refusal("RegionDisabledException", DISABLED)),
    ("region-disabled", OPT_IN, refusal("OptInRequired")),
    ("throttled", HOME, refusal("Throttling", "Rate exceeded", 400)),
    ("throttled", HOME, refusal("ThrottlingException", "", 400)),
    ("throttled", HOME, refusal("RequestLimitExceeded", "", 503)),
    ("aws-trouble", HOME, refusal("InternalFailure", "", 500)),
    ("aws-trouble", HOME, refusal("ServiceUnavailable", "", 503)),
    ("aws-trouble", HOME, refusal("NeverHeardOf", "", 599)),
    ("unknown", HOME, refusal("NeverHeardOf", "in plain words", 400)),
    ("unknown", HOME, refusal("ValidationError", "", 0)),
    ("unknown", HOME, refusal("", "", 403)),
    ("unknown", HOME, of_a_role("ValidationError", "1 validation error detected")),
)
EXAMPLES: dict[str, tuple[Circumstances, CallFailed]]
EXAMPLES = {rule.name: (HOME, invented(rule)) for rule in RULES}
EXAMPLES |= {name: (seen, trouble) for name, seen, trouble in reversed(CASES)}
NAMES = [rule.name for rule in RULES]

# Pairs of rows that both match the first one's example: there the order decides.
ORDER_MATTERS = {
    ("clock-skew", "secret-mismatch"),
    ("region-mismatch", "secret-mismatch"),
    ("keys-spreading", "keys-revoked"),
    ("region-not-enabled", "keys-revoked"),
    ("source-refused", "keys-revoked"),
    ("role-denied", "access-denied"),
    ("mfa-code-spent", "mfa-code-refused"),
    ("mfa-code-spent", "access-denied"),
    ("mfa-code-refused", "access-denied"),
    ("mfa-device-refused", "access-denied"),
}


def named(name: str) -> Rule:
    """Return a row."""
    return next(rule for rule in RULES if rule.name == name)


def matches(rule: Rule, name: str) -> bool:
    """Tell whether a row matches the example of the row `name`."""
    seen, trouble = EXAMPLES[name]
    return rule.matches(trouble, seen)


def first(table: Iterable[Rule], name: str) -> Rule | None:
    """Return the row of a table that is about the example of the row `name`."""
    return next((rule for rule in table if matches(rule, name)), None)


@pytest.mark.parametrize(("name", "seen", "trouble"), CASES)
def test_what_trouble_means(name: str, seen: Circumstances, trouble: CallFailed) -> None:
    """B-L20: codes decide; messages only where a code is overloaded, and then loosely."""
    assert rules.meaning(trouble, seen).name == name


def test_every_row_can_be_reached() -> None:
    """B-L20: there is a refusal for each row, and no name twice."""
    assert set(EXAMPLES) == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


def effect(rule: Rule) -> tuple[object, ...]:
    """Return what a row has done and said."""
    return rule.action, rule.meaning, rule.says, rule.spent


@pytest.mark.parametrize("name", NAMES)
def test_every_row_matters(name: str) -> None:
    """B-L20: without the row its refusal would mean something else, said or done."""
    without = first([rule for rule in RULES if rule.name != name], name)
    row = named(name)
    assert without is None or effect(without) != effect(row)


@pytest.mark.parametrize("name", NAMES)
def test_every_code_of_a_row_is_enough(name: str) -> None:
    """B-L16, B-L18: each of a row's codes leads to it, with the example's message."""
    seen, trouble = EXAMPLES[name]
    for code in named(name).codes:
        same = Refused(trouble.operation, code, trouble.message, status=400)
        assert rules.meaning(same, seen).name == name


def test_where_the_order_decides() -> None:
    """B-L10, B-L13, B-L19: the special case stands before the general one."""
    overlapping = {
        (one.name, other.name)
        for one, other in combinations(RULES, 2)
        if matches(other, one.name) and other is not RULES[-1]
    }
    assert overlapping == ORDER_MATTERS


def test_the_last_row_matches_everything() -> None:
    """B-L20: any other code is shown, not a crash."""
    assert all(RULES[-1].matches(trouble, seen) for _, seen, trouble in CASES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_questions_and_messages_exist(rule: Rule) -> None:
    """What a row asks is answered by every flow, and what it shows is a message."""
    assert all(hasattr(Circumstances, question) for question in rule.when)
    assert {rule.says, rule.spent, rule.ending} - {""} <= set(MESSAGES)


def test_a_throttled_call_of_a_server_in_trouble() -> None:
    """B-L18: throttling with a status 503 is said to be throttling."""
    assert rules.meaning(refusal("Throttling", "", 503), HOME).name == "throttled"


@pytest.mark.parametrize(
    ("action", "names"),
    [
        (Action.REPLACE_KEYS, {"keys-revoked"}),
        (Action.REPLACE_SECRET, {"secret-mismatch"}),
        (Action.ASK_CODE, {"mfa-code-spent", "mfa-code-refused"}),
        (Action.ASK_DEVICE, {"mfa-device-refused"}),
        (
            Action.WAIT,
            {"keys-spreading", "throttled", "aws-trouble"}
            | {"unreachable", "unreadable", "cannot-ask"},
        ),
    ],
    ids=["keys", "secret", "code", "device", "wait"],
)
def test_which_rows_do_something(action: Action, names: set[str]) -> None:
    """B-L10, B-L15 to B-L20: only these rows touch keys, code, device or time; the others stop."""
    assert {rule.name for rule in RULES if rule.action is action} == names


# What rows say.


def placeholders(template: str) -> set[str]:
    """Return the names in a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def facts(name: str) -> dict[str, object]:
    """Return what every flow provides for the example of a row."""
    seen, trouble = EXAMPLES[name]
    flow = {"identity": "dev-admin", "region": seen.region, "access_key_id": "AKIAXXXXXXXXXXXXXXXX"}
    return endings.facts(trouble, **flow, principal="arn:principal")


@pytest.mark.parametrize("name", NAMES)
def test_templates_name_what_there_is(name: str) -> None:
    """B-A04: a row names nothing but the refusal's facts; of MFA only, the device."""
    row = named(name)
    provided = set(facts(name))
    if row.action in {Action.ASK_CODE, Action.ASK_DEVICE}:
        provided.add("mfa_arn")  # login's: only a call with a code can be refused so
    if row.operation == "AssumeRole":
        provided |= {"role_arn", "source"}
    assert placeholders(row.meaning + row.hint) <= provided


@pytest.mark.parametrize("name", NAMES)
def test_what_is_waited_for_names_less(name: str) -> None:
    """B-L18: what is said between two tries names only what the call itself told."""
    if named(name).action is Action.WAIT:
        assert placeholders(named(name).meaning) <= {"code", "status", "reason"}


@pytest.mark.parametrize("name", [rule.name for rule in RULES if rule.action is Action.STOP])
def test_an_ending_has_three_parts(name: str) -> None:
    """B-A04: what happened, that nothing was removed, what to do next."""
    of_role = {"role_arn": "arn:role", "source": "dev-admin"}
    failure = endings.ending(named(name), facts(name) | of_role, done="What was done.")
    shown = render.text(failure.name, **failure.values)
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
    """B-L04, B-L09, B-L15, B-L19, B-L20: in plain words, with the facts in them."""
    assert render.fill(named(name).meaning, **facts(name)).startswith(shown)


def test_a_refusal_without_a_request_id() -> None:
    """B-L20: there is something in its place, and the message loses the blanks at its ends."""
    refused = Refused("GetSessionToken", "Odd", " padded ")
    given_facts = endings.facts(refused)
    assert (given_facts["request_id"], given_facts["message"]) == ("none", "padded")


# The clock.


@pytest.mark.parametrize(
    ("message", "offset"),
    [
        (BEHIND, "your clock is 1 h 45 m behind AWS"),
        (AHEAD, "your clock is 12 h 32 m ahead of AWS"),
        (BEHIND.replace("20220127T001427Z", "20220127T013927Z"), "your clock is 20 m behind AWS"),
        (
            BEHIND.replace("20220127T001427Z", "20211228T001427Z"),
            "your clock is 721 h 45 m behind AWS",
        ),
        ("Signature expired", "the clock of this machine is wrong"),
        ("Signature expired: 20220127T001427Z", "the clock of this machine is wrong"),
        ("", "the clock of this machine is wrong"),
    ],
)
def test_clock_offset(message: str, offset: str) -> None:
    """B-L10: the offset is worked out from the two instants in the answer."""
    assert endings.clock_offset(message) == offset


near = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made aware next
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@LAW
@given(near, st.integers(16, 60 * 24 * 400))
def test_behind_and_ahead_are_opposites(theirs: datetime, minutes: int) -> None:
    """B-L10: as far behind as ahead, to the minute."""

    def said(ours: datetime) -> str:
        instants = (f"{moment:%Y%m%dT%H%M%SZ}" for moment in (ours, theirs, theirs))
        return endings.clock_offset("{} is not {} ({} - 15 min.)".format(*instants))

    behind, ahead = (said(theirs + sign * timedelta(minutes=minutes)) for sign in (-1, 1))
    hours, rest = divmod(minutes, 60)
    assert behind == f"your clock is {hours} h {rest} m behind AWS".replace("is 0 h ", "is ")
    assert ahead == behind.replace("behind", "ahead of")


@LAW
@given(st.text() | st.from_regex(r"(\d{8}T\d{6}Z ){3}", fullmatch=True))
def test_no_message_upsets_the_clock(message: str) -> None:
    """B-A02: instants that no calendar has are only a message without an offset."""
    assert "clock" in endings.clock_offset(message)
