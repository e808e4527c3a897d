"""Times a start of authkit beside a bare interpreter, other tools and a plain script.

Every program runs as a person installs it: the console script that pip makes from a
wheel, in a virtual environment of its own.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from authkit.arguments import FOR_COMPLETION
from benchmarks import environments, other_tools
from benchmarks.at_terminals import Person, on_terminal
from benchmarks.comparison_cases import ANSWERS, CODES, set_up
from benchmarks.environments import environ, with_sessions
from benchmarks.timing import Command, at_once, paired
from fakes.world.cached_session import NAME
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.timing import Figure

# The commands that use a cached session, and the largest ratio to a bare interpreter.
CACHED = {
    "credential-process": (["credential-process", NAME], 2.7),
    "env": (["env", NAME], 2.7),
    "whoami --offline": (["whoami", NAME, "--offline"], 2.7),
    "exec -- true": (["exec", NAME, "--", "true"], 3.0),
}
COMPLETED = 4.0  # at most: the ratio of what Tab runs, among a thousand identities
# The commands of other tools that use the session that they have cached.
PEERS = {"aws-mfa": ["aws-mfa"], "awsume": ["awsumepy", "dev"]}
PEERS_SLOWER = 8.0  # at least: the ratio of another tool to authkit
WITH_STS = 1.25  # at most: the ratio of authkit to a plain script
GROWTH = 1.05  # at most: the ratio of a thousand identities to one
LIST_GROWTH = 25.0  # at most: a thousand to ten; `list` reads every session file
CROWD = 50  # processes at once; the bound is the same as for one
LEAST_CROWDS = 3

_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}
_AWS_CREDENTIALS = """\
[default]
aws_access_key_id = ASIAXXXXXXXXXXXXXXXX
aws_secret_access_key = session-secret
aws_session_token = session-token
"""


class Installed:
    """authkit in a virtual environment of its own, and a folder for home folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = environments.programs("authkit", str(environments.ROOT), "keyrings.alt")
        self.bare_interpreter = Command(
            [str(self.programs / "python"), "-c", "pass"], environ(folder)
        )

    def command(self, home: Path, *line: str, **more: str) -> Command:
        """Return a command of authkit that runs in a home folder."""
        return Command([str(self.programs / "authkit"), *line], environ(home, **more))

    def home(self, identities: int) -> Path:
        """Return the home folder with so many identities; it is made once."""
        path = self.folder / f"home-{identities}"
        return path if path.exists() else with_sessions(path, identities)


@contextmanager
def installed() -> Iterator[Installed]:
    """Install authkit; the home folders are removed at the end."""
    with tempfile.TemporaryDirectory(prefix="authkit-performance-") as folder:
        yield Installed(Path(folder))


