"""What the checks of `authkit doctor` share: each thing is read once, and may be in trouble.

Trouble with one thing hides no other: a config file that is broken leaves the named
identity an IAM user in the default region, so that keyring and clock are looked at.
"""

from __future__ import annotations

from functools import cached_property

from authkit import again
from authkit.core import config, endings, endpoints, entries, render, rules, sessions
from authkit.core.failures import CallFailed, Failure, KeyringTrouble, StateTrouble
from authkit.core.identity import Identity
from authkit.core.kinds import AWS_USER
from authkit.core.messages import CONFIGURE, LOGIN
from authkit.core.model import DEFAULT_REGION, Values
from authkit.core.names import is_name, meant
from authkit.core.rules import Action
from authkit.doctor.findings import TROUBLES, Finding, finding, of_trouble, parted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from typing import TypeVar

    from authkit.arguments import Options
    from authkit.core.config import Config
    from authkit.core.model import CachedSession, Caller
    from authkit.core.ports import World
    from authkit.doctor.findings import Trouble

    T = TypeVar("T")


class Examination:
    """One look at a machine.  Everything that is looked at is a value, or the trouble with it."""

    def __init__(self, world: World, options: Options) -> None:
        self.world = world
        self.options = options
        self.caller: Caller | None = None  # whose keys these are, once AWS has said so

    def say(self, name: str, /, **values: object) -> Finding:
        """Return the finding of this name; its cure may name the commands for the identity."""
        who, keys_of = (one.name if one else "" for one in (self.identity, self.root))
        commands = {
            "login": again.command(self.options, "login", who),
            "configure": again.command(self.options, "user configure", keys_of),
        }
        return finding(name, **{**commands, **values})

    def trouble(self, trouble: Trouble) -> Finding:
        """Return the finding of trouble that would end another command."""
        return of_trouble(self.world, self.options, trouble)

    def refused(self, trouble: CallFailed, region: str, **facts: object) -> Finding:
        """Return the finding of a call of STS that failed."""
        rule = rules.meaning(trouble, rules.Circumstances(region))
        if rule.action in {Action.REPLACE_KEYS, Action.REPLACE_SECRET}:  # login may ask for none
            hint = rule.hint.replace(LOGIN, CONFIGURE).replace("' in a", "'\n  in a")
            rule = rule.replaced(hint=hint)
        known = {
            "identity": self.root.name if self.root else "",
            "endpoint": endpoints.foreign(self.world.environ),
            "region": region,
            "vendor": AWS_USER.vendor,
        }
        told = endings.facts(trouble, **{**known, **facts})
        ended = endings.ending(rule, told, done="")
        if trouble.reason:
            ended.values["meaning"] = render.fill(parted(rule.meaning), **told)
        found = self.trouble(ended)
        return found.replaced(name=rule.name)

    @cached_property
    def config(self) -> Config | Trouble:
        """The config file."""
        return tried(lambda: config.read(self.world.config))

    @cached_property
    def resolved(self) -> Identity | Trouble:
        """The identity that is meant."""
        given, name = self.options.given, self.options.name
        return tried(lambda: config.resolve(self.world, given, name))

    @cached_property
    def identity(self) -> Identity | None:
        """The identity that is meant, as far as it is known."""
        if isinstance(self.resolved, Identity):
            return self.resolved
        name = meant(self.options.given, self.world.environ)
        if isinstance(self.config, TROUBLES) and is_name(name):
            return Identity(name, AWS_USER, DEFAULT_REGION, {}, "")
        return None

    @cached_property
    def root(self) -> Identity | None:
        """The identity with whose keys this one is reached: itself, if it is no role."""
        if self.identity is None or isinstance(self.config, TROUBLES):
            return self.identity
        return self.config.root(self.identity)

    @property
    def region(self) -> str:
        """The region in which STS is asked."""
        return self.identity.region if self.identity else DEFAULT_REGION

    @cached_property
    def entry(self) -> Values | Trouble:
        """The fields in the keyring's entry; empty without an identity."""
        root = self.root
        if root is None:
            return Values()
        return tried(lambda: entries.load(self.world.keyring, root.kind, root.name))

    @cached_property
    def values(self) -> Values:
        """The fields in the keyring's entry, none where it cannot be read."""
        return self.entry if isinstance(self.entry, Values) else Values()

    @cached_property
    def mfa_arn(self) -> str:
        """The serial number of the MFA device, "" for none."""
        return self.root.setting(self.values, "mfa_arn") if self.root else ""

    @cached_property
    def session(self) -> CachedSession | ValueError | Trouble | None:
        """The cached session; what is wrong with it or with its file; None for none."""
        name = self.identity.name if self.identity else ""
        written = tried(lambda: self.world.sessions.read(name)) if name else None
        if not isinstance(written, str):
            return written
        try:
            return sessions.decode(written, name)
        except ValueError as error:
            return error

    @cached_property
    def offset(self) -> timedelta | CallFailed:
        """By how much AWS's clock is ahead of this machine's, or why STS cannot be asked."""
        clock = self.world.clock
        before = clock.now()
        answered = asked(lambda: self.world.sts(self.region).get_date())
        if isinstance(answered, CallFailed):
            return answered
        # The answer was written at some instant in between; its Date has whole seconds.
        return answered - before - (clock.now() - before) / 2


def tried(call: Callable[[], T]) -> T | Trouble:
    """Return what the call returns, or the trouble that would end another command."""
    try:
        return call()
    except (Failure, KeyringTrouble, StateTrouble) as trouble:
        return trouble


def asked(call: Callable[[], T]) -> T | CallFailed:
    """Return what a call of STS returns, or why it failed."""
    try:
        return call()
    except CallFailed as trouble:
        return trouble
