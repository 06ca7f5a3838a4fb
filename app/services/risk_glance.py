"""Risk at a glance: value at risk and shortfall of what is held, by the default model, and nothing else of the desk.

It takes positions that somebody has read already, so that a few milliseconds tell it again when prices move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.errors import InputError
from app.core.model.futures import FuturesReading, assets_in
from app.core.model.market import Mark
from app.core.model.views import Positions
from app.core.ports import OpenVault, Runtime
from app.core.risk.basis import Tail
from app.core.risk.exposures import Exposure, net, worth
from app.core.risk.metrics import filtered
from app.core.risk.metrics.tail import tail
from app.core.risk.study import WINDOW, Market
from app.services.alert_readings import market_of, past_of
from app.services.market_data import MarketData
from app.services.risk_futures import exposures_at
from app.services.threads import Threads

VALUE_AT_RISK, SHORTFALL = 0.99, 0.975
"""Levels that stand beside each other, as in Basel's FRTB."""

Closes = Mapping[str, Mapping[int, Decimal]]


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """An answer.

    Attributes:
        value: What shares are shares of: the worth of what is priced.
        closes_until: Start of the last day that has a close.
        at: When it was computed.
    """

    value_at_risk: Tail
    shortfall: Tail
    value: float
    currency: str
    names: Mapping[str, str]
    closes_until: int
    at: int


class RiskGlances:
    """Answers for positions of one vault; the market is kept until a close comes or goes."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, market_data: MarketData) -> None:
        """Take where accounts and closes come from."""
        self._runtime = runtime
        self._reader = vault.reader
        self._threads = threads
        self._market_data = market_data
        self._kept: tuple[Closes, Market | None] | None = None

    async def glance(self, held: Positions) -> Glance:
        """Return the tails of positions; InputError where nothing that is held has a price and a history."""
        accounts = sorted({place.account_id for one in held.positions for place in one.holdings})
        futures = await self._threads.read(self._reader.futures, accounts)
        wanted = {one.asset.asset_id for one in held.positions} | assets_in(futures)
        closes = await self._market_data.closes(sorted(wanted - {held.currency}))
        return await self._threads.read(self._made, held, futures, closes, self._market_data.marks())

    def _made(
        self, held: Positions, futures: Sequence[FuturesReading], closes: Closes, marks: Mapping[str, Mark]
    ) -> Glance:
        accounts = {one.account_id: one for one in self._reader.accounts()}
        kept = self._kept
        if kept is None or not _same(kept[0], closes):
            kept = self._kept = closes, market_of(closes)
        exposures = exposures_at(held, accounts, futures, marks, self._runtime.assets)
        return of_exposures(held, exposures, kept[1], self._runtime.clock.now_ns())


def of_exposures(held: Positions, exposures: Sequence[Exposure], found: Market | None, now: int) -> Glance:
    """Return the tails of what is held in a market; InputError where nothing has a price."""
    if not exposures:
        raise InputError("nothing that is held has a price")
    by_asset = net(exposures)
    past = past_of(found, by_asset, held.currency, WINDOW)
    of = past.book(by_asset)
    shortfall, value_at_risk = tail(filtered.rescaled(past, of), of, (SHORTFALL, VALUE_AT_RISK))
    return Glance(
        value_at_risk, shortfall, worth(exposures), held.currency,
        {one.asset.asset_id: one.asset.symbol for one in held.positions}, int(past.at[-1]), now,
    )  # fmt: skip


def _same(kept: Closes, closes: Closes) -> bool:
    """Tell whether no close came or went: each reading of them is a dictionary of its own."""
    return kept.keys() == closes.keys() and all(kept[asset] is days for asset, days in closes.items())
