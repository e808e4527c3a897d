"""The loop: how often and how long it waits, what it says about that, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

import pytest

from authkit.core.failures import CallFailed, Cancelled, Failure, Refused, Unreachable
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.model import Caller, Values
from authkit.core.rules import RULES, SPREADING, TRIES, Rule, meaning
from authkit.login.recover import Flow, KeysFlow
from tests.authkit.core.refusals import EXAMPLES
from tests.support.people import ID, MFA
from tests.support.saying import said as said_of
from tests.support.stage import Stage

UNREACHABLE = Unreachable("GetSessionToken", "no answer within 10 s", answered=False, sent=True)
BROKEN = Unreachable("GetSessionToken", "the answer is not STS's", answered=True, sent=True)
LASTING = Unreachable(
    "GetSessionToken", "Invalid endpoint: x", answered=False, sent=False, lasting=True
)
THROTTLED = Refused("GetSessionToken", "Throttling", "Rate exceeded")
UNKNOWN_KEY = Refused("GetCallerIdentity", "InvalidClientTokenId", status=403)
DENIED = Refused("GetSessionToken", "AccessDenied", "no", status=403)


CALLER = Caller("123456789012", "arn:aws:iam::123456789012:user/dev")
IDENTITY = Identity("dev-admin", AWS_USER, "eu-west-1", {}, "config.toml")


class Calling(Flow[str]):
    """A flow whose attempts fail in a given order and then succeed; it has no remedies."""

    def __init__(self, stage: Stage, *troubles: CallFailed, new_keys: bool = False) -> None:
        super().__init__(stage, IDENTITY)
        self.stage = stage
        self.troubles = list(troubles)
        self.new_keys = new_keys

    def attempt(self) -> str:
        """Raise the next trouble, or succeed."""
        if self.troubles:
            raise self.troubles.pop(0)
        return "a session"

    def done(self, *, cut_off: bool = False) -> str:  # noqa: ARG002 - the flow's
        """Return what was done."""
        return "What was done."

    def keys_are_spreading(self, _trouble: CallFailed) -> bool:
        """Tell whether the keys are new, and may still be waited for."""
        operations = ("GetCallerIdentity", "GetSessionToken")
        return self.new_keys and any(self.pauses_left(name, SPREADING) for name in operations)

    def waited(self, trouble: CallFailed) -> bool:
        """Tell whether it waits for this trouble."""
        return self.pause(meaning(trouble, self), trouble)

    def waits(self, trouble: CallFailed) -> int:
        """Return how often it waits for this trouble."""
        times = 0
        while self.waited(trouble):
            times += 1
        return times


def seconds(stage: Stage) -> list[float]:
    """Return the pauses, in seconds."""
    return [pause.total_seconds() for pause in stage.clock.slept]


@pytest.mark.parametrize("trouble", [UNREACHABLE, BROKEN, THROTTLED], ids=str)
def test_four_calls_at_most(trouble: Refused | Unreachable) -> None:
    """B-L18: three growing pauses, so four calls in all."""
    stage = Stage()
    assert Calling(stage).waits(trouble) == 3
    assert seconds(stage) == [1, 2, 4]


def test_a_new_key_is_given_ten_seconds() -> None:
    """B-L08: new keys are tried again for about ten seconds, with growing pauses."""
    stage = Stage()
    assert Calling(stage, new_keys=True).waits(UNKNOWN_KEY) == 4
    assert seconds(stage) == sorted(seconds(stage))
    assert sum(seconds(stage)) == 10


@pytest.mark.parametrize(
    ("trouble", "new_keys"),
    [(UNKNOWN_KEY, False), (DENIED, True), (DENIED, False), (LASTING, True), (LASTING, False)],
    ids=["old keys", "denied to new keys", "denied", "lasting for new keys", "lasting"],
)
def test_not_worth_waiting(trouble: Refused | Unreachable, *, new_keys: bool) -> None:
    """B-L04, B-L15, B-L18: trouble that does not pass is not waited for."""
    stage = Stage()
    assert not Calling(stage, new_keys=new_keys).waited(trouble)
    assert stage.clock.slept == []
    assert stage.screen.said == []


def test_pauses_over_a_second_are_said() -> None:
    """B-L18: pauses over a second are announced, with the reason and the length."""
    stage = Stage()
    Calling(stage).waits(UNREACHABLE)
    assert stage.screen.said == [
        f"⚠ STS cannot be reached: no answer within 10 s. Trying again in {pause}."
        for pause in ("2s", "4s")
    ]
    assert stage.screen.close == [False, True]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (THROTTLED, "⚠ AWS is being asked too often (Throttling). Trying again in 2s."),
        (UNKNOWN_KEY, "⚠ AWS does not know this new key yet. Trying again in 2s."),
        (
            Refused("GetSessionToken", "InternalFailure", status=500),
            "⚠ STS itself is in trouble (InternalFailure, HTTP 500). Trying again in 2s.",
        ),
    ],
    ids=str,
)
def test_what_is_said_of_a_pause(trouble: Refused, said: str) -> None:
    """B-L08, B-L18: the reason for a pause is the row's meaning."""
    stage = Stage()
    Calling(stage, new_keys=True).waits(trouble)
    assert stage.screen.said[0] == said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (UNREACHABLE, UNKNOWN_KEY),
        (UNKNOWN_KEY, UNREACHABLE),
        (UNREACHABLE, Unreachable("GetCallerIdentity", "gone", answered=False, sent=False)),
        (THROTTLED, Refused("GetCallerIdentity", "Throttling")),
    ],
    ids=["network, key", "key, network", "two operations", "two throttled operations"],
)
def test_one_budget_does_not_shorten_another(
    one: Refused | Unreachable, other: Refused | Unreachable
) -> None:
    """B-L14: each kind of trouble and each operation has pauses of its own."""
    fresh, spent = Calling(Stage(), new_keys=True), Calling(Stage(), new_keys=True)
    spent.waits(one)
    assert spent.waits(other) == fresh.waits(other)


