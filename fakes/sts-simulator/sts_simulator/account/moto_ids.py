"""The unique ids that moto's IAM gives to users, groups, policies and instance profiles.

moto's own begin with no prefix, but for roles.  Programs tell by an id's prefix what it is of,
and GetCallerIdentity shows a user's.
"""

from __future__ import annotations

from typing import Any

from moto.iam import models

# C, IAM user guide, "IAM identifiers": a prefix, and 17 characters of base32.
_PREFIXES = {
    models.User: "AIDA",
    models.Group: "AGPA",
    models.Policy: "ANPA",
    models.InstanceProfile: "AIPA",
}
_LENGTH = 17
_IN_BASE32 = str.maketrans("0189", "WXYZ")


def _prefix(kind: Any, prefix: str) -> None:  # noqa: ANN401 - moto's classes have no base
    make = kind.__init__

    def made(self: Any, *given: Any, **named: Any) -> None:  # noqa: ANN401 - whatever moto gives
        make(self, *given, **named)
        self.id = prefix + self.id.upper().translate(_IN_BASE32)[-_LENGTH:]

    kind.__init__ = made


for _kind, _text in _PREFIXES.items():
    _prefix(_kind, _text)  # moto has no setting for it
