"""The config file, and which identity a command is for."""

from __future__ import annotations

import shlex
import sys
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.core import config
from authkit.core.config import Config
from authkit.core.failures import Failure
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER
from authkit.core.model import Marker, Values
from fakes.world.config import PATH
from tests.authkit.core.configs import CHAIN, WRONG, WRONG_ROLES, a_role
from tests.support.saying import said as said_of
from tests.support.stage import CountedConfig, Stage

LAW = settings(max_examples=100)
MFA = "arn:aws:iam::123456789012:mfa/user"
FULL = f"""
default = "dev-admin"

[identities.dev-admin]
kind = "aws/user"
region = "eu-west-1"
mfa_arn = "{MFA}"
session_duration = "36h"

[identities.audit]
"""
DEV_ADMIN = Identity(
    "dev-admin",
    AWS_USER,
    "eu-west-1",
    {"mfa_arn": MFA, "session_duration": "36h", "region": "eu-west-1"},
    "file.toml",
)
AUDIT = Identity("audit", AWS_USER, "us-east-1", {}, "file.toml")


def parsed(text: str) -> Config:
    """Return the config that a text holds."""
    return config.parse(text.encode(), "file.toml")


def complaint(failure: Failure) -> str:
    """Return the message of a configuration error."""
    assert failure.status == 2, "exit status of a configuration error"
    return said_of(failure)


def test_a_full_file() -> None:
    """docs/contract.md, Config file: default, kind, region, MFA ARN and session duration."""
    found = parsed(FULL)
    assert (found.found, found.path, found.default) == (True, "file.toml", "dev-admin")
    assert found.identities == {"dev-admin": DEV_ADMIN, "audit": AUDIT}


def test_an_empty_file() -> None:
    """docs/contract.md, Config file: an empty file is valid."""
    assert parsed("") == Config(found=True, path="file.toml", default="", identities={})


def test_no_file() -> None:
    """B-K04: without a config file there are no identities in it, which is no error."""
    found = config.read(CountedConfig(None))
    assert found == Config(found=False, path=PATH, default="", identities={})


@pytest.mark.parametrize(("text", "where", "reason"), WRONG)
def test_wrong(text: str, where: str, reason: str) -> None:
    """B-L21, docs/contract.md: an error names file, table and key, and has a reason."""
    with pytest.raises(Failure) as caught:
        parsed(text)
    shown = complaint(caught.value)
    assert shown.startswith(f"✗ file.toml:\n  {where}: ")
    assert reason in shown


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("mfa_arn", "arn:aws:iam::12345:mfa/user", "an MFA ARN is written like arn:aws:iam::1234"),
        (
            "mfa_arn",
            "arn:aws:iam::123456789012:mfa/us\u200ber",
            "it holds \\u200b, which cannot be",
        ),
        ("session_duration", "36", "AWS grants sessions of 15m to 36h; 36 is in seconds, 36h in"),
    ],
)
def test_a_setting_that_cannot_be(key: str, value: str, reason: str) -> None:
    """docs/contract.md, Config file: the error names file, table and key, and says why."""
    with pytest.raises(Failure) as caught:
        parsed(f'[identities.a]\n{key} = "{value}"')
    assert f"✗ file.toml:\n  identities.a.{key}: {reason}" in complaint(caught.value)


def test_the_account_of_a_role() -> None:
    """docs/contract.md, Config file: the same for a role's ARN."""
    with pytest.raises(Failure) as caught:
        parsed(
            "[identities.a]\n[identities.b]\nkind = 'aws/assume-role'\nsource = 'a'\n"
            "role_arn = 'arn:aws:iam::12345:role/deploy'"
        )
    assert "identities.b.role_arn: a role's ARN is written like" in complaint(caught.value)


def test_a_byte_order_mark() -> None:
    """B-A06: a file is UTF-8 with or without a byte-order mark."""
    assert config.parse(b"\xef\xbb\xbf" + FULL.encode(), "file.toml") == parsed(FULL)


