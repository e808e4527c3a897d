"""The account behind authkit's STS port: no wire, no botocore, no real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.core.failures import Refused
from authkit.core.model import AccessKeys, Caller, Session
from sts_simulator.account.authentication import Signature
from sts_simulator.account.calls import Granted, Request
from sts_simulator.account.errors import AwsError
from sts_simulator.account.faults import patience, port_error
from sts_simulator.account.parameters import below_minimum

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from authkit.core.model import MfaCode, RoleRequest
    from authkit.core.ports import Clock
    from sts_simulator.account.account import Account
    from sts_simulator.account.calls import Answer


class PortSts:
    """ports.Sts over an account.  Requests are signed by `clock`, and waits pass on it."""

    def __init__(self, account: Account, region: str, clock: Clock) -> None:
        self._account = account
        self._region = region
        self._clock = clock

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Return whose keys or session these are.  Raises Refused or Unreachable."""
        answer = self._call(who, "GetCallerIdentity", {})
        if not isinstance(answer, Caller):
            raise TypeError(answer)
        return answer

    def get_session_token(
        self, keys: AccessKeys, *, duration: timedelta, mfa: MfaCode | None
    ) -> Session:
        """Return a new session.  Raises Refused or Unreachable."""
        answer = self._call(keys, "GetSessionToken", _asked(duration, mfa))
        if not isinstance(answer, Session):
            raise TypeError(answer)
        return answer

    def assume_role(self, who: AccessKeys | Session, request: RoleRequest) -> Session:
        """Return a session of a role.  Raises Refused or Unreachable."""
        parameters = {
            "RoleArn": request.role_arn,
            "RoleSessionName": request.session_name,
            **_asked(request.duration, None),
        }
        if request.external_id:
            parameters["ExternalId"] = request.external_id
        answer = self._call(who, "AssumeRole", parameters)
        if not isinstance(answer, Granted):
            raise TypeError(answer)
        return answer.session

    def _call(
        self, who: AccessKeys | Session, operation: str, parameters: Mapping[str, str]
    ) -> Answer | None:
        _check_as_botocore_does(operation, parameters)
        outcome = self._account.call(Request(operation, parameters, self._sign(who)))
        waited, breakage = outcome.seen_after(patience(operation, session=isinstance(who, Session)))
        if waited:
            self._clock.sleep(waited)
        if breakage:
            raise port_error(operation, breakage, waited)
        if isinstance(outcome.answer, AwsError):
            raise Refused(
                operation,
                outcome.answer.code,
                outcome.answer.message or "",
                status=outcome.answer.status,
                request_id=outcome.request_id,
            )
        return outcome.answer

    def _sign(self, who: AccessKeys | Session) -> Signature:
        return Signature(
            access_key_id=who.access_key_id,
            made_with=lambda secret: secret == who.secret_access_key,
            signed_at=self._clock.now().replace(microsecond=0),
            region=self._region,
            session_token=who.session_token if isinstance(who, Session) else None,
        )


def _asked(duration: timedelta, mfa: MfaCode | None) -> dict[str, str]:
    parameters = {"DurationSeconds": str(int(duration.total_seconds()))}
    if mfa:
        parameters |= {
            "SerialNumber": mfa.serial_number,
            "TokenCode": mfa.token_code.reveal(),
        }
    return parameters


def _check_as_botocore_does(operation: str, parameters: Mapping[str, str]) -> None:
    """Raise Refused for what botocore refuses to send: values below a minimum, and only those."""
    if report := below_minimum(operation, parameters):
        raise Refused(operation, "ValidationError", report, status=0)
