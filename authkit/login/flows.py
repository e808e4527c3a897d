"""How each kind of identity logs in, and how `user configure` tries its fields: two tables.

A new built-in kind gets a row here.  Nothing else compares kinds by name.
"""

from __future__ import annotations

from authkit.core.identity import access_keys
from authkit.core.kinds import AWS_ASSUME_ROLE, AWS_USER
from authkit.login.role import RoleFlow
from authkit.login.user import UserFlow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from authkit.core.model import Values
    from authkit.login.recover import KeysFlow, LoginFlow

    Make = Callable[..., LoginFlow]

# What logs in: made of the world, the identity, `obtain`, and whether the person asked for it.
LOGIN: dict[str, Make] = {AWS_USER.name: UserFlow, AWS_ASSUME_ROLE.name: RoleFlow}


def _try_user(flow: KeysFlow[bool], values: Values) -> str:
    flow.check_partition()
    return flow.world.sts(flow.region).get_caller_identity(access_keys(values)).arn


# Where a kind's credentials can be tried before they are saved: what tries them, and returns
# the principal.  Raises CallFailed, Failure.
TRY: dict[str, Callable[[KeysFlow[bool], Values], str]] = {AWS_USER.name: _try_user}
