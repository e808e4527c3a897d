"""Two real file backends, and the keyring library's own chain over them.

``PYTHON_KEYRING_BACKEND=tests.programs.chained.Chain`` chooses it.  In the folder that
KEYRINGS names, the files are ``upper.cfg`` and ``lower.cfg``; one that is read-only
there (``upper.cfg.read-only`` exists) takes and deletes no entries.
"""

from __future__ import annotations

import os
from pathlib import Path

from keyring.backends.chainer import ChainerBackend
from keyrings.alt.file import PlaintextKeyring

FOLDER = "KEYRINGS"


class Upper(PlaintextKeyring):  # type: ignore[misc]  # keyrings.alt has no types
    """The link that is read and written first."""

    priority = -1  # never chosen automatically
    filename = "upper.cfg"

    @property
    def file_path(self) -> str:
        """The path of the file."""
        return str(Path(os.environ[FOLDER]) / self.filename)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write the entry, unless it is read-only."""
        self._check()
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Delete the entry, unless it is read-only."""
        self._check()
        super().delete_password(service, username)

    def _check(self) -> None:
        if Path(f"{self.file_path}.read-only").exists():
            raise NotImplementedError


class Lower(Upper):
    """The link that comes next."""

    filename = "lower.cfg"


class Chain(ChainerBackend):
    """The chain."""

    priority = -1  # never chosen automatically
    backends = (Upper(), Lower())
