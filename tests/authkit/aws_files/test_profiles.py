"""Profiles whose credentials come from authkit: their names, their command, adding, removing."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
from botocore.compat import compat_shell_split
from botocore.configloader import build_profile_map
from hypothesis import given
from hypothesis import strategies as st

from authkit.aws_files import profiles
from authkit.aws_files.ini import IniFile
from authkit.aws_files.profiles import PROCESS, Profile
from authkit.core.failures import Failure
from authkit.core.names import is_name, normal
from tests.authkit.aws_files.inis import as_botocore, good_files
from tests.support.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTHKIT = "/usr/bin/authkit"
COMMAND = f"{AUTHKIT} credential-process dev-admin"
OURS = Profile("dev-admin", "dev-admin", "/home/dev/.aws/config")
NAMES = st.text("abcXYZ019 ._-/@:+=,üß本", min_size=1, max_size=12).map(normal).filter(is_name)


# Files and names.


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({}, "/home/dev/.aws/config"),
        ({"AWS_CONFIG_FILE": ""}, "/home/dev/.aws/config"),
        ({"AWS_CONFIG_FILE": "/etc/aws"}, "/etc/aws"),
        ({"AWS_CONFIG_FILE": "~/aws"}, "/home/dev/aws"),
        ({"AWS_CONFIG_FILE": "$PLACE/${NAME}/aws", "PLACE": "/x", "NAME": "me"}, "/x/me/aws"),
        ({"AWS_CONFIG_FILE": "/$NOT_SET/aws"}, "/$NOT_SET/aws"),
        ({"AWS_CONFIG_FILE": "$PLACEä", "PLACE": "/x", "PLACEä": "/y"}, "/xä"),
    ],
)
def test_where_the_config_file_is(environ: dict[str, str], path: str) -> None:
    """AWS_CONFIG_FILE is honoured as botocore reads it, with `~` and variables."""
    assert profiles.config_file(Stage(environ)) == path


def test_where_the_credentials_file_is() -> None:
    """So is AWS_SHARED_CREDENTIALS_FILE."""
    assert profiles.credentials_file(Stage()) == "/home/dev/.aws/credentials"
    stage = Stage({"AWS_SHARED_CREDENTIALS_FILE": "/keys"})
    assert profiles.credentials_file(stage) == "/keys"


@given(NAMES)
def test_botocore_finds_the_profile(name: str) -> None:
    """Whatever an identity is called, botocore takes the section for the profile of that name."""
    header = profiles.header_of(name)
    read = as_botocore(f"[{header}]\n".encode())
    assert read is not None
    assert build_profile_map(read)["profiles"] == {name: {}}
    assert profiles.profile_of(header) == name


@pytest.mark.parametrize(
    "header",
    [
        *("default", "profile default", "profile a", 'profile "a b"', "profile a b", "profile"),
        *("profiles a", "profile 'a", "sso-session a", "a", "profile\ta", "profile  a  "),
    ],
)
def test_which_sections_are_profiles(header: str) -> None:
    """The same that botocore takes for one, under the same name."""
    found = build_profile_map({header: {}})["profiles"]
    assert {*found} == {profiles.profile_of(header)} - {None}


@pytest.mark.parametrize(
    ("name", "by_all"),
    [
        *(("dev-admin", True), ("me@acme/dev:x+y.z%", True), ("a b", False)),
        *(("entwickler-ü", False), ("a=b", False), ("a,b", False)),
    ],
)
def test_which_names_every_sdk_finds(name: str, by_all: bool) -> None:  # noqa: FBT001 - a row of the table
    """Those of the characters that the SDK for JavaScript takes."""
    assert profiles.found_by_all(name) is by_all


# The command.

WORDS = st.text("ab/.-_ '\"$`\\!*?~&|<>()ü=,", min_size=1, max_size=8)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_every_reader_finds_the_same_words(words: list[str]) -> None:
    """Botocore's splitting and a shell's find the words; nothing is a quote at both ends."""
    words = ["printf", "%s\\0", *words]
    line = profiles.command_line(words)
    assert [*compat_shell_split(line)][: len(words)] == words
    assert line.strip() == line
    assert "\n" not in line
    shell = ["/bin/sh", "-c", line]
    said = subprocess.run(shell, capture_output=True, check=True, start_new_session=True)  # noqa: S603 - our own
    assert said.stdout.decode().split("\0")[: len(words) - 2] == words[2:]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([AUTHKIT, "credential-process", "dev"], f"{AUTHKIT} credential-process dev"),
        ([AUTHKIT, "credential-process", "a b"], f'{AUTHKIT} credential-process "a b"'),
        (["/a b/authkit", "x", "dev"], '"/a b/authkit" x dev'),
        (["/a b/authkit", "x", "c d"], '"/a b/authkit" x "c d" --no-input'),
        (["/a$b/authkit", "x"], "'/a$b/authkit' x"),
        (["/a b!/authkit", "x"], '"/a b!/authkit" x'),
        (["/a#b/authkit", "x"], '"/a#b/authkit" x'),
        (["Xauthkit", "x", "devX"], "Xauthkit x devX"),
    ],
)
def test_how_words_are_quoted(words: list[str], line: str) -> None:
    """In double quotes where they will do, and never in the same quotes at both ends.

    The SDK for Go takes those away.
    """
    assert profiles.command_line(words) == line
    assert shlex.split(line)[: len(words)] == words


@pytest.mark.parametrize("path", ["/a\nb/authkit", "/a #1/authkit", "/a ;b/authkit", "/a\udce4"])
def test_what_cannot_stand_there(path: str) -> None:
    """Line ends, what is not UTF-8, and what an AWS SDK takes for a comment."""
    with pytest.raises(ValueError, match=r"^has "):
        profiles.command_line([path, "credential-process", "dev-admin"])


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        (COMMAND, "dev-admin"),
        ("authkit credential-process -i dev-admin", "dev-admin"),
        ('"/a b/authkit" --config "/x y" credential-process "a b" --no-input', "a b"),
        ("/usr/bin/env AUTHKIT_STATE_DIR=/x /bin/authkit credential-process a", "a"),
        ("/usr/bin/python3 -P -m authkit credential-process a", "a"),
        ("C:\\\\x\\\\authkit.exe credential-process a", "a"),
        ("authkit credential-process", ""),
        ("authkit credential-process 'a$(id)'", ""),  # no identity is called so
        ("authkit env dev-admin", ""),
        ("authkit credential-process --wrong a", ""),
        ("/opt/authkit-like credential-process a", ""),
        ("/opt/other authkit", ""),
        ("'", ""),
        ("", ""),
    ],
)
def test_whose_command_it_is(line: str, identity: str) -> None:
    """Authkit's credential-process is known wherever it is installed, and by any spelling."""
    assert profiles.identity_in(line) == identity


