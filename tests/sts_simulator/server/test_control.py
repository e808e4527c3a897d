"""The simulator's control interface (docs/contract.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.support.aws_client import USERS, Client


def test_reset_goes_back_to_the_start(client: Client) -> None:
    """The keys are the same; time is real; faults, calls, sessions and moto's state are gone."""
    session = client.session()
    client.aws("iam").create_user(UserName="more")
    client.aws("s3").create_bucket(Bucket="things")
    client.control("POST", "rotate", {"user": "dev-admin"})
    client.control("POST", "clock", {"advance": "36h", "tick": False})
    client.control("POST", "faults", [{"on": "*", "answer": "Throttling", "times": 0}])
    assert client.control("POST", "reset") == {}
    assert client.control("GET", "calls") == client.control("GET", "faults") == []
    assert client.identity().endswith("dev-admin")
    assert client.identity(session) == "InvalidClientTokenId"
    assert client.aws("s3").list_buckets()["Buckets"] == []
    assert [user["UserName"] for user in client.aws("iam").list_users()["Users"]] == [
        "plain",
        "dev-admin",
    ]


def test_a_reset_of_moto_keeps_the_keys(client: Client) -> None:
    """The world's users are there again, what was made is gone, and clock and faults stay."""
    session = client.session()
    client.aws("iam").create_user(UserName="more")
    client.aws("s3").create_bucket(Bucket="things")
    client.control("POST", "clock", {"now": "2024-12-22T16:58:00Z", "tick": False})
    client.control("POST", "faults", [{"on": "GetSessionToken", "answer": "Throttling"}])
    assert client.request("POST", "/moto-api/reset")[0] == 200
    assert client.control("GET", "clock") == {"now": "2024-12-22T16:58:00Z"}
    assert client.control("GET", "faults")
    assert client.identity().endswith("dev-admin")
    assert client.identity(session) == "InvalidClientTokenId"
    assert client.aws("s3").list_buckets()["Buckets"] == []
    assert [user["UserName"] for user in client.aws("iam").list_users()["Users"]] == [
        "plain",
        "dev-admin",
    ]


def test_sessions_of_before_a_reset_are_strangers_after_it(client: Client) -> None:
    """The first session after a reset differs from the first one before it."""
    before = client.session()
    client.control("POST", "reset")
    client.session()
    assert client.identity(before) == "InvalidClientTokenId"


def test_the_clock_moves_sessions_to_their_end(client: Client) -> None:
    """Sessions expire by the simulated time; clients at the real time are still served."""
    session = client.session(DurationSeconds=129600)
    assert client.identity(session).endswith("dev-admin")
    client.control("POST", "clock", {"advance": "36h"})
    assert client.identity(session) == "ExpiredToken"
    assert client.identity().endswith("dev-admin")


def test_the_clock_is_reported_and_stopped(client: Client) -> None:
    """`now`, `advance` and `tick` set the reported time, and Expiration is by it."""
    at = "2024-12-22T16:58:00-07:00"
    told = client.control("POST", "clock", {"now": at, "tick": False})
    assert told == client.control("GET", "clock") == {"now": "2024-12-22T23:58:00Z"}
    assert client.control("POST", "clock", {"advance": "1h30m"}) == {"now": "2024-12-23T01:28:00Z"}
    assert client.session(DurationSeconds=900)["Expiration"].isoformat() == (
        "2024-12-23T01:43:00+00:00"
    )
    assert client.control("GET", "calls")[-1]["at"] == "2024-12-23T01:28:00.000Z"


def in_full(client: Client) -> tuple[datetime, bool]:
    """Return the simulated time to the microsecond, and whether the clock ticks."""
    told = client.control("POST", "sleep", {"for": "0s"})
    return datetime.fromisoformat(told["now"]), told["ticks"]


def test_a_clock_that_is_stopped_stands_where_it_was_put(client: Client) -> None:
    """`tick`, `skew` and a move in one request leave the clock exactly where it was put.

    A clock that is started in the same request goes on from there.
    """
    noon = datetime(2024, 12, 22, 12, tzinfo=UTC)
    put = {"now": noon.isoformat(), "skew": "5m"}
    for before in (True, False):
        client.control("POST", "clock", {"tick": before})
        client.control("POST", "clock", put | {"tick": False})
        assert in_full(client) == (noon, False)
        client.control("POST", "clock", put | {"advance": "1h", "tick": False})
        assert in_full(client) == (noon + timedelta(hours=1), False)
    client.control("POST", "clock", put | {"tick": True})
    now, ticks = in_full(client)
    assert ticks
    assert noon <= now < noon + timedelta(hours=1)


