"""Candles for the chart of a market: what is kept is shown at once, what venues know comes after it.

The last one may not be over: it is drawn apart, and nothing else takes it for a candle.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.core.clock import DAY
from app.core.market.candles import HOUR, MINUTE, begins, kept_for, wider
from app.core.model.market import Candle, Series

if TYPE_CHECKING:
    from app.services.growing import SoFar
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
        so_far: Up to which moment the last candle is told, where it is not over; None where it is.
        parts: Kept candles in that one, which it is made of beside what goes on now.
    """

    asset: str
    interval: int
    source: str
    candles: Sequence[Candle]
    bars: Any
    gaps: int = 0
    so_far: int | None = None
    parts: Sequence[Candle] = ()

    @property
    def whole(self) -> Sequence[Candle]:
        """Return the candles that are over."""
        return self.candles if self.so_far is None else self.candles[:-1]


async def kept(workspace: Workspace, asset: str, interval: int, *, asks: bool = False) -> Market | None:
    """Return the longest candles that are kept of any venue, else closes where days are wanted; None for nothing.

    Where it `asks`, their venue tells how the candle is that is not over yet.
    """
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
    if asks and best[0] != CLOSES:
        await workspace.growing.ask(asset, best[0], interval)
    going_on = so_far(workspace, asset, best[0], interval)
    return await asyncio.to_thread(_made, (asset, interval, best[0]), best[1], going_on, now)


async def fill(workspace: Workspace, asset: str, interval: int) -> Sequence[str]:
    """Ask venues for what is missing; returns why some could not be read."""
    length = kept_for(interval)
    since = workspace.runtime.clock.now_ns() - SPANS[length]
    filled = await workspace.candles.fill(asset, length, since, again=True)
    return [one.fault for one in filled if one.fault]


def so_far(workspace: Workspace, asset: str, source: str, interval: int) -> SoFar | None:
    """Return what is known of the candle that goes on now, of the length that is kept."""
    if source == CLOSES:
        return workspace.growing.marked(asset)
    return workspace.growing.now(asset, source, interval)


def moved(market: Market, now: SoFar) -> Market:
    """Return a market whose last candle is as far as it is now; the same one where nothing is new."""
    if market.so_far is None or market.so_far == now.at:
        return market
    made = wider([*market.parts, now.candle], market.interval)
    if [one.at for one in made] != [market.candles[-1].at]:
        # Another one has begun, and is read with the one before it.
        return market
    candles = (*market.candles[:-1], *made)
    return replace(market, candles=candles, bars=market.bars.ending_in(made[0]), so_far=now.at)


def _of_closes(closes: Sequence[tuple[int, Any]]) -> list[Candle]:
    """Return days of which only the close is known; a close stands at the end of its day."""
    return [Candle(at - DAY, close, close, close, close, None) for at, close in closes]


def _made(of: tuple[str, int, str], told: Sequence[Candle], going_on: SoFar | None, now: int) -> Market:
    from app.ui.charts.series import Series as Bars  # noqa: PLC0415 - numpy must not delay the first window

    asset, interval, source = of
    length = kept_for(interval)
    missing = (told[-1].at - told[0].at) // length + 1 - len(told)
    last, start = told[-1].at, begins(now, interval)
    # Of a longer length what is kept of its last one makes a candle already, which is not over.
    until = last + length if last >= start else None
    parts = tuple(one for one in told[-(interval // length) :] if one.at >= start)
    if going_on is not None and going_on.candle.at > last:
        until = going_on.at
        told = [*told, going_on.candle]
    shown = told if interval == length else wider(told, interval)
    return Market(asset, interval, source, shown, Bars.of(shown, interval), missing, until, parts)
