"""The contract of the three skins of an account: authkit's port, botocore's hook, and HTTP.

Each skin has an account of the same table and plays the same steps.  Everything
that the caller gets is compared, and the calls that the account recorded.  Ids,
secrets and request ids are equal too, as they are made from counters.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authkit.adapters.sts import Boto3Sts, isolated_session
from authkit.core.model import AccessKeys, Caller, MfaCode, Secret, Session
from authkit.core.ports import Refused, Unreachable
from fakes.world.clock import VirtualClock
from fakes.world.sts import PortSts, read_timeout
from sts_simulator.account.account import Account
from sts_simulator.account.clock import real_time
from sts_simulator.account.faults import Fault
from sts_simulator.account.moto_directory import MotoDirectory
from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation
from sts_simulator.wire.botocore_hook import Hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.ports import Sts

START = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
SERIAL = "arn:aws:iam::123456789012:mfa/user"
GIVEN = ("AKIAXXXXXXXXXXXXXXXX", "new-secret")
GIVEN_ANEW = ("AKIAANEWANEWANEWANEW", "secret-made-anew")
TABLE: dict[str, Any] = {
    "keys": {
        "new": {"id": GIVEN[0], "secret": GIVEN[1]},
        "off": {"id": "AKIAOFFOFFOFFOFFOFFO", "secret": "off-secret", "state": "inactive"},
        "root": {"id": "AKIAROOTROOTROOTROOT", "secret": "root-secret", "root": True},
        "late": {"id": "AKIALATELATELATELATE", "secret": "late-secret", "spreads_after": 1},
    },
    "mfa": {"arn": SERIAL, "codes": ["123456", "234567"]},
    "roles": {
        "anybody": {"max_session_duration": "2h"},
        "with-mfa": {"mfa": True},
        "chained": {"trusts": ["anybody"], "max_session_duration": "2h"},
    },
    "regions": {"disabled": ["eu-west-3"], "not_enabled": ["me-south-1"]},
}
KEYS = {
    **{name: AccessKeys(key["id"], Secret(key["secret"])) for name, key in TABLE["keys"].items()},
    "unknown": AccessKeys("AKIANOBODYNOBODYNOBO", Secret("nothing")),
    "wrong secret": AccessKeys(GIVEN[0], Secret("wrong")),
    "rotated": AccessKeys(GIVEN_ANEW[0], Secret(GIVEN_ANEW[1])),
}

Step = tuple[Any, ...]


class Skin:
    """An account, and a caller who reaches it through one of the skins."""

    def __init__(
        self, account: Account, sts: Callable[[str], Sts], advance: Callable[[timedelta], object]
    ) -> None:
        self.account = account
        self.sts = sts
        self.advance = advance
        self._last: Session | None = None

    def play(self, steps: list[Step]) -> list[object]:
        """Return what the caller gets at each step, and the calls that the account recorded."""
        seen: list[object] = [self._do(*step) for step in steps]
        return [
            *seen,
            *((c.operation, c.access_key_id, c.parameters, c.status, c.code, c.at - START)
              for c in self.account.calls),
        ]  # fmt: skip

    def _do(self, verb: str, *given: Any) -> object:  # noqa: ANN401 - steps are free
        match verb:
            case "advance":
                self.advance(timedelta(hours=given[0]))
            case "fault":
                self.account.faults.add(Fault.parse(given[0]))
            case "rotate":
                self.account.administrator.rotate("dev-admin", *GIVEN_ANEW)
            case "deactivate" | "activate":
                try:
                    getattr(self.account.administrator, verb)(GIVEN[0])
                except LookupError:
                    return "gone"
            case _:
                return self._call(verb, *given)
        return None

    def _call(self, verb: str, region: str, *given: Any) -> object:  # noqa: ANN401 - steps are free
        sts = self.sts(region)
        try:
            if verb == "session":
                self._last = sts.get_session_token(KEYS[given[0]], duration=given[1], mfa=given[2])
                return _shown(self._last)
            who = KEYS.get(given[0], self._last)
            if verb == "assume" and who:
                self._last = sts.assume_role(
                    who,  # type: ignore[arg-type]  # STS takes keys as well
                    role_arn=f"arn:aws:iam::123456789012:role/{given[1]}",
                    role_session_name="me",
                    duration=given[2],
                    external_id=None,
                )
                return _shown(self._last)
            return _shown(sts.get_caller_identity(who)) if who else None
        except Refused as no:
            return no.operation, no.code, no.message, no.status, no.request_id
        except Unreachable as lost:
            return lost.operation, lost.reason, lost.answered, lost.sent


def _shown(answer: Caller | Session) -> object:
    if isinstance(answer, Caller):
        return answer
    secrets = answer.secret_access_key, answer.session_token
    # `granted` is by the clock nearest to the caller's, which is the real time over botocore.
    return answer.access_key_id, [s.reveal() for s in secrets], answer.expiration - START


def port() -> Skin:
    """Return an account behind authkit's port."""
    clock = VirtualClock(START)
    account = Account.from_table(TABLE, clock.now)
    return Skin(account, lambda region: PortSts(account, region, clock), clock.sleep)


