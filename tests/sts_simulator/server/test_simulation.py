"""A running simulation, and the account that it starts with."""

from __future__ import annotations

import pytest

from sts_simulator.account.directory import ROOT
from sts_simulator.server.simulation import Simulation, starting_world, users_of


def test_by_default_there_is_one_user_with_a_device() -> None:
    """Without options the only user is dev-admin, with a key and a device."""
    users = users_of(starting_world([], []))
    assert list(users) == ["dev-admin"]
    assert list(users["dev-admin"]) == [
        "access_key_id",
        "secret_access_key",
        "mfa_arn",
        "totp_secret",
    ]


def test_users_are_given_keys_and_devices_once() -> None:
    """Users keep their order, without duplicates; those of the second list have a device."""
    users = users_of(starting_world(["plain", "plain"], ["dev-admin"]))
    assert [*users] == ["plain", "dev-admin"]
    assert "mfa_arn" not in users["plain"]
    assert users == users_of(starting_world(["plain"], ["dev-admin"]))


def test_a_wrong_table_changes_nothing() -> None:
    """The table is checked before the account is replaced."""
    simulation = Simulation(starting_world([], []))
    before = simulation.account
    with pytest.raises(ValueError, match="keez"):
        simulation.load({"keez": {}})
    assert simulation.account is before
    assert before.directory.user("dev-admin")
    assert before.directory.user(ROOT) is None


def test_a_reset_restores_clock_faults_and_users() -> None:
    """Ids after a reset differ from those before it."""
    simulation = Simulation(starting_world([], []))
    simulation.clock.tick(ticks=False)
    simulation.account.administrator.delete_user("dev-admin")
    before = simulation.account.new_request_id()
    simulation.reset()
    assert simulation.clock.ticks
    assert simulation.account.directory.user("dev-admin")
    assert simulation.account.new_request_id() != before
