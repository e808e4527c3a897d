"""A finding: from a row, and from what other commands end with."""

from __future__ import annotations

import re

import pytest

from authkit.arguments import parse
from authkit.core.failures import USAGE, Failure, KeyringTrouble, StateTrouble
from authkit.core.messages import MESSAGES
from authkit.core.render import Template
from authkit.doctor.checks import CHECKS
from authkit.doctor.findings import Finding, finding, of_trouble
from authkit.doctor.words import MILD, ROWS
from tests.authkit.doctor.looking import an_examination


def of(trouble: Failure | KeyringTrouble | StateTrouble, **environ: str) -> Finding:
    """Return the finding of trouble, with these variables set."""
    look = an_examination(environ=environ)
    return of_trouble(look.world, parse(["doctor"]), trouble)


def test_as_lines_and_as_facts() -> None:
    """For a person the cure is a line below; for a program each is one line, or null."""
    found = finding("clock-off", offset="your clock is 5 m ahead of AWS")
    assert found.shown("clock").startswith("⚠ clock: your clock is 5 m ahead of AWS\n  Set it")
    facts = found.facts("clock")
    assert (facts["name"], facts["finding"]) == ("clock-off", "warning")
    assert "\n" not in str(facts["cure"])
    assert finding("clock").facts("clock")["cure"] is None
    assert finding("clock").facts("clock")["finding"] == "ok"
    assert of(KeyringTrouble("locked", "it is")).facts("keyring")["finding"] == "fault"


def test_what_comes_from_outside_is_made_visible() -> None:
    """B-A01: an escape sequence in a value is shown as one."""
    assert "\\x1b[2J" in finding("ca-bundle", variable="AWS_CA_BUNDLE", path="\x1b[2J").words


@pytest.mark.parametrize("name", [n for n in MESSAGES if n.startswith(("keyring-", "config-"))])
def test_a_failure_is_taken_apart(name: str) -> None:
    """B-A04: words and cure are those of the message, without what was done in between."""
    facts = dict.fromkeys(("path", "reason", "identity", "where", "hint"), "X")
    found = of(Failure(name, USAGE, **facts))
    assert found.mark == ("⚠" if name in MILD else "✗")
    assert found.words
    assert found.cure
    for done in ("Nothing was", "It was left"):
        assert done not in found.words + found.cure


def test_a_value_is_not_taken_for_words() -> None:
    """What was done is left out by its place in the message, whatever the values say."""
    path = "/home/dev\n  Nothing was done.\n  Run 'false'"
    found = of(Failure("config-unreadable", USAGE, path=path, reason="It stopped there"))
    assert "Nothing was done" in found.words
    assert found.words.endswith(":\n  It stopped there")
    assert found.cure.startswith("Check the file")


@pytest.mark.parametrize("name", ROWS)
def test_no_line_is_too_long(name: str) -> None:
    """80 columns, without its values: the names of check and finding stand before a row's words."""
    longest = max(len(check.name) for check in CHECKS)
    row = ROWS[name]
    lines = re.sub(r"\{\w+\}", "", f"✓ {'':{longest}}: {row.words}\n  {row.cure}").split("\n")
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("config-unreadable", "AUTHKIT_CONFIG"),
        ("identity-bad-name", "AUTHKIT_IDENTITY"),
        ("state-dir-relative", "AUTHKIT_STATE_DIR"),
        ("identity-unknown", "AUTHKIT_IDENTITY"),
        ("setting-wrong", "AUTHKIT_KEYRING"),
        ("keyring-backend-named", "PYTHON_KEYRING_BACKEND"),
        ("lock-timeout-wrong", "AUTHKIT_LOCK_TIMEOUT"),
    ],
)
def test_the_variable_that_is_to_blame(name: str, variable: str) -> None:
    """Where it is set, the cure unsets it; else the message's own stands."""
    words = (
        "path",
        "reason",
        "name",
        "identity",
        "value",
        "setting",
        "known",
        "near",
        "names",
        "table",
    )
    values = dict.fromkeys(words, "X")  # of an identity too: then the variable's name is its own
    failure = Failure(name, USAGE, **values)
    cure = of(failure, **{variable: "X"}).cure
    assert cure.startswith(f"Run 'unset {variable}'")
    assert cure.endswith(".")
    assert of(failure).cure != cure


def test_the_line_is_to_blame() -> None:
    """B-A04: a name that the line gives is not mended by unsetting the variable for it."""
    facts = {"table": "T", "path": "P", "names": "audit", "near": ""}
    failure = Failure("identity-unknown", USAGE, identity="X", **facts)
    assert of(failure, AUTHKIT_IDENTITY="audit").cure == "There are: audit. Name one, or add [T]."


@pytest.mark.parametrize(
    ("name", "environ", "cure"),
    [
        (
            *("keyring-file-setting", {"AUTHKIT_KEYRING_PASSPHRASE_COMMAND": "x"}),
            "Set AUTHKIT_KEYRING_PASSPHRASE_COMMAND right.",
        ),
        (
            *("keyring-file-unasked", {}),
            (
                "doctor never asks for it. For a look into that file set\n"
                "  AUTHKIT_KEYRING_PASSPHRASE_COMMAND to a command that prints it."
            ),
        ),
        ("keyring-unasked", {}, "doctor never answers it: other commands do, in a terminal."),
    ],
)
def test_a_keyring_that_asks(name: str, environ: dict[str, str], cure: str) -> None:
    """B-S09: doctor asks for nothing, so that what other commands are told is not of use here."""
    found = of(Failure(name, USAGE, reason="X"), **environ)
    assert (found.cure, found.mark) == (cure, "✗" if environ else "⚠")
    assert found.words.endswith("X")


def test_words_of_a_kind_from_elsewhere() -> None:
    """A distribution's own message is taken apart as authkit's are."""
    words = Template("✗ It fails: {reason}.\n  Nothing was changed.\n  Run 'mend'.")
    found = of(Failure(words, USAGE, reason="why"))
    assert (found.words, found.cure) == ("It fails:\n  why", "Run 'mend'.")


@pytest.mark.parametrize(
    ("reason", "says", "cure"),
    [
        ("it is a FIFO, not a file", "state-not-a-file", "Run 'rm '/a b''."),
        ("it is a folder, not a file", "state-not-a-file", "Run 'rmdir '/a b''."),
        ("group or others may write to it", "state-open", "Run 'chmod go-w '/a b''."),
        ("a folder above it is root's", "state-sudo", "Run it without sudo."),
        (
            *("it is unheard of, not a file", "state-not-a-file"),
            "Remove it, or set AUTHKIT_STATE_DIR to a folder of your own.",
        ),
    ],
)
def test_the_state_folder(reason: str, says: str, cure: str) -> None:
    """B-S06: what stands in a file's place is named with the command that removes it."""
    assert of(StateTrouble("/a b", reason, says=says)).cure == cure


def test_no_identity_is_no_fault() -> None:
    """A machine on which nobody has logged in yet is not broken."""
    assert of(Failure("identity-none", USAGE)).mark == "⚠"
    assert of(KeyringTrouble("locked", "it was not unlocked")).mark == "✗"
