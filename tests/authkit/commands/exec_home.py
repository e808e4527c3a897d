"""The command line of the real `authkit exec` in tests, and a session for it."""

from __future__ import annotations

import shlex
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fakes.world.cached_session import cached_session, session
from tests.support.forked import AUTHKIT

if TYPE_CHECKING:
    from tests.support.simulator import Home

EXEC = [AUTHKIT, "exec", "dev-admin", "--no-probe", "--"]
NOW = datetime.now(UTC).replace(microsecond=0)
CACHED = cached_session(session(NOW))


def by_sh(home: Home, line: str, given: bytes = b"") -> tuple[int, bytes, bytes]:
    """Run a line of bash with ``$EXEC`` in it; return its exit status, stdout and stderr."""
    done = subprocess.run(  # noqa: S603 - the tests' own
        ["bash", "-c", line],  # noqa: S607 - whichever there is
        env=home.environ | {"EXEC": shlex.join(EXEC)},
        input=given,
        capture_output=True,
        check=False,
        start_new_session=True,
    )
    return done.returncode, done.stdout, done.stderr
