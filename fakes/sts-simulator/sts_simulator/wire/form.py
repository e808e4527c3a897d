"""The fields of query strings and forms, read in short slices.

STS accepts forms of 10,000,000 bytes, which may be millions of fields or one field
with millions of escapes.  The standard library's parser holds the interpreter for
seconds with them, and no other request would be answered meanwhile.
"""

from __future__ import annotations

import codecs
import time
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_NAMES = 10_000  # no operation has a tenth of them
SLICE = 16 * 1024  # bytes: at most about a millisecond of work
_PAUSE = 0.0005  # seconds; after a sleep of 0 the same thread mostly goes on


def first_values(
    *texts: bytes, pause: Callable[[], None] = lambda: time.sleep(_PAUSE)
) -> dict[str, str]:
    """Return the fields of the texts by name; of several with the same name the first counts.

    A field without ``=`` has the value "".  Bytes that are not UTF-8 become U+FFFD.
    No more than `MOST_NAMES` names are read.  `pause` is called after each slice of a
    long text, so that other threads run.
    """
    found: dict[str, str] = {}
    for name, value in _fields(texts, pause):
        found.setdefault(name, value)
        if len(found) == MOST_NAMES:
            break
    return found


def _fields(texts: Iterable[bytes], pause: Callable[[], None]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each field, equal ones of a slice once."""
    for text in texts:
        for fields in _slices(text):
            for field in filter(None, dict.fromkeys(fields.split(b"&"))):
                name, _, value = field.partition(b"=")
                yield _decoded(name, pause), _decoded(value, pause)
            if len(text) > SLICE:
                pause()


def _slices(text: bytes) -> Iterator[bytes]:
    """Yield the text in parts that end between two fields, each about `SLICE` long."""
    start = 0
    while start < len(text):
        end = text.find(b"&", start + SLICE)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


def _decoded(text: bytes, pause: Callable[[], None]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    parts = []
    start = 0
    while start < len(text):
        end = start + SLICE
        if (escape := text.rfind(b"%", end - 2, end)) > start:
            end = escape  # an escape is three bytes long
        plain = text[start:end].replace(b"+", b" ")
        parts.append(decoder.decode(unquote_to_bytes(plain)))
        start = end
        if start < len(text):
            pause()
    return "".join([*parts, decoder.decode(b"", final=True)])
