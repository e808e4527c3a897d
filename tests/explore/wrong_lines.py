"""Command lines, settings and config files that mean nothing: each is refused, and does nothing.

What has to be said of them is data too: what is wrong, where it stands, and what it is near to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fakes.world.config import PATH
from tests.explore.configs import BROUGHT, CHAIN, ELSEWHERE, OF_ROLE, ROLE_ARN, ROLES
from tests.explore.foreign import ODD
from tests.explore.machine import NAME, ROLE

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = f'[identities."{NAME}"]\n'
_BARE, _BROKEN = (f'{_TABLE}kind = "test/{name}"\n' for name in ("bare", "broken"))
_TIMEOUT = {"AUTHKIT_LOCK_TIMEOUT": ODD}


class Wrong(NamedTuple):
    """A line, and the config file and the variables that it is run with.

    `says` is what is said of it: file and key, or the word that is wrong.  A word that is `typed`
    in the place of one `among` others gets the nearest of those, where one is near (B-A05).
    """

    line: tuple[str, ...]
    config: str | None = None
    environ: Mapping[str, str] = {}
    says: tuple[str, ...] = ()
    typed: str = ""
    among: tuple[str, ...] = ()
    stdin: str = ""
    status: int = 2  # that it ends with


MEANS_NOTHING = Wrong(())  # for a reason that another law knows

# What there is (docs/contract.md, "Commands" and "Config file").
_VERBS = (
    *("login", "whoami", "exec", "logout", "user configure", "list", "env", "credential-process"),
    *("help", "import", "profile add", "profile remove", "doctor"),
)
_ANYWHERE = ("--config", "--no-input", "--help", "-h", "--identity", "-i", "-p", "--profile")
_OPTIONS = {
    "login": ("--force", "--duration", "--region", *_ANYWHERE),
    "whoami": ("--offline", "--output", "--json", *_ANYWHERE),
    "exec": ("--min-ttl", "--no-probe", "--region", *_ANYWHERE),
    "user configure": ("--stdin", "--no-verify", *_ANYWHERE),
    "list": ("--check", "--output", "--json", *_ANYWHERE),
    "env": ("--format", "--unset", "--region", *_ANYWHERE),
}
_FORMS = ("sh", "bash", "zsh", "fish", "powershell", "dotenv", "json")
_OF_USER = ("kind", "region", "mfa_arn", "session_duration", "mfa_process")
_OF_ROLE = ("kind", "region", "source", "role_arn", "session_duration", "external_id")
_TOP = ("default", "identities")
_KINDS = ("aws/user", "aws/assume-role")
_SECRET = '"secret_access_key": "secret-of-given"'
_A_ROLE = f"""{_TABLE}
[identities.{ROLE}]
kind = "{OF_ROLE}"
"""
_REACHED = f'{_A_ROLE}source = "{NAME}"\nrole_arn = "{ROLE_ARN}"\n'


def _mistyped(verb: str, word: str) -> Wrong:
    """Return a line with an option that its command does not take."""
    return Wrong((*verb.split(), word), None, {}, (word,), word, _OPTIONS[verb])


def _unread(verb: str, *words: str) -> Wrong:
    """Return a line with an option whose value means nothing: the last of the words."""
    return Wrong((*verb.split(), NAME, *words), None, {}, words[-2:])


def _no_verb(*words: str) -> Wrong:
    """Return a line that begins with no command."""
    return Wrong(words, None, {}, (words[0],), " ".join(words), _VERBS)


def _set(key: str, value: str, below: str = _TABLE, table: str = NAME) -> Wrong:
    """Return a config file with a setting that means nothing; it is said where it stands."""
    name = f'"{table}"' if " " in table else table
    says = (PATH, f"identities.{name}.{key}")
    return Wrong(("whoami", NAME), f"{below}{key} = {value}\n", {}, says)


def _no_key(key: str, among: tuple[str, ...], below: str = _TABLE) -> Wrong:
    """Return a config file with a key that is unknown."""
    return Wrong(("list",), f'{below}{key} = "x"\n', {}, (PATH, key), key, among)


def _given(text: str, *says: str) -> Wrong:
    """Return fields on standard input that cannot be taken (B-C03)."""
    line = ("user", "configure", NAME, "--stdin")
    return Wrong(line, says=says, stdin=text, status=1)


def _no_file(text: str, *says: str) -> Wrong:
    return Wrong(("list",), text, {}, (PATH, *says))


WRONG: Mapping[str, Wrong] = {
    # lines
    "two-identities": Wrong(("login", NAME, "--identity", ROLE)),
    "two-options": Wrong(("whoami", "-i", NAME, "-p", ROLE)),
    "two-words": Wrong(("logout", NAME, ROLE)),
    "no-name": Wrong(("login", "")),
    "a-bad-name": Wrong(("login", f"x{ODD}")),
    "half-a-command": Wrong(("user",), says=("user configure",)),
    "an-unset-that-cannot-be": Wrong(("env", NAME, "--unset", "--format", "dotenv")),
    "a-config-that-ends": Wrong(
        ("import", "--all", "--config", "/dev/fd/63"), says=("/dev/fd/63",)
    ),
    "a-profile-of-a-config-that-ends": Wrong(
        ("profile", "add", NAME, "--config", "/dev/fd/63"), says=("/dev/fd/63",), status=1
    ),
    "a-role-has-no-fields": Wrong(("user", "configure", ROLE), ROLES, says=(ROLE,), status=1),
    "a-long-name-of-another-script": Wrong(("login", "\u00e9" * 129)),
    "a-long-name": Wrong(("login", "n" * 129)),
    "a-blank-first": Wrong(("login", " x")),
    "a-bad-variable": Wrong(("login",), None, {"AUTHKIT_IDENTITY": f"x{ODD}"}),
    "one-and-all": Wrong(("logout", NAME, "--all", "--keys")),
    "no-such-command": Wrong(("loginn", NAME)),
    "odd-command": Wrong((ODD, NAME)),
    "no-such-option": Wrong(("login", NAME, "--forced")),
    "another-commands-option": Wrong(("whoami", NAME, "--force")),
    "no-value": Wrong(("login", NAME, "--duration")),
    "a-value-too-many": Wrong(("login", NAME, "--force=yes")),
    "too-long": Wrong(("login", NAME, "--duration", "36h1s")),
    "too-short": Wrong(("login", NAME, "--duration", "14m59s")),
    "no-duration": Wrong(("exec", NAME, "--min-ttl", ODD, "--", "x")),
    "no-such-form": Wrong(("whoami", NAME, "--output", "xml")),
    "no-such-region": Wrong(("login", NAME, "--region", "us east")),
    "nothing-to-run": Wrong(("exec", NAME, "--")),
    "exec-of-nothing": Wrong(("exec",)),
    "a-command-behind-login": Wrong(("login", NAME, "--", "x")),
    "the-child-without-dashes": Wrong(("exec", "terraform", "plan"), _TABLE),
    "a-child-alone": Wrong(("exec", "terraform", "plan")),
    # which identity
    "unknown": Wrong(("login", "dev admim"), _TABLE),
    "unknown-by-environment": Wrong(("login",), _TABLE, {"AUTHKIT_IDENTITY": "somebody"}),
    "unknown-in-exec": Wrong(("exec", "somebody", "--", "x"), _TABLE),
    "unknown-in-whoami": Wrong(("whoami", "somebody"), _TABLE),
    "one-of-two": Wrong(("login",), f"{_TABLE}[identities.other]\n"),
    # settings
    "odd-timeout": Wrong(("login", NAME), None, _TIMEOUT),
    "odd-timeout-in-exec": Wrong(("exec", NAME, "--min-ttl", "20m", "--", "x"), None, _TIMEOUT),
    "odd-timeout-in-configure": Wrong(("user", "configure", NAME), None, _TIMEOUT),
    "odd-timeout-in-logout": Wrong(("logout", NAME, "--keys"), None, _TIMEOUT),
    "odd-timeout-in-import": Wrong(("import", "--all", "--remove"), None, _TIMEOUT),
    "no-toml": Wrong(("login", NAME), f"{_TABLE}[["),
    "odd-key": Wrong(("login", NAME), f'{_TABLE}"\\u001b[2J\\u202e" = 1\n'),
    "odd-duration": Wrong(("login", NAME), f'{_TABLE}session_duration = "\\u001b[2J"\n'),
    "too-long-in-config": Wrong(("login", NAME), f'{_TABLE}session_duration = "37h"\n'),
    "too-long-for-a-chain": Wrong(("login", NAME), CHAIN.replace("50m5s", "1h1s")),
    "a-secret-in-config": Wrong(("login", NAME), f'{_TABLE}secret_access_key = "secret-of-x"\n'),
    "no-such-default": Wrong(("login",), f'default = "somebody"\n{_TABLE}'),
    "no-such-source": Wrong(
        ("login", NAME), f'{_TABLE}kind = "aws/assume-role"\nsource = "somebody"\n'
    ),
    # lines of which one word is wrong
    "option-near": _mistyped("login", "--forcd"),
    "option-near-of-another": _mistyped("whoami", "--forced"),
    "option-near-in-exec": _mistyped("exec", "--min-tll"),
    "option-near-in-two-words": _mistyped("user configure", "--no-verfy"),
    "option-short": _mistyped("login", "-x"),
    "option-far": _mistyped("login", "--qqq"),
    "option-anywhere": _mistyped("list", "--confg"),
    "verb-near": _no_verb("wohami"),
    "verb-far": _no_verb("qqqqqq"),
    "verb-near-in-two-words": _no_verb("profile", "ad"),
    "verb-near-first-word": _no_verb("usre", "configure"),
    "verb-begun": Wrong(("profile",), says=("profile add", "profile remove")),
    "no-identity-for-list": Wrong(("list", NAME), says=("list takes no identity",)),
    "no-identity-for-import": Wrong(("import", "-i", NAME), says=("import takes no identity",)),
    "value-of-a-flag": Wrong(("whoami", NAME, "--json=json"), says=("--json takes no value",)),
    "empty-value-of-a-flag": Wrong(("whoami", NAME, "--json="), says=("--json takes no value",)),
    "value-is-an-option": Wrong(("login", NAME, "--region", "--no-input"), says=("--region",)),
    "value-is-dashes": Wrong(("exec", NAME, "--region", "--", "x"), says=("--region",)),
    "value-at-the-end": Wrong(("whoami", "-i"), says=("-i takes a NAME",)),
    "empty-identity": Wrong(("login", "--identity="), says=("cannot be the name",)),
    "empty-identity-in-exec": Wrong(("exec", "", "--", "x"), says=("cannot be the name",)),
    "empty-identity-beside": Wrong(("logout", NAME, "-p", ""), says=("cannot be the name",)),
    "empty-output": Wrong(("whoami", NAME, "--output="), says=("--output",)),
    "empty-duration": Wrong(("login", NAME, "--duration="), says=("--duration",)),
    "empty-region": Wrong(("env", NAME, "--region="), says=("--region",)),
    "near-output": Wrong(("list", "--output", "jsn"), None, {}, ("jsn",), "jsn", ("text", "json")),
    "near-format": Wrong(("env", NAME, "--format=fsh"), None, {}, ("fsh",), "fsh", _FORMS),
    "far-format": Wrong(("env", NAME, "--format", "qqq"), None, {}, ("qqq",), "qqq", _FORMS),
    "duration-of-units-turned": _unread("login", "--duration", "30m1h"),
    "duration-twice": _unread("login", "--duration", "1h1h"),
    "duration-of-another-unit": _unread("login", "--duration", "1w"),
    "duration-broken": _unread("login", "--duration", "1.5h"),
    "duration-negative": Wrong(("login", NAME, "--duration=-1h"), says=("--duration", "-1h")),
    "duration-of-other-digits": _unread("login", "--duration", "\u0661h"),
    "duration-short": _unread("login", "--duration", "899s"),
    "duration-long-in-days": _unread("login", "--duration", "1d12h1s"),
    "duration-long-in-seconds": _unread("login", "--duration", "129601"),
    "duration-of-a-role": Wrong(("login", ROLE, "--duration", "12h1s"), ROLES, says=("12h",)),
    "duration-of-a-chain": Wrong(("login", ROLE, "--duration", "3601"), CHAIN, says=("1h",)),
    "min-ttl-too-long": Wrong(
        ("exec", "--min-ttl", "36h1s", NAME, "--", "x"), says=("--min-ttl", "36h")
    ),
    "region-of-capitals": _unread("login", "--region", "US-EAST-1"),
    "region-unfinished": _unread("login", "--region", "us-east-"),
    "name-of-a-profile": Wrong(("profile", "add", NAME, "--name", "a b "), says=("--name", "a b")),
    "empty-name-of-a-profile": Wrong(("profile", "remove", NAME, "--name="), says=("--name",)),
    "a-child-of-whoami": Wrong(("whoami", "--", "x"), says=("exec",)),
    "all-of-one-by-option": Wrong(("logout", "--all", "-i", NAME), says=("--all",)),
    "record-behind": Wrong(("login", NAME, "--record", "x"), says=("--record",)),
    "two-in-exec": Wrong(("exec", NAME, "-i", ROLE, "--", "x"), says=(NAME, ROLE)),
    "three-ways": Wrong(("env", "-p", NAME, "--identity", NAME, ROLE), says=(NAME, ROLE)),
    "a-bad-name-in-the-middle": Wrong(("login", "a\u200bb"), says=("cannot be the name",)),
    "a-name-of-a-sign": Wrong(("login", "a\u20ac"), says=("cannot be the name",)),
    "a-name-of-a-star": Wrong(("login", "a*"), says=("cannot be the name", "a*")),
    "a-blank-last": Wrong(("login", "x "), says=("cannot be the name",)),
    "a-long-name-of-script": Wrong(("login", "\u00e4" * 129), says=("cannot be the name",)),
    "a-variable-first-dash": Wrong(("whoami",), None, {"AUTHKIT_IDENTITY": "-x"}, ("-x",)),
    # settings of the wrong type, form or size
    "number-for-region": _set("region", "1"),
    "list-for-region": _set("region", '["us-east-1"]'),
    "blank-region": _set("region", '""'),
    "no-region": _set("region", '"Frankfurt"'),
    "number-for-duration": _set("session_duration", "3600"),
    "boolean-for-duration": _set("session_duration", "true"),
    "table-for-duration": _set("session_duration", "{ hours = 1 }"),
    "day-for-duration": _set("session_duration", "2024-12-22"),
    "duration-too-short": _set("session_duration", '"14m59s"'),
    "duration-too-long": _set("session_duration", '"36h1s"'),
    "duration-odd": _set("session_duration", '"soon"'),
    "duration-unseen": _set("session_duration", '"1h\\u200b"'),
    "number-for-device": _set("mfa_arn", "123456789"),
    "short-device": _set("mfa_arn", '"12345678"'),
    "security-key": _set("mfa_arn", '"arn:aws:iam::123456789012:u2f/user/x"'),
    "device-without-account": _set("mfa_arn", '"arn:aws:iam::12345:mfa/user"'),
    "device-with-blank": _set("mfa_arn", '"arn:aws:iam::123456789012:mfa/the user"'),
    "number-for-program": _set("mfa_process", "7"),
    "number-in-program": _set("mfa_process", '["x", 7]'),
    "no-program": _set("mfa_process", '""'),
    "no-words-of-a-program": _set("mfa_process", "[]"),
    "open-quote-in-program": _set("mfa_process", '"x \'y"'),
    "number-for-kind": _set("kind", "1"),
    "a-name-in-no-form": Wrong(("list",), '[identities."-x"]\n', {}, (PATH, "-x")),
    "a-name-twice": Wrong(
        ("list",),
        '[identities."\u00e4"]\n[identities."a\u0308"]\n',
        {},
        (PATH, "two Unicode forms"),
    ),
    "number-for-identity": Wrong(("list",), "[identities]\nx = 1\n", {}, (PATH, "identities.x")),
    "number-for-identities": Wrong(("list",), "identities = 1\n", {}, (PATH, "identities")),
    "list-of-identities": Wrong(("list",), "[[identities]]\n", {}, (PATH, "identities")),
    "number-for-default": Wrong(("list",), "default = 1\n", {}, (PATH, "default")),
    "default-near": Wrong(
        *(("list",), f'default = "dev admim"\n{_TABLE}', {}, (PATH, "default"), "dev admim"),
        (NAME,),
    ),
    "default-far": Wrong(
        ("list",), f'default = "qqqq"\n{_TABLE}', {}, (PATH, "default"), "qqqq", (NAME,)
    ),
    "key-near": _no_key("regoin", _OF_USER),
    "key-near-duration": _no_key("session-duration", _OF_USER),
    "key-far": _no_key("qqqq", _OF_USER),
    "key-of-a-role": _no_key("role_arn", _OF_USER),
    "key-of-a-user": _no_key("mfa_process", _OF_ROLE, _REACHED),
    "key-at-the-top": _no_key("defualt", _TOP, ""),
    "key-at-the-top-far": _no_key("region", _TOP, ""),
    "kind-near": Wrong(
        *(("list",), f'{_TABLE}kind = "aws/usr"\n', {}, (PATH, "kind"), "aws/usr", _KINDS)
    ),
    "keys-at-the-top": Wrong(
        ("list",), 'access_key_id = "AKIAFIRSTFIRSTFIRST0"\n', {}, (PATH, "access_key_id")
    ),
    "two-faults": Wrong(("list",), f'{_TABLE}region = 1\nqq = "x"\n', {}, (PATH,)),
    "not-utf-8-sized": _no_file("x" * (1024 * 1024 + 1)),
    "many-dots": _no_file("a." * 5000 + "a = 1\n", "line 1"),
    "nested": _no_file(f"x = {'[' * 5000}"),
    "key-twice": _no_file(f'{_TABLE}region = "eu-west-1"\nregion = "eu-west-1"\n'),
    # roles
    "role-without-source": Wrong(
        ("list",), f'{_A_ROLE}role_arn = "{ROLE_ARN}"\n', {}, (PATH, f"identities.{ROLE}", "source")
    ),
    "role-without-arn": Wrong(
        ("list",), f'{_A_ROLE}source = "{NAME}"\n', {}, (PATH, f"identities.{ROLE}", "role_arn")
    ),
    "role-of-itself": _set("role_arn", f'"{ROLE_ARN}"\nsource = "{ROLE}"', _A_ROLE, ROLE)._replace(
        says=(PATH, f"identities.{ROLE}.source", "circle")
    ),
    "roles-in-a-circle": Wrong(
        ("list",),
        "".join(
            f'[identities.{one}]\nkind = "{OF_ROLE}"\nsource = "{other}"\nrole_arn = "{ROLE_ARN}"\n'
            for one, other in (("a", "b"), ("b", "c"), ("c", "b"))
        ),
        {},
        (PATH, ".source", "circle"),
    ),
    "role-arn-of-a-user": _set(
        "role_arn", f'"arn:aws:iam::123456789012:user/x"\nsource = "{NAME}"', _A_ROLE, ROLE
    ),
    "role-arn-of-no-account": _set(
        "role_arn", f'"arn:aws:iam::1:role/x"\nsource = "{NAME}"', _A_ROLE, ROLE
    ),
    "external-id-short": _set("external_id", '"x"', _REACHED, ROLE),
    "external-id-with-blank": _set("external_id", '"x y"', _REACHED, ROLE),
    "number-for-external-id": _set("external_id", "12345", _REACHED, ROLE),
    "role-for-too-long": _set("session_duration", '"12h1s"', _REACHED, ROLE),
    "role-elsewhere": _set("region", '"cn-north-1"', _REACHED, ROLE)._replace(
        says=(PATH, f"identities.{ROLE}.", "aws-cn")
    ),
    "source-elsewhere": Wrong(
        ("list",),
        _REACHED.replace(_TABLE, f'{_TABLE}region = "cn-north-1"\n'),
        {},
        (PATH, f"identities.{ROLE}.", "aws-cn"),
    ),
    "source-near": Wrong(
        ("list",),
        _REACHED.replace(f'"{NAME}"\nrole', '"dev admim"\nrole'),
        {},
        (PATH, f"identities.{ROLE}.source"),
        "dev admim",
        (NAME, ROLE),
    ),
    "number-for-source": _set("source", f'1\nrole_arn = "{ROLE_ARN}"', _A_ROLE, ROLE),
    "blank-source": _set("source", f'" "\nrole_arn = "{ROLE_ARN}"', _A_ROLE, ROLE),
    # fields on standard input (B-C03)
    "stdin-blank": _given(" \n", "nothing was given"),
    "stdin-no-json": _given("access_key_id = x", "not JSON"),
    "stdin-cut-off": _given('{"access_key_id": "AKIAGIVENGIVENGIVEN0"', "not JSON"),
    "stdin-deep": _given("[" * 100_000, "not JSON"),
    "stdin-list": _given("[]", "not an object"),
    "stdin-list-of-pairs": _given('[["session_duration", "3h"]]', "not an object"),
    "stdin-text": _given('"session_duration"', "not an object"),
    "stdin-number": _given("7", "not an object"),
    "stdin-nothing": _given("null", "not an object"),
    "stdin-number-for-text": _given('{"session_duration": 3600}', "session_duration"),
    "stdin-null-for-text": _given('{"mfa_arn": null}', "mfa_arn"),
    "stdin-boolean-for-text": _given('{"secret_access_key": false}', "secret_access_key"),
    "stdin-object-for-text": _given('{"access_key_id": {}}', "access_key_id"),
    "stdin-unknown-field": _given('{"session_duration": "3h", "region": "x"}', "region"),
    "stdin-session-token": _given('{"session_token": "token-of-given"}', "session_token"),
    "stdin-version": _given('{"version": "1"}', "version"),
    "stdin-short-id": _given(f'{{"access_key_id": "AKIASHORT", {_SECRET}}}', "access_key_id"),
    "stdin-session-id": _given(
        f'{{"access_key_id": "ASIAGIVENGIVENGIVEN0", {_SECRET}}}', "access_key_id", "ASIA"
    ),
    "stdin-empty-id": _given(f'{{"access_key_id": "", {_SECRET}}}', "access_key_id"),
    "stdin-long-id": _given(f'{{"access_key_id": "{"A" * 129}", {_SECRET}}}', "access_key_id"),
    "stdin-unseen-id": _given(
        f'{{"access_key_id": "AKIAGIVEN\\u200bGIVENGIVEN0", {_SECRET}}}', "access_key_id"
    ),
    "stdin-unseen-secret": _given(
        '{"secret_access_key": "secret\\u200b-of-given"}', "secret_access_key"
    ),
    "stdin-no-text": _given('{"secret_access_key": "secret-of-\\ud800"}', "secret_access_key"),
    "stdin-blank-secret-of-others": _given(
        '{"access_key_id": "AKIAGIVENGIVENGIVEN0", "secret_access_key": ""}',
        "secret_access_key is missing",
    ),
    "stdin-no-secret-of-others": _given(
        '{"access_key_id": "AKIAGIVENGIVENGIVEN0"}', "secret_access_key is missing"
    ),
    "stdin-device": _given('{"mfa_arn": "123"}', "mfa_arn"),
    "stdin-security-key": _given(
        '{"mfa_arn": "arn:aws:iam::123456789012:u2f/user/x"}', "mfa_arn", "u2f"
    ),
    "stdin-too-long": _given('{"session_duration": "36h1s"}', "session_duration", "36h"),
    "stdin-too-short": _given('{"session_duration": "899"}', "session_duration", "15m"),
    "stdin-no-duration": _given('{"session_duration": "soon"}', "session_duration"),
    "stdin-set-in-config": _given('{"mfa_arn": "GAHT12345678"}', "mfa_arn", PATH)._replace(
        config=f'{_TABLE}mfa_arn = "GAHT12345678"\n'
    ),
    # a kind from elsewhere (docs/write-a-kind.md)
    "brought-no-such-kind": Wrong(("login", NAME), f'{_TABLE}kind = "test/none"\n'),
    "brought-a-secret": Wrong(("login", NAME), f'{ELSEWHERE}secret_access_key = "secret-of-x"\n'),
    "brought-a-key": Wrong(("login", NAME), f'{ELSEWHERE}access_key_id = "AKIAFIRSTFIRSTFIRST0"\n'),
    "brought-a-region": Wrong(("whoami", NAME), f'{ELSEWHERE}region = "eu-west-1"\n'),
    "brought-odd-scope": Wrong(("login", NAME), f'{ELSEWHERE}scope = "\\u001b[2J"\n'),
    "brought-source": Wrong(("login", ROLE), ROLES.replace("\n", f'\nkind = "{BROUGHT}"\n', 1)),
    "brought-no-duration": Wrong(("login", NAME, "--duration", "1h"), _BARE),
    "brought-broken-login": Wrong(("login", NAME), _BROKEN),
    "brought-broken-exec": Wrong(("exec", NAME, "--", "x"), _BROKEN),
    "brought-broken-whoami": Wrong(("whoami", NAME), _BROKEN),
    "brought-broken-configure": Wrong(("user", "configure", NAME), _BROKEN),
    "brought-broken-process": Wrong(("credential-process", NAME), _BROKEN),
}
