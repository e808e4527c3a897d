"""B-A04: what a command ends with is so, whatever had been done by then."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit import cli
from authkit.core import entries
from authkit.core.failures import Failure, Refused
from authkit.login import obtain
from fakes.world.children import Child
from sts_simulator.account.faults import Fault
from tests.exploration.mortality import Interrupted
from tests.exploration.test_role_mixes import CONFIG, OPT_IN, REFUSALS, ROLE, ROLES, a_role
from tests.support.people import (
    CODES,
    ENTRY,
    KEYS,
    MFA,
    NAME,
    OLD_ENTRY,
    Obliging,
    a_scene,
    entry,
    run,
)
from tests.support.stage import Stage

if TYPE_CHECKING:
    from typing import Any

    from authkit.core.model import RoleRequest, Session
    from authkit.core.ports import Lock, Sts
    from fakes.world.scene import Scene

BOBS = {"access_key_id": "AKIABOBBOBBOBBOBBOBB", "secret_access_key": "bobs-secret"}
BOBS_KEY = {"id": BOBS["access_key_id"], "secret": BOBS["secret_access_key"], "user": "bob"}
TWO_USERS = {**ROLES, "keys": {**ROLES["keys"], "bob": BOBS_KEY}}
CHINA = {"MFA ARN": ("arn:aws-cn:iam::123456789012:mfa/user",)}


@pytest.mark.parametrize("operation", ["mark.set", "session.replace"])
def test_no_room_for_a_session_once_keys_were_replaced(operation: str) -> None:
    """B-A04, B-L04: the state folder fails after the dead keys went, which is said."""
    scene = a_scene(OLD_ENTRY)
    scene.sessions.faults.add(Fault(operation, "No space left on device"))
    done = run(scene, "login", NAME, person=Obliging())
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert "No space left on device.\n  Removed the refused keys; the new" in done.screen


def test_another_partition_is_typed_once_keys_were_replaced() -> None:
    """B-A04, B-L19: the mismatch removed nothing, but this run did."""
    scene = a_scene(OLD_ENTRY)
    done = run(scene, "login", NAME, person=Obliging(CHINA))
    assert done.status == 1
    assert "in aws.\n  Removed the refused keys; the new ones are saved." in done.screen


@pytest.mark.parametrize("answer", [n for n, r in REFUSALS.items() if r.outcome.endswith("policy")])
def test_a_role_is_denied_once_its_sources_keys_were_replaced(answer: str) -> None:
    """B-A04, B-K03: nothing is said of the keyring that the source's login has made untrue."""
    scene = a_role(OLD_ENTRY, REFUSALS[answer].fault("AssumeRole"))
    done = run(scene, "login", ROLE, person=Obliging())
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert "Nothing was removed" not in done.screen
    assert f"  No session of {ROLE} was made.\n" in done.screen


def test_no_room_for_a_roles_session_once_its_sources_keys_were_replaced() -> None:
    """B-A04, B-K03: nor when the source's session was the last that there was room for."""
    scene = a_role(OLD_ENTRY)
    scene.sessions.faults.add(Fault("session.replace", "No space left on device", after=1))
    done = run(scene, "login", ROLE, person=Obliging())
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert f"No space left on device.\n  No session of {ROLE} was made.\n" in done.screen


def test_ctrl_c_once_the_session_is_kept() -> None:
    """B-L06, B-A04: it is not said that no session was made."""
    for life in range(1, 12):
        scene, journal = a_scene(ENTRY), Interrupted(life)
        done = run(scene, "login", NAME, person=Obliging(), journal=journal)
        said = "No session was made" in done.screen
        assert not (said and NAME in scene.sessions.texts), journal.last


class RefusedMeanwhile:
    """STS that refuses the first call for a role, and meanwhile another process has logged in."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._account = scene.sts
        self._refused = False

    def __call__(self, region: str) -> Any:  # noqa: ANN401 - ports.Sts, and this
        """Return STS in that region."""
        self._sts: Sts = self._account(region)
        return self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever STS has
        return getattr(self._sts, name)

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Refuse once, and have the source logged in anew by then."""
        if not self._refused:
            self._refused = True
            run(self._scene, "login", NAME, "--force", person=Obliging())
            raise Refused("AssumeRole", "ExpiredToken", status=403)
        return self._sts.assume_role(who, request)


