"""Command lines spelt in other ways, and settings in each form: each means what its plain one does.

The laws judge the plain line (docs/contract.md, "Commands"; B-L23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.explore.configs import REGION
from tests.explore.machine import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping


class Spelling(NamedTuple):
    """A plain line, and the words that mean the same."""

    line: tuple[str, ...]
    words: tuple[str, ...]
    config: str | None = None


_LOGIN = ("login", NAME, "--duration", "45m30s", "--region", "eu-west-3")
_EXEC = ("exec", NAME, "--region", "eu-central-1", "--", "x", "-i", "y")
_FISH = ("env", NAME, "--format", "fish")
_JSON = ("whoami", NAME, "--json")
_LISTED = ("list", "--check", "--json")
_KEYS = ("logout", NAME, "--keys")
_LONG = ("login", NAME, "--duration", "36h")
_DAY = ("login", NAME, "--duration", "25h0s")
SPELLINGS: Mapping[str, Spelling] = {
    "login-equals": Spelling(_LOGIN, ("login", "--duration=45m30s", "--region=eu-west-3", NAME)),
    "login-identity": Spelling(
        _LOGIN, ("login", "--region", "eu-west-3", f"--identity={NAME}", "--duration", "2730")
    ),
    "login-twice": Spelling(_LOGIN, ("login", NAME, "-i", NAME, "-p", NAME, *_LOGIN[2:])),
    "login-last-counts": Spelling(_LOGIN, (*_LOGIN[:2], "--duration", "1h", *_LOGIN[2:])),
    "login-blanks": Spelling(_LOGIN, ("login", NAME, "--duration= 45m30s ", *_LOGIN[4:])),
    "login-days": Spelling(_LONG, ("login", NAME, "--duration", "1d12h")),
    "login-seconds": Spelling(_LONG, ("login", NAME, "--duration", "129600")),
    "login-minutes": Spelling(_LONG, ("login", NAME, "--duration", "2160m")),
    "login-a-day": Spelling(_DAY, ("login", NAME, "--duration", "1d3600s")),
    "login-shortest": Spelling(
        ("login", NAME, "--duration", "15m"), ("login", NAME, "--duration", "900")
    ),
    "login-force": Spelling(("login", NAME, "--force"), ("login", "--force", f"-i{NAME}")),
    "login-no-input": Spelling(("login", NAME), ("login", NAME, "--no-input")),
    "login-config": Spelling(
        ("login", NAME, "--config", "/x/y.toml"), ("--config=/x/y.toml", "login", NAME), REGION
    ),
    "exec-equals": Spelling(_EXEC, ("exec", NAME, "--region=eu-central-1", "x", "-i", "y")),
    "exec-option-first": Spelling(_EXEC, ("exec", *_EXEC[2:4], NAME, "x", "-i", "y")),
    "exec-identity-last": Spelling(_EXEC, ("exec", *_EXEC[2:4], "-i", NAME, "x", "-i", "y")),
    "exec-dashes": Spelling(_EXEC, ("exec", f"-p={NAME}", *_EXEC[2:])),
    "exec-min-ttl": Spelling(
        ("exec", NAME, "--min-ttl", "90m", "--", "x"), ("exec", "--min-ttl=5400", NAME, "--", "x")
    ),
    "exec-min-ttl-none": Spelling(("exec", NAME, "--", "x"), ("exec", NAME, "--min-ttl", "0", "x")),
    "exec-probe": Spelling(
        ("exec", NAME, "--no-probe", "--", "x"), ("exec", "--no-probe", NAME, "x")
    ),
    "env-equals": Spelling(_FISH, ("env", "--format=fish", "--profile", NAME)),
    "env-bash": Spelling(("env", NAME), ("env", "--format", "bash", NAME)),
    "env-zsh": Spelling(("env", NAME), ("env", NAME, "--format=zsh")),
    "env-sh": Spelling(("env", NAME), ("env", f"-i={NAME}", "--format", "sh")),
    "env-last-counts": Spelling(_FISH, ("env", NAME, "--format", "json", "--format", "fish")),
    "env-unset": Spelling(("env", NAME, "--unset"), ("env", "--unset", NAME)),
    "whoami-json": Spelling(_JSON, ("whoami", "--output", "json", NAME)),
    "whoami-equals": Spelling(_JSON, ("whoami", "--output=json", f"-p{NAME}")),
    "whoami-text": Spelling(("whoami", NAME), ("whoami", "--json", NAME, "--output", "text")),
    "whoami-offline": Spelling(
        ("whoami", NAME, "--offline"), ("whoami", "--offline", "--identity", NAME)
    ),
    "list-json": Spelling(_LISTED, ("list", "--output", "json", "--check")),
    "list-text": Spelling(("list",), ("list", "--output=text")),
    "logout-keys": Spelling(_KEYS, ("logout", "--keys", f"--profile={NAME}")),
    "logout-all": Spelling(("logout", "--all", "--keys"), ("logout", "--keys", "--all")),
    "process": Spelling(("credential-process", NAME), ("credential-process", "-i", NAME)),
    "configure": Spelling(
        ("user", "configure", NAME, "--no-verify"), ("user", "configure", "--no-verify", "-p", NAME)
    ),
    "profile-add": Spelling(
        ("profile", "add", NAME, "--region", "eu-west-3"),
        ("profile", "add", "--region=eu-west-3", "-i", NAME),
    ),
    "profile-remove": Spelling(("profile", "remove", NAME), ("profile", "remove", f"-i={NAME}")),
    "doctor": Spelling(("doctor", NAME, "--json"), ("doctor", "--output=json", f"-p{NAME}")),
}
# What is asked for help, and for the version.
_VERSION = ("version",)
HELPS: Mapping[str, Spelling] = {
    "alone": Spelling(("help",), ("help",)),
    "option": Spelling(("help",), ("--help",)),
    "short": Spelling(("help",), ("-h",)),
    "of-nothing": Spelling(("help",), ()),
    "version": Spelling(_VERSION, ("--version",)),
    "version-short": Spelling(_VERSION, ("-V",)),
    "version-before-a-command": Spelling(_VERSION, ("--version", "login", NAME)),
    **{
        f"{verb.replace(' ', '-')}{way}": Spelling(("help", *verb.split()), words)
        for verb in (
            *("login", "whoami", "exec", "logout", "user configure", "list", "env", "import"),
            *("credential-process", "profile add", "profile remove", "doctor"),
        )
        for way, words in {
            "": ("help", *verb.split()),
            "-option": (*verb.split(), "--help"),
            "-behind": (*verb.split(), "-h", "--config", "/x/y.toml"),
        }.items()
    },
    "exec-before-the-child": Spelling(("help", "exec"), ("exec", NAME, "--help", "--", "x")),
    "user": Spelling(("help", "user", "configure"), ("user", "--help")),
}
