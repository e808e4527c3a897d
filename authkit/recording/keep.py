"""What a recording may keep: authkit's own words, and values of known forms.

This is a list of what is kept, not of what is left out.  A text on the screen is kept where
it is one of authkit's own templates, and then each value in it is dealt with by the name that
the template gives it (`_VALUES`).  Names, ids, addresses and paths get invented ones.  A text
from outside is kept where it is known (``known.KNOWN``); of any other its length is kept.
"""

from __future__ import annotations

import json
import re
from shlex import quote

from authkit.arguments import COMMANDS
from authkit.codes import devices
from authkit.core import render
from authkit.core.keyring_hints import hint as keyring_hint
from authkit.core.kinds import TOKEN
from authkit.core.model import MASK, masked
from authkit.recording import templates
from authkit.recording.invented import PARTITIONS, Invented
from authkit.recording.known import (
    BACKEND,
    CHILD,
    COMMAND_WORDS,
    COMMANDS_TO_RUN,
    EMPTY_BACKENDS,
    FIELDS,
    FORMS,
    LEFT_OUT,
    NO_TERMINAL,
    NULL_DEVICE,
    OF_JSON,
    OF_OPTION,
    PLACEHOLDERS,
    PRINT_CODE,
    PROCESS,
    PROXY,
    ROWS,
    SPELLINGS,
    TAKES,
    TELLING,
    WORDS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


CODE, PASSPHRASE = "code", "passphrase"  # what is asked for, beside fields
# What the keyring of the replaying world asks, and takes.
_QUESTION, _TYPED = "Passphrase of the keyring: ", "the-passphrase"
_SECRET = re.compile(r"[A-Za-z0-9+/=]{20,}")  # what looks like one, and is as long
_SHORT = 3  # characters


class Keep(Invented):
    """Turns texts into what may be written of them.

    `texts`: texts from outside are kept too (--record-texts), with known values replaced.
    `left_out` are the texts that were not kept.
    """

    def __init__(self, *, texts: bool = False, state: str = "") -> None:
        super().__init__(state)
        self.left_out: set[str] = set()
        self._texts = texts

    # Texts.

    def outside(self, text: str) -> str:
        """Return a text from outside if it is known or texts are kept, else its length.

        Of an unknown one that much is kept that a rule looks for.
        """
        text = render.visible(text).strip()  # as it is shown
        text = NO_TERMINAL if text == NULL_DEVICE else text  # the replaying world has no such input
        if not text or LEFT_OUT.fullmatch(text):
            return text
        if (kept := self._told(templates.known(), text)) is not None:
            return kept
        first = text[0].swapcase() + text[1:]  # a reason begins a sentence
        if (kept := self._told(templates.known(), first)) is not None:
            return kept[0].swapcase() + kept[1:]
        if self._texts:
            return self._replaced(text)
        self.left_out.add(text)
        telling = "".join(f": {found[0]}" for words in TELLING if (found := words.search(text)))
        return f"<text of {len(text)} characters{telling}>"

    def given(self, text: str) -> str:
        """Return the length of what the person gave authkit: it may hold a secret anywhere.

        An answer, a keyring entry, a config file, standard input: --record-texts keeps none.
        """
        text = render.visible(text).strip()
        if not text or LEFT_OUT.fullmatch(text):
            return text
        self.left_out.add(text)
        return super().outside(text)

    def screen(self, text: str) -> str:
        """Return a text that authkit has shown."""
        if (kept := self._told(templates.messages(), text)) is not None:
            return kept
        above, newline, last = text.rpartition("\n")
        if newline and (kept := self._told(templates.messages(), last.strip())) is not None:
            indent = last[: len(last) - len(last.lstrip())]
            return f"{self.screen(above)}\n{indent}{kept}"
        return self.outside(text)

    def data(self, text: str) -> str:
        """Return what a command has put on its standard output."""
        if text.startswith("IDENTITY "):
            cells = [re.split(" {2,}", line) for line in text.split("\n")]
            rows = [
                (self.identity(c[0]), *(self.value("state", cell) for cell in c[1:]))
                for c in cells[1:]
            ]
            return render.table([tuple(cells[0]), *rows])
        if text[:1] in "{[":
            return json.dumps(self._json(json.loads(text)), indent=2)
        return self.screen(text)

    def question(self, text: str, *, secret: bool) -> tuple[str, str]:
        """Return a question, and the name of the field that is asked for, "" if none is known.

        One for a secret that is no field is a keyring backend's.
        """
        if text == TOKEN.text:
            return text, CODE
        for field in (*FIELDS.values(), devices.question()):
            plain = field.label().rstrip()[:-1]
            if match := re.fullmatch(rf"{re.escape(plain)}(?: \[(.*)\])?: ", text):
                return field.label(self.answer(field.name, match[1] or "")), field.name
        return (_QUESTION, PASSPHRASE) if secret else (self.outside(text), "")

    def answer(self, field: str, typed: str) -> str:
        """Return what was typed for a field, or is stored in it."""
        if typed in {"", "-", MASK}:
            return typed
        return _ANSWERS.get(field, Keep.given)(self, typed)

    def _checked(self, field: str, typed: str, invent: Callable[[str], str]) -> str:
        """Return an invented value for one that the field takes."""
        try:
            FIELDS[field].checked(typed)
        except ValueError:
            return self.given(typed)
        return invent(typed)

    def _key(self, typed: str) -> str:
        if re.fullmatch(r"ASIA\w{12,124}", typed, re.ASCII):  # of a session, and refused as that
            return self.key_id(typed)
        return self._checked("access_key_id", typed, self.key_id)

    def _device(self, typed: str) -> str:
        number = re.fullmatch(r"\d{1,8}", typed, re.ASCII)
        return typed if number else self._checked("mfa_arn", typed, self.serial)

    def _duration(self, typed: str) -> str:
        return typed if re.fullmatch(FORMS["asked"], typed) else self.given(typed)

    def line(self, words: Sequence[str]) -> list[str]:
        """Return the words of a command line of authkit's, without the program's name."""
        kept: list[str] = []
        takes = ""
        for word in words:
            spelt, equals, value = word.partition("=")
            if takes:
                name = OF_OPTION.get(takes, "reason")
                kept.append(word if word in PLACEHOLDERS else self.value(name, word))
                takes = ""
            elif spelt in SPELLINGS:
                takes = "" if equals else TAKES.get(SPELLINGS[spelt], "")
                name = OF_OPTION.get(TAKES.get(SPELLINGS[spelt], ""), "reason")
                kept.append(f"{spelt}={self.value(name, value)}" if equals else spelt)
            elif word in COMMAND_WORDS or word in PLACEHOLDERS:
                kept.append(word)
            else:
                known = self._is_identity(word)
                kept.append(self.identity(word) if known else self.outside(word))
        return kept

    def value(self, name: str, text: str) -> str:
        """Return a value that a template calls `name`."""
        if name in FORMS:
            return text if re.fullmatch(FORMS[name], text) else self.outside(text)
        if name in WORDS:
            return text if text in WORDS[name] else self.outside(text)
        return _VALUES.get(name, Keep.outside)(self, text) if text else text

    def _command(self, text: str) -> str:
        """Return a command that a message tells to run, or the one that exec was to run."""
        program, *words = _split(text)
        if program != "authkit" and program not in COMMANDS:
            return CHILD
        return " ".join([program, *(quote(w) if w != "…" else w for w in self.line(words))]) + (
            " " if text.endswith(" ") else ""
        )

    def _rows(self, text: str) -> str:
        rows = [re.fullmatch(r"  (\w+(?: \w+)?)(   +)(.*)", line) for line in text.split("\n")]
        kept = [
            f"  {row[1]}{row[2]}{self.value(row[1], row[3])}"
            for row in rows
            if row and row[1] in ROWS
        ]
        return "\n".join(kept)

    def _names(self, text: str) -> str:
        """Return a list of identities, or what tells the nearest of them."""
        before = next((b for b in (" There are: ", "; the nearest is ") if text.startswith(b)), "")
        names = text.removeprefix(before)
        dot = "." if before[:1] == " " else ""
        told = ", ".join(self.identity(n) for n in names.removesuffix(dot).split(", "))
        return f"{before}{told}{dot}"

    def profile(self, text: str) -> str:
        """Return the invented name of a profile, quoted as this one is."""
        name = text.strip('"')
        return "default" if name == "default" else self.identity(name)

    def _partition(self, text: str) -> str:
        return text if text in PARTITIONS else BACKEND

    def _table(self, text: str) -> str:
        name = text.removeprefix("identities.").strip('"')
        known = self._is_identity(name)
        return render.table_name(self.identity(name)) if known else self.outside(text)

    def _hint(self, text: str) -> str:
        """Return the hint about the backend of the replaying world for one about another."""
        state = next(state for state, told in templates.hints() if re.fullmatch(told, text))
        return keyring_hint(state, BACKEND, desktop=False)

    def _json(self, value: object) -> object:
        if isinstance(value, list):
            return [self._json(v) for v in value]
        if isinstance(value, dict):
            return {
                key: self.value(OF_JSON.get(key, "reason"), v) if isinstance(v, str) else v
                for key, v in value.items()
            }
        return value

    def _told(self, of: Sequence[str], text: str) -> str | None:
        """Return the text with its values dealt with, None if none of the templates fits."""
        found = templates.fitting(of, text)
        if found is None:
            return None
        match, names = found
        kept, place = "", 0
        for group, name in enumerate(names, 1):
            start, end = match.span(group)
            if start >= 0:
                kept += text[place:start] + self.value(name, match[group])
                place = end
        return kept + text[place:]

    def _replaced(self, text: str) -> str:
        """Return a text that is kept as it came, with known values replaced and secrets masked.

        Whatever is as long as a secret and looks like one is masked, known or not.
        """
        text = masked(text)
        told = {real: invented for (_, real), invented in self._invented.items() if real}
        if told:
            known = "|".join(map(_in_a_text, sorted(told, key=len, reverse=True)))
            text = re.sub(known, lambda found: told[found[0]], text)
        return _SECRET.sub(lambda f: f[0] if f[0] in told.values() else MASK, text)


def _in_a_text(real: str) -> str:
    """Return a pattern for a known value: a short one is found as a word, not inside others."""
    pattern = re.escape(real)
    return pattern if len(real) > _SHORT else rf"(?<!\w){pattern}(?!\w)"


def _split(text: str) -> list[str]:
    """Return the words of a command that authkit has written for a shell."""
    from shlex import split

    try:
        return split(text) or [text]
    except ValueError:
        return [text]


_VALUES: dict[str, Callable[[Keep, str], str]] = {
    **dict.fromkeys(("identity", "meant", "source", "role", "other", "Identity"), Keep.identity),
    **dict.fromkeys(("principal", "Principal"), Keep.principal),
    "role_arn": Keep.arn,
    "process": lambda _keep, _text: str(PROCESS),
    **dict.fromkeys(("account", "Account"), Keep.account),
    **dict.fromkeys(("path", "place", "state_path"), Keep.path),
    **dict.fromkeys(COMMANDS_TO_RUN, Keep._command),  # noqa: SLF001 - its own table
    **dict.fromkeys(("profile", "aws_profile"), Keep.profile),
    "access_key_id": Keep.key_id,
    "mfa_arn": Keep.serial,
    "secret": Keep.secret,
    **dict.fromkeys(("endpoint", "address"), Keep.endpoint),
    "proxy": lambda _keep, _text: PROXY,
    "backend": lambda _keep, text: text if text in EMPTY_BACKENDS else BACKEND,
    **dict.fromkeys(("names", "near"), Keep._names),  # noqa: SLF001
    **dict.fromkeys(("theirs", "ours"), Keep._partition),  # noqa: SLF001
    "request_id": Keep.request_id,
    "rows": Keep._rows,  # noqa: SLF001
    "table": Keep._table,  # noqa: SLF001
    "code_program": lambda _keep, _text: PRINT_CODE,
    "keyring_hint": Keep._hint,  # noqa: SLF001
}
# The same for what is typed, by the field that is asked for.
_ANSWERS: dict[str, Callable[[Keep, str], str]] = {
    CODE: Keep.code,
    PASSPHRASE: lambda _keep, _typed: _TYPED,
    "access_key_id": Keep._key,  # noqa: SLF001
    "secret_access_key": lambda keep, typed: keep.secret(typed) if typed.strip() else typed,
    "mfa_arn": lambda keep, typed: keep._checked("mfa_arn", typed, keep.serial),  # noqa: SLF001
    "session_duration": Keep._duration,  # noqa: SLF001
    devices.question().name: Keep._device,  # noqa: SLF001
}
