"""What each refusal by STS means and what login does about it.  Pure, a table.

A new error case is one row here and one file in scenarios/.  Rows are tried in
order and the first that matches wins; the last matches everything.  Codes and
texts: facts about the real service, each cited where the simulator imitates it
(sts_simulator/account/errors.py).  Messages are only looked at where AWS uses one
code for several things, and then loosely.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import Enum

from authkit.core import regions
from authkit.core.messages import Failure
from authkit.core.model import Value
from authkit.core.render import fill, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from authkit.core.ports import Refused


class Action(Enum):
    """What login does about a refusal of a call made with keys."""

    REPLACE_KEYS = "forget the keys, ask for new ones"
    REPLACE_SECRET = "forget the keys, ask again, the id as default"  # noqa: S105 - an action
    ASK_CODE = "ask for the next MFA code"
    ASK_DEVICE = "ask for the MFA ARN"
    RENEW_SOURCE = "log in anew with the source identity, try again"
    WAIT = "try again after a pause"
    STOP = "change nothing, explain"


class Rule(Value):
    """One row: a refusal with one of `codes`, whose message contains `words`, means `meaning`.

    `meaning` is what is said has happened, `hint` what to do next; both are
    templates (see messages.py for the values).
    """

    name: str
    codes: frozenset[str]
    action: Action
    meaning: str
    hint: str
    words: str = ""  # a regular expression, blind to case
    operation: str = ""  # only of this operation
    opt_in_region: bool = False  # only where the account has to enable the region
    server_fault: bool = False  # any code, if the HTTP status is 5xx

    def matches(self, refused: Refused, region: str) -> bool:
        """Tell whether this row speaks of the refusal of a call in this region."""
        by_code = not self.codes or refused.code in self.codes
        return (
            (by_code or (self.server_fault and refused.status // 100 == 5))
            and self.operation in {"", refused.operation}
            and (not self.opt_in_region or regions.is_opt_in(region))
            and re.search(self.words, refused.message, re.IGNORECASE) is not None
        )


def codes(*names: str) -> frozenset[str]:
    """Return AWS error codes as a row's set; none at all stands for any code."""
    return frozenset(names)


LOGIN = "Run 'authkit login --identity {identity}'"

