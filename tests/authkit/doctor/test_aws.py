"""Checks of the way to AWS, and of what AWS says, one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.core import sessions
from authkit.core.failures import Refused, Unreachable
from authkit.core.identity import access_keys, fingerprint
from authkit.doctor import aws
from fakes.world.cached_session import cached_session, session
from fakes.world.sts import PortSts
from sts_simulator.account.account import Account
from tests.authkit.doctor.looking import KEYS, an_examination, names, sts_of
from tests.authkit.examples import FailingSts
from tests.support.stage import START, Pauses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.model import AccessKeys, Caller, Session
    from authkit.core.ports import Sts
    from authkit.doctor.examination import Examination
    from authkit.doctor.findings import Finding


def lost(reason: str) -> FailingSts:
    """Return an STS that is not reached, and why."""
    return FailingSts(Unreachable("GetCallerIdentity", reason, answered=False, sent=False))


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "endpoint"),
        ({"AWS_ENDPOINT_URL": "https://sts.eu-west-1.amazonaws.com"}, "endpoint"),
        ({"AWS_ENDPOINT_URL": "http://sts.eu-west-1.amazonaws.com"}, "endpoint-unencrypted"),
        ({"AWS_ENDPOINT_URL_STS": "https://sts.example"}, "endpoint-foreign"),
    ],
)
def test_the_endpoint(environ: dict[str, str], name: str) -> None:
    """B-S08: AWS's own, another, and one that is not encrypted."""
    assert names(aws.endpoint(an_examination(environ=environ))) == [name]


OWN = "https://s3.eu-west-1.amazonaws.com"
AWAY = "http://localhost:4566"


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"AWS_ENDPOINT_URL_S3": AWAY, "AWS_ENDPOINT_URL_DYNAMODB": AWAY}, "DYNAMODB S3"),
        ({"AWS_ENDPOINT_URL_S3": OWN}, ""),
        ({"AWS_ENDPOINT_URL_S3": AWAY, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, ""),
        ({"AWS_ENDPOINT_URL_S3": AWAY, "AWS_ENDPOINT_URL": OWN}, "S3"),
        ({"AWS_ENDPOINT_URL_STS": OWN, "AWS_ENDPOINT_URL": AWAY}, "URL"),
    ],
)
def test_the_endpoints_of_other_services(environ: dict[str, str], names: str) -> None:
    """B-S08: AWS programs are sent elsewhere by variables that authkit itself does not read."""
    found = list(aws.endpoint(an_examination(environ=environ)))
    told = [each.cure for each in found if each.name == "endpoints-elsewhere"]
    variables = " ".join(f"AWS_ENDPOINT_URL_{n}".replace("_URL_URL", "_URL") for n in names.split())
    assert told == ([f"Run 'unset {variables}'."] if names else [])


def test_proxy_and_certificates() -> None:
    """B-S08: the variable is named, and what stands before the host is left out."""
    set_ones = {"HTTPS_PROXY": "http://me:password@proxy:3128", "AWS_CA_BUNDLE": "/x"}
    look = an_examination(environ=set_ones)
    (proxy,) = aws.proxy(look)
    assert proxy.words == "HTTPS_PROXY names http://proxy:3128"
    assert names(aws.ca_bundle(look)) == ["ca-bundle"]
    assert names(aws.proxy(an_examination())) == ["no-proxy"]
    assert names(aws.ca_bundle(an_examination())) == ["no-ca-bundle"]


@pytest.mark.parametrize(
    ("look_at", "variable"), [(aws.proxy, "https_proxy"), (aws.ca_bundle, "REQUESTS_CA_BUNDLE")]
)
def test_the_other_spelling(
    look_at: Callable[[Examination], Iterator[Finding]], variable: str
) -> None:
    """B-S08: what other programs call a proxy or their certificates counts too."""
    (found,) = look_at(an_examination(environ={variable: "http://a:1"}))
    assert found.words == f"{variable} names http://a:1"


def test_the_network() -> None:
    """B-A07: what stands in the way is named; a setting that is to blame, by its variable."""
    assert names(aws.network(an_examination())) == ["reached"]
    assert names(aws.network(an_examination(sts=lost("no route")))) == ["unreachable"]


