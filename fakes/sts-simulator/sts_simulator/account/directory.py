"""Users, roles, keys, MFA devices and identity providers, and the directory that stores them.

A directory decides nothing.  `DictDirectory` stores everything in dicts,
``moto_directory.MotoDirectory`` in moto's IAM.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

ACCOUNT_ID = "123456789012"
PARTITION = "aws"
ROOT = "root"  # the name of the account's root user in a directory


def account_in(arn: str) -> str:
    """Return the account id in an ARN, "" where there is none."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


@dataclass(frozen=True)
class User:
    """An IAM user, or the account's root user."""

    name: str
    user_id: str
    arn: str
    tags: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def is_root(self) -> bool:
        """Whether this is the account's root user."""
        return self.arn.endswith(":root")


@dataclass(frozen=True)
class Role:
    """An IAM role.  `trust` is its AssumeRolePolicyDocument: a trust policy, in JSON."""

    name: str
    user_id: str  # RoleId in IAM, UserId in GetCallerIdentity
    arn: str
    trust: str
    max_session_duration: timedelta = timedelta(hours=1)
    tags: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Key:
    """A long-lived access key.  Its repr does not show the secret.

    `spreads_after`: STS refuses the key for this long after its first use, or
    for this many calls.  In AWS a new key takes some seconds to reach STS.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    user: str
    active: bool = True
    spreads_after: timedelta | int = 0


@dataclass(frozen=True)
class Device:
    """An MFA device of a user: TOTP by its base32 `seed`, or a list of one-time codes.

    `enabled` is when it became the user's, None where the directory does not keep it.
    """

    serial_number: str
    user: str
    codes: tuple[str, ...] = field(default=(), repr=False)
    seed: str | None = field(default=None, repr=False)
    enabled: datetime | None = field(default=None, compare=False)


class OidcProvider(NamedTuple):
    """An OpenID Connect provider of IAM.  `url` is without ``https://``, as IAM keeps it."""

    arn: str
    url: str
    client_ids: Sequence[str]


class SamlProvider(NamedTuple):
    """A SAML provider of IAM.  `metadata` is its metadata document, in XML."""

    arn: str
    name: str
    metadata: str


class Policy(NamedTuple):
    """A policy, in JSON, that applies to a user or a role.

    `kind` is as AWS's messages name it: one of ``policies.KINDS``, or ``permissions.SESSION``.
    """

    kind: str
    name: str
    document: str


class Directory(Protocol):
    """The lookups of an account, and the changes of an administrator.

    A `put_` method adds or replaces.  A `remove_` method raises KeyError for
    what does not exist.  `beside` returns the empty directory of another account.
    """

    def beside(self, account_id: str) -> Directory: ...  # noqa: D102 - see below

    def user(self, name: str) -> User | None: ...  # noqa: D102 - name and types say all

    def user_names(self) -> Sequence[str]: ...  # noqa: D102 - the same

    def key(self, access_key_id: str) -> Key | None: ...  # noqa: D102 - the same

    def keys(self, user: str) -> Iterable[Key]: ...  # noqa: D102 - the same

    def device(self, serial_number: str) -> Device | None: ...  # noqa: D102 - the same

    def devices(self, user: str) -> Iterable[Device]: ...  # noqa: D102 - the same

    def seed(self, serial_number: str) -> str | None: ...  # noqa: D102 - the same

    def role(self, arn: str) -> Role | None: ...  # noqa: D102 - the same

    def oidc_provider(self, url: str) -> OidcProvider | None: ...  # noqa: D102 - the same

    def saml_provider(self, arn: str) -> SamlProvider | None: ...  # noqa: D102 - the same

    def policies(self, owner: User | Role) -> Iterable[Policy]: ...  # noqa: D102 - the same

    def managed_policy(self, arn: str) -> str | None: ...  # noqa: D102 - the same

    def key_used(self, access_key_id: str, at: datetime, service: str, region: str) -> None: ...  # noqa: D102 - the same

    def follow(self, clock: Callable[[], datetime]) -> None: ...  # noqa: D102 - the same

    def put_policy(self, owner: str, policy: Policy) -> None: ...  # noqa: D102 - the same

    def put_boundary(self, user: str, arn: str | None) -> None: ...  # noqa: D102 - the same

    def put_user(self, user: User) -> None: ...  # noqa: D102 - the same

    def put_key(self, key: Key) -> None: ...  # noqa: D102 - the same

    def put_device(self, device: Device) -> None: ...  # noqa: D102 - the same

    def put_role(self, role: Role) -> None: ...  # noqa: D102 - the same

    def put_oidc_provider(self, provider: OidcProvider) -> None: ...  # noqa: D102 - the same

    def put_saml_provider(self, provider: SamlProvider) -> None: ...  # noqa: D102 - the same

    def remove_user(self, name: str) -> None: ...  # noqa: D102 - the same

    def remove_key(self, access_key_id: str) -> None: ...  # noqa: D102 - the same

    def remove_device(self, serial_number: str) -> None: ...  # noqa: D102 - the same


