"""The choices of the world, as data: what each port may answer, and what a person may type.

The first option is the plain one; what stands in `rare` costs 2 (``chooser``).  An
option that ends in `FOR_GOOD` is given to all later calls of the same operation too.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from authkit.adapters import state_troubles
from authkit.core.failures import Refused, Unreachable
from sts_simulator.account import errors
from tests.explore.chooser import choice
from tests.explore.foreign import LONG, LONG_CODE, ODD

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.explore.chooser import Choice

FIFTEEN = timedelta(minutes=15)  # by how much a request's time may be off
SKEW = timedelta(hours=1, minutes=45)  # by how much it is off where a clock is wrong
OK, FOR_GOOD = "ok", " for good"
CTRL_C, KILLED = "then ^C", "then killed"
AFTERWARDS = (CTRL_C, KILLED)  # what may happen right after an effect
OTHERS_WRITE, OTHERS_REMOVE = "others write keys first", "others remove keys first"
OTHERS_LOG_IN, OTHERS_LOG_OUT = "others log in first", "others log out first"
OTHERS_LOG_IN_TO_ROLE = "others log in to the role first"
DONE = ", but done"  # the call fails after it has done its work

# What STS may answer, by name.  "skew" is answered with the times of the request.


def _refused(error: errors.AwsError) -> Callable[[str], Exception]:
    code, message, status = error.code, error.message or "", error.status
    return lambda operation: Refused(
        operation,
        code,
        message,
        status=status,
        request_id=f"req-1{ODD}{LONG_CODE if status == 400 else ''}",
    )


def _silent(*, answered: bool, sent: bool, lasting: bool = False) -> Callable[[str], Exception]:
    return lambda operation: Unreachable(
        operation,
        f"silence{ODD}{LONG if answered else ''}",
        answered=answered,
        sent=sent,
        lasting=lasting,
    )


_SCP = "not authorized, with an explicit deny in a service control policy"
ANSWERS: dict[str, Callable[[str], Exception]] = {
    "revoked": _refused(errors.INVALID_TOKEN),
    "mistyped": _refused(errors.WRONG_SECRET),
    "scope": _refused(errors.WRONG_SCOPE.fill(problems=errors.WRONG_REGION)),
    "expired": _refused(errors.EXPIRED_TOKEN),
    "expired by another code": _refused(errors.AwsError("ExpiredTokenException", "expired", 403)),
    "request expired": _refused(errors.AwsError("RequestExpired", "Request has expired.", 400)),
    "denied": _refused(errors.AwsError("AccessDenied", f"not authorized{ODD}{LONG}", 403)),
    "denied by an SCP": _refused(errors.AwsError("AccessDenied", _SCP, 403)),
    "region": _refused(errors.REGION_DISABLED),
    "opt-in": _refused(errors.AwsError("OptInRequired", "not subscribed", 403)),
    "unheard-of": _refused(errors.AwsError(f"UnheardOf{ODD}{LONG_CODE}", None)),
    "without a code": _refused(errors.AwsError("", "odd", 400)),
    "too long": _refused(
        errors.AwsError("ValidationError", "DurationSeconds exceeds the MaxSessionDuration", 400)
    ),
    "throttled": _refused(errors.AwsError("Throttling", "Rate exceeded")),
    "limit exceeded": _refused(errors.AwsError("RequestLimitExceeded", "Request limit exceeded.")),
    "throttled by a 503": _refused(errors.AwsError("ServiceUnavailable", None, 503)),
    "trouble": _refused(errors.AwsError("InternalFailure", None, 500)),
    "revoked, says a 503": _refused(
        errors.AwsError(errors.INVALID_TOKEN.code, errors.INVALID_TOKEN.message, 503)
    ),
    "mistyped, says a 500": _refused(
        errors.AwsError(errors.WRONG_SECRET.code, errors.WRONG_SECRET.message, 500)
    ),
    "unsent": _silent(answered=False, sent=False),
    "lost": _silent(answered=False, sent=True),
    "broken": _silent(answered=True, sent=True),
    "cannot ask": _silent(answered=False, sent=False, lasting=True),
    "code": _refused(errors.WRONG_CODE),
    "device": _refused(errors.WRONG_DEVICE),
}


def skew(operation: str, signed: datetime, theirs: datetime) -> Exception:
    """Return the refusal of a request that was signed at an instant too far from AWS's own."""
    behind = theirs > signed
    error = errors.TOO_EARLY if behind else errors.TOO_LATE
    bound = theirs - FIFTEEN if behind else theirs + FIFTEEN
    times = {"signed": signed, "bound": bound, "now": theirs}
    filled = error.fill(**{name: f"{at:%Y%m%dT%H%M%SZ}" for name, at in times.items()})
    return _refused(filled)(operation)


