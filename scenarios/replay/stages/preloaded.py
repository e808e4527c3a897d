"""What a process of authkit's would import anyway: `forked` forks after these imports.

Only libraries, and the launcher.  They look up ``time.sleep`` and what else the launcher
replaces when they call it, and read no variable of the environment while they are imported.
authkit's own modules, and the keyring library's backends, which enter themselves into a list
when they are imported, are imported by each process itself.
"""

import boto3.session  # noqa: F401
import botocore.client
import botocore.httpsession  # noqa: F401
import cryptography.hazmat.primitives.ciphers.aead
import cryptography.hazmat.primitives.kdf.scrypt  # noqa: F401
import keyring.core
import keyring.errors  # noqa: F401
from freezegun import freeze_time

import fakes.world.launcher  # noqa: F401

# freezegun keeps what it finds in the modules that are there.
with freeze_time():
    pass
