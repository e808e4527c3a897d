"""Arbitrary keyring entries, session files and config files: a message, and nothing is lost."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authkit import cli
from authkit.adapters.state_folder import StateFolder
from authkit.core import entries
from fakes.world.children import Child
from tests.support.anything import COMMANDS, HANDS_ON, ODD, QUICK, check, spoilt, written
from tests.support.people import ENTRY, KEYS, NAME, Obliging, a_scene, entry, run


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_odd_texts(command: tuple[str, ...]) -> None:
    """B-S04, B-A01, B-A02: odd texts as an entry, and as a session file."""
    for odd in ODD:
        scene = a_scene(odd)
        check(run(scene, *command, child=Child()), COMMANDS[command])
        scene = a_scene(KEYS)
        scene.sessions.texts[NAME] = odd
        check(run(scene, *command, child=Child()), COMMANDS[command])


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if c[0] not in {"login", "exec"}], ids=" ".join
)
@QUICK
@given(raw=written(spoilt({"version": 1, **ENTRY})))
def test_any_keyring_entry(command: tuple[str, ...], raw: str) -> None:
    """B-S04, B-A02: no traceback, and the entry stays, where nobody can be asked."""
    scene = a_scene(raw)
    check(run(scene, *command, child=Child()), COMMANDS[command])
    assert scene.keyring.entries[entries.SERVICE, NAME] == raw


@QUICK
@given(raw=written(spoilt({"version": 1, **ENTRY})))
@pytest.mark.parametrize("command", [("login", NAME), ("exec", NAME, "--", "x")], ids=" ".join)
def test_login_with_any_keyring_entry(command: tuple[str, ...], raw: str) -> None:
    """B-S04: an entry is changed only if STS has refused its keys."""
    scene = a_scene(raw)
    check(run(scene, *command, child=Child()), COMMANDS[command])
    if scene.keyring.entries.get((entries.SERVICE, NAME)) != raw:
        assert scene.account.calls[0].code in {"InvalidClientTokenId", "SignatureDoesNotMatch"}


@QUICK
@given(raw=written(spoilt({"version": 1, **ENTRY})))
def test_configure_over_any_keyring_entry(raw: str) -> None:
    """B-S04, B-C01: `user configure` replaces any entry."""
    scene = a_scene(raw)
    check(run(scene, "user", "configure", NAME, person=Obliging()), {0})
    assert entry(scene) == ENTRY


def good_session() -> dict[str, object]:
    """Return what login writes into a session file."""
    scene = a_scene(KEYS)
    assert run(scene, "login", NAME).status == 0
    session: dict[str, object] = json.loads(scene.sessions.texts[NAME])
    return session


GOOD = good_session()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@QUICK
@given(raw=written(spoilt(GOOD)))
@example(raw=json.dumps(GOOD | {"expiration": 1e30}))
@example(raw=json.dumps(GOOD | {"expiration": 0, "duration": 1e300}))
@example(raw=json.dumps(GOOD | {"region": "nowhere\n"}))
@example(raw=json.dumps(GOOD | {"access_key_id": "\0", "session_token": "\ud800"}))
def test_any_session_file(command: tuple[str, ...], raw: str) -> None:
    """B-S04, B-A02: an invalid session file is no session; the keys stay."""
    scene = a_scene(KEYS)
    scene.sessions.texts[NAME] = raw
    done = run(scene, *command, child=Child())
    if done.status == 0 and command[0] in HANDS_ON:
        return
    check(done, COMMANDS[command])
    assert entry(scene) == KEYS


@QUICK
@given(content=st.binary() | st.sampled_from(ODD).map(lambda odd: odd.encode("utf-8", "replace")))
def test_any_bytes_as_a_session_file(content: bytes) -> None:
    """B-S04: a session file of arbitrary bytes can be read."""
    with TemporaryDirectory() as folder:
        state = StateFolder(folder)
        state.replace(NAME, "")
        (Path(folder) / "sessions" / f"{NAME}.json").write_bytes(content)
        scene = a_scene(KEYS)
        scene.sessions.texts[NAME] = state.read(NAME) or ""
        check(run(scene, "whoami", NAME), {0, 1})


pieces = st.sampled_from(
    [
        *("default = ", f"[identities.{NAME}]\n", "[identities]\n", "kind = 'aws/user'\n"),
        *("region = ", "mfa_arn = ", "session_duration = ", "'36h'\n", "'\u202e\x1b'\n", "1\n"),
        *(f"'{NAME}'\n", "[]\n", "{}\n", "true\n", "secret_access_key = 'x'\n", "role_arn = 'x'\n"),
        *("'us-east-1'\n", "source = 'x'\n", "kind = 'aws/assume-role'\n", "'9999999999d'\n"),
    ]
)
configs = st.binary() | st.lists(pieces, max_size=6).map(lambda them: "".join(them).encode())


@QUICK
@given(content=configs)
@example(content=b"x = " + b"[" * 50_000)
@example(content=b"\xff\xfe")
@example(content=b"identities.dev-admin.session_duration = 1979-05-27")
def test_any_config_file(content: bytes) -> None:
    """B-A02, docs/contract.md, Config file: a valid file, or exit 2 and an error that names it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_bytes(content)
        said = io.StringIO()
        with (
            patch.dict("os.environ", {"AUTHKIT_STATE_DIR": folder, "NO_COLOR": "1"}),
            redirect_stdout(said),
            redirect_stderr(said),
        ):
            status = cli.main(["--config", str(file), "list"])
        assert status in {0, 2}, said.getvalue()
        assert status == 0 or str(file) in said.getvalue()
        assert "did not expect" not in said.getvalue()
        assert not {*said.getvalue()} & {"\x1b", "\x9b", "\u202e"}
