"""The form of the session policies of AssumeRole and GetFederationToken.

What it denies is evaluated by `account.permissions`, with ``--enforce`` alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sts_simulator.account import errors, policy_form, schema

if TYPE_CHECKING:
    from typing import Any

    from sts_simulator.account.errors import AwsError

LONGEST = 2048  # C: characters of plain text

_STATEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "Sid": {"type": "string"},
        "Effect": {"enum": ["Allow", "Deny"]},
        "Action": policy_form.TEXTS,
        "NotAction": policy_form.TEXTS,
        "Resource": policy_form.TEXTS,
        "NotResource": policy_form.TEXTS,
        "Condition": {"type": "object"},
    },
    "required": ["Effect"],
    "allOf": [  # a session policy has no Principal
        {"oneOf": [{"required": ["Action"]}, {"required": ["NotAction"]}]},
        {"oneOf": [{"required": ["Resource"]}, {"required": ["NotResource"]}]},
    ],
    "additionalProperties": False,
}
_POLICY = policy_form.document(_STATEMENT)


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
