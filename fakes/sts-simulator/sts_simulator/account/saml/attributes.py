"""The attributes of a SAML assertion: those of AWS's own, and those that become condition keys.

Source: IAM user guide (C), "Configure SAML assertions for the authentication response", with
its table "Mapping SAML attributes to AWS trust policy context keys".
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
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_EDU_PERSON = (
    *("Affiliation", "Nickname", "OrgDN", "OrgUnitDN", "PrimaryAffiliation", "PrincipalName"),
    *("Entitlement", "PrimaryOrgUnitDN", "ScopedAffiliation", "TargetedID", "Assurance"),
)
_EDU_ORG = ("HomePageURI", "IdentityAuthNPolicyURI", "LegalName", "SuperiorURI", "WhitePagesURI")
# By an attribute's Name: the condition key that it becomes, without ``saml:``.
_KEYS: dict[str, str] = {
    **{
        f"urn:oid:1.3.6.1.4.1.5923.1.1.1.{number}": f"eduPerson{name}"
        for number, name in enumerate(_EDU_PERSON, 1)
    },
    **{
        f"urn:oid:1.3.6.1.4.1.5923.1.2.1.{number}": f"eduOrg{name}"
        for number, name in enumerate(_EDU_ORG, 2)
    },
    "urn:oid:2.5.4.3": "cn",
    f"{_CLAIMS}name": "name",
    "http://schemas.xmlsoap.org/claims/CommonName": "commonName",
    f"{_CLAIMS}givenname": "givenName",
    f"{_CLAIMS}surname": "surname",
    f"{_CLAIMS}emailaddress": "mail",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "uid",
    # X.500.  The guide has slips in three of them; these are the registered ones.
    "2.5.4.3": "commonName",
    "2.5.4.4": "surname",
    "2.5.4.42": "givenName",
    "2.5.4.45": "x500UniqueIdentifier",
    "0.9.2342.19200300.100.1.1": "uid",
    "0.9.2342.19200300.100.1.3": "mail",
    "0.9.2342.19200300.100.1.45": "organizationStatus",
}
_LISTS = {"cn", *(f"eduOrg{name}" for name in _EDU_ORG)} | {
    f"eduPerson{name}"
    for name in _EDU_PERSON
    if name not in ("OrgDN", "PrimaryAffiliation", "PrincipalName", "PrimaryOrgUnitDN")
}


def condition_keys(attributes: Attributes) -> dict[str, str | Sequence[str]]:
    """Return the condition keys that attributes become, in lower case.

    C: of several attributes for one key, only one counts; of a key's kind depends whether it
    has several values.
    """
    found: dict[str, str | Sequence[str]] = {}
    for name, key in _KEYS.items():
        if values := attributes.get(name):
            found.setdefault(f"saml:{key.lower()}", values if key in _LISTS else values[0])
    return found


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
