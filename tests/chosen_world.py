"""A world in which every answer is chosen: all ports, and a note of all that crosses them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit import cli
from authkit.identity import fingerprint
from authkit.model import AccessKeys, CachedSession, Caller, Secret, Session
from authkit.ports import Cancelled, CannotRun, KeyringTrouble, Refused, StateTrouble, Unreachable
from authkit.sessions import encode
from fakes import errors
from fakes.config import MemoryConfig
from tests.exploration import Chooser, Event, Path, paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from authkit.model import MfaCode, Question

NAME = "dev-admin"
MFA = "arn:aws:iam::123456789012:mfa/user"
START = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
HOURS = timedelta(hours=12)
KEYS = {"access_key_id": "AKIAFIRSTFIRSTFIRST0", "secret_access_key": "secret-of-0"}
SETTINGS = {"mfa_arn": MFA, "session_duration": "12h"}


class Sent(NamedTuple):
    """A call of STS: `pair` is id and secret; `code` serial number and code, or None."""

    operation: str
    pair: tuple[str, str]
    by_keys: bool
    code: tuple[str, str] | None = None
    seconds: int = 0
    granted: str = ""  # the id of the session that came of it


def every_path(command: Sequence[str], depth: int, *, interactive: bool) -> Iterator[Path]:
    """Yield every path through a command, with a person to ask or without."""

    def walk(chooser: Chooser) -> Path:
        world = ChosenWorld(chooser, interactive=interactive)
        status = cli.main(command, lambda _options: world)
        events = tuple(world.events)
        return Path(tuple(command), interactive, events, status, tuple(chooser.named))

    return paths(walk, depth)


# What there may be at the start.


def _written(fields: Mapping[str, object], version: int = 1) -> str:
    return json.dumps({"version": version, **fields})


def _session(key_id: str, left: timedelta, secret: str = KEYS["secret_access_key"]) -> str:
    session = Session(
        key_id, Secret("hidden-0"), Secret("token-0"), START + left, START + left - HOURS
    )
    return encode(
        CachedSession(
            session=session,
            kind="aws/user",
            region="us-east-1",
            account="123456789012",
            principal="arn:aws:iam::123456789012:user/dev-admin",
            source=fingerprint(KEYS["access_key_id"], secret),
            mfa_arn=MFA,
            duration=HOURS,
            config_stamp=MemoryConfig(None).stamp(),
        )
    )


ENTRIES = {
    "keys and device": _written(KEYS | SETTINGS),
    "none": None,
    "keys alone": _written(KEYS),
    "settings alone": _written(SETTINGS),
    "session credentials": _written(KEYS | {"access_key_id": "ASIASESSIONSESSION00"}),
    "half a key": _written(SETTINGS | {"access_key_id": KEYS["access_key_id"]}),
    "corrupt": "{",
    "of a later version": _written(KEYS, 2),
}
SESSIONS = {
    "none": None,
    "good": _session("ASIAGOOD", timedelta(hours=10)),
    "ends soon": _session("ASIASOON", timedelta(minutes=5)),
    "expired": _session("ASIAEXPIRED", -timedelta(hours=1)),
    "of other keys": _session("ASIAOTHER", timedelta(hours=10), "another"),
    "corrupt": "{",
}

# What STS may answer: a name, and what the port raises.


def _refused(error: errors.AwsError) -> Callable[[str], Exception]:
    code, message, status = error.code, error.message or "", error.status
    return lambda operation: Refused(operation, code, message, status=status)


def _silent(*, answered: bool, sent: bool) -> Callable[[str], Exception]:
    return lambda operation: Unreachable(operation, "silence", answered=answered, sent=sent)


TOO_EARLY = errors.TOO_EARLY.fill(
    signed="20241222T200000Z", bound="20241222T234300Z", now="20241222T235800Z"
)
ANSWERS: dict[str, Callable[[str], Exception]] = {
    "revoked": _refused(errors.INVALID_TOKEN),
    "mistyped": _refused(errors.WRONG_SECRET),
    "skew": _refused(TOO_EARLY),
    "scope": _refused(errors.WRONG_SCOPE.fill(problems=errors.WRONG_REGION)),
    "expired": _refused(errors.EXPIRED_TOKEN),
    "denied": _refused(errors.AwsError("AccessDenied", "not authorized", 403)),
    "region": _refused(errors.REGION_DISABLED),
    "unheard-of": _refused(errors.AwsError("UnheardOf", None)),
    "throttled": _refused(errors.AwsError("Throttling", "Rate exceeded")),
    "trouble": _refused(errors.AwsError("InternalFailure", None, 500)),
    "unsent": _silent(answered=False, sent=False),
    "lost": _silent(answered=False, sent=True),
    "broken": _silent(answered=True, sent=True),
    "code": _refused(errors.WRONG_CODE),
    "device": _refused(errors.WRONG_DEVICE),
}
FOR_GOOD = " for good"  # the answer to every such call from now on
OF_CODES = ("code", "device", f"code{FOR_GOOD}", f"device{FOR_GOOD}")
OF_ANY = (
    *(name for name in ANSWERS if name not in OF_CODES),
    *(f"{name}{FOR_GOOD}" for name in ("throttled", "unsent", "lost")),
)

# What a person may type: {0} counts her answers to this question.
TYPED = {
    "AWS Access Key ID": ("AKIATYPEDTYPEDTYPED{0}", "", "ASIATYPEDTYPEDTYPED{0}", "^C"),
    "AWS Secret Access Key": ("secret-of-{0}", "", "^C"),
    "MFA ARN": (MFA, "-", "u", "arn:aws-cn:iam::123456789012:mfa/user", "^C"),
    "Session Duration": ("12h", "", "37h", "^C"),
    "Enter MFA Token": ("10000{0}", "100001", "1 0 0 0 0 {0}", "none", "^C"),
}


class ChosenWorld:
    """ports.World, and every port of it."""

    backend, in_the_clear = "tests.chosen_world", False

    def __init__(self, chooser: Chooser, *, interactive: bool) -> None:
        self._choose = chooser.choose
        self.events: list[Event] = []
        self.environ: Mapping[str, str] = {"AWS_PROFILE": "others"}
        self.prompter = self if interactive else None
        self.clock = self.screen = self.keyring = self.sessions = self.children = self
        self.config = MemoryConfig(None)
        self._now = START
        self._entry = ENTRIES[self._choose("entry", *ENTRIES)]
        self._session = SESSIONS[self._choose("session", *SESSIONS)]
        self._fixed: dict[object, str] = {}  # what these keys, or this operation, are answered
        self._count: dict[str, int] = {}
        self._note("start", (self._entry, self._session))

    def _note(self, what: str, about: Any = None, outcome: str = "ok") -> None:  # noqa: ANN401
        self.events.append(Event(what, about, outcome))

    def _chosen(self, what: str, *troubles: str) -> str:
        """Choose between "ok" and troubles, and note it."""
        outcome = self._choose(what, "ok", *troubles)
        self._note(what, None, outcome)
        return outcome

    def _next(self, what: str) -> int:
        self._count[what] = self._count.get(what, 0) + 1
        return self._count[what]

    # Clock and lock.

    def now(self) -> datetime:
        """Return the instant."""
        return self._now

    def zone(self) -> tzinfo:
        """Return UTC."""
        return UTC

    def sleep(self, pause: timedelta) -> None:
        """Let time pass, or Ctrl-C come."""
        if self._chosen("sleep", "^C") == "^C":
            raise KeyboardInterrupt
        self._now += pause

    def lock(self, _name: str) -> ChosenWorld:
        """Return the lock."""
        return self

    def acquire(self) -> bool:
        """Try the lock once."""
        return self._chosen("acquire", "busy") == "ok"

    def release(self) -> None:
        """Give it back."""
        self._note("release")

    # The person and the screen.

    def say(self, text: str, *, close: bool = False) -> None:  # noqa: ARG002 - the port's
        """Note it."""
        self._note("say", text)

    def put(self, text: str) -> None:
        """Note it."""
        self._note("put", text)

    def foreign(self) -> None:
        """Nothing of it is to be seen here."""

    def ask(self, question: Question) -> str:
        """Return an answer.  Raises Cancelled."""
        title = next(title for title in TYPED if question.text.startswith(title))
        count = self._next(title)
        answer = self._choose(title, *(typed.format(count) for typed in TYPED[title]))
        self._note("ask", (title, answer), "^C" if answer == "^C" else "ok")
        if answer == "^C":
            raise Cancelled
        return answer

    # STS.

    def sts(self, _region: str) -> ChosenWorld:
        """Return STS."""
        return self

    def get_caller_identity(self, who: AccessKeys | Session) -> Caller:
        """Answer as is chosen."""
        self._answered(_sent("GetCallerIdentity", who), OF_ANY)
        return Caller("123456789012", "arn:aws:iam::123456789012:user/dev-admin", "AIDAUSER")

    def get_session_token(
        self, keys: AccessKeys, *, duration: timedelta, mfa: MfaCode | None
    ) -> Session:
        """Answer as is chosen."""
        code = (mfa.serial_number, mfa.token_code.reveal()) if mfa else None
        sent = _sent("GetSessionToken", keys)._replace(
            code=code, seconds=int(duration.total_seconds()), granted=f"ASIANEW{self._next('new')}"
        )
        self._answered(sent, (*OF_ANY, *OF_CODES) if mfa else OF_ANY)
        hidden, token = Secret("hidden-1"), Secret("token-1")
        return Session(sent.granted, hidden, token, self._now + duration, self._now)

    def assume_role(self, *_: object, **_parameters: object) -> Session:
        """Raise LookupError: no user's command assumes a role."""
        raise LookupError

    def _answered(self, sent: Sent, troubles: Sequence[str]) -> None:
        fixed = self._fixed.get(sent.pair) or self._fixed.get(sent.operation)
        name = fixed or self._choose(sent.operation, "ok", *troubles)
        if name.endswith(FOR_GOOD):
            name = name.removesuffix(FOR_GOOD)
            self._fixed[sent.operation] = name
        if name in {"revoked", "mistyped"}:
            self._fixed[sent.pair] = name
        self._note("call", sent, name)
        if name != "ok":
            raise ANSWERS[name](sent.operation)

    # Keyring, state folder, child.

    def get_password(self, _service: str, _username: str) -> str | None:
        """Return the entry."""
        self._keyring("get", "locked", "unreadable")
        return self._entry

    def set_password(self, _service: str, _username: str, password: str) -> None:
        """Replace the entry, or forget it."""
        if self._keyring("set", "unreadable", "forgetful", about=password) == "ok":
            self._entry = password

    def delete_password(self, _service: str, _username: str) -> None:
        """Delete the entry."""
        self._keyring("delete", "unreadable")
        self._entry = None

    def _keyring(self, what: str, *troubles: str, about: str | None = None) -> str:
        outcome = self._choose(what, "ok", *troubles)
        self._note(what, about, outcome)
        if outcome not in {"ok", "forgetful"}:
            raise KeyringTrouble(outcome, "it does not work")
        return outcome

    def _state(self, what: str, about: str | None = None) -> None:
        outcome = self._choose(what, "ok", "denied")
        self._note(what, about, outcome)
        if outcome != "ok":
            raise StateTrouble("/state", "Permission denied")

    def read(self, _name: str) -> str | None:
        """Return the session file's text."""
        self._state("read")
        return self._session

    def replace(self, _name: str, written: str) -> None:
        """Replace the session file."""
        self._state("replace", written)
        self._session = written

    def drop(self, _name: str) -> bool:
        """Remove the session file."""
        self._state("drop")
        there, self._session = self._session is not None, None
        return there

    def names(self) -> list[str]:
        """Return who has a session."""
        return [NAME] if self._session else []

    def mark(self, _name: str) -> None:
        """Note that there are keys."""
        self._state("mark")

    def unmark(self, _name: str) -> None:
        """Take the note back."""
        self._state("unmark")

    def marked(self) -> list[str]:
        """Return who has keys."""
        return [NAME] if self._entry else []

    def run(self, _command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Run the child: it succeeds, fails, fails after two days, or is not there."""
        ending = self._choose("child", "0", "1", "1 after two days", "not found")
        self._note("child", dict(environ), ending)
        if ending == "not found":
            raise CannotRun(127, "command not found")
        self._now += timedelta(days=2 * ending.endswith("days"))
        return int(ending[0])

    def stdin(self) -> str:
        """Return nothing."""
        return ""


def _sent(operation: str, who: AccessKeys | Session) -> Sent:
    pair = who.access_key_id, who.secret_access_key.reveal()
    return Sent(operation, pair, isinstance(who, AccessKeys))
