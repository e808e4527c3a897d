"""AssumeRoleWithSAML: a role for somebody whom a SAML identity provider vouches for.

Sources, C: STS's API reference; IAM user guide, "Configure SAML assertions for the
authentication response" and "Available keys for SAML-based federation".  What the errors
rest on stands in ``saml.errors``; that the provider comes first is A, the rest of the order I.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sts_simulator.account import caller_context, federation
from sts_simulator.account.clock import whole_seconds
from sts_simulator.account.role_session import Asker
from sts_simulator.account.saml import attributes, condition_keys, errors, metadata, response
from sts_simulator.account.saml.errors import Rejected
from sts_simulator.account.saml.safe_xml import BadXml

if TYPE_CHECKING:
    from datetime import datetime

    from sts_simulator.account.answers import Answer
    from sts_simulator.account.context import Context, Parameters
    from sts_simulator.account.directory import SamlProvider
    from sts_simulator.account.errors import AwsError
    from sts_simulator.account.saml.response import Assertion

OPERATION = "AssumeRoleWithSAML"
REDEEMED_WITHIN = timedelta(minutes=5)
_SKEW = timedelta(minutes=5)  # I: how far ahead the provider's clock may be
# C: of every region, with the provider's id where encryption is required, and of partitions.
_SIGN_IN = re.compile(
    r"https://([a-z0-9-]+\.)?signin\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)"
    r"/(static/)?saml(/acs/\w+)?"
)
_AUDIENCE = re.compile(rf"urn:amazon:webservices(:[a-z0-9-]+)?|{_SIGN_IN.pattern}")


def assume_role_with_saml(account: Context, asked: Parameters) -> Answer:
    """Issue a session of a role, if the response is good and the role's trust policy allows it."""
    if refused := federation.refusal(account, asked):
        return refused
    # The service behind STS has request ids of its own; this one follows from the request.
    request_id = str(uuid5(NAMESPACE_URL, asked["SAMLAssertion"]))
    provider = account.directory.saml_provider(asked["PrincipalArn"])
    if provider is None:
        return errors.NO_PROVIDER.fill(request_id=request_id).because(
            f"there is no SAML provider {asked['PrincipalArn']}"
        )
    try:
        said = response.verified(
            asked["SAMLAssertion"], metadata.read(provider.metadata), request_id
        )
        _check_times(said, account.now)
        _check_audience(said)
        told = attributes.told(said.attributes)
        return federation.grant(account, _asker(account, provider, said, asked), asked, told)
    except Rejected as no:
        return no.error
    except BadXml as trouble:  # moto accepts any metadata
        reason = f"the provider's metadata: {trouble}"
        return errors.OTHER_ISSUER.fill(request_id=request_id).because(reason)
    except ModuleNotFoundError as missing:
        return errors.NOT_INSTALLED.fill(missing=missing.name)


def _check_times(said: Assertion, now: datetime) -> None:
    """Raise Rejected for a response that is too old, or not yet valid.

    B gimme-aws-creds#251: where both have passed, five minutes since it was issued come first.
    """
    if now - said.issued_at > REDEEMED_WITHIN:
        raise Rejected(errors.TOO_OLD.because(f"the assertion was issued at {said.issued_at}"))
    ends = min(filter(None, (said.valid_until, said.ends)))
    if now >= ends:
        raise Rejected(errors.EXPIRED.because(f"the response was valid until {ends}"))
    begins = max(filter(None, (said.issued_at, said.valid_from)))
    if begins > now + _SKEW:
        raise Rejected(errors.NOT_YET.because(f"the response is valid from {begins}"))


def _check_audience(said: Assertion) -> None:
    if not any(map(_AUDIENCE.fullmatch, said.audiences)):
        told = " and ".join(said.audiences) or "nobody"
        raise Rejected(errors.NO_AUDIENCE.because(f"the response is for {told}"))


def _asker(account: Context, provider: SamlProvider, said: Assertion, asked: Parameters) -> Asker:
    """Return who asks, as the trust policy sees them.  Raises Rejected."""
    now = account.now
    if not said.subject:
        raise Rejected(errors.NOT_AUTHORIZED.because("the response's Subject has no NameID"))
    if not attributes.offers(said.attributes, asked["RoleArn"], provider.arn):
        raise Rejected(
            errors.NOT_AUTHORIZED.because(
                f"the response's Role does not pair {asked['RoleArn']} with {provider.arn}"
            )
        )
    _check_recipient(account, said, asked["RoleArn"])
    vouched = _vouched(account, provider, said)
    lasting = {  # C: the session's own requests have them too
        "aws:federatedprovider": provider.arn,  # I: that its value is the ARN
        "saml:namequalifier": vouched["NameQualifier"],
        "saml:sub": said.subject,
        "saml:sub_type": said.subject_type,
    }
    keys = {
        **caller_context.of_request(account.account_id, now, account.source_ip, account.region),
        **condition_keys.of(said.attributes),
        **lasting,
        "saml:aud": said.recipient,
        "saml:doc": f"{account.account_id}/{provider.name}",
        "saml:iss": said.issuer,
    }
    longest = attributes.longest(said.attributes)  # C: the shortest of all counts
    if said.ends:
        longest = min(longest, whole_seconds(said.ends) - whole_seconds(now))
    principals = {"Federated": {provider.arn}}
    return Asker(OPERATION, principals, keys, _refused, vouched, lasting, longest=longest)


def _vouched(account: Context, provider: SamlProvider, said: Assertion) -> dict[str, str]:
    """Return the elements of the answer that the assertion gives."""
    named = f"{said.issuer}{account.account_id}/{provider.name}"
    digest = hashlib.sha1(named.encode(), usedforsecurity=False).digest()
    return {
        "Subject": said.subject,
        "SubjectType": said.subject_type,
        "Issuer": said.issuer,
        "Audience": said.recipient,
        "NameQualifier": base64.b64encode(digest).decode(),
    }


def _check_recipient(account: Context, said: Assertion, role_arn: str) -> None:
    """Raise Rejected for a Recipient that is not AWS's, unless the trust policy looks at it.

    C: the Recipient must be AWS's sign-in endpoint.  D, public tools that receive responses
    on the own machine: another one is good where the trust policy allows it by saml:aud.
    """
    role = account.directory.role(role_arn)
    looked_at = role is not None and "saml:aud" in role.trust.lower()
    if not looked_at and not _SIGN_IN.fullmatch(said.recipient):
        raise Rejected(
            errors.NOT_AUTHORIZED.because(f"the response's Recipient is {said.recipient}")
        )


def _refused(_action: str) -> AwsError:
    """Return the error of an action that the trust policy does not allow: always the same."""
    return errors.NOT_AUTHORIZED
