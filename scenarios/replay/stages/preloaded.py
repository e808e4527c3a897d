"""What a process of level terminal would import anyway: `forked` forks after these imports.

Only libraries, and the launcher.  They look up ``time.sleep`` and what else the launcher
replaces when they call it, and read no variable of the environment while they are imported,
as the keyring library does.  authkit's own modules are imported by each process itself.
"""

import boto3.session  # noqa: F401
import botocore.client
import botocore.httpsession  # noqa: F401
from freezegun import freeze_time

import fakes.world.launcher  # noqa: F401

# freezegun keeps what it finds in the modules that are there.
with freeze_time():
    pass
