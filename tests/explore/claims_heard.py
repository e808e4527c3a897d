"""What messages claim of deeds, and what must be so when they say it.

`CLAIMS` has a row for each phrase that says what was done, or not done.  A row's
check takes the `Moment` at which the phrase is on the screen, and the name in it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from tests.explore.aws_profiles import KEYS
from tests.explore.configs import identities, role_fingerprint, settings
from tests.explore.law import fields, is_anothers, is_strange, pair, session
from tests.explore.machine import NAME, OTHERS_ENTRY
from tests.explore.starts import are_in_aws_file, aws_files, in_section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.explore.machine import Machine

    Check = Callable[["Moment", str], object]


class Kept(NamedTuple):
    """What is kept at an instant."""

    entries: Mapping[str, str]
    sessions: Mapping[str, str]
    markers: frozenset[str]
    files: Mapping[str, bytes]


class Moment(NamedTuple):
    """What there was before a command and there is now, and what it has done since.

    `made` are the identities for which STS has made a session.
    """

    before: Kept
    now: Kept
    made: frozenset[str]
    others: bool
    child: bool
    found: Mapping[str, str] | None = None  # the entries when one was not understood
    wrote: bool = False  # whether another process wrote between two calls

    def misread(self, name: str) -> bool:
        """Tell whether a whole entry was read as one that cannot be understood."""
        entry = self.now.entries.get(name)
        return self.found == self.now.entries and entry is not None and not is_strange(entry)

    def changed(self, name: str) -> bool:
        """Tell whether the identity's entry or session is another than before."""
        entry = self.now.entries.get(name) != self.before.entries.get(name)
        return entry or self.now.sessions.get(name) != self.before.sessions.get(name)

    def pair(self, name: str) -> tuple[str, str] | None:
        """Return the keys in an entry now."""
        return pair(self.now.entries.get(name))

    def fields(self, name: str) -> Mapping[str, str]:
        """Return the fields of an entry now."""
        return fields(self.now.entries.get(name)) or {}


def kept(machine: Machine) -> Kept:
    """Return what a machine keeps now."""
    return Kept(
        dict(machine.entries),
        dict(machine.sessions),
        frozenset(machine.markers),
        dict(machine.files),
    )


def _nothing_removed(moment: Moment, _name: str) -> bool:
    had = [name for name, text in moment.before.entries.items() if pair(text)]
    return moment.others or all(moment.pair(name) for name in had)


def _nothing_saved(moment: Moment, _name: str) -> bool:
    """Tell whether no entry is another than before; what was corrupt may be gone, or was read so.

    So may be what another process wrote meanwhile, when a keyring loses it that is written to.

    Nor is any since one was read that could not be understood: whether a write before that was
    made, which failed, nobody can tell.
    """
    now, before, misread = moment.now.entries, moment.before.entries, moment.found or {}
    gone = [(name, text) for name, text in before.items() if name not in now]
    same = now.items() <= before.items()
    same = same and all(
        is_strange(text) or misread.get(name) == text or (moment.wrote and text == OTHERS_ENTRY)
        for name, text in gone
    )
    return moment.others or same or now == moment.found


def _keys_not_saved(moment: Moment, name: str) -> bool:
    """Tell whether no entry has more than before, but for an MFA device."""
    before = {name: _settings(text) for name, text in moment.before.entries.items()}
    rows = moment.now.entries.items()
    less = all(_settings(text).items() <= before.get(who, {}).items() for who, text in rows)
    return less or _nothing_saved(moment, name)


def _settings(text: str) -> dict[str, str]:
    """Return the fields of an entry without the MFA device."""
    return {field: value for field, value in (fields(text) or {}).items() if field != "mfa_arn"}


def _same_entries(moment: Moment, _name: str) -> bool:
    return moment.others or moment.now.entries == moment.before.entries


def _settings_kept(moment: Moment, titles: str) -> bool:
    names = {"MFA ARN": "mfa_arn", "Session Duration": "session_duration"}
    return all(moment.fields(NAME).get(names[title]) for title in titles.split(" and "))


def _no_session_made(moment: Moment, name: str) -> bool:
    name = name or NAME
    same = moment.now.sessions.get(name) in {None, moment.before.sessions.get(name)}
    return name not in moment.made and same


