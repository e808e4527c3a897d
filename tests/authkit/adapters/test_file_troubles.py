"""The words for trouble with a file of the person's own, and what is said of each."""

from __future__ import annotations

import pytest

from authkit.adapters import file_troubles, state_troubles
from authkit.core.failures import FAILED, StateTrouble
from authkit.core.messages import FILE_CURES
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


@pytest.mark.parametrize("word", [word for word in FILE_CURES if word])
def test_each_cure_has_a_reason(word: str) -> None:
    """B-A04: what the file is, in a sentence of its own, stands before what to do about it."""
    said = file_troubles.trouble("/a", word).values
    assert (said["reason"], said["cure"]) == (file_troubles.TROUBLES[word], FILE_CURES[word])
    assert said["reason"] != word


def test_a_limit_has_its_own_cure() -> None:
    """B-A04: what the process is not allowed is raised, wherever the file is."""
    said = file_troubles.of_state(StateTrouble("/a", "File too large", says="state-limit"))
    assert said.values["cure"] == "Raise that limit, or end other programs"


def test_the_systems_own_words() -> None:
    """B-A04: a word of no table is what the system says; a full disk has its own cure."""
    unknown = file_troubles.trouble("/a", "Input/output error")
    assert unknown.values["reason"] == "Input/output error"
    assert unknown.values["cure"] == "Check that path"
    assert file_troubles.trouble("/a", state_troubles.NO_ROOM).values["cure"] == "Make room there"
