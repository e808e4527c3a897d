"""B-K01, B-K03: refusals of the calls of a role and of its source, alone and in pairs.

The expected outcomes come from docs/specification.md, not from authkit's table of rules.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import pytest

from authkit.core import rules
from sts_simulator.account.faults import Fault
from tests.support.people import (
    ACCOUNT,
    ENTRY,
    ID,
    MFA,
    NAME,
    OLD_ENTRY,
    OLD_ID,
    OLD_SECRET,
    SECRET,
    Obliging,
    a_scene,
    entry,
    run,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from fakes.world.scene import Scene
    from tests.support.people import Ran

ROLE = "deploy"
CONFIG = f"""
[identities.{NAME}]
[identities.{ROLE}]
kind = "aws/assume-role"
source = "{NAME}"
role_arn = "arn:aws:iam::123456789012:role/{ROLE}"
"""
OPT_IN = CONFIG + "region = 'me-south-1'\n"
RENEWED, PASSED = "the source logs in again", "it is tried again"  # or else the words of the ending


class Refusal(NamedTuple):
    """A refusal by STS, and its outcome: RENEWED, PASSED, or the words of the ending."""

    answer: str
    outcome: str
    message: str = ""
    status: int = 403
    config: str = CONFIG

    def fault(self, operation: str, after: int = 0) -> Fault:
        """Return the fault that makes STS answer with this refusal."""
        if self.answer in {"timeout", "html"}:
            return Fault(operation, self.answer, after=after)
        return Fault(operation, self.answer, self.message, self.status, after=after)


TRUST = "Check the role's ARN and its trust policy"
UNKNOWN = "Look the code up in the STS documentation"
DENIED = "MultiFactorAuthentication failed"
REFUSALS = {
    "unknown-token": Refusal("InvalidClientTokenId", RENEWED),
    "signature": Refusal("SignatureDoesNotMatch", RENEWED),
    "expired": Refusal("ExpiredToken", RENEWED),
    "expired-exception": Refusal("ExpiredTokenException", RENEWED),
    "throttling": Refusal("Throttling", PASSED, status=400),
    "trouble": Refusal("InternalFailure", PASSED, status=500),
    "unheard-of-trouble": Refusal("NeverHeardOf", PASSED, status=599),
    "silence": Refusal("timeout", PASSED),
    "a-page": Refusal("html", PASSED),
    "denied": Refusal("AccessDenied", TRUST, "not authorized to perform: sts:AssumeRole"),
    "mfa-code": Refusal("AccessDenied", TRUST, f"{DENIED} with invalid MFA one time pass code. "),
    "mfa-device": Refusal("AccessDenied", TRUST, f"{DENIED}, unable to validate MFA code."),
    "too-long": Refusal("ValidationError", "MaxSessionDuration or less", "exceeds the 1 hour"),
    "invalid": Refusal("ValidationError", UNKNOWN, "1 validation error detected"),
    "unheard-of": Refusal("NeverHeardOf", UNKNOWN),
    "request-expired": Refusal("RequestExpired", f"--identity {ROLE}' to log in again"),
    "clock": Refusal("SignatureDoesNotMatch", "Set the clock right", "Signature expired: x"),
    "scope": Refusal("SignatureDoesNotMatch", "one of AWS's regions", "be scoped to a valid"),
    "not-activated": Refusal("RegionDisabledException", "Have it activated"),
    "not-enabled": Refusal("InvalidClientTokenId", "Have it enabled", config=OPT_IN),
}
ROWS = [pytest.param(refusal, id=name) for name, refusal in REFUSALS.items()]
PAIRS = [
    pytest.param(first, then, id=f"{one}-then-{other}")
    for (one, first), (other, then) in product(REFUSALS.items(), REFUSALS.items())
    if {one, other} != {"unknown-token", "not-enabled"}  # the same answer, told apart by the region
]


ROLES: Mapping[str, Any] = {**ACCOUNT, "roles": {ROLE: {}}}


def a_role(
    before: Mapping[str, str],
    *faults: Fault,
    config: str = CONFIG,
    account: Mapping[str, Any] = ROLES,
) -> Scene:
    """Return a scene with a role, this entry for its source, and these faults of STS."""
    scene = a_scene(before, account)
    scene.config = config
    scene.account.faults.add(*faults)
    return scene


def ending_of(*refusals: Refusal) -> str:
    """Return the words that a role's login ends with after these refusals, "" for success."""
    renewed = False
    for refusal in refusals:
        if refusal.outcome == RENEWED and not renewed:
            renewed = True
        elif refusal.outcome == RENEWED:
            return f"Run 'authkit login --identity {NAME} --force', then log in again"
        elif refusal.outcome != PASSED:
            return refusal.outcome
    return ""


def check(scene: Scene, done: Ran, ending: str) -> None:
    """Check the ending, and that the role has a session if the login succeeded."""
    assert done.status == bool(ending), done.screen
    assert (ROLE in scene.sessions.texts) == (not ending)
    assert ending in done.screen.rpartition("✗ ")[2]
    assert "did not expect" not in done.screen
    assert not scene.account.faults.pending() or ending


@pytest.mark.parametrize("action", rules.Action)
def test_a_row_of_any_action(monkeypatch: pytest.MonkeyPatch, action: rules.Action) -> None:
    """B-K01: an action that only a user's login has ends a role's login with the row's words."""
    row = rules.Rule("odd", rules.codes("Odd"), action, meaning="It is odd", hint="Go on.")
    monkeypatch.setattr(rules, "RULES", (row, *rules.RULES))
    scene = a_role(ENTRY, Fault("AssumeRole", "Odd", times=0))
    done = run(scene, "login", ROLE, person=Obliging())
    assert done.status == 1
    assert done.screen.rpartition("✗ ")[2].startswith("It is odd.")
    assert entry(scene) == ENTRY


