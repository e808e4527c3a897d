"""What the environment sets for requests: checked before one is made, and named when it is refused.

boto3 meets a wrong setting late, says little about it and may show a password, so
every setting is looked at first: a request that cannot succeed is not sent, and not
tried again (B-A07).  Reasons name the variable, never what stands in an address.
"""

from __future__ import annotations

import os
import re
import ssl
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from botocore.utils import get_environ_proxies

from authkit.core import endpoints

if TYPE_CHECKING:
    from collections.abc import Mapping

_CA_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")  # the first that is set counts
_HOST = re.compile(r"[^\s\\@:\[\]]+|\[[0-9A-Za-z:.%]+\]")
_HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(.*))?", re.DOTALL)
_SOCKS = ("socks4", "socks4a", "socks5", "socks5h")
_WANTS_CREDENTIALS, _REFUSES, _PASSING = 407, 4, {408, 425, 429}
_PORTS = range(1, 65536)
_CERTIFICATE = re.compile(r"certificate verify failed: ([^(\"]+)|(hostname '[^']*' doesn't match)")
_DATES = ("expired", "not yet valid")


class Proxy(NamedTuple):
    """The proxy of requests to `host`; `name` is the variable that sets it."""

    name: str
    url: str
    host: str

    def refusal(self, status: int) -> str:
        """Return why the proxy does not pass on a request, "" for a status that may pass by itself.

        A proxy asks for its credentials with 407 (RFC 9110, 15.5.8); other statuses of
        4xx are its own refusals when a connection through it was asked for.
        """
        if status == _WANTS_CREDENTIALS and "@" in self.url:
            return f"the proxy of {self.name} refuses the user name and password there (407)"
        if status == _WANTS_CREDENTIALS:
            return f"the proxy of {self.name} asks for a user name and password (407)"
        if status // 100 == _REFUSES and status not in _PASSING:
            return f"the proxy of {self.name} refuses to connect to {self.host} ({status})"
        return ""


def check(environ: Mapping[str, str]) -> None:
    """Check what is set for requests to any address.  Raises ValueError with the reason."""
    if endpoints.configured(environ):
        _check_address(next(name for name in endpoints.VARIABLES if environ.get(name)), environ)
    if not endpoints.configured(environ).lower().startswith("http:"):
        _check_ca_bundle(environ)
    if path := environ.get("SSLKEYLOGFILE"):
        _check_log(path)


def check_way(url: str, environ: Mapping[str, str]) -> None:
    """Check what is set for requests to this address.  Raises ValueError with the reason."""
    if found := proxy(url, environ):
        _check_address(found.name, {found.name: found.url}, of_proxy=True)


def proxy(url: str, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy that boto3 uses for this address, if any: NO_PROXY may exempt the host."""
    target = urlsplit(url)
    used = get_environ_proxies(url).get(target.scheme)
    if not used:
        return None
    names = [n for n in environ if n.lower() == f"{target.scheme}_proxy" and environ[n] == used]
    return Proxy(min(names, default="the system"), used, target.hostname or "")


def refused_certificate(said: str, now: str) -> str:
    """Return why a TLS certificate is refused, "" if `said`, an error's text, is of other trouble.

    `now` is this machine's time.
    """
    found = _CERTIFICATE.search(said)
    if not found:
        return ""
    why = (found[1] or found[2]).strip()
    if any(words in why for words in _DATES):
        return f"its certificate is refused ({why}), or this machine's clock is wrong: {now}"
    hint = "" if "match" in why else "; AWS_CA_BUNDLE names those that are trusted"
    return f"its certificate is refused ({why}{hint})"


def _check_address(name: str, environ: Mapping[str, str], *, of_proxy: bool = False) -> None:
    url = environ[name]
    if of_proxy and "://" not in url:
        url = f"http://{url}"
    scheme, _, rest = url.partition("://")
    if of_proxy and scheme.lower() in _SOCKS:
        raise ValueError(f"{name} names a SOCKS proxy, and boto3 can use HTTP proxies alone")
    if (scheme if of_proxy else scheme.lower()) not in {"http", "https"}:  # as boto3 reads them
        raise ValueError(f"{name} does not begin with http:// or https://")
    if re.search(r"[#?]", rest):
        raise ValueError(f"{name} has a '#' or '?' (left of an '@' they are written %23 and %3F)")
    authority, _, path = rest.partition("/")
    if "@" in path:
        raise ValueError(f"{name} has a '/' left of an '@' (it is written %2F there)")
    host, port = _HOST_AND_PORT.fullmatch(authority.rpartition("@")[2]).groups("")  # type: ignore[union-attr]  # any text matches
    if not _HOST.fullmatch(host):
        raise ValueError(f"{name} names no host")
    if port and not (port.isascii() and port.isdigit() and int(port) in _PORTS):
        raise ValueError(f"the port in {name} is not a number from 1 to 65535")


def _check_log(path: str) -> None:
    """Open SSLKEYLOGFILE as OpenSSL does, but without waiting for the reader of a FIFO (B-S07)."""
    waiting = getattr(os, "O_NONBLOCK", 0)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | waiting, 0o666))
    except OSError as error:
        raise ValueError(f"SSLKEYLOGFILE cannot be written: {path}: {error.strerror}") from None


def _check_ca_bundle(environ: Mapping[str, str]) -> None:
    name = next((name for name in _CA_BUNDLES if name in environ), "")
    if not name:
        return
    path = environ[name]
    if not path.strip():
        raise ValueError(f"{name} is empty: unset it, or name a file")
    if os.path.isdir(path):
        raise ValueError(f"{name} names a folder, not a file: {path}")
    if os.path.exists(path) and not os.path.isfile(path):  # every client reads it anew
        raise ValueError(f"{name} names no regular file: {path}")
    try:
        _load(path)
    except ssl.SSLError:
        raise ValueError(f"{name} names a file without PEM certificates: {path}") from None
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {path}: {error.strerror}") from None


@cache
def _load(path: str) -> None:
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
