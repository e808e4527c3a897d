"""docs/performance.md shows one run: its table and its plot are generated from the JSON."""

from __future__ import annotations

import json

import pytest

from benchmarks import performance_page as page
from benchmarks.__main__ import GROUPS
from benchmarks.peers import PEERS

RUN = json.loads(page.RUN.read_text(encoding="utf-8"))
PAGE = page.PAGE.read_text(encoding="utf-8")


def test_the_table_is_the_runs() -> None:
    """The table on the page is generated from the run; nobody typed a figure."""
    assert page.page(PAGE, RUN) == PAGE


def test_the_plot_is_the_runs() -> None:
    """The committed plot is generated from the run."""
    assert page.PLOT.read_text(encoding="utf-8") == page.plot(RUN)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_was_measured(group: str) -> None:
    """The run has figures of every group."""
    assert [figure for figure in page.figures_of(RUN) if figure.group == group]


def test_groups_that_are_not_measured_stay() -> None:
    """A run of one group replaces its figures and its date, and no others."""
    figure = page.figures_of(RUN)[0]._replace(value=1.0)
    run = json.loads(page.as_json([figure], RUN))
    others = [each for each in page.figures_of(RUN) if each.group != figure.group]
    assert page.figures_of(run) == [figure, *others]
    kept = {group: date for group, date in RUN["dates"].items() if group != figure.group}
    assert {group: run["dates"][group] for group in kept} == kept


def test_what_was_not_tried_is_named() -> None:
    """A compiled tool whose program was not given is named; a run without peers changes nothing."""
    figure = page.figures_of(RUN)[0]
    other = json.loads(page.as_json([figure], RUN))
    assert other["not_tried"] == RUN["not_tried"]
    given, *missing = PEERS
    measured = figure._replace(group="peers", name=f"{given} 1.0")
    run = json.loads(page.as_json([measured], RUN))
    assert run["not_tried"] == missing
    assert f"Not tried, because no program was given: {', '.join(missing)}." in page.table(run)


def test_a_missed_bound_is_said() -> None:
    """A figure beyond its bound is marked as missed; one at its bound is not."""
    figure = page.figures_of(RUN)[0]
    assert figure._replace(value=1.0, bound=1.0).holds
    assert "**missed**" not in page.row(figure._replace(value=1.0, bound=1.0))
    assert "**missed**" in page.row(figure._replace(value=1.1, bound=1.0))
    assert "**missed**" in page.row(figure._replace(value=0.9, bound=1.0, at_least=True))
