"""Obtaining a session: the cached one, a new one, or the one that another process made."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit import cli
from authkit.core.failures import Failure
from authkit.login import obtain
from fakes.world.children import Child
from sts_simulator.account.faults import Fault
from tests.explore.mortality import Interrupted
from tests.support.people import (
    CODES,
    ENTRY,
    ID,
    KEYS,
    NAME,
    OLD_ENTRY,
    SECRET,
    Obliging,
    a_scene,
    entry,
    run,
)
from tests.support.simulator import ROLE_CONFIG
from tests.support.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from authkit.core.model import Session
    from authkit.core.ports import Lock
    from fakes.world.scene import Scene


ROOT = {"keys": {"root": {"id": ID, "secret": SECRET, "root": True}}}


@pytest.mark.parametrize("operation", ["mark.set", "session.replace"])
def test_a_full_disk_after_the_keys_were_replaced(operation: str) -> None:
    """B-A04, B-L04: where the state folder fails, the message says what happened to the keys."""
    scene = a_scene(OLD_ENTRY)
    scene.sessions.faults.add(Fault(operation, "No space left on device", times=0))
    done = run(scene, "login", NAME, person=Obliging())
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert "No space left on device.\n  Removed the refused keys; the new" in done.screen


def test_ctrl_c_at_any_effect() -> None:
    """B-L06, B-A04: a login never denies that it made a session when it has kept one."""
    for life in range(1, 12):
        scene, journal = a_scene(ENTRY), Interrupted(life)
        done = run(scene, "login", NAME, person=Obliging(), journal=journal)
        said = "No session was made" in done.screen
        assert not (said and NAME in scene.sessions.texts), journal.last


def before_taking_over(scene: Scene, act: Callable[[], object]) -> None:
    """Do this while a process that has waited lets another try the lock first."""
    sleep = scene.clock.sleep

    def sleep_meanwhile(pause: timedelta) -> None:
        sleep(pause)
        if pause == obtain.TAKING_OVER:
            act()

    scene.clock.sleep = sleep_meanwhile  # type: ignore[method-assign]


def test_another_process_makes_the_session() -> None:
    """B-E05, B-L24: a waiter that needs a code lets a process with a terminal go first."""
    scene = a_scene(ENTRY)
    scene.locks.hold_elsewhere(NAME, timedelta(seconds=5))  # it leaves no session
    before_taking_over(scene, lambda: scene.log_in(NAME, CODES[0]))
    done = run(scene, "exec", NAME, "--", "x", child=Child())
    assert done.status == 0, done.screen
    assert run(scene, "logout", NAME).status == 0
    assert run(scene, "exec", NAME, "--", "x").status == 125, "this process did not wait"


def test_another_failure_after_a_wait() -> None:
    """B-L24: a waiter tries twice only where a person was missing."""
    scene = a_scene(KEYS)
    scene.locks.hold_elsewhere(NAME, timedelta(seconds=5))
    scene.account.faults.add(Fault("GetSessionToken", "AccessDenied", times=0))
    assert run(scene, "exec", NAME, "--", "x").status == 125
    assert [call.operation for call in scene.account.calls].count("GetSessionToken") == 1


def test_waiting_renews_no_budget() -> None:
    """B-L18: four calls that fail are a command's, whatever it waits for in between."""
    scene = a_scene(ENTRY)
    scene.locks.hold_elsewhere(NAME, timedelta(seconds=5))  # it leaves no session
    for_good = Fault("GetCallerIdentity", "Throttling", times=0)
    before_taking_over(scene, lambda: scene.account.faults.add(for_good))
    scene.account.faults.add(Fault("GetCallerIdentity", "Throttling", times=3))
    assert run(scene, "exec", NAME, "--", "x", child=Child()).status == 125
    codes = [call.code for call in scene.account.calls if call.operation == "GetCallerIdentity"]
    assert codes == ["Throttling"] * 3 + [None, "Throttling"]


def test_a_role_that_renews_its_source_has_the_same_budget() -> None:
    """B-L18, B-K03: the second login of the source takes over the counts of the first."""
    scene = a_scene(KEYS)
    scene.config = ROLE_CONFIG
    scene.account.faults.add(Fault("GetCallerIdentity", "Throttling", times=3))
    scene.account.faults.add(Fault("AssumeRole", "ExpiredToken", times=0, status=403))
    scene.account.faults.add(Fault("GetCallerIdentity", "Throttling", after=4, times=0))
    assert run(scene, "login", "deploy").status == 1
    codes = [call.code for call in scene.account.calls if call.operation == "GetCallerIdentity"]
    assert codes == ["Throttling"] * 3 + [None, "Throttling"]


def test_refusals_count_for_both_logins_of_a_source() -> None:
    """B-L11, B-K03: three codes at most are refused in a command, however often it logs in."""
    scene = a_scene(ENTRY)
    scene.config = ROLE_CONFIG
    scene.account.faults.add(Fault("AssumeRole", "ExpiredToken", status=403))
    wrong = [str(number) for number in range(900001, 900009)]
    person = Obliging({"Enter MFA Token": (*wrong[:2], CODES[0], *wrong[2:])})
    done = run(scene, "login", "deploy", person=person)
    assert (done.status, person.asked["Enter MFA Token"]) == (1, 4)


def test_another_process_enters_the_keys() -> None:
    """B-E05: a waiter that needs keys lets a process with a terminal go first."""
    scene = a_scene()
    scene.locks.hold_elsewhere(NAME, timedelta(seconds=5))
    sleep = scene.clock.sleep

    def sleep_while_another_logs_in(pause: timedelta) -> None:
        sleep(pause)
        if pause == obtain.TAKING_OVER:
            run(scene, "login", NAME, person=Obliging())

    scene.clock.sleep = sleep_while_another_logs_in  # type: ignore[method-assign]
    assert run(scene, "exec", NAME, "--", "x", child=Child()).status == 0


