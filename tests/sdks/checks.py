"""What a login does, and what is expected of each SDK.

A check is a function that changes the world, has the SDK call AWS, and yields what was seen of
each call: the operations that STS saw with their error codes, and behind the arrow what the SDK
said.  What is expected stands above it: of every SDK, or under its name of one that differs; None
means that this one cannot be tried.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tests.sdks.caller import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.sdks.caller import Caller, Seen

    Script = Callable[[Caller], Iterator[Seen]]
    Expected = tuple[str, ...] | None


class Check(NamedTuple):
    """A check with what is expected of every SDK, and of those that differ, by name."""

    run: Script
    expected: tuple[str, ...]
    others: Mapping[str, Expected]

    @property
    def about(self) -> str:
        """What is checked, as a sentence."""
        return (self.run.__doc__ or "").strip()

    def expected_of(self, sdk: str) -> Expected:
        """Return the lines that are expected of an SDK."""
        return self.others.get(sdk, self.expected)


CHECKS: dict[str, Check] = {}


def check(*expected: str, **others: Expected) -> Callable[[Script], Script]:
    """Add a function to the checks."""

    def added(run: Script) -> Script:
        CHECKS[run.__name__] = Check(run, expected, others)
        return run

    return added


_OWN = "an error of its own"  # AWS refused nothing, or the SDK does not tell AWS's code


@check("GetCallerIdentity -> user/dev-admin")
def identity(sdk: Caller) -> Iterator[Seen]:
    """Keys say whose they are."""
    yield sdk.call()


@check(
    "GetSessionToken AccessDenied -> AccessDenied",
    "GetSessionToken -> a session",
    "GetSessionToken AccessDenied -> AccessDenied",
    "GetCallerIdentity -> user/dev-admin",
)
def session(sdk: Caller) -> Iterator[Seen]:
    """A session is not made with a wrong MFA code, and with the right one only once."""
    yield sdk.session(sdk.wrong_code())
    code = sdk.code()
    made = sdk.session(code)
    yield made
    yield sdk.session(code)
    yield sdk.call(credentials=made.answer["credentials"])


@check("GetCallerIdentity ExpiredToken -> ExpiredToken")
def session_that_ended(sdk: Caller) -> Iterator[Seen]:
    """A session is refused after its end."""
    made = sdk.session(sdk.code())
    sdk.aws.advance("37h")
    yield sdk.call(credentials=made.answer["credentials"])


@check(
    "GetCallerIdentity InvalidClientTokenId -> InvalidClientTokenId",
    "GetCallerIdentity -> user/dev-admin",
)
def rotated_key(sdk: Caller) -> Iterator[Seen]:
    """A rotated key is refused and not tried again; the new one works."""
    new = sdk.aws.rotate("dev-admin")
    yield sdk.call()
    yield sdk.call(credentials=(new["access_key_id"], new["secret_access_key"], ""))


@check("GetCallerIdentity SignatureDoesNotMatch -> SignatureDoesNotMatch")
def wrong_secret(sdk: Caller) -> Iterator[Seen]:
    """A wrong secret is refused, and not taken for a wrong clock."""
    yield sdk.call(credentials=(KEYS[0], "another-secret", ""))


# AWS CLI 2 reads no endpoint from the environment before 2.13: its roles would be AWS's own.
@check("AssumeRole, GetCallerIdentity -> assumed-role/deploy/ci", cli2=None)
def role(sdk: Caller) -> Iterator[Seen]:
    """The role of a profile is assumed by the SDK's own provider."""
    yield sdk.call(profile="deploy")


@check(
    "AssumeRole AccessDenied -> AccessDenied",
    "AssumeRole, GetCallerIdentity -> assumed-role/guarded/ci",
    java=(f"AssumeRole AccessDenied -> {_OWN}",) * 2,  # they send no code
    rust=(f"AssumeRole AccessDenied -> {_OWN}",) * 2,
    cli2=None,
)
def role_with_mfa(sdk: Caller) -> Iterator[Seen]:
    """A role of a profile with `mfa_serial` takes the right MFA code, and not a wrong one."""
    yield sdk.call(profile="guarded", code=sdk.wrong_code())
    yield sdk.call(profile="guarded", code=sdk.code())


