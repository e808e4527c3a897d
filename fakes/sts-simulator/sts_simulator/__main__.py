"""The simulator as a program: ``sts-simulator serve`` and ``sts-simulator shell``.

What ``serve`` takes and prints is stated in docs/contract.md.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DESCRIPTION = "Serve a simulated AWS STS, or open a shell in which it is AWS."


def _shell_of_aws() -> int:
    from sts_simulator.play.shell import run_aws  # noqa: PLC0415 - moto is slow to import

    return run_aws()


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "sts-simulator",
    run_shell: Callable[[], int] = _shell_of_aws,
) -> int:
    """Run the program; return its exit status.  `run_shell` is what ``shell`` does."""
    options = _parser(prog, run_shell).parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


def _parser(prog: str, run_shell: Callable[[], int]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description=_DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve STS, IAM and more to any AWS client")
    serve.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    serve.add_argument("--user", action="append", default=[], metavar="NAME", help="a user to make")
    serve.add_argument(
        "--mfa", action="append", default=[], metavar="NAME", help="a user to make, with a device"
    )
    serve.add_argument("--ready-file", type=Path, metavar="FILE", help="say it there when ready")
    serve.add_argument(
        "--seed", help="make the same keys, ids and tokens in every run; default: new ones"
    )
    serve.add_argument("--verbose", action="store_true", help="tell of requests on stderr")
    serve.set_defaults(run=_serve)
    play = commands.add_parser("shell", help="open a shell with an AWS account to play with")
    play.set_defaults(run=lambda _options: run_shell())
    return parser


def _serve(options: argparse.Namespace) -> int:
    from sts_simulator.server.server import Server  # noqa: PLC0415 - moto is slow, and --help is not
    from sts_simulator.server.simulation import (  # noqa: PLC0415 - the same
        Simulation,
        random_seed,
        starting_world,
        users_of,
    )

    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: sys.exit(0))
    try:
        seed = options.seed or random_seed()
        world = starting_world(options.user, options.mfa, seed)
        simulator = Server(Simulation(world, seed), options.port, verbose=options.verbose)
    except (OSError, OverflowError, ValueError) as trouble:  # a port in use, an empty user name
        sys.stderr.write(f"cannot serve: {trouble}\n")
        return 1
    with simulator as server:
        ready = {"endpoint": server.endpoint, "account": world["id"], "users": users_of(world)}
        if options.ready_file:
            _write_whole(options.ready_file, json.dumps(ready) + "\n")
        print(json.dumps(ready), flush=True)  # noqa: T201 - the program's one line of output
        threading.Event().wait()  # until a signal ends it
    return 0


def _write_whole(path: Path, text: str) -> None:
    """Write the file by renaming a complete one: a process that polls for it reads all of it."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
