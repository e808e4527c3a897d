"""aws/assume-role: a role's session, reached from the session of another identity (B-K03).

No key is changed here.  What STS has against the source's session leads to the
source's own login, which knows what to do about keys.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from authkit.core import check, config, entries, regions
from authkit.core.messages import MESSAGES
from authkit.core.model import CachedSession, RoleRequest, Values
from authkit.core.render import Template
from authkit.core.rules import Action
from authkit.login.recover import LoginFlow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authkit.core.failures import CallFailed
    from authkit.core.identity import Identity
    from authkit.core.ports import World
    from authkit.core.rules import Rule
    from authkit.login.recover import Obtain


class RoleFlow(LoginFlow):
    """One login to a role.  `obtain` logs in to its source (``login.obtain``)."""

    asks = False  # its source's login does

    def __init__(self, world: World, identity: Identity, obtain: Obtain, *, direct: bool) -> None:
        super().__init__(world, identity, direct=direct)
        self.config = config.read(world.config)
        self.request = RoleRequest(
            role_arn=identity.settings["role_arn"],
            session_name=_session_name(identity.name),
            duration=identity.duration(Values()),  # nothing of a role is in the keyring
            external_id=identity.settings.get("external_id", ""),
        )
        self.source: CachedSession | None = None
        self.renewed = False  # the source's session was made anew in this run
        self._obtain = obtain

    def made(self, cached: CachedSession) -> bool:
        """Tell whether a cached session is of this role and duration, and of the present keys."""
        if not (self.identity.may_own(cached) and self.identity.lasts(cached, Values())):
            return False
        root = self.config.root(self.identity)
        keys = entries.load(self.world.keyring, root.kind, root.name)
        return cached.keys == root.keys_fingerprint(keys)

    def keep(self, cached: CachedSession) -> bool:
        """Keep it only if its keys are the present ones: whoever changes them drops it later."""
        with self.world.keyring.alone():
            return self.made(cached) and super().keep(cached)

    def attempt(self) -> CachedSession:
        """Return a new session, by the source's."""
        source = self.source = self.source or self.source_session()
        session = self.world.sts(self.region).assume_role(source.session, self.request)
        return CachedSession(
            session=session,
            kind=self.identity.kind.name,
            region=self.identity.region,
            account=self.request.role_arn.split(":")[4],
            principal=_assumed(self.request),
            keys=source.keys,
            mfa_arn="",
            duration=self.request.duration,
            role=self.identity.role_fingerprint(),
            config_stamp=self.world.config.stamp(),
        )

    def done(self, *, cut_off: bool = False) -> str:
        """Return what this run has done: a role's login changes no key."""
        return Template(MESSAGES["no-session-kept"] if cut_off else MESSAGES["no-session-of-role"])

    def facts(self, trouble: CallFailed) -> dict[str, object]:
        """Return what the row's templates may name."""
        facts = super().facts(trouble)
        facts |= {"role_arn": self.request.role_arn, "source": self.identity.settings["source"]}
        if self.source:
            facts["access_key_id"] = self.source.session.access_key_id
            facts["principal"] = self.source.principal
        return facts

    def region_may_be_off(self, trouble: CallFailed) -> bool:
        """Tell whether STS takes the source's session in a region that is on.

        STS says the same of a region that is off and of a session that is over.
        """
        if not super().region_may_be_off(trouble) or self.source is None:
            return False
        found = check.by_sts(self.world, self.source, regions.preflight(self.region))
        return found.valid is not False

    def renew_source(self, rule: Rule, trouble: CallFailed) -> None:
        """Log in anew with the source, once: a new session is refused for some other reason."""
        if self.renewed:
            self.stop(rule, trouble)
        self.source, self.renewed = self.source_session(self.source), True

    remedies: ClassVar[Mapping[Action, Callable[..., None]]] = {Action.RENEW_SOURCE: renew_source}

    def source_session(self, refused: CachedSession | None = None) -> CachedSession:
        """Return the source's session; one MFA code serves all roles that are reached from it.

        It is another one than STS has `refused`: another process may have replaced
        that one by now.
        """
        source = self.config.identities[self.identity.settings["source"]]
        source = config.in_region(source, self.identity.region_by_option)

        def good(cached: CachedSession) -> bool:
            known_bad = refused is not None and cached.session == refused.session
            return not known_bad and cached.left(self.world.clock.time()) > 0

        return self._obtain(self.world, source, good, self)


def _session_name(identity: str) -> str:
    r"""Return the RoleSessionName: 64 at most of ``[\w+=,.@-]`` (STS API, AssumeRole)."""
    return re.sub(r"[^\w+=,.@-]", "-", f"authkit-{identity}", flags=re.ASCII)[:64]


def _assumed(request: RoleRequest) -> str:
    """Return the principal that a role's session is (IAM User Guide, "IAM identifiers")."""
    _, partition, _, _, account, path = request.role_arn.split(":", 5)
    role = path.rpartition("/")[2]
    return f"arn:{partition}:sts::{account}:assumed-role/{role}/{request.session_name}"
