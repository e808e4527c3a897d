"""The examples of the documentation, run as separate projects, with the commands of their pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.support.pages import blocks

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "key_rotation"
PAGE = (ROOT / "docs" / "write-a-kind.md").read_text("utf-8")
PORT = "18400"  # as the page prints it


def test_the_example_project() -> None:
    """The example's own tests pass, in its folder and with its settings."""
    command = [sys.executable, "-m", "pytest", "-q"]
    ran = subprocess.run(  # noqa: S603 - our own
        command, cwd=EXAMPLE, capture_output=True, text=True, check=False, start_new_session=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_a_kind_from_elsewhere(tmp_path: Path) -> None:
    """The commands of docs/write-a-kind.md do what it says, as printed; the example's tests pass.

    The distribution is built and installed into a folder of its own.  Only the port differs.
    """
    config, target = tmp_path / "config.toml", tmp_path / "installed"
    config.write_text(blocks(PAGE, "toml")[0], "utf-8")
    first, *others = blocks(PAGE, "sh")
    script = "".join([first, "trap 'kill $!' EXIT\n", *others]).replace(PORT, str(free_port()))
    settings = {
        # pip's options: into that folder, of what is here, with the build backend that is here.
        "PIP_TARGET": str(target),
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_NO_INDEX": "1",
        "PYTHONPATH": str(target),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "HOME": str(tmp_path),
        "AUTHKIT_CONFIG": str(config),
        "AUTHKIT_STATE_DIR": str(tmp_path / "state"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    ran = subprocess.run(  # noqa: S603 - our own page
        ["bash", "-ec", script],  # noqa: S607 - the first of PATH
        cwd=ROOT,
        env=settings | {"LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert ran.returncode == 0, ran.stdout
    for said in (
        "Azure knows these keys: aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "Provider   azure-service-principal",
        "a token of 7 characters",
        "robot     azure/service-principal  stored  59m",
        "38 passed",
    ):
        assert said in ran.stdout, ran.stdout
