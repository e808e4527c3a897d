"""How many stories are replayed in a second, and that the time grows linearly with their number."""

from __future__ import annotations

from itertools import cycle, islice
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.timing import Figure, spread
from scenarios.replay.runner.replay import replay
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.replay.story.model import Story

LEAST_PER_SECOND = {"fakes": 1000, "boto3": 30}
NUMBERS = (10, 100, 1000, 2000)
LARGEST_GROWTH = 1.25  # at most: the time of a story among 2,000 by its time among 100


def replays(rounds: int) -> Iterator[Figure]:
    """Measure stories per second at each level on one core, and how the time grows."""
    parsed = [reading.read(path) for path in reading.stories()]
    for level, least in LEAST_PER_SECOND.items():
        stories = [story for story in parsed if level not in story.excepted]
        seconds(stories, level)  # loads modules and fills caches before the first round
        rates = [len(stories) / seconds(stories, level) for _ in range(rounds)]
        told = f"{len(stories)} stories, {rounds} rounds"
        title = f"scenarios a second, level `{level}`"
        figure = Figure(told, *spread(rates), unit="/s")
        yield figure.named("replays", title, least, at_least=True)
        costs = {n: seconds([*islice(cycle(stories), n)], level) / n for n in NUMBERS}
        told = ", ".join(f"{number:,}: {1e3 * cost:.2f} ms each" for number, cost in costs.items())
        growth = costs[NUMBERS[-1]] / costs[NUMBERS[1]]
        title = f"a scenario among 2,000 by one among 100, level `{level}`"
        yield Figure(told, growth, growth, growth).named("replays", title, LARGEST_GROWTH)


def seconds(stories: Sequence[Story], level: str) -> float:
    """Replay these stories; return the seconds that it took.  Raises DoesNotHold."""
    began = perf_counter()
    for story in stories:
        replay(story, level)
    return perf_counter() - began
