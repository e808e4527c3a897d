"""Examples for the tests of several modules: a cached session, a child, an STS that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from authkit.core import sessions
from authkit.core.failures import CannotRun, KeyringTrouble
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from fakes.world.cached_session import cached_session, session
from fakes.world.config import PATH
from tests.explore.test_role_mixes import ROLES
from tests.support.stage import START, CountedConfig, DictKeyring, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from authkit.core.failures import CallFailed
    from authkit.core.model import CachedSession

NAME = "dev-admin"
IDENTITY = Identity(NAME, AWS_USER, "us-east-1", {}, PATH)
# A session of 36 hours, made while there was no config file.
CACHED = cached_session(session(START), config_stamp=CountedConfig(None).stamp())

# A second user of the account with the role, and her keys.
BOBS = {"access_key_id": "AKIABOBBOBBOBBOBBOBB", "secret_access_key": "bobs-secret"}
BOBS_KEY = {"id": BOBS["access_key_id"], "secret": BOBS["secret_access_key"], "user": "bob"}
TWO_USERS = {**ROLES, "keys": {**ROLES["keys"], "bob": BOBS_KEY}}


def logged_in(cached: CachedSession = CACHED, **fields: Any) -> Stage:  # noqa: ANN401 - Stage's fields
    """Return a stage on which `NAME` has a session; `fields` are fields of Stage."""
    stage = Stage(**fields)
    stage.sessions.texts[NAME] = sessions.encode(cached)
    return stage


class Command:
    """The port Children with one command, which ends with a status or cannot be started."""

    def __init__(self, ending: int | CannotRun = 0) -> None:
        self._ending = ending
        self.runs: list[list[str]] = []
        self.environ: Mapping[str, str] = {}

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Record the command line and the environment."""
        self.runs.append([*command])
        self.environ = environ
        if isinstance(self._ending, CannotRun):
            raise self._ending
        return self._ending


class FailingSts:
    """The port Sts: every call fails in the same way.  `calls` counts them."""

    def __init__(self, trouble: CallFailed) -> None:
        self._trouble = trouble
        self.calls = 0

    def __call__(self, _region: str) -> FailingSts:
        """Return STS in a region."""
        return self

    def get_caller_identity(self, *_: object) -> NoReturn:
        """Raise the trouble."""
        self.calls += 1
        raise self._trouble

    def list_mfa_devices(self, *_: object) -> NoReturn:
        """Raise the trouble."""
        self.calls += 1
        raise self._trouble

    def get_date(self) -> NoReturn:
        """Raise the trouble."""
        self.calls += 1
        raise self._trouble

    def get_session_token(self, *_: object, **__: object) -> NoReturn:
        """Raise the trouble."""
        self.calls += 1
        raise self._trouble

    def assume_role(self, *_: object) -> NoReturn:
        """Raise the trouble."""
        self.calls += 1
        raise self._trouble


class LockedKeyring(DictKeyring):
    """A keyring that cannot be read."""

    def get_password(self, service: str, username: str) -> str | None:
        """Raise KeyringTrouble."""
        raise KeyringTrouble("locked", f"{service}/{username} is locked")