@pytest.mark.parametrize(("skew", "words"), [("20m", "expired: "), ("-20m", "not yet current: ")])
def test_skew(client: Client, skew: str, words: str) -> None:
    """A server whose clock is 20 minutes off refuses the caller's date."""
    client.control("POST", "clock", {"skew": skew})
    with pytest.raises(ClientError, match=f"Signature {words}"):
        client.aws("sts").get_caller_identity()


def test_a_world_replaces_all(client: Client) -> None:
    """A new world replaces ids, codes and account; a wrong table changes nothing."""
    assert client.control("POST", "world", {"kees": {}}) == 400
    assert client.identity().endswith("dev-admin")
    key = {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "new-secret", "user": "bob"}
    device = {"arn": "GAHT12345678", "codes": ["123456"], "user": "bob"}
    world = {"id": "210987654321", "keys": {"new": key}, "mfa": device}
    assert client.control("POST", "world", world) == {"account": "210987654321"}
    assert client.identity() == "InvalidClientTokenId"
    bob = {"access_key_id": key["id"], "secret_access_key": key["secret"]}
    assert client.identity(bob) == "arn:aws:iam::210987654321:user/bob"
    assert client.session(bob, SerialNumber="GAHT12345678", TokenCode="123456")
    assert client.aws("iam", bob).get_user()["User"]["Arn"] == client.identity(bob)


def test_a_session_of_an_earlier_world_stays_refused(client: Client) -> None:
    """The same world again issues other sessions: a stale one is never valid."""
    world = {"keys": {"new": {"id": "AKIAXXXXXXXXXXXXXXXX", "secret": "new-secret"}}}
    keys = {"access_key_id": "AKIAXXXXXXXXXXXXXXXX", "secret_access_key": "new-secret"}
    client.control("POST", "world", world)
    stale = client.session(keys)
    client.control("POST", "world", world)
    assert client.session(keys)["AccessKeyId"] != stale["AccessKeyId"]
    assert client.identity(stale) == "InvalidClientTokenId"


