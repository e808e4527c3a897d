"""Facts and messages to text.  Pure: what is shown depends on what is passed in.

Every value from outside goes through `visible` before it is put into a message
(B-A01).  Marks and colours are added by the screen (``adapters.terminal``).
"""

from __future__ import annotations

from time import gmtime, localtime, strftime

from authkit.core.model import DEFAULT_REGION
from authkit.core.names import IGNORABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from authkit.core.model import CachedSession

_UNQUOTED = "._/@:+=,-"  # beside letters and digits: marks that no shell reads
_BARE = "_-"  # and those that TOML takes in a key without quotes
NEAR = 0.6
WIDTH = 80  # columns of a line, where it can be broken


def visible(value: object) -> str:
    """Return the value's text with control characters, and what is not text, as escapes."""
    text = str(value)
    if not text.isprintable():
        text = "".join(_escape(c) if _controls(ord(c)) else c for c in text)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _controls(code: int) -> bool:
    """Tell whether it is C0, DEL, C1 (U+009B starts a sequence) or a bidirectional control."""
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or code in {0x061C, 0x200E, 0x200F, 0x2028, 0x2029}
        or 0x202A <= code < 0x202F
        or 0x2066 <= code < 0x206A
    )


def _escape(character: str) -> str:
    return f"\\x{ord(character):02x}" if character <= "\xff" else f"\\u{ord(character):04x}"


class Visible(str):
    """Text in which control characters are visible already; it may have several lines."""

    __slots__ = ()


class Template(str):
    """A text as the tables have it, whose placeholders are those of the message it is put into."""

    __slots__ = ()


def _unseen() -> str:
    """Return a pattern for what cannot be seen in an answer (B-K06).

    Escape sequences, as arrow keys send them, control characters, separators of lines,
    marks of annotations, and what Unicode says to ignore, bidirectional controls among it.
    """
    ignorable = "".join(f"{chr(first)}-{chr(last)}" for first, last in IGNORABLE)
    controls = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb"
    return rf"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~])|[{controls}{ignorable}]"


def typed(answer: str) -> str:
    """Return an answer without blanks at its ends, and without what cannot be seen there."""
    from re import DOTALL, findall, fullmatch

    pattern = _unseen()
    parts = findall(f"{pattern}|.", answer, DOTALL)
    seen = [n for n, part in enumerate(parts) if not fullmatch(rf"\s|{pattern}", part)]
    return "".join(parts[seen[0] : seen[-1] + 1]) if seen else ""


def unseen(text: str, before: str = "") -> Visible:
    """Return a clause about what cannot be seen in a text, behind `before`; "" for nothing."""
    from re import findall

    found = dict.fromkeys(findall(_unseen(), text))
    shown = ", ".join("".join(map(_escaped, part)) for part in found)
    return Visible(shown and f"{before}it holds {shown}, which cannot be seen")


def refuse_unseen(text: str) -> None:
    """Raise ValueError, with a clause, if there is anything in a text that cannot be seen."""
    if clause := unseen(text):
        raise ValueError(clause)


def refusal(reason: object) -> Visible:
    """Return the line that says why an answer is refused."""
    clause = str(reason)
    return text("answer-refused", reason=clause[:1].upper() + clause[1:])


def _escaped(character: str) -> str:
    return character if " " < character <= "~" else ascii(character)[1:-1]


def fill(template: str, /, **values: object) -> Visible:
    """Return the template with its values made visible, unless they are already.

    A value that is a Template is filled with the other values first.
    """
    shown = {key: v if isinstance(v, Visible) else visible(v) for key, v in values.items()}
    for key, value in values.items():
        if isinstance(value, Template):
            shown[key] = value.format_map(shown)
    return Visible(template.format_map(shown))


def quoted(name: str) -> str:
    """Return a name as a word for a shell.

    Double quotes are enough for every shell, since no name has a character that
    means something within them, and can stand in a message's single quotes.
    """
    return name if _has_only(name, _UNQUOTED) else f'"{name}"'


