"""``python -m scenarios``: replay the stories and show them as a person would see them."""

import sys

from scenarios.replay.command import main

sys.exit(main())
