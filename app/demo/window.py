"""The demo with a display: the vault opens at once, the venues start beside it and are read as jobs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.core.ports import Progress, Runtime
from app.demo import books, defective
from app.demo.serve import DemoVenues, SpawnedVenues
from app.services.replay import LiveReplay
from app.services.workspace import Workspace
from app.ui import loop
from app.ui.application import open_window, prepare, until_closed


def main(
    runtime: Runtime,
    path: Path,
    world: tuple[int, float],
    *,
    with_defects: bool = False,
    replay: LiveReplay | None = None,
) -> int:
    """Open the demo vault in a window; the status is 0 once it is closed."""
    application, _ = prepare(runtime)
    path.parent.mkdir(parents=True, exist_ok=True)
    venues = DemoVenues.spawned(*world, with_defects=with_defects)
    loop.run(application, lambda: _run(runtime, path, venues, replay))
    return 0


async def _run(runtime: Runtime, path: Path, venues: SpawnedVenues, replay: LiveReplay | None) -> None:
    workspace = await books.opened(runtime, path)
    window = open_window(runtime, workspace)
    window.unlock_hints[workspace.path] = f"Demo passphrase: {books.PASSPHRASE}"
    window.restore_geometry()
    window.show()
    closed = asyncio.create_task(until_closed(window))
    stopped = asyncio.Event()
    serving = asyncio.create_task(_serve(workspace, stopped, venues, replay))
    try:
        await closed
    finally:
        stopped.set()
        await window.end()
        await asyncio.wait([serving])


async def _serve(
    workspace: Workspace, stopped: asyncio.Event, venues: SpawnedVenues, replay: LiveReplay | None
) -> None:
    """Keep the venues up until the window is closed; reading them is a job that a person sees and may stop."""
    async with venues:

        async def work(progress: Progress) -> str:
            if venues.with_defects:
                progress(None, "writing what is wrong with them")
                await asyncio.to_thread(defective.write, venues.truth, workspace.path.with_suffix(""))
            progress(None, "connecting")
            await books.connect(workspace, venues)
            reports = await books.read(workspace, progress)
            await books.set_limits(workspace)
            if replay is None:
                workspace.market_data.start_live()
            else:
                await workspace.market_data.follow(replay)
            return f"{sum(report.recorded for report in reports)} new records from {len(reports)} simulated venues"

        workspace.jobs.start("Read the simulated venues", work)
        await stopped.wait()
