"""The ``[account]`` table of a scenario, which is also the body of POST /_sim/world.

The table describes the first account of a world, and under `accounts` the others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sts_simulator.account import schema
from sts_simulator.account.account_schema import ACCOUNT_SCHEMA
from sts_simulator.account.directory import ACCOUNT_ID, ROOT
from sts_simulator.account.durations import parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta

    from sts_simulator.account.administrator import Administrator

DEFAULT_USER = "dev-admin"


def settings(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of the account in the table, as keyword arguments of `Account`.

    Raises ValueError that names the wrong place in the table, and why it is wrong.
    """
    schema.check(table, ACCOUNT_SCHEMA, "account")
    others = table.get("accounts", {})
    if table.get("id", ACCOUNT_ID) in others:
        raise ValueError(f"account.accounts.{table.get('id', ACCOUNT_ID)}: it is the first account")
    _check_policies(table, "account", _users(table) or {DEFAULT_USER})
    for account_id, other in others.items():
        _check_policies(other, f"account.accounts.{account_id}", _users(other))
    _check_key_ids(table)
    readings: dict[str, Any] = {
        "account_id": table.get("id"),
        "partition": table.get("partition"),
        "latency": "latency" in table and parse_duration(table["latency"]),
        "session_ids": tuple(table.get("session_ids", ())),
        "skew": "skew" in table and parse_duration(table["skew"]),
        **own_settings(table),
    }
    return {name: reading for name, reading in readings.items() if reading}


def own_settings(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that each account of a world has of its own, those that are given."""
    regions = table.get("regions", {})
    readings = {
        "enforce": table.get("enforce"),
        "disabled_regions": frozenset(regions.get("disabled", ())),
        "not_enabled_regions": frozenset(regions.get("not_enabled", ())),
    }
    return {name: reading for name, reading in readings.items() if reading is not None}


def populate(
    administrator: Administrator, table: Mapping[str, Any], *, implied: bool = False
) -> None:
    """Create users, keys, roles and so on of one account, which `settings` has checked.

    `implied`: without any key or device there is the user `DEFAULT_USER`.
    """
    keys, devices = _owned(table)
    for owned in [*keys, *devices] or ([{}] if implied else []):
        administrator.add_user(_owner(owned))
    for key in keys:
        if key.get("state") != "deleted":
            administrator.add_key(
                _owner(key),
                key.get("id"),
                key.get("secret"),
                active=key.get("state") != "inactive",
                spreads_after=_spread(key.get("spreads_after", 0)),
            )
    for device in devices:
        administrator.add_device(
            _owner(device),
            device["arn"],
            tuple(device.get("codes", ())),
            device.get("secret"),
        )
    for url, audiences in table.get("oidc_providers", {}).items():
        administrator.add_oidc_provider(url, audiences)
    for name, role in table.get("roles", {}).items():
        longest = parse_duration(role.get("max_session_duration", "1h"))
        trust = json.dumps(role["trust"]) if "trust" in role else _trust(administrator, role)
        administrator.add_role(name, trust, longest)
    for name, metadata in table.get("saml_providers", {}).items():
        administrator.add_saml_provider(name, metadata)
    for name, document in table.get("policies", {}).items():
        administrator.add_policy(name, "policy", json.dumps(document))


def _owned(table: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """Return the keys and the devices of a table."""
    devices = table.get("mfa", [])
    return [*table.get("keys", {}).values()], devices if isinstance(devices, list) else [devices]


def _users(table: Mapping[str, Any]) -> set[str]:
    keys, devices = _owned(table)
    return {_owner(owned) for owned in [*keys, *devices]}


def _check_policies(table: Mapping[str, Any], name: str, users: set[str]) -> None:
    """Raise ValueError for a policy of nobody; root can have none."""
    for owner in (
        table.get("policies", {}).keys() - (users - {ROOT}) - table.get("roles", {}).keys()
    ):
        raise ValueError(f"{name}.policies.{owner}: there is no user and no role of this name")


def _check_key_ids(table: Mapping[str, Any]) -> None:
    """Raise ValueError for an access key id in two accounts: by it STS finds the account."""
    owners: dict[str, str] = {}
    for name, account in _all_accounts(table):
        for key in account.get("keys", {}).values():
            if "id" in key and owners.setdefault(key["id"], name) != name:
                raise ValueError(
                    f"{name}.keys: {owners[key['id']]}.keys has the id {key['id']} too"
                )


def _all_accounts(table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "account", table
    for account_id, other in table.get("accounts", {}).items():
        yield f"account.accounts.{account_id}", other


def _trust(administrator: Administrator, role: Mapping[str, Any]) -> str:
    """Return the trust policy of a role in the table."""
    names = role.get("trusts")
    trusted = [administrator.arn_of(name) for name in names or ()]
    if names is None:
        trusted = [f"{administrator.arn}root"]
    condition = {}
    if role.get("mfa"):
        condition["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    if "external_id" in role:
        condition["StringEquals"] = {"sts:ExternalId": role["external_id"]}
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": trusted},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _owner(table: Mapping[str, Any]) -> str:
    return ROOT if table.get("root") else str(table.get("user", DEFAULT_USER))


def _spread(written: str | int) -> timedelta | int:
    return parse_duration(written) if isinstance(written, str) else int(written)
