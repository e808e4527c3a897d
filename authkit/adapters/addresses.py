"""What addresses give away (B-S08): requests that go over the network in the clear, passwords.

Texts of libraries quote addresses; a user name and password in one is never shown.
"""

from __future__ import annotations

import re

from authkit.core import endpoints
from authkit.core.endpoints import CREDENTIALS, VARIABLES
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOPBACK = re.compile(r"(^|\.)localhost$|^127(\.\d{1,3}){3}$|^\[?::1\]?$")
_QUOTED = re.compile(r"(?<=://)[^\s/?#'\"]*@")


def credentials(environ: Mapping[str, str]) -> list[str]:
    """Return what stands before the host in each endpoint and proxy address, with its "@"."""
    names = [name for name in environ if name.lower().endswith("_proxy") or name in VARIABLES]
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


def is_exposed(environ: Mapping[str, str]) -> bool:
    """Tell whether requests go by plain http to a host that is not this machine (B-S08).

    Nor do they stay on it where a proxy gets them, as botocore (by urllib) decides.
    AWS's own hosts count too: what is sent there in the clear can be read on the way.
    """
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not typed

    url = endpoints.configured(environ)
    proxy, exempt = (environ.get(n) or environ.get(n.upper()) for n in ("http_proxy", "no_proxy"))
    by_proxy = proxy and not proxy_bypass_environment(endpoints.host(url), {"no": exempt or ""})
    here = is_this_machine(url) and not by_proxy
    return url.lower().startswith("http://") and not here


def warning(environ: Mapping[str, str]) -> str:
    """Return the line to show once for each command that calls STS, "" for none (B-S08)."""
    if not is_exposed(environ):
        return ""
    return text("exposed", endpoint=endpoints.shown(endpoints.configured(environ)))
