"""story.toml_text: strings and arrays of strings, as they are written in a story's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenarios.replay.story import toml_text

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(
    ("array", "elements", "patched"),
    [
        ("[]", [], "[]"),
        ("[]", ["a"], '[\n  "a",\n]'),
        ('[\n  "a",\n]', [], "[]"),
        ('["a", "b"]', ["a"], '[\n  "a",\n]'),
        ("[\n 'a', # x\n]", ["a", 'b"'], '[\n \'a\', # x\n  "b\\"",\n]'),
        ("[\n 'a' # x\n]", ["b", "a"], "[\n  \"b\",\n 'a', # x\n]"),
        ('[\n  # x\n  "a",\n  "b",\n]', ["b"], '[\n  # x\n  "b",\n]'),
        ('[\n  "a",\n\n  "b",\n]', ["a", "b"], '[\n  "a",\n\n  "b",\n]'),
        ('[\n  "a",\n  # the end\n]', ["b"], '[\n  "b",\n  # the end\n]'),
    ],
)
def test_an_array_is_patched_by_its_lines(
    array: str, elements: Sequence[str], patched: str
) -> None:
    """Lines that stay are kept with their layout, comments are kept, new lines have one layout."""
    assert toml_text.patched(array, elements) == patched


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", "''"),
        ("a\n\tb\n", "'''\na\n\tb\n'''"),
        ("it'''s\n", '"""\nit\'\'\'s\n"""'),
        ('\\x1b "\x1b"\n', '"""\n\\\\x1b \\"\\u001b\\"\n"""'),
        ("\x7f\n", '"""\n\\u007f\n"""'),
    ],
)
def test_a_transcript_is_written_as_it_stands_if_toml_allows(text: str, literal: str) -> None:
    """A literal string where it can be, an escaped one elsewhere; both are read back the same."""
    assert toml_text.literal(text) == literal
    assert toml_text.string(literal) == text
