"""What the environment sets for requests: named by its variable, and nothing is sent twice.

The proxies and TLS servers are small real ones.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import surroundings
from authkit.core.failures import CANNOT_ASK, NO_ANSWER
from tests.authkit.adapters.sts_calls import closed_port, unreachable
from tests.support.small_servers import refusing_proxy, tls_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.authkit.adapters.sts_server import Server

pytestmark = pytest.mark.usefixtures("no_proxies")
HTTPS = "https://sts.nowhere.invalid"


def reason() -> str:
    """Return why STS cannot be asked at all, which is lasting."""
    trouble = unreachable()
    assert (trouble.code, trouble.answered, trouble.sent) == (CANNOT_ASK, False, False)
    return trouble.reason


# Addresses.

BAD_PORTS = ["abc", "99999", "65536", "0", "-1", "8080x", "\u0661", "1 ", "80:80", "8080\n"]


@pytest.mark.parametrize("who", ["", "me:pass-word@"])
@pytest.mark.parametrize("port", BAD_PORTS)
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "HTTPS_PROXY"])
def test_a_port_that_is_none(
    server: Server, monkeypatch: pytest.MonkeyPatch, name: str, port: str, who: str
) -> None:
    """B-A07, B-S08: it is named, nothing is sent, and nothing of the address is shown."""
    monkeypatch.delenv("AWS_ENDPOINT_URL_STS")
    monkeypatch.setenv(name, f"http://{who}127.0.0.1:{port}")
    assert reason() == f"the port in {name} is not a number from 1 to 65535"
    assert server.asked == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://127.0.0.1:#1", " has a '#' or '?'"),
        ("http://127.0.0.1#:8080", " has a '#' or '?'"),
        ("http://me:pass?word@127.0.0.1:1", " has a '#' or '?'"),
        ("http://me:pass/word@127.0.0.1:1", " has a '/' left of an '@'"),
        ("http://", " names no host"),
        ("http://:3128", " names no host"),
        ("http://me:pass-word@:3128", " names no host"),
        ("http://a b:3128", " names no host"),
        ("http://[::1", " names no host"),
        ("http://::1", " names no host"),
        ("http:///path", " names no host"),
        ("ftp://127.0.0.1:1", " does not begin with http:// or https://"),
        ("HTTPX://127.0.0.1", " does not begin with http:// or https://"),
        ("htp://me:pass-word@127.0.0.1", " does not begin with http:// or https://"),
    ],
)
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_STS", "https_proxy"])
@pytest.mark.usefixtures("server")
def test_an_address_that_is_none(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str, why: str
) -> None:
    """B-A07, B-S08: a malformed address is named by its variable and shown by none of its words."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", HTTPS)
    monkeypatch.setenv(name, address)
    said = reason()
    assert said.startswith(f"{name}{why}")
    assert not any(word in said for word in ("pass", "me:", "127", "3128"))


