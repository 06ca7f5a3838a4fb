"""Real prices of fifty coins, and made-up ones whose answers are known."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core.clock import from_datetime

Closes = Mapping[str, list[tuple[int, float]]]


def day(text: str) -> int:
    """Return the start of a day."""
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=UTC))


@pytest.fixture(scope="session")
def daily_closes(data_folder: Path) -> Closes:
    """Return the daily closes of fifty coins, those with the longest history first."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    with gzip.open(data_folder / "market/binance_daily_ohlcv.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found[row["symbol"]].append((day(row["date"]), float(row["close"])))
    return {asset: found[asset] for asset in sorted(found, key=lambda asset: (found[asset][0][0], asset))}