@check(
    "AssumeRole, GetCallerIdentity, AssumeRole, GetCallerIdentity -> assumed-role/deploy/ci",
    javascript=(
        (
            "AssumeRole x3, GetCallerIdentity, AssumeRole x2, GetCallerIdentity"
            " -> assumed-role/deploy/ci"
        ),
    ),
    cli1=(f"AssumeRole x2 -> {_OWN}",),  # it takes no credentials that are over
    cli2=None,
)
def role_that_ended(sdk: Caller) -> Iterator[Seen]:
    """A role's credentials that are over already are renewed for the next call."""
    start = sdk.aws.now() - timedelta(hours=2)
    sdk.aws.control("POST", "clock", {"now": f"{start:%Y-%m-%dT%H:%M:%SZ}"})
    yield sdk.call(profile="deploy", times=2)


@check(
    "AssumeRoleWithWebIdentity, GetCallerIdentity -> assumed-role/build/ci",
    cli2=None,
)
def web_identity(sdk: Caller) -> Iterator[Seen]:
    """The role of a token is assumed by the SDK's own provider, without keys, as in a build."""
    with sdk.with_token() as build:
        yield build.by_environment()


_TOKENS = tuple(
    f"AssumeRoleWithWebIdentity {code}"
    for code in ("InvalidIdentityToken", "AccessDenied", "ExpiredTokenException")
)
_OF_BOTH = (f"{_TOKENS[1]} -> AccessDenied", f"{_TOKENS[2]} -> ExpiredTokenException")


@check(
    f"{_TOKENS[0]} -> InvalidIdentityToken",
    *_OF_BOTH,
    go=(f"{_TOKENS[0]} x3 -> InvalidIdentityToken", *_OF_BOTH),
    java=tuple(f"{refused} -> {_OWN}" for refused in _TOKENS),
    javascript=(f"{_TOKENS[0]} -> InvalidIdentityTokenException", *_OF_BOTH),
    rust=tuple(f"{refused} -> {_OWN}" for refused in _TOKENS),
    cli2=None,
)
def web_identity_refused(sdk: Caller) -> Iterator[Seen]:
    """A token for another audience, of another repository, and one that is over are refused."""
    for wanted in (
        {"audience": "elsewhere"},
        {"subject": "repo:octo-org/another:ref:refs/heads/main"},
        {"expires_in": "-10m"},
    ):
        with sdk.with_token(**wanted) as build:
            yield build.by_environment()


@check(
    f"nothing -> {_OWN}",
    "GetCallerIdentity -> user/dev-admin",
    "GetCallerIdentity ExpiredToken -> ExpiredToken",
)
def credential_process(sdk: Caller) -> Iterator[Seen]:
    """The credentials are authkit's: before a login, after it, and when the session is over."""
    yield sdk.call(profile="authkit")
    sdk.log_in()
    yield sdk.call(profile="authkit")
    sdk.aws.advance("37h")
    yield sdk.call(profile="authkit")


@check(
    "GetCallerIdentity Throttling x2, GetCallerIdentity -> user/dev-admin",
    "GetCallerIdentity Throttling x3 -> Throttling",
    java=(
        "GetCallerIdentity Throttling x2, GetCallerIdentity -> user/dev-admin",
        "GetCallerIdentity Throttling x4 -> Throttling",
    ),
    cli1=(
        "GetCallerIdentity Throttling x2, GetCallerIdentity -> user/dev-admin",
        "GetCallerIdentity Throttling x5 -> Throttling",
    ),
)
def throttling(sdk: Caller) -> Iterator[Seen]:
    """A call that is throttled twice is tried again; one that always is fails in the end."""
    sdk.aws.fault("GetCallerIdentity", "Throttling", times=2)
    yield sdk.call()
    sdk.aws.fault("GetCallerIdentity", "Throttling", times=0)
    yield sdk.call()


