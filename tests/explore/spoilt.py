"""Changes for the worse, made to authkit as it runs: for each law one that breaks it.

They test the laws and the reduction.  Defects in the source are planted by tests/planted.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit import again, arguments, deadline, manual
from authkit.adapters import asking, files, folders, owned_files, sts
from authkit.adapters.state_folder import StateFolder
from authkit.aws_files import profiles
from authkit.aws_files.editing import changed
from authkit.aws_files.profiles import Change, Profile
from authkit.codes import devices, mfa_process
from authkit.commands import credential_process, env, import_, profile_add, user_configure, whoami
from authkit.commands import exec as exec_
from authkit.commands import list as list_
from authkit.commands.env import Form
from authkit.core import (
    check,
    config,
    durations,
    entries,
    environment,
    markers,
    names,
    render,
    rules,
)
from authkit.core.check import Verdict
from authkit.core.identity import Identity, fingerprint
from authkit.core.kinds import AWS_USER
from authkit.core.messages import MESSAGES
from authkit.core.model import Caller, Marker, Question, Secret, Values
from authkit.core.render import Visible, text
from authkit.doctor import aws as doctor
from authkit.importing import removal
from authkit.kinds import stored
from authkit.login import form, keys, obtain, recover, role, user
from authkit.login.role import RoleFlow
from authkit.recording import keep
from tests.explore.machine import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


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


def _probing(verdict: Callable[..., Any]) -> Callable[..., Any]:
    return lambda world, cached, **_: verdict(world, cached, offline=False)


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


def _twice(function: Callable[..., None]) -> Callable[..., None]:
    def twice(*values: object) -> None:
        function(*values)
        function(*values)

    return twice


def _removing_first(run: Callable[..., bool]) -> Callable[..., bool]:
    def removed(self: Any, steps: Iterable[Any]) -> bool:  # noqa: ANN401 - the function's
        steps = list(steps)
        for one in steps:
            path, change = one.found.place.path, partial(removal.without_keys, found=one.found)
            changed(self._world.files, path, change)
        return run(self, steps)

    return removed


def _not_noted(world: Any, identity: Identity, _serial: str, _spent: object) -> Any:  # noqa: ANN401
    return mfa_process.code(world, identity, lambda _code: False)


def _without_device(fill: Callable[..., Values]) -> Callable[..., Values]:
    def filled(*values: Any) -> Values:  # noqa: ANN401 - the function's
        return Values({n: v for n, v in fill(*values).items() if n != "mfa_arn"})

    return filled


def _never_gone(**fields: Any) -> Marker:  # noqa: ANN401 - a Marker's
    return Marker(**{**fields, "gone": False})


def _of_keys_alone(self: Identity, values: Values) -> str:
    return fingerprint(*(values.text(field.name) for field in self.kind.credentials))


def _as_aws(*values: Any) -> Identity:  # noqa: ANN401 - the function's
    return config.resolve(*values).replaced(kind=AWS_USER)


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
    Spoilt(
        *("a code goes with its device", mfa_process, "spent_code", _not_noted),
        command="login-process",
    ),
    Spoilt(
        *("what is typed is saved", form, "fill", _without_device(form.fill)),
        command="configure",
    ),
    Spoilt(
        *("tried before saved", user_configure.Trial, "attempt", lambda _: True),
        command="configure",
    ),
    Spoilt("markers tell what is in the keyring", keys, "Marker", _never_gone),
    Spoilt("who waits has a turn", obtain, "NobodyToAsk", KeyError, "login/alone"),
    Spoilt("a good session is enough", exec_, "_good", lambda *_: False, "exec-session"),
    Spoilt(
        *("credential-process ends in time", deadline, "CALL", timedelta(0)),
        command="credential-process-process",
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
    Spoilt(*("what is handed out holds", exec_, "_good"), lambda *_: True, "exec-min-ttl"),
    Spoilt("sessions are of these settings", Identity, "lasts", lambda *_: True),
    Spoilt("what is granted is told", obtain, "SLACK", 99_999),
    Spoilt(
        *("no session outlives its keys", keys, "drop_unfit"),
        by=lambda *_: None,
        command="configure-source",
    ),
    Spoilt(
        *("a tip when the session is over", check, "verdict"),
        by=_probing(check.verdict),
        command="exec-no-probe",
    ),
    Spoilt(
        *("the region is the one that is set", config, "in_region"),
        by=lambda identity, _: identity,
        command="login-region",
    ),
    Spoilt(
        *("roles are reached as configured", role, "_session_name"),
        by=lambda _: "authkit",
        command="login-role-all",
    ),
    Spoilt(
        *("no login that cannot end", credential_process, "_asks"),
        by=lambda *_: False,
        command="credential-process-role",
    ),
    Spoilt("what is shown is so", durations, "left", lambda _: "9m"),
    Spoilt("one further login succeeds", entries, "settings", _too_long(entries.settings)),
    Spoilt(
        *("sessions fit what is written", RoleFlow, "keep", recover.LoginFlow.keep),
        command="login-role",
    ),
    Spoilt("state trouble is told", list_, "_skip", lambda *_: None, command="list"),
    Spoilt(
        *("keys stay somewhere", import_.Doing, "run", _removing_first(import_.Doing.run)),
        command="import/alone",
    ),
    Spoilt(
        *("what is offered can be chosen", devices, "mfa_serial_number"),
        by=lambda serial: serial,
        command="login-devices",
    ),
    Spoilt(
        *("a device that is saved fits", user_configure.Trial, "wrong_device"),
        by=lambda *_: "",
        command="configure-config-device",
    ),
    Spoilt(
        *("what is imported is whole", import_.Doing, "_write_config", lambda _: None),
        command="import",
    ),
    Spoilt("an import tells what it did", import_, "_tell", lambda *_: None, command="import"),
    Spoilt(
        *("a profile is as asked for", Profile, "added", lambda *_, **__: Change(None, "there")),
        command="profile-add",
    ),
    Spoilt("what is said works", again, "command", _with_nonsense(again.command)),
    Spoilt("what forbids asking is named", asking, "BACKGROUND", "?", "login-seat"),
    Spoilt(
        *("requests are as asked", sts.Boto3Sts, "_client", _at_home(sts.Boto3Sts._client)),  # noqa: SLF001
        command="login-wire-region",
    ),
    Spoilt(
        *("answers are read as they are", sts, "caller"),
        by=lambda answer: Caller(account="", arn=answer["Arn"]),
        command="whoami-wire-broken",
    ),
    Spoilt("files are private", folders, "make_private", lambda *_: None, "login-disk"),
    Spoilt(
        *("recordings hold nothing of a person's", keep.Keep, "key_id", lambda _, text: text),
        command="login-record",
    ),
    Spoilt("files are whole", folders, "DRAFT", "", "login-disk"),
    Spoilt(
        *("files hold what they were given", StateFolder, "names", lambda _: []),
        command="login-disk-role",
    ),
    Spoilt(
        *("another identity's files stay", owned_files.OwnedFiles, "_is_owned", lambda *_: True),
        command="logout-disk",
    ),
    Spoilt(
        *("what is no session is told of", MESSAGES, "session-corrupt", "⚠ {identity}: {reason}."),
        command="whoami-offline",
    ),
    Spoilt("others' files are not used", files, "_OTHERS_WRITE", 0, "whoami-disk"),
    Spoilt(
        *("network trouble is told from AWS trouble", rules, "RULES"),
        by=_rule("unreadable", meaning=MESSAGES["unreachable"]),
        command="login/alone",
    ),
    Spoilt(
        *("what is told of a call is so", render, "clock_is_off"),
        by=lambda _offset: "your clock is 5 m behind AWS",
        command="once-login-clock",
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
    Spoilt("nothing is said twice", list_, "_skip", _twice(list_._skip), "list"),  # noqa: SLF001
    Spoilt("help tells of what there is", manual, "page", lambda *_: "", "help-login"),
    Spoilt(
        *("one identity is meant", config, "meant"),
        lambda name, environ: names.normal(environ.get("AUTHKIT_IDENTITY") or name),
        command="named-login",
    ),
    Spoilt("near names are named", markers, "nearest_is", lambda *_: "", "named-login"),
    Spoilt(
        "a fault is named where it stands",
        config,
        "nearest_is",
        lambda *_: "",
        "wrong-key-near",
    ),
    Spoilt("every identity is there", list_, "_marked", lambda *_: set(), "each-list"),
    Spoilt(
        *("a kind gets the fields that are set", stored, "_with_settings"),
        by=lambda _identity, values: values,
        command="brought-login-force",
    ),
    Spoilt(
        *("what a kind grants is kept and given", Identity, "keys_fingerprint", _of_keys_alone),
        command="brought-login-kept",
    ),
    Spoilt(
        *("what is for AWS refuses other kinds", profile_add, "config"),
        by=SimpleNamespace(resolve=_as_aws),
        command="brought-profile-add",
    ),
    Spoilt("a profile is found", profiles, "_quoted", str, "placed-with-a-blank"),
    Spoilt(
        *("what doctor finds is so", doctor, "_NOTICED", timedelta(hours=1)),
        command="sees-a-clock-behind",
    ),
    Spoilt(
        *("what is said is about the same", again, "_given", lambda *_: []),
        command="login-elsewhere/alone",
    ),
)
