"""Made-up daily prices: a gap, a source that was not believed, and a price set by hand."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.price_overrides import PriceOverride
from app.core.valuation.closes import Close, LeftOut
from app.services.events import Events, RecordsAppended
from app.services.prices import PriceCoverage, PriceDay
from tests.ui import made_up_books as books
from tests.ui.fake_runtime import fake_runtime
from tests.ui.fake_services import Answers

D = Decimal
LAST = books.NOW // DAY - 1
ASSETS = fake_runtime().assets


class FakePrices:
    """Prices of two assets: bitcoin has a gap, a liar and a price set by hand; ether is whole."""

    def __init__(self, answers: Answers, events: Events) -> None:
        self._answers, self._events = answers, events
        self.recorded: list[PriceOverride] = []
        self.fault: InputError | None = None

    async def coverage(self) -> tuple[PriceCoverage, ...]:
        await self._answers.wait("prices")
        gaps = () if any(one.day == LAST - 2 for one in self.recorded) else (LAST - 2,)
        days = (LAST - 4, LAST - 2, LAST)
        return (
            PriceCoverage(ASSETS.asset("bitcoin"), days, gaps, (LAST,), (LAST - 3,), is_known=True),
            PriceCoverage(ASSETS.asset("ethereum"), days, (), (), (), is_known=True),
        )

    async def days(self, asset: str, first: int, last: int) -> tuple[PriceDay, ...]:
        return tuple(self._day(asset, day) for day in range(first, last + 1))

    def _day(self, asset: str, day: int) -> PriceDay:
        if asset == "bitcoin" and day == LAST - 2:
            return PriceDay(day, None, None, None)
        if asset == "bitcoin" and day == LAST - 3:
            by_hand = PriceOverride(asset, day, D(61_000), "usd", "the fund's own close")
            return PriceDay(day, D(61_000), None, by_hand)
        out = (LeftOut("coinbase", D(76_000), "stands apart from the others"),) if day == LAST else ()
        told = Close(D("61234.5"), ("binance", "kraken"), D("0.0004"), out if asset == "bitcoin" else ())
        return PriceDay(day, D("61234.5"), told, None)

    async def set_price(self, override: PriceOverride) -> str:
        if self.fault is not None:
            raise self.fault
        self.recorded.append(override)
        self._events.publish(RecordsAppended(()))
        return "ab" * 32

    async def take_back(self, asset: str, day: int, reason: str) -> str:
        return await self.set_price(PriceOverride(asset, day, None, "usd", reason))
