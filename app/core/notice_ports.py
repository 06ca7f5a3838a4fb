"""Port of what carries notices out of the window: to the desktop, or out of this computer."""

from __future__ import annotations

from typing import Protocol

from app.core.model.notices import Hook, MailRoute, Notice


class Notices(Protocol):
    """Sends notices; whoever asks tries again where that failed."""

    def check_mail(self, route: MailRoute) -> None:
        """Raise InputError where a route is none, or would send words in clear over a network."""

    def check_hook(self, hook: Hook) -> None:
        """Raise InputError where an address is neither https nor on this computer."""

    async def mail(self, route: MailRoute, notice: Notice) -> None:
        """Send an e-mail. SourceError where the server could not be reached or did not take it."""

    async def post(self, hook: Hook, notice: Notice) -> None:
        """Post JSON. SourceError where the address could not be reached or did not take it."""

    async def show(self, notice: Notice) -> None:
        """Show a notification on this computer. SourceError where nothing here shows any."""
