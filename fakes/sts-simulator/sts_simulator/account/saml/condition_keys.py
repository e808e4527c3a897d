"""The condition keys of SAML, and the attributes of an assertion that become some of them.

Source: IAM user guide (C), "Available keys for SAML-based federation", and "Mapping SAML
attributes to AWS trust policy context keys" with the lists among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
# All there are, in lower case, those of every assertion first.
ALL = {
    *(f"saml:{name}" for name in ("aud", "doc", "iss", "namequalifier", "sub", "sub_type")),
    *(f"saml:{key.lower()}" for key in _KEYS.values()),
}


def of(attributes: Mapping[str, Sequence[str]]) -> dict[str, str | Sequence[str]]:
    """Return the condition keys that attributes become, in lower case.

    C: of several attributes for one key, only one counts; of a key's kind depends whether it
    has several values.
    """
    found: dict[str, str | Sequence[str]] = {}
    for name, key in _KEYS.items():
        if values := attributes.get(name):
            found.setdefault(f"saml:{key.lower()}", values if key in _LISTS else values[0])
    return found
