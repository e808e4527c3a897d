"""The names of the identities in a config file, without parsing its values.  Pure.

For the shells' completions, which a person waits for at every Tab: tomllib takes longer than
the rest of what they do.  Only table headers, and the keys above and in ``[identities]``, are
read.  Of the other lines it is checked that they may be TOML.
"""

from __future__ import annotations

from authkit.core.names import is_name, normal

TABLE = "identities"
_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_VALUES = frozenset("\"'[{+-0123456789tfin")  # what a value may begin with
_MAY_GO_ON = ('"""', "'''", "[", "{")  # what a value of several lines has on its first


def names(content: bytes) -> set[str]:
    """Return the names, in NFC, of all tables in the table of identities.

    An inline table (``identities = { … }``) is not looked into.  Raises ValueError for what
    is seen not to be TOML, and for a name that no identity can have.
    """
    found = set[str]()
    table: list[str] = []
    string, depth = "", 0  # of the value in which a line begins
    for line in content.decode("utf-8-sig").split("\n"):
        text = line.strip(" \t\r")
        if string or depth:
            string, depth = _at_end(line, string, depth)
        elif text.startswith("["):
            table = key = _header(text)
            found.update(key[1:2] if key[0] == TABLE else ())
        elif text and not text.startswith("#"):
            key, value = _pair(text, table)
            found.update(key[1:2] if key[:1] == [TABLE] else ())
            if any(begin in value for begin in _MAY_GO_ON):
                string, depth = _at_end(value, "", 0)
    if string or depth:
        raise ValueError("a value has no end")
    found = {normal(name) for name in found}
    if not all(map(is_name, found)):
        raise ValueError("that cannot be the name of an identity")
    return found


def _header(text: str) -> list[str]:
    """Return the parts of a table's name; of an array of tables [""]."""
    key, at = _key(text, 1 + text.startswith("[["))
    closing = "]]" if text.startswith("[[") else "]"
    rest = text[at:].removeprefix(closing).lstrip()
    if not text.startswith(closing, at) or rest[:1] not in {"", "#"}:
        raise ValueError("that is no header of a table")
    return [""] if closing == "]]" else key


def _pair(text: str, table: list[str]) -> tuple[list[str], str]:
    """Return the parts of a line's key with its table's, and the text of its value.

    In the tables of identities, whose keys name no identity, the key is not read.
    """
    key = list(table)
    if len(table) < 2:
        parts, at = _key(text, 0)
        key += parts
        equals, value = text[at : at + 1], text[at + 1 :]
    else:
        _, equals, value = text.partition("=")
    value = value.lstrip()
    if not equals or value[:1] not in _VALUES:
        raise ValueError("that is neither a table nor a key with a value")
    return key, value


def _key(text: str, at: int) -> tuple[list[str], int]:
    """Return the parts of the dotted key that begins at a place, and where it ends."""
    parts = []
    while True:
        at = _without_blanks(text, at)
        begin, quote = at, text[at : at + 1]
        if quote in {'"', "'"}:
            at = _closing(text, at + 1, quote)
            part = text[begin + 1 : at]
            at += 1
            if quote == '"' and "\\" in part:
                part = part.encode("latin-1", "backslashreplace").decode("unicode_escape")
        else:
            while text[at : at + 1] in _BARE:
                at += 1
            part = text[begin:at]
        if not part:
            raise ValueError("a key is missing")
        parts.append(part)
        at = _without_blanks(text, at)
        if text[at : at + 1] != ".":
            return parts, at
        at += 1


def _without_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in {" ", "\t"}:
        at += 1
    return at


def _closing(text: str, at: int, quote: str) -> int:
    """Return where the quote stands that ends the key which begins at a place."""
    while text[at : at + 1] != quote:
        if at >= len(text):
            raise ValueError("a quote is missing")
        at += 2 if text[at] == "\\" and quote == '"' else 1
    return at


def _at_end(text: str, string: str, depth: int) -> tuple[str, int]:
    """Return in which string, and in how many arrays and tables, a value's line ends.

    `string` and `depth` are those in which it begins; a string is known by its quotes.
    """
    at = 0
    while at < len(text):
        letter = text[at]
        if string:
            if letter == "\\" and string[0] == '"':
                at += 1
            elif text.startswith(string, at):
                at += len(string) - 1
                while len(string) == 3 and text[at + 1 : at + 2] == letter:
                    at += 1  # a string of several lines may end in quotes of its own
                string = ""
        elif letter == "#":
            break
        elif letter in "\"'":
            string = letter * 3 if text.startswith(letter * 3, at) else letter
            at += len(string) - 1
        else:
            depth += (letter in "[{") - (letter in "]}")
        at += 1
    if len(string) == 1:
        raise ValueError("a quote is missing")
    return string, depth
