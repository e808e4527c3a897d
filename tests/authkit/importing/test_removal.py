"""Keys taken out of one of AWS's files: those two lines, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.importing import from_files, removal
from tests.authkit.aws_files.inis import as_botocore, good_files
from tests.authkit.importing.shapes import ID, PAIR, SECRET

if TYPE_CHECKING:
    from authkit.importing.found import Found

PATH = "/credentials"
OTHERS = "there are other keys by now"


def found(content: bytes, name: str, config: bytes | None = None) -> Found:
    """Return the identity that a profile is."""
    profiles = from_files.Profiles(
        from_files.config_file("/config", config), from_files.credentials_file(PATH, content)
    )
    (one,), _ = profiles.find([name])
    return one


@given(good_files(), st.integers(0, 9), st.integers(0, 9), st.sampled_from(["\n", "\r\n"]))
def test_the_two_lines(content: bytes, first: int, second: int, end: str) -> None:
    """B-S02: botocore reads the same less the keys; every other line is to the byte what it was."""
    lines = [f"[k]{end}", *(f"; {n}{end}" for n in range(10))]
    lines.insert(1 + first, f"aws_access_key_id = {ID}{end}")
    lines.insert(1 + second, f"aws_secret_access_key={SECRET}{end}")
    start = content.rstrip(b"\r\n") + end.encode() if content.strip() else b""
    whole = start + "".join(lines).encode()
    before = as_botocore(whole)
    assert before is not None
    made = removal.without_keys(whole, found(whole, "k"))
    kept = [line for line in lines if not line.startswith("aws_")]
    assert made.content == start + "".join(kept).encode()
    assert as_botocore(made.content) == before | {"k": {}}
    texts = [whole.splitlines()[number - 1] for number in made.lines]
    assert all(text.startswith(b"aws_") for text in texts)


@pytest.mark.parametrize(
    ("written", "now", "reason"),
    [
        (f"[a]\n{PAIR}", f"[a]\n{PAIR}[a]\n", "line 4: there is a section [a] above it already"),
        (
            f"[a]\n{PAIR}",
            f"[a]\naws_access_key_id = {ID}\n",
            "not both are in a section of their own",
        ),
        (f"[a]\n{PAIR}", "[b]\n", ""),
        (f"[a]\n{PAIR}", "[a]\nregion = x\n", ""),
        (f"[a]\n{PAIR}", f"[a]\n{PAIR}".replace(ID, "AKIAOTHEROTHEROTHERO"), OTHERS),
        (f"[a]\n{PAIR}", f"[a]\n{PAIR}".replace(SECRET, "another"), OTHERS),
        (f"[DEFAULT]\n{PAIR}[a]\n", f"[DEFAULT]\n{PAIR}[a]\n", "not both are in a section"),
        (
            f"[DEFAULT]\n{PAIR}[a]\n{PAIR}",
            f"[DEFAULT]\n{PAIR}[a]\n{PAIR}",
            "[DEFAULT] has keys too, which would count then",
        ),
    ],
)
def test_they_stay(written: str, now: str, reason: str) -> None:
    """The file is not changed, and the reason says what is in the way."""
    made = removal.without_keys(now.encode(), found(written.encode(), "a"))
    assert made.content is None
    assert made.reason.startswith(reason)


def test_lines_around_the_keys() -> None:
    """An indented setting, a comment or a blank value beside the keys does not keep them there."""
    text = f"[a]\n  x = y\n{PAIR}    # mine\n"
    below = f"[a]\nx =\n{PAIR}"
    assert as_botocore(text.encode()) is not None
    assert removal.without_keys(text.encode(), found(text.encode(), "a")).lines == (3, 4)
    assert removal.without_keys(below.encode(), found(below.encode(), "a")).lines == (3, 4)
    deep = f"[a]\nx = y\n{PAIR}  z = 1\n"
    assert as_botocore(deep.encode()) is not None


def test_keys_of_both_files() -> None:
    """Those of the config file would count then."""
    config = f"[profile a]\n{PAIR}".encode()
    content = f"[a]\n{PAIR}".encode()
    for now in (content, b"[b]\n"):  # those of the credentials file may be gone already
        made = removal.without_keys(now, found(content, "a", config))
        assert made.reason == "/config has keys for it too, which would count then"


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.data())
def test_lines_as_they_were(first: list[bool], data: st.DataObject) -> None:
    """The lines of a file that was edited are told as they were numbered before."""
    whole = [*range(1, len(first) + 1)]
    gone = [line for line in whole if first[line - 1]]
    left = [line for line in whole if line not in gone]
    data.draw(st.randoms()).shuffle(gone)
    assert [removal.as_before(at, gone) for at, _ in enumerate(left, 1)] == left
