"""Statement files: one module a format."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.connectors.files.base import CsvFormat
from app.connectors.files.binance_history import BinanceHistory
from app.connectors.files.coinbase_transactions import CoinbaseTransactions
from app.connectors.files.kraken_ledgers import KrakenLedgers
from app.connectors.files.ledger_v1 import LedgerV1
from app.core.ports import AssetRegistry

_FORMATS: tuple[type[CsvFormat], ...] = (LedgerV1, KrakenLedgers, CoinbaseTransactions, BinanceHistory)


def all_formats(assets: AssetRegistry, now_ns: Callable[[], int] = time.time_ns) -> tuple[CsvFormat, ...]:
    """Return every format, the most particular heading first."""
    return tuple(kind(assets, now_ns) for kind in _FORMATS)
