"""Profiles of AWS's files: the same as botocore's, and what each is for authkit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import BotoCoreError
from hypothesis import given

from authkit.aws_files.ini import Fault
from authkit.importing import from_files
from authkit.importing.found import Place
from authkit.importing.from_files import Profiles
from tests.authkit.aws_files.inis import as_botocore, good_files
from tests.authkit.importing.shapes import ID, PAIR, ROLE, SECRET, SHAPES, Shape
from tests.fuzzing.target import steps_of

if TYPE_CHECKING:
    from pathlib import Path

    from authkit.importing.found import Found

ASSUMED = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>ASIAXXXXXXXXXXXXXXXX</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>"""


def read(config: str | bytes = "", credentials: str | bytes = "") -> Profiles:
    """Return the profiles of two files."""
    texts = (t.encode() if isinstance(t, str) else t for t in (config, credentials))
    return Profiles(
        from_files.config_file("/config", next(texts)),
        from_files.credentials_file("/credentials", next(texts)),
    )


def of(shape: Shape) -> Profiles:
    """Return the profiles of a shape."""
    return read(shape.config.encode(shape.encoding), shape.credentials.encode(shape.encoding))


class Botocore:
    """Botocore with a profile: what it finds, and what it asks STS for, which is canned."""

    def __init__(self, home: Path, profile: str | None = None) -> None:
        self.calls: list[dict[str, Any]] = []
        self.session = botocore.session.Session(profile=profile)
        self.session.set_config_variable("config_file", str(home / ".aws" / "config"))
        self.session.set_config_variable("credentials_file", str(home / ".aws" / "credentials"))
        self.session.register("provide-client-params.sts.AssumeRole", self._note)
        self.session.register("before-send.sts.AssumeRole", self._answer)

    def keys(self) -> Any:  # noqa: ANN401 - botocore has no types
        """Return the keys that a request is signed with.  Raises BotoCoreError."""
        resolver = self.session.get_component("credential_provider")
        resolver.get_provider("assume-role")._prompter = lambda _: "123456"  # noqa: SLF001 - a person
        found = self.session.get_credentials()
        return found.get_frozen_credentials() if found else None

    def _note(self, params: dict[str, Any], **_: object) -> None:
        self.calls.append(params)

    def _answer(self, request: Any, **_: object) -> AWSResponse:  # noqa: ANN401
        self.calls[-1] = {**self.calls[-1], "signed": request.headers["Authorization"].decode()}
        raw = type("Raw", (), {"stream": lambda *_, **__: iter([ASSUMED.encode()])})()
        return AWSResponse(request.url, 200, {"Content-Type": "text/xml"}, raw)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep variables of this machine from botocore, and its search for a machine's role."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


READ = [shape for shape in SHAPES if shape.read]


@pytest.mark.parametrize("shape", READ, ids=lambda shape: shape.name)
def test_the_profiles_are_botocores(shape: Shape, tmp_path: Path) -> None:
    """Both files give the profiles that botocore's own loader gives, with the same values."""
    shape.write(tmp_path)
    theirs = Botocore(tmp_path).session.full_config["profiles"]
    flat = {
        name: {k: v for k, v in found.items() if not isinstance(v, dict)}
        for name, found in theirs.items()
    }
    ours = of(shape).all
    assert list(ours) == list(flat)
    for name, values in ours.items():
        assert {k: v for k, v in values.items() if not v.startswith("\n")} == flat[name]


@pytest.mark.parametrize("shape", READ, ids=lambda shape: shape.name)
def test_what_is_taken_is_what_botocore_would_use(shape: Shape, tmp_path: Path) -> None:
    """A user has botocore's keys and region; a role is asked for with the same parameters."""
    shape.write(tmp_path)
    found, _ = of(shape).find(of(shape).all)
    assert found
    by_name = {one.name: one for one in found}
    for one in found:
        theirs = Botocore(tmp_path, one.name)
        keys = theirs.keys()
        region = theirs.session.get_scoped_config().get("region")
        assert one.settings.get("region") == region
        if one.values:
            assert keys.access_key == one.values.text("access_key_id")
            assert keys.secret_key == one.values.text("secret_access_key")
            assert keys.token is None
            continue
        check_role(one, theirs.calls, by_name)


