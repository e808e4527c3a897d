"""A small stand-in for Azure's token endpoint: one app in one tenant, and one that is busy."""

import json
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qsl

TENANT, BUSY = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SECRET = "right-secret"  # noqa: S105 - made up
MESSAGES = {
    "AADSTS90002": ("invalid_request", 400, "Tenant '{}' not found."),
    "AADSTS700016": ("unauthorized_client", 400, "Application '{}' was not found."),
    "AADSTS7000215": ("invalid_client", 401, "Invalid client secret provided."),
    "AADSTS70011": ("invalid_scope", 400, "The provided value for 'scope' is not valid."),
}


def post(url, form):
    """Return the status and body of the answer to a form."""
    if f"/{BUSY}/" in url:
        return 429, "<html>Too many requests</html>"
    if f"/{TENANT}/" not in url:
        return refused("AADSTS90002", url.split("/")[3])
    if form["client_id"] != CLIENT:
        return refused("AADSTS700016", form["client_id"])
    if form.get("client_secret") != SECRET:
        return refused("AADSTS7000215", "")
    if "invalid" in form["scope"]:
        return refused("AADSTS70011", "")
    token = {"token_type": "Bearer", "expires_in": 3599, "access_token": "a-token"}
    return 200, json.dumps(token)


def refused(code, about):
    """Return a refusal as Azure words it."""
    error, status, said = MESSAGES[code]
    described = f"{code}: {said.format(about)}\r\nTrace ID: 0\r\nCorrelation ID: 0"
    return status, json.dumps({"error": error, "error_description": described})


@contextmanager
def served(port=0):
    """Serve it over HTTP on the loopback interface; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, body = post(f"http://host{self.path}", dict(parse_qsl(sent)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            """Write nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with served(int(sys.argv[1])) as served_at:
        print(f"Azure's token endpoint, as far as authkit goes: {served_at}", flush=True)  # noqa: T201 - it is a command
        Event().wait()
