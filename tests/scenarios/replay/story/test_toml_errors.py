"""story.toml_errors: where the mistake is in a text that is not TOML, and what it likely is."""

from __future__ import annotations

import tomllib

import pytest

from scenarios.replay.story.toml_errors import TomlError, explained


def told(text: str) -> TomlError:
    """Return what is said about a text."""
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    return explained(text, caught.value)


@pytest.mark.parametrize("quotes", ["'''", '"""'])
def test_a_text_that_is_not_closed_is_told_where_it_begins(quotes: str) -> None:
    """Not at the end of the file, where a parser notices it."""
    begins = "the text that begins here is not closed: "
    assert told(f"a = 1\nb = {quotes}\nx\ny\n") == TomlError(2, f"{begins}{quotes} is missing")
    text = f"a = {quotes}\nx\n[t]\nb = {quotes}\ny\n{quotes}\n"
    assert told(text) == TomlError(1, f"{begins}{quotes} is missing above line 4")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a = 1\na = 2\n", 2, "; 'a' stands twice in this table"),
        ("a = x\n", 1, "; a text stands in quotes"),
        ("a = 'x\n", 1, "; a text of one line is not closed there"),
        ("a =\n", 1, ""),
        ("a = '''x'''\n# '''\nb\n", 3, ""),
    ],
)
def test_another_mistake_has_its_line_and_a_hint(text: str, line: int, hint: str) -> None:
    """The rest is tomllib's own message."""
    found = told(text)
    assert found.line == line
    assert found.reason.startswith("it is not TOML: ")
    assert found.reason.endswith(hint or ")")
