"""What the model knows of AWS's files: how they are read, and what each profile is for authkit.

It reads with Python's ``configparser``, as botocore does, but each section by itself: a line that
botocore refuses the whole file for harms its own section alone (docs/moving-in.md).
"""

from __future__ import annotations

import re
import shlex
from configparser import Error, RawConfigParser
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category, normalize

from tests.explore.configs import LONGEST_OF_CHAIN, LONGEST_OF_ROLE, OF_ROLE, SHORTEST, USER
from tests.explore.serials import is_serial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Pair = tuple[str, str]
    Values = Mapping[str, str]

ID, SECRET = "aws_access_key_id", "aws_secret_access_key"
KEYS = frozenset((ID, SECRET))
FOR_ALL = "DEFAULT"
_TOKENS = {"aws_session_token", "aws_security_token"}
_MARK = b"\xef\xbb\xbf"
_CREDENTIALS, _CONFIG = "credentials", "config"
# In the order in which botocore looks: keys of one of the files, or of what authkit has no kind
# for, with a word of the reason.
_LOOKED_FOR: tuple[tuple[tuple[str, ...], str], ...] = (
    (("web_identity_token_file",), "web identity"),
    (("sso_account_id", "sso_role_name"), "SSO"),
    ((), _CREDENTIALS),
    (("login_session",), "aws login"),
    (("credential_process",), "credential_process"),
    ((), _CONFIG),
)
_PROCESS_OF_OURS = re.compile(r"\S*/authkit credential-process ")
# What a value of a setting looks like, by the setting of authkit's.
_LIKE = {
    "role_arn": r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=/,.@-]+",
    "external_id": r"[\w+=,.@:/-]{2,1224}",
    "region": r"[a-z]+(-[a-z]+)+-\d+",
}
# Letters and marks that cannot be seen (Unicode's Default_Ignorable_Code_Point).
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_STAYS = ("role_session_name", "endpoint_url", "services", "ca_bundle")


class Section(NamedTuple):
    """What a section has of its own, and whether a line in it harms it."""

    own: Values
    harmed: bool


class Read(NamedTuple):
    """A file: its sections by what stands in the brackets, and whether botocore takes it."""

    sections: Mapping[str, Section]
    taken: bool

    @property
    def for_all(self) -> Values:
        """What holds for every section."""
        return self.sections.get(FOR_ALL, Section({}, harmed=False)).own


class Imported(NamedTuple):
    """What a profile becomes: its table without the kind, its keys, its device, the file.

    `also` tells that the other file has keys for it too, `stays` are settings that stay behind.
    """

    kind: str
    settings: Values
    keys: Pair | None = None
    device: str = ""
    file: str = ""
    also: bool = False
    stays: tuple[str, ...] = ()


class Left(NamedTuple):
    """Why a profile is not imported: words of the reason; `wrong`: something is to be mended."""

    words: str
    wrong: bool


class Wanted(NamedTuple):
    """What comes of the profiles that are asked for, by identity and by profile."""

    found: Mapping[str, Imported]
    left: Mapping[str, Left]


NOTHING = Wanted({}, {})


def _parsed(text: str, *, strict: bool) -> Values:
    parser = RawConfigParser(default_section="\0", strict=strict)
    parser.read_string(text)
    return dict(parser[parser.sections()[0]])


