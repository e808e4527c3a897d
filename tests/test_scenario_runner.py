"""Replaying: what a step sets up, what is observed of it, and what is said when it does not hold.

Small programs stand in for authkit where it does not matter what is run.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from authkit import __version__
from authkit.kinds import AWS_USER
from authkit.model import Question
from authkit.ports import Cancelled
from scenarios.replay import command, levels, reading
from scenarios.replay.checks import mismatches
from scenarios.replay.levels import LEVELS
from scenarios.replay.replaying import DoesNotHold, replay
from scenarios.replay.story import BadStory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from authkit.ports import World
    from scenarios.replay.levels import Observed

    Program = Callable[[World], int | None]

FILE = Path("scenarios/a-story.toml")
ROOT = Path(__file__).parent.parent
HEAD = """\
about = "a"
shows_that = ["B-L01"]
now = 2024-12-22T12:00:00Z
"""
STEP = '[[step]]\nrun = "authkit it"\n'
LOGIN = '[[step]]\nrun = "authkit login dev-admin"\n'
KEYS = """
[account]
keys.only = { id = "AKIAXXXXXXXXXXXXXXXX", secret = "the-secret" }
[keyring.dev-admin]
access_key_id = "AKIAXXXXXXXXXXXXXXXX"
secret_access_key = "the-secret"
"""


def standing_in(*programs: Program) -> Any:  # noqa: ANN401 - a level, however it is typed there
    """Return the level fakes with these programs, one a step, instead of authkit."""
    left = iter(programs)

    def main(_arguments: Sequence[str], make_world: Callable[[Any], World]) -> int:
        options = Namespace(config=None, no_input=False)
        return next(left)(make_world(options)) or 0

    return partial(levels.fakes, main=main)


def observe(text: str, *programs: Program) -> list[Observed]:
    """Return what is observed of a story's steps, with programs in authkit's place or without."""
    story = reading.parse(HEAD + text, FILE)
    level = standing_in(*programs) if programs else levels.fakes
    with level(story) as stage:
        return [stage.run(step) for step in story.steps]


def wrong(text: str, *programs: Program) -> list[str]:
    """Return what does not hold of a story's last step."""
    story = reading.parse(HEAD + text, FILE)
    return [mismatch.text for mismatch in mismatches(story.steps[-1], observe(text, *programs)[-1])]


def now(world: World) -> None:
    """Show the time."""
    world.screen.put(f"{world.clock.now():%d %H:%M:%S}")


def nothing(_world: World) -> None:
    """Do nothing."""


def ask(title: str) -> Program:
    """Return a program that asks for one field of an IAM user, and shows what it got."""
    field = next(field for field in AWS_USER.fields if field.title == title)

    def program(world: World) -> None:
        assert world.prompter is not None
        try:
            answer = world.prompter.ask(Question(field.label(), field.secret))
        except Cancelled:
            answer = "cancelled"
        world.screen.say(answer)

    return program


def test_time_flows_from_step_to_step_unless_the_story_says_when() -> None:
    """An instant relative to the beginning, time that flows on, an event, and an instant."""
    text = STEP
    text += STEP + 'at = "+37h"\n'
    text += STEP + 'events = ["advance 2h"]\n'
    text += STEP
    text += STEP + "at = 2024-12-22T11:00:00-01:00\n"

    def nap(world: World) -> None:
        now(world)
        world.clock.sleep(timedelta(minutes=1))

    seen = [observed.screen.strip() for observed in observe(text, *[nap] * 5)]
    assert seen == ["22 12:00:00", "24 01:00:00", "24 03:01:00", "24 03:02:00", "22 12:00:00"]


def test_the_environment_is_the_storys_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this process's gets in, and a step's variables are the step's."""
    monkeypatch.setenv("AUTHKIT_IDENTITY", "of this process")
    text = f'[env]\nA = "story"\nB = "story"\n{STEP}env = {{ A = "step" }}\n{STEP}'

    def show(world: World) -> None:
        world.screen.put(str(dict(world.environ)))

    seen = [observed.screen.strip() for observed in observe(text, show, show)]
    assert seen == ["{'A': 'step', 'B': 'story'}", "{'A': 'story', 'B': 'story'}"]


