"""revisions.differences: what differs in a story, by aspect."""

from __future__ import annotations

from typing import Any

from scenarios.replay.revisions.differences import ASPECTS, between

STEP: dict[str, Any] = {
    "run": "authkit login",
    "screen": ["first", "second"],
    "effects": ["keyring get a", "keyring set a"],
    "exit": 0,
    "keys": {"a": "AKIA1"},
    "sessions": {"a": "until noon"},
    "asked": ["Code"],
    "beyond": [],
}


def changes(**other: object) -> dict[str, tuple[str, ...]]:
    """Return the changes, by aspect, of a step that is otherwise as `STEP`."""
    before, after = ({"steps": [step], "ended": ""} for step in (STEP, STEP | other))
    return {
        change.aspect: change.lines for step in between(before, after) for change in step.changes
    }


def test_what_is_alike_is_not_told() -> None:
    """The same record has no changes."""
    assert changes() == {}


def test_each_aspect_is_told() -> None:
    """Exit, keys, session, questions, screen: the lines before and after, others around them."""
    assert changes(exit=1) == {"exit": ("- 0", "+ 1")}
    assert changes(keys={}) == {"keys": ("- a: AKIA1",)}
    assert changes(sessions={}) == {"session": ("- a: until noon",)}
    assert changes(screen=["first", ""]) == {"screen": ("  first", "- second", "+")}
    asked = changes(asked=["Code", "Code"], beyond=["Code"])
    assert asked == {"questions": ("  Code", "+ Code (the story has no answer)")}


def test_another_order_is_said_to_be_one() -> None:
    """The same effects in another order: nothing was added or taken away."""
    told = changes(effects=["keyring set a", "keyring get a"])["effects"]
    assert told[0] == "  the same effects in another order:"
    assert "another order" not in str(changes(effects=["keyring set a"]))


def test_effects_that_repeat_are_one_line() -> None:
    """A wait that is made shorter is one line before and one after."""
    told = changes(effects=["sleep 200ms"] * 90)["effects"]
    assert told[-1] == "+ 90 times: sleep 200ms"


def test_a_story_that_ends_early_is_told() -> None:
    """Steps that one of them did not run, and what ended the story there."""
    before = {"steps": [STEP, STEP], "ended": ""}
    after = {"steps": [STEP], "ended": "it cannot happen"}
    last, end = between(before, after)
    assert (last.number, last.run) == (2, "authkit login")
    assert [change.aspect for change in last.changes] == [*ASPECTS]
    assert end.changes[0].lines == ("+ it cannot happen",)
