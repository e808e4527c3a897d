"""Refusals as AWS words them, and the row of RULES that each one matches."""

from __future__ import annotations

from functools import cache

from hypothesis import find
from hypothesis import strategies as st

from authkit.core.failures import CallFailed, Refused, Unreachable
from authkit.core.rules import RULES, Circumstances, Rule

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


class Seen(Circumstances):
    """The circumstances of a call with an MFA code.

    `history` is "new keys", "never taken", "lost answer" or "nowhere else".
    """

    def __init__(self, region: str, *history: str) -> None:
        super().__init__(region)
        self._history = history

    def keys_are_spreading(self, _trouble: CallFailed) -> bool:
        """Tell whether the keys are new."""
        return "new keys" in self._history

    def keys_were_never_taken(self, _trouble: CallFailed) -> bool:
        """Tell whether AWS has not taken the keys once."""
        return "never taken" in self._history

    def keys_are_unproven(self, _trouble: CallFailed) -> bool:
        """Tell whether the keys could be tried in this region alone."""
        return "nowhere else" in self._history

    def code_was_sent(self, _trouble: CallFailed) -> bool:
        """Return True."""
        return True

    def answer_was_lost(self, _trouble: CallFailed) -> bool:
        """Tell whether an answer was lost."""
        return "lost answer" in self._history


HOME, OPT_IN = Seen("us-east-1"), Seen("me-south-1")


def refusal(code: str, message: str = "", status: int = 403) -> Refused:
    """Return a refusal of GetSessionToken."""
    return Refused("GetSessionToken", code, message, status=status, request_id="req-1")


def of_a_role(code: str, message: str = "", status: int = 403) -> Refused:
    """Return a refusal of AssumeRole."""
    return Refused("AssumeRole", code, message, status=status, request_id="req-1")


def unreachable(*, answered: bool, lasting: bool = False) -> Unreachable:
    """Return trouble of a call that got no answer, or a broken one."""
    return Unreachable(
        "GetSessionToken", "why", answered=answered, sent=not lasting, lasting=lasting
    )


def message_of(rule: Rule) -> str:
    """Return the simplest message that a row's `words` are found in, "" for a row without words."""
    return _simplest(rule.words) if rule.words else ""


@cache  # to find one takes half a second
def _simplest(words: str) -> str:
    return find(st.from_regex(words), lambda _: True)


def invented(rule: Rule) -> tuple[Circumstances, Refused]:
    """Return an example for a row without a case below, from what the row says of itself."""
    seen = Seen("us-east-1")
    for question in rule.when:
        setattr(seen, question, lambda _trouble: True)
    code, operation = min(rule.codes, default="NeverHeardOf"), rule.operation or "GetSessionToken"
    return seen, Refused(operation, code, message_of(rule), status=403, request_id="req-1")


# Answers of the real service: the row that each matches, the circumstances, the trouble.  The
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
    (
        "keys-or-region",
        Seen("me-south-1", "nowhere else"),
        refusal("InvalidClientTokenId", INVALID[:-1]),
    ),
    ("keys-spreading", Seen("us-east-1", "new keys"), refusal("InvalidClientTokenId", INVALID)),
    ("keys-spreading", Seen("me-south-1", "new keys"), refusal("InvalidClientTokenId", INVALID)),
    ("mfa-code-spent", Seen("us-east-1", "lost answer"), refusal("AccessDenied", WRONG_CODE)),
    ("access-denied", Circumstances("us-east-1"), refusal("AccessDenied", WRONG_CODE)),
    ("access-denied", Circumstances("us-east-1"), refusal("AccessDenied", WRONG_DEVICE)),
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
    ("throttled", HOME, refusal("RequestLimitExceeded", "", 429)),
    ("keys-unknown", Seen("us-east-1", "never taken"), refusal("InvalidClientTokenId", INVALID)),
    ("aws-trouble", HOME, refusal("InternalFailure", "", 500)),
    ("aws-trouble", HOME, refusal("ServiceUnavailable", "", 503)),
    ("aws-trouble", HOME, refusal("NeverHeardOf", "", 599)),
    ("aws-trouble", HOME, refusal("RequestLimitExceeded", "", 503)),
    ("aws-trouble", HOME, refusal("InvalidClientTokenId", INVALID, 500)),
    ("aws-trouble", HOME, refusal("SignatureDoesNotMatch", WRONG_SECRET, 502)),
    ("aws-trouble", HOME, refusal("AccessDenied", WRONG_CODE, 503)),
    ("aws-trouble", HOME, refusal("ExpiredToken", "", 599)),
    ("aws-trouble", OPT_IN, of_a_role("InvalidClientTokenId", INVALID, 500)),
    ("unknown", HOME, refusal("NeverHeardOf", "in plain words", 400)),
    ("unknown", HOME, refusal("ValidationError", "", 0)),
    ("unknown", HOME, refusal("", "", 403)),
    ("unknown", HOME, of_a_role("ValidationError", "1 validation error detected")),
)

EXAMPLES: dict[str, tuple[Circumstances, CallFailed]]

EXAMPLES = {rule.name: invented(rule) for rule in RULES}

EXAMPLES |= {name: (seen, trouble) for name, seen, trouble in reversed(CASES)}


def named(name: str) -> Rule:
    """Return the row of this name."""
    return next(rule for rule in RULES if rule.name == name)
