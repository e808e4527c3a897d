"""Machines to be examined: a World of fakes with one identity, and what a check finds there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from authkit.arguments import parse
from authkit.core.model import Marker
from authkit.doctor.examination import Examination
from fakes.world.sts import PortSts
from sts_simulator.account.account import Account
from tests.support.stage import CountedConfig, Pauses, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authkit.core.ports import Sts
    from authkit.doctor.findings import Finding

KEYS = {"access_key_id": "AKIAXXXXXXXXXXXXXXXX", "secret_access_key": "new-secret"}


def sts_of(
    *,
    clock: Pauses | None = None,
    secret: str = KEYS["secret_access_key"],
    **table: Any,  # noqa: ANN401 - of an account
) -> Callable[[str], Sts]:
    """Return STS of an account with dev-admin's keys; `table` is the rest of its table."""
    clock = clock or Pauses()
    keys = {"new": {"id": KEYS["access_key_id"], "secret": secret}}
    account = Account.from_table({"keys": keys, **table}, clock.now)
    return lambda region: PortSts(account, region, clock)


def an_examination(
    *line: str,
    entry: object = KEYS,
    config: str | None = None,
    sts: Callable[[str], Sts] | None = None,
    environ: dict[str, str] | None = None,
) -> Examination:
    """Return an examination of dev-admin, whose keyring entry has the fields of `entry`.

    An entry that is a text is that text, and None is no entry.
    """
    stage = Stage(environ=environ or {}, config=CountedConfig(config), sts=sts or sts_of())
    if entry is not None:
        text = entry if isinstance(entry, str) else json.dumps({"version": 1, **entry})  # type: ignore[dict-item]  # a dict
        stage.keyring.entries["authkit", "dev-admin"] = text
        stage.markers.mark("dev-admin", Marker())
    return Examination(stage, parse(["doctor", *(line or ("dev-admin",))]))


def names(found: Iterator[Finding]) -> list[str]:
    """Return the names of findings."""
    return [each.name for each in found]
