"""The simulator's account behind authkit's STS port: no wire format, no botocore, no real time.

Translates between authkit's values and the simulator's, and raises what
``authkit.adapters.sts`` raises for the same errors and broken answers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from authkit.adapters.clock import CorrectedClock
from authkit.core.failures import Refused, Unreachable
from authkit.core.model import AccessKeys, Caller, Secret, Session
from fakes.world import network
from sts_simulator.account import answers, list_mfa_devices
from sts_simulator.account.authentication import Signature
from sts_simulator.account.calls import Request
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import Faults
from sts_simulator.account.parameters import below_minimum

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from authkit.core.model import MfaCode, RoleRequest
    from authkit.core.ports import Clock
    from sts_simulator.account.account import Account
    from sts_simulator.account.calls import Outcome
    from sts_simulator.account.faults import Breakage

_CALL_READ_TIMEOUT = timedelta(seconds=10)
_CHECK_READ_TIMEOUT = timedelta(seconds=3)

_NOT_STS = "the answer is not STS's"
_REASONS = {  # of `Unreachable`, by the word of a broken answer
    "timeout": "no answer within {read_timeout} s",
    "reset": "the connection closed unanswered",
    "cut": _NOT_STS,
    "truncated": _NOT_STS,
    "garbage": _NOT_STS,
    "html": _NOT_STS,
    "empty": _NOT_STS,
}
# From this HTTP status on botocore reads the broken answer as an error without a code.
_ERROR_FROM = {"html": 300, "empty": 500}
_NEVER = 600
# IAM is signed for one region of a partition, wherever the caller is.
_IAM_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
LISTING = list_mfa_devices.OPERATION


class PortSts:
    """ports.Sts over an account.  Requests are signed at the time of `clock`, and waits move it.

    `on_the_way` holds the faults that happen before STS is reached (``fakes.world.network``).
    """

    def __init__(
        self, account: Account, region: str, clock: Clock, on_the_way: Faults | None = None
    ) -> None:
        self._account = account
        self._network = on_the_way or Faults()
        self._region = region
        self.clock = CorrectedClock(clock)

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Return whose keys or session these are.  Raises Refused or Unreachable."""
        answer = self._call(who, "GetCallerIdentity", {}).answer
        if not isinstance(answer, answers.CallerIdentity):
            raise TypeError(answer)
        return Caller(answer.account, answer.arn)

    def get_date(self) -> datetime:
        """Return the Date of the answer to an unsigned request.  Raises Unreachable."""
        return self._answered(None, "GetCallerIdentity", {}).date

    def get_session_token(self, keys: AccessKeys, *, duration: int, mfa: MfaCode | None) -> Session:
        """Return a new session.  Raises Refused or Unreachable."""
        outcome = self._call(keys, "GetSessionToken", _asked(duration, mfa))
        if not isinstance(outcome.answer, answers.Session):
            raise TypeError(outcome)
        return _session(outcome.answer, outcome.date)

    def assume_role(self, who: AccessKeys | Session, request: RoleRequest) -> Session:
        """Return a session of a role.  Raises Refused or Unreachable."""
        parameters = {
            "RoleArn": request.role_arn,
            "RoleSessionName": request.session_name,
            **_asked(request.duration, None),
        }
        if request.external_id:
            parameters["ExternalId"] = request.external_id
        outcome = self._call(who, "AssumeRole", parameters)
        if not isinstance(outcome.answer, answers.Granted):
            raise TypeError(outcome)
        return _session(outcome.answer.session, outcome.date)

    def list_mfa_devices(self, keys: AccessKeys) -> tuple[str, ...]:
        """Return the devices of the keys' user.  Raises Refused or Unreachable."""
        listed = self._send(keys, LISTING, {}).answer
        if not isinstance(listed, answers.Devices):
            raise TypeError(listed)
        return tuple(device.serial_number for device in listed.devices)

    def _call(
        self, who: AccessKeys | Session, operation: str, parameters: Mapping[str, str]
    ) -> Outcome:
        _check_as_botocore_does(operation, parameters)
        return self.clock.call(self._region, lambda: self._send(who, operation, parameters))

    def _send(
        self, who: AccessKeys | Session, operation: str, parameters: Mapping[str, str]
    ) -> Outcome:
        outcome = self._answered(who, operation, parameters)
        if isinstance(outcome.answer, AwsError):
            raise Refused(
                operation,
                outcome.answer.code,
                outcome.answer.message or "",
                status=outcome.answer.status,
                request_id=outcome.request_id,
            )
        return outcome

    def _answered(
        self, who: AccessKeys | Session | None, operation: str, parameters: Mapping[str, str]
    ) -> Outcome:
        """Return STS's answer, a refusal too.  Raises Unreachable."""
        if fault := self._network.take(network.called(operation), None):
            now = self.clock.now()
            raise network.unreachable(operation, fault.answer, self._region, now)
        service = "iam" if operation == LISTING else "sts"
        signature = self._sign(who, service) if who else None
        outcome = self._account.call(Request(operation, parameters, signature, service=service))
        is_session = isinstance(who, Session)
        waited, breakage = outcome.within(read_timeout(operation, is_session))
        if waited:
            self.clock.sleep(waited)
        if breakage:
            raise _unreachable(operation, breakage, waited)
        return outcome

    def _sign(self, who: AccessKeys | Session, service: str) -> Signature:
        of_iam = _IAM_REGIONS.get(self._account.partition, self._region)
        return Signature(
            access_key_id=who.access_key_id,
            made_with=lambda secret: secret == who.secret_access_key.reveal(),
            signed_at=self.clock.now().replace(microsecond=0),
            region=of_iam if service == "iam" else self._region,
            service=service,
            session_token=who.session_token.reveal() if isinstance(who, Session) else None,
        )


def read_timeout(operation: str, has_session_token: bool) -> timedelta:  # noqa: FBT001 - as the botocore hook calls it
    """Return how long authkit waits for an answer: less for what it can do without (B-W03)."""
    is_check = operation == LISTING or (has_session_token and operation == "GetCallerIdentity")
    return _CHECK_READ_TIMEOUT if is_check else _CALL_READ_TIMEOUT


def _unreachable(operation: str, breakage: Breakage, waited: timedelta) -> Unreachable:
    """Return what ``authkit.adapters.sts`` raises for a broken answer."""
    reason = _REASONS[breakage.word].format(read_timeout=int(waited.total_seconds()))
    if breakage.status >= _ERROR_FROM.get(breakage.word, _NEVER):
        reason = f"HTTP {breakage.status} without an STS error"
    return Unreachable(operation, reason, answered=breakage.status != 0, sent=True)


def _session(session: answers.Session, granted: datetime) -> Session:
    return Session(
        access_key_id=session.access_key_id,
        secret_access_key=Secret(session.secret_access_key),
        session_token=Secret(session.session_token),
        expiration=int(session.expiration.timestamp()),
        granted=int(granted.timestamp()),
    )


def _asked(duration: int, mfa: MfaCode | None) -> dict[str, str]:
    parameters = {"DurationSeconds": str(duration)}
    if mfa:
        parameters |= {
            "SerialNumber": mfa.serial_number,
            "TokenCode": mfa.token_code.reveal(),
        }
    return parameters


def _check_as_botocore_does(operation: str, parameters: Mapping[str, str]) -> None:
    """Raise Refused for the only parameters that botocore does not send: those below a minimum."""
    if report := below_minimum(operation, parameters):
        raise Refused(operation, "ValidationError", report, status=0)
