"""Texts of libraries quote addresses; a user name and password in one is never shown (B-S08)."""

from __future__ import annotations

import re

from authkit.core.endpoints import CREDENTIALS, VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

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
