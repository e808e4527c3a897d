"""What AWS's IAM checks, implies and does, and moto's does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sts_simulator.account import errors, mfa, trust_form
from sts_simulator.account.list_mfa_devices import user_of
from sts_simulator.account.saml import metadata
from sts_simulator.account.saml.errors import NO_METADATA
from sts_simulator.account.saml.safe_xml import BadXml
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
    *("ListSSHPublicKeys", "ListServiceSpecificCredentials"),
    *("DeleteServiceSpecificCredential", "ResetServiceSpecificCredential"),
    *("UpdateServiceSpecificCredential", "DeleteSigningCertificate", "ListSigningCertificates"),
    *("UpdateSigningCertificate", "UploadSigningCertificate", "CreateLoginProfile"),
    *("DeleteLoginProfile", "GetLoginProfile"),
}


def refusal(account: Account, request: HttpRequest, who: Principal) -> AwsError | None:
    """Return IAM's error for a request, None when moto may answer it."""
    asked = request.parameters
    document = asked.get(_TRUST.get(asked.get("Action", ""), ""))
    known = account.accounts.directories
    if document and (refused := trust_form.refusal(document, known)):
        return refused
    if (document := asked.get("SAMLMetadataDocument")) and (refused := _no_metadata(document)):
        return refused
    if _lacks_user(request) and user_of(who) is None:
        return errors.NOT_A_USER
    return _codes_refusal(account, request)


def _no_metadata(document: str) -> AwsError | None:
    """Return the error of a SAML provider's metadata; without the extra ``saml`` all is taken."""
    try:
        metadata.read(document)
    except BadXml as trouble:
        return NO_METADATA.because(str(trouble))
    except ModuleNotFoundError:
        pass
    return None


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
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}
    return HttpAnswer(200, headers, body.xml(root, body.IAM_NAMESPACE))


def after(account: Account, request: HttpRequest, answer: HttpAnswer) -> None:
    """Do what belongs to an action that moto has just answered."""
    asked = request.parameters
    bound = asked.get("PermissionsBoundary")
    if answer.status == 200 and asked.get("Action") == "CreateUser" and bound:
        account.directory.put_boundary(asked["UserName"], bound)


def completed(request: HttpRequest, who: Principal) -> HttpRequest:
    """Return the request with the caller's name where IAM implies it."""
    user = user_of(who)
    if not _lacks_user(request) or user is None or user.is_root or not request.is_form:
        return request
    name = urlencode({"UserName": user.name}).encode()
    return replace(request, body=request.body + b"&" + name)


def _lacks_user(request: HttpRequest) -> bool:
    asked = request.parameters
    return asked.get("Action") in _BY_CALLER and "UserName" not in asked


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
