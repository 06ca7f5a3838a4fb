"""Which of a venue's markets prices an asset, by ids of the registry and never by ticker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.connectors.exchanges.base import Venue
from app.core.ports import AssetRegistry

_DOLLARS = ("tether", "usd-coin")
"""Stablecoins whose prices stand in for the dollar at a venue that does not quote it."""

_BRIDGES = ("usd", *_DOLLARS, "eur", "bitcoin")
"""Quotes to take, in this order, where a venue does not quote an asset in the wanted currency."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A market by the ids of its assets; `symbol` is ccxt's, `native_id` the venue's own."""

    symbol: str
    base: str
    quote: str
    native_id: str
    is_perpetual: bool = False


class Instruments:
    """The spot markets of a venue."""

    def __init__(self, venue: Venue, markets: Iterable[Mapping[str, Any]], assets: AssetRegistry) -> None:
        """Index ccxt's markets; the first of a pair is the one that counts."""
        self._by_pair: dict[Pair, Instrument] = {}
        for market in markets:
            if not market.get("spot") or market.get("active") is False:
                continue
            base, quote = (assets.resolve(venue.info.venue_id, one).asset_id for one in venue.pair(market))
            found = Instrument(str(market["symbol"]), base, quote, str(market.get("id", "")))
            self._by_pair.setdefault((base, quote), found)

    def pricing(self, assets: Sequence[str], currency: str) -> tuple[Instrument, ...]:
        """Return a market for each asset that has one, and those that lead from their quotes to the currency."""
        chosen: dict[str, Instrument] = {}
        for asset in assets:
            found = self.quoted(asset, currency)
            if found is None or asset == currency:
                continue
            chosen[found.symbol] = found
            bridge = self._between(found.quote, currency)
            if bridge is not None:
                chosen[bridge.symbol] = bridge
        return tuple(chosen.values())

    def in_currency(self, asset: str, currency: str) -> Instrument | None:
        """Return the market that quotes an asset in a currency; a dollar stablecoin stands in for the dollar."""
        quotes = (currency, *_DOLLARS) if currency == "usd" else (currency,)
        return next((found for quote in quotes if (found := self._by_pair.get((asset, quote)))), None)

    def quoted(self, asset: str, currency: str) -> Instrument | None:
        """Return the market to look at for an asset: in the currency, else in what leads there."""
        return next((found for quote in (currency, *_BRIDGES) if (found := self._by_pair.get((asset, quote)))), None)

    def _between(self, quote: str, currency: str) -> Instrument | None:
        return self._by_pair.get((quote, currency)) or self._by_pair.get((currency, quote))
