"""The way to STS: what goes wrong before a request has reached it.

A fault with one of `WORDS` as its answer is the network's, not AWS's: STS sees nothing
of the call.  Without an AWS library `unreachable` returns what authkit's port raises.
With one, `failing_connections` makes urllib3's connections fail as the operating system,
OpenSSL or a proxy makes them fail, so that botocore and authkit translate a real error.
"""

from __future__ import annotations

import json
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from authkit.core.failures import Unreachable
from sts_simulator.account import list_mfa_devices
from sts_simulator.account.faults import Fault, Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Any

FILE = "FAKES_NETWORK"  # the variable that names the file of a `NetworkFile`


class _Trouble(NamedTuple):
    """`error` is raised where a connection is made; `reason` is what authkit makes of it."""

    error: Callable[[], OSError]
    reason: str
    lasting: bool = False  # it does not pass by itself, so that authkit does not try again


def _os_error(number: int, text: str, reason: str = "{endpoint}: {text}") -> _Trouble:
    return _Trouble(lambda: OSError(number, text), reason.replace("{text}", text))


def _certificate(why: str, more: str) -> _Trouble:
    said = f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {why} (_ssl.c:1000)"
    return _Trouble(
        lambda: ssl.SSLCertVerificationError(1, said),
        f"its certificate is refused ({why}{more}",
        lasting=True,
    )


def _proxy(status: str, reason: str) -> _Trouble:
    return _Trouble(lambda: OSError(f"Tunnel connection failed: {status}"), reason, lasting=True)


_TROUBLES = {
    "no route": _os_error(113, "No route to host"),
    "connection refused": _os_error(111, "Connection refused"),
    "name unknown": _Trouble(
        lambda: socket.gaierror(-2, "Name or service not known"),
        "{endpoint}: Name or service not known",
    ),
    "no TLS": _Trouble(
        lambda: ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1000)"),
        "TLS trouble (wrong version number)",
    ),
    "certificate unknown": _certificate(
        "self-signed certificate in certificate chain",
        "; AWS_CA_BUNDLE names those that are trusted)",
    ),
    "certificate expired": _certificate(
        "certificate has expired", "), or this machine's clock is wrong: {now}"
    ),
    # The proxy is the one that a story's HTTPS_PROXY names, without a user name.
    "proxy gone": _os_error(
        111, "Connection refused", "the proxy of HTTPS_PROXY cannot be reached ({text})"
    ),
    "proxy 407": _proxy(
        "407 Proxy Authentication Required",
        "the proxy of HTTPS_PROXY asks for a user name and password (407)",
    ),
    "proxy 403": _proxy(
        "403 Forbidden", "the proxy of HTTPS_PROXY refuses to connect to {host} (403)"
    ),
}
WORDS = tuple(_TROUBLES)
OF_A_PROXY = tuple(word for word in WORDS if word.startswith("proxy"))
PROXY = "HTTPS_PROXY"


def called(action: str) -> str:
    """Return the name by which a fault knows an action: IAM's with the service before it."""
    return list_mfa_devices.FAULT if action == list_mfa_devices.OPERATION else action


def host(region: str) -> str:
    """Return the host of STS in a region, which authkit's messages name."""
    return f"sts.{region}.amazonaws.com"


def unreachable(operation: str, word: str, region: str, now: datetime) -> Unreachable:
    """Return what authkit's port raises for a call on which the fault `word` happens."""
    trouble = _TROUBLES[word]
    reason = trouble.reason.format(
        endpoint=f"https://{host(region)}/", host=host(region), now=f"{now:%Y-%m-%d %H:%M} UTC"
    )
    return Unreachable(operation, reason, answered=False, sent=False, lasting=trouble.lasting)


@contextmanager
def failing_connections(word: str) -> Iterator[None]:
    """Make every connection that urllib3 opens within the context fail in this way."""
    from urllib3 import connection, exceptions  # noqa: PLC0415 - slow to import

    def connect(asked: Any) -> None:  # noqa: ANN401 - urllib3's own
        error = _TROUBLES[word].error()
        if isinstance(error, ssl.SSLError) or error.errno is None:
            raise error  # as OpenSSL does, and http.client for a tunnel that a proxy refuses
        said = f"Failed to establish a new connection: {error}"
        raise exceptions.NewConnectionError(asked, said)  # as urllib3's own `connect`

    classes: tuple[Any, ...] = (connection.HTTPConnection, connection.HTTPSConnection)
    before = [made.connect for made in classes]
    try:
        for made in classes:
            made.connect = connect
        yield
    finally:
        for made, own in zip(classes, before, strict=True):
            made.connect = own


class NetworkFile:
    """The pending faults in a file, for a process of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def faults(self) -> list[Fault]:
        """The faults that have not happened yet."""
        if not self.path.is_file():
            return []
        return [Fault.parse(source) for source in json.loads(self.path.read_text("utf-8"))]

    @faults.setter
    def faults(self, faults: Sequence[Fault]) -> None:
        self.path.write_text(json.dumps([dict(fault.source) for fault in faults]), "utf-8")

    def taking(self) -> Callable[[str], str]:
        """Return a function that counts a call of an operation and returns the word of its fault.

        The word is "" for a call that nothing happens to.
        """
        pending = Faults(self.faults)

        def take(operation: str) -> str:
            fault = pending.take(operation, None)
            if fault:
                self.faults = pending.pending()
            return fault.answer if fault else ""

        return take
