"""Leaving a book: what closing it costs through spreads and order books as they are, and how long it takes.

What is not known of an asset is left out and named: an unknown cost is never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.clock import DAY, SECOND, iso
from app.core.risk.basis import Basis, Coverage, Figure, Tail
from app.core.risk.exposures import Exposure, Kind
from app.core.risk.leaving_contracts import NONE_OPEN, Closings, added, by_venue, closings, widened
from app.core.risk.leaving_facts import Depth, Facts, Observed, Volume
from app.core.risk.metrics.liquidity import (
    PARTICIPATION,
    Spread,
    days_to_liquidate,
    exit_at_once,
    liquidity_adjusted,
    sold_after,
    spread_cost,
)

FRESH = 3_600 * SECOND
"""So long after it was quoted last a spread is one of now."""
HORIZONS = (1.0, 7.0, 30.0)
"""Days after which it is told how much of a book can be money."""


class Knows(StrEnum):
    """What is known of an asset's market."""

    DEPTH = "depth"
    SPREAD = "spread only"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Way:
    """How one asset is left.

    Attributes:
        value: Exposure that must be closed, negative where it is bought back; locked stakes and perpetuals aside.
        locked: Value of stakes that cannot be sold now.
        perpetual: Notional of perpetuals, long less short.
        perpetuals: How they are closed, each venue's by itself.
        cost: Of closing it at once through the order books, in the currency; None where no book is known.
        filled: Part of the value that finds a counterpart there.
        venues: Whose books it goes through.
        at: When the oldest of them changed last.
        spread_cost: Half of the widened spread on the value; None where it is not known how the spread varies.
        days: That closing takes at a share of the daily volume; None where the volume is not known.
        freed: Days until the last of its stakes is free and sold; None where one is not known, or there is none.
    """

    asset: str
    value: float
    locked: float = 0.0
    perpetual: float = 0.0
    perpetuals: Closings = NONE_OPEN
    knows: Knows = Knows.NOTHING
    cost: float | None = None
    filled: float = 0.0
    venues: tuple[str, ...] = ()
    at: int | None = None
    spread: Observed | None = None
    spread_cost: float | None = None
    days: float | None = None
    freed: float | None = None
    volume: Volume | None = None

    @property
    def exit_cost(self) -> float | None:
        """Return what closing all of it costs whose books are known, perpetuals too; None where none is."""
        return added((self.cost, self.perpetuals.cost))

    @property
    def exit_filled(self) -> float:
        """Return what of it finds a counterpart."""
        return self.filled + self.perpetuals.filled

    @property
    def share(self) -> float | None:
        """Return the cost as a share of what was sold; None where nothing was."""
        cost = self.exit_cost
        return None if cost is None or not self.exit_filled else cost / self.exit_filled

    @property
    def widened(self) -> float | None:
        """Return half of the widened spreads that are known, perpetuals too; None where none is."""
        return added((self.spread_cost, self.perpetuals.spread_cost))

    @property
    def seen(self) -> tuple[Observed, ...]:
        """Return the spreads that count."""
        contracts = [one.spread for one in self.perpetuals.parts if one.spread_cost is not None]
        return tuple(one for one in (self.spread if self.spread_cost is not None else None, *contracts) if one)

    @property
    def longest(self) -> float | None:
        """Return the days until all of it is closed but locked stakes; None where a part is not known."""
        known = [self.days] if self.value or not self.perpetuals.parts else []
        if self.perpetuals.parts:
            known.append(self.perpetuals.days)
        return None if None in known else max(one for one in known if one is not None)

    @property
    def is_partial(self) -> bool:
        """Tell whether the books that are known have no depth for all of it."""
        spot = self.cost is not None and abs(self.value) - self.filled > 1e-9 * abs(self.value)
        return spot or (self.perpetuals.cost is not None and self.perpetuals.is_partial)


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a book is left.

    Attributes:
        ways: By asset, the largest first.
        spread_cost: Half of widened spreads, which is added to value at risk.
        exit_cost: Of closing everything at once through the order books of now.
        longest: Days until the last asset with a known volume is closed, and the last stake whose day is known; None
            where nothing is known.
        sold: Shares of the book that are money after some days.
        known: Gross exposure by what is known of it.
    """

    ways: tuple[Way, ...]
    spread_cost: Figure
    exit_cost: Figure
    participation: float
    longest: float | None
    sold: tuple[tuple[float, float | None], ...]
    known: Mapping[Knows, float]
    is_watched: bool

    def adjusted(self, tail: Tail) -> Figure:
        """Return value at risk with the exogenous cost of spreads (Bangia and others 1999)."""
        return liquidity_adjusted(tail, self.spread_cost)


def leaving(
    exposures: Iterable[Exposure],
    facts: Facts,
    *,
    constant: frozenset[str] = frozenset(),
    participation: float = PARTICIPATION,
) -> Leaving:
    """Return how a book is left; `constant` assets, such as the base currency, need no market."""
    lines = [one for one in exposures if one.asset not in constant and one.value]
    ways = [_way(asset, [one for one in lines if one.asset == asset], facts, participation)
            for asset in dict.fromkeys(one.asset for one in lines)]  # fmt: skip
    ways.sort(key=lambda way: -_gross(way))
    known = {level: sum(_gross(way) for way in ways if way.knows is level) for level in Knows}
    days = [one for way in ways for one in (way.days, way.freed, way.perpetuals.days) if one is not None]
    return Leaving(
        tuple(ways),
        _spreads(ways, facts.now),
        _exits(ways, facts),
        participation,
        max(days, default=None),
        _sold(ways, lines, facts, participation),
        known,
        facts.is_watched,
    )


def _gross(way: Way) -> float:
    return abs(way.value) + way.locked + way.perpetuals.gross


def _way(asset: str, lines: Sequence[Exposure], facts: Facts, participation: float) -> Way:
    """Return how one asset is left: what is owed is netted against what is held."""
    free = [one for one in lines if one.kind not in {Kind.STAKED, Kind.PERPETUAL}]
    value = sum(one.value for one in free)
    price, volume = facts.prices.get(asset), facts.volumes.get(asset)
    spread = _spread(facts.spreads.get(asset, ()), free, facts.now)
    through = _through(value, free, facts.depths.get(asset, ()), price)
    contracts = [one for one in lines if one.kind is Kind.PERPETUAL]
    closed = closings(contracts, facts, price, participation)
    days = None
    if price is not None and price > 0:
        days = days_to_liquidate(value / price, None if volume is None else volume.daily, participation)
    is_spread = spread is not None or (not value and any(one.spread for one in closed.parts))
    has_depth = bool(through.venues or (closed.venues and not value))
    return Way(
        asset, value,
        locked=sum(one.value for one in lines if one.kind is Kind.STAKED),
        perpetual=sum(one.value for one in contracts),
        perpetuals=closed,
        knows=Knows.DEPTH if has_depth else Knows.SPREAD if is_spread else Knows.NOTHING,
        cost=through.cost, filled=through.filled, venues=through.venues,
        at=min((one.at for one in (through, closed) if one.at is not None), default=None),
        spread=spread, spread_cost=None if spread is None else widened(spread, value),
        days=days, freed=_freed([one for one in lines if one.kind is Kind.STAKED], facts, participation), volume=volume,
    )  # fmt: skip


def _spread(seen: Sequence[Observed], lines: Sequence[Exposure], now: int) -> Observed | None:
    """Return the spread that counts: one whose deviation is known, of now, where most is held, else the narrowest."""
    held = by_venue(lines)

    def order(one: Observed) -> tuple[bool, bool, float, float]:
        return one.deviation is None, now - one.until > FRESH, -abs(held.get(one.venue, 0.0)), one.mean

    return min(seen, key=order, default=None)


@dataclass(frozen=True, slots=True)
class _Through:
    cost: float | None = None
    filled: float = 0.0
    venues: tuple[str, ...] = ()
    at: int | None = None


def _through(value: float, lines: Sequence[Exposure], depths: Sequence[Depth], price: float | None) -> _Through:
    """Walk the books: each holding through that of its own venue, what lies elsewhere through the deepest."""
    if not value or not depths or price is None or not price > 0:
        return _Through()
    own = {one.venue: one for one in depths}
    # A book is netted as a whole, so what is sold at a venue is its part of all that is held.
    held = {venue: max(part, 0.0) for venue, part in by_venue(lines).items()} if value > 0 else {}
    total = sum(held.values())
    shares = {venue: part / total for venue, part in held.items() if part} if total > 0 else {"": 1.0}
    elsewhere = "" if shares.keys() <= own.keys() else _deepest(depths, is_sold=value > 0)
    parts: dict[str, float] = {}
    for venue, share in shares.items():
        chosen = venue if venue in own else elsewhere
        parts[chosen] = parts.get(chosen, 0.0) + value * share
    cost = filled = 0.0
    used = [own[venue] for venue in parts]
    for one in used:
        exit_ = exit_at_once(parts[one.venue] / price, one.bids if value > 0 else one.asks, one.middle)
        filled += exit_.filled * price
        cost += exit_.cost / one.middle * price
    return _Through(cost, filled, tuple(sorted(parts)), min(one.at for one in used))


def _deepest(depths: Sequence[Depth], *, is_sold: bool) -> str:
    """Return the venue at which most waits for what is sold, or bought back."""
    return max(depths, key=lambda one: sum(size for _, size in (one.bids if is_sold else one.asks))).venue


def _spreads(ways: Sequence[Way], now: int) -> Figure:
    """Return the cost of widened spreads on what can be closed; locked stakes count as not known."""
    held = {way.asset: (way.value, way.spread) for way in ways}
    held |= {f"{way.asset} {one.venue}": (one.value, one.spread) for way in ways for one in way.perpetuals.parts}
    known = {
        name: Spread(spread.mean, spread.deviation)
        for name, (_, spread) in held.items()
        if spread is not None and spread.deviation is not None
    }
    found = spread_cost({name: value for name, (value, _) in held.items()}, known)
    before, seen = found.basis.coverage, [one for way in ways for one in way.seen]
    unknown = [way for way in ways if any(one.spread_cost is None for one in way.perpetuals.parts)]
    left_out = tuple(sorted(
        way.asset for way in ways if way.locked or way in unknown or (way.value and way.spread_cost is None)
    ))  # fmt: skip
    without = "Perpetuals of which it is not known how their spreads vary are left out." if unknown else ""
    old = {way.asset: min(one.until for one in way.seen) for way in ways if way.seen}
    basis = replace(
        found.basis,
        since=min((one.since for one in seen), default=None),
        until=max((one.until for one in seen), default=None),
        observations=sum(one.count for one in seen),
        coverage=Coverage(sum(map(_gross, ways)), before.covered, left_out),
        assumptions=(
            *_not_of_now({asset: until for asset, until in old.items() if now - until > FRESH}),
            *_set_aside(ways, without),
        ),
    )
    return Figure(found.value if before.covered or not ways else None, basis)


def _not_of_now(old: Mapping[str, int]) -> tuple[str, ...]:
    if not old:
        return ()
    return (f"Spreads of {', '.join(sorted(old))} are those that were seen last, from {iso(min(old.values()))} on.",)


def _set_aside(ways: Sequence[Way], perpetuals: str) -> tuple[str, ...]:
    stakes = "Locked stakes cannot be sold at once and are left out." if any(way.locked for way in ways) else ""
    return tuple(one for one in (stakes, perpetuals) if one)


def _exits(ways: Sequence[Way], facts: Facts) -> Figure:
    found = [way for way in ways if way.exit_cost is not None]
    gross, covered = sum(map(_gross, ways)), sum(way.exit_filled for way in found)
    left_out = tuple(way.asset for way in ways if _gross(way) - way.exit_filled > 1e-9 * _gross(way))
    is_unknown = any(way.perpetuals.is_partial for way in ways)
    without = "Perpetuals whose own order books are not known, or not deep enough, are left out." if is_unknown else ""
    basis = Basis(
        method="order books of now, level by level",
        since=min((way.at for way in found if way.at is not None), default=None),
        until=facts.now or None,
        observations=sum(len(way.venues) + len(way.perpetuals.venues) for way in found),
        coverage=Coverage(gross, covered, left_out),
        how="Each holding is sold through the bids of its own venue, what lies elsewhere through the deepest book,"
        " what is owed is bought back through the asks, and a perpetual is closed through the book of its own contract;"
        " the cost is what is lost against the middle.",
        assumptions=(
            "Everything is closed at once through the books of now, and nobody reacts.",
            *_set_aside(ways, without),
        ),
    )
    return Figure(sum(way.exit_cost or 0.0 for way in found) if found or not ways else None, basis)


def _sold(
    ways: Sequence[Way], lines: Sequence[Exposure], facts: Facts, participation: float
) -> tuple[tuple[float, float | None], ...]:
    """Return which share is money after some days, None where no volume is known."""
    contracts = [(way.asset, one) for way in ways for one in way.perpetuals.parts]
    if all(way.volume is None for way in ways) and all(one.volume is None for _, one in contracts):
        # What could be sold of it nobody knows, which is not that nothing could.
        return tuple((horizon, None) for horizon in HORIZONS)
    values = {way.asset: way.value for way in ways}
    days: dict[str, float | None] = {way.asset: way.days for way in ways}
    values |= {f"{asset} {one.venue}": one.value for asset, one in contracts}
    days |= {f"{asset} {one.venue}": one.days for asset, one in contracts}
    stakes = [one for one in lines if one.kind is Kind.STAKED]
    values |= {f"stake {number}": one.value for number, one in enumerate(stakes)}
    free_from = {f"stake {number}": _free_after(one, facts, participation) for number, one in enumerate(stakes)}
    found = []
    for horizon in HORIZONS:
        # Nothing of a stake is money before its day, so it counts as a whole or not at all.
        freed = {name: 0.0 for name, after in free_from.items() if after is not None and after <= horizon}
        found.append((horizon, sold_after(values, days | freed, horizon)))
    return tuple(found)


def _freed(stakes: Sequence[Exposure], facts: Facts, participation: float) -> float | None:
    """Return the days until the last of an asset's stakes is sold; None where one is not known, or there is none."""
    found = [_free_after(one, facts, participation) for one in stakes]
    known = [after for after in found if after is not None]
    return max(known) if known and len(known) == len(found) else None


def _free_after(stake: Exposure, facts: Facts, participation: float) -> float | None:
    """Return the days until a stake is sold; None where its day or its market is not known."""
    price, volume = facts.prices.get(stake.asset), facts.volumes.get(stake.asset)
    if stake.locked_until is None or not facts.now or price is None or volume is None:
        return None
    selling = days_to_liquidate(stake.value / price, volume.daily, participation)
    return None if selling is None else max(stake.locked_until - facts.now, 0) / DAY + selling
