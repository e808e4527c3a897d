"""A kind from elsewhere among the fakes: one that a distribution of these tests brings.

docs/examples/azure_service_principal has stories of a whole one.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import installed_kinds
from authkit.core.entries import SERVICE
from fakes.world.children import Child
from fakes.world.config import PATH
from fakes.world.journal import Journal
from fakes.world.prompter import Answer, Person
from fakes.world.scene import Inputs, run_command
from tests.support.distributions import FIELDS, TABLE, WORKING, install
from tests.support.people import a_scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fakes.world.scene import Scene

LOG_IN = "expires = world.clock.now() + timedelta(hours=1)"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder on sys.path; the kind in it is forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("x_kind", None)
    installed_kinds._brought.clear()  # noqa: SLF001 - of this test


def scene_with(table: str = TABLE) -> Scene:
    """Return a scene with the identity `robot`, whose credentials are stored."""
    scene = a_scene()
    scene.config = f"{table}[identities.dev-admin]\n"
    scene.keyring.entries[SERVICE, "robot"] = json.dumps({"version": 1, **FIELDS})
    return scene


def run(scene: Scene, *words: str, **environ: str) -> tuple[int, str]:
    """Run a command; return its exit status and the screen."""
    journal = Journal(now=scene.clock.now)
    inputs = Inputs(child=Child(), environ=environ)
    status = run_command(scene, inputs, words, journal).status
    return status, journal.screen


def test_what_env_prints(folder: Path) -> None:
    """B-E02: the session's own variables, and no region; what it names blank is unset."""
    install(folder, "x-kit")
    scene = scene_with()
    assert run(scene, "login", "robot")[0] == 0
    status, shown = run(scene, "env", "robot", "--format", "json")
    values = json.loads(shown)
    assert status == 0
    assert (values["X_TOKEN"], values["X_PASSWORD"]) == ("token of secret-password", None)
    assert values["AUTHKIT_IDENTITY"] == "robot"
    assert {name for name, value in values.items() if value} == {"X_TOKEN", "AUTHKIT_IDENTITY"}
    assert "unset X_TOKEN" in run(scene, "env", "robot", "--unset")[1]


@pytest.mark.parametrize("words", [("credential-process",), ("profile", "add")])
@pytest.mark.parametrize("hours", [None, 0, 2])
def test_it_is_not_for_aws_programs(
    folder: Path, words: tuple[str, ...], hours: int | None
) -> None:
    """B-K01: said before anything is asked, renewed or written; with a session or none."""
    install(folder, "x-kit")
    scene = scene_with()
    if hours is not None:
        run(scene, "login", "robot")
        scene.clock.sleep(timedelta(hours=hours))
    journal = Journal()
    status = run_command(scene, Inputs(), (*words, "robot"), journal).status
    assert "robot is of the kind x/y: its session is not AWS's." in journal.screen
    assert status == 1
    ports = {line.split()[0] for line in journal.effects}
    assert not ports & {"keyring", "web", "file", "lock"}


@pytest.mark.parametrize("source", [WORKING, "import not_there_at_all"])
def test_no_role_is_reached_from_it(folder: Path, source: str) -> None:
    """B-K03: the source of a role is AWS's; any other is a mistake in the config file."""
    install(folder, "x-kit", source)
    role = "arn:aws:iam::123456789012:role/deploy"
    table = (
        f"[identities.deploy]\nkind = 'aws/assume-role'\nsource = 'robot'\nrole_arn = '{role}'\n"
    )
    status, shown = run(scene_with(f"{TABLE}{table}"), "login", "deploy")
    assert "identities.deploy.source: identities.robot is of the kind x/y" in shown
    assert status == 2


def test_doctor_sends_its_keys_to_nobody(folder: Path) -> None:
    """B-K01: AWS is not asked about them, whatever the fields are called; it has no region."""
    fields = WORKING.replace('"user", "User"', '"access_key_id", "User"')
    install(folder, "x-kit", fields.replace('"password"', '"secret_access_key"'))
    scene, journal = scene_with(), Journal()
    stored = {"version": 1, "access_key_id": "me", "secret_access_key": "secret-password"}
    scene.keyring.entries[SERVICE, "robot"] = json.dumps(stored)
    run_command(scene, Inputs(), ("doctor", "robot"), journal)
    assert "robot, x/y" in journal.screen
    assert "us-east-1, the default" not in journal.screen
    assert not [line for line in journal.effects if "GetCallerIdentity me" in line]


