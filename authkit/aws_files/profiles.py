"""Profiles in AWS's config file whose credentials come from authkit: added and removed.  Pure.

A profile is an identity's when its ``credential_process`` is authkit's ``credential-process``
for that identity, wherever that authkit is installed.  A new profile has two lines, the second
with the region where the config file sets one; a profile that only has settings, such as the
region of ``[default]``, gets what it lacks.  Nothing that somebody else wrote is changed.
"""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from authkit import again, arguments
from authkit.aws_files.ini import CannotEdit, IniFile
from authkit.core.failures import Failure
from authkit.core.names import is_name, normal
from authkit.core.render import quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authkit.arguments import Options
    from authkit.aws_files.ini import Section
    from authkit.core.ports import World
    from authkit.core.render import Visible

PROCESS, REGION = "credential_process", "region"
# Keys that say where a profile's credentials come from.
SOURCES = frozenset(
    (
        *(PROCESS, "aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
        *("role_arn", "source_profile", "credential_source", "web_identity_token_file"),
        *("sso_session", "sso_start_url", "sso_account_id", "sso_role_name", "login_session"),
    )
)
_FOUND_BY_ALL = re.compile(r"[\w@+.%:/-]+", re.ASCII)  # what the JavaScript SDK takes
_VARIABLE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})", re.ASCII)
_PLAIN = re.compile(r"[\w@%+=:,./-]+", re.ASCII)  # no shell and no SDK reads anything into these
_IN_DOUBLE = frozenset('"$`\\')  # what means something within double quotes
_LIKE_A_COMMENT = re.compile(r"\s[#;]")  # where the SDKs' readers of INI files end a value


def config_file(world: World) -> str:
    """Return the whole path of AWS's config file.  Raises FileTrouble."""
    return _file(world, "AWS_CONFIG_FILE", "~/.aws/config")


