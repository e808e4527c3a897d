"""Runs the same checks against this simulator, moto, ministack and LocalStack.

    python -m benchmarks.simulators [NAME...]

Installs the others from a package index into build/simulators/, asks each the same questions
over HTTP, and writes docs/simulator_compared.md from the answers.  With names, only those
simulators are asked, and nothing is written.  The exit status is 1 when an answer of ours is
wrong.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from benchmarks.simulators import page, servers
from benchmarks.simulators.checks import Seen, ask
from benchmarks.simulators.servers import COMPARED, Compared


def main(arguments: list[str]) -> int:
    """Ask the simulators and write the page; return 1 when an answer of ours is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulators", description=__doc__)
    known = [compared.name for compared in COMPARED]
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    names = parser.parse_args(arguments).names
    if unknown := {*names} - {*known}:
        parser.error(f"no such simulator: {', '.join(sorted(unknown))}")
    servers.install()
    seen = {
        compared.name: answers(compared)
        for compared in COMPARED
        if not names or compared.name in names
    }
    if not names:
        written = page.page(seen, servers.localstack(), datetime.now(UTC).date())
        page.PAGE.write_text(written, encoding="utf-8")
    ours = seen.get(COMPARED[0].name, [])
    right = [check.right(answer) for check, answer in zip(page.CHECKS, ours, strict=False)]
    return 0 if all(right) else 1


def answers(compared: Compared) -> list[Seen]:
    """Return what a simulator answers to the checks, in their order, and print it."""
    seen = []
    with compared.running() as account:
        for check in page.CHECKS:
            seen.append(ask(check, account))
            verdict = "right" if check.right(seen[-1]) else "wrong"
            sys.stdout.write(f"{compared.name}: {check.name}: {verdict}: {seen[-1]}\n")
            sys.stdout.flush()
    return seen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
