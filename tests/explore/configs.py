"""The config files of the explored commands, and how the model reads them by itself."""

from __future__ import annotations

import re
import shlex
import tomllib
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tests.explore.machine import ANOTHER_ACCOUNTS, BETWEEN, MFA, NAME, ROLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    Settings = Mapping[str, str]

ACCOUNT, ROLES_ACCOUNT = "123456789012", "210987654321"
ROLE_ARN = f"arn:aws:iam::{ROLES_ACCOUNT}:role/teams/{ROLE}"
USER, OF_ROLE = "aws/user", "aws/assume-role"
BROUGHT = "test/brought"  # a kind from elsewhere (``tests.support.brought_kind``)
_JOINED = re.compile("(-[ip]|--[a-z-]+(?==))=?(.+)", re.DOTALL)  # an option with its value
OF_BROUGHT = ("scope", "session_duration")  # its settings, as its fields have them
DEFAULT_REGION = "us-east-1"
OPT_IN_REGION = "af-south-1"  # accounts have to enable it (B-L19)
# Seconds of a session: of any, and of a user's, of a role and of a role reached by a role.
SHORTEST, LONGEST, LONGEST_OF_ROLE, LONGEST_OF_CHAIN = 900, 129_600, 43_200, 3600

_ROLE = f"""
[identities.{ROLE}]
kind = "{OF_ROLE}"
source = "{NAME}"
role_arn = "{ROLE_ARN}"
"""
ROLES = f'[identities."{NAME}"]\n{_ROLE}external_id = "external-id"\n'
# Everything that can be set for a role, and another region for its source.
ROLES_WITH_ALL = (
    f'[identities."{NAME}"]\nregion = "eu-west-1"\nsession_duration = "5h7s"\n'
    f'{_ROLE}region = "eu-central-1"\nsession_duration = "1h30m5s"\n'
)
# Everything for the source and nothing for the role, which takes none of it; and the reverse.
ROLE_PLAIN = f'[identities."{NAME}"]\nregion = "eu-west-1"\nsession_duration = "5h7s"\n{_ROLE}'
ROLE_ALONE = (
    f'{_ROLE}region = "eu-central-1"\nsession_duration = "1h30m5s"\nexternal_id = "audit-9"\n'
    f'[identities."{NAME}"]\n'
)
ROLE_OPT_IN = f'[identities."{NAME}"]\n{_ROLE}region = "{OPT_IN_REGION}"\n'
# The role is reached by another role, whose sessions are an hour's at most.
CHAIN = f"""[identities."{NAME}"]

[identities.{BETWEEN}]
kind = "{OF_ROLE}"
source = "{NAME}"
role_arn = "arn:aws:iam::{ROLES_ACCOUNT}:role/{BETWEEN}"
session_duration = "3h"

[identities.{ROLE}]
kind = "{OF_ROLE}"
source = "{BETWEEN}"
role_arn = "{ROLE_ARN}"
session_duration = "50m5s"
"""
BY_CONFIG = f'[identities."{NAME}"]\nmfa_arn = "{MFA}"\nsession_duration = "5h7s"\n'
BY_ANOTHER_ACCOUNT = f'[identities."{NAME}"]\nmfa_arn = "{ANOTHER_ACCOUNTS}"\n'
BY_PROCESS = f'[identities."{NAME}"]\nmfa_process = "print-code \'of a\' b"\n'
BY_WORDS = f'[identities."{NAME}"]\nmfa_process = ["print-code", "of a", "b"]\n'
ROLE_BY_PROCESS = f"{BY_PROCESS}{_ROLE}"
BY_DEVICE = f'{BY_PROCESS}mfa_arn = "{MFA}"\n'
OPT_IN = f'[identities."{NAME}"]\nregion = "{OPT_IN_REGION}"\n'
REGION = f'[identities."{NAME}"]\nregion = "eu-west-1"\n'
ELSEWHERE = f'[identities."{NAME}"]\nkind = "{BROUGHT}"\n'
ELSEWHERE_SCOPE = f'{ELSEWHERE}scope = "Admin"\n'  # which is kept in small letters
ELSEWHERE_SET = f'{ELSEWHERE_SCOPE}session_duration = "2h5s"\n'


