"""Checks of what others could have authkit do: by its config file, or by the program of a setting.

Others are the users who may write to a file, or to a folder above it: who may write to a
folder can put another file there.
"""

from __future__ import annotations

import os
import shlex

from authkit.codes import mfa_process
from authkit.core import config
from authkit.core.failures import MAY_NOT_EXECUTE
from authkit.core.render import table_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from authkit.doctor.examination import Examination
    from authkit.doctor.findings import Finding


def config_file(look: Examination, path: str) -> Iterator[Finding]:
    """Look at who may write to the config file, which need not be there yet."""
    place, reason = look.world.shared(os.path.abspath(path))
    if reason:
        cure = config.own_alone(place, reason)
        yield look.say("config-shared", place=place, reason=reason, cure=cure)


def program(look: Examination) -> Iterator[Finding]:
    """Look at the command in `mfa_process`, where one is set: is it the user's own, and can it run.

    It is not run.  Of its words only the first is shown, as its errors do.
    """
    root = look.root
    if root is None or mfa_process.NAME not in root.settings:
        return
    word = shlex.split(root.settings[mfa_process.NAME])[0]
    where = {"table": table_name(root.name), "path": root.config_path}
    facts = {"program": mfa_process.program(word), **where}
    found = list(_troubles(look, facts, *look.world.found(word)))
    if reason := look.world.config.distrusted():
        cure = config.own_alone(root.config_path, reason)
        found.append(look.say("mfa-process-distrusted", cure=cure, **facts))
    yield from found or [look.say("mfa-process", **facts)]


def _troubles(
    look: Examination, facts: dict[str, str], file: str, reason: str
) -> Iterator[Finding]:
    if not file:
        yield look.say("mfa-process-missing", **facts)
        return
    if reason == MAY_NOT_EXECUTE:
        yield look.say("mfa-process-not-executable", file=file, place=shlex.quote(file))
    elif reason:
        yield look.say("mfa-process-not-started", file=file, reason=reason, **facts)
    whole = os.path.abspath(file)
    if whole != file:
        yield look.say("mfa-process-relative", whole=whole, **facts)
    place, reason = look.world.shared(whole)
    if reason:
        cure = config.own_alone(place, reason)
        yield look.say("mfa-process-shared", place=place, reason=reason, cure=cure)
