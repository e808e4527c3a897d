"""docs/moving-in.md, walked as printed: its files are written, its commands run in their order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from authkit.importing.from_files import LEFT
from tests.support.pages import blocks
from tests.support.simulator import KEYS, WORLD

if TYPE_CHECKING:
    from tests.support.simulator import Home, Simulator

PAGE = (Path(__file__).parents[2] / "docs" / "moving-in.md").read_text("utf-8")
CSV = "Access key ID,Secret access key\r\n{access_key_id},{secret_access_key}\r\n"


def test_every_command_says_what_is_printed(online: Home, simulator: Simulator) -> None:
    """B-S01: the screen of each command, from the files that stand above it, is the page's."""
    simulator.control("world", WORLD)
    online.extra["XDG_CONFIG_HOME"] = str(online.path / ".config")
    online.extra |= {"AUTHKIT_KEYRING": "file", "AUTHKIT_KEYRING_PASSPHRASE": "a passphrase"}
    for block in blocks(PAGE, "ini"):
        path, _, text = block.removeprefix("# ~/").partition("\n")
        file = online.path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    csv = online.path / "Downloads" / "dev-admin_accessKeys.csv"
    csv.parent.mkdir()
    csv.write_bytes(CSV.format(**KEYS).encode())
    sessions = blocks(PAGE, "console")
    assert len(sessions) == 4
    for session in sessions:
        command, _, shown = session.removeprefix("$ ").partition("\n")
        done = online.run("/bin/sh", "-c", command)
        assert done.returncode == 0, done.stderr
        said = (done.stdout + done.stderr).replace(str(online.path), "~")
        assert said.strip() == shown.strip()


def test_what_stays_behind_is_listed() -> None:
    """The page names each setting of AWS's that the plan may say is left."""
    assert [key for key in LEFT if f"`{key}`" not in PAGE] == []
