"""The icon in the tray, on a display of its own and a session bus of its own: as a desktop sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.connectors.notices.session_bus import NOTIFICATIONS, TRAY, SessionBus

PROGRAM = Path(__file__).with_name("tray_program.py")


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return a display that only this test has."""
    if shutil.which("Xvfb") is None or shutil.which("dbus-daemon") is None:
        pytest.skip("There is no Xvfb or no dbus-daemon.")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603
    assert server.stdout is not None
    monkeypatch.setenv("DISPLAY", f":{server.stdout.readline().strip()}")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    yield os.environ["DISPLAY"]
    server.terminate()
    server.wait()
    server.stdout.close()


def started(bus: SessionBus) -> subprocess.Popen[str]:
    """Start the program in a session."""
    environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": bus.address}
    return subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, str(PROGRAM)], env=environment, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.usefixtures("display")
def test_a_desktop_gets_an_icon_that_tells_how_many_wait_a_message_and_a_click_comes_back(tmp_path: Path) -> None:
    bus = SessionBus(tmp_path, NOTIFICATIONS, TRAY)
    program = started(bus)
    try:
        assert program.stdout is not None
        could_show = program.stdout.readline().strip()
        ((owner,),) = bus.of("RegisterStatusNotifierItem")
        item = DBusAddress("/StatusNotifierItem", bus_name=owner, interface="org.kde.StatusNotifierItem")
        with open_dbus_connection(bus.address) as host:
            (_, (_, _, tip, _)) = host.send_and_get_reply(Properties(item).get("ToolTip")).body[0]
            for _ in range(2):
                host.send_and_get_reply(new_method_call(item, "Activate", "ii", (1, 1)))
        status = program.wait(20)
    finally:
        program.kill()
        program.communicate()
        bus.end()

    assert (could_show, tip, status) == ("True", "Counterfoil: 2 alerts fire", 0)
    assert [(words[0], words[3], words[4]) for words in bus.of("Notify")] == [
        ("counterfoil", "An alert fires", "price of BTC")
    ]


@pytest.mark.usefixtures("display")
def test_a_desktop_without_a_tray_shows_nothing_and_the_program_knows(tmp_path: Path) -> None:
    bus = SessionBus(tmp_path, NOTIFICATIONS)
    program = started(bus)
    assert program.stdout is not None
    could_show = program.stdout.readline().strip()
    program.kill()
    program.communicate()
    bus.end()

    assert (could_show, bus.calls) == ("False", [])
