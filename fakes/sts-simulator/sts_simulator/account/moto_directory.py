"""A directory in moto's IAM: STS sees the changes of IAM calls at once, and IAM those of STS.

Users, keys, roles and virtual MFA devices are moto's.  What moto's IAM cannot
hold is kept beside it: the root user with its keys and devices, devices with
lists of codes, and how long a key takes to spread.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from moto.iam.models import AccessKeyLastUsed, VirtualMfaDevice, iam_backends

from sts_simulator.account import moto_ids  # noqa: F401 - sets the prefixes of moto's ids
from sts_simulator.account.clock import real_time
from sts_simulator.account.directory import (
    ACCOUNT_ID,
    PARTITION,
    ROOT,
    Device,
    DictDirectory,
    Key,
    OidcProvider,
    Policy,
    Role,
    SamlProvider,
    User,
)
from sts_simulator.account.moto_dates import dated_by, present
from sts_simulator.account.policies import BOUNDARY, IDENTITY_BASED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from moto.iam.models import AccessKey

_STATUS = {True: "Active", False: "Inactive"}
_DEFAULT_LIMIT = 3600  # seconds: a role's MaxSessionDuration when none was given
_UNUSED_CODE = "000000"  # moto records the two codes of EnableMFADevice


class MotoDirectory:
    """The directory of one account in one partition."""

    def __init__(self, account_id: str = ACCOUNT_ID, partition: str = PARTITION) -> None:
        self._account_id = account_id
        self._partition = partition
        self._beside = DictDirectory()
        self._spreads_after: dict[str, timedelta | int] = {}
        self._now: Callable[[], datetime] = real_time

    def follow(self, clock: Callable[[], datetime]) -> None:
        """Take the dates of what is created here from this clock."""
        self._now = clock

    def beside(self, account_id: str) -> MotoDirectory:
        """Return the directory of another account, empty: moto may have it of an earlier world."""
        other = MotoDirectory(account_id, self._partition)
        other.clear()
        return other

    def clear(self) -> None:
        """Remove everything, from moto's IAM too."""
        self._iam.reset()
        self._beside = DictDirectory()
        self._spreads_after.clear()

    def user(self, name: str) -> User | None:
        """Return the IAM user, or root."""
        known = self._iam.users.get(name)
        if known is None:
            return self._beside.user(name)
        tags = _plain(self._iam.list_user_tags(name))
        return User(known.name, known.id, known.arn, tags)

    def user_names(self) -> list[str]:
        """Return the names of all users, root's among them where it has a key or a device."""
        return sorted([*self._iam.users, *self._beside.user_names()])

    def key(self, access_key_id: str) -> Key | None:
        """Return the key, active or not."""
        known = self._iam.access_keys.get(access_key_id)
        if known is None:
            return self._beside.key(access_key_id)
        # moto keeps the keys of a deleted user, so a new user of that name would get them.
        owner = self._iam.users.get(known.user_name)
        return self._key(known) if owner and known in owner.access_keys else None

    def keys(self, user: str) -> list[Key]:
        """Return the user's keys, oldest first."""
        if known := self._iam.users.get(user):
            return [self._key(key) for key in known.access_keys]
        return self._beside.keys(user)

    def device(self, serial_number: str) -> Device | None:
        """Return the device: from IAM with its base32 seed, or with its list of codes."""
        virtual = self._iam.virtual_mfa_devices.get(serial_number)
        if virtual is None:
            return self._beside.device(serial_number)
        if virtual.user is None:  # created, but not assigned to a user
            return None
        return Device(serial_number, virtual.user.name, seed=virtual.base32_string_seed)

    def devices(self, user: str) -> list[Device]:
        """Return the user's devices: IAM's, then those with lists of codes."""
        known = self._iam.users.get(user)
        held = self._iam.list_mfa_devices(user) if known else []
        return [
            *(
                Device(d.serial_number, user, enabled=d.enable_date.replace(tzinfo=UTC))
                for d in held
            ),
            *self._beside.devices(user),
        ]

    def seed(self, serial_number: str) -> str | None:
        """Return the base32 seed of a virtual device, whether or not it is assigned to a user."""
        virtual = self._iam.virtual_mfa_devices.get(serial_number)
        return virtual.base32_string_seed if virtual else None

    def role(self, arn: str) -> Role | None:
        """Return the role with this ARN."""
        known = self._role(arn)
        if known is None:
            return None
        limit = timedelta(seconds=int(known.max_session_duration or _DEFAULT_LIMIT))
        trust = known.assume_role_policy_document
        tags = _plain(known.tags or [])
        return Role(known.name, known.id, known.arn, trust, limit, tags)

    def oidc_provider(self, url: str) -> OidcProvider | None:
        """Return the OpenID Connect provider with this URL, without ``https://``."""
        known = next((one for one in self._iam.open_id_providers.values() if one.url == url), None)
        return known and OidcProvider(known.arn, known.url, known.client_id_list)

    def saml_provider(self, arn: str) -> SamlProvider | None:
        """Return the SAML provider with this ARN."""
        known = next((one for one in self._iam.saml_providers.values() if one.arn == arn), None)
        return known and SamlProvider(known.arn, known.name, known.saml_metadata_document or "")

    def policies(self, owner: User | Role) -> list[Policy]:
        """Return the policies of a user and its groups, or of a role, boundary included."""
        if isinstance(owner, Role):
            known = self._role(owner.arn)
            holders = [known] if known else []
        else:
            known = self._iam.users.get(owner.name)
            groups = self._iam.get_groups_for_user(owner.name) if known else []
            holders = [known, *groups] if known else []
        found = [
            Policy(IDENTITY_BASED, name, document)
            for holder in holders
            for name, document in [
                *holder.policies.items(),
                *((arn, self.managed_policy(arn) or "") for arn in holder.managed_policies),
            ]
        ]
        boundary = getattr(known, "permissions_boundary_arn", None)
        if boundary:
            found.append(Policy(BOUNDARY, boundary, self.managed_policy(boundary) or ""))
        return found

    def managed_policy(self, arn: str) -> str | None:
        """Return the default version of a managed policy, in JSON."""
        known = self._iam.managed_policies.get(arn)
        if known is None:
            return None
        default = known.default_version_id
        return next((one.document for one in known.versions if one.version_id == default), None)

    def key_used(self, access_key_id: str, at: datetime, service: str, region: str) -> None:
        """Set what GetAccessKeyLastUsed shows."""
        if known := self._iam.access_keys.get(access_key_id):
            known.last_used = AccessKeyLastUsed(at.replace(tzinfo=None), service, region)

    def put_user(self, user: User) -> None:
        """Add a user, or set the id of the existing one."""
        if user.name == ROOT:
            self._beside.put_user(user)
        else:
            known = self._iam.users.get(user.name)
            with dated_by(self._now):
                known = known or self._iam.create_user(self._partition, user.name)
            known.id = user.user_id

    def put_key(self, key: Key) -> None:
        """Add or replace a key.  Any id is accepted, and more keys than IAM's limit of two."""
        self._spreads_after[key.access_key_id] = key.spreads_after
        if key.user == ROOT:
            self._beside.put_key(key)
            return
        made = self._iam.access_keys.get(key.access_key_id)
        if made is None:
            with dated_by(self._now):
                made = self._iam.users[key.user].create_access_key(prefix="AKIA")
            made.access_key_id = key.access_key_id
            self._iam.access_keys[key.access_key_id] = made
        made.secret_access_key = key.secret_access_key
        made.status = _STATUS[key.active]

    def put_device(self, device: Device) -> None:
        """Add a device.  With a seed it is a virtual device in IAM, enabled."""
        if device.seed is None or device.user == ROOT:
            self._beside.put_device(replace(device, enabled=self._now()))
            return
        serial, codes = device.serial_number, (_UNUSED_CODE, _UNUSED_CODE)
        with dated_by(self._now):
            virtual = VirtualMfaDevice(self._account_id, self._partition, "")
            virtual.enable_date = present()
            virtual.serial_number = serial
            virtual.base32_string_seed = device.seed
            self._iam.virtual_mfa_devices[serial] = virtual
            self._iam.enable_mfa_device(device.user, serial, *codes)

    def put_policy(self, owner: str, policy: Policy) -> None:
        """Add an inline policy to the user or role of this name."""
        holder = self._iam.users.get(owner) or self._iam.get_role(owner)
        holder.policies[policy.name] = policy.document

    def put_boundary(self, user: str, arn: str | None) -> None:
        """Set or remove the permissions boundary of a user, which moto keeps for roles alone."""
        self._iam.get_user(user).permissions_boundary_arn = arn

    def put_role(self, role: Role) -> None:
        """Add a role."""
        seconds = str(int(role.max_session_duration.total_seconds()))
        with dated_by(self._now):
            made = self._iam.create_role(role.name, role.trust, "/", None, "", [], seconds)
        del self._iam.roles[made.id]
        made.id = role.user_id
        self._iam.roles[made.id] = made

    def put_oidc_provider(self, provider: OidcProvider) -> None:
        """Add or replace an OpenID Connect provider."""
        self._iam.delete_open_id_connect_provider(provider.arn)
        with dated_by(self._now):
            url = f"https://{provider.url}"
            self._iam.create_open_id_connect_provider(url, [], list(provider.client_ids), [])

    def put_saml_provider(self, provider: SamlProvider) -> None:
        """Add or replace a SAML provider."""
        with dated_by(self._now):
            self._iam.create_saml_provider(provider.name, provider.metadata)

    def remove_user(self, name: str) -> None:
        """Delete a user with its keys and devices."""
        if name == ROOT:
            self._beside.remove_user(name)
        else:
            del self._iam.users[name]

    def remove_key(self, access_key_id: str) -> None:
        """Delete a key."""
        if access_key_id in self._iam.access_keys:
            self._iam.delete_access_key_by_name(access_key_id)
        else:
            self._beside.remove_key(access_key_id)

    def remove_device(self, serial_number: str) -> None:
        """Deactivate and delete a device."""
        virtual = self._iam.virtual_mfa_devices.get(serial_number)
        if virtual is None:
            self._beside.remove_device(serial_number)
            return
        if virtual.user:
            self._iam.deactivate_mfa_device(virtual.user.name, serial_number)
        self._iam.delete_virtual_mfa_device(serial_number)

    @property
    def _iam(self) -> Any:  # noqa: ANN401 - the types of moto's backend are incomplete
        return iam_backends[self._account_id][self._partition]

    def _role(self, arn: str) -> Any:  # noqa: ANN401 - moto's role, None for none
        return next((role for role in self._iam.roles.values() if role.arn == arn), None)

    def _key(self, known: AccessKey) -> Key:
        return Key(
            known.access_key_id,
            known.secret_access_key,
            known.user_name or "",
            active=known.status == "Active",
            spreads_after=self._spreads_after.get(known.access_key_id, 0),
        )


def _plain(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}
