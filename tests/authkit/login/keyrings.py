"""Stages with an entry in the keyring, and keyrings that fail."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from authkit.core import entries
from authkit.core.failures import KeyringTrouble
from tests.authkit.examples import NAME
from tests.support.stage import DictKeyring, Paper, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def a_stage(entry: Mapping[str, str] | None, *answers: str) -> Stage:
    """Return a stage with this entry, and a person who answers; without answers, nobody."""
    paper = Paper(answers)
    stage = Stage(screen=paper, prompter=paper if answers else None)
    if entry is not None:
        stage.keyring.entries[entries.SERVICE, NAME] = json.dumps({"version": 1, **entry})
    return stage


def stored(stage: Stage) -> dict[str, str] | None:
    """Return the fields of the entry, None when there is none."""
    written = stage.keyring.entries.get((entries.SERVICE, NAME))
    if written is None:
        return None
    fields: dict[str, str] = json.loads(written)
    return {name: value for name, value in fields.items() if name != "version"}


class CutOff(DictKeyring):
    """A keyring in which Ctrl-C is pressed at a write, before it happens or after it."""

    def __init__(self, *, written: bool) -> None:
        super().__init__()
        self._written = written

    def set_password(self, service: str, username: str, password: str) -> None:
        """Raise KeyboardInterrupt."""
        if self._written:
            super().set_password(service, username, password)
        raise KeyboardInterrupt


class Shared(DictKeyring):
    """A keyring that others write to as well; it tells which writes they could not cut into."""

    def __init__(self) -> None:
        super().__init__()
        self.undisturbed: list[bool] = []
        self._alone = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have no other process write within the context."""
        self._alone = True
        try:
            yield
        finally:
            self._alone = False

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry."""
        self.undisturbed.append(self._alone)
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry."""
        self.undisturbed.append(self._alone)
        super().delete_password(service, username)


class Locking(DictKeyring):
    """A keyring that is locked once something has been written."""

    locked = False

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry.  Raises KeyringTrouble once locked."""
        if self.locked:
            raise KeyringTrouble("locked", "the session has ended")
        return super().get_password(service, username)


class ReadOnly(DictKeyring):
    """A keyring to which nothing can be written once it is closed."""

    closed = False

    def __init__(self, entries: dict[tuple[str, str], str]) -> None:
        super().__init__()
        self.entries = entries

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replace the entry.  Raises KeyringTrouble once closed."""
        if self.closed:
            raise KeyringTrouble("locked", "it takes no writes")
        super().set_password(service, username, password)