@pytest.mark.parametrize(
    ("top", "step", "asked"),
    [
        ("", "", True),
        ("interactive = false\n", "", False),
        ("interactive = false\n", "interactive = true\n", True),
        ("", 'stdin = "{}"\n', False),
        ("", 'env = { CI = "1" }\n', False),
    ],
)
def test_who_is_asked(top: str, step: str, *, asked: bool) -> None:
    """There is a prompter where there is a terminal, and nothing forbids it."""

    def show(world: World) -> None:
        world.screen.put(f"{world.prompter is not None} {world.stdin()}")

    (observed,) = observe(top + STEP + step, show)
    assert observed.screen.startswith(str(asked))
    assert observed.screen.endswith("{}\n") == ("stdin" in step)


def test_the_config_file_can_change_between_steps() -> None:
    """From the step on that says so; false takes it away; its stamp tells."""

    def show(world: World) -> None:
        world.screen.put(f"{world.config.read()!r} {world.config.stamp()}")

    text = f'config = "a"\n{STEP}{STEP}config = "b"\n{STEP}{STEP}config = false\n'
    seen = [observed.screen for observed in observe(text, *[show] * 4)]
    assert seen[0].startswith("b'a' /home/dev/.config/authkit/config.toml:")
    assert seen[1] == seen[2]
    assert seen[1].startswith("b'b' ")
    assert seen[3] == "None /home/dev/.config/authkit/config.toml\n"


def test_ctrl_c_ends_a_wait() -> None:
    """It is pressed after so long, shows as terminals show it, and only in its own step."""

    def wait(world: World) -> int:
        try:
            world.clock.sleep(timedelta(minutes=1))
        except KeyboardInterrupt:
            now(world)
            return 130
        return 0

    first, second = observe(f'{STEP}ctrl_c = "5s"\n{STEP}', wait, wait)
    assert (first.screen, first.exit) == ("^C22 12:00:05\n", 130)
    assert first.does == ("sleep 1m -> ^C",)
    assert second.exit == 0


def test_faults_are_the_steps_and_must_happen() -> None:
    """One that does not come due is a mistake in the story, and does not stay for the next."""
    fault = 'fault = [{ on = "keyring.get", answer = "locked" }]\n'
    text = f"{STEP}{fault}{STEP}"
    assert observe(text, nothing, nothing)[0].troubles == (
        "the fault on keyring.get does not happen",
    )

    def read(world: World) -> None:
        world.keyring.get_password("authkit", "dev-admin")

    assert observe(text, nothing, read)[1].does == ("keyring get dev-admin -> none",)


def test_events_that_cannot_happen_are_the_storys_fault() -> None:
    """The message is the directory's; the line is the step's."""
    with pytest.raises(BadStory, match=r"a-story.toml:4: 'delete key AKIA' cannot happen: .*AKIA"):
        observe(f'{STEP}events = ["delete key AKIA"]\n', nothing)


@pytest.mark.parametrize(
    ("event", "answer"),
    [
        ("deactivate AKIAXXXXXXXXXXXXXXXX", "InvalidClientTokenId"),
        ("delete key AKIAXXXXXXXXXXXXXXXX", "InvalidClientTokenId"),
        ("rotate dev-admin", "InvalidClientTokenId"),
        ("rotate dev-admin to AKIANEWNEWNEWNEWNEWN another-secret", "InvalidClientTokenId"),
        ("delete user dev-admin", "InvalidClientTokenId"),
        ("lock keyring", "locked"),
        ("break keyring", "unreadable"),
    ],
)
def test_what_happened_before_a_command_is_seen_by_it(event: str, answer: str) -> None:
    """The administrator's work, and the keyring's state."""
    observed = observe(f'{KEYS}{LOGIN}events = ["{event}"]\n')
    assert any(effect.endswith(f"-> {answer}") for effect in observed[0].does)


