"""The kinds that installed distributions bring: entry points of the group ``authkit.kinds``.

Looked up only when a config file names a kind that is not built in.  Whatever is wrong with
one is told by its `trouble`, so that the other identities can be used.
"""

from __future__ import annotations

from authkit.core.failures import BROKEN_ANSWER, CANNOT_ASK, NO_ANSWER, CallFailed
from authkit.core.kinds import Field, Kind
from authkit.core.model import masked
from authkit.core.rules import Circumstances, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from types import TracebackType

GROUP = "authkit.kinds"
_brought: dict[str, tuple[str, str]] = {}  # by the package that was loaded: kind, distribution


def kind(name: str) -> Kind | None:
    """Return the kind that an installed distribution brings by this name, None for none."""
    from importlib.metadata import entry_points

    try:
        found = [*entry_points(group=GROUP, name=name)]
    except Exception as error:  # noqa: BLE001 - of any distribution's files
        return _unusable(name, f"the installed distributions cannot be read ({_said(error)})")
    if not found:
        return None
    brought_by = [_distribution(point) for point in found]
    if len(found) > 1:
        return _unusable(name, f"{' and '.join(sorted(brought_by))} both bring it")
    return _loaded(name, found[0], brought_by[0])


def brought_by(traceback: TracebackType | None) -> tuple[str, str] | None:
    """Return the kind, and the distribution that brings it, in whose code an error was raised."""
    while traceback:
        package = str(traceback.tb_frame.f_globals.get("__name__")).partition(".")[0]
        if package in _brought:
            return _brought[package]
        traceback = traceback.tb_next
    return None


def _loaded(name: str, point: EntryPoint, distribution: str) -> Kind:
    try:
        found = point.load()
        wrong = _wrong_with(found, name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever its code does
        return _unusable(name, f"{distribution} cannot be loaded ({_said(error)})")
    if wrong:
        return _unusable(name, f"{distribution} brings {point.value}, {wrong}")
    _brought[point.module.partition(".")[0]] = name, distribution
    kind: Kind = found
    return kind


def _wrong_with(found: object, name: str) -> str:
    """Return why an object cannot be used as the kind of this name, "" when it can."""
    if not isinstance(found, Kind):
        return f"which is no kind but of the type {type(found).__name__}"
    if found.name != name:
        return f"which calls itself {found.name}"
    if found.flow is None:
        return "which cannot log in"
    if not found.credentials or not all(isinstance(field, Field) for field in found.fields):
        return "which has no fields to ask for"
    if not all(isinstance(rule, Rule) for rule in found.rules) or not _is_complete(found.rules):
        return "whose last rule does not match everything"
    return ""


def _is_complete(rules: tuple[Rule, ...]) -> bool:
    unheard_of = [CallFailed("", code, "") for code in ("", NO_ANSWER, BROKEN_ANSWER, CANNOT_ASK)]
    seen = Circumstances("")
    return bool(rules) and all(rules[-1].matches(trouble, seen) for trouble in unheard_of)


def _unusable(name: str, trouble: str) -> Kind:
    return Kind(name, name, (), trouble=trouble)


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.module


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {masked(str(error))}".removesuffix(": ")
