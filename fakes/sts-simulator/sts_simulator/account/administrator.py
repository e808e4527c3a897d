"""An administrator's changes to an account: users, keys, devices, roles and providers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sts_simulator.account.directory import (
    ROOT,
    Device,
    Key,
    OidcProvider,
    Policy,
    Role,
    SamlProvider,
    User,
    account_in,
)
from sts_simulator.account.policies import IDENTITY_BASED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from sts_simulator.account.directory import Directory
    from sts_simulator.account.ids import Ids

_ACCOUNT_ID = re.compile(r"[0-9]{12}")


class Administrator:
    """Changes a directory under a lock.  What does not exist raises LookupError."""

    def __init__(
        self,
        directory: Directory,
        ids: Ids,
        arn: str,
        lock: AbstractContextManager[object],
    ) -> None:
        """`arn` is the prefix of the account's ARNs: ``arn:aws:iam::123456789012:``."""
        self._directory = directory
        self._ids = ids
        self.arn = arn
        self._lock = lock

    def arn_of(self, name: str) -> str:
        """Return the ARN of the user of this name, or of the role when there is no such user.

        An ARN stays as it is, and an account id stands for that account.
        """
        if name.startswith("arn:"):
            return name
        if _ACCOUNT_ID.fullmatch(name):
            return f"{self.arn.partition('::')[0]}::{name}:root"
        user = self._directory.user(name)
        return user.arn if user else f"{self.arn}role/{name}"

    def add_user(self, name: str) -> User:
        """Create a user, or return the existing one.  `ROOT` is the account's root user."""
        with self._lock:
            return self._directory.user(name) or self._new_user(name)

    def delete_user(self, name: str) -> None:
        """Delete a user.  Its keys and sessions are refused from then on."""
        with self._lock:
            self._directory.remove_user(name)

    def add_key(
        self,
        user: str,
        access_key_id: str | None = None,
        secret_access_key: str | None = None,
        *,
        active: bool = True,
        spreads_after: timedelta | int = 0,
    ) -> Key:
        """Create a key, and the user if there is none.  Makes up what is not given."""
        with self._lock:
            self.add_user(user)
            key = Key(
                access_key_id or self._ids.access_key_id("AKIA"),
                secret_access_key or self._ids.secret(),
                user,
                active,
                spreads_after,
            )
            self._directory.put_key(key)
            return key

    def add_device(
        self,
        user: str,
        serial_number: str,
        codes: tuple[str, ...] = (),
        seed: str | None = None,
    ) -> Device:
        """Create an MFA device of the user, which is created if there is none.

        The device accepts `codes`, or else is TOTP by a base32 `seed`, made up when not given.
        """
        with self._lock:
            self.add_user(user)
            if not codes:
                seed = seed or self._ids.totp_seed(serial_number)
            device = Device(serial_number, user, codes, seed)
            self._directory.put_device(device)
            return device

    def remove_device(self, serial_number: str) -> None:
        """Deactivate and delete an MFA device.  Its codes are refused from then on."""
        with self._lock:
            if self._directory.device(serial_number) is None:
                raise LookupError(f"there is no MFA device {serial_number}")
            self._directory.remove_device(serial_number)

    def add_role(
        self, name: str, trust: str, max_session_duration: timedelta = timedelta(hours=1)
    ) -> Role:
        """Create a role.  `trust` is its trust policy, in JSON."""
        with self._lock:
            arn = f"{self.arn}role/{name}"
            role = Role(name, self._ids.role_id(name), arn, trust, max_session_duration)
            self._directory.put_role(role)
            return role

    def add_oidc_provider(self, url: str, client_ids: Sequence[str]) -> OidcProvider:
        """Create an OpenID Connect provider.  `client_ids` are the audiences that it accepts."""
        with self._lock:
            bare = url.partition("://")[2] or url
            provider = OidcProvider(f"{self.arn}oidc-provider/{bare}", bare, client_ids)
            self._directory.put_oidc_provider(provider)
            return provider

    def add_saml_provider(self, name: str, metadata: str) -> SamlProvider:
        """Create a SAML provider.  `metadata` is its metadata document, in XML."""
        with self._lock:
            provider = SamlProvider(f"{self.arn}saml-provider/{name}", name, metadata)
            self._directory.put_saml_provider(provider)
            return provider

    def add_policy(self, owner: str, name: str, document: str) -> None:
        """Add an identity policy, in JSON, to the user or role of this name."""
        with self._lock:
            self._directory.put_policy(owner, Policy(IDENTITY_BASED, name, document))

    def rotate(
        self,
        user: str,
        access_key_id: str | None = None,
        secret_access_key: str | None = None,
        *,
        spreads_after: timedelta | int = 0,
    ) -> Key:
        """Delete the keys of the user, and create a new one."""
        with self._lock:
            self._check_user(user)
            for key in list(self._directory.keys(user)):
                self._directory.remove_key(key.access_key_id)
            return self.add_key(user, access_key_id, secret_access_key, spreads_after=spreads_after)

    def check_user(self, name: str) -> None:
        """Raise LookupError, with the nearest name, unless there is a user of this name."""
        try:
            self._check_user(name)
        except LookupError as error:
            names = self._directory.user_names()
            near = get_close_matches(name, names, n=1) or [", ".join(names)]
            raise LookupError(f"{error}; the nearest is {near[0]}") from None

    def _check_user(self, name: str) -> None:
        if self._directory.user(name) is None:
            raise LookupError(f"there is no user {name}")

    def activate(self, access_key_id: str) -> None:
        """Activate the key."""
        self._set_active(access_key_id, active=True)

    def deactivate(self, access_key_id: str) -> None:
        """Deactivate the key.  It is refused from then on; its sessions stay valid."""
        self._set_active(access_key_id, active=False)

    def delete_key(self, access_key_id: str) -> None:
        """Delete the key.  It is refused from then on; its sessions stay valid."""
        with self._lock:
            self._directory.remove_key(self._key(access_key_id).access_key_id)

    def _set_active(self, access_key_id: str, *, active: bool) -> None:
        with self._lock:
            self._directory.put_key(replace(self._key(access_key_id), active=active))

    def _key(self, access_key_id: str) -> Key:
        key = self._directory.key(access_key_id)
        if key is None:
            raise LookupError(f"there is no key {access_key_id}")
        return key

    def _new_user(self, name: str) -> User:
        if name == ROOT:  # AWS uses the account id as the root user's id
            user = User(name, account_in(self.arn), f"{self.arn}root")
        else:
            user = User(name, self._ids.user_id(name), f"{self.arn}user/{name}")
        self._directory.put_user(user)
        return user