def test_the_source_was_renewed_by_another_process() -> None:
    """B-K03, B-L24: its session is used, not dropped: one code serves any number of roles."""
    scene = a_role(KEYS)
    assert run(scene, "login", NAME, person=Obliging()).status == 0
    scene.sts = RefusedMeanwhile(scene)
    done = run(scene, "login", ROLE)
    assert done.status == 0, done.screen
    granted = [call for call in scene.account.calls if call.operation == "GetSessionToken"]
    assert len(granted) == 2, "the first one's, and the other process's"


def test_a_code_is_not_sent_again_for_a_role() -> None:
    """B-L12, B-K03: the code that the source's refused session cost is not sent a second time."""
    scene = a_role(ENTRY, Fault("AssumeRole", "ExpiredToken"))
    person = Obliging({"Enter MFA Token": (CODES[0], CODES[0], CODES[1])})
    done = run(scene, "login", ROLE, person=person)
    assert done.status == 0
    assert "That code was sent before" in done.screen
    assert [c.code for c in scene.account.calls if c.operation == "GetSessionToken"] == [None] * 2


def test_one_with_a_terminal_takes_over() -> None:
    """B-E05, B-L24: the holder dies; who has no terminal lets one go first that has, and runs."""
    scene = a_scene(ENTRY)
    scene.locks.hold_elsewhere(NAME, timedelta(seconds=5))  # and leaves no session
    sleep = scene.clock.sleep

    def others_go_on(pause: timedelta) -> None:
        sleep(pause)
        if pause == obtain.TAKING_OVER:
            scene.log_in(NAME, CODES[0])

    scene.clock.sleep = others_go_on  # type: ignore[method-assign]
    done = run(scene, "exec", NAME, "--", "x", child=Child())
    assert done.status == 0, done.screen
    assert run(scene, "logout", NAME).status == 0
    assert run(scene, "exec", NAME, "--", "x").status == 125, "nobody was waited for"


def test_a_wait_that_ends_otherwise_ends() -> None:
    """B-L24: who waited for the lock, and is denied a session, does not try again."""
    scene = a_scene(KEYS)
    scene.locks.hold_elsewhere(NAME, timedelta(seconds=5))
    scene.account.faults.add(Fault("GetSessionToken", "AccessDenied", times=0))
    assert run(scene, "exec", NAME, "--", "x").status == 125
    assert [call.operation for call in scene.account.calls].count("GetSessionToken") == 1


def test_somebody_may_take_over_who_knows_keys() -> None:
    """B-E05: without keys too, a waiter without a terminal lets one go first that has one."""
    scene = a_scene()
    scene.locks.hold_elsewhere(NAME, timedelta(seconds=5))
    sleep = scene.clock.sleep

    def others_go_on(pause: timedelta) -> None:
        sleep(pause)
        if pause == obtain.TAKING_OVER:
            run(scene, "login", NAME, person=Obliging())

    scene.clock.sleep = others_go_on  # type: ignore[method-assign]
    assert run(scene, "exec", NAME, "--", "x", child=Child()).status == 0


def test_a_home_that_is_none_is_told_by_login_too() -> None:
    """B-A04: whatever fails before the lock is there is told as what it is."""
    stage = Stage()

    def lock(_name: str) -> Lock:
        raise Failure("no-home", 2)

    stage.lock = lock  # type: ignore[assignment, method-assign]
    assert cli.main(["login", NAME], lambda _options: stage) == 2
    assert "There is no home folder" in stage.screen.said[0]


def test_other_keys_behind_authkits_back_are_noticed_by_a_role() -> None:
    """B-K03, B-S03: the entry was changed by hand; the role's session is made anew from it."""
    scene = a_role(KEYS, account=TWO_USERS)
    assert run(scene, "login", ROLE).status == 0
    scene.keyring.entries[entries.SERVICE, NAME] = json.dumps({"version": 1, **BOBS})
    assert run(scene, "login", ROLE).status == 0
    assumed = [call for call in scene.account.calls if call.operation == "AssumeRole"]
    assert len(assumed) == 2


