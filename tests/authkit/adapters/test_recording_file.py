"""The file of a recording: what keeps it from being written, and how it appears."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from authkit.adapters import terminal
from authkit.adapters.recording_file import RecordingFile
from tests.authkit.adapters.folders_of_others import as_user, needs_root, public_folder


def test_a_good_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made by looking; a bare name is in the working directory."""
    monkeypatch.chdir(tmp_path)
    assert RecordingFile(str(tmp_path / "it.toml")).problem() == ""
    assert RecordingFile("it.toml").problem() == ""
    assert RecordingFile("it.toml").path == str(tmp_path / "it.toml")
    assert RecordingFile("").path == ""
    assert [*tmp_path.iterdir()] == []


def test_what_is_there_already(tmp_path: Path) -> None:
    """A file, a folder and a link to nothing are not replaced."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    for name in ("file", "folder", "link"):
        assert RecordingFile(str(tmp_path / name)).problem() == "it is there already"


def test_no_such_folder(tmp_path: Path) -> None:
    """The folder must be there, and be one."""
    (tmp_path / "file").touch()
    for name in ("missing", "file"):
        path = str(tmp_path / name / "it.toml")
        assert RecordingFile(path).problem() == "there is no such folder"


@needs_root
def test_a_folder_of_others() -> None:
    """A folder in which only its owner may write."""
    look = "print(recording_file.RecordingFile(sys.argv[1]).problem())"
    with public_folder() as folder:
        done = as_user(look, str(folder / "it.toml"))
    assert (done.stdout, done.stderr) == ("its folder cannot be written\n", "")


@pytest.mark.parametrize("umask", [0, 0o777])
def test_it_is_the_owners_alone(tmp_path: Path, umask: int) -> None:
    """Mode 0600 whatever the umask is; nothing else is left in the folder."""
    before = os.umask(umask)
    try:
        RecordingFile(str(tmp_path / "it.toml")).write("✓ text\n")
    finally:
        os.umask(before)
    assert [path.name for path in tmp_path.iterdir()] == ["it.toml"]
    assert (tmp_path / "it.toml").read_text("utf-8") == "✓ text\n"
    assert stat.S_IMODE((tmp_path / "it.toml").stat().st_mode) == 0o600


def test_what_has_appeared_meanwhile(tmp_path: Path) -> None:
    """A file that has appeared since is not replaced, and no draft is left."""
    file = RecordingFile(str(tmp_path / "it.toml"))
    (tmp_path / "it.toml").write_text("another's")
    with pytest.raises(FileExistsError):
        file.write("mine")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"it.toml": "another's"}


@pytest.mark.parametrize(
    ("tz", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), (":America/Phoenix", "America/Phoenix")]
)
def test_the_zone(monkeypatch: pytest.MonkeyPatch, tz: str, zone: str) -> None:
    """TZ names the zone, where it names one."""
    monkeypatch.setenv("TZ", tz)
    assert RecordingFile("it.toml").zone() == zone


@pytest.mark.parametrize("tz", ["", "secret", "../secret", "MST7"])
def test_a_zone_without_a_name(monkeypatch: pytest.MonkeyPatch, tz: str) -> None:
    """Where TZ names none, it is the machine's, or one of the same offset; never what TZ says."""
    monkeypatch.setenv("TZ", tz)
    zone = RecordingFile("it.toml").zone()
    assert zone == "UTC" or "/" in zone
    assert "secret" not in zone


def test_the_zone_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one that /etc/localtime leads to, in the zone database wherever that is."""
    (tmp_path / "zoneinfo" / "Asia").mkdir(parents=True)
    link = tmp_path / "localtime"
    link.symlink_to(tmp_path / "zoneinfo" / "Asia" / "Tokyo")
    resolve = Path.resolve

    def resolved(path: Path) -> Path:
        return resolve(link if str(path) == "/etc/localtime" else path)

    monkeypatch.setattr(Path, "resolve", resolved)
    monkeypatch.delenv("TZ", raising=False)
    assert RecordingFile("it.toml").zone() == "Asia/Tokyo"


def test_blank_lines() -> None:
    """Blank lines stand where the terminal puts them."""
    assert RecordingFile("it.toml").gap is terminal.gap
