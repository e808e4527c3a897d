"""STS's errors for SAML against the service model."""

from __future__ import annotations

from sts_simulator.account.errors import AwsError
from sts_simulator.account.saml import errors
from tests.support import public_model

OF_STS = [
    error
    for error in vars(errors).values()
    if isinstance(error, AwsError) and error not in (errors.NOT_INSTALLED, errors.NO_METADATA)
]


def test_statuses_are_the_models() -> None:
    """Each code that the model has for the operation has its status."""
    modelled = public_model.statuses("AssumeRoleWithSAML")
    told = {error.code: error.status for error in OF_STS if error.code != "AccessDenied"}
    assert set(told) == {"InvalidIdentityToken", "ExpiredTokenException", "IDPRejectedClaim"}
    assert {code: modelled[code] for code in told} == told


def test_a_rejection_has_its_error() -> None:
    """The exception carries the error, and shows the code alone."""
    no = errors.Rejected(errors.EXPIRED.because("why"))
    assert no.error.reason == "why"
    assert str(no) == "ExpiredTokenException"
