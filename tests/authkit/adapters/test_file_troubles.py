"""The words for trouble with a file of the person's own, and what is said of each."""

from __future__ import annotations

import pytest

from authkit.adapters import file_troubles, state_troubles
from authkit.core.failures import FAILED
from authkit.core.render import text

WORDS = dict.fromkeys((*file_troubles.TROUBLES, *state_troubles.TROUBLES, "Input/output error"))


@pytest.mark.parametrize("word", WORDS)
def test_each_word_is_said(word: str) -> None:
    """B-A04: what happened to which file, that nothing was changed, and what to do."""
    trouble = file_troubles.trouble("/home/dev/.aws/config", word)
    assert trouble.status == FAILED
    said = text(trouble.name, **trouble.values, again="authkit profile add dev-admin")
    first, second, *others = said.splitlines()
    assert first.startswith("✗ /home/dev/.aws/config: ")
    assert first.endswith(f"{trouble.values['reason']}.")
    assert second == "  Nothing was changed."
    assert others[-1] == "  'authkit profile add dev-admin'."
    assert "AUTHKIT_STATE_DIR" not in said  # that is where authkit's own files are


def test_the_systems_own_words() -> None:
    """B-A04: a word of no table is what the system says; a full disk has its own cure."""
    unknown = file_troubles.trouble("/a", "Input/output error")
    assert unknown.values["reason"] == "Input/output error"
    assert unknown.values["cure"] == "Check that path"
    assert file_troubles.trouble("/a", state_troubles.NO_ROOM).values["cure"] == "Make room there"
