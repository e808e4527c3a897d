"""A desktop prompter for gnome-keyring that denies every request.

It runs on a session bus, prints one line when it is ready, and one on stderr for
every denial.  The protocol is that of gcr's system prompter: a client calls
BeginPrompting with an object of its own, is told there that the prompter is
ready, calls PerformPrompt, and is told the answer there.
"""

from __future__ import annotations

import contextlib
import sys

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_method_call,
    new_method_return,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.gnome.keyring.SystemPrompter"
ASKER = "org.gnome.keyring.internal.Prompter.Callback"
TOLD: dict[str, tuple[str, str, tuple[object, ...]]] = {  # for each request: method, types, values
    "BeginPrompting": ("PromptReady", "sa{sv}s", ("", {}, "")),
    "PerformPrompt": ("PromptReady", "sa{sv}s", ("no", {}, "")),
    "StopPrompting": ("PromptDone", "", ()),
}


def answer(bus: DBusConnection, asked: Message) -> None:
    """Handle one request, and call back the object of the client."""
    fields = asked.header.fields
    method, sender = fields[HeaderFields.member], fields[HeaderFields.sender]
    bus.send(new_method_return(asked))
    asker = DBusAddress(asked.body[0], bus_name=sender, interface=ASKER)
    if method == "PerformPrompt":
        print("denied", file=sys.stderr, flush=True)  # noqa: T201 - it is a program
    bus.send(new_method_call(asker, *TOLD[method]))


def main() -> None:
    """Answer until the bus ends."""
    with open_dbus_connection("SESSION") as bus, contextlib.suppress(ConnectionResetError):
        bus.send_and_get_reply(message_bus.RequestName(NAME))
        print("ready", flush=True)  # noqa: T201 - it is a program
        while True:
            asked = bus.receive()
            if asked.header.message_type is MessageType.method_call:
                answer(bus, asked)


if __name__ == "__main__":
    main()
