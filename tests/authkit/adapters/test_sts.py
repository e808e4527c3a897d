"""The port Sts over boto3: requests, what boto3 may read, and what its errors become.

The endpoint is a small HTTP server that gives the answer a test has chosen.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from authkit.adapters.sts import _CALL, _CHECK, Boto3Sts, _TooLongError, _within, isolated_session
from authkit.core.failures import NO_ANSWER, Refused, Unreachable
from authkit.core.model import Caller, MfaCode, RoleRequest, Secret
from tests.authkit.adapters.sts_calls import (
    HOURS_36,
    KEYS,
    MFA,
    SESSION,
    caller,
    closed_port,
    granted,
    refused,
    unreachable,
)
from tests.authkit.adapters.sts_server import (
    CREDENTIALS,
    DATE,
    GRANTED,
    KNOWN,
    Answer,
    Server,
    error,
    result,
)
from tests.support.noting import until
from tests.support.pty_tools import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Prints the account of some keys.  For a process with another home.
IDENTIFY = """
from authkit.adapters.sts import Boto3Sts
from authkit.core.model import AccessKeys, Secret
keys = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret("secret-canary"))
print(Boto3Sts("us-east-1").get_caller_identity(keys).account)
"""


# Requests, and successful answers.


def test_a_session_of_36_hours(server: Server) -> None:
    """B-L21, B-C02: the request has the duration in seconds."""
    assert granted(MFA) == SESSION
    assert server.asked[0].form == {
        "Action": "GetSessionToken",
        "Version": "2011-06-15",
        "DurationSeconds": "129600",
        "SerialNumber": "arn:aws:iam::123456789012:mfa/user",
        "TokenCode": "123456",
    }


def test_without_a_device_no_code_is_sent(server: Server) -> None:
    """B-L11: without a device the request has neither serial number nor code."""
    granted(duration=3601)
    assert server.asked[0].form == {
        "Action": "GetSessionToken",
        "Version": "2011-06-15",
        "DurationSeconds": "3601",
    }


def test_who_it_is(server: Server) -> None:
    """B-L03: account, ARN and user id of the keys."""
    server.answer = KNOWN
    assert caller() == Caller(account="123456789012", arn="arn:aws:iam::123456789012:user/dev")


def test_a_session_is_sent_with_its_token(server: Server) -> None:
    """B-L01: a session signs with its own key and sends its token."""
    server.answer = KNOWN
    caller(SESSION)
    headers = server.asked[0].headers
    assert headers["X-Amz-Security-Token"] == "session-token-canary"
    assert "Credential=ASIAXXXXXXXXXXXXXXXX/" in headers["Authorization"]


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1"])
def test_the_region_signs(server: Server, region: str) -> None:
    """B-L19: the signature's scope has the region of the identity."""
    server.answer = KNOWN
    Boto3Sts(region).get_caller_identity(KEYS)
    assert f"/{region}/sts/aws4_request" in server.asked[0].headers["Authorization"]


def test_how_long_is_granted_is_told_by_aws(server: Server) -> None:
    """B-L22: the duration granted is between the answer's Date and Expiration, in whole seconds."""
    odd = CREDENTIALS.replace("11:58:00Z", "06:58:00.750-05:00")
    server.answer = result("GetSessionToken", odd)
    session = granted()
    assert session.expiration - session.granted == HOURS_36


PAGE = (
    "<MFADevices>"
    "<member><UserName>dev</UserName><SerialNumber>{}</SerialNumber>"
    "<EnableDate>2024-12-22T23:58:00Z</EnableDate></member>"
    "</MFADevices><IsTruncated>{}</IsTruncated>"
)


def devices_page(serial: str, marker: str = "") -> Answer:
    """Return a page of IAM's ListMFADevices with this device; the marker says that more follows."""
    more = f"<Marker>{marker}</Marker>" if marker else ""
    return result("ListMFADevices", PAGE.format(serial, str(bool(marker)).lower()) + more)


