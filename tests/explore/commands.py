"""The commands that are explored, each with its way of asking: data."""

from __future__ import annotations

import json
from functools import partial
from itertools import combinations_with_replacement, zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.world.config import HOME, PATH
from tests.explore import answers, contents, imports, mixed, places, profiles, starts
from tests.explore.configs import (
    BY_ANOTHER_ACCOUNT,
    BY_CONFIG,
    BY_DEVICE,
    BY_PROCESS,
    BY_WORDS,
    CHAIN,
    ELSEWHERE,
    ELSEWHERE_SCOPE,
    ELSEWHERE_SET,
    OPT_IN,
    REGION,
    ROLE_ALONE,
    ROLE_BY_PROCESS,
    ROLE_OPT_IN,
    ROLE_PLAIN,
    ROLES,
    ROLES_WITH_ALL,
)
from tests.explore.disk import PLACE, PLAIN, UMASK, recorded
from tests.explore.failures import ONCE
from tests.explore.machine import BETWEEN, MFA, NAME, ROLE, SECOND
from tests.explore.naming import (
    EACH,
    FAR,
    FIRST_WORD,
    GIVEN,
    IN_FORM,
    IN_REGION,
    LEFT,
    NAMED,
    NEAR,
    WHICH,
    WITHOUT_SESSION,
)
from tests.explore.narrow import NETWORK
from tests.explore.placings import PLACINGS
from tests.explore.seats import INPUT
from tests.explore.sights import SIGHTS
from tests.explore.situations import FROM_ELSEWHERE, SITUATIONS
from tests.explore.spellings import HELPS, SPELLINGS
from tests.explore.wrong_lines import WRONG
from tests.support.brought_kind import OTHER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.explore.chooser import Choice
    from tests.explore.spellings import Spelling
    from tests.explore.wrong_lines import Wrong

