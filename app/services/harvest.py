"""Losses that could be realised now, from the books and the newest prices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.clock import DAY
from app.core.ports import Runtime
from app.core.tax.harvest import Harvest, harvest
from app.core.tax.valuations import UNKNOWN, Prices, Valuation
from app.services.tax_years import Asked, History, TaxYears
from app.services.threads import Threads

_TRIED = 10
"""Days with a price that are looked at for a rate of the wanted money too: what is older is no price of now."""


@dataclass(frozen=True, slots=True)
class Harvested:
    """What could be sold at a loss.

    Attributes:
        currency: The symbol of every amount.
        head: The state of the books that it follows from.
    """

    found: Harvest
    currency: str
    head: str


class Harvests:
    """Looks for losses in the open lots of one vault."""

    def __init__(self, runtime: Runtime, threads: Threads, tax: TaxYears) -> None:
        """Take the books."""
        self._runtime = runtime
        self._threads = threads
        self._tax = tax

    async def losses(self, asked: Asked) -> Harvested:
        """Return what a sale at this moment would lose, under the rules of a country; the year does not matter.

        Raises:
            UsageError: An option is unknown or has a value that it cannot have.
            InputError: The currency is no money that is known.
            RefusedError: The jurisdiction does not allow the method or the scope.
        """
        history = await self._tax.history(replace(asked, year=None))
        return await self._threads.read(_harvested, history, self._runtime.clock.now_ns())


def _harvested(history: History, now: int) -> Harvested:
    days: dict[str, int | None] = {}

    def value(asset: str, quantity: Decimal) -> Valuation:
        if asset not in days:
            days[asset] = newest(history.prices, asset, now)
        at = days[asset]
        return UNKNOWN if at is None else history.prices.value(asset, quantity, at)

    found = harvest(history.selected.transactions, history.profile, now, value)
    return Harvested(found, history.currency, history.head)


def newest(prices: Prices, asset: str, at: int) -> int | None:
    """Return the newest moment up to another one at which a value of the asset is known; None where there is none.

    A price that is newer than the rate of the money that is wanted gives no value of its day: the day before does.
    """
    if asset == prices.currency:
        return at
    closes = [day * DAY for day in prices.closes.get(asset, {}) if day * DAY <= at]
    mark = prices.marks.get(asset)
    known = sorted([*closes, *([mark[2]] if mark is not None and mark[2] <= at else [])], reverse=True)
    return next((one for one in known[:_TRIED] if prices.value(asset, Decimal(1), one).amount is not None), None)