def test_what_was_undone_is_as_before() -> None:
    """A key made active again and a keyring unlocked let the next login through."""
    undone = '["deactivate AKIAXXXXXXXXXXXXXXXX", "activate AKIAXXXXXXXXXXXXXXXX",'
    undone += ' "lock keyring", "unlock keyring", "break keyring", "mend keyring"]'
    (observed,) = observe(f"{KEYS}{LOGIN}events = {undone}\n")
    assert (observed.exit, list(observed.sessions)) == (0, ["dev-admin"])


def test_another_login_holds_the_lock_and_leaves_its_session() -> None:
    """This one waits for it, and then asks STS for nothing but whether the session is good."""
    event = 'events = ["another login for dev-admin holds the lock for 1s and logs in"]\n'
    (observed,) = observe(f"{KEYS}{LOGIN}{event}")
    assert observed.exit == 0
    assert "lock acquire dev-admin -> busy" in observed.does
    assert not any("GetSessionToken" in effect for effect in observed.does)
    assert list(observed.sessions) == ["dev-admin"]


# A step's claims, the program, and what is said of them.
BROKEN = [
    ("", lambda _: 3, ["the exit status is 3, not 0"]),
    ("shows = 'a'\n", nothing, ["the screen is not as told (- told, + seen, . effects)"]),
    ("does = []\n", lambda world: world.config.read() and 0, ["the effects are not as told"]),
    ("keyring.a = false\n", nothing, ["keyring.a is there, and should not be"]),
    ("keyring.b.x = '1'\n", nothing, ["keyring.b is not there"]),
    ("keyring.a.x = '2'\n", nothing, ["keyring.a.x is '1', not '2'"]),
    ("keyring.a.x = false\n", nothing, ["keyring.a.x is '1', and should not be there"]),
    ("keyring.a.y = '1'\n", nothing, ["keyring.a.y is not there"]),
    ("keyring.a = 'raw'\n", nothing, ['keyring.a is \'{"version": 1, "x": "1"}\', not \'raw\'']),
    ("keyring.c.x = '1'\n", nothing, ["keyring.c cannot be read (Expecting value: line 1"]),
    ("session.a = false\n", nothing, ["session.a is there, and should not be"]),
    ("session.a = '['\n", nothing, ["session.a is '{', not '['"]),
    ("session.a.account = '1'\n", nothing, ["session.a cannot be read (it is not JSON): '{'"]),
    ("session.b.account = '1'\n", nothing, ["session.b is not there"]),
    ("shows = 'MFA ARN: x'\n", nothing, ["nobody asks for 'MFA ARN'", "the screen is not"]),
    ("", ask("MFA ARN"), ["nobody answers 'MFA ARN (optional):'", "the screen is not as told"]),
    ("child.env.A = '1'\n", nothing, ["child.env.A is not there"]),
]
HOLD = [
    ("", nothing),
    ("exit = 3\n", lambda _: 3),
    ("keyring.a.x = '1'\nkeyring.b = false\nkeyring.c = 'raw'\n", nothing),
    ("keyring.a.y = false\n", nothing),
    ("session.a = '{'\nsession.b = false\n", nothing),
    ("does = ['config read -> none']\n", lambda world: world.config.read() and 0),
]
LEFT = "keyring.a.x = '1'\nkeyring.c = 'raw'\nsession.a = '{'\n"


@pytest.mark.parametrize(("claims", "program", "said"), BROKEN)
def test_a_claim_that_does_not_hold_is_said(claims: str, program: Program, said: list[str]) -> None:
    """What is claimed, and what is so."""
    texts = wrong(f"{LEFT}{STEP}{claims}", program)
    assert len(texts) == len(said)
    assert all(text.startswith(start) for text, start in zip(texts, said, strict=True))


@pytest.mark.parametrize(("claims", "program"), HOLD)
def test_a_claim_that_holds_is_not_mentioned(claims: str, program: Program) -> None:
    """The same claims, true."""
    assert wrong(f"{LEFT}{STEP}{claims}", program) == []


