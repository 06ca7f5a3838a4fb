"""The equity curve: what the books were worth at the end of each day, and what flowed in and out between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.core.clock import DAY
from app.core.model.ledger_rows import DayChange, DayEarning, FlowRow
from app.core.model.views import EquityCurve, EquityPoint, Flow
from app.core.money import EXACT, ZERO, add, multiply, ratio
from app.core.transfers.inside import Inside

Closes = Mapping[str, Mapping[int, Decimal]]
"""Daily closes in the base currency by asset and day number."""


@dataclass(frozen=True, slots=True)
class History:
    """What the curve is drawn from.

    Attributes:
        transfers: Which flows are ends of transfers, as they count everywhere.
    """

    currency: str
    changes: Sequence[DayChange]
    flows: Sequence[FlowRow]
    closes: Closes
    transfers: Inside = field(default_factory=Inside)


def curve(
    history: History,
    first_day: int,
    today: int,
    value_now: Decimal | None,
    past: Mapping[int, Decimal | None] | None = None,
) -> EquityCurve:
    """Return daily values from `first_day` to `today`; the last point is the value at the marks of now.

    A day on which an asset that is held has no close is a gap. An asset without any close is left out and named.
    `past` are the values of the days before today, where they are known from an earlier curve of the same history.
    """
    unpriced = _unpriced(history)
    values = past_values(history, first_day, today) if past is None else past
    points = [EquityPoint(day * DAY + DAY, values[day]) for day in range(first_day, today)]
    points.append(EquityPoint(today * DAY + DAY, value_now))
    by_day = _flows_by_day(history, unpriced)
    return EquityCurve(
        currency=history.currency,
        points=tuple(_without_flows(points, by_day)),
        flows=tuple(flow for flow in _shown(history, unpriced) if first_day <= flow.at // DAY <= today),
        left_out=tuple(sorted(unpriced)),
    )


def past_values(history: History, first_day: int, today: int) -> Mapping[int, Decimal | None]:
    """Return the value at the end of each day before today; they change only where books or closes do."""
    return _values(history, first_day, today, _unpriced(history))


def _unpriced(history: History) -> set[str]:
    held = {change.asset for change in history.changes}
    return {asset for asset in held if asset != history.currency and not history.closes.get(asset)}


def _price(history: History, asset: str, day: int) -> Decimal | None:
    return Decimal(1) if asset == history.currency else history.closes.get(asset, {}).get(day)


def _values(history: History, first_day: int, today: int, unpriced: set[str]) -> dict[int, Decimal | None]:
    quantities: dict[str, Decimal] = {}
    changes = iter(history.changes)
    change = next(changes, None)
    values: dict[int, Decimal | None] = {}
    for day in range(min(first_day, change.day if change else first_day), today):
        while change is not None and change.day <= day:
            if change.asset not in unpriced:
                quantities[change.asset] = add(quantities.get(change.asset, ZERO), change.quantity)
            change = next(changes, None)
        if day >= first_day:
            values[day] = _value(history, quantities, day)
    return values


def _value(history: History, quantities: Mapping[str, Decimal], day: int) -> Decimal | None:
    total = ZERO
    for asset, quantity in quantities.items():
        if not quantity:
            continue
        price = _price(history, asset, day)
        if price is None:
            return None
        total = add(total, multiply(quantity, price))
    return total


def _amount(history: History, flow: FlowRow) -> Decimal | None:
    """Return what a flow was worth, without what a transfer lost on its way: that was paid, not taken out."""
    price = _price(history, flow.asset, flow.at // DAY)
    lost = history.transfers.lost.get(flow.entry_id, ZERO)
    return None if price is None else multiply(add(flow.quantity, lost), price)


def daily_flows(history: History) -> Mapping[int, Decimal | None]:
    """Return what flowed in less what flowed out by day number; None where a part has no price that day."""
    return _flows_by_day(history, _unpriced(history))


def daily_earnings(history: History, rows: Iterable[DayEarning], *, fees: bool) -> Mapping[int, Decimal | None]:
    """Return what was paid in fees, or what came in by itself, by day number, at the close of its day.

    What a transfer lost on its way is a fee of the day on which it left. None where a part has no price that day; what
    has no price at all is left out, as it is of the curve.
    """
    unpriced = _unpriced(history)
    sums: dict[int, Decimal | None] = {}
    for row in (*rows, *_lost(history)):
        if row.is_fee is not fees or row.asset in unpriced:
            continue
        price, known = _price(history, row.asset, row.day), sums.get(row.day, ZERO)
        sums[row.day] = None if price is None or known is None else add(known, multiply(row.quantity, price))
    return sums


def _lost(history: History) -> Iterator[DayEarning]:
    lost = history.transfers.lost
    for flow in history.flows:
        if flow.entry_id in lost:
            yield DayEarning(flow.at // DAY, flow.asset, lost[flow.entry_id], is_fee=True)


def _flows_by_day(history: History, unpriced: set[str]) -> dict[int, Decimal | None]:
    """Return what flowed each day. Both ends of a transfer count: between them its value is in no account."""
    sums: dict[int, Decimal | None] = {}
    for flow in history.flows:
        if flow.asset in unpriced:
            continue
        day, amount = flow.at // DAY, _amount(history, flow)
        known = sums.get(day, ZERO)
        sums[day] = None if amount is None or known is None else add(known, amount)
    return sums


def _shown(history: History, unpriced: set[str]) -> Iterable[Flow]:
    """Yield flows that crossed the border of the accounts: a transfer between two of them did not."""
    for flow in history.flows:
        if flow.entry_id not in history.transfers.entries:
            yield Flow(flow.at, None if flow.asset in unpriced else _amount(history, flow), flow.entry_id)


def _without_flows(points: Sequence[EquityPoint], flows: Mapping[int, Decimal | None]) -> Iterable[EquityPoint]:
    """Yield points with what the first value would have grown to by the time-weighted return: daily, flows last."""
    grown: Decimal | None = None
    before: Decimal | None = None
    skipped: Decimal | None = ZERO
    for point in points:
        flow = flows.get((point.at - DAY) // DAY, ZERO)
        skipped = None if skipped is None or flow is None else add(skipped, flow)
        if point.value is None:
            yield point
            continue
        growth = None if before is None or skipped is None else ratio(EXACT.subtract(point.value, skipped), before)
        if growth is not None and grown is not None:
            grown = grown * growth
        elif before is None or not before:
            grown = point.value or None
        before, skipped = point.value, ZERO
        yield replace(point, without_flows=grown)
