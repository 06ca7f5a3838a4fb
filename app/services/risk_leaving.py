"""What is known of the markets that a book would be closed in: depth, spreads, daily volume, each with its moment."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.market.spreads import perpetual
from app.core.model.market import Candle, Series
from app.core.model.order_books import BookState, BookView
from app.core.model.views import Position
from app.core.ports import Clock
from app.core.risk.leaving_facts import Depth, Facts, Observed, PerpetualMarket, Volume
from app.services.candles import CandleHistory
from app.services.contract_volumes import DAYS, Contract
from app.services.market_data import MarketData
from app.services.order_books import BookLook, OrderBooks

WHO = "risk"
"""As which order books are looked at."""
LEAST = 7
"""Days without which an average says nothing."""

_KEPT_NS = 600 * SECOND
_AGAIN_NS = 30 * SECOND


class Markets:
    """Reads facts of markets for the desk of risk."""

    def __init__(self, clock: Clock, market_data: MarketData, books: OrderBooks, candles: CandleHistory) -> None:
        """Take where quotes, order books and candles are."""
        self._clock = clock
        self._market_data = market_data
        self._books = books
        self._candles = candles
        self._volumes: dict[str, tuple[int, Volume | None]] = {}

    def look(self, held: Sequence[Position], perpetuals: Iterable[Contract] = ()) -> None:
        """Look at the order books of positions, the largest first, and of perpetuals; of none at all to look away."""
        values = {one.asset.asset_id: abs(one.value) for one in held if one.value is not None}
        values.pop(self._market_data.currency, None)
        self._books.want(WHO, sorted(values, key=lambda asset: -values[asset]), perpetuals)

    async def facts(self, held: Sequence[Position], beside: Mapping[str, float] | None = None) -> Facts:
        """Return what is known now of the markets of positions, and of assets beside them with a price."""
        now = self._clock.now_ns()
        prices = dict(beside or {})
        prices |= {one.asset.asset_id: float(one.mark.price) for one in held if one.mark is not None}
        assets = [asset for asset in prices if asset != self._market_data.currency]
        volumes = {asset: await self._volume(asset, now) for asset in assets}
        looks = {asset: self._books.look(asset) for asset in assets}
        looked = {asset: _believed(look.views, now) for asset, look in looks.items()}
        faults: dict[str, str] = {}
        faults |= self._books.traded_faults()
        watched = self._books.looked_at()
        for look in looks.values():
            faults |= look.faults or {}
        return Facts(
            prices,
            # Thousands of exact levels become floats, for which no frame of the window waits.
            await asyncio.to_thread(_depths, looked),
            {asset: self._spreads(asset, now) for asset in assets},
            {asset: volume for asset, volume in volumes.items() if volume is not None},
            is_watched=bool(watched),
            unwatched=tuple(asset for asset in assets if watched and asset not in watched),
            is_waiting=any(map(_is_coming, looks.values())),
            faults=faults,
            now=now,
        )

    async def perpetuals(self, of: Mapping[Contract, str]) -> dict[tuple[str, str], PerpetualMarket]:
        """Return what is known of the markets of perpetuals, by venue and asset; `of` tells what each is about."""
        now, views = self._clock.now_ns(), dict[Contract, BookView]()
        for contract in of:
            view = self._books.perpetual(contract)
            if view is not None and view.is_whole and not view.is_silent(now):
                views[contract] = view
        depths = await asyncio.to_thread(lambda: {contract: _depth(view) for contract, view in views.items()})
        by_asset: dict[tuple[str, str], list[Contract]] = {}
        for contract, asset in sorted(of.items()):
            by_asset.setdefault((contract[0], asset), []).append(contract)
        return {where: self._market(contracts, views, depths, now) for where, contracts in by_asset.items()}

    def _market(
        self,
        contracts: Sequence[Contract],
        views: Mapping[Contract, BookView],
        depths: Mapping[Contract, Depth],
        now: int,
    ) -> PerpetualMarket:
        """Return the market of perpetuals on one asset; of several contracts the deepest book and widest spread."""
        known = [one for one in contracts if one in views]
        deepest = max(known, key=lambda one: views[one].near(), default=None)
        spreads = [
            seen for venue, symbol in contracts for seen in self._spreads(perpetual(symbol), now) if seen.venue == venue
        ]
        widest = max(spreads, key=lambda one: (one.deviation is None, one.mean), default=None)
        return PerpetualMarket(None if deepest is None else depths[deepest], widest, self._traded(contracts))

    def _traded(self, contracts: Sequence[Contract]) -> Volume | None:
        """Return the mean of a day of contracts on one asset; of several the smallest, which is closed slowest."""
        known = [mean_of(self._books.traded(one)) for one in contracts]
        if None in known:
            return None
        mean, days = min(one for one in known if one is not None)
        return Volume(mean, days, (contracts[0][0],))

    def _spreads(self, asset: str, now: int) -> tuple[Observed, ...]:
        return tuple(
            Observed(one.venue, one.mean, one.deviation, one.count, one.since, one.until)
            for one in self._market_data.spreads.of(asset, now)
        )

    async def _volume(self, asset: str, now: int) -> Volume | None:
        """Return the daily volume over all venues whose candles are kept; read anew every few minutes."""
        known = self._volumes.get(asset)
        if known is not None and now - known[0] < (_KEPT_NS if known[1] is not None else _AGAIN_NS):
            return known[1]
        last = now // DAY * DAY - DAY
        since = last - (DAYS - 1) * DAY
        currency, told = self._market_data.currency, dict[str, Sequence[Candle]]()
        for venue in await self._candles.sources(asset, DAY):
            told[venue] = await self._candles.of(Series(asset, currency, venue, DAY), since, last)
        found = volume_of(told)
        self._volumes[asset] = now, found
        return found


def mean_of(traded: Mapping[int, Decimal]) -> tuple[float, int] | None:
    """Return the mean of days and how many they span; None where they are too few."""
    if len(traded) < LEAST:
        return None
    # A day that is not told is one without a trade.
    span = max(traded) - min(traded) + 1
    return sum(map(float, traded.values())) / span, span


def volume_of(told: Mapping[str, Iterable[Candle]]) -> Volume | None:
    """Return the mean of what was traded in a day, venues added up; None where no venue tells it of enough days."""
    means: dict[str, float] = {}
    days = 0
    for venue, candles in told.items():
        mean = mean_of({one.at // DAY: one.volume for one in candles if one.volume is not None})
        if mean is not None:
            means[venue], span = mean
            days = max(days, span)
    return Volume(sum(means.values()), days, tuple(sorted(means))) if means else None


def _believed(views: Iterable[BookView], now: int) -> tuple[BookView, ...]:
    """Return the books that can be believed: whole, in step, heard of lately, and no perpetual's."""
    return tuple(
        view for view in views if view.is_whole and not view.is_silent(now) and not view.instrument.is_perpetual
    )


def _is_coming(look: BookLook) -> bool:
    """Tell whether a book of an asset is on its way."""
    return look.is_waiting or any(one.state is not BookState.IN_STEP and not one.fault for one in look.views)


def _depths(looked: Mapping[str, Iterable[BookView]]) -> dict[str, tuple[Depth, ...]]:
    return {asset: tuple(map(_depth, views)) for asset, views in looked.items()}


def _depth(view: BookView) -> Depth:
    bids, asks = (tuple((float(price), float(size)) for price, size in side) for side in (view.bids, view.asks))
    one, middle = view.instrument, view.middle
    return Depth(
        one.venue, one.symbol, bids, asks, float(middle if middle is not None else Decimal(0)), view.known_at or 0
    )
