"""Prices by day for a person: who says what, what was not believed, where there are gaps, and prices set by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.core.clock import DAY, EPOCH
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.model.assets import Asset, AssetKind
from app.core.model.price_overrides import PriceOverride
from app.core.ports import OpenVault, Runtime
from app.core.valuation.closes import Close, closes
from app.core.valuation.set_prices import in_force
from app.services import close_findings
from app.services.candle_findings import Words
from app.services.closes import Closes
from app.services.events import Events, PricesRead, RecordsAppended
from app.services.market_data import MarketData
from app.services.threads import Threads


@dataclass(frozen=True, slots=True)
class PriceDay:
    """What is known of the price of an asset on one day.

    Attributes:
        day: In UTC, as days since 1970.
        price: In the book's base currency, as figures take it; None is a gap.
        told: What the sources say of the day; None where none says anything.
        set_price: What a person set; it stands in the place of what the sources say.
    """

    day: int
    price: Decimal | None
    told: Close | None
    set_price: PriceOverride | None


@dataclass(frozen=True, slots=True)
class PriceCoverage:
    """How well the days are known on which something happened to an asset, until yesterday.

    Attributes:
        days: On which something happened.
        gaps: Of these, without a price.
        doubted: Of these, with a source that was not believed.
        by_hand: Every day for which a person set a price.
        is_known: Some day of the asset has a price: else no source quotes it, and every day is a gap for that reason.
    """

    asset: Asset
    days: tuple[int, ...]
    gaps: tuple[int, ...]
    doubted: tuple[int, ...]
    by_hand: tuple[int, ...]
    is_known: bool


class PriceDays:
    """Daily prices of one vault."""

    def __init__(
        self, runtime: Runtime, vault: OpenVault, threads: Threads, events: Events, market_data: MarketData
    ) -> None:
        """Take the books."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._market_data = market_data

    async def days(self, asset: str, first: int, last: int) -> tuple[PriceDay, ...]:
        """Return every day from the first to the last, also those of which nothing is known."""
        return await self._threads.read(self._days, asset, first, last)

    def _days(self, asset: str, first: int, last: int) -> tuple[PriceDay, ...]:
        base = self._vault.book.base_currency
        told = closes(self._vault.prices.told(asset, base))
        set_prices = in_force(self._vault.reader.decisions(PriceOverride)).get(asset, {})
        prices = Closes(self._vault, self._runtime.clock.now_ns() // DAY)[asset]
        return tuple(
            PriceDay(day, prices.get(day), told.get(day), set_prices.get(day)) for day in range(first, last + 1)
        )

    async def coverage(self) -> tuple[PriceCoverage, ...]:
        """Return every asset of the books that needs prices, those with the most gaps first."""
        return await self._threads.read(self._coverage)

    def _coverage(self) -> tuple[PriceCoverage, ...]:
        base, today = self._vault.book.base_currency, self._runtime.clock.now_ns() // DAY
        set_prices = in_force(self._vault.reader.decisions(PriceOverride))
        touched: dict[str, set[int]] = {}
        for change in self._vault.reader.daily_changes():
            if change.asset != base and change.day < today:
                touched.setdefault(change.asset, set()).add(change.day)
        prices, found = Closes(self._vault, today), []
        # Which days these are was found when the closes were kept: to hold all sources against each other again, for
        # every day there is, takes half a second of the interpreter's lock.
        all_doubted = self._vault.prices.doubted(base)
        for asset_id, days in touched.items():
            asset = self._runtime.assets.asset(asset_id)
            if asset.kind is AssetKind.UNMAPPED:
                continue
            known = prices[asset_id]
            gaps = tuple(sorted(day for day in days if day not in known))
            doubted = tuple(day for day in all_doubted.get(asset_id, ()) if day in days)
            by_hand = tuple(sorted(set_prices.get(asset_id, {})))
            found.append(PriceCoverage(asset, tuple(sorted(days)), gaps, doubted, by_hand, bool(known)))
        return tuple(sorted(found, key=lambda one: (-len(one.gaps), -len(one.doubted), one.asset.symbol)))

    async def findings(self) -> tuple[Finding, ...]:
        """Return assets without a price of days on which something happened to them, and closes not believed."""
        found = await self._threads.read(self._coverage)
        gaps = [one for one in found if one.gaps and one.is_known]
        doubts = await self._threads.read(self._doubts, {one.asset.asset_id: set(one.gaps) for one in gaps})
        return (*map(_gap, gaps), *close_findings.findings(doubts, Words.of(self._runtime)))

    def _doubts(self, told: Mapping[str, set[int]]) -> Sequence[close_findings.Doubt]:
        """Return days of which a source was not believed, without those that are told as gaps already."""
        by_hand = in_force(self._vault.reader.decisions(PriceOverride))
        settled = {asset: told.get(asset, set()) | by_hand.get(asset, {}).keys() for asset in told.keys() | by_hand}
        return close_findings.doubts(self._vault.prices, self._vault.book.base_currency, settled)

    async def set_price(self, override: PriceOverride) -> str:
        """Record a price; figures follow it from now on. Returns the record's hash.

        Raises:
            InputError: The price is none that an asset can have, its money is none, the day is not over yet, or there
                is nothing to take back.
        """
        await self._threads.read(self._check, override)
        made = await self._threads.write(self._vault.writer.append_decision, override)
        self._market_data.forget_closes(override.asset)
        self._events.publish(RecordsAppended((), override.day * DAY))
        self._events.publish(PricesRead())
        return made

    async def take_back(self, asset: str, day: int, reason: str) -> str:
        """Let the sources decide again about a day; returns the record's hash. InputError where nothing was set."""
        known = await self._threads.read(self._vault.reader.decisions, PriceOverride)
        before = in_force(known).get(asset, {}).get(day)
        if before is None:
            message = f"No price of {asset} was set for that day."
            raise InputError(message, hint="List them: counterfoil price list.")
        return await self.set_price(replace(before, price=None, reason=reason, recorded_ns=0, record=""))

    async def recorded(self) -> tuple[PriceOverride, ...]:
        """Return every price that was ever set or taken back, oldest first."""
        return tuple(await self._threads.read(self._vault.reader.decisions, PriceOverride))

    def _check(self, one: PriceOverride) -> None:
        assets = self._runtime.assets
        if assets.asset(one.currency).kind is not AssetKind.FIAT:
            raise InputError(f"{one.currency!r} is no money that is known.", hint="Examples: USD, EUR, GBP.")
        base = self._vault.book.base_currency
        if one.asset == base:
            raise InputError(f"{base!r} is the money of the book: it needs no price.")
        if one.currency != base and assets.asset(one.asset).kind is AssetKind.FIAT:
            message = f"The rate of {one.asset!r} is given in {one.currency!r}, which needs a rate itself."
            raise InputError(message, hint=f"Give it in the money of the book, {base.upper()}.")
        if one.price is not None and (not one.price.is_finite() or one.price < 0):
            raise InputError(f"{one.price} is no price.", hint="A price is 0 for what became worthless, or more.")
        if one.day >= self._runtime.clock.now_ns() // DAY:
            raise InputError("The day is not over yet.", hint="Set the price of a day that has ended, in UTC.")


def _gap(one: PriceCoverage) -> Finding:
    count, first = len(one.gaps), date.fromordinal(EPOCH + one.gaps[0])
    days = f"{count} days on which" if count > 1 else f"{first}, when"
    return Finding(
        Severity.WARNING,
        "price-gap",
        f"{one.asset.symbol} has no price of {days} something happened to it.",
        subject=one.asset.asset_id,
        detail=f"The first is {first}. Figures that need it are not known.",
        fix="Set a price",
        place=f"prices/{one.asset.asset_id}",
    )
