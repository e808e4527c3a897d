"""`authkit login`: which identity, and when a new session is made."""

from __future__ import annotations

import pytest

from authkit import cli
from authkit.core import sessions
from tests.support.people import CODES, ENTRY, KEYS, NAME, Obliging, a_scene, entry, run
from tests.support.stage import CANCEL, Paper, Stage


def operations(scene: object) -> list[str]:
    """Return the operations of the calls that STS has received."""
    return [call.operation for call in scene.account.calls]  # type: ignore[attr-defined]


def test_login_makes_a_session() -> None:
    """B-L03, B-L25: STS is asked who the caller is, then for a session, which is shown."""
    scene = a_scene(KEYS)
    done = run(scene, "login", NAME)
    assert done.status == 0
    assert operations(scene) == ["GetCallerIdentity", "GetSessionToken"]
    assert "✓ Authentication successful!" in done.screen
    assert NAME in scene.sessions.texts


@pytest.mark.parametrize(
    ("options", "new", "said"),
    [((), 0, "✓ Already logged in"), (("--force",), 1, "✓ Authentication successful!")],
    ids=["no need", "forced"],
)
def test_a_second_login(options: tuple[str, ...], new: int, said: str) -> None:
    """B-L01, B-L02: a good session is kept, unless --force asks for a new one."""
    scene = a_scene(KEYS)
    assert run(scene, "login", NAME).status == 0
    done = run(scene, "login", NAME, *options)
    assert done.status == 0
    assert said in done.screen
    assert operations(scene).count("GetSessionToken") == 1 + new


def test_a_duration_for_this_run() -> None:
    """B-L21, B-S03: --duration is what STS is asked for, the session remembers that; not kept."""
    scene = a_scene(KEYS)
    assert run(scene, "login", NAME, "--duration", "2h").status == 0
    call = scene.account.calls[-1]
    assert (call.operation, call.parameters["DurationSeconds"]) == ("GetSessionToken", "7200")
    cached = sessions.decode(scene.sessions.texts[NAME])
    assert (cached.duration, cached.by_option) == (2 * 3600, "2h")
    assert entry(scene) == KEYS
    assert "Already logged in" in run(scene, "login", NAME).screen
    assert run(scene, "login", NAME, "--force").status == 0
    cached = sessions.decode(scene.sessions.texts[NAME])
    assert (cached.duration, cached.by_option) == (12 * 3600, "")


def test_a_region_for_this_run() -> None:
    """B-E02: --region is where STS is asked, and the session does not keep it."""
    scene, asked = a_scene(KEYS), set[str]()
    real = scene.sts

    def in_region(region: str) -> object:
        asked.add(region)
        return real(region)

    scene.sts = in_region  # type: ignore[assignment]
    assert "Region     eu-north-1" in run(scene, "login", NAME, "--region", "eu-north-1").screen
    assert asked == {"eu-north-1"}
    assert sessions.decode(scene.sessions.texts[NAME]).region == ""


def test_a_first_login() -> None:
    """B-L02: without keys in the keyring they are asked for and saved."""
    scene = a_scene()
    person = Obliging({"Enter MFA Token": CODES[:1]})
    assert run(scene, "login", NAME, person=person).status == 0
    assert entry(scene) == ENTRY


def test_cancelled_at_the_first_question() -> None:
    """B-L06: ^C at the first question ends the command with 130."""
    paper = Paper([CANCEL])
    stage = Stage(screen=paper, prompter=paper)
    assert cli.main(["login", NAME], lambda _options: stage) == 130
    assert paper.said[-1].startswith("✗ Cancelled.")
