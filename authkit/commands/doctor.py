"""authkit doctor: what is wrong on this machine, and what mends it.

It asks nobody, and without --probe changes nothing.  What is looked at is in
``authkit.doctor``.
"""

from __future__ import annotations

import json

from authkit.core.failures import FAILED
from authkit.doctor.checks import examine
from authkit.doctor.words import WRONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World


def run(world: World, options: Options) -> int:
    """Show the findings; return 1 if any is a fault.  Raises Failure where stdout is broken."""
    found = list(examine(world, options))
    if options.output == "json":
        world.screen.put(json.dumps([f.facts(check) for check, f in found], indent=2))
    else:
        world.screen.put("\n".join(f.shown(check) for check, f in found))
    return FAILED if any(f.mark == WRONG for _, f in found) else 0
