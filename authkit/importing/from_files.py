"""The profiles of AWS's config and credentials files, and what each is for authkit.  Pure.

Which credentials a profile has is decided as botocore does (``botocore.credentials``): a role
first, then by the order of `_CHAIN`.  Where botocore refuses a whole file for a line, the other
profiles of it are found all the same.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from authkit.aws_files import profiles
from authkit.aws_files.ini import Fault, IniFile
from authkit.core import durations
from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER
from authkit.core.names import normal
from authkit.importing import found
from authkit.importing.found import Found, NotTaken, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from authkit.aws_files.ini import Section
    from authkit.core.model import Values

_MOST_ROLES = 32  # from a profile to its keys; authkit reads them one inside the other
_MARK = b"\xef\xbb\xbf"  # a byte-order mark
_ID, _SECRET = "aws_access_key_id", "aws_secret_access_key"
_TOKENS = ("aws_session_token", "aws_security_token")
KEYS = (_ID, _SECRET)
LEFT = ("role_session_name", "endpoint_url", "services", "ca_bundle")  # authkit has no such thing


class _Kind(NamedTuple):
    """Credentials that authkit has no kind for, by the keys that ask for them, as a clause."""

    keys: tuple[str, ...]
    reason: str


_SSO = ("sso_session", "sso_start_url")  # of a profile with no more botocore gets a token alone
_CREDENTIALS, _CONFIG = "credentials", "config"  # the two files: keys in one of them
_CHAIN: tuple[_Kind | str, ...] = (
    _Kind(("web_identity_token_file",), "its credentials come from a web identity token"),
    _Kind(("sso_account_id", "sso_role_name"), "it signs in with IAM Identity Center (SSO)"),
    _CREDENTIALS,
    _Kind(("login_session",), "it signs in with the AWS Console (aws login)"),
    _Kind(("credential_process",), "its credentials come from a program (credential_process)"),
    _CONFIG,
)


class AwsFile:
    """A file of AWS's: its path, its sections, and the lines that botocore refuses it for."""

    def __init__(self, path: str, content: bytes | None, name: Callable[[str], str | None]) -> None:
        content = content or b""
        marked = content.startswith(_MARK)
        self.path = path
        self.ini = IniFile(content.removeprefix(_MARK))
        mark = [Fault(1, "it begins with a byte-order mark")] if marked else []
        self.faults = (*mark, *self.ini.faults)
        self.sections: dict[str, Section] = {}  # by profile: of two, botocore takes the last
        for section in self.ini.sections:
            if section.name != "DEFAULT" and (profile := name(section.name)):
                self.sections[profile] = section
        self._name = name
        lines = [section.line for section in self.ini.sections]
        self._harmed: dict[str | None, Fault] = {}  # by profile: the first fault in it
        for fault in self.ini.faults:
            self._harmed.setdefault(self._profile_at(lines, fault.line - 1), fault)

    def values(self, profile: str) -> Mapping[str, str]:
        """Return what a profile has here."""
        section = self.sections.get(profile)
        return self.ini.values(section) if section else {}

    def check(self, profile: str) -> None:
        """Raise ValueError unless it can be told what a profile has here."""
        faults = [self._harmed[name] for name in (profile, "DEFAULT") if name in self._harmed]
        if faults:
            first = min(faults)
            raise _Harmed(first.reason, f"{self.path}, line {first.line}")

    def _profile_at(self, sections: Sequence[int], line: int) -> str | None:
        """Return the profile that a line belongs to; a comment belongs to none."""
        if self.ini.lines[line].lstrip().startswith((b"#", b";")):
            return None
        above = bisect_right(sections, line)
        name = self.ini.sections[above - 1].name if above else ""
        return name if name == "DEFAULT" else self._name(name)


def config_file(path: str, content: bytes | None) -> AwsFile:
    """Return AWS's config file."""
    return AwsFile(path, content, profiles.profile_of)


def credentials_file(path: str, content: bytes | None) -> AwsFile:
    """Return AWS's credentials file, whose sections are called as the profiles."""
    return AwsFile(path, content, lambda header: header)


