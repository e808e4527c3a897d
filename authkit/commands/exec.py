"""authkit exec: log in first if needed, run the command with the session, explain its failure.

On the cached path: login is imported only when the session has run out.
"""

from __future__ import annotations

from authkit.core import durations, environment, sessions
from authkit.core.failures import USAGE, CannotRun, Failure
from authkit.core.render import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from authkit.arguments import Options
    from authkit.core.config import Config
    from authkit.core.identity import Identity
    from authkit.core.model import CachedSession
    from authkit.core.ports import Children, World

# "The command was parsed successfully, and a request was made to the specified service, but the
# service returned an error" (AWS CLI User Guide, "Command line return codes").
_AWS_SAID_NO = 254
_NOT_STARTED = {127: "not-found", 126: "not-executable"}


def run(world: World, options: Options) -> int:
    """Run the command with a session that has enough time left; return its exit status.

    Raises Failure, KeyringTrouble, StateTrouble when it was not run.
    """
    command = options.child or [_shell(world, options)]
    children = world.children  # loaded now: once the session is read, the command starts at once
    name, cached = _current(world, options)
    if cached is None or not _good(world, options, cached):
        cached = _renewed(world, options, cached)
    if options.region:
        cached = cached.replaced(region=options.region)
    left = cached.left(world.clock.time())
    if left < durations.SOON or left < options.min_ttl:
        world.screen.say(text("starts-late", identity=name, left=durations.left(left)))
    if not options.child:
        from authkit.core.render import instant

        until = instant(cached.session.expiration, world.clock.zone())
        world.screen.say(text("shell", identity=name, until=until))
    status = _run(children, command, environment.environment(world.environ, name, cached))
    world.screen.foreign()
    if status:
        _tip(world, options, name, cached, status)
    return status


# Which session.


def _current(world: World, options: Options) -> tuple[str, CachedSession | None]:
    """Return the identity that is meant and its cached session.  Raises Failure, StateTrouble."""
    try:
        name, cached = sessions.current(world, options.given)
    except Failure:
        if options.doubtful:
            _check_word(world, options)
        raise
    if options.doubtful and cached is None:
        _check_word(world, options)
    return name, cached


def _check_word(world: World, options: Options) -> None:
    """Refuse a first word that is no identity: it may be meant as the command (B-E08).

    Raises Failure, StateTrouble.
    """
    from authkit import again
    from authkit.core import config
    from authkit.core.names import is_name, normal
    from authkit.core.render import nearest_is, table_name

    word, found = options.given, config.read(world.config)
    names = config.known(world, found)
    if normal(word) not in names:
        command = again.as_command(options, "" if _is_meant(world, found) else "NAME")
        facts = {"near": nearest_is(word, names), "command": command}
        where = {"path": found.path, "table": table_name(word)}
        in_file = "exec-of-no-table" if found.found else "exec-of-no-identity"
        ending = in_file if is_name(normal(word)) else "exec-of-no-name"
        raise Failure(ending, USAGE, identity=word, **facts, **where)


def _is_meant(world: World, found: Config) -> bool:
    """Tell whether an identity is meant where the line names none.  Raises StateTrouble."""
    from authkit.core import config

    try:
        config.chosen(world, found, "")
    except Failure:
        return False
    return True


def _good(world: World, options: Options, cached: CachedSession) -> bool:
    return cached.left(world.clock.time()) > options.min_ttl


def _renewed(world: World, options: Options, cached: CachedSession | None) -> CachedSession:
    """Return a new session, or what another process has put there meanwhile.

    Raises Failure, where none could be as long as --min-ttl too (B-E07); KeyringTrouble,
    StateTrouble.
    """
    from authkit.core import config
    from authkit.login.obtain import obtain

    identity = config.resolve(world, options.given, options.name, region=options.region)
    config.lock_timeout(world.environ)  # a wrong one is told before anything is asked
    if options.min_ttl:
        _check_configured(world, identity, options.min_ttl)
        if cached:
            _check_granted(identity, cached, options.min_ttl)
    cached = obtain(world, identity, lambda found: _good(world, options, found))
    if cached.duration:  # of keys that were entered just now it was not known before
        _check_duration(identity, cached.duration, options.min_ttl)
    _check_granted(identity, cached, options.min_ttl)
    return cached


