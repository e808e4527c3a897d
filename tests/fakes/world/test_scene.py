"""The scene, the World that one command sees of it, and the running of a command."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.arguments import Options
from authkit.core.failures import Refused
from authkit.core.model import AccessKeys, Marker, Question, Secret
from fakes.world.children import Child
from fakes.world.clock import VirtualClock
from fakes.world.journal import Journal
from fakes.world.prompter import Answer, Person, Unscripted
from fakes.world.scene import Inputs, Scene, open_account, port_skin, run_command
from sts_simulator.account import account_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from authkit.core.ports import World
    from fakes.world.scene import MakeWorld

NOON = datetime(2024, 12, 22, 12, tzinfo=UTC)
KEYS = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret("the-secret"))
TABLE = {"keys": {"only": {"id": KEYS.access_key_id, "secret": "the-secret"}}}


def a_scene(program: Callable[[World], object]) -> Scene:
    """Return a scene with one user's keys, in which this program is run in authkit's place."""

    def main(arguments: Sequence[str], make_world: MakeWorld) -> int:
        options = Options()
        options.no_input = "--no-input" in arguments
        program(make_world(options))
        return len(arguments)

    clock = VirtualClock(NOON)
    account = open_account(TABLE, account_table.settings(TABLE), clock)
    return Scene(main, account, clock, port_skin(account, clock))


def test_every_port_is_recorded() -> None:
    """The lines of all ports come in the order in which they were used."""

    def program(world: World) -> None:
        world.config.read()
        world.keyring.set_password("authkit", "dev-admin", "entry")
        world.markers.mark("dev-admin", Marker())
        world.lock("dev-admin").acquire()
        world.sts("us-east-1").get_caller_identity(KEYS)
        world.clock.sleep(timedelta(seconds=2))
        world.children.run(["aws", "s3"], {})

    journal = Journal()
    scene = a_scene(program)
    assert run_command(scene, Inputs(child=Child()), ["a"], journal).status == 1
    assert journal.effects == (
        "config read -> none",
        "keyring set dev-admin",
        "mark dev-admin",
        "lock acquire dev-admin",
        "sts GetCallerIdentity AKIAXXXXXXXXXXXXXXXX",
        "sleep 2s",
        "child aws s3",
    )


def test_a_scene_lasts_from_one_command_to_the_next() -> None:
    """What one command leaves behind, the next one finds."""
    found: list[object] = []

    def program(world: World) -> None:
        found.append(world.keyring.get_password("authkit", "dev-admin"))
        found.append(world.lock("dev-admin").acquire())
        found.append(world.sessions.read("dev-admin"))
        found.append(world.clock.now())
        world.keyring.set_password("authkit", "dev-admin", "entry")
        world.sessions.replace("dev-admin", "session")
        world.lock("dev-admin").release()
        world.clock.sleep(timedelta(hours=1))

    scene = a_scene(program)
    for _ in range(2):
        run_command(scene, Inputs(), [], Journal())
    assert found == [None, True, None, NOON, "entry", True, "session", NOON + timedelta(hours=1)]


@pytest.mark.parametrize(
    ("person", "arguments", "environ", "asked"),
    [
        (Person(), [], {}, True),
        (None, [], {}, False),
        (Person(), ["--no-input"], {}, False),
        (Person(), [], {"CI": "1"}, False),
    ],
)
def test_who_may_be_asked(
    person: Person | None,
    arguments: list[str],
    environ: dict[str, str],
    asked: bool,  # noqa: FBT001 - a row of the table
) -> None:
    """A person at a terminal, unless --no-input or CI forbids it."""
    prompters: list[object] = []
    scene = a_scene(lambda world: prompters.append(world.prompter))
    run_command(scene, Inputs(person, environ=environ), arguments, Journal())
    assert [prompter is not None for prompter in prompters] == [asked]


def test_inputs_are_of_one_command() -> None:
    """Standard input, the person's answers and variables that take precedence over the scene's."""
    found: list[object] = []

    def program(world: World) -> None:
        assert world.prompter
        found.append(world.stdin())
        found.append(world.prompter.ask(Question("Name: ", secret=False)))
        found.append(dict(world.environ))

    scene = a_scene(program)
    scene.environ = {"TERM": "xterm", "AWS_REGION": "us-east-1"}
    inputs = Inputs(
        Person([Answer("Name", "dev")]), stdin="{}", environ={"AWS_REGION": "eu-west-1"}
    )
    run_command(scene, inputs, [], Journal())
    assert found == ["{}", "dev", {"TERM": "xterm", "AWS_REGION": "eu-west-1"}]


def test_the_environment_of_a_child_is_returned() -> None:
    """None when no child was run."""
    scene = a_scene(lambda world: world.children.run(["aws"], {"AWS_REGION": "eu-west-1"}))
    result = run_command(scene, Inputs(child=Child()), [], Journal())
    assert result.child_environ == {"AWS_REGION": "eu-west-1"}
    assert run_command(a_scene(lambda _: None), Inputs(), [], Journal()).child_environ is None


def test_what_is_printed_past_the_world_is_on_the_screen() -> None:
    """A library's words on stdout and stderr come into the journal like any others."""
    journal = Journal()

    def program(world: World) -> None:
        sys.stdout.write("out\n")
        world.screen.put("data")
        sys.stderr.write("err\n")

    run_command(a_scene(program), Inputs(), [], journal)
    assert journal.screen == "out\ndata\nerr\n"


def test_the_journal_survives_what_ends_a_command() -> None:
    """Effects before an error in the script are in the journal."""
    journal = Journal()

    def program(world: World) -> None:
        world.sessions.names()
        world.children.run(["aws"], {})

    with pytest.raises(Unscripted):
        run_command(a_scene(program), Inputs(), [], journal)
    assert journal.effects == ("session list",)


def test_the_login_of_another_process_leaves_only_its_effects() -> None:
    """It runs the program with a person who knows the code, and its screen is discarded."""
    seen: list[object] = []

    def program(world: World) -> None:
        seen.append(world.prompter and world.prompter.ask(Question("Enter MFA Token: ")))

    scene = a_scene(program)
    scene.log_in("dev-admin", "123456")
    assert seen == ["123456"]


def test_sts_is_the_scenes_account() -> None:
    """An administrator's change is seen by the next call."""

    def program(world: World) -> None:
        world.sts("us-east-1").get_caller_identity(KEYS)

    scene = a_scene(program)
    run_command(scene, Inputs(), [], Journal())
    scene.account.directory.remove_key(KEYS.access_key_id)
    with pytest.raises(Refused, match="InvalidClientTokenId"):
        run_command(scene, Inputs(), [], Journal())
