"""The services that moto answers, behind the simulator's authentication."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

import pyotp
import pytest
from botocore.exceptions import ClientError

from tests.support.aws_client import USERS, Client


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
    """Return the code and the status that a client gets, which are the last refusal's too."""
    with pytest.raises(ClientError) as caught:
        getattr(client.aws(service, who), CALLS[service])()
    said = caught.value.response
    got = said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"]
    refusal = client.control("GET", "refusal")
    assert (refusal["code"], refusal["status"]) == got
    assert (refusal["service"], refusal["message"]) == (service, said["Error"]["Message"])
    return got


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


def test_every_answer_has_a_date(client: Client) -> None:
    """S1: SDKs correct their clocks by it; it is in the clock that the client signs by."""
    client.control("POST", "clock", {"skew": "5m"})
    s3 = client.aws("s3", s3={"addressing_style": "path"})
    for said in (client.aws("iam").get_user(), s3.list_buckets()):
        date = parsedate_to_datetime(said["ResponseMetadata"]["HTTPHeaders"]["date"])
        assert timedelta(minutes=4) < date - datetime.now(UTC) < timedelta(minutes=6)
    with pytest.raises(ClientError) as caught:
        client.aws("dynamodb", USERS["plain"] | {"secret_access_key": "x"}).list_tables()
    assert "date" in caught.value.response["ResponseMetadata"]["HTTPHeaders"]


def test_s3_under_a_wrong_clock(client: Client) -> None:
    """S2: a request 20 minutes off is RequestTimeTooSkewed."""
    client.control("POST", "clock", {"skew": "20m"})
    assert _refused(client, "s3", None) == ("RequestTimeTooSkewed", 403)
    assert _refused(client, "iam", None) == ("SignatureDoesNotMatch", 403)


def test_dates_and_ids_of_iam(client: Client) -> None:
    """S8: CreateDate is the simulated time in whole seconds, and request ids are UUIDs."""
    client.control("POST", "clock", {"now": "2024-12-22T16:58:00.5Z", "tick": False})
    iam = client.aws("iam")
    made = iam.create_access_key(UserName="plain")
    at = datetime(2024, 12, 22, 16, 58, tzinfo=UTC)
    assert made["AccessKey"]["CreateDate"] == at
    assert UUID(made["ResponseMetadata"]["RequestId"]).version == 4
    client.control("POST", "clock", {"advance": "2160h"})
    client.control("POST", "rotate", {"user": "plain"})
    (key,) = iam.list_access_keys(UserName="plain")["AccessKeyMetadata"]
    assert key["CreateDate"] == at + timedelta(days=90)


def test_the_last_use_of_a_key(client: Client) -> None:
    """F22: calls of STS count; rotation tools decide by it."""
    client.control("POST", "clock", {"now": "2024-12-22T16:58:00Z", "tick": False})
    key, iam = USERS["plain"]["access_key_id"], client.aws("iam")
    used = {"AccessKeyId": key}
    assert iam.get_access_key_last_used(**used)["AccessKeyLastUsed"]["ServiceName"] == "N/A"
    client.identity(USERS["plain"] | {"secret_access_key": "wrong"})
    assert iam.get_access_key_last_used(**used)["AccessKeyLastUsed"]["ServiceName"] == "N/A"
    client.identity(USERS["plain"])
    assert iam.get_access_key_last_used(**used)["AccessKeyLastUsed"] == {
        "LastUsedDate": datetime(2024, 12, 22, 16, 58, tzinfo=UTC),
        "ServiceName": "sts",
        "Region": "us-east-1",
    }


@pytest.mark.parametrize(("target", "status"), [("/", 302), ("/nowhere", 404)])
def test_unsigned_requests_that_name_no_service(client: Client, target: str, status: int) -> None:
    """S9: STS's front end answers them; an unsigned call of a service is refused."""
    assert client.request("GET", target)[0] == status
    assert client.request("GET", "/?Action=ListUsers&Version=2010-05-08")[0] == 403


FORCE_MFA = {
    "Version": "2012-10-17",
    "Statement": {
        "Sid": "NoMFA",
        "Effect": "Deny",
        "NotAction": ["iam:GetUser", "sts:GetSessionToken"],
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    },
}


