"""What the files of an identity are called, today and before 2026-11-25.  Pure.

On the cached path: SHA-256 is imported only for a name that needs it
(docs/contract.md, "Stored form").
"""

from __future__ import annotations

_LONGEST_PLAIN = 64
_IN_FILE_NAMES = 40  # letters and digits of a name in the name of its files
_DIGEST = 16  # hexadecimal digits of its SHA-256 there
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


def file_name(name: str) -> str:
    """Return what an identity's files are called, without their suffix.

    No two names have the same, also where the file system ignores case and
    Unicode forms, and none leads out of its folder.
    """
    if _is_plain(name) and name == name.lower():
        return name
    letters = [letter for letter in name.lower() if letter.isalnum()][:_IN_FILE_NAMES]
    return f"{''.join(letters)}+{_sha256(name)[:_DIGEST]}"


def old_file_name(name: str) -> str:
    """Return what its files were called before names had capitals and more; "" if nothing else."""
    return name if _is_plain(name) and name != name.lower() else ""


def called(file: str) -> str:
    """Return the name of the identity whose files are, or were once, called so; "" for none."""
    return file if _is_plain(file) else ""


def _is_plain(name: str) -> bool:
    """Tell whether it is of the old form ``[A-Za-z0-9][A-Za-z0-9._-]{0,63}``."""
    return (
        1 <= len(name) <= _LONGEST_PLAIN
        and name.isascii()
        and name[0].isalnum()
        and _PLAIN.issuperset(name.lower())
    )


def _sha256(name: str) -> str:
    """Return the digest in hexadecimal; hashlib would load OpenSSL on the cached path."""
    try:
        from _sha2 import sha256  # type: ignore[import-not-found]  # Python 3.12 and later
    except ImportError:
        from _sha256 import sha256  # type: ignore[import-not-found]  # Python 3.11
    digest: str = sha256(name.encode()).hexdigest()
    return digest