def _not_kept(moment: Moment, name: str) -> bool:
    return moment.now.sessions.get(name) in {None, moment.before.sessions.get(name)}


def _no_session(moment: Moment, name: str) -> bool:
    text = moment.now.sessions.get(name)
    return not session(text) or is_anothers(text, name)


def _of_other_settings(moment: Moment, name: str) -> bool:
    found = session(moment.now.sessions.get(name)) or {}
    config = _config(moment)
    same = found.get("kind") == settings(config, name)["kind"]
    return bool(found) and not (same and found.get("origin") == role_fingerprint(config, name))


def _profile(moment: Moment, name: str) -> bool:
    header = f"[{name}]" if name == "default" else f"[profile {in_section(name)}]"
    return any(header.encode() in content for content in moment.now.files.values())


def _in_aws_file(moment: Moment, name: str) -> bool:
    """Tell whether a file of AWS's has keys of a profile, the imported ones or others."""
    others = not KEYS.isdisjoint(aws_files(moment.now.files).values(name))
    return others or are_in_aws_file(moment.now.files, moment.pair(name))


def _taken_out(moment: Moment, name: str) -> bool:
    """Tell whether the keyring has keys that no profile of this name has any more."""
    there, keys = aws_files(moment.now.files), moment.pair(name)
    of_name = (each for each in there.names() if normalize("NFC", each) == name)
    return keys is not None and keys[1] not in map(there.secret, of_name)


def _names(listed: str) -> list[str]:
    return [name.removeprefix('"').removesuffix('"') for name in re.split(r",\s+", listed)]


def _config(moment: Moment) -> str:
    """Return authkit's config file: the only file of this form."""
    files = moment.now.files.items()
    return next((text.decode() for path, text in files if path.endswith(".toml")), "")


def _has_table(moment: Moment, name: str) -> bool:
    return name in identities(_config(moment))


def _all_written(moment: Moment, tables: str) -> bool:
    listed = re.findall(r"\[identities\.([^\]]+)\]", tables) or [tables]
    return all(_has_table(moment, name) for name in _names(", ".join(listed)))


def _all_saved(moment: Moment, listed: str) -> bool:
    return moment.wrote or all(moment.pair(name) for name in _names(listed))


def _all_imported(moment: Moment, listed: str) -> bool:
    return all(_has_table(moment, name) for name in _names(listed))


def a_hedge(_moment: Moment, _name: str) -> bool:
    """Return True: the words claim nothing for sure."""
    return True