_COMMON = ("revoked", "mistyped", "denied", "throttled", "trouble", "unsent", "lost", "broken")
_MORE = ("expired", "skew", "revoked, says a 503")
_RARE = (
    *("scope", "expired by another code", "request expired", "denied by an SCP", "region"),
    *("opt-in", "unheard-of", "without a code", "limit exceeded", "throttled by a 503"),
    *(
        "mistyped, says a 500",
        "cannot ask",
        f"skew{FOR_GOOD}",
        f"unsent{FOR_GOOD}",
        f"broken{FOR_GOOD}",
        OTHERS_WRITE,
        OTHERS_REMOVE,
    ),
)
MOSTLY = "throttled three times of four"  # as often as a command bears, and then again
FIVE_PAIRS = ", and so are four other pairs"  # more than a login asks for
IN_TURN = "revoked, and the next pair mistyped, and so on"
TWO_PAIRS = "revoked, and the next pair is, and the third one is not"
BY_NUMBER = {MOSTLY, IN_TURN, TWO_PAIRS}  # which call it is decides what each gets
_LASTING = (*(name + FOR_GOOD for name in ("throttled", "lost")), MOSTLY)
_GRANTED = ("shorter", "a minute shorter", "over on arrival")  # what a session may be
IDENTITY_OF_KEYS = choice(
    *("GetCallerIdentity", OK, *_COMMON, *_MORE, *_LASTING),
    rare=(f"revoked{FIVE_PAIRS}", f"mistyped{FIVE_PAIRS}", *_RARE, *AFTERWARDS),
)
IDENTITY_OF_SESSION = choice(
    *("GetCallerIdentity of the session", OK, *_COMMON, *_MORE, "region", *_LASTING),
    rare=(*_RARE, *AFTERWARDS),
)
_token = partial(choice, rare=(*_RARE, *_GRANTED))
_OF_CODE = ("code", "device", f"code{FOR_GOOD}", f"device{FOR_GOOD}")
TOKEN_BY_CODE = _token("GetSessionToken", OK, *_OF_CODE, *_COMMON, *_MORE, *_LASTING, *AFTERWARDS)
TOKEN = _token("GetSessionToken", OK, *_COMMON, *_MORE, *_LASTING, *AFTERWARDS)
ROLE = choice(
    *("AssumeRole", OK, *_COMMON, *_MORE, "too long", *_LASTING, *AFTERWARDS),
    rare=(*_RARE, *_GRANTED, f"expired{FOR_GOOD}"),
)
LIBRARY = choice("library", OK, "fails")  # without a word of authkit's for it
DATE = choice("Date", OK, "unsent", rare=("lost", "skew"))
DEVICES = choice(  # that IAM lists
    *("ListMFADevices", "denied", "the device", "none"),  # most users may not list them
    *("security keys alone", "a security key first", "several"),
    rare=("revoked", "throttled", "unsent", "lost", "broken", *AFTERWARDS),
)

TAKES = {"lost": 10, "unsent": 0}  # seconds until the client gives up

# The keyring.  Each trouble is a state of KeyringTrouble.
_KEYRING = ("locked", "unreadable")
_KEYRING_RARE = ("no-backend",)
GET = choice(
    *("keyring get", OK, *_KEYRING, OTHERS_WRITE, OTHERS_REMOVE),
    rare=(*_KEYRING_RARE, "corrupt", "later-version", "then ^C"),
)
SET = choice(
    *("keyring set", OK, "unreadable", "not-kept", *AFTERWARDS),
    rare=("locked", *_KEYRING_RARE, f"unreadable{DONE}"),
)
DELETE = choice(
    *("keyring delete", OK, "unreadable", *AFTERWARDS),
    rare=("locked", *_KEYRING_RARE, f"unreadable{DONE}"),
)
ASKS = "asks for its passphrase"  # where somebody can be asked; else it stays locked
UNLOCK = choice("keyring unlock", OK, ASKS, rare=("locked", "no-backend"))
ALONE = choice("keyring alone", OK, OTHERS_WRITE, rare=("unreadable", OTHERS_REMOVE))
BACKEND = choice("backend", "encrypted", rare=("in the clear",))

# The state folder.  Each trouble is a word of ``adapters.state_troubles``.
DENIED = "Permission denied"
_STATE = {"rare": (state_troubles.OPEN, state_troubles.NO_ROOM)}
READ = choice("session read", OK, DENIED, **_STATE)
REPLACE = choice("session replace", OK, DENIED, *AFTERWARDS, **_STATE)
DROP = choice("session drop", OK, DENIED, *AFTERWARDS)
NAMES = choice("session names", OK, DENIED)
MARK = choice("mark", OK, DENIED, *AFTERWARDS)
MARKER = choice("marker read", OK, DENIED)
MARKED = choice("markers listed", OK, DENIED)
OTHER_MARKERS = choice("other markers", OK, rare=(DENIED,))
UNMARK = choice("unmark", OK, DENIED, *AFTERWARDS)
NOTES = choice("notes read", OK, DENIED)
NOTE = choice("note replace", OK, DENIED, *AFTERWARDS)
BUSY = f"busy{FOR_GOOD}"
ACQUIRE = choice("lock", OK, "busy", BUSY, OTHERS_LOG_IN, OTHERS_LOG_OUT, rare=(DENIED,))

