"""INI files for tests: made of lines that mean something to AWS's readers, by hypothesis."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError
from hypothesis import strategies as st

HEADERS = (
    *("[default]", "[profile a]", '[profile "a b"]', "[profile a] # mine", "[DEFAULT]", "[b]"),
    *("[sso-session s]", "[profile é]", "[]", "[c", "[d]e]", "[ profile a ]"),
)
ENTRIES = (
    *("region = eu-west-1", "region=us-east-1", "Region: x", "output = json ; no comment"),
    *("aws_access_key_id = AKIAXXXXXXXXXXXXXXXX", "aws_secret_access_key = a=b:c#d", "s3 ="),
    *("max_concurrent_requests = 20", "credential_process = /x y", "= no key", "no value", "a ="),
)
ODD = ("", "", "   ", "# a comment", "; another", "#", "\x0c", "\u2028", "\ufeff", "é = ü")
INDENTS = st.sampled_from(["", "", "", "", " ", "  ", "    ", "\t", "\xa0"])
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
LINES = st.tuples(INDENTS, st.sampled_from([*HEADERS, *ENTRIES, *ENTRIES, *ODD]), ENDS)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Return the bytes of a file, which botocore may refuse."""
    lines = draw(st.lists(LINES, max_size=12))
    text = draw(st.sampled_from(["", "", "", "", "\ufeff"])) + "".join(map("".join, lines))
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    return text.encode() + draw(st.sampled_from([b"", b"", b"", b"", b"\xff"]))


@st.composite
def good_files(draw: st.DrawFn) -> bytes:
    """Return the bytes of a file that botocore reads: its sections and keys are all different."""
    end = draw(ENDS)
    lines, keys = [], iter(f"key{number}" for number in range(99))
    for name in draw(st.lists(st.sampled_from("abcdef"), unique=True)):
        lines += draw(st.lists(st.sampled_from(["", "# above", "  ; above"]), max_size=2))
        lines.append(draw(st.sampled_from(["", "", "", "  "])) + f"[profile {name}]")
        for _ in range(draw(st.integers(0, 4))):
            lines += draw(st.lists(st.sampled_from(["", "# in", "  # in", "\t"]), max_size=1))
            lines.append(draw(st.sampled_from(["", "", "", "  "])) + f"{next(keys)} = value")
            lines += draw(
                st.lists(st.sampled_from(["    below = 1", "", "      # in"]), max_size=2)
            )
    return (end.join(lines) + draw(st.sampled_from(["", end, end + end]))).encode()


def as_botocore(content: bytes) -> dict[str, dict[str, str]] | None:
    """Return what botocore reads, values as texts; None where it refuses the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config")
        path.write_bytes(content)
        with contextlib.suppress(ConfigParseError):
            raw_config_parse(str(path))  # with the settings below `s3 =`
            found: dict[str, dict[str, str]] = raw_config_parse(str(path), parse_subsections=False)
            return found
    return None
