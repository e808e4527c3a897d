"""The answers among which a chosen world chooses, by name: entries, sessions, STS, a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from authkit.core.failures import Refused, Unreachable
from authkit.core.identity import fingerprint
from authkit.core.model import CachedSession, Secret, Session
from authkit.core.sessions import encode
from fakes.world.config import MemoryConfig
from sts_simulator.account import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAME = "dev-admin"
MFA = "arn:aws:iam::123456789012:mfa/user"
START = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
HOURS = 12 * 3600  # seconds
KEYS = {"access_key_id": "AKIAFIRSTFIRSTFIRST0", "secret_access_key": "secret-of-0"}
SETTINGS = {"mfa_arn": MFA, "session_duration": "12h"}


class Sent(NamedTuple):
    """A call of STS.

    `pair` is the access key id and the secret access key; `code` is the MFA serial
    number and the code, or None, and `age` how long ago it was typed.
    """

    operation: str
    pair: tuple[str, str]
    by_keys: bool
    code: tuple[str, str] | None = None
    age: timedelta = timedelta(0)
    seconds: int = 0
    granted: str = ""  # the access key id of the session in the answer


# What the keyring and the session cache may hold at the start.


def _written(fields: Mapping[str, object], version: int = 1) -> str:
    return json.dumps({"version": version, **fields})


def _session(key_id: str, left: timedelta, secret: str = KEYS["secret_access_key"]) -> str:
    ends = int((START + left).timestamp())
    session = Session(key_id, Secret("hidden-0"), Secret("token-0"), ends, ends - HOURS)
    return encode(
        CachedSession(
            session=session,
            kind="aws/user",
            region="us-east-1",
            account="123456789012",
            principal="arn:aws:iam::123456789012:user/dev-admin",
            keys=fingerprint(KEYS["access_key_id"], secret),
            mfa_arn=MFA,
            duration=HOURS,
            config_stamp=MemoryConfig(None).stamp(),
        )
    )


ENTRIES = {
    "keys and device": _written(KEYS | SETTINGS),
    "none": None,
    "keys alone": _written(KEYS),
    "settings alone": _written(SETTINGS),
    "session credentials": _written(KEYS | {"access_key_id": "ASIASESSIONSESSION00"}),
    "half a key": _written(SETTINGS | {"access_key_id": KEYS["access_key_id"]}),
    "corrupt": "{",
    "of a later version": _written(KEYS, 2),
}
SESSIONS = {
    "none": None,
    "good": _session("ASIAGOOD", timedelta(hours=10)),
    "ends soon": _session("ASIASOON", timedelta(minutes=5)),
    "expired": _session("ASIAEXPIRED", -timedelta(hours=1)),
    "of other keys": _session("ASIAOTHER", timedelta(hours=10), "another"),
    "corrupt": "{",
}

# What STS may answer: a name, and the exception that the port raises.


def _refused(error: errors.AwsError) -> Callable[[str], Exception]:
    code, message, status = error.code, error.message or "", error.status
    return lambda operation: Refused(operation, code, message, status=status)


def _silent(*, answered: bool, sent: bool) -> Callable[[str], Exception]:
    return lambda operation: Unreachable(operation, "silence", answered=answered, sent=sent)


TOO_EARLY = errors.TOO_EARLY.fill(
    signed="20241222T200000Z", bound="20241222T234300Z", now="20241222T235800Z"
)
ANSWERS: dict[str, Callable[[str], Exception]] = {
    "revoked": _refused(errors.INVALID_TOKEN),
    "mistyped": _refused(errors.WRONG_SECRET),
    "skew": _refused(TOO_EARLY),
    "scope": _refused(errors.WRONG_SCOPE.fill(problems=errors.WRONG_REGION)),
    "expired": _refused(errors.EXPIRED_TOKEN),
    "denied": _refused(errors.AwsError("AccessDenied", "not authorized", 403)),
    "region": _refused(errors.REGION_DISABLED),
    "unheard-of": _refused(errors.AwsError("UnheardOf", None)),
    "throttled": _refused(errors.AwsError("Throttling", "Rate exceeded")),
    "trouble": _refused(errors.AwsError("InternalFailure", None, 500)),
    "unsent": _silent(answered=False, sent=False),
    "lost": _silent(answered=False, sent=True),
    "broken": _silent(answered=True, sent=True),
    "code": _refused(errors.WRONG_CODE),
    "device": _refused(errors.WRONG_DEVICE),
}
TAKES = {"lost": timedelta(seconds=10)}  # until the client gives up
FOR_GOOD = " for good"  # all later calls of the operation get this answer
OF_CODES = ("code", "device", f"code{FOR_GOOD}", f"device{FOR_GOOD}")
OF_IAM = ("denied", "revoked", "throttled", "unsent", "lost", "broken")  # of ListMFADevices
OF_ANY = (
    *(name for name in ANSWERS if name not in OF_CODES),
    *(f"{name}{FOR_GOOD}" for name in ("throttled", "unsent", "lost")),
)

# What the person may type; {0} is the number of the answer to this question.
TYPED = {
    "AWS Access Key ID": ("AKIATYPEDTYPEDTYPED{0}", "", "ASIATYPEDTYPEDTYPED{0}", "^C"),
    "AWS Secret Access Key": ("secret-of-{0}", "", "^C"),
    "MFA ARN": (MFA, "-", "u", "arn:aws-cn:iam::123456789012:mfa/user", "^C"),
    "Session Duration": ("12h", "", "37h", "^C"),
    "Device Number": ("1", "", "2", "^C"),
    "Enter MFA Token": ("10000{0}", "100001", "1 0 0 0 0 {0}", "none", "^C"),
}
