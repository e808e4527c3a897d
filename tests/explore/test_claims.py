"""Every claim of every message is known, and is checked by something that can fail."""

from __future__ import annotations

import json
import re

import pytest

from authkit.core.messages import MESSAGES
from fakes.world.config import PATH
from tests.explore import claims_heard
from tests.explore.bounded import walked
from tests.explore.claims_heard import CLAIMS, Kept, Moment
from tests.explore.laws_of_telling import TELLS, TOLD
from tests.explore.machine import KEYS, MFA, NAME, OTHERS_ENTRY, ROLE, SETTINGS, Machine, written
from tests.explore.starts import AWS_CONFIG, AWS_CREDENTIALS, CREDENTIALS, session_of

# What a message says of deeds.
DEED = re.compile(
    r"\b(saved|removed|kept|keeps|dropped|changed|gone|lost|left|made|stored|deleted|cleared|"
    r"drops?|remains?|(?:was|were) (?:run|done|printed))\b",
    re.IGNORECASE,
)
# Messages with such a word that claim no deed of the run, or one that these laws do not see.
NOT_OF_THE_RUN = {
    "saved-in-the-clear": "of the backend",
    "probe-taken-back": "of doctor's probe: tests/authkit/doctor/test_kept.py",
    "probe-perhaps-left": "the same",
    "session-made": "part of a phrase, behind 'no'",
    "session-of-role-kept": "the same",
    "kept-elsewhere": "of another run",
    "code-maybe-used": "of an answer",
    "network-trouble": "of calls",
    "answer-broken": "of calls",
    "keeps": "of the prompt",
    "question-unasked": "of the prompt",
    "nothing-to-configure": "of the kind",
    "file-keeps-changing": "of other programs",
    "keyring-no-backend": "of authkit",
    "keyring-backend-named": "of authkit",
    "keyring-file-typed": "of a passphrase",
    "keyring-file-damaged": "of the file keyring: tests/authkit/adapters/test_encrypted_file.py",
    "keyring-file-later": "of the file keyring: tests/authkit/adapters/test_encrypted_file.py",
    "passphrase-of-new-file": "of the file keyring, to come",
}


@pytest.mark.parametrize("name", MESSAGES)
def test_every_claim_of_a_message_is_known(name: str) -> None:
    """Each phrase that says what was done or not is in the list of claims."""
    template = MESSAGES[name].replace("{session_made}", MESSAGES["session-made"])
    said = re.sub(r"\{\w+\}", "X", template) + "\n"
    for words in CLAIMS:
        said = re.sub(words, "", said)
    assert bool(DEED.search(said)) == (name in NOT_OF_THE_RUN), said


def _kept(entry: str | None, session: str | None, *, marked: bool) -> Kept:
    names = (NAME, ROLE)
    entries = {name: entry for name in names if entry is not None}
    cached = {name: session for name in names if session is not None}
    quoted = {name: f'"{name}"' if " " in name else name for name in names}
    profiles = "".join(f"[profile {quoted[name]}]\n" for name in names if marked)
    tables = profiles.replace("[profile ", "[identities.")
    files = {AWS_CONFIG: profiles.encode()}
    files |= {PATH: tables.encode()} if marked else {AWS_CREDENTIALS: CREDENTIALS.encode()}
    return Kept(entries, cached, frozenset(names if marked else ()), files)


ENTRY, SOME = written(KEYS | SETTINGS), written({"mfa_arn": MFA})
OLD, NEW = (session_of(Machine(), key_id) for key_id in ("ASIAOLD", "ASIANEW"))
EMPTY, FULL = _kept(None, None, marked=False), _kept(ENTRY, OLD, marked=True)
REMOVED, RENEWED = _kept(SOME, OLD, marked=True), _kept(ENTRY, NEW, marked=True)
OTHER = _kept(OTHERS_ENTRY, '{"a": 2}', marked=False)


def _moments() -> list[Moment]:
    """Return moments of every sort: nothing, everything, and changes both ways."""
    states = (EMPTY, FULL, REMOVED, RENEWED, OTHER)
    did = ((frozenset[str](), False, False), (frozenset({NAME, ROLE}), True, True))
    return [Moment(before, now, *deeds) for before in states for now in states for deeds in did]


@pytest.mark.parametrize(
    "claim", [claim for claim, check in CLAIMS.items() if check is not claims_heard.a_hedge]
)
def test_a_claim_may_be_so_or_not(claim: str) -> None:
    """Each claim is checked by something that is sometimes so and sometimes not."""
    about = "MFA ARN" if claim.startswith("Kept in") else NAME
    assert {bool(CLAIMS[claim](moment, about)) for moment in _moments()} == {True, False}


def test_what_is_claimed_is_found() -> None:
    """A phrase on the screen is found, with whom it is about, and is held against what is so."""
    found = claims_heard.claims(f"✓ Session dropped: {NAME}\nNothing was changed.")
    gone = Moment(FULL, EMPTY, frozenset(), others=False, child=False)
    said = {words: (name, bool(check(gone, name))) for _, words, check, name in found}
    assert said == {"Nothing was changed.": ("", False), f"Session dropped: {NAME}": (NAME, True)}


def test_an_entry_that_was_left() -> None:
    """What is left as it is, is as it was when it was not understood."""
    (_, _, check, _), *_ = claims_heard.claims("It was left as it is.")
    found = json.loads(json.dumps(dict(FULL.entries)))
    moment = Moment(EMPTY, FULL, frozenset(), others=False, child=False)
    assert not check(moment, "")
    assert check(moment._replace(found=found), "")


def test_every_fact_of_a_call_is_met() -> None:
    """The bounded walk comes to each row of facts that are told of calls."""
    names = ("once-login-plain", "once-login-opt-in", "once-login-role")
    counts = [walked(name).explorer.counts for name in names]
    met = {row.removeprefix(TELLS) for one in counts for row in one if row.startswith(TELLS)}
    assert met == {*TOLD}