@given(NAMES, st.sampled_from([AUTHKIT, "/my place/authkit", "/it's/$x/authkit"]))
def test_what_is_written_is_known_again(name: str, program: str) -> None:
    """The command of any identity is known as its own."""
    line = profiles.command_line([program, "credential-process", name])
    assert profiles.identity_in(line) == name


# Adding and removing.


@given(good_files(), NAMES, st.sampled_from(["", "eu-west-1"]))
def test_added_and_removed(content: bytes, name: str, region: str) -> None:
    """Botocore reads the profile and all that it read before; removed, the bytes are the old."""
    profile = Profile(name, name, "/config")
    before = as_botocore(content)
    header = profiles.header_of(name)
    assert before is not None
    if header in before:
        return
    line = profiles.command_line([AUTHKIT, "credential-process", name])
    made = profile.added(content, line, region)
    assert made.content is not None
    wanted = {PROCESS: line} | ({"region": region} if region else {})
    assert as_botocore(made.content) == before | {header: wanted}
    assert profile.added(made.content, line, region).content is None
    removed = profile.removed(made.content).content
    assert removed is not None
    assert removed.rstrip(b"\r\n") == content.rstrip(b"\r\n")
    assert removed == content or not content.endswith((b"\n", b"\r"))


@given(good_files(), st.data())
def test_a_profile_with_settings(content: bytes, data: st.DataObject) -> None:
    """One without credentials gets them; afterwards its lines are what they were."""
    file = IniFile(content)
    if not file.sections:
        return
    section = data.draw(st.sampled_from(file.sections))
    profile = Profile(profiles.profile_of(section.name) or "", "dev-admin", "/config")
    try:
        made = profile.added(content, COMMAND, "eu-west-1")
    except Failure as failure:
        if failure.name != "profile-by-hand":
            raise
        return
    assert made.content is not None
    before = as_botocore(content)
    assert before is not None
    new = {PROCESS: COMMAND, "region": "eu-west-1"}
    assert as_botocore(made.content) == before | {section.name: before[section.name] | new}
    if section.entries:
        removed = profile.removed(made.content).content
        assert removed is not None
        assert removed.rstrip(b"\r\n") == content.rstrip(b"\r\n")


