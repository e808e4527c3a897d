"""AUTHKIT_DEBUG=1: what is shown of each effect."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit import debug
from authkit.core.failures import Cancelled, KeyringTrouble, Refused, StateTrouble, Unreachable
from authkit.core.model import AccessKeys, Caller, Secret
from tests.support.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authkit.core.model import Session

WHO = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret("new-secret"))
CANARY = "a-secret-canary"


class Answering:
    """STS that takes half a second, and says what it is told to."""

    def __init__(self, stage: Stage, answer: Exception | None) -> None:
        self._stage, self._answer = stage, answer

    def get_caller_identity(self, _who: AccessKeys | Session) -> Caller:
        """Return a caller, or raise the answer."""
        self._stage.clock.sleep(timedelta(milliseconds=500))
        if self._answer:
            raise self._answer
        return Caller("123456789012", "arn")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "(200, 500 ms)"),
        (Refused("GetCallerIdentity", "Throttling", status=503), "-> Throttling (503, 500 ms)"),
        (Refused("GetCallerIdentity", "\x1b[2J"), r"-> \x1b[2J (400, 500 ms)"),
        (Refused("GetCallerIdentity", "NotSent", status=0), "-> NotSent (no status, 500 ms)"),
        (
            Unreachable("GetCallerIdentity", "gone", answered=False, sent=False),
            "-> no answer (no status, 500 ms)",
        ),
    ],
)
def test_a_call_of_sts(answer: Exception | None, said: str) -> None:
    """docs/contract.md, Environment: status and time of each call."""
    stage = Stage(sts=lambda _region: Answering(stage, answer))  # type: ignore[arg-type, return-value]
    sts = debug.shown(stage).sts("us-east-1")
    with nullcontext() if answer is None else pytest.raises(type(answer)):
        sts.get_caller_identity(WHO)
    assert stage.screen.said == [f"debug: sts GetCallerIdentity {WHO.access_key_id} {said}"]


def test_the_time_is_the_machines() -> None:
    """What AWS says of the time is not the time that a call takes."""
    stage = Stage()

    class Correcting(Answering):
        def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
            stage.clock.offset = 864_000.0  # type: ignore[attr-defined]
            stage.clock.sleep(timedelta(days=10))
            return super().get_caller_identity(who)

    stage.clock.offset = 0.0  # type: ignore[attr-defined]
    stage.sts = lambda _region: Correcting(stage, None)  # type: ignore[assignment, return-value]
    sts = debug.shown(stage).sts("us-east-1")
    sts.get_caller_identity(WHO)
    assert stage.screen.said[0].endswith("(200, 500 ms)")


def test_the_child() -> None:
    """B-S01: of exec's command the first word alone is shown: others may be secret."""

    class Failing:
        def run(self, command: Sequence[str], _environ: Mapping[str, str]) -> int:
            return len(command)

    stage = Stage(children=Failing())
    assert debug.shown(stage).children.run(["deploy", "--password", CANARY], {}) == 3
    assert stage.screen.said == ["debug: child deploy -> 3"]


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (StateTrouble("/state", f"it holds {CANARY}"), "it holds ********"),
        (KeyringTrouble("locked", CANARY), "locked"),
        (Cancelled(), "Cancelled"),
        (KeyboardInterrupt(), "^C"),
    ],
    ids=repr,
)
def test_a_failure(trouble: BaseException, outcome: str) -> None:
    """B-S01: the outcome is shown without secrets, and raised."""

    class Failing:
        def acquire(self) -> bool:
            raise trouble

    Secret(CANARY).reveal()
    stage = Stage()
    stage.lock = lambda _name: Failing()  # type: ignore[assignment, method-assign, return-value]
    lock = debug.shown(stage).lock("dev-admin")
    with pytest.raises(type(trouble)):
        lock.acquire()
    assert stage.screen.said == [f"debug: lock acquire dev-admin -> {outcome}"]


def test_what_is_no_port() -> None:
    """All else of the World is the World's own."""
    stage = Stage(environ={"A": "B"}, input="given")
    world = debug.shown(stage)
    assert (world.environ, world.stdin(), world.screen) == ({"A": "B"}, "given", stage.screen)
