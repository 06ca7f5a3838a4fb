"""Notifications of this computer, by the service of the session that shows those of every program (org.freedesktop).

A tray is not needed for it: some desktops have such a service and no tray.
"""

from __future__ import annotations

import asyncio
import html
import os
import sys
from typing import Any

from app.core.errors import BadResponseError, RetryableError
from app.core.model.notices import Notice

_PATIENCE = 5.0
_NAME, _OBJECT = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_BUS = "DBUS_SESSION_BUS_ADDRESS"
_NORMAL, _AS_USUAL = 1, -1
"""Urgency, and how long it is shown: a person sets on the desktop what may disturb, and for how long."""


async def show(notice: Notice, icon: str) -> None:
    """Show a notification; SourceError where nothing on this computer shows any."""
    if not sys.platform.startswith("linux") or not os.environ.get(_BUS):
        raise BadResponseError("This session has no notification service.")
    await asyncio.to_thread(_show, notice, icon)


def _show(notice: Notice, icon: str) -> None:
    # Imported at use: most commands of the program show nothing.
    from jeepney import DBusAddress, DBusErrorResponse  # noqa: PLC0415
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

    try:
        with open_dbus_connection(bus="SESSION", auth_timeout=_PATIENCE) as connection:
            service = DBusAddress(_OBJECT, bus_name=_NAME, interface=_NAME)
            (known,) = _asked(connection, service, "GetCapabilities", "", ())
            text = notice.text.strip()
            text = html.escape(text, quote=False) if "body-markup" in known else text
            hints = {"urgency": ("y", _NORMAL), "desktop-entry": ("s", icon)}
            said: tuple[Any, ...] = ("Counterfoil", 0, icon, notice.title, text, [], hints, _AS_USUAL)
            _asked(connection, service, "Notify", "susssasa{sv}i", said)
    except DBusErrorResponse as error:
        raise BadResponseError(f"No program shows notifications in this session: {error.name}.") from error
    except (OSError, EOFError, ValueError, RuntimeError) as error:
        # A bus that is gone, that refuses this user, or that is spoken to in a way that is not known here.
        raise RetryableError(f"The notification service cannot be reached: {type(error).__name__}.") from error


def _asked(connection: Any, service: Any, member: str, signature: str, words: tuple[object, ...]) -> tuple[Any, ...]:
    from jeepney import new_method_call  # noqa: PLC0415
    from jeepney.wrappers import unwrap_msg  # noqa: PLC0415

    call = new_method_call(service, member, signature or None, words)
    answer: tuple[Any, ...] = unwrap_msg(connection.send_and_get_reply(call, timeout=_PATIENCE))
    return answer