def listed(region: str = "us-east-1") -> tuple[str, ...]:
    """Return the devices that IAM lists."""
    return Boto3Sts(region).list_mfa_devices(KEYS)


@pytest.fixture
def iam(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Return the server as the endpoint of IAM too."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", server.url)
    server.answer = devices_page("GAHT12345678")
    return server


def test_devices(iam: Server) -> None:
    """B-L02: the caller's own, so no user is named; the keys sign, and IAM is asked once."""
    assert listed() == ("GAHT12345678",)
    assert [asked.form for asked in iam.asked] == [
        {"Action": "ListMFADevices", "Version": "2010-05-08"}
    ]
    signed = iam.asked[0].headers["Authorization"]
    assert "Credential=AKIAXXXXXXXXXXXXXXXX/" in signed
    assert "/us-east-1/iam/aws4_request" in signed


def test_a_second_page(iam: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """IAM may put few devices on many pages; pages without an end are not read for ever."""
    iam.answers = [devices_page("GAHT12345678", "more"), devices_page("GAHT87654321")]
    assert listed() == ("GAHT12345678", "GAHT87654321")
    assert iam.asked[1].form["Marker"] == "more"
    monkeypatch.setattr("authkit.adapters.sts_answers._MOST_DEVICES", 3)
    iam.answer = devices_page("GAHT12345678", "more")
    with pytest.raises(Unreachable):
        listed()
    assert len(iam.asked) == 2 + 4


def test_empty_pages_without_an_end(iam: Server) -> None:
    """B-S07: pages that hold no device, and say that more follow, are asked for ten times."""
    more = "<MFADevices/><IsTruncated>true</IsTruncated><Marker>more</Marker>"
    iam.answer = result("ListMFADevices", more)
    with pytest.raises(Unreachable) as caught:
        listed()
    assert caught.value.answered
    assert len(iam.asked) == 10


IAM = {  # by region: the host of IAM, and the region that it is signed for
    "eu-west-1": ("iam.amazonaws.com", "us-east-1"),
    "ap-south-2": ("iam.amazonaws.com", "us-east-1"),
    "cn-northwest-1": ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    "us-gov-east-1": ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
}


@pytest.mark.parametrize("region", IAM)
@pytest.mark.parametrize("hours", [0, 3])
def test_iam_of_the_partition(
    server: Server, monkeypatch: pytest.MonkeyPatch, region: str, hours: int
) -> None:
    """B-L19, B-L10: IAM has one endpoint a partition; it signs for its region, at AWS's time."""
    monkeypatch.delenv("AWS_ENDPOINT_URL_STS")
    host, scope = IAM[region]
    sent: list[AWSPreparedRequest] = []

    def answer(request: AWSPreparedRequest, **_: object) -> NoReturn:
        sent.append(request)
        raise OSError

    session = isolated_session()
    session.register("before-send.iam", answer)
    sts = Boto3Sts(region, session)
    sts.clock.offset = hours * 3600.0
    with pytest.raises((Unreachable, OSError)):
        sts.list_mfa_devices(KEYS)
    now = datetime.now(UTC) + timedelta(hours=hours)
    headers = {name: text.decode() if isinstance(text, bytes) else text
               for name, text in sent[0].headers.items()}  # fmt: skip
    assert urlsplit(sent[0].url).hostname == host
    assert f"/{scope}/iam/aws4_request" in headers["Authorization"]
    signed = datetime.strptime(headers["X-Amz-Date"], "%Y%m%dT%H%M%S%z")
    assert abs(signed - now) < timedelta(minutes=2)
    assert not server.asked


@pytest.mark.parametrize(
    "answer",
    [
        error("AccessDenied", "no"),
        error("InvalidClientTokenId", "no"),
        error("Throttling", "no", 400),
    ],
)
def test_devices_are_not_listed(iam: Server, answer: Answer) -> None:
    """A refusal is IAM's word, in the same form as STS's; it is not asked again."""
    iam.answer = answer
    with pytest.raises(Refused) as caught:
        listed()
    assert caught.value.operation == "ListMFADevices"
    assert len(iam.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        *(Answer(status=s, body=b) for s, b in ((200, "{"), (502, "<html/>"), (200, None))),
        result(
            "ListMFADevices", "<MFADevices><member><UserName>a</UserName></member></MFADevices>"
        ),
        devices_page("x" * 257),
        devices_page("GAHT&#x85;12345678"),
    ],
)
def test_what_is_no_list(iam: Server, answer: Answer) -> None:
    """A broken answer, or serial numbers that nobody has, are no answer; IAM is asked once."""
    iam.answer = answer
    with pytest.raises(Unreachable):
        listed()
    assert len(iam.asked) == 1


