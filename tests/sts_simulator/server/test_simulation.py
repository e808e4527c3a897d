"""A running simulation, and the account that it starts with."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.iam.models import iam_backends

from sts_simulator.account.account import Account
from sts_simulator.account.authentication import Principal, Signature
from sts_simulator.account.directory import ROOT
from sts_simulator.server.simulation import Simulation
from sts_simulator.server.starting_world import starting_world
from tests.support.aws_client import FIRST, OTHER, OURS, THEIRS, TWO_ACCOUNTS, Client, fresh_client
from tests.support.pty_tools import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping


def test_a_wrong_table_changes_nothing() -> None:
    """The table is checked before the account is replaced."""
    simulation = Simulation(starting_world([], [], "seed"))
    before = simulation.account
    with pytest.raises(ValueError, match="keez"):
        simulation.load({"keez": {}})
    assert simulation.account is before
    assert before.directory.user("dev-admin")
    assert before.directory.user(ROOT) is None


def test_a_request_waits_while_the_world_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that both worlds have is good at every moment: a request waits for the second one."""
    simulation = Simulation(TWO_ACCOUNTS)
    before, make, found = simulation.account, Account.from_table, []
    signature = Signature(OURS["access_key_id"], "ours".__eq__, simulation.clock.now(), "us-east-1")
    asking = threading.Thread(target=lambda: found.append(before.authenticate(signature)))

    def slowly(*given: Any, **named: Any) -> Account:  # noqa: ANN401 - whatever is given
        asking.start()
        asking.join(0.2)
        return make(*given, **named)

    monkeypatch.setattr(Account, "from_table", slowly)
    simulation.load(TWO_ACCOUNTS)
    asking.join(LONGEST)
    assert [type(who) for who in found] == [Principal]


def test_a_reset_restores_clock_faults_and_users() -> None:
    """Ids after a reset differ from those before it."""
    simulation = Simulation(starting_world([], [], "seed"))
    simulation.clock.tick(ticks=False)
    simulation.account.administrator.delete_user("dev-admin")
    before = simulation.account.new_request_id()
    simulation.reset()
    assert simulation.clock.ticks
    assert simulation.account.directory.user("dev-admin")
    assert simulation.account.new_request_id() != before


def test_a_reload_keeps_the_world_the_clock_and_the_faults() -> None:
    """The keys of the world are good again, and sessions of before are not known."""
    simulation = Simulation({})
    simulation.load({"keys": {"a": {"id": "AKIAXXXXXXXXXXXXXXXX", "user": "somebody"}}})
    simulation.clock.tick(ticks=False)
    simulation.account.administrator.delete_user("somebody")
    before = simulation.account
    simulation.reload()
    assert simulation.account is not before
    assert simulation.account.directory.key("AKIAXXXXXXXXXXXXXXXX")
    assert not simulation.clock.ticks


def test_no_two_worlds_issue_the_same_without_a_seed() -> None:
    """H2: a session of an earlier world stays refused when the new world has issued one too."""
    simulation = Simulation({})
    table = {"keys": {"a": {"user": "dev-admin"}}}
    simulation.load(table)
    first = issued_by(simulation)
    simulation.load(table)
    assert issued_by(simulation).isdisjoint(first)
    other = Simulation({})
    other.load(table)
    assert issued_by(other).isdisjoint(first)


def test_with_a_seed_every_run_issues_the_same() -> None:
    """Worlds with the same seed and number agree, and the worlds of one run still differ."""
    runs = []
    for _ in range(2):
        simulation = Simulation({}, "seed")
        runs.append(issued_by(simulation))
        simulation.load({})
        runs.append(issued_by(simulation))
    assert runs[:2] == runs[2:]
    assert runs[0].isdisjoint(runs[1])


@pytest.fixture
def client() -> Client:
    """A client of a server with two accounts."""
    client = fresh_client()
    assert client.control("POST", "world", TWO_ACCOUNTS) == {"account": FIRST}
    return client


def assumed(client: Client, role: str = "deploy") -> Any:  # noqa: ANN401 - boto3 is not typed
    """Return a session of a role of the other account."""
    arn = f"arn:aws:iam::{OTHER}:role/{role}"
    asked = {"RoleArn": arn, "RoleSessionName": "me"}
    return client.aws("sts", OURS).assume_role(**asked)["Credentials"]


def test_other_services_are_in_the_account_of_the_caller(client: Client) -> None:
    """IAM's users, S3's buckets and DynamoDB's tables are those of the caller's account."""
    session = assumed(client)
    iam = client.aws("iam", THEIRS)
    iam.create_user(UserName="new")
    names = [
        [user["UserName"] for user in client.aws("iam", who).list_users()["Users"]]
        for who in (OURS, session)
    ]
    assert names == [["dev-admin"], ["ann", "new"]]
    assert iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{OTHER}:user/ann"
    dynamodb = client.aws("dynamodb", session)
    dynamodb.create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
    )
    tables = [client.aws("dynamodb", who).list_tables()["TableNames"] for who in (OURS, THEIRS)]
    assert tables == [[], ["t"]]
    client.aws("s3", session).create_bucket(Bucket="theirs")
    buckets = [client.aws("s3", who).list_buckets()["Buckets"] for who in (OURS, THEIRS)]
    assert [[bucket["Name"] for bucket in found] for found in buckets] == [[], ["theirs"]]
    key = client.aws("iam", THEIRS).create_access_key(UserName="new")["AccessKey"]
    assert client.identity(key) == f"arn:aws:iam::{OTHER}:user/new"


