"""One mark per asset out of the prices of several venues, each carried over into the base currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.model.assets import AssetKind
from app.core.model.market import Contribution, Mark, Tick
from app.core.money import SHARES, multiply, ratio
from app.core.ports import AssetRegistry
from app.core.valuation.agreeing import PERPETUAL, TOO_FAR, TOO_OLD, TWO, Agreed, Quoted, agree, median

DOLLAR = "usd"
_WHOLE = Decimal(1)


@dataclass(slots=True)
class Consensus:
    """What the venues agree on.

    Attributes:
        disputed: Assets whose sources disagree while nothing tells who is right: they have no mark.
    """

    marks: dict[str, Mark] = field(default_factory=dict)
    disputed: dict[str, tuple[Contribution, ...]] = field(default_factory=dict)

    def add(self, asset_id: str, currency: str, quotes: Sequence[Quoted], before: Mapping[str, Mark]) -> None:
        """Take the prices of one asset, in place of what was taken of it before."""
        if not quotes:
            return
        known = before.get(asset_id)
        found = agree(quotes, None if known is None else known.price)
        if found.price is None:
            self.disputed[asset_id] = found.parts
            self.marks.pop(asset_id, None)
        else:
            self.disputed.pop(asset_id, None)
            self.marks[asset_id] = _mark(asset_id, currency, found, found.price)


def marks(
    ticks: Iterable[Tick], currency: str, assets: AssetRegistry, before: Mapping[str, Mark] | None = None
) -> Consensus:
    """Return a mark for every asset that some tick leads to in the base currency (an asset id such as "usd").

    A price in another money or stablecoin is carried over by that one's own price; a dollar stablecoin that no venue
    prices in dollars is taken at par, and the source says so. Marks of before speak where two sources disagree.
    """
    known, found = before or {}, Consensus()
    by_base: dict[str, list[Tick]] = {}
    direct: dict[str, list[Quoted]] = {}
    carried: list[str] = []
    for tick in ticks:
        if tick.price > 0:
            by_base.setdefault(tick.base, []).append(tick)
            if tick.quote == currency:
                direct.setdefault(tick.base, []).append(_plain(tick))
            elif tick.base != currency:
                carried.append(tick.base)
    for base, plain in direct.items():
        found.add(base, currency, plain, known)
    for quote, quotes in _inverted(by_base.get(currency, ()), found.marks).items():
        found.add(quote, currency, quotes, known)
    found.marks |= _at_par(by_base, currency, found, assets)
    carry = _Carry(currency, dict(found.marks), assets)
    for base in dict.fromkeys(carried):
        here = by_base[base]
        if len(here) == 1:
            mark = carry.lone(here[0])
            if mark is not None:
                found.marks[base] = mark
        else:
            quotes = [quoted for tick in here if (quoted := carry.quoted(tick)) is not None]
            found.add(base, currency, quotes, known)
    return found


def _mark(asset_id: str, currency: str, found: Agreed, price: Decimal) -> Mark:
    changes = [quoted.change_24h for quoted in found.kept if quoted.change_24h is not None]
    return Mark(
        asset_id=asset_id,
        price=price,
        currency=currency,
        source=_source(found),
        at=max(quoted.at for quoted in found.kept),
        change_24h=median(changes) if changes else None,
        parts=found.parts,
    )


def _source(found: Agreed) -> str:
    words = ", ".join(dict.fromkeys(quoted.how for quoted in found.kept))
    said = [f"median of {words}" if len(found.kept) > 1 else words]
    for why in (TOO_FAR, TOO_OLD, PERPETUAL):
        out = sorted({part.source for part in found.parts if part.left_out == why})
        if out:
            said.append(f"left out as {why}: {', '.join(out)}")
    return "; ".join(said)


def _change(tick: Tick) -> Decimal | None:
    if not tick.open_24h:
        return None
    grown = ratio(tick.price, tick.open_24h)
    return None if grown is None else grown - 1


def _spread(tick: Tick) -> Decimal | None:
    if tick.bid is None or tick.ask is None:
        return None
    return SHARES.divide(tick.ask - tick.bid, (tick.ask + tick.bid) / TWO)


def _plain(tick: Tick) -> Quoted:
    return _quoted(tick, tick.price, tick.at, _name(tick))


def _name(tick: Tick) -> str:
    return f"{tick.venue} (perpetual)" if tick.is_perpetual else tick.venue


def _quoted(tick: Tick, price: Decimal, at: int, how: str) -> Quoted:
    depth = None if tick.depth is None else SHARES.multiply(tick.depth, price)
    return Quoted(tick.venue, price, at, _change(tick), how, _spread(tick), depth, tick.is_perpetual)


def _inverted(ticks: Iterable[Tick], rates: Mapping[str, Mark]) -> dict[str, list[Quoted]]:
    """Return prices of quotes that are priced in the base currency only the other way round."""
    found: dict[str, list[Quoted]] = {}
    for tick in ticks:
        price = ratio(Decimal(1), tick.price)
        if price is not None and tick.quote not in rates:
            found.setdefault(tick.quote, []).append(Quoted(tick.venue, price, tick.at, None, f"{tick.venue} inverted"))
    return found


def _at_par(
    by_base: Mapping[str, Sequence[Tick]], currency: str, found: Consensus, assets: AssetRegistry
) -> dict[str, Mark]:
    """Return dollar stablecoins that quote something and that no venue prices: one dollar each, and it says so."""
    rates = found.marks
    dollar = Decimal(1) if currency == DOLLAR else rates[DOLLAR].price if DOLLAR in rates else None
    newest: dict[str, int] = {}
    for tick in (tick for here in by_base.values() for tick in here):
        newest[tick.quote] = max(newest.get(tick.quote, 0), tick.at)
    if dollar is None:
        return {}
    priced = rates.keys() | found.disputed.keys() | {currency}
    return {
        quote: Mark(quote, dollar, currency, "taken at par with the dollar", at)
        for quote, at in newest.items()
        if quote not in priced and assets.asset(quote).kind is AssetKind.STABLE
    }


class _Carry:
    """Carries prices over into the base currency by the marks of what they are quoted in."""

    def __init__(self, currency: str, rates: Mapping[str, Mark], assets: AssetRegistry) -> None:
        self._currency, self._rates, self._assets = currency, rates, assets
        self._hows: dict[tuple[str, str, bool], str] = {}

    def quoted(self, tick: Tick) -> Quoted | None:
        """Return a price in the base currency; None where nothing leads there."""
        if tick.quote == self._currency:
            return _plain(tick)
        rate = self._rates.get(tick.quote)
        if rate is None:
            return None
        return _quoted(tick, multiply(tick.price, rate.price), min(tick.at, rate.at), self._how(tick))

    def lone(self, tick: Tick) -> Mark | None:
        """Return the mark of the only price that an asset has: nothing is weighed, and most assets have no other."""
        rate = self._rates.get(tick.quote)
        if rate is None:
            return None
        price, at, how = multiply(tick.price, rate.price), min(tick.at, rate.at), self._how(tick)
        parts = (Contribution(how, price, at, _WHOLE),)
        return Mark(tick.base, price, self._currency, how, at, _change(tick), parts)

    def _how(self, tick: Tick) -> str:
        key = tick.venue, tick.quote, tick.is_perpetual
        how = self._hows.get(key)
        if how is None:
            how = self._hows[key] = f"{_name(tick)} by {self._assets.asset(tick.quote).symbol}"
        return how
