"""The CSV files in which the console gives an access key, and the keys in the environment.  Pure.

A CSV has the columns ``Access key ID`` and ``Secret access key``, and in one of its forms
``User name`` too, among others.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

from authkit.core.kinds import AWS_USER
from authkit.importing import found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authkit.importing.found import Found

_USER, _ID, _SECRET = "username", "accesskeyid", "secretaccesskey"


class Row(NamedTuple):
    """A user's key, and the user's name, "" where it is not told."""

    user: str
    access_key_id: str
    secret_access_key: str
    region: str = ""

    def identity(self, name: str) -> Found:
        """Return the identity of this name.  Raises ValueError with a reason."""
        values = found.keys(self.access_key_id, self.secret_access_key)
        return found.identity(name, AWS_USER, {"region": self.region}, values=values)


def rows(content: bytes) -> list[Row]:
    """Return the keys in a CSV.  Raises ValueError with a reason."""
    try:
        return [*_rows(content.decode("utf-8-sig"))]
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except csv.Error:
        raise ValueError("it is not a CSV") from None


def _rows(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns = ["".join(title.split()).lower() for title in next(reader, [])]
    for column, title in ((_ID, "Access key ID"), (_SECRET, "Secret access key")):
        if column not in columns:
            raise ValueError(f"it has no column '{title}' in its first line")
    for cells in reader:
        given = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        if any(given.values()):
            yield Row(given.get(_USER, ""), given.get(_ID, ""), given.get(_SECRET, ""))


def from_environment(environ: Mapping[str, str]) -> Row:
    """Return the keys in the environment.  Raises ValueError with a reason."""
    key_id, secret = map(environ.get, ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    if not key_id or not secret:
        missing = "AWS_SECRET_ACCESS_KEY" if key_id else "AWS_ACCESS_KEY_ID"
        raise ValueError(f"{missing} is not set")
    if environ.get("AWS_SESSION_TOKEN") or environ.get("AWS_SECURITY_TOKEN"):
        raise ValueError("they are session credentials, which end by themselves")
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or ""
    return Row("", key_id, secret, region)
