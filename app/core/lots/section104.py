"""The matching of the United Kingdom: same day, then 30 days after or 10 days before, then the section 104 holding.

Individuals: Taxation of Chargeable Gains Act 1992, sections 104, 105, 106A. Companies: section 107 instead of 106A.
All acquisitions of a day are one acquisition, and all disposals of a day one disposal. What becomes another asset
without a disposal leaves one holding for the other with its share of the cost, before the disposals of that day do.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Sequence

from app.core.lots.averages import Pool, departure
from app.core.lots.events import ACQUISITIONS, Event, Kind, arrivals, in_last_units, later_splits
from app.core.lots.results import Disposal, Holding, Match, Matched, Shortage
from app.core.lots.shares import share
from app.core.lots.undisturbed import undisturbed

SAME_DAY, THIRTY_DAY, TEN_DAY, HOLDING = "same-day", "thirty-day", "ten-day", "section-104"
_AFTER, _BEFORE = 30, 10


class _Day:
    """What happened to one asset on one day, in its last units."""

    __slots__ = (
        "at", "bought", "carried", "cost", "first", "is_known", "matches", "proceeds", "row", "rows", "sold", "spent",
    )  # fmt: skip

    def __init__(self) -> None:
        self.bought = self.cost = self.sold = self.spent = 0
        self.proceeds: int | None = 0
        self.is_known = True
        self.row: str | None = None
        self.at: int | None = None
        self.first: tuple[Event, int] | None = None
        self.rows: list[str] = []
        self.carried: list[int] = []
        self.matches: list[Match] = []

    def acquire(self, event: Event, quantity: int) -> None:
        if self.row is None:
            self.row, self.at = event.row, event.at
        self.bought += quantity
        if event.value is None:
            self.is_known = False
        else:
            self.cost += event.value

    def dispose(self, event: Event, quantity: int, place: int) -> None:
        if self.first is None:
            self.first = event, place
        self.rows.append(event.row)
        self.sold += quantity
        known = self.proceeds is not None and event.value is not None
        self.proceeds = (self.proceeds or 0) + (event.value or 0) if known else None


class Section104:
    """The days of every asset, matched in the order of the law."""

    def __init__(self, events: Sequence[Event], day_of: Callable[[int], int], *, is_company: bool = False) -> None:
        """Gather the days."""
        self.matched = Matched()
        self._events = events
        self._is_company = is_company
        self._factors = later_splits(events)
        self._assets: dict[str, dict[int, _Day]] = {}
        self._quantities = in_last_units(events)
        self._becoming = arrivals(events)
        self._pools: dict[str, Pool] = {}
        for place, (event, quantity) in enumerate(zip(events, self._quantities, strict=True)):
            if event.kind in (Kind.TRANSFER, Kind.SPLIT):
                continue
            days = self._assets.setdefault(event.asset, {})
            day = days.setdefault(day_of(event.at), _Day())
            if event.kind in ACQUISITIONS:
                day.acquire(event, quantity)
            elif event.kind == Kind.SPEND:
                day.spent += quantity
            elif event.kind == Kind.CARRY:
                day.carried.append(place)
            else:
                day.dispose(event, quantity, place)

    @undisturbed
    def played(self, *, until: int | None = None) -> Matched:
        """Match everything and return what it gives, until the end of a day or to the end."""
        for days in self._assets.values():
            ordered = sorted(days)
            for number in ordered:
                _match(days[number], days[number], SAME_DAY)
            if not self._is_company:
                _match_after(days, ordered)
        found = self._walk(until)
        self.matched.disposals.extend(disposal for _, disposal in sorted(found, key=lambda pair: pair[0]))
        return self.matched

    def _walk(self, until: int | None) -> list[tuple[int, Disposal]]:
        """Let what is left of each day enter and leave the holdings, in the order of time."""
        numbers = sorted({number for days in self._assets.values() for number in days})
        by_day: dict[int, list[tuple[str, _Day]]] = {number: [] for number in numbers}
        for asset, days in self._assets.items():
            self._pools[asset] = Pool()
            for number, day in days.items():
                by_day[number].append((asset, day))
        recent: dict[str, deque[tuple[int, _Day]]] = {asset: deque() for asset in self._assets}
        found: list[tuple[int, Disposal]] = []
        for number in numbers if until is None else numbers[: bisect_right(numbers, until)]:
            for asset, day in by_day[number]:
                self._arrive(number, day, recent[asset], self._pools[asset])
            for place in sorted(place for _, day in by_day[number] for place in day.carried):
                self._carry(place, recent[self._events[place].asset])
            for asset, day in by_day[number]:
                pool = self._pools[asset]
                if day.first is not None:
                    found.append((day.first[1], self._disposal(day, day.first, pool)))
                pool.quantity -= min(day.spent, pool.quantity)
        self._close(recent)
        return found

    def _arrive(self, number: int, day: _Day, recent: deque[tuple[int, _Day]], pool: Pool) -> None:
        """Let acquisitions enter the holding: at once, or for a company when their ten days are over."""
        if not self._is_company:
            _enter(pool, day)
            return
        while recent and recent[0][0] < number - _BEFORE:
            _enter(pool, recent.popleft()[1])
        for _, earlier in recent:
            _match(day, earlier, TEN_DAY)
        recent.append((number, day))

    def _carry(self, place: int, recent: deque[tuple[int, _Day]]) -> None:
        event, wanted = self._events[place], self._quantities[place]
        pool = self._pools[event.asset]
        while recent:
            # Of a company: what no sale of the next days can be matched with any more, as it is another asset then.
            _enter(pool, recent.popleft()[1])
        quantity, cost = pool.take(wanted)
        if event.to_asset:
            target = self._pools.setdefault(event.to_asset, Pool())
            target.add(share(self._becoming[place], wanted, quantity), cost)
        else:
            self.matched.departures.append(departure(event, quantity * event.quantity // wanted, cost))
        if quantity < wanted:
            missing = (wanted - quantity) * event.quantity // wanted
            self.matched.shortages.append(Shortage(event.row, event.asset, event.wallet, missing))

    def _close(self, recent: dict[str, deque[tuple[int, _Day]]]) -> None:
        for asset, pool in self._pools.items():
            for _, day in recent.get(asset, ()):
                _enter(pool, day)
            if pool.quantity or pool.cost:
                self.matched.holdings.append(Holding(asset, None, pool.quantity, pool.cost if pool.is_known else None))

    def _disposal(self, day: _Day, first: tuple[Event, int], pool: Pool) -> Disposal:
        quantity, cost = pool.take(day.sold)
        if quantity:
            day.matches.append((None, HOLDING, quantity, cost, None))
        missing = day.sold - quantity
        costs = [match[3] for match in day.matches]
        known = [cost for cost in costs if cost is not None]
        event, place = first
        new, old = self._factors[place] if self._factors else (1, 1)
        matches = _in_units_of_sale(day.matches, new, old)
        return Disposal(
            event.row,
            event.asset,
            event.wallet,
            event.at,
            sum(match[2] for match in matches) + missing * old // new,
            day.proceeds,
            sum(known) if len(known) == len(costs) and not missing else None,
            matches,
            0,
            missing * old // new,
            tuple(day.rows),
        )


def _match(disposal: _Day, acquisition: _Day, rule: str) -> None:
    quantity = min(disposal.sold, acquisition.bought)
    if not quantity:
        return
    cost = share(acquisition.cost, acquisition.bought, quantity)
    acquisition.bought -= quantity
    acquisition.cost -= cost
    disposal.sold -= quantity
    known = cost if acquisition.is_known else None
    disposal.matches.append((acquisition.row, rule, quantity, known, acquisition.at))


def _match_after(days: dict[int, _Day], ordered: Sequence[int]) -> None:
    """Match the earliest disposal first, each with the earliest acquisition of the days after it."""
    bought = [number for number in ordered if days[number].bought]
    for number in ordered:
        day = days[number]
        if not day.sold:
            continue
        for later in bought[bisect_right(bought, number) : bisect_left(bought, number + _AFTER + 1)]:
            _match(day, days[later], THIRTY_DAY)
            if not day.sold:
                break


def _enter(pool: Pool, day: _Day) -> None:
    if day.bought:
        pool.add(day.bought, day.cost if day.is_known else None)
        day.bought = day.cost = 0


def _in_units_of_sale(matches: list[Match], new: int, old: int) -> list[Match]:
    """Return matches in the units of the day of sale; the last one takes what the division leaves."""
    if new == old:
        return matches
    rest = sum(match[2] for match in matches)
    units = rest * old // new
    found = []
    for row, rule, quantity, cost, at in matches:
        part = share(units, rest, quantity)
        rest -= quantity
        units -= part
        found.append((row, rule, part, cost, at))
    return found
