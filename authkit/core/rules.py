"""What each refusal by STS means, and what is done about it: one table.

A new error case is one row of `RULES` and one file in scenarios/.  The first row
that matches wins; the last row matches everything.  A row also says when it
applies (`when`, questions that the running flow answers), how long to wait
before the call is made again (`pauses`), how many refusals of its kind end the
command (`spent`), and in which words.  The loop in ``login.recover`` does what
the row says.  The table is pure except for the questions of `when`: a flow may ask
STS or the state folder to answer one, so they are asked last.

Codes and messages are facts about the real service; their sources are beside
the simulator's copies (sts_simulator/account/errors.py).  A message is matched
only where AWS uses one code for several things, and then loosely.
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum

from authkit.core import regions
from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER
from authkit.core.messages import CONFIGURE, LOGIN, MESSAGES
from authkit.core.model import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.failures import CallFailed


class Action(Enum):
    """What is done about a refusal, by a flow that has a remedy for it; any other flow stops.

    WAIT is for trouble that says nothing about keys, code or session: the row's
    `pauses` say how often the call is made again, and then the flow stops.  SIGN_AGAIN is
    done by the port, as part of the same call, so that no flow has a remedy for it.
    """

    REPLACE_KEYS = "forget the keys, ask for new ones"
    REPLACE_SECRET = "forget the keys, ask again, the id as default"  # noqa: S105 - an action
    ASK_CODE = "ask for the next MFA code"
    ASK_DEVICE = "ask for the MFA ARN"
    RENEW_SOURCE = "log in anew with the source identity, try again"
    SIGN_AGAIN = "sign once more with AWS's time"
    WAIT = "try again after a pause"
    STOP = "change nothing, explain"


# How long to wait before each retry.  Rows with the same pauses share one budget for each
# operation, so that throttling and lost answers together make four calls at most (B-L18).
PAUSES = tuple(timedelta(seconds=s) for s in (1, 2, 4))
SPREADING = tuple(timedelta(seconds=s) for s in (1, 2, 3, 4))  # IAM spreads a new key (B-L08)
TRIES = 3  # refusals of one kind that end a command, for rows with `spent`


class Circumstances:
    """What a row may ask of the flow whose call failed: the questions of `Rule.when`.

    The answers here are those for a call of which only the region is known.
    ``login.recover.Flow`` inherits them, and each kind's flow overrides those that
    it knows better.
    """

    def __init__(self, region: str) -> None:
        self._region = region

    @property
    def region(self) -> str:
        """The region of the call."""
        return self._region

    def region_may_be_off(self, _trouble: CallFailed) -> bool:
        """Tell whether the account may not have enabled the call's region (B-L19)."""
        return regions.is_opt_in(self.region)

    def _unknown(self, _trouble: CallFailed) -> bool:
        return False

    # Whether IAM may not have spread the keys yet, and waiting may help (B-L08).
    keys_are_spreading = _unknown
    # Whether AWS has not taken the keys once: then they were not rotated (B-L07).
    keys_were_never_taken = _unknown
    # Whether these keys were not taken in a region that is always on (B-L19).
    keys_are_unproven = _unknown
    # Whether the call carried an MFA code.
    code_was_sent = _unknown
    # Whether an earlier call may have spent the same MFA code (B-L12).
    answer_was_lost = _unknown


class Rule(Value):
    """One row: trouble with one of `codes` and `words` in its message means `meaning`.

    `meaning` says what has happened, `hint` what to do next.  Both are templates
    (``core.endings`` has their values), and both are shown by the message `ending`, with
    which a command ends that has no remedy.
    """

    name: str
    codes: frozenset[str]  # empty: any code
    action: Action
    meaning: str
    hint: str = ""
    words: str = ""  # a regular expression, ignoring case
    operation: str = ""  # only for this operation
    when: tuple[str, ...] = ()  # only if each of these methods of `Circumstances` says so
    server_fault: bool = False  # also any other code with an HTTP status of 5xx
    of_session: bool = False  # it says something about the session that the call was made with
    pauses: tuple[timedelta, ...] = ()  # before each retry; then comes the action
    says: str = ""  # the message that is shown before the remedy
    spent: str = ""  # the message that ends a command at the refusal number `TRIES`
    ending: str = "refused"  # the message that ends a command without a remedy

    def matches(self, trouble: CallFailed, seen: Circumstances) -> bool:
        """Tell whether this row is about this trouble, in these circumstances."""
        by_code = not self.codes or trouble.code in self.codes
        by_status = self.server_fault and trouble.status // 100 == 5
        return (
            (by_code or by_status)
            and self.operation in {"", trouble.operation}
            and re.search(self.words, trouble.message, re.IGNORECASE) is not None
            and all(getattr(seen, question)(trouble) for question in self.when)
        )


