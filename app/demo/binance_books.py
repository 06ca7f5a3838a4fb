"""The account at the simulated Binance, kept in the way its endpoints ask for it."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.money import ZERO, add
from app.demo.binance_wire import milliseconds, pair_id
from app.demo.events import Event, Kind

SPOT, EARN = "spot", "earn"
LOCKED = "Locked"
"""The venue's word for products that hand out nothing before their day."""


@dataclass(slots=True)
class History:
    """Events of one sort in the order of time."""

    events: list[Event] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take an event that is not older than those before it."""
        self.events.append(event)
        self.times.append(milliseconds(event.at))

    def between(self, start_ms: int, end_ms: int) -> list[Event]:
        """Return the events of [start, end], oldest first."""
        return self.events[bisect.bisect_left(self.times, start_ms) : bisect.bisect_right(self.times, end_ms)]


@dataclass(frozen=True, slots=True)
class Term:
    """What was put into a locked product at a moment and is there still."""

    number: str
    at: int
    quantity: Decimal


class BinanceBooks:
    """All that happened at the venue until now, and what came of it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.by_kind: dict[Kind, History] = defaultdict(History)
        self.trades: dict[str, History] = defaultdict(History)
        self.balances: dict[tuple[str, str], Decimal] = {}
        self.rewards: dict[str, Decimal] = {}
        self.terms: dict[str, list[Term]] = defaultdict(list)
        self.updated_ms = 0
        self._taken = 0

    def take(self, events: Sequence[Event]) -> None:
        """Take what is new in the venue's list of events, which only grows."""
        for event in events[self._taken :]:
            self.by_kind[event.kind].add(event)
            if event.kind is Kind.TRADE:
                self.trades[pair_id(event.base, event.quote)].add(event)
            for move in event.effect:
                key = move.place, move.asset
                self.balances[key] = add(self.balances.get(key, ZERO), move.quantity)
            if event.detail == LOCKED:
                self._bind(event)
            if event.kind is Kind.REWARD:
                self.rewards[event.base] = add(self.rewards.get(event.base, ZERO), event.quantity)
            self.updated_ms = milliseconds(event.at)
        self._taken = len(events)

    def _bind(self, event: Event) -> None:
        """Open a term, or take what is redeemed out of the oldest ones."""
        terms = self.terms[event.base]
        moved = add(*(move.quantity for move in event.effect if move.place == EARN))
        if moved > 0:
            terms.append(Term(event.native_id, event.at, moved))
        while moved < 0 and terms:
            oldest = terms.pop(0)
            moved = add(oldest.quantity, moved)
            if moved > 0:
                terms.insert(0, Term(oldest.number, oldest.at, moved))

    def bound(self, asset: str) -> Decimal:
        """Return what lies in locked products."""
        return add(*(term.quantity for term in self.terms.get(asset, ())))

    def flexible(self) -> dict[str, Decimal]:
        """Return what lies in flexible products, by asset; nothing that is used up."""
        held = {asset: add(held, -self.bound(asset)) for asset, held in self.held(EARN).items()}
        return {asset: quantity for asset, quantity in held.items() if quantity}

    def sweeps(self, start_ms: int, end_ms: int) -> list[list[Event]]:
        """Return the dust conversions of a time, those of one sweep together, newest first."""
        groups: dict[str, list[Event]] = {}
        for event in self.by_kind[Kind.DUST].between(start_ms, end_ms):
            groups.setdefault(event.group or event.native_id, []).append(event)
        return list(reversed(groups.values()))

    def held(self, place: str) -> dict[str, Decimal]:
        """Return what lies in a sub-place, by asset; nothing that is used up."""
        return {asset: held for (where, asset), held in self.balances.items() if where == place and held}

    def rewards_between(self, asset: str, start_ms: int, end_ms: int) -> Decimal:
        """Return the interest of a time."""
        rows = self.by_kind[Kind.REWARD].between(start_ms, end_ms)
        return sum((event.quantity for event in rows if event.base == asset), ZERO)
