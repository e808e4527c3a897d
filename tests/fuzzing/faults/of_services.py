"""Faults of what reads answers of STS and IAM, and of what the simulator answers."""

from __future__ import annotations

from tests.fuzzing.faults.fault import NO_SECRET, NOTHING_ELSE, PLAIN, Fault

_ANSWER = "authkit.adapters.sts_answers:"
_BODY = "sts_simulator.wire.body:"
_HTTP = "sts_simulator.server.http1:"
_SIM = "sts_simulator.server.control:"
_OF_STS = "authorization forms control-bytes calls_of_STS policies control"
_OF_ALL = f"{_OF_STS} requests calls_of_IAM calls_of_other_services"

FAULTS = (
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
        "authkit.core.failures:Refused.__init__",
        "code[:LONGEST_CODE]",
        "code",
    ),
    Fault(
        "sts-answers",
        "a message is not endless",
        "authkit.core.failures:Refused.__init__",
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
    Fault("sts-answers", PLAIN, _ANSWER + "caller", "shown.isprintable()", "True"),
    Fault(
        "sts-answers",
        NO_SECRET,
        "authkit.core.model:Secret.__repr__",
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
        "sts_simulator.account.authentication:_secret_right",
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
        "sts_simulator.wire.query_api:_show",
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
        NO_SECRET,
        _BODY + "of",
        "xml(root, ...)",
        "xml(root, 'the-secret-of-the-tests')",
    ),
    Fault(
        "requests calls_of_IAM calls_of_other_services",
        "no answer is a bug's",
        "sts_simulator.server.server:Server._reply",
        "self._moto.reply(account, request)",
        "query_api.Reply(HttpAnswer(500, {}))",
    ),
    Fault(
        "requests calls_of_IAM calls_of_other_services",
        NOTHING_ELSE,
        "sts_simulator.server.server:Server._reply",
        "self._moto.reply(account, request)",
        "self._moto.reply(account)",
        "TypeError",
    ),
    Fault(
        "framing",
        "no answer is a bug's",
        "sts_simulator.server.server:Server._serve",
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
        "sts_simulator.wire.query_api:_show",
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
        "sts_simulator.wire.sigv4:_signature",
        "(ValueError, TypeError, LookupError, OverflowError)",
        "OverflowError",
        "ValueError",
    ),
    Fault(
        "forms calls_of_STS policies",
        NOTHING_ELSE,
        "sts_simulator.wire.query_api:_call",
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
