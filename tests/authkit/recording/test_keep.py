"""What a recording may keep of a text."""

from __future__ import annotations

import json

import pytest

from authkit.core import keyring_hints, render
from authkit.recording.keep import CODE, PASSPHRASE, Keep


def test_a_message_with_its_values() -> None:
    """Authkit's own words stay, and each value in them is dealt with by its name."""
    keep = Keep()
    anew = "authkit login --identity mine --duration 8h --force"
    expires = "2024-12-24 04:58:00 MST"
    said = render.text("already-logged-in", identity="mine", expires=expires, anew=anew)
    assert keep.screen(said) == said.replace("mine", "dev-admin")
    assert keep.left_out == set()


def test_a_text_of_nobodys() -> None:
    """Of a text that is none of authkit's its length stays, and it is counted once."""
    keep = Keep()
    assert keep.screen("something else") == "<text of 14 characters>"
    assert keep.outside("something else ") == "<text of 14 characters>"
    assert keep.left_out == {"something else"}
    assert keep.outside("<text of 14 characters>") == "<text of 14 characters>"


def test_what_a_rule_looks_for_is_kept() -> None:
    """Of an unknown message that much is kept that decides what authkit does."""
    said = Keep().outside("mine: with an explicit deny in a Service Control Policy of mine")
    assert said == "<text of 63 characters: in a Service Control Policy>"


def test_a_known_text() -> None:
    """AWS's own messages are kept, with the principal replaced; a reason may begin a sentence."""
    keep = Keep()
    denied = "User: arn:aws:iam::999999999999:user/me is not authorized to perform: sts:AssumeRole"
    assert keep.outside(denied).startswith("User: arn:aws:iam::123456789012:user/dev-admin is")
    assert keep.outside("It cannot be blank") == "It cannot be blank"
    assert keep.left_out == set()


def test_texts_with_known_values_replaced() -> None:
    """With `texts` an unknown text is kept; names and keys that are known are replaced in it."""
    keep = Keep(texts=True)
    keep.identity("mine")
    key = keep.key_id("AKIAMINEMINEMINEMINE")
    assert keep.outside("hello mine, AKIAMINEMINEMINEMINE") == f"hello dev-admin, {key}"


def test_nobody_is_asked_for_one_reason() -> None:
    """Where standard input is the null device there is no terminal in a replay."""
    reason = Keep().outside("standard input is the null device")
    assert reason == "there is no terminal"


def test_short_names_are_words() -> None:
    """With `texts` a name of few letters is replaced where it is a word, not inside others."""
    keep = Keep(texts=True)
    keep.identity("s")
    assert keep.outside("this is s, and so is s.") == "this is dev-admin, and so is dev-admin."
    keep.identity("dave")  # which is long enough to be nothing else
    assert keep.outside("the key of xdavex") == "the key of xidentity-2x"


def test_what_was_given_is_never_a_text() -> None:
    """Of what the person gave, the length stays, with `texts` too; it is counted as left out."""
    keep = Keep(texts=True)
    assert keep.given(" mine ") == "<text of 4 characters>"
    assert keep.given("") == ""
    assert keep.left_out == {"mine"}


def test_what_looks_like_a_secret() -> None:
    """With `texts` a long run of letters and digits is masked, a known value stays invented."""
    keep = Keep(texts=True)
    keep.key_id("AKIAMINEMINEMINEMINE")
    said = "AKIAMINEMINEMINEMINE wJalrXUtnFEMI/K7MDENG"
    assert keep.outside(said) == "AKIARECORDED00000001 ********"


def test_a_long_number_is_no_length_of_time() -> None:
    """An account's number is not kept where a length of time is asked for."""
    assert Keep().answer("session_duration", "123456789012d") == "<text of 13 characters>"


def test_a_hint_is_of_the_replaying_worlds_backend() -> None:
    """A keyring's hint becomes the one for the backend of scenarios: there is no other there."""
    hint = keyring_hints.hint("locked", "keyring.backends.SecretService.Keyring", desktop=True)
    facts = {"reason": "it was not unlocked", "done": render.text("nothing-changed"), "hint": hint}
    kept = Keep().screen(render.text("keyring-locked", **facts))
    assert "Unlock fakes.world.keyring.MemoryKeyring" in kept
    assert "Secret Service" not in kept


@pytest.mark.parametrize(
    ("asked", "kept", "field"),
    [
        ("AWS Access Key ID: ", "AWS Access Key ID: ", "access_key_id"),
        ("MFA ARN (optional) [GAHT99999999]: ", "MFA ARN (optional) [GAHT00000001]: ", "mfa_arn"),
        ("Enter MFA Token: ", "Enter MFA Token: ", CODE),
        ("What is it? ", "<text of 11 characters>", ""),
    ],
)
def test_questions(asked: str, kept: str, field: str) -> None:
    """Authkit's questions stay, with an invented default; any other is a text from outside."""
    assert Keep().question(asked, secret=False) == (kept, field)


def test_a_backends_question() -> None:
    """A secret that is no field of authkit's is what a keyring backend asks for."""
    label, field = Keep().question("Password of mine: ", secret=True)
    assert (label, field) == ("Passphrase of the keyring: ", PASSPHRASE)
    assert Keep().answer(field, "mine") == "the-passphrase"


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("access_key_id", "AKIAMINEMINEMINEMINE", "AKIARECORDED00000001"),
        ("access_key_id", "ASIAMINEMINEMINEMINE", "ASIARECORDED00000001"),
        ("access_key_id", "mine", "<text of 4 characters>"),
        ("secret_access_key", "mine", "secret-1"),
        ("secret_access_key", "  ", "  "),
        ("mfa_arn", "-", "-"),
        ("mfa_arn", "mi ne", "<text of 5 characters>"),
        ("session_duration", "10m", "10m"),
        ("session_duration", "mine", "<text of 4 characters>"),
        ("session_duration", "", ""),
        ("session_token", "mine", "<text of 4 characters>"),
        (CODE, "111111", "000001"),
    ],
)
def test_answers(field: str, typed: str, kept: str) -> None:
    """An answer that the field takes is invented; one that it refuses is a text, refused again."""
    assert Keep().answer(field, typed) == kept


def test_a_line() -> None:
    """Commands and options stay; names, paths and what is unknown do not."""
    keep = Keep()
    keep.identity("mine")
    line = ["login", "mine", "--duration", "8h", "--region=eu-west-1", "--config", "/m/c.toml", "x"]
    assert keep.line(line) == [
        *("login", "dev-admin", "--duration", "8h", "--region=eu-west-1"),
        *("--config", "/home/dev/path-1", "<text of 1 characters>"),
    ]
    assert keep.line(["login", "-p", "mine", "-h"]) == ["login", "-p", "dev-admin", "-h"]


def test_data() -> None:
    """A table is laid out anew for the invented names; JSON keeps its keys."""
    keep = Keep()
    table = (
        "IDENTITY          KIND      KEYS    SESSION\nmine-is-very-long  aws/user  stored  35h 0m"
    )
    assert keep.data(table).split("\n")[1].split("  ")[0] == "dev-admin"
    facts = json.loads(keep.data('{"identity": "mine-is-very-long", "valid": true, "reason": "x"}'))
    assert facts == {"identity": "dev-admin", "valid": True, "reason": "<text of 1 characters>"}
