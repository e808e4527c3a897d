"""What messages claim of deeds, and what must be so when they say it.

`CLAIMS` has a row for each phrase that says what was done, or not done.  A row's
check takes the `Moment` at which the phrase is on the screen and its match, and
tells whether it is so.  tests/explore/test_laws.py finds the messages whose
words no row knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from authkit.core.kinds import AWS_USER
from fakes.world.config import PATH
from tests.explore.snapshots import Snapshot
from tests.support.people import AWS_CONFIG, AWS_CREDENTIALS, ID, NAME, SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.explore.failing_world import Trial

    Check = Callable[["Moment", str], bool]


def with_others(before: Snapshot, trial: Trial) -> Snapshot:
    """Return what there was before a run, with what other processes have done since."""
    for old, new in trial.meanwhile:
        kept = []
        for was, then, by_now in zip(before[:2], old[:2], new[:2], strict=True):
            changed = {n for n in {*then, *by_now} if then.get(n) != by_now.get(n)}
            there = {n: text for n, text in was.items() if n not in changed}
            kept.append(there | {n: by_now[n] for n in changed if n in by_now})
        markers = (before.markers | new.markers - old.markers) - (old.markers - new.markers)
        before = Snapshot(kept[0], kept[1], markers, before.oddities, before.files)
    return before


class Moment(NamedTuple):
    """An instant of a run: what there was before it, what there is now, what was done."""

    before: Snapshot
    now: Snapshot
    trial: Trial

    def made_since(self) -> set[str]:
        """Return the identities with another session than before."""
        now, before = self.now.sessions, self.before.sessions
        return {name for name, text in now.items() if text != before.get(name)}


def nothing_changed(moment: Moment, _name: str) -> bool:
    """Tell whether entries, sessions, markers and the person's files are those of before."""
    return moment.now == moment.before


def nothing_of_it_changed(moment: Moment, name: str) -> bool:
    """Tell whether an identity's entry and session are those of before."""
    now, before = moment.now, moment.before
    same_entry = now.entries.get(name) == before.entries.get(name)
    return same_entry and now.sessions.get(name) == before.sessions.get(name)


def nothing_removed(moment: Moment, _name: str) -> bool:
    """Tell whether every entry that had keys has keys."""
    return all(moment.now.pair(n) for n in moment.before.entries if moment.before.pair(n))


def entries_as_before(moment: Moment, _name: str) -> bool:
    """Tell whether no entry is another than before; what was corrupt may be gone."""
    now, before = moment.now.entries, moment.before.entries
    gone = (name for name in before if name not in now)
    return now.items() <= before.items() and all(map(moment.before.is_corrupt, gone))


def entries_as_found(moment: Moment, name: str) -> bool:
    """Tell whether no entry is another than when it could not be understood."""
    if moment.trial.struck is None:
        return entries_as_before(moment, name)
    return moment.trial.scene.keyring.entries == moment.trial.found


def entry_changed(moment: Moment, name: str) -> bool:
    """Tell whether an identity's entry is another than before, or another process wrote it."""
    return bool(moment.trial.meanwhile) or moment.now.entries.get(
        name
    ) != moment.before.entries.get(name)


def no_session_made(moment: Moment, name: str) -> bool:
    """Tell whether STS has made no session, of a role if one is named."""
    method = "assume_role" if name else "get_session_token"
    granted = any(made == method for made, _ in moment.trial.granted)
    return not granted and (name or NAME) not in moment.made_since()


def no_session_kept(moment: Moment, name: str) -> bool:
    """Tell whether no new session of the identity is in the cache."""
    return name not in moment.made_since()


def keys_saved(moment: Moment, name: str) -> bool:
    """Tell whether the entry has keys, of which AWS has refused none."""
    return moment.now.pair(name) is not None


def new_keys_saved(moment: Moment, _name: str) -> bool:
    """Tell whether the entry has the keys that the person entered, or another process's."""
    return bool(moment.trial.meanwhile) or (moment.now.pair(NAME) or ("",))[0] == ID


def refused_removed(moment: Moment, _name: str) -> bool:
    """Tell whether the entry of the user has no keys."""
    return moment.now.pair(NAME) is None


def settings_kept(moment: Moment, titles: str) -> bool:
    """Tell whether the settings with these titles are in the entry."""
    fields = moment.now.fields(NAME)
    named = {field.title: field.name for field in AWS_USER.fields}
    return all(fields.get(named[title]) for title in titles.split(" and "))


def session_there(moment: Moment, name: str) -> bool:
    """Tell whether the identity has a session."""
    return name in moment.now.sessions


def session_dropped(moment: Moment, name: str) -> bool:
    """Tell whether the identity had a session, and has none now."""
    return name in moment.before.sessions and name not in moment.now.sessions


def no_session(moment: Moment, name: str) -> bool:
    """Tell whether the identity has no session now."""
    return name not in moment.now.sessions


def nothing_run(moment: Moment, _name: str) -> bool:
    """Tell whether no child was started."""
    return moment.trial.child is None


def profile_there(moment: Moment, name: str) -> bool:
    """Tell whether AWS's config file has a profile of this name."""
    return f"[profile {name}]".encode() in moment.now.files.get(AWS_CONFIG, b"")