def writes(effects: Iterable[str]) -> list[str]:
    """Return the effects that write to the keyring."""
    return [e for e in effects if e.startswith(("keyring set", "keyring delete"))]


@pytest.mark.parametrize("refusal", ROWS)
def test_each_refusal_of_a_role(refusal: Refusal) -> None:
    """B-K01, B-K03: login handles or explains each refusal, and only reads the keyring."""
    scene = a_role(ENTRY, refusal.fault("AssumeRole"), config=refusal.config)
    person = Obliging()
    done = run(scene, "login", ROLE, person=person)
    check(scene, done, ending_of(refusal))
    assert person.asked == {"Enter MFA Token": 1 + (refusal.outcome == RENEWED)}
    assert writes(done.journal.effects) == []
    assert entry(scene) == ENTRY
    assert NAME in scene.sessions.texts, "the source stays logged in"


@pytest.mark.parametrize(("first", "then"), PAIRS)
def test_each_pair_in_each_order(first: Refusal, then: Refusal) -> None:
    """B-K01, B-K03: login handles two refusals in a row, or explains the first that it cannot."""
    faults = first.fault("AssumeRole"), then.fault("AssumeRole", after=1)
    scene = a_role(ENTRY, *faults, config=max(first.config, then.config, key=len))
    done = run(scene, "login", ROLE, person=Obliging())
    check(scene, done, ending_of(first, then))
    assert writes(done.journal.effects) == []
    assert entry(scene) == ENTRY
    if not ending_of(first, then):
        assert run(scene, "login", ROLE).status == 0, "a valid session needs no question"


@pytest.mark.parametrize("refusal", ROWS)
def test_a_refusal_is_over_at_the_next_login(refusal: Refusal) -> None:
    """B-K03: after any refusal the next login of the role works, and asks for no code."""
    scene = a_role(ENTRY, refusal.fault("AssumeRole"), config=refusal.config)
    run(scene, "login", ROLE, person=Obliging())
    done = run(scene, "login", ROLE)
    assert done.status == 0, done.screen


# The source's call is refused first.

CODE = Fault("GetSessionToken", "AccessDenied", f"{DENIED} with invalid MFA one time pass code. ")
DEVICE = Fault("GetSessionToken", "AccessDenied", f"{DENIED}, unable to validate MFA code. ")
NOT_ALLOWED = Fault("GetSessionToken", "AccessDenied", "not authorized", 403)
SOURCE = {  # the entry before it, what STS answers, what it ends with
    "rotated": (OLD_ENTRY, [], ""),
    "mistyped": (ENTRY | {"secret_access_key": "new-secert"}, [], ""),
    "settings-alone": ({"mfa_arn": MFA}, [], ""),
    "wrong-code": (ENTRY, [CODE], ""),
    "wrong-device": (ENTRY, [DEVICE], ""),
    "busy": (ENTRY, [Fault("GetSessionToken", "Throttling", times=3)], ""),
    "denied": (ENTRY, [NOT_ALLOWED], "Check the user's IAM policies"),
    "unheard-of": (ENTRY, [Fault("GetCallerIdentity", "NeverHeardOf")], UNKNOWN),
}


@pytest.mark.parametrize(("before", "faults", "ending"), SOURCE.values(), ids=SOURCE)
@pytest.mark.parametrize("refusal", ROWS)
def test_the_source_is_refused_and_then_the_role(
    before: dict[str, str], faults: list[Fault], ending: str, refusal: Refusal
) -> None:
    """B-K01, B-K03: the source's login handles its refusals; the role's writes no keys."""
    scene = a_role(before, *faults, refusal.fault("AssumeRole"), config=refusal.config)
    done = run(scene, "login", ROLE, person=Obliging())
    called = [call.operation for call in scene.account.calls]
    if ending:
        assert "AssumeRole" not in called
        assert (done.status, entry(scene)) == (1, before)
        assert ending in done.screen
        return
    check(scene, done, ending_of(refusal))
    assert entry(scene) == ENTRY
    effects = done.journal.effects
    asked = next(place for place, effect in enumerate(effects) if "AssumeRole" in effect)
    assert not writes(effects[asked:]), "after the source's login nothing writes its keys"


# The role's call is refused first, and then its source's.

KEYS_THAT_GO = {"old": {"id": OLD_ID, "secret": OLD_SECRET}}
RENEWING = [name for name, refusal in REFUSALS.items() if refusal.outcome == RENEWED]


@pytest.mark.parametrize("answer", RENEWING)
def test_the_role_is_refused_and_then_its_source(answer: str) -> None:
    """B-K01, B-K03, B-L04: the role's refusal leads to the source's login, which asks for keys."""
    scene = a_role(OLD_ENTRY, account={**ROLES, "keys": KEYS_THAT_GO})
    assert run(scene, "login", NAME, person=Obliging()).status == 0
    scene.account.administrator.rotate(NAME, ID, SECRET)
    scene.account.faults.add(REFUSALS[answer].fault("AssumeRole"))
    person = Obliging({"Enter MFA Token": ("000050",)})
    done = run(scene, "login", ROLE, person=person)
    check(scene, done, "")
    assert entry(scene) == ENTRY
    assert person.asked["AWS Access Key ID"] == 1
    keys_refused = f"sts GetCallerIdentity {OLD_ID} -> InvalidClientTokenId"
    refused = done.journal.effects.index(keys_refused)
    assert writes(done.journal.effects[:refused]) == [], "the role's refusal removes no keys"
    assert writes(done.journal.effects[refused:]) != []
