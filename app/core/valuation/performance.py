"""Returns of a period, read off the equity curve. The method is always named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.core.clock import DAY, iso
from app.core.model.views import EquityCurve, EquityPoint, Return
from app.core.money import EXACT, SHARES, ZERO, add, ratio
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
class Step:
    """From one priced day to the next: growth = (after − flow) ÷ before, None where a part is not known.

    Attributes:
        at: End of the day on which it ends.
    """

    at: int
    before: Decimal
    flow: Decimal | None
    after: Decimal
    growth: Decimal | None


@dataclass(frozen=True, slots=True)
class Performance:
    """What a period brought: after − before − flows = gain; None where a part is not known.

    Attributes:
        since: The close from which it is measured; None where no day of the period is priced.
        annual: The money-weighted return of a year.
        priced_days: Days of the period with a value, of `days`.
        left_out: Symbols that have no price at all.
        steps: How it came about, day by day.
    """

    currency: str
    since: int | None
    until: int | None
    before: Decimal | None
    after: Decimal | None
    flowed_in: Decimal | None
    flowed_out: Decimal | None
    gain: Decimal | None
    time_weighted: Return
    annual: Return
    simple: Return
    priced_days: int
    days: int
    left_out: tuple[str, ...]
    steps: tuple[Step, ...]


def of_period(curve: EquityCurve, flows: Mapping[int, Decimal | None], first: int, last: int) -> Performance:
    """Return what the days from `first` to `last` brought, both included, by day number.

    Measured from the close of the day before; where that is not priced, from the first priced close, which is told.
    """
    inside = [point for point in curve.points if first <= _day(point) + 1 and _day(point) <= last]
    known = [(point, point.value) for point in inside if point.value is not None]
    steps = tuple(_steps(known, flows))
    days = [flows[day] for day in sorted(flows) if known and _day(known[0][0]) < day <= _day(known[-1][0])]
    flowed_in, flowed_out = _sum(days, sign=1), _sum(days, sign=-1)
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
    )


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
    grown = Decimal(1)
    begun = False
    for step in steps:
        if not begun and not step.before:
            # Nothing was held yet: there is nothing that could have grown.
            continue
        begun = True
        if step.growth is None:
            why = "what was held is worth nothing" if not step.before else "a flow has no price"
            return Return(None, METHOD, f"The chain breaks on {iso(step.at - DAY)[:10]}: {why}.")
        grown = SHARES.multiply(grown, step.growth)
    return Return(SHARES.subtract(grown, 1), METHOD) if begun else Return(None, METHOD, "There are no two priced days.")


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