@pytest.mark.parametrize("answer", ["InvalidClientTokenId", "Throttling"])
def test_the_source_is_tried_where_it_is_known(answer: str) -> None:
    """B-K03, B-L19: a region that is on is asked; what it cannot say costs the source no login."""
    scene = a_role(KEYS, config=OPT_IN)
    assert run(scene, "login", NAME).status == 0
    scene.account.faults.add(Fault("AssumeRole", "InvalidClientTokenId", status=403))
    scene.account.faults.add(Fault("GetCallerIdentity", answer, status=403))
    regions, skin = list[str](), scene.sts

    def noted(region: str) -> Sts:
        regions.append(region)
        return skin(region)

    scene.sts = noted
    done = run(scene, "login", ROLE)
    assert done.status == (answer == "Throttling"), done.screen
    assert regions[:2] == ["me-south-1", "us-east-1"]
    granted = [call for call in scene.account.calls if call.operation == "GetSessionToken"]
    assert len(granted) == (1 if answer == "Throttling" else 2)


def test_exec_goes_on_with_a_session_of_another_duration() -> None:
    """B-S03: what a role may do is the same; the next login makes one as long as is wanted."""
    scene = a_role(KEYS)
    assert run(scene, "login", ROLE).status == 0
    scene.config = CONFIG + 'session_duration = "2h"\n'
    calls = len(scene.account.calls)
    assert run(scene, "exec", ROLE, "--", "x", child=Child()).status == 0
    assert len(scene.account.calls) == calls


def test_a_role_that_was_a_user_before() -> None:
    """B-O01: `logout --keys` removes the keys that the name still has."""
    scene = a_role(KEYS)
    scene.keyring.entries[entries.SERVICE, ROLE] = json.dumps({"version": 1, **BOBS})
    scene.sessions.mark(ROLE)
    assert run(scene, "logout", ROLE, "--keys").status == 0
    assert (entries.SERVICE, ROLE) not in scene.keyring.entries


@pytest.mark.parametrize(
    ("since", "fault", "tries"),
    [
        (timedelta(seconds=30), None, 5),
        (timedelta(seconds=60), None, 1),
        (timedelta(seconds=-60), None, 1),
        (timedelta(seconds=0), Fault("mark.read", "Permission denied"), 1),
    ],
    ids=["new", "a minute old", "of the future", "a marker that cannot be read"],
)
def test_how_long_keys_are_new(since: timedelta, fault: Fault | None, tries: int) -> None:
    """B-L08: for a minute, and as far as that can be told."""
    scene = a_scene(OLD_ENTRY)
    scene.sessions.mark(NAME, scene.clock.now() - since)
    if fault:
        scene.sessions.faults.add(fault)
    assert run(scene, "login", NAME).status == 1
    assert entry(scene) == {"mfa_arn": MFA, "session_duration": "36h"}
    assert len(scene.account.calls) == tries


def test_what_configure_does_not_ask_about_keeps_its_hint() -> None:
    """B-C03, B-A04: a wrong clock is not mended by other keys."""
    scene = a_scene()
    message = "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z"
    scene.account.faults.add(Fault("GetCallerIdentity", "SignatureDoesNotMatch", message, 403))
    done = run(scene, "user", "configure", NAME, "--stdin", stdin=json.dumps(KEYS))
    assert done.status == 1
    assert "Set the clock right" in done.screen
    assert "with the right keys" not in done.screen


def test_a_session_that_is_over_by_awss_own_clock() -> None:
    """B-L22: no figures that make no sense, and nothing of root users."""
    scene = a_scene(KEYS)
    skin = scene.sts

    class Late:
        def __init__(self, region: str) -> None:
            self._sts = skin(region)

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever STS has
            return getattr(self._sts, name)

        def get_session_token(self, *asked: Any, **more: Any) -> Session:  # noqa: ANN401 - as is asked
            session = self._sts.get_session_token(*asked, **more)
            return session.replaced(granted=session.expiration + timedelta(hours=1))

    scene.sts = Late
    done = run(scene, "login", NAME)
    assert "⚠ By AWS's own clock the session that it granted is over already." in done.screen
    assert "root user" not in done.screen
