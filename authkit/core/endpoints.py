"""The address where STS is asked: AWS's own, or another that the environment names.  Pure."""

from __future__ import annotations

import re

from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# The service's own variable wins over the general one, as in every AWS SDK.
VARIABLES = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")
_AWS = re.compile(r"(^|\.)(amazonaws\.(com|com\.cn|eu)|api\.(aws|amazonwebservices\.com\.cn))$")
CREDENTIALS = re.compile(r"(?<=://).*@|^(?!.*://).*@", re.DOTALL)
_USERINFO = re.compile(r"(?<=://)[^/?#]*@")
_LOOPBACK = re.compile(r"(^|\.)localhost$|^127(\.\d{1,3}){3}$|^\[?::1\]?$")


def foreign(environ: Mapping[str, str]) -> str:
    """Return the address that STS is asked at instead of AWS's own, without credentials, or ""."""
    url = configured(environ)
    return "" if not url or _AWS.search(host(url)) else shown(url)


def is_exposed(environ: Mapping[str, str]) -> bool:
    """Tell whether requests go by plain http to a host that is not this machine (B-S08).

    Nor do they stay on it where a proxy gets them, as botocore (by urllib) decides.
    AWS's own hosts count too: what is sent there in the clear can be read on the way.
    """
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not typed

    url = configured(environ)
    proxy, exempt = (environ.get(n) or environ.get(n.upper()) for n in ("http_proxy", "no_proxy"))
    by_proxy = proxy and not proxy_bypass_environment(host(url), {"no": exempt or ""})
    here = _LOOPBACK.search(host(url)) and not by_proxy
    return url.lower().startswith("http://") and not here


def warning(environ: Mapping[str, str]) -> str:
    """Return the line to show once for each command that calls STS, "" for none (B-S08)."""
    return text("exposed", endpoint=shown(configured(environ))) if is_exposed(environ) else ""


def configured(environ: Mapping[str, str]) -> str:
    """Return the address that the environment names, as it stands there, or ""."""
    if environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return ""
    return next((environ[name] for name in VARIABLES if environ.get(name)), "")


def host(url: str) -> str:
    """Return the host of an address in lower case, "" if there is none."""
    authority = re.match(r"[a-z][a-z0-9+.-]*://([^/?#]*)", url, re.IGNORECASE)
    named = authority[1].rpartition("@")[2] if authority else ""
    return re.sub(r":[^:\]]*$", "", named).lower()


def shown(url: str) -> str:
    """Return an address without a user name and password (B-S08).

    An "@" further on may belong to a malformed one, a password with a slash: what
    comes before it is left out too.
    """
    return CREDENTIALS.sub("…@", _USERINFO.sub("", url, count=1))
