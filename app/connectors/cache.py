"""Values that many ask for and one call brings: shared while under way, kept while fresh, renewed in the background."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K")


class SingleFlight(Generic[K, T]):
    """Lets equal questions that are asked at the same time share one answer."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._flights: dict[K, asyncio.Task[T]] = {}
        self._riders: dict[K, int] = {}
        self.saved = 0

    async def run(self, key: K, work: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """Return the answer and whether it was shared; the work is cancelled when nobody waits for it any more."""
        flight = self._flights.get(key)
        is_shared = flight is not None
        if flight is None:
            flight = self._flights[key] = asyncio.ensure_future(_as_coroutine(work))
            flight.add_done_callback(lambda done: self._landed(key, done))
        else:
            self.saved += 1
        self._riders[key] = self._riders.get(key, 0) + 1
        try:
            return await asyncio.shield(flight), is_shared
        finally:
            self._leave(key, flight)

    def _leave(self, key: K, flight: asyncio.Task[T]) -> None:
        if self._flights.get(key) is not flight:
            return
        self._riders[key] -= 1
        if not self._riders[key]:
            self._forget(key)
            if not flight.done():
                flight.cancel()

    def _landed(self, key: K, flight: asyncio.Task[T]) -> None:
        if self._flights.get(key) is flight:
            self._forget(key)
        if not flight.cancelled():
            # Where every rider has left, nobody else takes the fault.
            flight.exception()

    def _forget(self, key: K) -> None:
        self._flights.pop(key, None)
        self._riders.pop(key, None)


async def _as_coroutine(work: Callable[[], Awaitable[T]]) -> T:
    return await work()


class Kept(Generic[T]):
    """One value that is loaded at the first question; an old one is handed out while a new one is fetched."""

    def __init__(
        self, load: Callable[[], Awaitable[T]], fresh_seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Take how to load it and how long it counts as fresh."""
        self._load = load
        self._fresh = fresh_seconds
        self._now = now
        self.value: T | None = None
        self._at = 0.0
        self._flight: SingleFlight[str, T] = SingleFlight()
        self._renewal: asyncio.Task[None] | None = None
        self.saved = 0

    async def get(self) -> T:
        """Return the value; a fault of the first loading is the caller's, one of a renewal keeps the old value."""
        value = self.value
        if value is None:
            value, is_shared = await self._flight.run("", self._loaded)
            self.saved += is_shared
            return value
        self.saved += 1
        if self._now() - self._at > self._fresh and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.get_running_loop().create_task(self._renew())
        return value

    async def close(self) -> None:
        """Stop a renewal."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    async def _loaded(self) -> T:
        self.value = await self._load()
        self._at = self._now()
        return self.value

    async def _renew(self) -> None:
        try:
            await self._flight.run("", self._loaded)
        except Exception:  # noqa: BLE001 - the old value stays; the next question tries again
            self._at = self._now() - self._fresh / 2
