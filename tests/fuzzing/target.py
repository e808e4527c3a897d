"""What a target of fuzzing is, and how arbitrary bytes are made of a corpus.

A `Target` is tried by two engines: hypothesis draws its `inputs`; a coverage-guided fuzzer
hands bytes to `once`.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

CORPUS = Path(__file__).parent / "corpus"
BOUNDED = "the steps depend on the length alone"
_EDITS = 4
_LEAST, _EACH = 200_000, 3_000  # steps of an input, and of each byte of it


class Target(NamedTuple):
    """What is tried: a strategy for the input, and the check of what becomes of it.

    `few` is how many inputs the tests try: those that are quick, or seldom odd, more.
    `corpus` is the folder whose files are inputs; None where an input is no bytes.
    """

    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]
    few: int = 60
    corpus: Path | None = None

    def once(self, data: bytes) -> None:
        """Check one input, which is these bytes, or is drawn by means of them."""
        if self.corpus:
            self.check(data)
        else:
            alone = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
            test: Any = alone(given(self.inputs)(self.check))
            test.hypothesis.fuzz_one_input(data)

    def keep(self, found: bytes) -> Path:
        """Write an input into the corpus, where the tests will try it; return its path."""
        assert self.corpus
        path = self.corpus / f"found-{sha256(found).hexdigest()[:8]}"
        path.write_bytes(found)
        return path


def of_bytes(
    name: str, check: Callable[[bytes], None], *tokens: bytes, few: int = 60, bounded: bool = True
) -> Target:
    """Return a target whose inputs are the files of its corpus, and what is like them.

    `tokens` mean something to what is tried.  A check that is `bounded` takes a number of steps
    that depends on the input's length alone.
    """
    corpus = CORPUS / name
    kept = [path.read_bytes() for path in sorted(corpus.iterdir())]
    run = (lambda data: within_steps(check, data)) if bounded else check
    return Target(_like(kept, tokens), run, few, corpus)


def _like(kept: list[bytes], tokens: Iterable[bytes]) -> st.SearchStrategy[bytes]:
    """Return a strategy for these inputs, edited at a few places; seldom for any bytes."""
    part = st.builds(
        lambda whole, begin, length: whole[begin : begin + length],
        st.sampled_from(kept),
        st.integers(0, 2000),
        st.integers(0, 60),
    )
    put = st.binary(max_size=8) | st.sampled_from([b"", *tokens]) | part
    put |= st.builds(lambda some, times: some * times, put, st.integers(2, 300))
    edits = st.tuples(st.integers(0, 2000), st.integers(0, 40), put)
    edited = st.builds(_edited, st.sampled_from(kept), st.lists(edits, max_size=_EDITS))
    return edited | edited | edited | st.binary(max_size=60)


def _edited(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    for place, gone, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + gone :]
    return data


class BrokenLawError(AssertionError):
    """An input has broken a law of its target: `law` is the sentence that does not hold."""

    def __init__(self, law: str, shown: object) -> None:
        super().__init__(f"{law}, but: {shown!r}")
        self.law = law


# The laws that checks have looked at, since a test last emptied it.
looked_at: set[str] = set()


def must(holds: object, law: str, shown: object = None) -> None:
    """Raise BrokenLawError, which shows a value, unless the law holds.

    `law` is a sentence of its own: a planted fault names the one that it breaks
    (``faults``).
    """
    looked_at.add(law)
    if not holds:
        raise BrokenLawError(law, shown)


class TooManyStepsError(BrokenLawError):
    """A check has taken more lines of Python than an input of its length should need."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(BOUNDED, f"{len(data)} bytes took more than {most} steps")


def within_steps(check: Callable[[bytes], None], data: bytes) -> None:
    """Check an input; raise TooManyStepsError where that takes many lines of Python.

    So a loop without an end is found without a clock.  Where another tracer runs, such as
    coverage's, nothing is counted.
    """
    if sys.gettrace() is None:
        steps_of(check, data, _LEAST + _EACH * len(data))
    else:
        check(data)


def steps_of(check: Callable[[bytes], object], data: bytes, most: int) -> int:
    """Check an input; return how many lines of Python that takes.

    Raises TooManyStepsError for more than `most`.
    """
    taken, before = 0, sys.gettrace()

    def count(_frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 - itself
        nonlocal taken
        taken += event == "line"
        if taken > most:
            raise TooManyStepsError(data, most)
        return count

    sys.settrace(count)
    try:
        check(data)
    finally:
        sys.settrace(before)
    return taken
