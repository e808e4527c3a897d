"""``python -m scenarios --against REV``: what differs, as Markdown for a review."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scenarios.replay.revisions import trees
from scenarios.replay.revisions.differences import ASPECTS, between
from scenarios.replay.revisions.trees import CannotPlay
from scenarios.replay.story import reading

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping, Sequence

    from scenarios.replay.revisions.differences import StepChanges

    Texts = Mapping[str, str]  # of stories, by name


class Compared(NamedTuple):
    """Stories of two revisions: what differs by name, and what cannot be compared, with why.

    `only_here` and `only_there` are names that one revision does not have.
    """

    stories: int
    changed: Mapping[str, tuple[StepChanges, ...]]
    unplayed: Mapping[str, str]
    only_here: Sequence[str]
    only_there: Sequence[str]


def run(options: Namespace, paths: Sequence[Path]) -> int:
    """Print the page about these stories; return 0, or 1 when the revision cannot play them."""
    revision = options.against
    try:
        sys.stdout.write(review(revision, paths, all_stories=not options.stories))
    except CannotPlay as reason:
        sys.stderr.write(f"{revision}: {reason}\n")
        return 1
    return 0


def review(revision: str, paths: Sequence[Path], *, all_stories: bool) -> str:
    """Return the page about these stories.  Raises CannotPlay.

    With `all_stories`, those that only the other revision has are played too.
    """
    commit = trees.commit(revision)
    here = {path.stem: path.read_text("utf-8") for path in paths}
    with tempfile.TemporaryDirectory(prefix="authkit-revision-") as folder:
        tree = Path(folder).resolve()
        trees.extract(commit, tree)
        found = sorted((tree / reading.STORIES.name).rglob("*.toml"))
        there = {path.stem: path.read_text("utf-8") for path in found}
        if not all_stories:
            there = {name: text for name, text in there.items() if name in here}
        compared = compare(here, there, (trees.CHECKOUT, tree))
    checked_out = commit == trees.commit("HEAD")
    return page(f"{revision} ({commit})", compared, checked_out=checked_out)


def compare(here: Texts, there: Texts, tree_of: tuple[Path, Path]) -> Compared:
    """Return what differs between two trees, this one and the other.  Raises CannotPlay.

    Both play the same text of a story: this tree's, or where the other revision cannot
    read that, the other's.  So what differs comes from the code.
    """
    names = sorted({**here, **there})
    texts = [(name, text) for name in names for text in _texts(name, here, there)]
    as_paths = [(Path(f"{name}.toml"), text) for name, text in texts]
    new, old = (trees.played(tree, as_paths) for tree in tree_of)
    changed, unplayed = {}, {}
    for name in names:
        pairs = [(o, n) for (told, _), o, n in zip(texts, old, new, strict=True) if told == name]
        readable = [(o, n) for o, n in pairs if "steps" in o and "steps" in n]
        if not readable:
            unplayed[name] = _why_not(*pairs[0])
        elif steps := between(*readable[0]):
            changed[name] = steps
    only_here, only_there = ([n for n in names if n not in texts] for texts in (there, here))
    return Compared(len(names), changed, unplayed, only_here, only_there)


def _texts(name: str, here: Texts, there: Texts) -> list[str]:
    return list(dict.fromkeys(texts[name] for texts in (here, there) if name in texts))


def _why_not(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    which, played = ("the other revision", old) if "unreadable" in old else ("this one", new)
    reason = str(played["unreadable"])
    return f"{which} cannot read it: {' '.join(reason.split())}"


def page(revision: str, compared: Compared, *, checked_out: bool = False) -> str:
    """Return the comparison as Markdown: a summary, then what differs, once where alike.

    With `checked_out` the revision is the commit that this tree began from.
    """
    note = ["", "It is what is checked out here: only what is not committed can differ."]
    summary = (*_summary(revision, compared), *note * checked_out)
    return "\n".join((*summary, *_details(compared))) + "\n"


def _summary(revision: str, compared: Compared) -> Iterator[str]:
    stories, differ = compared.stories - len(compared.unplayed), len(compared.changed)
    yield f"# What differs from {revision}"
    yield ""
    verb = "differs" if differ == 1 else "differ"
    are = "1 story is" if stories == 1 else f"{stories} stories are"
    counted = f"{are} played by both revisions; {differ or 'none'} {verb}."
    yield counted if stories else "No story is played by both revisions."
    if differ:
        steps = [step for steps in compared.changed.values() for step in steps]
        counts = Counter(change.aspect for step in steps for change in step.changes)
        aspects = dict.fromkeys((*ASPECTS, *counts))
        yield ""
        yield f"| {' | '.join(aspects)} |\n|{'---|' * len(aspects)}"
        yield f"| {' | '.join(str(counts[aspect]) for aspect in aspects)} |"
        yield ""
        yield "Steps of stories, by what differs in them."
    notes = {
        "Only in this revision, and played by both": compared.only_here,
        "Only in the other revision, and played by both": compared.only_there,
    }
    for note, names in notes.items():
        if played := [name for name in names if name not in compared.unplayed]:
            yield ""
            yield f"{note}: {', '.join(played)}."
    if compared.unplayed:
        yield ""
        yield "Not compared:"
        yield from (f"- {name}: {why}" for name, why in compared.unplayed.items())


def _details(compared: Compared) -> Iterator[str]:
    """Yield what differs; stories in which the same lines differ are told together."""
    alike: dict[object, list[str]] = {}
    for name, steps in compared.changed.items():
        changes = [change for step in steps for change in step.changes]
        lines = ((c.aspect, line) for c in changes for line in c.lines if line[:1] in {"+", "-"})
        key = tuple(dict.fromkeys(lines))  # how often they differ does not count
        alike.setdefault(key, []).append(name)
    for names in alike.values():
        yield ""
        yield f"## {names[0]}"
        if names[1:]:
            yield ""
            yield f"The same lines differ in {', '.join(names[1:])}."
        for step in compared.changed[names[0]]:
            yield from _step(step)


def _step(step: StepChanges) -> Iterator[str]:
    yield ""
    yield f"Step {step.number}: `{step.run}`" if step.run else "At the end"
    for change in step.changes:
        yield ""
        yield change.aspect
        yield "\n".join(("```diff", *change.lines, "```"))
