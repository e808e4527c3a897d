"""The account that the simulator starts with: from the options of ``serve``, or from a file."""

from __future__ import annotations

import json
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
    """Return the table of an account with these users, each with a key.

    Those of `with_device` have an MFA device too.  Without any user there is
    `DEFAULT_USER`, with a device.  Keys and devices follow from `seed`.  Raises
    ValueError for a name that is empty.
    """
    if not users and not with_device:
        with_device = [DEFAULT_USER]
    if "" in (*users, *with_device):
        raise ValueError("a user has a name")
    ids = Ids(seed)
    return {
        "id": ACCOUNT_ID,
        "keys": {
            name: {
                "id": ids.access_key_id("AKIA"),
                "secret": ids.secret(),
                "user": name,
            }
            for name in dict.fromkeys([*users, *with_device])
        },
        "mfa": [
            {"arn": arn, "secret": ids.totp_seed(arn), "user": name}
            for name in dict.fromkeys(with_device)
            for arn in [f"arn:aws:iam::{ACCOUNT_ID}:mfa/{name}"]
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
    keys = {
        name: {"id": ids.access_key_id("AKIA"), "secret": ids.secret()} | key
        for name, key in table.get("keys", {}).items()
    }
    return {"id": ACCOUNT_ID} | table | {"keys": keys}


def users_of(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the credentials of the users of a world whose keys have ids and secrets, by name.

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
