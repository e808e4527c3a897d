"""What real processes show: no password of an address, and no control character of anybody's.

Issue 14, points 7, 8, 9 and 10: also which host is asked, and whose session a name gets.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from fakes.world.cached_session import cached_session, session, write_session
from tests.authkit.adapters.sts_server import Answer, error
from tests.support.at_a_terminal import at_a_terminal, ended, started
from tests.support.simulator import KEYS, OLD_KEYS, Home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.authkit.adapters.sts_server import Server
    from tests.support.simulator import Simulator

NOW = "2024-12-22T23:58:00+00:00"
STORED = {"version": 1, **KEYS}
SHOWN = re.compile(r"[^\n -~\u00a1-\u2029\u2030-\u2065\u2070-\uffff]")  # what may not be shown

# Where an address with a user name and a password may stand, and what the message says of it.
ADDRESSES = {
    "no answer": ("AWS_ENDPOINT_URL_STS", "http://me:hunter2@127.0.0.1:1", "http://127.0.0.1:1/:"),
    "the general one": ("AWS_ENDPOINT_URL", "http://me:hunter2@127.0.0.1:1", "http://127.0.0.1:1/"),
    "unencrypted": (
        "AWS_ENDPOINT_URL_STS",
        "http://me:hunter2@sts.nowhere.invalid:4566/",
        "⚠ Requests go to http://sts.nowhere.invalid:4566/ unencrypted",
    ),
    "malformed": (
        "AWS_ENDPOINT_URL_STS",
        "http://me:hun/ter2hunter2@h/",
        "AWS_ENDPOINT_URL_STS has a '/' left of an '@'",
    ),
    "no address": (
        "AWS_ENDPOINT_URL_STS",
        "me:hunter2@localhost:4566",
        "AWS_ENDPOINT_URL_STS does not begin with http:// or https://",
    ),
    "a bracket": (
        "AWS_ENDPOINT_URL_STS",
        "http://me:hunter2@[::1",
        "AWS_ENDPOINT_URL_STS names no host",
    ),
    "a proxy": (
        "HTTPS_PROXY",
        "http://me:hunter2@127.0.0.1:1",
        "the proxy of HTTPS_PROXY cannot be reached",
    ),
    "a malformed proxy": (
        "HTTPS_PROXY",
        "http://me:hun/ter2hunter2@h",
        "HTTPS_PROXY has a '/' left of an '@'",
    ),
}


def test_no_password_of_an_address(tmp_path: Path) -> None:
    """B-S08: no message shows it, nor what AUTHKIT_DEBUG=1 adds.

    The launcher would take the address for AWS's own, so this is authkit alone.  Half of the
    commands wait seconds for a network that is not there, so they run at the same time.
    """
    children = {}
    for case, (name, address, _) in ADDRESSES.items():
        home = Home(tmp_path / case)
        home.path.mkdir()
        home.put_in_keyring(STORED)
        home.extra = {"AWS_ENDPOINT_URL_STS": "", name: address, "AUTHKIT_DEBUG": "1"}
        children[case] = started(home, "login", "dev-admin")
    for case, (_, _, said) in ADDRESSES.items():
        done = ended(children[case])
        assert (case, done.status, done.asked) == (case, 1, 0)
        assert said in done.screen
        assert not re.search(r"hunter2|ter2|\bme\b", done.screen), case


def test_no_password_of_who_refuses(online: Home, simulator: Simulator) -> None:
    """B-S08, B-L04: the line that names the endpoint leaves user name and password out."""
    online.put_in_keyring({"version": 1, **OLD_KEYS})
    online.endpoint = simulator.endpoint.replace("//", "//me:hunter2@")
    screen = at_a_terminal(online, "login", "dev-admin").screen
    assert f"  {simulator.endpoint} says so; removed it from the keyring." in screen
    assert "hunter2" not in screen


SAID = {
    "a message": error("Odd", "a&#x9b;2J\u202eb\nc"),
    "a code": error("Od\u202ed&#x9b;", "m"),
    "a request id": error("Odd", "m"),
    "a long message": error("Odd", "m" * 1_000_000),
    "a long code": error("C" * 1_000_000, "m"),
}


def test_what_aws_says(home: Home, odd_sts: Server) -> None:
    """B-A01, B-L26: control characters are made visible, and what is long is cut."""
    home.put_in_keyring(STORED)
    for name, answer in SAID.items():
        odd_sts.answer = answer
        if name == "a request id":
            body = str(answer.body).replace("req-1", "r&#x9b;\u202e" + "q" * 5_000)
            odd_sts.answer = Answer(403, body)
        done = home.authkit("login", "dev-admin")
        assert done.returncode == 1
        assert not SHOWN.findall(done.stderr), name
        assert len(done.stderr) < 1_000, name


SHELLS = ("sh", "fish", "powershell", "dotenv", "json")
PLANTED = {
    "region": ["eu\x1b[2J", "eu\u202e", "eu'; touch planted; '", "eu\u009b"],
    "principal": ["arn\x1b]0;x\x07", "\u202earn"],
    "account": ["12\n34"],
    "session_token": ["t\u009bk", "t\nk", "t'; touch planted; '"],
    "secret_access_key": ["s\x00t", "s$(touch planted)"],
    "access_key_id": ["ASIA';touch planted;'"],
}


@pytest.mark.parametrize("key", PLANTED)
def test_what_a_session_file_says(home: Home, key: str) -> None:
    """B-A01, B-S04: with control characters or quotes it is corrupt: none of it gets anywhere."""
    write_session(home.path / "state", cached_session(session(datetime.now(UTC))))
    file = home.path / "state" / "sessions" / "dev-admin.json"
    stored = json.loads(file.read_text())
    for planted in PLANTED[key]:
        file.write_text(json.dumps({**stored, key: planted}))
        for line in (
            *(
                f"env dev-admin --format {shell}"
                for shell in SHELLS[: None if key == "region" else 1]
            ),
            *("credential-process dev-admin", "whoami dev-admin --offline"),
        ):
            done = home.authkit(*line.split())
            assert (done.returncode, done.stdout) == (1, "")
            assert "✗ dev-admin has no session" in done.stderr
            assert not SHOWN.findall(done.stderr)


def test_names_that_look_alike(online: Home) -> None:
    """B-S10: case makes another identity, a Unicode form does not; logging out of one is of one."""
    alike = ["dev", "Dev", "caf\u00e9"]
    for name in alike:
        online.put_in_keyring(STORED, name)
        assert online.authkit("login", name).returncode == 0
    files = [path.name for path in (online.path / "state" / "sessions").iterdir()]
    assert len({name.casefold() for name in files}) == len(alike)
    ids = [found(online, name) for name in alike]
    assert len({*ids}) == len(alike)
    assert found(online, "cafe\u0301") == found(online, "caf\u00e9")
    assert online.authkit("logout", "Dev").returncode == 0
    assert [found(online, name) for name in ("dev", "Dev")] == [ids[0], ""]


def found(home: Home, name: str) -> str:
    """Return the access key id of the identity's session, "" for none."""
    said = home.authkit("env", "-i", name, "--format", "json").stdout
    return str(json.loads(said)["AWS_ACCESS_KEY_ID"]) if said else ""


