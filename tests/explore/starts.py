"""What there is before a command, by name: entries, sessions, markers, notes, files."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import crc32

from tests.explore import aws_profiles, configs
from tests.explore.chooser import choice
from tests.explore.configs import BROUGHT, OF_BROUGHT, OF_ROLE, USER
from tests.explore.machine import (
    ANOTHER_ACCOUNTS,
    ANOTHER_PARTITIONS,
    BETWEEN,
    FIRST,
    KEYS,
    MFA,
    NAME,
    OTHERS,
    ROLE,
    SECOND,
    SECURITY_KEY,
    SETTINGS,
    TOKEN,
    parsed,
    written,
)
from tests.support import brought_kind
from tests.support.brought_kind import ACCOUNT, OTHER, SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.explore.machine import Machine

Pair = tuple[str, str]
AWS_FOLDER = "/home/dev/.aws"
AWS_CREDENTIALS = f"{AWS_FOLDER}/credentials"
AWS_CONFIG = f"{AWS_FOLDER}/config"
PROFILES = f'[profile "{NAME}"]\nregion = eu-west-1\n'
CREDENTIALS = (
    f"[{NAME}]\naws_access_key_id = AKIAPROFILEPROFILE00\n"
    "aws_secret_access_key = secret-of-profile\n"
)
BOTH_CREDENTIALS = (
    f"[{SECOND}]\naws_access_key_id = AKIAPROFILEPROFILE01\n"
    f"aws_secret_access_key = secret-of-second\n\n{CREDENTIALS}"
)


def _several(seconds_device: str = MFA, firsts_device: str = "") -> tuple[str, str]:
    """Return AWS's files with two users, of these devices, and a role of the one behind."""
    devices = [f"mfa_serial = {each}\n" if each else "" for each in (seconds_device, firsts_device)]
    return BOTH_CREDENTIALS, (
        f"[profile {SECOND}]\nregion = eu-west-3\n{devices[0]}\n{PROFILES}{devices[1]}\n"
        f"[profile {ROLE}]\nrole_arn = {configs.ROLE_ARN}\nsource_profile = {NAME}\n"
    )


_SEVERAL = _several()
_ROLE_OF_ROLE = (
    f"\n[profile {BETWEEN}]\nsource_profile = {ROLE}\n"
    f"role_arn = arn:aws:iam::{configs.ROLES_ACCOUNT}:role/{BETWEEN}\n"
)
_FOR_ALL_REGION = "[DEFAULT]\nregion = ap-south-1\n\n"
_KEYS = CREDENTIALS.partition("\n")[2]
_OLDER_KEYS = _KEYS.replace("E00", "E02").replace("of-profile", "of-older")
_FOR_ALL_KEYS = f"\n[DEFAULT]\n{_OLDER_KEYS}"
# AWS's credentials and config file, by name.
AWS_FILES: dict[str, tuple[str, str]] = {
    "one": (CREDENTIALS, PROFILES),
    "several": _several(),
    "the first with another account's device": _several(ANOTHER_ACCOUNTS),
    "the second with another account's device": _several(MFA, ANOTHER_ACCOUNTS),
    "the first with another partition's device": _several(ANOTHER_PARTITIONS),
    "the second with another partition's device": _several(MFA, ANOTHER_PARTITIONS),
    "the second with a hardware token": _several("", TOKEN),
    "the first with a security key": _several(SECURITY_KEY),
    "a role of a role": (_SEVERAL[0], _SEVERAL[1] + _ROLE_OF_ROLE),
    "what holds for all": (
        CREDENTIALS + _FOR_ALL_KEYS,
        _FOR_ALL_REGION + PROFILES,
    ),
    "keys in both": (CREDENTIALS, f"{PROFILES}{_OLDER_KEYS}"),
    "keys in the config file": ("", f"{PROFILES}{_KEYS}"),
}
OF_AWS = choice("profiles", *AWS_FILES)

QUOTES = "'\"$(x)`\\"  # what a shell reads, at the end of each token

