"""Vaults for the benchmarks: in a folder of their own that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

from app.core.model.accounts import Book
from app.core.ports import Runtime
from app.services.vault import VaultService
from app.services.workspace import Workspace

PASSPHRASE = "a benchmark keeps no secret here"  # noqa: S105 - of a vault that lives for a minute
BOOK = Book("bench", "Benchmark", "usd", simulated=True)


@contextmanager
def apart(runtime: Runtime) -> Iterator[tuple[Runtime, Path]]:
    """Yield a runtime whose vaults lie in a temporary folder, and the folder; the vaults are destroyed at the end."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as name:
        folder = Path(name)
        try:
            yield replace(runtime, data_folder=folder, settings_folder=folder), folder
        finally:
            for path in folder.glob("*.vault"):
                runtime.vaults.destroy(path)


@asynccontextmanager
async def opened(runtime: Runtime, path: Path) -> AsyncIterator[Workspace]:
    """Yield a workspace on a vault, made where it is not there yet."""
    vaults = VaultService(runtime)
    if vaults.exists(path):
        workspace = await vaults.unlock(path, PASSPHRASE)
    else:
        workspace = await vaults.create(path, PASSPHRASE, BOOK)
    try:
        yield workspace
    finally:
        await workspace.lock()


def silent(share: float | None, doing: str) -> None:
    """Hear of progress that nobody watches."""
    del share, doing
