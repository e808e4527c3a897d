"""How each call that can fail comes about: the commands that lead to it, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from scenarios.replay.coverage.noted import KEYS, SESSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Command:
    """A command of a story: its line, when it is run, the faults in it, what exec's child does.

    `answers` is a screen with what the person types, "" for what the account takes.  With
    `claims`, effects and what is left in the keyring are part of the story.  `prints` is what
    the command of `mfa_process` prints.
    """

    run: str
    at: str = ""
    faults: Sequence[Mapping[str, Any]] = ()
    child: Mapping[str, Any] | None = None
    events: Sequence[str] = ()
    claims: bool = False
    interactive: bool = True
    answers: str = ""
    prints: str = ""


class Start(NamedTuple):
    """How a call comes about: the commands that lead to it, and the one that makes it.

    `top` are tables that the story begins with.
    """

    command: Command
    before: tuple[str, ...] = ()
    role: bool = False
    mfa: bool = False
    top: str = ""


_LOGIN = "authkit login dev-admin"
_EXEC = "authkit exec {} -- aws s3 ls"
_CONFIGURE = "authkit user configure dev-admin"
_FORGET = "authkit logout dev-admin --keys"
# By operation, what it is called with, and the command that calls it.
STARTS = {
    ("GetCallerIdentity", KEYS, "login"): Start(Command(_LOGIN)),
    ("GetSessionToken", KEYS, "login"): Start(Command(_LOGIN)),
    ("GetCallerIdentity", SESSION, "login"): Start(Command(_LOGIN, at="+1h"), (_LOGIN,)),
    ("AssumeRole", SESSION, "login"): Start(Command("authkit login deploy"), (_LOGIN,), role=True),
    ("GetCallerIdentity", SESSION, "whoami"): Start(
        Command("authkit whoami dev-admin", at="+1h"), (_LOGIN,)
    ),
    ("GetCallerIdentity", KEYS, "exec"): Start(Command(_EXEC.format("dev-admin"), child={})),
    ("GetSessionToken", KEYS, "exec"): Start(Command(_EXEC.format("dev-admin"), child={})),
    ("GetCallerIdentity", SESSION, "exec"): Start(
        Command(_EXEC.format("dev-admin"), at="+1h", child={"exit": 254}), (_LOGIN,)
    ),
    ("AssumeRole", SESSION, "exec"): Start(
        Command(_EXEC.format("deploy"), child={}), (_LOGIN,), role=True
    ),
    ("GetCallerIdentity", KEYS, "user configure"): Start(Command(_CONFIGURE)),
}
# By command, the line that comes to most of its fault points.
LINES = {
    "login": _LOGIN,
    "whoami": "authkit whoami dev-admin",
    "exec": _EXEC.format("dev-admin"),
    "logout": _FORGET,
    "user configure": _CONFIGURE,
    "list": "authkit list --check",
    "env": "authkit env dev-admin",
    "credential-process": "authkit credential-process dev-admin",
    "import": "authkit import --all",
    "profile add": "authkit profile add dev-admin",
    "profile remove": "authkit profile remove dev-admin",
    "doctor": "authkit doctor dev-admin --probe",
}
# By command, what its line needs.
_TOPS = {
    "import": """
[file]
"~/.aws/credentials" = '''
[work]
aws_access_key_id = AKIAXXXXXXXXXXXXXXXX
aws_secret_access_key = new-secret
'''
"""
}
_KEYS_REFUSED = {"on": "GetCallerIdentity", "answer": "InvalidClientTokenId"}
_SESSION_REFUSED = {"on": "GetCallerIdentity", "answer": "ExpiredToken"}
_OTHER_DURATION = "Session Duration (optional, default: 12h): 8h\n"
_EXEC_USER = Command(_EXEC.format("dev-admin"), child={})
_BY_PROCESS = Start(
    Command(LINES["credential-process"], prints="123456"),
    mfa=True,
    top="""
config = '''
[identities.dev-admin]
mfa_process = "print-code"
'''
""",
)
# By fault point and command, what leads to it where that line alone does not.
POINT_STARTS = {
    ("keyring.set", "login"): Start(Command(_LOGIN), (_FORGET,)),
    ("keyring.set", "exec"): Start(_EXEC_USER, (_FORGET,)),
    ("keyring.delete", "login"): Start(Command(_LOGIN, faults=(_KEYS_REFUSED,))),
    ("keyring.delete", "exec"): Start(replace(_EXEC_USER, faults=(_KEYS_REFUSED,))),
    ("session.drop", "login"): Start(
        Command(_LOGIN, at="+1h", faults=(_SESSION_REFUSED,)), (_LOGIN,)
    ),
    ("session.drop", "exec"): Start(
        replace(_EXEC_USER, at="+13h", faults=(_KEYS_REFUSED,)), (_LOGIN,)
    ),
    ("session.drop", "logout"): Start(Command(_FORGET), (_LOGIN,)),
    ("session.drop", "user configure"): Start(
        Command(_CONFIGURE, answers=_OTHER_DURATION), (_LOGIN,)
    ),
    ("mark.read", "login"): Start(Command(_LOGIN), (_FORGET,)),
    ("mark.read", "exec"): Start(_EXEC_USER, (_FORGET,)),
    ("file.replace", "profile remove"): Start(
        Command(LINES["profile remove"]), (LINES["profile add"],)
    ),
    ("mark.read", "list"): Start(Command("authkit list")),
    ("codes.read", "credential-process"): _BY_PROCESS,
    ("codes.replace", "credential-process"): _BY_PROCESS,
}


def start(on: str, command: str, *, session: bool = False) -> Start:
    """Return how a call, or a fault point, comes about.  Raises LookupError.

    Without a command it is the first that makes the call.
    """
    if "." in on:
        first = {"mark.remove": "logout", "file.read": "profile add", "file.replace": "profile add"}
        command = command or first.get(on, "login")
        if command not in LINES:
            raise LookupError(f"there is no command {command}; there are: {', '.join(LINES)}")
        alone = Command(LINES[command], child={} if command == "exec" else None)
        usual = Start(alone, mfa=on.startswith("codes."), top=_TOPS.get(command, ""))
        return POINT_STARTS.get((on, command), usual)
    for (operation, credentials, name), found in STARTS.items():
        if operation == on and command in {"", name} and (credentials == SESSION or not session):
            return found
    calls = dict.fromkeys(f"{operation} of {name}" for operation, _, name in STARTS)
    who = f"{command} never calls" if command else "no command calls"
    raise LookupError(f"{who} {on}; there are: {', '.join(calls)}")
