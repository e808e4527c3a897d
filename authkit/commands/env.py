"""authkit env: the session as variables, in a shell's spelling or as JSON.  On the cached path."""

from __future__ import annotations

import json

from authkit.core import environment, sessions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from authkit.arguments import Options
    from authkit.core.ports import World

# How each shell writes a variable: the line, and what is escaped within its quotes.
FORMATS = {
    "sh": ("export {}='{}'", {"'": "'\\''"}),
    "fish": ("set -gx {} '{}'", {"\\": "\\\\", "'": "\\'"}),
    "powershell": ("$Env:{} = '{}'", {"'": "''"}),
    "dotenv": ("{}={}", {"\n": "\\n"}),
}


def run(world: World, options: Options) -> int:
    """Print what `exec` would set.  Raises Failure when there is no session, StateTrouble."""
    name, cached = sessions.unexpired(world, options.given, options.name)
    variables = environment.variables(name, cached)
    if options.format == "json":
        world.screen.put(json.dumps(variables, indent=2))
    else:
        line, escapes = FORMATS[options.format]
        quoting = str.maketrans(escapes)
        lines = [line.format(name, value.translate(quoting)) for name, value in variables.items()]
        world.screen.put("\n".join(lines))
    return 0