@pytest.mark.parametrize(
    "variable",
    [
        *("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"),
        *("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "SSLKEYLOGFILE"),
    ],
)
def test_a_setting_in_the_way(variable: str) -> None:
    """B-A07: a setting that is to blame is named by its variable."""
    look = an_examination(sts=lost(f"{variable} names no host"), environ={variable: "/x"})
    (found,) = aws.network(look)
    assert found.words == f"STS cannot be asked:\n  {variable} names no host"
    assert found.cure == f"Set {variable} right, or run 'unset {variable}'."


@pytest.mark.parametrize(
    ("skew", "name"),
    [("29s", "clock"), ("30s", "clock-off"), ("-14m", "clock-off"), ("15m", "clock-wrong")],
)
def test_the_clock(skew: str, name: str) -> None:
    """B-L10: within half a minute it is right, and from a quarter of an hour AWS refuses it."""
    assert names(aws.clock(an_examination(sts=sts_of(skew=skew)))) == [name]


def test_the_keys() -> None:
    """B-L03: they are tried once STS is known to answer; none are no finding."""
    look = an_examination()
    assert names(aws.keys(look)) == ["keys-taken"]
    assert look.caller is not None
    assert names(aws.keys(an_examination(entry=None))) == []
    assert names(aws.keys(an_examination(sts=lost("no route")))) == ["not-asked"]
    wrong = an_examination(sts=sts_of(secret="another"))
    assert names(aws.keys(wrong)) == ["secret-mismatch"]


class Refusing(PortSts):
    """STS that says what time it is, and refuses all other calls."""

    code = "AccessDenied"

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Refuse the call."""
        del who
        raise Refused("GetCallerIdentity", self.code)


def refusing(code: str, *regions: str) -> Callable[[str], Sts]:
    """Return an STS that refuses calls in these regions with this code."""
    good, clock = sts_of(), Pauses()

    def sts(region: str) -> Sts:
        if region not in regions:
            return good(region)
        refuses = Refusing(Account.from_table({}, clock.now), region, clock)
        refuses.code = code
        return refuses

    return sts


OPT_IN = '[identities.dev-admin]\nregion = "me-south-1"\n'
KEY = KEYS["access_key_id"]
USER = "arn:aws:iam::123456789012:user/dev-admin"


@pytest.mark.parametrize(
    ("code", "refuses", "words"),
    [
        ("AccessDenied", "us-east-1", f"AWS denied GetCallerIdentity to {KEY}"),
        ("AccessDenied", "me-south-1", f"AWS denied GetCallerIdentity to {USER}"),
        ("InvalidClientTokenId", "us-east-1", f"Key {KEY} was rotated or revoked"),
        ("SignatureDoesNotMatch", "me-south-1", f"{KEY}"),
    ],
)
def test_whose_call_is_refused(code: str, refuses: str, words: str) -> None:
    """B-L15, B-L19: the key, and as soon as AWS has told it the user, in either region."""
    look = an_examination(config=OPT_IN, sts=refusing(code, refuses))
    found = [*aws.keys(look), *aws.region(look)]
    assert any(words in each.words for each in found)


def test_a_region_that_is_off() -> None:
    """B-L19: the keys are tried elsewhere, then there."""
    off = sts_of(regions={"not_enabled": ["me-south-1"]})
    look = an_examination(config=OPT_IN, sts=off)
    assert names(aws.keys(look)) == ["keys-taken"]
    assert names(aws.region(look)) == ["region-not-enabled"]
    look = an_examination(config=OPT_IN)
    assert [*names(aws.keys(look)), *names(aws.region(look))] == ["keys-taken", "region"]


@pytest.mark.parametrize(
    ("hours", "changes", "name"),
    [
        (36, {}, "session-refused"),  # the account does not know it
        (-1, {}, "session-expired"),
        (36, {"keys": "of another pair"}, "session-of-other-settings"),
    ],
)
def test_the_session(hours: int, changes: dict[str, str], name: str) -> None:
    """B-S03, B-W03: by the clock, by the settings and by STS."""
    look = an_examination(entry={**KEYS, "session_duration": "36h"})
    own = {"keys": fingerprint(*KEYS.values()), "mfa_arn": ""}
    made = session(START, timedelta(hours=hours))
    cached = cached_session(made, **{**own, **changes}).replaced(duration=36 * 3600)
    look.world.sessions.replace("dev-admin", sessions.encode(cached))
    assert names(aws.session(look)) == [name]


def test_a_session_file_that_cannot_be_read() -> None:
    """B-S04: it is said so, and why."""
    look = an_examination()
    look.world.sessions.replace("dev-admin", "{")
    (found,) = aws.session(look)
    assert found.words.startswith("it cannot be read\n  (it is ")


def with_session(left: timedelta, *, sts: Callable[[str], Sts] | None = None) -> Examination:
    """Return an examination of a session that AWS knows, and that has so much left."""
    look = an_examination(entry={**KEYS, "session_duration": "12h"})
    made = look.world.sts("us-east-1").get_session_token(
        access_keys(look.values), duration=12 * 3600, mfa=None
    )
    made = made.replaced(expiration=int((START + left).timestamp()))
    cached = cached_session(made, keys=fingerprint(*KEYS.values()), mfa_arn="", duration=12 * 3600)
    look.world.sessions.replace("dev-admin", sessions.encode(cached))
    look.world.sts = sts or look.world.sts  # type: ignore[method-assign,assignment]  # a Stage's
    return look


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(minutes=15), "good for 15m"),
        (timedelta(minutes=15, seconds=-1), "it ends in 14m"),
        (timedelta(seconds=1), "it ends in 1s"),
        (timedelta(0), "it has expired"),
    ],
)
def test_what_is_left_of_a_session(left: timedelta, words: str) -> None:
    """B-W04: less than 15 minutes are told, and nothing left is expired."""
    assert [found.words for found in aws.session(with_session(left))] == [words]


def test_a_session_that_cannot_be_verified() -> None:
    """B-W05: without STS's word it is said how long it lasts by the clock, and why no more."""
    hour = timedelta(hours=1)
    (found,) = aws.session(with_session(hour, sts=lost("no route")))
    told = "1h 0m left; not verified:\n  STS cannot be asked"
    assert (found.name, found.words) == ("session-unproven", told)
    (found,) = aws.session(with_session(hour, sts=refusing("Throttling", "us-east-1")))
    assert found.name == "session-unproven"
    assert found.words.startswith("1h 0m left; not verified:\n  AWS is being asked too often")


@pytest.mark.parametrize(
    ("arn", "name"), [("deploy", "session-unproven"), ("other", "session-of-other-settings")]
)
def test_a_session_of_a_role(arn: str, name: str) -> None:
    """B-S03: it is of the role's own settings; the keyring has nothing of it."""
    role = f'kind = "aws/assume-role"\nrole_arn = "arn:aws:iam::123456789012:role/{arn}"\n'
    config = f'[identities.dev-admin]\n[identities.deploy]\nsource = "dev-admin"\n{role}'
    look = an_examination("deploy", config=config, sts=lost("no route"))
    made = an_examination("deploy", config=config.replace("other", "deploy")).identity
    assert made
    of_role = {"kind": "aws/assume-role", "role": made.role_fingerprint(), "keys": "of a session"}
    cached = cached_session(session(START), **of_role)
    look.world.sessions.replace("deploy", sessions.encode(cached, "deploy"))
    assert names(aws.session(look)) == [name]


def test_variables() -> None:
    """What AWS programs take before a profile; a profile's name alone is none of them."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        assert names(aws.variables(an_examination(environ={name: "x"}))) == ["no-variables"]
    token = an_examination(environ={"AWS_BEARER_TOKEN_X": "t"})
    assert names(aws.variables(token)) == ["variables-shadow"]
    look = an_examination(environ={"AWS_ACCESS_KEY_ID": "ASIAXXXXXXXXXXXXXXXX"})
    made = session(START, timedelta(hours=36)).replaced(access_key_id="ASIAXXXXXXXXXXXXXXXX")
    look.world.sessions.replace("dev-admin", sessions.encode(cached_session(made)))
    (found,) = aws.variables(look)
    assert found.words == "they hold the session of dev-admin"
