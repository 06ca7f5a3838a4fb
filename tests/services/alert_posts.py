"""Where notices of alerts arrive in tests: a way out that takes them, or fails as it is told to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from app.core.errors import CounterfoilError
from app.core.model.notices import Hook, MailRoute, Notice, Security
from app.services.workspace import Workspace

MAIL = MailRoute("mail.example.org", 465, Security.TLS, "me", "me@example.org", ("you@example.org",), "canary-password")


@dataclass
class Posted:
    """Takes notices, or fails as it is told to."""

    faults: list[CounterfoilError] = field(default_factory=list)
    mails: list[Notice] = field(default_factory=list)
    hooks: list[Notice] = field(default_factory=list)
    shown: list[Notice] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def check_mail(self, route: MailRoute) -> None:
        """Every route will do."""

    def check_hook(self, hook: Hook) -> None:
        """Every address will do."""

    async def mail(self, route: MailRoute, notice: Notice) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.mails.append(notice)
        self.arrived.set()

    async def post(self, hook: Hook, notice: Notice) -> None:
        self.hooks.append(notice)

    async def show(self, notice: Notice) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.shown.append(notice)


def posted(workspace: Workspace) -> Posted:
    """Let notices of a workspace be taken here."""
    taken = Posted()
    workspace.alerts.outbox._runtime = replace(workspace.runtime, notices=taken)
    return taken
