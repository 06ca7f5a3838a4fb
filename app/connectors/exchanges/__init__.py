"""Exchanges behind one port: ccxt for breadth, with budgets, checks and classified faults around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.connectors.exchanges.base import Venue
from app.connectors.exchanges.binance import Binance
from app.connectors.exchanges.coinbase import Coinbase
from app.connectors.exchanges.connection import VenueConnection
from app.connectors.exchanges.desk import Desk
from app.connectors.exchanges.kraken import Kraken
from app.connectors.exchanges.krakenfutures import KrakenFutures
from app.connectors.http import loopback
from app.connectors.limits import Scheduler
from app.core.errors import InputError
from app.core.model.accounts import Connection, Credentials
from app.core.model.venues import VenueInfo
from app.core.ports import AssetRegistry, Clock, Exchange

VENUES: tuple[Venue, ...] = (Binance(), Coinbase(), Kraken(), KrakenFutures())


class CcxtExchanges:
    """All venues that can be connected, and the desks that their connections share."""

    def __init__(self, assets: AssetRegistry, clock: Clock, scheduler: Scheduler | None = None) -> None:
        """Take what readers need; `scheduler` serves as every desk's where its clock is not the real one."""
        self._assets = assets
        self._clock = clock
        self._scheduler = scheduler
        self._schedulers: dict[tuple[str, str], Scheduler] = {}
        """Kept when a desk closes: a venue does not forget what was drawn because a window was closed."""
        self._venues: Mapping[str, Venue] = {venue.info.venue_id: venue for venue in VENUES}
        self._desks: dict[tuple[str, str], Desk] = {}

    def venues(self) -> Sequence[VenueInfo]:
        """Return what can be connected, by name."""
        return sorted((venue.info for venue in self._venues.values()), key=lambda info: info.name.casefold())

    def open(self, connection: Connection, credentials: Credentials | None) -> Exchange:
        """Open a connection; InputError where the endpoint is neither the venue's own nor loopback."""
        venue = self._venues.get(connection.venue)
        if venue is None:
            message = f"{connection.venue!r} is no venue that can be connected."
            raise InputError(message, hint=f"There are: {', '.join(sorted(self._venues))}.")
        address = str(loopback(connection.endpoint)) if connection.endpoint else ""
        desk = self._desks.get((connection.venue, address))
        if desk is None:
            known = self._schedulers.setdefault((connection.venue, address), self._scheduler or Scheduler())
            desk = self._desks[connection.venue, address] = Desk(venue, address, self._clock, known)

        async def release() -> None:
            await self._release(connection.venue, address)

        opened = VenueConnection(desk, connection, credentials, self._assets, self._clock, release)
        desk.users += 1
        return opened

    async def _release(self, venue: str, address: str) -> None:
        """Close a desk when its last connection is gone."""
        desk = self._desks.get((venue, address))
        if desk is None:
            return
        desk.users -= 1
        if desk.users <= 0:
            del self._desks[venue, address]
            await desk.close()
