"""The forms and words that may be kept."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from authkit.core.messages import MESSAGES
from authkit.core.rules import RULES
from authkit.recording import keep, known, templates
from sts_simulator.account import errors

# Values that no form may take: a name, a key, a token, an account, a host, a path.
OUTSIDE = ("secret", "My-Name", "AKIAXXXXXXXXXXXXXXXX", "123456789012", "a.example.com", "/home/me")
NUMBERS = {"granted", "asked", "left", "most", "pause", "waited"}  # up to nine digits: seconds


@pytest.mark.parametrize("name", known.FORMS)
@pytest.mark.parametrize("value", OUTSIDE)
def test_no_form_takes_what_tells_about_somebody(name: str, value: str) -> None:
    """The forms of values that are kept as they are take none of these."""
    assert not re.fullmatch(known.FORMS[name], value)


def test_codes_of_aws_are_kept() -> None:
    """Every code of the rules and of the simulator has the form of a code."""
    codes = {code for rule in RULES for code in rule.codes} | {*errors.DEFAULTS}
    assert [code for code in codes if not re.fullmatch(known.FORMS["code"], code)] == []


def test_messages_of_aws_are_known() -> None:
    """Every message that the simulator answers for a code alone is a known text."""
    values = {"arn": "arn:aws:iam::123456789012:user/x", "operation": "GetSessionToken"}
    values["action"] = "sts:GetSessionToken"
    for error in errors.DEFAULTS.values():
        kept = keep.Keep()
        kept.outside(error.fill(**values, account="123456789012").message or "")
        assert kept.left_out == set() or error.code in {
            *("OptInRequired", "MissingAuthenticationToken"),
            # of policies, tags and web identity, none of which authkit sends
            *("MalformedPolicyDocument", "PackedPolicyTooLarge", "InvalidParameterValue"),
            *("IDPCommunicationError", "IDPRejectedClaim", "InvalidIdentityToken"),
            "ValidationError",
        }


def test_every_value_is_dealt_with_on_purpose() -> None:
    """A value that a template names is dealt with by that name, or is listed here as a text.

    Else a name that is changed in a message takes its value out of every recording.
    """
    told = [*MESSAGES.values(), *(text for rule in RULES for text in (rule.meaning, rule.hint))]
    named = {field for text in told for _, field, *_ in Formatter().parse(text) if field}
    tables = {*known.FORMS, *known.WORDS, *keep._VALUES, *templates._nested()}  # noqa: SLF001
    assert named - tables == {
        *("error", "holder", "known", "message", "program", "reason", "value", "what", "where"),
        *("config", "credentials", "differs", "line", "lines"),  # of `import`
        "distribution",  # nothing is recorded where one is named
        "replays",  # whether it does: the same
        "lengths",  # how many texts have theirs alone: said after the recording's end
    }


def test_the_words_are_authkits() -> None:
    """What may be kept by its words is named in some template."""
    named = {
        field
        for told in (*MESSAGES.values(), *known.KNOWN)
        for _, field, *_ in Formatter().parse(told)
    }
    assert {*known.WORDS} - named <= {"Provider", "json", "kind", "kept"}
