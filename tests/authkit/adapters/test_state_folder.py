"""The session cache: a session as text, the state folder on a real disk, and its lock."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit.adapters.state_folder import StateFolder
from authkit.core import names, sessions
from authkit.core.failures import StateTrouble
from authkit.core.model import CachedSession, Secret, Session
from tests.support.stage import CountedConfig, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LAW = settings(max_examples=80, deadline=None, derandomize=True)
MFA = "arn:aws:iam::123456789012:mfa/user"
SESSION = Session(
    access_key_id="ASIAXXXXXXXXXXXXXXXX",
    secret_access_key=Secret("session-secret-canary"),
    session_token=Secret("session-token-canary"),
    expiration=datetime(2024, 12, 24, 11, 58, tzinfo=UTC),
    granted=datetime(2024, 12, 22, 23, 58, tzinfo=UTC),
)
CACHED = CachedSession(
    session=SESSION,
    kind="aws/user",
    region="us-east-1",
    account="123456789012",
    principal="arn:aws:iam::123456789012:user/dev",
    keys="0123456789abcdef",
    mfa_arn=MFA,
    duration=timedelta(hours=36),
    config_stamp="/home/dev/.config/authkit/config.toml",
)
LINK = "it is a symbolic link"
OLD, NEW = sessions.encode(CACHED), sessions.encode(CACHED.replaced(region="eu-west-1"))


@pytest.fixture(autouse=True)
def _only_the_secrets_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("authkit.core.model._seen", {})


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return where the state folder is to be; there is none yet."""
    return tmp_path / "home" / "state"


@pytest.fixture
def folder(state: Path) -> StateFolder:
    """Return the port over it."""
    return StateFolder(str(state))


def mode(path: Path) -> int:
    """Return a file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Have new files lose these permissions."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


# A session as text.

instants = st.integers(1, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
texts = st.text(max_size=20)
tokens = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20)
secrets = tokens.map(Secret)
cached_sessions = st.builds(
    CachedSession,
    session=st.builds(
        Session,
        access_key_id=tokens,
        secret_access_key=secrets,
        session_token=secrets,
        expiration=instants,
        granted=instants,
    ),
    kind=texts,
    region=texts,
    account=texts,
    principal=texts,
    keys=texts,
    mfa_arn=texts,
    duration=st.integers(900, 129_600).map(lambda seconds: timedelta(seconds=seconds)),
    config_stamp=texts,
)


@LAW
@given(cached_sessions)
def test_what_is_encoded_can_be_decoded(cached: CachedSession) -> None:
    """B-S03: a session remembers all that it was made from, whatever characters are in it."""
    assert sessions.decode(sessions.encode(cached)) == cached


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)
one_field = st.tuples(st.sampled_from([*json.loads(OLD), "session", "self", "new"]), json_values)
damaged = one_field.map(lambda change: json.dumps({**json.loads(OLD), change[0]: change[1]}))
cut = st.integers(0, len(OLD)).map(lambda length: OLD[:length])


@settings(LAW, max_examples=200)
@given(st.text() | json_values.map(json.dumps) | damaged | cut)
def test_any_text_is_a_session_or_none(written: str) -> None:
    """B-S04: a corrupt session file is no session; nothing else comes of it."""
    try:
        cached = sessions.decode(written)
    except ValueError:
        return
    assert sessions.decode(sessions.encode(cached)) == cached


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "it is not JSON"),
        ("[" * 100_000, "it is not what authkit writes"),
        ("null", "it is not what authkit writes"),
        ("[]", "it is not what authkit writes"),
        ("{}", "it is not what authkit writes"),
        (OLD.replace('"version": 2', '"version": 1'), "it is of another version"),
        (OLD.replace('"region"', '"religion"'), "it is not what authkit writes"),
        (OLD.replace('"us-east-1"', "7"), "it is not what authkit writes"),
        (OLD.replace("session-token-canary", ""), "its credentials cannot be sent"),
        (OLD.replace("session-token-canary", "a\\nb"), "its credentials cannot be sent"),
        (OLD.replace("session-secret-canary", "é"), "its credentials cannot be sent"),
        (OLD.replace("ASIAXXXXXXXXXXXXXXXX", "ASIA X"), "its credentials cannot be sent"),
    ],
)
def test_corrupt(written: str, reason: str) -> None:
    """B-S04: and why it is none can be said."""
    with pytest.raises(ValueError, match=reason):
        sessions.decode(written)


@pytest.mark.parametrize(
    "instant",
    [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)],
    ids=["first", "last"],
)
def test_an_instant_that_no_clock_can_show(instant: datetime) -> None:
    """B-S04: at the ends of the calendar an instant lies outside it in some zone: corrupt."""
    stored = json.loads(OLD) | {"expiration": int(instant.timestamp())}
    with pytest.raises(ValueError, match="out of bounds"):
        sessions.decode(json.dumps(stored))


def test_a_corrupt_session_is_said_to_be_none() -> None:
    """B-S04: one line says so, and the commands go on without a session."""
    stage = Stage()
    stage.sessions.texts["dev-admin"] = "{"
    assert sessions.load(stage, "dev-admin") is None
    assert stage.screen.said == [
        "⚠ The cached session of dev-admin cannot be read (it is not JSON): no session."
    ]


def test_a_missing_session_is_none_without_a_word() -> None:
    """B-S04: missing is not corrupt."""
    stage = Stage()
    assert sessions.load(stage, "dev-admin") is None
    assert stage.screen.said == []


# Which session is meant.


def stage_with(cached: CachedSession, config: str | None = None, **environ: str) -> Stage:
    """Return a stage on which dev-admin has this session."""
    stage = Stage(config=CountedConfig(config), environ=environ)
    stage.sessions.texts["dev-admin"] = sessions.encode(cached)
    return stage


def test_an_unchanged_config_is_not_read() -> None:
    """DESIGN, the cached path: the identity named and the stamp unchanged, nothing is parsed."""
    config = '[identities.dev-admin]\nregion = "eu-west-1"'
    cached = CACHED.replaced(config_stamp=CountedConfig(config).stamp())
    stage = stage_with(cached, config)
    assert sessions.current(stage, "dev-admin", "exec") == ("dev-admin", cached)
    assert stage.config.reads == 0


def test_the_identity_of_the_environment_is_named() -> None:
    """B-K04: AUTHKIT_IDENTITY names it, as an argument does."""
    cached = CACHED.replaced(config_stamp=CountedConfig(None).stamp())
    stage = stage_with(cached, AUTHKIT_IDENTITY="dev-admin")
    assert sessions.current(stage, "", "exec") == ("dev-admin", cached)


def test_a_changed_config_is_read() -> None:
    """B-K04: what the file says now holds, its region for one."""
    stage = stage_with(CACHED, '[identities.dev-admin]\nregion = "eu-west-1"')
    name, cached = sessions.current(stage, "dev-admin", "exec")
    assert (name, cached) == ("dev-admin", CACHED.replaced(region="eu-west-1"))
    assert stage.config.reads == 1


def test_the_default_is_looked_up() -> None:
    """B-K04: without a name, the config's default."""
    stage = stage_with(CACHED, 'default = "dev-admin"\n[identities.dev-admin]')
    name, cached = sessions.current(stage, "", "exec")
    assert name == "dev-admin"
    assert cached == CACHED


def test_a_corrupt_session_is_said_once() -> None:
    """B-S04: one line, though the config has to be read as well."""
    stage = Stage()
    stage.sessions.texts["dev-admin"] = "{"
    assert sessions.current(stage, "dev-admin", "exec") == ("dev-admin", None)
    assert len(stage.screen.said) == 1


@pytest.mark.parametrize("name", ["a", "dev-admin", "A.b_c-9", "0", "x" * 64])
def test_names(name: str) -> None:
    """CONTRACT, Stored form: what an identity can be called."""
    assert names.is_name(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../up", "a/b", "-a", ".a", "_a", "a b", "a\n", "ä", "x" * 65, "a\0"]
)
def test_not_names(name: str) -> None:
    """CONTRACT, Stored form: no name leads out of the folder."""
    assert not names.is_name(name)


# The state folder.


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o177, 0o777], ids=oct)
def test_private_whatever_the_umask(folder: StateFolder, state: Path, mask: int) -> None:
    """B-S02: the session file is 0600 in a 0700 folder."""
    state.parent.mkdir()
    with umask(mask):
        folder.replace("dev-admin", OLD)
        folder.mark("dev-admin")
    assert mode(state / "sessions" / "dev-admin.json") == 0o600
    assert {mode(path) for path in (state, state / "sessions", state / "identities")} == {0o700}


@pytest.mark.parametrize("write", [StateFolder.mark, StateFolder.lock])
def test_a_folder_that_is_too_open_is_closed(
    folder: StateFolder, state: Path, write: Callable[[StateFolder, str], object]
) -> None:
    """B-S02: whoever made it so; the folder that holds them all is its owner's affair."""
    for path in (state, state / "identities", state / "locks"):
        path.mkdir(parents=True)
        path.chmod(0o777)
    write(folder, "dev-admin")
    assert sorted(map(mode, state.iterdir())) == [0o700, 0o777]  # the one that was written to
    assert mode(state) == 0o777


def test_an_open_file_is_replaced_by_a_private_one(folder: StateFolder, state: Path) -> None:
    """B-S02: a new session is not written into a file that others can read."""
    folder.replace("dev-admin", OLD)
    path = state / "sessions" / "dev-admin.json"
    path.chmod(0o644)
    folder.replace("dev-admin", NEW)
    assert mode(path) == 0o600


def test_replace_read_drop(folder: StateFolder) -> None:
    """B-S02, B-O01: what was written is read; dropping twice is fine."""
    assert folder.read("dev-admin") is None
    folder.replace("dev-admin", OLD)
    folder.replace("dev-admin", NEW)
    assert folder.read("dev-admin") == NEW
    assert folder.names() == ["dev-admin"]
    assert [folder.drop("dev-admin"), folder.drop("dev-admin")] == [True, False]
    assert folder.read("dev-admin") is None
    assert folder.names() == []


def test_markers(folder: StateFolder, state: Path) -> None:
    """B-K04: an empty file for every identity with keys; marking twice is fine."""
    assert folder.marked() == []
    for name in ("dev-admin", "audit", "audit"):
        folder.mark(name)
    assert folder.marked() == ["audit", "dev-admin"]
    assert (state / "identities" / "audit").read_bytes() == b""
    folder.unmark("audit")
    folder.unmark("audit")
    assert folder.marked() == ["dev-admin"]


def test_a_marker_tells_since_when_keys_are_untried(folder: StateFolder, state: Path) -> None:
    """B-L08: to the second, until AWS has taken them; the file stays empty."""
    assert folder.untried("dev-admin") is None
    then = datetime(2024, 12, 22, 23, 58, tzinfo=UTC)
    folder.mark("dev-admin", then)
    assert folder.untried("dev-admin") == then
    assert (state / "identities" / "dev-admin").read_bytes() == b""
    folder.mark("dev-admin")
    assert folder.untried("dev-admin") is None


def test_notes_of_codes(folder: StateFolder, state: Path) -> None:
    """B-L12: one for each identity, private, and read all together."""
    assert folder.codes() == []
    folder.replace_codes("dev-admin", "old")
    folder.replace_codes("dev-admin", "new")
    folder.replace_codes("audit", "other")
    assert sorted(folder.codes()) == ["new", "other"]
    assert mode(state / "codes" / "audit.json") == 0o600
    assert folder.names() == []


def test_one_note_in_trouble(folder: StateFolder, state: Path) -> None:
    """B-L12: a link in a note's place is not followed, and hides no other note."""
    folder.replace_codes("dev-admin", "good")
    (state / "codes" / "audit.json").symlink_to("/etc/passwd")
    assert "good" in folder.codes()
    assert not any("root:" in note for note in folder.codes())