@cache
def _hooked() -> tuple[Hook, Callable[[str], Sts]]:
    """Return one botocore session for every story, as it is slow to make; the account changes."""
    clock = VirtualClock(START)
    hook = Hook(Account.from_table({}, clock.now), clock, read_timeout)
    session = isolated_session()
    hook.register(session)
    return hook, cache(lambda region: Boto3Sts(region, session))


def botocore() -> Skin:
    """Return an account under botocore, in moto's IAM.  botocore signs at the real time."""
    hook, sts = _hooked()
    clock = VirtualClock(START)
    directory = MotoDirectory()
    directory.clear()
    hook.clock = clock
    hook.account = Account.from_table(TABLE, clock.now, real_time, directory=directory)
    return Skin(hook.account, sts, clock.sleep)


@pytest.fixture(scope="module")
def http() -> Iterator[Callable[[], Skin]]:
    """Return skins over one HTTP server, which boto3 finds by AWS_ENDPOINT_URL_STS."""
    with pytest.MonkeyPatch.context() as patch, Server(Simulation(TABLE)) as server:
        patch.setenv("AWS_ENDPOINT_URL_STS", server.endpoint)
        patch.setenv("NO_PROXY", "127.0.0.1")
        sts = cache(Boto3Sts)

        def skin() -> Skin:
            simulation = server.simulation
            simulation.reset()
            simulation.clock.tick(ticks=False)
            simulation.clock.move_to(START)
            simulation.load(TABLE)
            return Skin(
                simulation.account,
                sts,
                lambda span: simulation.clock.move_to(simulation.clock.now() + span),
            )

        yield skin


def identity(who: str, region: str = "us-east-1") -> Step:
    """Return a step: GetCallerIdentity by these keys, or by the last session."""
    return "identity", region, who


def session(who: str = "new", code: str = "", region: str = "us-east-1", **more: Any) -> Step:  # noqa: ANN401 - see below
    """Return a step: GetSessionToken, for `seconds` (36 h) and a device of this `serial`."""
    duration = timedelta(seconds=more.get("seconds", 129600))
    mfa = MfaCode(more.get("serial", SERIAL), Secret(code)) if code else None
    return "session", region, who, duration, mfa


def assume(role: str, who: str = "session", hours: int = 1, region: str = "us-east-1") -> Step:
    """Return a step: AssumeRole by these keys or the last session; the new one is the last."""
    return "assume", region, who, role, timedelta(hours=hours)


def fault(answer: str, on: str = "*", **more: object) -> Step:
    """Return a step: a fault is added."""
    return "fault", {"on": on, "answer": answer, **more}


