"""A kind from elsewhere whose credentials are in the keyring: one function makes its sessions."""

from __future__ import annotations

from functools import partial

from authkit.core.kinds import Field, Kind
from authkit.core.model import CachedSession, Secret, Session, Value, Values
from authkit.login.stored import StoredFlow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from authkit.core.failures import CallFailed
    from authkit.core.identity import Identity
    from authkit.core.ports import World
    from authkit.core.rules import Rule
    from authkit.login.recover import Flow, Obtain

    # Makes one attempt with the identity's fields: what the config file sets comes before the
    # keyring's, and --duration before both.  Raises Refused, Unreachable, Cancelled, Failure.
    LogIn = Callable[[World, Values], "Granted"]


class Granted(Value):
    """A session, as `log_in` returns it.

    `variables` are what exec's child gets, by the names that the vendor's tools read: one that
    is "" is removed from its environment, since it would name other credentials.  `expires` is
    aware.  `account` and `principal` are shown, "" for none.
    """

    variables: Mapping[str, str]
    expires: datetime
    account: str = ""
    principal: str = ""


def kind(
    name: str,
    *,
    vendor: str,
    fields: tuple[Field, ...],
    rules: tuple[Rule, ...],
    log_in: LogIn,
) -> Kind:
    """Return the kind that an entry point names.

    `name` is the entry point's, and what config files say.  `rules` say what each refusal
    means: the first row that matches counts, and the last one has to match anything.
    """
    flow, tries = partial(BroughtFlow, log_in), partial(_try, log_in)
    return Kind(name, vendor, fields, rules=rules, flow=flow, tries=tries)


class BroughtFlow(StoredFlow):
    """One login of such a kind."""

    def __init__(
        self, log_in: LogIn, world: World, identity: Identity, *_: Obtain, direct: bool = True
    ) -> None:
        super().__init__(world, identity, direct=direct)
        self._log_in = log_in

    def facts(self, trouble: CallFailed) -> dict[str, object]:
        """Return what the row's templates may name: AWS's endpoint is not where this one asks."""
        return {**super().facts(trouble), "endpoint": ""}

    def attempt(self) -> CachedSession:
        """Return a new session, asking for what is missing."""
        if not self.keys.usable:
            self.ask_keys()
        values = self.keys.values
        granted = self._log_in(self.world, _with_settings(self.identity, values))
        blank = Secret("")
        return CachedSession(
            session=Session(
                access_key_id="",
                secret_access_key=blank,
                session_token=blank,
                expiration=int(granted.expires.timestamp()),
                granted=int(self.world.clock.time()),
            ),
            variables=Values({name: Secret(text) for name, text in granted.variables.items()}),
            kind=self.identity.kind.name,
            region="",
            account=granted.account,
            principal=granted.principal,
            keys=self.keys.fingerprint,
            mfa_arn="",
            duration=self.identity.duration(values),
            role=self.identity.role_fingerprint(),
            config_stamp=self.world.config.stamp(),
        )


def _try(log_in: LogIn, flow: Flow[bool], values: Values) -> str:
    return log_in(flow.world, _with_settings(flow.identity, values)).principal


def _with_settings(identity: Identity, values: Values) -> Values:
    """Return the keyring's fields, over them what the config file sets, then --duration (B-L21)."""
    found = Values({**values, **identity.settings})
    if identity.by_option:
        found["session_duration"] = identity.by_option
    return found
