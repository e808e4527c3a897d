"""The certificate that the server makes itself for TLS, for one run."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LASTS = timedelta(days=397)  # what clients accept of a server's certificate
_NAMES = ("localhost", "*.localhost", "127.0.0.1", "::1", "*.amazonaws.com")


def make(file: Path, *hosts: str) -> ssl.SSLContext:
    """Write a new certificate to `file`, which clients trust as a CA bundle; return its context.

    It is for these names and IP addresses, and the usual ones of AWS and of this
    machine.  Nothing keeps its private key.  Raises OSError.
    """
    from cryptography import x509  # noqa: PLC0415 - slow to import, and TLS is rare
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - the same
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - the same

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sts-simulator")])
    now = datetime.now(UTC)
    known: list[x509.GeneralName] = []
    for host in dict.fromkeys([*_NAMES, *hosts]):
        try:
            known.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            known.append(x509.DNSName(host))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate = made.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(certificate)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as both:  # the ssl module reads keys from files alone
        both.write(secret + certificate)
        both.flush()
        context.load_cert_chain(both.name)
    return context
