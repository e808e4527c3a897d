"""The mutation score by module, as docs/reliability.md shows it (`tests.mutation`)."""

from __future__ import annotations

import ast
from collections import Counter

from tests.mutation import scores, tables
from tests.planted.patch import path_of

KINDS = ("tables", "functions")


def table() -> str:
    """Return the scores of the last runs, and the modules that were not run."""
    told = scores.read()
    modules = tables.modules("authkit")
    rows = [_row(module) for module in modules if any(module in told[kind] for kind in KINDS)]
    whole = {kind: _sum(kind, modules) for kind in KINDS}
    head = [
        *(f"All that was run, {kind}: {_share(whole[kind])}." for kind in KINDS),
        "",
        "| module | tables | listed | functions | listed | run |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    missing = [
        f"{kind.capitalize()} not run: {', '.join(_not_run(kind, modules)) or 'none'}."
        for kind in KINDS
    ]
    return "\n".join([*head, *filter(None, rows), "", "  \n".join(missing)])


def _sum(kind: str, modules: list[str]) -> Counter[str]:
    counts = (scores.count(kind, one) for one in modules if one in scores.read()[kind])
    return sum(counts, Counter[str]())


def _row(module: str) -> str:
    """Return the row of a module, "" if it has no mutants."""
    told, cells, dates = scores.read(), [], set()
    for kind in KINDS:
        if module not in told[kind]:
            cells += ["not run", ""]
            continue
        count = scores.count(kind, module)
        cells += [_share(count) if count.total() else "", f"{count['listed'] or ''}"]
        dates.add(told[kind][module]["date"])
    if not any(any(char.isdigit() for char in cell) for cell in cells):
        return ""
    return f"| {module.removeprefix('authkit.')} | {' | '.join(cells)} | {max(dates)} |"


def _share(count: Counter[str]) -> str:
    of = count["killed"] + count["survived"]
    return f"{count['killed']} of {of}" + (f", {100 * count['killed'] // of} %" if of else "")


def _not_run(kind: str, modules: list[str]) -> list[str]:
    """Return the names of modules, and of packages of which none was run."""
    told = scores.read()[kind]
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
