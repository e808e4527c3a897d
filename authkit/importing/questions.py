"""What `import` may ask a person: as data, like the fields of a kind."""

from __future__ import annotations

from authkit.core.kinds import Field
from authkit.core.names import is_name, normal

YES = "yes"


def _name(answer: str) -> str:
    if not is_name(normal(answer)):
        raise ValueError("no identity can have that name")
    return normal(answer)


def _yes(answer: str) -> str:
    if answer.lower() not in {"", "n", "no", "y", YES}:
        raise ValueError("the answer is y or n")
    return YES if answer[:1].lower() == "y" else ""


# No question has a help: what stands above it says what it is about.
NAME = Field("name", "Name of the identity", "", _name, required=True)
REPLACE = Field("replace", "Replace it", "", _yes, default="no")
WHICH = Field("which", "Import which", "", str, default="none")
QUESTIONS = (NAME, REPLACE, WHICH)
