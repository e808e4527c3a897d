"""Times other tools that hand on a cached session beside authkit, with their peak memory.

aws-mfa, awsume and the AWS CLI are installed from a package index, and print or check a
session.  The programs given by --peer run a command with one, as `authkit exec` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks import environments, other_tools
from benchmarks.at_terminals import Person, on_terminal
from benchmarks.comparison import surroundings
from benchmarks.comparison_cases import ANSWERS, CODES, set_up
from benchmarks.environments import environ
from benchmarks.memory import peak
from benchmarks.peers import PEERS
from benchmarks.start_up import CACHED
from benchmarks.timing import Command, paired

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from benchmarks.other_tools import Tool
    from benchmarks.start_up import Installed
    from benchmarks.timing import Figure
    from sts_simulator.client import Simulator

# How the tools of a package index use the session that they have cached.
INDEXED = {"aws-mfa": ["aws-mfa"], "awsume": ["awsumepy", "dev"]}
SLOWER = 8.0  # at least: the ratio of such a tool to authkit
# The same of a compiled one: half of authkit's time, and six times as much.
COMPILED_SLOWER = {"atmos": 6.0}
AS_QUICK = 0.5
_AWS_CREDENTIALS = """\
[default]
aws_access_key_id = ASIAXXXXXXXXXXXXXXXX
aws_secret_access_key = session-secret
aws_session_token = session-token
"""


class _Row(NamedTuple):
    """A tool beside a command of authkit: what it does, how, and the least ratio to that."""

    ours: str
    tool: str
    does: str
    theirs: Command
    bound: float


def peers(
    authkit: Installed, pairs: int, given: Sequence[tuple[str, Path]] = ()
) -> Iterator[Figure]:
    """Compare other tools that use a cached session with authkit.

    `given` are names of PEERS and their programs.
    """
    programs = other_tools.installed()
    with surroundings(programs) as (simulator, around):
        for tool in other_tools.tools(programs):
            if tool.name in INDEXED:
                program, *rest = INDEXED[tool.name]
                used = _logged_in(authkit.folder / tool.name, tool, simulator, around(tool))
                theirs = Command([str(programs / program), *rest], used)
                row = _Row("credential-process", _title(tool), "", theirs, SLOWER)
                yield _beside(authkit, row, pairs)
        yield _aws_cli(authkit, pairs)
        for name, path in given:
            tool = PEERS[name](path)
            used = _logged_in(authkit.folder / name, tool, simulator, around(tool))
            program, *rest = [*(tool.run or []), "true"]
            theirs = Command([_found(program), *rest], used)
            bound = COMPILED_SLOWER.get(name, AS_QUICK)
            row = _Row("exec -- true", _title(tool), ", running `true`", theirs, bound)
            yield _beside(authkit, row, pairs)


def _beside(authkit: Installed, row: _Row, pairs: int) -> Figure:
    """Return the ratio of another tool to authkit; told beside it are the peaks of memory."""
    ours = authkit.command(authkit.home(0), *CACHED[row.ours])
    figure = paired((row.tool, row.theirs), ("authkit", ours), pairs)
    told = f"{figure.told}; {row.tool} {peak(row.theirs):.0f} MB, authkit {peak(ours):.0f} MB"
    title = f"{row.tool}{row.does}"
    return figure._replace(told=told).named("peers", title, row.bound, at_least=True)


def _title(tool: Tool) -> str:
    return f"{tool.name} {tool.version}"


def _found(program: str) -> str:
    """Return the path of a program: a peer is run by its own path, or by a shell."""
    return program if "/" in program else f"/bin/{program}"


def _aws_cli(authkit: Installed, pairs: int) -> Figure:
    """Compare the AWS CLI, which prints the token of a credentials file."""
    programs = environments.programs("aws", "awscli")
    home = authkit.folder / "aws"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text(_AWS_CREDENTIALS, encoding="utf-8")
    line = [str(programs / "aws"), "configure", "get", "aws_session_token"]
    theirs = Command(line, environ(home))
    name = other_tools.version(programs / "aws").replace("/", " ")  # aws-cli and its version
    row = _Row("credential-process", name, " `configure get`", theirs, SLOWER)
    return _beside(authkit, row, pairs)


def _logged_in(
    home: Path, tool: Tool, simulator: Simulator, around: Mapping[str, str]
) -> dict[str, str]:
    """Log a tool in, as ``comparison`` does; return the environment that it then runs in."""
    home.mkdir()
    set_up(simulator)
    used = {"HOME": str(home), **around, **tool.prepare(home)}
    ran = on_terminal(tool.login, used, home, Person(ANSWERS, [*CODES[:1]]))
    if ran.exit != 0:
        raise RuntimeError(f"{tool.name} cannot be logged in: {ran.screen}")
    return used
