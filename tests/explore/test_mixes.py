"""B-L14: one login handles any mix of refusals, and each kind of refusal has its own budget."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING

import pytest

from authkit.core import rules
from authkit.core.failures import CallFailed, Refused
from authkit.core.messages import BY_SETTING
from authkit.core.model import AccessKeys, MfaCode, Secret
from authkit.core.render import fill
from authkit.core.rules import PAUSES, RULES, SPREADING, Action, Circumstances, Rule
from sts_simulator.account.faults import Fault
from tests.authkit.core.refusals import message_of
from tests.support.people import (
    CODES,
    ENTRY,
    ID,
    MFA,
    NAME,
    OLD_ENTRY,
    SECRET,
    Obliging,
    a_scene,
    entry,
    run,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.world.scene import Scene
    from tests.support.people import Ran

OPT_IN = f"[identities.{NAME}]\nregion = 'me-south-1'\n"
TOKEN, IDENTITY, EVERY = "GetSessionToken", "GetCallerIdentity", "*"
# Rows of a user's login that one refusal leads to; the others need earlier calls, or no answer.
WITH_A_HISTORY = {
    "keys-spreading",
    "keys-unknown",
    "keys-or-region",
    "mfa-code-spent",
    "unreachable",
    "unreadable",
    "cannot-ask",
}
ROWS = [r for r in RULES if r.operation != "AssumeRole" and r.name not in WITH_A_HISTORY]
REPLACING = {Action.REPLACE_KEYS, Action.REPLACE_SECRET}
ENDING = {Action.STOP, Action.SIGN_AGAIN}  # no instants are in the message: it is not signed again
BY_CODE = {Action.ASK_CODE, Action.ASK_DEVICE}  # only a call with a code is refused in this way


class CodeSent(Circumstances):
    """The circumstances of a call with an MFA code."""

    def code_was_sent(self, _trouble: CallFailed) -> bool:
        """Say yes."""
        return True


def of_opt_in(rule: Rule) -> bool:
    """Tell whether the row is about opt-in regions."""
    return "region_may_be_off" in rule.when


def example(rule: Rule, *, times: int = 1, after: int = 0) -> Fault:
    """Return a fault that makes STS refuse in such a way that the row applies."""
    late = rule.action in BY_CODE or of_opt_in(rule)
    return Fault(
        TOKEN if late else EVERY,
        min(rule.codes, default="NeverHeardOf"),
        message=message_of(rule),
        status=503 if rule.server_fault else 403,
        times=times,
        after=after,
    )


def calls_before(first: Fault, then: Fault) -> int:
    """Return how many calls of its operation pass before the second fault begins."""
    if first.on == EVERY:
        return 0 if then.on == TOKEN else 1
    return 1 if then.on == TOKEN else 2


def logged_in(scene: Scene, kept: dict[str, str] | None) -> None:
    """Check that there is a session, and an entry with these fields."""
    assert NAME in scene.sessions.texts
    assert entry(scene) == kept


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_the_examples_are_of_their_rows(rule: Rule) -> None:
    """B-L20: the example of a row leads to this row."""
    fault = example(rule)
    refused = Refused(TOKEN, fault.answer, fault.message or "", status=fault.status or 0)
    seen = CodeSent("me-south-1" if of_opt_in(rule) else "us-east-1")
    assert rules.meaning(refused, seen) is rule


@pytest.mark.parametrize(
    ("first", "then"),
    [pytest.param(*pair, id="-then-".join(r.name for r in pair)) for pair in permutations(ROWS, 2)]
    + [pytest.param(rule, rule, id=f"{rule.name}-twice") for rule in ROWS],
)
def test_each_pair_in_each_order(first: Rule, then: Rule) -> None:
    """B-L14: login handles two refusals in a row, or says which one it cannot handle."""
    scene = a_scene(ENTRY)
    if of_opt_in(first) or of_opt_in(then):
        scene.config = OPT_IN
    spreads = first.action in REPLACING and "InvalidClientTokenId" in then.codes
    twice = 1 + len(SPREADING) if spreads else 1
    late = calls_before(example(first), example(then))
    scene.account.faults.add(example(first), example(then, after=late, times=twice))
    done = run(scene, "login", NAME, person=Obliging())
    stops = [rule for rule in (first, then) if rule.action in ENDING]
    logged_in_or_told(scene, done, stops)
    if stops:
        removed = "Removed the refused keys" if first.action in REPLACING else "Nothing was removed"
        assert removed in done.screen
    assert entry(scene) == ENTRY


def logged_in_or_told(scene: Scene, done: Ran, stops: Sequence[Rule]) -> None:
    """Check that login succeeded, or that it ended with the hint of the first of `stops`."""
    if not stops:
        assert done.status == 0, done.screen
        assert NAME in scene.sessions.texts
        assert not scene.account.faults.pending()
        return
    assert done.status == 1, done.screen
    assert NAME not in scene.sessions.texts
    ending = done.screen[done.screen.rindex("✗") :]
    login = f"authkit login --identity {NAME}"
    named = {what: fill(words, identity=NAME) for what, words in BY_SETTING.items()}
    hint = fill(stops[0].hint, identity=NAME, region="me-south-1", login=login, **named)
    assert hint in ending


# Budgets.  CHANCES has the number of refusals of each kind that a login survives, and words
# of the message after one more.

CHANCES = {
    "keys-revoked": (2, "3 times, AWS refused what was entered with InvalidClientTokenId"),
    "secret-mismatch": (2, "3 times, AWS refused what was entered with SignatureDoesNotMatch"),
    "mfa-code-refused": (2, "refused 3 codes"),
    "mfa-device-refused": (2, "refused 3 MFA devices"),
    "throttled": (len(PAUSES), "being asked too often"),
}


def chance(name: str) -> list[Fault]:
    """Return the faults of GetSessionToken that use up one chance of this kind."""
    rule = next(rule for rule in RULES if rule.name == name)
    fault = example(rule)
    spreading = 1 + len(SPREADING) if rule.action is Action.REPLACE_KEYS else 1
    return [Fault(TOKEN, fault.answer, message=fault.message, status=fault.status)] * spreading


def survivable(*names: str) -> list[str]:
    """Return the kinds in turn, each as often as a login survives it."""
    left = {name: CHANCES[name][0] for name in names}
    turns = []
    while any(left.values()):
        turns += [name for name in names if left[name]]
        left = {name: count and count - 1 for name, count in left.items()}
    return turns


def refused_in_turn(turns: Sequence[str]) -> Scene:
    """Return a scene without keys whose STS refuses with these kinds, in this order."""
    scene = a_scene()
    scene.account.faults.add(*(fault for name in turns for fault in chance(name)))
    return scene


@pytest.mark.parametrize(("one", "other"), [*permutations(CHANCES, 2)])
@pytest.mark.parametrize("mixed", [True, False], ids=["in-turn", "one-after-the-other"])
def test_no_budget_shortens_another(one: str, other: str, *, mixed: bool) -> None:
    """B-L14: login survives as many refusals of two kinds as of each kind alone."""
    apart = survivable(one) + survivable(other)
    scene = refused_in_turn(survivable(one, other) if mixed else apart)
    done = run(scene, "login", NAME, person=Obliging())
    assert done.status == 0, done.screen
    assert not scene.account.faults.pending()
    logged_in(scene, ENTRY)


@pytest.mark.parametrize("order", [*permutations(CHANCES)], ids="-".join)
def test_all_budgets_at_once(order: tuple[str, ...]) -> None:
    """B-L14: login survives all refusals that each kind allows, in every order of kinds."""
    scene = refused_in_turn(survivable(*order))
    done = run(scene, "login", NAME, person=Obliging())
    assert done.status == 0, done.screen
    logged_in(scene, ENTRY)


@pytest.mark.parametrize(("spent", "other"), [*product(CHANCES, CHANCES)])
def test_a_spent_budget_ends_it(spent: str, other: str) -> None:
    """B-L07, B-L11, B-L13, B-L18: one refusal more than a kind allows ends the login."""
    before = [] if spent == other else survivable(other)
    scene = refused_in_turn([*before, *survivable(spent), spent])
    done = run(scene, "login", NAME, person=Obliging())
    assert done.status == 1
    assert CHANCES[spent][1] in done.screen
    assert not scene.account.faults.pending(), "nothing is sent afterwards"
    dead = spent in {"keys-revoked", "secret-mismatch"}
    settings = {"mfa_arn": MFA, "session_duration": "36h"}
    assert entry(scene) == (settings if dead else ENTRY)


def test_four_kinds_of_refusals() -> None:
    """B-L14: one login handles rotated keys, a mistyped secret, a reused code and throttling."""
    scene = a_scene(OLD_ENTRY)
    use_up(scene, CODES[0])
    scene.account.faults.add(Fault(TOKEN, "Throttling", after=1))
    person = Obliging({"AWS Secret Access Key": ("new-secert", SECRET)})
    done = run(scene, "login", NAME, person=person)
    assert done.status == 0, done.screen
    assert person.asked == {
        "AWS Access Key ID": 2,
        "AWS Secret Access Key": 2,
        "MFA ARN": 2,
        "Session Duration": 2,
        "Enter MFA Token": 2,
    }
    codes = [
        (call.operation, call.code) for call in scene.account.calls[1:]
    ]  # without the call of use_up
    assert codes == [
        (IDENTITY, "InvalidClientTokenId"),
        (IDENTITY, "SignatureDoesNotMatch"),
        (IDENTITY, None),
        (TOKEN, "AccessDenied"),
        (TOKEN, "Throttling"),
        (TOKEN, None),
    ]
    logged_in(scene, ENTRY)


def use_up(scene: Scene, code: str) -> None:
    """Use up a code by a call from elsewhere."""
    keys = AccessKeys(ID, Secret(SECRET))
    mfa = MfaCode(MFA, Secret(code))
    scene.sts("us-east-1").get_session_token(keys, duration=3600, mfa=mfa)