@pytest.mark.parametrize("answer", [Answer(silent=True), Answer(drips=True)])
def test_iam_is_not_waited_for(
    iam: Server, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-L02: it has the time of a check, for all pages together."""
    monkeypatch.setattr("authkit.adapters.sts._CHECK", (0.2, 0.3))
    iam.answer = answer
    with pytest.raises(Unreachable, match=r"within 0\.[35]"):
        listed()


def test_keys_of_another_sts_are_not_sent_to_aws(server: Server) -> None:
    """Where STS is not AWS's and IAM's address is not set, IAM is not asked at all."""
    with pytest.raises(Unreachable, match="IAM's is not"):
        listed()
    assert not server.asked


BEHIND = (  # by 75 minutes
    "Signature expired: 20220127T001427Z is now earlier than 20220127T011427Z "
    "(20220127T012927Z - 15 min.)"
)


def test_signed_again_at_the_time_of_aws(server: Server) -> None:
    """B-L10: the second signature is of AWS's time, its scope of AWS's day, the rest the same."""
    server.answer = error("SignatureDoesNotMatch", BEHIND)
    sts = Boto3Sts("us-east-1")
    with pytest.raises(Refused, match="Signature expired"):
        sts.get_caller_identity(SESSION)
    first, second = (asked.headers for asked in server.asked)
    signed = [datetime.strptime(h["X-Amz-Date"], "%Y%m%dT%H%M%SZ") for h in (first, second)]  # noqa: DTZ007 - UTC
    assert timedelta(minutes=74) < signed[1] - signed[0] < timedelta(minutes=76)
    assert f"/{signed[1]:%Y%m%d}/us-east-1/sts/aws4_request" in second["Authorization"]
    assert len(second.get_all("X-Amz-Date", [])) == len(second.get_all("Authorization", [])) == 1
    assert second["X-Amz-Security-Token"] == "session-token-canary"


def test_both_signings_have_the_time_of_one(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-L10, B-W03: a check of a session takes 5 s at most, its second signing included."""
    server.answer = error("SignatureDoesNotMatch", BEHIND)
    instants, limits = iter((100.0, 100.5, 104.0)), list[float]()

    def within(seconds: float, call: Callable[[], object]) -> object:
        limits.append(seconds)
        return call()

    monkeypatch.setattr("authkit.adapters.sts._within", within)
    monkeypatch.setattr("authkit.adapters.sts._CHECK", _CHECK)
    monkeypatch.setattr(
        "authkit.adapters.sts.time", SimpleNamespace(monotonic=lambda: next(instants))
    )
    with pytest.raises(Refused):
        caller(SESSION)
    assert limits == [4.5, 1]


def test_how_long_a_call_may_take(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L18: a call with keys has 5 s to connect and 10 to answer."""
    server.answer = error("AccessDenied", "no")
    limits = list[float]()

    def within(seconds: float, call: Callable[[], object]) -> object:
        limits.append(seconds)
        return call()

    monkeypatch.setattr("authkit.adapters.sts._within", within)
    monkeypatch.setattr("authkit.adapters.sts._CALL", _CALL)
    monkeypatch.setattr("authkit.adapters.sts.time", SimpleNamespace(monotonic=lambda: 100.0))
    refused()
    assert limits == [15]


def test_a_role_is_asked_for(server: Server) -> None:
    """B-K03: with the source's session, as the request says."""
    server.answer = error("AccessDenied", "no")
    request = RoleRequest("arn:aws:iam::123456789012:role/deploy", "dev", 3600, "deploy-7")
    with pytest.raises(Refused) as raised:
        Boto3Sts("us-east-1").assume_role(SESSION, request)
    assert raised.value.operation == "AssumeRole"
    (asked,) = server.asked
    assert {
        "Action": "AssumeRole",
        "RoleArn": request.role_arn,
        "RoleSessionName": "dev",
        "DurationSeconds": "3600",
        "ExternalId": "deploy-7",
    }.items() <= asked.form.items()


def test_a_call_gets_no_signals() -> None:
    """B-E04: one that was given up goes on in its thread, beside exec's child."""
    blocked = _within(60, lambda: signal.pthread_sigmask(signal.SIG_BLOCK, []))
    assert {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD} <= blocked
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_a_thread_that_dies_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S07: it is not waited for without end, as threading does where memory is short."""
    monkeypatch.setattr("authkit.adapters.sts.start_new_thread", lambda *_: 0)
    with pytest.raises(_TooLongError):
        _within(0.01, lambda: None)


def test_a_call_that_cannot_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A02: what goes wrong in the thread before the call is raised, not shown by Python."""

    def fails() -> set[int]:
        raise MemoryError

    monkeypatch.setattr(signal, "valid_signals", fails)
    with pytest.raises(MemoryError):
        _within(60, lambda: None)


# What boto3 may read.


def test_the_time_is_asked_without_a_signature(temptations: Server) -> None:
    """No credentials are sent or looked for; the refusal's Date is what is wanted."""
    temptations.answer = error("MissingAuthenticationToken", "", 403)
    told = Boto3Sts("us-east-1").get_date()
    assert told == parsedate_to_datetime(DATE)
    assert len(temptations.asked) == 1
    assert temptations.asked[0].form["Action"] == "GetCallerIdentity"
    assert temptations.asked[0].headers["Authorization"] is None


def test_no_time_in_what_is_not_stss(server: Server) -> None:
    """A page in STS's place has a Date too: it is none of AWS's."""
    server.answer = Answer(502, "<html>", "text/html")
    with pytest.raises(Unreachable):
        Boto3Sts("us-east-1").get_date()


def test_nothing_else_is_used(temptations: Server) -> None:
    """docs/contract.md, Environment: no profile, no file in ~/.aws, no credential variable."""
    assert granted() == SESSION
    headers = temptations.asked[0].headers
    assert "Credential=AKIAXXXXXXXXXXXXXXXX/" in headers["Authorization"]
    assert "/us-east-1/sts/" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] is None


def test_boto3_does_not_retry(temptations: Server) -> None:
    """B-L18: boto3 does not retry, whatever its settings are."""
    temptations.answer = error("Throttling", "Rate exceeded", 400)
    assert refused().code == "Throttling"
    assert len(temptations.asked) == 1


@pytest.mark.parametrize("file", ["config", "credentials"])
def test_files_of_the_home_are_not_read(server: Server, tmp_path: Path, file: str) -> None:
    """docs/contract.md, Environment: a broken file in ~/.aws is not read."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / file).write_text("[[[ this is no ini file")
    assert granted() == SESSION
    assert len(server.asked) == 1


def test_no_model_of_the_home_is_used(server: Server, tmp_path: Path) -> None:
    """docs/contract.md, Environment: service models in ~/.aws/models are not used."""
    folder = tmp_path / ".aws" / "models" / "sts" / "2011-06-15"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text("this is not a model")
    server.answer = KNOWN
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", IDENTIFY],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.stdout == "123456789012\n"


@pytest.mark.parametrize("setting", ["", "legacy", "regional"])
@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "sts.us-east-1.amazonaws.com"),
        ("eu-west-1", "sts.eu-west-1.amazonaws.com"),
        ("ap-south-2", "sts.ap-south-2.amazonaws.com"),
        ("us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_region_s_own_endpoint_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, region: str, host: str, setting: str
) -> None:
    """B-E02, B-L19: STS is asked in the region, whatever boto3's version and settings are."""
    settings = {"HOME": tmp_path, "AWS_STS_REGIONAL_ENDPOINTS": setting}
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))
    for name in ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    session = isolated_session()
    asked = []

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        asked.append(urlsplit(request.url))
        body = str(KNOWN.body).encode()
        return AWSResponse(request.url, 200, {"Date": DATE}, SimpleNamespace(stream=lambda: [body]))

    session.get_component("event_emitter").register("before-send.sts", answer)
    Boto3Sts(region, session).get_caller_identity(KEYS)
    assert [(url.scheme, url.netloc) for url in asked] == [("https", host)]


