"""What STS answers when it does not refuse, as values.  A repr shows no secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sts_simulator.account.errors import AwsError
from sts_simulator.account.session_tags import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sts_simulator.account.directory import Device


@dataclass(frozen=True)
class CallerIdentity:
    """GetCallerIdentity's answer."""

    account: str
    arn: str
    user_id: str


@dataclass(frozen=True)
class Session:
    """Temporary credentials.  `expiration` is aware, in whole seconds."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expiration: datetime

    @property
    def utilization(self) -> int:
        """SessionTokenUtilization: how much of the largest token this one has, in percent."""
        return -(-len(self.session_token) * 100 // LARGEST)


@dataclass(frozen=True)
class Granted:
    """The answer of AssumeRole's kind and GetFederationToken: a session with its own identity.

    `packed_policy_size` is a percentage, None where the answer has no such element.
    `vouched` are the elements that say what an identity provider told, by name.
    """

    session: Session
    arn: str
    user_id: str
    packed_policy_size: int | None = None
    source_identity: str | None = None
    vouched: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KeyOwner:
    """GetAccessKeyInfo's answer: the id of the account that a key belongs to."""

    account: str


@dataclass(frozen=True)
class Devices:
    """IAM's answer to ListMFADevices."""

    devices: tuple[Device, ...]


Answer = CallerIdentity | Session | Granted | KeyOwner | Devices | AwsError
