"""HTTP requests as values."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sts_simulator.wire.http import FORM, HttpRequest


def test_path_and_query_are_as_sent() -> None:
    """Nothing is decoded; the query begins after the first question mark."""
    request = HttpRequest("GET", "/a%20b?x=%3F&y=?", {})
    assert (request.path, request.query) == ("/a%20b", "x=%3F&y=?")
    assert HttpRequest("GET", "/", {}).query == ""


def test_origin_is_the_url_that_the_client_called() -> None:
    """It has the scheme of the connection and the Host header."""
    request = HttpRequest("GET", "/x", {"host": "127.0.0.1:43210"}, scheme="https")
    assert request.origin == "https://127.0.0.1:43210"


@pytest.mark.parametrize(
    ("content_type", "parameters"),
    [
        (FORM, {"a": "1", "b": "2", "c": ""}),
        (f"{FORM}; charset=utf-8", {"a": "1", "b": "2", "c": ""}),
        ("text/plain", {"a": "1"}),
    ],
)
def test_parameters_are_those_of_query_and_form(
    content_type: str, parameters: dict[str, str]
) -> None:
    """Of equal names the first counts, and the query comes before the form."""
    request = HttpRequest("POST", "/?a=1", {"content-type": content_type}, b"a=9&b=2&c=")
    assert request.parameters == parameters


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    """Such bytes become replacement characters."""
    request = HttpRequest("POST", "/", {"content-type": FORM}, b"a=%FF&b=\xff")
    assert request.parameters == {"a": "\ufffd", "b": "\ufffd"}


def test_one_request_is_read_while_another_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """H1: the parameters of a long form do not hold up those of another request."""
    another_was_read = threading.Event()

    def first_values(_query: bytes, form: bytes) -> dict[str, str]:
        if form == b"long":
            assert another_was_read.wait(10)
        return {"form": form.decode()}

    monkeypatch.setattr("sts_simulator.wire.http.first_values", first_values)
    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(
            lambda: HttpRequest("POST", "/", {"content-type": FORM}, b"long").parameters
        )
        assert HttpRequest("POST", "/", {"content-type": FORM}, b"").parameters == {"form": ""}
        another_was_read.set()
        assert long.result() == {"form": "long"}
