"""The pytest plugin, in a project of somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

TESTS = """
def test_one(sts_simulator):
    sts_simulator.fault("*", "Throttling", times=0)
    sts_simulator.rotate("alice")
    assert [*sts_simulator.users] == ["alice"]

def test_two(sts_simulator):
    assert sts_simulator.control("GET", "faults") == []
    assert sts_simulator.calls() == []
    assert "mfa_arn" in sts_simulator.users["alice"]
"""


def test_the_fixture_is_there_once_the_distribution_is_installed(pytester: pytest.Pytester) -> None:
    """No conftest names the plugin; the users are the ini option's, and each test has a reset."""
    pytester.makeini("[pytest]\nsts_simulator = --mfa alice\n")
    pytester.makepyfile(TESTS)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_the_users_by_default(pytester: pytest.Pytester) -> None:
    """There are two: one with a device and one without."""
    pytester.makepyfile(
        "def test(sts_simulator):\n    assert [*sts_simulator.users] == ['plain', 'dev-admin']\n"
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
