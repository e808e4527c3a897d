"""Texts from outside, as AWS, the system and the adapters word them: a recording keeps them."""

OF_AWS = """\
The security token included in the request is invalid.
The security token included in the request is invalid
The security token included in the request is expired
Request limit exceeded.
The request signature we calculated does not match the signature you provided. Check your AWS \
Secret Access Key and signing method. Consult the service documentation for details.
Signature expired: 20241222T235800Z is now earlier than 20241223T001300Z (20241223T002800Z - 15 \
min.)
Signature not yet current: 20241223T002900Z is still later than 20241223T001300Z \
(20241222T235800Z + 15 min.)
Credential should be scoped to a valid region.
MultiFactorAuthentication failed with invalid MFA one time pass code.
MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
number is valid and associated with this user.
MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial \
number is valid and associated with this user.
User: arn:aws:iam::999999999999:user/me is not authorized to perform: sts:GetSessionToken
User: arn:aws:iam::999999999999:user/me is not authorized to perform: sts:AssumeRole on \
resource: arn:aws:iam::999999999999:role/r
User: arn:aws:iam::999999999999:user/me is not authorized to perform: sts:GetSessionToken with \
an explicit deny
User: arn:aws:iam::999999999999:user/me is not authorized to perform: sts:GetSessionToken with \
an explicit deny in a service control policy
User: arn:aws:iam::999999999999:user/me is not authorized to perform: sts:AssumeRole on \
resource: arn:aws:iam::999999999999:role/r with an explicit deny in an identity-based policy
User: arn:aws:iam::999999999999:user/me is not authorized to perform: sts:GetSessionToken \
because no identity-based policy allows the sts:GetSessionToken action
User: arn:aws:iam::999999999999:user/me is not authorized to perform: sts:AssumeRole on \
resource: arn:aws:iam::999999999999:role/r because no permissions boundary allows the \
sts:AssumeRole action
Cannot call GetSessionToken with session credentials
Roles may not be assumed by root accounts.
STS is not activated in this region for account:999999999999. Your account administrator can \
activate STS in this region using the IAM Console.
The requested DurationSeconds exceeds the MaxSessionDuration set for this role.
The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining
Rate exceeded
Request has expired."""

OF_THE_NETWORK = """\
no connection within 10 s
no answer within 10 s
the connection closed unanswered
the answer is not STS's
the answer lacks what STS answers
HTTP 503 without an STS error
https://sts.us-east-1.amazonaws.com/: Connection refused
https://sts.us-east-1.amazonaws.com/: No route to host
https://sts.us-east-1.amazonaws.com/: Network is unreachable
https://sts.us-east-1.amazonaws.com/: Name or service not known
https://sts.us-east-1.amazonaws.com/: Temporary failure in name resolution
https://sts.us-east-1.amazonaws.com/: nodename nor servname provided, or not known
TLS trouble (wrong version number)
its certificate is refused (self-signed certificate; AWS_CA_BUNDLE names those that are trusted)
its certificate is refused (self-signed certificate in certificate chain; AWS_CA_BUNDLE names \
those that are trusted)
its certificate is refused (unable to get local issuer certificate; AWS_CA_BUNDLE names those \
that are trusted)
its certificate is refused (certificate has expired), or this machine's clock is wrong: \
2024-12-22 23:58 UTC
its certificate is refused (certificate is not yet valid), or this machine's clock is wrong: \
2024-12-22 23:58 UTC
the proxy of HTTPS_PROXY cannot be reached (Connection refused)
the proxy of HTTPS_PROXY asks for a user name and password (407)
the proxy of HTTPS_PROXY refuses the user name and password there (407)
the proxy of HTTPS_PROXY refuses to connect to sts.eu-west-1.amazonaws.com (403)"""

OF_QUESTIONS = """\
--no-input was given
CI=true is set
--stdin was given
credential-process never asks
there is no terminal
authkit is in the background of its terminal
ASIA… is the id of session credentials; take an IAM user's key (AKIA…)
an access key id (AKIA…) has 16 to 128 letters and digits
it cannot be blank
STS takes no security keys (u2f); use a device that shows six digits
an MFA ARN is written like arn:aws:iam::123456789012:mfa/user
a device is chosen by a number from 1 to 3, or by its ARN or serial number
a device is chosen by 1, or by its ARN or serial number
a duration is written like 36h, 1h30m, 45m, or in seconds like 3600
AWS grants sessions of 15m to 36h
AWS grants sessions of 15m to 36h; 12 is in seconds, 12h in hours
No command to run: it comes after '--'
Neither an identity nor a command is given
Give an identity or --all, not both"""

