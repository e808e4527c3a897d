"""The simulator's shell with authkit in it: ``python -m fakes shell``.

In it ``authkit``, ``aws`` and ``sim`` reach the simulator and nothing else.
authkit's config file, keyring and state folder are in the shell's temporary
HOME, and authkit lives at the simulated time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fakes.world import file_keyring
from sts_simulator.play import shell

if TYPE_CHECKING:
    from sts_simulator.play.shell import Environ, Users

CHECKOUT = Path(__file__).parents[1]
TRY = """\
An AWS account of your own, gone when you leave ('exit').  Time stands still.
  authkit login     'sim keys' says what to type;  'sim code' an MFA code
  sim rotate        your key is replaced;  then  authkit login --force
  sim advance 37h   then  authkit whoami,  or  authkit exec -- aws s3 ls
  sim fault Throttling --on GetSessionToken --times 2   and more:  sim --help
"""

_AT_THE_CLOCK = ("fakes.world.launcher", "--shared", "--clock")
_CONFIG = """\
default = "dev-admin"

[identities.dev-admin]

[identities.deploy]
kind = "aws/assume-role"
source = "dev-admin"
role_arn = "arn:aws:iam::123456789012:role/deploy"
"""


def run() -> int:
    """Run the shell in this terminal; return its exit status."""
    return shell.run("authkit-shell-", TRY, _add_authkit)


def _add_authkit(home: Path, endpoint: str, _users: Users, environ: Environ) -> Environ:
    """Write authkit's config file and command; return the environment with authkit's variables."""
    (home / "config.toml").write_text(_CONFIG, encoding="utf-8")
    called = ("--called", str(home / "bin" / "authkit"))  # for profiles: they live at that time too
    shell.add_command(home, "authkit", [*_AT_THE_CLOCK, endpoint, *called, "authkit"])
    kept = {name: text for name, text in environ.items() if not name.startswith("AUTHKIT_")}
    kept.pop("CI", None)  # with CI set authkit asks no questions
    return kept | {
        "AUTHKIT_CONFIG": str(home / "config.toml"),
        "AUTHKIT_STATE_DIR": str(home / "state"),
        "PYTHONPATH": str(CHECKOUT),
        "PYTHON_KEYRING_BACKEND": file_keyring.BACKEND,
        file_keyring.FILE: str(home / "keyring.json"),
    }
