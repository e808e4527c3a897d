"""A real browser, driven by the W3C WebDriver protocol: JSON over HTTP to chromedriver.

Chromium and its driver are Debian's packages ``chromium`` and ``chromium-driver``.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MISSING = (
    "" if shutil.which("chromedriver") else "there is no chromedriver: Debian's chromium-driver"
)
_STARTS = 3
_LIMIT = 60  # seconds, for one answer of the driver
_ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
_WANTED = {
    "capabilities": {
        "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": _ARGUMENTS},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
    }
}
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy of the machine's
KEYS = {
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Space": " ",
    "End": "\ue010",
    "Home": "\ue011",
    "Left": "\ue012",
    "Right": "\ue014",
}


class Browser:
    """One window of a browser."""

    def __init__(self, session: str) -> None:
        self._session = session

    def open(self, page: Path, address: str = "") -> None:
        """Open a file; `address` is what follows its name, such as a query."""
        self.visit(f"{page.as_uri()}{address}")

    def visit(self, url: str) -> None:
        """Open an address, and wait until all of the page is there."""
        self._call("url", {"url": url})

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - what the script returns
        """Run the body of a JavaScript function; return what it returns."""
        return self._call("execute/sync", {"script": script, "args": arguments})

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, where the focus is: names of `KEYS`, or letters."""
        actions = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        self._call("actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def text(self, selector: str) -> str:
        """Return the visible text of the first element that a CSS selector finds."""
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def texts(self, selector: str) -> list[str]:
        """Return the text of each element, visible or not."""
        script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)"
        found: list[str] = self.run(script, selector)
        return found

    def count(self, selector: str) -> int:
        """Return how many elements are visible."""
        script = (
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter((e) => e.getClientRects().length).length"
        )
        return int(self.run(script, selector))

    def focus(self, selector: str) -> None:
        """Move the focus to an element."""
        self.run("document.querySelector(arguments[0]).focus()", selector)

    def until(self, script: str) -> None:
        """Wait until a script returns something true.  Raises TimeoutError."""
        ends = time.monotonic() + _LIMIT
        while not self.run(script):
            if time.monotonic() > ends:
                raise TimeoutError(script)
            time.sleep(0.05)

    def look(self, width: int, height: int, *, dark: bool = False, calm: bool = False) -> None:
        """Set the window's size, the colour scheme, and whether motion is to be reduced."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._devtools("Emulation.setDeviceMetricsOverride", size)
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"},
        ]
        self._devtools("Emulation.setEmulatedMedia", {"features": features})

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Write a PNG of the window, or of the whole page."""
        taken = self._devtools("Page.captureScreenshot", {"captureBeyondViewport": whole})
        path.write_bytes(base64.b64decode(taken["data"]))

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        """Have pages run no scripts of their own."""
        self._devtools("Emulation.setScriptExecutionDisabled", {"value": True})
        yield
        self._devtools("Emulation.setScriptExecutionDisabled", {"value": False})

    def complaints(self) -> list[str]:
        """Return what the browser has written to its console since the last call."""
        return [str(entry["message"]) for entry in self._call("se/log", {"type": "browser"})]

    def _devtools(self, command: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        return self._call("goog/cdp/execute", {"cmd": command, "params": parameters})

    def _call(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        return _post(f"{self._session}/{path}", body)


@contextmanager
def opened() -> Iterator[Browser]:
    """Start a driver and a browser without a window; both end with the context."""
    with tempfile.TemporaryDirectory(prefix="browser-") as home, _driver(home) as address:
        session = f"{address}/session/{_post(f'{address}/session', _WANTED)['sessionId']}"
        try:
            yield Browser(session)
        finally:
            _ask(session, None, "DELETE")


@contextmanager
def _driver(home: str) -> Iterator[str]:
    """Start a driver and yield its address.

    It asks the system for a port of one family of addresses, and ends at once if that of the
    other is taken: then another is started.
    """
    for _ in range(_STARTS):
        with subprocess.Popen(
            ["chromedriver", "--port=0"],  # noqa: S607 - wherever Debian has put it
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": home},
            start_new_session=True,
        ) as driver:
            if address := _address(driver):
                try:
                    yield address
                finally:
                    driver.terminate()
                return
    raise RuntimeError("chromedriver has ended")


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder on loopback; yield its address, and the paths that were asked for so far."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:  # noqa: ANN401 - the server's own
            super().__init__(*args, directory=str(folder))

        def log_request(self, *_: object) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def _address(driver: subprocess.Popen[str]) -> str:
    """Return where the driver listens, once it says so; "" if it ends."""
    assert driver.stdout is not None
    for line in driver.stdout:
        if match := re.search(r"started successfully on port (\d+)", line):
            return f"http://127.0.0.1:{match[1]}"
    return ""


def _post(url: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return _ask(url, json.dumps(body).encode(), "POST")


def _ask(url: str, body: bytes | None, method: str) -> Any:  # noqa: ANN401 - JSON
    request = urllib.request.Request(url, body, method=method)  # noqa: S310 - loopback
    try:
        with _direct.open(request, timeout=_LIMIT) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(json.load(error)["value"]["message"]) from None