def check_role(role: Found, calls: list[dict[str, Any]], by_name: dict[str, Found]) -> None:
    """Check what botocore asked STS for on the way to a role, its sources first."""
    chain = [role]
    while source := chain[0].settings.get("source"):
        chain.insert(0, by_name[source])
    user, *roles = chain
    assert len(calls) == len(roles)
    assert f"Credential={user.values.text('access_key_id')}/" in calls[0]["signed"]
    for one, call in zip(roles, calls, strict=True):
        assert call["RoleArn"] == one.settings["role_arn"]
        assert call.get("ExternalId") == one.settings.get("external_id")
        if "SerialNumber" in call:
            assert call["SerialNumber"] == user.values.text("mfa_arn")
        asked = {None: None, "2h": 7200}[one.settings.get("session_duration")]
        assert call.get("DurationSeconds") == asked


@pytest.mark.parametrize("shape", READ, ids=lambda shape: shape.name)
def test_what_is_not_taken(shape: Shape, tmp_path: Path) -> None:
    """Botocore has no long-term keys for it, or authkit no name or no kind."""
    shape.write(tmp_path)
    profiles = of(shape)
    _, not_taken = profiles.find(profiles.all)
    for one in not_taken:
        if "give" in one.reason or "can have that name" in one.reason:
            continue
        theirs = Botocore(tmp_path, one.name)
        with patch("subprocess.Popen", side_effect=OSError):
            try:
                keys = theirs.keys()
            except (BotoCoreError, OSError, ValueError):
                continue
        assert not keys or keys.token or not keys.access_key, one


@given(good_files())
def test_any_file_that_botocore_reads(content: bytes) -> None:
    """Whatever stands in it: no line harms a profile."""
    expected = as_botocore(content)
    assert expected is not None
    profiles = read(content)
    assert profiles.all == {n.removeprefix("profile "): v for n, v in expected.items()}
    assert not [*profiles.faults]


def test_the_section_for_all() -> None:
    """What [DEFAULT] has holds in all profiles of its file, and is no profile itself."""
    profiles = read("", f"[DEFAULT]\n{PAIR}[a]\n[b]\nregion = eu-west-1\n")
    assert [*profiles.all] == ["a", "b"]
    found, _ = profiles.find(profiles.all)
    assert [one.values.text("access_key_id") for one in found] == [ID, ID]


# What harms a file.


@pytest.mark.parametrize(
    ("credentials", "taken", "line"),
    [
        (f"\ufeff[a]\n{PAIR}".encode(), ["a"], 1),
        (f"[a]\n{PAIR}[b]\n{PAIR}[a]\n{PAIR}".encode(), ["b"], 7),
        (f"[a]\n{PAIR}{PAIR}[b]\n{PAIR}".encode(), ["b"], 4),
        (f"[a]\n{PAIR}nothing\n[b]\n{PAIR}".encode(), ["b"], 4),
        (f"nothing\n[a]\n{PAIR}".encode(), ["a"], 1),
        (f"[a]\n{PAIR}x = ".encode() + b"\xfc\n[b]\n" + PAIR.encode(), ["b"], 4),
        (b"# \xfc\n[a]\n" + PAIR.encode(), ["a"], 1),
        (f"[a]\n{PAIR}".encode() + b"# \xfc\n", ["a"], 4),
        (f"[a]\n{PAIR}".encode() + b"  # \xfc\n", ["a"], 4),
        (f"[a]\n{PAIR}".encode() + b"; \xfc\n", ["a"], 4),
        (f"[DEFAULT]\nnothing\n[a]\n{PAIR}".encode(), [], 2),
        (f"[a]\n{PAIR}s3 =\n  nothing\n[b]\n{PAIR}".encode(), ["b"], 4),
    ],
)
def test_a_line_that_botocore_refuses(credentials: bytes, taken: list[str], line: int) -> None:
    """It is named, and harms the profile that it stands in; a comment and a mark harm none."""
    assert as_botocore(credentials) is None
    profiles = read("", credentials)
    assert [fault.line for _, fault in profiles.faults][:1] == [line]
    found, not_taken = profiles.find(profiles.all)
    assert [one.name for one in found] == taken
    assert all(one.wrong and "/credentials, line " in one.where for one in not_taken)


@pytest.mark.parametrize(
    ("config", "taken"),
    [
        (f"[DEFAULT]\nnothing\n[profile a]\n{PAIR}", []),
        (f"[profile a]\nnothing\n{PAIR}[profile b]\n{PAIR}", ["b"]),
        (f"[plugins]\nnothing\n[profile a]\n{PAIR}", ["a"]),
    ],
)
def test_a_line_of_the_config_file_that_botocore_refuses(config: str, taken: list[str]) -> None:
    """It harms its profile; in [DEFAULT] it harms all, in a section that is no profile none."""
    profiles = read(config)
    found, not_taken = profiles.find(profiles.all)
    assert [one.name for one in found] == taken
    assert all(one.wrong and "/config, line 2" in one.where for one in not_taken)


