"""Command lines, settings and config files that mean nothing: each is refused, and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.explore.configs import BROUGHT, CHAIN, ELSEWHERE, ROLES
from tests.explore.foreign import ODD
from tests.explore.machine import NAME, ROLE

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = f'[identities."{NAME}"]\n'
_BARE, _BROKEN = (f'{_TABLE}kind = "test/{name}"\n' for name in ("bare", "broken"))
_TIMEOUT = {"AUTHKIT_LOCK_TIMEOUT": ODD}


class Wrong(NamedTuple):
    """A line, and the config file and the variables that it is run with."""

    line: tuple[str, ...]
    config: str | None = None
    environ: Mapping[str, str] = {}


WRONG: Mapping[str, Wrong] = {
    # lines
    "two-identities": Wrong(("login", NAME, "--identity", ROLE)),
    "two-options": Wrong(("whoami", "-i", NAME, "-p", ROLE)),
    "two-words": Wrong(("logout", NAME, ROLE)),
    "no-name": Wrong(("login", "")),
    "a-bad-name": Wrong(("login", f"x{ODD}")),
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
