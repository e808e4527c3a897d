"""The machine's clock, and a clock put right by what AWS says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from authkit.adapters.clock import CorrectedClock, RealClock
from authkit.core.failures import Refused, Unreachable
from fakes.world.clock import VirtualClock
from tests.support.stage import START, Paper

AHEAD_BY_20 = timedelta(minutes=20)


def skew(ours: datetime, theirs: datetime) -> Refused:
    """Return AWS's refusal of a request that was signed at `ours`."""
    signed, now = (f"{instant:%Y%m%dT%H%M%SZ}" for instant in (ours, theirs))
    said = f"Signature expired: {signed} is now earlier than {now} ({now} - 15 min.)"
    return Refused("GetCallerIdentity", "SignatureDoesNotMatch", said, status=403)


def test_time_goes_on_while_the_machine_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L12: an MFA code is old after a sleep; where no such clock is, another one serves."""
    monkeypatch.setattr("time.CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr("time.clock_gettime", {7: 12.5}.__getitem__, raising=False)
    assert RealClock().elapsed() == timedelta(seconds=12.5)
    monkeypatch.delattr("time.CLOCK_BOOTTIME")
    monkeypatch.setattr("time.monotonic", lambda: 3.5)
    assert RealClock().elapsed() == timedelta(seconds=3.5)


class Aws:
    """Takes a request signed at its own time, which is `ahead`; then raises `then`, if any."""

    def __init__(self, ahead: timedelta, then: Exception | None = None) -> None:
        self.clock = CorrectedClock(VirtualClock(START), Paper())
        self.ahead = ahead
        self.then = then
        self.signed: list[datetime] = []

    def send(self) -> str:
        """Return an answer, or refuse the time of the request."""
        self.signed.append(self.clock.now())
        if self.clock.now() != START + self.ahead:
            raise skew(self.clock.now(), START + self.ahead)
        if self.then:
            raise self.then
        return "answer"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (AHEAD_BY_20, "your clock is 20 m behind AWS"),
        (-timedelta(days=10), "your clock is 240 h 0 m ahead of AWS"),
    ],
)
def test_signed_once_more_with_the_time_of_aws(ahead: timedelta, said: str) -> None:
    """B-L10: a call whose time AWS refuses is made once more with AWS's, and the screen says so."""
    screen, aws = Paper(), Aws(ahead)
    aws.clock = CorrectedClock(VirtualClock(START), screen)
    assert aws.clock.call("us-east-1", aws.send) == "answer"
    assert aws.signed == [START, START + ahead]
    assert aws.clock.time() == (START + ahead).timestamp()
    assert said in screen.everything


def test_the_correction_lasts() -> None:
    """B-L10: later calls are signed right at once; a clock that is set meanwhile is told again."""
    aws = Aws(AHEAD_BY_20)
    for _ in range(2):
        aws.clock.call("us-east-1", aws.send)
    assert aws.signed == [START, START + AHEAD_BY_20, START + AHEAD_BY_20]
    aws.ahead = timedelta(0)
    aws.clock.call("us-east-1", aws.send)
    assert aws.clock.offset == 0


@pytest.mark.parametrize(
    "then",
    [
        Refused("GetCallerIdentity", "InvalidClientTokenId"),
        Unreachable("GetCallerIdentity", "why", answered=False, sent=True),
    ],
)
def test_what_the_second_signing_brings(then: Exception) -> None:
    """B-L10: other trouble of the second signing is that of the call, and the time stays right."""
    aws = Aws(AHEAD_BY_20, then)
    with pytest.raises(type(then)) as caught:
        aws.clock.call("us-east-1", aws.send)
    assert caught.value is then
    assert aws.clock.offset == AHEAD_BY_20.total_seconds()


def test_refused_twice() -> None:
    """B-L10: when AWS refuses its own time the first refusal counts; nothing is corrected."""
    clock, seen = CorrectedClock(VirtualClock(START), Paper()), list[Refused]()

    def send() -> str:
        seen.append(skew(clock.now(), clock.now() + AHEAD_BY_20))
        raise seen[-1]

    with pytest.raises(Refused) as caught:
        clock.call("us-east-1", send)
    assert caught.value is seen[0]
    assert len(seen) == 2
    assert clock.offset == 0


@pytest.mark.parametrize(
    "refused",
    [
        Refused("GetCallerIdentity", "SignatureDoesNotMatch", "Signature expired"),
        Refused(
            "GetCallerIdentity", "SignatureDoesNotMatch", "The request signature we calculated"
        ),
        skew(START, START),
        Refused("GetCallerIdentity", "AccessDenied", str(skew(START, START + AHEAD_BY_20))),
        Refused("GetCallerIdentity", "InternalFailure", str(skew(START, START)), status=500),
    ],
)
def test_what_is_not_made_twice(refused: Refused) -> None:
    """B-L10: only a refusal that tells AWS's time is signed again, and only if it is another."""
    clock, calls = CorrectedClock(VirtualClock(START)), list[int]()

    def send() -> str:
        calls.append(1)
        raise refused

    with pytest.raises(Refused):
        clock.call("us-east-1", send)
    assert calls == [1]


def test_the_clock() -> None:
    """Instants are aware and in UTC, sleep lets time pass, and the zone is the machine's."""
    for clock in (RealClock(), CorrectedClock(RealClock())):
        before = clock.now()
        clock.sleep(timedelta(milliseconds=1))
        assert clock.now() >= before
        assert abs(clock.time() - clock.now().timestamp()) < 1
        assert before.utcoffset() == datetime.now(UTC).utcoffset()
        assert clock.zone() is None
