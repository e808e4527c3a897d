"""authkit's own templates as patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authkit.core.messages import MESSAGES
from authkit.recording import templates

if TYPE_CHECKING:
    from collections.abc import Sequence

REST = "  Nothing was done.\n  There are: me. Name one, or add [identities.her]."


def test_every_message_has_a_pattern() -> None:
    """No message is forgotten."""
    assert len(templates.messages()) == len(MESSAGES)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("✓ Credentials saved to keyring: me", {"identity": "me"}),
        (
            "✗ Cancelled.\n  Nothing was changed.\n  Run 'authkit login me' to go on.",
            {"command": "authkit login me"},
        ),
        (
            (
                "✗ AWS denied GetSessionToken to me.\n  AWS says: no.\n"
                "  Nothing was removed from the keyring. No session was made.\n"
                "  Check the user's IAM policies, and any service control policies."
            ),
            {"operation": "GetSessionToken", "principal": "me", "message": "no."},
        ),
        ("⚠ AWS is being asked too often (Busy). Trying again in 2s.", {"code": "Busy"}),
        (
            "Tip If credentials are expired, refresh with:\nauthkit login --identity me --force",
            {"login": "authkit login --identity me --force"},
        ),
        (
            "⚠ me is new on this machine; the nearest is we.",
            {"identity": "me", "near": "; the nearest is we"},
        ),
        (
            (
                "✗ There is no identity me in\n  /home/me/config.toml.\n"
                "  Nothing was done.\n  There are: we. Name one, or add [identities.me]."
            ),
            {"path": "/home/me/config.toml", "near": ""},
        ),
        *(
            (
                f"✗ There is no identity her in\n  /home/my.files/c.toml{near}.\n{REST}",
                {"path": "/home/my.files/c.toml", "near": near},
            )
            for near in ("", "; the nearest is me")
        ),
    ],
)
def test_values_are_found(text: str, values: dict[str, str]) -> None:
    """A text is found by its template, and its values by their names in it."""
    found = value_of(templates.messages(), text)
    assert found.items() >= values.items()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "To be imported:\n\n  me    aws-user\n  role  aws-assume-role",
            {"rows": "  me    aws-user\n  role  aws-assume-role"},
        ),
        (
            'MFA ARN is set in /home/me/c.toml (identities."my (x).y".mfa_arn).',
            {"path": "/home/me/c.toml", "table": 'identities."my (x).y"', "field": "mfa_arn"},
        ),
        ("✗ An MFA code is six digits.", {"unseen": ""}),
        (
            (
                "There are no identities yet. Add [identities.NAME] to\n  /home/me/c.toml,\n"
                "  then run 'authkit login NAME'."
            ),
            {"path": "/home/me/c.toml", "login": "authkit login NAME"},
        ),
    ],
)
def test_values_that_have_a_shape(text: str, values: dict[str, str]) -> None:
    """Rows are lines, a table is that of an identity, and some values may be empty."""
    found = value_of(templates.messages(), text)
    assert found.items() >= values.items()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("/home/me/state: it is gone: for good", {"state_path": "/home/me/state"}),
        ("https://a.example.com/: No route", {"address": "https://a.example.com/"}),
        ("Cannot call AssumeRole with session credentials", {"operation": "AssumeRole"}),
        ("mfa_arn is missing", {"field": "mfa_arn"}),
        (
            "User: arn:aws:iam::1:root is not authorized to perform: sts:Xy with an explicit deny",
            {"policy": "", "action": "sts:Xy"},
        ),
    ],
)
def test_values_of_texts_from_outside(text: str, values: dict[str, str]) -> None:
    """A path, an address, an operation and a field are told apart by what they look like."""
    found = value_of(templates.known(), text)
    assert found.items() >= values.items()


@pytest.mark.parametrize(
    "text",
    [
        "a secret: it is gone",
        "a secret is missing",
        "Cannot call a secret with session credentials",
        (
            "⚠ The MFA ARN is set by a secret.mfa_arn in\n  /c.\n"
            "  What you enter here holds for this run only."
        ),
    ],
)
def test_what_has_another_shape(text: str) -> None:
    """Words that no value of authkit's can be are no value."""
    for known in (templates.messages(), templates.known()):
        assert templates.fitting(known, text) is None


def value_of(known: Sequence[str], text: str) -> dict[str, str]:
    """Return the values of a text by the first template that it can be of."""
    found = templates.fitting(known, text)
    assert found
    match, names = found
    return {n: v for n, v in zip(names, match.groups(), strict=True) if v is not None}


def test_few_become_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is recorded does not wait for the patterns of all messages."""
    made: list[str] = []
    compiled = templates._compiled  # noqa: SLF001 - what takes long

    def counted(template: str) -> object:
        made.append(template)
        return compiled(template)

    monkeypatch.setattr(templates, "_compiled", counted)
    assert value_of(templates.messages(), "✓ Credentials saved to keyring: me") == {
        "identity": "me"
    }
    assert len(made) < 15 < len(MESSAGES)


def test_a_value_is_one_line() -> None:
    """A value does not swallow the lines below it."""
    text = "✗ The MFA device is wrong\n  AWS says: a secret."
    assert templates.fitting(templates.messages(), text) is None


def test_hints_are_told_apart() -> None:
    """Each hint about one keyring backend has the state that it is for."""
    assert {state for state, _ in templates.hints()} == {"locked", "unreadable"}