_PLAIN = KEYS | SETTINGS
SCOPED = {"scope": "write", "session_duration": "3h"}  # of a kind from elsewhere
ENTRIES: dict[str, str | None] = {
    "keys and device": written(_PLAIN),
    "none": None,
    "the profile's keys": written(
        {"access_key_id": "AKIAPROFILEPROFILE00", "secret_access_key": "secret-of-profile"}
    ),
    "the profile's keys, and a device": written(
        {
            "access_key_id": "AKIAPROFILEPROFILE00",
            "secret_access_key": "secret-of-profile",
            "mfa_arn": TOKEN,
        }
    ),
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
    "another account's device": written(_PLAIN | {"mfa_arn": ANOTHER_ACCOUNTS}),
    "another partition's device": written(_PLAIN | {"mfa_arn": ANOTHER_PARTITIONS}),
    "of a later version": written(KEYS, 2),
    "keys and scope": written(KEYS | SCOPED),
    "scope alone": written(SCOPED),
}
ENTRY = choice(
    *("entry", "keys and device", "none", "keys alone", "settings alone", "session credentials"),
    *("an id alone", "corrupt", "of a later version"),
    rare=("a secret alone", "an empty secret", "a number", "no object", "a session token"),
)
# Entries with which something else is wrong in each (B-S04).
ENTRIES |= {
    "without a version": json.dumps(_PLAIN),
    "whose version is a text": json.dumps({"version": "1", **_PLAIN}),
    "whose version is true": json.dumps({"version": True, **_PLAIN}),
    "of version 0": written(_PLAIN, 0),
    "with a short id": written(_PLAIN | {"access_key_id": "AKIASHORT"}),
    "with an empty pair": written(_PLAIN | dict.fromkeys(KEYS, "")),
    "with an empty id": written(_PLAIN | {"access_key_id": ""}),
    "with a blank secret": written(_PLAIN | {"secret_access_key": " "}),
    "with a security key": written(_PLAIN | {"mfa_arn": SECURITY_KEY}),
    "with a short serial": written(_PLAIN | {"mfa_arn": "GAHT1234"}),
    "with no duration": written(_PLAIN | {"session_duration": "soon"}),
    "of too long a duration": written(_PLAIN | {"session_duration": "36h1s"}),
    "of the longest duration": written(_PLAIN | {"session_duration": "36h"}),
    "of the shortest duration": written(_PLAIN | {"session_duration": "15m"}),
    "of too short a duration": written(_PLAIN | {"session_duration": "899"}),
}
WRONG_ENTRY = choice("entry", *[*ENTRIES][[*ENTRIES].index("without a version") :])
# Entries that a recording must not hold as they are.
ODD_ENTRY = choice("entry", "a session token", "a number", "corrupt")
NO_ENTRY = choice("entry", "none", "settings alone")
BROUGHT_ENTRY = choice("entry", "keys and scope", "keys alone", "none", "scope alone")


def of_profile(machine: Machine, name: str) -> Mapping[str, str]:
    """Return what a profile has in AWS's files."""
    return aws_files(machine.files).values(name)


def aws_files(files: Mapping[str, bytes]) -> aws_profiles.Files:
    """Return AWS's files among these, as the model reads them."""
    return aws_profiles.files(*map(files.get, (AWS_CREDENTIALS, AWS_CONFIG)))


def are_in_aws_file(files: Mapping[str, bytes], keys: Pair | None) -> bool:
    """Tell whether a key id or a secret stands anywhere in AWS's files."""
    contents = [files.get(path, b"") for path in (AWS_CREDENTIALS, AWS_CONFIG)]
    return any(text.encode() in content for text in keys or () for content in contents)


CODES = choice("codes sent", "by another identity", "by this one", rare=("none",))
SENT, AGO = "099999", 85  # the code that was sent, and how many seconds ago


def in_section(name: str) -> str:
    """Return a name as a section of an AWS file or a table of TOML is called."""
    return f'"{name}"' if " " in name else name


