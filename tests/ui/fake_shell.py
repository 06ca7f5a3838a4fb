"""A window that only remembers what a screen asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QApplication, QWidget

from app.core.model.views import Scope
from app.ui.aio import Tasks
from app.ui.screens.base import Banner, HowComputed
from tests.ui.fake_workspace import FakeWorkspace

if TYPE_CHECKING:
    from app.services.workspace import Workspace


class FakeShell:
    """The shell as screens know it, without a window."""

    def __init__(self, fake: FakeWorkspace | None = None, scope: Scope | None = None) -> None:
        self.fake = fake or FakeWorkspace()
        self.scope = scope or Scope(period="ytd")
        self.gone: list[str] = []
        self.inspected: list[QWidget | None] = []
        self.toasts: list[str] = []
        self.undo: Callable[[], None] | None = None
        self.banners: list[Banner | None] = []
        self.explained: list[HowComputed] = []
        self.faults: list[tuple[str, BaseException]] = []
        self.tasks = Tasks(self._fault)

    @property
    def workspace(self) -> Workspace:
        return cast("Workspace", self.fake)

    def _fault(self, what: str, fault: BaseException) -> None:
        self.faults.append((what, fault))

    def go(self, place: str) -> None:
        self.gone.append(place)

    def inspect(self, panel: QWidget | None) -> None:
        self.inspected.append(panel)

    def toast(self, text: str, action: str = "", then: Callable[[], None] | None = None) -> None:
        self.toasts.append(text)
        self.undo = then

    def banner(self, banner: Banner | None) -> None:
        self.banners.append(banner)

    def explain(self, anchor: QWidget, text: HowComputed) -> None:
        self.explained.append(text)

    def run(self, work: Coroutine[Any, Any, None], *, what: str) -> None:
        self.tasks.run(work, what=what)

    async def settled(self) -> None:
        """Wait for every task and let Qt paint."""
        await self.tasks.settled()
        await asyncio.sleep(0)
        QApplication.processEvents()
