"""How quickly stories are replayed in process, and that twice as many take twice as long."""

from __future__ import annotations

from itertools import cycle, islice
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.pairs import Figure, spread
from scenarios.replay.runner.replay import replay
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.replay.story.model import Story

A_SECOND = {"fakes": 1000, "boto3": 30}  # at least
NUMBERS = (10, 100, 1000, 2000)
LINEAR = 1.25  # times, at most: what a story costs among 2,000, by what it costs among 100


def replays(rounds: int) -> Iterator[Figure]:
    """Stories a second at each level on one core, and how the time grows with their number."""
    parsed = [reading.read(path) for path in reading.stories()]
    for level, least in A_SECOND.items():
        stories = [story for story in parsed if level not in story.excepted]
        seconds(stories, level)  # imports, caches
        rates = [len(stories) / seconds(stories, level) for _ in range(rounds)]
        told = f"{len(stories)} stories, {rounds} rounds"
        title = f"scenarios a second, level `{level}`"
        figure = Figure(told, *spread(rates), unit="/s")
        yield figure.of("replays", title, least, at_least=True)
        costs = {n: seconds([*islice(cycle(stories), n)], level) / n for n in NUMBERS}
        told = ", ".join(f"{number:,}: {1e3 * cost:.2f} ms each" for number, cost in costs.items())
        growth = costs[NUMBERS[-1]] / costs[NUMBERS[1]]
        title = f"a scenario among 2,000 by one among 100, level `{level}`"
        yield Figure(told, growth, growth, growth).of("replays", title, LINEAR)


def seconds(stories: Sequence[Story], level: str) -> float:
    """Return how long it takes to replay these stories, which have to hold."""
    began = perf_counter()
    for story in stories:
        replay(story, level)
    return perf_counter() - began
