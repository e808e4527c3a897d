"""B-A04: what a command ends with is so, whatever had been done by then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit import login
from authkit.ports import Refused
from fakes.children import Child
from fakes.faults import Fault
from tests.mortality import Interrupted
from tests.people import CODES, ENTRY, KEYS, NAME, OLD_ENTRY, Obliging, a_scene, entry, run
from tests.test_role_mixes import REFUSALS, ROLE, a_role

if TYPE_CHECKING:
    from typing import Any

    from authkit.model import Session
    from authkit.ports import Sts
    from fakes.world import Scene

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

    def assume_role(self, who: Session, **asked: Any) -> Session:  # noqa: ANN401 - as is asked
        """Refuse once, and have the source logged in anew by then."""
        if not self._refused:
            self._refused = True
            run(self._scene, "login", NAME, "--force", person=Obliging())
            raise Refused("AssumeRole", "ExpiredToken", status=403)
        return self._sts.assume_role(who, **asked)


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
        if pause == login.TAKING_OVER:
            scene.log_in(NAME, CODES[0])

    scene.clock.sleep = others_go_on  # type: ignore[method-assign]
    done = run(scene, "exec", NAME, "--", "x", child=Child())
    assert done.status == 0, done.screen
    assert run(scene, "logout", NAME).status == 0
    assert run(scene, "exec", NAME, "--", "x").status == 125, "nobody was waited for"
