"""A book with two open lots before its first sale, and selections of lots for it as people write them."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import DAY, SECOND, parse_iso
from app.core.model.lot_selections import LotSelection
from app.core.tax.profile import profile

US = profile("us")
SALE = parse_iso("2025-06-01T12:00:00Z")[0]
BOOKS = """
a/buy/BTC  2024-01-01 buy      1   BTC 100 wallet=hot
b/buy/BTC  2025-02-01 buy      1   BTC 900 wallet=hot
c/buy/BTC  2025-02-02 buy      1   BTC 950 wallet=cold
e/buy/ETH  2025-02-02 buy      9   ETH 950 wallet=hot
s/sell/BTC 2025-06-01 sell     0.5 BTC 600 wallet=hot
t/sell/BTC 2025-07-01 sell     1   BTC 700 wallet=hot
z/buy/BTC  2025-08-01 buy      1   BTC 100 wallet=hot
"""
IN_TIME, AFTERWARDS = SALE - 240 * SECOND, SALE + DAY


def chosen(cell: str, *, at: int = IN_TIME, disposal: str = "s", code: str = "us", wallet: str = "") -> LotSelection:
    """Return a selection written as `row:quantity;…`."""
    parts = tuple(part.rpartition(":") for part in cell.split(";") if part)
    named_lots = tuple((row, Decimal(quantity)) for row, _, quantity in parts)
    return LotSelection(code, "BTC", named_lots, "" if wallet else disposal, wallet, recorded_ns=at)
