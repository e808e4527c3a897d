"""What AWS's IAM checks, implies and does, and moto's does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sts_simulator.account import errors, mfa, trust_form
from sts_simulator.account.directory import User
from sts_simulator.wire import body
from sts_simulator.wire.http import HttpAnswer
from sts_simulator.wire.service_errors import error_answer

if TYPE_CHECKING:
    from sts_simulator.account.account import Account
    from sts_simulator.account.authentication import Principal
    from sts_simulator.account.errors import AwsError
    from sts_simulator.wire.body import Element
    from sts_simulator.wire.http import HttpRequest

_WANT_CODES = ("EnableMFADevice", "ResyncMFADevice")
# The parameter that holds a trust policy.
_TRUST = {"CreateRole": "AssumeRolePolicyDocument", "UpdateAssumeRolePolicy": "PolicyDocument"}
# C, IAM's API reference: the actions whose UserName is the caller's when it is not given.
_BY_CALLER = {
    *("CreateAccessKey", "DeleteAccessKey", "ListAccessKeys", "UpdateAccessKey", "GetUser"),
    *("ListMFADevices", "ListSSHPublicKeys", "ListServiceSpecificCredentials"),
    *("DeleteServiceSpecificCredential", "ResetServiceSpecificCredential"),
    *("UpdateServiceSpecificCredential", "DeleteSigningCertificate", "ListSigningCertificates"),
    *("UpdateSigningCertificate", "UploadSigningCertificate", "CreateLoginProfile"),
    *("DeleteLoginProfile", "GetLoginProfile"),
}


def refusal(account: Account, request: HttpRequest, who: Principal) -> AwsError | None:
    """Return IAM's error for a request, None when moto may answer it."""
    asked = request.parameters
    if document := asked.get(_TRUST.get(asked.get("Action", ""), "")):
        arn = account.administrator.arn
        if refused := trust_form.refusal(document, account.directory, arn):
            return refused
    if _lacks_user(request) and _user(who) is None:
        return errors.NOT_A_USER.because("the caller is no user, so no UserName is implied")
    return _codes_refusal(account, request)


def boundary_answer(account: Account, request: HttpRequest, request_id: str) -> HttpAnswer | None:
    """Set or remove a user's permissions boundary, which moto has for roles alone.

    Return the answer; None for another action.
    """
    asked = request.parameters
    action = asked.get("Action", "")
    if action not in ("PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary"):
        return None
    name = asked.get("UserName", "")
    if account.directory.user(name) is None:
        missing = errors.NO_SUCH_USER.fill(name=name)
        return error_answer(request, missing, "iam", request_id)
    arn = asked.get("PermissionsBoundary") if action.startswith("Put") else None
    account.directory.put_boundary(name, arn)
    root: Element = (f"{action}Response", [("ResponseMetadata", [("RequestId", request_id)])])
    namespace = "https://iam.amazonaws.com/doc/2010-05-08/"
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}
    return HttpAnswer(200, headers, body.xml(root, namespace))


def after(account: Account, request: HttpRequest, answer: HttpAnswer) -> None:
    """Do what belongs to an action that moto has just answered."""
    asked = request.parameters
    bound = asked.get("PermissionsBoundary")
    if answer.status == 200 and asked.get("Action") == "CreateUser" and bound:
        account.directory.put_boundary(asked["UserName"], bound)


def completed(request: HttpRequest, who: Principal) -> HttpRequest:
    """Return the request with the caller's name where IAM implies it."""
    user = _user(who)
    if not _lacks_user(request) or user is None or user.is_root or not request.is_form:
        return request
    name = urlencode({"UserName": user.name}).encode()
    return replace(request, body=request.body + b"&" + name)


def _lacks_user(request: HttpRequest) -> bool:
    asked = request.parameters
    return asked.get("Action") in _BY_CALLER and "UserName" not in asked


def _user(who: Principal) -> User | None:
    """Return the user whose credentials the caller has, None for a role or a federated user."""
    own = who.issued is None or who.issued.operation == "GetSessionToken"
    return who.owner if own and isinstance(who.owner, User) else None


def _codes_refusal(account: Account, request: HttpRequest) -> AwsError | None:
    """Return the error for the two codes of a new device, which moto does not check."""
    asked = request.parameters
    seed = account.directory.seed(asked.get("SerialNumber", ""))
    if asked.get("Action") not in _WANT_CODES or seed is None:  # moto answers both cases
        return None
    codes = asked.get("AuthenticationCode1", ""), asked.get("AuthenticationCode2", "")
    if mfa.consecutive(seed, codes, account.now()):
        return None
    return errors.WRONG_CODES.because("the device does not show these two codes in a row now")
