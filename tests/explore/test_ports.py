"""Exploration knows every port, every error that a port may raise, and every row of RULES."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.core import rules
from authkit.core.failures import CallFailed
from authkit.core.model import AccessKeys, Marker, MfaCode, Question, RoleRequest, Secret
from authkit.core.rules import RULES, Rule
from tests.authkit.core.refusals import EXAMPLES
from tests.explore import answers, ports_table
from tests.explore.chooser import Chooser
from tests.explore.machine import NAME, Machine
from tests.explore.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

KEYS = AccessKeys("AKIAFIRSTFIRSTFIRST0", Secret("secret-of-first"))
CODE = MfaCode("arn:aws:iam::123456789012:mfa/user", Secret("123456"))
HOUR = timedelta(hours=1)
# Each method of each port, called as authkit calls it.
CALLS: Mapping[str, Callable[[World], object]] = {
    "sts.get_caller_identity": lambda w: w.sts("us-east-1").get_caller_identity(KEYS),
    "sts.get_date": lambda w: w.sts("us-east-1").get_date(),
    "sts.get_session_token": lambda w: w.sts("us-east-1").get_session_token(
        KEYS, duration=900, mfa=CODE
    ),
    "sts.assume_role": lambda w: w.sts("us-east-1").assume_role(
        w.sts("us-east-1").get_session_token(KEYS, duration=900, mfa=None),
        RoleRequest("arn:aws:iam::123456789012:role/deploy", "authkit-deploy", 900),
    ),
    "sts.list_mfa_devices": lambda w: w.sts("us-east-1").list_mfa_devices(KEYS),
    "keyring.unlock": lambda w: w.keyring.unlock(),
    "keyring.get_password": lambda w: w.keyring.get_password("authkit", NAME),
    "keyring.set_password": lambda w: w.keyring.set_password("authkit", NAME, "{}"),
    "keyring.delete_password": lambda w: w.keyring.delete_password("authkit", NAME),
    "keyring.alone": lambda w: w.keyring.alone().__enter__(),
    "keyring.backend": lambda w: w.keyring.backend,
    "keyring.backends": lambda w: w.keyring.backends,
    "keyring.chosen_by": lambda w: w.keyring.chosen_by,
    "keyring.noticed": lambda w: w.keyring.noticed,
    "keyring.in_the_clear": lambda w: w.keyring.in_the_clear,
    "prompter.ask": lambda w: w.ask(Question("Enter MFA Token: ")),
    "screen.say": lambda w: w.screen.say("words"),
    "screen.put": lambda w: w.screen.put("data"),
    "sessions.read": lambda w: w.sessions.read(NAME),
    "sessions.replace": lambda w: w.sessions.replace(NAME, "{}"),
    "sessions.drop": lambda w: w.sessions.drop(NAME),
    "sessions.names": lambda w: w.sessions.names(),
    "markers.mark": lambda w: w.markers.mark(NAME, Marker()),
    "markers.read": lambda w: w.markers.read(NAME),
    "markers.unmark": lambda w: w.markers.unmark(NAME),
    "markers.marked": lambda w: w.markers.marked(),
    "markers.others": lambda w: w.markers.others(NAME),
    "notes.codes": lambda w: w.notes.codes(),
    "notes.replace_codes": lambda w: w.notes.replace_codes(NAME, "{}"),
    "lock.acquire": lambda w: w.lock(NAME).acquire(),
    "lock.holder": lambda w: w.lock(NAME).holder(),
    "children.run": lambda w: w.children.run(["x"], {}),
    "programs.line": lambda w: w.programs.line(["x"], {}, HOUR),
    "config.read": lambda w: w.config.read(),
    "config.distrusted": lambda w: w.config.distrusted(),
    "files.read": lambda w: w.files.read("/home/dev/.aws/config"),
    "files.replace": lambda w: w.files.replace("/home/dev/.aws/config", b"", None),
    "clock.sleep": lambda w: w.clock.sleep(HOUR),
    "web.post": lambda w: w.web.post("https://token.example/", {}),
    "world.stdin": lambda w: w.stdin(),
}
# Methods that are not explored; what they raise is tried elsewhere.
NOT_EXPLORED = {
    "keyring.unlock Cancelled": "of a passphrase: tests/authkit/adapters/test_encrypted_file.py",
    "files.path FileTrouble": "of a folder that is gone: tests/authkit/adapters/test_user_files.py",
}


def outcomes(call: Callable[[World], object]) -> Iterator[str]:
    """Yield what each option of the last choice that a call makes raises, "" for nothing."""
    plain = Chooser()
    _raised(plain, call)
    *before, last = plain.choices
    for index in range(len(last.options)):
        yield _raised(Chooser((*[0] * len(before), index)), call)


def _raised(chooser: Chooser, call: Callable[[World], object]) -> str:
    """Make a call in a world of its own; return what it raises."""
    world = World(Machine(), chooser, lambda _: None, environ={})
    world.singly = True
    try:
        call(world)
    except BaseException as error:  # noqa: BLE001 - it is what is asked for
        return type(error).__name__
    return ""


def test_every_port_has_its_place() -> None:
    """Every Protocol of the ports is one whose place in a World is known."""
    named = {protocol.name for protocol in ports_table.protocols()}
    assert named == {*ports_table.ATTRIBUTES, ports_table.WORLD}


def test_what_docstrings_say_is_read() -> None:
    """The exceptions are found in the ways that docstrings name them."""
    said = "Do it.  Raises StateTrouble, Failure.  When not, raise Refused or Unreachable."
    names = {"StateTrouble", "Failure", "Refused", "Unreachable"}
    assert ports_table.raised_in(said) == names


def test_every_error_is_of_a_port() -> None:
    """Every exception that a port may raise is known, and is raised by some port."""
    raised = set[str]().union(*ports_table.table().values())
    assert raised == ports_table.errors().keys()


def errors() -> dict[str, set[str]]:
    """Return the names of the exceptions that exploration has to raise, by port and method."""
    raised = {".".join(method): names for method, names in ports_table.table().items()}
    return {
        name: {error for error in names if f"{name} {error}" not in NOT_EXPLORED}
        for name, names in raised.items()
        if name not in NOT_EXPLORED
    }


def test_every_method_that_may_fail_is_called() -> None:
    """Each method that may raise something is in the table of calls, and no other name is."""
    assert {name for name, names in errors().items() if names} <= CALLS.keys() <= errors().keys()


@pytest.mark.parametrize("name", CALLS)
def test_every_error_of_a_port_is_an_option(name: str) -> None:
    """Whatever a method may raise is an option of exploration, and so is Ctrl-C before it."""
    found = {*outcomes(CALLS[name])}
    assert errors()[name] <= found
    assert found & {"KeyboardInterrupt", "Cancelled"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_row_is_met(rule: Rule) -> None:
    """Some answer of exploration is what a row of RULES is about, in the row's circumstances."""
    seen, trouble = EXAMPLES[rule.name]
    skew = answers.skew(trouble.operation, Machine().now, Machine().now + HOUR)
    said = [skew, *(answer(trouble.operation) for answer in answers.ANSWERS.values())]
    failed = [answer for answer in said if isinstance(answer, CallFailed)]
    met = any(rules.meaning(answer, seen) is rule for answer in failed)
    assert met, f"no answer in tests/explore/answers.py leads to the row {rule.name}"