def keys_in_file(moment: Moment, _name: str) -> bool:
    """Tell whether AWS's credentials file has the keys."""
    return SECRET.encode() in moment.now.files.get(AWS_CREDENTIALS, b"")


def table_there(moment: Moment, name: str) -> bool:
    """Tell whether authkit's config file has a table of this identity."""
    return f"[identities.{name}]".encode() in moment.now.files.get(PATH, b"")


def a_hedge(_moment: Moment, _name: str) -> bool:
    """Return True: the words claim nothing for sure."""
    return True


_WHO = r"(?P<name>\S+?)"
CLAIMS: Mapping[str, Check] = {
    r"Nothing was changed\.": nothing_changed,
    r"Nothing was done\.": nothing_changed,
    rf"Nothing of {_WHO} was changed\.": nothing_of_it_changed,
    rf"Nothing of {_WHO} was changed while waiting\.": a_hedge,
    r"Nothing was removed from the keyring\.": nothing_removed,
    r"Nothing was saved\.": entries_as_before,
    r"It was left as it is\.": entries_as_found,
    r"Nothing was run\.": nothing_run,
    r"[Nn]o session was made\.": no_session_made,
    rf"No session of {_WHO} was made\.": no_session_made,
    rf"No new session of {_WHO} was kept\.": no_session_kept,
    rf"Credentials saved to keyring: {_WHO}\n": keys_saved,
    rf"The credentials of {_WHO} are saved in the keyring\.": keys_saved,
    rf"MFA ARN saved to keyring: {_WHO}\n": lambda m, n: bool(m.now.fields(n).get("mfa_arn")),
    rf"MFA ARN removed from keyring: {_WHO}\n": lambda m, n: "mfa_arn" not in m.now.fields(n),
    r"removed it from the keyring\.": refused_removed,
    r"Removed the refused keys\.": refused_removed,
    r"Removed the refused keys; the new ones are saved\.": new_keys_saved,
    r"Kept in the keyring: (?P<name>[^.]+)\.": settings_kept,
    rf"The entry of {_WHO} is not what it was": entry_changed,
    rf"Session dropped: {_WHO}\n": session_dropped,
    rf"Removed \S+,\n  which was in the place of a session of {_WHO}:": no_session,
    rf"Not logged in: {_WHO}\n": no_session,
    rf"(?:Keys|Settings) removed from keyring: {_WHO}\n": lambda m, n: (
        n in m.before.entries and n not in m.now.entries
    ),
    rf"No keys in keyring: {_WHO}\n": lambda m, n: n not in m.now.entries,
    rf"The session of {_WHO} cannot be dropped": lambda m, n: (
        m.now.sessions.get(n) == m.before.sessions.get(n)
    ),
    rf"Dropped the session of {_WHO}:": no_session,
    rf"The session of {_WHO}, which is reached from \S+, is still there\.\n  To drop": (
        session_there
    ),
    rf"The keyring holds other keys of {_WHO} by now": keys_saved,
    rf"The keyring holds no keys of {_WHO} by now": lambda m, n: m.now.pair(n) is None,
    r"AWS refused the cached session \(.*\): dropped it\.": lambda m, _: (
        len(m.now.sessions) < len(m.before.sessions)
    ),
    rf"The session is gone; the keys of {_WHO} may still": no_session,
    rf"The session and the keys are gone; 'authkit list' still shows {_WHO}\.": lambda m, n: (
        n not in m.now.sessions and n not in m.now.entries
    ),
    r"Authentication successful!\n\n  Provider .*\n  Identity +(?P<name>\S+)": session_there,
    rf"Already logged in: {_WHO}, until": session_there,
    rf"There are no keys for {_WHO} in the keyring": lambda m, n: not m.now.pair(n),
    rf"{_WHO} has no session": no_session,
    rf"Profile {_WHO} added to \S+\n": profile_there,
    rf"Profile {_WHO} is in \S+ already\.": profile_there,
    rf"Profile {_WHO} removed from \S+\n": lambda m, n: not profile_there(m, n),
    rf"\S+ has no profile {_WHO}\.": lambda m, n: not profile_there(m, n),
    rf"The keys of {_WHO} are taken out of \S+\n": lambda m, n: (
        m.now.pair(n) is not None and not keys_in_file(m, n)
    ),
    rf"The keys of {_WHO} stay in \S+:": keys_in_file,
    r"Written to \S+:\n  \[identities\.(?P<name>[^\]]+)\]": table_there,
    rf"Imported: {_WHO}\n": table_there,
    r"this machine has no note of keys for it": a_hedge,
    r"The session until .* still holds\.": lambda m, _: bool(m.now.sessions),
}
_COMPILED = {re.compile(words): check for words, check in CLAIMS.items()}


def lies(moment: Moment, said: str, heard: set[str] | None = None) -> list[str]:
    """Return the phrases in a text that are not so at this moment; add to `heard` those it has."""
    found = []
    for words, check in _COMPILED.items():
        for match in words.finditer(said):
            name = match.groupdict().get("name") or ""
            if heard is not None:
                heard.add(words.pattern)
            if not check(moment, name):
                found.append(match[0].strip())
    return found
