"""Faults that are planted to see that a law of a target can be broken: at least one for each.

A row says in which targets the corpus (or some drawn inputs) shows the fault, which law breaks,
and where the fault goes, as for ``tests.planted.patch``.  The law `NOTHING_ELSE` is every
target's: no exception but those that are documented.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from inspect import unwrap
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.fuzzing.target import BOUNDED
from tests.planted.patch import Defect

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING_ELSE = "nothing else is raised"


class Fault(NamedTuple):
    """A law that breaks in each of these targets, and the defect that breaks it.

    `where` is a function or method, ``module:name``; `raised` is what escapes, for `NOTHING_ELSE`.
    """

    targets: str  # names, with blanks between words replaced by "_"
    law: str
    where: str
    find: str
    put: str
    raised: str = ""

    @property
    def names(self) -> list[str]:
        """The targets."""
        return [name.replace("_", " ") for name in self.targets.split()]


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """Change the code of one function, for all who have imported it, until the end of the block."""
    made = Defect(fault.law, fault.where, fault.find, fault.put, "").planted()
    function = _function(made.module, fault.where.partition(":")[2])
    code = compile(made.tree, str(made.path), "exec", dont_inherit=True)
    (changed,) = _codes(code, function.__qualname__)
    before = function.__code__
    function.__code__ = changed
    try:
        yield
    finally:
        function.__code__ = before


def _function(module: str, path: str) -> FunctionType:
    found: Any = import_module(module)
    for name in path.split("."):
        found = vars(found)[name]
    found = unwrap(getattr(found, "fget", None) or getattr(found, "__func__", None) or found)
    assert isinstance(found, FunctionType), path
    return found


def _codes(code: CodeType, name: str) -> Iterator[CodeType]:
    """Yield the code of the function of this qualified name."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_qualname == name:
                yield inner
            else:
                yield from _codes(inner, name)