def _enforcing(client: Client, **policies: object) -> dict[str, dict[str, str]]:
    """Load a world that enforces these policies; return the keys of its users."""
    users = {
        name: {"access_key_id": f"AKIA{name.upper() * 16}"[:20], "secret_access_key": name}
        for name in ("me", "admin")
    }
    device = {"arn": MINE, "codes": ["123456", "234567"], "user": "me"}
    table = {
        "enforce": True,
        "keys": {
            name: {"id": key["access_key_id"], "secret": name, "user": name}
            for name, key in users.items()
        },
        "mfa": device,
        "policies": policies,
        "roles": {"ours": {}},
    }
    assert client.control("POST", "world", table) == {"account": "123456789012"}
    return users


MINE = "arn:aws:iam::123456789012:mfa/me"
GUEST = "arn:aws:sts::123456789012:federated-user/guest"


def test_deny_everything_without_mfa(client: Client) -> None:
    """F20: the commonest policy fails before the login and works after it."""
    me = _enforcing(client, me=FORCE_MFA)["me"]
    codes = {"s3": "AccessDenied", "ec2": "UnauthorizedOperation", "iam": "AccessDenied"}
    codes |= {"dynamodb": "AccessDeniedException", "lambda": "AccessDeniedException"}
    without = client.session(me)
    for service, code in codes.items():
        assert _refused(client, service, me)[0] == code
        if service != "iam":  # IAM takes no session without MFA
            assert _refused(client, service, without)[0] == code
    refusal = client.control("GET", "refusal")
    assert refusal["reason"].endswith(
        "statement 1 (NoMFA) denies it: aws:MultiFactorAuthPresent is false"
    )
    with pytest.raises(ClientError) as caught:
        client.aws("sts", me).get_federation_token(Name="guest")
    assert caught.value.response["Error"]["Message"] == (
        "User: arn:aws:iam::123456789012:user/me is not authorized to perform: "
        f"sts:GetFederationToken on resource: {GUEST} "
        "with an explicit deny in an identity-based policy"
    )
    assert client.identity(me).endswith("user/me")
    assert client.aws("iam", me).get_user()["User"]["UserName"] == "me"
    session = client.session(me, SerialNumber=MINE, TokenCode="123456")
    for service, call in CALLS.items():
        getattr(client.aws(service, session), call)()
    assert client.aws("sts", session).assume_role(
        RoleArn="arn:aws:iam::123456789012:role/ours", RoleSessionName="me"
    )


def test_policies_of_groups_and_boundaries_and_sessions(client: Client) -> None:
    """An explicit Deny counts wherever it stands: managed, of a group, a boundary or a session."""
    users = _enforcing(client)
    iam = client.aws("iam", users["admin"])
    deny = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"},
        }
    )
    arn = iam.create_policy(PolicyName="no-tables", PolicyDocument=deny)["Policy"]["Arn"]
    iam.create_group(GroupName="team")
    iam.add_user_to_group(GroupName="team", UserName="me")

    def code(who: object) -> str:
        try:
            client.aws("dynamodb", who).list_tables()
        except ClientError as refused:
            return str(refused.response["Error"]["Message"]).rpartition(" in ")[2]
        return ""

    assert code(users["me"]) == ""
    for put, remove, kind in (
        (
            lambda: iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=deny),
            lambda: iam.delete_group_policy(GroupName="team", PolicyName="p"),
            "an identity-based policy",
        ),
        (
            lambda: iam.attach_user_policy(UserName="me", PolicyArn=arn),
            lambda: iam.detach_user_policy(UserName="me", PolicyArn=arn),
            "an identity-based policy",
        ),
        (
            lambda: iam.put_user_permissions_boundary(UserName="me", PermissionsBoundary=arn),
            lambda: iam.delete_user_permissions_boundary(UserName="me"),
            "a permissions boundary",
        ),
    ):
        put()  # type: ignore[no-untyped-call]  # boto3 is not typed
        assert code(users["me"]) == kind
        remove()  # type: ignore[no-untyped-call]  # the same
        assert code(users["me"]) == ""
    sts = client.aws("sts", users["me"])
    for passed in ({"Policy": deny}, {"PolicyArns": [{"arn": arn}]}):
        role = sts.assume_role(
            RoleArn="arn:aws:iam::123456789012:role/ours", RoleSessionName="me", **passed
        )
        assert code(role["Credentials"]) == "a session policy"
        guest = sts.get_federation_token(Name="guest", **passed)
        assert code(guest["Credentials"]) == "a session policy"
    iam.put_role_permissions_boundary(RoleName="ours", PermissionsBoundary=arn)
    role = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/ours", RoleSessionName="me")
    assert code(role["Credentials"]) == "a permissions boundary"