def test_import_beside_it(folder: Path) -> None:
    """An identity is imported into a config file that has one of such a kind."""
    install(folder, "x-kit")
    scene = scene_with()
    scene.files.contents[PATH] = TABLE.encode()
    keys = {"AWS_ACCESS_KEY_ID": "AKIAXXXXXXXXXXXXXXXX", "AWS_SECRET_ACCESS_KEY": "a-secret"}
    environ = {**keys, "AWS_REGION": "eu-west-1"}
    status, shown = run(scene, "import", "--env", "--profile", "dev", "--no-verify", **environ)
    assert (status, "there is no kind" in shown) == (0, False)
    assert scene.files.contents[PATH].startswith(TABLE.encode())
    assert b"eu-west-1" in scene.files.contents[PATH]


def test_what_it_does_not_tell_is_not_shown(folder: Path) -> None:
    """B-L25: a session without an account or a principal has no line for it."""
    install(folder, "x-kit", WORKING.replace(', principal=values.text("scope")', ""))
    scene = scene_with()
    for words in (("login", "robot"), ("whoami", "robot")):
        status, shown = run(scene, *words)
        assert (status, "Account" in shown, "Principal" in shown) == (0, False, False)


def test_its_fields_are_asked_for(folder: Path) -> None:
    """B-L02, B-K02: one at a time, in the kind's own words."""
    install(folder, "x-kit")
    scene = scene_with()
    scene.keyring.entries.clear()
    person = Person(
        [Answer("User", "me"), Answer("Password", "secret-password"), Answer("Scope", "")]
    )
    journal = Journal()
    assert run_command(scene, Inputs(person), ("login", "robot"), journal).status == 0
    assert "X credentials are required for identity: robot" in journal.screen
    assert json.loads(scene.keyring.entries[SERVICE, "robot"]) == {"version": 1, **FIELDS}


@pytest.mark.parametrize("source", [WORKING, WORKING.replace("log_in=log_in", "log_in=refuse")])
def test_its_fields_are_tried_before_they_are_saved(folder: Path, source: str) -> None:
    """B-C01, B-C03: by its own function; what the service refuses is not saved."""
    refuse = "def refuse(world, values):\n    raise kinds.Refused('token', 'no')\n"
    install(folder, "x-kit", source.replace("FIELDS = (", f"{refuse}\nFIELDS = ("))
    scene = scene_with()
    given = json.dumps({**FIELDS, "user": "you", "scope": "all"})
    words, journal = ("user", "configure", "robot", "--stdin"), Journal()
    status = run_command(scene, Inputs(stdin=given), words, journal).status
    told = "It refuses.\n  Nothing was saved." if status else "X knows these keys: all"
    assert told in journal.screen
    assert ('"you"' in scene.keyring.entries[SERVICE, "robot"]) == (status == 0)
    assert status == ("refuse)" in source)


def test_the_session_file_has_no_credential(folder: Path) -> None:
    """B-S01: it keeps the variables; the keys are neither in it nor on the screen."""
    install(folder, "x-kit")
    scene = scene_with()
    assert "secret-password" not in run(scene, "login", "robot")[1]
    stored = json.loads(scene.sessions.texts["robot"])
    assert stored["variables"] == {"X_TOKEN": "token of secret-password", "X_PASSWORD": ""}
    of_aws = ("access_key_id", "secret_access_key", "session_token", "region", "mfa_arn")
    assert [stored[name] for name in of_aws] == [""] * 5


@pytest.mark.parametrize(
    "variables",
    [{"X TOKEN": "a"}, {"": "a"}, {"X;y": "a"}, {"Ü": "a"}, {"X": "a\nb"}, {"X": 1}, ["X"], "X"],
)
def test_variables_that_no_shell_can_set(folder: Path, variables: object) -> None:
    """A session file with such variables is corrupt."""
    install(folder, "x-kit")
    scene = scene_with()
    run(scene, "login", "robot")
    stored = json.loads(scene.sessions.texts["robot"])
    scene.sessions.texts["robot"] = json.dumps({**stored, "variables": variables})
    status, shown = run(scene, "exec", "robot", "--no-probe", "--", "true", CI="1")
    assert "cannot be read" in shown
    assert status != 0 or "Authentication successful" in shown


def test_a_setting_that_changes(folder: Path) -> None:
    """B-S03: a session made with another setting is not used; the config file's comes first."""
    install(folder, "x-kit")
    scene = scene_with()
    stored = {"version": 1, **FIELDS, "scope": "little"}
    scene.keyring.entries[SERVICE, "robot"] = json.dumps(stored)
    run(scene, "login", "robot")
    scene.config = f"{TABLE}scope = 'all'\n"
    status, shown = run(scene, "whoami", "robot")
    assert (status, "other settings" in shown) == (1, True)
    assert run(scene, "login", "robot")[0] == 0
    assert "Principal      all" in run(scene, "whoami", "robot")[1]


