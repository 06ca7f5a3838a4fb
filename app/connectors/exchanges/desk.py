"""Desks: one per venue and address. All connections there share its socket pool, budgets, markets and public calls."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from typing import Any

from app.connectors.cache import Kept, SingleFlight
from app.connectors.exchanges import errors
from app.connectors.exchanges.base import Answer, Venue
from app.connectors.exchanges.gate import Caller, Counts, KeyDesk, VenueGate, caller, on_behalf
from app.connectors.exchanges.guard import guarded, made
from app.connectors.http import HttpSession
from app.connectors.limits import Scheduler
from app.core.errors import CounterfoilError
from app.core.ports import Clock

_DAY = 86_400.0


class Desk:
    """What connections to one address of a venue share.

    Attributes:
        session: The socket pool.
        scheduler: The budgets.
        markets: A ccxt instance without a key that has loaded markets; others take them over from it.
    """

    def __init__(self, venue: Venue, endpoint: str, clock: Clock, scheduler: Scheduler) -> None:
        """Take the venue and its address ("" for its own); opens nothing yet."""
        self.venue = venue
        self.session = HttpSession(endpoint)
        self.scheduler = scheduler
        self.gate = VenueGate(venue, self.scheduler, clock)
        self.markets: Kept[Any] = Kept(self._load_markets, _DAY)
        self.flights: SingleFlight[tuple[str, str], Answer] = SingleFlight()
        self.price_flights: SingleFlight[str, Any] = SingleFlight()
        self.users = 0
        self._clock = clock
        self._keys: dict[str, KeyDesk] = {}
        self._public: Kept[Any] = Kept(self._make_public, float("inf"))

    async def public(self) -> Any:
        """Return the ccxt instance without a key, with markets."""
        instance, source = await self.anonymous(), await self.markets.get()
        if instance.markets is not source.markets:
            instance.set_markets_from_exchange(source)
        return instance

    async def anonymous(self) -> Any:
        """Return the same instance, with or without markets yet."""
        return await self._public.get()

    async def private(self, login: Mapping[str, str], gate: VenueGate) -> Any:
        """Return a new ccxt instance with a key; it has no markets."""
        kind = await asyncio.to_thread(guarded, self.venue.ccxt_id)
        return made(kind, gate, self.session, {**login, "options": dict(self.venue.options)})

    async def live(self) -> Any:
        """Return a new instance of `ccxt.pro` without a key, with markets."""
        kind = await asyncio.to_thread(guarded, self.venue.ccxt_id, is_live=True)
        options = {**self.venue.options, **self.venue.live_options}
        instance = made(kind, self.gate, self.session, {"options": options})
        instance.set_markets_from_exchange(await self.markets.get())
        return instance

    def key(self, login: Mapping[str, str]) -> KeyDesk:
        """Return what all connections with a key share; it is known by a fingerprint."""
        words = "\n".join(login[name] for name in sorted(login) if name not in {"secret", "password"})
        name = hashlib.sha256(words.encode()).hexdigest()[:16]
        known = self._keys.setdefault(name, KeyDesk(name))
        known.secrets = tuple(login.values())
        return known

    async def close(self) -> None:
        """Close sockets."""
        await self.markets.close()
        self.scheduler.close()
        instance = self._public.value
        if instance is not None:
            await instance.close()
        await self.session.close()

    async def _make_public(self) -> Any:
        kind = await asyncio.to_thread(guarded, self.venue.ccxt_id)
        return made(kind, self.gate, self.session, {"options": dict(self.venue.options)})

    async def _load_markets(self) -> Any:
        """Load markets with the parsing on a thread: it takes a large venue 0.4 s, which no window can wait for."""
        asking = await self._public.get()
        kind = await asyncio.to_thread(guarded, self.venue.ccxt_id)
        relay = _Relay(asyncio.get_running_loop())
        who = caller.get() or Caller(Counts())

        async def ask(*request: Any) -> Any:
            return await on_behalf(who, asking.fetch2(*request))

        def load() -> Any:
            instance = made(_relayed(kind, relay, ask), self.gate, self.session, {"options": dict(self.venue.options)})
            try:
                asyncio.run(_load(instance))
            except asyncio.CancelledError:
                if not relay.has_ended:
                    raise
                # Nobody takes the answer any more, and a thread has nobody to tell.
            return instance

        try:
            return await asyncio.to_thread(load)
        except CounterfoilError:
            raise
        except Exception as error:  # noqa: BLE001 - ccxt's parsers raise whatever an odd answer makes them
            raise errors.lost(self.venue, error) from None
        finally:
            relay.end()


class _Relay:
    """Carries requests of a thread to the loop, until whoever wants the answers is gone.

    A thread cannot be cancelled, and one that waits for ever would keep the process from ending.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._asked: set[Future[Any]] = set()
        self.has_ended = False

    async def ask(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Have work done on the loop; called on the thread."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        self._asked.add(future)
        if self.has_ended:
            future.cancel()
        try:
            return await asyncio.wrap_future(future)
        finally:
            self._asked.discard(future)

    def end(self) -> None:
        """Give up what is asked for, now and later; called on the loop."""
        self.has_ended = True
        for future in tuple(self._asked):
            future.cancel()


async def _load(instance: Any) -> None:
    await instance.load_markets()
    # Nothing of this loop may outlive it.
    instance.asyncio_loop = None
    instance.markets_loading = None
    instance.session = None


def _relayed(kind: Any, relay: _Relay, ask: Any) -> Any:
    """Return a class whose requests are made on another loop, where sockets and budgets are."""

    class Relayed(kind):  # type: ignore[misc]
        async def fetch2(self, path: str, api: Any, method: str, params: Any, config: Any) -> Any:
            return await relay.ask(ask(path, api, method, params, config))

    return Relayed
