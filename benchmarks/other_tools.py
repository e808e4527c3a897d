"""The tools that ``comparison`` runs: how to get and start each, and where its keys are.

aws-mfa and awsume are installed from a package index.  The others are programs that
somebody has installed: PEERS says how each is used, and the command line where it is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from authkit import __version__
from benchmarks.environments import ROOT, with_packages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FOLDER = ROOT / "build" / "comparison"  # build/ is ignored by git
OTHERS = {"aws-mfa": "0.0.12", "awsume": "4.5.4"}

KEY = {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "the-secret"}
DEVICE = "arn:aws:iam::123456789012:mfa/user"
PASSPHRASE, WRONG_PASSPHRASE = "a passphrase", "another passphrase"

_IN_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": KEY["id"], "AWS_SECRET_ACCESS_KEY": KEY["secret"]}
_PROFILE = f"region = us-east-1\nmfa_serial = {DEVICE}\n"


class Tool(NamedTuple):
    """A tool, and how to run it.

    `login` is the command for a session; `again` asks for a new one, whatever is cached;
    `day_and_half` for one of 36 hours; `run` is what stands before a command that gets the
    session.  None where the tool has no such command.  `prepare` writes keys and MFA device
    into a home folder, where the tool looks for them, and returns the environment
    variables that it needs.  `passphrase` is the variable with the passphrase of its keys,
    empty where it keeps them in a plain file.  `by_proxy` is set for one that only knows
    AWS's own addresses.  `better` is what it does and authkit does not.
    """

    name: str
    version: str
    login: Sequence[str]
    again: Sequence[str]
    prepare: Callable[[Path], Mapping[str, str]]
    run: Sequence[str] | None = None
    day_and_half: Sequence[str] | None = None
    passphrase: str = ""
    by_proxy: bool = False
    better: Sequence[str] = ()


def installed() -> Path:
    """Install the other tools if they are missing; return the folder of their programs."""
    return with_packages(FOLDER, (f"{name}=={version}" for name, version in OTHERS.items()))


def tools(programs: Path) -> list[Tool]:
    """Return the tools of a package index; `programs` is the folder of their programs."""
    awsume = f"exec {programs / 'awsumepy'} dev"  # as its shell function does
    aws_mfa = [str(programs / "aws-mfa")]
    return [
        Tool(
            "aws-mfa",
            OTHERS["aws-mfa"],
            aws_mfa,
            [*aws_mfa, "--force"],
            _aws_files,
            day_and_half=[*aws_mfa, "--duration", "129600"],
            better=("every program that reads `~/.aws/credentials` has the session",),
        ),
        Tool(
            "awsume",
            OTHERS["awsume"],
            ["sh", "-c", f"{awsume} > session"],
            ["sh", "-c", f"{awsume} --refresh > session"],
            _aws_files,
            better=("sets the present shell", "the code as an option (`--mfa-token`)", "plugins"),
        ),
    ]


def authkit() -> Tool:
    """Return authkit, of the environment that this runs in."""
    program = str(Path(sys.executable).with_name("authkit"))
    login = [program, "login", "dev"]
    return Tool(
        "authkit",
        __version__,
        login,
        [*login, "--force"],
        _encrypted_file,
        run=[program, "exec", "dev", "--"],
        day_and_half=[*login, "--duration", "36h"],
        passphrase="AUTHKIT_KEYRING_PASSPHRASE",  # noqa: S106 - the name of a variable
    )


def aws_vault(path: Path) -> Tool:
    """Return aws-vault, whose program is at `path`."""
    run = [str(path), "exec", "dev", "--"]
    anew = 'aws_vault=$1; "$aws_vault" clear dev && exec "$aws_vault" exec dev -- true'

    def prepare(home: Path) -> Mapping[str, str]:
        _write(home / ".aws" / "config", f"[profile dev]\n{_PROFILE}")
        environ = {
            "AWS_VAULT_BACKEND": "file",
            "AWS_VAULT_FILE_DIR": str(home / "keys"),
            "AWS_VAULT_FILE_PASSPHRASE": PASSPHRASE,
            "AWS_VAULT_PROMPT": "terminal",
        }
        _done([str(path), "add", "dev", "--env", "--no-add-config"], home, environ)
        return environ

    return Tool(
        "aws-vault",
        _version(path),
        [*run, "true"],
        ["sh", "-c", anew, "sh", str(path)],
        prepare,
        run=run,
        day_and_half=[str(path), "exec", "--duration", "36h", "dev", "--", "true"],
        passphrase="AWS_VAULT_FILE_PASSPHRASE",  # noqa: S106 - the name of a variable
        better=(
            "sessions are encrypted at rest; authkit's are plain files that only their owner reads",
            "the command replaces aws-vault: the same process id, and no process beside it",
            "a server that renews the credentials of a running command (`exec --ecs-server`)",
            "the code as an option (`--mfa-token`)",
            "rotates the access key itself (`rotate`)",
            "opens the web console (`login`)",
            "SSO and web identity",
            "keys in pass, passage, 1Password, Proton Pass or the kernel's keyring",
            "one program without an interpreter",
        ),
    )


def granted(path: Path) -> Tool:
    """Return granted, whose program is at `path`, with `assume` and `assumego` beside it."""
    assume = ["bash", "-c", '. assume "$@"', "assume"]

    def prepare(home: Path) -> Mapping[str, str]:
        config = home / ".aws" / "config"
        settings = 'DefaultBrowser = "STDOUT"\nDisableUsageTips = true\nOrdering = ""\n'
        _write(home / ".granted" / "config", f'{settings}[Keyring]\nBackend = "file"\n')
        _write(config, "")
        _write(home / ".aws" / "credentials", "")
        environ = {
            "CF_KEYRING_FILE_PASSWORD": PASSPHRASE,
            "GRANTED_ALIAS_CONFIGURED": "true",
            "PATH": f"{path.parent}:{os.defpath}",
            "SHELL": "/bin/bash",
        }
        _done([str(path), "credentials", "import-from-env", "--profile", "dev"], home, environ)
        _write(config, config.read_text(encoding="utf-8").rstrip() + f"\n{_PROFILE}")
        return environ

    return Tool(
        "granted",
        _version(path),
        [*assume, "dev"],
        [*assume, "--no-cache", "dev"],
        prepare,
        run=[*assume, "dev", "--exec", "--"],
        day_and_half=[*assume, "--duration", "36h", "dev"],
        passphrase="CF_KEYRING_FILE_PASSWORD",  # noqa: S106 - the name of a variable
        by_proxy=True,
        better=(
            "sessions are encrypted at rest",
            "sets the present shell, and finds a profile in a list",
            "the code as an option (`--mfa-token`)",
            "rotates the access key itself (`credentials rotate`)",
            "opens the web console (`--console`), in a browser profile of its own",
            "SSO, and a registry of profiles for a team",
            "one program without an interpreter",
        ),
    )


PEERS: Mapping[str, Callable[[Path], Tool]] = {"aws-vault": aws_vault, "granted": granted}


def _version(program: Path) -> str:
    told = subprocess.run(  # noqa: S603 - named on the command line
        [program, "--version"], capture_output=True, text=True, check=True, timeout=30
    )
    return (told.stdout or told.stderr).split()[-1]


def _done(command: Sequence[str], home: Path, environ: Mapping[str, str], typed: str = "") -> None:
    """Run a command that prepares a tool.  Raises CalledProcessError when it fails."""
    base = {"HOME": str(home), "LANG": "C.UTF-8", "PATH": os.defpath, **_IN_ENVIRONMENT}
    subprocess.run(  # noqa: S603 - see the callers
        command,
        env={**base, **environ},
        input=typed,
        text=True,
        capture_output=True,
        check=True,
        timeout=60,
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _aws_files(home: Path) -> Mapping[str, str]:
    """Write keys and device into ~/.aws, under the names that each tool documents."""
    keys = f"aws_access_key_id = {KEY['id']}\naws_secret_access_key = {KEY['secret']}\n"
    credentials = f"[default-long-term]\n{keys}aws_mfa_device = {DEVICE}\n[dev]\n{keys}"
    _write(home / ".aws" / "credentials", credentials)
    profile = f"[profile dev]\n{_PROFILE}"
    _write(home / ".aws" / "config", f"[default]\nregion = us-east-1\n{profile}")
    return {}


def _encrypted_file(home: Path) -> Mapping[str, str]:
    """Write keys and device into authkit's encrypted file, by its own command."""
    environ = {"AUTHKIT_KEYRING": "file", "AUTHKIT_KEYRING_PASSPHRASE": PASSPHRASE}
    entry = {"access_key_id": KEY["id"], "secret_access_key": KEY["secret"], "mfa_arn": DEVICE}
    program = str(Path(sys.executable).with_name("authkit"))
    line = [program, "user", "configure", "dev", "--stdin", "--no-verify"]
    _done(line, home, environ, json.dumps(entry))
    return environ