def test_other_lines_of_the_config_file(folder: Path) -> None:
    """B-S03: a session stays when what changes there is about something else."""
    install(folder, "x-kit")
    scene = scene_with()
    run(scene, "login", "robot")
    scene.config = f"{TABLE}# mine\n"
    assert run(scene, "whoami", "robot")[0] == 0


def test_a_session_is_used_without_the_distribution(folder: Path) -> None:
    """With the config file as it was at login, nothing of the distribution is loaded."""
    install(folder, "x-kit")
    scene = scene_with()
    run(scene, "login", "robot")
    sys.modules.pop("x_kind")
    installed_kinds._brought.clear()  # noqa: SLF001 - as in another process
    assert run(scene, "exec", "robot", "--", "true")[0] == 0
    assert "x_kind" not in sys.modules


def test_refused_credentials(folder: Path) -> None:
    """B-L04: the vendor has refused them, not the endpoint that AWS's calls go to."""
    rule = 'kinds.Rule("gone", kinds.codes("no"), kinds.Action.REPLACE_KEYS, "They are gone", "")'
    source = WORKING.replace("RULES = (", f"RULES = ({rule}, ")
    refuse = "    raise kinds.Refused('token', 'no')\n"
    install(folder, "x-kit", source.replace("    expires =", f"{refuse}    expires =", 1))
    endpoint = "http://localhost:4566"
    status, shown = run(scene_with(), "login", "robot", AWS_ENDPOINT_URL_STS=endpoint)
    assert (status, "They are gone" in shown, endpoint in shown) == (1, True, False)


def test_a_region_means_nothing(folder: Path) -> None:
    """Only AWS's kinds have one."""
    install(folder, "x-kit")
    assert '"region": null' in run(scene_with(), "whoami", "robot", "--json")[1]
    status, shown = run(scene_with(f"{TABLE}region = 'eu-west-1'\n"), "whoami", "robot")
    assert (status, "there is no key region" in shown) == (2, True)


@pytest.mark.parametrize("words", [("login",), ("exec", "--min-ttl", "30m", "--", "true")])
def test_how_long_is_not_asked_for(folder: Path, words: tuple[str, ...]) -> None:
    """B-L21: a kind without such a field takes no --duration; --min-ttl logs in anew."""
    install(folder, "x-kit")
    scene = scene_with()
    run(scene, "login", "robot")
    assert "granted" not in run(scene, "login", "robot", "--force")[1]
    if words == ("login",):
        status, shown = run(scene, "login", "robot", "--duration", "2h")
        assert (status, "is not asked for" in shown) == (2, True)
    else:
        scene.clock.sleep(timedelta(minutes=50))
        shown = run(scene, words[0], "robot", *words[1:])[1]
        assert "Authentication successful" in shown


def test_how_long_is_asked_for(folder: Path) -> None:
    """B-L21: of a kind with such a field --duration comes first, then the config file's."""
    field = """kinds.Field("session_duration", "Session Duration", "how long", kinds.not_blank),"""
    source = WORKING.replace('kinds.Field("scope"', f'{field}\n    kinds.Field("scope"')
    source = source.replace('values.text("scope")', 'values.text("session_duration")')
    install(folder, "x-kit", source)
    scene = scene_with(f"{TABLE}session_duration = '40m'\n")
    for words, asked in (("--force",), "40m"), (("--force", "--duration", "1h"), "1h"):
        assert run(scene, "login", "robot", *words)[0] == 0
        assert f"Principal      {asked}\n" in run(scene, "whoami", "robot")[1]


@pytest.mark.parametrize(
    ("hours", "words", "status", "said"),
    [
        (1, (), 0, "⚠ X granted a session of 1h; 3h was asked for.\n"),
        (-1, (), 1, "✗ By X's own clock the session that it granted is over already."),
        (1, ("--min-ttl", "2h"), 2, "longer than the session that X grants robot: 1h."),
    ],
)
def test_less_than_was_asked_for(
    folder: Path, hours: int, words: tuple[str, ...], status: int, said: str
) -> None:
    """B-L22, B-L26, B-E07: it is said of the kind's vendor, and nothing of AWS's users."""
    field = """kinds.Field("session_duration", "Session Duration", "how long", kinds.not_blank),"""
    source = WORKING.replace('kinds.Field("scope"', f'{field}\n    kinds.Field("scope"')
    install(folder, "x-kit", source.replace("hours=1", f"hours={hours}"))
    scene = scene_with(f"{TABLE}session_duration = '3h'\n")
    line = ("exec", "robot", *words, "--", "true") if words else ("login", "robot")
    ended, shown = run(scene, *line)
    assert (ended, said in shown, "AWS" in shown) == (status, True, False)
    assert "root user" not in shown