@pytest.mark.parametrize("key", ["access_key_id", "secret_access_key"])
def test_there_is_no_place_for_secrets(key: str) -> None:
    """B-S01: keys in the file are an error that says where they belong, and does not show them."""
    with pytest.raises(Failure) as caught:
        parsed(f"[identities.a]\n{key} = 'AKIA-canary'")
    shown = complaint(caught.value)
    assert f"identities.a.{key}: keys belong in the keyring" in shown
    assert "authkit user configure --identity a" in shown
    assert "canary" not in shown


def test_complaints_show_no_control_characters() -> None:
    """B-A01: control characters in a key of the file are not shown."""
    with pytest.raises(Failure) as caught:
        parsed('"\\u001b[2J" = 1')
    assert "\x1b" not in complaint(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"default = " + b"1" * 5000,
        b"default = " + b"[" * 20_000,
        b"a = 2024-99-99",
        b"\x00",
        b'default = "\\ud800"',
    ],
    ids=["no UTF-8", "a figure too long", "too deep", "no such day", "NUL", "half a character"],
)
def test_what_is_not_toml(content: bytes) -> None:
    """B-A02: a file of arbitrary bytes is a configuration error."""
    with pytest.raises(Failure) as caught:
        config.parse(content, "file.toml")
    assert "✗ file.toml:\n  it is not TOML: " in complaint(caught.value)


KEY = b".".join([b"a"] * 100_000)


@pytest.mark.parametrize(
    "content",
    [
        *(KEY + b" = 1", b"[" + KEY + b"]", b"x = {" + KEY + b" = 1}", KEY.replace(b".", b" . ")),
        b'"a"' + b".'b'" * 100_000 + b" = 1",
    ],
    ids=["a key", "a table", "within a table", "blanks", "quotes"],
)
def test_a_key_of_many_parts(content: bytes) -> None:
    """B-S07: it is refused in few steps; tomllib's grow with the square of the parts."""
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1
        assert steps < 2000

    sys.setprofile(count)
    try:
        with pytest.raises(Failure) as caught:
            config.parse(b"# one\n" + content, "file.toml")
    finally:
        sys.setprofile(None)
    assert "✗ file.toml:\n  line 2: it has more than 128 dots." in complaint(caught.value)


def test_dots_that_are_no_key() -> None:
    """B-S07: a ruler in a comment is of no account, nor are many lines with a few dots each."""
    ruler = b"#" + b"." * 200 + b"\n  #" + b"." * 200 + b"\n"
    made = b"".join(b"[identities.a%d]\n" % number for number in range(200))
    assert len(config.parse(ruler + made, "file.toml").identities) == 200


toml_values = st.sampled_from(["1", "1.5", "true", "[]", "{}", "''", "'a'", "'36h'", "'aws/user'"])
toml_keys = st.sampled_from(
    [
        *("default", "identities", "identities.a", "identities.a.kind", "identities.a.region"),
        *("identities.a.mfa_arn", "identities.a.session_duration", "identities.'.'"),
    ]
)
toml_lines = st.lists(st.tuples(toml_keys, toml_values).map(" = ".join), max_size=4)


@LAW
@given(
    st.binary(max_size=60) | st.text().map(str.encode) | toml_lines.map("\n".join).map(str.encode)
)
def test_any_bytes_are_a_config_or_a_failure(content: bytes) -> None:
    """B-A02: any content of the file is a config or a configuration error."""
    try:
        found = config.parse(content, "file.toml")
    except Failure as failure:
        assert complaint(failure).startswith("✗ file.toml:\n  ")  # noqa: PT017 - the law's other half
    else:
        assert found.found


# Roles.


def test_a_chain_of_roles() -> None:
    """B-K03: a role's root is the identity whose keys it is reached by; a user's is itself."""
    found = parsed(CHAIN + a_role("other", "audit") + "[identities.audit]")
    roots = {name: found.root(identity).name for name, identity in found.identities.items()}
    assert roots == {
        "dev": "dev",
        "build": "dev",
        "deploy": "dev",
        "other": "audit",
        "audit": "audit",
    }
    assert [role.name for role in found.reached_from("dev")] == ["build", "deploy"]
    assert [role.name for role in found.reached_from("build")] == ["deploy"]
    assert found.reached_from("deploy") == []