_WHO = rf"(?P<name>{NAME}|\S+?)"
CLAIMS: Mapping[str, Check] = {
    r"Nothing was changed\.": lambda m, _: m.others or m.now == m.before,
    r"Nothing was done\.": lambda m, _: m.others or m.now == m.before,
    rf"Nothing of {_WHO} was changed\.": lambda m, n: m.others or not m.changed(n),
    rf"Nothing of {_WHO} was changed while waiting\.": a_hedge,  # not of before it
    r"Nothing was removed from the keyring\.": _nothing_removed,
    r"Nothing was saved\.": _nothing_saved,
    r"The credentials were not saved\.": _keys_not_saved,
    r"It was left as it is\.": lambda m, n: (
        _same_entries(m, n) if m.found is None else m.others or m.now.entries == m.found
    ),
    r"Nothing was run\.": lambda m, _: not m.child,
    r"[Nn]o session was made\.": _no_session_made,
    rf"No session of {_WHO} was made\.": _no_session_made,
    rf"[Nn]o new session of {_WHO} was kept\.": _not_kept,
    rf"Credentials saved to keyring: {_WHO}(?:\n|$)": lambda m, n: m.pair(n),
    r"The credentials of (?P<name>[^.]+?) are saved in the keyring\.": _all_saved,
    rf"MFA ARN saved to keyring: {_WHO}(?:\n|$)": lambda m, n: m.fields(n).get("mfa_arn"),
    rf"MFA ARN removed from keyring: {_WHO}(?:\n|$)": lambda m, n: "mfa_arn" not in m.fields(n),
    r"removed it from the keyring\.": lambda m, _: m.pair(NAME) is None,
    r"Removed the refused keys\.": lambda m, _: m.others or m.pair(NAME) is None,
    r"Removed the refused keys; the new ones are saved\.": lambda m, _: (
        m.others
        or m.wrote
        or (m.pair(NAME) and m.now.entries.get(NAME) != m.before.entries.get(NAME))
    ),
    r"Kept in the keyring: (?P<name>[^.]+)\.": _settings_kept,
    rf"The entry of {_WHO} is not what it was": lambda m, n: (
        m.others or m.wrote or m.changed(n) or m.misread(n)
    ),
    rf"Session dropped: {_WHO}(?:\n|$)": lambda m, n: (
        m.others or (n in m.before.sessions and n not in m.now.sessions)
    ),
    rf"Removed \S+,\n  which was in the place of a session of {_WHO}:": lambda m, n: (
        n not in m.now.sessions
    ),
    rf"Not logged in: {_WHO}(?:\n|$)": lambda m, n: (
        n not in m.now.sessions or is_anothers(m.now.sessions[n], n)
    ),
    rf"(?:Keys|Settings) removed from keyring: {_WHO}(?:\n|$)": lambda m, n: (
        (m.others or m.found is not None or n in m.before.entries) and n not in m.now.entries
    ),
    rf"No keys in keyring: {_WHO}(?:\n|$)": lambda m, n: n not in m.now.entries,
    rf"The session of {_WHO} cannot be dropped": lambda m, n: (
        m.now.sessions.get(n) == m.before.sessions.get(n)
    ),
    rf"Dropped the session of {_WHO}:": lambda m, n: n not in m.now.sessions,
    rf"The session of {_WHO}, which is reached from .+, is still there\.\n  To drop": lambda m, n: (
        n in m.now.sessions
    ),
    rf"The keyring holds other keys of {_WHO} by now": lambda m, n: (
        m.pair(n) and (m.others or m.wrote)
    ),
    rf"The keyring holds no keys of {_WHO} by now": lambda m, n: m.pair(n) is None or m.misread(n),
    r"AWS refused the cached session \(.*\): dropped it\.": lambda m, _: (
        m.others or len(m.now.sessions) < len(m.before.sessions)
    ),
    rf"The session is gone; the keys of {_WHO} may still": lambda m, n: n not in m.now.sessions,
    rf"The session and the keys are gone; '[^']*' still shows {_WHO}\.": lambda m, n: (
        n not in m.now.sessions and n not in m.now.entries
    ),
    rf"Authentication successful!\n\n  Provider .*\n  Identity +{_WHO}(?:\n|$)": lambda m, n: (
        m.others or (n in m.now.sessions and m.now.sessions.get(n) != m.before.sessions.get(n))
    ),
    rf"Already logged in: {_WHO}, until": lambda m, n: n in m.now.sessions,
    rf"There are no keys for {_WHO} in the keyring": lambda m, n: not m.pair(n),
    rf"{_WHO} has no session": _no_session,
    rf"The session of {_WHO} belongs to other settings": lambda m, n: (
        m.others or _of_other_settings(m, n)
    ),
    rf"Profile {_WHO} added to \S+(?:\n|$)": _profile,
    rf"Profile {_WHO} is in \S+ already\.": _profile,
    rf"Profile {_WHO} removed from \S+(?:\n|$)": lambda m, n: not _profile(m, n),
    rf"\S+ has no profile {_WHO}\.": lambda m, n: not _profile(m, n),
    rf"The keys of {_WHO} are taken out of \S+(?:\n|$)": _taken_out,
    rf"The keys of {_WHO} stay in \S+:": _in_aws_file,
    r"Written to \S+:\n(?P<name>(?:\s*\[identities\.[^\]]+\],?)+)": _all_written,
    r"Imported: (?P<name>[^.]+)\.\n": _all_imported,
    r"The session until .* still holds\.": lambda m, _: m.now.sessions,
    r"this machine has no note of keys for it": a_hedge,
    r"The keys are good; no (?:session was made|new session of .+ was kept)\.": lambda m, _: (
        m.others or m.wrote or m.pair(NAME)
    ),
}
_COMPILED = [(re.compile(words), check) for words, check in CLAIMS.items()]


@lru_cache(maxsize=20_000)
def claims(text: str) -> tuple[tuple[str, str, Check, str], ...]:
    """Return the phrases in a text that claim something: pattern, words, check and name."""
    return tuple(
        (words.pattern, match[0].strip(), check, match.groupdict().get("name") or "")
        for words, check in _COMPILED
        for match in words.finditer(text)
    )
