"""Matching by lots: FIFO, LIFO, HIFO, LOFO and specific identification, over everything or wallet by wallet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from app.core.clock import SECOND
from app.core.lots.allocation import Allocation, deal
from app.core.lots.book_lots import BY_AGE, Drawn, Lot, Pool, matches_of
from app.core.lots.carrying import carry
from app.core.lots.events import Event, Kind
from app.core.lots.methods import Method, Scope
from app.core.lots.results import Departure, Disposal, Holding, Matched, OpenLot, Shortage
from app.core.lots.selection import Selections
from app.core.lots.undisturbed import undisturbed

_EVERYWHERE = ""
"""The wallet of lots that belong to none."""

_NEVER = 2**63
"""Later than any moment."""

_COUNT_BITS = 24
"""Lots are numbered by the second of their acquisition, and in one second by their count."""

_NO_PRICE = (0, 1)
"""Of lots that no price ranks."""


def rank_bits(events: Sequence[Event]) -> int:
    """Return how many bits keep any two different prices of a history apart when they are cut to whole numbers.

    Two fractions differ by at least 1 ÷ the product of their denominators.
    """
    longest = max((max(event.quantity, event.price[1] if event.price else 1) for event in events), default=1)
    longest = max(longest, sum(event.rare.to_quantity for event in events))
    splits = 1
    for event in events:
        splits *= max(event.ratio) if event.kind == Kind.SPLIT else 1
    return 2 * (longest * splits).bit_length()


class Book:
    """The open lots of a history as it is played, event by event, in the order of time."""

    def __init__(
        self,
        method: Method,
        scope: Scope,
        events: Sequence[Event],
        *,
        allocation: Allocation | None = None,
        is_lenient: bool = False,
    ) -> None:
        """Choose how lots are found.

        Args:
            method: One that uses up single lots.
            scope: Where lots are looked for.
            events: The whole history, in the order of time.
            allocation: Changes the scope from universal to per wallet at its moment.
            is_lenient: A disposal that identifies no lot takes the oldest, instead of being refused.

        A disposal that identifies lots takes those, whatever the method: a choice for one sale beats the rule for all.
        """
        self.matched = Matched()
        self._events = events
        self._method = method
        self._is_per_wallet = scope is Scope.PER_WALLET and allocation is None
        self._allocation = allocation
        self._switch = allocation.at if allocation else _NEVER
        self._must_identify = method is Method.SPEC_ID and not is_lenient
        self._has_ages = scope is Scope.PER_WALLET and method not in BY_AGE
        self._has_rows = method is Method.SPEC_ID or any(map(attrgetter("choice"), events))
        self._bits = rank_bits(events) if method in (Method.HIFO, Method.LOFO) else 0
        self._selections = Selections(events)
        self._pools: dict[tuple[str, str], Pool] = {}
        self._number = 0
        self._newest: Lot | None = None

    @undisturbed
    def played(self) -> Matched:
        """Play the whole history and return what it gives."""
        handlers = (
            self._acquire, self._acquire, self._dispose, self._transfer, self._split, self._spend, self._carry,
        )  # fmt: skip
        due = self._turned(-_NEVER)
        for event in self._events:
            if event.at >= due:
                due = self._turned(event.at)
            handlers[event.kind](event)
        if self._switch != _NEVER:
            self._allocate()
        self._close()
        return self.matched

    def _turned(self, at: int) -> int:
        """Do what comes between events until a moment, and return when something comes next."""
        if self._switch <= at:
            self._switch = _NEVER
            self._allocate()
        return self._switch

    def _pool(self, asset: str, wallet: str) -> Pool:
        key = (asset, wallet if self._is_per_wallet else _EVERYWHERE)
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = Pool(self._method, self._bits, has_ages=self._has_ages, has_rows=self._has_rows)
        return pool

    def _acquire(self, event: Event) -> Lot:
        at, _, asset, wallet, quantity, value, row, _, price, _, rare = event
        self._number += 1
        acquired = at if rare.acquired is None else rare.acquired
        number = (acquired // SECOND << _COUNT_BITS) + self._number
        pool, newest = self._pool(asset, wallet), self._newest
        if newest is not None and newest.row == row and newest.number not in pool.lots:
            # Parts of one lot in several wallets, as a checkpoint tells them one after the other.
            number = newest.number
        ranked = price or (value or 0, quantity) if self._bits else _NO_PRICE
        lot = self._newest = Lot(row, acquired, number, ranked, quantity, value)
        pool.add(lot)
        return lot

    def _dispose(self, event: Event) -> None:
        pool = self._pool(event.asset, event.wallet)
        if not event.choice and not self._must_identify:
            drawn, missing = self._drawn(event, pool)
            self._record(event, drawn, missing)
            return
        fault = self._selections.fault(event, pool, self._number)
        if fault:
            # The units leave all the same, so that what follows is counted rightly; at what cost, nobody can say.
            self.matched.wrong_choices.append(fault)
            drawn, missing = pool.draw(event.quantity)
            self._keep(event, drawn, missing, self._unchosen, is_certain=False)
            return
        self._keep(event, pool.take_chosen(event.choice), 0, Method.SPEC_ID)

    def _drawn(self, event: Event, pool: Pool) -> tuple[Drawn, int]:
        return pool.draw(event.quantity)

    def _record(self, event: Event, drawn: Drawn, missing: int) -> None:
        self._keep(event, drawn, missing, self._unchosen)

    @property
    def _unchosen(self) -> Method:
        """Return by which method lots go that nobody chose."""
        return Method.FIFO if self._method is Method.SPEC_ID else self._method

    def _keep(self, event: Event, drawn: Drawn, missing: int, method: Method, *, is_certain: bool = True) -> None:
        cost, matches = matches_of(drawn, method.value, is_certain=is_certain)
        at, _, asset, wallet, quantity, value, row, *_ = event
        self.matched.disposals.append(
            Disposal(row, asset, wallet, at, quantity, value, None if missing else cost, matches, 0, missing)
        )

    def _transfer(self, event: Event) -> None:
        if not self._is_per_wallet:
            return
        target = self._pool(event.asset, event.to_wallet)
        drawn, missing = self._pool(event.asset, event.wallet).draw_oldest(event.quantity)
        for lot, quantity, cost in drawn:
            target.arrive(lot, quantity, cost)
        if missing:
            self._short(event, missing)

    def _short(self, event: Event, missing: int) -> None:
        self.matched.shortages.append(Shortage(event.row, event.asset, event.wallet, missing))

    def _split(self, event: Event) -> None:
        new, old = event.ratio
        for (asset, wallet), pool in self._pools.items():
            if asset == event.asset and (not self._is_per_wallet or event.wallet in ("", wallet)):
                pool.split(new, old)

    def _spend(self, event: Event) -> None:
        pool = self._pool(event.asset, event.wallet)
        drawn, missing = pool.draw_oldest(event.quantity)
        rest = pool.oldest()
        if rest is None:
            # Nothing is left that could bear the cost, so the units were given away after all.
            self._record(event, drawn, missing)
            return
        rest.cost += sum(cost for _, _, cost in drawn)
        rest.is_known = rest.is_known and all(lot.is_known for lot, _, _ in drawn)

    def _carry(self, event: Event) -> None:
        source = self._pool(event.asset, event.wallet)
        if event.to_asset:
            target = self._pool(event.to_asset, event.to_wallet or event.wallet)
            missing = carry(source, target, event.quantity, event.to_quantity)
        else:
            drawn, missing = source.draw(event.quantity)
            cost, matches = matches_of(drawn, self._unchosen.value)
            self.matched.departures.append(
                Departure(
                    event.row, event.asset, event.wallet, event.at, event.quantity, None if missing else cost, matches
                )
            )
        if missing:
            self._short(event, missing)

    def _allocate(self) -> None:
        allocation = self._allocation
        if allocation is None:
            return
        self._is_per_wallet = True
        for asset, pool in [(asset, pool) for (asset, _), pool in self._pools.items()]:
            del self._pools[asset, _EVERYWHERE]
            lots = pool.in_order()
            for wallet, lot, quantity, cost in deal(lots, allocation.wallets(asset)):
                self._pool(asset, wallet).arrive(lot, quantity, cost)
            self.matched.overdrawn.extend(
                Shortage("", asset, wallet, -units)
                for wallet, units in allocation.held.get(asset, {}).items()
                if units < 0
            )
            for lot in lots:
                if lot.quantity:
                    self.matched.shortages.append(Shortage(lot.row, asset, "", lot.quantity))

    def _open(self) -> Iterator[tuple[str, str | None, list[Lot]]]:
        for (asset, wallet), pool in self._pools.items():
            yield asset, wallet if self._is_per_wallet else None, pool.in_order()

    def _close(self) -> None:
        for asset, wallet, lots in self._open():
            known = all(lot.is_known for lot in lots)
            cost = sum(lot.cost for lot in lots) if known else None
            if lots:
                held = sum(lot.quantity for lot in lots)
                self.matched.holdings.append(Holding(asset, wallet, held, cost))
            self.matched.lots.extend(
                OpenLot(lot.row, asset, wallet, lot.acquired, lot.quantity, lot.cost if lot.is_known else None)
                for lot in lots
            )
