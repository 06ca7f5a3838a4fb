"""The encrypted file of prices as it is opened in tests, and what is kept in it."""

from __future__ import annotations

from pathlib import Path

from app.connectors.clock import SystemClock
from app.core.clock import DAY, SECOND
from app.core.model.market import SpreadMinute
from app.storage.keys import DataKey
from app.storage.price_history import SqlPriceHistory

START = 1_790_000_000 * SECOND // DAY * DAY
MOST = 5
"""Minutes of spreads that are kept of a market."""
ONE = SpreadMinute("kraken", "bitcoin", "usd", START, START + 3, START + 9, 2, 0.003, 0.000005)


def opened(path: Path) -> SqlPriceHistory:
    return SqlPriceHistory(path, DataKey(bytes(32), bytes(16)), SystemClock())
