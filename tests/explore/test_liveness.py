"""Which variables of a frame count: all that may still be read, and no others."""

from __future__ import annotations

import sys
from textwrap import indent

import pytest

from tests.explore.liveness import live

seen: set[str] = set()
# What a function of `first` and `second` does; what counts at the call of port(); what does not.
CASES = {
    "read before": ("made = first + 1\nport()\nreturn second", {"second"}, {"first", "made"}),
    "waits on the stack": ("return first + 1, port()", {"first"}, {"second"}),
    "handed over": ("port(first)\nreturn second", {"first", "second"}, set()),
    "in a loop": (
        "for each in range(2):\n  second = second + first\n  port()",
        {"first", "second", "each"},
        set(),
    ),
    "a loop's place": ("for each in (first, second):\n  port()", {"each"}, set()),
    "a loop's places": (
        "for one, other in [(first, second)]:\n  port()",
        {"one", "other"},
        set(),
    ),
    "while": ("while first:\n  first = port() - second", {"second"}, set()),
    "earlier in a loop": (
        "while second < 2:\n  second += first\n  port()",
        {"first", "second"},
        set(),
    ),
    "in a handler": (
        "try:\n  {}[first]\nexcept KeyError as error:\n  port()\n  print(error)",
        {"error"},
        set(),
    ),
    "in a generator": ("yield from [first + port(), second]", {"first", "second"}, set()),
    "within": ("with open(first) as file:\n  port()\n  file.read()", {"file"}, {"second"}),
    "captured": (
        "made = first\nreads = lambda: second\nport()\nreturn reads",
        {"second", "reads"},
        {"first", "made"},
    ),
}


def port(*_: object) -> int:
    """Note which variables of the caller count."""
    frame = sys._getframe(1)  # noqa: SLF001 - there is no other way to a frame
    seen.clear()
    seen.update(live(frame.f_code, frame.f_lasti))
    return 1


@pytest.mark.parametrize("name", CASES)
def test_what_may_still_be_read_counts(name: str) -> None:
    """A variable counts if it is read later, in a loop around, or waits on the stack."""
    body, counts, not_any_more = CASES[name]
    space: dict[str, object] = {"port": port}
    exec(f"def run(first, second):\n{indent(body, '  ')}", space)  # noqa: S102 - of this file
    first = __file__ if name == "within" else 1
    made = space["run"](first, 1)  # type: ignore[operator]
    if name == "in a generator":
        assert [*made] == [2, 1]
    assert counts <= seen
    assert not not_any_more & seen