def _check_configured(world: World, identity: Identity, min_ttl: int) -> None:
    """Refuse a --min-ttl longer than the next session; of keys yet to be entered none is known.

    Raises Failure, KeyringTrouble.
    """
    from authkit.core import entries
    from authkit.core.model import Values

    values = Values()
    if not any(field.name == "session_duration" for field in identity.kind.configurable):
        return  # the service alone decides
    if not _by_config_file(identity):
        values = entries.load(world.keyring, identity.kind, identity.name)
        if not entries.is_configured(identity.kind, values):
            return
    _check_duration(identity, identity.duration(values), min_ttl)


def _by_config_file(identity: Identity) -> bool:
    """Tell whether the config file alone says how long sessions last."""
    return not identity.kind.credentials or "session_duration" in identity.settings


def _check_duration(identity: Identity, most: int, min_ttl: int) -> None:
    """Refuse a --min-ttl longer than the sessions of an identity last.  Raises Failure."""
    from authkit.core.render import table_name

    if min_ttl > most:
        by_file = _by_config_file(identity)
        name = "min-ttl-over-config-file" if by_file else "min-ttl-over-configured"
        where = {"table": table_name(identity.name), "path": identity.config_path}
        facts = {"asked": durations.spell(min_ttl), "most": durations.spell(most)}
        raise Failure(name, USAGE, identity=identity.name, **facts, **where)


def _check_granted(identity: Identity, cached: CachedSession, min_ttl: int) -> None:
    """Refuse a --min-ttl longer than a session of which AWS granted less than was asked for.

    Raises Failure.
    """
    from authkit.login.obtain import SLACK

    granted = cached.session.expiration - cached.session.granted
    if cached.duration - granted > SLACK and min_ttl > granted:
        facts = {"asked": durations.spell(min_ttl), "most": durations.spell(granted)}
        about = {"identity": identity.name, "vendor": identity.kind.vendor}
        raise Failure("min-ttl-over-granted", USAGE, **about, **facts)


# Which command.


def _shell(world: World, options: Options) -> str:
    """Return the person's shell.  Raises Failure where it could not be used, StateTrouble."""
    from authkit.arguments import usage

    if shell := world.shell():
        return shell
    if options.doubtful:
        _current(world, options)  # the word may be the command, with '--' forgotten
    reason = "No command to run, and no terminal for a shell: a command comes after '--'"
    raise usage(reason, options.name)


def _run(children: Children, command: Sequence[str], environ: dict[str, str]) -> int:
    try:
        return children.run(command, environ)
    except CannotRun as trouble:
        ending = _NOT_STARTED.get(trouble.status, "cannot-run")
        raise Failure(ending, trouble.status, command=command[0], reason=trouble.reason) from None


def _tip(world: World, options: Options, name: str, cached: CachedSession, status: int) -> None:
    """Say how to go on if the session is over; whatever goes wrong, the child's status counts.

    GetCallerIdentity answers also where a policy denies a session everything.  That is
    named as one cause where AWS has denied the AWS CLI something.
    """
    from contextlib import suppress

    from authkit import again
    from authkit.core.check import verdict
    from authkit.core.render import instant

    with suppress(KeyboardInterrupt, Exception):
        judged = verdict(world, cached, offline=options.no_probe)
        asked = not options.no_probe and not cached.variables
        if judged.valid and asked and status == _AWS_SAID_NO:
            login = again.command(options, "login", name, "--force")
            world.screen.say(text("session-taken", login=login))
        if judged.valid is not False:
            return
        of_aws = "tip-says-expired" if judged.reason == "expired" else "tip-refused"
        why = of_aws if judged.code else "tip-ended"
        ended = instant(cached.session.expiration, world.clock.zone())
        world.screen.say(text(why, ended=ended, code=judged.code))
        world.screen.say(text("tip", login=again.command(options, "login", name)))
