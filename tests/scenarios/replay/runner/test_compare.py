"""runner.compare: a claim that does not hold is a mismatch, one that holds is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.story_tools import KEYS, LOGIN, STEP, ask, nothing, wrong

if TYPE_CHECKING:
    from tests.support.story_tools import Program


# The claims of a step, the program, and the mismatches.
BROKEN = [
    ("", lambda _: 3, ["the exit status is 3, not 0"]),
    ("shows = 'a'\n", nothing, ["the screen is not as told (- told, + seen, . effects)"]),
    ("does = []\n", lambda world: world.config.read() and 0, ["the effects are not as told"]),
    ("keyring.a = false\n", nothing, ["keyring.a is there, and should not be"]),
    ("keyring.b.x = '1'\n", nothing, ["keyring.b is not there"]),
    ("keyring.a.x = '2'\n", nothing, ["keyring.a.x is '1', not '2'"]),
    ("keyring.a.x = false\n", nothing, ["keyring.a.x is '1', and should not be there"]),
    ("keyring.a.y = '1'\n", nothing, ["keyring.a.y is not there"]),
    ("keyring.a = 'raw'\n", nothing, ['keyring.a is \'{"version": 1, "x": "1"}\', not \'raw\'']),
    ("keyring.c.x = '1'\n", nothing, ["keyring.c cannot be read (Expecting value: line 1"]),
    ("session.a = false\n", nothing, ["session.a is there, and should not be"]),
    ("session.a = '['\n", nothing, ["session.a is '{', not '['"]),
    ("session.a.account = '1'\n", nothing, ["session.a cannot be read (it is not JSON): '{'"]),
    ("session.b.account = '1'\n", nothing, ["session.b is not there"]),
    ("shows = 'MFA ARN: x'\n", nothing, ["nobody asks for 'MFA ARN'", "the screen is not"]),
    ("", ask("MFA ARN"), ["nobody answers 'MFA ARN (optional):'", "the screen is not as told"]),
    ("child.env.A = '1'\n", nothing, ["child.env.A is not there"]),
    ("file.'~/a' = 'y'\n", nothing, ["file ~/a is 'x', not 'y'"]),
    ("file.'~/a' = false\n", nothing, ["file ~/a is there, and should not be"]),
    ("file.'~/b' = 'y'\n", nothing, ["file ~/b is not there"]),
]
HOLD = [
    ("", nothing),
    ("exit = 3\n", lambda _: 3),
    ("keyring.a.x = '1'\nkeyring.b = false\nkeyring.c = 'raw'\n", nothing),
    ("keyring.a.y = false\n", nothing),
    ("session.a = '{'\nsession.b = false\n", nothing),
    ("file.'~/a' = 'x'\nfile.'~/b' = false\n", nothing),
    ("does = ['config read -> none']\n", lambda world: world.config.read() and 0),
]
LEFT = "keyring.a.x = '1'\nkeyring.c = 'raw'\nsession.a = '{'\nfile.'~/a' = 'x'\n"


@pytest.mark.parametrize(("claims", "program", "said"), BROKEN)
def test_a_claim_that_does_not_hold_is_a_mismatch(
    claims: str, program: Program, said: list[str]
) -> None:
    """The mismatch has the claim and what was observed."""
    texts = wrong(f"{LEFT}{STEP}{claims}", program)
    assert len(texts) == len(said)
    assert all(text.startswith(start) for text, start in zip(texts, said, strict=True))


@pytest.mark.parametrize(("claims", "program"), HOLD)
def test_a_claim_that_holds_is_no_mismatch(claims: str, program: Program) -> None:
    """The same kinds of claims, true ones."""
    assert wrong(f"{LEFT}{STEP}{claims}", program) == []


def test_what_is_left_of_a_session_is_compared_by_its_facts() -> None:
    """Instants, the duration asked for, the device; a mismatch names the fact."""
    login = f"{LOGIN}shows = '✓'\n"
    facts = "session.dev-admin.expires = 2024-12-23T01:00:00+01:00\n"
    facts += 'session.dev-admin.duration = "12h"\nsession.dev-admin.mfa_arn = ""\n'
    assert len(wrong(KEYS + login + facts)) == 1  # the screen alone
    assert wrong(KEYS + login + facts.replace("+01:00", "+02:00"))[1:] == [
        "session.dev-admin.expires is 2024-12-23T00:00:00+00:00, not 2024-12-23T01:00:00+02:00"
    ]


def test_a_childs_environment_is_compared() -> None:
    """Variables that must be there, and variables that must not."""
    run = STEP.replace("authkit it", "authkit exec dev-admin -- aws")
    text = f"{KEYS}{run}env = {{ AWS_PROFILE = 'x', PATH = '/bin' }}\nchild.exit = 0\n"
    good = "child.env = { AWS_REGION = 'us-east-1', AWS_PROFILE = false, PATH = '/bin' }\n"
    bad = "child.env = { AWS_REGION = 'here', PATH = false }\n"
    assert not any("child.env" in said for said in wrong(text + good))
    assert [said for said in wrong(text + bad) if "child.env" in said] == [
        "child.env.AWS_REGION is 'us-east-1', not 'here'",
        "child.env.PATH is '/bin', and should not be there",
    ]
