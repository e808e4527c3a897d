"""The table of effects: a row for every method that does something, and what the rows write."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from authkit.adapters import file_troubles
from authkit.core import ports
from authkit.core.effects import EFFECTS, outcome_of
from authkit.core.failures import CannotRun, KeyringTrouble, Refused, StateTrouble, Unreachable
from authkit.core.model import AccessKeys, Marker, MfaCode, RoleRequest, Secret

PORTS = {
    "sts": ports.Sts,
    "keyring": ports.Keyring,
    "sessions": ports.Sessions,
    "markers": ports.Markers,
    "notes": ports.Notes,
    "lock": ports.Lock,
    "clock": ports.Clock,
    "children": ports.Children,
    "programs": ports.Programs,
    "config": ports.ConfigText,
    "files": ports.UserFiles,
    "web": ports.Web,
}
WITHOUT_EFFECT = {
    "keyring": {
        *("alone", "backend", "backends", "chosen_by", "in_the_clear", "noticed", "unlock"),
    },
    "markers": {"others"},
    "clock": {"elapsed", "now", "time", "zone"},
    "config": {"distrusted", "path", "stamp"},
    "files": {"path"},
}
KEYS = AccessKeys("AKIAXXXXXXXXXXXXXXXX", Secret("the-secret"))
MFA = MfaCode("arn:aws:iam::123456789012:mfa/user", Secret("123456"))
ROLE = "arn:aws:iam::123456789012:role/deploy"


@pytest.mark.parametrize("port", PORTS)
def test_every_method_with_an_effect_has_a_row(port: str) -> None:
    """A method that is added to a port is recorded, or is listed here as having no effect."""
    methods = {name for name in vars(PORTS[port]) if not name.startswith("_")}
    assert {*EFFECTS[port]} == methods - WITHOUT_EFFECT.get(port, set())


@pytest.mark.parametrize(
    ("port", "method", "arguments", "options", "line"),
    [
        ("sts", "get_date", [], {}, "sts GetCallerIdentity unsigned"),
        ("sts", "list_mfa_devices", [KEYS], {}, "iam ListMFADevices AKIAXXXXXXXXXXXXXXXX"),
        ("sts", "get_caller_identity", [KEYS], {}, "sts GetCallerIdentity AKIAXXXXXXXXXXXXXXXX"),
        (
            *("sts", "get_session_token", [KEYS]),
            {"duration": 3600, "mfa": MFA},
            f"sts GetSessionToken AKIAXXXXXXXXXXXXXXXX 3600 {MFA.serial_number}",
        ),
        (
            *("sts", "get_session_token", [KEYS]),
            {"duration": 36 * 3600, "mfa": None},
            "sts GetSessionToken AKIAXXXXXXXXXXXXXXXX 129600",
        ),
        (
            *("sts", "assume_role"),
            [KEYS, RoleRequest(ROLE, "authkit-deploy", 3600, "the-external-id")],
            {},
            f"sts AssumeRole AKIAXXXXXXXXXXXXXXXX 3600 {ROLE}",
        ),
        ("keyring", "get_password", ["authkit", "dev-admin"], {}, "keyring get dev-admin"),
        ("keyring", "set_password", ["authkit", "dev-admin", "x"], {}, "keyring set dev-admin"),
        ("keyring", "delete_password", ["authkit", "dev-admin"], {}, "keyring delete dev-admin"),
        ("sessions", "read", ["dev-admin"], {}, "session read dev-admin"),
        ("sessions", "replace", ["dev-admin", "x"], {}, "session replace dev-admin"),
        ("sessions", "drop", ["dev-admin"], {}, "session drop dev-admin"),
        ("sessions", "names", [], {}, "session list"),
        ("markers", "mark", ["dev-admin", Marker()], {}, "mark dev-admin"),
        ("markers", "read", ["dev-admin"], {}, "mark read dev-admin"),
        ("markers", "unmark", ["dev-admin"], {}, "unmark dev-admin"),
        ("markers", "marked", [], {}, "mark list"),
        ("notes", "codes", [], {}, "codes read"),
        ("notes", "replace_codes", ["dev-admin", "x"], {}, "codes replace dev-admin"),
        ("lock", "acquire", ["dev-admin"], {}, "lock acquire dev-admin"),
        ("lock", "release", ["dev-admin"], {}, "lock release dev-admin"),
        ("lock", "holder", ["dev-admin"], {}, "lock holder dev-admin"),
        ("clock", "sleep", [timedelta(seconds=2)], {}, "sleep 2s"),
        ("children", "run", [["sh", "-c", "exit 3"], {}], {}, "child sh -c 'exit 3'"),
        (
            *("programs", "line"),
            [["oathtool", "--totp", "the-secret"], {}, timedelta(seconds=30)],
            *({}, "program oathtool"),
        ),
        ("config", "read", [], {}, "config read"),
        ("config", "kind", ["acme/sso"], {}, "kind find acme/sso"),
        (
            "web",
            "post",
            ["https://id.example/token", {"a": "b"}],
            {},
            "web POST https://id.example/token",
        ),
        ("files", "read", ["/home/dev/.aws/config"], {}, "file read /home/dev/.aws/config"),
        ("files", "replace", ["/a", b"x", b"y"], {}, "file replace /a"),
    ],
)
def test_lines(
    port: str, method: str, arguments: list[Any], options: dict[str, Any], line: str
) -> None:
    """A line names the port, a verb and what is touched, and contains nothing secret."""
    assert EFFECTS[port][method].line(*arguments, **options) == line


@pytest.mark.parametrize(
    ("port", "method", "result", "outcome"),
    [
        ("keyring", "get_password", None, "none"),
        ("keyring", "get_password", "", ""),
        ("keyring", "get_password", "the entry", ""),
        ("sessions", "read", None, "none"),
        ("sessions", "drop", False, "none"),
        ("sessions", "drop", True, ""),
        ("markers", "read", None, "none"),
        ("markers", "read", Marker(), ""),
        ("config", "read", None, "none"),
        ("config", "read", b"", ""),
        ("config", "kind", None, "none"),
        ("web", "post", (200, "{}"), ""),
        ("web", "post", (401, "{}"), "401"),
        ("files", "read", None, "none"),
        ("files", "read", b"", ""),
        ("files", "replace", True, ""),
        ("files", "replace", False, "changed meanwhile"),
        ("lock", "acquire", False, "busy"),
        ("lock", "acquire", True, ""),
        ("children", "run", 0, ""),
        ("children", "run", 130, "130"),
        ("sts", "get_caller_identity", object(), ""),
    ],
)
def test_outcomes(port: str, method: str, result: object, outcome: str) -> None:
    """Plain success has no outcome; what is missing, busy or failed is named."""
    assert EFFECTS[port][method].outcome(result) == outcome


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [
        (0, "0s"),
        (200, "200ms"),
        (2_000, "2s"),
        (90_000, "1m30s"),
        (3_600_000, "1h"),
        (129_600_000, "36h"),
        (3_661_001, "1h1m1s1ms"),
    ],
)
def test_pauses_are_written_as_scenarios_write_them(milliseconds: int, written: str) -> None:
    """``2s``, ``200ms``, ``1h``."""
    pause = timedelta(milliseconds=milliseconds)
    assert EFFECTS["clock"]["sleep"].line(pause) == f"sleep {written}"


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (Refused("GetCallerIdentity", "Throttling"), "Throttling"),
        (Unreachable("GetCallerIdentity", "why", answered=False, sent=True), "no answer"),
        (Unreachable("GetCallerIdentity", "why", answered=True, sent=True), "broken answer"),
        (KeyringTrouble("locked", "why"), "locked"),
        (StateTrouble("/path", "Permission denied"), "Permission denied"),
        (CannotRun(127, "command not found"), "command not found"),
        (file_troubles.trouble("/path", "Read-only file system"), "Read-only file system"),
        (KeyboardInterrupt(), "^C"),
        (ValueError("something secret"), "ValueError"),
    ],
)
def test_outcomes_of_trouble(trouble: BaseException, outcome: str) -> None:
    """Trouble is named in as few words as tell it from other trouble."""
    assert outcome_of(trouble) == outcome