@lru_cache(maxsize=512)
def read(content: bytes | None) -> Read:
    """Read a file section by section."""
    content = content or b""
    taken = not content.startswith(_MARK)
    text = content.removeprefix(_MARK).decode(errors="surrogateescape")
    before, *parts = re.split(r"^(?=\[)", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    taken = taken and not [s for s in before.splitlines() if s.strip() and s[0] not in "#;"]
    sections: dict[str, Section] = {}
    for part in parts:
        header = re.match(r"\[(.+)\]", part)
        name = header[1] if header else ""
        lines = [line for line in part.splitlines() if not line.lstrip().startswith(("#", ";"))]
        harmed = not name or _is_odd("".join(lines))
        taken = taken and not _is_odd(part)
        try:
            own = _parsed(part, strict=True)
        except Error:
            harmed, own = True, {}
        harmed = harmed or any(map(_is_nested_wrongly, own.values()))
        harmed = harmed or (name != FOR_ALL and name in sections)
        if name == FOR_ALL and name in sections:
            own = {**sections[name].own, **own}
        sections[name] = Section(own, harmed)
        taken = taken and not harmed
    return Read(sections, taken)


def _is_odd(text: str) -> bool:
    """Tell whether there were bytes in a text that are no UTF-8."""
    return re.search("[\udc80-\udcff]", text) is not None


def _is_nested_wrongly(value: str) -> bool:
    first, *below = value.split("\n")
    return not first and any(line and "=" not in line for line in below)


@lru_cache(maxsize=512)
def config_profile(header: str) -> str:
    """Return the profile that a section of the config file is, "" for none."""
    try:
        words = shlex.split(header)
    except ValueError:
        return ""
    if header == "default":
        return header
    return words[1] if len(words) == 2 and words[0] == "profile" else ""


class Files(NamedTuple):
    """Both files."""

    credentials: Read
    config: Read

    @property
    def both(self) -> Iterator[tuple[str, Read, Callable[[str], str]]]:
        """Each file with its name, and how its sections are called as profiles."""
        yield _CONFIG, self.config, config_profile
        yield _CREDENTIALS, self.credentials, str

    def names(self) -> tuple[str, ...]:
        """Return the profiles, those of the config file first."""
        rows = ((called(name), name) for _, file, called in self.both for name in file.sections)
        return tuple(dict.fromkeys(p for p, name in rows if p and name != FOR_ALL))

    def harmed(self, profile: str) -> bool:
        """Tell whether a line of either file harms the profile."""
        return any(
            section.harmed and (name == FOR_ALL or called(name) == profile)
            for _, file, called in self.both
            for name, section in file.sections.items()
        )

    def values(self, profile: str, among: str = "") -> Values:
        """Return what a profile has, the credentials file's first, or in one of the files."""
        found: dict[str, str] = {}
        for which, file, called in self.both:
            here = [s for name, s in file.sections.items() if called(name) == profile]
            if here and among in {"", which}:
                found |= {**file.for_all, **here[-1].own}
        return found

    def secret(self, profile: str) -> str:
        """Return the secret that AWS's programs take for a profile, "" for none."""
        own, more = self.values(profile, _CREDENTIALS), self.values(profile, _CONFIG)
        return next((values.get(SECRET, "") for values in (own, more) if ID in values), "")


@lru_cache(maxsize=512)
def files(credentials: bytes | None, config: bytes | None) -> Files:
    """Read both files."""
    return Files(read(credentials), read(config))


@lru_cache(maxsize=512)
def wanted(both: tuple[bytes | None, bytes | None], names: tuple[str, ...]) -> Wanted:
    """Return what comes of these profiles, and the sources of roles among them (B-K03)."""
    making = _Making(files(*both))
    for name in names:
        making.take(name)
    return Wanted(making.found, making.left)


class CannotError(ValueError):
    """Raised where a profile, or a row of keys, cannot be imported."""

    def __init__(self, words: str, *, wrong: bool = True) -> None:
        super().__init__(words)
        self.left = Left(words, wrong)


class _Making:
    """Takes one profile after the other."""

    def __init__(self, both: Files) -> None:
        self.both = both
        self.found: dict[str, Imported] = {}  # by identity
        self.left: dict[str, Left] = {}
        self.spelt: dict[str, str] = {}  # profiles, by identity

    def take(self, name: str) -> None:
        """Take a profile that is asked for."""
        try:
            self.make(name, ())
        except CannotError as cannot:
            self.left[name] = cannot.left

    def make(self, name: str, behind: tuple[str, ...]) -> None:
        """Make an identity of a profile; `behind` are the roles that it is the source of."""
        as_named = normalize("NFC", name)
        if self.spelt.get(as_named) == name:
            return
        if self.both.harmed(name):
            raise CannotError("line ")
        values = self.both.values(name)
        as_role = self.is_role(name)
        made = self.role(name, values, behind) if as_role else self.user(name, values)
        check(as_named, made.settings)
        if as_named in self.spelt:
            raise CannotError("Unicode form")
        self.devices(name, made, values.get("mfa_serial", ""))
        stays = tuple(key for key in _STAYS if key in values)
        self.found[as_named] = self.found[as_named]._replace(stays=stays)
        self.spelt[as_named] = name

    def devices(self, name: str, made: Imported, serial: str) -> None:
        """Put it among the others, with the device that it names as its user's."""
        if serial and not is_serial(serial):
            raise CannotError("mfa_serial")
        user = as_named = normalize("NFC", name)
        found = {**self.found, as_named: made}
        while found[user].kind == OF_ROLE:
            user = found[user].settings["source"]
        if serial:
            if found[user].device not in {"", serial}:
                raise CannotError("mfa_serial")
            found[user] = found[user]._replace(device=serial)
        self.found = found

    def is_role(self, name: str) -> bool:
        """Tell whether a profile is a role: a web identity's is none of ours."""
        values = self.both.values(name)
        return "role_arn" in values and "web_identity_token_file" not in values

    def user(self, name: str, values: Values) -> Imported:
        """Return the IAM user that a profile is."""
        for keys, what in _LOOKED_FOR:
            here = self.both.values(name, what) if not keys else {}
            if not values.keys().isdisjoint(keys):
                ours = _PROCESS_OF_OURS.match(values.get("credential_process", ""))
                raise CannotError("authkit's own" if ours else what, wrong=False)
            if ID in here:
                region = {"region": values["region"]} if values.get("region") else {}
                also = what == _CREDENTIALS and ID in self.both.values(name, _CONFIG)
                return Imported(USER, region, keys_of(here), file=what, also=also)
        if SECRET in values:
            raise CannotError(SECRET)
        raise CannotError("SSO" if "sso_session" in values else "no credentials", wrong=False)

    def role(self, name: str, values: Values, behind: tuple[str, ...]) -> Imported:
        """Return the role that a profile is; its source is made first."""
        source = values.get("source_profile", "")
        if "credential_source" in values:
            raise CannotError("credential_source", wrong=False)
        if "source_profile" not in values:
            raise CannotError("no source_profile")
        if source not in self.both.names():
            raise CannotError("there is no profile")
        if source == name and not values.keys().isdisjoint(KEYS):
            raise CannotError("its own source_profile", wrong=False)
        if source in (*behind, name):
            raise CannotError("circle")
        if self.is_role(source) and not self.both.values(source).keys().isdisjoint(KEYS):
            raise CannotError("is a role itself", wrong=False)
        self.make(source, (*behind, name))
        settings = {"source": normalize("NFC", source), "role_arn": values["role_arn"]}
        settings |= {key: values[key] for key in ("region", "external_id") if values.get(key)}
        if (lasts := values.get("duration_seconds", "")).isdigit():
            of_role = self.found[settings["source"]].kind == OF_ROLE
            if not SHORTEST <= int(lasts) <= (LONGEST_OF_CHAIN if of_role else LONGEST_OF_ROLE):
                raise CannotError("session_duration")
            settings["session_duration"] = lasts  # in seconds
        return Imported(OF_ROLE, settings)


def pair_of(values: Values) -> Pair:
    """Return the keys that stand in a section, "" for one that is not there."""
    return values.get(ID, ""), values.get(SECRET, "")


def keys_of(values: Values) -> Pair:
    """Return the keys among what a profile has in one file.  Raises CannotError."""
    pair = values[ID], values.get(SECRET, "")
    if _TOKENS.intersection(values) or pair[0].startswith("ASIA"):
        raise CannotError("session credentials", wrong=False)
    if SECRET not in values:
        raise CannotError(SECRET)
    if any("\n" in text for text in pair):
        raise CannotError("indented")
    return checked(*pair)


def checked(key_id: str, secret: str) -> Pair:
    """Return keys.  Raises CannotError where they are none (docs/contract.md, "Prompts")."""
    if key_id.startswith("ASIA"):
        raise CannotError("session credentials")
    if not re.fullmatch(r"\w{16,128}", key_id, re.ASCII):
        raise CannotError("access key id")
    if not secret.strip():
        raise CannotError("secret_access_key")
    return key_id, secret


def check(name: str, settings: Values) -> None:
    """Raise CannotError where an identity can have no such name, or none of these settings."""
    if not is_name(name):
        raise CannotError("no identity can have that name")
    for key, form in _LIKE.items():
        if key in settings and not re.fullmatch(form, settings[key], re.ASCII):
            raise CannotError(key)


def is_name(text: str) -> bool:
    """Tell whether an identity can have a name (docs/contract.md, "Stored form")."""
    text = normalize("NFC", text)
    seen = all(_is_of_a_script(c) or c in "._-/@:+=, " for c in text) and not _UNSEEN.search(text)
    return seen and 1 <= len(text) <= 128 and text[0] not in "- " and text[-1] != " "


def _is_of_a_script(letter: str) -> bool:
    """Tell whether it is a letter, a mark or a digit."""
    kind = category(letter)
    return kind[0] in "LM" or kind == "Nd"
