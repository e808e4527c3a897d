"""The versions of what authkit is made of, for reports of trouble."""

from __future__ import annotations

import sys
from importlib import metadata

LIBRARIES = ("boto3", "botocore", "keyring")


def installed() -> dict[str, str]:
    """Return the versions of authkit, Python and the libraries, by name; "" for a missing one."""
    python = ".".join(map(str, sys.version_info[:3]))
    names = {"authkit": "aws-authkit", **{name: name for name in LIBRARIES}}
    found = {name: _version(distribution) for name, distribution in names.items()}
    return {"authkit": found.pop("authkit"), "Python": python, **found}


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""