def test_a_byte_order_mark() -> None:
    """B-A04: it is named, for the programs that use botocore read nothing of such a file."""
    (fault,) = read("", f"\ufeff[a]\n{PAIR}").faults
    assert fault == ("/credentials", Fault(1, "it begins with a byte-order mark"))


# What a profile is.

INDENTED = "the lines below its keys are indented, and so belong to them"
SSO_ALONE = "it signs in with IAM Identity Center (SSO), but names no role there"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("sso_session = x", SSO_ALONE),
        ("sso_start_url = x", SSO_ALONE),
        ("sso_session = x\nsso_account_id = 1", "it signs in with IAM Identity Center (SSO)"),
        ("region = x", "it has no credentials"),
    ],
)
def test_single_sign_on(more: str, reason: str) -> None:
    """One with a session alone, which gives no credentials, is not said to be empty."""
    profiles = read(f"[profile a]\n{more}\n", b"")
    assert [one.reason for one in profiles.find(["a"])[1]] == [reason]


def test_what_was_found_before_is_forgotten() -> None:
    """The list that is shown finds all; what is imported is what was chosen."""
    profiles = read("", f"[a]\n{PAIR}[b]\n{PAIR}".encode())
    profiles.find(profiles.all)
    assert [one.name for one in profiles.find(["b"])[0]] == ["b"]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("web_identity_token_file = /t\nrole_arn = x", "its credentials come from a web identity"),
        ("sso_account_id = 1", "it signs in with IAM Identity Center (SSO)"),
        ("login_session = x", "it signs in with the AWS Console (aws login)"),
        ("credential_process = /x", "its credentials come from a program"),
        ("credential_process = authkit credential-process dev", "it is authkit's own: "),
        ("region = eu-west-1", "it has no credentials"),
        (f"{PAIR}aws_session_token = x", "it has session credentials, which"),
        (f"{PAIR}aws_security_token = x", "it has session credentials, which"),
        (PAIR.replace("AKIA", "asia"), "it has session credentials, which"),
        (f"{ROLE}credential_source = Environment", "its keys come from the machine"),
        (f"{ROLE}{PAIR}source_profile = a", "it is its own source_profile: "),
    ],
)
def test_kinds_that_authkit_has_not(config: str, reason: str) -> None:
    """The reason names what gives its credentials; nothing is wrong with such a profile."""
    _, (one,) = read(f"[profile a]\n{config}\n").find(["a"])
    assert one.reason.startswith(reason)
    assert not one.wrong


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (f"aws_access_key_id = {ID}", "it has aws_access_key_id, but no aws_secret_access_key"),
        (
            f"aws_secret_access_key = {SECRET}",
            "it has aws_secret_access_key, but no aws_access_key_id",
        ),
        (f"aws_access_key_id = x\naws_secret_access_key = {SECRET}", "access_key_id: an access"),
        (f"aws_access_key_id = {ID}\naws_secret_access_key =", "secret_access_key: it cannot"),
        (f"aws_access_key_id = {ID}\naws_secret_access_key = x\n  region = y", INDENTED),
        (f"{PAIR}region = nowhere", "region: a region is written"),
        (f"{PAIR}mfa_serial = x", "mfa_serial: "),
        (ROLE, "it has role_arn, but no source_profile"),
        (f"{ROLE}source_profile = c", "there is no profile c"),
        (f"{ROLE}source_profile = a", "its source_profile leads round in a circle"),
        (f"{ROLE}source_profile = b\nduration_seconds = 60", "session_duration: "),
        ("role_arn = x\nsource_profile = b", "role_arn: "),
        (f"{ROLE}source_profile = b\nexternal_id = $", "external_id: "),
        (
            f"{ROLE}source_profile = b\nmfa_serial = other-device",
            "its mfa_serial is another than that of b",
        ),
    ],
)
def test_what_is_wrong(config: str, reason: str) -> None:
    """The reason names the key."""
    b = f"[profile b]\n{PAIR}mfa_serial = its-device\n"
    _, (one,) = read(f"{b}[profile a]\n{config}\n").find(["b", "a"])
    assert one.reason.startswith(reason)
    assert one.wrong