_A = "authkit."
_S = "sts_simulator."
_ENTRY, _SESSION, _CONFIG = _A + "core.entries:", _A + "core.sessions:", _A + "core.config:"
_DURATION, _RENDER, _INI = (
    _A + "core.durations:",
    _A + "core.render:",
    _A + "aws_files.ini:IniFile.",
)
_ANSWER, _LINE, _FILES = (
    _A + "adapters.sts_answers:",
    _A + "arguments:",
    _A + "importing.from_files:",
)
_MARKER, _SEALED, _SPENT = (
    _A + "adapters.marker_files:",
    _A + "adapters.sealed:",
    _A + "login.spent_codes:SpentCodes.",
)
_STDIN, _PRINTED = _A + "commands.user_configure:", _A + "adapters.programs:"
_PROCESS, _ADDRESS = _A + "codes.mfa_process:", _A + "core.endpoints:"
_STORY = "scenarios.replay.story.reading:"
_BODY, _HTTP, _SIM = _S + "wire.body:", _S + "server.http1:", _S + "server.control:"
_READ_AGAIN, _NO_SECRET = "what is written is read again", "no secret is told"
_PLAIN, _BOUNDS = "no control character is shown", "a duration is in AWS's bounds"
_OF_STS = "authorization forms control-bytes calls_of_STS policies control"
_OF_ALL = f"{_OF_STS} requests calls_of_IAM calls_of_other_services"
FAULTS = (
    # Keyring entries
    Fault(
        "keyring-entries",
        "a later version is no damage",
        _ENTRY + "decode",
        "version > VERSION",
        "False",
    ),
    Fault(
        "keyring-entries",
        "half a pair is corrupt",
        _ENTRY + "decode",
        "not values.get(field.name) and any(f.name in values for f in kind.credentials)",
        "False",
    ),
    Fault(
        "keyring-entries",
        _NO_SECRET,
        _ENTRY + "decode",
        "corrupt('it is not JSON')",
        "corrupt(f'it is not JSON: {raw}')",
    ),
    Fault(
        "keyring-entries",
        "the fields are those of the entry",
        _ENTRY + "decode",
        "kind.values(fields)",
        "kind.values({f.name: fields[f.name] for f in kind.fields if f.name in fields})",
    ),
    Fault(
        "keyring-entries typed-lines aws-profiles csv-files",
        _READ_AGAIN,
        _ENTRY + "save",
        "{'version': VERSION, **kept.texts()}",
        "{'version': VERSION, **dict.fromkeys(kept.texts(), 'AKIAXXXXXXXXXXXXXXXX')}",
    ),
    Fault(
        "keyring-entries",
        NOTHING_ELSE,
        _ENTRY + "decode",
        "(ValueError, RecursionError)",
        "RecursionError",
        "JSONDecodeError",
    ),
    # Session files
    Fault(
        "session-files",
        "the session is the file's",
        _SESSION + "decode",
        "Session(texts['access_key_id'], secret, token, expiration, granted)",
        "Session(texts['access_key_id'], token, secret, expiration, duration)",
    ),
    Fault(
        "session-files",
        "a line is read as JSON is",
        _SESSION + "_field",
        "return name, value",
        "return name, value.replace(':', '')",
    ),
    Fault(
        "session-files",
        "another identity's session is none",
        _SESSION + "decode",
        "texts.get('identity', name) != name",
        "False",
    ),
    Fault(
        "session-files",
        "instants are in bounds",
        _SESSION + "decode",
        "0 <= amount < LATEST",
        "True",
    ),
    Fault(
        "session-files",
        "credentials can be sent",
        _SESSION + "decode",
        "variables or sendable(session)",
        "True",
    ),
    Fault("session-files", _PLAIN, _SESSION + "_are_plain", "shown.isprintable()", "True"),
    Fault(
        "session-files",
        _NO_SECRET,
        _SESSION + "_fields",
        "ValueError('it is not JSON')",
        "ValueError(f'it is not JSON: {written}')",
    ),
    Fault(
        "session-files", _READ_AGAIN, _SESSION + "encode", "session.granted", "session.expiration"
    ),
    Fault(
        "session-files",
        NOTHING_ELSE,
        _SESSION + "decode",
        "(KeyError, TypeError, AttributeError, RecursionError)",
        "TypeError",
        "KeyError",
    ),
    # The config file
    Fault("config-files", _BOUNDS, _DURATION + "within", "SHORTEST <= duration <= longest", "True"),
    Fault("config-files", "a wrong file is exit 2", _CONFIG + "_wrong", "USAGE", "1"),
    Fault("config-files", "the file is named", _CONFIG + "_wrong", "path=path", "path='it'"),
    Fault(
        "config-files",
        "an added identity changes no other",
        _A + "importing.config_tables:written",
        "Written((mark + made).encode())",
        "Written((mark + made.replace('36h', '12h')).encode())",
    ),
    Fault(
        "config-files",
        "what is added is read",
        _CONFIG + "_Reader.identity",
        "Identity(name, kind, region, settings, self.path)",
        "Identity(name, kind, region, {}, self.path)",
    ),
    Fault(
        "config-files",
        "settings are as TOML has them",
        _CONFIG + "_Reader.identity",
        "self.joined(where, key, given[key])",
        "str(self.joined(where, key, given[key])).replace('36h', '12h')",
    ),
    Fault(
        "config-files",
        "completion knows no others",
        _A + "config_names:names",
        "string, depth = _at_end(value, '', 0)",
        "pass",
    ),
    Fault(
        "config-files",
        "the default is there",
        _CONFIG + "parse",
        "default and default not in identities",
        "False",
    ),
    Fault(
        "config-files stdin-fields command-lines",
        _PLAIN,
        _RENDER + "visible",
        "_controls(ord(c))",
        "False",
    ),
    Fault(
        "config-files",
        _NO_SECRET,
        _CONFIG + "parse",
        "_wrong(path, 'it is not TOML', error)",
        "_wrong(path, 'it is not TOML', content)",
    ),
    Fault(
        "config-files",
        NOTHING_ELSE,
        _CONFIG + "parse",
        "(ValueError, RecursionError)",
        "RecursionError",
        "TOMLDecodeError",
    ),
    # Durations
    Fault(
        "durations",
        "the seconds are what the words say",
        _DURATION + "parse",
        "seconds + int(amount) * size",
        "int(amount) * size",
    ),
    Fault(
        "durations",
        "what is written as documented is a duration",
        _DURATION + "parse",
        "written.isascii()",
        "written.isalpha()",
    ),
    Fault(
        "durations",
        _READ_AGAIN,
        _DURATION + "spell",
        "((hours, 'h'), (minutes, 'm'), (seconds, 's'))",
        "((hours, 'h'), (minutes, 'm'))",
    ),
    Fault("durations", _BOUNDS, _DURATION + "within", "SHORTEST <= duration <= longest", "True"),
    Fault(
        "durations",
        "what AWS grants may be asked for",
        _DURATION + "within",
        "SHORTEST <= duration <= longest",
        "SHORTEST < duration < longest",
    ),
    Fault(
        "durations",
        "what is asked for is what was written",
        _DURATION + "within",
        "return duration",
        "return max(duration, 3600)",
    ),
    Fault(
        "durations",
        NOTHING_ELSE,
        _DURATION + "parse",
        "raise ValueError(...)",
        "raise LookupError(...)",
        "LookupError",
    ),
    Fault(
        "durations", BOUNDED, _DURATION + "parse", "if ...:\n    raise ...", "while True:\n    pass"
    ),
    # What is typed
    Fault(
        "typed-lines",
        "an answer is what was typed",
        _A + "login.form:ask",
        "return field.checked(answer)",
        "return field.checked(answer.upper() + 'X')",
    ),
    Fault(
        "typed-lines",
        "what is typed is as it is seen",
        _RENDER + "refuse_unseen",
        "unseen(text)",
        "''",
    ),
    Fault(
        "typed-lines",
        _PLAIN,
        _A + "login.form:ask",
        "render.refusal(error)",
        "render.Visible(answer)",
    ),
    Fault(
        "typed-lines",
        _NO_SECRET,
        _A + "login.form:ask",
        "render.refusal(error)",
        "render.refusal(f'{error}: {answer}')",
    ),
    Fault(
        "typed-lines", NOTHING_ELSE, _A + "login.form:ask", "ValueError", "TypeError", "ValueError"
    ),
    # AWS's files
    Fault(
        "aws-ini-files",
        "the lines are the whole file",
        _INI + "__init__",
        "tuple(_LINES.findall(content))",
        "tuple(content.splitlines())",
    ),
    Fault(
        "aws-ini-files",
        "botocore's refusals are known",
        _A + "aws_files.ini:_Reading._header",
        "name in self._known",
        "False",
    ),
    Fault(
        "aws-ini-files",
        "values are as botocore reads them",
        _A + "aws_files.ini:_Reading._entry",
        "value",
        "value.partition(' ;')[0]",
    ),
    Fault(
        "aws-ini-files",
        "an edit changes nothing else",
        _INI + "with_entries",
        "_checked(lines, _replaced(self.sections, section, changed))",
        "b''.join(lines[:-1])",
    ),
    Fault(
        "aws-ini-files",
        "comments stay",
        _INI + "with_entries",
        "_checked(lines, _replaced(self.sections, section, changed))",
        "b''.join(l for l in lines if not l.startswith(b'#'))",
    ),
    Fault(
        "aws-ini-files",
        "a section is removed, and no other",
        _INI + "without_section",
        "_checked(lines, ...)",
        "b''.join(lines[:section.line])",
    ),
    Fault(
        "aws-ini-files",
        "a new section stands at the end",
        _INI + "with_section",
        "_checked(lines, ...)",
        "b''.join(reversed(lines))",
    ),
    Fault(
        "aws-ini-files",
        "a new section is read",
        _INI + "with_section",
        "_checked(lines, ...)",
        "b''.join(lines[:-1])",
    ),
    Fault(
        "aws-ini-files",
        _NO_SECRET,
        _A + "aws_files.ini:_Reading.take",
        "self._fault(number, \"it has no key with a '='\")",
        "self._fault(number, stripped)",
    ),
    Fault(
        "aws-ini-files",
        NOTHING_ELSE,
        _A + "aws_files.ini:_Reading._decoded",
        "UnicodeDecodeError",
        "TypeError",
        "UnicodeDecodeError",
    ),
    Fault(
        "aws-profiles",
        "no name is there twice",
        _FILES + "Profiles._find",
        "made.name in self._names",
        "False",
    ),
    Fault(
        "aws-profiles",
        "each profile is taken, or a reason is told",
        _FILES + "Profiles.find",
        "not_taken.append(NotTaken(name, str(error)))",
        "pass",
    ),
    Fault(
        "aws-profiles",
        "a source is taken too",
        _FILES + "Profiles._role",
        "normal(source)",
        "'x' + normal(source)",
    ),
    Fault(
        "aws-profiles",
        "keys are as botocore reads them",
        _A + "importing.found:keys",
        "{'access_key_id': access_key_id, 'secret_access_key': secret_access_key}",
        "{'access_key_id': access_key_id, 'secret_access_key': access_key_id}",
    ),
    Fault(
        "aws-profiles",
        "a reason has words",
        _FILES + "Profiles.find",
        "NotTaken(name, str(error))",
        "NotTaken(name, '')",
    ),
    Fault(
        "aws-profiles csv-files",
        _NO_SECRET,
        _A + "importing.found:keys",
        "_checked(f.name, ..., ...)",
        "_checked(f'{f.name} {secret_access_key}', ..., ...)",
    ),
    Fault(
        "aws-profiles",
        NOTHING_ELSE,
        _FILES + "Profiles._source",
        "len(seen) > _MOST_ROLES",
        "False",
        "RecursionError",
    ),
    # Standard input
    Fault(
        "stdin-fields",
        "it ends as documented",
        _STDIN + "_read",
        "not isinstance(given, dict)",
        "False",
    ),
    Fault(
        "stdin-fields",
        NOTHING_ELSE,
        _STDIN + "_valid",
        "field.checked(value)",
        "value",
        "KeyringTrouble",
    ),
    Fault(
        "stdin-fields",
        _NO_SECRET,
        _STDIN + "_read",
        "'it is not JSON'",
        "f'it is not JSON: {world.stdin()}'",
    ),
    Fault(
        "stdin-fields",
        "what is refused changes nothing",
        _STDIN + "_read",
        "raise _not_fields(identity, 'it is not JSON') from None",
        "world.keyring.delete_password('authkit', identity.name)\n"
        "raise _not_fields(identity, 'it is not JSON') from None",
    ),
    Fault(
        "stdin-fields",
        "what is saved is what was given",
        _STDIN + "_merged",
        "values.pop(field.name, None)",
        "pass",
    ),
    # The console's CSV
    Fault(
        "csv-files",
        "keys are those of the CSV",
        _A + "importing.from_csv:_rows",
        "any(given.values())",
        "given.get(_USER)",
    ),
    Fault(
        "csv-files", NOTHING_ELSE, _A + "importing.from_csv:rows", "csv.Error", "TypeError", "Error"
    ),
    # Programs
    Fault(
        "program-output",
        "it is one line",
        _PRINTED + "one_line",
        "raise _failed('printed more than one line')",
        "lines = ['\\n'.join(lines)]",
    ),
    Fault(
        "program-output",
        "it is as printed",
        _PRINTED + "one_line",
        "Secret(line)",
        "Secret(line.strip())",
    ),
    Fault(
        "program-output",
        "no more is read than a line has",
        _PRINTED + "_bounded",
        "len(printed) > LONGEST",
        "False",
    ),
    Fault(
        "program-output",
        "one line is taken",
        _PRINTED + "_bounded",
        "len(printed) > LONGEST",
        "len(printed) >= LONGEST",
    ),
    Fault(
        "program-output",
        _NO_SECRET,
        _PRINTED + "one_line",
        "'printed more than one line'",
        "f'printed {printed!r}'",
    ),
    Fault(
        "program-output",
        NOTHING_ELSE,
        _PRINTED + "one_line",
        "'surrogateescape'",
        "'strict'",
        "UnicodeDecodeError",
    ),
    Fault("mfa-codes", "a code has six digits", _PROCESS + "_printed", "re.ASCII", "0"),
    Fault(
        "mfa-codes",
        "the code is what was printed",
        _PROCESS + "_printed",
        "''.join(line.reveal().split())",
        "''.join(line.reveal().split())[-6:]",
    ),
    Fault(
        "mfa-codes",
        "six digits are taken",
        _PROCESS + "_printed",
        "''.join(line.reveal().split())",
        "line.reveal()",
    ),
    Fault(
        "mfa-codes",
        _NO_SECRET,
        _PROCESS + "_printed",
        "_no_code(identity, 'did not print six digits')",
        "_no_code(identity, f'printed {line.reveal()}')",
    ),
    Fault(
        "mfa-codes",
        "no code is exit 1",
        _PROCESS + "_no_code",
        "Failure('mfa-process-failed', identity=..., reason=..., **...)",
        "Failure('mfa-process-failed', USAGE, identity=..., reason=..., **...)",
    ),
    Fault("mfa-codes", NOTHING_ELSE, _PROCESS + "_printed", "CannotRun", "OSError", "CannotRun"),
    # Markers, notes, locks
    Fault("markers", "any text is a marker", _MARKER + "decode", "return Marker()", "return None"),
    Fault(
        "markers",
        "a marker is what is written there",
        _MARKER + "decode",
        "told.get('gone') is True",
        "bool(told.get('gone'))",
    ),
    Fault(
        "markers",
        "so are devices",
        _MARKER + "decode",
        "told.get('offer_devices') is True",
        "False",
    ),
    Fault(
        "markers",
        "an instant is the one that is written",
        _MARKER + "_instant",
        "datetime.fromtimestamp(seconds, UTC)",
        "datetime.fromtimestamp(seconds - 1, UTC)",
    ),
    Fault(
        "markers",
        "instants are in bounds",
        _MARKER + "_instant",
        "0 < seconds < LATEST",
        "0 < seconds <= LATEST + 1",
    ),
    Fault("markers", _READ_AGAIN, _MARKER + "encode", "marker.offer_devices", "False"),
    Fault(
        "markers",
        NOTHING_ELSE,
        _MARKER + "decode",
        "(ValueError, TypeError, RecursionError)",
        "TypeError",
        "JSONDecodeError",
    ),
    Fault(
        "spent-codes",
        "a code that was not sent is not spent",
        _SPENT + "has",
        "fingerprint(serial_number, code.reveal()) in self._spent()",
        "True",
    ),
    Fault(
        "spent-codes",
        "a code that was sent is spent",
        _SPENT + "add",
        "json.dumps(note)",
        "json.dumps({})",
    ),
    Fault(
        "spent-codes",
        "a code is of a device",
        _SPENT + "has",
        "fingerprint(serial_number, code.reveal())",
        "fingerprint('a device', code.reveal())",
    ),
    Fault(
        "spent-codes",
        "what another identity noted holds too",
        _SPENT + "_spent",
        "abs(now - int(at)) < LIFE",
        "abs(now - int(at)) < LIFE / 3",
    ),
    Fault(
        "spent-codes",
        "old notes are left out",
        _SPENT + "_spent",
        "abs(now - int(at)) < LIFE",
        "True",
    ),
    Fault(
        "spent-codes",
        NOTHING_ELSE,
        _SPENT + "_spent",
        "suppress(ValueError, TypeError, OverflowError, RecursionError)",
        "suppress(TypeError)",
        "JSONDecodeError",
    ),
    Fault(
        "lock-files",
        "the holder is a process, or is not told",
        _A + "adapters.locks:StateLock.holder",
        "not (number.isascii() and number.isdigit())",
        "not number",
    ),
    Fault(
        "lock-files",
        "a process that is noted is told",
        _A + "adapters.locks:StateLock.holder",
        "(self._folder.read(self._file) or '').strip()",
        "(self._folder.read(self._file) or '')",
    ),
    Fault(
        "lock-files",
        NOTHING_ELSE,
        _A + "adapters.locks:_command",
        "OSError",
        "TypeError",
        "FileNotFoundError",
    ),
    # The encrypted file
    Fault(
        "sealed-entries",
        "a version that is known is not a later one",
        _SEALED + "salt_of",
        "data[_VERSION_AT:_VERSION_AT + 1] > bytes([VERSION])",
        "True",
    ),
    Fault(
        "sealed-entries",
        "a later version is no damage",
        _SEALED + "salt_of",
        "data[_VERSION_AT:_VERSION_AT + 1] > bytes([VERSION])",
        "False",
    ),
    Fault(
        "sealed-entries",
        "the salt is the file's",
        _SEALED + "salt_of",
        "data[_SALT]",
        "data[16:32]",
    ),
    Fault("sealed-entries", _READ_AGAIN, _SEALED + "Key.seal", "header + nonce", "nonce + header"),
    Fault(
        "sealed-entries",
        "another passphrase does not fit",
        _SEALED + "Key.fits",
        "hmac.compare_digest(..., ...)",
        "len(data) > 100",
    ),
    Fault(
        "sealed-entries",
        "what was changed is not read",
        _SEALED + "Key.unseal",
        "raise DamagedError('its entries are not as they were written') from None",
        "return {}",
    ),
    Fault(
        "sealed-entries",
        NOTHING_ELSE,
        _SEALED + "Key.unseal",
        "InvalidTag",
        "ValueError",
        "InvalidTag",
    ),
    # The command line
    Fault("command-lines", "a wrong line is exit 2", _LINE + "usage", "USAGE", "1"),
    Fault(
        "command-lines",
        "each word is authkit's or the child's",
        _LINE + "_set_child",
        "rest[0] == '--'",
        "True",
    ),
    Fault(
        "command-lines",
        "exec runs a command, or an identity's shell",
        _LINE + "_set_child",
        "rest == ['--']",
        "False",
    ),
    Fault(
        "command-lines",
        "no other command has a child",
        _LINE + "_set_child",
        "name != 'exec'",
        "False",
    ),
    Fault(
        "command-lines",
        "a form is one that there is",
        _LINE + "_set",
        "option.choices and value not in option.choices",
        "False",
    ),
    Fault(
        "command-lines", _BOUNDS, _DURATION + "within", "SHORTEST <= duration <= longest", "True"
    ),
    Fault(
        "command-lines",
        "no session lasts longer than it may",
        _LINE + "_time_left",
        "left > durations.LONGEST",
        "False",
    ),
    Fault(
        "command-lines",
        "a region is a word",
        _A + "core.regions:check",
        "raise ValueError(...)",
        "pass",
    ),
    Fault(
        "command-lines",
        "the command is one that there is",
        _LINE + "parse",
        "options.name = name",
        "options.name = words[0]",
    ),
    Fault("command-lines", NOTHING_ELSE, _LINE + "_set", "ValueError", "TypeError", "ValueError"),
    # Addresses
    Fault(
        "addresses",
        _NO_SECRET,
        _ADDRESS + "shown",
        "CREDENTIALS.sub(..., ...)",
        "_USERINFO.sub('', url, count=1)",
    ),
    Fault("addresses", _PLAIN, _RENDER + "visible", "_controls(ord(c))", "False"),
    Fault(
        "addresses",
        "an address that is taken has a host",
        _A + "adapters.surroundings:_check_address",
        "_HOST.fullmatch(host)",
        "True",
    ),
    Fault(
        "addresses",
        "what goes in the clear is warned of",
        _A + "adapters.addresses:is_exposed",
        "url.lower()",
        "url",
    ),
    Fault(
        "addresses",
        NOTHING_ELSE,
        _ADDRESS + "host",
        "authority[1].rpartition('@')[2] if authority else ''",
        "authority[1].rpartition('@')[2]",
        "TypeError",
    ),
    # Stories
    Fault(
        "story-files", "a mistake is on a line", _STORY + "_Reader._line", "return ...", "return 0"
    ),
    Fault(
        "story-files",
        "a mistake has words",
        _STORY + "_Reader._refuse",
        "(self._line(at), reason)",
        "(self._line(at), '')",
    ),
    Fault(
        "story-files",
        "a story is about what it says",
        _STORY + "_Reader.story",
        "table['about'].strip()",
        "table['about'].strip()[:9]",
    ),
    Fault(
        "story-files",
        "no entry is lost",
        _STORY + "_Reader.story",
        "table.get('keyring', {})",
        "{}",
    ),
    Fault(
        "story-files",
        "no step is lost",
        _STORY + "_Reader._steps",
        "enumerate(self._table['step'])",
        "enumerate(self._table['step'][1:])",
    ),
    Fault(
        "story-files",
        NOTHING_ELSE,
        _STORY + "parse",
        "tomllib.TOMLDecodeError",
        "TypeError",
        "TOMLDecodeError",
    ),
    # STS's and IAM's answers
    Fault(
        "sts-answers",
        "a caller is the answer's",
        _ANSWER + "caller",
        "arn=answer['Arn']",
        "arn=answer['Arn'].upper()",
    ),
    Fault(
        "sts-answers",
        "a session is the answer's",
        _ANSWER + "session",
        "access_key_id=granted['AccessKeyId']",
        "access_key_id=granted['AccessKeyId'].lower()",
    ),
    Fault(
        "sts-answers",
        "devices are the answer's",
        _ANSWER + "serial_numbers",
        "device['SerialNumber']",
        "device['SerialNumber'].upper()",
    ),
    Fault(
        "sts-answers",
        "a list of devices has an end",
        _ANSWER + "serial_numbers",
        "len(found) > _MOST_DEVICES",
        "False",
    ),
    Fault(
        "sts-answers",
        "a code is short",
        _A + "core.failures:Refused.__init__",
        "code[:LONGEST_CODE]",
        "code",
    ),
    Fault(
        "sts-answers",
        "a message is not endless",
        _A + "core.failures:Refused.__init__",
        "message[:LONGEST_MESSAGE]",
        "message",
    ),
    Fault(
        "sts-answers",
        "a refusal is an error",
        _ANSWER + "refusal",
        "status // 100 not in {4, 5}",
        "False",
    ),
    Fault(
        "sts-answers",
        "a refusal's code is the answer's",
        _ANSWER + "refusal",
        "said['Code']",
        "said['Code'].upper()",
    ),
    Fault(
        "sts-answers",
        "a refusal is told from trouble on the way",
        _ANSWER + "refusal",
        "said.get('Type') and said.get('Code')",
        "False",
    ),
    Fault(
        "sts-answers",
        "a session begins at some time",
        _ANSWER + "session",
        "0 < instant < LATEST",
        "True",
    ),
    Fault("sts-answers", "credentials can be sent", _ANSWER + "session", "sendable(made)", "True"),
    Fault("sts-answers", _PLAIN, _ANSWER + "caller", "shown.isprintable()", "True"),
    Fault(
        "sts-answers",
        _NO_SECRET,
        _A + "core.model:Secret.__repr__",
        "return MASK",
        "return self._text",
    ),
    Fault(
        "sts-answers",
        NOTHING_ELSE,
        _ANSWER + "Reading.__exit__",
        "isinstance(error, BROKEN)",
        "isinstance(error, OSError)",
        "KeyError",
    ),
    # The simulator
    Fault(
        "authorization forms",
        "a wrong signature is never taken",
        _S + "account.authentication:_secret_right",
        "holder is not None and seen.signature.made_with(holder.secret_access_key)",
        "True",
    ),
    Fault(
        _OF_STS,
        "an error has a code",
        _BODY + "error_element",
        "('Code', error.code)",
        "('Code', '')",
    ),
    Fault(
        _OF_STS,
        "an error is in STS's form",
        _BODY + "error_element",
        "('RequestId', request_id)",
        "('Id', request_id)",
    ),
    Fault(
        _OF_STS,
        "an error has the status of its code",
        _S + "wire.query_api:_show",
        "HttpAnswer(outcome.status, headers, right)",
        "HttpAnswer(444, headers, right)",
    ),
    Fault(
        _OF_ALL,
        "no header makes a line",
        _HTTP + "written",
        "f'{name}: {value}'",
        "f'{name}: {value}\\r\\nX: 1'",
    ),
    Fault(
        _OF_ALL,
        "a status is one of HTTP",
        _HTTP + "written",
        "headers = dict(answer.headers)",
        "headers = dict(answer.headers)\nobject.__setattr__(answer, 'status', 999)",
    ),
    Fault(_OF_ALL, "no traceback is sent", _HTTP + "written", "body = ...", "body = b'Traceback'"),
    Fault(
        "authorization forms",
        _NO_SECRET,
        _BODY + "of",
        "xml(root, ...)",
        "xml(root, 'the-secret-of-the-tests')",
    ),
    Fault(
        "requests calls_of_IAM calls_of_other_services",
        "no answer is a bug's",
        _S + "server.server:Server._reply",
        "self._moto.reply(account, request)",
        "query_api.Reply(HttpAnswer(500, {}))",
    ),
    Fault(
        "requests calls_of_IAM calls_of_other_services",
        NOTHING_ELSE,
        _S + "server.server:Server._reply",
        "self._moto.reply(account, request)",
        "self._moto.reply(account)",
        "TypeError",
    ),
    Fault(
        "framing",
        "no answer is a bug's",
        _S + "server.server:Server._serve",
        "self._reply(request)",
        "self._reply()",
    ),
    Fault(
        "framing",
        "nothing is raised in a connection's thread",
        _HTTP + "_chunks",
        "not _HEX_DIGITS.fullmatch(size)",
        "False",
    ),
    Fault(
        "framing",
        "others are served afterwards",
        _SIM + "_clock",
        "return ...",
        "raise ValueError('x')",
    ),
    Fault(
        "forms calls_of_STS policies",
        "no answer is a bug's",
        _S + "wire.query_api:_show",
        "HttpAnswer(outcome.status, headers, right)",
        "HttpAnswer(500, headers, right)",
    ),
    Fault(
        "forms",
        "the answer is of the call that was made",
        _BODY + "_success",
        "f'{operation}Response'",
        "'GetCallerIdentityResponse'",
    ),
    Fault(
        "authorization",
        NOTHING_ELSE,
        _S + "wire.sigv4:_signature",
        "(ValueError, TypeError, LookupError, OverflowError)",
        "OverflowError",
        "ValueError",
    ),
    Fault(
        "forms calls_of_STS policies",
        NOTHING_ELSE,
        _S + "wire.query_api:_call",
        "asked['Action']",
        "asked['action']",
        "KeyError",
    ),
    Fault(
        "control-bytes control",
        "the control interface answers",
        _SIM + "control",
        "json_answer(400, {'error': str(trouble)})",
        "json_answer(500, {})",
    ),
    Fault(
        "control-bytes control",
        "what looks is answered afterwards",
        _SIM + "_clock",
        "return ...",
        "raise ValueError('x')",
    ),
    Fault(
        "control-bytes control",
        "it can be reset",
        _SIM + "_reset",
        "simulation.reset()",
        "raise ValueError('x')",
    ),
    Fault(
        "control-bytes control",
        NOTHING_ELSE,
        _SIM + "control",
        "(ValueError, LookupError, ArithmeticError)",
        "ArithmeticError",
        "JSONDecodeError",
    ),
)