def test_what_cannot_be_judged_is_refused(client: Client) -> None:
    """An operator, a key or an action that is not known denies, and the reason says so."""
    for statement, reason in (
        (
            {"Action": "lambda:DeleteFunction"},
            "which action of lambda this is: the policy has lambda:deletefunction",
        ),
        (
            {"Action": "*", "Condition": {"BinaryEquals": {"aws:username": "bWU="}}},
            "operator BinaryEquals is not known here",
        ),
        (
            {"Action": "*", "Condition": {"StringEquals": {"s3:prefix": "x"}}},
            "condition key s3:prefix is not known here",
        ),
    ):
        full = {"Effect": "Deny", "Resource": "*"} | statement
        me = _enforcing(client, me={"Version": "2012-10-17", "Statement": full})["me"]
        assert _refused(client, "lambda", me) == ("AccessDeniedException", 403)
        assert client.control("GET", "refusal")["reason"].endswith(f"cannot be judged: {reason}")


def test_what_s3_says_of_a_denial(client: Client) -> None:
    """F20: the action and the resource, in quotation marks; none for the list of all buckets."""
    me = _enforcing(client, me=FORCE_MFA)["me"]
    denied = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: s3:"
    by = " with an explicit deny in an identity-based policy"
    s3 = client.aws("s3", me, s3={"addressing_style": "path"})
    things = {"Bucket": "things", "Key": "a/b"}
    for call, said in (
        (s3.list_buckets, "ListAllMyBuckets"),
        (
            lambda: s3.list_objects_v2(Bucket="things"),
            'ListBucket on resource: "arn:aws:s3:::things"',
        ),
        (lambda: s3.get_object(**things), 'GetObject on resource: "arn:aws:s3:::things/a/b"'),
        (lambda: s3.put_object(**things), 'PutObject on resource: "arn:aws:s3:::things/a/b"'),
    ):
        with pytest.raises(ClientError) as refused:
            call()
        assert refused.value.response["Error"]["Message"] == f"{denied}{said}{by}"


def test_a_denial_of_some_of_s3(client: Client) -> None:
    """Only what the statement names is denied: the action and the objects."""
    deny = {"Effect": "Deny", "Action": "s3:DeleteObject*", "Resource": "arn:aws:s3:::things/a/*"}
    me = _enforcing(client, me={"Version": "2012-10-17", "Statement": deny})["me"]
    s3 = client.aws("s3", me, s3={"addressing_style": "path"})
    s3.create_bucket(Bucket="things")
    s3.put_object(Bucket="things", Key="a/b")
    with pytest.raises(ClientError, match="s3:DeleteObject on resource"):
        s3.delete_object(Bucket="things", Key="a/b")
    with pytest.raises(ClientError, match="s3:DeleteObject "):  # it is not known of which objects
        s3.delete_objects(Bucket="things", Delete={"Objects": [{"Key": "a/b"}]})
    s3.delete_object(Bucket="things", Key="b")
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="things")["Contents"]] == ["a/b"]


def test_a_copy_reads_its_source(client: Client) -> None:
    """C: who may not read an object cannot copy it either."""
    deny = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::things/a/*"}
    me = _enforcing(client, me={"Version": "2012-10-17", "Statement": deny})["me"]
    s3 = client.aws("s3", me, s3={"addressing_style": "path"})
    s3.create_bucket(Bucket="things")
    for key in ("a/b", "c"):
        s3.put_object(Bucket="things", Key=key)
    s3.copy_object(Bucket="things", Key="d", CopySource="things/c")
    with pytest.raises(ClientError, match='s3:GetObject on resource: "arn:aws:s3:::things/a/b"'):
        s3.copy_object(Bucket="things", Key="d", CopySource="things/a/b")


def test_nothing_is_enforced_by_default(client: Client) -> None:
    """Without `enforce` a denial in a policy refuses nothing, as the contract says."""
    client.aws("iam").put_user_policy(
        UserName="plain", PolicyName="p", PolicyDocument=json.dumps(FORCE_MFA)
    )
    for service, call in CALLS.items():
        getattr(client.aws(service, USERS["plain"]), call)()
