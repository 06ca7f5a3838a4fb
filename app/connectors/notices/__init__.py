"""Notices of alerts on this computer, by e-mail and webhook."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from app.connectors.http import trusted
from app.connectors.notices import desktop, mail, webhook
from app.core.model.notices import Hook, MailRoute, Notice

_ICON = "counterfoil"
"""As which the desktop knows the program, where it is installed."""


class OutgoingNotices:
    """Shows on this computer, and sends over its network."""

    def __init__(self, now_ns: Callable[[], int], certificates: Callable[[], ssl.SSLContext] = trusted) -> None:
        """Take the clock that dates what is sent, and the certificates that a mail server's must follow from."""
        self._now_ns = now_ns
        self._certificates = certificates

    def check_mail(self, route: MailRoute) -> None:
        """Raise InputError where a route is none, or would send words in clear over a network."""
        mail.check(route)

    def check_hook(self, hook: Hook) -> None:
        """Raise InputError where an address is neither https nor on this computer."""
        webhook.check(hook)

    async def mail(self, route: MailRoute, notice: Notice) -> None:
        """Send an e-mail."""
        await mail.send(route, notice, self._now_ns(), self._certificates)

    async def post(self, hook: Hook, notice: Notice) -> None:
        """Post JSON."""
        await webhook.post(hook, notice, self._now_ns())

    async def show(self, notice: Notice) -> None:
        """Show a notification on this computer."""
        await desktop.show(notice, _ICON)
