"""docs/performance.md quotes one run: table and plot are what its JSON gives."""

from __future__ import annotations

import json

import pytest

from benchmarks import performance_page as page
from benchmarks.__main__ import GROUPS

RUN = json.loads(page.RUN.read_text(encoding="utf-8"))
PAGE = page.PAGE.read_text(encoding="utf-8")


def test_the_table_is_the_runs() -> None:
    """No figure on the page was typed."""
    assert page.page(PAGE, RUN) == PAGE


def test_the_plot_is_the_runs() -> None:
    """Nor drawn."""
    assert page.PLOT.read_text(encoding="utf-8") == page.plot(RUN)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_was_measured(group: str) -> None:
    """The run is a whole one."""
    assert [figure for figure in page.figures_of(RUN) if figure.group == group]


def test_a_missed_bound_is_said() -> None:
    """Whether a figure holds is worked out from it, and shown where it does not."""
    figure = page.figures_of(RUN)[0]
    assert figure._replace(value=1.0, bound=1.0).holds
    assert "**missed**" not in page.row(figure._replace(value=1.0, bound=1.0))
    assert "**missed**" in page.row(figure._replace(value=1.1, bound=1.0))
    assert "**missed**" in page.row(figure._replace(value=0.9, bound=1.0, at_least=True))