# The variables that no child may have (B-E02), and some that it has to have.
STRIPPED = (
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"),
    *("AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN"),
    *("AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    *("AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    *("AWS_BEARER_TOKEN_BEDROCK", "AWS_BEARER_TOKEN_X"),
    *("AUTHKIT_KEYRING_PASSPHRASE", "AUTHKIT_KEYRING_PASSPHRASE_COMMAND"),
)
UNSET = dict.fromkeys(STRIPPED, "")  # where a person has none of them
KEPT = {"PATH": "/usr/bin", "AWS_MAX_ATTEMPTS": "5", "AUTHKIT_LOCK_TIMEOUT": "1s"}
# OTHER names other credentials of a vendor that is not AWS: only its own sessions remove it.
ENVIRON: Mapping[str, str] = {
    **{name: f"callers-{name}" for name in (*STRIPPED, OTHER)},
    **KEPT,
}

WIRE, DISK, RECORD = "wire", "disk", "record"
TERMINAL, ALONE, IN_CI, NO_INPUT = "", "alone", "ci", "no-input"

FIELDS = json.dumps(
    {
        "access_key_id": "AKIAGIVENGIVENGIVEN0",
        "secret_access_key": "secret-of-given",
        "mfa_arn": MFA,
        "session_duration": "3h1s",
    }
)


FIELDS_ELSEWHERE = json.dumps(
    {
        "access_key_id": "AKIAGIVENGIVENGIVEN0",
        "secret_access_key": "secret-of-given",
        "scope": "Given",
        "session_duration": "4h",
    }
)


class Command(NamedTuple):
    """A command line, and what there is before it; `way` says how it could ask.

    `starts` are the choices of what there is, and `begins` is what was chosen without them.
    Of one that is `singly` walked every failure is an option (``failures``), and each costs 1.
    """

    name: str
    line: tuple[str, ...]
    way: str = TERMINAL
    starts: tuple[Choice, ...] = ()
    config: str | None = None
    stdin: str = ""
    aws_files: bool = False
    answers: tuple[tuple[str, str], ...] = ()  # what operations are answered from the start
    keeps: bool = False  # whether the person takes what a prompt offers
    beside: tuple[Command, ...] = ()  # the commands of other processes in the same machine
    environ: Mapping[str, str] = MappingProxyType({})  # beside `ENVIRON`
    real: str = ""  # what is real: WIRE (``wire``), DISK (``disk``), RECORD: a recording
    wrong: Wrong | None = None  # of one that means nothing, what is said (``wrong_lines``)
    begins: Mapping[str, str] = MappingProxyType({})
    singly: bool = False
    ways: Choice | None = None  # in which it may come to its identity (``naming``)
    spelt: Spelling | None = None  # how this line is typed, None for as it is

    @property
    def verb(self) -> str:
        """The command itself: ``login``, ``user configure``."""
        two = self.line[0] in {"user", "profile"}
        return " ".join(self.line[: 1 + two])

    @property
    def identity(self) -> str:
        """The identity that it is about."""
        if ROLE in self.line:
            return ROLE
        return BETWEEN if BETWEEN in self.line else NAME

    @property
    def config_path(self) -> str:
        """The path of the config file that the line is run with."""
        if self.config_option:
            return self.config_option[1]
        return places.config_path(self.environ) if self.environ else PATH

    @property
    def config_option(self) -> tuple[str, ...]:
        """The option that names that file, () for the usual one."""
        at = self.line.index("--config") if "--config" in self.line else len(self.line)
        return self.line[at : at + 2]

    @property
    def by_hand(self) -> bool:
        """Whether what it says is to be mended by hand: nothing follows on it."""
        return self.wrong is not None or not {"sight", "placing"}.isdisjoint(self.begins)

    @property
    def narrowly(self) -> str:
        """What alone is chosen about, "" for everything (``narrow``)."""
        if self.wrong and self.stdin:
            return GIVEN
        if self.real or self.ways is None:
            return self.real
        return LEFT if self.verb == "logout" and "--all" in self.line else NAMED

    @property
    def words(self) -> tuple[str, ...]:
        """The command line as it is run in its way."""
        if self.spelt and self.spelt.line == self.line:
            return self.spelt.words
        if self.real == RECORD:
            return ("--record", str(recorded()), *self.line)
        return ("--no-input", *self.line) if self.way == NO_INPUT else self.line


# On the disk: another identity is there, whose name is near.
_ANOTHER_BESIDE = {"place": PLAIN, "umask": "022", "other identities": NEAR}
_NEW_BESIDE = {**_ANOTHER_BESIDE, "entry": "none", "marker": "none"}
_LOGIN = (starts.ENTRY, starts.SESSION, starts.MARKER, answers.BACKEND)
_ROLE = (starts.ENTRY, starts.SESSION, starts.ROLE_SESSION)
SCOPED = {"entry": starts.BROUGHT_ENTRY.options[0]}
_ROLE_HELD = (starts.GOOD_SESSION, starts.ENTRY, starts.ROLE_SESSION)
_LOOK = (starts.GOOD_SESSION, starts.ENTRY, starts.MARKER)
_login = partial(Command, starts=_LOGIN)
_look = partial(Command, starts=_LOOK)
_role = partial(Command, starts=_ROLE, config=ROLES)
_exec = partial(Command, starts=(starts.GOOD_SESSION,))
_import = partial(Command, aws_files=True)
_TO_CHOOSE = {"profiles": "to choose from"}
_SEVERAL = {"profiles": "a role with all"}
_CSV, _OF_USER = ("--csv", "~/Downloads/keys.csv"), {"CSV": imports.OF_CSV.options[0]}
_profile = partial(Command, starts=(profiles.FILE, starts.GOOD_SESSION))
_wire = partial(Command, real=WIRE, starts=(NETWORK,))
_disk = partial(Command, real=DISK, starts=(PLACE, UMASK, starts.GOOD_SESSION))
_beside = partial(Command, real=DISK, begins=_ANOTHER_BESIDE)
_VPC_ENDPOINT = {"AWS_ENDPOINT_URL_STS": "https://vpce-0a1b.sts.af-south-1.vpce.amazonaws.com"}
_LOCAL_ENDPOINT = {"AWS_ENDPOINT_URL": "https://localhost:4566"}
_NO_KEYS = {"entry": "none", "marker": "none"}
_IN_THE_CLEAR = {**_NO_KEYS, "backend": "in the clear"}
_OF_NOBODY = {"CSV": "without a name"}
_SESSION, _NO_SESSION = {"session": "good"}, {"session": "none"}


_ON_DISK = {"place": PLACE.options[0], "umask": UMASK.options[0], **_SESSION}


def _written(
    name: str,
    line: tuple[str, ...],
    *written: Choice,
    begins: Mapping[str, str] = _SESSION,
) -> Command:
    """Return a command on the disk, where a file of the state folder is not as authkit left it."""
    begins = {**_ON_DISK, **begins}
    return Command(name, line, real=DISK, starts=(contents.OTHERS, *written), begins=begins)


_chain = partial(
    Command,
    starts=(starts.SESSION_BETWEEN, starts.GOOD_SESSION, starts.ROLE_SESSION),
    config=CHAIN,
)
_chain_held = partial(
    Command,
    starts=(starts.GOOD_ROLE_SESSION, starts.SESSION_BETWEEN, starts.GOOD_SESSION),
    config=CHAIN,
)
_brought = partial(Command, starts=(starts.BROUGHT_ENTRY,), config=ELSEWHERE)
_brought_held = partial(
    Command, starts=(starts.HELD_BROUGHT_SESSION,), config=ELSEWHERE_SET, begins=SCOPED
)
_role_look = partial(Command, starts=(starts.GOOD_ROLE_SESSION, starts.GOOD_SESSION), config=ROLES)


def _in_ways(command: Command, *ways: str) -> list[Command]:
    """Return a command in these ways of asking."""
    return [
        command._replace(name=f"{command.name}/{way}" if way else command.name, way=way)
        for way in ways
    ]


_named = partial(Command, ways=WHICH)
_named_held = partial(_named, begins={"session": "good"})
_each = partial(Command, ways=EACH, begins={"session": "good"})
_all = partial(Command, starts=_ROLE_HELD, config=ROLES_WITH_ALL)
_KEYS = ("GetCallerIdentity", "GetSessionToken")
THROTTLED = tuple((name, answers.MOSTLY) for name in _KEYS)
IN_TURN = ((_KEYS[0], answers.IN_TURN),)
REFUSED = ((_KEYS[0], answers.TWO_PAIRS), (_KEYS[1], "revoked"))
_EXEC = ("exec", NAME, "--", "x")


def _answered(name: str, begins: Mapping[str, str] = _NO_SESSION, on: str = _KEYS[0]) -> Any:  # noqa: ANN401
    """Return the fields of a command on the wire to which this is answered first."""
    return {"real": WIRE, "begins": begins, "answers": ((f"{ONCE}{on}", name),)}


_DASHES = ("x", "--", "secret-of-argument", "-i", "y z", "", "--")  # the child's own
_ELSEWHERE = ("--config", f"{HOME}/my files/authkit.toml")
_DEBUG = {"AUTHKIT_DEBUG": "1"}
_TWO = {**_SESSION, "other identities": FAR}
# Regions where one is what `env` sets for the identity, and the other is the person's own.
_OF_ENV = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "eu-west-1"}
_OF_ENV_BY_OPTION = {"AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-west-1"}
_OF_NAMED = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"}
_CALLERS_REGION = {"AWS_REGION": "sa-east-1", "AWS_DEFAULT_REGION": "ca-central-1"}
# Keys of a person who has not said yet which device there is: IAM lists them.
_DEVICES_OPEN = {"entry": "keys alone", "marker": "open"}
_BESIDE = (starts.ENTRY, starts.SESSION)
_CI = (starts.ENTRY, starts.SESSION, answers.CI)
COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in [
        *_in_ways(_login("login", ("login", NAME)), TERMINAL, ALONE, NO_INPUT),
        *_in_ways(Command("login", ("login", NAME), starts=_CI), IN_CI),
        _wire("login-wire", ("login", NAME)),
        _wire("login-wire-region", ("login", NAME), config=OPT_IN),
        _wire("login-wire-role", ("login", ROLE), config=ROLES),
        _wire("whoami-wire", ("whoami", NAME), starts=(NETWORK, starts.GOOD_SESSION)),
        Command("whoami-wire-broken", ("whoami", NAME), **_answered("broken", _SESSION)),
        Command("whoami-wire-refused", ("whoami", NAME), **_answered("expired", _SESSION)),
        Command("login-wire-refused", ("login", NAME), ALONE, **_answered("revoked")),
        Command("login-wire-broken", ("login", NAME), **_answered("broken", on=_KEYS[1])),
        _disk("login-disk", ("login", NAME, "--force")),
        _disk("whoami-disk", ("whoami", NAME, "--offline")),
        _beside("whoami-disk-near", ("whoami", NAME), begins=_NEW_BESIDE),
        _beside("login-disk-another", ("login", NAME)),
        _beside("list-disk-another", ("list",)),
        _disk("logout-disk", ("logout", NAME, "--keys")),
        _written("login-disk-typed", ("login", NAME), contents.OF_LOGIN, begins=_NO_KEYS),
        _written("login-disk-session", ("login", NAME), contents.OF_SESSION_AND_LOCK),
        _written("login-disk-role", ("login", ROLE))._replace(config=ROLES),
        _written("whoami-disk-written", ("whoami", NAME), contents.OF_SESSION),
        _written("whoami-disk-marker", ("whoami", NAME), contents.OF_MARKER, begins=_NO_SESSION),
        _written("exec-disk", _EXEC, contents.OF_SESSION),
        _written("configure-disk", ("user", "configure", NAME), contents.OF_MARKER),
        _written("list-disk", ("list",), contents.OF_ALL),
        _disk("logout-disk-all", ("logout", "--all", "--keys"))._replace(
            starts=(contents.OTHERS, contents.OF_ALL), begins=_ON_DISK
        ),
        Command("login-record", ("login", NAME), starts=(starts.ENTRY,), real=RECORD),
        Command("login-record-odd", ("login", NAME), starts=(starts.ODD_ENTRY,), real=RECORD),
        Command("exec-record", ("exec", NAME, "--", *_DASHES), real=RECORD),
        Command("login-seat", ("login", NAME), starts=(INPUT, starts.ENTRY)),
        *_in_ways(_login("login-force", ("login", NAME, "--force")), TERMINAL, ALONE),
        _login("login-duration", ("login", NAME, "--duration", "45m30s")),
        _login("login-config", ("login", NAME), config=BY_CONFIG),
        _login("login-opt-in", ("login", NAME), config=OPT_IN),
        Command("login-vpc-endpoint", ("login", NAME), config=OPT_IN, environ=_VPC_ENDPOINT),
        Command("login-local-endpoint", ("login", NAME), config=OPT_IN, environ=_LOCAL_ENDPOINT),
        Command(
            *("login-throttled", ("login", NAME), TERMINAL, (starts.ENTRY,)), answers=THROTTLED
        ),
        Command(
            *("login-mixed-refused", ("login", NAME), TERMINAL, (starts.ENTRY,)), answers=IN_TURN
        ),
        Command("login-refused", ("login", NAME), starts=(starts.ENTRY,), answers=REFUSED),
        Command("login-keep", ("login", NAME), starts=(starts.NO_ENTRY,), keeps=True),
        Command("login-same-code", ("login", NAME), starts=(starts.CODES,)),
        *_in_ways(_login("login-process", ("login", NAME), config=BY_PROCESS), TERMINAL, ALONE),
        Command(
            *("login-process-same-code", ("login", NAME), ALONE, (starts.CODES,)), config=BY_DEVICE
        ),
        *_in_ways(_role("login-role", ("login", ROLE)), TERMINAL, ALONE),
        _role("login-role-throttled", ("login", ROLE), starts=(starts.ENTRY,), answers=THROTTLED),
        _role("login-role-force", ("login", ROLE, "--force")),
        _look("login-session", ("login", NAME)),
        _look("login-region", ("login", NAME, "--region", "eu-west-3"), config=REGION),
        Command(
            *("login-source", ("login", NAME), TERMINAL),
            starts=(starts.ENTRY, starts.SESSION, starts.GOOD_ROLE_SESSION),
            config=ROLES,
        ),
        _chain("login-chain", ("login", ROLE)),
        _chain("login-chain-duration", ("login", ROLE, "--duration", "1h")),
        _chain("login-chain-too-long", ("login", ROLE, "--duration", "1h1s")),
        _chain("exec-chain", ("exec", ROLE, "--", "x")),
        _chain("credential-process-chain", ("credential-process", ROLE)),
        _chain_held("whoami-chain", ("whoami", ROLE)),
        _chain_held("logout-chain-keys", ("logout", NAME, "--keys")),
        _chain_held("configure-chain", ("user", "configure", NAME)),
        _all("login-role-all", ("login", ROLE)),
        *(
            _all(f"{verb}-role-{name}", line, config=config)
            for name, config in (("plain", ROLE_PLAIN), ("alone", ROLE_ALONE))
            for verb, line in (("login", ("login", ROLE)), ("exec", ("exec", ROLE, "--", "x")))
        ),
        _all("login-role-region", ("login", ROLE, "--region", "eu-west-3")),
        _all("login-role-opt-in", ("login", ROLE))._replace(config=ROLE_OPT_IN),
        _all("login-role-partition", ("login", ROLE, "--region", "cn-north-1")),
        _all("login-role-duration", ("login", ROLE, "--duration", "12h")),
        _look("login-duration-long", ("login", NAME, "--duration", "1d12h")),
        _look("login-too-long", ("login", NAME, "--duration", "36h1s")),
        _look("login-too-short", ("login", NAME, "--duration", "899")),
        _all("login-role-too-long", ("login", ROLE, "--duration", "12h1s")),
        _all("exec-role-all", ("exec", ROLE, "--", "x")),
        _all("exec-role-min-ttl", ("exec", ROLE, "--min-ttl", "20m", "--", "x")),
        _all("credential-process-role-all", ("credential-process", ROLE)),
        _look("exec-config", _EXEC, config=REGION),
        _look("exec-callers-region", _EXEC, environ=_CALLERS_REGION),
        _look("exec-min-ttl-short", ("exec", NAME, "--min-ttl", "20m", "--", "x")),
        _look("exec-min-ttl-long", ("exec", NAME, "--min-ttl", "20h", "--", "x")),
        _look("env-region", ("env", NAME, "--region", "eu-west-3"), config=REGION),
        _look("env-config", ("env", NAME, "--format", "json"), config=REGION),
        _look("whoami-config", ("whoami", NAME), config=REGION),
        _look("whoami-opt-in", ("whoami", NAME), config=OPT_IN),
        _look("whoami-json-config", ("whoami", NAME, "--json"), config=REGION),
        *_in_ways(_login("exec", _EXEC), TERMINAL, ALONE),
        *_in_ways(Command("exec", _EXEC, starts=_CI), IN_CI),
        Command("exec-seat", _EXEC, starts=(INPUT,)),
        *_in_ways(_look("exec-shell", ("exec", NAME)), TERMINAL, ALONE),
        _look("exec-session", _EXEC),
        _look("exec-min-ttl", ("exec", NAME, "--min-ttl", "90m", "--", "x")),
        _look("exec-no-probe", ("exec", NAME, "--no-probe", "--", "x")),
        _look("exec-region", ("exec", NAME, "--region", "eu-central-1", "--", "x")),
        *_in_ways(_login("exec-process", _EXEC, config=BY_WORDS), ALONE),
        _role("exec-role", ("exec", ROLE, "--", "x")),
        _look("whoami", ("whoami", NAME)),
        _look("whoami-offline", ("whoami", NAME, "--offline")),
        _look("whoami-json", ("whoami", NAME, "--json")),
        _role_look("whoami-role", ("whoami", ROLE)),
        _look("env", ("env", NAME)),
        _look("env-json", ("env", NAME, "--format", "json")),
        _role_look("env-role", ("env", ROLE)),
        _look("credential-process", ("credential-process", NAME)),
        _login("credential-process-process", ("credential-process", NAME), config=BY_PROCESS),
        _role("credential-process-role", ("credential-process", ROLE)),
        _role("login-role-process", ("login", ROLE), config=ROLE_BY_PROCESS),
        _role(
            *("credential-process-role-process", ("credential-process", ROLE)),
            config=ROLE_BY_PROCESS,
        ),
        _look("list", ("list",)),
        _look("list-check", ("list", "--check")),
        _role_look("list-roles", ("list", "--json")),
        _look("doctor", ("doctor", NAME)),
        _look("doctor-json", ("doctor", NAME, "--json")),
        _look("doctor-probe-json", ("doctor", NAME, "--probe", "--json")),
        _look("doctor-probe", ("doctor", NAME, "--probe")),
        _look("complete-identities", ("complete-identities",)),
        _look("logout", ("logout", NAME)),
        _look("logout-keys", ("logout", NAME, "--keys")),
        _role_look("logout-all-former-role", ("logout", "--all"), config=REGION),
        _look("logout-all", ("logout", "--all")),
        _look("logout-all-keys", ("logout", "--all", "--keys")),
        _role_look("logout-role", ("logout", ROLE)),
        _role_look("logout-source-keys", ("logout", NAME, "--keys")),
        *(
            Command(f"{name}-wrong-entry", line, starts=(starts.WRONG_ENTRY,))
            for name, line in {
                "login": ("login", NAME),
                "process": ("credential-process", NAME),
                "configure": ("user", "configure", NAME),
                "list": ("list", "--check"),
                "doctor": ("doctor", NAME),
                "logout": ("logout", NAME, "--keys"),
            }.items()
        ),
        *(
            Command(f"{name}-in-the-clear", line, begins=_IN_THE_CLEAR, aws_files=name == "import")
            for name, line in {
                "login": ("login", NAME),
                "configure": ("user", "configure", NAME),
                "import": ("import", "--all"),
            }.items()
        ),
        Command("import-csv-name", ("import", *_CSV), begins=_OF_NOBODY, aws_files=True),
        *(Command(f"help-{name}", row.line, spelt=row) for name, row in HELPS.items()),
        Command("login-devices", ("login", NAME), begins=_DEVICES_OPEN),
        *_in_ways(_look("configure", ("user", "configure", NAME)), TERMINAL, ALONE),
        Command("configure-devices", ("user", "configure", NAME), begins=_DEVICES_OPEN, keeps=True),
        Command("configure-config-device", ("user", "configure", NAME), config=BY_ANOTHER_ACCOUNT),
        _look("configure-keep", ("user", "configure", NAME), keeps=True),
        _look("configure-no-verify", ("user", "configure", NAME, "--no-verify")),
        _look("configure-config", ("user", "configure", NAME), config=BY_CONFIG),
        Command("configure-seat", ("user", "configure", NAME), starts=(INPUT,)),
        _look("configure-stdin", ("user", "configure", NAME, "--stdin"), stdin=FIELDS),
        _look(
            *("configure-stdin-no-verify", ("user", "configure", NAME, "--stdin", "--no-verify")),
            stdin=FIELDS,
        ),
        _role_look("configure-source", ("user", "configure", NAME)),
        _import("import", ("import", "--all", "--remove"), starts=(starts.OF_AWS,)),
        *_in_ways(_import("import", ("import", "--all", "--remove")), ALONE),
        *_in_ways(
            _import("import-over", ("import", "--all"), starts=(starts.ENTRY, starts.OF_AWS)),
            *(TERMINAL, ALONE),
        ),
        _import(
            *("import-files", ("import", "--all", "--remove")),
            starts=(imports.OF_SHAPES,),
            ways=imports.HOW_ALONE,
        ),
        _import(
            *("import-later", ("import", "--all", "--remove"), ALONE),
            starts=(imports.OF_LATER,),
            begins={"profiles": "several"},
            ways=imports.HOW_ALONE,
        ),
        *(
            _import(
                *(f"import-mixed{name}", ("import", "--all", *words), ALONE),
                starts=(mixed.OF_KEYS,),
                begins={"profiles": "several"},
                ways=imports.HOW_ALONE,
            )
            for name, words in (("", ()), ("-remove", ("--remove",)))
        ),
        *_in_ways(
            _import("import-choose", ("import",), begins=_TO_CHOOSE, ways=imports.HOW_ALONE),
            *(TERMINAL, ALONE),
        ),
        _import("import-asked", ("import",), begins=_TO_CHOOSE, ways=imports.HOW_ASKED),
        _import("import-into", ("import", "--all"), begins=_SEVERAL, ways=imports.HOW_INTO),
        _import("import-replace", ("import", "--all"), begins=_SEVERAL, ways=imports.HOW_REPLACED),
        _import("import-env", ("import",), ways=imports.HOW_IN_ENV),
        *_in_ways(
            _import(
                "import-csv", ("import", *_CSV), starts=(imports.OF_CSV,), ways=imports.HOW_NAMED
            ),
            *(TERMINAL, ALONE),
        ),
        _import("import-new-csv", ("import", *_CSV), ALONE, begins=_OF_USER),
        _profile("profile-add", ("profile", "add", NAME)),
        _profile("profile-add-config", ("profile", "add", NAME), config=REGION),
        _profile("profile-add-region", ("profile", "add", NAME, "--region", "eu-west-3")),
        _profile("profile-remove", ("profile", "remove", NAME)),
        _profile("profile-add-called", ("profile", "add", NAME, "--name", SECOND)),
        _profile("profile-remove-called", ("profile", "remove", NAME, "--name", SECOND)),
        _exec("exec-dashes", ("exec", NAME, "--", *_DASHES)),
        _exec("exec-first-word", ("exec", "--identity", NAME, *_DASHES)),
        _exec("exec-debug", ("exec", NAME, *_DASHES), environ=_DEBUG),
        Command("login-debug", ("login", NAME), ALONE, environ=_DEBUG),
        Command("login-not-debug", ("login", NAME), ALONE, environ={"AUTHKIT_DEBUG": "0"}),
        *_in_ways(
            Command("login-elsewhere", ("login", NAME, *_ELSEWHERE), config=BY_CONFIG), ALONE
        ),
        _named("named-login-elsewhere", ("login", *_ELSEWHERE)),
        _named_held("named-logout-elsewhere", ("logout", *_ELSEWHERE, "--keys")),
        Command("named-exec-elsewhere", ("exec", *_ELSEWHERE, "x", "y"), ways=FIRST_WORD),
        _each("each-list-elsewhere", ("list", *_ELSEWHERE)),
        _look("doctor-elsewhere", ("doctor", NAME, "--json", *_ELSEWHERE), config=REGION),
        _look("configure-elsewhere", ("user", "configure", NAME, *_ELSEWHERE), config=REGION),
        _import(
            *("import-elsewhere", ("import", "--all", *_ELSEWHERE), ALONE),
            starts=(mixed.OF_KEYS,),
            begins={"profiles": "several"},
        ),
        *(
            Command(f"env-{form}", ("env", NAME, "--format", form), starts=(starts.GOOD_SESSION,))
            for form in ("fish", "powershell", "dotenv")
        ),
        Command("env-unset", ("env", NAME, "--unset"), environ=_OF_ENV),
        Command(
            *("env-unset-region", ("env", NAME, "--unset", "--region", "eu-west-3")),
            config=REGION,
            environ=_OF_ENV_BY_OPTION,
        ),
        Command("env-unset-config", ("env", NAME, "--unset"), config=REGION, environ=_OF_ENV),
        _named("named-login", ("login",)),
        _named_held("named-whoami", ("whoami",)),
        Command("named-whoami-json", ("whoami", "--json"), ways=WITHOUT_SESSION),
        _named("named-exec", ("exec", "--", "x")),
        Command("named-exec-word", ("exec", "x", "y"), ways=FIRST_WORD),
        _named_held("named-env", ("env",)),
        _named("named-env-unset", ("env", "--unset"), environ=_OF_NAMED),
        _named_held("named-process", ("credential-process",)),
        _named_held("named-logout-keys", ("logout", "--keys")),
        _named_held("named-configure", ("user", "configure")),
        _named_held("named-profile-add", ("profile", "add")),
        _named("named-profile-remove", ("profile", "remove"), begins={"profile": "there"}),
        _named_held("named-doctor", ("doctor",)),
        _each("each-list", ("list",)),
        _each("each-list-check", ("list", "--check", "--json")),
        _each("each-complete", ("complete-identities",)),
        _each("each-logout-keys", ("logout", "--all", "--keys")),
        *(
            Command(name, line, starts=(start,), begins=_TWO)
            for start, rows in {
                mixed.IN_LOGOUT: (
                    ("mixed-logout", ("logout", "--all")),
                    ("mixed-logout-keys", ("logout", "--all", "--keys")),
                ),
                mixed.IN_LIST: (
                    ("mixed-list", ("list",)),
                    ("mixed-list-check", ("list", "--check", "--json")),
                ),
            }.items()
            for name, line in rows
        ),
        Command("in-region-login", ("login", NAME), ways=IN_REGION),
        Command("in-region-exec", _EXEC, ways=IN_REGION),
        Command("in-form-login", ("login",), ways=IN_FORM),
        Command("in-form-exec", ("exec", "--", "x"), ways=IN_FORM),
        # An identity of a kind from elsewhere, where its settings are asked for, and where not.
        _brought("brought-login", ("login", NAME)),
        _brought_held("brought-login-kept", ("login", NAME), starts=(starts.BROUGHT_SESSION,)),
        _brought_held("brought-login-force", ("login", NAME, "--force")),
        _brought(
            *("brought-login-duration", ("login", NAME, "--duration", "45m30s")),
            starts=(starts.BROUGHT_SESSION,),
            begins=SCOPED,
            config=ELSEWHERE_SCOPE,
        ),
        _brought_held("brought-exec", _EXEC),
        _brought_held(
            "brought-exec-min-ttl", ("exec", NAME, *_ELSEWHERE, "--min-ttl", "90m", "--", "x")
        ),
        _brought_held("brought-env", ("env", NAME, "--format", "json", *_ELSEWHERE)),
        _brought_held("brought-env-unset", ("env", NAME, "--unset", *_ELSEWHERE)),
        _brought_held("brought-whoami", ("whoami", NAME, *_ELSEWHERE)),
        _brought_held("brought-whoami-json", ("whoami", NAME, "--json", *_ELSEWHERE)),
        _brought_held("brought-list", ("list", *_ELSEWHERE)),
        _brought_held("brought-logout-keys", ("logout", NAME, "--keys")),
        _brought_held(*("brought-configure", ("user", "configure", NAME)), config=ELSEWHERE_SCOPE),
        _brought(
            *("brought-configure-stdin", ("user", "configure", NAME, "--stdin")),
            stdin=FIELDS_ELSEWHERE,
        ),
        _brought_held("brought-debug", ("login", NAME), ALONE, starts=(), environ=_DEBUG),
        _brought_held("brought-record", ("login", NAME), starts=(), real=RECORD),
        _brought_held("brought-credential-process", ("credential-process", NAME, *_ELSEWHERE)),
        _brought_held("brought-profile-add", ("profile", "add", NAME, *_ELSEWHERE)),
        *(
            Command(
                *(f"placed-{name.replace(' ', '-')}", row.line),
                config=row.config,
                environ=row.environ,
                begins={**_SESSION, "placing": name},
            )
            for name, row in PLACINGS.items()
        ),
        *(
            Command(
                *(f"sees-{name.replace(' ', '-')}", ("doctor", row.name, "--json")),
                config=row.config,
                environ={**UNSET, **row.environ},
                begins={**_SESSION, **row.begins, "sight": name},
            )
            for name, row in SIGHTS.items()
        ),
        *(
            Command(
                *(f"spelt-{name}", row.line, NO_INPUT if "--no-input" in row.words else TERMINAL),
                config=row.config,
                begins=_SESSION,
                spelt=row,
            )
            for name, row in SPELLINGS.items()
        ),
        *(
            Command(
                *(f"wrong-{name}", row.line),
                config=row.config,
                stdin=row.stdin,
                environ=row.environ,
                wrong=row,
            )
            for name, row in WRONG.items()
        ),
    ]
}


