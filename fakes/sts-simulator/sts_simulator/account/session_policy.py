"""The form of the session policies of AssumeRole and GetFederationToken.

Permissions are not evaluated here, so only STS's errors for a malformed policy
matter.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sts_simulator.account import errors, schema

if TYPE_CHECKING:
    from typing import Any

    from sts_simulator.account.errors import AwsError

LONGEST = 2048  # C: characters of plain text

_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_STATEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "Sid": {"type": "string"},
        "Effect": {"enum": ["Allow", "Deny"]},
        "Action": _TEXTS,
        "NotAction": _TEXTS,
        "Resource": _TEXTS,
        "NotResource": _TEXTS,
        "Condition": {"type": "object"},
    },
    "required": ["Effect"],
    "allOf": [  # a session policy has no Principal
        {"oneOf": [{"required": ["Action"]}, {"required": ["NotAction"]}]},
        {"oneOf": [{"required": ["Resource"]}, {"required": ["NotResource"]}]},
    ],
    "additionalProperties": False,
}
_POLICY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "Version": {"enum": ["2012-10-17", "2008-10-17"]},
        "Id": {"type": "string"},
        "Statement": {"anyOf": [_STATEMENT, {"type": "array", "items": _STATEMENT}]},
    },
    "required": ["Statement"],
    "additionalProperties": False,
}


def refusal(policy: str) -> AwsError | None:
    """Return STS's error for a session policy, None when its form is valid."""
    if len(policy) > LONGEST:
        return errors.POLICY_TOO_LARGE.fill(percent=packed_size(policy))
    try:
        schema.check(json.loads(policy), _POLICY, "policy")
    except (json.JSONDecodeError, RecursionError):
        return errors.POLICY_NO_JSON
    except ValueError:
        return errors.POLICY_SYNTAX
    return None


def packed_size(policy: str) -> int:
    """Return PackedPolicySize, a percentage.  A model: AWS does not document how it packs."""
    return -(-len(policy) * 100 // LONGEST)
