"""The mutation score by module, as docs/reliability.md shows it (`tests.mutation`)."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.mutation import scores, tables
from tests.planted.patch import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KINDS = ("tables", "functions")


def table() -> str:
    """Return the scores of the last runs, and the modules that were not run."""
    told = scores.read()
    modules = tables.modules("authkit")
    whole = {kind: sum(_counts(told[kind]).values(), Counter[str]()) for kind in KINDS}
    head = [
        *(f"All that was run, {kind}: {_share(whole[kind])}." for kind in KINDS),
        "",
        "| module | tables | listed | functions | listed | run |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    missing = [
        f"{kind.capitalize()} not run: {', '.join(_not_run(told[kind], modules)) or 'none'}."
        for kind in KINDS
    ]
    return "\n".join([*head, *_rows(told, modules), "", "  \n".join(missing)])


def _counts(told: Mapping[str, Any]) -> dict[str, Counter[str]]:
    return {module: scores.count(module, score) for module, score in told.items()}


def _rows(told: Mapping[str, Mapping[str, Any]], modules: Iterable[str]) -> Iterator[str]:
    """Yield the rows of the modules that have mutants, as far as they were run."""
    counts = {kind: _counts(told[kind]) for kind in KINDS}
    for module in modules:
        run = [kind for kind in KINDS if module in told[kind]]
        if any(counts[kind][module].total() for kind in run):
            cells = [cell for kind in KINDS for cell in _cells(counts[kind].get(module))]
            date = max(told[kind][module]["date"] for kind in run)
            yield f"| {module.removeprefix('authkit.')} | {' | '.join(cells)} | {date} |"


def _cells(count: Counter[str] | None) -> tuple[str, str]:
    if count is None:
        return "not run", ""
    return _share(count) if count.total() else "", f"{count['listed'] or ''}"


def _share(count: Counter[str]) -> str:
    of = count["killed"] + count["survived"]
    return f"{count['killed']} of {of}" + (f", {100 * count['killed'] // of} %" if of else "")


def _not_run(told: Mapping[str, Any], modules: Iterable[str]) -> list[str]:
    """Return the names of modules, and of packages of which none was run."""
    run, names = {_package(name) for name in told}, dict[str, None]()
    for one in modules:
        if one not in told and _has_code(one):
            package = _package(one)
            names[one if package in {"", "authkit", *run} else f"{package}.*"] = None
    return [name.removeprefix("authkit.") for name in names]


def _package(module: str) -> str:
    return module.rpartition(".")[0]


def _has_code(module: str) -> bool:
    """Tell whether there is more in a module than a docstring."""
    return len(ast.parse(path_of(module).read_text(encoding="utf-8")).body) > 1