# What runs side by side: several processes of these.
BESIDE: tuple[str, ...] = (
    *("login", "login-force", "login-role", "exec"),
    *("configure-stdin-no-verify", "logout", "logout-keys"),
)
JOIN = "+"


def by_name(name: str) -> Command:
    """Return the command of this name, as paths have it: several joined by ``+`` run at once.

    Raises KeyError.
    """
    if row := SITUATIONS.get(name) or FROM_ELSEWHERE.get(name):
        command = COMMANDS[row.command]
        line, config = row.line or command.line, row.config or command.config
        command = command._replace(name=name, line=line, config=config)
        return command._replace(starts=(), begins=row.begins, singly=True)
    first, *others = (COMMANDS[each] for each in name.split(JOIN))
    if not others:
        return first
    if any(each.ways for each in (first, *others)):  # one at a time comes to its identity
        raise KeyError(name)
    config = ROLES if any(each.config for each in (first, *others)) else None
    beside = tuple(each._replace(config=config, real="") for each in others)
    return first._replace(name=name, config=config, real="", starts=_BESIDE, beside=beside)


def _alternating() -> list[Command]:
    """Return every command: others and situations by turns, so that unlike ground comes soon.

    What runs real code is last: its paths take longest.
    """
    own = sorted(COMMANDS.values(), key=lambda command: bool(command.real))
    rows = zip_longest(own, map(by_name, SITUATIONS))
    return [command for row in rows for command in row if command]


def wanted(names: list[str], processes: int = 1) -> list[Command]:
    """Return the commands of these names; a verb (``exec``) means all of its commands.

    No name means every command, and with several processes every sequence of so many.
    Raises KeyError.
    """
    if processes > 1 and not any(JOIN in name for name in names):
        among = [one.name for one in wanted(names) if not one.ways] if names else BESIDE
        if not among:
            raise KeyError(JOIN.join(names * processes))
        rows = combinations_with_replacement(among, processes)
        return [by_name(JOIN.join(row)) for row in rows]
    if not names:
        return _alternating()
    found: dict[str, Command] = {}
    for name in names:
        alike = [c for c in COMMANDS.values() if name in {c.name, c.verb}]
        if JOIN in name or name in SITUATIONS:
            alike = [by_name(name)]
        if not alike:
            raise KeyError(name)
        found |= {command.name: command for command in alike}
    return [*found.values()]
