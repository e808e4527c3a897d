"""What there may be to import, and in which ways it is asked for: data.

Files of AWS's as people have them, the console's CSV, keys in the environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.explore import starts
from tests.explore.chooser import choice
from tests.explore.configs import OF_ROLE, ROLE_ARN, ROLES_ACCOUNT
from tests.explore.foreign import ODD
from tests.explore.machine import BETWEEN, MFA, NAME, ROLE, SECOND, SECURITY_KEY
from tests.explore.starts import CREDENTIALS, PROFILES

if TYPE_CHECKING:
    from collections.abc import Mapping

CSV = "/home/dev/Downloads/keys.csv"
# As many characters as a name can have, of two bytes each; before NFC there are twice as many.
LONG = "e\u0301" * 128
_NUMBERS = iter(range(10, 100))
_ARN = f"arn:aws:iam::{ROLES_ACCOUNT}:role/"
_OF_NAME = f"source_profile = {NAME}\n"


def _pair(key_id: str = "", more: str = "") -> str:
    """Return the lines of keys of their own."""
    number = next(_NUMBERS)
    key_id = key_id or f"AKIAPROFILEPROFILE{number}"
    return f"aws_access_key_id = {key_id}\naws_secret_access_key = secret-of-{number}{more}\n"


def _user(name: str, more: str = "") -> str:
    return f"\n[{name}]\n{_pair()}{more}"


def _role(name: str, more: str = _OF_NAME, arn: str = "") -> str:
    return f"\n[profile {name}]\nrole_arn = {arn or _ARN + name}\n{more}"


def _shape(credentials: str = "", config: str = "") -> tuple[str, str]:
    """Return AWS's files with these behind the user's own profile."""
    return CREDENTIALS + credentials, PROFILES + config


_SSO = "sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = admin\n"
_WITH_ALL = (
    f"{_OF_NAME}external_id = audit-7\nduration_seconds = 5407\nregion = eu-central-1\n"
    f"mfa_serial = {MFA}\nrole_session_name = me\noutput = json\n"
)
_HALVES = _pair().splitlines(keepends=True)
_ID, _SECRET = _pair().splitlines(keepends=True)
# AWS's files, by name: bytes that are no UTF-8 are written as surrogates.
SHAPES: Mapping[str, tuple[str, str]] = {
    # what authkit has no kind for
    "single sign-on": _shape(
        "",
        f"\n[sso-session corp]\nsso_region = eu-west-1\n\n[profile sso]\n{_SSO}"
        "\n[profile token]\nsso_session = corp\n" + _role("on-sso", "source_profile = sso\n"),
    ),
    "single sign-on and keys": _shape(_user("sso"), f"\n[profile sso]\n{_SSO}"),
    "machines and pods": _shape(
        "",
        _role("on-ec2", "credential_source = Ec2InstanceMetadata\n")
        + _role("pod", f"web_identity_token_file = /var/run/token\n{_OF_NAME}"),
    ),
    "programs": _shape(
        _user("both"),
        "\n[profile vault]\ncredential_process = vault export dev\n"
        "\n[profile ours]\ncredential_process = /opt/authkit credential-process work\n"
        "\n[profile both]\ncredential_process = vault export both\n"
        "\n[profile console]\nlogin_session = arn:aws:iam::123456789012:user/x\n"
        f"\n[profile late]\ncredential_process = vault export late\n{_pair()}",
    ),
    "session credentials": _shape(
        f"\n[by-id]\n{_pair('ASIAPROFILEPROFILE00')}\n"
        f"[by-token]\n{_pair()}aws_session_token = token-of-profile\n"
        f"[by-old-token]\n{_pair()}aws_security_token = token-of-profile\n",
    ),
    # what is to be mended
    "halves of keys": _shape(
        f"\n[id]\n{_HALVES[0]}\n[secret]\n{_HALVES[1]}\n[blank]\n{_ID.split('=')[0]}=\n{_SECRET}"
        f"\n[blank-secret]\n{_ID}{_SECRET.split('=')[0]}=\n[short]\n{_pair('AKIASHORT')}"
        f'\n[quoted]\naws_access_key_id = "AKIAQUOTEDQUOTED00"\n{_SECRET}',
        f"\n[profile id]\n{_HALVES[1]}",
    ),
    "sources that are none": _shape(
        "\n[empty]\nregion = eu-west-1\n",
        _role("lost", "source_profile = gone\n")
        + _role("alone", "")
        + _role("on-empty", "source_profile = empty\n")
        + _role("a", "source_profile = b\n")
        + _role("b", "source_profile = a\n")
        + _role("itself", "source_profile = itself\n")
        + _role("own", f"source_profile = own\n{_pair()}")
        + _role("keys-too", _OF_NAME + _pair())
        + _role("on-both", "source_profile = keys-too\n"),
    ),
    "settings that are none": _shape(
        _user("no-region", "region = us east\n"),
        _role("no-arn", arn="arn:aws:iam:123456789012:role/x")
        + _role("blank-arn", arn=" ")
        + _role("no-external-id", f"{_OF_NAME}external_id = a b\n")
        + _role("too-long", f"{_OF_NAME}duration_seconds = 43201\n")
        + _role("too-short", f"{_OF_NAME}duration_seconds = 899\n")
        + _role("no-device", f"{_OF_NAME}mfa_serial = {SECURITY_KEY}\n")
        + _role("no-number", f"{_OF_NAME}duration_seconds = 2h\n")
        + _role("no-role-region", f"{_OF_NAME}region = us_east\n"),
    ),
    # roles
    "a role with all": _shape("", _role(ROLE, _WITH_ALL, ROLE_ARN)),
    "a role in the credentials file": _shape(
        f"\n[{ROLE}]\nrole_arn = {ROLE_ARN}\n{_OF_NAME}region = eu-west-2\n",
        f"\n[profile {ROLE}]\nregion = eu-west-3\nexternal_id = audit-8\n",
    ),
    "roles of roles": _shape(
        "",
        _role("last", f"source_profile = {ROLE}\nduration_seconds = 3600\n")
        + _role("longer", f"source_profile = {ROLE}\nduration_seconds = 3601\n")
        + _role(ROLE, f"source_profile = {BETWEEN}\n", ROLE_ARN)
        + _role(BETWEEN, f"{_OF_NAME}duration_seconds = 43200\n"),
    ),
    "devices of roles": _shape(
        _user(SECOND),
        _role("one", f"{_OF_NAME}mfa_serial = {MFA}\n")
        + _role("two", f"{_OF_NAME}mfa_serial = {MFA}\n")
        + _role("other", f"{_OF_NAME}mfa_serial = {MFA}-other\n")
        + _role("of-second", f"source_profile = {SECOND}\nmfa_serial = {MFA}-other\n")
        + _role("behind", f"source_profile = of-second\nmfa_serial = {MFA}\n"),
    ),
    "left behind": _shape(
        "",
        f"endpoint_url = https://x.example\n{_role('x', f'{_OF_NAME}ca_bundle = /x.pem')}"
        f"\nservices = mine\nrole_session_name = me{ODD.splitlines()[0]}\n",
    ),
    "to choose from": _shape(
        _user(SECOND),
        _role(ROLE, _WITH_ALL, ROLE_ARN) + f"\n[profile sso]\n{_SSO}\n[profile half]\n{_HALVES[0]}",
    ),
    # names
    "odd names": _shape(
        "".join(map(_user, ("Audit/Power", "me@acme", "entwickler-ü", "*", "-x", "a;b")))
        + _user("u\u0308ber")
        + _user("über")
        + _user(f"x{ODD.splitlines()[0]}")
        + "".join(map(_user, ("profile pool", LONG, f"{LONG}e", "n" * 128, "n" * 129))),
        _role("on-über", "source_profile = u\u0308ber\n", ROLE_ARN)
        + '\n[profile "Audit/Power"]\nregion = eu-west-1\n\n[profile two words]\nregion = x\n'
        "\n[profile 'single']\nregion = eu-west-1\n\n[profile \"open]\nregion = x\n"
        "\n[profiles]\nx = y\n\n[preview]\nx = y\n",
    ),
    "the default": (f"[default]\n{_pair()}{_user(SECOND)}", "[default]\nregion = sa-east-1\n"),
    # how files are written
    "CRLF": tuple(text.replace("\n", "\r\n") for text in _shape(_user(SECOND))),  # type: ignore[dict-item]
    "a byte-order mark": (f"\ufeff{CREDENTIALS}", f"\ufeff{PROFILES}"),
    "comments": _shape(
        f"\n# mine\n[{SECOND}]\n; since May\naws_access_key_id=AKIAPROFILEPROFILE01 \n"
        "# its secret = x\n\naws_secret_access_key:secret-of-x#y;z=/+== \n# the end\n"
        "region = eu-west-1 # not a comment\n".replace(" # not a comment", ""),
        "\n# aws_access_key_id = AKIANOTAKEYNOTAKEY00\n",
    ),
    "upper case": (CREDENTIALS.replace("aws_", "AWS_"), PROFILES.replace("region", "Region")),
    "nested": _shape(
        f"\n[{SECOND}]\n{_pair()}s3 =\n  max_queue_size = 9\n\n  region = x\nregion = eu-west-2\n",
        f"s3 =\n  addressing_style = path\n  aws_access_key_id = AKIANOTAKEYNOTAKEY00\n"
        f"output = json\n{_role(ROLE, _OF_NAME, ROLE_ARN)}",
    ),
    "indented": (
        CREDENTIALS.replace("aws_", "  aws_") + "  region = eu-west-2\n",
        PROFILES,
    ),
    "indented below": _shape(f"\n[{SECOND}]\n{_pair()}  region = eu-west-2\n"),
    "no line end": (CREDENTIALS.rstrip("\n"), PROFILES.rstrip("\n")),
    "nothing between": _shape(_user(SECOND).lstrip("\n") + "region=eu-west-2"),
    # what AWS programs refuse the whole file for
    "a section twice": _shape(_user("test") + _user("test"), "\n[profile other]\nx = y\n"),
    "a section twice in the config file": _shape(
        _user("test"), "\n[profile test]\nregion = eu-west-1\n" * 2
    ),
    "a key twice": _shape(_user("test", _ID), _role("on-test", "source_profile = test\n")),
    "no equals sign": _shape(f"\n[test]\n{_pair()}AKIAALONEALONEALONE0\n"),
    "nested without equals signs": _shape("", f"\n[profile {SECOND}]\ns3 =\n  path\n"),
    "before a section": (f"region = x\n{CREDENTIALS}", PROFILES),
    "not UTF-8": _shape(_user("test", "region = \udcff\n") + _user(SECOND)),
    "not UTF-8 in a comment": _shape("# \udcff\n; \udcff\n"),
    "what holds for all is harmed": _shape("\n[DEFAULT]\nregion = x\nregion = y\n"),
    # nothing
    "no profile": ("# nothing\n", "[preview]\ncloudsearch = true\n"),
    "nothing at all": ("", ""),
    # a mark that no letter takes in, a digit of a script, a number that is none, what is unseen
    "names of scripts": _shape(
        "".join(map(_user, ("x\u0331y", "\u0905\u0967", "x\u00b2", "a\u034fb")))
    ),
}
FILES: Mapping[str, tuple[str, str]] = {**starts.AWS_FILES, **SHAPES}
_BOTH = starts.BOTH_CREDENTIALS
# What another program makes of the credentials file, once the keys in "several" are imported.
LATER: Mapping[str, str] = {
    "": _BOTH,
    "the same": _BOTH,
    "another secret": _BOTH.replace("secret-of-profile", "secret-of-later"),
    "another secret of the first": _BOTH.replace("secret-of-second", "secret-of-later"),
    "another id": _BOTH.replace("AKIAPROFILEPROFILE00", "AKIAPROFILEPROFILE09"),
    "other keys": _BOTH.replace(CREDENTIALS, f"[{NAME}]\n{_pair()}"),
    "no secret": _BOTH.replace("aws_secret_access_key = secret-of-profile\n", ""),
    "no keys": f"{_BOTH.partition(CREDENTIALS)[0]}[{NAME}]\nregion = eu-west-2\n",
    "no section": _BOTH.replace(CREDENTIALS, ""),
    "nothing": "",
    "more lines": f"# mine\n\n{_BOTH}region = eu-west-2\n[more]\nregion = x\n",
    "another order": f"{CREDENTIALS}\n{_BOTH.replace(CREDENTIALS, '')}",
    "a token": f"{_BOTH}aws_session_token = token-of-later\n",
    "keys for all": f"{_BOTH}\n[DEFAULT]\n{_pair()}",
    "a section twice": f"{_BOTH}\n[{SECOND}]\nregion = x\n",
    "indented lines": _BOTH.replace("secret-of-profile", "secret-of-profile\n  more = x"),
}
OF_LATER = choice("later", *LATER)
OF_SHAPES = choice("profiles", "several", *SHAPES)


class Way(NamedTuple):
    """How an import is asked for: options, the config file and the variables.

    `wrong`: the line means nothing.
    """

    words: tuple[str, ...] = ()
    config: str | None = None
    environ: Mapping[str, str] = {}
    begins: Mapping[str, str] = {}
    wrong: bool = False
    variable: str | None = None  # no import is about one identity


def _named(*names: str) -> tuple[str, ...]:
    return tuple(word for name in names for word in ("--profile", name))


_OPS = '# mine\ndefault = "ops"  # mostly\n\n[identities.ops]\nregion = "eu-west-2"\n\n# the end\n'
_OWN = f'[identities."{NAME}"]\n'
_HELD = {"entry": "the profile's keys", "marker": "there"}
INTO: Mapping[str, Way] = {  # a config file that is there already
    "of others": Way(config=_OPS),
    "of others, in CRLF": Way(config=_OPS.replace("\n", "\r\n")),
    "with a byte-order mark": Way(config=f"\ufeff{_OPS}"),
    "with another region": Way(
        config=f'{_OPS}{_OWN}# here\nregion = "sa-east-1"\n\n# next\n[identities.x]\n'
    ),
    "with other settings": Way(config=f'{_OPS}{_OWN}session_duration = "3h"\n# here\n'),
    "with a role of the name": Way(
        config=f'[identities.ops]\n{_OWN}kind = "{OF_ROLE}"\nsource = "ops"\n'
        f'role_arn = "{ROLE_ARN}"\n'
    ),
    "with a user in the role's place": Way(config=f"{_OWN}[identities.{ROLE}]\n"),
    "with another role": Way(
        config=f'{_OWN}region = "eu-west-1"\n[identities.{ROLE}]\nkind = "{OF_ROLE}"\n'
        f'source = "{NAME}"\nrole_arn = "{_ARN}other"\nexternal_id = "kept"\n'
    ),
    "as it is going to be": Way(
        config=f'{_OWN}region = "eu-west-1"\n[identities.{ROLE}]\nkind = "{OF_ROLE}"\n'
        f'source = "{NAME}"\nrole_arn = "{ROLE_ARN}"\nregion = "eu-central-1"\n'
        'external_id = "audit-7"\nsession_duration = "1h30m7s"\n',
        begins=_HELD,
    ),
    "with another device": Way(
        config=f'{_OWN}region = "eu-west-1"\n',
        begins={"entry": "the profile's keys, and a device", "marker": "there"},
    ),
    "in one line": Way(config=f'identities = {{ops = {{region = "eu-west-2"}}}}  # {NAME}\n'),
    "with dotted keys": Way(config='identities.ops.region = "eu-west-2"\n# the end\n'),
    "without line end": Way(config='[identities.ops]\nregion = "eu-west-2"'),
}
ASKED: Mapping[str, Way] = {  # which profiles
    "one": Way(_named(NAME)),
    "one of no kind": Way(_named(NAME, "sso")),
    "keys in another file": Way(
        ("--all",), environ={"AWS_SHARED_CREDENTIALS_FILE": "/home/dev/nothing"}
    ),
    "profiles in another file": Way(("--all",), environ={"AWS_CONFIG_FILE": "/home/dev/nothing"}),
    "one twice": Way(_named(NAME, NAME)),
    "a role, its source comes along": Way((*_named(ROLE), "--remove")),
    "another and a role": Way((*_named(SECOND, ROLE), "--no-verify")),
    "none that is there": Way(_named("deplay"), wrong=True),
    "one of two": Way(_named(NAME, "somebody"), wrong=True),
    "all and one": Way(("--all", *_named(NAME)), wrong=True),
    "all and a CSV": Way(("--all", "--csv", "~/Downloads/keys.csv"), wrong=True),
    "a CSV and the environment": Way(("--env", "--csv", "~/Downloads/keys.csv"), wrong=True),
    "a CSV, and out of it": Way(("--remove", "--csv", "~/Downloads/keys.csv"), wrong=True),
    "no such CSV": Way(("--csv", "~/Downloads/nothing.csv"), wrong=True),
    "the environment, and out of it": Way(("--env", "--remove", *_named(NAME)), wrong=True),
}
_KEYS_IN_ENV = {
    "AWS_ACCESS_KEY_ID": "AKIAENVIRONENVIRON00",
    "AWS_SECRET_ACCESS_KEY": "secret-of-environ",
    **dict.fromkeys(("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_DEFAULT_REGION"), ""),
}
_OF_ENV = (*_named(NAME), "--env")


def _in_env(*words: str, **others: str) -> Way:
    return Way(words or _OF_ENV, environ={**_KEYS_IN_ENV, **others})


IN_ENV: Mapping[str, Way] = {
    "keys": _in_env(),
    "with a region": _in_env(AWS_REGION="eu-west-3", AWS_DEFAULT_REGION="sa-east-1"),
    "with a default region": _in_env(AWS_DEFAULT_REGION="sa-east-1"),
    "with no region": _in_env(AWS_REGION="us east"),
    "a session": _in_env(AWS_SESSION_TOKEN="token-of-environ"),
    "a former session": _in_env(AWS_SECURITY_TOKEN="token-of-environ"),
    "a session's id": _in_env(AWS_ACCESS_KEY_ID="ASIAENVIRONENVIRON00"),
    "no id": _in_env(AWS_ACCESS_KEY_ID=""),
    "no secret": _in_env(AWS_SECRET_ACCESS_KEY=""),
    "a short id": _in_env(AWS_ACCESS_KEY_ID="AKIASHORT"),
    "no name": _in_env("--env"),
    "two names": _in_env("--env", *_named(NAME, SECOND)),
    "no identity's name": _in_env("--env", *_named("*")),
    "keys, not verified": _in_env("--env", "--no-verify", *_named(SECOND)),
}


class Table(NamedTuple):
    """A CSV: its bytes, and the keys in it, each with its user; `reason`: it is none."""

    content: bytes | None
    keys: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""


_HEAD = "Access key ID,Secret access key"
_FIRST = ("AKIACSVCSVCSVCSVCSV0", "secret-of-csv/+=")
_ROW = ",".join(_FIRST)
_OTHER = ("AKIACSVCSVCSVCSVCSV1", "secret-of-csv, quoted")
_USERS = f'User name,{_HEAD}\n{NAME},{_ROW}\n{SECOND},{_OTHER[0]},"{_OTHER[1]}"\n'
NO_CSV = "none"
CSVS: Mapping[str, Table] = {
    "of two users": Table(_USERS.encode(), ((NAME, *_FIRST), (SECOND, *_OTHER))),
    "of a user": Table(
        f"User name,Password,{_HEAD},Console login link\n{NAME},,{_ROW},https://x\n".encode(),
        ((NAME, *_FIRST),),
    ),
    "without a name": Table(f"{_HEAD}\n{_ROW}\n".encode(), (("", *_FIRST),)),
    "with a byte-order mark": Table(
        f"\ufeffUser name,{_HEAD}\r\n{NAME},{_ROW}\r\n".encode(), ((NAME, *_FIRST),)
    ),
    "quoted": Table(
        f'"Access key ID"," secret ACCESS key"\n"{_FIRST[0]} "," {_FIRST[1]}"'.encode(),
        (("", *_FIRST),),
    ),
    "with blanks": Table(
        f" User name\t, {_HEAD} \n {NAME} ,{_FIRST[0]} ,\t{_FIRST[1]}\u00a0\n".encode(),
        ((NAME, *_FIRST),),
    ),
    "with columns in another order": Table(
        f"Secret access key,x,Access key ID,User name\n{_FIRST[1]},,{_FIRST[0]},{NAME}\n".encode(),
        ((NAME, *_FIRST),),
    ),
    "with more cells than columns": Table(
        f"User name,{_HEAD}\n{NAME},{_ROW},more,{_OTHER[0]}\n".encode(), ((NAME, *_FIRST),)
    ),
    "of a user twice": Table(
        f'User name,{_HEAD}\n{NAME},{_ROW}\n{NAME},{_OTHER[0]},"{_OTHER[1]}"\n'.encode(),
        ((NAME, *_FIRST), (NAME, *_OTHER)),
    ),
    "of a long name": Table(f"User name,{_HEAD}\n{LONG},{_ROW}\n".encode(), ((LONG, *_FIRST),)),
    "of too long a name": Table(
        f"User name,{_HEAD}\n{LONG}e,{_ROW}\n".encode(), ((f"{LONG}e", *_FIRST),)
    ),
    "with blank lines": Table(f"{_USERS}\n,,\n".encode(), ((NAME, *_FIRST), (SECOND, *_OTHER))),
    "of two without names": Table(
        f"{_HEAD}\n{_ROW}\n{','.join(_OTHER[:1])},x\n".encode(), (("", *_FIRST), ("", *_OTHER))
    ),
    "half a row": Table(f"{_HEAD}\n{_FIRST[0]}\n".encode(), (("", _FIRST[0], ""),)),
    "of a session": Table(
        f"User name,{_HEAD}\n{NAME},ASIA{_ROW[4:]}\n{SECOND},{_ROW}\n".encode(),
        ((NAME, f"ASIA{_FIRST[0][4:]}", _FIRST[1]), (SECOND, *_FIRST)),
    ),
    "of an odd name": Table(
        f'User name,{_HEAD}\n"x{ODD}",{_ROW}\n'.encode(), ((f"x{ODD}", *_FIRST),)
    ),
    "without rows": Table(f"{_HEAD}\n".encode(), (), "no key"),
    "empty": Table(b"", (), "no column"),
    "without secrets": Table(f"Access key ID\n{_FIRST[0]}\n".encode(), (), "no column"),
    "without ids": Table(b"Secret access key\nsecret-of-csv\n", (), "no column"),
    "not UTF-8": Table(f"{_HEAD}\n{_ROW}\xff\n".encode("latin-1"), (), "UTF-8"),
    "no CSV": Table(f'{_HEAD}\n"{_ROW}\n'.encode(), (), "CSV"),
}
OF_CSV = choice("CSV", *CSVS)
CSVS = {**CSVS, NO_CSV: Table(None)}
CSV_OF = {row.content: row for row in CSVS.values()}
NAMED: Mapping[str, Way] = {
    "by the CSV": Way(),
    "by the line": Way(_named(SECOND)),
    "both by the line": Way(_named(SECOND, NAME)),
    "not verified": Way(("--no-verify",)),
}
ALONE: Mapping[str, Way] = {"by a list": Way()}
WAYS: Mapping[str, Way] = {**INTO, **ASKED, **IN_ENV, **NAMED, **ALONE}
HOW_INTO = choice("config file", *INTO)
HOW_REPLACED = choice("what is there", "with another role", "with a role of the name")
HOW_ASKED = choice("which profiles", *ASKED)
HOW_IN_ENV = choice("keys in the environment", *IN_ENV)
HOW_NAMED = choice("name of the identity", *NAMED)
HOW_ALONE = choice("way of asking", *ALONE)
