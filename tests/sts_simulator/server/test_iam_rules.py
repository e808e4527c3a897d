"""What IAM checks and moto does not, as any client sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws_client import USERS, Client

ROOT = "arn:aws:iam::123456789012:root"


def trust(principal: object) -> str:
    """Return a trust policy, in JSON."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def of_a_role(client: Client) -> dict[str, Any]:
    """Return the credentials of a role's session."""
    client.aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ROOT}))
    role = "arn:aws:iam::123456789012:role/r"
    answer = client.aws("sts").assume_role(RoleArn=role, RoleSessionName="me")
    found: dict[str, Any] = answer["Credentials"]
    return found


def test_a_session_of_a_role_is_no_user(client: Client) -> None:
    """F21: IAM implies no user name then (terraform-provider-aws: ListAccessKeys)."""
    iam = client.aws("iam", of_a_role(client))
    for call in (iam.get_user, iam.list_mfa_devices, iam.list_access_keys, iam.create_access_key):
        with pytest.raises(ClientError, match="Must specify userName when calling with non-User"):
            call()
    assert iam.get_user(UserName="plain")["User"]["UserName"] == "plain"


def test_a_user_is_implied(client: Client) -> None:
    """F21: without UserName IAM takes the caller's, and a session's user."""
    for user in USERS:
        iam = client.aws("iam", USERS[user])
        assert iam.get_user()["User"]["UserName"] == user
        devices = iam.list_mfa_devices()["MFADevices"]
        assert [device["UserName"] for device in devices] == [user] * (user == "dev-admin")
        assert iam.create_access_key()["AccessKey"]["UserName"] == user


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("example", "This policy contains invalid Json"),
        (trust({"AWS": ROOT[:-4] + "user/nobody"}), "Invalid principal in policy"),
    ],
)
def test_the_trust_policy_is_checked(client: Client, document: str, message: str) -> None:
    """F23: CreateRole and UpdateAssumeRolePolicy refuse it, and change nothing."""
    iam = client.aws("iam")
    with pytest.raises(ClientError, match=message):
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=document)
    assert iam.list_roles()["Roles"] == []
    of_a_role(client)
    with pytest.raises(ClientError, match=message):
        iam.update_assume_role_policy(RoleName="r", PolicyDocument=document)
    assert of_sts(client)


def test_the_metadata_of_a_saml_provider_is_checked(client: Client) -> None:
    """C: what has no issuer and no certificate is no metadata, when made and when changed."""
    iam = client.aws("iam")
    made = iam.create_saml_provider(
        Name="company", SAMLMetadataDocument=client.control("GET", "saml/metadata")["metadata"]
    )["SAMLProviderArn"]
    changes: list[dict[str, str]] = [{"Name": "other"}, {"SAMLProviderArn": made}]
    for call, named in zip(
        (iam.create_saml_provider, iam.update_saml_provider), changes, strict=True
    ):
        with pytest.raises(ClientError, match=r"InvalidInput.*Could not parse metadata"):
            call(SAMLMetadataDocument="a" * 1024, **named)
    assert [one["Arn"] for one in iam.list_saml_providers()["SAMLProviderList"]] == [made]


def of_sts(client: Client) -> str:
    """Return the ARN of a session of the role, which is still to be had."""
    role = "arn:aws:iam::123456789012:role/r"
    answer = client.aws("sts").assume_role(RoleArn=role, RoleSessionName="me")
    return str(answer["AssumedRoleUser"]["Arn"])


def test_a_users_boundary(client: Client) -> None:
    """A boundary is set at creation or later, and removed; a user must be there."""
    iam = client.aws("iam")
    arn = "arn:aws:iam::123456789012:policy/limit"
    iam.create_user(UserName="bound", PermissionsBoundary=arn)
    iam.put_user_permissions_boundary(UserName="plain", PermissionsBoundary=arn)
    iam.delete_user_permissions_boundary(UserName="bound")
    with pytest.raises(ClientError, match="The user with name nobody cannot be found"):
        iam.put_user_permissions_boundary(UserName="nobody", PermissionsBoundary=arn)


def test_devices_that_moto_does_not_hold_are_listed(client: Client) -> None:
    """C: ListMFADevices has devices with lists of codes too, each with its date; on one page."""
    serials = ["GAHT12345678", "arn:aws:iam::123456789012:u2f/user/dev-admin/blue-EXAMPLE"]
    key = {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "new-secret"}
    devices = [{"arn": serial, "codes": ["123456"]} for serial in serials]
    client.control("POST", "clock", {"now": "2024-12-22T16:58:00Z", "tick": False})
    client.control("POST", "world", {"keys": {"new": key}, "mfa": devices})
    who = {"access_key_id": key["id"], "secret_access_key": key["secret"]}
    answer = client.aws("iam", who).list_mfa_devices()
    assert [device["SerialNumber"] for device in answer["MFADevices"]] == serials
    assert {f"{device['EnableDate']:%Y-%m-%d %H:%M}" for device in answer["MFADevices"]} == {
        "2024-12-22 16:58"
    }
    assert answer["IsTruncated"] is False
    assert answer["ResponseMetadata"]["RequestId"]


def test_faults_on_listing_devices(client: Client) -> None:
    """It is refused, or slow, as a call of STS is; no other call of IAM is."""
    iam = client.aws("iam")
    client.control("POST", "faults", [{"on": "iam:ListMFADevices", "answer": "AccessDenied"}])
    iam.list_access_keys()
    with pytest.raises(ClientError, match=r"AccessDenied.*perform: iam:ListMFADevices"):
        iam.list_mfa_devices()
    assert iam.list_mfa_devices()["MFADevices"]
