"""What `import` asks: which answers are taken."""

from __future__ import annotations

import pytest

from authkit.importing.questions import NAME, QUESTIONS, REPLACE, YES


def test_labels() -> None:
    """Each ends in a colon and a blank, and tells its default."""
    assert [question.label() for question in QUESTIONS] == [
        "Name of the identity: ",
        "Replace it (optional, default: no): ",
        "Import which (optional, default: none): ",
    ]


def test_only_yes_is_yes() -> None:
    """Anything else that is taken means no."""
    answers = ["y", "Y", "yes", "n", "no", "No", ""]
    assert [REPLACE.checked(answer) for answer in answers] == [YES] * 3 + [""] * 4
    with pytest.raises(ValueError, match="y or n"):
        REPLACE.checked("yeah")


def test_a_name() -> None:
    """In NFC, and only what can be one."""
    assert NAME.checked("u\u0308") == "\u00fc"
    with pytest.raises(ValueError, match="that name"):
        NAME.checked("-a")