def test_rotate(client: Client) -> None:
    """The old key is deleted and the new one returned; an unknown user is an error."""
    made = client.control("POST", "rotate", {"user": "dev-admin"})
    assert client.identity() == "InvalidClientTokenId"
    assert client.identity(made).endswith("dev-admin")
    listed = client.aws("iam", made).list_access_keys(UserName="dev-admin")["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in listed] == [made["access_key_id"]]
    assert client.control("POST", "rotate", {"user": "nobody"}) == 400


def test_faults_over_http(client: Client) -> None:
    """Faults are added, listed, answered in turn, and cleared."""
    faults = [
        {"on": "GetCallerIdentity", "answer": "Throttling"},
        {"on": "*", "answer": "reset", "times": 2},
    ]
    assert client.control("POST", "faults", faults) == faults
    assert client.identity() == "Throttling"
    with pytest.raises(ConnectionClosedError):
        client.identity()
    assert client.control("GET", "faults") == faults[1:]
    assert client.control("DELETE", "faults") == []
    assert client.identity().endswith("dev-admin")
    assert [call["code"] for call in client.control("GET", "calls")] == [
        "Throttling",
        "reset",
        None,
    ]
    assert client.control("POST", "faults", [{"on": "*"}]) == 400


@pytest.mark.parametrize(
    ("answer", "near"),
    [
        *(("Throtling", "Throttling"), ("throttling", "Throttling"), ("timout", "timeout")),
        *(("ExpiredTokn", "ExpiredToken"), ("InvalidClientTokenID", "InvalidClientTokenId")),
        *(("ThrottledException", ""), ("TeapotException", ""), ("InternalError", "")),
        *(("AccessDeniedException", ""), ("MyOwnCode", ""), ("cut", "")),
    ],
)
def test_a_mistyped_answer(client: Client, answer: str, near: str) -> None:
    """It is answered all the same: AWS may have such a code; the answer warns of it once."""
    fault = {"on": "GetCallerIdentity", "answer": answer, "times": 0}
    (added,) = client.control("POST", "faults", [fault])
    warning = added.pop("warning", "")
    assert added == fault
    assert client.control("GET", "faults") == [fault]
    assert bool(warning) is bool(near)
    assert warning.endswith(f"the nearest is {near}" * bool(near))
    if near and near != "timeout":
        assert client.identity() == answer


def test_a_fault_of_a_user_that_is_not_there(client: Client) -> None:
    """It would never happen.  The nearest name is told; root and IAM's own users are there."""
    fault = {"on": "*", "answer": "Throttling", "user": "dev-amin"}
    assert client.control("POST", "faults", [fault]) == 400
    assert client.control("POST", "faults", [fault | {"account": "210987654321"}]) == 400
    client.aws("iam").create_user(UserName="more")
    assert client.control("POST", "faults", [fault | {"user": "more"}])
    client.control("POST", "world", {"keys": {"root": {"root": True}}})
    assert client.control("POST", "faults", [fault | {"user": "root"}]) != 400


def test_the_users_there_are(client: Client) -> None:
    """Those of the world, with what IAM has made since; one without an active key is left out."""
    told = client.control("GET", "users")
    assert {name: told["users"][name] for name in USERS} == USERS
    iam = client.aws("iam")
    iam.create_user(UserName="more")
    key = iam.create_access_key(UserName="more")["AccessKey"]
    made = {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}
    assert client.control("GET", "users")["users"]["more"] == made
    iam.delete_access_key(UserName="more", AccessKeyId=key["AccessKeyId"])
    assert "more" not in client.control("GET", "users")["users"]
    client.control(
        "POST", "world", {"accounts": {"210987654321": {"keys": {"k": {"user": "bob"}}}}}
    )
    told = client.control("GET", "users")
    assert (told["account"], [*told["accounts"]["210987654321"]["users"]]) == (
        *("123456789012", ["bob"]),
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1234", "[::1]:80", "LOCALHOST"])
def test_control_by_any_name_of_this_machine(client: Client, host: str) -> None:
    """Every name of loopback is accepted, on moto's control paths too."""
    assert client.control("GET", "faults", Host=host) == []
    assert client.request("GET", "/moto-api/data.json", headers={"Host": host})[0] == 200


@pytest.mark.parametrize(
    ("method", "name", "body", "status"),
    [
        ("GET", "nothing", None, 404),
        ("DELETE", "clock", None, 404),
        ("POST", "clock", {"advance": "soon"}, 400),
        ("POST", "clock", {"now": "noon"}, 400),
        ("POST", "clock", [], 400),
        ("POST", "rotate", {}, 400),
        ("POST", "world", None, 400),
    ],
)
def test_control_says_what_is_wrong(
    client: Client, method: str, name: str, body: object, status: int
) -> None:
    """A wrong body is answered with 400, an unknown request with 404."""
    assert client.control(method, name, body) == status


def test_a_fault_on_an_operation_that_is_not_simulated(client: Client) -> None:
    """S7: every operation of the model can be named, and what STS does not have is recorded."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    client.control("POST", "faults", [{"on": "AssumeRoleWithSAML", "answer": "Throttling"}])
    for operation in ("AssumeRoleWithSAML", "Nope"):
        client.request("POST", "/", f"Action={operation}&Version=2011-06-15", form)
    told = [(call["operation"], call["code"]) for call in client.control("GET", "calls")]
    assert told == [("AssumeRoleWithSAML", "Throttling"), ("Nope", "InvalidAction")]
    assert client.control("POST", "faults", [{"on": "Nope", "answer": "Throttling"}]) == 400


def test_the_last_refusal(client: Client) -> None:
    """It has the reason and what the simulator signed; null before there is one."""
    assert client.control("GET", "refusal") is None
    client.identity(USERS["plain"] | {"secret_access_key": "wrong"})
    told = client.control("GET", "refusal")
    assert (told["service"], told["operation"], told["code"]) == (
        *("sts", "GetCallerIdentity", "SignatureDoesNotMatch"),
    )
    assert told["canonical_request"].startswith("POST\n/\n")
    assert told["string_to_sign"].startswith("AWS4-HMAC-SHA256\n")
    reason = client.control("GET", "calls")[-1]["reason"]
    assert reason == told["reason"]
    assert reason.startswith("signature: another secret or another request; canonical request was")
