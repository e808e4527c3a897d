"""The command `sim`, on a simulator in this process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pyotp
import pytest

from sts_simulator.play import sim
from tests.support.aws_client import USERS, Client, fresh_client

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client of a reset server, which is also the one that `sim` uses."""
    client = fresh_client()
    client.control("POST", "clock", {"now": "2024-12-22T12:00:00Z", "tick": False})
    file = tmp_path / "simulator.json"
    ready = {"endpoint": client.endpoint, "account": "123456789012", "users": USERS}
    file.write_text(json.dumps(ready), encoding="utf-8")
    monkeypatch.setenv(sim.FILE, str(file))
    return client


@pytest.fixture
def run(client: Client, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that runs `sim` and returns its output, stderr included."""
    assert client

    def run(*arguments: str) -> str:
        status = sim.main(arguments)
        captured = capsys.readouterr()
        assert status == bool(captured.err)
        return captured.out + captured.err

    return run


def test_keys_are_what_a_login_asks_for(run: Callable[..., str]) -> None:
    """Four rows are shown; the last has an MFA code."""
    user = USERS["dev-admin"]
    rows = [row.split()[-1] for row in run("keys").splitlines()]
    assert rows[:3] == [user["access_key_id"], user["secret_access_key"], user["mfa_arn"]]
    assert rows[3].isdecimal()


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("Nope", "Nope (a code of your own)"),
        ("Throtling", "Throtling (the nearest is Throttling)"),
        ("Throttling", "Throttling"),
        ("html", "html"),
    ],
)
def test_an_answer_that_may_be_mistyped(run: Callable[..., str], answer: str, shown: str) -> None:
    """STS answers with any code; one that the simulator has no words for is shown as such."""
    assert run("fault", answer) == f"*: {shown}, once\n"


def test_each_code_is_a_new_one(run: Callable[..., str]) -> None:
    """The time moves forwards to the device's next code."""
    noon = 1_734_868_800
    totp = pyotp.TOTP(USERS["dev-admin"]["totp_secret"])
    expected = [totp.at(noon + 30), totp.at(noon + 60)]
    assert [run("code").strip(), run("code", "dev-admin").strip()] == expected
    assert run("advance", "1h") == "It is 2024-12-22 13:01:00 UTC now.\n"


@pytest.mark.parametrize("action", ["keys", "code", "rotate"])
def test_a_user_that_is_not_there(client: Client, run: Callable[..., str], action: str) -> None:
    """It is said, and nothing moves."""
    before = client.control("GET", "clock")["now"]
    assert run(action, "nobody").startswith("✗ there is no user nobody")
    assert client.control("GET", "clock")["now"] == before


def test_a_user_without_a_device(client: Client, run: Callable[..., str]) -> None:
    """There is no code to show; a rotation is written down, though there is no code either."""
    file = Path(os.environ[sim.FILE])
    told = json.loads(file.read_text(encoding="utf-8"))
    for name in ("mfa_arn", "totp_secret"):
        del told["users"]["dev-admin"][name]
    file.write_text(json.dumps(told), encoding="utf-8")
    before = client.control("GET", "clock")["now"]
    assert run("code") == "✗ user dev-admin has no device with a secret\n"
    assert "MFA" not in run("keys")
    assert client.control("GET", "clock")["now"] == before
    shown = run("rotate")
    assert (
        json.loads(file.read_text(encoding="utf-8"))["users"]["dev-admin"]["access_key_id"] in shown
    )


def test_the_time_moves_back(run: Callable[..., str]) -> None:
    """A span with a minus sign is no option."""
    assert run("advance", "-1h") == "It is 2024-12-22 11:00:00 UTC now.\n"
    assert run("advance", "-30m15s") == "It is 2024-12-22 10:29:45 UTC now.\n"
    assert run("advance", "+1h") == "It is 2024-12-22 11:29:45 UTC now.\n"


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command has a line, and `advance --help` is no span."""
    for line in ([], ["advance"], ["fault"]):
        with pytest.raises(SystemExit) as ended:
            sim.main([*line, "--help"])
        assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"\n    {name} " in shown for name in ("keys", "code", "rotate", "advance", "calls"))
    assert "back: -1h" in shown


def test_a_rotation_is_remembered(client: Client, run: Callable[..., str]) -> None:
    """The next command knows the new key."""
    run("rotate")
    key, secret = (row.split()[-1] for row in run("keys").splitlines()[:2])
    assert key != USERS["dev-admin"]["access_key_id"]
    new = {"access_key_id": key, "secret_access_key": secret}
    client.control("POST", "clock", {"tick": True})
    assert client.identity(new).endswith("dev-admin")
    assert run("calls").split()[1:] == ["GetCallerIdentity", key, "ok"]


def test_calls_tell_why(client: Client, run: Callable[..., str]) -> None:
    """A refused call has its reason, without the texts of a signature."""
    client.identity(USERS["plain"] | {"secret_access_key": "wrong"})
    assert (
        run("calls")
        .rstrip()
        .endswith("SignatureDoesNotMatch: signature: another secret or another request")
    )


def test_another_account(client: Client, run: Callable[..., str]) -> None:
    """With --account the commands are about a user of that account."""
    key = {"id": "AKIATHEIRSTHEIRSTHEI", "secret": "theirs", "user": "ann"}
    device = {"arn": "GAHT12345678", "user": "ann", "secret": "JBSWY3DPEHPK3PXPJBSWY3DP"}
    other = {"keys": {"k": key}, "mfa": device}
    client.control("POST", "world", {"accounts": {"210987654321": other}})
    file = Path(os.environ[sim.FILE])
    ann = {"access_key_id": key["id"], "secret_access_key": "theirs", "mfa_arn": "GAHT12345678"}
    users = {"ann": ann | {"totp_secret": device["secret"]}}
    ready = json.loads(file.read_text()) | {"accounts": {"210987654321": {"users": users}}}
    file.write_text(json.dumps(ready))
    there = ("--account", "210987654321")
    assert key["id"] in run("keys", "ann", *there)
    assert "GAHT12345678" in run("rotate", "ann", *there)
    assert key["id"] not in run("keys", "ann", *there)
    assert run("fault", "html", *there) == "*: html, once, account 210987654321\n"
    client.identity(USERS["plain"])
    assert run("calls", *there) == ""
    assert "GetCallerIdentity" in run("calls")
    assert run("rotate", "ann", "--account", "1").startswith("✗ there is no account 1")


def test_faults(run: Callable[..., str]) -> None:
    """Faults are listed after each change; a wrong one is reported in one line."""
    assert run("fault") == "No call of STS goes wrong.\n"
    assert run("fault", "html", "--times", "0") == "*: html, until cleared\n"
    assert run("fault", "--clear", "reset", "--on", "AssumeRole") == "AssumeRole: reset, once\n"
    assert run("fault", "reset", "--on", "Foo").startswith("✗ Foo is none of AssumeRole, ")
    assert run("advance", "soon").startswith("✗ a length of time is written like")