def test_what_is_left_of_a_session_is_compared_by_its_facts() -> None:
    """The instants, the duration asked for, and who it is; a difference names the fact."""
    login = f"{LOGIN}shows = '✓'\n"
    facts = "session.dev-admin.expires = 2024-12-23T01:00:00+01:00\n"
    facts += 'session.dev-admin.duration = "12h"\nsession.dev-admin.mfa_arn = ""\n'
    assert len(wrong(KEYS + login + facts)) == 1  # the screen alone
    assert wrong(KEYS + login + facts.replace("+01:00", "+02:00"))[1:] == [
        "session.dev-admin.expires is 2024-12-23T00:00:00+00:00, not 2024-12-23T01:00:00+02:00"
    ]


def test_a_childs_environment_is_compared() -> None:
    """What it must find, and what it must not."""
    run = STEP.replace("authkit it", "authkit exec dev-admin -- aws")
    text = f"{KEYS}{run}env = {{ AWS_PROFILE = 'x', PATH = '/bin' }}\nchild.exit = 0\n"
    good = "child.env = { AWS_REGION = 'us-east-1', AWS_PROFILE = false, PATH = '/bin' }\n"
    bad = "child.env = { AWS_REGION = 'here', PATH = false }\n"
    assert not any("child.env" in said for said in wrong(text + good))
    assert [said for said in wrong(text + bad) if "child.env" in said] == [
        "child.env.AWS_REGION is 'us-east-1', not 'here'",
        "child.env.PATH is '/bin', and should not be there",
    ]


def chatty(world: World) -> int:
    """Do a bit of everything."""
    world.screen.say("first")
    world.config.read()
    world.screen.say("second")
    ask("AWS Secret Access Key")(world)
    world.sessions.drop("dev-admin")
    return 1


REPORT = """\
scenarios/a-story.toml:4: at level fakes: authkit it
  the screen is not as told (- told, + seen, . effects)
  the effects are not as told (- told, + seen)
    - config stamp
    + config read -> none
      session drop dev-admin -> none
  the exit status is 1, not 0

      first
          . config read -> none

    - zweitens
    + second

      AWS Secret Access Key: ********

      s3cret
          . session drop dev-admin -> none"""


def test_a_failure_shows_the_transcript_with_its_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    """It points at the step's line, and shows both screens with the effects where they happened."""
    monkeypatch.setitem(LEVELS, "fakes", standing_in(chatty))
    shows = "first\n\nzweitens\n\nAWS Secret Access Key: ********  <- s3cret\n\ns3cret\n"
    does = 'does = ["config stamp", "session drop dev-admin -> none"]\n'
    story = reading.parse(f"{HEAD}{STEP}shows = '''\n{shows}'''\n{does}", FILE)
    with pytest.raises(DoesNotHold) as raised:
        replay(story, "fakes")
    assert str(raised.value) == REPORT


def test_replaying_ends_where_a_story_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes after would be told of another world."""
    ran: list[int] = []

    def count(_world: World) -> int:
        ran.append(len(ran))
        return ran[-1]

    monkeypatch.setitem(LEVELS, "fakes", standing_in(*[count] * 3))
    with pytest.raises(DoesNotHold, match=r"a-story\.toml:6:"):
        replay(reading.parse(HEAD + STEP * 3, FILE), "fakes")
    assert ran == [0, 1]


def test_what_is_written_past_the_world_is_seen() -> None:
    """Argparse's help goes to stdout by itself, and is on the screen all the same."""
    (observed,) = observe(STEP.replace("authkit it", "authkit --help"))
    assert observed.screen.startswith("usage: authkit ")
    assert observed.exit == 0


def test_a_step_at_level_boto3_is_the_step_at_level_fakes() -> None:
    """The same screen, effects and remains, through the real AWS library and moto's IAM."""
    story = reading.read(ROOT / "scenarios" / "rotation.toml")
    seen = []
    for level in ("fakes", "boto3"):
        with LEVELS[level](story) as stage:
            ran = [stage.run(step) for step in story.steps]
        seen.append([(o.screen, o.exit, o.does, o.keyring, o.sessions) for o in ran])
    assert seen[0] == seen[1]


# Ours, and without one that would be imported anew in every run.
PLUGINS = ("-p", "scenarios.replay.collect", "-p", "no:hypothesispytest")

# The two ways in: pytest, and python -m scenarios.

