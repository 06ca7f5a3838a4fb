"""A vault that was read from venues with defects, made once; venues that tests read and kill readers of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.serve import DemoVenues, SpawnedVenues
from tests.e2e.closing import defective_vault


@pytest.fixture(scope="session")
def defects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with demo.vault, the list of what is wrong with it, and the statements beside it."""
    folder = tmp_path_factory.mktemp("defects")
    asyncio.run(defective_vault(folder))
    return folder


@pytest.fixture(scope="module")
def venues() -> Iterator[SpawnedVenues]:
    """Return simulated venues in a process of their own."""
    with DemoVenues.spawned(scale=0.02) as running:
        yield running
