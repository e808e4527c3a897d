"""The errors of AssumeRoleWithWebIdentity, compared with the service model."""

from __future__ import annotations

import pytest

from sts_simulator.account.errors import AwsError
from sts_simulator.account.oidc import errors
from tests.support import public_model

ERRORS = {name: error for name, error in vars(errors).items() if isinstance(error, AwsError)}


@pytest.mark.parametrize("name", ERRORS)
def test_codes_and_statuses_are_the_models(name: str) -> None:
    """Each error but AccessDenied, which every operation has, is modelled for the operation."""
    error = ERRORS[name]
    modelled = public_model.statuses("AssumeRoleWithWebIdentity")
    assert error.status == (modelled | {"AccessDenied": 403})[error.code]
