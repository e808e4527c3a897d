"""stages.machine: the files that authkit finds at level terminal, and those that it leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fakes.world.children import Child
from fakes.world.config import HOME, PROGRAM
from fakes.world.keyring import ABSENT
from scenarios.replay.stages.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine whose clock is never asked."""
    return Machine(tmp_path, "http://127.0.0.1:1", "America/Phoenix")


def test_authkit_finds_the_config_file_while_there_is_one(machine: Machine) -> None:
    """The variable names the file, and is unset when the file is removed."""
    machine.configure("region = 'eu-west-1'")
    environ = machine.authkit(["list"], {}, None).environ
    with open(environ["AUTHKIT_CONFIG"], encoding="utf-8") as file:  # noqa: PTH123 - a text
        assert file.read() == "region = 'eu-west-1'"
    machine.configure(None)
    assert "AUTHKIT_CONFIG" not in machine.authkit(["list"], {}, None).environ


def test_session_files_and_markers_are_for_their_owner_alone(machine: Machine) -> None:
    """They are as authkit leaves them: 0600 in folders of 0700."""
    machine.put_sessions({"dev-admin": "{}"}, marked=["dev-admin"])
    assert machine.sessions() == {"dev-admin": "{}"}
    for name in ("sessions/dev-admin.json", "identities/dev-admin"):
        path = machine.state / name
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_child_is_found_in_path_and_its_environment_is_kept(machine: Machine) -> None:
    """The program says and ends as the story tells; its environment can be read afterwards."""
    assert machine.found() is None
    machine.install("it", Child(exit=3, says="hello"))
    environ = {**machine.authkit([], {"A": "1"}, None).environ}
    done = subprocess.run(  # noqa: S602 - the program just written
        "it",  # noqa: S607 - found in PATH on purpose
        shell=True,
        env=environ | {"PATH": f"{environ['PATH']}:/bin:/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert (done.returncode, done.stdout) == (3, "hello\n")
    found = machine.found()
    assert found is not None
    assert found["A"] == "1"


def test_a_machine_has_no_keyring_where_the_story_has_none(machine: Machine) -> None:
    """The backend is then keyring's own that always fails."""
    assert "file_keyring" in machine.authkit([], {}, None).environ["PYTHON_KEYRING_BACKEND"]
    machine.keyring.state = ABSENT
    environ = machine.authkit([], {}, None).environ
    assert "PYTHON_KEYRING_BACKEND" not in environ
    config = Path(environ["HOME"], ".config", "python_keyring", "keyringrc.cfg")
    assert "default-keyring = keyring.backends.fail.Keyring" in config.read_text(encoding="utf-8")


def test_whether_authkit_has_a_terminal(machine: Machine) -> None:
    """The launcher makes the terminal the controlling one where there is somebody to ask."""
    assert "--own-terminal" in machine.authkit(["login"], {}, None).command
    assert "--own-terminal" in machine.authkit(["exec"], {}, "data").command
    piped = machine.authkit(["login"], {}, "{}", own_terminal=False)
    assert "--own-terminal" not in piped.command
    assert (piped.command[-2:], piped.stdin) == (["authkit", "login"], "{}")


def test_a_screen_has_the_home_folder_of_stories(machine: Machine, tmp_path: Path) -> None:
    """The temporary folder's name is replaced."""
    assert machine.as_told(f"{tmp_path}/home/.config/x") == "/home/dev/.config/x"


def test_a_screen_has_the_names_of_stories(machine: Machine) -> None:
    """AWS's endpoint instead of the simulator's; one id for every process, without its command."""
    told = machine.as_told(
        "http://127.0.0.1:1/: Connection refused by process 15 (python -P x) or 155", [15]
    )
    assert told == "https://sts.us-east-1.amazonaws.com/: Connection refused by process 4711 or 155"


def test_files_of_the_persons_own(machine: Machine, tmp_path: Path) -> None:
    """They have the home folder and the program of this machine, and are told with the story's."""
    told = f"{HOME}/x\r\n{PROGRAM} credential-process\n"
    machine.put_files({"~/.aws/config": told})
    written = (tmp_path / "home" / ".aws" / "config").read_bytes().decode()
    assert written.startswith(f"{tmp_path}/home/x\r\n")
    assert written.endswith(f"{Path(sys.executable).with_name('authkit')} credential-process\n")
    assert machine.files(["~/.aws/config", "~/none"]) == {"~/.aws/config": told}