REFUSED: Mapping[str, tuple[str, str]] = {
    "a key": (f"[profile dev-admin]\n{PROCESS} = /other\n", "profile-taken"),
    "another identity's": (
        f"[profile dev-admin]\n{PROCESS} = authkit credential-process audit\n",
        "profile-taken",
    ),
    "twice": ("[profile dev-admin]\n[profile 'dev-admin']\n", "profile-twice"),
    "a faulty file": ("[a]\n[a]\n", "profile-file-refused"),
    "indented": ("[profile dev-admin]\n [a]\n", "profile-by-hand"),
    "from everywhere": (f"[DEFAULT]\n{PROCESS} = /other\n[profile dev-admin]\n", "profile-taken"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_changed(case: str) -> None:
    """B-A04: what is somebody else's, or what no reader agrees on, is refused by its name."""
    content, name = REFUSED[case]
    with pytest.raises(Failure) as raised:
        OURS.added(content.encode(), COMMAND, "")
    assert raised.value.name == name


# By which SDKs find a profile's credentials (AWS SDKs and Tools Reference Guide, "Standardized
# credential providers"; the last is of `aws login`).
OF_CREDENTIALS = (
    *("credential_process", "aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
    *("role_arn", "source_profile", "credential_source", "web_identity_token_file"),
    *("sso_session", "sso_start_url", "sso_account_id", "sso_role_name", "login_session"),
)


@pytest.mark.parametrize("key", OF_CREDENTIALS)
def test_every_source_of_credentials_is_somebodys(key: str) -> None:
    """A profile that says where its credentials come from gets no others."""
    with pytest.raises(Failure) as raised:
        OURS.added(f"[profile dev-admin]\n{key} = x\n".encode(), COMMAND, "")
    assert (raised.value.name, raised.value.values["has"]) == ("profile-taken", f"it has {key}")


@pytest.mark.parametrize(
    ("content", "is_now", "left"),
    [
        ("", "missing", None),
        (f"[profile dev-admin]\n{PROCESS} = {COMMAND}\n", "removed", ""),
        (f"[profile dev-admin]\n{PROCESS} = {COMMAND}\nregion = x\n", "removed", ""),
        (
            f"[profile dev-admin]\nregion = x\n{PROCESS} = {COMMAND}\n",
            "emptied",
            "[profile dev-admin]\nregion = x\n",
        ),
        (
            f"[profile dev-admin]\n{PROCESS} = {COMMAND}\nregion = x\noutput = json\n",
            "emptied",
            "[profile dev-admin]\noutput = json\n",
        ),
        (
            f"[profile dev-admin]\n{PROCESS} = {COMMAND}\noutput = json\nregion = x\n",
            "emptied",
            "[profile dev-admin]\noutput = json\nregion = x\n",
        ),
        (
            f"[profile dev-admin]\n# mine\n{PROCESS} = {COMMAND}\n\n[a]\n[a]\n",
            "removed",
            "# mine\n\n[a]\n[a]\n",
        ),
    ],
)
def test_what_is_removed(content: str, is_now: str, left: str | None) -> None:
    """The command, the region below it, and a header that is left with nothing."""
    made = OURS.removed(content.encode())
    assert made.is_now == is_now
    assert (made.content or b"").decode() == (left or "")
    assert (made.content is None) is (left is None)


def test_what_cannot_be_removed() -> None:
    """B-A04: where the lines below would mean something else then, nothing is changed."""
    content = f"[s]\na = 1\n[profile dev-admin]\n    {PROCESS} = {COMMAND}\n  [u]\nb = 1\n"
    with pytest.raises(Failure) as raised:
        OURS.removed(content.encode())
    assert (raised.value.name, raised.value.values["number"]) == ("profile-by-hand", 3)


def test_the_header_of_the_default_profile() -> None:
    """Not every SDK finds it under `[profile default]`."""
    assert profiles.header_of("default") == "default"


def test_a_profile_of_another_name() -> None:
    """Where there is none of the name, the one that gives the identity's credentials is told."""
    other = f"[profile x]\n{PROCESS} = {COMMAND}\n"
    made = OURS.removed(f"[profile y]\n{PROCESS} = other\n{other}".encode())
    assert (made.content, made.is_now, made.other) == (None, "elsewhere", "x")
    for name in ("$(id)", "-x"):  # it could not be given to --name, and be copied into a shell
        taken = other.replace("profile x", f"profile {name}")
        assert OURS.removed(taken.encode()).is_now == "missing"
    named = OURS._replace(profile="x", identity="x")
    with pytest.raises(Failure) as raised:
        named.removed(other.encode())
    assert (raised.value.name, raised.value.values["other"]) == ("profile-of-another", "dev-admin")


@pytest.mark.parametrize(
    ("has", "by_option", "is_now", "left"),
    [
        ("", False, "there", None),
        ("", True, "in-region", "region = eu-west-1\n"),
        ("region = us-east-2\n", False, "there", None),
        ("region = us-east-2\n", True, "in-region", "region = eu-west-1\n"),
        ("region = eu-west-1\n", True, "there", None),
    ],
)
def test_a_region(has: str, *, by_option: bool, is_now: str, left: str | None) -> None:
    """One that is there stays, unless another is asked for."""
    begins = f"[profile dev-admin]\n{PROCESS} = {COMMAND}\n"
    made = OURS.added(f"{begins}{has}".encode(), COMMAND, "eu-west-1", by_option=by_option)
    assert made.is_now == is_now
    assert made.content == (None if left is None else f"{begins}{left}".encode())
    now = IniFile((begins + (has if left is None else left)).encode())
    assert made.region == now.values(now.sections[0]).get("region", "")


@pytest.mark.parametrize(
    ("has", "region", "is_now"),
    [
        ("region = us-east-2\n", "eu-west-1", "us-east-2"),
        ("output = json\n", "eu-west-1", "eu-west-1"),
        ("output = json\n", "", ""),
    ],
)
def test_the_region_of_a_profile_with_settings(has: str, region: str, is_now: str) -> None:
    """Its own is told, or the one that it gets; without any there is a warning."""
    made = OURS.added(f"[profile dev-admin]\n{has}".encode(), COMMAND, region)
    assert (made.is_now, made.region) == ("filled", is_now)


@pytest.mark.parametrize(
    ("credentials", "found"),
    [
        ("", (0, "")),
        ("[other]\naws_access_key_id = x\n", (0, "")),
        ("[dev-admin]\nregion = x\n", (0, "")),
        ("\n[dev-admin]\naws_access_key_id = x\nregion = y\n", (2, "aws_access_key_id")),
        (f"[dev-admin]\n{PROCESS} = x\n", (1, PROCESS)),
    ],
)
def test_what_shadows_a_profile(credentials: str, found: tuple[int, str]) -> None:
    """Keys of the same name in the credentials file, with the line of the section."""
    assert profiles.shadowing(credentials.encode(), "dev-admin") == found