def test_the_general_endpoint_is_honoured(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/contract.md, Environment: AWS_ENDPOINT_URL is used if there is none for STS."""
    monkeypatch.delenv("AWS_ENDPOINT_URL_STS")
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    assert granted() == SESSION


# What errors become.


@pytest.mark.parametrize(
    ("mfa", "duration", "named"),
    [
        (MFA.replaced(token_code=Secret("12345")), HOURS_36, "TokenCode"),
        (MFA.replaced(serial_number="short"), HOURS_36, "SerialNumber"),
        (None, 600, "DurationSeconds"),
    ],
    ids=["short code", "short serial number", "short duration"],
)
def test_refused_before_it_is_sent(
    server: Server, mfa: MfaCode | None, duration: int, named: str
) -> None:
    """B-L20: an invalid parameter that boto3 refuses is a Refused with the status 0."""
    refusal = refused(mfa, duration)
    assert (refusal.code, refusal.status) == ("ValidationError", 0)
    assert named in refusal.message
    assert "\n" not in refusal.message
    assert server.asked == []


@pytest.mark.parametrize(
    ("answer", "read", "reason"),
    [
        (Answer(body=None), 60, "the connection closed unanswered"),
        (Answer(silent=True), 0.05, "no answer within 0.05 s"),
    ],
    ids=["closed", "silent"],
)
def test_no_answer(
    server: Server, monkeypatch: pytest.MonkeyPatch, answer: Answer, read: float, reason: str
) -> None:
    """B-L12, B-L18: network trouble after the request was sent: a code may be spent."""
    monkeypatch.setattr("authkit.adapters.sts._CALL", (LIMIT, read))
    server.answer = answer
    trouble = unreachable()
    assert (trouble.answered, trouble.sent) == (False, True)
    assert trouble.reason == reason
    until(lambda: len(server.asked) == 1)  # on a busy machine it reads more slowly than that


def test_an_answer_that_drips(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L18, B-L12: an answer that comes byte by byte does not make a call longer."""
    monkeypatch.setattr("authkit.adapters.sts._CALL", (0.5, 1))
    server.answer = Answer(drips=True)
    trouble = unreachable()
    assert (trouble.answered, trouble.sent, trouble.code) == (False, True, NO_ANSWER)
    assert trouble.reason == "no answer within 1.5 s"
    until(lambda: len(server.asked) == 1)


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        ("http://127.0.0.1:{port}", "Connection refused"),
        ("http://sts.nowhere.invalid", "not known|resol|Temporary failure"),
        ("https://127.0.0.1:{server}", "TLS|SSL"),
        ("no url at all", "AWS_ENDPOINT_URL_STS does not begin with"),
    ],
    ids=["refused connection", "name that does not resolve", "no TLS there", "no URL"],
)
def test_nothing_was_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch, endpoint: str, reason: str
) -> None:
    """B-L12, B-L18: the request was not sent, so a code is not spent."""
    url = endpoint.format(port=closed_port(), server=server.server_port)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
    with pytest.raises(Unreachable, match=reason) as caught:
        granted()
    assert (caught.value.answered, caught.value.sent) == (False, False)
    assert server.asked == []


