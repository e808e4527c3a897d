"""The three skins of an account, each with a caller: authkit's port, botocore's hook, and HTTP.

Also the steps that a caller can be told to play, and how results are compared.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from authkit.adapters.clock import CorrectedClock, RealClock
from authkit.adapters.sts import Boto3Sts, isolated_session
from authkit.core.failures import Refused, Unreachable
from authkit.core.model import AccessKeys, Caller, MfaCode, RoleRequest, Secret, Session
from fakes.world.clock import VirtualClock
from fakes.world.sts import PortSts, read_timeout
from sts_simulator.account.account import Account
from sts_simulator.account.clock import real_time
from sts_simulator.account.faults import Fault
from sts_simulator.account.ids import SEED
from sts_simulator.account.moto_directory import MotoDirectory
from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation
from sts_simulator.wire.botocore_hook import Hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.ports import Clock

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
        self,
        account: Account,
        sts: Callable[[str], PortSts | Boto3Sts],
        advance: Callable[[timedelta], object],
        clock: Clock | None = None,
    ) -> None:
        """`clock` is what the caller signs at: the real one unless given."""
        self.account = account
        self._clock = CorrectedClock(clock or RealClock())
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
            case "skew":
                self.account.accounts.time.skew = given[0]
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
        sts.clock = self._clock
        try:
            if verb in _PLAIN:
                return _PLAIN[verb](sts, *given)
            if verb == "session":
                self._last = sts.get_session_token(KEYS[given[0]], duration=given[1], mfa=given[2])
                return _shown(self._last)
            who = KEYS.get(given[0], self._last)
            if verb == "assume" and who:
                role = f"arn:aws:iam::123456789012:role/{given[1]}"
                request = RoleRequest(role_arn=role, session_name="me", duration=given[2])
                self._last = sts.assume_role(who, request)  # type: ignore[arg-type]  # STS takes keys as well
                return _shown(self._last)
            return _shown(sts.get_caller_identity(who)) if who else None
        except Refused as no:
            return no.operation, no.code, no.message, no.status, no.request_id
        except Unreachable as lost:
            return lost.operation, lost.reason, lost.answered, lost.sent


# The calls whose answers are compared as they are.
_PLAIN: dict[str, Callable[..., object]] = {
    "date": lambda sts: sts.get_date() - START,
    "devices": lambda sts, who: sts.list_mfa_devices(KEYS[who]),
}


def _shown(answer: Caller | Session) -> object:
    if isinstance(answer, Caller):
        return answer
    secrets = answer.secret_access_key, answer.session_token
    # `granted` is by the clock nearest to the caller's, which is the real time over botocore.
    lasts = answer.expiration - START.timestamp()
    return answer.access_key_id, [s.reveal() for s in secrets], lasts


def port() -> Skin:
    """Return an account behind authkit's port."""
    clock = VirtualClock(START)
    account = Account.from_table(TABLE, clock.now)
    return Skin(account, lambda region: PortSts(account, region, clock), clock.sleep, clock)


@cache
def _hooked() -> tuple[Hook, Callable[[str], Boto3Sts]]:
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


@contextmanager
def served() -> Iterator[Callable[[], Skin]]:
    """Serve accounts over HTTP; boto3 finds the server by the variables of STS and IAM."""
    with pytest.MonkeyPatch.context() as patch, Server(Simulation(TABLE)) as server:
        patch.setenv("AWS_ENDPOINT_URL_STS", server.endpoint)
        patch.setenv("AWS_ENDPOINT_URL_IAM", server.endpoint)
        patch.setenv("NO_PROXY", "127.0.0.1")
        sts = cache(Boto3Sts)

        def skin() -> Skin:
            simulation = server.simulation
            simulation.reset()
            simulation.clock.tick(ticks=False)
            simulation.clock.move_to(START)
            simulation.load(TABLE, SEED)
            return Skin(
                simulation.account,
                sts,
                lambda span: simulation.clock.move_to(simulation.clock.now() + span),
            )

        yield skin


def identity(who: str, region: str = "us-east-1") -> Step:
    """Return a step: GetCallerIdentity by these keys, or by the last session."""
    return "identity", region, who


def date(region: str = "us-east-1") -> Step:
    """Return a step: the Date of an answer to an unsigned request."""
    return "date", region


def devices(who: str = "new", region: str = "us-east-1") -> Step:
    """Return a step: IAM's ListMFADevices, of the user of these keys."""
    return "devices", region, who


def session(who: str = "new", code: str = "", region: str = "us-east-1", **more: Any) -> Step:  # noqa: ANN401 - see below
    """Return a step: GetSessionToken, for `seconds` (36 h) and a device of this `serial`."""
    duration = more.get("seconds", 129600)
    mfa = MfaCode(more.get("serial", SERIAL), Secret(code)) if code else None
    return "session", region, who, duration, mfa


def assume(role: str, who: str = "session", hours: int = 1, region: str = "us-east-1") -> Step:
    """Return a step: AssumeRole by these keys or the last session; the new one is the last."""
    return "assume", region, who, role, hours * 3600


def fault(answer: str, on: str = "*", **more: object) -> Step:
    """Return a step: a fault is added."""
    return "fault", {"on": on, "answer": answer, **more}
