"""STS's errors: codes, HTTP statuses and messages, exactly as AWS writes them.

Data alone.  Each row says how it is known: A observed on the real service and
pinned in a public test oracle; B quoted in a public issue thread; C documented
by AWS; D a third party's claim; I inferred.  Spaces at the end of a message
are AWS's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class AwsError:
    """One error.  `message` may contain ``{names}`` for `fill`; None means no Message element.

    `reason` is why the simulator answers it, which AWS does not tell; "" means that the message
    says it all.  `skewed` has the request's time and the server's, for a request that is
    refused for its time.
    """

    code: str
    message: str | None
    status: int = 400
    reason: str = field(default="", compare=False)
    skewed: tuple[datetime, datetime] | None = field(default=None, compare=False)

    def fill(self, **values: object) -> AwsError:
        """Return the same error with the names in its message replaced by values."""
        return replace(self, message=self.message and self.message.format(**values))

    def because(self, reason: str) -> AwsError:
        """Return the same error with its reason."""
        return replace(self, reason=reason)


def _denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, 403)


def _signature(message: str) -> AwsError:
    return AwsError("SignatureDoesNotMatch", message, 403)


# Errors of authentication
UNSIGNED = AwsError(
    "MissingAuthenticationToken", "Request is missing Authentication Token", 403
)  # B
INCOMPLETE = AwsError("IncompleteSignature", "{problem}")  # B
INVALID_TOKEN = AwsError(  # A, B
    "InvalidClientTokenId", "The security token included in the request is invalid.", 403
)
UNKNOWN_THERE = AwsError(  # B: the same without the full stop
    "InvalidClientTokenId", "The security token included in the request is invalid", 403
)
EXPIRED_TOKEN = AwsError(  # A
    "ExpiredToken", "The security token included in the request is expired", 403
)
WRONG_SECRET = _signature(  # A
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)
HOST_UNSIGNED = _signature(  # D scratchstack; B NetSPI/AWSSigner#3 in older words
    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
)
TOO_EARLY = _signature(  # B aws-cli#6676: the caller's clock is behind
    "Signature expired: {signed} is now earlier than {bound} ({now} - 15 min.)"
)
TOO_LATE = _signature(  # B: the caller's clock is ahead
    "Signature not yet current: {signed} is still later than {bound} ({now} + 15 min.)"
)
WRONG_REGION = "Credential should be scoped to a valid region. "  # A
WRONG_SERVICE = "Credential should be scoped to correct service: '{service}'. "  # A
WRONG_TERMINATOR = (  # C, "Troubleshooting Signature Version 4"
    "Credential should be scoped with a valid terminator: 'aws4_request', not '{terminator}'. "
)
WRONG_DAY = (  # C, the same
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
    "'{day}' != '{signed_on}', from '{signed}'. "
)
WRONG_SCOPE = _signature("{problems}")  # A for region and service: all problems in one message

# Errors of authorization
# B for GetSessionToken and GetFederationToken; that the others are worded alike is inferred.
SESSION_CALLS = _denied("Cannot call {operation} with session credentials")
NOT_ASSUMABLE = _denied("User: {arn} is not authorized to perform: {action} on resource: {role}")
# C, IAM user guide, "Troubleshoot access denied error messages".  No genuine denial of
# GetSessionToken by policy was found: its text is inferred.
DENIED_BY_POLICY = _denied(
    "User: {arn} is not authorized to perform: {action}{resource} with an explicit deny in {kind}"
)
SUSPENDED = AwsError(  # C for code and message; that a suspended account gets it is inferred
    "OptInRequired", "The AWS Access Key Id needs a subscription for the service", 403
)
ROOT_ASSUMES = _denied("Roles may not be assumed by root accounts.")  # B
HALF_MFA = _denied(  # B
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
)
WRONG_DEVICE = _denied(  # B aws-cli#6325, broamski/aws-mfa#25
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial "
    "number is valid and associated with this user."
)
WRONG_CODE = _denied(  # B terraform-provider-aws#3885: wrong or used before
    "MultiFactorAuthentication failed with invalid MFA one time pass code. "
)
REGION_DISABLED = AwsError(  # B
    "RegionDisabledException",
    "STS is not activated in this region for account:{account}. Your account administrator can "
    "activate STS in this region using the IAM Console.",
    403,
)

WRONG_CODES = AwsError(  # C for the code, D for the message: IAM's, for a device's two codes
    "InvalidAuthenticationCode", "Authentication code for device is not valid.", 403
)

# Errors in the parameters
NO_ARN = AwsError("ValidationError", "{arn} is invalid")  # B
OVER_ROLES_LIMIT = AwsError(  # B
    "ValidationError",
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
)
OVER_CHAINS_LIMIT = AwsError(  # B
    "ValidationError",
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
    "chaining.",
)
SOURCE_IDENTITY_SET = AwsError(  # B: public records of observations on AWS
    "ValidationError", "The source identity is already set for this assume role session"
)
# A: LocalStack's snapshots recorded on AWS, 2025-04-10
NO_SUCH_TAG = AwsError(
    "InvalidParameterValue",
    "The specified transitive tag key must be included in the requested tags.",
)
TAG_TWICE = AwsError(
    "InvalidParameterValue",
    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
)
TAG_IS_TRANSITIVE = AwsError(
    "InvalidParameterValue",
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive "
    "tag key from the calling session.",
)
TAGS_TOO_LARGE = AwsError(  # B containers-roadmap#2413
    "PackedPolicyTooLarge", "Packed size of session tags consumes {percent}% of allotted space."
)
TOKEN_TOO_LARGE = AwsError(  # B the same
    "PackedPolicyTooLarge", "Serialized token too large for session"
)
POLICY_NO_JSON = AwsError(  # B hashicorp/vault#1113
    "MalformedPolicyDocument", "The policy is not in the valid JSON format."
)
POLICY_SYNTAX = AwsError("MalformedPolicyDocument", "Syntax errors in policy.")  # B, from IAM
TRUST_NO_JSON = AwsError("MalformedPolicyDocument", "This policy contains invalid Json")  # B
TRUST_PROHIBITED = AwsError("MalformedPolicyDocument", "Has prohibited field {field}")  # B
TRUST_NO_PRINCIPAL = AwsError("MalformedPolicyDocument", "Missing required field Principal")  # B
TRUST_ACTIONS = AwsError(  # B
    "MalformedPolicyDocument", "AssumeRole policy may only specify STS AssumeRole actions."
)
TRUST_PRINCIPAL = AwsError(  # B
    "MalformedPolicyDocument", 'Invalid principal in policy: "{kind}":"{name}"'
)
TRUST_FEDERATED = AwsError(  # B terraform-aws-iam#202, pulumi-eks#871
    "MalformedPolicyDocument",
    "Federated principals must be valid domain names or SAML metadata ARNs",
)
TRUST_SHARED = AwsError(  # C that it is refused; I: the words
    "MalformedPolicyDocument", "The trust policy of a shared provider must evaluate {key}"
)
TRUST_TOO_LARGE = AwsError(  # B
    "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048", 409
)
NO_SUCH_USER = AwsError(  # B
    "NoSuchEntity", "The user with name {name} cannot be found.", 404
)
NOT_A_USER = AwsError(  # B
    "ValidationError",
    "Must specify userName when calling with non-User credentials",
    reason="the caller is no user, so no UserName is implied",
)
POLICY_TOO_LARGE = AwsError(  # I: that there is a limit and its code are C
    "PackedPolicyTooLarge",
    "Packed policy consumes {percent}% of allotted space, please use smaller policy.",
)
MALFORMED = AwsError("MalformedInput", None)  # A
MISSING_NUMBER = AwsError("MalformedInput", "missing value for decimal type")  # A
VALIDATION = AwsError("ValidationError", "{problems}")  # A, B
# C: the service model has the codes and statuses; the messages are its descriptions.
BAD_AUTHORIZATION_MESSAGE = AwsError(
    "InvalidAuthorizationMessageException", "Message is not valid", 400
)
NO_OUTBOUND_FEDERATION = AwsError(
    "OutboundWebIdentityFederationDisabledException",
    "The outbound web identity federation feature is not enabled for this account.",
    403,
)
TRADE_IN_TOKEN_EXPIRED = AwsError(
    "ExpiredTradeInTokenException",
    "The trade-in token provided in the request has expired and can no longer be exchanged for "
    "credentials. Request a new token and retry the operation.",
)
NO_SUBJECT = AwsError(
    "InvalidSubjectCredentials",
    "The request was rejected because the session used to call GetScopedCredentials is not a valid "
    "session.",
)
NO_OPERATION = AwsError(  # A
    "InvalidAction", "Could not find operation {operation} for version {version}"
)

# The error that a fault stands for when it gives a code alone: the likeliest message of the code.
DEFAULTS = {
    error.code: error
    for error in (
        UNSIGNED,
        INVALID_TOKEN,
        EXPIRED_TOKEN,
        WRONG_SECRET,
        REGION_DISABLED,
        MALFORMED,
        # No genuine denial of GetSessionToken by policy was found.  AWS's text for other
        # operations (A) continues with "on resource: ROLE".
        _denied("User: {arn} is not authorized to perform: {action}"),
        AwsError("ExpiredTokenException", EXPIRED_TOKEN.message, 400),  # C: the service model
        AwsError("RequestExpired", "Request has expired."),  # C
        SUSPENDED,
        AwsError("Throttling", "Rate exceeded"),  # A
        AwsError("RequestLimitExceeded", "Request limit exceeded."),  # C, EC2's text
        POLICY_SYNTAX,
        TAGS_TOO_LARGE.fill(percent=138),  # B containers-roadmap#2413, with its number
        VALIDATION.fill(  # I: which one a test means is not known; a name is the likeliest
            problems="1 validation error detected: Value '' at 'roleSessionName' failed to satisfy "
            "constraint: Member must have length greater than or equal to 2"
        ),
        AwsError("InvalidParameterValue", TAG_TWICE.message),
        AwsError(  # C: the service model's description
            "IDPCommunicationError",
            "Could not retrieve verification key from your identity provider. Please reference AWS "
            "documentation for requirements",
        ),
        AwsError(
            "IDPRejectedClaim", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403
        ),
        AwsError("InvalidIdentityToken", "Incorrect token audience"),  # B
        AwsError("InternalError", None, 500),  # C: other services call it so
        AwsError("InternalFailure", None, 500),  # B
        AwsError("ServiceUnavailable", None, 503),  # C
    )
}
