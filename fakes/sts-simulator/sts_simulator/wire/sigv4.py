"""AWS Signature Version 4: reading it from the Authorization header or the query string.

Source: AWS General Reference, "Create a signed AWS API request".  This module
reads a signature; ``account.authentication`` decides whether it is accepted.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote

from sts_simulator.account import errors
from sts_simulator.account.authentication import Signature, Signed, amz_date, without_secrets
from sts_simulator.wire.hosts import sts_region

if TYPE_CHECKING:
    from sts_simulator.account.errors import AwsError
    from sts_simulator.wire.http import HttpRequest

_DATE = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_SEPARATOR = re.compile(r"[,\s]+")
_SCOPE_PARTS = 5
ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class _Claim:
    """The fields of a signature as the request has them."""

    algorithm: str
    credential: str
    signed_headers: str
    signature: str
    date: str
    token: str | None


def read(request: HttpRequest) -> Signature | AwsError | None:
    """Return the signature, None when there is none, IncompleteSignature when it is malformed."""
    if header := request.headers.get("authorization"):
        claim = _from_header(request, header)
    elif "X-Amz-Signature" in request.parameters:
        claim = _from_query(request.parameters)
    else:
        return None
    return _signature(request, claim) if isinstance(claim, _Claim) else claim


def _from_header(request: HttpRequest, header: str) -> _Claim | AwsError:
    fields: dict[str, str] = {}
    # B boto3#2280, jenkinsci/aws-credentials-plugin#72: blanks separate as commas do, so that a
    # blank before an access key id is found here.
    for part in _SEPARATOR.split(header.partition(" ")[2].strip()):
        name, equals, value = part.partition("=")
        if not equals:
            return _incomplete(
                f"'{part}' not a valid key=value pair (missing equal-sign) "
                f"in Authorization header: '{header}'."
            )
        fields[name] = value
    date = request.headers.get("x-amz-date") or request.headers.get("date", "")
    problems = [
        f"Authorization header requires '{name}' parameter. "
        for name in ("Credential", "Signature", "SignedHeaders")
        if name not in fields
    ]
    if not date:
        problems.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        )
    if problems:
        return _incomplete(f"{''.join(problems)}Authorization={header}")
    return _Claim(
        header.partition(" ")[0],
        fields["Credential"],
        fields["SignedHeaders"],
        fields["Signature"],
        date,
        request.headers.get("x-amz-security-token"),
    )


def _from_query(parameters: dict[str, str]) -> _Claim | AwsError:
    """Ignore X-Amz-Expires: STS accepts every presigned URL for 15 minutes."""
    names = (
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Date",
    )
    problems = [
        f"AWS query-string parameters must include '{name}'. "
        for name in names
        if name not in parameters
    ]
    if problems:
        return _incomplete("".join(problems) + "Re-examine the query-string parameters.")
    algorithm, credential, signed_headers, signature, date = (parameters[name] for name in names)
    token = parameters.get("X-Amz-Security-Token")
    return _Claim(algorithm, credential, signed_headers, signature, date, token)


def _signature(request: HttpRequest, claim: _Claim) -> Signature | AwsError:
    if claim.algorithm != ALGORITHM:
        return _incomplete(f"Unsupported AWS 'algorithm': '{claim.algorithm}'.")
    if not {"host", ":authority"} & set(claim.signed_headers.lower().split(";")):
        return errors.HOST_UNSIGNED
    scope = claim.credential.split("/")
    if len(scope) != _SCOPE_PARTS:
        return _incomplete(
            "Credential must have exactly 5 slash-delimited elements, "
            f"e.g. keyid/date/region/service/term, got '{claim.credential}'"
        )
    try:
        signed_at = _instant(claim.date)
    except (ValueError, TypeError, LookupError, OverflowError):
        return _incomplete(
            f"Date must be in ISO-8601 'basic format'. Got '{claim.date}'. "
            "See http://en.wikipedia.org/wiki/ISO_8601"
        )
    access_key_id, day, region, service, terminator = scope
    payload_hash = _body_hash(request, service)  # here, not where the account is locked

    def made_with(secret: str) -> bool:
        key = _signing_key(secret, day, region, service, terminator)
        right = _hmac(key, _to_sign(request, claim, signed_at, payload_hash)).hex()
        return hmac.compare_digest(right.encode(), claim.signature.encode())

    def signed() -> Signed:
        canonical = _canonical(request, claim, payload_hash).decode(errors="replace")
        return Signed(without_secrets(canonical), _to_sign(request, claim, signed_at, payload_hash))

    return Signature(
        access_key_id=access_key_id,
        made_with=made_with,
        signed_at=signed_at,
        region=region,
        service=service,
        session_token=claim.token or None,
        day=day,
        terminator=terminator,
        signed=signed,
        endpoint_region=sts_region(request.headers.get("host", "")),
    )


@lru_cache(maxsize=1024)  # a client uses the same signing key for a day
def _signing_key(secret: str, *scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = _hmac(key, part)
    return key


def _to_sign(request: HttpRequest, claim: _Claim, signed_at: datetime, payload_hash: str) -> str:
    _, _, scope = claim.credential.partition("/")
    canonical = hashlib.sha256(_canonical(request, claim, payload_hash)).hexdigest()
    return f"{ALGORITHM}\n{amz_date(signed_at)}\n{scope}\n{canonical}"


def _canonical(request: HttpRequest, claim: _Claim, payload_hash: str) -> bytes:
    service = claim.credential.split("/")[3]
    names = claim.signed_headers.split(";")
    headers = (f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in names)
    # Only S3 encodes the path once, and lets the client state the hash of the body.
    path = unquote(request.path) if service == "s3" else request.path
    lines = (
        request.method,
        quote(path, safe="/~"),
        _canonical_query(request.query),
        "".join(headers),
        claim.signed_headers,
        payload_hash,
    )
    return "\n".join(lines).encode()


def _canonical_query(query: str) -> str:
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(query, keep_blank_values=True)
        if name != "X-Amz-Signature"
    )
    return "&".join(f"{name}={value}" for name, value in pairs)


def _body_hash(request: HttpRequest, service: str) -> str:
    if service == "s3":
        return request.headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    return request.body_sha256


def _instant(written: str) -> datetime:
    if _DATE.fullmatch(written):
        return datetime.fromisoformat(written)
    return parsedate_to_datetime(written).astimezone(UTC)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _incomplete(problem: str) -> AwsError:
    return errors.INCOMPLETE.fill(problem=problem)
