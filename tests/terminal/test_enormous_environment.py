"""B-E01: an environment as large as the system takes goes through `authkit exec` as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.authkit.commands.test_exec import CACHED, EXEC, put

if TYPE_CHECKING:
    from tests.support.simulator import Home

MANY = {f"VARIABLE_{number}": f"{number}-{'x' * 500}" for number in range(2000)}  # a megabyte
LONG = {"LONGEST": "y" * 130_000}  # one text may have 128 KiB on Linux


def test_an_enormous_environment(home: Home) -> None:
    """B-E01, B-E02: every variable arrives, whole, beside the session's."""
    put(home, CACHED)
    home.extra = MANY | LONG
    done = home.run(*EXEC, "env")
    assert (done.returncode, done.stderr) == (0, "")
    arrived = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    assert {name: arrived.get(name) for name in MANY | LONG} == MANY | LONG
    assert arrived["AWS_ACCESS_KEY_ID"] == "ASIAX"
