"""What an import is to make, by what the model reads itself: the line, the files, the answers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from tests.explore import aws_profiles, starts
from tests.explore.aws_profiles import NOTHING, Imported, Left, Wanted
from tests.explore.configs import USER
from tests.explore.imports import CSV, CSV_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.explore.law import Case
    from tests.explore.machine import Machine

    Pair = tuple[str, str]
    Row = tuple[str, str, str, str]

ALL, NONE = "all", "none"  # answers


def names_on(line: Sequence[str]) -> tuple[str, ...]:
    """Return the names that a line gives with --profile."""
    return tuple(value for word, value in pairwise(line) if word == "--profile")


def chosen(answer: str, names: Sequence[str]) -> tuple[str, ...] | None:
    """Return the profiles that an answer means, None where it means none that is there."""
    if answer == ALL:
        return tuple(names)
    if answer in {"", NONE} and answer not in names:  # the one in brackets, or a blank for it
        return ()
    words = [answer] if answer in names else answer.replace(",", " ").split()
    numbers = {str(number): name for number, name in enumerate(names, 1)}
    meant = tuple(word if word in names else numbers.get(word, "") for word in words)
    return None if "" in meant else tuple(dict.fromkeys(meant))


class Asked(NamedTuple):
    """What there is to import, and what the line asks for.

    `rows` are the keys of a CSV or of the environment, None where there is neither: a user, a key
    id, a secret and a region each.  `names` are those on the line, or all; `listed` the profiles.
    """

    files: tuple[bytes | None, bytes | None]
    listed: tuple[str, ...]
    rows: tuple[Row, ...] | None
    names: tuple[str, ...]
    by_name: bool

    def wanted(self, names: tuple[str, ...]) -> Wanted:
        """Return what is to be made of these profiles, or of these users."""
        if self.rows is None:
            return aws_profiles.wanted(self.files, names)
        return of_rows(self.rows, names)

    def refused(self) -> frozenset[str]:
        """Return the paths of the files that AWS's programs refuse."""
        read = zip((starts.AWS_CREDENTIALS, starts.AWS_CONFIG), self.files, strict=True)
        return frozenset(path for path, file in read if not aws_profiles.read(file).taken)


def asked(line: Sequence[str], machine: Machine, environ: Mapping[str, str]) -> Asked:
    """Return what a line asks for."""
    credentials = environ.get("AWS_SHARED_CREDENTIALS_FILE") or starts.AWS_CREDENTIALS
    config = environ.get("AWS_CONFIG_FILE") or starts.AWS_CONFIG
    both = (machine.files.get(credentials), machine.files.get(config))
    listed, rows = aws_profiles.files(*both).names(), _rows(line, machine, environ)
    if "--all" in line:
        return Asked(both, listed, rows, listed, by_name=False)
    names = names_on(line)
    if rows is None:
        spelt = {normalize("NFC", name): name for name in listed}
        names = tuple(spelt.get(normalize("NFC", name), name) for name in names)
    return Asked(both, listed, rows, names, by_name=True)


def of_case(case: Case) -> Asked:
    """Return what a command asks for."""
    return asked(case.command.line, case.machine, case.environ)


def of_rows(rows: Sequence[Row], names: tuple[str, ...]) -> Wanted:
    """Return what is to be made of keys: a user's, a key id, a secret and a region each."""
    by_user = {normalize("NFC", row[0]): row for row in rows if row[0]}
    if len(rows) == 1 and len(names) <= 1:
        meant = [(names[0] if names else rows[0][0], rows[0])]
    elif any(name not in by_user for name in names) or (not names and len(by_user) < len(rows)):
        return NOTHING
    else:
        meant = [(name, by_user[name]) for name in names or by_user]
    found: dict[str, Imported] = {}
    left: dict[str, Left] = {}
    for name, (_, *keys, region) in meant:
        settings = {"region": region} if region else {}
        try:
            pair = aws_profiles.checked(*keys)
            aws_profiles.check(name, settings)
        except aws_profiles.CannotError as cannot:
            left[name] = cannot.left
        else:
            found[normalize("NFC", name)] = Imported(USER, settings, pair)
    return Wanted(found, left)


def _rows(
    line: Sequence[str], machine: Machine, environ: Mapping[str, str]
) -> tuple[Row, ...] | None:
    if "--csv" in line:
        table = CSV_OF.get(machine.files.get(CSV))
        return tuple((*row, "") for row in table.keys) if table else ()
    if "--env" not in line:
        return None
    pair = (environ.get("AWS_ACCESS_KEY_ID", ""), environ.get("AWS_SECRET_ACCESS_KEY", ""))
    a_session = environ.get("AWS_SESSION_TOKEN") or environ.get("AWS_SECURITY_TOKEN")
    if a_session or not all(pair):
        return ()
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or ""
    return (("", *pair, region),)


def entered(case: Case) -> Iterator[Pair]:
    """Yield every pair of keys that there is to import."""
    found = of_case(case)
    yield from ((key_id, secret) for _, key_id, secret, _ in found.rows or ())
    for one in found.wanted(found.listed).found.values() if found.rows is None else ():
        if one.keys:
            yield one.keys


def region_of(case: Case, name: str) -> str:
    """Return the region that an identity is imported with, "" for none."""
    found = of_case(case)
    made = found.wanted(found.listed if found.rows is None else found.names).found
    return made[name].settings.get("region", "") if name in made else ""


def region_of_keys(case: Case, keys: Pair) -> str:
    """Return the region that keys are imported with, "" for none."""
    found = of_case(case)
    if found.rows is not None:
        return next((row[3] for row in found.rows if row[1:3] == keys), "")
    made = found.wanted(found.listed).found.values()
    return next((one.settings.get("region", "") for one in made if one.keys == keys), "")


def keys_of(case: Case, name: str) -> frozenset[Pair]:
    """Return the keys that may be imported as an identity: a user without a name gets any."""
    found = of_case(case)
    if found.rows is not None:
        alone = len(found.rows) == 1
        return frozenset((row[1], row[2]) for row in found.rows if alone or row[0] in {"", name})
    spelt = {" ".join(each.split()): one for each, one in found.wanted(found.listed).found.items()}
    keys = spelt[name].keys if name in spelt else None
    return frozenset({keys} if keys else ())