def codes(*names: str) -> frozenset[str]:
    """Return AWS error codes as a row's set; none at all stands for any code."""
    return frozenset(names)


EXPIRED = codes("ExpiredToken", "ExpiredTokenException")
RUN_LOGIN = f"Run '{LOGIN}'"

RULES = (
    Rule(
        "aws-trouble",
        codes("InternalFailure", "InternalError", "ServiceUnavailable"),
        Action.WAIT,
        pauses=PAUSES,
        server_fault=True,
        meaning="STS itself is in trouble ({code}, HTTP {status})",
        hint=f"Wait (AWS's Health Dashboard shows known trouble), then run\n  '{LOGIN}'.",
    ),
    Rule(
        "clock-skew",
        codes("SignatureDoesNotMatch"),
        Action.SIGN_AGAIN,
        words="signature expired|not yet current",
        meaning="AWS refused the time of the request: {offset}",
        hint=f"Set the clock right (in WSL and containers, the host's).\n  Then run '{LOGIN}'.",
    ),
    Rule(
        "region-mismatch",
        codes("SignatureDoesNotMatch"),
        Action.STOP,
        words="scoped to",
        meaning="STS does not serve {region} here ({code})",
        hint="{set_region} to one of AWS's regions.",
    ),
    Rule(
        "keys-spreading",
        codes("InvalidClientTokenId"),
        Action.WAIT,
        when=("keys_are_spreading",),
        pauses=SPREADING,
        meaning="AWS does not know this new key yet",
    ),
    Rule(
        "keys-or-region",
        codes("InvalidClientTokenId"),
        Action.STOP,
        when=("keys_are_unproven", "region_may_be_off"),
        meaning="AWS does not know key {access_key_id} in {region}:\n"
        "  it was rotated or mistyped, or the region is not enabled for its account",
        hint="Have the region enabled (Account, AWS Regions), or enter the right keys:\n"
        f"  '{CONFIGURE}'.",
    ),
    Rule(
        "region-not-enabled",
        codes("InvalidClientTokenId"),
        Action.STOP,
        when=("region_may_be_off",),
        meaning="The region {region} is not enabled for this account ({code})",
        hint="Have it enabled (Account, AWS Regions), or {set_another}.",
    ),
    Rule(
        "source-refused",
        codes("InvalidClientTokenId", "SignatureDoesNotMatch") | EXPIRED,
        Action.RENEW_SOURCE,
        operation="AssumeRole",
        meaning="AWS refused the session of the source, {source} ({code})",
        hint="Run '{source_login}', then log in again.",
    ),
    Rule(
        "role-denied",
        codes("AccessDenied", "AccessDeniedException"),
        Action.STOP,
        operation="AssumeRole",
        meaning="AWS does not let {principal}\n  assume {role_arn}",
        hint="Check the role's ARN and its trust policy (principal, MFA, external id).",
    ),
    Rule(
        "role-duration",
        codes("ValidationError"),
        Action.STOP,
        operation="AssumeRole",
        words="exceeds the",
        meaning="The role grants no session as long as that ({code})",
        hint="{set_duration} to the role's MaxSessionDuration or less.",
    ),
    Rule(
        "secret-mismatch",
        codes("SignatureDoesNotMatch"),
        Action.REPLACE_SECRET,
        says="keys-removed",
        spent="keys-refused-too-often",
        ending="keys-dead",
        of_session=True,
        meaning="The secret is wrong for key {access_key_id}",
        hint=RUN_LOGIN + "\n  and enter the secret access key again.",
    ),
    Rule(
        "keys-unknown",
        codes("InvalidClientTokenId"),
        Action.REPLACE_KEYS,
        when=("keys_were_never_taken",),
        says="keys-removed",
        spent="keys-refused-too-often",
        ending="keys-dead",
        meaning="AWS does not know key {access_key_id}\n  (mistyped? another partition?)",
        hint=RUN_LOGIN + " in a terminal and enter the keys again.",
    ),
    Rule(
        "keys-revoked",
        codes("InvalidClientTokenId"),
        Action.REPLACE_KEYS,
        says="keys-removed",
        spent="keys-refused-too-often",
        ending="keys-dead",
        of_session=True,
        meaning="Key {access_key_id} was rotated or revoked",
        hint=RUN_LOGIN + " in a terminal and enter the new keys.",
    ),
    Rule(
        "mfa-code-spent",
        codes("AccessDenied"),
        Action.ASK_CODE,
        when=("answer_was_lost",),
        says="code-maybe-used",
        words="invalid mfa one time pass code",
        meaning="AWS refused the code",
    ),
    Rule(
        "mfa-code-refused",
        codes("AccessDenied"),
        Action.ASK_CODE,
        when=("code_was_sent",),
        says="code-refused",
        spent="codes-refused-too-often",
        words="invalid mfa one time pass code",
        meaning="AWS refused the code",
        hint=RUN_LOGIN + "\n  and enter the code that the device shows then.",
    ),
    Rule(
        "mfa-device-refused",
        codes("AccessDenied"),
        Action.ASK_DEVICE,
        when=("code_was_sent",),
        says="device-refused",
        spent="devices-refused-too-often",
        words="unable to validate mfa code",
        meaning="AWS refused {mfa_arn}: not this user's",
        hint="Look its ARN up in the IAM console (Security credentials).",
    ),
    Rule(
        "access-denied",
        codes("AccessDenied", "AccessDeniedException"),
        Action.STOP,
        meaning="AWS denied {operation} to {principal}",
        hint="Check the user's IAM policies, and any service control policies.",
    ),
    Rule(
        "expired",
        codes("RequestExpired") | EXPIRED,
        Action.STOP,
        of_session=True,
        meaning="AWS says that the credentials have expired ({code})",
        hint=RUN_LOGIN + " to log in again.",
    ),
    Rule(
        "region-disabled",
        codes("RegionDisabledException", "OptInRequired"),
        Action.STOP,
        meaning="STS is not activated in {region} for this account ({code})",
        hint="Have it activated (IAM, Account settings), or {set_another}.",
    ),
    Rule(
        "throttled",
        codes("Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded"),
        Action.WAIT,
        pauses=PAUSES,
        meaning="AWS is being asked too often ({code})",
        hint=f"Wait a minute, then run '{LOGIN}'.",
    ),
    Rule(
        "unreachable",
        codes(NO_ANSWER),
        Action.WAIT,
        pauses=PAUSES,
        meaning=MESSAGES["unreachable"],
        ending="network-trouble",
    ),
    Rule(
        "unreadable",
        codes(BROKEN_ANSWER),
        Action.WAIT,
        pauses=PAUSES,
        meaning=MESSAGES["unreadable"],
        ending="answer-broken",
    ),
    Rule(
        "cannot-ask",
        codes(CANNOT_ASK),
        Action.WAIT,
        meaning=MESSAGES["unasked"],
        ending="cannot-ask",
    ),
    Rule(
        "unknown",
        codes(),
        Action.STOP,
        meaning="AWS refused {operation} with {code},\n  request id {request_id}",
        hint=f"Look the code up in the STS documentation, then run\n  '{LOGIN}'.",
    ),
)


def meaning(trouble: CallFailed, seen: Circumstances, table: tuple[Rule, ...] = ()) -> Rule:
    """Return the row that is about this trouble, in these circumstances.

    `table` is that of a kind from elsewhere, () for `RULES`.
    """
    return next(rule for rule in table or RULES if rule.matches(trouble, seen))
