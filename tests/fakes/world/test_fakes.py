"""The fakes are what a claim is proved in: that they behave as what they stand for."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.errors import PasswordDeleteError, PasswordSetError
from keyring.testing.backend import BackendBasicTests

from authkit.adapters.keyring import LibraryKeyring
from authkit.adapters.terminal import Terminal
from authkit.core.failures import (
    Cancelled,
    CannotRun,
    KeyringTrouble,
    Refused,
    StateTrouble,
    Unreachable,
)
from authkit.core.model import Question
from fakes.world import keyring as states
from fakes.world.children import Child, ScriptedChildren
from fakes.world.clock import VirtualClock
from fakes.world.config import MemoryConfig
from fakes.world.journal import Entry, Journal, Kind
from fakes.world.journaled import JournaledKeyring
from fakes.world.keyring import MemoryKeyring, installed
from fakes.world.lock import Locks
from fakes.world.prompter import Answer, FakeScreen, OffScript, Person
from fakes.world.state_folder import MemorySessions
from sts_simulator.account.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)
ENTRY = ("authkit", "dev-admin")


class TestMemoryKeyring(BackendBasicTests):
    """The keyring library's own suite for backends, on ours."""

    def init_keyring(self) -> MemoryKeyring:
        """Return the backend to judge."""
        return MemoryKeyring()


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        (states.LOCKED, "locked"),
        (states.FAILING, "unreadable"),
        (states.ABSENT, "no-backend"),
    ],
)
def test_a_keyring_in_trouble_is_what_authkit_takes_it_for(state: str, trouble: str) -> None:
    """Every operation of a keyring in trouble raises what the real translation makes of it."""
    backend = MemoryKeyring()
    backend.state = state
    operations: tuple[Callable[[LibraryKeyring], object], ...] = (
        lambda keychain: keychain.get_password(*ENTRY),
        lambda keychain: keychain.set_password(*ENTRY, "secret"),
        lambda keychain: keychain.delete_password(*ENTRY),
    )
    with installed(backend):
        for operation in operations:
            with pytest.raises(KeyringTrouble) as raised:
                operation(LibraryKeyring())
            assert raised.value.state == trouble
    assert not backend.entries


def test_a_forgetful_keyring_takes_everything_and_keeps_nothing() -> None:
    """Writing succeeds, reading back finds nothing, and the old entry stays."""
    backend = MemoryKeyring()
    backend.entries[ENTRY] = "before"
    backend.state = states.FORGETFUL
    with installed(backend):
        LibraryKeyring().set_password(*ENTRY, "after")
        assert LibraryKeyring().get_password(*ENTRY) == "before"


def test_a_keyring_in_the_clear_says_so() -> None:
    """It works, and authkit knows that it keeps things unencrypted; the others do not say so."""
    backend = MemoryKeyring()
    with installed(backend):
        assert not LibraryKeyring().in_the_clear
        backend.state = states.IN_THE_CLEAR
    with installed(backend):
        assert LibraryKeyring().in_the_clear


def test_a_fault_troubles_one_operation_as_often_as_it_says() -> None:
    """The second reading is troubled, writing is not, and the third reading is fine again."""
    backend = MemoryKeyring()
    backend.faults.add(Fault("keyring.get", "locked", after=1))
    with installed(backend):
        keychain = LibraryKeyring()
        keychain.set_password(*ENTRY, "secret")
        assert keychain.get_password(*ENTRY) == "secret"
        with pytest.raises(KeyringTrouble, match="locked"):
            keychain.get_password(*ENTRY)
        assert keychain.get_password(*ENTRY) == "secret"


def test_a_failing_backend_raises_what_the_library_says_it_should() -> None:
    """PasswordSetError and PasswordDeleteError, which callers of the library tell apart."""
    backend = MemoryKeyring()
    backend.state = states.FAILING
    with pytest.raises(PasswordSetError):
        backend.set_password(*ENTRY, "secret")
    with pytest.raises(PasswordDeleteError):
        backend.delete_password(*ENTRY)