GOOD = f"{HEAD}[[step]]\nrun = 'authkit --version'\nshows = 'authkit {__version__}'\n"
BAD = GOOD.replace(__version__, "0.0.0")


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of scenarios of its own, with pytest and python -m scenarios in it."""
    monkeypatch.delenv("CI", raising=False)
    folder = pytester.mkdir("scenarios")
    monkeypatch.setattr(reading, "STORIES", folder)
    return folder


def collect(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest there."""
    return pytester.runpytest_inprocess(*PLUGINS, *arguments)


def test_pytest_has_one_test_per_file_and_level(pytester: pytest.Pytester, folder: Path) -> None:
    """Ids are file and level; a level that is excepted has no test."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    (folder / "other.toml").write_text(f"except.boto3 = 'why'\n{GOOD}", encoding="utf-8")
    (folder / "notes.txt").write_text("not a story", encoding="utf-8")
    run = collect(pytester, "--collect-only", "-q")
    ids = [line for line in run.outlines if "::" in line]
    assert ids == [
        "scenarios/good.toml::fakes",
        "scenarios/good.toml::boto3",
        "scenarios/other.toml::fakes",
    ]
    collect(pytester, "scenarios/good.toml::boto3").assert_outcomes(passed=1)


def test_pytest_shows_the_story_and_no_stack(pytester: pytest.Pytester, folder: Path) -> None:
    """A failure points into the story; a file that is none, at its line."""
    (folder / "bad.toml").write_text(f"{HEAD}{STEP}show = 1\n", encoding="utf-8")
    (folder / "good.toml").write_text(BAD, encoding="utf-8")
    run = collect(pytester, "--continue-on-collection-errors")
    run.assert_outcomes(failed=2, errors=1)
    said = run.stdout.str()
    assert "scenarios/bad.toml:6: there is no key 'show' here" in said
    assert "scenarios/good.toml:4: at level boto3: authkit --version" in said
    assert "Traceback" not in said
    assert ".py:" not in said


def test_the_command_shows_transcripts_and_sums_up(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each story once, however many levels; the last line counts; the exit status tells."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    assert command.main(["good", "--level", "fakes", "--level", "boto3"]) == 0
    said = capsys.readouterr().out
    assert said.count(f"$ authkit --version\nauthkit {__version__}\n") == 1
    assert "good: holds at fakes; holds at boto3" in said
    assert said.splitlines()[-1].startswith("1 scenario at fakes ")
    assert said.splitlines()[-1].endswith(": all hold")


def test_the_command_fails_when_a_story_does(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that does not hold and one that is none: exit 1, and both are said."""
    (folder / "bad.toml").write_text(f"{HEAD}{STEP}show = 1\n", encoding="utf-8")
    (folder / "good.toml").write_text(BAD, encoding="utf-8")
    assert command.main(["--level", "fakes"]) == 1
    said = capsys.readouterr().out
    assert "bad.toml:6: there is no key 'show' here" in said
    assert "good.toml:4: at level fakes" in said
    assert said.splitlines()[-1].endswith(": 2 failed")


def test_the_command_lists_stories(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, what it is about, and what it shows."""
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    assert command.main(["--list"]) == 0
    assert capsys.readouterr().out == "good: a (B-L01)\n"


def test_the_command_knows_no_other_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown story or level is bad usage: exit 2, and the nearest names."""
    for name in ("rotation", "recovery", "logout"):
        (folder / f"{name}.toml").write_text(GOOD, encoding="utf-8")
    assert command.main(["rotatoin"]) == 2
    assert "there is no scenario rotatoin; the nearest are: rotation" in capsys.readouterr().err
    with pytest.raises(SystemExit) as raised:
        command.main(["--level", "dreams"])
    assert raised.value.code == 2


def test_it_is_a_program() -> None:
    """`python -m scenarios` replays a story by name or path."""
    run = [sys.executable, "-m", "scenarios", "rotation", "scenarios/rotation.toml"]
    done = subprocess.run([*run, "--level", "fakes"], cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert done.stdout.decode().count("$ authkit login dev-admin\n") == 2
