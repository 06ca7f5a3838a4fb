"""Notifications over a real session bus: as every desktop takes them, and told where nothing takes them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.connectors.notices import OutgoingNotices
from app.core.errors import BadResponseError, RetryableError
from app.core.model.notices import Notice
from tests.connectors.notices.session_bus import NOTIFICATIONS, SessionBus

NOTICE = Notice("ab" * 32, "Counterfoil: an alert fires", "exposure to <A&B> is above •••", {})
NOTICES = OutgoingNotices(lambda: 0)
Started = Callable[..., SessionBus]


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Return what starts a session bus that the program finds."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("There is no dbus-daemon.")
    started: list[SessionBus] = []

    def start(*names: str, capabilities: tuple[str, ...] = ("body",)) -> SessionBus:
        made = SessionBus(tmp_path, *names, capabilities=capabilities)
        started.append(made)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
        return made

    yield start
    for one in started:
        one.end()


async def test_a_notification_is_what_every_desktop_takes(bus: Started) -> None:
    desktop = bus(NOTIFICATIONS)
    await NOTICES.show(NOTICE)

    assert desktop.of("Notify") == [
        (
            "Counterfoil", 0, "counterfoil", NOTICE.title, NOTICE.text, [],
            {"urgency": ("y", 1), "desktop-entry": ("s", "counterfoil")}, -1,
        )
    ]  # fmt: skip


async def test_where_markup_is_read_nothing_in_a_name_is_taken_for_it(bus: Started) -> None:
    desktop = bus(NOTIFICATIONS, capabilities=("body", "body-markup"))
    await NOTICES.show(NOTICE)

    assert desktop.of("Notify")[0][4] == "exposure to &lt;A&amp;B&gt; is above •••"


async def test_a_session_in_which_nothing_shows_notifications_says_so(bus: Started) -> None:
    bus()
    with pytest.raises(BadResponseError, match="No program shows notifications in this session"):
        await NOTICES.show(NOTICE)


async def test_a_session_without_a_bus_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(BadResponseError, match="no notification service"):
        await NOTICES.show(NOTICE)


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "tcp:host=127.0.0.1,port=1", "nonsense"])
async def test_a_bus_that_cannot_be_reached_says_so(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with pytest.raises(RetryableError, match="cannot be reached"):
        await NOTICES.show(NOTICE)