class Profiles:
    """The profiles of both files, those of the config file first, in the files' order."""

    def __init__(self, config: AwsFile, credentials: AwsFile) -> None:
        self._files = {_CONFIG: config, _CREDENTIALS: credentials}
        names = dict.fromkeys([*config.sections, *credentials.sections])
        self.all = {name: {**config.values(name), **credentials.values(name)} for name in names}
        self._found: dict[str, Found] = {}
        self._names: set[str] = set()  # of these identities
        self._devices: dict[str, tuple[str, str]] = {}  # by user: a serial, and whose it is

    @property
    def faults(self) -> Iterator[tuple[str, Fault]]:
        """The lines that botocore refuses a whole file for, each with the file's path."""
        return ((file.path, fault) for file in self._files.values() for fault in file.faults)

    def find(self, names: Iterable[str]) -> tuple[list[Found], list[NotTaken]]:
        """Return the identities that these profiles are, with their sources; and what they are not.

        A source stands before its roles.
        """
        not_taken: list[NotTaken] = []
        self._found, self._names, self._devices = {}, set(), {}
        for name in names:
            try:
                self._find(name, ())
            except _Elsewhere as error:
                not_taken.append(NotTaken(name, str(error)))
            except ValueError as error:
                where = getattr(error, "where", "")
                not_taken.append(NotTaken(name, str(error), wrong=True, where=where))
        devices = {name: serial for name, (serial, _) in self._devices.items()}
        return [one.with_device(devices.get(p, "")) for p, one in self._found.items()], not_taken

    def _find(self, name: str, seen: tuple[str, ...]) -> Found:
        """Return what a profile is; `seen` are the roles that it is the source of."""
        if name in self._found:
            return self._found[name]
        for file in self._files.values():
            file.check(name)
        made = self._role(name, seen) if self._is_role(name) else self._user(name)
        if made.name in self._names:
            raise ValueError("another profile has the same name, in another Unicode form")
        self._names.add(made.name)
        self._found[name] = made = made.replaced(left=_left(self.all[name]))
        return made

    def _is_role(self, name: str) -> bool:
        return "role_arn" in self.all[name] and "web_identity_token_file" not in self.all[name]

    def _is_static(self, name: str) -> bool:
        return not self.all[name].keys().isdisjoint(KEYS)

    # Users.

    def _user(self, name: str) -> Found:
        profile = self.all[name]
        for link in _CHAIN:
            if isinstance(link, _Kind):
                if not profile.keys().isdisjoint(link.keys):
                    raise _Elsewhere(_of_authkit(profile) or link.reason)
            elif _ID in (values := self._files[link].values(name)):
                self._note_device(name, name)
                return found.identity(
                    name,
                    AWS_USER,
                    {"region": profile.get("region", "")},
                    values=_keys(values),
                    place=self._place(link, name),
                )
        if _SECRET in profile:
            raise ValueError(f"it has {_SECRET}, but no {_ID}")
        if not profile.keys().isdisjoint(_SSO):
            raise _Elsewhere("it signs in with IAM Identity Center (SSO), but names no role there")
        raise _Elsewhere("it has no credentials")

    def _place(self, file: str, name: str) -> Place:
        """Return where a profile's keys are, which botocore finds in this one of the files."""
        config, has = self._files[_CONFIG], self._files[file]
        both = file == _CREDENTIALS and _ID in config.values(name)
        return Place(has.path, has.sections[name].name, config.path if both else "")

    def _note_device(self, user: str, name: str) -> None:
        """Note the MFA device that a profile names as the user's: a user has one in authkit."""
        serial = found.device(self.all[name].get("mfa_serial", ""))
        if not serial:
            return
        known, of = self._devices.setdefault(user, (serial, name))
        if known != serial:
            raise ValueError(f"its mfa_serial is another than that of {of}, with the same keys")

    # Roles.

    def _role(self, name: str, seen: tuple[str, ...]) -> Found:
        profile = self.all[name]
        source = self._source(name, (*seen, name))
        made = found.identity(
            name,
            AWS_ASSUME_ROLE,
            {
                "source": normal(source),
                "role_arn": profile["role_arn"],
                "region": profile.get("region", ""),
                "external_id": profile.get("external_id", ""),
                "session_duration": _duration(profile.get("duration_seconds", "")),
            },
        )
        self._note_device(self._root(source), name)
        return made

    def _source(self, name: str, seen: tuple[str, ...]) -> str:
        """Return the profile whose credentials a role is assumed with."""
        profile = self.all[name]
        if "credential_source" in profile:
            raise _Elsewhere("its keys come from the machine that it runs on (credential_source)")
        source = profile.get("source_profile")
        if source is None:
            raise ValueError("it has role_arn, but no source_profile")
        if source not in self.all:
            raise ValueError(f"there is no profile {source}, which is its source_profile")
        if source == name and self._is_static(name):
            raise _Elsewhere("it is its own source_profile: give its keys a profile of their own")
        if source in seen:
            raise ValueError("its source_profile leads round in a circle")
        if len(seen) > _MOST_ROLES:
            raise ValueError(f"its source_profile leads over more than {_MOST_ROLES} roles")
        if self._is_role(source) and self._is_static(source):
            reason = f"its source_profile {source} has keys, and is a role itself"
            raise _Elsewhere(f"{reason}: give the keys a profile of their own")
        try:
            self._find(source, seen)
        except ValueError as error:
            error.args = (f"its source_profile {source}: {error}",)
            raise
        return source

    def _root(self, name: str) -> str:
        """Return the profile with the keys that a role is reached with."""
        while self._is_role(name):
            name = self.all[name]["source_profile"]
        return name


class _Elsewhere(ValueError):
    """Credentials of a kind that authkit has not, though nothing is wrong with them."""


class _Harmed(ValueError):
    """A line that botocore refuses the file for is in the profile; `where` names it."""

    def __init__(self, reason: str, where: str) -> None:
        super().__init__(reason)
        self.where = where


def _keys(values: Mapping[str, str]) -> Values:
    """Return the keys among what a profile has in one of the files."""
    if any(token in values for token in _TOKENS) or values[_ID].upper().startswith("ASIA"):
        raise _Elsewhere("it has session credentials, which end by themselves")
    if _SECRET not in values:
        raise ValueError(f"it has {_ID}, but no {_SECRET}")
    if any("\n" in values[key] for key in KEYS):
        raise ValueError("the lines below its keys are indented, and so belong to them")
    return found.keys(values[_ID], values[_SECRET])


def _of_authkit(profile: Mapping[str, str]) -> str:
    """Return what there is to say of a profile that `profile add` made, "" of any other."""
    name = profiles.identity_in(profile.get(profiles.PROCESS, ""))
    return f"it is authkit's own: it gives the credentials of {name}" if name else ""


def _duration(seconds: str) -> str:
    """Return a duration as the config file has it; botocore leaves out what is no number."""
    try:
        return durations.spell(int(seconds))
    except (ValueError, OverflowError):
        return ""


def _left(profile: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(key for key in LEFT if key in profile)
