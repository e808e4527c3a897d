"""The options of ``sts-simulator serve``, and when the ready line comes."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from sts_simulator.client import Simulator
from tests.support.aws_client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Prints, in place of the ready line, which expensive modules were there when it was printed.
WHEN_READY = """
import json, os, sys
class Stdout:
    def write(self, text):
        if text.strip():
            loaded = sorted({"moto", "botocore", "boto3", "flask", "jsonschema"} & {*sys.modules})
            os.write(1, json.dumps({"loaded": loaded, **json.loads(text)}).encode() + b"\\n")
    def flush(self):
        pass
sys.stdout = Stdout()
from sts_simulator.__main__ import main
sys.exit(main(["serve"]))
"""


@contextmanager
def started(*command: str) -> Iterator[dict[str, Any]]:
    """Run a program of Python's until the block ends; yield its ready line."""
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def test_ready_before_moto_is_imported() -> None:
    """The ready line does not wait for moto's import; a request does, and is answered."""
    with started("-c", WHEN_READY) as ready:
        assert ready["loaded"] == []
        assert Simulator.running(ready).calls() == []


def test_a_signal_at_once_after_the_ready_line_ends_it() -> None:
    """SIGTERM while moto is being imported ends it with exit status 0 as well."""
    command = [sys.executable, "-m", "sts_simulator", "serve"]
    with subprocess.Popen(  # noqa: S603 - our own
        command, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        assert process.wait(30) == 0


def test_nothing_is_printed_after_the_ready_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by moto, which prints a hint where it does not know a service."""
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    with subprocess.Popen(
        [sys.executable, "-m", "sts_simulator", "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        (who,) = ready["users"].values()
        request = signed_for(ready["endpoint"], "mars", who)
        Client(ready["endpoint"]).request("POST", "/", "", request)
        process.terminate()
        assert process.communicate() == ("", "")


def signed_for(endpoint: str, service: str, who: dict[str, str]) -> dict[str, str]:
    """Return the headers of an empty request that a user signs for a service."""
    asked = AWSRequest("POST", endpoint, {"Host": endpoint.removeprefix("http://")}, b"")
    keys = Credentials(who["access_key_id"], who["secret_access_key"])
    SigV4Auth(keys, service, "us-east-1").add_auth(asked)
    return dict(asked.headers.items())


def test_a_world_from_a_file_is_enforced(tmp_path: Path) -> None:
    """With --enforce the denials of the file's policies refuse, and without it they do not."""
    deny = {"Statement": [{"Effect": "Deny", "Action": "iam:GetUser", "Resource": "*"}]}
    file = tmp_path / "world.json"
    file.write_text(json.dumps({"keys": {"a": {}}, "policies": {"dev-admin": deny}}))
    for options, refused in (((), False), (("--enforce",), True)):
        with Simulator("--world", str(file), *options) as simulator:
            iam = Client(simulator.endpoint).aws("iam", dict(simulator.users["dev-admin"]))
            with pytest.raises(ClientError, match="AccessDenied") if refused else nullcontext():
                iam.get_user()


def test_a_world_from_a_file(tmp_path: Path) -> None:
    """The users of the file are on the ready line, and a reset restores them."""
    file = tmp_path / "world.json"
    file.write_text('{"id": "210987654321", "keys": {"a": {"user": "bob"}}}')
    with Simulator("--world", str(file)) as simulator:
        assert (simulator.account, [*simulator.users]) == ("210987654321", ["bob"])
        key = simulator.users["bob"]["access_key_id"]
        simulator.rotate("bob")
        simulator.reset()
        assert simulator.users["bob"]["access_key_id"] == key
        assert simulator.rotate("bob")["access_key_id"] != key


def refused(*options: str) -> str:
    """Return what ``serve`` says on stderr when it cannot serve."""
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "sts_simulator", "serve", *options],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_options_that_do_not_fit(tmp_path: Path) -> None:
    """One line says what is wrong, before anything is served."""
    missing, wrong = tmp_path / "missing.json", tmp_path / "wrong.json"
    wrong.write_text('{"keez": {}}')
    assert "--user" in refused("--world", str(wrong), "--user", "bob")
    assert "keez" in refused("--world", str(wrong))
    assert str(missing) in refused("--world", str(missing))
    assert "--upstream" in refused("--upstream", "localhost:5000")
    assert refused("--host", "192.0.2.1").startswith("cannot serve: ")


def test_beyond_loopback_the_ready_line_has_a_token() -> None:
    """The token is on the ready line only where it is asked for, and the client sends it."""
    with Simulator("--host", "0.0.0.0") as simulator:  # noqa: S104 - that is tried
        assert simulator.calls() == []
    with started("-m", "sts_simulator", "serve") as ready:
        assert {*ready} == {"endpoint", "account", "users"}


def test_tls(tmp_path: Path) -> None:
    """The ready line names the certificate, and the client trusts it alone."""
    file = tmp_path / "ca.pem"
    with Simulator("--tls", str(file)) as simulator:
        assert simulator.endpoint.startswith("https://")
        assert simulator.environ()["AWS_CA_BUNDLE"] == str(file)
        assert simulator.calls() == []