STORIES: dict[str, list[Step]] = {
    "every kind of keys": [identity(who) for who in KEYS],
    "a session and its end": [
        session(code="123456"),
        identity("session"),
        ("advance", 36),
        identity("session"),
        session(),
    ],
    "codes": [
        session(code="000000"),
        session(code="123456"),
        session(code="123456"),
        session(code="234567", serial="arn:aws:iam::123456789012:mfa/other"),
        session(code="23456a"),
        session(code="2345678"),
        session(code="234567"),
    ],
    "durations": [session(seconds=seconds) for seconds in (899, 900, 3600, 129600, 129601)],
    "what botocore does not send": [
        session(code="12345", serial="GAHT1234", seconds=1),
        session(code="123456"),
    ],
    "root gets an hour": [session("root"), identity("session")],
    "rotation": [
        session(),
        ("rotate",),
        identity("new"),
        identity("rotated"),
        identity("session"),
        session("rotated"),
    ],
    "switched off and on": [
        session(),
        ("deactivate",),
        identity("new"),
        identity("session"),
        ("activate",),
        identity("new"),
    ],
    "a key that spreads": [identity("late"), identity("late")],
    "roles": [
        *(assume(role, "new") for role in ("with-mfa", "nobody", "chained")),
        assume("anybody", "root"),
        assume("anybody", "new", hours=3),
        session(code="123456"),
        assume("with-mfa"),
        identity("session"),
        assume("anybody", "new", hours=2),
        assume("chained", hours=2),
        assume("chained"),
        identity("session"),
        ("advance", 1),
        identity("session"),
        assume("anybody", "new", region="eu-west-3"),
    ],
    "regions": [
        call
        for region in ("eu-west-3", "me-south-1", "mars-east-1", "cn-north-1")
        for call in (identity("new", region), session(region=region))
    ],
    "refusals by fault": [
        *(
            step
            for code in ("Throttling", "InternalFailure", "AccessDenied", "TeapotException")
            for step in (fault(code), identity("new"))
        ),
        fault("Throttling", message="slow\u202e <down> & 'now'", status=503),
        session(),
    ],
    "broken answers": [
        step
        for answer in ("reset", "truncated", "garbage", "html", "empty")
        for step in (fault(answer), session(code="123456"), fault(answer, status=500), session())
    ],
    "faults that count": [
        fault("Throttling", on="GetSessionToken", after=1, times=2, user="dev-admin"),
        identity("new"),
        session("root"),
        *[session()] * 4,
    ],
}


@pytest.mark.parametrize("story", STORIES)
def test_skins_agree(http: Callable[[], Skin], story: str) -> None:
    """Port, botocore and HTTP give the same results for the same steps."""
    told = port().play(STORIES[story])
    assert botocore().play(STORIES[story]) == told
    assert http().play(STORIES[story]) == told


@pytest.mark.parametrize(
    "wrong",
    [
        fault("timeout"),
        ("fault", {"on": "*", "latency": "2s"}),
        ("fault", {"on": "*", "latency": "4s"}),
        ("fault", {"on": "*", "latency": "10s"}),
        ("fault", {"on": "*", "latency": "1s", "answer": "html"}),
    ],
)
def test_waiting_costs_the_same_time(wrong: Step) -> None:
    """A late answer and one that never comes take the same time, and use up the MFA code."""
    steps = [
        session(),
        wrong,
        identity("session"),
        wrong,
        session(code="123456"),
        session(code="123456"),
        session(),
        wrong,
        assume("anybody"),
    ]
    assert botocore().play(steps) == port().play(steps)


REGIONS = st.sampled_from(["us-east-1", "us-east-1", "us-east-1", "eu-west-3", "me-south-1"])
STEPS = st.one_of(
    st.builds(identity, st.sampled_from([*KEYS, "session"]), REGIONS),
    st.builds(
        session,
        st.sampled_from([*KEYS]),
        st.sampled_from(["", "123456", "234567", "345678"]),
        REGIONS,
        seconds=st.sampled_from([900, 129600, 129601]),
    ),
    st.builds(
        assume,
        st.sampled_from([*TABLE["roles"], "nobody"]),
        st.sampled_from([*KEYS, "session"]),
        st.integers(1, 3),
        REGIONS,
    ),
    st.builds(
        fault,
        st.sampled_from(["Throttling", "InternalFailure", "reset", "truncated", "html", "empty"]),
        st.sampled_from(["*", "GetSessionToken", "GetCallerIdentity"]),
        after=st.integers(0, 2),
        times=st.integers(1, 2),
    ),
    st.sampled_from([("advance", 1), ("advance", 36), ("rotate",), ("deactivate",), ("activate",)]),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=2, max_size=12))
def test_skins_agree_on_any_story(http: Callable[[], Skin], steps: list[Step]) -> None:
    """Port, botocore and HTTP give the same results for generated steps."""
    told = port().play(steps)
    assert botocore().play(steps) == told
    assert http().play(steps) == told
