"""A command for test_planted: prints a duration as this process reads it, and a child's."""

import subprocess
import sys

if __name__ == "__main__":
    if "--for-ever" in sys.argv:
        while True:
            pass
    SHOW = "from authkit.core.durations import parse; print(parse('90s'))"
    sys.stdout.write(subprocess.check_output([sys.executable, "-c", SHOW], text=True))  # noqa: S603 - our own
    from authkit.core.durations import parse

    sys.stdout.write(f"{parse('90s')}\n")
