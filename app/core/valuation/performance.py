"""Returns of a period, read off the equity curve. The method is always named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.core.clock import DAY, iso
from app.core.model.performance import Day, Performance, Step
from app.core.model.views import EquityCurve, EquityPoint, Return
from app.core.money import EXACT, SHARES, ZERO, add, ratio
from app.core.names import counted
from app.core.valuation import money_weighted

METHOD = "TWR"
"""Time-weighted return: daily periods, flows valued at the close of their day and taken as made at its end."""


def time_weighted(curve: EquityCurve, since_ns: int) -> Return:
    """Return the growth since the last close before `since_ns`; None where the books are younger."""
    known = [point for point in curve.points if point.without_flows is not None]
    before = [point for point in known if point.at <= since_ns]
    if not known:
        return Return(None, METHOD, "There is no priced day yet.")
    if not before or since_ns - before[-1].at > DAY:
        return Return(None, METHOD, "The books have no priced day before the period.")
    first, last = before[-1].without_flows, known[-1].without_flows
    grown = None if first is None or last is None else ratio(last, first)
    return Return(None if grown is None else grown - 1, METHOD, "" if grown is not None else "The first value is zero.")


SIMPLE = "simple"
"""Gain ÷ (value at the start + what flowed in), without regard to when."""


@dataclass(frozen=True, slots=True)
class Earned:
    """By day number, what was paid in fees, and what came in by itself: rewards, airdrops, forks, interest."""

    fees: Mapping[int, Decimal | None]
    income: Mapping[int, Decimal | None]


NOTHING_EARNED = Earned({}, {})


def of_period(
    curve: EquityCurve,
    flows: Mapping[int, Decimal | None],
    first: int,
    last: int,
    earned: Earned = NOTHING_EARNED,
) -> Performance:
    """Return what the days from `first` to `last` brought, both included, by day number.

    Measured from the close of the day before; where that is not priced, from the first priced close, which is told.
    """
    known = [(point, point.value) for point in _inside(curve, first, last) if point.value is not None]
    steps = tuple(_steps(known, flows))
    days = _measured(flows, known)
    # Without a priced day nothing was measured, which is not the same as that nothing flowed.
    flowed_in, flowed_out = (_sum(days, sign=1), _sum(days, sign=-1)) if known else (None, None)
    before, after = (known[0][1], known[-1][1]) if known else (None, None)
    gain = None
    if before is not None and after is not None and flowed_in is not None and flowed_out is not None:
        gain = EXACT.subtract(EXACT.subtract(after, before), EXACT.subtract(flowed_in, flowed_out))
    return Performance(
        currency=curve.currency,
        since=known[0][0].at if known else None,
        until=known[-1][0].at if known else None,
        before=before,
        after=after,
        flowed_in=flowed_in,
        flowed_out=flowed_out,
        gain=gain,
        time_weighted=_chained(steps),
        annual=_annual(known, flows, gain),
        simple=_simple(gain, before, flowed_in),
        priced_days=sum(1 for point, _ in known if first <= _day(point)),
        days=last - first + 1,
        left_out=curve.left_out,
        steps=steps,
        fees=_sum(_measured(earned.fees, known)) if known else None,
        income=_sum(_measured(earned.income, known)) if known else None,
        unknown=tuple(_why(known, flows, earned)),
    )


def _why(
    known: Sequence[tuple[EquityPoint, Decimal]], flows: Mapping[int, Decimal | None], earned: Earned
) -> Iterator[str]:
    if not known:
        yield "No day of the period has a price for everything that was held."
    for words, sums in (
        ("put in or taken out", flows),
        ("paid as a fee", earned.fees),
        ("earned", earned.income),
    ):
        without = [day for day in sorted(sums) if sums[day] is None and _is_measured(day, known)]
        if without:
            more = f" and on {counted(len(without) - 1, 'more day')}" if len(without) > 1 else ""
            yield f"What was {words} on {iso(without[0] * DAY)[:10]}{more} has no price."


def _is_measured(day: int, known: Sequence[tuple[EquityPoint, Decimal]]) -> bool:
    """Tell whether a day comes after the close that a period is measured from."""
    return bool(known) and _day(known[0][0]) < day <= _day(known[-1][0])


def days_of(found: Performance, curve: EquityCurve, flows: Mapping[int, Decimal | None]) -> tuple[Day, ...]:
    """Return the days that a performance was measured over, each with what had come about until then."""
    if found.since is None or found.until is None:
        return ()
    grown = {found.since: Decimal(1), **{step.at: until for step, until in _chain(found.steps)}}
    contributed = found.before
    days = []
    for point in curve.points:
        if not found.since <= point.at <= found.until:
            continue
        if point.at > found.since:
            flow = flows.get(_day(point), ZERO)
            contributed = None if contributed is None or flow is None else add(contributed, flow)
        until = grown.get(point.at)
        days.append(Day(point.at, point.value, contributed, None if until is None else SHARES.subtract(until, 1)))
    return tuple(days)


def _chain(steps: Sequence[Step]) -> Iterator[tuple[Step, Decimal | None]]:
    """Yield each step with the growth until its end; None from the first one on whose growth is not known.

    Before anything was held there is nothing that could have grown.
    """
    grown: Decimal | None = Decimal(1)
    begun = False
    for step in steps:
        begun = begun or bool(step.before)
        if begun:
            grown = None if grown is None or step.growth is None else SHARES.multiply(grown, step.growth)
        yield step, grown


def _inside(curve: EquityCurve, first: int, last: int) -> Sequence[EquityPoint]:
    return [point for point in curve.points if first <= _day(point) + 1 and _day(point) <= last]


def _measured(
    sums: Mapping[int, Decimal | None], known: Sequence[tuple[EquityPoint, Decimal]]
) -> Sequence[Decimal | None]:
    return [sums[day] for day in sorted(sums) if _is_measured(day, known)]


def _day(point: EquityPoint) -> int:
    return point.at // DAY - 1


def _steps(known: Sequence[tuple[EquityPoint, Decimal]], flows: Mapping[int, Decimal | None]) -> Iterator[Step]:
    for (start, before), (end, after) in pairwise(known):
        between = [flows[day] for day in range(_day(start) + 1, _day(end) + 1) if day in flows]
        flow = _sum(between)
        growth = None if flow is None or not before else ratio(EXACT.subtract(after, flow), before)
        yield Step(end.at, before, flow, after, growth)


def _sum(flows: Sequence[Decimal | None], sign: int = 0) -> Decimal | None:
    """Return the sum of flows; of those of one sign only, as a positive number."""
    total = ZERO
    for flow in flows:
        if flow is None:
            return None
        if not sign or flow * sign > 0:
            total = add(total, flow if sign >= 0 else flow.copy_negate())
    return total


def _chained(steps: Sequence[Step]) -> Return:
    grown: Decimal | None = None
    for step, grown in _chain(steps):
        if grown is None:
            why = "what was held is worth nothing" if not step.before else "a flow has no price"
            return Return(None, METHOD, f"The chain breaks on {iso(step.at - DAY)[:10]}: {why}.")
    if grown is None or not any(step.before for step in steps):
        return Return(None, METHOD, "There are no two priced days.")
    return Return(SHARES.subtract(grown, 1), METHOD)


def _annual(
    known: Sequence[tuple[EquityPoint, Decimal]], flows: Mapping[int, Decimal | None], gain: Decimal | None
) -> Return:
    if not known or gain is None:
        return Return(None, money_weighted.METHOD, "A flow has no price." if known else "There is no priced day.")
    (start, before), (end, after) = known[0], known[-1]
    paid = [(day, flow) for day, flow in sorted(flows.items()) if flow and _day(start) < day <= _day(end)]
    return money_weighted.annual([(_day(start), before), *paid], _day(end), after)


def _simple(gain: Decimal | None, before: Decimal | None, flowed_in: Decimal | None) -> Return:
    if gain is None or before is None or flowed_in is None:
        return Return(None, SIMPLE, "The gain is not known.")
    value = ratio(gain, add(before, flowed_in))
    return Return(value, SIMPLE, "" if value is not None else "Nothing was put in.")