def test_the_kind_of_a_name() -> None:
    """B-K01, B-K04: a name that is not in the file is an aws/user's."""
    found = parsed(CHAIN)
    assert [found.kind_of(name) for name in ("deploy", "dev", "other")] == [
        AWS_ASSUME_ROLE,
        AWS_USER,
        AWS_USER,
    ]


@pytest.mark.parametrize(("text", "where", "reason"), WRONG_ROLES.values(), ids=WRONG_ROLES.keys())
def test_a_wrong_role(text: str, where: str, reason: str) -> None:
    """B-K03, B-L19: an error that names table and key, and has a reason."""
    with pytest.raises(Failure) as caught:
        parsed(text)
    shown = complaint(caught.value)
    assert shown.startswith(f"✗ file.toml:\n  {where}: ")
    assert reason in shown


# Which identity a command is for.


def stage(text: str | None, *marked: str, **environ: str) -> Stage:
    """Return a stage with a config file, markers and an environment."""
    made = Stage(config=CountedConfig(text), environ=environ)
    for name in marked:
        made.sessions.markers.mark(name, Marker())
    return made


TWO = "[identities.dev]\n[identities.audit]"


@pytest.mark.parametrize(
    ("given_name", "environ", "text", "marked", "name"),
    [
        ("audit", {"AUTHKIT_IDENTITY": "dev"}, f"default = 'dev'\n{TWO}", [], "audit"),
        ("", {"AUTHKIT_IDENTITY": "audit"}, f"default = 'dev'\n{TWO}", [], "audit"),
        ("", {"AUTHKIT_IDENTITY": ""}, f"default = 'dev'\n{TWO}", [], "dev"),
        ("", {}, "[identities.dev]", [], "dev"),
        ("", {}, None, ["dev"], "dev"),
        ("", {}, "", ["dev"], "dev"),
        ("", {}, "[identities.dev]", ["dev"], "dev"),
        ("other", {}, TWO, ["other"], "other"),
        ("anything", {}, None, [], "anything"),
    ],
    ids=[
        "the argument first",
        "then AUTHKIT_IDENTITY",
        "then the default",
        "the only one in the file",
        "the only one with a marker",
        "the only one beside an empty file",
        "the only one in both",
        "a marker beside the file's",
        "any name without a file",
    ],
)
def test_which_identity(
    given_name: str, environ: dict[str, str], text: str | None, marked: list[str], name: str
) -> None:
    """B-K04: argument, AUTHKIT_IDENTITY, the config's default, then the only identity."""
    assert config.resolve(stage(text, *marked, **environ), given_name, "login").name == name


def test_without_a_file() -> None:
    """B-K04: without a config file any name is an aws/user in us-east-1."""
    assert config.resolve(stage(None), "x", "login") == Identity(
        "x", AWS_USER, "us-east-1", {}, PATH
    )


def test_an_unknown_name() -> None:
    """B-K04: with a config file an unknown name is an error that lists the names, nearest first."""
    with pytest.raises(Failure) as caught:
        config.resolve(stage("[identities.prod]\n[identities.audit]", "dev"), "prdo", "login")
    shown = complaint(caught.value)
    assert f"There is no identity prdo in\n  {PATH}" in shown
    listed = shown.split("There are: ")[1].split(".")[0].split(", ")
    assert listed[0] == "prod"
    assert sorted(listed) == ["audit", "dev", "prod"]


@pytest.mark.parametrize(("name", "near"), [("prdo", "; the nearest is prod."), ("x", ".")])
def test_an_unknown_name_is_suggested_only_when_near(name: str, near: str) -> None:
    """B-A05: one suggestion for a near miss, and none for a name that is near nothing."""
    with pytest.raises(Failure) as caught:
        config.resolve(stage("[identities.prod]\n[identities.quarry]"), name, "login")
    assert f"There is no identity {name} in\n  {PATH}{near}\n" in complaint(caught.value)


