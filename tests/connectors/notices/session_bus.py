"""A session bus of its own with a desktop on it: what shows notifications, and what hosts the items of a tray."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NOTIFICATIONS, TRAY = "org.freedesktop.Notifications", "org.kde.StatusNotifierWatcher"
_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class SessionBus:
    """A bus that only this test knows.

    Attributes:
        address: What stands in DBUS_SESSION_BUS_ADDRESS.
        calls: What was asked of the desktop: the member, and the words with it.
    """

    def __init__(self, folder: Path, *names: str, capabilities: tuple[str, ...] = ("body", "actions")) -> None:
        """Start it, with a desktop that has these services."""
        configuration = folder / "bus.conf"
        configuration.write_text(_CONFIGURATION.format(folder=folder), "utf-8")
        command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"]
        self._daemon = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
        assert self._daemon.stdout is not None
        self.address = self._daemon.stdout.readline().strip()
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self._capabilities = capabilities
        self._connection = open_dbus_connection(self.address)
        for name in names:
            assert self._connection.send_and_get_reply(message_bus.RequestName(name)).body == (1,)
        self._thread = threading.Thread(target=self._serve, args=(self._connection,), daemon=True)
        self._thread.start()

    def of(self, member: str) -> list[tuple[Any, ...]]:
        """Return the words of every call of a member."""
        return [words for name, words in self.calls if name == member]

    def _serve(self, connection: DBusConnection) -> None:
        while True:
            try:
                asked = connection.receive()
            except (OSError, EOFError):
                return
            if asked.header.message_type is MessageType.method_call:
                member = str(asked.header.fields[HeaderFields.member])
                self.calls.append((member, tuple(asked.body)))
                connection.send(self._answer(asked, member))

    def _answer(self, asked: Message, member: str) -> Message:
        match member:
            case "Notify":
                return new_method_return(asked, "u", (7,))
            case "GetCapabilities":
                return new_method_return(asked, "as", (list(self._capabilities),))
            case "Get":
                return new_method_return(asked, "v", (("b", True),))
            case "GetAll":
                return new_method_return(asked, "a{sv}", ({"IsStatusNotifierHostRegistered": ("b", True)},))
            case "RegisterStatusNotifierItem":
                return new_method_return(asked)
            case _:
                return new_error(asked, "org.freedesktop.DBus.Error.UnknownMethod")

    def end(self) -> None:
        """Stop the bus: whoever is on it is told."""
        self._daemon.terminate()
        self._daemon.wait()
        self._thread.join()
        self._connection.close()
        if self._daemon.stdout is not None:
            self._daemon.stdout.close()
