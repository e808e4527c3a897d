"""A command for test_planted: prints a duration as this process reads it, and a child's."""

import subprocess
import sys

if __name__ == "__main__":
    if "--for-ever" in sys.argv:
        while True:
            pass
    SHOW = "from authkit.core.durations import parse; print(parse('90s'))"
    told = subprocess.check_output(  # noqa: S603 - our own
        [sys.executable, "-c", SHOW], text=True, start_new_session=True
    )
    sys.stdout.write(told)
    from authkit.core.durations import parse

    sys.stdout.write(f"{parse('90s')}\n")
