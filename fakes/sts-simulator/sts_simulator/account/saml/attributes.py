"""The attributes of a SAML assertion that are AWS's own: role, session name, tags and so on.

Source: IAM user guide (C), "Configure SAML assertions for the authentication response".
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sts_simulator.account import federation
from sts_simulator.account.saml import errors
from sts_simulator.account.saml.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Attributes = Mapping[str, Sequence[str]]

_OWN = "https://aws.amazon.com/SAML/Attributes/"
_NAME = re.compile(r"[a-zA-Z_0-9+=,.@-]{2,64}")
_DURATIONS = range(900, 43_201)  # seconds


def offers(attributes: Attributes, role: str, provider: str) -> bool:
    """Return whether an assertion offers a role with a provider, in either order."""
    pairs = attributes.get(f"{_OWN}Role", ())
    return any([*map(str.strip, pair.split(","))] in _orders(role, provider) for pair in pairs)


def told(attributes: Attributes) -> dict[str, str]:
    """Return what an assertion says of the session, as AssumeRole's parameters would say it.

    Raises Rejected.
    """
    name = _one(attributes, "RoleSessionName")
    if not name:
        raise Rejected(errors.NO_SESSION_NAME)
    if not _NAME.fullmatch(name):
        raise Rejected(errors.SESSION_NAME_FORM)
    source = _one(attributes, "SourceIdentity")
    if source and not _NAME.fullmatch(source):
        raise Rejected(errors.SOURCE_IDENTITY_FORM)
    prefix = f"{_OWN}PrincipalTag:"
    keys = [key.removeprefix(prefix) for key in attributes if key.startswith(prefix)]
    tags = {key: _one(attributes, f"PrincipalTag:{key}") for key in keys}
    transitive = [*attributes.get(f"{_OWN}TransitiveTagKeys", ())]
    found = federation.tags_told(tags, transitive) | {"RoleSessionName": name}
    return found | ({"SourceIdentity": source} if source else {})


def longest(attributes: Attributes) -> timedelta:
    """Return the SessionDuration, which can only shorten a session.  Raises Rejected."""
    written = _one(attributes, "SessionDuration")
    if not written:
        return timedelta.max
    if not re.fullmatch("[0-9]{1,9}", written) or int(written) not in _DURATIONS:
        raise Rejected(errors.NO_SAML.because("SessionDuration is not from 900 to 43200"))
    return timedelta(seconds=int(written))


def _one(attributes: Attributes, name: str) -> str:
    """Return the one value of an attribute of AWS's, "" where there is none."""
    values = attributes.get(f"{_OWN}{name}", ())
    if len(values) > 1:
        raise Rejected(errors.NO_SAML.because(f"the attribute {name} has {len(values)} values"))
    return values[0] if values else ""


def _orders(role: str, provider: str) -> tuple[list[str], list[str]]:
    return [role, provider], [provider, role]
