"""What there is before a command, by name: entries, sessions, markers, notes, files."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import crc32

from fakes.world.config import PATH
from tests.explore.chooser import choice
from tests.explore.machine import FIRST, KEYS, MFA, NAME, ROLE, SETTINGS, written

if TYPE_CHECKING:
    from tests.explore.machine import Machine

Pair = tuple[str, str]
ACCOUNT = "123456789012"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
AWS_FOLDER = "/home/dev/.aws"
AWS_CREDENTIALS = f"{AWS_FOLDER}/credentials"
AWS_CONFIG = f"{AWS_FOLDER}/config"
PROFILES = f'[profile "{NAME}"]\nregion = eu-west-1\n'
CREDENTIALS = (
    f"[{NAME}]\naws_access_key_id = AKIAPROFILEPROFILE00\n"
    "aws_secret_access_key = secret-of-profile\n"
)

QUOTES = "'\"$(x)`\\"  # what a shell reads, at the end of each token

_PLAIN = KEYS | SETTINGS
ENTRIES: dict[str, str | None] = {
    "keys and device": written(_PLAIN),
    "none": None,
    "keys alone": written(KEYS),
    "settings alone": written(SETTINGS),
    "session credentials": written(_PLAIN | {"access_key_id": "ASIASESSIONSESSION00"}),
    "a session token": written(_PLAIN | {"session_token": "token-in-the-entry"}),
    "an id alone": written(SETTINGS | {"access_key_id": FIRST[0]}),
    "a secret alone": written(SETTINGS | {"secret_access_key": FIRST[1]}),
    "an empty secret": written(_PLAIN | {"secret_access_key": ""}),
    "a number": '{"version": 1, "access_key_id": 7, "secret_access_key": "secret-of-first"}',
    "corrupt": "{",
    "no object": "[]",
    "of a later version": written(KEYS, 2),
}
ENTRY = choice(
    *("entry", "keys and device", "none", "keys alone", "settings alone", "session credentials"),
    *("an id alone", "corrupt", "of a later version"),
    rare=("a secret alone", "an empty secret", "a number", "no object", "a session token"),
)
# Entries that a recording must not hold as they are.
ODD_ENTRY = choice("entry", "a session token", "a number", "corrupt")
SESSION = choice(
    *("session", "none", "good", "ends soon", "expired", "of other keys", "corrupt"),
    *("of another duration", "of another device"),
    rare=("with --duration", "of another identity"),
)
GOOD_SESSION = choice("session", "good", "none", "ends soon", "expired", "of other keys", "corrupt")
ROLE_SESSION = choice("role's session", "none", "good", "ends soon", "expired", "of other keys")
GOOD_ROLE_SESSION = choice("role's session", "good", "none", "expired", "of other keys")
MARKER = choice("marker", "there", "untried", rare=("none", "elsewhere", "gone"))


def in_section(name: str) -> str:
    """Return a name as a section of an AWS file or a table of TOML is called."""
    return f'"{name}"' if " " in name else name


def fingerprint(pair: Pair) -> str:
    """Return what a session file holds of the keys that it came from."""
    return sha256("\0".join(pair).encode()).hexdigest()[:32]


def session_of(  # noqa: PLR0913 - what a session file holds
    machine: Machine,
    pair: Pair,
    key_id: str,
    *,
    left: timedelta = timedelta(hours=1),
    lasts: timedelta = timedelta(hours=2),
    mfa: str = MFA,
    role: str = "",
    **others: str,
) -> str:
    """Return a session file's text, as it is written for version 2: a field a line."""
    ends = int((machine.now + left).timestamp())
    config = machine.config
    name = ROLE if role else NAME
    stored: dict[str, object] = {
        "version": 2,
        "identity": name,
        "access_key_id": key_id,
        "secret_access_key": f"hidden-{key_id}",
        "session_token": f"token-{key_id}{QUOTES}",
        "expiration": ends,
        "granted": ends - int(lasts.total_seconds()),
        "duration": int(lasts.total_seconds()),
        "kind": "aws/assume-role" if role else "aws/user",
        "region": "",
        "account": ACCOUNT,
        "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/x"
        if role
        else f"arn:aws:iam::{ACCOUNT}:user/{NAME}",
        "mfa_arn": "" if role else mfa,
        "config_stamp": PATH if config is None else f"{PATH}:{crc32(config.encode())}",
        "by_option": "",
        "source": fingerprint(pair),
        "origin": role,
    }
    return json.dumps(stored | others, indent=0) + "\n"


def role_fingerprint(config: str) -> str:
    """Return what a role's session file holds of its settings: source, ARN, external id."""
    external = "external-id" if "external_id" in config else ""
    return sha256(f"{NAME}\0{ROLE_ARN}\0{external}".encode()).hexdigest()[:32]
