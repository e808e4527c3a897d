"""Fixtures of the tests of the real `authkit exec`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from fakes.world.cached_session import write_session
from tests.authkit.commands.exec_home import CACHED, EXEC
from tests.support.pty_tools import ENVIRON, Shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.simulator import Home


@pytest.fixture
def parent(home: Home) -> Home:
    """Return a home with a session, without keys and without a network."""
    write_session(home.path / "state", CACHED)
    home.extra = {name: ENVIRON[name] for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    return home


@pytest.fixture
def shell(parent: Home) -> Iterator[Shell]:
    """Return an interactive bash in that home; ``$EXEC`` is the start of the command line."""
    opened = Shell()
    exports = parent.environ | {"EXEC": shlex.join(EXEC)}
    for name in ("AUTHKIT_STATE_DIR", "XDG_CONFIG_HOME", "HOME", "EXEC", "PATH"):
        opened.run(f"export {name}={shlex.quote(exports[name])}")
    yield opened
    opened.close()
