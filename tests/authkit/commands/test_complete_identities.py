"""`authkit complete-identities`: a name a line, or nothing, and never a word about trouble."""

from __future__ import annotations

import pytest

from authkit import manual
from authkit.arguments import COMMANDS, FOR_COMPLETION, parse
from authkit.commands import complete_identities
from authkit.core.failures import Failure, StateTrouble
from authkit.core.model import Marker
from tests.support.stage import CountedConfig, Stage

CONFIG = '[identities.dev-admin]\n[identities."acme dev"]\n'


class Unreadable(CountedConfig):
    """A config file that cannot be read."""

    def read(self) -> bytes | None:
        """Fail as the adapter does."""
        raise Failure("config-unreadable", path=self.path, reason="Permission denied")


def printed(stage: Stage) -> list[str]:
    """Run the command, which has to succeed and say nothing; return what it prints."""
    assert complete_identities.run(stage, parse([FOR_COMPLETION])) == 0
    assert stage.screen.said == []
    return list(stage.screen.data)


def test_config_and_markers() -> None:
    """B-K04: the identities of the config file and those with a marker, sorted, each once."""
    stage = Stage(config=CountedConfig(CONFIG))
    for name in ("dev-admin", "beside"):
        stage.sessions.markers.mark(name, Marker())
    assert printed(stage) == ["acme dev\nbeside\ndev-admin"]


def test_markers_alone() -> None:
    """B-K04: without a config file those with a marker; without any, nothing."""
    stage = Stage()
    assert printed(stage) == []
    stage.sessions.markers.mark("beside", Marker())
    assert printed(stage) == ["beside"]


@pytest.mark.parametrize("config", [CountedConfig(CONFIG + "oops"), Unreadable(CONFIG)])
def test_a_broken_config(config: CountedConfig) -> None:
    """B-A02: nothing at all, for no command works with it."""
    stage = Stage(config=config)
    stage.sessions.markers.mark("beside", Marker())
    assert printed(stage) == []


def test_a_state_folder_in_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """B-S06: the config file's names, silently."""
    stage = Stage(config=CountedConfig(CONFIG))

    def trouble() -> list[str]:
        raise StateTrouble("/state", "others may write to it")

    monkeypatch.setattr(stage.sessions.markers, "marked", trouble)
    assert printed(stage) == ["acme dev\ndev-admin"]


def test_it_is_hidden() -> None:
    """It is no command of the table, so that help, suggestions and completions leave it out."""
    assert parse([FOR_COMPLETION]).name == FOR_COMPLETION
    assert FOR_COMPLETION not in COMMANDS
    assert FOR_COMPLETION not in "".join(map(manual.page, ("", *COMMANDS)))
    with pytest.raises(Failure, match="usage"):
        parse([FOR_COMPLETION, "dev-admin"])
