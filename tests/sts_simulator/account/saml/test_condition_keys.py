"""The condition keys that attributes become (IAM user guide, "Mapping SAML attributes …")."""

from __future__ import annotations

from sts_simulator.account import conditions
from sts_simulator.account.saml import condition_keys


def test_condition_keys() -> None:
    """The guide's names, lists and single values; of two attributes for a key one counts."""
    found = condition_keys.of(
        {
            "urn:oid:1.3.6.1.4.1.5923.1.1.1.1": ["staff", "member"],
            "urn:oid:1.3.6.1.4.1.5923.1.1.1.6": ["alice@example.com", "a2"],
            "urn:oid:1.3.6.1.4.1.5923.1.1.1.11": ["high"],
            "urn:oid:1.3.6.1.4.1.5923.1.2.1.6": ["https://white.example.com"],
            "urn:oid:2.5.4.3": ["Alice"],
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": ["a@example.com"],
            "0.9.2342.19200300.100.1.3": ["other@example.com"],
            "2.5.4.4": [],
            "mail": ["eve@example.com"],
        }
    )
    assert found == {
        "saml:edupersonaffiliation": ["staff", "member"],
        "saml:edupersonprincipalname": "alice@example.com",
        "saml:edupersonassurance": ["high"],
        "saml:eduorgwhitepagesuri": ["https://white.example.com"],
        "saml:cn": ["Alice"],
        "saml:mail": "a@example.com",
    }


def test_keys_that_a_request_lacks_are_absent() -> None:
    """Every key of SAML is known to be absent of a request without an assertion."""
    assert {"saml:aud", "saml:doc", "saml:sub_type", "saml:organizationstatus"} < condition_keys.ALL
    for key in condition_keys.ALL:
        assert conditions.unmet({"Null": {key: "true"}}, {}, variables=True) == ""