def cached(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare the commands that use a cached session with a bare interpreter."""
    for identities, where in ((0, "no config file"), (10, "ten identities in the config file")):
        for name, (line, bound) in CACHED.items():
            ours = authkit.command(authkit.home(identities), *line)
            figure = paired(("authkit", ours), ("python -c pass", authkit.bare_interpreter), pairs)
            yield figure.named("cached", f"`authkit {name}`, {where}", bound)


def completion(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare what a shell runs after Tab with a bare interpreter."""
    for identities in (1, 1000):
        ours = authkit.command(authkit.home(identities), FOR_COMPLETION)
        figure = paired(("authkit", ours), ("python -c pass", authkit.bare_interpreter), pairs)
        title = f"`authkit {FOR_COMPLETION}`, identities: {identities:,}"
        yield figure.named("completion", title, COMPLETED)


def peers(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare other tools that use a cached session with authkit."""
    ours = ("authkit", authkit.command(authkit.home(0), "credential-process", NAME))
    with Simulator() as simulator:
        for name, theirs in _peers(authkit.folder, simulator):
            figure = paired((name, theirs), ours, pairs)
            yield figure.named("peers", name, PEERS_SLOWER, at_least=True)


def _peers(folder: Path, simulator: Simulator) -> Iterator[tuple[str, Command]]:
    others = other_tools.installed()
    for tool in other_tools.tools(others):
        if tool.name in PEERS:
            theirs = _logged_in(folder / tool.name, tool, simulator, others)
            yield f"{tool.name} {tool.version}", theirs
    programs = environments.programs("aws", "awscli")
    home = folder / "aws"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text(_AWS_CREDENTIALS, encoding="utf-8")
    line = [str(programs / "aws"), "configure", "get", "aws_session_token"]
    yield f"{_version(programs / 'aws')} `configure get`", Command(line, environ(home))


def _version(program: Path) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - see environments
    return (told.stdout or told.stderr).split()[0].replace("/", " ")


def _logged_in(home: Path, tool: other_tools.Tool, simulator: Simulator, programs: Path) -> Command:
    """Log a tool in, as ``comparison`` does; return its command that uses the session."""
    home.mkdir()
    set_up(simulator)
    around = environ(home, AWS_ENDPOINT_URL=simulator.endpoint, TERM="xterm")
    around |= {"PATH": f"{programs}:{around['PATH']}", **tool.prepare(home)}
    ran = on_terminal(tool.login, around, home, Person(ANSWERS, [*CODES[:1]]))
    if ran.exit != 0:
        message = f"{tool.name} cannot be logged in: {ran.screen}"
        raise RuntimeError(message)
    program, *line = PEERS[tool.name]
    return Command([str(programs / program), *line], around)


def login(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare login and whoami with a plain script that makes the same calls of STS."""
    home = authkit.folder / "with-sts"
    home.mkdir()
    with Simulator("--user", NAME) as simulator:
        more = {"AWS_ENDPOINT_URL": simulator.endpoint, **_KEYRING}
        key = simulator.users[NAME]
        fields = {name: key[name] for name in ("access_key_id", "secret_access_key")}
        configure = authkit.command(home, "user", "configure", NAME, "--stdin", **more)
        configure.run_with_input(json.dumps(fields))
        script = [
            str(authkit.programs / "python"),
            str(environments.ROOT / "benchmarks" / "plain_script.py"),
        ]
        for name, line in (("login", ["login", NAME, "--force"]), ("whoami", ["whoami", NAME])):
            ours = authkit.command(home, *line, **more)
            plain = Command([*script, name], environ(home, **more))
            figure = paired(("authkit", ours), ("plain script", plain), pairs)
            yield figure.named("login", f"`authkit {' '.join(line)}`", WITH_STS)


def scale(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare the cached path among a thousand identities with the same among one."""
    for name, (line, _) in CACHED.items():
        many, one = (authkit.command(authkit.home(number), *line) for number in (1000, 1))
        figure = paired(("1,000", many), ("1", one), pairs)
        yield figure.named("scale", f"`authkit {name}`, 1,000 identities by 1", GROWTH)
    many, ten = (authkit.command(authkit.home(number), "list") for number in (1000, 10))
    figure = paired(("1,000", many), ("10", ten), pairs)
    yield figure.named("scale", "`authkit list`, 1,000 identities by 10", LIST_GROWTH)


def parallel(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare fifty processes at once with fifty bare interpreters, by the bound for one."""
    line, bound = CACHED["exec -- true"]
    ours = authkit.command(authkit.home(0), *line)
    one = paired(("authkit", ours), ("python -c pass", authkit.bare_interpreter), pairs)
    figure = paired(
        (f"{CROWD} authkit", partial(at_once, ours, CROWD)),
        (f"{CROWD} python -c pass", partial(at_once, authkit.bare_interpreter, CROWD)),
        max(pairs // 4, LEAST_CROWDS),
    )
    title = f"{CROWD} `authkit exec -- true` at once ({one.value:.2f} one by one)"
    yield figure.named("parallel", title, bound)
