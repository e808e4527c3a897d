"""runner.printing: what is printed on a terminal, in a pipe and under CI."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from scenarios.replay.runner.printing import Printing
from scenarios.replay.runner.replay import play
from tests.support.story_tools import BAD, GOOD, HEAD, SHOWS_THAT, STEP

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.replay.presentation.played import Played

BOTH = ["fakes", "boto3"]


class Stream(io.StringIO):
    """A stream that is a terminal or not, in an encoding."""

    def __init__(self, *, terminal: bool = False, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal = terminal
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding."""
        return self._encoding

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._terminal


def played(folder: Path, text: str, levels: list[str] = BOTH) -> Played:
    """Return the story of a text, replayed."""
    path = folder / "a-story.toml"
    path.write_text(text, "utf-8")
    return play(path, levels)


def printed(what: Played, *, verbose: bool = False) -> str:
    """Return a story as it is printed in full, in a pipe."""
    out = Stream()
    Printing(out, Stream(), {}).told(what, verbose=verbose)
    return out.getvalue()


def summed_up(*stories: Played) -> list[str]:
    """Return the lines of failures and summary, in a pipe."""
    out = Stream()
    Printing(out, Stream(), {}).summary(stories, BOTH)
    return out.getvalue().splitlines()


def test_a_failure_of_two_levels_is_named_once(tmp_path: Path) -> None:
    """Levels that fail alike are folded; a file that is no story is named too."""
    bad = played(tmp_path, BAD)
    unreadable = played(tmp_path, f"{HEAD}{STEP}show = 1\n")
    lines = summed_up(bad, unreadable, played(tmp_path, GOOD))
    named = [line for line in lines if "a-story.toml" in line]
    assert named[0].endswith(":4: at levels fakes, boto3: authkit --version")
    assert named[1].endswith(":6: there is no key 'show' here; did you mean 'shows'?")
    assert len(named) == 2
    assert lines[-1].startswith("3 scenarios at fakes ")
    assert lines[-1].endswith(" s: 2 failed")


def test_one_story_that_holds_is_one_line(tmp_path: Path) -> None:
    """The summary, without an empty line."""
    (line,) = summed_up(played(tmp_path, GOOD))
    assert line.startswith("1 scenario at fakes ")
    assert line.endswith(": all hold")


def test_a_step_is_printed_once(tmp_path: Path) -> None:
    """In full or verbose, unless levels differ in it."""
    good = played(tmp_path, GOOD)
    for verbose in (False, True):
        assert printed(good, verbose=verbose).count("$ authkit --version") == 1


def test_verbose_has_effects_claims_and_time(tmp_path: Path) -> None:
    """In the margin; a level that cannot observe them adds nothing."""
    text = GOOD.replace("authkit --version", "authkit list").partition("shows = '")[0]
    said = printed(played(tmp_path, text, ["fakes", "terminal"]), verbose=True)
    assert f"    {SHOWS_THAT}" in said.splitlines()
    assert "Sunday 2024-12-22 12:00:00 UTC" in said.splitlines()
    assert said.count(" . config read -> none") == 1
    assert said.count("$ authkit list") == 1


def verdict(what: Played, out: Stream) -> str:
    """Return the line of a story."""
    Printing(out, Stream(), {}).verdict(what, 10)
    return out.getvalue()


def test_a_line_says_whether_a_story_holds(tmp_path: Path) -> None:
    """Its first sentence, the levels where it is not replayed, or those where it fails."""
    first = GOOD.replace('"a"', '"The first.  The second."')
    excepted = f"except.boto3 = 'why'\n{first}"
    unreadable = f"{HEAD}{STEP}show = 1\n"
    for text, line in (
        (first, "\u2713 a-story     The first.\n"),
        (excepted, "\u2713 a-story     The first. (not at boto3)\n"),
        (BAD, "\u2717 a-story     does not hold at fakes, boto3\n"),
        (unreadable, "\u2717 a-story     cannot be read\n"),
    ):
        assert verdict(played(tmp_path, text), Stream()) == line


def test_a_stream_that_cannot_show_a_mark_gets_words(tmp_path: Path) -> None:
    """In ASCII ``ok`` and ``no`` stand for the marks."""
    assert verdict(played(tmp_path, GOOD), Stream(encoding="ascii")).startswith("ok a-story")
    assert verdict(played(tmp_path, BAD), Stream(encoding="ascii")).startswith("no a-story")


def test_a_line_fits_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is cut there; in a pipe it is whole."""
    monkeypatch.setenv("COLUMNS", "40")
    long = played(tmp_path, GOOD.replace('"a"', f'"{"word " * 40}"'))
    assert len(verdict(long, Stream(terminal=True)).rstrip()) < 60  # with the colour's codes
    assert "..." in verdict(long, Stream(terminal=True))
    assert len(verdict(long, Stream())) > 200


@pytest.mark.parametrize(
    ("environ", "colour", "bar"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "xterm", "CI": "true"}, True, False),
        ({"TERM": "xterm", "CI": "False"}, True, True),
    ],
)
def test_colour_and_bar_as_the_environment_says(
    tmp_path: Path, environ: dict[str, str], *, colour: bool, bar: bool
) -> None:
    """On a terminal: NO_COLOR, TERM and CI are honoured; without one there is neither."""
    for terminal in (True, False):
        out, err = Stream(terminal=terminal), Stream(terminal=terminal)
        screen = Printing(out, err, environ)
        screen.progress(1, 2, "a-story")
        screen.over()
        screen.verdict(played(tmp_path, BAD), 10)
        assert ("\x1b[31m" in out.getvalue()) == (terminal and colour)
        assert ("[##########..........] 1/2 a-story" in err.getvalue()) == (terminal and bar)
        assert err.getvalue().endswith("\r\x1b[K") == (terminal and bar)
