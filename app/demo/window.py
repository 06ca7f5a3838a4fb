"""The demo with a display: the vault opens at once, the venues start beside it and are read as jobs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.core.ports import Progress, Runtime
from app.demo import books
from app.demo.serve import DemoVenues
from app.services.workspace import Workspace
from app.ui import loop
from app.ui.application import open_window, prepare, until_closed


def main(runtime: Runtime, path: Path, *, seed: int, scale: float) -> int:
    """Open the demo vault in a window; the status is 0 once it is closed."""
    application, _ = prepare(runtime)
    path.parent.mkdir(parents=True, exist_ok=True)
    loop.run(application, lambda: _run(runtime, path, seed, scale))
    return 0


async def _run(runtime: Runtime, path: Path, seed: int, scale: float) -> None:
    workspace = await books.opened(runtime, path)
    window = open_window(runtime, workspace)
    window.unlock_hints[workspace.path] = f"Demo passphrase: {books.PASSPHRASE}"
    window.restore_geometry()
    window.show()
    closed = asyncio.create_task(until_closed(window))
    stopped = asyncio.Event()
    serving = asyncio.create_task(_serve(workspace, stopped, seed, scale))
    try:
        await closed
    finally:
        stopped.set()
        await window.end()
        await asyncio.wait([serving])


async def _serve(workspace: Workspace, stopped: asyncio.Event, seed: int, scale: float) -> None:
    """Keep the venues up until the window is closed; reading them is a job that a person sees and may stop."""
    async with DemoVenues.spawned(seed=seed, scale=scale) as venues:

        async def work(progress: Progress) -> str:
            progress(None, "connecting")
            await books.connect(workspace, venues)
            reports = await books.read(workspace, progress)
            workspace.market_data.start_live()
            return f"{sum(report.recorded for report in reports)} new records from {len(reports)} simulated venues"

        workspace.jobs.start("Read the simulated venues", work)
        await stopped.wait()
