"""What may take keys or a session away, tried with a person at hand who could be asked.

Issue 14, points 1 and 9: answers that say nothing about keys, clocks that are wrong,
entries that are half a pair, and runs in which nobody can be asked.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from authkit.core.identity import fingerprint
from fakes.world.cached_session import cached_session, session, write_session
from tests.authkit.adapters.sts_server import (
    CREDENTIALS,
    HTML,
    IDENTITY,
    XMLNS,
    Answer,
    error,
    of_others,
)
from tests.support.at_a_terminal import Ended, at_a_terminal
from tests.support.simulator import KEYS, MFA, OLD_KEYS

if TYPE_CHECKING:
    from tests.authkit.adapters.sts_server import Server
    from tests.support.simulator import Home, Simulator

NOW = "2024-12-22T23:58:00+00:00"  # the Date of the server's answers
ENTRY = {"version": 1, **KEYS, "session_duration": "36h"}
SESSION = cached_session(
    session(datetime.fromisoformat(NOW) - timedelta(hours=1), access_key_id="ASIAOLD"),
    keys=fingerprint(*KEYS.values()),
)

# Answers that say nothing about keys or a session, whatever code they bear (B-L18).
OTHERS = of_others(403)
SILENT = {
    "a revoked key, says a 500": error("InvalidClientTokenId", "no", 500),
    "a wrong secret, says a 503": error("SignatureDoesNotMatch", "no", 503),
    "an expired token, says a 502": error("ExpiredToken", "no", 502),
    "a proxy's page": Answer(403, HTML, "text/html"),
    "an error in JSON": OTHERS["an error in JSON with status 403"],
    "S3's error": OTHERS["S3's error with status 403"],
    "nothing at all": Answer(401, ""),
    "an error as a success": error("InvalidClientTokenId", "no", 200),
    "an error as a redirection": error("InvalidClientTokenId", "no", 301),
}


@pytest.mark.parametrize("answer", SILENT.values(), ids=SILENT)
def test_an_answer_that_says_nothing(home: Home, odd_sts: Server, answer: Answer) -> None:
    """B-L18, B-L01: no question, the keys stay; a session stays, and is told not to be verified."""
    odd_sts.answer = answer
    home.put_in_keyring(ENTRY)
    before = kept(home)
    ended = at_a_terminal(home, "login", "dev-admin", at=NOW)
    assert (ended.status, ended.asked, len(odd_sts.asked)) == (1, 0, 4)
    assert "Nothing was removed from the keyring." in ended.screen
    write_session(home.path / "state", SESSION)
    ended = at_a_terminal(home, "login", "dev-admin", at=NOW)
    assert (ended.status, ended.asked, len(odd_sts.asked)) == (0, 0, 5)
    assert "Not verified: " in ended.screen
    assert kept(home) == before
    assert (home.path / "state" / "sessions" / "dev-admin.json").exists()


def test_a_refusal_in_stss_own_form(home: Home, odd_sts: Server) -> None:
    """B-L18: the counterpart: the same code with a 403 ends the session, and then the keys."""
    odd_sts.answer = error("InvalidClientTokenId", "no", 403)
    home.put_in_keyring(ENTRY)
    write_session(home.path / "state", SESSION)
    ended = at_a_terminal(home, "login", "dev-admin", at=NOW)
    assert (ended.status, ended.asked) == (130, 1)
    assert home.keyring() == {"version": 1, "session_duration": "36h"}
    assert "dropped it" in ended.screen


# One answer to both calls, with a session that ends at another instant.
BOTH = (
    f'<Answer xmlns="{XMLNS}"><GetCallerIdentityResult>{IDENTITY}</GetCallerIdentityResult>'
    f"<GetSessionTokenResult>{CREDENTIALS}</GetSessionTokenResult></Answer>"
)
USELESS = {
    "over at arrival": ("2024-12-22T23:58:00Z", "By AWS's own clock the session", 1),
    "over for long": ("2014-12-22T23:58:00Z", "By AWS's own clock the session", 1),
    "of year 1": ("0001-01-01T00:00:00Z", "STS cannot be understood", 4),
    "of year 9999": ("9999-12-31T23:59:59Z", "STS cannot be understood", 4),
    "that ends soon": ("soon", "STS cannot be understood", 4),
}


@pytest.mark.parametrize(("ends", "said", "calls"), USELESS.values(), ids=USELESS)
def test_a_session_of_no_use(home: Home, odd_sts: Server, ends: str, said: str, calls: int) -> None:
    """B-L26, B-L18: it is said so and not kept; exit 1, and the keys are what they were."""
    odd_sts.answer = Answer(body=BOTH.replace("2024-12-24T11:58:00Z", ends))
    home.put_in_keyring(ENTRY)
    ended = at_a_terminal(home, "login", "dev-admin", at=NOW)
    assert (ended.status, ended.asked) == (1, 0)
    assert said in ended.screen
    assert "Nothing was removed from the keyring." in ended.screen
    asked = [request.form["Action"] for request in odd_sts.asked]
    assert asked == ["GetCallerIdentity", *["GetSessionToken"] * calls]
    assert home.keyring() == ENTRY
    assert not (home.path / "state" / "sessions" / "dev-admin.json").exists()


@pytest.mark.parametrize("days", [-10, 10, 300 * 365, -50 * 365], ids=lambda days: f"{days} days")
def test_a_clock_that_is_wrong(online: Home, simulator: Simulator, days: int) -> None:
    """B-L01, B-L10: the offset is told and login goes on: the keys stay, and the session.

    By a clock that is ahead it is over; by AWS's time, which is known by then, it holds.
    """
    online.put_in_keyring(ENTRY | {"mfa_arn": MFA})
    assert at_a_terminal(online, "login", "dev-admin", answers=["123456"]).status == 0
    file = online.path / "state" / "sessions" / "dev-admin.json"
    before = file.read_bytes()
    half_an_hour = timedelta(minutes=30 if days > 0 else -30)  # clear of a full hour
    at = (datetime.now(UTC) + timedelta(days=days) + half_an_hour).isoformat()
    ended = at_a_terminal(online, "login", "dev-admin", answers=["222222"], at=at)
    assert (ended.status, ended.asked) == (0, 0)
    assert f"the time of the request: your clock is {24 * abs(days)} h" in ended.screen
    assert "It was signed again with AWS's time." in ended.screen
    assert online.keyring() == ENTRY | {"mfa_arn": MFA}
    assert file.read_bytes() == before
    assert [name for name, _ in simulator.calls()].count("GetSessionToken") == 1


K, S = KEYS["access_key_id"], KEYS["secret_access_key"]
HALVES: dict[str, dict[str, Any]] = {
    "no secret": {"access_key_id": K},
    "no id": {"secret_access_key": S},
    "an empty secret": {"access_key_id": K, "secret_access_key": ""},
    "a blank secret": {"access_key_id": K, "secret_access_key": "  "},
    "both empty": {"access_key_id": "", "secret_access_key": ""},
    "a number": {"access_key_id": 5, "secret_access_key": S},
    "a list": {"access_key_id": K, "secret_access_key": [S]},
}


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_half_a_pair(online: Home, simulator: Simulator, half: dict[str, Any]) -> None:
    """B-S04: it is corrupt, not missing: no command asks or writes but the one for that."""
    online.put_in_keyring({"version": 1, **half, "session_duration": "36h"})
    before = kept(online)
    for status, command in (
        (1, ("login", "dev-admin")),
        (125, ("exec", "dev-admin", "--", "true")),
    ):
        ended = at_a_terminal(online, *command)
        assert (ended.status, ended.asked) == (status, 0)
        assert "corrupt" in ended.screen
        assert S not in ended.screen
    assert online.authkit("credential-process", "dev-admin").returncode == 1
    assert at_a_terminal(online, "user", "configure", "dev-admin").status == 130  # it asks
    assert (kept(online), simulator.calls()) == (before, [])
    assert online.authkit("logout", "dev-admin", "--keys").returncode == 0
    assert online.keyring() is None


def kept(home: Home) -> bytes:
    """Return the file of the keyring backend: unchanged, so is every entry."""
    return (home.path / "data" / "python_keyring" / "keyring_pass.cfg").read_bytes()


REFUSED = {"revoked": {"version": 1, **OLD_KEYS}, "wrong": {**ENTRY, "secret_access_key": "other"}}
UNATTENDED = [
    (1, "login dev-admin"),
    (1, "--no-input login dev-admin --force"),
    (125, "exec dev-admin -- true"),
    (1, "credential-process dev-admin"),
]


@pytest.mark.parametrize("entry", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("by", ["no terminal", "CI"])
def test_nobody_to_ask(online: Home, by: str, entry: dict[str, str]) -> None:
    """B-L05, B-L27: refused keys stay where nobody can replace them; what to run is told."""
    online.put_in_keyring(entry)
    before = kept(online)
    if by == "CI":
        online.extra["CI"] = "1"
    for status, line in UNATTENDED:
        if by == "no terminal":
            done = online.authkit(*line.split())
            ended = Ended(done.returncode, 0, done.stdout + done.stderr)
        else:
            ended = at_a_terminal(online, *line.split())
        assert (ended.status, ended.asked, kept(online)) == (status, 0, before)
        force = " --force" if "--force" in line else ""
        assert f"'authkit login --identity dev-admin{force}'" in ended.screen
