"""What `authkit doctor` may see: what is wrong with a machine, each with its finding.

Data.  Where nothing is wrong each check finds what `PLAIN` has (docs/doctor.md, "Findings").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fakes.world.config import PATH
from tests.explore.configs import BY_ANOTHER_ACCOUNT, BY_PROCESS, OPT_IN, REGION, ROLES
from tests.explore.machine import ANOTHER_ACCOUNTS, ANOTHER_PARTITIONS, MFA, NAME, ROLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    Found = tuple[str, ...]  # a finding's name, and what its words and its cure have

OTHERS = "its mode lets others write to it"
MAY_NOT_EXECUTE = "it may not be executed"
PLAIN: Mapping[str, tuple[Found, ...]] = {
    "versions": (("versions", "authkit 1.0.0", "boto3 1.40.0"),),
    "config": (("config-none", PATH),),
    "identity": (("identity-known", NAME, "aws/user"),),
    "state folder": (("state-private",),),
    "lock": (("lock-timeout", "1s"),),
    "keyring": (("backend-found", "tests.explore"),),
    "keys": (("keys-stored", NAME),),
    "endpoint": (("endpoint",),),
    "proxy": (("no-proxy",),),
    "certificates": (("no-ca-bundle",),),
    "STS": (("reached", "us-east-1"),),
    "clock": (("clock",),),
    "keys at AWS": (("keys-taken", "AKIAFIRSTFIRSTFIRST0", f"user/{NAME}"),),
    "region": (("region", "us-east-1", "the default"),),
    "MFA device": (("device", MFA),),
    "mfa_process": (),
    "session": (("session", "59m"),),
    "variables": (("no-variables",),),
}
NOTHING_WRONG = "nothing wrong"
VERSIONS = {"authkit": "1.0.0", "Python": "3.13.0", "boto3": "1.40.0", "keyring": "25.7.0"}


class Sight(NamedTuple):
    """A machine, and what doctor finds in it by the name of the check: else what `PLAIN` has.

    `found` is the file of `mfa_process` and why it cannot be run, `shared` who else may write to
    a path, `ahead` the seconds by which AWS's clock is.
    """

    finds: Mapping[str, tuple[Found, ...]] = {}
    environ: Mapping[str, str] = {}
    config: str | None = None
    begins: Mapping[str, str] = {}
    name: str = NAME
    versions: Mapping[str, str] = VERSIONS
    found: tuple[str, str] = ("", "")
    shared: Mapping[str, tuple[str, str]] = {}
    distrusted: str = ""
    chosen_by: str = ""
    ahead: int = 0


_LOGIN = "'authkit login --identity \"dev admin\"'"
_CONFIGURE = "'authkit user configure --identity \"dev admin\"'"
_READ = {"config": (("config-read", PATH, NAME),)}
_KEYS = {"AWS_ACCESS_KEY_ID": "AKIAOTHER", "AWS_SECRET_ACCESS_KEY": "x"}
_BOTH_KEYS = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"
_FILE = "/home/dev/my bin/print-code"
_WHERE = f'identities."{NAME}".'
_AWSS = "https://sts.us-east-1.amazonaws.com"


def _environ(check: str, environ: Mapping[str, str], *found: Found) -> Sight:
    return Sight({check: found}, environ)


def _session(kind: str, name: str, *words: str) -> Sight:
    return Sight({"session": ((name, *words),)}, begins={"session": kind})


def _program(*found: Found, **facts: object) -> Sight:
    sight = Sight({**_READ, "mfa_process": found}, config=BY_PROCESS, found=(_FILE, ""))
    return sight._replace(**facts)  # type: ignore[arg-type]


def _clock(ahead: int, name: str, *words: str) -> Sight:
    return Sight({"clock": ((name, *words),)}, ahead=ahead)


SIGHTS: Mapping[str, Sight] = {
    NOTHING_WRONG: Sight(),
    # variables
    "keys in variables": _environ(
        "variables", _KEYS, ("variables-shadow", f"profile: {_BOTH_KEYS} ", f"unset {_BOTH_KEYS}'")
    ),
    "a bearer token": _environ(
        *("variables", {"AWS_BEARER_TOKEN_BEDROCK": "x"}),
        ("variables-shadow", "unset AWS_BEARER_TOKEN_BEDROCK'"),
    ),
    "a role by web identity": _environ(
        *("variables", {"AWS_ROLE_ARN": "x", "AWS_WEB_IDENTITY_TOKEN_FILE": "/x"}),
        ("variables-shadow", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    ),
    "a container's credentials": _environ(
        *("variables", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "x"}),
        ("variables-shadow", "unset AWS_CONTAINER_CREDENTIALS_FULL_URI'"),
    ),
    "a profile in variables": _environ("variables", {"AWS_PROFILE": "x"}, ("no-variables",)),
    "a profile and keys": _environ(
        *("variables", {**_KEYS, "AWS_PROFILE": "x", "AWS_DEFAULT_PROFILE": "x"}),
        ("variables-shadow", f"profile: {_BOTH_KEYS} ", f"unset {_BOTH_KEYS}'"),
    ),
    "its own session in variables": _environ(
        *("variables", {**_KEYS, "AWS_ACCESS_KEY_ID": "ASIAGOOD", "AWS_SESSION_TOKEN": "x"}),
        ("variables-of-session", NAME),
    ),
    "another session in variables": _environ(
        *("variables", {**_KEYS, "AWS_ACCESS_KEY_ID": "ASIAOTHER", "AWS_SESSION_TOKEN": "x"}),
        ("variables-shadow", f"{_BOTH_KEYS} AWS_SESSION_TOKEN"),
    ),
    # the way to AWS
    "another endpoint": _environ(
        *("endpoint", {"AWS_ENDPOINT_URL_STS": "https://me:secret-of-x@sts.example.com:8443/x"}),
        (
            "endpoint-foreign",
            "AWS_ENDPOINT_URL_STS names https://sts.example.com:8443/x",
            "unset AWS_ENDPOINT_URL_STS'",
        ),
    ),
    "another endpoint for all": _environ(
        *("endpoint", {"AWS_ENDPOINT_URL": "http://localhost:4566"}),
        ("endpoint-foreign", "localhost:4566", "unset AWS_ENDPOINT_URL'"),
    ),
    "an endpoint like AWS's": _environ(
        *("endpoint", {"AWS_ENDPOINT_URL": "https://sts.amazonaws.com.example.org"}),
        ("endpoint-foreign", "amazonaws.com.example.org"),
    ),
    "an endpoint that ends like AWS's": _environ(
        *("endpoint", {"AWS_ENDPOINT_URL": "https://notamazonaws.com"}), ("endpoint-foreign",)
    ),
    "AWS's endpoint": _environ("endpoint", {"AWS_ENDPOINT_URL_STS": _AWSS}, ("endpoint",)),
    "AWS's endpoint of a partition": _environ(
        *("endpoint", {"AWS_ENDPOINT_URL": "https://sts.cn-north-1.amazonaws.com.cn"}),
        ("endpoint",),
    ),
    "AWS's endpoint unencrypted": _environ(
        *("endpoint", {"AWS_ENDPOINT_URL": "http://sts.us-east-1.amazonaws.com"}),
        ("endpoint-unencrypted", "AWS_ENDPOINT_URL names http://", "https://"),
    ),
    "another service's endpoint": _environ(
        *("endpoint", {"AWS_ENDPOINT_URL_S3": "https://s3.example.com"}),
        *(("endpoint",), ("endpoints-elsewhere", "AWS_ENDPOINT_URL_S3", "unset AWS_ENDPOINT_URL_")),
    ),
    "another service's endpoint of AWS's": _environ(
        "endpoint", {"AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com"}, ("endpoint",)
    ),
    "another endpoint for all but STS": _environ(
        *("endpoint", {"AWS_ENDPOINT_URL": "https://x.example", "AWS_ENDPOINT_URL_STS": _AWSS}),
        *(
            ("endpoint",),
            ("endpoints-elsewhere", "by AWS_ENDPOINT_URL ", "unset AWS_ENDPOINT_URL'"),
        ),
    ),
    "endpoints that are ignored": _environ(
        "endpoint",
        {
            "AWS_ENDPOINT_URL": "https://x.example",
            "AWS_ENDPOINT_URL_S3": "https://x.example",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True",
        },
        ("endpoint",),
    ),
    "a proxy": _environ(
        *("proxy", {"HTTPS_PROXY": "http://me:secret-of-x@proxy.example:3128"}),
        ("proxy", "HTTPS_PROXY names http://proxy.example:3128"),
    ),
    "two proxies": _environ(
        *("proxy", {"HTTPS_PROXY": "http://one.example", "https_proxy": "http://two.example"}),
        ("proxy", "https_proxy names http://two.example"),
    ),
    "a proxy for http": _environ("proxy", {"HTTP_PROXY": "http://one.example"}, ("no-proxy",)),
    "a CA bundle": _environ(
        *("certificates", {"AWS_CA_BUNDLE": "/x/ca.pem", "REQUESTS_CA_BUNDLE": "/y.pem"}),
        ("ca-bundle", "AWS_CA_BUNDLE names /x/ca.pem"),
    ),
    "a CA bundle of requests": _environ(
        "certificates",
        {"REQUESTS_CA_BUNDLE": "/y.pem"},
        ("ca-bundle", "REQUESTS_CA_BUNDLE names /y"),
    ),
    "a clock a little off": _clock(20, "clock"),
    "a clock behind": _clock(60, "clock-off", "1 m ", "behind AWS", "timedatectl"),
    "a clock ahead": _clock(-60, "clock-off", "1 m ", "ahead of AWS", "timedatectl"),
    "a clock far behind": _clock(6300, "clock-wrong", "1 h 45 m", "behind AWS", "timedatectl"),
    "a clock far ahead": _clock(-6300, "clock-wrong", "1 h 45 m", "ahead of AWS", "timedatectl"),
    # settings and libraries
    "a long patience": _environ("lock", {"AUTHKIT_LOCK_TIMEOUT": "90s"}, ("lock-timeout", "1m30s")),
    "the usual patience": _environ("lock", {"AUTHKIT_LOCK_TIMEOUT": ""}, ("lock-timeout", "10m")),
    "an odd patience": _environ(
        *("lock", {"AUTHKIT_LOCK_TIMEOUT": "5mm"}),
        ("lock-timeout-wrong", "5mm", "unset AUTHKIT_LOCK_TIMEOUT'"),
    ),
    "a library is missing": Sight(
        {
            "versions": (
                ("versions", "authkit 1.0.0, Python 3.13.0, keyring 25.7.0"),
                ("library-missing", "boto3 is not installed", "pip install boto3'"),
            )
        },
        versions={**VERSIONS, "boto3": ""},
    ),
    # config and identity
    "a shared config file": Sight(
        {"config": (("config-none", PATH), ("config-shared", "/home/dev", OTHERS, "chmod go-w "))},
        shared={PATH: ("/home/dev", OTHERS)},
    ),
    "a config file of another user": Sight(
        {**_READ, "config": (*_READ["config"], ("config-shared", f"{PATH}: another user owns it"))},
        config=f'[identities."{NAME}"]\n',
        shared={PATH: (PATH, "another user owns it")},
    ),
    "a broken config file": Sight(
        {"config": (("config-wrong", PATH, "TOML"),), "identity": ()}, config="x = ["
    ),
    "a wrong config file": Sight(
        {"config": (("config-wrong", PATH, f"{_WHERE}region"),), "identity": ()},
        config=f'[identities."{NAME}"]\nregion = 1\n',
    ),
    "a region in the config file": Sight(
        {
            **_READ,
            "region": (("region", "eu-west-1", f"set in {PATH}"),),
            "STS": (("reached", "eu-west-1"),),
        },
        config=REGION,
    ),
    "an opt-in region": Sight(
        {
            **_READ,
            "region": (("region", "af-south-1", f"set in {PATH}"),),
            "STS": (("reached", "af-south-1"),),
        },
        config=OPT_IN,
    ),
    "a role": Sight(
        {
            "config": (("config-read", PATH, NAME, ROLE),),
            "identity": (("role-of", ROLE, "aws/assume-role", f"reached from {NAME}"),),
            "session": (("session-none", f"authkit login --identity {ROLE}'"),),
        },
        config=ROLES,
        name=ROLE,
    ),
    # keyring, keys and devices
    "a chosen keyring": Sight(
        {"keyring": (("backend-chosen", "tests.explore", "PYTHON_KEYRING_BACKEND"),)},
        chosen_by="PYTHON_KEYRING_BACKEND",
    ),
    "a keyring in the clear": Sight(
        {"keyring": (("backend-in-the-clear", "tests.explore", "export AUTHKIT_KEYRING=file'"),)},
        begins={"backend": "in the clear"},
    ),
    "keys in another keyring": Sight(
        {
            "keyring": (
                ("backend-found",),
                ("keys-elsewhere", NAME, "Run 'export PYTHON_KEYRING_BACKEND="),
            )
        },
        begins={"marker": "elsewhere"},
    ),
    "keys in another keyring than the chosen": Sight(
        {
            "keyring": (
                ("backend-found",),
                ("keys-elsewhere", "unset AUTHKIT_KEYRING; export PYTHON_KEYRING_BACKEND="),
            )
        },
        {"AUTHKIT_KEYRING": "file"},
        begins={"marker": "elsewhere"},
    ),
    "no keys": Sight(
        {
            "keys": (("keys-none", NAME, _LOGIN, "in a terminal"),),
            "keys at AWS": (),
            "MFA device": (("no-device",),),
        },
        begins={"entry": "none"},
    ),
    "settings alone": Sight(
        {
            "keys": (("keys-none", NAME, _LOGIN),),
            "keys at AWS": (),
            "session": (("session-of-other-settings", _LOGIN),),
        },
        begins={"entry": "settings alone"},
    ),
    "session credentials": Sight(
        {
            "keys": (("keys-of-a-session", "ASIASESSIONSESSION00", _CONFIGURE),),
            "keys at AWS": (("keys-taken", "ASIASESSIONSESSION00"),),
            "session": (("session-of-other-settings", _LOGIN),),
        },
        begins={"entry": "session credentials"},
    ),
    "no device": Sight({"MFA device": (("no-device",),)}, begins={"entry": "keys alone"}),
    "another account's device": Sight(
        {
            "MFA device": (
                ("device-of-another-account", ANOTHER_ACCOUNTS, "123456789012", _CONFIGURE),
            ),
            "session": (("session-of-other-settings", _LOGIN),),
        },
        begins={"entry": "another account's device"},
    ),
    "another account's device in the config file": Sight(
        {
            **_READ,
            "MFA device": (
                *(
                    (
                        "device-in-config-of-another-account",
                        ANOTHER_ACCOUNTS,
                        f"{_WHERE}mfa_arn",
                        PATH,
                    ),
                ),
            ),
        },
        config=BY_ANOTHER_ACCOUNT,
    ),
    "another partition's device": Sight(
        {
            "MFA device": (("partition-mismatch", ANOTHER_PARTITIONS, "aws-cn"),),
            "session": (("session-of-other-settings", _LOGIN),),
        },
        begins={"entry": "another partition's device"},
    ),
    "another partition's device in the config file": Sight(
        {
            **_READ,
            "MFA device": (
                ("device-in-config-of-another-partition", "aws-cn", f"{_WHERE}mfa_arn", PATH),
            ),
        },
        config=f'[identities."{NAME}"]\nmfa_arn = "{ANOTHER_PARTITIONS}"\n',
    ),
    "a device of another partition's region": Sight(
        {
            **_READ,
            "region": (("region", "cn-north-1", f"set in {PATH}"),),
            "STS": (("reached", "cn-north-1"),),
            "MFA device": (("device", ANOTHER_PARTITIONS),),
        },
        config=f'[identities."{NAME}"]\nregion = "cn-north-1"\nmfa_arn = "{ANOTHER_PARTITIONS}"\n',
    ),
    # the program that prints codes
    "a program": _program(("mfa-process", "print-code can be run")),
    "no program": _program(("mfa-process-missing", f"{_WHERE}mfa_process", PATH), found=("", "")),
    "a program that may not be run": _program(
        ("mfa-process-not-executable", _FILE, f"chmod u+x '{_FILE}'"),
        found=(_FILE, MAY_NOT_EXECUTE),
    ),
    "a program that cannot be run": _program(
        ("mfa-process-not-started", _FILE, "Exec format error", f"{_WHERE}mfa_process"),
        found=(_FILE, "Exec format error"),
    ),
    "a shared program": _program(
        ("mfa-process-shared", "/home/dev/my bin: ", OTHERS, "chmod go-w '/home/dev/my bin'"),
        shared={_FILE: ("/home/dev/my bin", OTHERS)},
    ),
    "a distrusted program": _program(
        ("mfa-process-distrusted", "print-code is not run", f"chmod go-w {PATH}"), distrusted=OTHERS
    ),
    # sessions
    "no session": _session("none", "session-none", _LOGIN),
    "a session that is over": _session("expired", "session-expired", _LOGIN),
    "a session that ends now": _session("ends now", "session-expired", _LOGIN),
    "a session that ends soon": _session("ends soon", "session-ends-soon", "14m", _LOGIN),
    "a session of a quarter of an hour": _session("ends in 15 minutes", "session-ends-soon", "14m"),
    "a session that cannot be read": _session("corrupt", "session-corrupt", _LOGIN),
    "a session of other keys": _session("of other keys", "session-of-other-settings", _LOGIN),
    "a session of another device": _session("of another device", "session-of-other-settings"),
    "a session of another duration": _session("of another duration", "session-of-other-settings"),
    "a session by --duration": _session("with --duration", "session"),
    "a session of another region": _session("of another region", "session"),
    "a session of another kind": _session("of another kind", "session-of-other-settings"),
}
