"""What a start of authkit costs: beside the bare interpreter, its peers, and a plain script.

Everything is run as a person would have it: the console script that pip made,
from a wheel, in an environment of its own.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import comparison, contenders, homes
from benchmarks.homes import environ, furnished
from benchmarks.pairs import Command, at_once, paired
from fakes.world.cached_session import NAME
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.pairs import Figure

# What hands a session on, and how many bare interpreters it may cost.
CACHED = {
    "credential-process": (["credential-process", NAME], 2.7),
    "env": (["env", NAME], 2.7),
    "whoami --offline": (["whoami", NAME, "--offline"], 2.7),
    "exec -- true": (["exec", NAME, "--", "true"], 3.0),
}
# What a peer is run as to hand on the session that it has.
PEERS = {"aws-mfa": ["aws-mfa"], "awsume": ["awsumepy", "dev"]}
PEERS_SLOWER = 8.0  # times, at least
WITH_STS = 1.25  # times a plain script, at most
GROWTH = 1.05  # times, at most, from one identity to a thousand
LIST_GROWTH = 25.0  # from ten to a thousand, every session file being read
CROWD = 50  # at once, and by the same bound as one by one
LEAST_CROWDS = 3

_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}
_AWS_CREDENTIALS = """\
[default]
aws_access_key_id = ASIAXXXXXXXXXXXXXXXX
aws_secret_access_key = session-secret
aws_session_token = session-token
"""


class Installed:
    """authkit in an environment of its own, and a folder to lay homes in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = homes.programs("authkit", str(homes.ROOT), "keyrings.alt")
        self.bare = Command([str(self.programs / "python"), "-c", "pass"], environ(folder))

    def command(self, home: Path, *line: str, **more: str) -> Command:
        """Return authkit's command line in a home."""
        return Command([str(self.programs / "authkit"), *line], environ(home, **more))

    def home(self, identities: int) -> Path:
        """Return a home with so many identities, the same one every time."""
        path = self.folder / f"home-{identities}"
        return path if path.exists() else furnished(path, identities)


@contextmanager
def installed() -> Iterator[Installed]:
    """Install authkit, for as long as it is measured."""
    with tempfile.TemporaryDirectory(prefix="authkit-performance-") as folder:
        yield Installed(Path(folder))


def cached(here: Installed, pairs: int) -> Iterator[Figure]:
    """A session is there: what handing it on costs, by the bare interpreter's start."""
    for identities, where in ((0, "no config file"), (10, "ten identities in the config file")):
        for name, (line, bound) in CACHED.items():
            ours = here.command(here.home(identities), *line)
            figure = paired(("authkit", ours), ("python -c pass", here.bare), pairs)
            yield figure.of("cached", f"`authkit {name}`, {where}", bound)


def peers(here: Installed, pairs: int) -> Iterator[Figure]:
    """A session is there: what other tools need to hand it on, by what authkit needs."""
    ours = ("authkit", here.command(here.home(0), "credential-process", NAME))
    with Simulator() as simulator:
        for name, theirs in _peers(here.folder, simulator):
            figure = paired((name, theirs), ours, pairs)
            yield figure.of("peers", name, PEERS_SLOWER, at_least=True)


def _peers(folder: Path, simulator: Simulator) -> Iterator[tuple[str, Command]]:
    others = contenders.installed()
    for tool in contenders.tools(others):
        if tool.name in PEERS:
            theirs = _logged_in(folder / tool.name, tool, simulator, others)
            yield f"{tool.name} {tool.version}", theirs
    programs = homes.programs("aws", "awscli")
    home = folder / "aws"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text(_AWS_CREDENTIALS, encoding="utf-8")
    line = [str(programs / "aws"), "configure", "get", "aws_session_token"]
    yield f"{_version(programs / 'aws')} `configure get`", Command(line, environ(home))


def _version(program: Path) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - see homes
    return (told.stdout or told.stderr).split()[0].replace("/", " ")


def _logged_in(home: Path, tool: contenders.Tool, simulator: Simulator, programs: Path) -> Command:
    """Log a tool in with a code, as comparison does; return what then hands its session on."""
    home.mkdir()
    simulator.reset()
    device = {"arn": contenders.DEVICE, "codes": [*comparison.CODES]}
    simulator.world({"keys": {"the": {**contenders.KEY}}, "mfa": device})
    around = environ(home, AWS_ENDPOINT_URL=simulator.endpoint, TERM="xterm")
    around |= {"PATH": f"{programs}:{around['PATH']}", **tool.furnish(home)}
    status, _, screen = comparison.driven(tool.login, around, home, comparison.CODES[:1])
    if status:
        message = f"{tool.name} cannot be logged in: {screen}"
        raise RuntimeError(message)
    program, *line = PEERS[tool.name]
    return Command([str(programs / program), *line], around)


def login(here: Installed, pairs: int) -> Iterator[Figure]:
    """With STS and the keyring: by a plain script that makes the same client and the same calls."""
    home = here.folder / "with-sts"
    home.mkdir()
    with Simulator("--user", NAME) as simulator:
        more = {"AWS_ENDPOINT_URL": simulator.endpoint, **_KEYRING}
        key = simulator.users[NAME]
        fields = {name: key[name] for name in ("access_key_id", "secret_access_key")}
        configure = here.command(home, "user", "configure", NAME, "--stdin", **more)
        configure.fed(json.dumps(fields))
        script = [str(here.programs / "python"), str(homes.ROOT / "benchmarks" / "bare.py")]
        for name, line in (("login", ["login", NAME, "--force"]), ("whoami", ["whoami", NAME])):
            ours = here.command(home, *line, **more)
            plain = Command([*script, name], environ(home, **more))
            figure = paired(("authkit", ours), ("plain script", plain), pairs)
            yield figure.of("login", f"`authkit {' '.join(line)}`", WITH_STS)


def scale(here: Installed, pairs: int) -> Iterator[Figure]:
    """The cached path among a thousand identities by the same with one, the identity named."""
    for name, (line, _) in CACHED.items():
        many, one = (here.command(here.home(number), *line) for number in (1000, 1))
        figure = paired(("1,000", many), ("1", one), pairs)
        yield figure.of("scale", f"`authkit {name}`, 1,000 identities by 1", GROWTH)
    many, ten = (here.command(here.home(number), "list") for number in (1000, 10))
    figure = paired(("1,000", many), ("10", ten), pairs)
    yield figure.of("scale", "`authkit list`, 1,000 identities by 10", LIST_GROWTH)


def parallel(here: Installed, pairs: int) -> Iterator[Figure]:
    """Fifty at once by fifty bare interpreters: each no dearer than one by one may be."""
    line, bound = CACHED["exec -- true"]
    ours = here.command(here.home(0), *line)
    one = paired(("authkit", ours), ("python -c pass", here.bare), pairs)
    figure = paired(
        (f"{CROWD} authkit", partial(at_once, ours, CROWD)),
        (f"{CROWD} python -c pass", partial(at_once, here.bare, CROWD)),
        max(pairs // 4, LEAST_CROWDS),
    )
    title = f"{CROWD} `authkit exec -- true` at once ({one.value:.2f} one by one)"
    yield figure.of("parallel", title, bound)
