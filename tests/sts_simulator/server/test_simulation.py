"""A running simulation, and the account that it starts with."""

from __future__ import annotations

import pytest

from sts_simulator.account.directory import ROOT
from sts_simulator.server.simulation import Simulation
from sts_simulator.server.starting_world import starting_world


def test_a_wrong_table_changes_nothing() -> None:
    """The table is checked before the account is replaced."""
    simulation = Simulation(starting_world([], [], "seed"))
    before = simulation.account
    with pytest.raises(ValueError, match="keez"):
        simulation.load({"keez": {}})
    assert simulation.account is before
    assert before.directory.user("dev-admin")
    assert before.directory.user(ROOT) is None


def test_a_reset_restores_clock_faults_and_users() -> None:
    """Ids after a reset differ from those before it."""
    simulation = Simulation(starting_world([], [], "seed"))
    simulation.clock.tick(ticks=False)
    simulation.account.administrator.delete_user("dev-admin")
    before = simulation.account.new_request_id()
    simulation.reset()
    assert simulation.clock.ticks
    assert simulation.account.directory.user("dev-admin")
    assert simulation.account.new_request_id() != before


def test_a_reload_keeps_the_world_the_clock_and_the_faults() -> None:
    """The keys of the world are good again, and sessions of before are not known."""
    simulation = Simulation({})
    simulation.load({"keys": {"a": {"id": "AKIAXXXXXXXXXXXXXXXX", "user": "somebody"}}})
    simulation.clock.tick(ticks=False)
    simulation.account.administrator.delete_user("somebody")
    before = simulation.account
    simulation.reload()
    assert simulation.account is not before
    assert simulation.account.directory.key("AKIAXXXXXXXXXXXXXXXX")
    assert not simulation.clock.ticks


def test_no_two_worlds_issue_the_same_without_a_seed() -> None:
    """H2: a session of an earlier world stays refused when the new world has issued one too."""
    simulation = Simulation({})
    table = {"keys": {"a": {"user": "dev-admin"}}}
    simulation.load(table)
    first = issued_by(simulation)
    simulation.load(table)
    assert issued_by(simulation).isdisjoint(first)
    other = Simulation({})
    other.load(table)
    assert issued_by(other).isdisjoint(first)


def test_with_a_seed_every_run_issues_the_same() -> None:
    """Worlds with the same seed and number agree, and the worlds of one run still differ."""
    runs = []
    for _ in range(2):
        simulation = Simulation({}, "seed")
        runs.append(issued_by(simulation))
        simulation.load({})
        runs.append(issued_by(simulation))
    assert runs[:2] == runs[2:]
    assert runs[0].isdisjoint(runs[1])


def issued_by(simulation: Simulation) -> set[str]:
    """Return ids and secrets that the present world makes next."""
    made = simulation.account.administrator.rotate("dev-admin")
    user = simulation.account.directory.user("dev-admin")
    assert user is not None
    return {made.access_key_id, made.secret_access_key, user.user_id}
