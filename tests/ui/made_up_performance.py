"""Made-up performance: the real arithmetic over the made-up curve, with some income, fees and days without a price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.clock import DAY, to_datetime
from app.core.model.performance import By, Part, Performance, Study
from app.core.model.views import EquityCurve, Scope
from app.core.money import add
from app.core.valuation.calendar_parts import calendar_parts
from app.core.valuation.performance import Earned, days_of, of_period
from tests.ui import made_up_books as books
from tests.ui import made_up_views as views
from tests.ui.fake_services import HEAD, Answers, FakeMarketData

if TYPE_CHECKING:
    from app.core.model.market import Mark

_EPOCH = date(1970, 1, 1).toordinal()


class FakePerformances:
    """Measures the made-up curve; a test may take away prices, flows or everything."""

    def __init__(self, answers: Answers, market_data: FakeMarketData, *, empty: bool) -> None:
        self._answers, self._market_data, self._is_empty = answers, market_data, empty
        self.asked: list[tuple[tuple[str, ...], date | None, date | None, By | None]] = []
        self.unpriced_flow = False
        self.is_unpriced = False

    async def study(
        self, accounts: Sequence[str] = (), first: date | None = None, last: date | None = None, by: By | None = None
    ) -> Study:
        self.asked.append((tuple(accounts), first, last, by))
        await self._answers.wait("performance")
        curve, flows = self._course(tuple(accounts))
        begin, end = first or _date(curve.points[0].at - DAY), last or to_datetime(books.NOW).date()
        whole = _of(curve, flows, begin, end)
        parts: list[Part] = []
        if by is By.ACCOUNT:
            for one in books.ACCOUNTS:
                if not accounts or one.account_id in accounts:
                    found = _of(*self._course((one.account_id,)), begin, end)
                    parts.append(Part(one.name, begin, end, found, one.account_id))
        elif by is not None:
            parts = [Part(name, a, b, _of(curve, flows, a, b)) for name, a, b in calendar_parts(begin, end, by)]
        named = tuple(books.ACCOUNT_NAMES[one] for one in accounts)
        return Study(begin, end, named, whole, days_of(whole, curve, flows), tuple(parts), by, HEAD)

    def _course(self, accounts: tuple[str, ...]) -> tuple[EquityCurve, Mapping[int, Decimal | None]]:
        scope = Scope(accounts=accounts, since_ns=books.START, period="all")
        marks: Mapping[str, Mark] = self._market_data.marks()
        total = Decimal(0) if self._is_empty else views.positions(marks, scope, books.NOW).value
        curve = views.curve(total, scope, books.NOW)
        if self._is_empty or self.is_unpriced:
            value = Decimal(0) if self._is_empty else None
            points = tuple(replace(point, value=value, without_flows=value) for point in curve.points)
            return replace(curve, points=points, left_out=()), {}
        flows: dict[int, Decimal | None] = {}
        for flow in curve.flows:
            flows[flow.at // DAY] = add(flows.get(flow.at // DAY) or Decimal(0), flow.amount or Decimal(0))
        if self.unpriced_flow:
            flows[max(flows)] = None
        return curve, flows


def _of(curve: EquityCurve, flows: Mapping[int, Decimal | None], first: date, last: date) -> Performance:
    days = range(books.START // DAY, books.NOW // DAY)
    earned = Earned(
        fees={day: Decimal("41.25") for day in days if day % 3 == 0},
        income={day: Decimal("187.4") for day in days if day % 7 == 0},
    )
    return of_period(curve, flows, first.toordinal() - _EPOCH, last.toordinal() - _EPOCH, earned)


def _date(at: int) -> date:
    return to_datetime(at).date()
