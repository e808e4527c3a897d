"""The names of identities: which texts are names.  Pure, and on the cached path."""

from __future__ import annotations

_LONGEST = 64


def is_name(name: str) -> bool:
    """Tell whether it can be an identity's name, and so part of a file's name."""
    plain = name.isascii() and all(letter.isalnum() or letter in "._-" for letter in name)
    return plain and name[:1].isalnum() and len(name) <= _LONGEST
