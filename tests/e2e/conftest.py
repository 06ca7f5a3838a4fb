"""A vault that was read from venues with defects, made once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.e2e.closing import defective_vault


@pytest.fixture(scope="session")
def defects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with demo.vault, the list of what is wrong with it, and the statements beside it."""
    folder = tmp_path_factory.mktemp("defects")
    asyncio.run(defective_vault(folder))
    return folder
