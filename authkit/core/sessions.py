"""The session cache: a session as text, and the one that a command means.

The port Sessions keeps the text (``adapters.state_folder``): JSON with a field a line
(docs/decisions/one-field-a-line.md).  This module is on the cached path.
"""

from __future__ import annotations

from authkit.core.failures import Failure, StateTrouble
from authkit.core.model import LATEST, CachedSession, Marker, Secret, Session, Values, sendable
from authkit.core.names import is_name, meant
from authkit.core.render import rfc3339, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from authkit.core.ports import World

VERSION = 2

# The keys of a session file that hold texts, and the fields of CachedSession that these are.
_SAME = ("kind", "region", "account", "principal", "mfa_arn", "config_stamp", "by_option")
_TEXTS = {name: name for name in _SAME} | {"source": "keys", "origin": "role"}


def encode(cached: CachedSession, name: str = "") -> str:
    """Return the text that `decode` reads back; `name` is the identity's, "" to leave it out."""
    from json import dumps  # only a login writes

    session = cached.session
    fields = {
        "version": VERSION,
        **({"identity": name} if name else {}),
        "access_key_id": session.access_key_id,
        "secret_access_key": session.secret_access_key.reveal(),
        "session_token": session.session_token.reveal(),
        "expires": rfc3339(session.expiration),  # for who looks at the file: it is not read
        "expiration": session.expiration,
        "granted": session.granted,
        "duration": cached.duration,
        **{key: getattr(cached, field) for key, field in _TEXTS.items()},
        **({"variables": cached.variables.texts()} if cached.variables else {}),
    }
    # What is no text, as in a path that is not UTF-8, becomes the escape that JSON has for it.
    lines = dumps(fields, indent=0, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return f"{lines.decode()}\n"


def decode(written: str, name: str = "") -> CachedSession:
    """Return the session in a text.  Raises ValueError, with a reason, when there is none.

    One that names its identity must be that of `name`, if one is given (B-S10).
    """
    try:
        stored = _fields(written)
        if stored["version"] != VERSION:
            raise ValueError("it is of another version")
        # A session from before by_option was noted has none.
        texts = {"by_option": ""} | {k: v for k, v in stored.items() if isinstance(v, str)}
        if name and stored.get("identity", name) != name:
            raise ValueError("it names another identity")
        seconds = [stored[key] for key in ("expiration", "granted", "duration")]
        if not all(0 <= amount < LATEST and isinstance(amount, int) for amount in seconds):
            raise ValueError("its instants are out of bounds")
        expiration, granted, duration = seconds
        secret, token = (Secret(texts[key]) for key in ("secret_access_key", "session_token"))
        session = Session(texts["access_key_id"], secret, token, expiration, granted)
        variables = Values({n: Secret(v) for n, v in stored.get("variables", {}).items()})
        if not (variables or sendable(session)):
            raise ValueError("its credentials cannot be sent")
        if not _are_plain(texts, variables):
            raise ValueError("its region, account or principal is none")
        of_login = {field: texts[key] for key, field in _TEXTS.items()}
        return CachedSession(session, **of_login, duration=duration, variables=variables)
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("it is not what authkit writes") from None


def _fields(written: str) -> Any:  # noqa: ANN401 - any value of JSON
    """Return the fields of a session file.  Raises ValueError when it is not JSON.

    What `encode` writes has a field a line and is read here, since to import the standard
    library's decoder takes longer than all else that a command does with a session.  A text
    with a backslash, or with a line of another form, goes to that decoder as a whole.
    """
    try:
        if (written[:2], written[-3:]) == ("{\n", "\n}\n") and "\\" not in written:
            fields = dict(map(_field, written[2:-3].split(",\n")))
            if "" not in fields:
                return fields
        from json import loads

        return loads(written)
    except ValueError:  # by JSONDecodeError, or by a number of thousands of digits
        raise ValueError("it is not JSON") from None


def _field(line: str) -> tuple[str, str | int]:
    """Return the name and value on a line of a text or a whole number, the name "" for another."""
    match line.split('"') if line.isprintable() else ():
        case "", name, ": ", value, "":
            return name, value
        case "", name, number if number[2:].isdecimal() and number == f": {int(number[2:])}":
            return name, int(number[2:])
    return "", 0


def _are_plain(texts: dict[str, str], variables: Values) -> bool:
    """Tell whether what a shell or a terminal gets to see is free of control characters.

    A region, if there is one, is letters, digits and hyphens, so that every shell's
    quoting holds it.
    """
    shown = "".join((texts["account"], texts["principal"], *variables.texts().values()))
    words = [texts["region"].replace("-", "") or "none", *(n.replace("_", "") for n in variables)]
    return all(w.isascii() and w.isalnum() for w in words) and shown.isprintable()


def load(world: World, name: str, *, quiet: bool = False) -> CachedSession | None:
    """Return the cached session; None when there is none, or a corrupt one.

    That one is said to be corrupt, unless `quiet`.  Raises StateTrouble.
    """
    written = world.sessions.read(name)
    if written is None:
        return None
    try:
        return decode(written, name)
    except ValueError as error:
        if not quiet:
            world.screen.say(text("session-corrupt", identity=name, reason=error))
        return None


def current(world: World, given: str) -> tuple[str, CachedSession | None]:
    """Return the identity that is meant and its cached session.

    `given` is the name on the command line, or "".  With an identity named and
    the config file as it was at login, the file is not parsed.  Raises Failure,
    StateTrouble.
    """
    name = meant(given, world.environ)
    cached = load(world, name) if is_name(name) else None
    if cached and cached.config_stamp == world.config.stamp():
        return name, cached
    from authkit.core import config  # not needed on the cached path

    identity = config.resolve(world, given)
    if identity.name != name:
        cached = load(world, identity.name)
    if cached is None or not identity.may_own(cached):  # the config file names another role now
        return identity.name, None
    return identity.name, cached.replaced(region=identity.settings.get("region", ""))


def unexpired(world: World, given: str) -> tuple[str, CachedSession]:
    """Return the identity and its session.

    Raises Failure when there is no session, or it is over, StateTrouble.
    """
    name, cached = current(world, given)
    if cached is None:
        raise missing(world, name)
    if cached.left(world.clock.time()) <= 0:
        raise Failure("session-over", identity=name)
    return name, cached


def missing(world: World, name: str) -> Failure:
    """Return what a command ends with that needs a session of an identity that has none.

    Or none that fits what the config file says now.  The keyring is not asked whether
    there are keys (B-W06).  Raises Failure, StateTrouble.
    """
    from contextlib import suppress

    from authkit.core import config, markers  # not needed on the cached path

    found = config.read(world.config)
    if load(world, name, quiet=True):  # a corrupt one was said to be so
        return Failure("session-of-other-settings", identity=name)
    with suppress(StateTrouble):  # then it is not known, and login will tell
        marker = world.markers.read(name) if found.kind_of(name).credentials else Marker()
        if marker is None or marker.gone:
            near = markers.nearest(world, found, name)
            return Failure("no-session-no-keys", identity=name, near=near)
    return Failure("no-session", identity=name)
