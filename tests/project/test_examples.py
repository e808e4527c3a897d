"""The example of docs/simulator.md, run as a separate project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "key_rotation"


def test_the_example_project() -> None:
    """The example's own tests pass, in its folder and with its settings."""
    command = [sys.executable, "-m", "pytest", "-q"]
    ran = subprocess.run(  # noqa: S603 - our own
        command, cwd=EXAMPLE, capture_output=True, text=True, check=False, start_new_session=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout
