"""The real World: where files are, and what is made when."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authkit.adapters import installed_kinds, sealed
from authkit.adapters.state_folder import StateFolder
from authkit.adapters.world import ConfigFile, RealWorld
from authkit.core.failures import Failure, FileTrouble

if TYPE_CHECKING:
    from authkit.core.model import Secret


XDG = ("XDG_CONFIG_HOME", "XDG_STATE_HOME")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give each test an empty home, and no variable that names a file or folder."""
    for name in ("AUTHKIT_CONFIG", "AUTHKIT_STATE_DIR", *XDG):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("platform", "variable", "config", "state"),
    [
        ("linux", "", ".config/authkit/config.toml", ".local/state/authkit"),
        ("darwin", "", *2 * ("Library/Application Support/authkit",)),
        ("darwin", "/elsewhere", *2 * ("Library/Application Support/authkit",)),
        ("win32", "", "AppData/Roaming/authkit/config.toml", "AppData/Local/authkit"),
        ("win32", "/elsewhere", "/elsewhere/authkit/config.toml", "/elsewhere/authkit"),
        ("linux", "relative", ".config/authkit/config.toml", ".local/state/authkit"),
        ("linux", "/elsewhere", "/elsewhere/authkit/config.toml", "/elsewhere/authkit"),
    ],
)
def test_where_things_are(
    monkeypatch: pytest.MonkeyPatch, platform: str, variable: str, config: str, state: str
) -> None:
    """docs/contract.md, Environment: each platform's folders; a relative XDG folder is ignored."""
    monkeypatch.setattr(sys, "platform", platform)
    names = ("APPDATA", "LOCALAPPDATA") if platform == "win32" else XDG
    for name in names if variable else ():
        monkeypatch.setenv(name, variable)
    config = f"{config}/config.toml" if platform == "darwin" else config
    world = RealWorld()
    assert Path(world.config.path) == Path.home() / config
    assert Path(world.sessions.path) == Path.home() / state


@pytest.mark.parametrize("home", ["relative", ""])
def test_no_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str) -> None:
    """docs/contract.md, Environment: without a home, only files that a variable names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", home)
    for name in ("AUTHKIT_CONFIG", "XDG_CONFIG_HOME", "AUTHKIT_STATE_DIR", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for look in (lambda: RealWorld().config, lambda: RealWorld().sessions):
        with pytest.raises(Failure) as ending:
            look()
        assert (ending.value.name, ending.value.status) == ("no-home", 2)
    monkeypatch.setenv("AUTHKIT_STATE_DIR", "/state")
    assert RealWorld().sessions.path == "/state"


def test_named_places_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/contract.md: --config over AUTHKIT_CONFIG over the platform's; AUTHKIT_STATE_DIR too."""
    monkeypatch.setenv("AUTHKIT_CONFIG", "/named/by/variable")
    monkeypatch.setenv("AUTHKIT_STATE_DIR", "/state")
    assert RealWorld().config.path == "/named/by/variable"
    assert RealWorld("/named/by/option").config.path == "/named/by/option"
    assert RealWorld().sessions.path == "/state"


def test_plain_http_is_said_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """B-S08: one line for a command, however many regions it asks; none without a call."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://me:secret@sandbox:4566")
    world = RealWorld()
    assert capsys.readouterr().err == ""
    for region in ("us-east-1", "eu-west-1", "us-east-1"):
        world.sts(region)
    said = capsys.readouterr().err
    assert said.count("Requests go to http://sandbox:4566 unencrypted") == 1
    assert "secret" not in said


def test_a_config_file_that_is_not_there(tmp_path: Path) -> None:
    """The platform's config file may be missing; a file that was named may not."""
    assert ConfigFile(None).read() is None
    missing = ConfigFile(str(tmp_path / "missing.toml"))
    with pytest.raises(Failure) as ending:
        missing.read()
    assert (ending.value.name, ending.value.status) == ("config-unreadable", 2)


@pytest.mark.parametrize("before", [None, b"a"])
def test_a_config_file_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes | None
) -> None:
    """B-A06: what the first look found holds for the whole command, also that there was no file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "authkit").mkdir()
    path = tmp_path / "authkit" / "config.toml"
    if before is not None:
        path.write_bytes(before)
    file = ConfigFile(None)
    assert file.read() == before
    stamp = file.stamp()
    path.unlink(missing_ok=True)
    path.mkdir()  # it could not be read now
    assert file.read() == before
    assert file.stamp() == stamp


def test_a_config_file_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S06: `~` is expanded as in AUTHKIT_STATE_DIR: no shell does so in ``--config=~/x``."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x.toml").write_text("a")
    assert ConfigFile("~/x.toml").read() == b"a"
    assert ConfigFile("~/x.toml").path == str(tmp_path / "x.toml")
    assert ConfigFile("x~.toml").path == "x~.toml"


def test_a_config_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A folder in place of the config file is an error with a reason, exit 2."""
    with pytest.raises(Failure) as ending:
        ConfigFile(str(tmp_path)).read()
    assert ending.value.values["reason"] == "Is a directory"


def test_a_config_file_that_is_too_big(tmp_path: Path) -> None:
    """B-S07: a config file of more than 1 MiB is refused, exit 2."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"#" * (1 + (1 << 20)))
    with pytest.raises(Failure) as ending:
        ConfigFile(str(path)).read()
    assert (ending.value.name, ending.value.status) == ("config-unreadable", 2)
    assert ending.value.values["reason"] == "it has more than 1 MiB"


def test_a_pipe_is_read_once() -> None:
    """B-A06: what a pipe gave is kept, for whoever asks again in this run."""
    reader, writer = os.pipe()
    os.write(writer, b"[identities.dev]")
    os.close(writer)
    file = ConfigFile(f"/dev/fd/{reader}")
    assert [file.read(), file.read()] == [b"[identities.dev]"] * 2
    os.close(reader)


def test_a_kind_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The config file is read several times a run, and may have many identities of a kind."""
    looked_up: list[str] = []
    monkeypatch.setattr(installed_kinds, "kind", looked_up.append)
    file = ConfigFile(None)
    assert [file.kind(name) for name in ("x/y", "x/z", "x/y")] == [None] * 3
    assert looked_up == ["x/y", "x/z"]


def test_a_state_folder_in_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S06: `~` in AUTHKIT_STATE_DIR is expanded."""
    monkeypatch.setenv("AUTHKIT_STATE_DIR", "~/state")
    assert Path(RealWorld().sessions.path) == Path.home() / "state"


@pytest.mark.parametrize("named", ["state", "./state", "~nobody-at-all/state"])
def test_a_relative_state_folder(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """B-S06: a relative one would be in whatever folder one stands in: exit 2."""
    monkeypatch.setenv("AUTHKIT_STATE_DIR", named)
    with pytest.raises(Failure) as ending:
        _ = RealWorld().sessions
    assert (ending.value.name, ending.value.status) == ("state-dir-relative", 2)
    assert ending.value.values == {"value": named}


def test_the_stamp_follows_the_file(tmp_path: Path) -> None:
    """The stamp changes when the file changes, appears or disappears."""
    path = tmp_path / "config.toml"
    file, stamps = ConfigFile(str(path)), []
    for content in (None, "a", "bb"):
        if content:
            path.write_text(content, encoding="utf-8")
        stamps.append(file.stamp())
    path.unlink()
    assert len(set(stamps)) == 3
    assert file.stamp() == stamps[0]


@pytest.mark.parametrize("before", [None, "a"])
def test_the_stamp_is_of_what_was_read(tmp_path: Path, before: str | None) -> None:
    """B-S03: a file that changes or appears meanwhile is another than the one that was read."""
    path = tmp_path / "config.toml"
    if before:
        path.write_text(before, encoding="utf-8")
    file = ConfigFile(str(path))
    stamp = file.stamp()
    with suppress(Failure):  # it is not there
        file.read()
    path.write_text("bb", encoding="utf-8")
    assert file.stamp() == stamp
    assert ConfigFile(str(path)).stamp() != stamp


def test_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S07: standard input that is not UTF-8, or too big, is an error; a closed one is empty."""
    path = tmp_path / "stdin"
    path.write_bytes(b'{"a": "\xff"}')
    with path.open() as given:
        monkeypatch.setattr(sys, "stdin", given)
        with pytest.raises(UnicodeDecodeError):
            RealWorld().stdin()
    path.write_bytes(b" " * (1 + (1 << 20)))
    with path.open() as given:
        monkeypatch.setattr(sys, "stdin", given)
        with pytest.raises(Failure) as ending:
            RealWorld().stdin()
    assert (ending.value.name, ending.value.status) == ("stdin-unreadable", 1)
    assert ending.value.values["reason"] == "it has more than 1 MiB"
    monkeypatch.setattr(sys, "stdin", None)
    assert RealWorld().stdin() == ""


def test_one_sts_for_a_region() -> None:
    """One STS client is made for each region."""
    world = RealWorld()
    assert world.sts("us-east-1") is world.sts("us-east-1")
    assert world.sts("us-east-1") is not world.sts("eu-west-1")
    assert world.keyring is world.keyring


def test_the_passphrase_leaves_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-E02, B-S09: from the keyring's first use on, whatever a library starts cannot see it."""
    names = ("AUTHKIT_KEYRING_PASSPHRASE", "AUTHKIT_KEYRING_PASSPHRASE_COMMAND")
    for name in names:
        monkeypatch.setenv(name, "the-passphrase")
    world = RealWorld()
    assert world.keyring
    assert not {*names} & {*os.environ, *world.environ}


def test_the_file_keyring_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S09: it is a file in the state folder, and its key is kept from one use to the next."""
    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    monkeypatch.setenv("AUTHKIT_KEYRING_PASSPHRASE", "the-passphrase")
    salts, derive = list[bytes](), sealed.derive

    def recorded(passphrase: Secret, salt: bytes) -> sealed.Key:
        salts.append(salt)
        return derive(passphrase, salt)

    monkeypatch.setattr(sealed, "COST", 16)
    monkeypatch.setattr(sealed, "derive", recorded)
    keyring = RealWorld().keyring
    for name in ("one", "two"):
        keyring.set_password("authkit", name, "entry")
        assert keyring.get_password("authkit", name) == "entry"
    assert len(salts) == 1
    assert (Path.home() / ".local" / "state" / "authkit" / "keyring").is_file()


@pytest.mark.parametrize("variable", ["AUTHKIT_STATE_DIR", "XDG_STATE_HOME"])
def test_the_writers_lock_is_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """B-S02: it is in the home, whatever names the state folder; nothing else is made there."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    RealWorld().keyring.set_password("authkit", "one", "entry")
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    place = ".local/state/authkit/locks"
    assert {f"{place}/+keyring"} == {path for path in made if path.startswith(f"{place}/")}
    assert "elsewhere" not in made
    assert {".local/state/authkit", place} == {p for p in made if p.endswith(("authkit", "locks"))}


def test_the_writers_lock_without_a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S02: where the home cannot be used, it is in the state folder."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "file").touch()
    for number, home in enumerate(("", "relative", str(tmp_path / "file"))):
        state = tmp_path / f"state-{number}"
        monkeypatch.setenv("HOME", home)
        monkeypatch.setenv("AUTHKIT_STATE_DIR", str(state))
        RealWorld().keyring.set_password("authkit", "one", "entry")
        assert (state / "locks" / "+keyring").is_file()


def test_the_lock_of_the_file_keyring_is_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """B-S02: whoever uses the file finds its lock, whatever the home is."""
    monkeypatch.setenv("AUTHKIT_KEYRING", "file")
    monkeypatch.setenv("AUTHKIT_KEYRING_PASSPHRASE", "the-passphrase")
    monkeypatch.setenv("AUTHKIT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr(sealed, "COST", 16)
    RealWorld().keyring.set_password("authkit", "one", "entry")
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("+keyring")] == [
        "state/locks/+keyring"
    ]


