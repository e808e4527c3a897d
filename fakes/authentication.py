"""Who signed a request, in STS's own order of checks.  Pure; `CHECKS` is that order.

Source: the order was observed on the real service and pinned in a public test
oracle, but for the date, which a third party claims to come first, and for
regions that are not enabled, whose place is inferred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fakes import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from authkit.model import Secret, Session
    from fakes.directory import Key, User
    from fakes.errors import AwsError

SKEW_ALLOWED = timedelta(minutes=15)


@dataclass(frozen=True)
class Signature:
    """How a request was signed.  `made_with` tells whether it was with this secret."""

    access_key_id: str
    made_with: Callable[[Secret], bool]
    signed_at: datetime
    region: str
    service: str = "sts"
    session_token: Secret | None = None


@dataclass(frozen=True)
class Issued:
    """A session that STS gave out, and to whom."""

    session: Session
    user: User
    with_mfa: bool


@dataclass(frozen=True)
class Principal:
    """Who a request is from: a user, by a key or by a session (`issued`)."""

    user: User
    issued: Issued | None
    signature: Signature


@dataclass(frozen=True)
class Evidence:
    """All that STS has to judge a signature by.

    `clock` is the server's clock that lies nearest to the signing date, `now`
    the instant that sessions expire by.  `owner` is the user of the key, or
    of the session, as the directory knows it now.
    """

    signature: Signature
    service: str
    clock: datetime
    now: datetime
    regions: Collection[str]
    not_enabled: Collection[str]
    key: Key | None
    has_spread: bool
    issued: Issued | None
    owner: User | None


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
    problems = ""
    if seen.signature.region not in seen.regions:
        problems += errors.WRONG_REGION
    if seen.signature.service != seen.service:
        problems += errors.WRONG_SERVICE.format(service=seen.service)
    return errors.WRONG_SCOPE.fill(problems=problems) if problems else None


def _known(seen: Evidence) -> AwsError | None:
    key = seen.key
    good_key = key is not None and key.active and seen.owner is not None and seen.has_spread
    return None if good_key or seen.issued else errors.INVALID_TOKEN


def _region_enabled(seen: Evidence) -> AwsError | None:
    return errors.UNKNOWN_THERE if seen.signature.region in seen.not_enabled else None


def _token_bound(seen: Evidence) -> AwsError | None:
    token = seen.issued and seen.issued.session.session_token
    return errors.INVALID_TOKEN if token and seen.signature.session_token != token else None


def _unexpired(seen: Evidence) -> AwsError | None:
    over = seen.issued is not None and seen.now >= seen.issued.session.expiration
    return errors.EXPIRED_TOKEN if over else None


def _issuer_alive(seen: Evidence) -> AwsError | None:
    # By id, not by name: a user made anew under the old name is another one.
    gone = seen.issued is not None and (
        seen.owner is None or seen.owner.user_id != seen.issued.user.user_id
    )
    return errors.INVALID_TOKEN if gone else None


def _secret_right(seen: Evidence) -> AwsError | None:
    holder = seen.issued.session if seen.issued else seen.key
    right = holder is not None and seen.signature.made_with(holder.secret_access_key)
    return None if right else errors.WRONG_SECRET


def _no_stray_token(seen: Evidence) -> AwsError | None:
    stray = seen.issued is None and seen.signature.session_token is not None
    return errors.INVALID_TOKEN if stray else None


def _mfa_for_iam(seen: Evidence) -> AwsError | None:
    # C, B: IAM takes GetSessionToken's credentials only if they were made with MFA.
    without = seen.issued is not None and not seen.issued.with_mfa
    return errors.UNKNOWN_THERE if without and seen.service == "iam" else None


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
    _mfa_for_iam,
)


def judge(seen: Evidence) -> Principal | AwsError:
    """Return who signed the request, or why STS does not take the signature."""
    for check in CHECKS:
        if error := check(seen):
            return error
    if seen.owner is None:  # cannot be: the checks have looked for it
        return errors.INVALID_TOKEN
    return Principal(seen.owner, seen.issued, seen.signature)