@pytest.mark.parametrize("kind", ["socks4", "socks4a", "socks5", "SOCKS5h"])
@pytest.mark.usefixtures("server")
def test_a_socks_proxy(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """B-A07: boto3 would take the kind for the name of a host."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", HTTPS)
    monkeypatch.setenv("HTTPS_PROXY", f"{kind}://127.0.0.1:1080")
    assert reason() == "HTTPS_PROXY names a SOCKS proxy, and boto3 can use HTTP proxies alone"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}",
        "http://127.0.0.1:{port}/",
        "http://me:p%2Fw@127.0.0.1:{port}",
        "LOCALHOST:{port}",
    ],
)
def test_addresses_that_are_fine(
    server: Server, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """B-A07: what boto3 can use is used."""
    endpoint = address if "://" in address else f"HTTP://{address}"
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", endpoint.format(port=closed_port()))
    assert unreachable().code == NO_ANSWER
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", HTTPS)
    with refusing_proxy(502) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", address.format(port=proxy.address.rpartition(":")[2]))
        assert unreachable().reason == "the proxy of HTTPS_PROXY answered with HTTP 502"
    assert len(proxy.asked) == 1
    assert server.asked == []


def test_ipv6_addresses() -> None:
    """B-A07: a host in brackets has colons of its own."""
    for url in ("http://[::1]", "http://[::1]:4566", "https://me:pw@[fe80::1%25eth0]:1/x"):
        surroundings.check({"AWS_ENDPOINT_URL": url})
    with pytest.raises(ValueError, match="port"):
        surroundings.check({"AWS_ENDPOINT_URL": "http://[::1]:x"})


def test_what_is_not_used_is_not_looked_at(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A07: a proxy for other hosts or schemes, and a general endpoint, may be malformed."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(name, "http://[nonsense:#")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server.answer = server.answer.__class__(body=None)
    assert unreachable().code == NO_ANSWER
    assert len(server.asked) == 1


# Proxies that refuse.


@pytest.mark.parametrize(
    ("status", "who", "why"),
    [
        (407, "", "asks for a user name and password (407)"),
        (407, "me:pass-word@", "refuses the user name and password there (407)"),
        (403, "me:pass-word@", "refuses to connect to sts.nowhere.invalid (403)"),
        (405, "", "refuses to connect to sts.nowhere.invalid (405)"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.usefixtures("server")
def test_a_proxy_that_refuses(
    monkeypatch: pytest.MonkeyPatch, scheme: str, status: int, who: str, why: str
) -> None:
    """B-A07, B-S08: it is named with its variable, asked once, and shows no password."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"{scheme}://sts.nowhere.invalid")
    with refusing_proxy(status) as proxy:
        monkeypatch.setenv(f"{scheme}_proxy", f"http://{who}{proxy.address}")
        assert reason() == f"the proxy of {scheme}_proxy {why}"
    assert len(proxy.asked) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.usefixtures("server")
def test_a_proxy_in_trouble(monkeypatch: pytest.MonkeyPatch, scheme: str, status: int) -> None:
    """B-A07, B-L18: what may pass by itself is tried again by the loop."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"{scheme}://sts.nowhere.invalid")
    with refusing_proxy(status) as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"http://{proxy.address}")
        assert unreachable().code != CANNOT_ASK


@pytest.mark.parametrize("body", ["", "<html>go away</html>"])
def test_a_refusal_without_a_proxy(
    server: Server, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    """B-A07, B-L18: without a proxy a 407 or a 403 in another form is a broken answer."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    for status in (407, 403):
        server.answer = server.answer.__class__(status, body)
        assert unreachable().answered


# Certificates, and files that TLS uses.


@pytest.mark.parametrize(
    ("days", "host", "why"),
    [
        ((-10, -5), "127.0.0.1", "(certificate has expired), or this machine's clock is wrong: 20"),
        ((5, 10), "127.0.0.1", "(certificate is not yet valid), or this machine's clock is wrong"),
        ((-1, 5), "127.0.0.2", "match"),
    ],
    ids=["expired", "not yet valid", "of another host"],
)
@pytest.mark.usefixtures("server")
def test_a_refused_certificate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, days: tuple[int, int], host: str, why: str
) -> None:
    """B-L10, B-L18, B-A07: it is not tried again; its dates may be refused for a wrong clock."""
    with tls_server(tmp_path, days=days, host=host) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"https://{address}")
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
        said = reason()
    assert said.startswith("its certificate is refused (")
    assert why in said
    assert "AWS_CA_BUNDLE" not in said


@pytest.mark.usefixtures("server")
def test_a_certificate_of_an_unknown_authority(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """B-A07: the setting that tells whom to trust is named."""
    with tls_server(tmp_path, days=(-1, 5)) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"https://{address}")
        assert "; AWS_CA_BUNDLE names those that are trusted)" in reason()


@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("missing.pem", "cannot be read: {path}: No such file or directory"),
        ("", "names a folder, not a file: {path}"),
        ("words.pem", "names a file without PEM certificates: {path}"),
        ("empty.pem", "names a file without PEM certificates: {path}"),
        ("fifo", "names no regular file: {path}"),
    ],
)
@pytest.mark.usefixtures("server")
def test_a_ca_bundle_that_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, file: str, why: str
) -> None:
    """B-A07, B-S07: it is named with its variable, before anything is sent or waited for."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "words.pem").write_text("words")
    (tmp_path / "empty.pem").write_text("")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", HTTPS)
    path = tmp_path / file if file else tmp_path
    monkeypatch.setenv(name, str(path))
    assert reason() == f"{name} {why.format(path=path)}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
@pytest.mark.usefixtures("server")
def test_a_ca_bundle_of_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-A07: one that may not be read is named."""
    (tmp_path / "theirs.pem").touch(0)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", HTTPS)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "theirs.pem"))
    assert reason().endswith("theirs.pem: Permission denied")


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.usefixtures("server")
def test_a_blank_ca_bundle(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    """B-A07: the oldest boto3 would check no certificate at all."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", HTTPS)
    monkeypatch.setenv("AWS_CA_BUNDLE", blank)
    assert reason() == "AWS_CA_BUNDLE is empty: unset it, or name a file"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("missing/log", "No such file or directory"),
        (".", "Is a directory"),
        ("fifo", "No such device or address"),  # nobody reads it
    ],
)
@pytest.mark.usefixtures("server")
def test_a_key_log_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, why: str
) -> None:
    """B-A07, B-S07: SSLKEYLOGFILE is opened by every client, and is named, without waiting."""
    os.mkfifo(tmp_path / "fifo")
    path = tmp_path / file
    monkeypatch.setenv("SSLKEYLOGFILE", str(path))
    assert reason() == f"SSLKEYLOGFILE cannot be written: {path}: {why}"
