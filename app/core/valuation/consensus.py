"""One mark per asset out of the prices of several venues: the median, without those that stand apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import SECOND
from app.core.model.assets import AssetKind
from app.core.model.market import Mark, Tick
from app.core.money import EXACT, multiply, ratio
from app.core.ports import AssetRegistry

FRESH = 120 * SECOND
"""A price so much older than the newest one of its asset no longer takes part."""

APART = Decimal("0.02")
"""A price so far from the median of at least three is an outlier: shown, never averaged in."""

TWO = Decimal(2)
_QUORUM = 3
DOLLAR = "usd"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A venue's price of an asset, brought into the base currency."""

    venue: str
    price: Decimal
    at: int
    change_24h: Decimal | None
    how: str


def marks(ticks: Iterable[Tick], currency: str, assets: AssetRegistry) -> dict[str, Mark]:
    """Return a mark for every asset that some tick leads to in the base currency (an asset id such as "usd").

    A price in another money or stablecoin is carried over by that one's own price; a dollar stablecoin that no venue
    prices in dollars is taken at par, and the source says so.
    """
    by_base: dict[str, list[Tick]] = {}
    for tick in ticks:
        if tick.price > 0:
            by_base.setdefault(tick.base, []).append(tick)
    direct = {
        base: agreed(base, currency, [_plain(tick) for tick in found if tick.quote == currency])
        for base, found in by_base.items()
    }
    rates = {base: mark for base, mark in direct.items() if mark is not None}
    rates |= _inverted(by_base.get(currency, ()), currency, rates)
    rates |= _at_par(by_base, currency, rates, assets)
    found: dict[str, Mark] = {}
    for base, here in by_base.items():
        quotes = [quoted for tick in here if (quoted := _carried(tick, currency, rates, assets)) is not None]
        mark = agreed(base, currency, quotes) if base != currency else None
        if mark is not None:
            found[base] = mark
    return rates | found


def agreed(asset_id: str, currency: str, quotes: Sequence[Quoted]) -> Mark | None:
    """Return the median of fresh prices that stand together; None where there is none."""
    if not quotes:
        return None
    newest = max(quoted.at for quoted in quotes)
    fresh = [quoted for quoted in quotes if newest - quoted.at <= FRESH]
    middle = median([quoted.price for quoted in fresh])
    kept = [quoted for quoted in fresh if len(fresh) < _QUORUM or abs(quoted.price - middle) <= APART * middle]
    changes = [quoted.change_24h for quoted in kept if quoted.change_24h is not None]
    out = sorted({quoted.venue for quoted in fresh} - {quoted.venue for quoted in kept})
    return Mark(
        asset_id=asset_id,
        price=median([quoted.price for quoted in kept]),
        currency=currency,
        source=_source(kept, out),
        at=max(quoted.at for quoted in kept),
        change_24h=median(changes) if changes else None,
    )


def median(values: Sequence[Decimal]) -> Decimal:
    """Return the middle value, or the mean of the middle two; halving is exact."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else EXACT.divide(EXACT.add(ordered[half - 1], ordered[half]), TWO)


def _source(kept: Sequence[Quoted], out: Sequence[str]) -> str:
    words = ", ".join(dict.fromkeys(quoted.how for quoted in kept))
    named = f"median of {words}" if len(kept) > 1 else words
    return f"{named}; left out as too far off: {', '.join(out)}" if out else named


def _change(tick: Tick) -> Decimal | None:
    if not tick.open_24h:
        return None
    grown = ratio(tick.price, tick.open_24h)
    return None if grown is None else grown - 1


def _plain(tick: Tick) -> Quoted:
    return Quoted(tick.venue, tick.price, tick.at, _change(tick), tick.venue)


def _inverted(ticks: Iterable[Tick], currency: str, rates: Mapping[str, Mark]) -> dict[str, Mark]:
    """Return rates of quotes that are priced in the base currency only the other way round."""
    found: dict[str, list[Quoted]] = {}
    for tick in ticks:
        price = ratio(Decimal(1), tick.price)
        if price is not None and tick.quote not in rates:
            found.setdefault(tick.quote, []).append(Quoted(tick.venue, price, tick.at, None, f"{tick.venue} inverted"))
    made = {quote: agreed(quote, currency, quotes) for quote, quotes in found.items()}
    return {quote: mark for quote, mark in made.items() if mark is not None}


def _at_par(
    by_base: Mapping[str, Sequence[Tick]], currency: str, rates: Mapping[str, Mark], assets: AssetRegistry
) -> dict[str, Mark]:
    """Return dollar stablecoins that quote something and that no venue prices: one dollar each, and it says so."""
    dollar = Decimal(1) if currency == DOLLAR else rates[DOLLAR].price if DOLLAR in rates else None
    newest: dict[str, int] = {}
    for tick in (tick for here in by_base.values() for tick in here):
        newest[tick.quote] = max(newest.get(tick.quote, 0), tick.at)
    if dollar is None:
        return {}
    return {
        quote: Mark(quote, dollar, currency, "taken at par with the dollar", at)
        for quote, at in newest.items()
        if quote not in rates and quote != currency and assets.asset(quote).kind is AssetKind.STABLE
    }


def _carried(tick: Tick, currency: str, rates: Mapping[str, Mark], assets: AssetRegistry) -> Quoted | None:
    """Return a price in the base currency; None where nothing leads there."""
    if tick.quote == currency:
        return _plain(tick)
    rate = rates.get(tick.quote)
    if rate is None:
        return None
    how = f"{tick.venue} by {assets.asset(tick.quote).symbol}"
    return Quoted(tick.venue, multiply(tick.price, rate.price), min(tick.at, rate.at), _change(tick), how)
