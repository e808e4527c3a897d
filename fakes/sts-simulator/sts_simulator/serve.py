"""The command ``sts-simulator serve``: its options, and the ready line (docs/contract.md)."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from sts_simulator.server.server import Listen, Server
from sts_simulator.server.starting_world import (
    accounts_of,
    random_seed,
    read_world,
    starting_world,
    users_of,
)
from sts_simulator.server.upstream import Upstream

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

_LOOKS_UP = 0.5  # seconds; a signal that comes just before a wait would not end it


def run(options: argparse.Namespace) -> int:
    """Serve until a signal ends it; return the exit status."""
    for signum in (signal.SIGTERM, signal.SIGINT):
        # Not SystemExit: raised in moto's import it can be lost, and nothing is left to do.
        signal.signal(signum, lambda *_: os._exit(0))
    never = threading.Event()
    try:
        seed = options.seed or random_seed()
        world = _world(options, seed) | ({"enforce": True} if options.enforce else {})
        upstream = Upstream(options.upstream) if options.upstream else None
        listen = Listen(options.host, options.port, options.allow_host, options.tls)
        simulator = Server(listen=listen, upstream=upstream, verbose=options.verbose)
    except (OSError, OverflowError, ValueError) as trouble:  # a port in use, an empty user name
        sys.stderr.write(f"cannot serve: {trouble}\n")
        return 1
    with simulator as server:
        ready = json.dumps(_ready(server, world, options.tls))
        if options.ready_file:
            _write_whole(options.ready_file, f"{ready}\n")
        print(ready, flush=True)  # noqa: T201 - the program's one line of output
        from sts_simulator.server.simulation import Simulation  # noqa: PLC0415 - imports moto

        with redirect_stdout(None):  # moto prints hints to its developers
            server.open(Simulation(world, seed))
            while not never.wait(_LOOKS_UP):
                pass
    return 0


def _world(options: argparse.Namespace, seed: str) -> dict[str, Any]:
    if options.world is None:
        return starting_world(options.user, options.mfa, seed)
    if options.user or options.mfa:
        raise ValueError("--world has its own users: leave --user and --mfa out")
    return read_world(options.world, seed)


def _ready(server: Server, world: dict[str, Any], certificate: Path | None) -> dict[str, Any]:
    ready = {"endpoint": server.endpoint, "account": world["id"], "users": users_of(world)}
    if others := accounts_of(world):
        ready["accounts"] = others
    if server.access.token:
        ready["control_token"] = server.access.token
    if certificate:
        ready["ca_bundle"] = str(certificate.absolute())
    return ready


def _write_whole(path: Path, text: str) -> None:
    """Write the file by renaming a complete one: a process that polls for it reads all of it."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
