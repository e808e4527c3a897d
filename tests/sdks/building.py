"""The SDKs, and how their programs are built: in a cache folder outside the checkout."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.sdks.programs import Cli, Failed, Lines, finished

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping, Sequence

    from tests.sdks.programs import Program

SOURCES = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "authkit-sdks"
LIMIT = 900  # seconds to download, and as many to build


class Unavailable(Exception):
    """An SDK cannot be tried on this machine; the text says why."""


class Sdk(NamedTuple):
    """An SDK with a program in the folder of its name.

    `pinned` is the file that pins the SDK's version, with the expression that finds it there.
    `fetch` downloads what the program needs, and `build` builds it offline; both run in a copy
    of the folder.  `run` starts it; ``{}`` is the path of the copy.
    """

    name: str
    title: str
    pinned: tuple[str, str]
    fetch: Sequence[str]
    build: Sequence[str]
    run: Sequence[str]

    @property
    def version(self) -> str:
        """The version that is pinned."""
        file, expression = self.pinned
        found = re.search(expression, (SOURCES / self.name / file).read_text("utf-8"))
        assert found, f"{self.name}/{file} does not pin a version"
        return found[1]

    @contextmanager
    def started(self, environ: Mapping[str, str]) -> Iterator[Program]:
        """Yield the running program.  Raises Unavailable and Failed."""
        folder = built(self)
        command = [word.replace("{}", str(folder)) for word in self.run]
        with Lines(command, environ) as program:
            yield program


class AwsCli(NamedTuple):
    """The AWS CLI of a major version, wherever the virtual environment or PATH has it."""

    name: str
    title: str
    version: str
    reads_endpoint: bool

    @contextmanager
    def started(self, environ: Mapping[str, str]) -> Iterator[Program]:
        """Yield the CLI.  Raises Unavailable."""
        endpoint = () if self.reads_endpoint else ("--endpoint-url", environ["AWS_ENDPOINT_URL"])
        yield Cli(self._found(), environ, *endpoint)

    def _found(self) -> str:
        folders = [str(Path(sys.executable).parent), *os.environ["PATH"].split(os.pathsep)]
        for folder in dict.fromkeys(folders):
            if command := shutil.which("aws", path=folder):
                said = finished([command, "--version"], limit=60).stdout
                if said.startswith(f"aws-cli/{self.version}."):
                    return command
        raise Unavailable(f"there is no AWS CLI {self.version} on PATH")


SDKS: tuple[Sdk | AwsCli, ...] = (
    Sdk(
        *("go", "Go 2"),
        pinned=("go.mod", r"aws-sdk-go-v2/service/sts v(\S+)"),
        fetch=("go", "mod", "download"),
        build=("go", "build", "-o", "program", "."),
        run=("{}/program",),
    ),
    Sdk(
        *("java", "Java 2"),
        pinned=("pom.xml", r"<aws\.sdk>(.+)</aws\.sdk>"),
        fetch=("mvn", "-B", "-q", "dependency:copy-dependencies"),
        build=("javac", "-cp", "lib/*", "-d", "classes", "src/Sdk.java"),
        # The JVM's quick compiler alone: it is a short life.
        run=("java", "-XX:TieredStopAtLevel=1", "-cp", "{}/classes:{}/lib/*", "Sdk"),
    ),
    Sdk(
        *("javascript", "JavaScript 3"),
        pinned=("package.json", r'"@aws-sdk/client-sts": "(.+)"'),
        fetch=("npm", "ci", "--no-audit", "--no-fund"),
        build=("node", "--check", "main.mjs"),
        run=("node", "{}/main.mjs"),
    ),
    Sdk(
        *("rust", "Rust"),
        pinned=("Cargo.toml", r'aws-sdk-sts = { version = "=(.+?)"'),
        fetch=("cargo", "fetch"),
        build=(
            *("cargo", "install", "--quiet", "--offline", "--debug", "--no-track"),
            *("--path", ".", "--root", ".", "--target-dir", "../target"),
        ),
        run=("{}/bin/sdk-rust",),
    ),
    AwsCli("cli1", "AWS CLI 1", "1", reads_endpoint=True),
    AwsCli("cli2", "AWS CLI 2", "2", reads_endpoint=False),  # Debian 12's is older than 2.13
)


def built(sdk: Sdk) -> Path:
    """Return the folder of the built program; build it unless the same was built before.

    Raises Unavailable when the tools or the packages are missing, and Failed when it cannot
    be built.
    """
    folder = CACHE / f"{sdk.name}-{_key(sdk)}"
    if folder.exists():
        return folder
    for tool in (sdk.fetch[0], sdk.build[0]):
        if shutil.which(tool) is None:
            raise Unavailable(f"{tool} is not installed")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{sdk.name}.", dir=CACHE) as temporary:
        work = Path(temporary, "program")
        shutil.copytree(SOURCES / sdk.name, work)
        fetched = finished(sdk.fetch, LIMIT, folder=work)
        if fetched.returncode:
            raise Unavailable(f"its packages cannot be fetched: {_first_line(fetched)}")
        made = finished(sdk.build, LIMIT, folder=work)
        if made.returncode:
            raise Failed(f"{sdk.title} cannot be built:\n{made.stdout}{made.stderr}")
        with suppress(OSError):  # another run has built the same meanwhile
            work.rename(folder)
    return folder


def _key(sdk: Sdk) -> str:
    """Return a short hash of all that the build depends on."""
    sources = SOURCES / sdk.name
    known = hashlib.sha256(repr(sdk).encode())
    for path in sorted(path for path in sources.rglob("*") if path.is_file()):
        known.update(f"\n{path.relative_to(sources)}\n".encode() + path.read_bytes())
    return known.hexdigest()[:12]


def _first_line(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stderr + done.stdout).strip().partition("\n")[0]
