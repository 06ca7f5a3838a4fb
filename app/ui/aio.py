"""Tasks on the window's loop: each is kept until it ends, and its fault is told, never swallowed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from PySide6.QtWidgets import QDialog

from app.core.ports import Progress

Told = Callable[[str, BaseException], None]
"""Called with what was being done and the fault in it."""


class Runner(Protocol):
    """Starts a task whose fault is shown; `Shell.run` and `Tasks.run` are such."""

    def __call__(self, work: Coroutine[Any, Any, None], *, what: str) -> None:
        """Start the work; `what` says what it is for a person: "Reading the positions"."""


class Tasks:
    """The running tasks of one window."""

    def __init__(self, tell: Told) -> None:
        """Take whom to tell about faults."""
        self._tell = tell
        self._running: dict[asyncio.Task[None], str] = {}

    def run(self, work: Coroutine[Any, Any, None], *, what: str) -> None:
        """Start a task and keep it; once the loop has ended, nobody is left to see its outcome and it is let go.

        A screen's timer may still fire then: Qt runs it until the screen itself is gone.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            work.close()
            return
        task = loop.create_task(work)
        self._running[task] = what
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        what = self._running.pop(task, "")
        if task.cancelled():
            return
        fault = task.exception()
        if fault is not None:
            self._tell(what, fault)

    @property
    def count(self) -> int:
        """Return how many tasks run."""
        return len(self._running)

    async def settled(self) -> None:
        """Wait until none runs, nor any that those have started."""
        while self._running:
            await asyncio.wait(tuple(self._running))

    async def cancel(self) -> None:
        """End all of them and wait until they have ended."""
        waiting = tuple(self._running)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def show(dialog: QDialog) -> int:
    """Open a dialog and wait for its answer without a second event loop, which would stop every task."""
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answered(code: int) -> None:
        if not done.done():
            done.set_result(code)

    dialog.finished.connect(answered)
    dialog.open()
    return await done


def thread_safe(progress: Progress) -> Progress:
    """Return a progress that may be called on any thread; the loop then tells it on."""
    loop = asyncio.get_running_loop()

    def tell(share: float | None, doing: str) -> None:
        loop.call_soon_threadsafe(progress, share, doing)

    return tell
