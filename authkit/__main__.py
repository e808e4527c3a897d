"""Where the command begins: ``authkit``, and ``python -m authkit``, are `main` here.

Nothing is imported outside of it, so that a Ctrl-C that comes before the first
line of the command is run ends it quietly (B-A02).
"""


def main() -> int:
    """Run the command line and return the exit status."""
    try:
        from authkit import cli

        return cli.main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
