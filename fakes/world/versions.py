"""The versions of authkit, Python and the libraries on every machine of a story."""

from __future__ import annotations

VERSIONS = {
    "authkit": "1.0.0",
    "Python": "3.13.0",
    "boto3": "1.40.0",
    "botocore": "1.40.0",
    "keyring": "25.7.0",
}
