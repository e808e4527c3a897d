"""The login to a role: its source's session, renewed once, and what is said of a refusal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authkit.core import config, entries, sessions
from authkit.core.failures import Refused
from authkit.core.model import RoleRequest
from authkit.login import role
from authkit.login.obtain import obtain
from authkit.login.role import RoleFlow
from fakes.world.prompter import Answer, Person
from sts_simulator.account.faults import Fault
from tests.authkit.examples import BOBS, TWO_USERS
from tests.explore.test_role_mixes import CONFIG, OPT_IN, REFUSALS, ROLE, a_role
from tests.support.people import (
    CODES,
    ENTRY,
    KEYS,
    NAME,
    OLD_ENTRY,
    Obliging,
    entry,
    run,
)
from tests.support.stage import CountedConfig, Stage

if TYPE_CHECKING:
    from typing import Any

    from authkit.core.model import Session
    from authkit.core.ports import Sts
    from fakes.world.scene import Scene


@pytest.mark.parametrize("answer", [n for n, r in REFUSALS.items() if r.outcome.endswith("policy")])
def test_a_denial_after_the_sources_keys_were_replaced(answer: str) -> None:
    """B-A04, B-K03: the message does not deny that the source's login changed the keyring."""
    scene = a_role(OLD_ENTRY, REFUSALS[answer].fault("AssumeRole"))
    done = run(scene, "login", ROLE, person=Obliging())
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert "Nothing was removed" not in done.screen
    assert f"  No session of {ROLE} was made.\n" in done.screen


def test_a_full_disk_after_the_sources_keys_were_replaced() -> None:
    """B-A04, B-K03: nor where only the source's session could be written."""
    scene = a_role(OLD_ENTRY)
    scene.sessions.faults.add(Fault("session.replace", "No space left on device", after=1))
    done = run(scene, "login", ROLE, person=Obliging())
    assert (done.status, entry(scene)) == (1, ENTRY)
    assert f"No space left on device.\n  No new session of {ROLE} was kept.\n" in done.screen


class RefusedMeanwhile:
    """STS that refuses the first AssumeRole, while another process logs in to the source."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._account = scene.sts
        self._refused = False

    def __call__(self, region: str) -> Any:  # noqa: ANN401 - itself, as ports.Sts
        """Return STS in a region."""
        self._sts: Sts = self._account(region)
        return self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute
        return getattr(self._sts, name)

    def assume_role(self, who: Session, request: RoleRequest) -> Session:
        """Refuse the first call, after another process has renewed the source's session."""
        if not self._refused:
            self._refused = True
            run(self._scene, "login", NAME, "--force", person=Obliging())
            raise Refused("AssumeRole", "ExpiredToken", status=403)
        return self._sts.assume_role(who, request)


def test_another_process_renews_the_source() -> None:
    """B-K03, B-L24: the session that another process made meanwhile is used, not dropped."""
    scene = a_role(KEYS)
    assert run(scene, "login", NAME, person=Obliging()).status == 0
    scene.sts = RefusedMeanwhile(scene)
    done = run(scene, "login", ROLE)
    assert done.status == 0, done.screen
    granted = [call for call in scene.account.calls if call.operation == "GetSessionToken"]
    assert len(granted) == 2, "the first one's, and the other process's"


class InterruptedSts:
    """STS of which AssumeRole is waited for until the person presses Ctrl-C."""

    def __init__(self, scene: Scene) -> None:
        self._account = scene.sts

    def __call__(self, region: str) -> Any:  # noqa: ANN401 - itself, as ports.Sts
        """Return STS in a region."""
        self._sts: Sts = self._account(region)
        return self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute
        return getattr(self._sts, name)

    def assume_role(self, *_: object) -> Session:
        """Raise what Ctrl-C raises."""
        raise KeyboardInterrupt


def test_ctrl_c_while_aws_is_asked_for_the_role() -> None:
    """B-L06: the role's part asks nothing that could be cancelled: the command was stopped."""
    scene = a_role(KEYS)
    scene.sts = InterruptedSts(scene)
    done = run(scene, "login", ROLE, person=Obliging())
    assert done.status == 130
    assert f"✗ Cancelled.\n  It stopped there.\n  Run 'authkit login {ROLE}'" in done.screen


def test_a_code_is_not_sent_again() -> None:
    """B-L12, B-K03: the code that bought the source's refused session is not sent again."""
    scene = a_role(ENTRY, Fault("AssumeRole", "ExpiredToken"))
    person = Obliging({"Enter MFA Token": (CODES[0], CODES[0], CODES[1])})
    done = run(scene, "login", ROLE, person=person)
    assert done.status == 0
    assert "That code was sent before" in done.screen
    assert [c.code for c in scene.account.calls if c.operation == "GetSessionToken"] == [None] * 2


def test_other_keys_of_the_source() -> None:
    """B-K03, B-S03: a role's session of former keys is replaced, whoever changed the entry."""
    scene = a_role(KEYS, account=TWO_USERS)
    assert run(scene, "login", ROLE).status == 0
    scene.keyring.entries[entries.SERVICE, NAME] = json.dumps({"version": 1, **BOBS})
    assert run(scene, "login", ROLE).status == 0
    assumed = [call for call in scene.account.calls if call.operation == "AssumeRole"]
    assert len(assumed) == 2


