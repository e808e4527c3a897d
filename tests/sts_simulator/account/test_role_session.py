"""A role's session.  More stands in test_assume_role.py, test_federation.py."""

from __future__ import annotations

from datetime import timedelta

from sts_simulator.account.errors import AwsError
from sts_simulator.account.role_session import Asker


def test_an_asker_has_no_limit_of_its_own() -> None:
    """A caller's session may last as long as the role allows, unless something else is said."""
    who = Asker("AssumeRole", {}, {}, lambda action: AwsError("AccessDenied", action, 403))
    assert who.longest == timedelta.max
    assert not who.is_chained
