"""STS's and IAM's errors for SAML, with how each is known, as in ``account.errors``."""

from __future__ import annotations

from sts_simulator.account.errors import AwsError


class Rejected(Exception):
    """Raised for a SAML response that STS refuses, with the error that it answers."""

    def __init__(self, error: AwsError) -> None:
        super().__init__(error.code)
        self.error = error


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidIdentityToken", message)


# The tail that the service behind STS leaves in its messages (A, B as the messages).
_TAIL = (
    " (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: {kind}; "
    "Request ID: {{request_id}}; Proxy: null)"
)
_NOT_FOUND = _TAIL.format(kind="AuthSamlManifestNotFoundException")
_INVALID = _TAIL.format(kind="AuthSamlInvalidSamlResponseException")

# A: pinned by tests that call AWS, of awslogin for ECP and of the Jenkins plug-in pipeline-aws,
# whose assertion is no base64 either: so the provider comes first.
NO_PROVIDER = _invalid("Specified provider doesn't exist" + _NOT_FOUND)
NO_BASE64 = _invalid("Invalid base64 SAMLResponse" + _INVALID)  # A, an older test of the same
OTHER_ISSUER = _invalid("Issuer not present in specified provider" + _INVALID)  # B cloudbeaver#3112
# The form of a response; I: AWS's words for it are not known.
NO_SAML = _invalid("Invalid SAML response")
BAD_SIGNATURE = _invalid("Response signature invalid")  # B aws-google-auth#270
# C, IAM user guide, "Troubleshoot SAML federation with IAM", for the rest of the messages.
NO_AUDIENCE = _invalid("Response does not contain the required audience.")
NO_SESSION_NAME = _invalid("RoleSessionName is required in AuthnResponse")  # B too
SESSION_NAME_FORM = _invalid(  # B azure-docs#45025
    "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"
)
SOURCE_IDENTITY_FORM = _invalid(
    'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
)
TOO_OLD = AwsError(  # B gimme-aws-creds#251
    "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"
)
EXPIRED = AwsError("ExpiredTokenException", "Response has expired")  # B saml2aws#759
NOT_YET = _invalid("Response is not yet valid")  # I
# C for code and status, the service model; I for the message.
NOT_AUTHENTICATED = AwsError(
    "IDPRejectedClaim", "The identity provider reported that authentication failed", 403
)
# A: pinned by the integration tests of the JavaScript SDK 2.  C for when: an unknown role, one
# that the response does not name, a trust policy that does not allow it, no NameID.
NOT_AUTHORIZED = AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML", 403)
# The simulator's own answer where the libraries are not installed.
NOT_INSTALLED = AwsError(
    "NotImplemented", "SAML needs {missing}: pip install 'sts-simulator[saml]'", 501
)
# IAM's answers to CreateSAMLProvider and UpdateSAMLProvider.
NO_METADATA = AwsError("InvalidInput", "Could not parse metadata")  # C, the same page
