"""Whatever is in the keyring, the session file, the config file, or comes from the network."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from botocore.awsrequest import AWSResponse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from authkit import cli, vault
from authkit.aws import Boto3Sts, isolated_session
from authkit.sessions import StateFolder
from fakes.children import Child
from tests.people import ENTRY, KEYS, NAME, Obliging, a_scene, entry, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.people import Ran

QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
COMMANDS = {  # and the exit statuses that can come of something bad
    ("login", NAME): {0, 1},
    ("whoami", NAME): {0, 1},
    ("whoami", NAME, "--output", "json"): {0, 1},
    ("exec", NAME, "--", "x"): {0, 125},
    ("env", NAME): {0, 1},
    ("credential-process", NAME): {0, 1},
    ("list", "--check"): {0},
    ("logout", NAME): {0},
}
HANDS_ON = {"env", "credential-process"}  # print the session as it is, for others to read
ODD = [  # what random texts do not hit on
    *("", " ", "null", "0", "[]", "{}", '""', "{", "\ufeff{}", "NaN", '{"version": 1}', "\0"),
    *("[" * 100_000, '{"version": 1e400}', '{"version": true}', '{"version": 1.0}', "9" * 5_000),
    *('{"version": 99}', '{"version": -1}', '{"version": 1, "access_key_id": null}'),
    '{"version": 1, "access_key_id": "\\ud800", "secret_access_key": "\\ud800"}',
    '{"version": 1, "access_key_id": "AKIA\\u001b[2J\\u009b", "secret_access_key": "x"}',
    '{"version": 1, "version": 2, "x": ["y"]}',
    json.dumps({"version": 1, **KEYS, "session_duration": "1s"}),
    json.dumps({"version": 1, **KEYS, "session_duration": "9" * 99}),
    json.dumps({"version": 1, **KEYS, "mfa_arn": "\u202e" * 20}),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def written(about: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    """Return texts of all sorts, many of them JSON."""
    return st.sampled_from(ODD) | st.text() | anything.map(json.dumps) | about.map(json.dumps)


def spoilt(good: Mapping[str, object]) -> st.SearchStrategy[dict[str, object]]:
    """Return tables like a good one, with some fields replaced or gone."""
    return st.dictionaries(st.sampled_from([*good, "other"]), anything, max_size=3).flatmap(
        lambda bad: st.sets(st.sampled_from([*good]), max_size=2).map(
            lambda gone: {k: v for k, v in {**good, **bad}.items() if k not in gone}
        )
    )


def check(done: Ran, statuses: set[int]) -> None:
    """It ended with words and an exit status, and no control character came through."""
    assert done.status in statuses, done.screen
    assert "Traceback" not in done.screen
    assert "did not expect" not in done.screen, done.screen
    assert not {*done.screen} & {*map(chr, range(9)), "\x1b", "\x9b", "\u202e"}


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if c[0] not in {"login", "exec"}], ids=" ".join
)
@QUICK
@given(raw=written(spoilt({"version": 1, **ENTRY})))
def test_any_keyring_entry(command: tuple[str, ...], raw: str) -> None:
    """B-S04, B-A02: no traceback, and the entry is what it was; nobody here to ask."""
    scene = a_scene(raw)
    check(run(scene, *command, child=Child()), COMMANDS[command])
    assert scene.keyring.entries[vault.SERVICE, NAME] == raw


@QUICK
@given(raw=written(spoilt({"version": 1, **ENTRY})))
@pytest.mark.parametrize("command", [("login", NAME), ("exec", NAME, "--", "x")], ids=" ".join)
def test_login_with_any_keyring_entry(command: tuple[str, ...], raw: str) -> None:
    """B-S04: only an entry that says it holds keys of ours is changed, once AWS refused them."""
    scene = a_scene(raw)
    check(run(scene, *command, child=Child()), COMMANDS[command])
    if scene.keyring.entries.get((vault.SERVICE, NAME)) != raw:
        assert scene.account.calls[0].code in {"InvalidClientTokenId", "SignatureDoesNotMatch"}


@QUICK
@given(raw=written(spoilt({"version": 1, **ENTRY})))
def test_configure_over_any_keyring_entry(raw: str) -> None:
    """B-S04, B-C01: asked to, `user configure` writes it anew, whatever it was."""
    scene = a_scene(raw)
    check(run(scene, "user", "configure", NAME, person=Obliging()), {0})
    assert entry(scene) == ENTRY


def good_session() -> dict[str, object]:
    """Return what login writes into a session file."""
    scene = a_scene(KEYS)
    assert run(scene, "login", NAME).status == 0
    session: dict[str, object] = json.loads(scene.sessions.texts[NAME])
    return session


GOOD = good_session()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@QUICK
@given(raw=written(spoilt(GOOD)))
@example(raw=json.dumps(GOOD | {"expiration": 1e30}))
@example(raw=json.dumps(GOOD | {"expiration": 0, "duration": 1e300}))
@example(raw=json.dumps(GOOD | {"region": "nowhere\n"}))
@example(raw=json.dumps(GOOD | {"access_key_id": "\0", "session_token": "\ud800"}))
def test_any_session_file(command: tuple[str, ...], raw: str) -> None:
    """B-S04, B-A02: a session file that makes no sense is no session; the keys stay."""
    scene = a_scene(KEYS)
    scene.sessions.texts[NAME] = raw
    done = run(scene, *command, child=Child())
    if done.status == 0 and command[0] in HANDS_ON:
        return
    check(done, COMMANDS[command])
    assert entry(scene) == KEYS


@QUICK
@given(content=st.binary() | st.sampled_from(ODD).map(lambda odd: odd.encode("utf-8", "replace")))
def test_any_bytes_as_a_session_file(content: bytes) -> None:
    """B-S04: what is not even text can be read as something."""
    with TemporaryDirectory() as folder:
        state = StateFolder(folder)
        state.replace(NAME, "")
        (Path(folder) / "sessions" / f"{NAME}.json").write_bytes(content)
        scene = a_scene(KEYS)
        scene.sessions.texts[NAME] = state.read(NAME) or ""
        check(run(scene, "whoami", NAME), {0, 1})


pieces = st.sampled_from(
    [
        *("default = ", f"[identities.{NAME}]\n", "[identities]\n", "kind = 'aws/user'\n"),
        *("region = ", "mfa_arn = ", "session_duration = ", "'36h'\n", "'\u202e\x1b'\n", "1\n"),
        *(f"'{NAME}'\n", "[]\n", "{}\n", "true\n", "secret_access_key = 'x'\n", "role_arn = 'x'\n"),
        *("'us-east-1'\n", "source = 'x'\n", "kind = 'aws/assume-role'\n", "'9999999999d'\n"),
    ]
)
configs = st.binary() | st.lists(pieces, max_size=6).map(lambda them: "".join(them).encode())


@QUICK
@given(content=configs)
@example(content=b"x = " + b"[" * 50_000)
@example(content=b"\xff\xfe")
@example(content=b"identities.dev-admin.session_duration = 1979-05-27")
def test_any_config_file(content: bytes) -> None:
    """B-A02, CONTRACT (config file): it is understood, or an error naming the file; exit 2."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_bytes(content)
        said = io.StringIO()
        with (
            patch.dict("os.environ", {"AUTHKIT_STATE_DIR": folder, "NO_COLOR": "1"}),
            redirect_stdout(said),
            redirect_stderr(said),
        ):
            status = cli.main(["--config", str(file), "list"])
        assert status in {0, 2}, said.getvalue()
        assert status == 0 or str(file) in said.getvalue()
        assert "did not expect" not in said.getvalue()
        assert not {*said.getvalue()} & {"\x1b", "\x9b", "\u202e"}


