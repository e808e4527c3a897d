"""The command ``sim``: changes the account, the time and the faults of the shell's simulator."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

from sts_simulator.account import errors
from sts_simulator.account.account_table import DEFAULT_USER
from sts_simulator.account.authentication import CANONICAL_REQUEST
from sts_simulator.account.faults import BREAKAGES, Fault
from sts_simulator.client import NotThere, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sts_simulator.client import Call

    Action = Callable[[Simulator, argparse.Namespace], object]

FILE = "STS_SIMULATOR_FILE"  # the variable with the path of a file: endpoint and users in JSON
TERMINAL = "terminal"  # beside that file: the program that opens the shell in another terminal
NEXT_CODE = "30s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = _parser()
    words = sys.argv[1:] if arguments is None else arguments
    if not words:  # argparse names no command then
        parser.print_help(sys.stderr)
        return 2
    options = parser.parse_args(_readable(words))
    file = Path(os.environ[FILE])
    known = json.loads(file.read_text(encoding="utf-8"))
    simulator = Simulator.running(known)
    try:
        said = _ACTIONS[options.action](simulator, options)
    except HTTPError as error:
        reason = json.load(error)["error"]
        sys.stderr.write(
            f"✗ {reason.partition(': ')[2] or reason}\n"
        )  # without the name of the table
        return 1
    except NotThere as error:
        sys.stderr.write(f"✗ {error}\n")
        return 1
    finally:  # a rotation changes users, whatever came after it
        known["users"] = simulator.users
        known["accounts"] = {id_: {"users": users} for id_, users in simulator.accounts.items()}
        file.write_text(json.dumps(known), encoding="utf-8")
    if said:
        sys.stdout.write(f"{said}\n")
    return 0


def _readable(arguments: Sequence[str]) -> list[str]:
    """Return the arguments as argparse takes them: it takes a span like -1h for an option."""
    match [*arguments]:
        case ["advance", span] if re.match(r"-[0-9]", span):
            return ["advance", "--", span]
    return [*arguments]


def _keys(simulator: Simulator, options: argparse.Namespace) -> str:
    """Return the answers to a login's questions, in their order."""
    user = simulator.user(options.user, options.account)
    rows = {
        "AWS Access Key ID": user["access_key_id"],
        "AWS Secret Access Key": user["secret_access_key"],
    }
    if "mfa_arn" in user:
        rows |= {"MFA ARN": user["mfa_arn"], "MFA Token": _code(simulator, options)}
    return "\n".join(f"{title:<23}{value}" for title, value in rows.items())


def _code(simulator: Simulator, options: argparse.Namespace) -> str:
    """Move the time to the MFA device's next code, and return it: a code is valid once."""
    simulator.code(options.user, options.account)  # nothing moves where there is none
    simulator.advance(NEXT_CODE)
    return simulator.code(options.user, options.account)


def _rotate(simulator: Simulator, options: argparse.Namespace) -> str:
    simulator.rotate(options.user, options.account)
    return _keys(simulator, options)


def _advance(simulator: Simulator, options: argparse.Namespace) -> str:
    simulator.advance(options.span)
    return f"It is {simulator.now():%Y-%m-%d %H:%M:%S} UTC now."


def _fault(simulator: Simulator, options: argparse.Namespace) -> str:
    if options.clear:
        simulator.clear_faults()
    if options.answer:
        with warnings.catch_warnings(action="ignore"):  # `_described` tells
            simulator.fault(
                options.on, options.answer, times=options.times, account=options.account
            )
    faults = simulator.control("GET", "faults")
    return "\n".join(map(_described, faults)) or "No call of STS goes wrong."


def _described(fault: dict[str, Any]) -> str:
    times = fault.get("times", 1)
    often = {0: "until cleared", 1: "once"}.get(times, f"{times} times")
    answer = fault.get("answer", "slow")
    known = answer in {"slow", *errors.DEFAULTS, *BREAKAGES}
    near = Fault(fault["on"], answer).nearest
    own = f"the nearest is {near}" if near else "a code of your own"
    whose = f", account {fault['account']}" if "account" in fault else ""
    return f"{fault['on']}: {answer}{'' if known else f' ({own})'}, {often}{whose}"


def _calls(simulator: Simulator, options: argparse.Namespace) -> str:
    return "\n".join(
        f"{call['at']}  {call['operation']:<18}  {call['access_key_id']}  {_outcome(call)}"
        for call in simulator.calls()
        if options.account in (None, call["account"])
    )


def _terminal(_simulator: Simulator, _options: argparse.Namespace) -> str:
    return f"Run this in another terminal:\n  {Path(os.environ[FILE]).with_name(TERMINAL)}"


def _outcome(call: Call) -> str:
    """Return what came of a call, and why it was refused, without the texts of a signature."""
    if not call["code"]:
        return "ok"
    reason = call["reason"].partition(CANONICAL_REQUEST)[0] if call["reason"] else ""
    return f"{call['code']}: {reason}".rstrip(": ")


_ACTIONS: dict[str, Action] = {
    "keys": _keys,
    "code": _code,
    "rotate": _rotate,
    "advance": _advance,
    "fault": _fault,
    "calls": _calls,
    "terminal": _terminal,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sim",
        description="Change the simulated AWS account: its time, its keys, and how STS answers.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="COMMAND")
    account = argparse.ArgumentParser(add_help=False)
    account.add_argument(
        "--account", metavar="ID", help="in which account (default: the first; calls: all)"
    )
    users = argparse.ArgumentParser(add_help=False, parents=[account])
    users.add_argument(
        "user", nargs="?", default=DEFAULT_USER, help=f"which user (default: {DEFAULT_USER})"
    )
    actions.add_parser("keys", parents=[users], help="show what to type at a login; moves the time")
    actions.add_parser(
        "code", parents=[users], help="move the time to the MFA device's next code, and show it"
    )
    actions.add_parser(
        "rotate", parents=[users], help="replace the user's access key; moves the time"
    )
    advance = actions.add_parser("advance", help="move the time forwards, or back")
    advance.add_argument("span", help="how far: 37h, 20m, 1d12h; back: -1h")
    fault = actions.add_parser(
        "fault", parents=[account], help="make calls of STS fail, and list the faults"
    )
    fault.add_argument(
        "answer",
        nargs="?",
        help="what STS answers: an AWS error code, or timeout, reset, truncated, html, …",
    )
    fault.add_argument("--clear", action="store_true", help="remove all faults first")
    fault.add_argument("--on", default="*", help="the operation that fails (default: every one)")
    fault.add_argument(
        "--times",
        type=int,
        default=1,
        help="how many calls fail; 0: all, until --clear (default: 1)",
    )
    actions.add_parser("calls", parents=[account], help="list the calls of STS so far")
    actions.add_parser("terminal", help="show what opens this shell in another terminal")
    return parser


if __name__ == "__main__":
    sys.exit(main())
