"""The demo's world: a person's accounts at three venues since the start of the market, and the truth about them.

A day's events depend on the seed, the scale and the days before, never on when they are asked for; what lies after now
has not happened yet. At scale 1 three years hold more than 20,000 events; a smaller scale thins them out, and each kind
of event still occurs.
"""

from __future__ import annotations

import bisect
import heapq
import random
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

import numpy as np

from app.core.clock import DAY, MILLISECOND
from app.core.money import ZERO, add
from app.demo.accounts import Account
from app.demo.events import Event, Kind
from app.demo.instruments import INSTRUMENTS, USD
from app.demo.life import HABITS, Habit
from app.demo.market import START_DAY, START_NS, Market
from app.demo.transfers import Parcel, receive

VENUES = ("binance", "coinbase", "kraken")
_MILLISECONDS = DAY // MILLISECOND
_CHECKPOINT = 500

Balances = Mapping[tuple[str, str], Decimal]
"""(sub-place, asset) → quantity; zeros are left out."""


class World:
    """Three accounts, their events in the order of time, and their balances at any moment."""

    def __init__(self, seed: int = 7, scale: float = 1.0, now: Callable[[], int] = time.time_ns) -> None:
        self.seed, self.scale, self.now = seed, scale, now
        self.market = Market(seed)
        self._accounts = {venue: Account(venue, self.market, random.Random(seed)) for venue in VENUES}  # noqa: S311 - a made-up life
        self._next_day = START_DAY
        self._travelling: list[tuple[int, int, Parcel]] = []
        self._times: dict[str, list[int]] = {venue: [] for venue in VENUES}
        self._states: dict[str, list[dict[tuple[str, str], Decimal]]] = {venue: [{}] for venue in VENUES}
        self._extending = threading.Lock()

    def events(
        self, venue: str, since: int = 0, until: int | None = None, kinds: Collection[Kind] = ()
    ) -> Sequence[Event]:
        """Return the events of a venue in [since, until], oldest first, and none that has not happened yet."""
        moment = self._moment(until)
        times = self._times[venue]
        first, last = bisect.bisect_left(times, since), bisect.bisect_right(times, moment)
        found = self._accounts[venue].events[first:last]
        return [event for event in found if event.kind in kinds] if kinds else found

    def balances(self, venue: str, at: int | None = None) -> Balances:
        """Return what the venue's account holds at a moment (None: now)."""
        count = bisect.bisect_right(self._times[venue], self._moment(at))
        states = self._states[venue]
        events = self._accounts[venue].events
        while len(states) <= count // _CHECKPOINT:
            start = (len(states) - 1) * _CHECKPOINT
            states.append(_after(states[-1], events[start : start + _CHECKPOINT]))
        start = count // _CHECKPOINT * _CHECKPOINT
        return {key: held for key, held in _after(states[count // _CHECKPOINT], events[start:count]).items() if held}

    def total(self, currency: str = USD, at: int | None = None) -> Decimal:
        """Return the value of all accounts at the market's prices, for a look at how plausible they are."""
        moment = self._moment(at)
        worth = ZERO
        for venue in VENUES:
            for (_, asset), held in self.balances(venue, moment).items():
                rate = Decimal(1) if asset == currency else Decimal(repr(self.market.rate(asset, currency, moment)))
                worth += held * rate
        return worth

    def _moment(self, until: int | None) -> int:
        """Return the moment asked for, at most now, with the world lived through up to it."""
        now = self.now()
        moment = now if until is None else min(until, now)
        with self._extending:
            while self._next_day * DAY <= moment:
                self._live()
        return moment

    def _live(self) -> None:
        """Live through the next day."""
        day = self._next_day
        number = day - START_DAY
        rates = {row.asset: self.market.rate(row.asset, USD, day * DAY) for row in INSTRUMENTS} | {USD: 1.0}
        for place, venue in enumerate(VENUES):
            self._accounts[venue].start_day(number, rates, random.Random(f"{self.seed}/{day}/{place}"))  # noqa: S311 - a made-up life
        agenda: list[tuple[int, int, Habit | Parcel, str]] = []
        while self._travelling and self._travelling[0][0] < (day + 1) * DAY:
            arrival, sequence, arriving = heapq.heappop(self._travelling)
            heapq.heappush(agenda, (arrival, sequence, arriving, arriving.target))
        for at, order, habit, venue in self._planned(day, number):
            heapq.heappush(agenda, (at, order, habit, venue))
        while agenda:
            at, order, deed, venue = heapq.heappop(agenda)
            parcel = self._act(self._accounts[venue], at, deed)
            if parcel is None or not parcel.target:
                continue
            if parcel.at < (day + 1) * DAY:
                heapq.heappush(agenda, (parcel.at, order, parcel, parcel.target))
            else:
                heapq.heappush(self._travelling, (parcel.at, order, parcel))
        for venue in VENUES:
            known = self._times[venue]
            known.extend(event.at for event in self._accounts[venue].events[len(known) :])
        self._next_day = day + 1

    def _planned(self, day: int, number: int) -> Sequence[tuple[int, int, Habit, str]]:
        """Return what the person will do on a day, each with its moment and a number that orders equal moments."""
        habits = [(habit, venue) for venue in VENUES for habit in HABITS[venue]]
        rng = np.random.default_rng([self.seed, day, 10])
        counts = rng.poisson([habit.per_day(self.scale) for habit, _ in habits])
        counts += np.array([habit.first_day == number for habit, _ in habits])
        moments = rng.integers(0, _MILLISECONDS, size=int(counts.sum()))
        found: list[tuple[int, int, Habit, str]] = []
        for (habit, venue), start, count in zip(habits, accumulate(counts, initial=0), counts, strict=False):
            for step in range(int(start), int(start) + int(count)):
                found.append((day * DAY + int(moments[step]) * MILLISECOND, day * 1_000 + step, habit, venue))  # noqa: PERF401 - two loops read better
        return found

    @staticmethod
    def _act(account: Account, at: int, deed: Habit | Parcel) -> Parcel | None:
        if isinstance(deed, Parcel):
            receive(account, at, deed)
            return None
        return deed.deed(account, at)


def _after(state: Mapping[tuple[str, str], Decimal], events: Sequence[Event]) -> dict[tuple[str, str], Decimal]:
    changed = dict(state)
    for event in events:
        for move in event.moves:
            key = move.place, move.asset
            changed[key] = add(changed.get(key, ZERO), move.quantity)
    return changed


__all__ = ["START_NS", "VENUES", "World"]
