"""The config file, and which identity is meant.

tomllib is imported only when there is a file to parse.  The cached path does not
import this module: the identity is named, and the file has not changed since the
login.
"""

from __future__ import annotations

from authkit.core import durations, regions, render
from authkit.core.failures import USAGE, Failure
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER, KINDS
from authkit.core.model import DEFAULT_REGION, Value, Values
from authkit.core.names import is_name, meant, normal
from authkit.core.render import nearest, nearest_is, quoted, table_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from authkit.core.kinds import Kind
    from authkit.core.ports import ConfigText, World

    FindKind = Callable[[str], Kind | None]


MOST_DOTS = 128  # in a line of the file
# Why a file is not the user's alone, where its mode is at fault: chmod mends that (B-S06).
OTHERS_WRITE = "its mode lets others write to it"
PATIENCE = 600  # seconds: how long another process's lock is waited for


class Config(Value):
    """The config file, checked.  If there is none (`found` is False), any name is an identity."""

    found: bool
    path: str
    default: str
    identities: Mapping[str, Identity]

    def kind_of(self, name: str) -> Kind:
        """Return the kind of an identity; one that is not in the file is an IAM user."""
        identity = self.identities.get(name)
        return identity.kind if identity else AWS_USER

    def root(self, identity: Identity) -> Identity:
        """Return the identity with whose keys this one is reached: itself, if it is no role."""
        return [identity, *self.sources(identity)][-1]

    def reached_from(self, name: str) -> list[Identity]:
        """Return the roles that are reached from an identity, itself or by other roles."""
        roles = self.identities.values()
        return [role for role in roles if name in (s.name for s in self.sources(role))]

    def sources(self, identity: Identity) -> Iterator[Identity]:
        """Yield those by whose sessions this one is reached, the nearest first; none for a user."""
        while source := identity.settings.get("source"):
            identity = self.identities[source]
            yield identity


def read(text: ConfigText) -> Config:
    """Return the config file, checked.  Raises Failure (2), StateTrouble."""
    content = text.read()
    if content is None:
        return Config(found=False, path=text.path, default="", identities={})
    return parse(content, text.path, text.kind)


def parse(content: bytes, path: str, elsewhere: FindKind = lambda _: None) -> Config:
    """Return the config in a file's bytes.

    `elsewhere` finds a kind that is not built in.  Raises Failure (2) naming file, table and key.
    """
    import tomllib

    _check_lines(content, path)
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # bad UTF-8 and bad TOML are ValueErrors
        raise _wrong(path, "it is not TOML", error) from None
    reader = _Reader(path, elsewhere)
    reader.no_secrets("the top level", "NAME", tables, AWS_USER)
    reader.known("the top level", tables, {"default", "identities"})
    found = reader.table("identities", tables.get("identities", {}))
    identities = reader.identities(found)
    for identity in identities.values():
        reader.source(identity, identities)
    default = normal(reader.text("default", tables.get("default", "")))
    if default and default not in identities:
        raise _wrong(path, "default", _no_table(default, identities))
    return Config(found=True, path=path, default=default, identities=identities)


def _check_lines(content: bytes, path: str) -> None:
    """Refuse a line that tomllib would take minutes for.  Raises Failure (2).

    Its time grows with the square of the parts of a dotted key, which stands on one line.
    """
    for number, line in enumerate(content.splitlines(), 1):
        if line.count(b".") > MOST_DOTS and not line.lstrip().startswith(b"#"):
            raise _wrong(path, f"line {number}", f"it has more than {MOST_DOTS} dots")


def resolve(
    world: World,
    name: str,
    command: str = "",
    *,
    region: str = "",
    duration: int = 0,
) -> Identity:
    """Return the identity that is meant (B-K04).

    `name` is what the command line gave, or "", and so are `region` and `duration`,
    which hold for this run (B-E02, B-L21); 0 is no duration.  `command` is whose options they
    are.  Raises Failure (2), StateTrouble.
    """
    config = read(world.config)
    identity = chosen(world, config, name)
    _check_usable(identity)
    if duration:
        _check_duration(config, identity, duration, command)
    by_option = durations.spell(duration) if duration else ""
    identity = in_region(identity, region).replaced(by_option=by_option)
    if region and identity.settings.get("source"):
        _check_partition(config, identity, command)
    return identity


def in_region(identity: Identity, region: str) -> Identity:
    """Return an identity whose STS is asked in this region for one run (B-E02), "" for its own."""
    return identity.replaced(region=region or identity.region, region_by_option=region)


def _check_usable(identity: Identity) -> None:
    """Raise Failure (2) where the identity is of a kind from elsewhere that cannot be used."""
    kind = identity.kind
    if kind.trouble:
        where = {"path": identity.config_path, "table": table_name(identity.name)}
        about = {"kind": kind.name, "reason": kind.trouble}
        raise Failure("kind-broken", USAGE, identity=identity.name, **about, **where)


