"""story.transcript: the lines and answers of a transcript, and a transcript from a journal."""

from __future__ import annotations

import pytest

from fakes.world.journal import Journal
from fakes.world.prompter import Answer
from scenarios.replay.story import transcript
from scenarios.replay.story.transcript import Line, Moment


@pytest.mark.parametrize(
    ("written", "line", "answer"),
    [
        (
            "AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX",
            Line("AWS Access Key ID: AKIAXXXXXXXXXXXXXXXX"),
            Answer("AWS Access Key ID", "AKIAXXXXXXXXXXXXXXXX"),
        ),
        (
            "AWS Secret Access Key: ********       <- a secret ",
            Line("AWS Secret Access Key: ********", "a secret"),
            Answer("AWS Secret Access Key", "a secret"),
        ),
        (
            "AWS Secret Access Key [********]:",
            Line("AWS Secret Access Key [********]:"),
            Answer("AWS Secret Access Key", ""),
        ),
        (
            "AWS Secret Access Key [********]: ******** <- x",
            Line("AWS Secret Access Key [********]: ********", "x"),
            Answer("AWS Secret Access Key", "x"),
        ),
        (
            "MFA ARN (optional) [arn:aws:iam::1:mfa/a]: arn:b",
            Line("MFA ARN (optional) [arn:aws:iam::1:mfa/a]: arn:b"),
            Answer("MFA ARN", "arn:b"),
        ),
        (
            "Session Duration (optional, default: 12h) [36h]: -",
            Line("Session Duration (optional, default: 12h) [36h]: -"),
            Answer("Session Duration", "-"),
        ),
        (
            "Enter MFA Token: ^C",
            Line("Enter MFA Token: ^C"),
            Answer("Enter MFA Token", "^C"),
        ),
        (
            "Enter MFA Token:              <- ^D",
            Line("Enter MFA Token:", "^D"),
            Answer("Enter MFA Token", "^D"),
        ),
        ("MFA ARN is set in config.toml.", Line("MFA ARN is set in config.toml."), None),
        ("  Identity   dev-admin", Line("  Identity   dev-admin"), None),
        ("Enter MFA Token", Line("Enter MFA Token"), None),
    ],
)
def test_a_line_is_text_or_question_and_answer(
    written: str, line: Line, answer: Answer | None
) -> None:
    """A line has a text, perhaps a hidden text, and perhaps an answer to a question."""
    script = transcript.parse(written)
    assert script.lines == (line,)
    assert script.answers == ((answer,) if answer else ())


@pytest.mark.parametrize("written", ["Enter MFA Tokn: 123456", "MFA ARNs (optional) [x]: y"])
def test_a_misspelt_question(written: str) -> None:
    """A line that is nearly a question is refused: the answer in it would not be given."""
    with pytest.raises(ValueError, match=r"nothing asks '.*'; did you mean '"):
        transcript.parse(f"a\n{written}\n")
    assert transcript.parse("AWS says: no.\nRun: it\n").answers == ()


def test_blanks_at_the_ends_do_not_count_and_those_at_the_start_do() -> None:
    """Editors remove blanks at line ends; a blank first line is part of the screen."""
    script = transcript.parse("\na  \n\nb\n\n\n")
    assert [line.shown for line in script.lines] == ["", "a", "", "b"]
    assert transcript.parse(" \n").lines == ()


def asked() -> Journal:
    """Return the journal of a run that asks for a secret, with an effect before and after."""
    journal = Journal()
    journal.wrote("first\n")
    journal.did("before")
    journal.wrote("AWS Secret Access Key: ")
    journal.wrote("********")
    journal.typed("abc")
    journal.wrote("\n")
    journal.did("after")
    return journal


def test_a_journal_is_told_line_by_line() -> None:
    """An effect belongs to the line that is complete next; the last effects have no line."""
    assert transcript.moments(asked().entries) == [
        Moment(Line("first"), ()),
        Moment(Line("AWS Secret Access Key: ********", "abc"), ("before",)),
        Moment(Line(""), ("after",)),
    ]


def test_a_written_transcript_is_read_back() -> None:
    """The hidden text is behind an arrow, in the column of all arrows."""
    written = transcript.spell(asked().entries)
    _, line = written.splitlines()
    assert line.index("<-") == transcript.ARROW_COLUMN
    assert transcript.parse(written).answers == (Answer("AWS Secret Access Key", "abc"),)


def test_a_line_that_stays_keeps_its_arrow() -> None:
    """What was written before decides on blanks, where only blanks differ."""
    before = "first\nAWS Secret Access Key: ********  <- abc\n"
    assert transcript.spell(asked().entries, before) == before


def test_effects_that_repeat_are_told_once() -> None:
    """Between two lines of the screen, as everywhere in a report."""
    journal = Journal()
    for _ in range(4):
        journal.did("sleep 1s")
    journal.wrote("a line\n")
    (moment,) = transcript.moments(journal.entries)
    assert moment.effects == ("4 times: sleep 1s",)
