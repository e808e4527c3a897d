"""AWS clients and plain HTTP for a simulator in this process."""

from __future__ import annotations

import http.client
import json
import socket
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from authkit.adapters.sts import isolated_session
from sts_simulator.server.server import Server
from sts_simulator.server.simulation import Simulation
from sts_simulator.server.starting_world import starting_world, users_of

STARTING_WORLD = starting_world(["plain"], ["dev-admin"], "tests")
USERS = users_of(STARTING_WORLD)
# A world of two accounts, and the keys of a user of each.
FIRST, OTHER = "123456789012", "210987654321"
OURS = {"access_key_id": "AKIAOURSOURSOURSOURS", "secret_access_key": "ours"}
THEIRS = {"access_key_id": "AKIATHEIRSTHEIRSTHEI", "secret_access_key": "theirs"}
TWO_ACCOUNTS = {
    "keys": {"k": {"id": OURS["access_key_id"], "secret": "ours"}},
    "accounts": {
        OTHER: {
            "keys": {"k": {"id": THEIRS["access_key_id"], "secret": "theirs", "user": "ann"}},
            "roles": {"deploy": {"trusts": [FIRST]}},
        }
    },
}


class Client:
    """AWS clients and plain HTTP for the server at `endpoint`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = boto3.Session(botocore_session=isolated_session())

    def aws(self, service: str, who: Any = None, **config: Any) -> Any:  # noqa: ANN401 - boto3 is not typed
        """Return a boto3 client for dev-admin, or with these keys or credentials."""
        who = who or USERS["dev-admin"]
        return self._session.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.endpoint,
            aws_access_key_id=who.get("AccessKeyId") or who["access_key_id"],
            aws_secret_access_key=who.get("SecretAccessKey") or who["secret_access_key"],
            aws_session_token=who.get("SessionToken"),
            config=Config(retries={"total_max_attempts": 1}, proxies={}, **config),
        )

    def identity(self, who: Any = None) -> str:  # noqa: ANN401 - boto3 is not typed
        """Return the caller's ARN, or the code of the refusal."""
        try:
            return str(self.aws("sts", who).get_caller_identity()["Arn"])
        except ClientError as refused:
            return str(refused.response["Error"]["Code"])

    def session(self, who: Any = None, **parameters: Any) -> Any:  # noqa: ANN401 - boto3 is not typed
        """Return the credentials of a new session."""
        return self.aws("sts", who).get_session_token(**parameters)["Credentials"]

    def control(self, method: str, name: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 - JSON
        """Return the answer of the control interface: its JSON, or the status of an error."""
        answer = self.request(method, f"/_sim/{name}", json.dumps(body), headers)
        return json.loads(answer[1]) if answer[0] == 200 else answer[0]

    def request(
        self, method: str, target: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Return status and body of a plain HTTP request."""
        connection = http.client.HTTPConnection(self.address[0], self.address[1])
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        return answer.status, said

    def raw(self, *requests: bytes) -> bytes:
        """Send these bytes, close the sending side, and return all that comes back."""
        with socket.create_connection(self.address, timeout=10) as connection:
            for request in requests:
                connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the server."""
        host, _, port = self.endpoint.removeprefix("http://").partition(":")
        return host, int(port)


@cache
def _client() -> Client:
    """Return a client of the one server of this process, which ends with the process."""
    return Client(Server(Simulation(STARTING_WORLD)).__enter__().endpoint)


def fresh_client() -> Client:
    """Return a client of the server in its starting state."""
    client = _client()
    client.control("POST", "reset")
    return client
