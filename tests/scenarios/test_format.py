"""What may stand in a scenario file, and how a mistake in one is said."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from fakes.world.prompter import Answer
from scenarios.replay.story import events, reading, schema, transcript
from scenarios.replay.story.model import BadStory
from scenarios.replay.story.toml_places import places
from scenarios.replay.story.transcript import Line

if TYPE_CHECKING:
    from scenarios.replay.story.model import Story

STORIES = reading.stories()
FILE = Path("scenarios/a-story.toml")
HEAD = """\
about = "a"
shows_that = ["B-L01"]

[[step]]
run = "authkit whoami"
"""
HEAD_LINES = HEAD.count("\n")


def read(text: str) -> Story:
    """Return the story in a text."""
    return reading.parse(text, FILE)


def complaint(text: str) -> str:
    """Return what is said about a file with this text."""
    with pytest.raises(BadStory) as raised:
        read(text)
    return str(raised.value)


def test_the_schema_is_current() -> None:
    """`python -m scenarios.replay.story.schema` would change nothing."""
    assert schema.FILE.read_text(encoding="utf-8") == schema.written()


def test_the_schema_is_one() -> None:
    """The checked-in file is itself a valid JSON Schema."""
    Draft202012Validator.check_schema(json.loads(schema.FILE.read_text(encoding="utf-8")))


# What stands at the top, or behind the step: the line it is about, and what is said.
AT_THE_TOP = [
    ("abut = 1", "there is no key 'abut' here; did you mean 'about'?"),
    ("colour = 1", "there is no key 'colour' here; there are: about, shows_that, rule, now"),
    ("zone = 5", "zone must be a text"),
    ("zone = 'Mars'", "No time zone found with key Mars"),
    ("now = 2024-12-22T16:58:00", "an instant is written like 2024-12-22T16:58:00-07:00"),
    ("now = '2024-12-22T16:58:00Z'", "an instant is written like 2024-12-22T16:58:00-07:00"),
    ("rule = 'no-such-rule'", "rule cannot be 'no-such-rule'; it is one of 'clock-skew'"),
    ("keyring_state = 'lost'", "keyring_state cannot be 'lost'; it is one of 'working'"),
    ("except = { boto3 = '' }", "except.boto3: '' should be non-empty"),
    ("except = { boto = 'x' }", "there is no key 'boto' here; did you mean 'boto3'?"),
    ("session.dev-admin = false", "session.dev-admin must be a text"),
    ("keyring.'a b' = 'x'", "keyring: 'a b' does not match"),
    ("account.latency = 'x'", "account.latency: a length of time is written like 400ms"),
    ("account.keys.a = { idd = 'x' }", "there is no key 'idd' here; did you mean 'id'?"),
    ("account.mfa = { codes = ['1'] }", "'arn' is missing"),
    ("now =", "it is not TOML: Invalid value"),
]
IN_THE_STEP = [
    ("show = ''", "there is no key 'show' here; did you mean 'shows'?"),
    ("exit = '1'", "step.exit must be a number"),
    ("exit = 256", "step.exit: 256 is greater than the maximum of 255"),
    ("at = 'tomorrow'", "step.at: a length of time is written like 400ms, 20m, 36h or -1h30m"),
    ("at = 2024-12-22T16:58:00", "an instant is written like 2024-12-22T16:58:00-07:00"),
    ("ctrl_c = 'soon'", "step.ctrl_c: a length of time is written like"),
    ("events = ['explode']", "'explode' is no event; there are: rotate {user}; "),
    ("events = ['advance soon']", "'soon': a length of time is written like"),
    ("interactive = 'no'", "step.interactive must be true or false"),
    ("child = { fails = 'x' }", "step.child.fails cannot be 'x'; it is one of 'not found'"),
    ("keyring.dev-admin = true", "step.keyring.dev-admin: it is a table of fields, a raw text"),
    ("session.x.expirs = 1", "there is no key 'expirs' here; did you mean 'expires'?"),
    ("session.x.expires = 'soon'", "step.session.x.expires: an instant is written like"),
    ("fault = [{ on = 'keyring.gett', answer = 'locked' }]", "step.fault.on cannot be 'keyring."),
    ("fault = [{ on = 'keyring.get', answer = 'x' }]", "step.fault.answer cannot be 'x'; it is"),
    ("fault = [{ on = 'GetSessionToken' }]", "'answer' is missing"),
    ("run = 'authkit list'", "it is not TOML: Cannot overwrite a value"),
]


@pytest.mark.parametrize(("line", "said"), AT_THE_TOP)
def test_a_mistake_at_the_top_is_said_with_its_line(line: str, said: str) -> None:
    """File, line, and what would be right."""
    assert complaint(f"# a comment\n{line}\n{HEAD}").startswith(f"{FILE}:2: {said}")


@pytest.mark.parametrize(("line", "said"), IN_THE_STEP)
def test_a_mistake_in_a_step_is_said_with_its_line(line: str, said: str) -> None:
    """File, line, and what would be right."""
    assert complaint(f"{HEAD}{line}\n").startswith(f"{FILE}:{HEAD_LINES + 1}: {said}")


def test_what_is_missing_is_said_of_the_table_it_is_missing_in() -> None:
    """A step without a command, and a file without a story."""
    assert complaint(f"{HEAD}[[step]]\nexit = 1\n") == f"{FILE}:6: 'run' is missing"
    assert complaint("about = 'a'\nshows_that = []\n") == f"{FILE}:1: 'step' is missing"


def test_a_command_is_authkits() -> None:
    """Nothing else can be run, and a quote that is not closed is found."""
    assert "step.run: it begins with authkit" in complaint(HEAD.replace("authkit", "aws"))
    assert "No closing quotation" in complaint(HEAD.replace("whoami", "'whoami"))


# A line of a transcript that cannot be a script.
BAD_LINES = [
    ("AWS Secret Access Key: ********", "what was typed behind ********? Add '<- what was typed'"),
    ("AWS Secret Access Key: abc  <- abc", "what is typed here shows as ********"),
    ("AWS Seecret Access Key: ********  <- abc", "nothing known asks there; the prompts are: "),
]


@pytest.mark.parametrize(("line", "said"), BAD_LINES)
def test_a_mistake_in_a_transcript_is_said_with_its_line(line: str, said: str) -> None:
    """The line is the transcript's, within the file."""
    text = f"{HEAD}shows = '''\nthe first line\n{line}\n'''\n"
    assert complaint(text).startswith(f"{FILE}:{HEAD_LINES + 3}: {said}")


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
    """What shows, what was typed unseen, and whose answer it is."""
    script = transcript.parse(written)
    assert script.lines == (line,)
    assert script.answers == ((answer,) if answer else ())


