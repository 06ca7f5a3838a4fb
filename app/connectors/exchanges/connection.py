"""One opened connection: what services see of a venue."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.connectors.cache import SingleFlight
from app.connectors.exchanges.base import Answer, Balances, Endpoint, Params, Urgency, Venue
from app.connectors.exchanges.both_books import BothBooks
from app.connectors.exchanges.desk import Desk
from app.connectors.exchanges.flow import ended_after
from app.connectors.exchanges.gate import Caller, Counts, KeyDesk, VenueGate, caller, on_behalf
from app.connectors.exchanges.guard import Exchanged, exchanged
from app.connectors.exchanges.instruments import Instrument
from app.connectors.exchanges.live import LivePrices
from app.connectors.exchanges.prices import Prices, Span
from app.core.book_ports import BookWatch
from app.core.clock import DAY
from app.core.errors import BadResponseError, ClockSkewError, CredentialsError, RetryableError, SourceError
from app.core.model.accounts import Connection, Credentials, KeyScope
from app.core.model.market import Candle, Tick
from app.core.model.pages import BalancePage, Page
from app.core.model.venues import CallCount
from app.core.ports import AssetRegistry, Clock

JSON = "application/json"

Call = tuple[str, str]


class ConnectionReader:
    """What a venue's file reads with."""

    def __init__(self, connection: VenueConnection, urgency: Urgency) -> None:
        """Take the connection, and how urgent its calls are."""
        self._connection = connection
        self._urgency = urgency

    @property
    def account(self) -> str:
        """Return the account that entries belong to."""
        return self._connection.about.account_id

    @property
    def source(self) -> str:
        """Return the name of the connection."""
        return self._connection.about.name

    @property
    def assets(self) -> AssetRegistry:
        """Return the registry that names assets."""
        return self._connection.assets

    def now_ns(self) -> int:
        """Return the present moment."""
        return self._connection.clock.now_ns()

    def asset(self, native_id: str) -> str:
        """Return the asset id of the venue's own id."""
        return self._connection.asset(native_id)

    async def ask(self, endpoint: Endpoint, params: Params | None = None, *, urgency: Urgency | None = None) -> Answer:
        """Call an endpoint."""
        return await self._connection.ask(endpoint, params or {}, urgency or self._urgency)

    async def markets(self) -> Mapping[str, Mapping[str, Any]]:
        """Return ccxt's markets by symbol."""
        return await self._connection.markets()

    def would_need(self, call: str, rows: int, per_call: int) -> None:
        """Count what a simple client would have asked."""
        self._connection.counts.would_need(call, rows, per_call)