def test_a_failed_deletion_leaves_the_entry() -> None:
    """A backend that cannot delete is told apart from one that has nothing to delete."""
    backend = MemoryKeyring()
    backend.entries[ENTRY] = "secret"
    backend.faults.add(Fault("keyring.delete", "failing", message="disk full"))
    with installed(backend):
        with pytest.raises(KeyringTrouble, match="disk full"):
            LibraryKeyring().delete_password(*ENTRY)
        assert backend.entries
        LibraryKeyring().delete_password(*ENTRY)
        LibraryKeyring().delete_password(*ENTRY)
    assert not backend.entries


def test_installing_a_keyring_is_undone() -> None:
    """After the command the library chooses its backend as it did before."""
    before = keyring.get_keyring
    with installed(MemoryKeyring()):
        assert keyring.get_keyring is not before
    assert keyring.get_keyring is before


def test_a_lock_held_elsewhere_is_let_go_in_time() -> None:
    """Another process holds it for a while, does its work right before letting go, and is gone."""
    clock = VirtualClock(NOON)
    locks = Locks(clock)
    done: list[datetime] = []
    locks.hold_elsewhere("dev-admin", timedelta(seconds=20), lambda: done.append(clock.now()))
    assert not locks.of("dev-admin").acquire()
    assert locks.of("other").acquire()
    clock.sleep(timedelta(seconds=20))
    assert not done
    assert locks.of("dev-admin").acquire()
    assert not locks.of("dev-admin").acquire()
    assert done == [NOON + timedelta(seconds=20)]
    locks.of("dev-admin").release()
    assert locks.of("dev-admin").acquire()


def test_sessions_are_kept_by_name_and_dropped_once() -> None:
    """The state folder in memory reads back what it was given, and knows what it has."""
    sessions = MemorySessions()
    assert sessions.read("dev-admin") is None
    sessions.replace("dev-admin", "text")
    sessions.mark("dev-admin")
    assert (sessions.read("dev-admin"), sessions.names()) == ("text", ["dev-admin"])
    assert [sessions.drop("dev-admin"), sessions.drop("dev-admin")] == [True, False]
    assert sessions.marked() == ["dev-admin"]
    sessions.unmark("dev-admin")
    assert sessions.marked() == sessions.names() == []


def test_trouble_with_the_state_folder_names_the_file() -> None:
    """A fault on a session file is what a real folder would raise, and changes nothing."""
    sessions = MemorySessions()
    sessions.faults.add(Fault("session.replace", "No space left on device"))
    with pytest.raises(StateTrouble, match=r"sessions/dev-admin\.json: No space left on device"):
        sessions.replace("dev-admin", "text")
    assert sessions.names() == []


def test_the_config_files_stamp_changes_with_its_text() -> None:
    """Another text is another stamp, and so is no file."""
    stamps = {MemoryConfig(text).stamp() for text in (None, "", "default = 'a'")}
    assert len(stamps) == 3
    assert MemoryConfig("é").read() == "é".encode()


def test_a_child_ends_as_told() -> None:
    """Exit status, death by signal, its words and its time, and what it found around it."""
    journal, clock = Journal(), VirtualClock(NOON)

    def run(child: Child | None) -> int:
        children = ScriptedChildren(child, journal, clock)
        status = children.run(["aws", "sts"], {"AWS_REGION": "us-east-1"})
        assert children.environ == {"AWS_REGION": "us-east-1"}
        return status

    assert run(Child(exit=255, says="oh", takes=timedelta(hours=1))) == 255
    assert run(Child(signal=15)) == 143
    assert journal.screen == "oh\n"
    assert clock.now() == NOON + timedelta(hours=1)
    with pytest.raises(CannotRun) as raised:
        run(Child(fails="not executable"))
    assert raised.value.status == 126
    with pytest.raises(OffScript, match="aws sts"):
        run(None)


# What is written on a screen: (what, text).  Every pair of neighbours occurs.
WRITTEN = [("say", "a"), ("close", "b"), ("put", "c"), ("close", "d"), ("say", "e\nf")]
WRITTEN += [("foreign", ""), ("say", "g"), ("say", "h"), ("put", "i"), ("put", "j")]
WRITTEN += [("foreign", ""), ("put", "k"), ("say", "l"), ("foreign", ""), ("close", "m")]


def write(screen: FakeScreen | Terminal, written: list[tuple[str, str]]) -> None:
    """Write all of it."""
    for what, text in written:
        if what == "foreign":
            screen.foreign()
        elif what == "put":
            screen.put(text)
        else:
            screen.say(text, close=what == "close")


