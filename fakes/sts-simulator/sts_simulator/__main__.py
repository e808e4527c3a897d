"""The simulator as a program: ``sts-simulator serve`` and ``sts-simulator shell``.

What ``serve`` takes and prints is stated in docs/contract.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sts_simulator import __version__

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
    parser = _parser(prog, run_shell)
    if not (sys.argv[1:] if arguments is None else arguments):  # argparse names no command then
        parser.print_help(sys.stderr)
        return 2
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


def _parser(prog: str, run_shell: Callable[[], int]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description=_DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"sts-simulator {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve STS, IAM and more to any AWS client")
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on; beyond loopback /_sim/ asks for the ready line's token",
    )
    serve.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    serve.add_argument(
        "--user",
        action="append",
        default=[],
        metavar="NAME",
        help="a user to make; one of another account: 210987654321/NAME",
    )
    serve.add_argument(
        "--mfa", action="append", default=[], metavar="NAME", help="a user to make, with a device"
    )
    serve.add_argument(
        "--world", type=Path, metavar="FILE", help="the account to start with, in JSON or TOML"
    )
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another name by which /_sim/ may be reached, such as host.docker.internal",
    )
    serve.add_argument(
        "--tls", type=Path, metavar="FILE", help="use TLS; the certificate is written to FILE"
    )
    serve.add_argument(
        "--upstream", metavar="URL", help="a moto or LocalStack that answers the other services"
    )
    serve.add_argument("--ready-file", type=Path, metavar="FILE", help="say it there when ready")
    serve.add_argument(
        "--enforce",
        action="store_true",
        help="refuse what an identity policy, a boundary or a session policy denies",
    )
    serve.add_argument(
        "--seed", help="make the same keys, ids and tokens in every run; default: new ones"
    )
    serve.add_argument(
        "--verbose",
        action="store_true",
        help="tell of requests on stderr, and why they were refused",
    )
    serve.set_defaults(run=_serve)
    explain = commands.add_parser("explain", help="tell why the last refused request was refused")
    explain.add_argument(
        "--endpoint",
        metavar="URL",
        help="of the simulator; else AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL",
    )
    explain.add_argument(
        "--ready-file",
        type=Path,
        metavar="FILE",
        help="what serve wrote: the endpoint, and the token that is needed beyond loopback, "
        "which is else taken from STS_SIMULATOR_CONTROL_TOKEN",
    )
    explain.add_argument(
        "--client",
        metavar="FILE",
        help="the client's debug log, with its string to sign; - is standard input",
    )
    explain.set_defaults(run=_explain)
    play = commands.add_parser("shell", help="open a shell with an AWS account to play with")
    play.set_defaults(run=lambda _options: run_shell())
    return parser


def _serve(options: argparse.Namespace) -> int:
    from sts_simulator import serve  # noqa: PLC0415 - --help needs nothing of it

    return serve.run(options)


def _explain(options: argparse.Namespace) -> int:
    from sts_simulator.play.explain import explain  # noqa: PLC0415 - serve does not need it

    return explain(options.endpoint, options.client, ready_file=options.ready_file)


if __name__ == "__main__":
    sys.exit(main())
