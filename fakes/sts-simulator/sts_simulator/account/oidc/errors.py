"""The errors of AssumeRoleWithWebIdentity, known as the grades of ``account.errors`` say."""

from __future__ import annotations

from sts_simulator.account.errors import AwsError


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidIdentityToken", message)


# B: Amazon EKS's user guide and public issue threads.
NO_PROVIDER = _invalid("No OpenIDConnect provider found in your account for {url}")
# B: quoted in several public repositories, among them Vault's log of AWS's own answer.
NO_JWT = _invalid(
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
)
CLAIM_MISSING = _invalid("Missing a required claim: {claim}")  # B gitlab#342243, for aud
WRONG_AUDIENCE = _invalid("Incorrect token audience")  # B awslabs/amazon-eks-irsa-cfn#18
NO_KEY = _invalid(  # B aws-sdk-rust#827, with two spaces
    "Couldn't retrieve verification key from your identity provider,  please reference "
    "AssumeRoleWithWebIdentity documentation for requirements"
)
WRONG_SIGNATURE = _invalid("Token signature invalid")  # D: Eucalyptus
TOO_EARLY = _invalid("Token not yet valid")  # D: Eucalyptus
WRONG_TAGS = _invalid("Invalid session tags in the token")  # I
EXPIRED = AwsError(  # B aws-sdk-java-v2#5709
    "ExpiredTokenException",
    "Token expired: current date/time {now} must be before the expiration date/time {expires}",
)
TOO_OLD = AwsError(  # B mozilla-aws-cli#146; that the number is the age in seconds is inferred
    "ExpiredTokenException", "Token too old: {age}"
)
# B configure-aws-credentials#318; that tags and a source identity are refused alike is inferred.
NOT_AUTHORIZED = AwsError("AccessDenied", "Not authorized to perform {action}", 403)
