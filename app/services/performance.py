"""What periods of the books brought, as a whole and in parts: one reading of the books for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.ledger_rows import DayEarning
from app.core.model.performance import By, Part, Performance, Study
from app.core.model.views import EquityCurve, Scope
from app.core.ports import OpenVault, Runtime
from app.core.valuation import equity
from app.core.valuation.calendar_parts import calendar_parts
from app.core.valuation.performance import Earned, days_of, of_period
from app.services.market_data import MarketData
from app.services.portfolio import Portfolio
from app.services.threads import Threads

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class _Course:
    """The days of some accounts, and what flowed, was paid and came in on each."""

    curve: EquityCurve
    flows: Mapping[int, Decimal | None]
    earned: Earned

    def of(self, first: date, last: date) -> Performance:
        return of_period(self.curve, self.flows, _number(first), _number(last), self.earned)

    def first_day(self) -> date:
        return date.fromordinal(self.curve.points[0].at // DAY - 1 + _EPOCH)


class Performances:
    """Tells what periods brought."""

    def __init__(
        self, runtime: Runtime, vault: OpenVault, threads: Threads, market_data: MarketData, portfolio: Portfolio
    ) -> None:
        """Take the books and the prices."""
        self._runtime = runtime
        self._reader = vault.reader
        self._book = vault.book
        self._threads = threads
        self._market_data = market_data
        self._portfolio = portfolio

    async def study(
        self, accounts: Sequence[str] = (), first: date | None = None, last: date | None = None, by: By | None = None
    ) -> Study:
        """Return what the days from `first` to `last` brought; without them, all days of the books.

        Raises:
            InputError: The period ends before it begins.
        """
        head = await self._threads.read(self._reader.head)
        whole = await self._course(tuple(accounts))
        today = date.fromordinal(self._runtime.clock.now_ns() // DAY + _EPOCH)
        begin, end = first or whole.first_day(), min(today, last or today)
        if end < begin:
            raise InputError(
                f"The period ends on {end}, before it begins on {begin}.",
                hint="Exchange the two days, or choose a period that has begun.",
            )
        names = {one.account_id: one.name for one in await self._portfolio.accounts()}
        found = await self._threads.read(whole.of, begin, end)
        days = await self._threads.read(days_of, found, whole.curve, whole.flows)
        parts = await self._parts(whole, begin, end, by, {one: names[one] for one in accounts or names})
        told = tuple(names.get(one, one) for one in accounts)
        return Study(begin, end, told, found, days, parts, by, head, self._book.simulated)

    async def _parts(
        self, whole: _Course, first: date, last: date, by: By | None, names: Mapping[str, str]
    ) -> tuple[Part, ...]:
        if by is None:
            return ()
        if by is not By.ACCOUNT:
            # Where nobody said from when, parts of before there were any books would be empty lines.
            return await self._threads.read(_of_calendar, whole, max(first, whole.first_day()), last, by)
        found = []
        for account, name in names.items():
            course = await self._course((account,))
            made = await self._threads.read(course.of, first, last)
            found.append(Part(name, first, last, made, account))
        return tuple(found)

    async def _course(self, accounts: tuple[str, ...]) -> _Course:
        held, (history, earnings) = await asyncio.gather(
            self._portfolio.positions(Scope(accounts=accounts)),
            self._threads.read(self._read, accounts),
        )
        closes = await self._market_data.closes(sorted({change.asset for change in history.changes}))
        today = self._runtime.clock.now_ns() // DAY
        priced = replace(history, closes={asset: self._with_now(asset, today, days) for asset, days in closes.items()})
        return await self._threads.read(self._made, priced, earnings, today, held.value)

    def _with_now(self, asset: str, today: int, days: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
        """Return closes with one of today, which has none yet: what happens on it is valued as what is held is."""
        mark = self._market_data.marks().get(asset)
        is_of_book = mark is not None and mark.currency == self._book.base_currency
        return {today: mark.price, **days} if mark is not None and is_of_book and days else days

    def _read(self, accounts: tuple[str, ...]) -> tuple[equity.History, Sequence[DayEarning]]:
        return self._portfolio.history(accounts), self._reader.earnings(accounts)

    def _made(
        self, history: equity.History, earnings: Sequence[DayEarning], today: int, value_now: Decimal | None
    ) -> _Course:
        first = history.changes[0].day if history.changes else today
        curve = equity.curve(history, first, today, value_now)
        named = tuple(self._runtime.assets.asset(asset).symbol for asset in curve.left_out)
        earned = Earned(
            equity.daily_earnings(history, earnings, fees=True), equity.daily_earnings(history, earnings, fees=False)
        )
        return _Course(replace(curve, left_out=named), equity.daily_flows(history), earned)


def _of_calendar(whole: _Course, first: date, last: date, by: By) -> tuple[Part, ...]:
    return tuple(Part(name, begin, end, whole.of(begin, end)) for name, begin, end in calendar_parts(first, last, by))


def _number(day: date) -> int:
    return day.toordinal() - _EPOCH
