"""The form of the ``[account]`` table, as a JSON Schema: accounts, keys, devices and roles."""

from __future__ import annotations

from typing import Any

from sts_simulator.account.durations import DURATION_SCHEMA, SIGNED_DURATION_SCHEMA
from sts_simulator.account.regions import partitions

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_OWNER = {"user": _TEXT, "root": {"type": "boolean", "description": "of the account's root user"}}

_KEY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {
            "type": "string",
            "pattern": "^[A-Za-z0-9_]{16,128}$",
            "$comment": "an access key id is 16 to 128 letters, digits and _",
        },
        "secret": _TEXT,
        "state": {"enum": ["active", "inactive", "deleted"]},
        "spreads_after": {
            "description": "refused for so long after, or so many calls from, its first use",
            "anyOf": [DURATION_SCHEMA, {"type": "integer", "minimum": 0}],
            "$comment": "a key spreads after a length of time (5s) or a number of calls (3)",
        },
        **_OWNER,
    },
    "additionalProperties": False,
}
_DEVICE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "arn": _TEXT,
        "codes": {"description": "each is good once", "minItems": 1, **_TEXTS},
        "secret": {
            "type": "string",
            "pattern": "^[A-Z2-7]{24,}=*$",
            "description": "TOTP",
            "$comment": "a TOTP secret is base32, 24 characters or more",
        },
        **_OWNER,
    },
    "required": ["arn"],
    "oneOf": [{"required": ["codes"]}, {"required": ["secret"]}],
    "$comment": "a device has codes or a secret",
    "additionalProperties": False,
}

_ROLE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "trusts": {
            "description": "users and roles, by name or ARN, and accounts, by id; all of the "
            "role's own account when not given",
            **_TEXTS,
        },
        "mfa": {"type": "boolean", "description": "only who is logged in with MFA"},
        "external_id": _TEXT,
        "max_session_duration": DURATION_SCHEMA,
        "trust": {
            "type": "object",
            "description": "the whole trust policy, instead of trusts, mfa and external_id",
        },
    },
    "additionalProperties": False,
}

_ID: dict[str, Any] = {
    "type": "string",
    "pattern": "^[0-9]{12}$",
    "$comment": "an account id is twelve digits",
}
_ONE_ACCOUNT: dict[str, Any] = {  # what every account of a world may have
    "enforce": {
        "type": "boolean",
        "description": "explicit denials of the policies refuse (serve --enforce)",
    },
    "policies": {
        "type": "object",
        "description": "by user or role: an identity policy",
        "additionalProperties": {"type": "object"},
    },
    "keys": {"type": "object", "additionalProperties": _KEY},
    "roles": {"type": "object", "additionalProperties": _ROLE},
    "saml_providers": {
        "type": "object",
        "description": "by name: the metadata document, in XML",
        "additionalProperties": _TEXT,
    },
    "oidc_providers": {
        "type": "object",
        "description": "IAM's OpenID Connect providers, by URL: the audiences they accept",
        "propertyNames": {
            "pattern": "^https?://[^/?#]+(/[^?#]*)?$",
            "$comment": "the URL of a provider begins with https://, and has no query",
            "maxLength": 255,
        },
        "additionalProperties": {
            "type": "array",
            "items": {**_TEXT, "maxLength": 255},
            "maxItems": 100,
        },
    },
    "mfa": {"anyOf": [_DEVICE, {"type": "array", "items": _DEVICE}]},
    "regions": {
        "type": "object",
        "properties": {"disabled": _TEXTS, "not_enabled": _TEXTS},
        "additionalProperties": False,
    },
}
ACCOUNT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "The AWS account of a story.",
    "properties": {
        "id": _ID,
        "partition": {"enum": partitions()},
        "latency": {"description": "of every answer", **DURATION_SCHEMA},
        "skew": {
            "description": "how much later AWS's clock is than the story's",
            **SIGNED_DURATION_SCHEMA,
        },
        "session_ids": {"description": "of the first sessions that STS issues", **_TEXTS},
        **_ONE_ACCOUNT,
        "accounts": {
            "type": "object",
            "description": "further accounts, by id",
            "propertyNames": _ID,
            "additionalProperties": {
                "type": "object",
                "properties": _ONE_ACCOUNT,
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
