"""The checks of a signature, in STS's order.  Pure functions; `CHECKS` is the order.

Source: the order was observed on the real service and pinned in a public test
oracle, with two exceptions.  That the date comes first is a third party's
claim, and the place of regions that are not enabled is inferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sts_simulator.account import errors
from sts_simulator.account.directory import Role, User
from sts_simulator.account.session_tags import Passed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from sts_simulator.account.directory import Key
    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.sessions import IssuedSession

SKEW_ALLOWED = timedelta(minutes=15)
TERMINATOR = "aws4_request"
# In a reason: what stands between why a signature is wrong and the request that was signed.
CANONICAL_REQUEST = "; canonical request was "
_HIDDEN = "***"
_SECRET_IN_CANONICAL = re.compile(  # the values of a header and of query parameters
    r"(?<=^x-amz-security-token:).+|(?:(?<=X-Amz-Security-Token=)|(?<=\bTokenCode=)"
    r"|(?<=\bTradeInToken=)|(?<=\bWebIdentityToken=)|(?<=\bSAMLAssertion=))[^&\n]+",
    re.MULTILINE,
)


class Signed(NamedTuple):
    """What a signature is calculated from.  The canonical request has *** for secrets."""

    canonical_request: str
    string_to_sign: str


@dataclass(frozen=True)
class Signature:
    """A request's signature.  `made_with` returns whether this secret access key made it.

    `day` is the date in the credential scope; "" means the day of `signed_at`.  `signed`
    returns the texts that the simulator calculated the signature from.
    `endpoint_region` is the region of the endpoint that was called, None where any is good.
    """

    access_key_id: str
    made_with: Callable[[str], bool]
    signed_at: datetime
    region: str
    service: str = "sts"
    session_token: str | None = field(default=None, repr=False)
    day: str = ""
    terminator: str = TERMINATOR
    signed: Callable[[], Signed] = field(default=lambda: Signed("", ""), repr=False, compare=False)
    endpoint_region: str | None = None


@dataclass(frozen=True)
class Holder:
    """What an access key id stands for now: a long-lived key, an issued session, or nothing.

    `owner` is the user or role behind it, None when it was deleted.  `account_id` is that of
    the account that it belongs to.
    """

    key: Key | None = None
    issued: IssuedSession | None = None
    owner: User | Role | None = None
    account_id: str | None = None


@dataclass(frozen=True)
class Principal:
    """Who sent a request: a user or role, with a long-lived key or with a session (`issued`)."""

    owner: User | Role
    issued: IssuedSession | None
    signature: Signature

    @property
    def arn(self) -> str:
        """The caller's ARN, as GetCallerIdentity returns it."""
        return (self.issued or self.owner).arn

    @property
    def user_id(self) -> str:
        """The caller's unique id."""
        return (self.issued or self.owner).user_id

    @property
    def is_root(self) -> bool:
        """Whether this is the account's root user."""
        return isinstance(self.owner, User) and self.owner.is_root

    @property
    def passed(self) -> Passed:
        """What the caller's session was made with; nothing for a long-lived key."""
        return self.issued.passed if self.issued else Passed()


@dataclass(frozen=True)
class Evidence:
    """Everything that the checks of a signature use.

    `clock` is the reading of the server's clock that is nearest to the signing
    date, `now` the time that sessions expire by.
    """

    signature: Signature
    service: str
    clock: datetime
    now: datetime
    regions: Collection[str]
    not_enabled: Collection[str]
    holder: Holder
    has_spread: bool


def without_secrets(text: str) -> str:
    """Return canonical requests, or a log that has them, with *** for tokens and codes."""
    return _SECRET_IN_CANONICAL.sub(_HIDDEN, text)


def amz_date(instant: datetime) -> str:
    """Return the instant in the format of X-Amz-Date: ``20220127T001427Z``."""
    return f"{instant:%Y%m%dT%H%M%SZ}"


def _dated(seen: Evidence) -> AwsError | None:
    signed, clock = seen.signature.signed_at, seen.clock
    if signed < clock - SKEW_ALLOWED:
        error, bound = errors.TOO_EARLY, clock - SKEW_ALLOWED
    elif signed > clock + SKEW_ALLOWED:
        error, bound = errors.TOO_LATE, clock + SKEW_ALLOWED
    else:
        return None
    told = error.fill(signed=amz_date(signed), bound=amz_date(bound), now=amz_date(clock))
    told = replace(told, skewed=(signed, clock))
    off = timedelta(seconds=round(abs((signed - clock).total_seconds())))
    return told.because(f"the request was signed {off} off the server's time")


