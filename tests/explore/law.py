"""What a law is: a small machine that sees each event of a process and complains.

The laws are a model of their own: they know docs/specification.md and the names that
the choices have (``answers``), and nothing of authkit.core or authkit.login.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from tests.explore.configs import LONGEST, SHORTEST
from tests.explore.machine import NAME, parsed
from tests.explore.regions import is_off_at_first
from tests.explore.serials import is_serial
from tests.explore.starts import seconds

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from tests.explore.commands import Command
    from tests.explore.events import Sent
    from tests.explore.machine import Machine

    Pair = tuple[str, str]

# What STS may say, by the names in ``answers``.
DEAD = {"revoked", "mistyped"}  # of keys: these are removed, where somebody can replace them
ENDS = {  # refusals of keys without a remedy
    *("scope", "expired", "expired by another code", "request expired", "denied"),
    *("denied by an SCP", "region", "opt-in", "unheard-of", "without a code", "too long"),
    "cannot ask",
}
PASSES = {  # failures that are tried again after a pause
    *("throttled", "limit exceeded", "throttled by a 503", "trouble", "unsent", "lost", "broken"),
    *("revoked, says a 503", "mistyped, says a 500"),
}
REFUSES_SESSION = DEAD | {"expired", "expired by another code", "request expired"}
LESS = {"shorter", "a minute shorter", "over on arrival"}  # of a session that is granted
DONE = {"ok", "then ^C", "then killed", "unreadable, but done"} | LESS
FINE = {"ok", "then ^C", "then killed"}

ASKS = {"login", "exec", "user configure", "import"}  # commands that may ask
LOOKS = {"whoami", "env", "list", "complete-identities"}  # and that change nothing
LOGS_IN = {"login", "exec", "credential-process"}
STOPS = {"^C", "^D", "then ^C"}
_COPIED = {dict, list, set}
OF_SESSION = ("access_key_id", "secret_access_key", "session_token", "region", "principal")
_DURATION = r"\s*(\d+|(?=.)(\d+d)?(\d+h)?(\d+m)?(\d+s)?)\s*"
_LIKE = {"access_key_id": r"\w{16,128}", "secret_access_key": r".*\S.*"}
ALL_TIME = 10**12  # seconds: no calendar goes so far


class About(NamedTuple):
    """What a process is, as far as it decides which laws there are about it.

    `verb` is the command, `real` what of it is real (``commands``).  `brought` tells whether its
    identity is of a kind from elsewhere, `wrong` whether its line means nothing.
    """

    verb: str
    real: str
    brought: bool
    wrong: bool


class Case:
    """One process: its command, the machine, and whether anybody may be asked.

    `counts` is how often each law was exercised, `complaints` what it had to complain of.
    """

    __slots__ = (
        *("attended", "brought", "command", "complaints", "counts", "environ", "identity"),
        *("machine", "process", "verb"),
    )
    command: Command
    machine: Machine
    process: int
    attended: bool
    brought: bool  # whether the identity is of a kind from elsewhere, of which AWS knows nothing
    counts: Counter[str]
    complaints: dict[str, str]
    environ: Mapping[str, str]
    identity: str  # that the command is about
    verb: str  # the command: ``login``


F = TypeVar("F", bound="Callable[..., object]")


def of_trouble(method: F) -> F:
    """Have a method of a law take only events whose outcome is not "ok"."""
    vars(method)["of_trouble"] = True
    return method


class Law:
    """A law of one process.  A method ``on_WHAT`` takes the events of that name.

    One that does nothing at the outcome "ok" says so (`of_trouble`): most outcomes are that.

    What an instance remembers are its attributes but `case`: they are part of the state
    of a path (``reduction``), and are copied where paths branch off (``like``).  So they are
    values that do not change, or a dict, list or set of such, and `end` changes none.
    """

    name: ClassVar[str]
    verbs: ClassVar[frozenset[str]] = frozenset()  # commands that it is about, none for all
    _hears: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._hears = tuple(name for name in dir(cls) if name.startswith("on_"))

    def __init__(self, case: Case) -> None:
        self.case = case

    @classmethod
    def concerns(cls, about: About) -> bool:
        """Tell whether it has anything to say of such processes: it hears nothing of others."""
        return not cls.verbs or about.verb in cls.verbs

    @classmethod
    def hears(cls) -> dict[str, Any]:
        """Return the methods that take events, by the event's name."""
        return {name[3:].replace("_", " "): getattr(cls, name) for name in cls._hears}

    def held(self) -> None:
        """Count that the law was exercised."""
        self.case.counts[self.name] += 1

    def expect(self, right: object, what: str) -> None:
        """Count it, and complain unless it is right."""
        self.case.counts[self.name] += 1
        if not right:
            self.case.complaints.setdefault(self.name, what)

    def end(self, status: int | None) -> None:
        """See the end of the process: its exit status, None when it was killed."""

    def memory(self) -> tuple[Any, ...]:
        """Return what the law remembers."""
        return tuple(value for name, value in vars(self).items() if name != "case")

    def like(self) -> Law:
        """Return a law that remembers the same: itself if it remembers nothing."""
        remembered = vars(self)
        if len(remembered) == 1:  # its case
            return self
        other: Law = object.__new__(type(self))
        held = vars(other)
        for name, value in remembered.items():
            held[name] = value.copy() if type(value) in _COPIED else value
        return other