def credentials_file(world: World) -> str:
    """Return the whole path of AWS's credentials file.  Raises FileTrouble."""
    return _file(world, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")


def _file(world: World, variable: str, otherwise: str) -> str:
    """Return the file that a variable names; variables in it are filled, as botocore does."""

    def value(found: re.Match[str]) -> str:
        return world.environ.get(found[1] or found[2], found[0])

    named = _VARIABLE.sub(value, world.environ.get(variable, ""))
    return world.files.path(named or otherwise)


# The names of profiles.


def profile_of(header: str) -> str | None:
    """Return the profile that a section of the config file is, as botocore does; None: none."""
    if header == "default":
        return header
    try:
        words = shlex.split(header) if header.startswith("profile") else []
    except ValueError:
        return None
    return words[1] if len(words) == 2 else None


def header_of(profile: str) -> str:
    """Return what stands in the brackets of a profile's section."""
    if profile == "default":
        return profile
    return f'profile "{profile}"' if " " in profile else f"profile {profile}"


def found_by_all(name: str) -> bool:
    """Tell whether every AWS SDK finds a profile of this name.

    botocore finds any.  The SDK for JavaScript takes no other characters than these (parseIni),
    and the one for Go no blanks.
    """
    return _FOUND_BY_ALL.fullmatch(name) is not None


# The command.


def command_line(words: list[str]) -> str:
    """Return a command as the value of ``credential_process``: every SDK finds the same words.

    botocore splits it with shlex, the SDKs for JavaScript and Go give it to a shell.  The one
    for Go takes away quotes that stand at both ends of a value: then an option without a
    meaning ends it.  Raises ValueError with a reason.
    """
    line = " ".join(map(_quoted, words))
    if line[0] in "\"'" and line[0] == line[-1]:
        line += " --no-input"
    if not line.isprintable():
        raise ValueError("has characters that cannot stand on a line of that file")
    if _LIKE_A_COMMENT.search(line):
        raise ValueError("has a '#' or ';' behind a blank, where AWS SDKs begin a comment")
    return line


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    return shlex.quote(word) if _IN_DOUBLE.intersection(word) else f'"{word}"'


def identity_in(line: str) -> str:
    """Return the identity whose credentials a ``credential_process`` gives; "" if not authkit's."""
    try:
        words = shlex.split(line)
    except ValueError:
        return ""
    for number, word in enumerate(words):
        program = re.split(r"[\\/]", word)[-1]
        if program in {"authkit", "authkit.exe"}:
            try:
                options = arguments.parse(words[number + 1 :])
            except Failure:
                return ""
            name = normal(options.given)
            return name if options.name == "credential-process" and is_name(name) else ""
    return ""


# What is done.


class Change(NamedTuple):
    """What becomes of the config file: its new bytes, None if they stay."""

    content: bytes | None
    is_now: str  # what the profile is now: the end of a message's name
    kept: str = ""  # the keys of the profile that are left as they were
    region: str = ""  # what the profile has now
    other: str = ""  # another profile of the identity, where there is none of this name


class Profile(NamedTuple):
    """A profile by its name, for an identity, in the file at `path`."""

    profile: str
    identity: str
    path: str

    def added(
        self, content: bytes, command: str, region: str, *, by_option: bool = False
    ) -> Change:
        """Return the change that makes it give the identity's credentials.

        `region` is for a profile that has none, and `by_option` for any.  Raises Failure where
        botocore refuses the file, or the profile is somebody else's.
        """
        file = IniFile(content)
        if file.faults:
            line, reason = file.faults[0]
            raise self._failure("profile-file-refused", number=line, reason=reason)
        wanted = {PROCESS: command} | ({REGION: region} if region else {})
        section = self._section(file)
        if section is None:
            return Change(
                file.with_section(header_of(self.profile), wanted), "added", region=region
            )
        found = file.values(section)
        chosen = {REGION: region} if by_option and found.get(REGION) != region else {}
        has = chosen.get(REGION) or found.get(REGION, "")
        if found.get(PROCESS) == command and not chosen:
            return Change(None, "there", region=has)
        own = section.entry(PROCESS)
        with self._editing(section):
            if own and identity_in(own.value) == self.identity:
                made = file.with_entries(section, {PROCESS: command, **chosen})
                is_now = "in-region" if found[PROCESS] == command else "updated"
                return Change(made, is_now, region=has)
            if SOURCES.intersection(found):
                raise self._failure("profile-taken", number=section.line + 1, has=_sources(found))
            new = {key: value for key, value in wanted.items() if key not in found} | chosen
            kept = ", ".join(entry.key for entry in section.entries if entry.key not in chosen)
            return Change(file.with_entries(section, new), "filled", kept, has or region)

    def removed(self, content: bytes) -> Change:
        """Return the change that takes out what `added` puts in.

        The region goes where it stands right below the command, as it is added.  Raises Failure
        where the profile is somebody else's.
        """
        file = IniFile(content)
        section = self._section(file)
        if section is None:
            other = self._called(file)
            return Change(None, "elsewhere" if other else "missing", other=other)
        own = section.entry(PROCESS)
        if not SOURCES.intersection(entry.key for entry in section.entries):
            return Change(None, "bare")  # a second removal finds what the first has left
        theirs = identity_in(own.value) if own else ""
        if own is None or theirs != self.identity:
            if theirs:
                raise self._failure("profile-of-another", number=section.line + 1, other=theirs)
            has = _sources(file.values(section))
            raise self._failure("profile-not-ours", number=section.line + 1, has=has)
        keys = [entry.key for entry in section.entries]
        below = keys[section.entries.index(own) + 1 :][:1]
        gone = {PROCESS, *(key for key in below if key == REGION)}
        kept = ", ".join(key for key in keys if key not in gone)
        with self._editing(section):
            if kept:
                return Change(file.without(section, gone), "emptied", kept)
            return Change(file.without_section(section), "removed")

    def _section(self, file: IniFile) -> Section | None:
        """Return the section that is this profile.  Raises Failure if there are two."""
        found = [section for section in file.sections if profile_of(section.name) == self.profile]
        if len(found) > 1:
            raise self._failure("profile-twice", number=found[0].line + 1, second=found[1].line + 1)
        return found[0] if found else None

    def _called(self, file: IniFile) -> str:
        """Return the first profile that gives the identity's credentials, "" for none."""
        for section in file.sections:
            own, name = section.entry(PROCESS), profile_of(section.name)
            # Another name could not be given to --name, and may mean something to a shell.
            if own and name and is_name(name) and identity_in(own.value) == self.identity:
                return name
        return ""

    @contextmanager
    def _editing(self, section: Section) -> Iterator[None]:
        """Raise Failure for an edit that would change what other lines mean."""
        try:
            yield
        except CannotEdit:
            raise self._failure("profile-by-hand", number=section.line + 1) from None

    def _failure(self, name: str, **values: object) -> Failure:
        facts = {"profile": self.profile, "identity": self.identity, "path": self.path}
        return Failure(name, **facts, **values)


def told(options: Options, profile: Profile, change: Change) -> Visible:
    """Return what is said of a change."""
    facts = {
        "profile": profile.profile,
        "path": profile.path,
        "identity": profile.identity,
        "aws_profile": quoted(profile.profile),
        "settings": change.kept,
        "region": change.region,
        "other": change.other,
        "of_other": again.renamed(options, profile.identity, change.other),
        "login": again.command(options, "login", profile.identity),
    }
    return text(f"profile-is-{change.is_now}", **facts)


def of(world: World, identity: str, name: str) -> Profile:
    """Return the profile of an identity, called so or as the identity.  Raises FileTrouble."""
    return Profile(name or identity, identity, config_file(world))


def shadowing(credentials: bytes, name: str) -> tuple[int, str]:
    """Return what the credentials file has for a profile, which AWS SDKs take instead.

    A line, from 1, and keys; (0, "") for nothing.
    """
    file = IniFile(credentials)
    section = file.section(name)
    keys = SOURCES.intersection(file.values(section)) if section else ()
    return (section.line + 1, ", ".join(sorted(keys))) if section and keys else (0, "")


def _sources(found: Mapping[str, str]) -> str:
    """Return what a profile has of its own, as a clause."""
    if other := identity_in(found.get(PROCESS, "")):
        return f"it gives the credentials of {other}"
    return f"it has {', '.join(sorted(SOURCES.intersection(found)))}"