def test_the_chain() -> None:
    """Keys of the credentials file come before a program, and that before keys of the config file.

    So does SSO before either.
    """
    process = "[profile a]\ncredential_process = /x\n"
    assert len(read(process, f"[a]\n{PAIR}").find(["a"])[0]) == 1
    assert len(read(process + PAIR).find(["a"])[0]) == 0
    assert len(read("[profile a]\nsso_role_name = x\n", f"[a]\n{PAIR}").find(["a"])[0]) == 0


def test_where_keys_are() -> None:
    """The file, the section as it is written, and the config file where it has keys too."""
    (one,), _ = read(f'[profile "a"]\n{PAIR}').find(["a"])
    assert one.place == Place("/config", 'profile "a"')
    (one,), _ = read(f"[profile a]\n{PAIR}", f"[a]\n{PAIR}").find(["a"])
    assert one.place == Place("/credentials", "a", "/config")


def test_what_stays_behind() -> None:
    """Settings of the profile that authkit has no place for are named."""
    more = "ca_bundle = /c.pem\nservices = here\nendpoint_url = https://sts.example.com\n"
    (one,), _ = read(f"[profile a]\n{PAIR}{more}").find(["a"])
    assert {*one.left} == {"ca_bundle", "services", "endpoint_url"}


def test_a_source_comes_along() -> None:
    """Before its roles, once, with their MFA device; a duration of no number is left out."""
    role = f"{ROLE}source_profile = dev\nmfa_serial = GAHT12345678\nduration_seconds = long\n"
    profiles = read(
        f"[profile r]\n{role}role_session_name = x\n[profile s]\n{role}", f"[dev]\n{PAIR}"
    )
    (dev, r, s), not_taken = profiles.find(["r", "s"])
    assert (dev.name, dev.values.text("mfa_arn")) == ("dev", "GAHT12345678")
    assert (r.name, r.settings["source"], r.left) == ("r", "dev", ("role_session_name",))
    assert "session_duration" not in s.settings
    assert not not_taken


def test_a_source_that_cannot_be_taken() -> None:
    """The reason is the source's; a source with keys that is a role itself is something else."""
    lost = f"[profile r]\n{ROLE}source_profile = sso\n[profile sso]\nsso_role_name = x\n"
    _, (one,) = read(lost).find(["r"])
    assert one.reason == "its source_profile sso: it signs in with IAM Identity Center (SSO)"
    assert not one.wrong
    both = f"[profile r]\n{ROLE}source_profile = b\n[profile b]\n{PAIR}{ROLE}source_profile = r\n"
    _, (one,) = read(both).find(["r"])
    assert "has keys, and is a role itself" in one.reason


def test_two_unicode_forms_of_one_name() -> None:
    """B-S10: they would be one identity."""
    profiles = read("", f"[\u00fc]\n{PAIR}[u\u0308]\n{PAIR}")
    found, (one,) = profiles.find(profiles.all)
    assert [each.name for each in found] == ["\u00fc"]
    assert one.reason == "another profile has the same name, in another Unicode form"


def chain(roles: int) -> Profiles:
    """Return profiles that are reached one from another, the last one with keys."""
    links = (f"[profile p{n}]\n{ROLE}source_profile = p{n + 1}\n" for n in range(roles))
    return read("".join(links), f"[p{roles}]\n{PAIR}")


def test_a_long_chain_of_roles() -> None:
    """One that is too long to be read is a reason, not an error; the roles at its end are found."""
    both = chain(2_000)
    found, not_taken = both.find(both.all)
    assert "leads over more than 32 roles" in not_taken[0].reason
    assert len(found) == 33
    assert len(chain(32).find(["p0"])[0]) == 33
    assert chain(33).find(["p0"])[0] == []


@pytest.mark.parametrize(
    "lines",
    [
        *("key{} = 1\n", "[profile p{}]\n", "[profile p{}]\nno entry\n"),
        f"[profile p{{}}]\n{PAIR}",
    ],
    ids=["keys", "sections", "faults", "users"],
)
def test_long_files(lines: str) -> None:
    """The time to read a file grows with its length, not with the square of it."""

    def find(data: bytes) -> None:
        both = read(data)
        both.find(both.all)

    def steps(number: int) -> int:
        text = "[a]\n" + "".join(lines.format(n) for n in range(number))
        return steps_of(find, text.encode(), 10_000_000)

    assert steps(400) < 2.5 * steps(200)
