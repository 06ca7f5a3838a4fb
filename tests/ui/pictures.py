"""Pictures of every screen with made-up books, to be looked at: python tests/ui/pictures.py OUTDIR [NAME …]."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtWidgets import QApplication

from app.services.workspace import Workspace
from app.ui import theme
from app.ui.application import grab, open_window, prepare, settle
from app.ui.preferences import Preferences
from tests.ui.fake_vaults import runtime_with_vaults
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.picture_shots import SHOTS, SIZES, Shot


async def take(shot: Shot, folder: Path, mode: str) -> None:
    with tempfile.TemporaryDirectory() as settings:
        runtime = runtime_with_vaults(Path(settings))
        Preferences(Path(settings)).keep("look/mode", mode)
        Preferences(Path(settings)).keep("mask", int(shot.mask))
        workspace = FakeWorkspace(empty=shot.empty, stale_ns=shot.stale_ns, runtime=runtime)
        window = open_window(runtime, cast("Workspace", workspace), shot.place)
        window.show()
        window.activateWindow()
        await settle(window)
        if shot.act is not None:
            doing = shot.act(window)
            if doing is not None:
                await doing
        for suffix in shot.sizes:
            window.resize(*SIZES[suffix])
            await settle(window)
            grab(window, folder / f"{shot.name}-{mode}{suffix}.png")
            if suffix:
                grab(window, folder / f"{shot.name}-{mode}-200pct.png", density=2)
        await window.end()
        window.close()


async def take_all(folder: Path, wanted: list[str]) -> None:
    for mode in ("dark", "light", "contrast"):
        for shot in SHOTS:
            if not wanted or shot.name in wanted:
                await take(shot, folder, mode)
                sys.stdout.write(f"{shot.name} {mode}\n")


def asked() -> tuple[Path, list[str]]:
    """Return the folder that pictures go to, and the names of those that are wanted."""
    words = argparse.ArgumentParser(description="Pictures of every screen with made-up books.")
    words.add_argument("folder", type=Path, metavar="OUTDIR")
    words.add_argument("names", nargs="*", metavar="NAME", help="which pictures; without any, all of them")
    given = words.parse_args()
    unknown = set(given.names) - {shot.name for shot in SHOTS}
    if unknown:
        words.error(f"no picture has the name {', '.join(sorted(unknown))}")
    return given.folder, given.names


def main() -> None:
    folder, wanted = asked()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as settings:
        application, _ = prepare(runtime_with_vaults(Path(settings)))
    theme.use(mode="dark")
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(take_all(folder, wanted))
    QApplication.processEvents()


if __name__ == "__main__":
    main()