@check(
    "GetCallerIdentity reset, GetCallerIdentity -> user/dev-admin",
    "GetCallerIdentity html, GetCallerIdentity -> user/dev-admin",
)
def no_answer(sdk: Caller) -> Iterator[Seen]:
    """A call is tried again after a connection that breaks, and after a load balancer's page."""
    for answer in ("reset", "html"):
        sdk.aws.fault("GetCallerIdentity", answer)
        yield sdk.call()


@check(
    f"GetCallerIdentity truncated -> {_OWN}",
    rust=("GetCallerIdentity truncated -> user/dev-admin",),  # its half has the ARN
)
def half_an_answer(sdk: Caller) -> Iterator[Seen]:
    """Half of the XML is no answer, and the call is not tried again."""
    sdk.aws.fault("GetCallerIdentity", "truncated")
    yield sdk.call()


_REFUSED = "GetCallerIdentity SignatureDoesNotMatch"
_UNCORRECTED = (f"{_REFUSED} -> SignatureDoesNotMatch",) * 2


@check(
    *(f"{_REFUSED}, GetCallerIdentity -> user/dev-admin",) * 2,
    cli1=_UNCORRECTED,
    cli2=_UNCORRECTED,
)
def wrong_clock(sdk: Caller) -> Iterator[Seen]:
    """A clock that is 20 minutes behind, then ahead, is corrected by the answer's Date."""
    with sdk.with_environ() as alone:  # Java keeps the correction for all clients of the process
        for skew in ("20m", "-20m"):
            sdk.aws.skew(skew)
            yield alone.call()


@check(
    "iam refused -> user/dev-admin",
    cli1=("iam refused -> SignatureDoesNotMatch",),
    cli2=("iam refused -> SignatureDoesNotMatch",),
)
def wrong_clock_with_iam(sdk: Caller) -> Iterator[Seen]:
    """A clock that is 20 minutes behind is corrected by IAM's answer too."""
    with sdk.with_environ() as alone:
        sdk.aws.skew("20m")
        yield alone.call("GetUser")


@check(
    "s3 refused -> done",
    rust=None,  # its crate for S3 takes a minute to build
    cli1=("s3 refused -> RequestTimeTooSkewed",),
    cli2=("s3 refused -> RequestTimeTooSkewed",),
)
def wrong_clock_with_s3(sdk: Caller) -> Iterator[Seen]:
    """A clock that is 20 minutes behind is corrected by S3's answer too."""
    with sdk.with_environ() as alone:
        sdk.aws.skew("20m")
        yield alone.call("ListBuckets")


@check(
    "GetCallerIdentity -> user/dev-admin",
    "AssumeRole, GetCallerIdentity -> assumed-role/deploy/ci",
    go=("GetCallerIdentity -> user/dev-admin", f"nothing -> {_OWN}"),  # the role is AWS's own
    cli2=None,
)
def general_endpoint(sdk: Caller) -> Iterator[Seen]:
    """`AWS_ENDPOINT_URL` alone is enough, for keys and then for the role of a profile."""
    with sdk.with_environ(AWS_ENDPOINT_URL_STS=None) as alone:
        yield alone.call()
        yield alone.call(profile="deploy")


@check(
    "GetCallerIdentity -> user/dev-admin",
    java=(f"nothing -> {_OWN}",),
    rust=(f"nothing -> {_OWN}",),  # it panics
    cli2=None,
)
def empty_endpoint(sdk: Caller) -> Iterator[Seen]:
    """An empty `AWS_ENDPOINT_URL_STS` is none, beside `AWS_ENDPOINT_URL`."""
    with sdk.with_environ(AWS_ENDPOINT_URL_STS="") as empty:
        yield empty.call()