def test_a_failure_before_the_lock() -> None:
    """B-A04: a failure before the lock is taken is shown unchanged."""
    stage = Stage()

    def lock(_name: str) -> Lock:
        raise Failure("no-home", 2)

    stage.lock = lock  # type: ignore[assignment, method-assign]
    assert cli.main(["login", NAME], lambda _options: stage) == 2
    assert "There is no home folder" in stage.screen.said[0]


@pytest.mark.parametrize(("lasts", "status"), [(-3600, 1), (0, 1), (1, 0)])
def test_a_session_that_is_over_when_granted(lasts: int, status: int) -> None:
    """B-L26: by AWS's own clock it is over: that is said, it is not kept, exit 1."""
    scene = a_scene(KEYS)
    skin = scene.sts

    class Late:
        """STS whose sessions are over when they are granted."""

        def __init__(self, region: str) -> None:
            self._sts = skin(region)

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute
            return getattr(self._sts, name)

        def get_session_token(self, *asked: Any, **more: Any) -> Session:  # noqa: ANN401 - any request
            session = self._sts.get_session_token(*asked, **more)
            return session.replaced(granted=session.expiration - lasts)

    scene.sts = Late
    done = run(scene, "login", NAME)
    assert done.status == status
    assert (NAME in scene.sessions.texts) == (status == 0)
    over = (
        "✗ By AWS's own clock the session that it granted is over already.\n"
        f"  Nothing was removed from the keyring. No new session of {NAME} was kept.\n"
        f"  Run 'authkit login --identity {NAME}' again."
    )
    assert (over in done.screen) == (status == 1)
    assert ("root user" in done.screen) == ("successful" in done.screen) == (status == 0)


# The cached session.


@pytest.fixture
def scene() -> Scene:
    """Return a scene in which dev-admin has logged in."""
    opened = a_scene(KEYS)
    assert run(opened, "login", NAME).status == 0
    return opened


def sessions_made(scene: Scene) -> int:
    """Return how many sessions STS was asked for."""
    return [call.operation for call in scene.account.calls].count("GetSessionToken")


@pytest.mark.parametrize(
    ("passed", "made", "said"),
    [
        (timedelta(0), 1, "✓ Already logged in: dev-admin, until 2024-12-23 11:58:00 UTC."),
        (timedelta(hours=11, minutes=45), 1, "✓ Already logged in"),
        (timedelta(hours=11, minutes=45, seconds=1), 2, "✓ Authentication successful!"),
    ],
)
def test_how_much_must_be_left(scene: Scene, passed: timedelta, made: int, said: str) -> None:
    """B-L01: a session with less than fifteen minutes left is renewed."""
    scene.clock.sleep(passed)
    done = run(scene, "login", NAME)
    assert said in done.screen
    assert sessions_made(scene) == made


def test_a_session_that_sts_refuses(scene: Scene) -> None:
    """B-L01: it is dropped with one line, and a new one is made."""
    scene.account.faults.add(Fault("GetCallerIdentity", "ExpiredToken", status=403))
    done = run(scene, "login", NAME)
    assert done.status == 0
    assert "⚠ AWS refused the cached session (ExpiredToken): dropped it." in done.screen
    assert sessions_made(scene) == 2


def test_a_refused_session_is_gone() -> None:
    """B-L01: it is dropped at once, also if no new session can be made."""
    scene = a_scene(ENTRY)
    assert run(scene, "login", NAME, person=Obliging()).status == 0
    scene.account.faults.add(Fault("GetCallerIdentity", "ExpiredToken", status=403))
    assert run(scene, "login", NAME).status == 1
    assert scene.sessions.texts == {}


def test_a_session_that_cannot_be_checked(scene: Scene) -> None:
    """B-L01: it is kept, and said to be not verified."""
    scene.account.faults.add(Fault("GetCallerIdentity", "Throttling", status=400))
    done = run(scene, "login", NAME)
    assert done.status == 0
    assert "Not verified: AWS is being asked too often (Throttling)." in done.screen
    assert sessions_made(scene) == 1


def test_a_session_of_other_settings(scene: Scene) -> None:
    """B-S03: with another duration in the config file a new session is made."""
    scene.config = f'[identities.{NAME}]\nsession_duration = "1h"'
    assert run(scene, "login", NAME).status == 0
    assert sessions_made(scene) == 2


def test_the_session_of_the_process_that_was_waited_for() -> None:
    """B-L24: whoever waited for the lock uses the session that it finds then."""
    scene = a_scene(KEYS)
    scene.locks.hold_elsewhere(NAME, timedelta(seconds=5), lambda: leave_a_session(scene))
    done = run(scene, "exec", NAME, "--", "x", child=Child())
    assert done.status == 0
    assert "Waiting for another login" in done.screen
    assert sessions_made(scene) == 0


def leave_a_session(scene: Scene) -> None:
    """Put the session of another scene with the same keys into the state folder."""
    other = a_scene(KEYS)
    assert run(other, "login", NAME).status == 0
    scene.sessions.texts.update(other.sessions.texts)


def test_less_than_was_asked_for() -> None:
    """B-L22: a session that is more than a minute shorter than asked for is reported."""
    scene = a_scene(KEYS | {"session_duration": "36h"}, ROOT)
    done = run(scene, "login", NAME)
    assert "⚠ AWS granted a session of 1h; 36h was asked for." in done.screen