OF_WHAT_IS_KEPT = """\
process 12345
/home/me/.local/state/authkit/dev-admin.json: it is not JSON
it is of another version
it names another identity
its credentials cannot be sent
its region, account or principal is none
it is not what authkit writes
it is not JSON
its instants are out of bounds
it is not an object with a version
its fields are not texts of version 1
version 2; this one knows 1
access_key_id is missing
access_key_id: it cannot be blank
it was not unlocked; nobody can be asked here: --no-input was given
it asks for a password, and nobody can be asked here: CI=1 is set
what was written cannot be read back
group or others may write to it
it belongs to root, as after 'sudo authkit'
it belongs to another user
it is a folder, not a file
it has more than 1 MiB
it stands before any [section]
it stands before any [section] (it begins with a byte-order mark)
it has no key with a '='
it opens a section, and has no ']' to close it
it is not UTF-8
it gives the credentials of dev-admin
Read-only file system
Permission denied
command not found
the collection is locked
it was not unlocked
the question for its password was dismissed
the backend does not answer
none was found
keyring.backends.SecretService.Keyring raised TimeoutError
keyring.backends.SecretService.Keyring keeps nothing"""

OF_PROGRAMS = """\
was not found
was not found: oathtool
cannot be run (Permission denied)
cannot be run (Permission denied): ./code
printed no line
printed more than one line
printed more than 4096 bytes
failed with exit status 3
died of signal 9
took longer than 30 s
was stopped, since it wanted to use the terminal
did not print six digits
keeps printing a code that was sent before
its mode lets others write to it
it belongs to another user (uid 1001)"""

ALL = [
    text
    for texts in (OF_AWS, OF_THE_NETWORK, OF_QUESTIONS, OF_WHAT_IS_KEPT, OF_PROGRAMS)
    for text in texts.split("\n")
]

# Values by the names that templates give them: these tell nothing about anybody.
VALUES = {
    **dict.fromkeys(
        ("granted", "asked", "left", "most", "pause", "waited"),
        ("36h", "35h 59m", "1h30m", "2d 1h 5m 42s", "200ms", "3600"),
    ),
    **dict.fromkeys(
        ("expires", "until", "ended", "Last Updated"),
        ("2024-12-23 04:58:00 MST", "2024-12-23 04:58:00 +0530"),
    ),
    **dict.fromkeys(("tries", "status", "number", "minutes", "second"), ("4", "999999")),
    "instant": ("2024-12-23T11:58:00Z",),
    "Expires": (
        "2024-12-23 04:58:00 MST (12h 0m)",
        "2024-12-23 04:58:00 MST (12h 0m, not verified)",
        "2024-12-23 04:58:00 MST (12m, ends soon)",
        "2024-12-23 04:58:00 -07 (expired)",
        "2024-12-23 04:58:00 MST (ExpiredToken, says AWS)",
    ),
    "code": ("AccessDenied", "IDPCommunicationError", "no answer", "broken answer", "cannot ask"),
    "offset": (
        "your clock is 1 h 45 m behind AWS",
        "your clock is 16 m ahead of AWS",
        "the clock of this machine is wrong",
    ),
    **dict.fromkeys(
        ("region", "Region"), ("us-east-1", "ap-southeast-2", "cn-north-1", "us-gov-west-1")
    ),
    "stamp": ("20241222T235800Z",),
    "invalid": ("invalid", "invalid.", "expired"),
    "host": ("sts.amazonaws.com", "sts.eu-west-1.amazonaws.com", "sts.cn-north-1.amazonaws.com.cn"),
    "now": ("2024-12-22 23:58 UTC",),
    "action": ("sts:GetSessionToken",),
    "policy": (" in a service control policy", " in an identity-based policy"),
    "kind_of_policy": ("permissions boundary", "session policy"),
    "flag": ("true", "TRUE", "1", "yes"),
    "keys": ("aws_access_key_id", "aws_session_token, credential_process"),
    "settings": ("region", "region, role_arn", "sso_session, region"),
    "has": ("it has role_arn, source_profile", "it has credential_process"),
    "form": ("sh", "fish"),
    "state": (
        *("stored", "none", "other settings", "-", "unreadable", "locked", "corrupt"),
        *("later-version", "expired", "absent", "35h 0m", "aws/user"),
    ),
    "fields": ("access_key_id, secret_access_key, mfa_arn, session_duration",),
    "vendor": ("AWS",),
    "title": ("AWS Access Key ID", "MFA ARN"),
    "field": ("access_key_id", "session_duration"),
    "operation": (*("GetCallerIdentity", "GetSessionToken", "AssumeRole", "iam:ListMFADevices"),),
    "mark": ("✓", "✗", "⚠"),
    "kind": ("aws/user", "aws/assume-role"),
    "Provider": ("aws-user", "aws-assume-role"),
    "kept": ("MFA ARN", "Session Duration", "MFA ARN and Session Duration"),
    "setting": ("AUTHKIT_KEYRING_PASSPHRASE", "AUTHKIT_KEYRING_PASSPHRASE_COMMAND"),
    "json": ("expired", "absent", "unreachable", "throttled"),
}
