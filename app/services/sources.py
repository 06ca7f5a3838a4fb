"""Opened connections: a client with the key for each reading, one without for prices; and how each is doing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.errors import InputError
from app.core.model.accounts import Connection, ConnectionState, KeyScope
from app.core.ports import Exchange, OpenVault, Runtime
from app.core.vault_ports import Claim
from app.services.events import ConnectionsChanged, Events
from app.services.threads import Threads

_LOOK_AGAIN = 0.5
"""Seconds until it is looked again whether another process still reads a connection."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What is going on with a connection at this moment."""

    state: ConnectionState
    note: str = ""


@dataclass(slots=True)
class _Shared:
    """A claim on a connection, and how many readings of this process use it."""

    claim: Claim
    users: int = 0


class Sources:
    """Clients and states of the connections of one open vault."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, events: Events) -> None:
        """Open nothing yet."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._open: dict[str, Exchange] = {}
        self._reading: dict[str, Exchange] = {}
        self._doing: dict[str, Doing] = {}
        self._claims: dict[str, _Shared] = {}

    async def connections(self) -> Sequence[Connection]:
        """Return all connections of the book."""
        return await self._threads.read(self._vault.connections.connections)

    async def connection(self, name: str) -> Connection:
        """Return one connection; InputError names those that there are."""
        known = await self.connections()
        for connection in known:
            if connection.name == name:
                return connection
        message = f"There is no connection {name!r}."
        there = ", ".join(connection.name for connection in known) or "none yet"
        raise InputError(message, hint=f"There are: {there}.")

    @asynccontextmanager
    async def reading(
        self, connection: Connection, on_wait: Callable[[], None] | None = None
    ) -> AsyncIterator[Exchange]:
        """Lend a client with the connection's key: secrets are decrypted for this reading and forgotten after it.

        While another process reads the connection it waits, and `on_wait` is told so: two at once would number their
        requests against each other, and the venue refuses one of them.
        """
        async with self._claimed(connection.name, on_wait):
            credentials = await self._threads.read(self._vault.connections.credentials, connection.name)
            exchange = self._runtime.exchanges.open(connection, credentials)
            self._reading[connection.name] = exchange
            try:
                yield exchange
            finally:
                self._reading.pop(connection.name, None)
                await exchange.close()

    @asynccontextmanager
    async def _claimed(self, name: str, on_wait: Callable[[], None] | None) -> AsyncIterator[None]:
        """Hold the claim on a connection, which all readings of this process share."""
        while name not in self._claims:
            claim = await self._threads.read(self._vault.connections.claim, name)
            if claim is not None:
                self._claims[name] = _Shared(claim)
            elif name not in self._claims:
                if on_wait is not None:
                    on_wait()
                await asyncio.sleep(_LOOK_AGAIN)
        shared = self._claims[name]
        shared.users += 1
        try:
            yield
        finally:
            shared.users -= 1
            if not shared.users:
                del self._claims[name]
                shared.claim.close()

    def prices(self, connection: Connection) -> Exchange:
        """Return the client that reads a venue's prices, without a key; opened where it is not yet."""
        known = self._open.get(connection.name)
        if known is None:
            known = self._open[connection.name] = self._runtime.exchanges.open(connection, None)
        return known

    async def save(self, connection: Connection) -> None:
        """Keep what is known about a connection and tell that it changed."""
        await self._threads.write(self._vault.connections.save, connection)
        self._events.publish(ConnectionsChanged(connection.name))

    async def keep_scope(self, connection: Connection, scope: KeyScope) -> None:
        """Keep what the venue said the key may do."""
        if scope != connection.scope:
            await self.save(replace(connection, scope=scope))

    def doing(self, connection: Connection) -> Doing:
        """Return how a connection is doing: what goes on now, else what its last reading left."""
        known = self._doing.get(connection.name)
        if known is not None:
            return known
        if connection.is_paused:
            return Doing(ConnectionState.PAUSED)
        if connection.last_error:
            return Doing(ConnectionState.FAILED, connection.last_error)
        return Doing(ConnectionState.NEW if connection.last_read_ns is None else ConnectionState.OK)

    def tell(self, name: str, doing: Doing | None) -> None:
        """Note what goes on with a connection; None is nothing any more."""
        if doing is None:
            self._doing.pop(name, None)
        else:
            self._doing[name] = doing
        self._events.publish(ConnectionsChanged(name))

    def budget_used(self, name: str) -> Decimal | None:
        """Return the share of the venue's budget in use; None where the connection is not open."""
        known = self._reading.get(name) or self._open.get(name)
        return None if known is None else known.budget_used()

    async def close(self, name: str) -> None:
        """Close the client for prices, so that the next use opens it with the words of then."""
        known = self._open.pop(name, None)
        if known is not None:
            await known.close()

    async def close_all(self) -> None:
        """Close every client."""
        for name in tuple(self._open):
            await self.close(name)
