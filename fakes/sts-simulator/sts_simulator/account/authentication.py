"""Who signed a request, in STS's own order of checks.  Pure; `CHECKS` is that order.

Source: the order was observed on the real service and pinned in a public test
oracle, but for the date, which a third party claims to come first, and for
regions that are not enabled, whose place is inferred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.account import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from authkit.core.model import Secret, Session
    from sts_simulator.account.directory import Key, Role, User
    from sts_simulator.account.errors import AwsError

SKEW_ALLOWED = timedelta(minutes=15)
TERMINATOR = "aws4_request"


@dataclass(frozen=True)
class Signature:
    """How a request was signed.  `made_with` tells whether it was with this secret.

    `day` is the credential scope's, "" for that of `signed_at`.
    """

    access_key_id: str
    made_with: Callable[[Secret], bool]
    signed_at: datetime
    region: str
    service: str = "sts"
    session_token: Secret | None = None
    day: str = ""
    terminator: str = TERMINATOR


@dataclass(frozen=True)
class Issued:
    """A session that STS gave out: by which operation, and who its holder is at STS.

    `issuer` is the user, or the role, that must still be there for it to be
    good.  `mfa_at`: when the code in it was checked, None without MFA.
    """

    session: Session
    by: str
    issuer: User | Role
    arn: str
    user_id: str
    mfa_at: datetime | None = None


@dataclass(frozen=True)
class Holder:
    """Whose an access key id is, as the directory knows it now.

    At most one of `key` and `issued` is there; `owner` is the user or role
    behind it, None when deleted.
    """

    key: Key | None = None
    issued: Issued | None = None
    owner: User | Role | None = None


@dataclass(frozen=True)
class Principal:
    """Who a request is from: a user or a role, by a key or by a session (`issued`)."""

    owner: User | Role
    issued: Issued | None
    signature: Signature

    @property
    def arn(self) -> str:
        """What GetCallerIdentity calls the caller."""
        return (self.issued or self.owner).arn

    @property
    def user_id(self) -> str:
        """The caller's unique id."""
        return (self.issued or self.owner).user_id


@dataclass(frozen=True)
class Evidence:
    """All that STS has to judge a signature by.

    `clock` is the server's clock that lies nearest to the signing date, `now`
    the instant that sessions expire by.
    """

    signature: Signature
    service: str
    clock: datetime
    now: datetime
    regions: Collection[str]
    not_enabled: Collection[str]
    holder: Holder
    has_spread: bool


def amz_date(instant: datetime) -> str:
    """Return the instant as X-Amz-Date has it: ``20220127T001427Z``."""
    return f"{instant:%Y%m%dT%H%M%SZ}"


def _dated(seen: Evidence) -> AwsError | None:
    signed, clock = seen.signature.signed_at, seen.clock
    for out_of_bounds, error, bound in (
        (signed < clock - SKEW_ALLOWED, errors.TOO_EARLY, clock - SKEW_ALLOWED),
        (signed > clock + SKEW_ALLOWED, errors.TOO_LATE, clock + SKEW_ALLOWED),
    ):
        if out_of_bounds:
            return error.fill(signed=amz_date(signed), bound=amz_date(bound), now=amz_date(clock))
    return None


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
            (signature.region not in seen.regions, errors.WRONG_REGION),
            (signature.service != seen.service, errors.WRONG_SERVICE),
            (signature.terminator != TERMINATOR, errors.WRONG_TERMINATOR),
            (signature.day not in ("", signed_on), errors.WRONG_DAY),
        )
        if wrong
    ]
    return errors.WRONG_SCOPE.fill(problems="".join(problems)) if problems else None


def _known(seen: Evidence) -> AwsError | None:
    key = seen.holder.key
    good_key = key is not None and key.active and seen.holder.owner is not None and seen.has_spread
    return None if good_key or seen.holder.issued else errors.INVALID_TOKEN


def _region_enabled(seen: Evidence) -> AwsError | None:
    return errors.UNKNOWN_THERE if seen.signature.region in seen.not_enabled else None


def _token_bound(seen: Evidence) -> AwsError | None:
    issued = seen.holder.issued
    foreign = issued is not None and seen.signature.session_token != issued.session.session_token
    return errors.INVALID_TOKEN if foreign else None


def _unexpired(seen: Evidence) -> AwsError | None:
    issued = seen.holder.issued
    over = issued is not None and seen.now >= issued.session.expiration
    return errors.EXPIRED_TOKEN if over else None


def _issuer_alive(seen: Evidence) -> AwsError | None:
    # By id, not by name: a user made anew under the old name is another one.
    issued, owner = seen.holder.issued, seen.holder.owner
    gone = issued is not None and (owner is None or owner.user_id != issued.issuer.user_id)
    return errors.INVALID_TOKEN if gone else None


def _secret_right(seen: Evidence) -> AwsError | None:
    holder = seen.holder.issued.session if seen.holder.issued else seen.holder.key
    right = holder is not None and seen.signature.made_with(holder.secret_access_key)
    return None if right else errors.WRONG_SECRET


def _no_stray_token(seen: Evidence) -> AwsError | None:
    stray = seen.holder.issued is None and seen.signature.session_token is not None
    return errors.INVALID_TOKEN if stray else None


def _good_for_iam(seen: Evidence) -> AwsError | None:
    # C, B: IAM takes GetSessionToken's credentials only if they were made with MFA, and (C)
    # GetFederationToken's not at all (they never are); that it says so alike is inferred.
    issued = seen.holder.issued
    if issued is None or seen.service != "iam" or issued.by == "AssumeRole":
        return None
    return errors.UNKNOWN_THERE if issued.mfa_at is None else None


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
    """Return who signed the request, or why STS does not take the signature."""
    for check in CHECKS:
        if error := check(seen):
            return error
    if seen.holder.owner is None:  # cannot be: the checks have looked for it
        return errors.INVALID_TOKEN
    return Principal(seen.holder.owner, seen.holder.issued, seen.signature)
