"""Rendering: control characters are made visible, and columns are aligned."""

from __future__ import annotations

import json
import time
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.core import render
from authkit.core.render import Visible
from fakes.world.cached_session import cached_session, session

LAW = settings(max_examples=100)
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # bidirectional classes
MARKS = "\u061c\u200e\u200f"  # invisible letters with a direction
ANYTHING = st.text(
    st.characters(codec=None) | st.sampled_from("\x1b\x9b\x7f\n\r\u202e\u2066\u200f")
)
INSTANT = datetime(2024, 12, 24, 11, 58, tzinfo=UTC)
PHOENIX = ZoneInfo("America/Phoenix")
CACHED = cached_session(session(INSTANT - timedelta(hours=36)))


def controls(character: str) -> bool:
    """Tell whether a character is a control character, or changes the direction of the text."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in TURNS
        or character in MARKS
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("one two", "one two"),
        ("one two three", "one two\n  three"),
        ("one: two three four", "one: two\n  three\n  four"),
        ("sixths, two", "sixths,\n  two"),
        ("abc 'd e f g h' i", "abc\n  'd e f g h'\n  i"),
        ("longer-than-a-line", "longer-than-a-line"),
        ("a\n  b c d e f g", "a\n  b c d e\n  f g"),
        ("it's one two", "it's one\n  two"),
    ],
)
def test_a_line_is_folded(text: str, folded: str) -> None:
    """At the last blank that fits, rather behind a mark, and never within a command."""
    assert render.folded(text, width=10) == folded


def test_a_value_that_is_a_template() -> None:
    """A row's hint names values of the message that it is put into; no other value is filled."""
    hint = render.Template("Run '{login}' for {identity}.")
    assert render.fill("{hint} {identity}", hint=hint, login="go", identity="{hint}") == (
        "Run 'go' for {hint}. {hint}"
    )


@LAW
@given(ANYTHING)
def test_nothing_foreign_controls_the_screen(value: str) -> None:
    """B-A01: no control character is left, the rest can be encoded, and twice changes nothing."""
    shown = render.visible(value)
    assert not any(map(controls, shown))
    assert shown.encode().decode() == shown
    assert render.visible(shown) == shown


def test_every_control_character_there_is() -> None:
    """B-A01: every control character of Unicode is replaced."""
    dangerous = filter(controls, map(chr, range(0x110000)))
    assert [hex(ord(c)) for c in dangerous if any(map(controls, render.visible(c)))] == []


@LAW
@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_what_is_harmless_stays(value: str) -> None:
    """B-A01: letters of any script are not changed."""
    assert render.visible(value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x9b31m", "\\x9b31m"),
        ("two\nlines", "two\\x0alines"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800", "\\ud800"),
        (b"bytes", "b'bytes'"),
        (36, "36"),
    ],
)
def test_visible(value: object, shown: str) -> None:
    """B-A01: control characters are escaped."""
    assert render.visible(value) == shown


def test_values_in_a_message_are_made_visible() -> None:
    """B-A01: values are made visible, except those that are `Visible` already."""
    assert render.fill("{a}\n{b}", a="x\ny", b=Visible("x\ny")) == "x\\x0ay\nx\ny"


def test_braces_in_a_value_are_only_braces() -> None:
    """B-A01: braces in a value are not filled."""
    assert render.fill("{a}", a="{a.__class__} {0}") == "{a.__class__} {0}"


def test_text_fills_a_message() -> None:
    """A message is found by its name."""
    assert render.text("saved", identity="d\x07") == "✓ Credentials saved to keyring: d\\x07"


@LAW
@given(st.lists(st.tuples(st.sampled_from(render.WHOAMI_ROWS), ANYTHING)))
def test_rows_fit(facts: list[tuple[str, str]]) -> None:
    """B-W02: one line for each value, and all values begin in one column."""
    lines = render.rows(facts).split("\n") if any(value for _, value in facts) else []
    given_facts = [(title, value) for title, value in facts if value]
    assert len(lines) == len(given_facts)
    width = max((len(title) for title, _ in given_facts), default=0)
    for line, (title, value) in zip(lines, given_facts, strict=True):
        assert line[: 2 + width] == f"  {title:<{width}}"
        assert line[2 + width :] == f"   {render.visible(value)}"


