"""What AWS's config file may have of a profile, and what `profile add` and `remove` make of it.

The model reads the file by lines of its own: sections, their keys in order, and all other lines.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from tests.explore.chooser import choice
from tests.explore.machine import NAME
from tests.explore.starts import in_section

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = f"profile {in_section(NAME)}"
_PROCESS = f"/home/dev/.local/bin/authkit credential-process {in_section(NAME)}"
PROFILE = f"[{HEADER}]\ncredential_process = {_PROCESS}\n"
_BEFORE = "# mine\n[default]\nregion = sa-east-1\n\n"
_BEHIND = "\n[profile other]\nregion=us-west-2\ns3 =\n  max_queue_size = 9\n; the end"
_OWN = "output = json\n"
_REGION = "region = ap-south-1\n"
_ELSEWHERE = PROFILE.replace("/home/dev/.local/bin", "/opt/before/bin")
_ANOTHERS = {
    "a role": "role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = other\n",
    "keys": "aws_access_key_id = AKIAPROFILEPROFILE02\naws_secret_access_key = secret-of-profile\n",
    "another program": "credential_process = /usr/bin/other dev\n",
    "another identity": "credential_process = /opt/bin/authkit credential-process somebody\n",
    "single sign-on": "sso_session = corp\nsso_account_id = 123456789012\n",
}
# The file, by name; "there" is as authkit writes it.
FILES: Mapping[str, str] = {
    "none": "",
    "there": PROFILE,
    "there, in its region": f"{_BEFORE}{PROFILE}{_REGION}{_BEHIND}",
    "there, with settings": f"{_BEFORE}[{HEADER}]\n# why\n{_REGION}{_OWN}"
    f"credential_process = {_PROCESS}\n{_BEHIND}",
    "of a former place": f"{_BEFORE}{_ELSEWHERE}{_REGION}{_OWN}{_BEHIND}",
    "settings alone": f"{_BEFORE}[{HEADER}]\n{_REGION}{_OWN}{_BEHIND}",
    "settings without a region": f"[{HEADER}]\n{_OWN}",
    "of others alone": f"{_BEFORE}{_BEHIND}",
    **{f"of {what}": f"{_BEFORE}[{HEADER}]\n{own}{_BEHIND}" for what, own in _ANOTHERS.items()},
    "twice": f"{PROFILE}\n{PROFILE}",
}
FILE = choice("profile", *FILES)
PROCESS, REGION = "credential_process", "region"


class Read(NamedTuple):
    """A file: the keys of each section with their values, and the lines that are no key of ours."""

    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    others: tuple[str, ...]

    def own(self) -> dict[str, str] | None:
        """Return what stands in the profile, None where it is not there, or twice."""
        found = [dict(keys) for header, keys in self.sections if header == HEADER]
        return found[0] if len(found) == 1 else None


def read(content: bytes | None) -> Read:
    """Read a file; the keys of ours that authkit may write are no other lines."""
    header, sections, others = "", list[tuple[str, list[tuple[str, str]]]](), list[str]()
    for line in (content or b"").decode().splitlines():
        key, equals, value = (part.strip() for part in line.partition("="))
        if line.startswith("["):
            header = line.strip("[]")
            sections.append((header, []))
        elif equals and sections and not line.startswith(("#", ";", " ")):
            sections[-1][1].append((key, value))
            if header == HEADER and key in {PROCESS, REGION}:
                continue
        if line.strip() and line != f"[{HEADER}]":
            others.append(line)
    return Read(tuple((name, tuple(keys)) for name, keys in sections), tuple(others))


def is_ours(own: Mapping[str, str]) -> bool:
    """Tell whether a profile's command is authkit's for this identity."""
    program, *words = shlex.split(own.get(PROCESS, "none"))
    return program.endswith("/authkit") and words == ["credential-process", NAME]


_SOURCES = {PROCESS, "aws_access_key_id", "role_arn", "sso_session"}


def is_anothers(found: Read) -> bool:
    """Tell whether the profile is somebody else's, or cannot be told: it is there twice."""
    number = sum(header == HEADER for header, _ in found.sections)
    own = found.own()
    return number > 1 or bool(own and not is_ours(own) and _SOURCES.intersection(own))


def region_of(before: Read, option: str, config: str) -> str:
    """Return the region that the profile has once it is added: --region, its own, the config's."""
    own = before.own() or {}
    ours = bool(own) and is_ours(own)
    return option or own.get(REGION, "") or ("" if ours else config)


def less(before: Read) -> dict[str, str]:
    """Return what is left of the profile once it is removed: a region right below goes too."""
    keys = [*(before.own() or {}).items()]
    if PROCESS not in dict(keys):
        return dict(keys)
    at = [key for key, _ in keys].index(PROCESS)
    below = keys[at + 1 :][:1]
    gone = {PROCESS, *(key for key, _ in below if key == REGION)}
    return {key: value for key, value in keys if key not in gone}