@pytest.mark.parametrize(
    ("principal", "accepted"),
    [
        (f"arn:aws:iam::{FIRST}:user/dev-admin", True),
        (f"arn:aws:iam::{FIRST}:user/nobody", False),
        (f"arn:aws:iam::{FIRST}:role/nobody", False),
        (f"arn:aws:sts::{FIRST}:assumed-role/nobody/me", False),
        ("arn:aws:iam::999999999999:user/nobody", True),
    ],
)
def test_a_principal_of_a_known_account_exists(
    client: Client, principal: str, *, accepted: bool
) -> None:
    """F23: IAM refuses one that is not there; of unknown accounts it cannot tell."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = client.aws("iam", THEIRS)
    asked = {"RoleName": "mine", "AssumeRolePolicyDocument": policy}
    if accepted:
        iam.create_role(**asked)
        assert principal.startswith("arn:aws:iam::9") or assumed(client, "mine")
    else:
        with pytest.raises(ClientError, match=f'Invalid principal in policy: "AWS":"{principal}"'):
            iam.create_role(**asked)


def test_the_control_interface_says_which_account(client: Client) -> None:
    """`/_sim/rotate` takes it; calls and refusals have it; a fault may be for it alone."""
    for who in (OURS, THEIRS):
        client.identity(who)
    assert [call["account"] for call in client.control("GET", "calls")] == [FIRST, OTHER]
    assert client.control("POST", "rotate", {"user": "ann"}) == 400
    assert client.control("POST", "rotate", {"user": "ann", "account": "999999999999"}) == 400
    key = client.control("POST", "rotate", {"user": "ann", "account": OTHER})
    assert client.identity(key) == f"arn:aws:iam::{OTHER}:user/ann"
    fault = {"on": "*", "answer": "Throttling", "account": OTHER}
    client.control("POST", "faults", fault)
    assert [client.identity(who)[:10] for who in (OURS, key)] == ["arn:aws:ia", "Throttling"]
    assert client.control("GET", "refusal")["account"] == OTHER
    assert client.identity(THEIRS) == "InvalidClientTokenId"
    assert client.control("GET", "refusal")["account"] is None


def test_the_accounts_end_with_the_world(client: Client) -> None:
    """In the next world nothing of them is there, not even in moto's IAM."""
    client.aws("iam", THEIRS).create_user(UserName="new")
    client.control("POST", "world", {})
    assert client.identity(THEIRS) == "InvalidClientTokenId"
    client.control("POST", "world", TWO_ACCOUNTS)
    users = client.aws("iam", THEIRS).list_users()["Users"]
    assert [user["UserName"] for user in users] == ["ann"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"accounts": {"1": {}}}, "twelve digits"),
        ({"accounts": {FIRST: {}}}, "it is the first account"),
        ({"id": OTHER, "accounts": {OTHER: {}}}, "it is the first account"),
        ({"accounts": {OTHER: {"skew": "1m"}}}, "skew"),
        ({"accounts": {OTHER: {"policies": {"dev-admin": {}}}}}, f"{OTHER}.policies.dev-admin"),
        (
            {
                "keys": {"a": {"id": "AKIAXXXXXXXXXXXXXXXX"}},
                "accounts": {OTHER: {"keys": {"b": {"id": "AKIAXXXXXXXXXXXXXXXX"}}}},
            },
            "has the id AKIAXXXXXXXXXXXXXXXX too",
        ),
    ],
)
def test_a_wrong_table_of_accounts(table: Mapping[str, Any], words: str) -> None:
    """It is said where, before anything changes."""
    with pytest.raises(ValueError, match=words):
        Simulation({}).load(table)


@pytest.mark.parametrize("seed", ["seed", None])
def test_what_iam_makes_follows_from_the_seed(seed: str | None) -> None:
    """With a seed keys and ids of moto's are the same in every run; without one they differ."""
    made = []
    for _ in range(2):
        Simulation({}, seed)
        iam = iam_backends["123456789012"]["aws"]
        user = iam.create_user("us-east-1", "alice")
        made.append((user.id, iam.create_access_key("alice").access_key_id))
    assert (made[0] == made[1]) is (seed is not None)


def issued_by(simulation: Simulation) -> set[str]:
    """Return ids and secrets that the present world makes next."""
    made = simulation.account.administrator.rotate("dev-admin")
    user = simulation.account.directory.user("dev-admin")
    assert user is not None
    return {made.access_key_id, made.secret_access_key, user.user_id}
