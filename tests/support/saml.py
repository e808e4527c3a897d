"""SAML responses of the simulator's identity provider, and ways to tamper with them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sts_simulator.account.saml import metadata
from sts_simulator.server import saml_identity_provider
from tests.support import account_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sts_simulator.account.saml.metadata import Metadata

PROVIDER = "arn:aws:iam::123456789012:saml-provider/company"
ROLE = "arn:aws:iam::123456789012:role/"
BY_XMLSEC1 = Path(__file__).with_name("saml_by_xmlsec1")  # documents of another signer


def provider() -> Metadata:
    """Return what the metadata of the simulator's identity provider says."""
    return metadata.read(saml_identity_provider.metadata())


def response(now: datetime, role: str = "plain", **asked: Any) -> str:  # noqa: ANN401 - JSON
    """Return a response for a role, as ``saml_identity_provider.RESPONSE_SCHEMA`` describes it."""
    asked = {"role": ROLE + role, "provider": PROVIDER, **asked}
    return saml_identity_provider.response(asked, now)


def edited(encoded: str, edit: Callable[[str], str]) -> str:
    """Return a response whose XML is changed, in base64."""
    return base64.b64encode(edit(base64.b64decode(encoded).decode()).encode()).decode()


def trusting(*actions: str, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a role of the account's table that trusts the provider with these actions."""
    assume = "sts:AssumeRoleWithSAML"
    return account_world.trusting({"Federated": PROVIDER}, assume, *actions, **condition)
