"""The values: immutable, equal by their fields, and secrets masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.core import model
from authkit.core.model import (
    MASK,
    AccessKeys,
    CachedSession,
    MfaCode,
    Question,
    RoleRequest,
    Secret,
    Value,
    Values,
    masked,
)
from tests.authkit.examples import CACHED

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "canary/Secret+Key"
KEYS = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret(CANARY))

WAYS_TO_SHOW: dict[str, Callable[[object], str]] = {
    "repr": repr,
    "str": str,
    "f-string": lambda shown: f"{shown}",
    "f-string with !r": lambda shown: f"{shown!r}",
    "percent": lambda shown: "%s" % shown,  # noqa: UP031 - as a logger does it
    "in a container": lambda shown: str([shown, {"key": shown}]),
}


class Point(Value):
    """A value with a default."""

    x: int
    y: int = 0


class Pixel(Point):
    """A value that adds a field."""

    colour: str = "black"


@pytest.mark.parametrize("show", WAYS_TO_SHOW.values(), ids=WAYS_TO_SHOW.keys())
@pytest.mark.parametrize(
    "holder",
    [
        Secret(CANARY),
        KEYS,
        MfaCode("GAHT12345678", Secret(CANARY)),
        Values(secret_access_key=CANARY),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_nothing_shows_a_secret(show: Callable[[object], str], holder: object) -> None:
    """B-S01: no conversion to text shows a secret."""
    assert CANARY not in show(holder)


@pytest.mark.parametrize("text", ["x", "a-secret-of-some-length", ""])
def test_the_mask_tells_no_length(text: str) -> None:
    """docs/contract.md, Prompts: the mask is the same for any length."""
    assert repr(Secret(text)) == f"{Secret(text):>40}" == MASK


def test_a_secret_is_a_value() -> None:
    """Equal secrets are equal and have one hash; a text is no secret; an empty secret is false."""
    assert Secret("a") == Secret("a")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert Secret("a")
    assert not Secret("")
    assert Secret(CANARY).reveal() == CANARY


def test_masked_hides_every_secret_of_the_process() -> None:
    """B-A02: every secret of the process is masked in a text."""
    secrets = [Secret("first-canary"), Secret("second-canary")]
    assert masked("first-canary, second-canary; plain") == f"{MASK}, {MASK}; plain"
    assert all(secrets)


def test_masked_hides_the_longer_secret_first() -> None:
    """B-A02: a secret that contains another is masked as a whole."""
    short, long = Secret("nested-canary"), Secret("nested-canary-and-more")
    assert masked(f"<{long.reveal()}> <{short.reveal()}>") == f"<{MASK}> <{MASK}>"


def test_a_secret_as_short_as_a_word() -> None:
    """B-A02: six characters are masked; five would be found in unrelated words."""
    Secret("qvzxk"), Secret("qvzxkj")
    assert masked("qvzxk") == "qvzxk"
    assert masked("qvzxkj") == MASK


def test_the_newest_secrets_stay_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-A02: a process keeps so many, and forgets the oldest first."""
    monkeypatch.setattr(model, "_seen", {})
    monkeypatch.setattr(model, "_KEPT", 2)
    for number in range(3):
        model.hide(f"canary-{number}")
    assert masked("canary-0 canary-1 canary-2") == f"canary-0 {MASK} {MASK}"


def test_what_is_left_out() -> None:
    """B-E02, B-S03: no external id, no option and no stamp of a file, unless they are given."""
    assert RoleRequest("arn:aws:iam::1:role/x", "x", 0).external_id == ""
    given = {n: v for n, v in vars(CACHED).items() if n not in {"by_option", "config_stamp"}}
    cached = CachedSession(**given)
    assert cached.by_option == cached.config_stamp == ""


def test_an_empty_secret_masks_nothing() -> None:
    """B-A02: an empty secret masks nothing."""
    assert not Secret("")
    assert masked("plain") == "plain"


def test_fields_are_given_by_place_or_name() -> None:
    """Fields are given by position or by name; one with a default may be left out."""
    assert Point(1) == Point(x=1, y=0) == Point(1, y=0)
    assert Pixel(1, 2, "red") == Pixel(1, colour="red", y=2)


@pytest.mark.parametrize(
    "make",
    [
        Point,
        lambda: Point(1, 2, 3),  # type: ignore[call-arg]
        lambda: Point(1, x=1),  # type: ignore[misc]
        lambda: Point(1, z=1),  # type: ignore[call-arg]
        lambda: Point(1).replaced(z=1),
    ],
    ids=["missing", "too many", "twice", "unknown", "replaced unknown"],
)
def test_wrong_fields_are_refused(make: Callable[[], Point]) -> None:
    """Wrong arguments are a TypeError that names the fields."""
    with pytest.raises(TypeError, match="Point takes x, y"):
        make()


def test_values_do_not_change() -> None:
    """A value can be neither assigned to nor deleted from; `replaced` makes another."""
    point = Point(1)
    with pytest.raises(AttributeError, match="Point does not change: x"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        del point.x
    assert point.replaced(x=2) == Point(2)
    assert point == Point(1)


def test_values_are_equal_by_class_and_fields() -> None:
    """Equal values have one hash; a value of another class is not equal."""
    assert Question("a: ") == Question("a: ", secret=False)
    assert hash(Question("a: ")) == hash(Question("a: ", secret=False))
    assert Question("a: ") != Question("a: ", secret=True)
    assert Point(1, 2) != (1, 2)
    assert len({Point(1), Point(1), Point(2)}) == 2


def test_a_value_shows_its_fields() -> None:
    """B-S01: the repr of a value shows its fields, secrets masked."""
    shown = f"AccessKeys(access_key_id='AKIAXXXXXXXXXXXXXXXX', secret_access_key={MASK})"
    assert repr(KEYS) == shown


def test_values_show_which_fields_there_are() -> None:
    """B-S01: the repr of Values shows names only."""
    values = Values(access_key_id="AKIAXXXXXXXXXXXXXXXX", secret_access_key=CANARY)
    assert repr(values) == "Values(access_key_id, secret_access_key)"


def test_a_class_of_values() -> None:
    """Its fields are those of its base and its own, in their order; some have defaults."""

    class Point(Value):
        x: int
        y: int = 2

    class Named(Point):
        name: str = ""

    assert repr(Named(1, name="a")) == "Named(x=1, y=2, name='a')"
    assert Named(1).replaced(y=3) == Named(1, 3, "")
    assert len({Named(1), Named(1, 2), Named(2)}) == 2
    with pytest.raises(TypeError, match="Named takes x, y, name"):
        Named(y=1)  # type: ignore[call-arg]  # that is what it says


def test_a_secret_that_holds_another() -> None:
    """B-S01: no piece of the longer one is left, whichever begins with the later letter."""
    for long, short in (("abc-zyx-abc-1", "zyx-abc"), ("zyx-abc-zyx-2", "abc-zyx")):
        for text in (short, long):
            Secret(text)
        assert model.masked(f"<{long}>") == "<********>"
