"""An open vault with an empty book, and the script of its venue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from app.services.workspace import Workspace
from tests.services.books import Script, new_workspace


@pytest_asyncio.fixture
async def script() -> Script:
    """Return what the venue has and does."""
    return Script()


@pytest_asyncio.fixture
async def workspace(tmp_path: Path, script: Script) -> AsyncIterator[Workspace]:
    """Return the open vault; it is locked afterwards."""
    opened = await new_workspace(tmp_path, script)
    yield opened
    await opened.lock()