def test_mixed_trouble_shares_a_budget() -> None:
    """B-L18: throttling, a lost and a broken answer share a budget of four calls."""
    stage = Stage()
    flow = Calling(stage)
    mixed = (THROTTLED, UNREACHABLE, BROKEN, THROTTLED)
    assert [flow.waited(trouble) for trouble in mixed] == [True, True, True, False]


def test_time_passes_on_the_injected_clock() -> None:
    """B-L18: the loop sleeps on the clock of its World."""
    stage = Stage()
    before = stage.clock.now()
    Calling(stage).waits(UNREACHABLE)
    assert stage.clock.now() - before == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("trouble", "what", "tried"),
    [
        (
            UNREACHABLE,
            "✗ STS cannot be reached: no answer within 10 s.",
            ["  Calls made: 4. What was done."],
        ),
        (
            BROKEN,
            "✗ STS cannot be understood: the answer is not STS's.",
            ["  Calls made: 4. What was done."],
        ),
        (
            LASTING,
            "✗ STS cannot be asked: Invalid endpoint: x.",
            ["  That does not pass by itself, and so it was not tried again.", "  What was done."],
        ),
    ],
    ids=["no answer", "a broken answer", "lasting"],
)
def test_exhausted(trouble: Unreachable, what: str, tried: list[str]) -> None:
    """B-L18: the ending tells network trouble from AWS trouble, and how many calls were made."""
    with pytest.raises(Failure) as ended:
        Calling(Stage(), *[trouble] * 4).run()
    failure = ended.value
    said = said_of(failure).split("\n")
    assert failure.status == 1
    assert trouble is not UNREACHABLE or "region eu-west-1" in said[2]
    assert [what, *tried] == said[: 1 + len(tried)]
    assert "authkit login --identity dev-admin" in said[-1]