def test_blanks_at_the_ends_do_not_count_and_those_at_the_start_do() -> None:
    """Editors strip line ends; a blank first line is something that is seen."""
    script = transcript.parse("\na  \n\nb\n\n\n")
    assert [line.shown for line in script.lines] == ["", "a", "", "b"]
    assert transcript.parse(" \n").lines == ()


def test_a_whole_story_is_read() -> None:
    """Everything that has to be understood before it can be replayed."""
    story = read(
        """
about = " Told. "
shows_that = ["B-L01", "B-W01"]
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
    )
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


@pytest.mark.parametrize("sentence", events.SENTENCES)
def test_every_event_has_its_sentence(sentence: str) -> None:
    """Each template, filled in, is understood as an event of that text."""
    words = {"user": "a", "key": "AKIA", "secret": "s", "span": "2h", "name": "a", "code": "1"}
    text = sentence.format(**words)
    assert events.parse(text).text == text


# TOML with something to trip over in every line.
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
    """Keys, tables and arrays of tables; brackets, quotes and hashes where they mean nothing."""
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
    """What tomllib reads in each span is what it reads there in the whole file."""
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
    """What stands between start and end is what tomllib reads there."""
    found = places(AWKWARD)
    values = {path: AWKWARD[place.start : place.end] for path, place in found.items()}
    assert values["a",] == '"x # no comment \\" ]"'
    assert values["b", "c"].startswith("[ 1, # [")
    assert values["b", "c"].endswith("],\n]")
    assert values["e.f",].endswith('""\\"\n"""')
    assert values["g",] == "'''\nit's'''"
    assert values["step", 0, "run"] == "1.5e3"