class Proxy(BaseHTTPRequestHandler):
    """A proxy that notes which host is asked for, and has none."""

    hosts: set[str]

    def do_CONNECT(self) -> None:
        """Note the host; answer 502."""
        self.hosts.add(self.path)
        self.send_response(502)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def hosts(home: Home) -> Iterator[set[str]]:
    """Return the hosts that are asked for by the home's processes."""
    asked = set[str]()

    class Noting(Proxy):
        hosts = asked

    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        home.extra = {
            "AWS_ENDPOINT_URL_STS": "",
            "HTTPS_PROXY": f"http://127.0.0.1:{server.server_port}",
        }
        yield asked
        server.shutdown()
        thread.join()


LEGACY = {"AWS_STS_REGIONAL_ENDPOINTS": "legacy"}
ASKED = {
    "by default": ("eu-west-1", {}, "sts.eu-west-1.amazonaws.com"),
    "legacy": ("eu-west-1", LEGACY, "sts.eu-west-1.amazonaws.com"),
    "legacy, us-east-1": ("us-east-1", LEGACY, "sts.us-east-1.amazonaws.com"),
    "FIPS": ("us-west-2", {"AWS_USE_FIPS_ENDPOINT": "true"}, "sts-fips.us-west-2.amazonaws.com"),
    "dual stack": ("eu-west-1", {"AWS_USE_DUALSTACK_ENDPOINT": "true"}, "sts.eu-west-1.api.aws"),
    "China": ("cn-north-1", {}, "sts.cn-north-1.amazonaws.com.cn"),
}


@pytest.mark.parametrize(("region", "environ", "host"), ASKED.values(), ids=ASKED)
def test_the_regions_own_host_is_asked(
    home: Home, hosts: set[str], region: str, environ: dict[str, str], host: str
) -> None:
    """B-E02: STS of the identity's region is asked, whatever the AWS libraries' settings are."""
    home.config(f"[identities.dev-admin]\nregion = '{region}'\n")
    home.put_in_keyring(STORED)
    home.extra |= environ
    assert at_a_terminal(home, "login", "dev-admin", at=NOW).status == 1
    assert hosts == {f"{host}:443"}