@lru_cache(maxsize=4096)
def fields(text: str | None) -> Mapping[str, Any] | None:
    """Return the fields of an entry, None where it is none of version 1, or a field is wrong."""
    if text is None:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return None
    version = found.pop("version", None) if isinstance(found, dict) else None
    if type(version) is not int or version != 1:
        return None
    return found if all(is_field(name, value) for name, value in found.items()) else None


def is_field(name: str, value: object) -> bool:
    """Tell whether a field can have a value (docs/contract.md, "Prompts", and B-L13, B-L21)."""
    if not isinstance(value, str) or not value:
        return isinstance(value, str)
    if name == "session_duration":
        return SHORTEST <= seconds(value) <= LONGEST if re.fullmatch(_DURATION, value) else False
    if name == "mfa_arn":
        return is_serial(value)
    return bool(re.fullmatch(_LIKE.get(name, ".*"), value, re.ASCII | re.DOTALL))


@lru_cache(maxsize=4096)
def pair(text: str | None) -> Pair | None:
    """Return the keys of an IAM user in an entry, None when it has none."""
    found = fields(text) or {}
    key_id, secret = found.get("access_key_id"), found.get("secret_access_key")
    if not key_id or not secret or key_id.startswith("ASIA") or "session_token" in found:
        return None
    return key_id, secret


@lru_cache(maxsize=4096)
def is_strange(text: str | None) -> bool:
    """Tell whether there is an entry that cannot be understood: half a pair is corrupt."""
    found = fields(text)
    if found is None:
        return True
    halves = [bool(found.get(name)) for name in ("access_key_id", "secret_access_key")]
    named = [name in found for name in ("access_key_id", "secret_access_key")]
    return any(named) and not all(halves)


@lru_cache(maxsize=4096)
def session(text: str | None) -> Mapping[str, Any] | None:
    """Return what a session file holds, None when there is none or it is corrupt (B-S04).

    One of a later version is corrupt, and one without what a session needs, or with an instant,
    a region or a name that is none.
    """
    found = parsed(text or "null")
    if not isinstance(found, dict) or found.get("version") != 2:
        return None
    instants = [found.get(name) for name in ("expiration", "granted", "duration")]
    if any(type(at) is not int or not 0 <= at < ALL_TIME for at in instants):
        return None
    texts = [text for name in OF_SESSION if isinstance(text := found.get(name), str)]
    if len(texts) < len(OF_SESSION):
        return None
    secrets, (region, principal) = texts[:3], texts[3:]
    sent = is_brought(found) or all(one.isascii() and one.isprintable() for one in secrets)
    shown = principal.isprintable() and re.fullmatch("[a-z0-9-]*", region)
    return found if sent and shown else None


def is_anothers(text: str | None, name: str) -> bool:
    """Tell whether a session file names another identity: it is left alone (B-S10)."""
    return bool((session(text) or {}).get("identity", name) != name)


def is_brought(found: Mapping[str, Any]) -> bool:
    """Tell whether a session is of a kind from elsewhere, of which AWS knows nothing."""
    return not str(found.get("kind", "aws/")).startswith("aws/")


def is_dead(call: Sent, outcome: str) -> bool:
    """Tell whether STS has said of keys that they are dead.

    In a region that accounts have to enable, "invalid" may mean that this one has not (B-L19).
    """
    says_region = outcome == "revoked" and is_off_at_first(call.region)
    return bool(call.by_keys) and outcome in DEAD and not says_region


def of_keys(machine: Machine) -> Pair | None:
    """Return the pair in the entry of the user."""
    return pair(machine.entries.get(NAME))
