"""Run the command given as arguments as `authkit exec` does."""

import os
import sys

from authkit.adapters.job import Children
from authkit.core.failures import CannotRun

if __name__ == "__main__":
    try:
        sys.exit(Children().run(sys.argv[1:], os.environ))
    except CannotRun as trouble:
        sys.stderr.write(f"{trouble.reason}\n")
        sys.exit(trouble.status)
