"""Builds the site: ``python -m docs.site [DIR]``, by default into build/site.

DIR is replaced.  Nothing is taken from the network.  Needs the extra `site`.  A warning
of Zensical's, such as a link that leads nowhere, ends it with exit status 1.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from docs.site import sources


def main(arguments: list[str]) -> int:
    """Build the site into a folder; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m docs.site", description=__doc__)
    parser.add_argument("folder", nargs="?", default="build/site", metavar="DIR")
    target = Path(parser.parse_args(arguments).folder)
    if target.exists() and not (target / "sitemap.xml").exists():
        print(f"{target} is not a site that was built before: name another folder", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="site-") as name:
        folder = Path(name)
        sources.write(folder)
        for command in (
            ("scenarios", "--level", "fakes", "--html", str(folder / "docs" / sources.STORIES)),
            ("zensical", "build", "--strict", "--config-file", str(folder / "zensical.toml")),
        ):
            done = subprocess.run(  # noqa: S603 - ours, and Zensical
                [sys.executable, "-m", *command],
                cwd=sources.ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode:
                print(done.stdout, file=sys.stderr)
                return 1
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder / "site", target)
    print(f"{target / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
