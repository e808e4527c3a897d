"""The laws that every path through a command must keep, each from a line of the specification.

This model is independent of authkit: it uses docs/specification.md, docs/contract.md
and the names that `chosen_answers` gives to STS's answers, and none of authkit's tables.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.exploration.trail import calls, costs, entries, pair_in, said, typed_before

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.exploration.chooser import Path

    Law = Callable[["Path"], Iterator[str]]

DEAD = {"revoked", "mistyped"}  # refusals that remove keys
ENDS = {"skew", "scope", "expired", "denied", "region", "unheard-of"}  # refusals without a remedy
PASSES = {
    "throttled",
    "trouble",
    "unsent",
    "lost",
    "broken",
}  # failures that are tried again after a pause
EXITS = {"login": {0, 1, 130}, "whoami": {0, 1, 130}, "logout": {0, 1, 130}}
EXITS["exec"] = {0, 1, 125, 127, 130}  # 1 is the child's exit status
CHANGES = {"set", "delete", "replace", "drop", "mark", "unmark"}


def complaints(path: Path) -> list[str]:
    """Return the laws that a path breaks, and how it breaks them."""
    return [f"{law.__name__}: {what}" for law in LAWS for what in law(path)]


# The laws.


def keys_go_only_when_refused(path: Path) -> Iterator[str]:
    """B-L04, B-L09, B-L10, B-L15 to B-L20: only keys that were refused as dead are removed."""
    if "--keys" in path.command:
        return
    before = pair_in(path.events[0].about[0])
    for place, entry in enumerate(entries(path)):
        pair = pair_in(entry)
        if before and pair != before:
            refused = {s.pair for at, s, outcome in calls(path) if at < place and outcome in DEAD}
            if before not in refused:
                yield f"{before[0]} is gone, and was not refused"
        before = pair


def entries_are_whole(path: Path) -> Iterator[str]:
    """B-S02: an entry has version 1, and both keys of a pair that was typed together, or none."""
    for place, event in enumerate(path.events):
        if event.what != "set":
            continue
        fields = json.loads(event.about)
        halves = [fields.get(name) for name in ("access_key_id", "secret_access_key")]
        if fields.pop("version") != 1 or not all(isinstance(v, str) and v for v in fields.values()):
            yield f"no entry: {event.about}"
        pair = pair_in(event.about)
        if any(halves) and pair not in {
            *typed_before(path, place),
            pair_in(entries(path)[place - 1]),
        }:
            yield f"a mixture: {event.about}"


def a_strange_entry_is_left_alone(path: Path) -> Iterator[str]:
    """B-S04: a corrupt, locked or later-version entry is not overwritten without a request."""
    start = str(path.events[0].about[0])
    strange = (start == "{" or '"version": 2' in start) and "--keys" not in path.command
    for event in path.events:
        strange = strange or (event.what == "get" and event.outcome != "ok")
        if strange and event.what in {"set", "delete"}:
            yield f"{event.what} of an entry that was not understood"


def saved_before_sent(path: Path) -> Iterator[str]:
    """B-L02: nothing is sent with keys that are not in the keyring."""
    after = entries(path)
    for place, sent, _ in calls(path):
        if sent.by_keys and pair_in(after[place]) != sent.pair:
            yield f"{sent.operation} with {sent.pair[0]}, which is not saved"


def codes_are_sent_once(path: Path) -> Iterator[str]:
    """B-L12: a refused or accepted code is not sent again, a lost one while it is 30 s old."""
    fates: dict[object, list[str]] = {}
    for _, sent, outcome in calls(path):
        if sent.code:
            fate = fates.setdefault(sent.code, [])
            stale = sent.age > timedelta(seconds=30) and {"lost", "broken"} & {*fate}
            if {"ok", "code"} & {*fate} or stale:
                yield f"{sent.code[1]} is sent again after {fate}"
            fate.append(outcome)


def a_lost_code_is_not_asked_for_again(path: Path) -> Iterator[str]:
    """B-L12: while a code is 30 s old at most, a lost answer alone leads to no question."""
    for place, sent, outcome in calls(path):
        then = next((e for e in path.events[place + 1 :] if e.what in {"call", "ask"}), None)
        again = sent.age + timedelta(seconds=14) <= timedelta(seconds=30)  # an answer and a pause
        if sent.code and outcome in {"lost", "broken"} and again and then and then.what == "ask":
            yield f"{sent.code[1]} is {sent.age} old, and the next one is asked for"


def codes_are_six_digits(path: Path) -> Iterator[str]:
    """B-L11: only codes of six digits are sent to STS."""
    for _, sent, _ in calls(path):
        if sent.code and not (len(sent.code[1]) == 6 and sent.code[1].isdigit()):
            yield f"{sent.code[1]!r} was sent"


def budgets(path: Path) -> Iterator[str]:
    """B-L07, B-L11, B-L13, B-L14: three refusals of a kind, and five pairs of keys at most."""
    start = pair_in(path.events[0].about[0])
    refused = {(s.pair, o) for _, s, o in calls(path) if o in DEAD and s.pair != start}
    kinds = Counter(outcome for _, outcome in refused)
    kinds.update(outcome for place, _, outcome in calls(path) if costs(path, place, outcome))
    if max(kinds.values(), default=0) > 3:
        yield f"refused: {dict(kinds)}"
    saved = {pair_in(e.about) for e in path.events if e.what == "set"} - {None, start}
    if len(saved) > 5:
        yield f"{len(saved)} pairs"


def four_calls_at_most(path: Path) -> Iterator[str]:
    """B-L18, B-L08: four calls for passing failures; five for keys that IAM has not spread."""
    passing = Counter((s.operation, s.pair) for _, s, o in calls(path) if o in PASSES)
    if max(passing.values(), default=0) > 4:
        yield f"calls: {passing}"
    spreading = Counter((s.operation, s.pair) for _, s, o in calls(path) if o == "revoked")
    if max(spreading.values(), default=0) > 5:
        yield f"calls: {spreading}"


def the_clock_waits(path: Path) -> Iterator[str]:
    """B-L18: after a passing failure there is a pause before the next call."""
    for place, sent, outcome in calls(path):
        then = next((e for e in path.events[place + 1 :] if e.what in {"call", "sleep"}), None)
        if outcome in PASSES and sent.by_keys and then and then.what == "call":
            yield f"{sent.operation} again at once after {outcome}"


def nothing_follows_the_end(path: Path) -> Iterator[str]:
    """B-L10, B-L15 to B-L20: after a refusal without remedy nothing is asked, sent or changed."""
    for place, sent, outcome in calls(path):
        if sent.by_keys and outcome in ENDS:
            later = [e.what for e in path.events[place + 1 :]]
            if {"ask", "call", "child", *CHANGES} & {*later}:
                yield f"{outcome}, and then {later}"
            if path.status != (125 if path.command[0] == "exec" else 1):
                yield f"{outcome}, and the exit status is {path.status}"


def dead_keys_go(path: Path) -> Iterator[str]:
    """B-L04: with a person to ask, refused keys are removed, unless they may not have spread."""
    for _, sent, outcome in calls(path) if path.interactive else ():
        typed = sent.pair != pair_in(path.events[0].about[0])
        spreads = typed and outcome == "revoked"
        # A session that cannot be dropped would outlive the keys: then they stay.  So they do
        # where the entry cannot be read again: another process may have put good ones there.
        changes = {"get", "set", "delete", "read", "drop"}
        failed = any(e.what in changes and e.outcome != "ok" for e in path.events)
        # Ctrl-C at a question comes after the removal, and excuses nothing.
        stopped = any(e.outcome == "^C" and e.what != "ask" for e in path.events) or failed
        kept = pair_in(entries(path)[-1]) == sent.pair
        if sent.by_keys and outcome in DEAD and not spreads and not stopped and kept:
            yield f"{sent.pair[0]} was {outcome} and is still there"


def unattended_nothing_is_removed(path: Path) -> Iterator[str]:
    """B-L05: where nobody is there to replace keys, login and exec change nothing in the entry."""
    if not path.interactive and path.command[0] in {"login", "exec"}:
        yield from (event.what for event in path.events if event.what in {"set", "delete"})


def devices_are_a_help_only(path: Path) -> Iterator[str]:
    """B-L02: IAM is asked with saved keys, once for each form; whatever it says ends nothing."""
    after, forms = entries(path), 0
    for place, event in enumerate(path.events):
        forms += event.what == "ask" and event.about[0] == "MFA ARN"
        if event.what == "list":
            forms -= 1
            then = [e.what for e in path.events[place + 1 :] if e.what in {"ask", "call"}][:1]
            if pair_in(after[place]) != event.about.pair:
                yield f"{event.about.pair[0]} is not saved"
            if forms < 0:
                yield "no MFA ARN was asked for"
            if not then:
                yield f"{event.outcome} ends it"
        if event.what == "ask" and event.about[0] == "Device Number":
            listed = [e.outcome for e in path.events[:place] if e.what == "list"]
            if listed[-1:] != ["the device"]:
                yield "there is no device to choose"


def no_question_without_a_person(path: Path) -> Iterator[str]:
    """B-L05, B-W01, B-O01: whoami and logout ask nothing; nor does any command without a person."""
    asks = [event.about for event in path.events if event.what == "ask"]
    if asks and (not path.interactive or path.command[0] in {"whoami", "logout"}):
        yield f"asked: {asks}"


def whoami_only_looks(path: Path) -> Iterator[str]:
    """B-W01, B-W03: whoami changes nothing, makes one call at most, and no GetSessionToken."""
    if path.command[0] == "whoami":
        sent = [s.operation for _, s, _ in calls(path)]
        if CHANGES & {event.what for event in path.events} or len(sent) > 1:
            yield f"{sent}"
        if "GetSessionToken" in sent:
            yield "a session was asked for"


def a_cancel_ends_it(path: Path) -> Iterator[str]:
    """B-L06: after Ctrl-C nothing is asked, sent or changed, and the status is 130."""
    place = next((i for i, event in enumerate(path.events) if event.outcome == "^C"), None)
    if place is not None:
        later = {event.what for event in path.events[place + 1 :]}
        if later & {"ask", "call", "child", *CHANGES} or path.status != 130:
            yield f"{path.status}, {later}"
    elif path.status == 130:
        yield "130 without Ctrl-C"


def sessions_are_granted(path: Path) -> Iterator[str]:
    """B-S01: the cache gets the session that STS granted last, and no keys."""
    for place, event in enumerate(path.events):
        if event.what == "replace":
            granted = [
                s.granted for at, s, outcome in calls(path) if at < place and outcome == "ok"
            ]
            if json.loads(event.about)["access_key_id"] != granted[-1]:
                yield "another session"
            if "secret-of" in event.about:
                yield "keys in the session file"


def one_at_a_time(path: Path) -> Iterator[str]:
    """B-L24: questions and changes happen under the lock, which is released at the end."""
    held = False
    for event in path.events:
        if event.what == "acquire":
            held = event.outcome == "ok"
        elif event.what == "release":
            held = False
        elif event.what in {"ask", "set", "replace"} and not held:
            yield f"{event.what} without the lock"
        elif event.what == "child" and held:
            yield "a child while the lock is held"
    if held:
        yield "the lock is not released"


def success_is_a_session(path: Path) -> Iterator[str]:
    """B-L25, B-L01: login exits with 0 only if there is a new or a valid session."""
    if path.command[0] == "login" and path.status == 0:
        replaced = [event for event in path.events if event.what == "replace"]
        if not replaced and "Already logged in" not in said(path):
            yield "no session"
        if not replaced and "--force" in path.command:
            yield "no new session"


def the_exit_status_is_listed(path: Path) -> Iterator[str]:
    """B-A02, B-A04: the status is one of docs/contract.md, with no traceback and a next step."""
    if path.status not in EXITS[path.command[0]]:
        yield f"{path.status}"
    text = said(path)
    if "Traceback" in text or "did not expect" in text:
        yield text
    child = any(event.what == "child" for event in path.events)
    cured = "set AUTHKIT_STATE_DIR" in text  # B-S06: one line names path, fault and cure
    three_parts = len(text.rpartition("✗ ")[2].splitlines()) >= 3
    if path.status and not child and not (three_parts or cured):
        yield f"{path.status}, and no next step is shown: {text!r}"


def what_is_said_is_so(path: Path) -> Iterator[str]:
    """B-A04: what a message says was kept, made or saved is true."""
    after, text = entries(path), said(path)
    made = any((event.what, event.outcome) == ("replace", "ok") for event in path.events)
    lost = pair_in(after[0]) not in {None, pair_in(after[-1])}  # replaced keys count as removed
    truths = {
        "Nothing was removed": not lost,
        "Nothing was changed": after[-1] == after[0],
        "no session was made": not made,
        "No session was made": not made,
        "saved to keyring": any(event.what == "set" for event in path.events),
    }
    yield from (words for words, true in truths.items() if words in text and not true)


def secrets_stay_hidden(path: Path) -> Iterator[str]:
    """B-S01, B-E02: no secret is on the screen, and the child gets only the session."""
    for hidden in ("secret-of", "hidden-", "token-"):
        if hidden in said(path):
            yield f"{hidden} is on the screen"
    for event in path.events:
        child = str(event.about) if event.what == "child" else ""
        if "secret-of" in child or "AWS_PROFILE" in child:
            yield "the child gets more than its session"


def a_child_has_a_session(path: Path) -> Iterator[str]:
    """B-E05, B-E06: a child runs with a valid session; the tip is shown after failures only."""
    child = next((event for event in path.events if event.what == "child"), None)
    if child and not child.about["AWS_ACCESS_KEY_ID"].startswith("ASIA"):
        yield "without a session"
    if child and child.about["AWS_ACCESS_KEY_ID"] == "ASIAEXPIRED":
        yield "with an expired session"
    if "Tip" in said(path) and (child is None or child.outcome in {"0", "not found"}):
        yield "a tip without a failure"
    if child and "two days" in child.outcome and "Tip" not in said(path):
        yield "no tip for a session that ended"


LAWS: tuple[Law, ...] = (
    keys_go_only_when_refused,
    entries_are_whole,
    a_strange_entry_is_left_alone,
    saved_before_sent,
    codes_are_sent_once,
    a_lost_code_is_not_asked_for_again,
    codes_are_six_digits,
    budgets,
    four_calls_at_most,
    the_clock_waits,
    nothing_follows_the_end,
    dead_keys_go,
    unattended_nothing_is_removed,
    devices_are_a_help_only,
    no_question_without_a_person,
    whoami_only_looks,
    a_cancel_ends_it,
    sessions_are_granted,
    one_at_a_time,
    success_is_a_session,
    the_exit_status_is_listed,
    what_is_said_is_so,
    secrets_stay_hidden,
    a_child_has_a_session,
)