def _scoped(seen: Evidence) -> AwsError | None:
    signature = seen.signature
    signed_on = f"{signature.signed_at:%Y%m%d}"
    problems = [
        problem.format(
            service=seen.service,
            terminator=signature.terminator,
            day=signature.day,
            signed_on=signed_on,
            signed=amz_date(signature.signed_at),
        )
        for wrong, problem in (
            (
                signature.region not in seen.regions
                or signature.endpoint_region not in (None, signature.region),
                errors.WRONG_REGION,
            ),
            (signature.service != seen.service, errors.WRONG_SERVICE),
            (signature.terminator != TERMINATOR, errors.WRONG_TERMINATOR),
            (signature.day not in ("", signed_on), errors.WRONG_DAY),
        )
        if wrong
    ]
    if not problems:
        return None
    scope = f"{signature.region}/{signature.service}/{signature.terminator}"
    return errors.WRONG_SCOPE.fill(problems="".join(problems)).because(f"the scope is {scope}")


def _known(seen: Evidence) -> AwsError | None:
    holder, id_ = seen.holder, seen.signature.access_key_id
    if holder.issued:
        return None
    if holder.key is None:
        return errors.INVALID_TOKEN.because(f"there is no key and no session {id_}")
    if not holder.key.active:
        return errors.INVALID_TOKEN.because(f"the key {id_} is inactive")
    if holder.owner is None:
        return errors.INVALID_TOKEN.because(f"the user {holder.key.user} of the key is deleted")
    if not seen.has_spread:
        return errors.INVALID_TOKEN.because(f"the key {id_} is new and has not spread to STS yet")
    return None


def _region_enabled(seen: Evidence) -> AwsError | None:
    region = seen.signature.region
    if region not in seen.not_enabled:
        return None
    return errors.UNKNOWN_THERE.because(f"the account has not enabled the region {region}")


def _token_bound(seen: Evidence) -> AwsError | None:
    issued, token = seen.holder.issued, seen.signature.session_token
    if issued is None or token == issued.session.session_token:
        return None
    reason = "has no session token" if token is None else "has another session's token"
    return errors.INVALID_TOKEN.because(f"the request {reason}")


def _unexpired(seen: Evidence) -> AwsError | None:
    issued = seen.holder.issued
    if issued is None or seen.now < issued.session.expiration:
        return None
    ended = issued.session.expiration
    ago = int((seen.now - ended).total_seconds())
    return errors.EXPIRED_TOKEN.because(f"the session ended at {amz_date(ended)}, {ago} s ago")


def _issuer_alive(seen: Evidence) -> AwsError | None:
    # By id, not by name: a new user with the old name is another user.
    issued, owner = seen.holder.issued, seen.holder.owner
    if issued is None or (owner is not None and owner.user_id == issued.issuer.user_id):
        return None
    return errors.INVALID_TOKEN.because(f"{issued.issuer.arn}, whose session it is, is deleted")


def _secret_right(seen: Evidence) -> AwsError | None:
    holder = seen.holder.issued.session if seen.holder.issued else seen.holder.key
    if holder is not None and seen.signature.made_with(holder.secret_access_key):
        return None
    canonical = seen.signature.signed().canonical_request
    was = f"{CANONICAL_REQUEST}{canonical!r}" if canonical else ""
    return errors.WRONG_SECRET.because(f"signature: another secret or another request{was}")


def _no_stray_token(seen: Evidence) -> AwsError | None:
    if seen.holder.issued is not None or seen.signature.session_token is None:
        return None
    return errors.INVALID_TOKEN.because("a long-lived key was used with a session token")


def _good_for_iam(seen: Evidence) -> AwsError | None:
    # C, B: IAM accepts GetSessionToken's credentials only if they were made with MFA.  C: it never
    # accepts GetFederationToken's; that the error is the same is inferred.
    issued = seen.holder.issued
    if issued is None or seen.service != "iam" or isinstance(issued.issuer, Role) or issued.mfa_at:
        return None
    return errors.UNKNOWN_THERE.because(
        f"IAM takes no session of {issued.operation} that was made without MFA"
    )


CHECKS = (
    _dated,
    _scoped,
    _known,
    _region_enabled,
    _token_bound,
    _unexpired,
    _issuer_alive,
    _secret_right,
    _no_stray_token,
    _good_for_iam,
)


def judge(seen: Evidence) -> Principal | AwsError:
    """Return who signed the request, or the error of the first check that fails."""
    for check in CHECKS:
        if error := check(seen):
            return error
    if seen.holder.owner is None:  # unreachable: `_known` and `_issuer_alive` refuse it
        return errors.INVALID_TOKEN
    return Principal(seen.holder.owner, seen.holder.issued, seen.signature)