# What comes from the network.

XMLNS = "https://sts.amazonaws.com/doc/2011-06-15/"
EMBEDDED = """<{op}Response xmlns="{ns}"><{op}Result>{inner}</{op}Result></{op}Response>"""
ERROR = """<ErrorResponse xmlns="{ns}">
<Error><Code>{code}</Code><Message>{message}</Message></Error>
<RequestId>{message}</RequestId></ErrorResponse>"""
INNER = {
    "GetCallerIdentity": "<Arn>{0}</Arn><UserId>{1}</UserId><Account>{2}</Account>",
    "GetSessionToken": "<Credentials><AccessKeyId>{0}</AccessKeyId><SecretAccessKey>{1}"
    "</SecretAccessKey><SessionToken>{2}</SessionToken><Expiration>{3}</Expiration></Credentials>",
}
codes = st.sampled_from(
    ["AccessDenied", "ExpiredToken", "Throttling", "SignatureDoesNotMatch2", ""]
)
texts = st.text(max_size=12) | st.sampled_from(
    [
        *("arn:aws:iam::123456789012:user/x", "ASIAX", "&#0;", "&lt;", "<a>", "]]>", "\x9b"),
        *("2024-12-24T11:58:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
        *("2024-12-24", "1e99", "-1"),
    ]
)
dates = st.text(max_size=20) | st.sampled_from(["Sun, 22 Dec 2024 23:58:00 GMT", "0", "\x00"])


def body(operation: str, fields: list[str], code: str | None) -> bytes:
    """Return an answer of STS's shape with these texts in it."""
    if code is None:
        inner = INNER[operation].format(*fields)
        written = EMBEDDED.format(op=operation, ns=XMLNS, inner=inner)
    else:
        written = ERROR.format(ns=XMLNS, code=code, message=fields[0])
    return written.encode("utf-8", "replace")


answers = st.tuples(
    st.sampled_from([200, 200, 200, 204, 302, 400, 403, 404, 418, 500, 503]),
    st.binary(max_size=60) | st.tuples(st.lists(texts, min_size=4, max_size=4), st.none() | codes),
    dates,
)


class Line:
    """What an answer that botocore reads comes from."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def stream(self, *_: object, **__: object) -> io.BytesIO:
        """Return the bytes."""
        return self._file

    def read(self) -> bytes:
        """Return the bytes."""
        return self._file.read()


class Network:
    """The network under a real client: `answer` is what comes, whatever is sent."""

    answer: tuple[int, Any, str]

    def __init__(self) -> None:
        session = isolated_session()
        session.register("before-send.sts", self._send)
        self.sts = Boto3Sts("us-east-1", session)

    def _send(self, request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's
        status, content, date = self.answer
        operation = "GetSessionToken" if b"GetSessionToken" in request.body else "GetCallerIdentity"
        sent = content if isinstance(content, bytes) else body(operation, *content)
        headers = {"date": date, "content-type": "text/xml"}
        return AWSResponse(request.url, status, headers, Line(sent))


network = cache(Network)


@settings(QUICK, max_examples=40)
@given(answer=answers)
def test_any_answer_of_sts(answer: tuple[int, Any, str]) -> None:
    """B-L18, B-L20, B-A02: it is trouble or a refusal that is told; the keys stay."""
    scene = a_scene(KEYS)
    network().answer = answer
    scene.sts = lambda _region: network().sts
    done = run(scene, "login", NAME)
    check(done, {0, 1})
    assert entry(scene) == KEYS
    for command in COMMANDS if done.status == 0 else ():
        if command[0] not in {"login", "logout", *HANDS_ON}:
            check(run(scene, *command, child=Child()), COMMANDS[command])
