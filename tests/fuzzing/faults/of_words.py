"""Faults of what reads what is typed, given, printed by programs, or in the environment."""

from __future__ import annotations

from tests.fuzzing.faults.fault import BOUNDS, NO_SECRET, NOTHING_ELSE, PLAIN, READ_AGAIN, Fault
from tests.fuzzing.target import BOUNDED

_DURATION = "authkit.core.durations:"
_RENDER = "authkit.core.render:"
_LINE = "authkit.arguments:"
_STDIN = "authkit.commands.user_configure:"
_PRINTED = "authkit.adapters.programs:"
_PROCESS = "authkit.codes.mfa_process:"
_ADDRESS = "authkit.core.endpoints:"

FAULTS = (
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
        READ_AGAIN,
        _DURATION + "spell",
        "((hours, 'h'), (minutes, 'm'), (seconds, 's'))",
        "((hours, 'h'), (minutes, 'm'))",
    ),
    Fault("durations", BOUNDS, _DURATION + "within", "SHORTEST <= duration <= longest", "True"),
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
        "authkit.login.form:ask",
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
        PLAIN,
        "authkit.login.form:ask",
        "render.refusal(error)",
        "render.Visible(answer)",
    ),
    Fault(
        "typed-lines",
        NO_SECRET,
        "authkit.login.form:ask",
        "render.refusal(error)",
        "render.refusal(f'{error}: {answer}')",
    ),
    Fault(
        "typed-lines",
        NOTHING_ELSE,
        "authkit.login.form:ask",
        "ValueError",
        "TypeError",
        "ValueError",
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
        NO_SECRET,
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
        NO_SECRET,
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
        NO_SECRET,
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
    Fault("command-lines", BOUNDS, _DURATION + "within", "SHORTEST <= duration <= longest", "True"),
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
        "authkit.core.regions:check",
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
        NO_SECRET,
        _ADDRESS + "shown",
        "CREDENTIALS.sub(..., ...)",
        "_USERINFO.sub('', url, count=1)",
    ),
    Fault("addresses", PLAIN, _RENDER + "visible", "_controls(ord(c))", "False"),
    Fault(
        "addresses",
        "an address that is taken has a host",
        "authkit.adapters.surroundings:_check_address",
        "_HOST.fullmatch(host)",
        "True",
    ),
    Fault(
        "addresses",
        "what goes in the clear is warned of",
        "authkit.adapters.addresses:is_exposed",
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
)
