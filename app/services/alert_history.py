"""What rules would have measured on each day of the past year, by the same functions that measure now."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate

import numpy as np

from app.core.alerts.history import Trial, over_history, over_silences
from app.core.alerts.machine import Reading
from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.accounts import Account
from app.core.model.alert_rules import AlertRule, Measure, Measured, Unit
from app.core.model.assets import Asset
from app.core.model.ledger_rows import DayChange
from app.core.model.market import Mark
from app.core.model.views import Holding, Position, Scope
from app.core.money import ZERO, add, multiply, ratio
from app.core.risk import ewma, quantiles
from app.core.risk.exposures import Exposure, net, worth
from app.core.risk.scenarios import Scenarios
from app.core.risk.study import WINDOW
from app.services.alert_ground import Ground
from app.services.alert_readings import (
    OF_POSITIONS,
    RELATED,
    TAILS,
    correlation_in,
    decimal,
    depths_of,
    market_of,
    of_exposures,
    past_of,
)
from app.services.risk import PROXY
from app.services.risk_books import Known, exposures_of

DAYS = 365
_CLOSES = "daily closes"
_HELD = "what was held on each day, at its close"
_GROWTH = "the value of the books at each close, without what was paid in and out"
_AS_NOW = "the book as it is now, in the same proportions, by filtered history of the days before each day"
_LATELY = "the daily closes before each day"
_AS_READ = "the moments at which it was read, as if the vault had been open all the time"

_Closes = Mapping[str, Mapping[int, Decimal]]


class Histories:
    """Tells how often rules would have fired."""

    def __init__(self, ground: Ground) -> None:
        """Take the books, the closes and when sources were read."""
        self._on = ground

    async def trial(self, rule: AlertRule) -> Trial:
        """Return when a rule would have fired over the past year, or why that cannot be told."""
        measure, today = rule.of.measure, self._on.runtime.clock.now_ns() // DAY
        try:
            if measure is Measure.AGE:
                return await self._of_source(rule)
            if measure in {Measure.PRICE, Measure.CHANGE}:
                closes = (await self._on.market_data.closes([rule.of.name]))[rule.of.name]
                return over_history(rule, _of_closes(rule.of, closes, today), _CLOSES)
            if measure is Measure.DRAWDOWN:
                points = (await self._on.portfolio.curve(Scope(accounts=rule.accounts))).points
                days = [(at // DAY - 1, depth) for at, depth in depths_of(points)]
                depths = [Reading(day * DAY, depth) for day, depth in days if today - DAYS <= day < today]
                return over_history(rule, depths, _GROWTH)
            if measure in OF_POSITIONS:
                readings = await self._of_positions(rule, today)
                return over_history(rule, readings, _HELD)
            readings = await self._of_market(rule)
            how = f"{_AS_NOW}, carried to {rule.of.days} days by the root of time" if rule.of.days > 1 else _AS_NOW
            return over_history(rule, readings, how if measure in TAILS else _LATELY)
        except InputError as unknown:
            return Trial(why_not=unknown.message)

    async def _of_source(self, rule: AlertRule) -> Trial:
        if not rule.of.name:
            raise InputError("How old prices were in the past is not kept.")
        if not rule.is_above:
            raise InputError("A source is fresh after each reading: only how long it was silent is counted.")
        account = next(
            (one.account_id for one in await self._on.sources.connections() if one.name == rule.of.name), None
        )
        if account is None:
            raise InputError(f"There is no source {rule.of.name!r} any more.")
        compared = await self._on.threads.read(self._on.reader.compared, (account,))
        read, now = sorted({row.at for row in compared}), self._on.runtime.clock.now_ns()
        return over_silences(rule, read, now - DAYS * DAY, now, _AS_READ)

    async def _of_positions(self, rule: AlertRule, today: int) -> Sequence[Reading]:
        accounts = [
            one
            for one in await self._on.portfolio.accounts()
            if not rule.accounts or one.account_id in rule.accounts
        ]  # fmt: skip
        changes = await self._on.threads.read(
            lambda: {one.account_id: self._on.reader.daily_changes((one.account_id,)) for one in accounts}
        )
        assets = {change.asset for rows in changes.values() for change in rows}
        closes = await self._on.market_data.closes(sorted(assets - {self._on.currency}))
        days = range(today - DAYS, today)
        return await self._on.threads.read(self._each_day, rule, accounts, changes, closes, days)

    def _each_day(
        self,
        rule: AlertRule,
        accounts: Sequence[Account],
        changes: Mapping[str, Sequence[DayChange]],
        closes: _Closes,
        days: range,
    ) -> Sequence[Reading]:
        held = {account: _held(rows, days) for account, rows in changes.items()}
        known = {one.account_id: one for one in accounts}
        assets = {asset: self._on.runtime.assets.asset(asset) for rows in held.values() for asset in rows}
        return [
            _on(rule, day, self._exposures(held, known, assets, closes, (day, number)), self._on.currency)
            for number, day in enumerate(days)
        ]

    def _exposures(
        self,
        held: Mapping[str, Mapping[str, Sequence[Decimal]]],
        accounts: Mapping[str, Account],
        assets: Mapping[str, Asset],
        closes: _Closes,
        on: tuple[int, int],
    ) -> Sequence[Exposure] | None:
        """Return the exposures of a day; None where something that was held has closes, but none of that day."""
        (day, number), found = on, list[Position]()
        for account, rows in held.items():
            for asset, quantities in rows.items():
                quantity = quantities[number]
                if not quantity or (asset != self._on.currency and not closes.get(asset)):
                    continue
                price = Decimal(1) if asset == self._on.currency else closes[asset].get(day)
                if price is None:
                    return None
                value = multiply(quantity, price)
                mark = Mark(asset, price, self._on.currency, _CLOSES, day * DAY)
                one = Holding(account, account, "", quantity, value, None)
                found.append(Position(assets[asset], quantity, mark, value, None, (one,)))
        return exposures_of(found, Known(self._on.currency, accounts))

    async def _of_market(self, rule: AlertRule) -> Sequence[Reading]:
        held = (await self._on.portfolio.positions(Scope(accounts=rule.accounts))).positions
        accounts = {one.account_id: one for one in await self._on.portfolio.accounts()}
        exposures = exposures_of(held, Known(self._on.currency, accounts))
        names = {one for one in (rule.of.name, rule.of.other) if one} or set(net(exposures))
        closes = await self._on.market_data.closes(sorted({*names, PROXY} - {self._on.currency}))
        return await self._on.threads.read(_of_past, rule, exposures, names, closes, self._on.currency)


def _of_closes(of: Measured, closes: Mapping[int, Decimal], today: int) -> Iterable[Reading]:
    if not closes:
        raise InputError("No daily closes of it are known.")
    for day in range(max(today - DAYS, min(closes)), today):
        close, before = closes.get(day), closes.get(day - of.days)
        if of.measure is Measure.CHANGE:
            change = None if close is None or before is None else ratio(close, before)
            close = None if change is None else change - 1
        yield Reading(day * DAY, close)


def _held(rows: Iterable[DayChange], days: range) -> dict[str, Sequence[Decimal]]:
    """Return by asset the quantity at the end of each day."""
    before: dict[str, Decimal] = {}
    within: dict[str, dict[int, Decimal]] = {}
    for row in rows:
        if row.day < days.start:
            before[row.asset] = add(before.get(row.asset, ZERO), row.quantity)
        else:
            of = within.setdefault(row.asset, {})
            of[row.day] = add(of.get(row.day, ZERO), row.quantity)
    found: dict[str, Sequence[Decimal]] = {}
    for asset in before.keys() | within.keys():
        steps = [within.get(asset, {}).get(day, ZERO) for day in days]
        found[asset] = list(accumulate(steps, add, initial=before.get(asset, ZERO)))[1:]
    return found


def _on(rule: AlertRule, day: int, exposures: Sequence[Exposure] | None, currency: str) -> Reading:
    if exposures is None:
        return Reading(day * DAY, None, "Something that was held has no close of that day.")
    try:
        return Reading(day * DAY, of_exposures(rule, exposures, currency))
    except InputError as unknown:
        return Reading(day * DAY, None, unknown.message)


def _of_past(
    rule: AlertRule, exposures: Sequence[Exposure], names: set[str], closes: _Closes, currency: str
) -> Sequence[Reading]:
    found = market_of(closes)
    bars = 0 if found is None else found.returns.at.size
    past = past_of(found, names, currency, max(1, bars))
    return _correlations(rule, past) if rule.of.measure in RELATED else _tails(rule, past, exposures)


def _tails(rule: AlertRule, past: Scenarios, exposures: Sequence[Exposure]) -> Sequence[Reading]:
    of = past.book(net(exposures))
    gains = np.asarray(past.gains(of), np.float64)
    if gains.size <= WINDOW:
        raise InputError(f"The daily history has {gains.size} days; the first forecast takes {WINDOW}.")
    whole = 1.0 if rule.unit is Unit.MONEY else worth(exposures)
    if whole <= 0 or not of.covered:
        raise InputError("The book is worth nothing: there are no shares of it.")
    volatility = ewma.volatilities(gains, ewma.DAILY)
    units = np.divide(gains, volatility[:-1], out=np.zeros_like(gains), where=volatility[:-1] > 0)
    confidence, which = float(rule.of.confidence or 0), int(rule.of.measure is Measure.SHORTFALL)
    longer = math.sqrt(rule.of.days)
    readings = []
    for row in range(max(WINDOW, gains.size - DAYS), gains.size):
        window = units[row - WINDOW : row] * volatility[row]
        value = quantiles.tails(window, (confidence,))[0][which] * longer / whole
        readings.append(Reading(int(past.at[row]), decimal(value)))
    return readings


def _correlations(rule: AlertRule, past: Scenarios) -> Sequence[Reading]:
    readings = []
    for row in range(max(0, past.outcomes - DAYS) + 1, past.outcomes + 1):
        until = replace(past, by_asset=past.by_asset[:, :row], at=past.at[:row])
        value = correlation_in(until, rule.of)
        readings.append(Reading(int(past.at[row - 1]), None if value is None else decimal(value)))
    return readings
