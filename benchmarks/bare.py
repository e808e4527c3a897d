"""What `authkit login` and `whoami` are held against: the plain script one would write.

The same keyring entry is read, the same boto3 client made, the same calls made;
nothing is checked, recovered, explained or kept.
"""

import json
import os
import sys

import boto3
import botocore.session
import keyring
from botocore.config import Config

NOWHERE = (None, None, os.devnull, None)


def main(operation: str) -> None:
    """Ask STS who the stored keys are, and for a session when that is asked for."""
    entry = json.loads(keyring.get_password("authkit", "dev-admin") or "{}")
    session = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": NOWHERE,
            "credentials_file": NOWHERE,
        }
    )
    sts = boto3.Session(botocore_session=session).client(
        "sts",
        region_name="us-east-1",
        aws_access_key_id=entry["access_key_id"],
        aws_secret_access_key=entry["secret_access_key"],
        config=Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1}),
    )
    sys.stdout.write(sts.get_caller_identity()["Arn"] + "\n")
    if operation == "login":
        granted = sts.get_session_token(DurationSeconds=43200)["Credentials"]
        sys.stdout.write(f"{granted['Expiration']}\n")


if __name__ == "__main__":
    main(sys.argv[1])
