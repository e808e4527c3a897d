"""story.reading: from a file to a story, and mistakes that the schema does not find."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scenarios.replay.story import reading
from scenarios.replay.story.model import BadStory
from tests.support.story_tools import FILE, STEP, mistake, mistake_at_the_top, mistake_in_the_step

# A line at the top of a file, and the message.
AT_THE_TOP = [
    ("zone = 'Mars'", "there is no time zone 'Mars'"),
    ("now = 2024-12-22T16:58:00", "an instant is written like 2024-12-22T16:58:00-07:00"),
    ("now =", "it is not TOML: Invalid value"),
]
# A line of a step, and the message.
IN_THE_STEP = [
    ("at = 2024-12-22T16:58:00", "an instant is written like 2024-12-22T16:58:00-07:00"),
    ("events = ['explode']", "'explode' is no event; there are: rotate {user}; "),
    ("events = ['advance soon']", "'soon': a length of time is written like"),
    ("run = 'authkit list'", "it is not TOML: Cannot overwrite a value"),
]


@pytest.mark.parametrize(("line", "said"), AT_THE_TOP)
def test_a_mistake_at_the_top_is_told_with_its_line(line: str, said: str) -> None:
    """The message has the file, the line, and what would be right."""
    assert mistake_at_the_top(line).startswith(said)


@pytest.mark.parametrize(("line", "said"), IN_THE_STEP)
def test_a_mistake_in_a_step_is_told_with_its_line(line: str, said: str) -> None:
    """The message has the file, the line, and what would be right."""
    assert mistake_in_the_step(line).startswith(said)


def test_a_quote_that_is_not_closed_is_found() -> None:
    """A command is split as a shell splits it."""
    assert "No closing quotation" in mistake(STEP.replace(" it", " 'it"))


# A line of a transcript that is no part of a script, and the message.
BAD_LINES = [
    ("AWS Secret Access Key: ********", "what was typed behind ********? Add '<- what was typed'"),
    ("AWS Secret Access Key: abc  <- abc", "what is typed here shows as ********"),
    ("AWS Seecret Access Key: ********  <- abc", "nothing known asks there; the prompts are: "),
]


@pytest.mark.parametrize(("line", "said"), BAD_LINES)
def test_a_mistake_in_a_transcript_is_told_with_its_line(line: str, said: str) -> None:
    """The line is the transcript's, within the file."""
    transcript = f"shows = '''\nthe first line\n{line}\n'''"
    assert mistake_in_the_step(transcript, 3).startswith(said)


# A story with a key of every kind that is parsed further.
WHOLE = """
about = " Told. "
shows_that = []
rule = ["throttled", "unknown"]
now = 2024-12-22T16:58:00-07:00
zone = "America/Phoenix"
except = { terminal = "no telling" }
interactive = false
[keyring.dev-admin]
access_key_id = "AKIA"
[session]
dev-admin = "{"
[[step]]
run = "authkit exec a -- aws 's3 ls'"
at = "+37h"
child = { exit = 1, takes = "2s" }
[[step]]
run = "authkit login"
at = 2024-12-23T00:00:00Z
interactive = true
[[step]]
run = "authkit login"
interactive = true
stdin = "{}"
"""


def test_a_whole_story_is_read() -> None:
    """Everything that is parsed before a story is replayed."""
    story = reading.parse(WHOLE, FILE)
    assert story.about == "Told."
    assert story.rules == ("throttled", "unknown")
    assert story.now.astimezone(UTC) == datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    assert story.keyring == {"dev-admin": '{"version": 1, "access_key_id": "AKIA"}'}
    assert (story.sessions, story.excepted) == ({"dev-admin": "{"}, {"terminal": "no telling"})
    first, second, third = story.steps
    assert first.arguments == ("exec", "a", "--", "aws", "s3 ls")
    assert (first.at, first.line, first.does) == (timedelta(hours=37), 13, None)
    assert first.child is not None
    assert first.child.takes == timedelta(seconds=2)
    assert second.at == datetime(2024, 12, 23, tzinfo=UTC)
    assert [step.interactive for step in story.steps] == [False, True, False]
    assert third.stdin == "{}"


def test_a_story_is_found_by_its_name() -> None:
    """The name is unique, so its folder need not be given."""
    path = reading.story_file("rotation")
    assert path == reading.STORIES / "rotation" / "rotation.toml"
    with pytest.raises(LookupError, match="no scenario no-such-story"):
        reading.story_file("no-such-story")


def test_stories_are_sorted_by_file_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All folders together; other files are no stories."""
    monkeypatch.setattr(reading, "STORIES", tmp_path)
    for name in ("b/a.toml", "a/b.toml", "a/b-c.toml", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.name for path in reading.stories()] == ["a.toml", "b-c.toml", "b.toml"]


def test_a_path_is_relative_where_that_is_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message has the path as a person would type it."""
    monkeypatch.chdir(tmp_path)
    assert reading.nearby(tmp_path / "a" / "b.toml") == Path("a/b.toml")
    assert reading.nearby(tmp_path.parent / "b.toml") == tmp_path.parent / "b.toml"


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    """An editor of another encoding wrote it; the byte is shown."""
    path = tmp_path / "bad.toml"
    path.write_bytes("# one\n# zwölf\n".encode("latin-1"))
    with pytest.raises(BadStory) as caught:
        reading.read(path)
    assert str(caught.value) == f"{path}:2: it is not UTF-8: the byte 0xf6"
