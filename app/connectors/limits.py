"""Request budgets of venues: how much is left, who goes first, and how long to wait."""

from __future__ import annotations

import asyncio
import bisect
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Sleep = Callable[[float], Awaitable[None]]

_GRAIN = 1e-9
"""Clocks and decays are floats: what is short by less than this is there."""


class Per(StrEnum):
    """What a venue counts a budget for."""

    ADDRESS = "address"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class BudgetSpec:
    """A documented limit.

    Attributes:
        name: Named by the costs of endpoints.
        size: Weight that fits in.
        seconds: After which all of it is free again: the length of a window, or the whole decay of a counter.
        is_window: A fixed window as Binance counts, or a counter that decays steadily as Kraken's.
        lower: Smaller (size, seconds) to go on with, in turn, each time the venue says that it was too much.
    """

    name: str
    size: float
    seconds: float
    per: Per = Per.ADDRESS
    is_window: bool = False
    lower: tuple[tuple[float, float], ...] = ()


class Budget:
    """One budget as far as we know it; the venue's own word corrects it."""

    def __init__(self, spec: BudgetSpec, now: float, phase: float) -> None:
        """Take the limit, the present moment, and what to add to it to get the venue's wall clock."""
        self._size = spec.size
        self._seconds = spec.seconds
        self._is_window = spec.is_window
        self._lower = list(spec.lower)
        self._phase = phase
        self._level = 0.0
        self._at = now
        self._closed_until = 0.0

    def _settle(self, now: float) -> None:
        if self._is_window:
            if self._window(now) != self._window(self._at):
                self._level = 0.0
        else:
            elapsed = max(now - self._at, 0.0)
            self._level = max(self._level - elapsed * self._size / self._seconds, 0.0)
        self._at = now

    def _window(self, now: float) -> int:
        return int((now + self._phase) // self._seconds)

    def wait(self, weight: float, now: float) -> float:
        """Return the seconds until this weight may be drawn; 0 where it may be now."""
        self._settle(now)
        closed = max(self._closed_until - now, 0.0)
        # What is heavier than the whole budget goes out alone.
        over = self._level + min(weight, self._size) - self._size
        if over <= _GRAIN:
            return closed
        if self._is_window:
            return max(closed, (self._window(now) + 1) * self._seconds - (now + self._phase))
        return max(closed, over * self._seconds / self._size)

    def draw(self, weight: float, now: float) -> None:
        """Count weight as used; a negative one gives back."""
        self._settle(now)
        self._level = max(self._level + weight, 0.0)

    def close(self, seconds: float, now: float) -> None:
        """Let nothing through for some seconds, as the venue asked."""
        self._closed_until = max(self._closed_until, now + seconds)

    def observe(self, used: float, now: float) -> None:
        """Take the venue's own count where it is higher than ours: others may use the same budget."""
        self._settle(now)
        self._level = max(self._level, used)

    def exceeded(self, now: float) -> None:
        """Hear that it was too much: it is full, and from now on smaller where the venue has smaller ones."""
        self._settle(now)
        if self._lower:
            self._size, self._seconds = self._lower.pop(0)
        self._level = self._size

    def used(self, now: float) -> float:
        """Return the share that is used now, 0 to 1."""
        self._settle(now)
        return 1.0 if self._closed_until > now else min(self._level / self._size, 1.0)


@dataclass(slots=True)
class _Waiter:
    rank: int
    order: int
    weights: Mapping[str, float]
    granted: asyncio.Future[None]

    def __lt__(self, other: _Waiter) -> bool:
        return (self.rank, self.order) < (other.rank, other.order)


@dataclass(slots=True)
class Scheduler:
    """Lets calls through as their budgets have room: lower rank first, then in the order of asking.

    Who waits keeps later callers of the same rank or below from taking what it waits for, so that a heavy call is
    not starved by light ones; calls on other budgets pass.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Sleep = asyncio.sleep
    wall: Callable[[], float] = time.time
    _budgets: dict[str, Budget] = field(default_factory=dict)
    _waiting: list[_Waiter] = field(default_factory=list)
    _orders: itertools.count[int] = field(default_factory=itertools.count)
    _timer: asyncio.Task[None] | None = None

    def add(self, name: str, spec: BudgetSpec) -> None:
        """Know a budget by a name of our own; one that is known stays as it is."""
        if name not in self._budgets:
            now = self.now()
            self._budgets[name] = Budget(spec, now, self.wall() - now)

    async def acquire(self, weights: Mapping[str, float], rank: int = 0) -> None:
        """Return when all budgets have room; it is drawn then. A cancelled caller leaves no trace."""
        waiter = _Waiter(rank, next(self._orders), weights, asyncio.get_running_loop().create_future())
        bisect.insort(self._waiting, waiter)
        self._grant()
        try:
            await waiter.granted
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            else:
                self._draw({name: -weight for name, weight in weights.items()})
            self._grant()
            raise

    def pause(self, names: Iterable[str], seconds: float) -> None:
        """Let nothing through budgets for as long as the venue asked."""
        now = self.now()
        for name in names:
            self._budgets[name].close(seconds, now)

    def exceeded(self, names: Iterable[str]) -> None:
        """Hear from the venue that budgets were overdrawn."""
        now = self.now()
        for name in names:
            self._budgets[name].exceeded(now)

    def observe(self, name: str, used: float) -> None:
        """Take the venue's own count of a budget."""
        self._budgets[name].observe(used, self.now())

    def used(self, names: Iterable[str]) -> float:
        """Return the largest used share of some budgets, 0 to 1."""
        now = self.now()
        return max((self._budgets[name].used(now) for name in names), default=0.0)

    def close(self) -> None:
        """Stop waiting; callers that still wait are cancelled."""
        if self._timer is not None:
            self._timer.cancel()
        for waiter in self._waiting:
            waiter.granted.cancel()
        self._waiting.clear()

    def _draw(self, weights: Mapping[str, float]) -> None:
        now = self.now()
        for name, weight in weights.items():
            self._budgets[name].draw(weight, now)

    def _grant(self) -> None:
        now = self.now()
        taken: set[str] = set()
        soonest: float | None = None
        left: list[_Waiter] = []
        for waiter in self._waiting:
            waits = [self._budgets[name].wait(weight, now) for name, weight in waiter.weights.items()]
            delay = max(waits, default=0.0)
            if delay <= 0 and taken.isdisjoint(waiter.weights):
                self._draw(waiter.weights)
                if not waiter.granted.done():
                    waiter.granted.set_result(None)
                continue
            taken.update(waiter.weights)
            left.append(waiter)
            if delay > 0:
                soonest = delay if soonest is None else min(soonest, delay)
        self._waiting = left
        self._wake_in(soonest)

    def _wake_in(self, seconds: float | None) -> None:
        if self._timer is not None and self._timer is not asyncio.current_task():
            self._timer.cancel()
        self._timer = None if seconds is None else asyncio.get_running_loop().create_task(self._later(seconds))

    async def _later(self, seconds: float) -> None:
        await self.sleep(seconds)
        self._grant()
