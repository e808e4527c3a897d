"""aws/assume-role: a role's session, reached from the session of another identity (B-K03).

No key is changed here: what STS has against the source's session leads to the
source's own login, which knows what to do about keys.
"""

from __future__ import annotations

from authkit.core import config, entries, regions, rules
from authkit.core.messages import LOGIN, Failure
from authkit.core.model import CachedSession, Values
from authkit.core.ports import Refused, Unreachable
from authkit.core.render import fill, text
from authkit.core.rules import Action
from authkit.login.patience import Patience, exhausted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.core.identity import Identity
    from authkit.core.model import Session
    from authkit.core.ports import World
    from authkit.core.rules import Rule

_NOTHING = Values()  # nothing of a role is in the keyring


class RoleFlow:
    """One login to a role."""

    def __init__(self, world: World, identity: Identity) -> None:
        self.world = world
        self.identity = identity
        self.config = config.read(world.config)
        self.source = identity.settings["source"]
        self.role_arn = identity.settings["role_arn"]
        self.external_id = identity.settings.get("external_id")
        self.duration = identity.duration(_NOTHING)
        self.patience = Patience(world)
        self.renewed = False  # the source's session was made anew in this run
        self.session_name = f"authkit-{identity.name}"[:64]  # RoleSessionName: 64 at most

    def made(self, cached: CachedSession) -> bool:
        """Tell whether a cached session is of this role and duration, and of the present keys."""
        if not self.identity.may_own(cached) or cached.duration != self.duration:
            return False
        root = self.config.root(self.identity)
        keys = entries.load(self.world.keyring, root.kind, root.name)
        return entries.is_configured(root.kind, keys) and cached.source == root.source(keys)

    def run(self) -> CachedSession:
        """Return the session.  Raises Failure, KeyringTrouble, StateTrouble."""
        self.from_session = self._source_session()
        while True:
            try:
                return self._cached(self._assume(self.from_session.session))
            except Unreachable as trouble:
                if not self.patience.waited(trouble):
                    raise exhausted(trouble, self.identity, done=self.done()) from None
            except Refused as refused:
                rule = self._meaning(refused)
                if self.patience.waited(refused, rule):
                    continue
                # Once: a second refusal of a session just made is not the session's fault.
                if rule.action is not Action.RENEW_SOURCE or self.renewed:
                    raise self._ending(rule, refused) from None
                self.from_session, self.renewed = self._source_session(self.from_session), True

    def _meaning(self, refused: Refused) -> Rule:
        """Return the row of a refusal.

        STS says the same of a region that is off and of a session that is over:
        which it is, a region that is on can tell.
        """
        region = self.identity.region
        rule = rules.meaning(refused, region)
        if not rule.opt_in_region or self._source_is_known():
            return rule
        return rules.meaning(refused, regions.preflight(region))

    def _source_is_known(self) -> bool:
        """Tell whether STS takes the source's session, for all that can be told."""
        region = regions.preflight(self.identity.region)
        try:
            self.world.sts(region).get_caller_identity(self.from_session.session)
        except Refused as refused:
            return rules.meaning(refused, region).action is Action.WAIT
        except Unreachable:
            return True
        return True

    def done(self) -> str:
        """Return what this run has done: a role's login touches no key."""
        return text("no-session-of-role", identity=self.identity.name)

    def _ending(self, rule: Rule, refused: Refused) -> Failure:
        source = self.from_session
        name, key_id = self.identity.name, source.session.access_key_id
        facts = rules.facts(refused, name, self.identity.region, key_id, source.principal)
        facts |= {"role_arn": self.role_arn, "source": self.source}
        return rules.ending(rule, facts, done=self.done())

    def _source_session(self, refused: CachedSession | None = None) -> CachedSession:
        """Return the source's session; one MFA code serves all roles that are reached from it.

        Not the one that STS has `refused`, which another process may have replaced by now.
        """
        from authkit.login.obtain import (
            obtain,  # login chooses among the flows, and this is one of them
        )

        source = self.config.identities[self.source]

        def good(cached: CachedSession) -> bool:
            known_bad = refused is not None and cached.session == refused.session
            return not known_bad and cached.session.expiration > self.world.clock.now()

        try:
            return obtain(self.world, source, good, on_behalf_of=self.identity.name)
        except Failure as failure:
            if failure.name != "cancelled":
                raise
            command = fill(LOGIN, identity=self.identity.name)  # it leads through the source's
            failure.values["command"] = command
            raise

    def _assume(self, source: Session) -> Session:
        return self.world.sts(self.identity.region).assume_role(
            source,
            role_arn=self.role_arn,
            role_session_name=self.session_name,
            duration=self.duration,
            external_id=self.external_id,
        )

    def _cached(self, session: Session) -> CachedSession:
        return CachedSession(
            session=session,
            kind=self.identity.kind.name,
            region=self.identity.region,
            account=self.role_arn.split(":")[4],
            principal=_assumed(self.role_arn, self.session_name),
            source=self.from_session.source,
            mfa_arn="",
            duration=self.duration,
            origin=self.identity.origin(),
            config_stamp=self.world.config.stamp(),
        )


def _assumed(role_arn: str, session_name: str) -> str:
    """Return the principal that a role's session is (IAM User Guide, "IAM identifiers")."""
    _, partition, _, _, account, path = role_arn.split(":", 5)
    return f"arn:{partition}:sts::{account}:assumed-role/{path.rpartition('/')[2]}/{session_name}"