class VenueConnection:
    """Reads one account at one venue."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        desk: Desk,
        about: Connection,
        credentials: Credentials | None,
        assets: AssetRegistry,
        clock: Clock,
        release: Callable[[], Awaitable[None]],
    ) -> None:
        """Take the desk of the venue's address; nothing is sent yet. Without credentials only prices can be read."""
        self.about = about
        self.assets = assets
        self.clock = clock
        self.counts = Counts()
        self._desk = desk
        self._venue: Venue = desk.venue
        self._login = None if credentials is None else desk.venue.login(credentials)
        self._key: KeyDesk | None = None if self._login is None else desk.key(self._login)
        self._gate = VenueGate(desk.venue, desk.scheduler, clock, self._key)
        self._gate.resynchronise = self._resynchronise
        self._client: Any = None
        self._flights: SingleFlight[Call, Answer] = SingleFlight()
        self._asset_ids: dict[str, str] = {}
        self._prices = Prices(desk, assets, clock)
        self._held: frozenset[tuple[str, str]] | None = None
        self._release: Callable[[], Awaitable[None]] | None = release

    def asset(self, native_id: str) -> str:
        """Return the asset id of the venue's own id, remembered because answers name few assets many times."""
        known = self._asset_ids.get(native_id)
        if known is None:
            found = self.assets.resolve(self._venue.info.venue_id, native_id).asset_id
            known = self._asset_ids.setdefault(native_id, found)
        return known

    async def ask(self, endpoint: Endpoint, params: Params, urgency: Urgency) -> Answer:
        """Call an endpoint; equal calls that are under way share one answer."""
        call = (endpoint.key, json.dumps(params, sort_keys=True, default=str))
        flights = self._desk.flights if endpoint.is_public else self._flights
        answer, is_shared = await flights.run(call, lambda: self._asked(endpoint, params, urgency))
        self.counts.saved += is_shared
        return answer

    async def _asked(self, endpoint: Endpoint, params: Params, urgency: Urgency) -> Answer:
        client = await self._desk.anonymous() if endpoint.is_public else await self._own_client()
        there = Exchanged()
        # This runs as a task of its own, so what is set here is seen by nobody else.
        exchanged.set(there)
        caller.set(Caller(self.counts, urgency))
        await client.request(endpoint.path, list(endpoint.api), endpoint.method, dict(params), {})
        content = there.body.encode(errors="replace")
        data = json.loads(there.body, parse_float=Decimal)
        return Answer(content=content, data=data, headers=there.headers, read_at=self.clock.now_ns())

    async def _own_client(self) -> Any:
        if self._login is None:
            message = f"{self._venue.info.name} was opened without a key, for prices only."
            raise CredentialsError(message, hint="Open the connection with its key.", where=self._venue.info.venue_id)
        if self._client is None:
            client = await self._desk.private(self._login, self._gate)
            if self._client is None:
                self._client = client
        return self._client

    async def markets(self) -> Mapping[str, Mapping[str, Any]]:
        """Return ccxt's markets by symbol, loaded once for all connections to this address."""
        asking = on_behalf(Caller(self.counts, Urgency.PRICES), self._desk.markets.get())
        found: Mapping[str, Mapping[str, Any]] = (await asking).markets
        return found

    async def probe(self) -> KeyScope:
        """Return what the key may do."""
        return await self._venue.probe(ConnectionReader(self, Urgency.INTERACTIVE))

    async def history(self, cursors: Mapping[str, str]) -> AsyncIterator[Page]:
        """Yield pages of every stream from its cursor on; each page must be kept before the next is asked for.

        A stream that the venue answers wrongly does not keep the others from being read; its fault comes at the end.
        """
        self.counts.begin()
        reader = ConnectionReader(self, Urgency.HISTORY)
        faults: list[SourceError] = []
        for stream in await self._venue.streams(reader, cursors):
            try:
                async with ended_after(stream.pages(reader, cursors.get(stream.name, ""))) as pages:
                    async for page in pages:
                        yield page
            except (RetryableError, CredentialsError, ClockSkewError):
                raise
            except SourceError as error:
                faults.append(error)
        if faults:
            raise faults[0]

    async def balances(self) -> BalancePage:
        """Read all balances over all sub-places; an account that is suddenly empty is asked a second time."""
        self.counts.would_need("fetchBalance", 0, 1)
        found = await self._balances()
        held = _held(found)
        if not held and self._held != held and _held(await self._balances()):
            name = self._venue.info.name
            message = f"{name} said at first that the account is empty, and then that it is not."
            raise BadResponseError(
                message, hint="Nothing was taken from it. Try again later.", where=self._venue.info.venue_id
            )
        self._held = held
        return BalancePage(
            content=_joined(found.answers),
            media_type=JSON,
            at=found.answers[-1].read_at,
            balances=found.rows,
            findings=found.findings,
            beside=found.beside,
        )

    async def _balances(self) -> Balances:
        return await self._venue.balances(ConnectionReader(self, Urgency.PRICES))

    async def tickers(self, assets: Sequence[str], currency: str) -> Sequence[Tick]:
        """Return the newest prices of assets; what the venue does not quote is left out."""
        return await self._prices.tickers(assets, currency, self.counts)

    async def candles(
        self, asset: str, currency: str, since_ns: int, interval: int = DAY, until_ns: int | None = None
    ) -> Sequence[Candle]:
        """Return candles, oldest first; empty where the venue does not quote the pair."""
        return await self._prices.candles(asset, currency, Span(since_ns, until_ns, interval), self.counts)

    async def watch(self, assets: Sequence[str], currency: str) -> AsyncIterator[Tick]:
        """Yield live prices; reconnects by itself and raises only what a person must fix."""
        scheduler = self._desk.scheduler
        live = LivePrices(self._venue, self._desk.live, scheduler.now, scheduler.sleep)
        async with ended_after(self._prices.watch(live, assets, currency, self.counts)) as ticks:
            async for tick in ticks:
                yield tick

    async def books(self, currency: str, watch: BookWatch) -> None:
        """Follow order books for as long as it is awaited; raises only what a person must fix."""
        scheduler, venue, counts = self._desk.scheduler, self._venue, self.counts

        async def find(asset: str) -> Instrument | None:
            return await self._prices.quoted(asset, currency, counts)

        async def ask(endpoint: Endpoint, params: Params) -> Any:
            return (await self.ask(endpoint, params, Urgency.PRICES)).data

        async def find_perpetual(symbol: str) -> Instrument | None:
            pair = venue.perpetual(symbol, self.asset)
            return None if pair is None else Instrument(symbol, *pair, symbol, is_perpetual=True)

        both = BothBooks(venue, self._desk.session, ask, self.clock, scheduler)
        await both.follow(find, find_perpetual, watch)

    async def traded(self, contract: str, days: int) -> Mapping[int, Decimal]:
        """Return how many units were traded of a perpetual on each of the last whole days; {} where it is not told."""
        return await self._venue.traded(ConnectionReader(self, Urgency.PRICES), contract, days)

    def calls(self) -> CallCount:
        """Return calls made and saved so far."""
        counts = self.counts
        return CallCount(counts.calls, round(counts.weight), counts.saved, counts.naive)

    def budget_used(self) -> Decimal:
        """Return the share (0 to 1) of the venue's request budget that is used now."""
        return Decimal(f"{self._desk.scheduler.used(self._gate.budgets):.4f}")

    async def close(self) -> None:
        """Close sockets that no other connection uses; the words of the key are forgotten."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()
        self._login = None
        if self._key is not None:
            self._key.secrets = ()
        release, self._release = self._release, None
        if release is not None:
            await release()

    async def _resynchronise(self) -> float:
        """Measure the clock against the venue's, set it right for signing, and return the seconds it is ahead."""
        if self._venue.server_time is None:
            return 0.0
        endpoint, read = self._venue.server_time
        wall = self._desk.scheduler.wall
        before = wall()
        answer = await self.ask(endpoint, {}, Urgency.INTERACTIVE)
        ahead = (before + wall()) / 2 - read(answer.data) / 1000
        client = await self._own_client()
        client.options["timeDifference"] = round(ahead * 1000)
        return ahead


def _held(found: Balances) -> frozenset[tuple[str, str]]:
    return frozenset((row.sub_place, row.asset) for row in found.rows if row.quantity)


def _joined(answers: Sequence[Answer]) -> bytes:
    """Return one answer as it came, or several as one JSON array."""
    if len(answers) == 1:
        return answers[0].content
    return b"[" + b",".join(answer.content for answer in answers) + b"]"
