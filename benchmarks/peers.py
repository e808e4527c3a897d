"""The programs that somebody has installed: how ``comparison`` prepares and runs each.

The command line says where a program is.  Each gets its keys by its own command.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from benchmarks.other_tools import PASSPHRASE, PROFILE, Tool, done, typed, version, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_ATMOS = """\
auth:
  realm: here
  identities:
    dev:
      kind: aws/user
      credentials: {region: us-east-1, webflow_enabled: false}
"""


def aws_vault(path: Path) -> Tool:
    """Return aws-vault, whose program is at `path`."""
    run = [str(path), "exec", "dev", "--"]
    anew = 'aws_vault=$1; "$aws_vault" clear dev && exec "$aws_vault" exec dev -- true'

    def prepare(home: Path) -> Mapping[str, str]:
        write(home / ".aws" / "config", f"[profile dev]\n{PROFILE}")
        environ = {
            "AWS_VAULT_BACKEND": "file",
            "AWS_VAULT_FILE_DIR": str(home / "keys"),
            "AWS_VAULT_FILE_PASSPHRASE": PASSPHRASE,
            "AWS_VAULT_PROMPT": "terminal",
        }
        done([str(path), "add", "dev", "--env", "--no-add-config"], home, environ)
        return environ

    return Tool(
        "aws-vault",
        version(path),
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
        write(home / ".granted" / "config", f'{settings}[Keyring]\nBackend = "file"\n')
        write(config, "")
        write(home / ".aws" / "credentials", "")
        environ = {
            "CF_KEYRING_FILE_PASSWORD": PASSPHRASE,
            "GRANTED_ALIAS_CONFIGURED": "true",
            "PATH": f"{path.parent}:{os.defpath}",
            "SHELL": "/bin/bash",
        }
        done([str(path), "credentials", "import-from-env", "--profile", "dev"], home, environ)
        write(config, config.read_text(encoding="utf-8").rstrip() + f"\n{PROFILE}")
        return environ

    return Tool(
        "granted",
        version(path),
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


def atmos(path: Path) -> Tool:
    """Return Atmos, whose program is at `path`."""
    program = [str(path), "auth"]
    login = [*program, "login", "--identity", "dev"]
    anew = 'atmos=$1; "$atmos" auth logout dev --force && exec "$atmos" auth login --identity dev'
    longer = "atmos-36h.yaml"  # a length is asked for in the configuration alone

    def prepare(home: Path) -> Mapping[str, str]:
        write(home / "atmos.yaml", _ATMOS)
        write(home / longer, f"{_ATMOS}      session: {{duration: 36h}}\n")
        environ = {
            "ATMOS_CLI_CONFIG_PATH": str(home),  # whatever folder it is started in
            "ATMOS_KEYRING_PASSWORD": PASSPHRASE,
            "ATMOS_KEYRING_TYPE": "file",
            "ATMOS_TELEMETRY_ENABLED": "false",
        }
        typed([*program, "user", "configure"], home, environ)
        return environ

    return Tool(
        "atmos",
        version(path),
        login,
        ["sh", "-c", anew, "sh", str(path)],
        prepare,
        run=[*program, "exec", "--identity", "dev", "--"],
        day_and_half=[str(path), "--config", longer, *login[1:]],
        passphrase="ATMOS_KEYRING_PASSWORD",  # noqa: S106 - the name of a variable
        better=(
            "without keys, it logs in by the web browser (`auth login --webflow`)",
            "opens the web console (`auth console`)",
            "SSO, SAML and web identity, and identities of Azure and Google Cloud",
            "chooses an identity by tags (`auth login --tags`)",
            "shows what a logout would remove (`auth logout --dry-run`)",
            "one program without an interpreter, which runs Terraform with an identity by itself",
        ),
    )


PEERS: Mapping[str, Callable[[Path], Tool]] = {
    "aws-vault": aws_vault,
    "granted": granted,
    "atmos": atmos,
}
