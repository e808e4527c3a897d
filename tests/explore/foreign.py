"""What others write, and must not be shown as it stands: controls, forged lines, endless texts."""

from __future__ import annotations

import re
from functools import lru_cache

# An escape sequence, one that C1 begins, a bidirectional override, DEL, and a line of its own.
FORGED = "FORGED"
ODD = f"\x1b[2J\x9b31m\u202eodd\x7f\u2028\n{FORGED}"
LONGEST_MESSAGE, LONGEST_CODE = 500, 100  # characters of what AWS says (B-L26)
LONG = "y" * (LONGEST_MESSAGE + 100)
TRACEBACK = "Traceback"
LONG_CODE = "z" * (LONGEST_CODE + 100)

CONTROLS = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
    r"|[\ud800-\udfff]"
)
_FORGED = re.compile(rf"^\s*{FORGED}", re.MULTILINE)
# What a person cannot see in an answer (B-K06).
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


@lru_cache(maxsize=20_000)
def wrong(text: str) -> str:
    """Return what is wrong with a text that is shown, "" for nothing."""
    if CONTROLS.search(text):
        return f"a control character in {text!r}"
    if _FORGED.search(text) and not text.startswith(TRACEBACK):  # which shows texts line by line
        return f"a line of somebody else's in {text!r}"
    too_long = (LONG[: LONGEST_MESSAGE + 1], LONG_CODE[: LONGEST_CODE + 1])
    return "a text without an end" if any(long in text for long in too_long) else ""
