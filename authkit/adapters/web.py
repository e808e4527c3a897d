"""The port Web: one form is sent, by HTTPS, and the answer is returned as it is.

The standard library does it, which honours the proxy variables and SSL_CERT_FILE.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

from authkit.adapters.addresses import is_this_machine, without_credentials
from authkit.core.failures import Unreachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

_SECONDS = 10  # to connect, and for each part of the answer
_MOST = 1 << 20  # bytes of an answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Returns a redirect as the answer that it is: the form holds a secret."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Return None: there is no request to follow with."""


class RealWeb:
    """ports.Web; `environ` is where proxies are set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def post(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Send a form; return the answer's status and body.  Raises Unreachable.

        Nothing is sent by plain http but to this machine (B-S08).
        """
        if urlsplit(url).scheme != "https" and not is_this_machine(url):
            raise _unreachable(url, "it is not https, and the form holds a secret", lasting=True)
        request = urllib.request.Request(url, urlencode(form).encode())  # noqa: S310 - see above
        try:
            opener = urllib.request.build_opener(_NoRedirect)
            with opener.open(request, timeout=_SECONDS) as answer:
                return answer.status, _text(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _text(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            said = without_credentials(str(reason) or type(error).__name__, self._environ)
            lasting = isinstance(reason, ssl.SSLCertVerificationError)
            raise _unreachable(url, said, lasting=lasting) from None


def _text(answer: IO[bytes]) -> str:
    return answer.read(_MOST).decode("utf-8", "replace")


def _unreachable(url: str, reason: str, *, lasting: bool = False) -> Unreachable:
    host = urlsplit(url).hostname or "no host"
    return Unreachable("POST", f"{host}: {reason}", answered=False, sent=True, lasting=lasting)