def test_for_this_run() -> None:
    """B-E02, B-L21: --region and --duration take precedence over the config file."""
    made = stage("[identities.dev]\nregion = 'eu-west-1'\nsession_duration = '4h'")
    two = 2 * 3600
    plain = config.resolve(made, "dev", "login")
    identity = config.resolve(made, "dev", "login", region="eu-north-1", duration=two)
    assert (plain.region, plain.duration(Values())) == ("eu-west-1", 4 * 3600)
    assert (identity.region, identity.duration(Values())) == ("eu-north-1", two)
    assert identity.settings == plain.settings


LONG_ROLES = [("build", 12, ""), ("build", 13, "12h"), ("deploy", 1, ""), ("deploy", 2, "1h")]


@pytest.mark.parametrize(("role", "hours", "most"), LONG_ROLES)
def test_a_duration_of_a_role(role: str, hours: int, most: str) -> None:
    """B-K03: --duration of a role is 12 h at most, and 1 h of one reached from a role."""
    made, duration = stage(CHAIN), hours * 3600
    if not most:
        assert config.resolve(made, role, "login", duration=duration).by_option == f"{hours}h"
        return
    with pytest.raises(Failure) as caught:
        config.resolve(made, role, "login", duration=duration)
    assert caught.value.status == 2
    assert f"--duration {hours}h: {role} gets {most} at most." in complaint(caught.value)


def test_a_region_of_another_partition() -> None:
    """B-L19: --region of a role is of the role's partition."""
    assert config.resolve(stage(CHAIN), "build", "login", region="eu-west-1").region == "eu-west-1"
    with pytest.raises(Failure) as caught:
        config.resolve(stage(CHAIN), "build", "login", region="cn-north-1")
    assert "--region: its partition is aws, that of cn-north-1 is aws-cn" in complaint(caught.value)


def test_an_unknown_name_where_there_is_none() -> None:
    """B-K04: a file without identities has no names to list."""
    with pytest.raises(Failure) as caught:
        config.resolve(stage(""), "dev", "login")
    assert "There are: none." in complaint(caught.value)


@pytest.mark.parametrize(
    ("text", "marked", "listed"),
    [(None, ["b", "a"], "a, b"), (TWO, ["dev"], "audit, dev")],
)
def test_no_name_and_several(text: str | None, marked: list[str], listed: str) -> None:
    """B-K04: the error says how to name an identity, and lists the names."""
    with pytest.raises(Failure) as caught:
        config.resolve(stage(text, *marked), "", "whoami")
    assert caught.value.name == "identity-needed"
    assert listed in str(caught.value.values["names"])


@pytest.mark.parametrize(("text", "told"), [(None, "Run '"), ("", f"none in\n  {PATH}.\n")])
def test_no_name_and_no_identity(text: str | None, told: str) -> None:
    """B-K04, B-L27: what the config file does not have is no identity: a login of it fails."""
    with pytest.raises(Failure) as caught:
        config.resolve(stage(text), "", "whoami")
    assert told in complaint(caught.value)
    assert ("Add [identities.NAME] there" in complaint(caught.value)) == (text is not None)


@pytest.mark.parametrize("name", ["-x", "a ", "a?b", "a\u200bb", "x" * 129, "\x1b[2J"])
def test_a_bad_name(name: str) -> None:
    """docs/contract.md, Stored form: an invalid name is refused, and shown without controls."""
    for named in (stage(None), stage(None, AUTHKIT_IDENTITY=name)):
        given_name = "" if named.environ else name
        with pytest.raises(Failure) as caught:
            config.resolve(named, given_name, "login")
        assert caught.value.name == "identity-bad-name"
        assert "\x1b" not in complaint(caught.value)


def test_names_that_look_alike() -> None:
    """B-S10: names are compared in NFC, wherever they come from; two spellings are an error."""
    both = '[identities."u\\u0308"]\n[identities.role]\nkind = "aws/assume-role"\n'
    both += 'source = "u\\u0308"\nrole_arn = "arn:aws:iam::123456789012:role/r"\n'
    found = config.resolve(stage(f'default = "u\\u0308"\n{both}'), "", "login")
    assert found.name == "\u00fc"
    assert config.resolve(stage(both), "u\u0308", "login") == found
    role = config.resolve(stage(both), "role", "login")
    assert role.settings["source"] == "\u00fc"
    with pytest.raises(Failure) as caught:
        config.resolve(stage('[identities."u\\u0308"]\n[identities."\u00fc"]'), "x", "login")
    assert "it is there twice" in complaint(caught.value)


