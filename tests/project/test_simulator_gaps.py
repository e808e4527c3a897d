"""Where the simulator once answered otherwise than AWS: each such row has a test that names it.

A test names a row in its docstring, or in a comment beside what shows it: ``F14: …``,
``F19, F23: …``, ``… (S8)``, or ``simulator-gaps H1`` anywhere.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

# F: what STS and IAM answer.  S: what seven AWS SDKs showed.  H: HTTP.  Sources in brackets:
# argmin, public records of observations on live AWS; LS, LocalStack's snapshots recorded on
# AWS; M, botocore's service model; `repo#n`, public issue threads.
GAPS = {
    "F1": "session tags need sts:TagSession [18F/identity-terraform#115, "
    "configure-aws-credentials#54]",
    "F2": "a source identity needs sts:SetSourceIdentity [argmin, noqdev/iambic#357]",
    "F3": "a chain inherits the source identity, and cannot change it [argmin]",
    "F4": "the text of a chain's hour ends in a full stop [argmin]",
    "F5": "a role's maximum comes before a chain's hour [argmin]",
    "F6": "an ARN without partition, service or resource is invalid [LS]",
    "F7": "a transitive key must be among the tags [LS]",
    "F8": "tag keys differ in more than case [LS]",
    "F9": "a transitive tag of the caller's cannot be set [LS]",
    "F10": "fifty tags, keys of 128 characters [M]",
    "F11": "the packed size of tags [containers-roadmap#2413]",
    "F12": "GetFederationToken without a policy has PackedPolicySize [LS]",
    "F13": "SessionTokenSize and SessionTokenUtilization [M, 2026-09-15]",
    "F14": "MinimumSessionTokenSize [M, aws-iam-authenticator#1106]",
    "F15": "another algorithm than HMAC-SHA256 [scratchstack]",
    "F16": "the Host must be signed [scratchstack, NetSPI/AWSSigner#3]",
    "F17": "a target of more than 16 KB [argmin, aws-iam-authenticator#1108]",
    "F18": "conditions of trust policies [IAM user guide]",
    "F19": "NotPrincipal and NotAction [IAM user guide]",
    "F20": "explicit denials where nobody logged in with MFA [an error quoted in public docs]",
    "F21": "IAM implies a UserName for users alone [terraform-provider-aws]",
    "F22": "GetAccessKeyLastUsed after calls of STS [IAM user guide]",
    "F23": "a trust policy is checked when a role is made [argmin]",
    "F24": "an endpoint takes its region's signatures [argmin]",
    "F25": "every partition of botocore's [M]",
    "F26": "AssumeRoleWithWebIdentity [aws-sdk-java-v2#5709]",
    "F27": "AssumeRoleWithSAML [gimme-aws-creds#251]",
    "F28": "the modelled refusals of the other operations [M]",
    "S1": "a Date in every answer [RFC 9110 6.6.1, AssetSync/asset_sync#84]",
    "S2": "S3's RequestTimeTooSkewed [aws-sdk-php#612, aws-cli#6358]",
    "S3": "AWS_ENDPOINT_URL_STS beside AWS_ENDPOINT_URL [the SDKs' behaviour]",
    "S4": "a fault by its code alone has a message [the SDK for Java]",
    "S5": "ExpiredTokenException is a 400 [M]",
    "S6": "the title of a broken page is of its status",
    "S7": "unknown operations are recorded, and can be named by a fault",
    "S8": "IAM's dates and request ids [the SDKs' behaviour]",
    "S9": "an unsigned request for another path is 404 [recorded answers]",
    "S10": "a connection that is cut",
    "H1": "a huge form holds up nobody",
    "H2": "the sessions of one world are strangers in the next",
    "H3": "what is too large is refused before it is read",
    "H4": "blank lines before a request [RFC 9112 2.2]",
    "H5": "lists in Connection and Transfer-Encoding [RFC 9112]",
    "H6": "an unsigned GET of / is redirected [recorded answers]",
}
# Rows that no test names yet, and why.  Remove what a test names.
UNTESTED: dict[str, str] = {}

_ROWS = r"[FSH][0-9]{1,2}(?:, [FSH][0-9]{1,2})*"
_NAMED = (
    re.compile(rf"simulator-gaps ({_ROWS})"),
    re.compile(rf'(?:"""|\()({_ROWS})(?= \[|:|\))'),
)


def rows_named(source: str) -> set[str]:
    """Return the rows that a test's source names."""
    found = [match for pattern in _NAMED for match in pattern.findall(source)]
    return {row for match in found for row in match.split(", ")}


@cache
def named() -> dict[str, list[str]]:
    """Return the tests that name each row.  A module that names one does so for its tests."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        if path == Path(__file__):
            continue
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        for row in rows_named(f'"""{ast.get_docstring(tree) or ""}'):
            found.setdefault(row, []).append(path.stem)
        lines = source.splitlines()
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                for row in rows_named("\n".join(lines[first - 1 : node.end_lineno])):
                    found.setdefault(row, []).append(f"{path.stem}.{node.name}")
    return found


@pytest.mark.parametrize("row", GAPS)
def test_a_test_names_the_row(row: str) -> None:
    """Every row is named by a test, or stands in `UNTESTED`; what is named does not stand there."""
    assert (row in named()) is (row not in UNTESTED), named().get(row) or GAPS[row]


def test_every_name_is_a_row() -> None:
    """No test names a row that there is not."""
    assert sorted(set(named()) - set(GAPS)) == []


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ('"""F14: it is granted."""', {"F14"}),
        ('"""F19, F23: AWS\'s own words."""', {"F19", "F23"}),
        ('"""F9 [LS]: they cannot be changed."""', {"F9"}),
        ('"""Dates are in whole seconds (S8)."""', {"S8"}),
        ("# simulator-gaps H1, H3 and more", {"H1", "H3"}),
        ('"""S3 and its errors come from upstream."""', set()),
        ('"""Objects (S3, mostly)."""', set()),
    ],
)
def test_what_names_a_row(source: str, rows: set[str]) -> None:
    """The service S3 is not row S3."""
    assert rows_named(source) == rows