def _has_only(name: str, marks: str) -> bool:
    """Tell whether a name is of ASCII's letters and digits and these marks."""
    return name.isascii() and all(c.isalnum() or c in marks for c in name)


def text(name: str, /, **values: object) -> Visible:
    """Return the message of this name, filled; a Template is the message itself."""
    if isinstance(name, Template):
        return fill(name, **values)
    from authkit.core.status_messages import STATUS_MESSAGES  # whoami alone needs it

    if name in STATUS_MESSAGES:
        return fill(STATUS_MESSAGES[name], **values)
    from authkit.core.messages import MESSAGES  # nobody needs it on the cached path

    return fill(MESSAGES[name], **values)


def rows(facts: Iterable[tuple[str, str]]) -> Visible:
    """Return facts as aligned rows, those without a value left out (B-W02)."""
    filled = [(title, value) for title, value in facts if value]
    width = max((len(title) for title, _ in filled), default=0)
    return Visible("\n".join(f"  {title:<{width}}   {visible(value)}" for title, value in filled))


def table(lines: Iterable[tuple[str, ...]]) -> Visible:
    """Return lines as columns two blanks apart."""
    shown = [tuple(map(visible, line)) for line in lines]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    padded = (map(str.ljust, line, widths) for line in shown)
    return Visible("\n".join("  ".join(cells).rstrip() for cells in padded))


def listed(lines: Iterable[tuple[str, ...]]) -> list[Visible]:
    """Return lines as columns, as `table` does, one text for each.

    Where one would be over 80 columns, the last column of each is below the others.
    """
    lines = [*lines]
    made = [*map(Visible, table(lines).split("\n"))] if lines else []
    if all(len(line) <= WIDTH for line in made):
        return made
    heads, indent = table(line[:-1] for line in lines).split("\n"), " " * 4
    below = [line[-1] and "\n" + folded(indent + visible(line[-1]), indent) for line in lines]
    return [Visible(head + more) for head, more in zip(heads, below, strict=True)]


def folded(text: str, indent: str = "  ", width: int = WIDTH) -> Visible:
    """Return a text with its lines broken at blanks where they are over `width` columns.

    What goes on in the next line stands behind `indent`.  A command in single quotes is not
    broken: it is to be copied.
    """
    lines = []
    for whole in text.split("\n"):
        line = whole
        while len(line) > width and (end := _fold(line, width, len(indent))):
            lines.append(line[:end])
            line = indent + line[end + 1 :]
        lines.append(line)
    return Visible("\n".join(lines))


def _fold(line: str, width: int, least: int) -> int:
    """Return where to break a line, 0 for nowhere: at the last blank that fits, else the first.

    Behind a punctuation mark it is better, where that leaves no short line.
    """
    from re import finditer

    kept = [found.span() for found in finditer(r"(?<!\w)'[^']*'", line)]
    blanks = [found.start() for found in finditer(r"(?<=\S) (?=\S)", line)]
    free = [at for at in blanks if at > least and not any(a < at < b for a, b in kept)]
    fit = [at for at in free if at <= width] or free[:1]
    parted = [at for at in fit if at > width / 2 and line[at - 1] in ",;:"]
    return max(parted or fit, default=0)


def instant(seconds: int, zone: tzinfo | None) -> str:
    """Return an instant as ``2024-12-24 04:58:00 MST``; None is the zone of the machine."""
    form = "%Y-%m-%d %H:%M:%S %Z"
    if zone is None:
        return strftime(form, localtime(seconds))
    from datetime import datetime  # not needed on the cached path

    return datetime.fromtimestamp(seconds, zone).strftime(form)


LOGIN_ROWS = ("Provider", "Identity", "Account", "Region", "Expires")
WHOAMI_ROWS = ("Provider", "Identity", "Principal", "Account", "Region", "Expires", "Last Updated")
EXPIRED_ROWS = ("Provider", "Identity", "Expires", "Last Updated")


