"""Where the command begins: ``authkit``, and ``python -m authkit``, are `main` here.

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
        gc.freeze()  # else the interpreter, ending, searches all it has for cycles
    except KeyboardInterrupt:
        return 130
    return status


if __name__ == "__main__":
    raise SystemExit(main())