def test_nobody_is_asked_without_a_terminal() -> None:
    """With --no-input, or if stdin is no terminal, there is nobody to ask."""
    assert RealWorld(no_input=True).prompter is None


@pytest.mark.parametrize(
    ("variables", "config", "words"),
    [
        ({}, None, []),
        ({"AUTHKIT_STATE_DIR": "~/.local/state/authkit"}, None, []),
        ({"AUTHKIT_CONFIG": "~/.config/authkit/config.toml"}, None, []),
        ({"AUTHKIT_CONFIG": "~/a b.toml"}, None, ["--config", "{home}/a b.toml"]),
        ({"AUTHKIT_CONFIG": "/other"}, "~/mine.toml", ["--config", "{home}/mine.toml"]),
        ({"XDG_CONFIG_HOME": "{home}/xdg"}, None, []),  # there is no file
        (
            {"XDG_CONFIG_HOME": "{home}/there"},
            None,
            ["--config", "{home}/there/authkit/config.toml"],
        ),
    ],
)
def test_the_program_has_the_same_config(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variables: dict[str, str],
    config: str | None,
    words: list[str],
) -> None:
    """A command that others run names the config file, unless a bare process finds the same."""
    (tmp_path / "there" / "authkit").mkdir(parents=True)
    for path in ("there/authkit/config.toml", "a b.toml", "mine.toml"):
        (tmp_path / path).touch()
    monkeypatch.setattr(sys, "argv", ["-c"])
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(home=tmp_path))
    python, *arguments = RealWorld(config).program()
    assert python == sys.executable
    assert arguments == ["-P", "-m", "authkit", *(w.format(home=tmp_path) for w in words)]


@pytest.mark.parametrize("variable", ["AUTHKIT_STATE_DIR", "XDG_STATE_HOME"])
def test_the_program_has_the_same_state_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """It names the state folder too, whichever variable it comes from."""
    monkeypatch.setenv(variable, str(tmp_path / "state"))
    state = RealWorld().sessions.path
    assert RealWorld().program()[:2] == ["/usr/bin/env", f"AUTHKIT_STATE_DIR={state}"]


def test_one_lock_for_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """B-S02: processes with different state folders do not write files at the same time."""
    monkeypatch.setenv("AUTHKIT_STATE_DIR", str(tmp_path / "another"))
    monkeypatch.setenv("AUTHKIT_LOCK_TIMEOUT", "0s")
    held = StateFolder(str(Path.home() / ".local" / "state" / "authkit")).files_lock()
    assert held.acquire()
    path = str(tmp_path / "config")
    with pytest.raises(FileTrouble) as raised:
        RealWorld().files.replace(path, b"a", None)
    assert "has been writing to it for 0s" in str(raised.value.values["reason"])
    held.release()
    assert RealWorld().files.replace(path, b"a", None)


@pytest.mark.parametrize(
    ("mode", "others"), [(0o600, False), (0o644, False), (0o664, True), (0o602, True)]
)
def test_who_may_write_to_the_config_file(tmp_path: Path, mode: int, *, others: bool) -> None:
    """B-S06: group or others may not; what counts is the file that a link leads to."""
    path = tmp_path / "config.toml"
    path.touch()
    path.chmod(mode)
    (tmp_path / "link").symlink_to(path)
    file = ConfigFile(str(tmp_path / "link"))
    assert file.read() == b""
    assert file.distrusted() == ("its mode lets others write to it" if others else "")


def test_whose_the_config_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S06: another user's is not trusted, the user's own and root's are."""
    path = tmp_path / "config.toml"
    path.touch(mode=0o600)
    owner, asked = path.stat().st_uid, ConfigFile(str(path))
    asked.read()
    assert asked.distrusted() == ""
    monkeypatch.setattr("os.geteuid", lambda: owner + 1)
    asked = ConfigFile(str(path))
    asked.read()
    found = "" if owner == 0 else f"it belongs to another user (uid {owner})"
    assert asked.distrusted() == found