def session_rows(
    titles: tuple[str, ...], name: str, cached: CachedSession, zone: tzinfo | None, remark: str
) -> Visible:
    """Return these rows about a session; `remark` stands in brackets after Expires."""
    session = cached.session
    facts = {
        "Provider": provider(cached.kind),
        "Identity": name,
        "Principal": cached.principal,
        "Account": cached.account,
        "Region": "" if cached.variables else cached.region or DEFAULT_REGION,
        "Expires": f"{instant(session.expiration, zone)} ({remark})",
        "Last Updated": instant(session.granted, zone),
    }
    return rows((title, facts[title]) for title in titles)


def granted_less(cached: CachedSession, vendor: str) -> str:
    """Return what is said of a session that is shorter than was asked for (B-L22)."""
    from authkit.core import durations

    session = cached.session
    granted, asked = session.expiration - session.granted, cached.duration
    spelt = {"granted": durations.spell(granted), "asked": durations.spell(asked)}
    if cached.variables:  # of a kind from elsewhere
        return text("granted-less-elsewhere", vendor=vendor, **spelt)
    return text("granted-less", **spelt)


def remark(left: float, *, valid: bool | None, said: str) -> str:
    """Return what stands in brackets after Expires: what is left, or what AWS said (B-W03).

    `valid` is None when nothing is known.
    """
    from authkit.core import durations

    if valid is False:
        return f"{said}, says AWS"
    spelt = durations.left(left) + (", ends soon" if left < durations.SOON else "")
    return spelt if valid else f"{spelt}, not verified"


def provider(kind: str) -> str:
    """Return a kind's name as it is shown: ``aws-user``."""
    return kind.replace("/", "-")


def clock_is_off(offset: float | None) -> str:
    """Return in words how far the caller's clock is off, in seconds; None is a time not known.

    A request is on its way for some seconds, by which a clock that is ahead looks less so.
    """
    if offset is None:
        return "the clock of this machine is wrong"
    hours, minutes = divmod(int(abs(offset) + (offset < 0) * 5) // 60, 60)
    spelt = f"{hours} h {minutes} m" if hours else f"{minutes} m"
    return f"your clock is {spelt} {'behind' if offset > 0 else 'ahead of'} AWS"


def rfc3339(seconds: int) -> str:
    """Return an instant as AWS writes it: ``2024-12-24T11:58:00Z``."""
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(seconds))


def json_object(facts: Mapping[str, object]) -> str:
    """Return what ``json.dumps(facts, indent=2)`` does; `facts` is not empty."""
    lines = ",\n".join(f"  {_as_json(name)}: {_as_json(value)}" for name, value in facts.items())
    return f"{{\n{lines}\n}}"


def _as_json(value: object) -> str:
    if isinstance(value, str) and value.isascii() and value.isprintable():
        if '"' not in value and "\\" not in value:
            return f'"{value}"'
    elif value is None or isinstance(value, int):
        return {"None": "null", "True": "true", "False": "false"}.get(f"{value}", f"{value}")
    from json import dumps  # not needed on the cached path

    return dumps(value)


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Return the names, those most like `name` first."""
    return sorted(names, key=lambda other: (-_likeness(name, other), other))


def nearest_is(word: str, words: Iterable[str]) -> str:
    """Return the end of a sentence that names the nearest of the words, "" if none is near.

    Near is a ratio of difflib's of 0.6 or more (B-A05).
    """
    near = nearest(word, words)[:1]
    return f"; the nearest is {near[0]}" if near and _likeness(word, near[0]) >= NEAR else ""


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other).ratio()


def table_name(name: str) -> str:
    """Return how the config file writes an identity's table: a dot in a bare key divides it."""
    return f"identities.{name}" if _has_only(name, _BARE) else f'identities."{name}"'
