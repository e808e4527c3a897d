"""Real authkit processes with a wrong clock, pages in STS's place, and surroundings in the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.simulator import KEYS, MFA
from tests.support.small_servers import refusing_proxy, tls_server
from tests.terminal.test_process import login_on_a_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator import Home, Simulator

pytestmark = pytest.mark.usefixtures("no_proxies")
ENTRY = {"version": 1, **KEYS, "mfa_arn": MFA}
WARNED = "Other tools may refuse to work until the\n  clock is set right"


@pytest.mark.parametrize(
    ("skew", "said"),
    [
        ("20m", "your clock is 20 m behind AWS"),
        ("-20m", "your clock is 20 m ahead of AWS"),
        ("3d", "your clock is 72 h 0 m behind AWS"),
    ],
)
def test_a_wrong_clock(online: Home, simulator: Simulator, skew: str, said: str) -> None:
    """B-L10: every command goes on with AWS's time, and the probe after exec's child too."""
    online.put_in_keyring({"version": 1, **KEYS})
    simulator.control("clock", {"skew": skew})
    done = online.authkit("login", "dev-admin", "--force")
    assert (done.returncode, said in done.stderr, WARNED in done.stderr) == (0, True, True)
    assert "(11h 59m)" in done.stderr or "(12h 0m)" in done.stderr
    done = online.authkit("exec", "dev-admin", "--", "sh", "-c", "echo ran; exit 3")
    assert (done.returncode, done.stdout, WARNED in done.stderr) == (3, "ran\n", True)
    assert "Tip" not in done.stderr
    done = online.authkit("whoami", "dev-admin", "--output", "json")
    assert (done.returncode, json.loads(done.stdout)["valid"], said in done.stderr) == (
        0,
        True,
        True,
    )
    twice = [None, "SignatureDoesNotMatch"]
    assert {code for _, code in simulator.calls()} == {*twice}
    assert [code for _, code in simulator.calls()][-2:] == twice[::-1]


def test_two_pages_of_a_load_balancer(online: Home, simulator: Simulator) -> None:
    """B-L12: STS never saw the code, which is sent again: one question, and in."""
    online.put_in_keyring(ENTRY)
    simulator.control("faults", [{"on": "GetSessionToken", "answer": "html", "times": 2}])
    screen = login_on_a_terminal(online, "123456")
    assert "✓ Authentication successful!" in screen
    assert screen.count("Enter MFA Token") == 1
    assert screen.index("Enter MFA Token") < screen.index("Trying again in 2s")
    assert [name for name, _ in simulator.calls()].count("GetSessionToken") == 3


def test_keys_behind_an_endpoint_in_an_opt_in_region(online: Home, simulator: Simulator) -> None:
    """B-L19: a refusal there names both causes and the way on; nothing is removed."""
    online.config('[identities.dev-admin]\nregion = "me-south-1"\n')
    simulator.control("world", {"keys": {}, "regions": {"not_enabled": ["me-south-1"]}})
    online.put_in_keyring(ENTRY)
    done = online.authkit("login", "dev-admin")
    assert done.returncode == 1
    assert (
        "in me-south-1:\n  it was rotated or mistyped, or the region is not enabled" in done.stderr
    )
    assert "authkit user configure --identity dev-admin" in done.stderr
    assert online.keyring() == ENTRY


@pytest.mark.parametrize("status", [407, 403])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses(home: Home, scheme: str, status: int) -> None:
    """B-A07: login names the proxy's variable and ends after one try; no password is shown."""
    home.put_in_keyring(ENTRY)
    home.endpoint = f"{scheme}://sts.nowhere.invalid"
    with refusing_proxy(status) as proxy:
        home.extra = {f"{scheme.upper()}_PROXY": f"http://me:pass-word@{proxy.address}"}
        done = home.authkit("login", "dev-admin")
    assert (done.returncode, len(proxy.asked)) == (1, 1)
    assert f"✗ STS cannot be asked: the proxy of {scheme.upper()}_PROXY refuses" in done.stderr
    assert "so it was not tried again" in done.stderr
    assert "Nothing was removed from the keyring." in done.stderr
    assert "pass-word" not in done.stderr
    assert home.keyring() == ENTRY


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AWS_CA_BUNDLE", "/nowhere.pem", "AWS_CA_BUNDLE cannot be read: /nowhere.pem: No such"),
        ("SSLKEYLOGFILE", "/nowhere/log", "SSLKEYLOGFILE cannot be written: /nowhere/log: No such"),
        ("HTTPS_PROXY", "http://127.0.0.1:#1", "HTTPS_PROXY has a '#' or '?'"),
        ("HTTPS_PROXY", "http://127.0.0.1:99999", "the port in HTTPS_PROXY is not a number"),
        ("AWS_ENDPOINT_URL_STS", "https://127.0.0.1:port", "the port in AWS_ENDPOINT_URL_STS is"),
    ],
)
def test_a_setting_that_is_wrong(home: Home, name: str, value: str, said: str) -> None:
    """B-A07, B-W05: the setting is named; what a session's state is by the clock is still shown."""
    home.endpoint = "https://sts.nowhere.invalid"
    home.put_in_keyring(ENTRY)
    home.extra = {name: value}
    done = home.authkit("login", "dev-admin")
    assert done.returncode == 1
    assert f"✗ STS cannot be asked: {said}" in done.stderr
    assert "did not expect" not in done.stderr


def test_a_certificate_that_the_clock_refuses(home: Home, tmp_path: Path) -> None:
    """B-L10, B-L18: it is not tried again, and the clock is named as a possible cause."""
    home.put_in_keyring(ENTRY)
    with tls_server(tmp_path, days=(5, 10)) as address:
        home.endpoint = f"https://{address}"
        home.extra = {"AWS_CA_BUNDLE": str(tmp_path / "certificate.pem")}
        done = home.authkit("login", "dev-admin")
    assert done.returncode == 1
    assert "(certificate is not yet valid), or this machine's clock is wrong: " in done.stderr
    assert "Trying again" not in done.stderr
