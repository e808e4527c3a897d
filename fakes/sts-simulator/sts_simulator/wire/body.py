"""The bodies of STS's answers: XML, and JSON for clients that accept it.

Source: recorded answers of the real service (namespaces, two spaces of indent,
a final newline, the order of GetCallerIdentity's elements).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sts_simulator.account.answers import CallerIdentity, Devices, Granted, KeyOwner, Session
from sts_simulator.account.context import ASSUME_ROLE
from sts_simulator.account.errors import NO_OPERATION, AwsError

if TYPE_CHECKING:
    from sts_simulator.account.answers import Answer

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
IAM_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
# I: characters that XML 1.0 cannot have, such as a control character of a parameter's value.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DISPATCH_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09"

# An element: its name, and its text or its children.  An int is a number in JSON.
Element = tuple[str, "str | int | list[Element]"]


def of(
    operation: str,
    answer: Answer,
    request_id: str,
    *,
    as_json: bool = False,
    namespace: str = NAMESPACE,
) -> bytes:
    """Return the body of the answer to `operation`."""
    root = (
        error_element(answer, request_id)
        if isinstance(answer, AwsError)
        else _success(operation, answer, request_id, as_json=as_json)
    )
    if as_json:
        tree = _plain([root])
        return json.dumps(tree["ErrorResponse"] if isinstance(answer, AwsError) else tree).encode()
    dispatch = isinstance(answer, AwsError) and answer.code == NO_OPERATION.code
    return xml(root, _DISPATCH_NAMESPACE if dispatch else namespace)


def error_element(error: AwsError, request_id: str) -> Element:
    """Return the error element of the Query protocol, which IAM uses too."""
    fault = "Receiver" if error.status >= 500 else "Sender"
    said: list[Element] = [("Type", fault), ("Code", error.code)]
    if error.message is not None:
        said.append(("Message", error.message))
    return "ErrorResponse", [("Error", said), ("RequestId", request_id)]


def xml(root: Element, namespace: str = "") -> bytes:
    """Return the element as a document, indented by two spaces."""
    return "".join(_lines(root, "", f' xmlns="{escape(namespace)}"' if namespace else "")).encode()


def _success(
    operation: str,
    answer: CallerIdentity | Session | Granted | KeyOwner | Devices,
    request_id: str,
    *,
    as_json: bool,
) -> Element:
    result: list[Element]
    match answer:
        case CallerIdentity():
            result = _caller_identity(answer)
        case Session():
            result = [*_session(answer, as_json=as_json), *_sizes(answer)]
        case Granted():
            result = _granted(operation, answer, as_json=as_json)
        case KeyOwner():
            result = [("Account", answer.account)]
        case Devices():
            result = _devices(answer)
    return f"{operation}Response", [
        (f"{operation}Result", result),
        ("ResponseMetadata", [("RequestId", request_id)]),
    ]


def _caller_identity(caller: CallerIdentity) -> list[Element]:
    return [("Arn", caller.arn), ("UserId", caller.user_id), ("Account", caller.account)]


def _devices(answer: Devices) -> list[Element]:
    members: list[Element] = []
    for device in answer.devices:
        of_device: list[Element] = [
            ("UserName", device.user),
            ("SerialNumber", device.serial_number),
        ]
        if device.enabled:
            of_device.append(("EnableDate", f"{device.enabled:%Y-%m-%dT%H:%M:%SZ}"))
        members.append(("member", of_device))
    return [("MFADevices", members), ("IsTruncated", "false")]


def _session(session: Session, *, as_json: bool) -> list[Element]:
    expiration = session.expiration
    seconds = int(expiration.timestamp())
    credentials: list[Element] = [
        ("AccessKeyId", session.access_key_id),
        ("SecretAccessKey", session.secret_access_key),
        ("SessionToken", session.session_token),
        ("Expiration", seconds if as_json else f"{expiration:%Y-%m-%dT%H:%M:%SZ}"),
    ]
    return [("Credentials", credentials)]


# The elements for the identity of a `Granted` session, and for its id.
_HOLDERS = {
    **dict.fromkeys(ASSUME_ROLE, ("AssumedRoleUser", "AssumedRoleId")),
    "GetFederationToken": ("FederatedUser", "FederatedUserId"),
}


def _granted(operation: str, granted: Granted, *, as_json: bool) -> list[Element]:
    """Return the elements of a granted session.  C for the elements; their order is inferred."""
    holder, id_ = _HOLDERS[operation]
    result: list[Element] = [
        (holder, [(id_, granted.user_id), ("Arn", granted.arn)]),
        *_session(granted.session, as_json=as_json),
    ]
    result += granted.vouched.items()
    if granted.packed_policy_size is not None:
        result.append(("PackedPolicySize", granted.packed_policy_size))
    if granted.source_identity is not None:
        result.append(("SourceIdentity", granted.source_identity))
    return [*result, *_sizes(granted.session)]


def _sizes(session: Session) -> list[Element]:
    """Return the elements that STS has since 2026-09-15.  C; that they come last is inferred."""
    return [
        ("SessionTokenUtilization", session.utilization),
        ("SessionTokenSize", len(session.session_token)),
    ]


def _lines(element: Element, indent: str, attributes: str = "") -> list[str]:
    name, content = element
    if not isinstance(content, list):
        text = escape(_NO_XML.sub("\ufffd", str(content)))
        return [f"{indent}<{name}{attributes}>{text}</{name}>\n"]
    inner = [line for child in content for line in _lines(child, indent + "  ")]
    return [f"{indent}<{name}{attributes}>\n", *inner, f"{indent}</{name}>\n"]


def _plain(elements: list[Element]) -> dict[str, object]:
    return {
        name: _plain(content) if isinstance(content, list) else content
        for name, content in elements
    }