RULES = (
    Rule(
        "clock-skew",
        codes("SignatureDoesNotMatch"),
        Action.STOP,
        words="signature expired|not yet current",
        meaning="AWS refused the time of the request: {offset}",
        hint="Set the clock right (in WSL and containers, the host's).\n"
        "  Then run 'authkit login --identity {identity}'.",
    ),
    Rule(
        "region-mismatch",
        codes("SignatureDoesNotMatch"),
        Action.STOP,
        words="scoped to",
        meaning="STS does not serve {region} here ({code})",
        hint="Set 'region' of {identity} in the config file to one of AWS's regions.",
    ),
    Rule(
        "region-not-enabled",
        codes("InvalidClientTokenId"),
        Action.STOP,
        opt_in_region=True,
        meaning="The region {region} is not enabled for this account ({code})",
        hint="Have it enabled (Account, AWS Regions), or set another 'region'.",
    ),
    Rule(
        "source-refused",
        codes(
            *("InvalidClientTokenId", "SignatureDoesNotMatch"),
            *("ExpiredToken", "ExpiredTokenException"),
        ),
        Action.RENEW_SOURCE,
        operation="AssumeRole",
        meaning="AWS refused the session of the source, {source} ({code})",
        hint="Run 'authkit login --identity {source} --force', then log in again.",
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
        hint="Set 'session_duration' of {identity} to the role's MaxSessionDuration or less.",
    ),
    Rule(
        "secret-mismatch",
        codes("SignatureDoesNotMatch"),
        Action.REPLACE_SECRET,
        meaning="The secret is wrong for key {access_key_id}",
        hint=LOGIN + "\n  and enter the secret access key again.",
    ),
    Rule(
        "keys-revoked",
        codes("InvalidClientTokenId"),
        Action.REPLACE_KEYS,
        meaning="Key {access_key_id} was rotated or revoked",
        hint=LOGIN + " in a terminal and enter the new keys.",
    ),
    Rule(
        "mfa-code-refused",
        codes("AccessDenied"),
        Action.ASK_CODE,
        words="invalid mfa one time pass code",
        meaning="AWS refused the code",
        hint=LOGIN + "\n  and enter the code that the device shows then.",
    ),
    Rule(
        "mfa-device-refused",
        codes("AccessDenied"),
        Action.ASK_DEVICE,
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
        codes("ExpiredToken", "ExpiredTokenException", "RequestExpired"),
        Action.STOP,
        meaning="AWS says that the credentials have expired ({code})",
        hint=LOGIN + " to log in again.",
    ),
    Rule(
        "region-disabled",
        codes("RegionDisabledException", "OptInRequired"),
        Action.STOP,
        meaning="STS is not activated in {region} for this account ({code})",
        hint="Have it activated (IAM, Account settings), or set another 'region'.",
    ),
    Rule(
        "throttled",
        codes("Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded"),
        Action.WAIT,
        meaning="AWS is being asked too often ({code})",
        hint="Wait a minute, then run 'authkit login --identity {identity}'.",
    ),
    Rule(
        "aws-trouble",
        codes("InternalFailure", "InternalError", "ServiceUnavailable"),
        Action.WAIT,
        server_fault=True,
        meaning="STS itself is in trouble ({code}, HTTP {status})",
        hint="Wait (AWS's Health Dashboard shows known trouble), then run\n"
        "  'authkit login --identity {identity}'.",
    ),
    Rule(
        "unknown",
        codes(),
        Action.STOP,
        meaning="AWS refused {operation} with {code},\n  request id {request_id}",
        hint="Look the code up in the STS documentation, then run\n"
        "  'authkit login --identity {identity}'.",
    ),
)


def meaning(refused: Refused, region: str) -> Rule:
    """Return the row that speaks of this refusal of a call made in `region`."""
    return next(rule for rule in RULES if rule.matches(refused, region))


def facts(
    refused: Refused, identity: str, region: str, access_key_id: str, principal: str
) -> dict[str, object]:
    """Return what a row's templates may name; `principal` is an ARN, else the key id."""
    return {
        "identity": identity,
        "region": region,
        "access_key_id": access_key_id,
        "principal": principal,
        "operation": refused.operation,
        "code": refused.code,
        "message": refused.message.strip(),
        "status": refused.status,
        "request_id": refused.request_id or "none",
        "offset": clock_offset(refused.message),
    }


def ending(rule: Rule, facts: Mapping[str, object], *, done: str) -> Failure:
    """Return what a command ends with: the meaning, what was `done`, the hint."""
    why, hint = fill(rule.meaning, **facts), fill(rule.hint, **facts)
    said = text("aws-says", **facts) if facts["message"] else ""
    return Failure("refused", meaning=why, said=said, done=done, hint=hint)


def trouble(rule: Rule, refused: Refused) -> str:
    """Return what AWS's own trouble is, for a row whose action is to wait."""
    return fill(rule.meaning, code=refused.code, status=refused.status)


def clock_offset(message: str) -> str:
    """Return how far the caller's clock is off, from the two instants in a skew message.

    The first instant is the request's; the one in brackets is AWS's own.
    """
    instants = re.findall(r"\d{8}T\d{6}Z", message)
    try:
        ours, _limit, theirs = map(datetime.fromisoformat, instants[:3])
    except ValueError:  # too few, or no instants at all
        return "the clock of this machine is wrong"
    offset = abs(ours - theirs)
    hours, minutes = divmod(int(offset / timedelta(minutes=1)), 60)
    spelt = f"{hours} h {minutes} m" if hours else f"{minutes} m"
    return f"your clock is {spelt} {'behind' if ours < theirs else 'ahead of'} AWS"
