"""Standard input: what authkit was started with, and the null device in its place.

Standard input belongs to the child of `exec`, so that no keyring backend may read
it (B-K07, B-E09).  While a backend is called, descriptor 0 is the null device;
`descriptor` says where the real one is meanwhile, for asking and for --stdin.
"""

from __future__ import annotations

import contextlib
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_moved: list[int] = []  # where the real one is, innermost last


def descriptor() -> int:
    """Return the descriptor of the standard input that authkit was started with."""
    return _moved[0] if _moved else 0


@contextlib.contextmanager
def nulled() -> Iterator[None]:
    """Have the null device as standard input within the context, for child processes too."""
    stream, moved = sys.stdin, os.dup(0)
    _moved.append(moved)
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)  # inheritable: a program that a backend starts gets it
        os.close(null)
        with open(0, closefd=False, encoding="utf-8") as sys.stdin:
            yield
    finally:
        sys.stdin = stream
        os.dup2(moved, 0)
        _moved.pop()
        os.close(moved)