def test_two_first_runs(folder: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-L24: another process has made the state folder since this one looked for it."""
    folder.mark("audit")
    looks = iter([False])
    monkeypatch.setattr(os.path, "isdir", lambda _path: next(looks, True))
    assert folder.lock("dev-admin").acquire()


def test_what_is_not_text_is_corrupt(folder: StateFolder, state: Path) -> None:
    """B-S04: bytes that are no UTF-8 can be read, and are no session."""
    folder.replace("dev-admin", OLD)
    (state / "sessions" / "dev-admin.json").write_bytes(b"\xff\xfe{")
    written = folder.read("dev-admin")
    assert written is not None
    with pytest.raises(ValueError, match="it is not JSON"):
        sessions.decode(written)


# Symbolic links.


def test_a_link_is_not_followed_on_reading(folder: StateFolder, state: Path) -> None:
    """B-S02: a session that somebody linked to is not used, and the file is named."""
    (state / "sessions").mkdir(parents=True)
    elsewhere = state / "elsewhere"
    elsewhere.write_text(OLD)
    path = state / "sessions" / "dev-admin.json"
    path.symlink_to(elsewhere)
    with pytest.raises(StateTrouble) as caught:
        folder.read("dev-admin")
    assert (caught.value.path, caught.value.reason) == (str(path), LINK)


def test_a_link_is_not_followed_on_writing(folder: StateFolder, state: Path) -> None:
    """B-S02: the file takes the link's place; what it led to stays as it was."""
    (state / "sessions").mkdir(parents=True)
    elsewhere = state / "elsewhere"
    elsewhere.write_text("mine")
    path = state / "sessions" / "dev-admin.json"
    path.symlink_to(elsewhere)
    folder.replace("dev-admin", NEW)
    assert elsewhere.read_text() == "mine"
    assert not path.is_symlink()
    assert folder.read("dev-admin") == NEW


def test_a_link_in_the_drafts_place_is_not_followed(folder: StateFolder, state: Path) -> None:
    """B-S02: nor is one in the place of the file that is written first."""
    draft = die_while_writing(state)
    draft.unlink()
    elsewhere = state / "elsewhere"
    elsewhere.write_text("mine")
    draft.symlink_to(elsewhere)
    folder.replace("dev-admin", NEW)
    assert elsewhere.read_text() == "mine"
    assert folder.read("dev-admin") == NEW


def test_a_link_in_a_markers_place_is_not_followed(folder: StateFolder, state: Path) -> None:
    """B-S02: marking makes no file elsewhere."""
    (state / "identities").mkdir(parents=True)
    (state / "identities" / "dev-admin").symlink_to(state / "elsewhere")
    with pytest.raises(StateTrouble):
        folder.mark("dev-admin")
    assert not (state / "elsewhere").exists()


# Crashes.


DIE = """
import os, sys
from authkit.adapters.state_folder import StateFolder
setattr(os, sys.argv[2], lambda *_: os._exit(9))
StateFolder(sys.argv[1]).replace("dev-admin", sys.argv[3])
"""


def die_while_writing(state: Path, step: str = "replace") -> Path:
    """Have a process end in the middle of writing dev-admin's session; return what it left."""
    before = {*state.rglob("*")}
    command = [sys.executable, "-c", DIE, str(state), step, NEW]
    assert subprocess.run(command, check=False).returncode == 9  # noqa: S603 - our own
    (left,) = (path for path in {*state.rglob("*")} - before if path.is_file())
    return left


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_crash_leaves_the_old_session(folder: StateFolder, state: Path, step: str) -> None:
    """B-S02: until the file is whole it is not in the old one's place."""
    folder.replace("dev-admin", OLD)
    assert mode(die_while_writing(state, step)) == 0o600
    assert folder.read("dev-admin") == OLD
    assert folder.names() == ["dev-admin"]


def test_the_draft_of_a_crash_does_no_harm(folder: StateFolder, state: Path) -> None:
    """B-S02: it is no session, and the next write succeeds."""
    die_while_writing(state)
    assert folder.names() == []
    assert folder.read("dev-admin") is None
    folder.replace("dev-admin", NEW)
    assert folder.read("dev-admin") == NEW


def test_a_failed_write_leaves_no_draft(
    folder: StateFolder, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-S01: a session that could not be kept does not lie about in a file nobody looks for."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder.replace("dev-admin", OLD)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StateTrouble, match="No space left on device"):
        folder.replace("dev-admin", NEW)
    assert folder.read("dev-admin") == OLD
    assert [path.name for path in (state / "sessions").iterdir()] == ["dev-admin.json"]


def test_logout_leaves_no_draft(folder: StateFolder, state: Path) -> None:
    """B-O01: what a crash left of a session goes with it; another identity's stays."""
    for name in ("dev-admin", "dev-admin.json", "dev"):
        folder.replace(name, OLD)
    die_while_writing(state)
    folder.drop("dev-admin")
    left = {path.name for path in (state / "sessions").iterdir()}
    assert left == {"dev-admin.json.json", "dev.json"}


# What is in the way.


def a_file_for_the_folder(state: Path) -> Path:
    """Put a file in the place of the whole folder."""
    state.parent.mkdir(parents=True)
    state.write_text("")
    return state


def a_file_for_the_inner_folders(state: Path) -> Path:
    """Put files in the place of the folders in it."""
    state.mkdir(parents=True)
    for name in ("sessions", "identities", "locks", "codes"):
        (state / name).write_text("")
    return state


def folders_for_the_files(state: Path) -> Path:
    """Put folders in the place of the files in it, with something in them."""
    for path in ("sessions/dev-admin.json", "identities/dev-admin", "locks/dev-admin"):
        (state / path / "inside").mkdir(parents=True)
    return state


OPERATIONS: dict[str, Callable[[StateFolder], object]] = {
    "read": lambda folder: folder.read("dev-admin"),
    "replace": lambda folder: folder.replace("dev-admin", NEW),
    "drop": lambda folder: folder.drop("dev-admin"),
    "mark": lambda folder: folder.mark("dev-admin"),
    "unmark": lambda folder: folder.unmark("dev-admin"),
    "lock": lambda folder: folder.lock("dev-admin").acquire(),
}
LISTS: dict[str, Callable[[StateFolder], object]] = {
    "names": lambda folder: folder.names(),
    "marked": lambda folder: folder.marked(),
    "codes": lambda folder: folder.codes(),
}


@pytest.mark.parametrize(
    "spoil", [a_file_for_the_folder, a_file_for_the_inner_folders, folders_for_the_files]
)
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_what_is_in_the_way_is_named(
    folder: StateFolder,
    state: Path,
    spoil: Callable[[Path], Path],
    operation: Callable[[StateFolder], object],
) -> None:
    """B-S04: unreadable is not missing; the path says where, and the reason has no traceback."""
    spoil(state)
    with pytest.raises(StateTrouble) as caught:
        operation(folder)
    assert caught.value.path.startswith(str(state))
    assert caught.value.reason in {"Not a directory", "Is a directory", "File exists"}


@pytest.mark.parametrize("spoil", [a_file_for_the_folder, a_file_for_the_inner_folders])
@pytest.mark.parametrize("operation", LISTS.values(), ids=LISTS.keys())
def test_a_folder_that_cannot_be_listed(
    folder: StateFolder,
    state: Path,
    spoil: Callable[[Path], Path],
    operation: Callable[[StateFolder], object],
) -> None:
    """B-S04: what cannot be listed is not the same as nothing."""
    spoil(state)
    with pytest.raises(StateTrouble, match="Not a directory"):
        operation(folder)


READ = """
import sys
from authkit.core.failures import StateTrouble
from authkit.adapters.state_folder import StateFolder
try:
    StateFolder(sys.argv[1]).read("dev-admin")
except StateTrouble as trouble:
    print(trouble.path, trouble.reason)
"""


def test_a_pipe_in_a_sessions_place_is_not_waited_for(state: Path) -> None:
    """B-S04: what is no file is said to be none; nobody need ever write into it."""
    path = state / "sessions" / "dev-admin.json"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", READ, str(state)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == f"{path} it is not a file\n"


# The lock.

HOLD = """
import sys, time
from authkit.adapters.state_folder import StateFolder
lock = StateFolder(sys.argv[1]).lock(sys.argv[2])
print(lock.acquire(), flush=True)
time.sleep(600)
"""


@contextmanager
def held_by_another_process(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process take dev-admin's lock, and keep it."""
    command = [sys.executable, "-c", HOLD, str(state), "dev-admin"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:  # noqa: S603 - our own
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "True\n"
            yield holder
        finally:
            holder.kill()


def test_two_locks_exclude_each_other(folder: StateFolder, state: Path) -> None:
    """B-L24: one at a time, and each identity has its own."""
    first, second = folder.lock("dev-admin"), folder.lock("dev-admin")
    assert first.acquire()
    assert not second.acquire()
    assert folder.lock("audit").acquire()
    first.release()
    assert second.acquire()
    second.release()
    assert mode(state / "locks" / "dev-admin") == 0o600


def test_processes_exclude_each_other(folder: StateFolder, state: Path) -> None:
    """B-L24: in any number of processes; and a holder's death frees the lock."""
    lock = folder.lock("dev-admin")
    with held_by_another_process(state) as holder:
        assert not lock.acquire()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert lock.acquire()
    lock.release()


def test_a_lock_follows_no_link(folder: StateFolder, state: Path) -> None:
    """B-S02: no file is made where a link in the lock's place leads."""
    (state / "locks").mkdir(parents=True)
    (state / "locks" / "dev-admin").symlink_to(state / "elsewhere")
    with pytest.raises(StateTrouble):
        folder.lock("dev-admin").acquire()
    assert not (state / "elsewhere").exists()
