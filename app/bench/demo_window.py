"""A window with the demo's books, and the simulated venues beside it, as the demo opens it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.bench.vaults import silent
from app.bench.windows import Watched
from app.core.ports import Runtime
from app.demo import books
from app.demo.serve import SEED, DemoVenues


@asynccontextmanager
async def with_demo(runtime: Runtime, path: Path, scale: float) -> AsyncIterator[Watched]:
    """Yield a window with the demo's books, read and settled, its prices live."""
    async with DemoVenues.spawned(SEED, scale) as venues:
        workspace = await books.opened(runtime, path)
        watched = Watched(runtime)
        try:
            await books.connect(workspace, venues)
            await books.read(workspace, silent)
            watched.window.show_workspace(workspace)
            await watched.show()
            await watched.settled()
            yield watched
        finally:
            await watched.end()
            await workspace.lock()
