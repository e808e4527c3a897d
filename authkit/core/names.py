"""The names of identities: which texts are names, and which of them are one.

Pure, and on the cached path: unicodedata is imported only for a name that needs it
(docs/contract.md, "Stored form").
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 128  # characters, after NFC
_MARKS = frozenset(". _-/@:+=,")

# Unicode's Default_Ignorable_Code_Point, of which some are letters and marks
# (DerivedCoreProperties.txt; the property is stable for assigned characters).
IGNORABLE = (
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
    *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)


def meant(given: str, environ: Mapping[str, str]) -> str:
    """Return the name that the command line gives, else the environment's, in NFC; "" for none."""
    return normal(given or environ.get("AUTHKIT_IDENTITY", ""))


def normal(name: str) -> str:
    """Return the name in Unicode's form NFC: what looks alike is one identity."""
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFC", name)


def is_name(name: str) -> bool:
    """Tell whether a text, in NFC, can be an identity's name."""
    if not 1 <= len(name) <= LONGEST or name[0] in "- " or name[-1] == " ":
        return False
    if name.isascii():
        return all(letter.isalnum() or letter in _MARKS for letter in name)
    return normal(name) == name and all(_is_allowed(letter) for letter in name)


def _is_allowed(letter: str) -> bool:
    if letter in _MARKS:
        return True
    from unicodedata import category

    kind, code = category(letter), ord(letter)
    of_a_script = kind[0] in "LM" or kind == "Nd"
    return of_a_script and not any(first <= code <= last for first, last in IGNORABLE)