def test_a_name_that_toml_quotes() -> None:
    """B-A04: the table to add is written as TOML takes it."""
    tables = {"a-b_c": "a-b_c", "a.b": '"a.b"', "a@b": '"a@b"', "a b": '"a b"', "ü": '"ü"'}
    for name, table in ((n, f"[identities.{key}]") for n, key in tables.items()):
        assert tomllib.loads(table) == {"identities": {name: {}}}
        with pytest.raises(Failure) as caught:
            config.resolve(stage(TWO), name, "login")
        assert f"add {table}." in complaint(caught.value)


def test_keys_in_the_file_of_a_name_with_a_blank() -> None:
    """B-S10: the command that is recommended is quoted."""
    with pytest.raises(Failure) as caught:
        config.resolve(stage('[identities."a b"]\naccess_key_id = "x"'), "a b", "login")
    assert 'authkit user configure --identity "a b"' in complaint(caught.value)


def test_known() -> None:
    """B-K04: the known names are those in the config file and those with a marker."""
    found = parsed("[identities.a]\n[identities.c]")
    assert config.known(stage(None, "b", "c"), found) == ["a", "b", "c"]


def test_where_it_is_set_is_said() -> None:
    """B-L02: one line for each such field, with title, file and key."""
    there = {"mfa_arn": "GAHT12345678", "session_duration": "4h"}
    identity = Identity("dev-admin", AWS_USER, "us-east-1", there, "/etc/authkit.toml")
    assert config.hints(identity, Values()) == [
        "MFA ARN is set in /etc/authkit.toml (identities.dev-admin.mfa_arn).",
        "Session Duration is set in /etc/authkit.toml (identities.dev-admin.session_duration).",
    ]
    assert config.hints(identity.replaced(settings={}), Values()) == []


def test_how_to_answer_is_said() -> None:
    """B-K05: one line, where a question that is asked has a default in brackets."""
    identity = Identity("dev-admin", AWS_USER, "us-east-1", {"mfa_arn": "GAHT12345678"}, "/etc/a")
    keeps = "Enter keeps what is in brackets, '-' clears what is optional."
    assert keeps in config.hints(identity, Values(session_duration="4h"))
    assert keeps not in config.hints(identity, Values(mfa_arn="GAHT12345678"))


def test_where_a_name_with_a_dot_is_set() -> None:
    """B-A04: the key is written as TOML takes it."""
    there = {"mfa_arn": "GAHT12345678"}
    named = Identity("team.dev", AWS_USER, "us-east-1", there, "/etc/authkit.toml")
    assert '(identities."team.dev".mfa_arn)' in config.hints(named, Values())[0]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('["print-code", "AWS dev", ""]', ["print-code", "AWS dev", ""]),
        ("\"print-code 'AWS dev'\"", ["print-code", "AWS dev"]),
    ],
)
def test_a_command(written: str, words: list[str]) -> None:
    """docs/contract.md, mfa_process: a list of words, or one text that a shell would split so."""
    found = config.parse(f"[identities.dev-admin]\nmfa_process = {written}".encode(), "c.toml")
    assert shlex.split(found.identities["dev-admin"].settings["mfa_process"]) == words


@pytest.mark.parametrize("written", ['""', '"  "', "[]", '["a", 1]', "3", '"open \'x"'])
def test_what_is_no_command(written: str) -> None:
    """It is refused where it stands, and the file, the table and the key are named."""
    with pytest.raises(Failure) as ended:
        config.parse(f"[identities.dev-admin]\nmfa_process = {written}".encode(), "c.toml")
    assert (ended.value.name, ended.value.status) == ("config-wrong", 2)
    assert ended.value.values["where"] == "identities.dev-admin.mfa_process"
