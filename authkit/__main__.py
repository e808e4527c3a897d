"""Where the command begins and ends: ``authkit``, and ``python -m authkit``, are `main` here.

Nothing is imported outside of it, so that a Ctrl-C that comes before the first
line of the command is run ends it quietly (B-A02).
"""


def main() -> int:
    """Run the command line and return the exit status."""
    try:
        import gc

        gc.disable()  # a command is over before there is garbage worth looking for
        from authkit import cli

        status = cli.main()
        _let_go()
        gc.freeze()  # else the interpreter, ending, searches all it has for cycles
    except KeyboardInterrupt:
        return 130
    return status


def _let_go() -> None:
    """Give up what a stream does not take: the interpreter would try again, and exit with 120."""
    import os
    import sys

    for handle, stream in ((1, sys.stdout), (2, sys.stderr)):
        try:
            if stream and not stream.closed:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), handle)


if __name__ == "__main__":
    raise SystemExit(main())
