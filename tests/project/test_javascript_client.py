"""The simulator's client for JavaScript, run by Node from its npm package layout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from pyotp import TOTP

CLIENT = Path(__file__).parents[2] / "fakes" / "clients" / "javascript"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")

# Each line is a value that the test compares.
PROGRAM = """
import { Simulator } from "sts-simulator-client";
const python = process.argv[2];
const users = ["--mfa", "dev-admin", "--user", "210987654321/ann"];
const aws = await Simulator.start(users, [python, "-m", "sts_simulator"]);
const say = (value) => console.log(JSON.stringify(value));
say([aws.account, Object.keys(aws.users)]);
const old = aws.users["dev-admin"];
await aws.advance("36h");
const [at, code] = [await aws.now(), await aws.code()];
say([old.totp_secret, at.toISOString(), code]);
await aws.fault({ on: "*", answer: "Throttling", times: 0 });
say((await aws.control("GET", "faults")).length);
await aws.clearFaults();
say((await aws.control("GET", "faults")).length);
const made = await aws.rotate();
say([made.access_key_id !== old.access_key_id, aws.users["dev-admin"].mfa_arn === old.mfa_arn]);
say(aws.environ().AWS_ACCESS_KEY_ID === made.access_key_id);
const whose = ["ann", "210987654321"];
const key = (await aws.rotate(...whose)).access_key_id;
say([Object.keys(aws.accounts), aws.environ(...whose).AWS_ACCESS_KEY_ID === key]);
await aws.reset();
say(aws.users["dev-admin"].access_key_id === old.access_key_id);
const token = await aws.oidcToken({ subject: "somebody", audience: "app" });
say(JSON.parse(Buffer.from(token.split(".")[1], "base64url")).aud);
await aws.skew("20m");
await aws.world({ id: "210987654321", keys: { k: { user: "bob" } } });
say([aws.account, await aws.calls(), Object.keys(aws.users)]);
try { aws.environ(); } catch (error) { say(error.message); }
const warned = new Promise((tell) => process.once("warning", ({ message }) => tell(message)));
await aws.fault({ on: "*", answer: "Throtling" });
say(await warned);
say(await aws.advance("soon").catch((error) => error.message.slice(0, 4)));
const saml = { role: "r", provider: "p", signature: "none" };
say(atob(await aws.samlResponse(saml)).includes("r,p") && (await aws.samlMetadata()).slice(0, 17));
await aws.stop();
say(await aws.now().then(() => "runs", () => "ended"));
"""


def package(folder: Path) -> None:
    """Put the client where npm would install it, with the files of its package alone."""
    into = folder / "node_modules" / "sts-simulator-client"
    into.mkdir(parents=True)
    described = json.loads((CLIENT / "package.json").read_text())
    assert "dependencies" not in described
    for name in ("package.json", *described["files"]):
        shutil.copy(CLIENT / name, into / name)


def run(folder: Path, *command: str) -> str:
    """Return what Node prints in this folder."""
    done = subprocess.run(  # noqa: S603 - our own
        [str(NODE), *command],
        cwd=folder,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_client(tmp_path: Path) -> None:
    """Every method does what Python's client does, and the code is the device's."""
    package(tmp_path)
    (tmp_path / "program.mjs").write_text(PROGRAM)
    said = [json.loads(line) for line in run(tmp_path, "program.mjs", sys.executable).splitlines()]
    assert said[0] == ["123456789012", ["dev-admin"]]
    secret, at, code = said[1]
    assert code == TOTP(secret).at(datetime.fromisoformat(at))
    accounts = [["210987654321"], True]
    assert said[2:8] == [1, 0, [True, True], True, accounts, True]
    assert said[8:] == [
        "app",
        ["210987654321", [], ["bob"]],
        "there is no user dev-admin; there are: bob",
        "answer: Throtling is not known; the nearest is Throttling",
        "400:",
        "<EntityDescriptor",
        "ended",
    ]


def test_the_test_on_its_page(tmp_path: Path) -> None:
    """The page's example passes as it is printed, with sts-simulator on PATH."""
    package(tmp_path)
    (text,) = re.findall(r"```js\n(.*?)```", (CLIENT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "page.test.mjs").write_text(text)
    assert "# pass 1" in run(tmp_path, "--test", "--test-reporter=tap", "page.test.mjs")


def test_the_types_name_every_method() -> None:
    """index.d.ts declares what index.js has."""
    methods = r"^  (?:static )?(?:async )?([a-zA-Z]+)\("
    code = re.findall(methods, (CLIENT / "index.js").read_text(), re.MULTILINE)
    types = re.findall(methods, (CLIENT / "index.d.ts").read_text(), re.MULTILINE)
    assert {*code} == {*types}


def test_the_page_names_every_method() -> None:
    """docs/simulator.md has a row for what index.js has."""
    methods = r"^  (?:static )?(?:async )?([a-zA-Z]+)\("
    code = re.findall(methods, (CLIENT / "index.js").read_text(), re.MULTILINE)
    page = (CLIENT.parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
    section = page.partition("For JavaScript there is a client")[2].partition("\n## ")[0]
    assert not [name for name in {*code} - {"constructor"} if f"{name}(" not in section]