def test_the_loop_goes_on_until_it_succeeds() -> None:
    """B-L18: the loop waits until the attempt succeeds."""
    assert Calling(Stage(), UNREACHABLE, THROTTLED).run() == "a session"


@pytest.mark.parametrize("code", ["ExpiredToken", "NeverHeardOf"])
def test_a_flow_without_a_remedy_stops(code: str) -> None:
    """An action without a remedy ends with the row's words."""
    with pytest.raises(Failure) as ended:
        Calling(Stage(), Refused("GetSessionToken", code, status=403)).run()
    assert ended.value.name == "refused"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_row_can_end_any_flow(rule: Rule) -> None:
    """B-A04, B-K01: a kind without keys, a device or a role gets each row's words as well."""
    flow, (_, trouble) = Calling(Stage()), EXAMPLES[rule.name]
    flow.refusals[rule.spent, rule.codes] = TRIES - 1
    for ends in (flow.stop, flow.spend) if rule.spent else (flow.stop,):
        with pytest.raises(Failure) as ended:
            ends(rule, trouble)
        assert "What was done." in said_of(ended.value)


def test_what_is_said_of_a_kind_without_keys() -> None:
    """B-K01: the identity's name stands where an IAM user has an access key id."""
    with pytest.raises(Failure) as ended:
        Calling(Stage(), UNKNOWN_KEY).run()
    assert ended.value.values["meaning"] == "Key of dev-admin was rotated or revoked"


@pytest.mark.parametrize("cancel", [Cancelled(), KeyboardInterrupt()], ids=["at a prompt", "^C"])
def test_cancelled(cancel: BaseException) -> None:
    """B-L06: a cancelled run says what was done and which command goes on."""

    class Stopped(Calling):
        def attempt(self) -> str:
            raise cancel

    with pytest.raises(Failure) as ended:
        Stopped(Stage()).run()
    failure = ended.value
    assert (failure.name, failure.status) == ("cancelled", 130)
    assert failure.values["command"] == "{login}"


def test_a_budget_of_refusals() -> None:
    """B-L07, B-L11: the third refusal of a kind ends the run with the row's `spent`."""
    stage = Stage()
    flow = Calling(stage)
    rule = next(rule for rule in RULES if rule.name == "keys-revoked")
    flow.spend(rule, UNKNOWN_KEY)
    flow.spend(rule, UNKNOWN_KEY)
    with pytest.raises(Failure, match="keys-refused-too-often"):
        flow.spend(rule, UNKNOWN_KEY)


def test_new_keys_have_one_budget() -> None:
    """B-L07: three pairs are asked for, whether AWS knew one of them for a moment or not."""
    flow = Calling(Stage())
    rules = {rule.name: rule for rule in RULES}
    for name in ("keys-unknown", "keys-revoked", "secret-mismatch", "secret-mismatch"):
        flow.spend(rules[name], UNKNOWN_KEY)  # a wrong secret is another kind (B-L14)
    with pytest.raises(Failure, match="keys-refused-too-often"):
        flow.spend(rules["keys-unknown"], UNKNOWN_KEY)


class WithKeys(KeysFlow[str]):
    """A flow that calls STS with keys."""

    was_cut_off: bool | None = None

    def fields(self) -> Values:
        """Return the keys and the device."""
        return Values(access_key_id=ID, mfa_arn=MFA)

    def done(self, *, cut_off: bool = False) -> str:
        """Return what was done."""
        self.was_cut_off = cut_off
        return "What was done."


def test_where_keys_are_tried() -> None:
    """B-L19: in a region where every account has STS, until STS has taken the keys."""
    flow = WithKeys(Stage(), IDENTITY.replaced(region="me-south-1"))
    assert flow.region == "us-east-1"
    flow.caller = CALLER
    assert flow.region == "me-south-1"


