"""The tools that ``comparison`` runs: how to get and start each, and where its keys are.

aws-mfa and awsume are installed from a package index; ``peers`` has those that are not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from authkit import __version__
from benchmarks.at_terminals import Person, on_terminal
from benchmarks.environments import ROOT, with_packages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FOLDER = ROOT / "build" / "comparison"  # build/ is ignored by git
OTHERS = {"aws-mfa": "0.0.12", "awsume": "4.5.4"}

KEY = {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "the-secret"}
DEVICE = "arn:aws:iam::123456789012:mfa/user"
PASSPHRASE, WRONG_PASSPHRASE = "a passphrase", "another passphrase"

_IN_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": KEY["id"], "AWS_SECRET_ACCESS_KEY": KEY["secret"]}
_FORM = {  # what is typed into a form for an identity, keys and device; blank takes the default
    "dev": "",  # chosen from a list
    "access key id": KEY["id"],
    "secret access key": KEY["secret"],
    "mfa arn": DEVICE,
    "session duration": "",
}
PROFILE = f"region = us-east-1\nmfa_serial = {DEVICE}\n"


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


def version(program: Path) -> str:
    """Return the first word with a digit of what a program says of its version."""
    told = subprocess.run(  # noqa: S603 - named on the command line
        [program, "--version"], capture_output=True, text=True, check=True, timeout=30
    )
    words = (told.stdout or told.stderr).split()
    return next(word for word in words if any(map(str.isdigit, word)))


def done(command: Sequence[str], home: Path, environ: Mapping[str, str], typed: str = "") -> None:
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


def typed(command: Sequence[str], home: Path, environ: Mapping[str, str]) -> None:
    """Type keys and device into the form of a command.  Raises RuntimeError when it fails."""
    base = {"HOME": str(home), "LANG": "C.UTF-8", "PATH": os.defpath, "TERM": "xterm"}
    ran = on_terminal(command, {**base, **environ}, home, Person(_FORM, []))
    if ran.exit != 0:
        message = f"{command[0]}: {ran.ending}; it asked for {', '.join(ran.asked) or 'nothing'}"
        raise RuntimeError(message)


def write(path: Path, text: str) -> None:
    """Write a file, and make its folder."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _aws_files(home: Path) -> Mapping[str, str]:
    """Write keys and device into ~/.aws, under the names that each tool documents."""
    keys = f"aws_access_key_id = {KEY['id']}\naws_secret_access_key = {KEY['secret']}\n"
    credentials = f"[default-long-term]\n{keys}aws_mfa_device = {DEVICE}\n[dev]\n{keys}"
    write(home / ".aws" / "credentials", credentials)
    profile = f"[profile dev]\n{PROFILE}"
    write(home / ".aws" / "config", f"[default]\nregion = us-east-1\n{profile}")
    return {}


def _encrypted_file(home: Path) -> Mapping[str, str]:
    """Write keys and device into authkit's encrypted file, by its own command."""
    environ = {"AUTHKIT_KEYRING": "file", "AUTHKIT_KEYRING_PASSPHRASE": PASSPHRASE}
    entry = {"access_key_id": KEY["id"], "secret_access_key": KEY["secret"], "mfa_arn": DEVICE}
    program = str(Path(sys.executable).with_name("authkit"))
    line = [program, "user", "configure", "dev", "--stdin", "--no-verify"]
    done(line, home, environ, json.dumps(entry))
    return environ
