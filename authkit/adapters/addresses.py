"""What addresses give away (B-S08): requests that go over the network in the clear, passwords.

Texts of libraries quote addresses; a user name and password in one is never shown.
"""

from __future__ import annotations

import re

from authkit.core import endpoints
from authkit.core.endpoints import CREDENTIALS
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOPBACK = re.compile(r"(^|\.)localhost$|^127(\.\d{1,3}){3}$|^\[?::1\]?$")
_ENDPOINTS = "AWS_ENDPOINT_URL"  # the general variable, and the beginning of every service's own
_OF_IAM = ("AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL")  # the order is endpoints.VARIABLES'
_QUOTED = re.compile(r"(?<=://)[^\s/?#'\"]*@")


def credentials(environ: Mapping[str, str]) -> list[str]:
    """Return what stands before the host in each endpoint and proxy address, with its "@"."""
    names = [n for n in environ if n.lower().endswith("_proxy") or n.startswith(_ENDPOINTS)]
    found = (CREDENTIALS.search(environ[name]) for name in names)
    return [match[0] for match in found if match]


def without_credentials(said: str, environ: Mapping[str, str]) -> str:
    """Return a text of others without the user names and passwords of any address in it.

    Those of the environment's addresses are taken out as they stand there: one
    that is malformed, a password with a slash for example, is quoted whole.
    """
    for known in sorted(credentials(environ), key=len, reverse=True):
        said = said.replace(known, "")
    return _QUOTED.sub("", said)


def is_this_machine(url: str) -> bool:
    """Tell whether an address is on the loopback interface."""
    return bool(_LOOPBACK.search(endpoints.host(url)))


def why_not_iam(environ: Mapping[str, str]) -> str:
    """Return why IAM is not asked, "" where it may be.

    Keys of an STS that is not AWS's are none of AWS's IAM; and what is not warned of
    (`warning`) is not sent in the clear.
    """
    sts, iam = endpoints.configured(environ), endpoints.configured(environ, _OF_IAM)
    if endpoints.foreign(environ) and not iam:
        return "the address of STS is set, and IAM's is not"
    return "its address is exposed" if iam != sts and is_exposed(environ, iam) else ""


def is_exposed(environ: Mapping[str, str], url: str = "") -> bool:
    """Tell whether requests go by plain http to a host that is not this machine (B-S08).

    The address is STS's unless another is given.

    Nor do they stay on it where a proxy gets them, as botocore (by urllib) decides.
    AWS's own hosts count too: what is sent there in the clear can be read on the way.
    """
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not typed

    url = url or endpoints.configured(environ)
    proxy, exempt = (environ.get(n) or environ.get(n.upper()) for n in ("http_proxy", "no_proxy"))
    by_proxy = proxy and not proxy_bypass_environment(endpoints.host(url), {"no": exempt or ""})
    here = is_this_machine(url) and not by_proxy
    return url.lower().startswith("http://") and not here


def warning(environ: Mapping[str, str]) -> str:
    """Return the line to show once for each command that calls STS, "" for none (B-S08)."""
    if not is_exposed(environ):
        return ""
    return text("exposed", endpoint=endpoints.shown(endpoints.configured(environ)))
