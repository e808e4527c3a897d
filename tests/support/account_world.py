"""A small account with one user of every kind, on either directory, and a caller of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sts_simulator.account.account import Account
from sts_simulator.account.answers import Answer, Session
from sts_simulator.account.authentication import Signature
from sts_simulator.account.calls import Request
from sts_simulator.account.clock import Clock
from sts_simulator.account.directory import DictDirectory, Directory, Key
from sts_simulator.account.errors import AwsError
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
    """An account, its clock, and a caller."""

    account: Account
    clock: Clock

    def ask(
        self, operation: str = "GetCallerIdentity", /, who: object = None, **changes: object
    ) -> Answer:
        """Return the answer.  Capitalised `changes` are parameters, the others the signature's."""
        parameters = {name: str(text) for name, text in changes.items() if name[0].isupper()}
        others = {name: value for name, value in changes.items() if name not in parameters}
        signature = self.signature(who, **others)
        answer = self.account.call(Request(operation, parameters, signature)).answer
        assert answer is not None
        return answer

    def ask_unsigned(self, operation: str, **parameters: object) -> Answer:
        """Return the answer to a request without a signature."""
        asked = {name: str(text) for name, text in parameters.items()}
        answer = self.account.call(Request(operation, asked, None)).answer
        assert answer is not None
        return answer

    def signature(self, who: object = None, **changes: object) -> Signature:
        """Return a signature of the present time, by the valid key unless another is given."""
        signature: Any = sign(who or a_key(), self.clock.now())
        changed: Signature = replace(signature, **changes)
        return changed

    def session(self, **parameters: str) -> Session:
        """Return a new session of the valid key."""
        answer = self.ask("GetSessionToken", **parameters)
        assert isinstance(answer, Session)
        return answer


def a_key(access_key_id: str = ID, secret_access_key: str = SECRET) -> Key:
    """Return an access key of dev-admin: the valid one unless others are given."""
    return Key(access_key_id, secret_access_key, "dev-admin")


def sign(who: object, signed_at: datetime) -> Signature:
    """Return a signature by this key or this session."""
    assert isinstance(who, Key | Session)
    return Signature(
        who.access_key_id,
        lambda secret: secret == who.secret_access_key,
        signed_at,
        "us-east-1",
        session_token=who.session_token if isinstance(who, Session) else None,
    )


def key(name: str) -> Key:
    """Return the key of this name in the table."""
    written = TABLE["keys"][name]
    return a_key(written["id"], written.get("secret", "old-secret"))


def trusting(principal: dict[str, str], *actions: str, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a role of the table that trusts a principal with these actions, on a condition."""
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": [*actions],
        "Condition": condition,
    }
    return {"trust": {"Version": "2012-10-17", "Statement": [statement]}}


DIRECTORIES = [DictDirectory, MotoDirectory]


def a_world(kind: type[Directory], table: dict[str, Any] = TABLE) -> World:
    """Return the table's account in a new directory of this kind."""
    directory = kind()
    if isinstance(directory, MotoDirectory):
        directory.clear()
    clock = Clock(START)
    return World(Account.from_table(table, clock.now, directory=directory), clock)


def code(answer: Answer) -> str:
    """Return the code of an error, "" for any other answer."""
    return answer.code if isinstance(answer, AwsError) else ""


def lasts(world: World, session: Session) -> timedelta:
    """Return how long a session of this instant is valid."""
    return session.expiration - world.clock.now().replace(microsecond=0)
