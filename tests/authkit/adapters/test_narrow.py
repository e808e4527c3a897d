"""Messages on narrow terminals: no word is cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.adapters.narrow import narrowed
from authkit.core.messages import MESSAGES

REFUSED = """\
✗ Key AKIAOLDOLDOLDOLDOLDO was rotated or revoked,
  says http://127.0.0.1:43571 (InvalidClientTokenId).
  Nothing was removed from the keyring. No session was made.
  Run 'authkit login --identity dev-admin' in a terminal and enter the new keys."""
DENIED = """\
✗ AWS denied GetCallerIdentity to AKIAOLDOLDOLDOLDOLDO.
  AWS says: User: dev-admin is not authorized to perform: sts:GetCallerIdentity
  Nothing was removed from the keyring. No session was made."""
LOGGED_IN = """\
✓ Authentication successful!

  Provider   aws-user
  Expires    2026-12-01 01:36:05 MST (35h 59m)"""


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        (
            REFUSED,
            60,
            """\
✗ Key AKIAOLDOLDOLDOLDOLDO was rotated or revoked,
  says http://127.0.0.1:43571 (InvalidClientTokenId).
  Nothing was removed from the keyring. No session was made.
  Run 'authkit login --identity dev-admin' in a terminal and
  enter the new keys.""",
        ),
        (
            REFUSED,
            40,
            """\
✗ Key AKIAOLDOLDOLDOLDOLDO was rotated
  or revoked, says
  http://127.0.0.1:43571
  (InvalidClientTokenId).
  Nothing was removed from the keyring.
  No session was made.
  Run
  'authkit login --identity dev-admin'
  in a terminal and enter the new keys.""",
        ),
        (
            DENIED,
            66,
            """\
✗ AWS denied GetCallerIdentity to AKIAOLDOLDOLDOLDOLDO.
  AWS says: User: dev-admin is not authorized to perform:
  sts:GetCallerIdentity
  Nothing was removed from the keyring. No session was made.""",
        ),
        (
            LOGGED_IN,
            25,
            """\
✓ Authentication
  successful!

  Provider   aws-user
  Expires    2026-12-01
             01:36:05 MST
             (35h 59m)""",
        ),
    ],
)
def test_some_screens(text: str, columns: int, shown: str) -> None:
    """Issue 15: a sentence goes on in the next line, a command is in one, a value below itself."""
    assert narrowed(text, columns) == shown


@settings(max_examples=200)
@given(text=st.sampled_from([*MESSAGES.values(), REFUSED, LOGGED_IN]), columns=st.integers(1, 90))
def test_every_message(text: str, columns: int) -> None:
    """No word is lost or cut, no line is longer than it must be, and short ones stay."""
    made = narrowed(text, columns)
    assert made.split() == text.split()
    for line in made.split("\n"):
        assert len(line) <= columns or re.fullmatch(r"(\W|.*   )?\s*(\(?'[^']+'\S*|\S+)", line)
    if all(len(line) <= columns for line in text.split("\n")):
        assert made == text


@pytest.mark.parametrize("end", [".", ":", "!", "?"])
def test_a_sentence_that_ends(end: str) -> None:
    """Issue 15: what is broken off goes on in the next line, unless a sentence ends with it."""
    assert narrowed(f"one two six{end}\nab", 7) == f"one two\nsix{end}\nab"
    assert narrowed("one two\nof", 6) == "one\ntwo of"
