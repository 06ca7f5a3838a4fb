"""Qt and asyncio on one loop, for whoever opens a window: no other package needs to know how that is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import qasync
from PySide6.QtWidgets import QApplication


def run(application: QApplication, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run work to its end on a loop that turns both."""
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(work())
