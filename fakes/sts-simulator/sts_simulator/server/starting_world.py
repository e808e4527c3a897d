"""The accounts that the simulator starts with: from the options of ``serve``, or from a file."""

from __future__ import annotations

import json
import re
import secrets
import tomllib
from typing import TYPE_CHECKING, Any

from sts_simulator.account.account import Account
from sts_simulator.account.account_table import DEFAULT_USER
from sts_simulator.account.clock import real_time
from sts_simulator.account.directory import ACCOUNT_ID, ROOT
from sts_simulator.account.ids import Ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def random_seed() -> str:
    """Return a seed that nobody else has."""
    return secrets.token_hex(16)


def starting_world(users: Sequence[str], with_device: Sequence[str], seed: str) -> dict[str, Any]:
    """Return the table of a world with these users, each with a key.

    Those of `with_device` have an MFA device too.  A user of another account than
    `ACCOUNT_ID` is written like ``210987654321/auditor``.  Without any user the first account
    has `DEFAULT_USER`, with a device.  Keys and devices follow from `seed`.  Raises
    ValueError for a name that is empty or an account that is no account's id.
    """
    plain, fitted = [_placed(user) for user in users], [_placed(user) for user in with_device]
    placed = [account for account, _ in (*plain, *fitted)]
    if ACCOUNT_ID not in placed:
        fitted.append((ACCOUNT_ID, DEFAULT_USER))
    ids = Ids(seed)
    tables = {
        account: _account(
            account,
            [name for there, name in plain if there == account],
            [name for there, name in fitted if there == account],
            ids,
        )
        for account in dict.fromkeys((ACCOUNT_ID, *placed))
    }
    first = {"id": ACCOUNT_ID} | tables.pop(ACCOUNT_ID)
    return first | ({"accounts": tables} if tables else {})


def _placed(user: str) -> tuple[str, str]:
    """Return the account and the name of a user."""
    account, slash, name = user.rpartition("/")
    account = account if slash else ACCOUNT_ID
    if not name or not re.fullmatch("[0-9]{12}", account):
        raise ValueError(f"{user!r} is no user's name, NAME or 210987654321/NAME")
    return account, name


def _account(account: str, plain: list[str], fitted: list[str], ids: Ids) -> dict[str, Any]:
    """Return the table of one account: users without and with a device."""
    return {
        "keys": {
            name: {"id": ids.access_key_id("AKIA"), "secret": ids.secret(), "user": name}
            for name in dict.fromkeys([*plain, *fitted])
        },
        "mfa": [
            {"arn": arn, "secret": ids.totp_seed(arn), "user": name}
            for name in dict.fromkeys(fitted)
            for arn in [f"arn:aws:iam::{account}:mfa/{name}"]
        ],
    }


def read_world(file: Path, seed: str) -> dict[str, Any]:
    """Return the table in a file: JSON, or TOML in a file that ends in ``.toml``.

    Ids and secrets that its keys lack follow from `seed`.  Raises OSError, and
    ValueError that says what is wrong.
    """
    text = file.read_text(encoding="utf-8")
    table = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    Account.from_table(table, real_time)
    ids = Ids(seed)
    world = {"id": ACCOUNT_ID} | table | {"keys": _whole_keys(table, ids)}
    if others := table.get("accounts", {}):
        whole = {id_: other | {"keys": _whole_keys(other, ids)} for id_, other in others.items()}
        world["accounts"] = whole
    return world


def _whole_keys(table: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    return {
        name: {"id": ids.access_key_id("AKIA"), "secret": ids.secret()} | key
        for name, key in table.get("keys", {}).items()
    }


def accounts_of(world: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the ready line says of the accounts but the first, by id: their users."""
    return {id_: {"users": users_of(other)} for id_, other in world.get("accounts", {}).items()}


def users_of(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the credentials of the users of an account whose keys have ids and secrets, by name.

    Of a user with several active keys or devices the first counts; a device that has
    codes in place of a secret is given without ``totp_secret``.
    """
    users: dict[str, dict[str, str]] = {}
    for key in table.get("keys", {}).values():
        if key.get("state", "active") == "active":
            named = {"access_key_id": key["id"], "secret_access_key": key["secret"]}
            users.setdefault(_owner(key), named)
    devices = table.get("mfa", [])
    for device in devices if isinstance(devices, list) else [devices]:
        user = users.get(_owner(device), {})
        if "mfa_arn" not in user:
            user["mfa_arn"] = device["arn"]
            user |= {"totp_secret": device["secret"]} if "secret" in device else {}
    return users


def _owner(table: Mapping[str, Any]) -> str:
    return ROOT if table.get("root") else str(table.get("user", DEFAULT_USER))