@pytest.mark.parametrize("answer", ["InvalidClientTokenId", "Throttling"])
def test_the_sources_session_is_tried_in_another_region(answer: str) -> None:
    """B-K03, B-L19: the source is renewed only if a region that is on refuses its session."""
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


def test_a_session_of_a_role() -> None:
    """B-K03, B-S03: made by the source's session, and remembered with the role's settings."""
    scene = a_role(KEYS)
    done = run(scene, "login", ROLE)
    assert done.status == 0
    assert f"{ROLE} is reached from {NAME}, which is logged in to first." in done.screen
    cached = sessions.decode(scene.sessions.texts[ROLE])
    assert cached.kind == "aws/assume-role"
    assert cached.principal == f"arn:aws:sts::123456789012:assumed-role/{ROLE}/authkit-{ROLE}"
    assert (cached.account, cached.mfa_arn) == ("123456789012", "")
    assert cached.keys == sessions.decode(scene.sessions.texts[NAME]).keys


def test_no_key_is_changed() -> None:
    """B-K01, B-K03: whatever STS answers to AssumeRole, the entries in the keyring stay."""
    for refusal in REFUSALS.values():
        scene = a_role(KEYS, refusal.fault("AssumeRole"), config=refusal.config)
        run(scene, "login", ROLE)
        assert entry(scene) == KEYS


def test_the_source_is_renewed_once() -> None:
    """B-K03: if its new session is refused too, the command ends with a hint."""
    fault = Fault("AssumeRole", "ExpiredToken", status=403, times=2)
    scene = a_role(KEYS, fault)
    done = run(scene, "login", ROLE)
    assert done.status == 1
    assert f"✗ AWS refused the session of the source, {NAME} (ExpiredToken)." in done.screen
    granted = [call for call in scene.account.calls if call.operation == "GetSessionToken"]
    assert len(granted) == 2


@pytest.mark.parametrize(
    ("changed", "made"),
    [
        ("", 1),
        ('session_duration = "30m"', 2),
        ('external_id = "secret-handshake"', 2),
    ],
    ids=["the same", "another duration", "another external id"],
)
def test_which_session_is_the_roles(changed: str, made: int) -> None:
    """B-S03: a session of other settings in the config file is replaced at the next login."""
    scene = a_role(KEYS)
    assert run(scene, "login", ROLE).status == 0
    scene.config = CONFIG + changed
    assert run(scene, "login", ROLE).status == 0
    assumed = [call for call in scene.account.calls if call.operation == "AssumeRole"]
    assert len(assumed) == made


@pytest.mark.parametrize(
    ("more", "sent"), [("", ""), ('external_id = "secret-handshake"', "secret-handshake")]
)
def test_the_external_id(more: str, sent: str) -> None:
    """B-K03: what the role's trust policy asks for is sent, and nothing where none is set."""
    stage = Stage(config=CountedConfig(CONFIG + more))
    flow = RoleFlow(stage, config.read(stage.config).identities[ROLE], obtain, direct=True)
    assert flow.request.external_id == sent


def test_a_role_with_a_path() -> None:
    """B-K03: the principal of a role's session has the last part of the role's name alone."""
    arn = "arn:aws:iam::123456789012:role/team/a/deploy"
    request = RoleRequest(arn, "authkit-deploy", 3600, "")
    assumed = "arn:aws:sts::123456789012:assumed-role/deploy/authkit-deploy"
    assert role._assumed(request) == assumed  # noqa: SLF001 - the simulator knows no paths


def test_a_cancelled_source() -> None:
    """B-L06, B-K03: after ^C the command to go on with names the role that was asked for."""
    scene = a_role(ENTRY)
    done = run(scene, "login", ROLE, person=Person([Answer("Enter MFA Token", "^C")]))
    assert done.status == 130
    assert f"Run 'authkit login --identity {ROLE}' to go on." in done.screen


def test_facts_before_the_source_has_a_session() -> None:
    """B-A04: without a source's session the role's identity stands for the principal."""
    stage = Stage(config=CountedConfig(CONFIG))
    flow = RoleFlow(stage, config.read(stage.config).identities[ROLE], obtain, direct=True)
    facts = flow.facts(Refused("AssumeRole", "AccessDenied"))
    assert (facts["source"], facts["principal"]) == (NAME, ROLE)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("deploy", "authkit-deploy"),
        ("me@acme", "authkit-me@acme"),
        ("a b/c:d", "authkit-a-b-c-d"),
        ("\u00fc", "authkit--"),
        ("x" * 128, "authkit-" + "x" * 56),
    ],
)
def test_the_session_name_is_one_that_sts_takes(name: str, sent: str) -> None:
    """B-K03, B-S10: RoleSessionName has 2 to 64 characters, none of which is a blank."""
    assert role._session_name(name) == sent  # noqa: SLF001 - what is sent for every name
