"""Changes for the worse, made to authkit as it runs: for each law one that breaks it.

They test the laws and the reduction.  Defects in the source are planted by tests/planted.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit import again, arguments
from authkit.adapters import asking, files, folders, sts
from authkit.codes import devices
from authkit.commands import env, whoami
from authkit.commands import exec as exec_
from authkit.commands.env import Form
from authkit.core import check, durations, entries, environment, render, rules
from authkit.core.check import Verdict
from authkit.core.identity import Identity
from authkit.core.messages import MESSAGES
from authkit.core.model import Question, Secret, Values
from authkit.core.render import Visible, text
from authkit.login import form, keys, obtain, recover, user
from authkit.recording import keep
from tests.explore.machine import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Spoilt(NamedTuple):
    """What is replaced by what, the law that this breaks, and the command that shows it."""

    law: str
    where: Any
    name: str
    by: object
    command: str = "login"


def _rule(name: str, **changes: object) -> tuple[rules.Rule, ...]:
    return tuple(r.replaced(**changes) if r.name == name else r for r in rules.RULES)


def _without_secret(save: Callable[..., None]) -> Callable[..., None]:
    def saved(keyring: Any, name: str, values: Values) -> None:  # noqa: ANN401 - a port
        save(keyring, name, Values({n: v for n, v in values.items() if n != "secret_access_key"}))

    return saved


def _not_stored(self: keys.Keys, values: Values) -> None:
    self.values = values.without_blanks()


def _at_once(self: recover.Flow[Any], rule: rules.Rule, trouble: Any) -> bool:  # noqa: ANN401
    taken = self.paused[trouble.operation, rule.pauses]
    self.paused[trouble.operation, rule.pauses] += 1
    return taken < len(rule.pauses)


def _shorter(duration: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, values: duration(self, values) // 2


@contextmanager
def _no_lock(_world: object, _name: str, _says: str = "") -> Iterator[bool]:
    yield False


def _dropping(verdict: Callable[..., Any]) -> Callable[..., Any]:
    def judged(world: Any, cached: Any, *, offline: bool) -> Any:  # noqa: ANN401 - the function's
        world.sessions.drop(NAME)
        return verdict(world, cached, offline=offline)

    return judged


def _too_long(settings: Callable[..., Values]) -> Callable[..., Values]:
    return lambda kind, values: Values({**settings(kind, values), "session_duration": "99h"})


def _with_nonsense(command: Callable[..., Visible]) -> Callable[..., Visible]:
    return lambda *values: Visible(f"{command(*values)} --nonsense")


def _without_dashes(run: Callable[..., int]) -> Callable[..., int]:
    return lambda children, words, environ: run(
        children, [word for word in words if word != "--"], environ
    )


def _at_home(client: Callable[..., Any]) -> Callable[..., Any]:
    def made(self: sts.Boto3Sts, *others: Any) -> Any:  # noqa: ANN401 - the function's
        self._region = "us-east-1"
        return client(self, *others)

    return made


VALID = Verdict(valid=True)
SPOILT = (
    Spoilt(
        "nothing lost", rules, "RULES", _rule("access-denied", action=rules.Action.REPLACE_KEYS)
    ),
    Spoilt("no good session dropped", rules, "RULES", _rule("throttled", of_session=True)),
    Spoilt("entries are whole", entries, "save", _without_secret(entries.save)),
    Spoilt("saved before sent", keys.Keys, "store", _not_stored),
    Spoilt(
        *("refused keys go", keys.Keys, "remove"),
        lambda self: self.values.text("access_key_id"),
    ),
    Spoilt(
        *("no code twice", user.UserFlow, "discard_code"),
        lambda self: setattr(self, "code", None),
    ),
    Spoilt("budgets", recover, "TRIES", 5),
    Spoilt("the clock waits", recover.Flow, "pause", _at_once),
    Spoilt("duration to the second", Identity, "duration", _shorter(Identity.duration)),
    Spoilt(
        *("nothing asked when nobody may be", asking, "NOT_CI"),
        by=(*asking.NOT_CI, "true"),
        command="login/ci",
    ),
    Spoilt(*("only what is missing is asked for", obtain, "_accepted"), lambda *_: False),
    Spoilt("listed devices are a help only", devices, "CallFailed", KeyError),
    Spoilt("no effect under no lock", obtain, "single_flight", _no_lock),
    Spoilt(
        *("what looks changes nothing", whoami, "verdict", _dropping(check.verdict)),
        command="whoami",
    ),
    Spoilt(
        *("nothing exposed", environment, "OTHER_CREDENTIALS"),
        by=environment.OTHER_CREDENTIALS[:-3],
        command="exec-session",
    ),
    Spoilt("the end is an end", recover.Flow, "stop", lambda *_: None),
    Spoilt("exit status agrees", whoami, "verdict", lambda *_, **__: VALID, "whoami"),
    Spoilt("words equal deeds", keys.Keys, "done", lambda *_, **__: text("nothing-changed")),
    Spoilt(
        *("what comes next is said", MESSAGES, "code-needed", "✗ {identity} needs a code."),
        command="login/alone",
    ),
    Spoilt("one further login succeeds", entries, "settings", _too_long(entries.settings)),
    Spoilt("what is said works", again, "command", _with_nonsense(again.command)),
    Spoilt("what forbids asking is named", asking, "BACKGROUND", "?", "login-seat"),
    Spoilt(
        *("requests are as asked", sts.Boto3Sts, "_client", _at_home(sts.Boto3Sts._client)),  # noqa: SLF001
        command="login-wire-region",
    ),
    Spoilt("files are private", folders, "make_private", lambda *_: None, "login-disk"),
    Spoilt(
        *("recordings hold nothing of a person's", keep.Keep, "key_id", lambda _, text: text),
        command="login-record",
    ),
    Spoilt("files are whole", folders, "DRAFT", "", "login-disk"),
    Spoilt("others' files are not used", files, "_OTHERS_WRITE", 0, "whoami-disk"),
    Spoilt(
        *("network trouble is told from AWS trouble", rules, "RULES"),
        by=_rule("unreadable", meaning=MESSAGES["unreachable"]),
        command="login/alone",
    ),
    Spoilt("nothing foreign controls the screen", render, "_controls", lambda _: False),
    Spoilt("values hide their secrets", Secret, "__format__", lambda self, _: self.reveal()),
    Spoilt(
        *("what is typed is as it is seen", form, "Question"),
        lambda shown, _secret: Question(shown),
        command="configure",
    ),
    Spoilt("times are true", durations, "left", lambda left: "2h 0m" if left else "", "whoami"),
    Spoilt("a shell reads what env prints", env.FORMATS, "sh", Form("export {}={}", {}), "env"),
    Spoilt("a child gets its words", exec_, "_run", _without_dashes(exec_._run), "exec-dashes"),  # noqa: SLF001
    Spoilt(
        *("what means nothing does nothing", arguments, "_identity"),
        lambda _name, names: next(iter(names), ""),
        command="wrong-two-identities",
    ),
    Spoilt(
        *("what is said is about the same", again, "_given", lambda *_: []),
        command="login-elsewhere/alone",
    ),
)