def test_facts_about_keys() -> None:
    """B-A04: until STS has told the principal, the key id stands for it."""
    flow = WithKeys(Stage(), IDENTITY)
    assert flow.facts(UNKNOWN_KEY)["principal"] == flow.facts(UNKNOWN_KEY)["access_key_id"] == ID
    flow.caller = CALLER
    assert flow.facts(UNKNOWN_KEY)["principal"] == CALLER.arn


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:4566", "https://x.sts.me-south-1.amazonaws.com"])
def test_the_region_under_an_endpoint(name: str, url: str) -> None:
    """B-L19: under an endpoint of one's own, AWS's private ones among them, there is one STS."""
    stage = Stage(environ={name: url})
    assert WithKeys(stage, IDENTITY.replaced(region="me-south-1")).region == "me-south-1"


@pytest.mark.parametrize("trouble", [UNREACHABLE, LASTING], ids=["silent", "cut off"])
def test_the_region_when_no_other_answers(trouble: Unreachable) -> None:
    """B-L19, B-L18: when us-east-1 is silent the own region is next, as one of four calls."""
    stage, asked = Stage(), list[str]()

    class Silent(WithKeys):
        def attempt(self) -> NoReturn:
            asked.append(self.region)
            raise trouble

    with pytest.raises(Failure):
        Silent(stage, IDENTITY.replaced(region="me-south-1")).run()
    own = 1 if trouble is LASTING else 3
    assert asked == ["us-east-1", *["me-south-1"] * own]
    assert stage.clock.slept == [timedelta(seconds=s) for s in (2, 4)][: own - 1]


@pytest.mark.parametrize("trouble", [BROKEN, THROTTLED, UNREACHABLE], ids=lambda t: t.code)
def test_the_region_after_other_trouble(trouble: CallFailed) -> None:
    """B-L19: trouble with an answer, and trouble in a region that is always on, changes none."""
    away, home = (Stage(), "me-south-1"), (Stage(), "eu-west-1")
    for stage, region in (away, home) if trouble is not UNREACHABLE else (home,):
        flow = WithKeys(stage, IDENTITY.replaced(region=region))
        before = flow.region
        flow.recover(trouble)
        assert (flow.region, len(stage.clock.slept)) == (before, 1)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_another_partition(region: str) -> None:
    """B-L19: a device of another partition than the region's ends the run before a call."""
    flow = WithKeys(Stage(), IDENTITY.replaced(region=region))
    with pytest.raises(Failure, match="partition-mismatch") as ended:
        flow.check_partition()
    assert ended.value.values["done"] == "What was done."


def test_the_same_partition() -> None:
    """B-L19: a device of the region's partition is fine, and so is none."""
    WithKeys(Stage(), IDENTITY).check_partition()
    WithKeys(Stage(), IDENTITY.replaced(settings={"mfa_arn": ""})).check_partition()


def test_the_command_that_goes_on() -> None:
    """B-L06: it is a template, which is filled with the line's options."""

    class Asking(WithKeys):
        def attempt(self) -> str:
            raise Cancelled

    with pytest.raises(Failure) as ended:
        Asking(Stage(), IDENTITY).run()
    assert ended.value.values["command"] == "{login}"


@pytest.mark.parametrize(("stopped", "cut_off"), [(Cancelled, False), (KeyboardInterrupt, True)])
def test_what_was_cut_off(stopped: type[BaseException], *, cut_off: bool) -> None:
    """B-L06, B-A04: after Ctrl-C outside a question it is not known whether a write happened."""

    class Stopped(WithKeys):
        def attempt(self) -> str:
            raise stopped

    flow = Stopped(Stage(), IDENTITY)
    with pytest.raises(Failure, match="cancelled") as ended:
        flow.run()
    assert flow.was_cut_off is cut_off
    assert ended.value.status == 130


def test_a_flow_that_asks_nothing() -> None:
    """B-A02: Ctrl-C in a flow without questions ends the command as any other does."""

    class Silent(WithKeys):
        asks = False

        def attempt(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Silent(Stage(), IDENTITY).run()
