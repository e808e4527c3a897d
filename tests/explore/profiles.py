"""What AWS's config file may have of a profile, and what `profile add` and `remove` make of it.

What stands in the profile the model reads as AWS's programs do; other lines stay as they are.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from tests.explore import aws_profiles
from tests.explore.chooser import choice
from tests.explore.configs import option
from tests.explore.machine import NAME, PROGRAM, SECOND
from tests.explore.starts import in_section

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = "profile {}"
HEADER = _HEADER.format(in_section(NAME))
NONE = aws_profiles.Section({}, harmed=False)
_PROCESS = f"{' '.join(PROGRAM)} credential-process {in_section(NAME)}"
PROFILE = f"[{HEADER}]\ncredential_process = {_PROCESS}\n"
_BEFORE = "# mine\n[default]\nregion = sa-east-1\n\n"
_BEHIND = "\n[profile other]\nregion=us-west-2\ns3 =\n  max_queue_size = 9\n; the end"
_OWN = "output = json\n"
_REGION = "region = ap-south-1\n"
_ELSEWHERE = PROFILE.replace("/home/dev/.local/bin", "/opt/before/bin")
ALSO = "also"  # what another profile of the identity is called
_ALSO = f"\n[profile {ALSO}]\ncredential_process = {_PROCESS}\n# of {ALSO}\n"
_ANOTHERS = {
    "a role": "role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = other\n",
    "keys": "aws_access_key_id = AKIAPROFILEPROFILE02\naws_secret_access_key = secret-of-profile\n",
    "another program": "credential_process = /usr/bin/other dev\n",
    "another identity": "credential_process = /opt/bin/authkit credential-process somebody\n",
    "a command that no shell reads": f"credential_process = {_PROCESS} 'x\n",
    "a command that authkit does not take": f"credential_process = {_PROCESS} --force\n",
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
    "there, and by another name": f"{PROFILE}{_ALSO}",
    "by another name alone": f"{_BEFORE}{_ALSO}",
    "by another name that is none": f"{_BEFORE}{_ALSO.replace(ALSO, '*')}",
    "settings that end in a blank": f"[{HEADER}]\ns3 =\n  max_queue_size = 9\n",
    "indented": f"[{HEADER}]\n [a]\n",
    "twice": f"{PROFILE}\n{PROFILE}",
}
FILE = choice("profile", *FILES)
PROCESS, REGION = "credential_process", "region"


class Read(NamedTuple):
    """What a file has: the profile's keys in their order, and the lines that are no key of ours."""

    own: Mapping[str, str]
    twice: bool
    others: tuple[str, ...]
    there: bool  # whether there is such a section


def file(name: str, called: str) -> bytes:
    """Return a file of this name, in which the profile is called so."""
    header = _HEADER.format(in_section(called))
    return FILES[name].replace(f"[{HEADER}]", f"[{header}]").encode()


# Files with the identity's profile in a way that has to be mended by hand.
BY_HAND = {file(name, called) for name in ("twice", "indented") for called in (NAME, SECOND)}


def called(line: tuple[str, ...]) -> str:
    """Return what the profile is called that a line is about."""
    return option(line, "--name") or NAME


def read(content: bytes | None, name: str = NAME) -> Read:
    """Read a file; the keys of ours that authkit may write are no other lines."""
    own_header = _HEADER.format(in_section(name))
    sections = aws_profiles.read(content).sections
    section = sections.get(own_header, NONE)
    header, others = "", list[str]()
    for line in (content or b"").decode().splitlines():
        header = line if line.startswith("[") else header
        key = line.partition("=")[0].strip()
        ours = header == f"[{own_header}]" and key in {header, PROCESS, REGION}
        if line.strip() and not ours:
            others.append(line)
    return Read(section.own, section.harmed, tuple(others), own_header in sections)


def called_otherwise(content: bytes | None, name: str) -> tuple[str, ...]:
    """Return the identity's profiles that are called otherwise, and as one can be called."""
    both = aws_profiles.files(None, content)
    names = (each for each in both.names() if each != name and aws_profiles.is_name(each))
    return tuple(each for each in names if is_ours(both.values(each)))


def is_ours(own: Mapping[str, str]) -> bool:
    """Tell whether a profile's command is authkit's for this identity."""
    try:
        program, *words = shlex.split(own.get(PROCESS, "none"))
    except ValueError:
        return False
    return program.endswith("/authkit") and words == ["credential-process", NAME]


_SOURCES = {PROCESS, "aws_access_key_id", "role_arn", "sso_session"}


def is_anothers(found: Read) -> bool:
    """Tell whether the profile is somebody else's, or cannot be told: it is there twice."""
    return found.twice or (not is_ours(found.own) and not _SOURCES.isdisjoint(found.own))


def region_of(before: Read, option: str, config: str) -> str:
    """Return the region that the profile has once it is added: --region, its own, the config's."""
    own = before.own.get(REGION, "")
    return option or own or ("" if is_ours(before.own) else config)


def less(before: Read) -> dict[str, str]:
    """Return what is left of the profile once it is removed: a region right below goes too."""
    keys = [*before.own]
    if PROCESS not in keys:
        return {**before.own}
    below = keys[keys.index(PROCESS) + 1 :][:1]
    gone = {PROCESS, *({REGION} & {*below})}
    return {key: value for key, value in before.own.items() if key not in gone}