def test_no_rows() -> None:
    """B-W02: without values the text is empty."""
    assert render.rows([("Region", "")]) == render.rows([]) == ""


@LAW
@given(st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING)))
def test_a_table_fits(lines: list[tuple[str, ...]]) -> None:
    """B-I01: one line for each row, columns aligned, no blanks at the end."""
    shown = render.table(lines).split("\n") if lines else []
    assert len(shown) == len(lines)
    starts = [0, 0, 0]
    for column in (1, 2):
        before = (len(render.visible(line[column - 1])) for line in lines)
        starts[column] = starts[column - 1] + max(before, default=0) + 2
    for text, line in zip(shown, lines, strict=True):
        assert text == text.rstrip()
        for start, cell in zip(starts, line, strict=True):
            assert text[start:].startswith(render.visible(cell).rstrip())


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (PHOENIX, "2024-12-24 04:58:00 MST"),
        (UTC, "2024-12-24 11:58:00 UTC"),
        (timezone(timedelta(hours=5, minutes=45), "NPT"), "2024-12-24 17:43:00 NPT"),
    ],
)
def test_an_instant_in_a_zone(zone: timezone, shown: str) -> None:
    """B-L25: local time with the name of the zone."""
    assert render.instant(int(INSTANT.timestamp()), zone) == shown


@pytest.mark.parametrize("zone", ["America/Phoenix", "Asia/Kathmandu", "UTC"])
def test_an_instant_in_the_zone_of_the_machine(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L25: it is shown as an aware datetime shows it there."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", zone)
        time.tzset()
        shown = render.instant(int(INSTANT.timestamp()), None)
        assert shown == f"{INSTANT.astimezone():%Y-%m-%d %H:%M:%S %Z}"
    time.tzset()


TEXTS = st.text() | st.sampled_from(['"', "\\", "\x7f", "\n", "ü", "\ud800", "it's", ""])


@settings(max_examples=200)
@given(st.dictionaries(TEXTS, TEXTS | st.none() | st.booleans() | st.integers(), min_size=1))
def test_facts_as_json(facts: dict[str, object]) -> None:
    """docs/contract.md, whoami --output json: what `json.dumps` writes, whatever is in it."""
    assert render.json_object(facts) == json.dumps(facts, indent=2)


