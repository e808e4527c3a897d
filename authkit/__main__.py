"""``python -m authkit`` is the command ``authkit``."""

import sys

from authkit.cli import main

sys.exit(main())
