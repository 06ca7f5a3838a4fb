"""Candles for the chart of a market: what is kept is shown at once, what venues know comes after it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.clock import DAY
from app.core.market.candles import HOUR, MINUTE, kept_for, wider
from app.core.model.market import Candle, Series

if TYPE_CHECKING:
    from app.services.workspace import Workspace

SPANS = {MINUTE: 3 * DAY, HOUR: 200 * DAY, DAY: 3_000 * DAY}
"""How far back the candles of each length that is kept are read."""
CLOSES = "closes"
"""As a source: daily closes on which all venues agree, where no venue's candles are kept."""


@dataclass(frozen=True, slots=True)
class Market:
    """What a chart shows of one asset.

    Attributes:
        bars: The candles as the chart paints them; a `charts.series.Series`, which loads numpy.
        gaps: How many candles are missing between the first and the last, of the length that is kept.
    """

    asset: str
    interval: int
    source: str
    candles: Sequence[Candle]
    bars: Any
    gaps: int = 0


async def kept(workspace: Workspace, asset: str, interval: int) -> Market | None:
    """Return the longest candles that are kept of any venue, else closes where days are wanted; None for nothing."""
    now, length = workspace.runtime.clock.now_ns(), kept_for(interval)
    best: tuple[str, Sequence[Candle]] = "", ()
    for source in await workspace.candles.sources(asset, length):
        series = Series(asset, workspace.book.base_currency, source, length)
        found = await workspace.candles.of(series, now - SPANS[length], now)
        if len(found) > len(best[1]):
            best = source, found
    if not best[1] and length == DAY:
        best = CLOSES, _of_closes(await workspace.portfolio.closes(asset))
    if not best[1]:
        return None
    return await asyncio.to_thread(_made, asset, interval, *best)


async def fill(workspace: Workspace, asset: str, interval: int) -> Sequence[str]:
    """Ask venues for what is missing; returns why some could not be read."""
    length = kept_for(interval)
    since = workspace.runtime.clock.now_ns() - SPANS[length]
    filled = await workspace.candles.fill(asset, length, since, again=True)
    return [one.fault for one in filled if one.fault]


def _of_closes(closes: Sequence[tuple[int, Any]]) -> list[Candle]:
    """Return days of which only the close is known; a close stands at the end of its day."""
    return [Candle(at - DAY, close, close, close, close, None) for at, close in closes]


def _made(asset: str, interval: int, source: str, candles: Sequence[Candle]) -> Market:
    from app.ui.charts.series import Series as Bars  # noqa: PLC0415 - numpy must not delay the first window

    length = kept_for(interval)
    missing = (candles[-1].at - candles[0].at) // length + 1 - len(candles)
    shown = candles if interval == length else wider(candles, interval)
    return Market(asset, interval, source, shown, Bars.of(shown, interval), missing)