def test_plain_facts_need_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cached path: texts of printable ASCII, numbers and constants are written without it."""
    monkeypatch.setattr(json, "dumps", lambda _: "")
    facts = {"a": "it's ~", "b": None, "c": True, "d": 1}
    assert json.loads(render.json_object(facts)) == facts


def test_rfc3339() -> None:
    """docs/contract.md, whoami --output json: instants are in UTC, with a Z."""
    assert render.rfc3339(int(INSTANT.timestamp())) == "2024-12-24T11:58:00Z"


def test_login_rows() -> None:
    """B-L25: the rows of a successful login."""
    shown = render.session_rows(render.LOGIN_ROWS, "dev-admin", CACHED, PHOENIX, "35h 59m")
    assert shown.split("\n") == [
        "  Provider   aws-user",
        "  Identity   dev-admin",
        "  Account    123456789012",
        "  Region     us-east-1",
        "  Expires    2024-12-24 04:58:00 MST (35h 59m)",
    ]


def test_expired_rows() -> None:
    """B-W04: an expired session has four rows."""
    shown = render.session_rows(render.EXPIRED_ROWS, "dev-admin", CACHED, PHOENIX, "expired")
    assert shown.split("\n") == [
        "  Provider       aws-user",
        "  Identity       dev-admin",
        "  Expires        2024-12-24 04:58:00 MST (expired)",
        "  Last Updated   2024-12-22 16:58:00 MST",
    ]


def test_rows_without_a_value() -> None:
    """B-W02: rows without a value are left out."""
    cached = CACHED.replaced(account="")
    shown = render.session_rows(render.WHOAMI_ROWS, "dev-admin", cached, PHOENIX, "1h 0m")
    titles = [line.split("  ")[1] for line in shown.split("\n")]
    assert titles == ["Provider", "Identity", "Principal", "Region", "Expires", "Last Updated"]


def test_the_region_is_where_sts_is_asked() -> None:
    """B-E02: of an identity without a region that is us-east-1."""
    shown = render.session_rows(
        render.WHOAMI_ROWS, "dev-admin", CACHED.replaced(region=""), PHOENIX, "1h 0m"
    )
    assert "Region         us-east-1" in shown


@pytest.mark.parametrize("titles", [render.LOGIN_ROWS, render.WHOAMI_ROWS, render.EXPIRED_ROWS])
def test_rows_show_no_secret(titles: tuple[str, ...]) -> None:
    """B-S01: no row shows a secret of the session."""
    assert "canary" not in render.session_rows(titles, "dev-admin", CACHED, UTC, "1h 0m")


@pytest.mark.parametrize(
    ("name", "first"), [("dev", "dev"), ("devadmin", "dev-admin"), ("porduction", "production")]
)
def test_the_nearest_name_comes_first(name: str, first: str) -> None:
    """B-K04: the nearest name comes first."""
    names = ["audit", "dev", "dev-admin", "production"]
    assert render.nearest(name, names)[0] == first
    assert sorted(render.nearest(name, names)) == names


# Characters that cannot be seen, in answers

UNSEEN = {
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "byte-order mark": "\ufeff",
    "right-to-left mark": "\u200f",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "soft hyphen": "\u00ad",
    "word joiner": "\u2060",
    "variation selector": "\ufe0f",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "annotation anchor": "\ufff9",
    "annotation end": "\ufffb",
    "start of heading": "\x01",
    "unit separator": "\x1f",
    "first of C1": "\x80",
    "last of C1": "\x9f",
    "tag": "\U000e0041",
    "NUL": "\x00",
    "bell": "\x07",
    "delete": "\x7f",
    "C1": "\x9b",
    "arrow": "\x1b[D",
    "arrow with Ctrl": "\x1b[1;5C",
    "arrow in application mode": "\x1bOA",
    "delete key": "\x1b[3~",
    "escape": "\x1b",
}


@pytest.mark.parametrize("hidden", UNSEEN.values(), ids=UNSEEN)
def test_what_cannot_be_seen(hidden: str) -> None:
    """B-K06: it is stripped at the ends, with the blanks; inside it is shown for what it is."""
    answer = f" {hidden} AKIA IA{hidden}{hidden}\t"
    assert render.typed(answer) == "AKIA IA"
    assert render.typed(hidden * 3) == ""
    shown = ascii(hidden)[1:-1]
    inside = f"AK{hidden}IA{hidden}"
    assert render.unseen(render.typed(inside)) == f"it holds {shown}, which cannot be seen"
    assert shown.isprintable()


def test_every_format_character_that_shows_nothing() -> None:
    """B-K06: of all format characters only those that are drawn, as signs of numbers, stay.

    Control characters and the two separators too.
    """
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    drawn |= {*range(0x13430, 0x13440)}  # of hieroglyphs, which they join
    hidden = {"Cf", "Cc", "Zl", "Zp"}
    characters = map(chr, {*range(0x110000)} - drawn)
    for character in (c for c in characters if unicodedata.category(c) in hidden):
        assert render.typed(character) == ""
        assert render.unseen(character)


def test_each_is_shown_once() -> None:
    """B-K06: what is seen is not shown: it may be a secret."""
    said = render.unseen("se\u200bcr\x00et\u200b", "; ")
    assert said == "; it holds \\u200b, \\x00, which cannot be seen"


@pytest.mark.parametrize("answer", ["", "AKIA", "a b", "pässwörd", "+/=", "日本語", "\U0001f511"])
def test_what_can_be_seen(answer: str) -> None:
    """B-K06: any other text is kept as it is."""
    assert (render.typed(answer), render.unseen(answer)) == (answer, "")


def test_a_long_answer() -> None:
    """B-K06: the longest line of a terminal takes no time, whatever is in it."""
    assert render.typed("a" + "\u200b " * 2000 + "b") == "a" + "\u200b " * 2000 + "b"


@pytest.mark.parametrize(
    ("minutes", "valid", "remark"),
    [
        (90, True, "1h 30m"),
        (14, True, "14m, ends soon"),
        (90, None, "1h 30m, not verified"),
        (14, None, "14m, ends soon, not verified"),
        (90, False, "expired, says AWS"),
    ],
)
def test_remark(minutes: int, valid: bool | None, remark: str) -> None:  # noqa: FBT001 - a case
    """B-W03, B-W04: what is left, marked when it is little; AWS's word comes before it."""
    left = minutes * 60
    assert render.remark(left, valid=valid, said="expired") == remark
