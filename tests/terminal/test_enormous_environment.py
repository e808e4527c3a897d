"""B-E01: `authkit exec` passes on an environment as large as the system allows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fakes.world.cached_session import cached_session, session, write_session

if TYPE_CHECKING:
    from tests.support.simulator import Home

MANY = {f"VARIABLE_{number}": f"{number}-{'x' * 500}" for number in range(2000)}  # a megabyte
LONG = {"LONGEST": "y" * 130_000}  # Linux allows 128 KiB for one variable


@pytest.mark.usefixtures("anew")  # it is the new interpreter that is given so much
def test_an_enormous_environment(home: Home) -> None:
    """B-E01, B-E02: the child has every variable, complete, and the session's variables."""
    write_session(home.path / "state", cached_session(session(datetime.now(UTC))))
    home.extra = MANY | LONG
    done = home.authkit("exec", "dev-admin", "--no-probe", "--", "env")
    assert (done.returncode, done.stderr) == (0, "")
    arrived = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    assert {name: arrived.get(name) for name in MANY | LONG} == MANY | LONG
    assert arrived["AWS_ACCESS_KEY_ID"] == "ASIAXXXXXXXXXXXXXXXX"
