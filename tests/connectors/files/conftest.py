"""The formats with the shipped registry and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.connectors.files import all_formats
from app.core.file_ports import StatementFormat
from app.core.model.pages import Page
from app.core.model.registry import StaticAssetRegistry

NOW_NS = 1_800_000_000 * 10**9  # 2027-01-15

Read = Callable[[str, str | bytes], Page]


@pytest.fixture(scope="session")
def registry() -> StaticAssetRegistry:
    """Return the registry that is shipped."""
    file = Path(__file__).parents[3] / "resources" / "data" / "assets.json"
    return StaticAssetRegistry.from_json(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def formats(registry: StaticAssetRegistry) -> dict[str, StatementFormat]:
    """Return all formats by their id."""
    return {found.format_id: found for found in all_formats(registry, lambda: NOW_NS)}


@pytest.fixture
def read(formats: dict[str, StatementFormat]) -> Read:
    """Return a function that reads a text as a format into the account "main"."""

    def read_text(format_id: str, text: str | bytes) -> Page:
        content = text.encode() if isinstance(text, str) else text
        assert [found.format_id for found in formats.values() if found.recognises(content[:4096])] == [format_id]
        return formats[format_id].read(content, "statement.csv", "main")

    return read_text
