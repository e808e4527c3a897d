"""The address where STS is asked: AWS's own, or another that the environment names.  Pure."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The service's own variable wins over the general one, as in every AWS SDK.
VARIABLES = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")
_AWS = re.compile(r"(^|\.)(amazonaws\.(com|com\.cn|eu)|api\.(aws|amazonwebservices\.com\.cn))$")
CREDENTIALS = re.compile(r"(?<=://).*@|^(?!.*://).*@", re.DOTALL)
_USERINFO = re.compile(r"(?<=://)[^/?#]*@")


def foreign(environ: Mapping[str, str], variables: Sequence[str] = VARIABLES) -> str:
    """Return the address that STS is asked at instead of AWS's own, without credentials, or ""."""
    url = configured(environ, variables)
    return "" if not url or _AWS.search(host(url)) else shown(url)


def configured(environ: Mapping[str, str], variables: Sequence[str] = VARIABLES) -> str:
    """Return the address that the first of these variables names, as it stands there, or ""."""
    if environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return ""
    return next((environ[name] for name in variables if environ.get(name)), "")


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
