"""A plain boto3 script that `authkit login` and `authkit whoami` are compared with.

It reads the same keyring entry, makes the same boto3 client and makes the same
calls.  It does not check, recover, explain or save anything.
"""

import json
import os
import sys

import boto3
import botocore.session
import keyring
from botocore.config import Config

NO_FILE = (None, None, os.devnull, None)


def main(operation: str) -> None:
    """Call GetCallerIdentity with the stored keys, and for "login" also GetSessionToken."""
    entry = json.loads(keyring.get_password("authkit", "dev-admin") or "{}")
    session = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": NO_FILE,
            "credentials_file": NO_FILE,
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
