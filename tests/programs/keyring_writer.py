"""Write to the keyring an entry for each line ``NAME<TAB>TEXT`` of standard input; read it back.

It says "ready" first, when it has what opens the keyring, and after each line "kept",
"lost" or "failed".  With names as arguments it says what it reads for each instead.
The keyring is the one that authkit itself chooses in this environment.
"""

import os
import sys

from keyring import get_keyring

from authkit.adapters.world import RealWorld
from authkit.core.failures import KeyringTrouble

SERVICE = "authkit"


def say(word: object) -> None:
    """Tell whoever started this."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Write until the input ends, or read what is asked for."""
    if key := os.environ.get("KEYRING_WRITER_KEY"):  # for a backend that would ask
        vars(get_keyring())["keyring_key"] = key
    keyring = RealWorld(no_input=True).keyring
    try:
        for name in sys.argv[1:]:
            say(keyring.get_password(SERVICE, name))
    except KeyringTrouble as trouble:
        say(trouble)
    if sys.argv[1:]:
        return
    keyring.unlock(writing=True)
    keyring.get_password(SERVICE, "nobody")
    say("ready")
    for line in sys.stdin:
        name, _, text = line.rstrip("\n").partition("\t")
        try:
            keyring.set_password(SERVICE, name, text)
            say("kept" if keyring.get_password(SERVICE, name) == text else "lost")
        except KeyringTrouble as trouble:
            say(f"failed: {trouble}")


if __name__ == "__main__":
    main()