def _check_duration(config: Config, identity: Identity, duration: int, command: str) -> None:
    """Raise Failure (2) where AWS grants no session as long to this kind of identity."""
    longest = durations.LONGEST
    if not any(field.name == "session_duration" for field in identity.kind.configurable):
        reason = f"--duration: how long a session of {identity.name} lasts is not asked for"
        raise Failure("usage", USAGE, reason=reason, command=f"{command} ")
    if source := identity.settings.get("source"):
        chained = "source" in config.identities[source].settings
        longest = durations.LONGEST_OF_CHAIN if chained else durations.LONGEST_OF_ROLE
    if duration > longest:
        spelt = durations.spell(longest)
        reason = f"--duration {durations.spell(duration)}: {identity.name} gets {spelt} at most"
        raise Failure("usage", USAGE, reason=reason, command=f"{command} ")


def _check_partition(config: Config, role: Identity, command: str) -> None:
    try:
        _Reader(config.path, lambda _: None).partition(
            role, config.identities[role.settings["source"]]
        )
    except Failure as failure:
        reason = f"--region: {failure.values['reason']} ({failure.values['where']})"
        raise Failure("usage", USAGE, reason=reason, command=f"{command} ") from None


def chosen(world: World, config: Config, name: str) -> Identity:
    """Return the identity that is meant (B-K04), also one whose kind cannot be used.

    `name` is what the command line gave, or "".  Raises Failure (2), StateTrouble.
    """
    name = meant(name, world.environ) or config.default
    if not name:
        name = _the_only_one(world, config)
    check_name(name)
    if name in config.identities:
        return config.identities[name]
    if config.found and name not in world.markers.marked():
        names = nearest(name, known(world, config))
        raise Failure(
            "identity-unknown",
            USAGE,
            identity=name,
            table=table_name(name),
            path=config.path,
            names=", ".join(names) or "none",
            near=nearest_is(name, names),
        )
    return Identity(name, AWS_USER, DEFAULT_REGION, {}, config.path)


def known(world: World, config: Config) -> list[str]:
    """Return the names of the config's identities and of those with a marker."""
    return sorted({*config.identities, *world.markers.marked()})


def is_only_one(world: World, config: Config, name: str) -> bool:
    """Tell whether no other identity is configured (B-L28).  Raises StateTrouble."""
    return {*config.identities} <= {name} and not world.markers.others(name)


def hints(identity: Identity, present: Values) -> list[render.Visible]:
    """Return what is said above the questions for an identity's fields.

    How to answer where `present` are defaults (B-K05), and a line for every field that the
    config file sets: what, and where (B-L02).
    """
    keeps = [render.text("keeps")] if any(present.get(f.name) for f in identity.asked()) else []
    fields = [field for field in identity.kind.fields if field.name in identity.settings]
    where = {"table": table_name(identity.name), "path": identity.config_path}
    there = [render.text("set-in-config", title=f.title, field=f.name, **where) for f in fields]
    return keeps + there


def own_alone(path: str, reason: str) -> str:
    """Return how to keep others from writing to a file or folder, for the reason that they may."""
    from shlex import quote  # off the path of `list`

    from authkit.core.messages import CURES, NOT_YOURS

    place = quote(path)
    return render.fill(CURES["state-open"] if reason == OTHERS_WRITE else NOT_YOURS, place=place)


def check_name(name: str) -> None:
    """Raise Failure (2) unless it can be an identity's name."""
    if not is_name(name):
        raise Failure("identity-bad-name", USAGE, identity=name)


def _the_only_one(world: World, config: Config) -> str:
    names = known(world, config)
    if not names:
        none = "identity-none-in-file" if config.found else "identity-none"
        raise Failure(none, USAGE, path=config.path)
    if len(names) != 1:
        raise Failure("identity-needed", USAGE, names=", ".join(names))
    return names[0]


def _wrong(path: str, where: str, reason: object) -> Failure:
    return Failure("config-wrong", USAGE, path=path, where=where, reason=reason)


def _no(what: str, word: str, words: Iterable[str]) -> str:
    """Return that there is no such thing: the nearest (B-A05), else all that there are."""
    return f"there is no {what}" + (nearest_is(word, words) or f", but {', '.join(sorted(words))}")


def _no_table(name: str, identities: Iterable[str]) -> str:
    return f"there is no [{table_name(name)}]{nearest_is(name, identities)}"