def credentials(directory: Directory) -> dict[str, dict[str, str]]:
    """Return the credentials of all users with an active key, by name, as the ready line has them.

    Of several keys or devices the first counts.  A device that has codes in place of a secret is
    without ``totp_secret``.
    """
    users: dict[str, dict[str, str]] = {}
    for name in directory.user_names():
        key = next((key for key in directory.keys(name) if key.active), None)
        if key is None:
            continue
        user = {"access_key_id": key.access_key_id, "secret_access_key": key.secret_access_key}
        if device := next(iter(directory.devices(name)), None):
            user["mfa_arn"] = device.serial_number
            if seed := directory.seed(device.serial_number):
                user["totp_secret"] = seed
        users[name] = user
    return users


class DictDirectory:
    """A directory in dicts."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._keys: dict[str, Key] = {}
        self._devices: dict[str, Device] = {}
        self._roles: dict[str, Role] = {}
        self._oidc_providers: dict[str, OidcProvider] = {}
        self._saml_providers: dict[str, SamlProvider] = {}
        self._policies: dict[str, list[Policy]] = {}

    def beside(self, _account_id: str) -> DictDirectory:
        """Return the directory of another account of the same world."""
        return DictDirectory()

    def user(self, name: str) -> User | None:
        """Return the user of this name."""
        return self._users.get(name)

    def user_names(self) -> list[str]:
        """Return the names of all users, root's among them where it has a key or a device."""
        return sorted(self._users)

    def key(self, access_key_id: str) -> Key | None:
        """Return the key, active or not."""
        return self._keys.get(access_key_id)

    def keys(self, user: str) -> list[Key]:
        """Return the user's keys, oldest first."""
        return [key for key in self._keys.values() if key.user == user]

    def device(self, serial_number: str) -> Device | None:
        """Return the device with this serial number, which is an ARN for a virtual device."""
        return self._devices.get(serial_number)

    def devices(self, user: str) -> list[Device]:
        """Return the user's devices, oldest first."""
        return [device for device in self._devices.values() if device.user == user]

    def seed(self, serial_number: str) -> str | None:
        """Return the base32 seed of a virtual device, whether or not it is assigned to a user."""
        device = self._devices.get(serial_number)
        return device.seed if device else None

    def role(self, arn: str) -> Role | None:
        """Return the role with this ARN."""
        return self._roles.get(arn)

    def oidc_provider(self, url: str) -> OidcProvider | None:
        """Return the OpenID Connect provider with this URL, without ``https://``."""
        return self._oidc_providers.get(url)

    def saml_provider(self, arn: str) -> SamlProvider | None:
        """Return the SAML provider with this ARN."""
        return self._saml_providers.get(arn)

    def policies(self, owner: User | Role) -> list[Policy]:
        """Return the policies of a user or role, its permissions boundary among them."""
        return self._policies.get(owner.name, [])

    def managed_policy(self, _arn: str) -> None:
        """Return nothing: managed policies are IAM's."""

    def key_used(self, access_key_id: str, at: datetime, service: str, region: str) -> None:
        """Do nothing: the last use of a key is shown by IAM alone."""

    def follow(self, clock: Callable[[], datetime]) -> None:
        """Do nothing: only IAM shows when something was created."""

    def put_policy(self, owner: str, policy: Policy) -> None:
        """Add a policy to the user or role of this name."""
        self._policies.setdefault(owner, []).append(policy)

    def put_boundary(self, user: str, arn: str | None) -> None:
        """Do nothing: managed policies are IAM's."""

    def put_user(self, user: User) -> None:
        """Add or replace a user."""
        self._users[user.name] = user

    def put_key(self, key: Key) -> None:
        """Add or replace a key."""
        self._keys[key.access_key_id] = key

    def put_device(self, device: Device) -> None:
        """Add or replace a device."""
        self._devices[device.serial_number] = device

    def put_role(self, role: Role) -> None:
        """Add or replace a role."""
        self._roles[role.arn] = role

    def put_oidc_provider(self, provider: OidcProvider) -> None:
        """Add or replace an OpenID Connect provider."""
        self._oidc_providers[provider.url] = provider

    def put_saml_provider(self, provider: SamlProvider) -> None:
        """Add or replace a SAML provider."""
        self._saml_providers[provider.arn] = provider

    def remove_user(self, name: str) -> None:
        """Delete a user with its keys and devices."""
        del self._users[name]
        self._keys = {id_: key for id_, key in self._keys.items() if key.user != name}
        self._devices = {
            id_: device for id_, device in self._devices.items() if device.user != name
        }

    def remove_key(self, access_key_id: str) -> None:
        """Delete a key."""
        del self._keys[access_key_id]

    def remove_device(self, serial_number: str) -> None:
        """Deactivate and delete a device."""
        del self._devices[serial_number]
