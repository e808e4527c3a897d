"""The form of a trust policy, which IAM checks when a role is made or its trust changes.

Sources: B for the messages (public issue threads about CreateRole); C, IAM user guide, for
the rules.  Principals of the world's accounts must exist.  Those of other accounts cannot be
looked up here and are accepted.  So are identity providers that do not exist: whether IAM
refuses them is not known.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sts_simulator.account import errors, policy_form, schema
from sts_simulator.account.conditions import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sts_simulator.account.directory import Directory
    from sts_simulator.account.errors import AwsError

LONGEST_PARAMETER = 131_072  # characters; C, IAM's service model.  I: its words
LONGEST = 2048  # characters without white space; C, the quota of every new account
_STATEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "Sid": {"type": "string"},
        "Effect": {"enum": ["Allow", "Deny"]},
        "Principal": {
            "anyOf": [{"const": "*"}, {"type": "object", "additionalProperties": policy_form.TEXTS}]
        },
        "Action": policy_form.TEXTS,
        "NotAction": policy_form.TEXTS,
        "Condition": {"type": "object", "additionalProperties": {"type": "object"}},
    },
    "required": ["Effect"],
    "oneOf": [{"required": ["Action"]}, {"required": ["NotAction"]}],
    "additionalProperties": False,
}
_POLICY = policy_form.document(_STATEMENT, least=1)
_PROHIBITED = ("Resource", "NotResource", "NotPrincipal")
_ACTION = re.compile(r"sts:[A-Za-z*?]+|\*", re.IGNORECASE)
_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|aws\.internal)")
_ACCOUNT = re.compile(r"\*|[0-9]{12}|arn:[a-z-]+:iam::[0-9]{12}:root")
_FEDERATED = re.compile(
    r"\*|([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+"  # I: that any domain and * are accepted
    r"|arn:[a-z-]+:iam::[0-9]{12}:(saml|oidc)-provider/.+"
)
_ARN = re.compile(
    r"arn:[a-z-]+:(iam|sts)::([0-9]{12}):(user|role|assumed-role|federated-user)/([^*?]+)"
)
# The claim that tells the customers of a shared OpenID Connect provider apart.  C, IAM user guide,
# "Identity-provider controls for shared OIDC providers"; D secorvia/frontdoor, for its table.
_CONTROLS = {
    **dict.fromkeys(
        (
            *("token.actions.githubusercontent.com", "vstoken.actions.githubusercontent.com"),
            *("oidc-configuration.audit-log.githubusercontent.com", "gitlab.com", "scalr.io"),
            *("app.terraform.io", "agent.buildkite.com", "oidc.codefresh.io", "proidc.upbound.io"),
            *("studio.datachain.ai/api", "tokens.cloud.shisho.dev"),
        ),
        "sub",
    ),
    **dict.fromkeys(("oidc.vercel.com", "api.pulumi.com/oidc", "sandboxes.cloud"), "aud"),
}


def refusal(policy: str, directories: Mapping[str, Directory]) -> AwsError | None:
    """Return IAM's error for a trust policy in JSON, None when its form is right.

    `directories` are those of the accounts that are known, by account id.
    """
    if too_long := _length_refusal(policy):
        return too_long
    try:
        document = json.loads(policy)
        statements = [one for one in listed(document["Statement"]) if isinstance(one, dict)]
    except (json.JSONDecodeError, RecursionError):
        return errors.TRUST_NO_JSON
    except (LookupError, TypeError):
        return errors.POLICY_SYNTAX
    for prohibited in _PROHIBITED:
        if any(prohibited in statement for statement in statements):
            return errors.TRUST_PROHIBITED.fill(field=prohibited)
    try:
        schema.check(document, _POLICY, "policy")
    except ValueError as trouble:
        return errors.POLICY_SYNTAX.because(str(trouble))
    return next(filter(None, (_statement_refusal(one, directories) for one in statements)), None)


def _length_refusal(policy: str) -> AwsError | None:
    if len(policy) > LONGEST_PARAMETER:
        return errors.VALIDATION.fill(
            problems="1 validation error detected: Value at 'policyDocument' failed to satisfy "
            f"constraint: Member must have length less than or equal to {LONGEST_PARAMETER}"
        )
    return errors.TRUST_TOO_LARGE if len(re.sub(r"\s", "", policy)) > LONGEST else None


def _statement_refusal(
    statement: Mapping[str, Any], directories: Mapping[str, Directory]
) -> AwsError | None:
    if "Principal" not in statement:
        return errors.TRUST_NO_PRINCIPAL
    actions = listed(statement.get("Action", statement.get("NotAction")))
    if not all(map(_ACTION.fullmatch, actions)):
        return errors.TRUST_ACTIONS
    named = statement["Principal"]
    for kind, names in {} if named == "*" else named.items():
        for name in listed(names):
            if kind == "Federated" and not _FEDERATED.fullmatch(name):
                return errors.TRUST_FEDERATED.because(f"{name} is neither")
            if not _exists(kind, name, directories):
                return errors.TRUST_PRINCIPAL.fill(kind=kind.upper(), name=name).because(
                    f"there is no {kind} principal {name}"
                )
    federated = [] if named == "*" else listed(named.get("Federated", []))
    return _control_refusal(statement, federated) if statement["Effect"] == "Allow" else None


def _control_refusal(statement: Mapping[str, Any], federated: list[str]) -> AwsError | None:
    """Return the error of a policy that lets in every customer of a shared provider."""
    looked_at = {
        key.lower()
        for keys in statement.get("Condition", {}).values()
        for key, values in keys.items()
        if "*" not in listed(values)
    }
    for url in (name.partition(":oidc-provider/")[2] for name in federated):
        key = f"{url}:{_CONTROLS.get(url)}"
        if url in _CONTROLS and key not in looked_at:
            return errors.TRUST_SHARED.fill(key=key).because(
                f"{url} has many customers, and the statement does not tell them apart by {key}"
            )
    return None


def _exists(kind: str, name: str, directories: Mapping[str, Directory]) -> bool:
    if kind == "Service":
        return _SERVICE.fullmatch(name) is not None
    if kind != "AWS":  # providers are looked up when a token is presented
        return kind in ("Federated", "CanonicalUser")
    if not (match := _ARN.fullmatch(name)):
        return _ACCOUNT.fullmatch(name) is not None
    _, account, resource, path = match.groups()
    directory = directories.get(account)
    if directory is None or resource == "federated-user":
        return True
    if resource == "user":
        user = directory.user(path.rpartition("/")[2])
        return user is not None and user.arn == name
    partition = name.split(":")[1]
    role = f"arn:{partition}:iam::{account}:role/{path.partition('/')[0]}"
    return directory.role(name if resource == "role" else role) is not None
