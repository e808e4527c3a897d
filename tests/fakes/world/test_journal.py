"""The journal, and the wrapper that records the effects of any port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from authkit.core.failures import CannotRun
from fakes.world.clock import VirtualClock
from fakes.world.journal import Entry, Journal, Kind, journaled

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)


class Port:
    """Stands for a port in these tests: it is wrapped as a keyring, a lock and a child."""

    backend = "the backend"

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry, None for anybody else than dev-admin."""
        self.calls.append((service, username))
        return "the entry" if username == "dev-admin" else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Record the call."""
        self.calls.append((service, username, password))

    def acquire(self) -> bool:
        """Return False: the lock is busy."""
        return False

    def run(self, command: list[str], environ: dict[str, str]) -> int:
        """Raise CannotRun."""
        raise CannotRun(127, f"{command} not found in {environ}")


def test_entries_are_in_the_order_of_events() -> None:
    """Text, hidden input and effects are one list; screen and effects are views of it."""
    journal = Journal()
    journal.wrote("Secret: ")
    journal.typed("hunter2")
    journal.wrote("********\n")
    journal.did("keyring set dev-admin")
    assert journal.entries == [
        Entry(Kind.WROTE, "Secret: "),
        Entry(Kind.TYPED, "hunter2"),
        Entry(Kind.WROTE, "********\n"),
        Entry(Kind.DID, "keyring set dev-admin"),
    ]
    assert journal.screen == "Secret: ********\n"
    assert journal.effects == ("keyring set dev-admin",)


def test_a_journal_with_a_clock_has_the_instant_of_each_entry() -> None:
    """When it was opened, and for each entry when it was made; nothing without a clock."""
    clock = VirtualClock(NOON)
    journal = Journal(now=clock.now)
    journal.wrote("wait")
    journal.act("sleep 2s", lambda: clock.sleep(timedelta(seconds=2)))
    assert journal.began == NOON
    assert journal.instants == [NOON, NOON + timedelta(seconds=2)]
    timeless = Journal()
    timeless.wrote("wait")
    assert (timeless.began, timeless.instants) == (None, [])


def test_an_act_is_recorded_with_its_outcome() -> None:
    """An arrow leads to the outcome; plain success has none, and the result is returned."""
    journal = Journal()
    assert journal.act("one", lambda: 1) == 1
    assert journal.act("two", lambda: 2, str) == 2
    assert journal.effects == ("one", "two -> 2")


@pytest.mark.parametrize(
    ("trouble", "line"),
    [
        (CannotRun(126, "Permission denied"), "it -> Permission denied"),
        (KeyboardInterrupt(), "it -> ^C"),
    ],
)
def test_what_an_act_raises_is_recorded_and_raised(trouble: BaseException, line: str) -> None:
    """Ctrl-C too; it is the outcome of what it interrupted."""
    journal = Journal()

    def act() -> None:
        raise trouble

    with pytest.raises(type(trouble)):
        journal.act("it", act)
    assert journal.effects == (line,)


def test_a_crash_of_authkit_is_not_an_effect() -> None:
    """A BaseException that ends the process (a simulated crash) is passed on unrecorded."""

    class Crash(BaseException):
        """The process ends here."""

    def act() -> None:
        raise Crash

    journal = Journal()
    with pytest.raises(Crash):
        journal.act("it", act)
    assert journal.effects == ()


def test_a_crash_can_be_put_after_any_effect() -> None:
    """The effect has happened and is recorded; then the hook raises."""

    class Crash(BaseException):
        """The process ends here."""

    def crash(effect: str) -> None:
        if effect.startswith("keyring set"):
            raise Crash

    port, journal = Port(), Journal(crash)
    with pytest.raises(Crash):
        journaled(port, "keyring", journal).set_password("authkit", "dev-admin", "secret")
    assert port.calls == [("authkit", "dev-admin", "secret")]
    assert journal.effects == ("keyring set dev-admin",)


def test_a_port_is_wrapped_by_its_rows() -> None:
    """Arguments and results pass through, by position or by name; effects are recorded."""
    port, journal = Port(), Journal()
    wrapped = journaled(port, "keyring", journal)
    assert wrapped.get_password("authkit", "dev-admin") == "the entry"
    assert wrapped.get_password("authkit", "somebody") is None
    assert port.calls == [("authkit", "dev-admin"), ("authkit", "somebody")]
    assert journal.effects == ("keyring get dev-admin", "keyring get somebody -> none")


def test_what_has_no_row_passes_through() -> None:
    """Attributes without a row are the port's own, and leave no trace."""
    journal = Journal()
    wrapped = journaled(Port(), "keyring", journal)
    assert wrapped.backend == "the backend"
    assert wrapped.acquire() is False
    assert journal.effects == ()


def test_a_wrapped_port_may_be_about_somebody() -> None:
    """The name of a lock's identity, which its methods do not take, is given to the wrapper."""
    journal = Journal()
    journaled(Port(), "lock", journal, "dev-admin").acquire()
    assert journal.effects == ("lock acquire dev-admin -> busy",)


def test_trouble_of_a_wrapped_port_is_recorded() -> None:
    """What the port raises is the outcome, and is raised."""
    journal = Journal()
    with pytest.raises(CannotRun):
        journaled(Port(), "children", journal).run(["true"], {})
    assert journal.effects == ("child true -> ['true'] not found in {}",)