class _Reader:
    """Checks one file; every complaint names the file, the table and the key."""

    def __init__(self, path: str, elsewhere: FindKind) -> None:
        self.path = path
        self.elsewhere = elsewhere

    def identities(self, tables: Mapping[str, object]) -> dict[str, Identity]:
        """Return the identities by name, in NFC: two that look alike are one (B-S10)."""
        found: dict[str, Identity] = {}
        for name, table in tables.items():
            if normal(name) in found:
                reason = "it is there twice, in two Unicode forms"
                raise _wrong(self.path, table_name(name), reason)
            found[normal(name)] = self.identity(normal(name), table)
        return found

    def identity(self, name: str, table: object) -> Identity:
        where = table_name(name)
        if not is_name(name):
            raise _wrong(self.path, where, "that cannot be the name of an identity")
        given = self.table(where, table)
        kind = self.kind(f"{where}.kind", given.get("kind", AWS_USER.name))
        if kind.trouble:  # which keys it takes is not known, and the other identities can be used
            return Identity(name, kind, DEFAULT_REGION, {}, self.path)
        self.no_secrets(where, name, given, kind)
        validators: dict[str, Callable[[str], object]] = {}
        if kind.flow is None:  # it is built in: AWS's, which have regions
            validators["region"] = regions.check
        validators |= {field.name: field.checked for field in kind.configurable}
        self.known(where, given, {"kind", *validators})
        settings = {
            key: self.checked(f"{where}.{key}", self.joined(where, key, given[key]), validator)
            for key, validator in validators.items()
            if key in given
        }
        if "source" in settings:
            settings["source"] = normal(settings["source"])
        for field in kind.configured:
            if field.required and field.name not in settings:
                raise _wrong(self.path, where, f"{field.name} is missing")
        region = settings.get("region", DEFAULT_REGION)
        return Identity(name, kind, region, settings, self.path)

    def kind(self, where: str, given: object) -> Kind:
        name = self.text(where, given)
        kind = KINDS.get(name) or self.elsewhere(name)
        if kind is None:
            reason = _no(f"kind {name}", name, KINDS)
            raise _wrong(self.path, where, f"{reason}; no installed distribution brings it")
        return kind

    def joined(self, where: str, key: str, value: object) -> object:
        """Return a command that is given as a list of words as one text."""
        if key == "mfa_process" and isinstance(value, list):
            import shlex  # off the path of `list`

            return shlex.join(self.text(f"{where}.{key}", word) for word in value)
        return value

    def no_secrets(self, where: str, name: str, table: Mapping[str, object], kind: Kind) -> None:
        for field in kind.credentials or AWS_USER.credentials:
            if field.name in table:
                command = f"authkit user configure --identity {quoted(name)}"
                reason = f"keys belong in the keyring ('{command}')"
                raise _wrong(self.path, f"{where}.{field.name}", reason)

    def source(self, identity: Identity, identities: Mapping[str, Identity]) -> None:
        """Check that the sources of a role end at an identity with keys, and its duration."""
        where, seen, at = table_name(identity.name), {identity.name}, identity
        while source := at.settings.get("source"):
            if source in seen:
                raise _wrong(self.path, f"{where}.source", "it leads round in a circle")
            if source not in identities:
                raise _wrong(self.path, f"{where}.source", _no_table(source, identities))
            seen.add(source)
            at = identities[source]
        if at is not identity and at.kind.name not in KINDS:
            reason = f"{table_name(at.name)} is of the kind {at.kind.name}, which is not AWS's"
            raise _wrong(self.path, f"{where}.source", reason)
        if at is not identity:
            self.partition(identity, identities[identity.settings["source"]])
        if len(seen) > 2 and identity.duration(Values()) > durations.LONGEST_OF_CHAIN:
            reason = "a role that is reached from a role gets one hour at most"
            raise _wrong(self.path, f"{where}.session_duration", reason)

    def partition(self, role: Identity, source: Identity) -> None:
        """Check that a role, its region and its source are in one partition (B-L19)."""
        ours = regions.partition(role.region)
        partitions = {
            "role_arn": regions.partition_of_arn(role.settings["role_arn"]),
            "source": regions.partition(source.region),
        }
        for key, theirs in partitions.items():
            if theirs != ours:
                reason = f"its partition is {theirs}, that of {role.region} is {ours}"
                raise _wrong(self.path, f"{table_name(role.name)}.{key}", reason)

    def checked(self, where: str, value: object, validator: Callable[[str], object]) -> str:
        try:
            return str(validator(self.text(where, value)))
        except ValueError as error:
            raise _wrong(self.path, where, error) from None

    def known(self, where: str, table: Mapping[str, object], keys: set[str]) -> None:
        for key in table:
            if key not in keys:
                raise _wrong(self.path, where, _no(f"key {key}", key, keys))

    def table(self, where: str, value: object) -> Mapping[str, object]:
        if not isinstance(value, dict):
            raise _wrong(self.path, where, "it must be a table")
        return value

    def text(self, where: str, value: object) -> str:
        if not isinstance(value, str):
            raise _wrong(self.path, where, "it must be a text in quotes")
        return value


def lock_timeout(environ: Mapping[str, str]) -> int:
    """Return how many seconds to wait for another process's lock (AUTHKIT_LOCK_TIMEOUT).

    Raises Failure (2) when that is no duration.
    """
    value = environ.get("AUTHKIT_LOCK_TIMEOUT", "")
    if not value:
        return PATIENCE
    try:
        return durations.parse(value)
    except ValueError as error:
        raise Failure("lock-timeout-wrong", USAGE, value=value, reason=error) from None