def fingerprint(texts: Iterable[str]) -> str:
    """Return what a session file holds of the keys that it came from."""
    return sha256("\0".join(texts).encode()).hexdigest()[:32]


# How a session file differs from that of a session of the present settings and keys, which has
# an hour left.  `left` is in seconds; the other names are the file's own.
HOUR, SOON = 3600, 900
UNSAID = 60  # seconds by which a session may be shorter than asked for, and it is not said (B-L22)
EDITED = {"config_stamp": "before the config file was edited"}
FILES: Mapping[str, Mapping[str, object]] = {
    "good": {},
    "ends in 15 minutes": {"left": SOON},
    "ends soon": {"left": SOON - 1},
    "ends within a minute": {"left": 42},
    "ends now": {"left": 0},
    "expired": {"left": -HOUR // 6},
    "of other keys": {"source": fingerprint(OTHERS)},
    "of another device": {"mfa_arn": "GAHT12345678"},
    "without a device": {"mfa_arn": ""},
    "of another duration": {"duration": 3 * HOUR},
    "with --duration": {"duration": 3 * HOUR, "by_option": "3h"},
    "of another identity": {"identity": "somebody"},
    "of another region": {"region": "eu-west-2", **EDITED},
    "of another kind": {"kind": OF_ROLE, "origin": "0" * 32, **EDITED},
    "of another role": {"origin": "1" * 32, **EDITED},
    "of a user": {"kind": USER, "origin": "", **EDITED},
    "granted less": {"lasts": HOUR + 1},
    "of another scope": {"source": fingerprint((*FIRST, "other", "3h"))},
    "of another scope in the config file": {"origin": "2" * 32, **EDITED},
    "of keys alone": {"source": fingerprint(FIRST)},
    "of another kind from elsewhere": {"kind": "test/other", **EDITED},
}
CORRUPT = "corrupt"
# Of a user where login looks at it, and where it is used as it is; of a role the same.
SESSION = choice(
    *("session", "none", "good", "ends soon", "expired", "of other keys", CORRUPT),
    *("of another duration", "of another device"),
    rare=(
        *("with --duration", "of another identity", "of another kind", "without a device"),
        *("ends in 15 minutes",),
    ),
)
GOOD_SESSION = choice(
    *("session", "good", "none", "ends soon", "expired", "of other keys", CORRUPT),
    *("of another identity", "of another kind"),
    rare=(
        *(
            "ends now",
            "ends within a minute",
            "of another region",
            "of another duration",
            "of another device",
        ),
        *("with --duration", "ends in 15 minutes", "granted less"),
    ),
)
ROLE_SESSION = choice(
    *("role's session", "none", "good", "ends soon", "expired", "of other keys"),
    *("of another duration", "of another role"),
)
GOOD_ROLE_SESSION = choice(
    *("role's session", "good", "none", "ends now", "expired", "of other keys"),
    *("of another role", "of another identity", "of another region", "of a user"),
)
SESSION_BETWEEN = choice(
    *("session between", "good", "none", "expired", "of other keys", "of another duration"),
    rare=("of another role",),
)
BROUGHT_SESSION = choice(
    *("session", "good", "none", "ends soon", "expired", "of other keys", "of another scope"),
    *("of another duration", "with --duration", "of another scope in the config file"),
    *("of keys alone", "of another kind from elsewhere"),
)
HELD_BROUGHT_SESSION = choice(
    *("session", "good", "none", "expired", "of another scope in the config file"),
    *("of another kind from elsewhere",),
    rare=("ends soon", "of a user", "of another identity", CORRUPT),
)
MARKER = choice("marker", "there", "untried", rare=("none", "elsewhere", "gone"))


def session_of(
    machine: Machine, key_id: str, name: str = NAME, kind: str = "good", mfa: str = MFA
) -> str:
    """Return a session file's text, as it is written for version 2: a field a line.

    `kind` is a name in `FILES`, `mfa` the MFA serial number of an IAM user.
    """
    config = machine.config
    found = configs.settings(config, name)
    differs = {"left": HOUR, "lasts": 0, **FILES[kind]}
    duration = lasting(machine, name)
    ends = int(machine.now.timestamp()) + int(str(differs.pop("left")))
    lasts = int(str(differs.pop("lasts"))) or int(str(differs.get("duration", duration)))
    is_role, is_brought = found["kind"] == OF_ROLE, found["kind"] == BROUGHT
    stored: dict[str, object] = {
        "version": 2,
        "identity": name,
        "access_key_id": key_id,
        "secret_access_key": f"hidden-{key_id}",
        "session_token": f"token-{key_id}{QUOTES}",
        "expiration": ends,
        "granted": ends - lasts,
        "duration": duration,
        "kind": found["kind"],
        "region": found.get("region", ""),
        "account": configs.ROLES_ACCOUNT if is_role else configs.ACCOUNT,
        "principal": principal(found.get("role_arn", ""), name),
        "mfa_arn": "" if is_role else found.get("mfa_arn", mfa),
        "config_stamp": stamp(machine),
        "by_option": "",
        "source": came_from(machine, name, KEYS),
        "origin": configs.role_fingerprint(config, name),
    }
    if is_brought:
        stored |= dict.fromkeys(("access_key_id", "secret_access_key", "session_token"), "")
        stored |= {"mfa_arn": "", "region": "", "account": ACCOUNT, "principal": app(machine, name)}
        stored["variables"] = {brought_kind.TOKEN: f"token-of-{kind.replace(' ', '-')}", OTHER: ""}
    return json.dumps(stored | differs, indent=0) + "\n"


def stamp(machine: Machine) -> str:
    """Return what a session file holds of the config file (``folder.ConfigText``)."""
    path, config = machine.config_path, machine.config
    return path if config is None else f"{path}:{crc32(config.encode())}"


def principal(role_arn: str = "", name: str = ROLE, key_id: str = "") -> str:
    """Return the ARN of the principal: an identity's session of this role, without one the user.

    The key that another process writes is another user's.
    """
    if not role_arn:
        user = "another-user" if key_id == OTHERS[0] else NAME
        return f"arn:aws:iam::{configs.ACCOUNT}:user/{user}"
    account, role = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    return f"arn:aws:sts::{account}:assumed-role/{role}/authkit-{name}"


def lasting(machine: Machine, name: str) -> int:
    """Return the seconds that a session of an identity is configured to last (B-L21).

    What is no duration counts as none: with such an entry nobody logs in.
    """
    kind = configs.settings(machine.config, name)["kind"]
    usual = "12h" if kind == USER else "1h"
    wanted = setting(machine, name, "session_duration")
    return seconds(wanted if re.search(r"\d", wanted) else usual)


def setting(machine: Machine, name: str, field: str) -> str:
    """Return a setting: the config file's, else the keyring's, which roles have none of."""
    found = configs.settings(machine.config, name)
    entry = parsed(machine.entries.get(name, "")) if found["kind"] != OF_ROLE else {}
    held = entry if isinstance(entry, dict) else {}
    return str(found.get(field) or held.get(field) or "")


def came_from(machine: Machine, name: str, keys: Mapping[str, str]) -> str:
    """Return what a session file holds of what a session is got with (B-S03).

    Of a kind from elsewhere every setting is in it.
    """
    texts = (keys["access_key_id"], keys["secret_access_key"])
    brought = configs.is_brought(machine.config, name)
    more = (setting(machine, name, field) for field in (OF_BROUGHT if brought else ()))
    return fingerprint((*texts, *more))


def app(machine: Machine, name: str) -> str:
    """Return the principal of a session of a kind from elsewhere."""
    return f"app-{setting(machine, name, 'scope') or SCOPE}"


def seconds(text: str) -> int:
    """Return the seconds of a duration as this world's people write it."""
    units = {"d": 86_400, "h": HOUR, "m": 60, "s": 1}
    parts = re.findall(r"(\d+)([dhms])", text)
    return sum(int(number) * units[unit] for number, unit in parts) if parts else int(text)