# Time, programs, streams.
ASLEEP = "sleeps three days"
SLEEP = choice("pause", OK, "^C", rare=(ASLEEP,))
CHILD = choice(
    *("child", "0", "1", "1 after two days", "254", "not found"),
    rare=("not executable", "no memory", "143", "0 after two days"),
)
CANNOT_RUN = {
    "not found": (127, "command not found"),
    "not executable": (126, "Permission denied"),
    "no memory": (125, "no memory"),
}
SAME_CODE = f"the code before{FOR_GOOD}"
NO_CODES = {  # what is printed then
    "no code": "12345",
    "eight digits": "01234567",
    "words behind a code": "012345 (12 s)",
    "other digits": "\u0660\u0661\u0662\u0663\u0664\u0665",
}
PROGRAM = choice(
    *("mfa_process", "a code", "the code before", SAME_CODE, "no code", "fails"),
    rare=("with blanks", "hangs", *(each for each in NO_CODES if each != "no code")),
)
OF_PROGRAM = {
    "fails": (125, "failed with exit status 1"),
    "hangs": (125, "took longer than 30 s"),
    "killed": (125, "died of signal 9"),
    "not found": (127, "was not found"),
    "not executable": (126, "cannot be run (Permission denied)"),
}
PUT = choice("stdout", OK, rare=("its reader has gone", "no room"))
FILE_READ = choice("file read", OK, DENIED, rare=(state_troubles.OPEN,))
FILE_REPLACE = choice(
    "file replace",
    OK,
    DENIED,
    "another program writes",
    *AFTERWARDS,
    rare=(state_troubles.NO_ROOM,),
)
CONFIG = choice("config read", OK, rare=("unreadable",))
CONFIG_AGAIN = choice("config read again", OK)  # it is read once, and what was found is kept
STDIN = choice(
    *("stdin", "fields", "not JSON", "keys alone", "settings alone"),
    *("another id alone", "a duration alone"),
    rare=("not UTF-8", "an odd field"),
)
GIVEN = {  # the fields of these
    "keys alone": ("access_key_id", "secret_access_key"),
    "another id alone": ("access_key_id",),
    "a duration alone": ("session_duration",),
    "settings alone": ("mfa_arn", "session_duration"),
}
POST = choice("web", OK)

# What a person may type, by the beginning of the question.  {0} is the number of the answer,
# and {code} and {before} are the device's codes.
LATER = ", 40 s later"
TYPED: dict[str, Choice] = {
    question: choice(question, plain, *common, rare=rare)
    for question, plain, common, rare in [
        (
            *("AWS Access Key ID", "AKIATYPEDTYPEDTYPED{0}"),
            ("", "-", "ASIATYPEDTYPEDTYPED{0}", "^C"),
            ("^D", "AKIASHORTSHORT0", "AKIAFIRSTFIRSTFIRST0"),
        ),
        (
            *("AWS Secret Access Key", "secret-of-{0}"),
            ("", "^C", "secret\u200b-of-{0}"),
            ("^D", " secret-of-{0}\u200b"),
        ),
        (
            *("MFA ARN", "arn:aws:iam::123456789012:mfa/typed-{0}"),
            ("", "-", "GAHT1234", "arn:aws-cn:iam::123456789012:mfa/user", "^C"),
            ("^D", "arn:aws:iam::123456789012:mfa/user", "arn:aws:iam::123456789012:u2f/x"),
        ),
        ("Device Number", "1", ("", "2", "^C"), ("7", "^D", "arn:aws:iam::123456789012:mfa/new")),
        ("Scope", "Write", ("", "-", "no scope", "^C"), ("^D",)),
        ("Session Duration", "36h", ("", "129601", "1d1h30m", "^C"), ("^D", "-", "899s", "5400")),
        (
            *("Enter MFA Token", "{code}"),
            ("{before}", "12345", "^C", "{code}" + LATER, "{before}" + LATER),
            ("{code spread}", "^D", "1234567", "{code}, ten days later"),
        ),
        ("Keyring passphrase", "passphrase", ("^C",), ("^D",)),
        ("Replace it", "y", ("", "n", "No", "YES", "perhaps", "^C"), ()),
        (
            *("Import which", "all"),
            (
                "",
                "none",
                "1",
                "1,5 work",
                "sso",
                "deploy",
                "dev admin",
                "1 0",
                "9",
                "somebody",
                "^C",
            ),
            ("^D",),
        ),
        ("Name of the identity", "dev admin", ("", "*", "-x", "work", "cafe\u0301", "^C"), ("^D",)),
    ]
}
# What a person types who takes what a prompt offers.
KEPT: dict[str, Choice] = {
    question: choice(question, "", *(o for o in common if o), rare=(plain,))
    for question, (_, (plain, *common), _) in TYPED.items()
}
CI = choice("CI", "true", "1", "false", "", f"yes{ODD}", "False", "TRUE", rare=("0", "no"))