def test_a_child_that_was_refused(folder: Path) -> None:
    """B-E06: with the AWS CLI's status for that nothing is said of AWS."""
    install(folder, "x-kit")
    scene, journal = scene_with(), Journal()
    run(scene, "login", "robot")
    words = ("exec", "robot", "--", "aws")
    assert run_command(scene, Inputs(child=Child(exit=254)), words, journal).status == 254
    assert "AWS" not in journal.screen


def test_code_that_fails(folder: Path) -> None:
    """B-A02: the kind and its distribution are named; nothing is removed."""
    install(folder, "x-kit", WORKING.replace(LOG_IN, "values['nothing']"))
    scene = scene_with()
    status, shown = run(scene, "login", "robot")
    assert status == 1
    assert "The kind x/y, which x-kit brings, failed:\n  KeyError: 'nothing'." in shown
    assert (SERVICE, "robot") in scene.keyring.entries
    assert run(scene, "list")[0] == 0


@pytest.mark.parametrize("command", ["login", "whoami", "exec", "env", "user configure"])
def test_a_broken_one_is_named(folder: Path, command: str) -> None:
    """Every command on its identity says which distribution, and why."""
    install(folder, "x-kit", "import not_there_at_all")
    scene = scene_with()
    child = ("--", "true") if command == "exec" else ()
    status, shown = run(scene, *command.split(), "robot", *child)
    assert status == 2
    assert "robot is of the kind x/y, which cannot be used:\n  x-kit cannot be loaded" in shown


def test_a_broken_one_hurts_nobody_else(folder: Path) -> None:
    """`list` goes on and says it once; other identities do not notice."""
    install(folder, "x-kit", "import not_there_at_all")
    scene = scene_with(f"{TABLE}colour = 'unheard of'\n[identities.other]\nkind = 'x/y'\n")
    status, shown = run(scene, "list")
    assert status == 1
    assert shown.count("The kind x/y cannot be used: x-kit cannot be loaded") == 1
    assert "robot      x/y       none  none" in run(scene, "list", "--check")[1]
    for line in ("robot      x/y       none  none", "other      x/y       none  none"):
        assert line in shown
    assert run(scene, "whoami", "dev-admin")[0] == run(scene, "whoami", "dev-admin")[0] == 1
    assert "cannot be used" not in run(scene, "login", "dev-admin", "--no-input")[1]


@pytest.mark.parametrize("whose", ["robot", "--all"])
def test_the_keys_of_a_broken_one_can_be_removed(folder: Path, whose: str) -> None:
    """B-O01: `logout` needs nothing of the kind."""
    install(folder, "x-kit", "import not_there_at_all")
    scene = scene_with()
    status, shown = run(scene, "logout", whose, "--keys")
    assert (status, "Keys removed from keyring: robot" in shown) == (0, True)
    assert (SERVICE, "robot") not in scene.keyring.entries


@pytest.mark.parametrize("words", ["login robot", "exec robot -- true", "whoami dev-admin"])
def test_it_is_not_recorded(folder: Path, words: str, tmp_path: Path) -> None:
    """B-S01: what of it is private authkit cannot know, from the config or from a session."""
    install(folder, "x-kit")
    scene = scene_with()
    run(scene, "login", "robot")
    shown = run(scene, "--record", str(tmp_path / "story.toml"), *words.split())[1]
    assert "of a kind from elsewhere was used" in shown
    assert not (tmp_path / "story.toml").exists()


def test_it_is_looked_up_only_when_named(folder: Path) -> None:
    """A config without it imports nothing of any distribution; a built-in name is not looked up."""
    install(folder, "x-kit", "raise SystemExit")
    (folder / "shadow").mkdir()
    install(folder, "shadow-kit", "raise SystemExit", "shadow_kind", name="aws/user")
    scene = scene_with("")
    assert run(scene, "list")[0] == 0
    assert not {"x_kind", "shadow_kind"} & sys.modules.keys()


# What distributions import from authkit.kinds.
PUBLIC = (
    *("Action", "BROKEN_ANSWER", "CANNOT_ASK", "Field", "Granted", "NO_ANSWER", "PAUSES"),
    *("Refused", "Rule", "Template", "Unreachable", "Values", "codes", "kind", "not_blank"),
)


def test_the_names_of_the_package_stay() -> None:
    """docs/write-a-kind.md: a distribution that was written for an older authkit still works."""
    had: dict[str, object] = {}
    exec("from authkit.kinds import *", had)  # noqa: S102 - as in a distribution's module
    assert sorted(had.keys() - {"__builtins__"}) == [*PUBLIC]