@pytest.mark.parametrize("written", [WRITTEN, [("foreign", ""), ("close", "a")]])
def test_the_screen_is_laid_out_as_the_terminals(written: list[tuple[str, str]]) -> None:
    """What the fake shows is what the real thing writes, blank lines and all."""
    journal, stream = Journal(), io.StringIO()
    write(FakeScreen(journal, Person()), written)
    write(Terminal(stream, stream, {}), written)
    assert journal.screen == stream.getvalue()


@pytest.mark.parametrize(
    ("typed", "secret", "shown"),
    [
        ("36h", False, "Label: 36h\n"),
        ("", False, "Label: \n"),
        ("hunter2", True, "Label: ********\n"),
        ("", True, "Label: \n"),
        ("^C", False, "Label: ^C\n"),
        ("^C", True, "Label: \n"),
        ("^D", False, "Label: \n"),
        ("^D", True, "Label: \n"),
    ],
)
def test_what_is_typed_shows_as_on_a_terminal(typed: str, secret: bool, shown: str) -> None:  # noqa: FBT001 - a row of the table
    """A secret is masked, ^C shows where echo is on, ^D never; what does not show is noted."""
    journal = Journal()
    screen = FakeScreen(journal, Person([Answer("Label", typed)]))
    if typed in ("^C", "^D"):
        with pytest.raises(Cancelled):
            screen.ask(Question("Label: ", secret))
    else:
        assert screen.ask(Question("Label: ", secret)) == typed
    assert journal.screen == shown
    unseen = typed if typed and typed not in shown else None
    assert (Entry(Kind.TYPED, typed) in journal.entries) == (unseen is not None)


def test_a_person_follows_her_script() -> None:
    """A question that is not the next in the script, or behind its end, is said, not answered."""
    person = Person([Answer("MFA ARN", "arn"), Answer("Enter MFA Token", "123456")])
    assert person(Question("MFA ARN (optional) [old]: ")) == "arn"
    with pytest.raises(OffScript, match=r"'Session Duration:' is asked, but .* 'Enter MFA Token'"):
        person(Question("Session Duration: "))
    assert person.unasked == (Answer("Enter MFA Token", "123456"),)
    person(Question("Enter MFA Token: "))
    with pytest.raises(OffScript, match=r"no \(more\) answers"):
        person(Question("Enter MFA Token: "))


def test_authkits_handlers_do_not_catch_a_wrong_script() -> None:
    """OffScript is no Exception: authkit's last net must not take it for trouble of its own."""
    assert not issubclass(OffScript, Exception)


@pytest.mark.parametrize(
    ("trouble", "line"),
    [
        (Refused("GetCallerIdentity", "Throttling"), "it -> Throttling"),
        (Unreachable("GetCallerIdentity", "why", answered=False, sent=True), "it -> no answer"),
        (Unreachable("GetCallerIdentity", "why", answered=True, sent=True), "it -> broken answer"),
        (KeyringTrouble("locked", "why"), "it -> locked"),
        (StateTrouble("/path", "Permission denied"), "it -> Permission denied"),
        (CannotRun(127, "command not found"), "it -> command not found"),
        (KeyboardInterrupt(), "it -> ^C"),
        (ValueError("something secret"), "it -> ValueError"),
    ],
)
def test_the_journal_says_what_came_of_an_effect(trouble: BaseException, line: str) -> None:
    """Trouble is noted in a word and passed on."""
    journal = Journal()

    def act() -> None:
        raise trouble

    with pytest.raises(type(trouble)):
        journal.act("it", act)
    assert journal.effects == (line,)


def test_a_crash_can_be_put_after_any_effect() -> None:
    """The effect has happened and is noted; then the hook raises."""

    class Crash(BaseException):
        """The process ends here."""

    def crash(effect: str) -> None:
        if effect.startswith("keyring set"):
            raise Crash

    backend = MemoryKeyring()
    journal = Journal(crash)
    with installed(backend), pytest.raises(Crash):
        JournaledKeyring(LibraryKeyring(), journal).set_password(*ENTRY, "secret")
    assert backend.entries == {ENTRY: "secret"}
    assert journal.effects == ("keyring set dev-admin",)
