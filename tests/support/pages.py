"""Pages of the documentation, for tests that run what is printed there."""

from __future__ import annotations

import re


def blocks(page: str, language: str) -> list[str]:
    """Return the code blocks of a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
