"""Whether a cached session is good: by the clock, and by STS."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.core import check, endings, rules, sessions
from authkit.core.check import Verdict
from authkit.core.failures import Refused
from authkit.core.model import Values
from authkit.core.rules import RULES, Circumstances
from tests.authkit.core.refusals import EXAMPLES
from tests.authkit.examples import CACHED, FailingSts
from tests.support.people import KEYS, NAME, a_scene, run
from tests.support.stage import Stage

if TYPE_CHECKING:
    from authkit.core.ports import Sts
    from authkit.core.rules import Rule

# Rows that only the flow of a login can lead to: the keys are new, or a code was sent.
OF_A_LOGIN = {"keys-spreading", "keys-unknown", "keys-or-region"}
OF_A_LOGIN |= {"mfa-code-spent", "mfa-code-refused", "mfa-device-refused"}


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r.operation != "AssumeRole"], ids=lambda rule: rule.name
)
def test_what_each_row_says_about_a_session(rule: Rule) -> None:
    """B-L01, B-W05: only the rows of the table with `of_session` say something about it."""
    seen, trouble = EXAMPLES[rule.name]
    found = check.by_sts(Stage(sts=FailingSts(trouble)), CACHED, seen.region)
    if rule.name in OF_A_LOGIN:
        assert rules.meaning(trouble, Circumstances(seen.region)) is not rule
    else:
        valid = False if rule.of_session else None
        name = rule.name if isinstance(trouble, Refused) else "unreachable"
        whose = {"principal": CACHED.principal, "access_key_id": CACHED.session.access_key_id}
        why = endings.meaning(rule, endings.facts(trouble, region=seen.region, **whose))
        assert found == Verdict(valid=valid, reason=name, code=trouble.code, detail=why)
        assert found.detail


def test_a_session_that_sts_accepts() -> None:
    """B-L01: an answer of GetCallerIdentity is enough; the region asked is the caller's."""
    scene, asked = a_scene(KEYS), list[str]()
    assert run(scene, "login", NAME).status == 0

    def sts(region: str) -> Sts:
        asked.append(region)
        return scene.sts(region)

    cached = sessions.decode(scene.sessions.texts[NAME])
    assert check.by_sts(Stage(sts=sts), cached, "eu-west-1") == Verdict(valid=True)
    assert asked == ["eu-west-1"]
    assert check.verdict(Stage(sts=sts), cached, offline=False) == Verdict(valid=True)


@pytest.mark.parametrize("offline", [False, True])
def test_no_session(*, offline: bool) -> None:
    """B-W06: without a session nobody is asked."""
    assert check.verdict(Stage(), None, offline=offline) == Verdict(valid=False, reason="absent")


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1)])
def test_expired_by_the_clock(late: timedelta) -> None:
    """B-W03: a session that is over by the clock needs no call: `Stage` has no STS."""
    stage = Stage()
    stage.clock.sleep(timedelta(hours=36) + late)
    assert check.verdict(stage, CACHED, offline=False) == Verdict(valid=False, reason="expired")


def test_offline() -> None:
    """B-W03: with --offline the clock alone decides: `Stage` has no STS."""
    stage = Stage()
    stage.clock.sleep(timedelta(hours=35, minutes=59))
    assert check.verdict(stage, CACHED, offline=True) == Verdict(valid=True)


def test_a_session_that_is_not_awss() -> None:
    """B-W03: of a session of another kind AWS is not asked: `Stage` has no STS."""
    others = CACHED.replaced(variables=Values(ACME_TOKEN="token"))
    assert check.by_sts(Stage(), others, "eu-west-1") == Verdict(valid=True)


def test_a_check_does_not_wait() -> None:
    """B-W03, B-W05: STS's word is the last, and no pause is taken."""
    stage = Stage(sts=FailingSts(EXAMPLES["throttled"][1]))
    judged = check.verdict(stage, CACHED, offline=False)
    assert (judged.valid, judged.reason) == (None, "throttled")
    assert stage.clock.slept == []


def test_one_call() -> None:
    """B-W03: STS is asked once, also where the same trouble may pass."""
    sts = FailingSts(EXAMPLES["throttled"][1])
    check.verdict(Stage(sts=sts), CACHED, offline=False)
    assert sts.calls == 1


def test_a_good_session_has_no_trouble() -> None:
    """B-W05: nothing is told of one that is valid."""
    assert Verdict(valid=True).detail == ""
