"""How much of a contract of USD-M futures is traded in a day, by its daily candles.

Path, weight of the call and columns are those of the spot market's candles, from the venue's documentation; no answer
of its own was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.connectors.exchanges.base import Reader, Urgency
from app.connectors.exchanges.binance.calls import PERPETUAL_KLINES
from app.core.clock import DAY, MILLISECOND
from app.core.errors import BadResponseError
from app.core.money import exact

_AT, _VOLUME = 0, 5


async def traded_in_days(reader: Reader, symbol: str, days: int) -> Mapping[int, Decimal]:
    """Return the units of its asset that were traded on each of the last whole days, by day number."""
    today = reader.now_ns() // DAY
    asked = {
        "symbol": symbol,
        "interval": "1d",
        "startTime": (today - days) * DAY // MILLISECOND,
        "endTime": today * DAY // MILLISECOND - 1,
        "limit": days,
    }
    answer = await reader.ask(PERPETUAL_KLINES, asked, urgency=Urgency.PRICES)
    try:
        found = {int(row[_AT]) * MILLISECOND // DAY: exact(row[_VOLUME]) for row in answer.data}
    except (TypeError, ValueError, IndexError, ArithmeticError) as error:
        message = f"Binance gives days of {symbol} that cannot be read: {error}."
        raise BadResponseError(message, hint="How long closing it takes stays unknown.") from error
    return {day: units for day, units in found.items() if today - days <= day < today and units >= 0}
