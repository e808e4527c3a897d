"""The services that moto answers, behind the simulator's authentication."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp
import pytest
from botocore.exceptions import ClientError

from tests.support.aws_client import USERS, Client, fresh_client


@pytest.fixture
def client() -> Client:
    """A client of a reset server."""
    return fresh_client()


def code_of_now(seed: str = USERS["dev-admin"]["totp_secret"]) -> str:
    """Return the code that a device with this seed shows now."""
    return str(pyotp.TOTP(seed).now())


def code_at(seed: str, step: int) -> str:
    """Return the code of such a device this many steps of 30 s from now."""
    totp = pyotp.TOTP(seed)
    return str(totp.generate_otp(totp.timecode(datetime.now(UTC)) + step))


def two_codes(seed: str) -> tuple[str, str]:
    """Return two consecutive codes, as a person reads them from a device."""
    return code_at(seed, -1), code_at(seed, 0)


def test_iam_calls_are_seen_by_sts_at_once(client: Client) -> None:
    """A key that IAM creates, deactivates or deletes is accepted or refused at once."""
    iam = client.aws("iam")
    key = iam.create_access_key(UserName="dev-admin")["AccessKey"]
    names = {"UserName": "dev-admin", "AccessKeyId": key["AccessKeyId"]}
    seen = [client.identity(key)[:4]]
    for change, more in (
        (iam.update_access_key, {"Status": "Inactive"}),
        (iam.update_access_key, {"Status": "Active"}),
        (iam.delete_access_key, {}),
    ):
        change(**names, **more)
        seen.append(client.identity(key)[:4])
    assert seen == ["arn:", "Inva", "arn:", "Inva"]


def test_a_user_deleted_through_iam(client: Client) -> None:
    """A deleted user's key and session are refused, even when the name is used again."""
    iam = client.aws("iam", USERS["plain"])
    iam.create_user(UserName="brief")
    key = iam.create_access_key(UserName="brief")["AccessKey"]
    session = client.session(key)
    iam.delete_user(UserName="brief")
    assert client.identity(key) == client.identity(session) == "InvalidClientTokenId"
    iam.create_user(UserName="brief")
    assert client.identity(key) == client.identity(session) == "InvalidClientTokenId"


def test_a_device_made_through_iam(client: Client) -> None:
    """A virtual device accepts the codes of the seed that IAM returned, once it is enabled."""
    iam = client.aws("iam")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    serial, seed = device["SerialNumber"], device["Base32StringSeed"].decode()
    with pytest.raises(ClientError, match="unable to validate MFA code"):
        client.session(SerialNumber=serial, TokenCode=code_of_now(seed))
    _enable(client, serial, *two_codes(seed))
    assert client.session(SerialNumber=serial, TokenCode=code_of_now(seed))
    with pytest.raises(ClientError, match="unable to validate MFA code"):
        client.session(USERS["plain"], SerialNumber=serial, TokenCode=code_of_now(seed))


@pytest.mark.parametrize("codes", [("000000", "111111"), (0, 0), (1, 0), (-9, -8), (-1, 1), (1, 2)])
def test_a_device_wants_two_codes_in_a_row(client: Client, codes: tuple[str | int, ...]) -> None:
    """Wrong codes, equal ones, ones in the wrong order or of another time enable no device."""
    device = client.aws("iam").create_virtual_mfa_device(VirtualMFADeviceName="phone")
    seed = device["VirtualMFADevice"]["Base32StringSeed"].decode()
    shown = [code if isinstance(code, str) else code_at(seed, code) for code in codes]
    with pytest.raises(ClientError, match="InvalidAuthenticationCode"):
        _enable(client, device["VirtualMFADevice"]["SerialNumber"], *shown)


def _enable(client: Client, serial: str, first: str, second: str) -> None:
    client.aws("iam").enable_mfa_device(
        UserName="dev-admin",
        SerialNumber=serial,
        AuthenticationCode1=first,
        AuthenticationCode2=second,
    )


def test_iam_takes_sessions_made_with_mfa_alone(client: Client) -> None:
    """IAM refuses a session without MFA; with MFA the caller is the session's user."""
    mfa = {"SerialNumber": USERS["dev-admin"]["mfa_arn"], "TokenCode": code_of_now()}
    assert client.aws("iam", client.session(**mfa)).get_user()["User"]["UserName"] == "dev-admin"
    with pytest.raises(ClientError, match=r"included in the request is invalid$"):
        client.aws("iam", client.session()).get_user()


def test_other_services_are_moto_behind_our_authentication(client: Client) -> None:
    """S3 and DynamoDB accept a valid key, with unusual paths too, and refuse a wrong one."""
    s3 = client.aws("s3", s3={"addressing_style": "path"})
    s3.create_bucket(Bucket="things")
    s3.put_object(Bucket="things", Key="a b/ü+c=~", Body=b"hello")
    assert s3.get_object(Bucket="things", Key="a b/ü+c=~")["Body"].read() == b"hello"
    assert s3.head_object(Bucket="things", Key="a b/ü+c=~")["ContentLength"] == 5
    assert client.aws("dynamodb").list_tables()["TableNames"] == []
    function = "arn:aws:lambda:us-east-1:123456789012:function:none"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.aws("lambda").get_function(FunctionName=function)


CALLS = {
    "s3": "list_buckets",
    "ec2": "describe_regions",
    "dynamodb": "list_tables",
    "lambda": "list_functions",
    "iam": "list_users",
}


def _refused(client: Client, service: str, who: object) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        getattr(client.aws(service, who), CALLS[service])()
    said = caught.value.response
    return said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("service", "unknown", "wrong", "expired"),
    [
        ("s3", "InvalidAccessKeyId 403", "SignatureDoesNotMatch 403", "ExpiredToken 400"),
        ("ec2", "AuthFailure 401", "AuthFailure 401", "RequestExpired 400"),
        (
            "dynamodb",
            "UnrecognizedClientException 400",
            "InvalidSignatureException 400",
            "ExpiredTokenException 400",
        ),
        (
            "lambda",
            "UnrecognizedClientException 403",
            "InvalidSignatureException 403",
            "ExpiredTokenException 403",
        ),
        ("iam", "InvalidClientTokenId 403", "SignatureDoesNotMatch 403", "ExpiredToken 403"),
    ],
)
def test_each_service_refuses_in_its_own_words(
    client: Client, service: str, unknown: str, wrong: str, expired: str
) -> None:
    """An unknown key, a wrong secret and an expired session give each service's own codes."""
    good = USERS["dev-admin"]
    session = client.session()
    client.control("POST", "clock", {"advance": "13h"})
    told = [
        _refused(client, service, who)
        for who in (
            good | {"access_key_id": "AKIANOBODYNOBODYNOBO"},
            good | {"secret_access_key": "wrong"},
            session,
        )
    ]
    assert [f"{code} {status}" for code, status in told] == [unknown, wrong, expired]
