"""story.toml_places: the line of each key, and the span of its value."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from scenarios.replay.story import reading
from scenarios.replay.story.toml_places import places

if TYPE_CHECKING:
    from pathlib import Path

STORIES = reading.stories()


# TOML with something in every line that a careless scanner misreads.
AWKWARD = '''\
a = "x # no comment \\" ]"   # a comment = "no key"
b.c = [ 1, # [
  "]", { d = "}" }, [ 2024-01-01 00:00:00Z ],
]
"e.f" = """
[[step]]
run = 1 \\""" ""\\"
"""
g = \'\'\'
it's\'\'\'
[[step]]
run = 1.5e3
[step."x y".z]
k = true
[[step.fault]]
on = 1
[[step.fault]]
on = 2
[[step]]
run = -1
[step.fault.deep]
n = 1
'''


def test_places_are_found_through_all_of_toml() -> None:
    """Keys, tables and arrays of tables, with brackets, quotes and hashes inside of values."""
    found = places(AWKWARD)
    lines = {path: place.line for path, place in found.items()}
    assert lines == {
        ("a",): 1,
        ("b",): 2,
        ("b", "c"): 2,
        ("e.f",): 5,
        ("g",): 9,
        ("step", 0): 11,
        ("step", 0, "run"): 12,
        ("step", 0, "x y", "z"): 13,
        ("step", 0, "x y", "z", "k"): 14,
        ("step", 0, "fault", 0): 15,
        ("step", 0, "fault", 0, "on"): 16,
        ("step", 0, "fault", 1): 17,
        ("step", 0, "fault", 1, "on"): 18,
        ("step", 1): 19,
        ("step", 1, "run"): 20,
        ("step", 1, "fault", "deep"): 21,
        ("step", 1, "fault", "deep", "n"): 22,
    }


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_spans_of_a_storys_values_are_its_values(path: Path) -> None:
    """Tomllib reads the same value from each span as from the whole file."""
    text = path.read_text(encoding="utf-8")
    table = tomllib.loads(text)
    for keys, place in places(text).items():
        value: Any = table
        for key in keys:
            value = value[key]
        span = text[place.start : place.end]
        if span and not span.startswith("[[") and not isinstance(value, dict):
            assert tomllib.loads(f"it = {span}")["it"] == value


def test_the_span_of_a_value_is_the_value() -> None:
    """The text between start and end is the value, with its quotes or brackets."""
    found = places(AWKWARD)
    values = {path: AWKWARD[place.start : place.end] for path, place in found.items()}
    assert values["a",] == '"x # no comment \\" ]"'
    assert values["b", "c"].startswith("[ 1, # [")
    assert values["b", "c"].endswith("],\n]")
    assert values["e.f",].endswith('""\\"\n"""')
    assert values["g",] == "'''\nit's'''"
    assert values["step", 0, "run"] == "1.5e3"
