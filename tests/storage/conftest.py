"""A vault of a few pages that is made once and copied for each test; an open file of prices."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage.price_history import SqlPriceHistory
from tests.storage.price_files import opened
from tests.storage.vaults import vault_in, write_page


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a closed vault of a few pages."""
    folder = tmp_path_factory.mktemp("made")
    made = vault_in(folder)
    for number in range(5):
        write_page(made, number, rows=20)
    made.close()
    return folder


@pytest.fixture
def closed(made_once: Path, tmp_path: Path) -> Path:
    """Return the path of a closed vault, for one test."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "a.vault"


@pytest.fixture
def prices(tmp_path: Path) -> Iterator[SqlPriceHistory]:
    found = opened(tmp_path / "books.prices")
    yield found
    found.close()
