"""Times a start of authkit beside a bare interpreter and a plain script.

authkit runs as a person installs it: by the console script of an installer, in a virtual
environment of its own.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from authkit.arguments import FOR_COMPLETION
from benchmarks.environments import ROOT, environ, with_sessions
from benchmarks.installers import INSTALLERS
from benchmarks.timing import Command, at_once, paired
from fakes.world.cached_session import NAME
from sts_simulator.client import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.timing import Figure

# The commands that use a cached session.
CACHED = {
    "credential-process": ["credential-process", NAME],
    "env": ["env", NAME],
    "whoami --offline": ["whoami", NAME, "--offline"],
    "exec -- true": ["exec", NAME, "--", "true"],
}
# The largest ratio to a bare interpreter, by the console script: of `exec`, and of the others.
QUICKEST, SLOWEST = "uv", "pip 23.2.1"
BOUNDS = {QUICKEST: (1.7, 1.4), SLOWEST: (2.0, 1.7)}
COMPLETED = 4.0  # at most: the ratio of what Tab runs, among a thousand identities
WITH_STS = 1.25  # at most: the ratio of authkit to a plain script
GROWTH = 1.03  # at most: the ratio of a thousand identities to one
LIST_GROWTH = 25.0  # at most: a thousand to ten; `list` reads every session file
CROWD = 50  # processes at once
CROWDED = 0.3  # at most: what their ratio may be over that of one by one
LEAST_CROWDS = 3

_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}


class Installed:
    """authkit as an installer installs it, and a folder for home folders."""

    def __init__(self, folder: Path, installer: str = QUICKEST) -> None:
        self.folder = folder
        self.installer = installer
        self.programs = INSTALLERS[installer]()
        self.python = str(self.programs / "python")
        self.bare_interpreter = Command([self.python, "-c", "pass"], environ(folder))
        self._others: dict[str, Installed] = {installer: self}

    def by(self, installer: str) -> Installed:
        """Return authkit as another installer installs it; it is installed once."""
        if installer not in self._others:
            self._others[installer] = Installed(self.folder, installer)
        return self._others[installer]

    def command(self, home: Path, *line: str, **more: str) -> Command:
        """Return a command of authkit that runs in a home folder."""
        return Command([str(self.programs / "authkit"), *line], environ(home, **more))

    def by_python(self, home: Path, *line: str) -> Command:
        """Return the same command with the interpreter before the console script."""
        script = str(self.programs / "authkit")
        return Command([self.python, script, *line], environ(home))

    def home(self, identities: int) -> Path:
        """Return the home folder with so many identities; it is made once."""
        path = self.folder / f"home-{identities}"
        return path if path.exists() else with_sessions(path, identities)


@contextmanager
def installed() -> Iterator[Installed]:
    """Install authkit; the home folders are removed at the end."""
    with tempfile.TemporaryDirectory(prefix="authkit-performance-") as folder:
        yield Installed(Path(folder))


def beside_the_interpreter(authkit: Installed, command: Command, pairs: int) -> Figure:
    """Return the ratio of a command to the bare interpreter of the same environment."""
    return paired(("authkit", command), ("python -c pass", authkit.bare_interpreter), pairs)


def cached(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare the commands that use a cached session with a bare interpreter."""
    for installer, identities, where in (
        (QUICKEST, 0, "no config file"),
        (QUICKEST, 10, "ten identities in the config file"),
        (SLOWEST, 0, "no config file"),
    ):
        ours = authkit.by(installer)
        of_exec, of_others = BOUNDS[installer]
        for name, line in CACHED.items():
            command = ours.command(ours.home(identities), *line)
            figure = beside_the_interpreter(ours, command, pairs)
            bound = of_exec if line[0] == "exec" else of_others
            yield figure.named("cached", f"`authkit {name}` by {installer}, {where}", bound)


def scripts(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare the console scripts of the installers with a bare interpreter."""
    for installer in INSTALLERS:
        ours = authkit.by(installer)
        command = ours.command(ours.home(0), "credential-process", NAME)
        figure = beside_the_interpreter(ours, command, pairs)
        yield figure.named("scripts", f"`authkit credential-process` by {installer}")


def completion(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare what a shell runs after Tab with a bare interpreter."""
    for identities in (1, 1000):
        ours = authkit.command(authkit.home(identities), FOR_COMPLETION)
        figure = beside_the_interpreter(authkit, ours, pairs)
        title = f"`authkit {FOR_COMPLETION}`, identities: {identities:,}"
        yield figure.named("completion", title, COMPLETED)


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
        script = [authkit.python, str(ROOT / "benchmarks" / "plain_script.py")]
        for name, line in (("login", ["login", NAME, "--force"]), ("whoami", ["whoami", NAME])):
            ours = authkit.command(home, *line, **more)
            plain = Command([*script, name], environ(home, **more))
            figure = paired(("authkit", ours), ("plain script", plain), pairs)
            yield figure.named("login", f"`authkit {' '.join(line)}`", WITH_STS)


def scale(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare the cached path among a thousand identities with the same among one."""
    for name, line in CACHED.items():
        many, one = (authkit.command(authkit.home(number), *line) for number in (1000, 1))
        figure = paired(("1,000", many), ("1", one), pairs)
        yield figure.named("scale", f"`authkit {name}`, 1,000 identities by 1", GROWTH)
    many, ten = (authkit.command(authkit.home(number), "list") for number in (1000, 10))
    figure = paired(("1,000", many), ("10", ten), pairs)
    yield figure.named("scale", "`authkit list`, 1,000 identities by 10", LIST_GROWTH)


def parallel(authkit: Installed, pairs: int) -> Iterator[Figure]:
    """Compare fifty processes at once with fifty bare interpreters, and with one by one."""
    for name in ("exec -- true", "credential-process"):
        ours = authkit.command(authkit.home(0), *CACHED[name])
        one = beside_the_interpreter(authkit, ours, pairs)
        figure = paired(
            (f"{CROWD} authkit", partial(at_once, ours, CROWD)),
            (f"{CROWD} python -c pass", partial(at_once, authkit.bare_interpreter, CROWD)),
            max(pairs // 4, LEAST_CROWDS),
        )
        title = f"{CROWD} `authkit {name}` at once ({one.value:.2f} one by one)"
        yield figure.named("parallel", title, one.value + CROWDED)
