"""Write an entry to the keyring for each name on standard input, and say "kept" when it is there.

It says "ready" first, when it has what opens the keyring.  The keyring is the one that
authkit itself chooses in this environment.
"""

import sys

from authkit.adapters.world import RealWorld
from authkit.core.failures import KeyringTrouble

SERVICE, ENTRY = "authkit", '{"version": 1, "secret_access_key": "an entry"}'


def say(word: str) -> None:
    """Tell whoever started this."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Write until the input ends."""
    keyring = RealWorld(no_input=True).keyring
    keyring.unlock(writing=True)
    keyring.get_password(SERVICE, "nobody")
    say("ready")
    for line in sys.stdin:
        name = line.rstrip("\n")
        try:
            keyring.set_password(SERVICE, name, ENTRY)
            kept = keyring.get_password(SERVICE, name) == ENTRY
            say("kept" if kept else "lost")
        except KeyringTrouble as trouble:
            say(f"failed: {trouble}")


if __name__ == "__main__":
    main()
