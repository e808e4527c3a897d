"""B-L27: a real process is told what to run next, with the options that were given; and runs it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.support.simulator import KEYS, MFA, ROLE_CONFIG, WORLD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Home, Simulator

# A line, FILE being its config file, and the command that it ends with.
LINES = [
    ("--config FILE login", "login --identity deploy --config FILE"),
    (
        "login --config=FILE --force -i dev-admin",
        "login --identity dev-admin --force --config FILE",
    ),
    (
        "login deploy --region eu-west-1 --duration 2h --config FILE",
        "login --identity deploy --config FILE --duration 2h --region eu-west-1",
    ),
    (
        "exec --region eu-west-1 --config FILE -p deploy true",
        "login --identity deploy --config FILE --region eu-west-1",
    ),
    (
        "exec deploy --min-ttl 30m --config FILE true",
        "login --identity deploy --force --config FILE",
    ),
    ("env --config FILE", "login --identity deploy --config FILE"),
    ("whoami dev-admin --config FILE", "login --identity dev-admin --config FILE"),
    ("credential-process --config FILE", "login --identity deploy --config FILE"),
    (
        "user configure dev-admin --config FILE --no-verify",
        "user configure --identity dev-admin --no-verify --config FILE",
    ),
    ("exec --config FILE aws s3 ls", "exec --config FILE -- aws …"),
    ("list --config EMPTY", "login NAME --config EMPTY"),
]


@pytest.fixture
def elsewhere(online: Home, simulator: Simulator) -> Path:
    """Have keys with a device, and a config file that only --config names; return its path."""
    simulator.control("world", WORLD)
    online.put_in_keyring({"version": 1, **KEYS, "mfa_arn": MFA})
    path = online.path / "my config.toml"
    path.write_text(f'default = "deploy"\n{ROLE_CONFIG}')
    return path


@pytest.mark.parametrize(("line", "told"), LINES)
def test_it_bears_the_options(online: Home, elsewhere: Path, line: str, told: str) -> None:
    """B-L27: whatever the command: its own options, and the config file."""
    empty = elsewhere.with_name("empty.toml")
    empty.write_text("")
    paths = {"FILE": str(elsewhere), "EMPTY": str(empty)}
    words = [re.sub("FILE|EMPTY", lambda found: paths[found[0]], word) for word in line.split()]
    done = online.authkit(*words)
    wanted = re.sub("FILE|EMPTY", lambda found: shlex.quote(paths[found[0]]), told)
    wanted = wanted.replace("'", '"')  # where double quotes will do
    assert f"'authkit {wanted}'" in done.stderr
    if "…" not in wanted and "NAME" not in wanted:
        assert online.authkit(*shlex.split(wanted)).returncode == 1  # it is read, and asks
