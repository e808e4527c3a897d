"""What the laws about words read out of texts and lines."""

from __future__ import annotations

import pytest

from tests.explore import foreign, shells
from tests.explore.laws_of_naming import names_in
from tests.explore.laws_of_words import child_of, commands_in, times


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("sh", r"export K='a'\''b'", "a'b"),
        ("sh", "export K=$(echo x)", "x"),
        ("fish", r"set -gx K 'a\'b\\'", "a'b\\"),
        ("powershell", "$Env:K = 'a''b'", "a'b"),
        ("dotenv", "K=a'b", "a'b"),
        ("json", '{"K": "a"}', "a"),
    ],
)
def test_a_text_is_evaluated(form: str, text: str, found: str) -> None:
    """Each form is read by the rules of its shell."""
    assert shells.evaluated(form, text)["K"] == found


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("sh", "export K='a'b'"),
        ("fish", "set -gx K 'a'b'"),
        ("powershell", "$Env:K = 'a'b'"),
        ("dotenv", "a b"),
    ],
)
def test_a_text_that_a_shell_does_not_take(form: str, text: str) -> None:
    """A quote that ends a text too early is an error."""
    with pytest.raises(ValueError, match=r"\w"):
        shells.evaluated(form, text)


def test_what_is_unset() -> None:
    """A variable that was set before, and is not any more, is None."""
    assert shells.evaluated("sh", "unset AWS_PROFILE;")["AWS_PROFILE"] is None
    assert shells.evaluated("sh", "unset AWS_PROFILE;")["AWS_ROLE_ARN"] == "before"


@pytest.mark.parametrize(
    ("line", "child"),
    [
        ("exec a -- x -- y", "x -- y"),
        ("exec a x -- y", "x -- y"),
        ("exec -i a x -i b", "x -i b"),
        ("exec -- x", "x"),
        ("exec a --min-ttl 1h --no-probe -- x", "x"),
    ],
)
def test_the_childs_words(line: str, child: str) -> None:
    """They begin behind the first two dashes, or with the first word that is no identity."""
    assert child_of(tuple(line.split())) == tuple(child.split())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a\nb", False),
        (foreign.ODD, True),
        ("\x9b", True),
        (f"a\n  {foreign.FORGED}", True),
        (foreign.LONG, True),
        (foreign.LONG[:500], False),
    ],
)
def test_what_is_foreign(text: str, wrong: bool) -> None:  # noqa: FBT001 - a column of the table
    """Control characters, lines of others and texts without an end are wrong."""
    assert bool(foreign.wrong(text)) == wrong


def test_what_is_said_of_times_and_commands() -> None:
    """Ends, what is left, and commands are found in texts."""
    text = "  Expires   2024-12-24 04:58:00 UTC (35h 59m)\n⚠ It ends in 9m."
    assert times(text) == [
        ("2024-12-24 04:58:00 UTC", ("35", "59", "")),
        ("", ("", "9", "")),
    ]
    assert commands_in("Run 'authkit login \"a b\"'.") == [
        ('authkit login "a b"', ["login", "a b"])
    ]
    assert commands_in("Run 'authkit login \"a'.") == [('authkit login "a', None)]


def test_a_name_in_another_one() -> None:
    """A name that is a part of another name in a text is not in it."""
    names = ("admin", "dev admin", "dev", "ci-bot", "bot")
    assert names_in("the keys of dev admin, and of ci-bot.", names) == {"dev admin", "ci-bot"}