def test_a_proxy_that_is_not_there(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L18: the reason names the proxy, and the request was not sent."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "https://sts.nowhere.invalid")
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(Unreachable, match="proxy") as caught:
        granted()
    assert (caught.value.answered, caught.value.sent) == (False, False)
    assert server.asked == []


USERINFO = "somebody:pass/word@#1"  # malformed on purpose: a slash and a hash are to be escaped


@pytest.mark.parametrize(
    "setting",
    [
        ("AWS_ENDPOINT_URL_STS", "http://{who}@127.0.0.1:{port}", "http"),
        ("AWS_ENDPOINT_URL_STS", "http://{who}@sts.nowhere.invalid", "http"),
        ("AWS_ENDPOINT_URL_STS", "http:/{who}@127.0.0.1", "http"),
        ("AWS_ENDPOINT_URL_STS", "{who}@127.0.0.1:{port}", "http"),
        ("AWS_ENDPOINT_URL", "http://{who}@127.0.0.1:{port}/path", "http"),
        ("HTTPS_PROXY", "http://{who}@127.0.0.1:{port}", "https"),
        ("https_proxy", "{who}@127.0.0.1:{port}", "https"),
        ("HTTPS_PROXY", "socks5://{who}@127.0.0.1:{port}", "https"),
        ("HTTPS_PROXY", "http://{who}@[bad", "https"),
        ("HTTPS_PROXY", "http://{who}@127.0.0.1:99999", "https"),
        ("HTTPS_PROXY", "http://{who}@nowhere.invalid:nonsense", "https"),
        ("HTTP_PROXY", "http://{who}@127.0.0.1:{port}", "http"),
    ],
)
@pytest.mark.parametrize("who", ["somebody:pass-word", "somebody:pass%2Fword", USERINFO])
def test_no_password_of_an_address(
    server: Server, monkeypatch: pytest.MonkeyPatch, setting: tuple[str, str, str], who: str
) -> None:
    """B-S08: no trouble shows the user name and password of an endpoint or a proxy."""
    variable, address, scheme = setting
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"{scheme}://sts.nowhere.invalid")
    if variable == "AWS_ENDPOINT_URL":
        monkeypatch.delenv("AWS_ENDPOINT_URL_STS")
    monkeypatch.setenv(variable, address.format(who=who, port=closed_port()))
    trouble = unreachable()
    assert trouble.reason
    assert not re.search("somebody|pass.*word|word@|#1", f"{trouble!r} {trouble.reason}")
    assert server.asked == []


def test_a_request_that_cannot_be_written(server: Server) -> None:
    """B-S01: a value that cannot be a header is not shown: it is secret."""
    token = Secret("canary-one\ncanary-two")
    with pytest.raises(Unreachable, match="the request cannot be written") as caught:
        caller(SESSION.replaced(session_token=token))
    assert "canary" not in str(caught.value)
    assert server.asked == []


def test_no_room_for_a_thread(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L18: if no thread can be started, the call is made without one."""

    def no_room(*_: object) -> NoReturn:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("authkit.adapters.sts.start_new_thread", no_room)
    server.answer = GRANTED
    assert Boto3Sts("us-east-1").get_session_token(KEYS, duration=HOURS_36, mfa=None)


def test_trouble_shows_no_secret(server: Server) -> None:
    """B-S01: an exception holds no code, no secret and no token."""
    server.answer = error("AccessDenied", "no")
    refusal = refused(MFA)
    assert "123456" not in f"{refusal!r} {refusal.__cause__!r}".replace("123456789012", "")
    assert "canary" not in f"{refusal!r} {refusal.__cause__!r}"
