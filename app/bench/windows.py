"""Real windows for the benchmarks, offscreen where there is no display."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from app.core.errors import SourceError
from app.core.ports import Runtime
from app.ui import loop
from app.ui.application import prepare
from app.ui.main_window import MainWindow
from app.ui.preferences import Preferences
from app.ui.shell.desk import Desk
from app.ui.watch import Paintings

T = TypeVar("T")

SIZE = (1440, 900)
_PATIENCE = 60.0


def settle_platform() -> None:
    """Draw into memory where there is no display to draw on."""
    is_unix = sys.platform not in {"win32", "darwin"}
    if is_unix and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def in_window(runtime: Runtime, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run work in the application, on the loop of its windows."""
    settle_platform()
    application, _ = prepare(runtime)
    found: list[T] = []

    async def keep() -> None:
        found.append(await work())

    loop.run(application, keep)
    return found[0]


def preferences(folder: Path, period: str = "all") -> Preferences:
    """Return preferences in a folder of the benchmark's own: the whole period, and never a lock in between."""
    made = Preferences(folder)
    made.keep("scope/period", period)
    made.keep("lock/minutes", "0")
    return made


class Watched:
    """A window under measurement."""

    def __init__(self, runtime: Runtime) -> None:
        """Open an empty window."""
        self.window = MainWindow(runtime, preferences(runtime.settings_folder))
        self.window.resize(*SIZE)
        self.paintings = Paintings(self.window)

    @property
    def desk(self) -> Desk:
        """Return the unlocked vault on screen."""
        if self.window.desk is None:
            raise RuntimeError("The window locked itself in the middle of the benchmark.")
        return self.window.desk

    async def show(self) -> None:
        """Show the window."""
        self.window.show()
        await self.paintings.whole()

    async def until(self, is_there: Callable[[], bool], what: str) -> None:
        """Wait for a state of the window, looking every few milliseconds."""
        ends = time.monotonic() + _PATIENCE
        while not is_there():
            if time.monotonic() > ends:
                message = f"{what} did not come within {_PATIENCE:g} s."
                raise SourceError(message, hint="Open the window by hand and look at what it says.")
            await asyncio.sleep(0.004)

    async def settled(self) -> float:
        """Wait until everything asked for is read and painted; returns when, as `perf_counter` counts."""
        await self.window.settled()
        return await self.paintings.whole()

    async def timed(self, act: Callable[[], object]) -> float:
        """Return the seconds from an act until what it asked for is read and painted."""
        started = time.perf_counter()
        act()
        return await self.settled() - started

    async def end(self) -> None:
        """Lock the vault and let the window go."""
        await self.window.end()
