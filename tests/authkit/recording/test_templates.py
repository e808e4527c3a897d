"""authkit's own templates as patterns."""

from __future__ import annotations

import pytest

from authkit.core.messages import MESSAGES
from authkit.recording import templates

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
    pattern, names = next((p, n) for p, n in templates.messages() if p.fullmatch(text))
    match = pattern.fullmatch(text)
    assert match
    found = {n: v for n, v in zip(names, match.groups(), strict=True) if v is not None}
    assert found.items() >= values.items()


def test_a_value_is_one_line() -> None:
    """A value does not swallow the lines below it."""
    text = "✗ The MFA device is wrong\n  AWS says: a secret."
    assert [p for p, _ in templates.messages() if p.fullmatch(text)] == []


def test_hints_are_told_apart() -> None:
    """Each hint about one keyring backend has the state that it is for."""
    assert {state for state, _ in templates.hints()} == {"locked", "unreadable"}