@lru_cache(maxsize=256)
def settings(config: str | None, name: str) -> Settings:
    """Return what a config file sets for an identity, its kind among it.  No TOML sets nothing."""
    found = _tables(config).get("identities", {}).get(name, {})
    if "scope" in found:
        found = {**found, "scope": found["scope"].lower()}
    return MappingProxyType({"kind": USER, **found})


@lru_cache(maxsize=256)
def program(config: str | None, name: str) -> tuple[str, ...]:
    """Return the words of the command that prints an identity's codes, () without one."""
    said: str | list[str] = settings(config, name).get("mfa_process", "")
    return tuple(shlex.split(said) if isinstance(said, str) else said)


@lru_cache(maxsize=256)
def is_brought(config: str | None, name: str) -> bool:
    """Tell whether an identity is of a kind from elsewhere."""
    return settings(config, name)["kind"] == BROUGHT


def _tables(config: str | None) -> dict[str, Any]:
    """Return what a config file holds, without what is no table or text (``wrong_lines``)."""
    try:
        found = tomllib.loads((config or "").removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return {}
    tables = found.get("identities")
    named = tables.items() if isinstance(tables, dict) else ()
    own = {name: _texts(table) for name, table in named if isinstance(table, dict)}
    return {**found, "identities": own}


def _texts(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if isinstance(value, str | list)}


@lru_cache(maxsize=256)
def identities(config: str | None) -> frozenset[str]:
    """Return the names in a config file."""
    return frozenset(_tables(config).get("identities", {}))


@lru_cache(maxsize=256)
def default(config: str | None) -> str:
    """Return the identity that a config file names for who names none, "" for none."""
    return str(_tables(config).get("default", ""))


def root(config: str | None, name: str) -> str:
    """Return the identity with whose keys this one is reached."""
    seen = {name}
    while (source := settings(config, name).get("source")) and source not in seen:
        name = source
        seen.add(name)
    return name


@lru_cache(maxsize=256)
def asked_for(config: str | None, role_arn: str) -> str:
    """Return whose session a call asks for: the role's with this ARN, the user's without one."""
    roles = (name for name in (BETWEEN, ROLE) if settings(config, name).get("role_arn") == role_arn)
    return next(roles, ROLE) if role_arn else NAME


@lru_cache(maxsize=256)
def longest(config: str | None, name: str) -> int:
    """Return the seconds that AWS grants an identity at most (B-L21, B-K03)."""
    source = settings(config, name).get("source")
    if not source:
        return LONGEST
    return LONGEST_OF_CHAIN if settings(config, source).get("source") else LONGEST_OF_ROLE


@lru_cache(maxsize=256)
def role_fingerprint(config: str | None, name: str = ROLE) -> str:
    """Return what a session file holds of settings that the config file alone has.

    It is "" for a user, and of a kind from elsewhere all but the duration.
    """
    found = settings(config, name)
    brought = is_brought(config, name)
    names = ("scope",) if brought else ("source", "role_arn", "external_id")
    texts = "\0".join(found.get(each, "") for each in names)
    return sha256(texts.encode()).hexdigest()[:32] if brought or found["kind"] == OF_ROLE else ""


@lru_cache(maxsize=4096)
def option(line: tuple[str, ...], name: str) -> str:
    """Return the value of an option of authkit's own on a command line, "" for none."""
    own = plain(line[: line.index("--")] if "--" in line else line)
    values = [value for word, value in pairwise(own) if word == name]
    return values[-1] if values else ""


@lru_cache(maxsize=4096)
def plain(line: tuple[str, ...]) -> tuple[str, ...]:
    """Return a line with the values of options as words of their own (``spellings``)."""
    words: list[str] = []
    for word in line:
        joined = _JOINED.fullmatch(word)
        words += joined.groups() if joined else (word,)
    return tuple(words)


def region(config: str | None, line: tuple[str, ...], name: str) -> str:
    """Return the region where STS is asked for an identity (B-E02)."""
    return option(line, "--region") or settings(config, name).get("region", DEFAULT_REGION)
