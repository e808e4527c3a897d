"""presentation.diagram: the sequence diagram, as SVG that is parsed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from scenarios.replay.presentation.diagram import diagram, head
from scenarios.replay.presentation.drawing import WIDTH
from scenarios.replay.presentation.timeline import Happening, Kind

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)
SVG = "{*}"


def happening(kind: Kind, text: str, after: float = 0, asks: str = "") -> Happening:
    """Return what happens so many seconds after noon."""
    return Happening(kind, text, NOON + timedelta(seconds=after), 0, asks)


def effect(text: str, after: float = 0) -> Happening:
    """Return an effect."""
    return happening(Kind.EFFECT, text, after)


def drawn(*happenings: Happening) -> ET.Element:
    """Return the parsed diagram."""
    return ET.fromstring(diagram(happenings, "a title"))  # noqa: S314 - our own


def texts(element: ET.Element) -> list[str]:
    """Return the texts of a drawing, without the titles."""
    return [each.text or "" for each in element.iter() if each.tag.endswith("text")]


@pytest.mark.parametrize(
    ("line", "labels", "whom"),
    [
        ("keyring get dev-admin", ["get dev-admin"], "keyring"),
        ("session read dev-admin -> none", ["session read dev-admin", "none"], "state folder"),
        ("lock acquire dev-admin -> busy", ["lock acquire dev-admin", "busy"], "state folder"),
        ("sts GetCallerIdentity AKIAOLDO1234", ["GetCallerIdentity \u20261234"], "STS"),
        (
            "sts GetSessionToken AKIA5678 129600 arn:aws:iam::1:mfa/user -> AccessDenied",
            ["GetSessionToken \u20265678 36 h mfa/user", "AccessDenied"],
            "STS",
        ),
        ("child aws s3 ls -> 255", ["aws s3 ls", "255"], "child"),
    ],
)
def test_an_effect_is_an_arrow(line: str, labels: list[str], whom: str) -> None:
    """From authkit to whom it concerns, its outcome as an arrow back; the whole is its title."""
    svg = drawn(effect(line))
    assert texts(svg)[2:] == labels
    row = svg.find(f"{SVG}g")
    assert row is not None
    assert row.findtext(f"{SVG}title") == line
    lines = [path.get("d") for path in row.iter() if "line" in path.get("class", "")]
    names = {name: x for x, name in zip(_columns(), _names(), strict=True)}
    there, back = f"H{names[whom]}", f"H{names['authkit']}"
    assert [str(d).partition(" ")[2][-len(there) :] for d in lines] == [there, back][: len(labels)]


def _names() -> list[str]:
    return ["person", "authkit", "keyring", "state folder", "STS", "child"]


def _columns() -> list[str]:
    lives = [p.get("d", "") for p in drawn().iter() if p.get("class") == "life"]
    return [re.findall(r"M(\d+)", d)[0] for d in lives]


def test_the_person_runs_reads_and_answers() -> None:
    """Lines of the screen are one arrow, a question has its answer, a bad status is said."""
    svg = drawn(
        happening(Kind.COMMAND, "authkit login"),
        happening(Kind.LINE, "one"),
        happening(Kind.LINE, ""),
        happening(Kind.LINE, "two"),
        happening(Kind.LINE, "MFA Token: 123456", asks="MFA Token: "),
        happening(Kind.LINE, "MFA ARN: ", asks="MFA ARN: "),
        happening(Kind.LINE, "MFA ARN: ", asks="MFA ARN: ")._replace(keys="^D"),
        happening(Kind.EXIT, "exit status 1"),
    )
    assert texts(svg)[2:] == [
        *("$ authkit login", "one (+1)", "MFA Token:", "123456", "MFA ARN:", "(Enter)"),
        *("MFA ARN:", "^D", "exit status 1"),
    ]
    assert texts(drawn(happening(Kind.EXIT, "exit status 0")))[2:] == []


def test_what_is_no_arrow_is_a_note() -> None:
    """Events, faults, settings, and what authkit does alone."""
    svg = drawn(
        happening(Kind.EVENT, "rotate dev"),
        happening(Kind.FAULT, "every call: Throttling"),
        effect("config read -> none"),
        effect("sleep 2s"),
        happening(Kind.AGAIN, "the last again, 3 times"),
        happening(Kind.ELSEWHERE, "at another terminal"),
    )
    assert texts(svg)[2:] == [
        *("rotate dev", "every call: Throttling", "config read \u2192 none", "sleep 2s"),
        *("the last again, 3 times", "at another terminal"),
    ]
    assert len([each for each in svg.iter() if each.tag.endswith("rect")]) == 6


def heights(*seconds: float) -> list[float]:
    """Return how high the gap of a jump of each length is."""
    found = []
    for span in seconds:
        svg = drawn(effect("mark a"), happening(Kind.JUMP, "later", span), effect("mark b", span))
        edges = [each.get("d", "") for each in svg.iter() if each.get("class") == "edge"]
        top, end = (float(re.findall(r"M72 ([\d.]+)", edge)[0]) for edge in edges)
        lives = [each.get("d", "") for each in svg.iter() if each.get("class") == "life"]
        assert all(f"V{top:g}M" in life and f" {end:g}V" in life for life in lives)
        found.append(end - top)
    return found


def test_a_jump_is_seen_as_one() -> None:
    """The lifelines are cut, and the gap is the higher the longer the jump is."""
    minute, hour, day, long = heights(60, 3600, 86_400, 129_600)
    assert minute < hour < day < long
    assert long > 3 * minute
    svg = drawn(happening(Kind.JUMP, "36 h later", 129_600))
    assert "36 h later" in texts(svg)


def test_seconds_take_room_and_times_stand_where_they_change() -> None:
    """A wait of four seconds is more room than one of none; a time is written once."""

    def distance(after: float) -> float:
        svg = drawn(effect("mark a"), effect("mark b", after))
        rows = [each for each in svg.iter() if (each.text or "").startswith("mark ")]
        first, second = (float(each.get("y", 0)) for each in rows if each.tag.endswith("text"))
        return second - first

    assert distance(4) > distance(1) > distance(0)
    svg = drawn(effect("mark a"), effect("mark b"), effect("mark c", 0.4))
    assert [text for text in texts(svg) if ":" in text] == ["12:00:00", "12:00:00.4"]


def test_nothing_is_outside_of_the_drawing() -> None:
    """Labels of any length begin and end in it; rows follow each other downwards."""
    svg = drawn(
        *(effect(f"{port} {'x' * 200}") for port in ("sts", "child", "keyring", "sleep")),
        happening(Kind.LINE, "y" * 200),
        happening(Kind.EVENT, "z" * 200),
    )
    shown = [each for each in svg.iter() if each.tag.endswith("text")]
    for each in shown:
        left, width = float(each.get("x", 0)), 6.7 * len(each.text or "")
        assert left >= 0
        assert left + width <= WIDTH
    rows = [float(each.get("y", 0)) for each in shown if each.get("class") is None]
    assert all(first < second for first, second in pairwise(rows))


def test_text_from_stories_is_escaped() -> None:
    """What looks like markup is text; the diagram is named for those who do not see it."""
    svg = drawn(effect("child <script>&"))
    assert "<script>&" in texts(svg)
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "a title")
    assert {*texts(ET.fromstring(head()))} >= {"person", "STS", "folder"}  # noqa: S314 - our own
