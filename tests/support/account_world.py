"""A small account on a virtual clock, in either kind of directory, and calls of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from authkit.core.model import AccessKeys, Secret, Session
from fakes.world.clock import VirtualClock
from sts_simulator.account.account import Account
from sts_simulator.account.authentication import Signature
from sts_simulator.account.calls import Answer, Request
from sts_simulator.account.directory import DictDirectory, Directory
from sts_simulator.account.moto_directory import MotoDirectory

START = datetime(2024, 12, 22, 23, 58, 0, 800_000, tzinfo=UTC)
ID, SECRET = "AKIAXXXXXXXXXXXXXXXX", "new-secret"
SERIAL = "arn:aws:iam::123456789012:mfa/user"
TABLE: dict[str, Any] = {
    "keys": {
        "new": {"id": ID, "secret": SECRET},
        "off": {"id": "AKIAOFFOFFOFFOFFOFFO", "secret": "off-secret", "state": "inactive"},
        "old": {"id": "AKIAOLDOLDOLDOLDOLDO", "state": "deleted"},
        "root": {"id": "AKIAROOTROOTROOTROOT", "secret": "root-secret", "root": True},
        "late": {"id": "AKIALATELATELATELATE", "secret": "late-secret", "spreads_after": "5s"},
        "third": {"id": "AKIATHIRDTHIRDTHIRDT", "secret": "third-secret", "spreads_after": 2},
    },
    "mfa": [
        {"arn": SERIAL, "codes": ["123456", "234567"]},
        {"arn": "arn:aws:iam::123456789012:mfa/else", "codes": ["111111"], "user": "somebody-else"},
        {"arn": "GAHT12345678", "secret": "JBSWY3DPEHPK3PXPJBSWY3DP"},
    ],
    "regions": {"disabled": ["eu-west-3"], "not_enabled": ["me-south-1"]},
}


@dataclass
class World:
    """An account on a virtual clock, and calls of it signed with its keys."""

    account: Account
    clock: VirtualClock

    def ask(
        self, operation: str = "GetCallerIdentity", /, who: object = None, **changes: object
    ) -> Answer:
        """Return the answer.

        Of `changes`, capitalised names are parameters, the others fields of the
        signature.
        """
        parameters = {name: str(text) for name, text in changes.items() if name[0].isupper()}
        others = {name: value for name, value in changes.items() if name not in parameters}
        signature = self.signature(who, **others)
        answer = self.account.call(Request(operation, parameters, signature)).answer
        assert answer is not None
        return answer

    def signature(self, who: object = None, **changes: object) -> Signature:
        """Return a signature made now, by the valid keys unless others are given."""
        signature: Any = sign(who or AccessKeys(ID, Secret(SECRET)), self.clock.now())
        changed: Signature = replace(signature, **changes)
        return changed

    def session(self, **parameters: str) -> Session:
        """Return a new session of the valid keys."""
        answer = self.ask("GetSessionToken", **parameters)
        assert isinstance(answer, Session)
        return answer


def sign(who: object, signed_at: datetime) -> Signature:
    """Return a signature by these keys or this session."""
    assert isinstance(who, AccessKeys | Session)
    return Signature(
        who.access_key_id,
        lambda secret: secret == who.secret_access_key,
        signed_at,
        "us-east-1",
        session_token=who.session_token if isinstance(who, Session) else None,
    )


def keys(name: str) -> AccessKeys:
    """Return the keys of this name in the table."""
    key = TABLE["keys"][name]
    return AccessKeys(key["id"], Secret(key.get("secret", "old-secret")))


DIRECTORIES = [DictDirectory, MotoDirectory]


def a_world(kind: type[Directory]) -> World:
    """Return the table's account in a new directory of this kind."""
    directory = kind()
    if isinstance(directory, MotoDirectory):
        directory.clear()
    clock = VirtualClock(START)
    return World(Account.from_table(TABLE, clock.now, directory=directory), clock)
