"""Compares how fast whole login paths are walked and judged: this tree and an earlier commit.

    python -m benchmarks.exploration [--base COMMIT] [--depth N] [--rounds N]

The earlier tree is unpacked beside this one.  Both walk `login` with a person to a depth,
nothing cut, in turn, in processes of their own: paths a CPU second.  Each takes the options
that both trees have (`SAME`), since their worlds differ otherwise.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from scenarios.replay.revisions.trees import CHECKOUT, extract

BASE = "221fe92"  # the last commit before exploration was a program
DENIED = ("denied",)
OF_CALL = (
    *("revoked", "mistyped", "skew", "expired", "denied", "throttled", "trouble", "unsent"),
    *("lost", "broken", "throttled for good", "unsent for good", "lost for good"),
)
OF_CODE = ("code", "device", "code for good", "device for good")
# Choices by their names before and now, and the options, as this tree calls them.
ENTRIES = (
    *("none", "keys alone", "settings alone", "session credentials", "an id alone", "corrupt"),
    "of a later version",
)
SAME: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("entry", "entry", ENTRIES),
    ("session", "session", ("good", "ends soon", "expired", "of other keys", "corrupt")),
    ("sleep", "pause", ("^C",)),
    ("acquire", "lock", ("busy",)),
    ("AWS Access Key ID", "AWS Access Key ID", ("", "ASIATYPEDTYPEDTYPED{0}", "^C")),
    ("AWS Secret Access Key", "AWS Secret Access Key", ("", "^C")),
    ("MFA ARN", "MFA ARN", ("", "-", "u", "arn:aws-cn:iam::123456789012:mfa/user", "^C")),
    ("Session Duration", "Session Duration", ("", "37h", "^C")),
    ("Enter MFA Token", "Enter MFA Token", ("none", "^C")),
    ("GetCallerIdentity", "GetCallerIdentity", OF_CALL),
    ("GetCallerIdentity", "GetCallerIdentity of the session", OF_CALL),
    ("GetSessionToken", "GetSessionToken", OF_CALL + OF_CODE),
    ("get", "keyring get", ("locked", "unreadable")),
    ("set", "keyring set", ("unreadable", "not-kept")),
    ("delete", "keyring delete", ("unreadable",)),
    ("read", "session read", DENIED),
    ("replace", "session replace", DENIED),
    ("drop", "session drop", DENIED),
    ("mark", "mark", DENIED),
    ("unmark", "unmark", DENIED),
    ("untried", "marker read", DENIED),
    ("codes", "notes read", DENIED),
    ("replace codes", "note replace", DENIED),
)
BEFORE_CALLED = {"an id alone": "half a key", "not-kept": "forgetful"}  # options that had others
NOW_CALLED = {"denied": ("denied", "Permission denied")}
_TIMED = """
import json, sys, time
walk(1)
begun = time.process_time()
paths, events = walk(int(sys.argv[1]))
print(json.dumps([paths, events, time.process_time() - begun]))
"""
_BEFORE = """
import json, sys
from tests.exploration import chooser, chosen_world
from tests.exploration.oracle import complaints

SAME = json.loads(sys.argv[2])

class Chooser(chooser.Chooser):
    def choose(self, what, *options):
        same = SAME.get("codes" if what[:6] == "codes " else what, ())
        kept = [o for o in options[1:] if str(o) in same or str(o)[:-1] + "{0}" in same]
        return super().choose(what, options[0], *kept)

chooser.Chooser = Chooser

def walk(depth):
    paths = events = 0
    for path in chosen_world.every_path(("login", "dev-admin"), depth, interactive=True):
        assert not complaints(path)
        paths, events = paths + 1, events + len(path.events)
    return paths, events
"""
_NOW = """
import json, sys
from tests.explore import chooser
from tests.explore.commands import COMMANDS
from tests.explore.explorer import Explorer
from tests.explore.remembered import remembering

SAME = json.loads(sys.argv[2])
KEPT = {}

class Walk(chooser.Walk):
    def expand(self, node, chooser):
        if node.left:
            chooser.choices = [KEPT.get(id(c)) or kept(c) for c in chooser.choices]
            super().expand(node, chooser)

def kept(choice):
    same = SAME.get(choice.what, ())
    others = [1 if option in same else 99 for option in choice.options[1:]]
    return KEPT.setdefault(id(choice), choice._replace(costs=(0, *others)))

def walk(depth):
    explorer, nodes, paths, events = Explorer(full=True), Walk(depth), 0, 0
    for node in nodes:
        path = explorer.walk(COMMANDS["login"], node.prefix, node.left, node.mark)
        assert not path.complaints, path.words
        nodes.expand(node, explorer.chooser)
        paths, events = paths + 1, events + len(path.events)
    return paths, events

results = remembering()
results.__enter__()  # kept: it ends when nothing refers to it
"""


def walked(tree: Path, program: str, depth: int, same: object) -> tuple[int, int, float]:
    """Return the counts of paths and of events, and the CPU seconds that they took."""
    words = [sys.executable, "-c", program + _TIMED, str(depth), json.dumps(same)]
    environ = {"PYTHONPATH": f"{tree}:{tree}/fakes/sts-simulator", "PYTHONHASHSEED": "0"}
    done = subprocess.run(words, cwd=tree, env=environ, check=True, capture_output=True)  # noqa: S603 - ours
    paths, events, seconds = json.loads(done.stdout)
    return paths, events, seconds


def options() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the options of each choice that both trees have, before and now."""
    before: dict[str, list[str]] = {}
    now: dict[str, list[str]] = {}
    for old, new, taken in SAME:
        before.setdefault(old, []).extend(BEFORE_CALLED.get(option, option) for option in taken)
        now.setdefault(new, []).extend(o for t in taken for o in NOW_CALLED.get(t, (t,)))
    return before, now


def main() -> int:
    """Measure both; return 1 when this tree is not twice as fast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=BASE)
    parser.add_argument("--depth", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    of_before, of_now = options()
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder)
        extract(given.base, before)
        trees = {"before": (before, _BEFORE, of_before), "now": (CHECKOUT, _NOW, of_now)}
        for _ in range(given.rounds):
            rates = {}
            for name, (tree, program, same) in trees.items():
                paths, events, seconds = walked(tree, program, given.depth, same)
                rates[name] = paths / seconds
                sys.stdout.write(
                    f"{name:6}  {paths} paths of {events / paths:.1f} events  "
                    f"{rates[name]:.0f} paths a second\n"
                )
            ratios.append(rates["now"] / rates["before"])
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    sys.stdout.write(f"{median(ratios):.2f} times as many paths a second and core ({spread})\n")
    return 0 if median(ratios) >= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
