"""What libraries log is not shown."""

from __future__ import annotations

import sys

import pytest

from tests.support.pty_tools import finished

LOGGING = """
{}
try: raise MemoryError
except MemoryError:
    import logging
    logging.exception("code for hash %s was not found.", "md5")
    logging.getLogger("a.plug-in").warning("not loaded")
"""


@pytest.mark.parametrize(
    "before",
    [
        "from authkit.adapters import logs; logs.silence()",
        "from authkit.adapters.world import RealWorld; RealWorld().sts('eu-west-1')",
    ],
)
def test_silence(before: str) -> None:
    """B-A02: nothing that a library logs is shown, with or without a traceback."""
    assert not finished([sys.executable, "-c", LOGGING.format(before)]).stderr


def test_a_handler_of_somebody_else() -> None:
    """What was to be collected before authkit ran is collected."""
    before = (
        "import logging; logging.basicConfig()\nfrom authkit.adapters import logs; logs.silence()"
    )
    told = finished([sys.executable, "-c", LOGGING.format(before)]).stderr
    assert "code for hash md5 was not found" in told
    assert "not loaded" in told
