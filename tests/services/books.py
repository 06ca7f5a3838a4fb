"""A runtime with the real vault and statements, and an exchange that plays a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from app.connectors.files import all_formats
from app.core.book_ports import BookWatch
from app.core.clock import DAY, SECOND
from app.core.errors import CounterfoilError
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg
from app.core.model.accounts import Book, Connection, Credentials, KeyScope
from app.core.model.market import Candle, Tick
from app.core.model.order_books import BookView
from app.core.model.pages import Balance, BalancePage, Candidate, Page
from app.core.model.registry import StaticAssetRegistry
from app.core.model.venues import CallCount, VenueInfo
from app.core.ports import Exchange, Runtime
from app.documents.csv_files import CsvFiles
from app.documents.raw_files import RawFiles
from app.services.vault import VaultService
from app.services.workspace import Workspace
from app.storage.stretching import FLOOR
from app.storage.vault_store import SqlVaultStore
from tests.storage.vaults import MemoryKeyring

ASSETS = StaticAssetRegistry.from_json(
    (Path(__file__).parents[2] / "resources" / "data" / "assets.json").read_text("utf-8")
)
NOW = 1_790_000_000 * SECOND
PASSPHRASE = "four white barges under the bridge"
READ_ONLY = KeyScope(may_read=True, may_trade=False, may_withdraw=False)
KEY = Credentials({"apiKey": "ABCDEFGHIJ", "secret": "canary-secret-of-nobody"})
VENUE = VenueInfo(
    "kraken", "Kraken", "exchange", "A", ("apiKey", "secret"), {"balances": True}, "all", "kraken-ledgers", ()
)


def no_progress(share: float | None, doing: str) -> None:
    """Listen to nothing."""


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: int = NOW

    def now_ns(self) -> int:
        return self.now


def deposit(
    native_id: str, quantity: str, asset: str = "bitcoin", *, days_ago: int = 3, account: str = "main"
) -> Entry:
    """Return a deposit so many days before now."""
    return Entry(
        account=account,
        at=NOW - days_ago * DAY,
        kind=EntryKind.DEPOSIT,
        legs=(Leg(account, "spot", asset, Decimal(quantity)),),
        identity=Identity("ledger", native_id),
    )


def page(*entries: Entry, cursor: str, stream: str = "ledger") -> Page:
    """Return a page of entries."""
    return Page(
        stream=stream,
        content="\n".join(repr(entry) for entry in entries).encode(),
        media_type="text/plain",
        read_at=NOW,
        candidates=[Candidate(row, entry) for row, entry in enumerate(entries)],
        cursor=cursor,
        normaliser="script/1",
        progress=0.5,
    )


@dataclass
class Script:
    """What the venue has and does; tests change it between readings.

    Attributes:
        pages: By the cursor from which they are asked for.
    """

    pages: list[Page] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    scope: KeyScope = READ_ONLY
    ticks: list[Tick] = field(default_factory=list)
    candles: dict[str, list[Candle]] = field(default_factory=dict)
    fault: CounterfoilError | None = None
    asked: list[Mapping[str, str]] = field(default_factory=list)
    opened: list[tuple[Connection, Credentials | None]] = field(default_factory=list)
    closed: int = 0
    readings: int = 0
    prices_fault: CounterfoilError | None = None
    appears_late: list[Page] = field(default_factory=list)
    candles_asked: list[tuple[str, int]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    candles_fault: CounterfoilError | None = None
    books: list[BookView] = field(default_factory=list)
    books_fault: CounterfoilError | None = None
    traded: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    traded_fault: CounterfoilError | None = None
    traded_asked: list[str] = field(default_factory=list)
    following: int = 0
    """How many look at order books at this moment."""


def _name(view: BookView) -> str:
    """Return as what a book is looked at: a perpetual by its own name."""
    return view.instrument.symbol if view.instrument.is_perpetual else view.instrument.base


class ScriptedExchange:
    """Plays a script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.count = 0

    async def probe(self) -> KeyScope:
        if self.script.fault is not None:
            raise self.script.fault
        return self.script.scope

    async def history(self, cursors: Mapping[str, str]) -> AsyncIterator[Page]:
        self.script.asked.append(dict(cursors))
        done = int(cursors.get("ledger", "0"))
        for one in self.script.pages[done:]:
            self.count += 1
            yield one
        if self.script.fault is not None:
            raise self.script.fault

    async def balances(self) -> BalancePage:
        held = [Balance("spot", asset, Decimal(quantity)) for asset, quantity in self.script.held.items()]
        self.script.pages += self.script.appears_late
        self.script.appears_late = []
        self.script.readings += 1
        return BalancePage(repr(held).encode(), "text/plain", NOW + self.script.readings, held)

    async def tickers(self, assets: Sequence[str], currency: str) -> Sequence[Tick]:
        if self.script.prices_fault is not None:
            raise self.script.prices_fault
        return [tick for tick in self.script.ticks if tick.base in assets]

    async def candles(
        self, asset: str, currency: str, since_ns: int, interval: int = DAY, until_ns: int | None = None
    ) -> Sequence[Candle]:
        if self.script.candles_fault is not None:
            raise self.script.candles_fault
        until = NOW * 2 if until_ns is None else until_ns
        self.script.candles_asked.append((asset, since_ns // DAY))
        self.script.spans.append((since_ns, until))
        return [candle for candle in self.script.candles.get(asset, []) if since_ns <= candle.at <= until]

    async def watch(self, assets: Sequence[str], currency: str) -> AsyncIterator[Tick]:
        for tick in self.script.ticks:
            yield tick

    async def books(self, currency: str, watch: BookWatch) -> None:
        self.script.following += 1
        try:
            while True:
                if self.script.books_fault is not None:
                    raise self.script.books_fault
                wanted = watch.wanted()
                names = wanted | watch.perpetuals()
                watch.show([view for view in self.script.books if _name(view) in names])
                await asyncio.sleep(0.01)
        finally:
            self.script.following -= 1

    async def traded(self, contract: str, days: int) -> Mapping[int, Decimal]:
        self.script.traded_asked.append(contract)
        if self.script.traded_fault is not None:
            raise self.script.traded_fault
        return self.script.traded.get(contract, {})

    def calls(self) -> CallCount:
        return CallCount(calls=self.count, naive=3 * self.count)

    def budget_used(self) -> Decimal:
        return Decimal("0.25")

    async def close(self) -> None:
        self.script.closed += 1


@dataclass
class ScriptedExchanges:
    """One venue that plays a script."""

    script: Script

    def venues(self) -> Sequence[VenueInfo]:
        return (VENUE,)

    def open(self, connection: Connection, credentials: Credentials | None) -> Exchange:
        self.script.opened.append((connection, credentials))
        return ScriptedExchange(self.script)


def make_runtime(folder: Path, script: Script) -> Runtime:
    """Return a runtime whose vaults lie in a folder."""
    clock, keyring = Clock(), MemoryKeyring()
    return Runtime(
        clock=clock,
        keyring=keyring,
        vaults=SqlVaultStore(clock, keyring, ASSETS, folder / "settings", stretching=FLOOR),
        exchanges=ScriptedExchanges(script),
        statements=all_formats(ASSETS, clock.now_ns),
        assets=ASSETS,
        csv=CsvFiles(),
        files=RawFiles(),
        data_folder=folder / "data",
        settings_folder=folder / "settings",
    )


async def new_workspace(folder: Path, script: Script) -> Workspace:
    """Return an open vault with an empty book in dollars."""
    vaults = VaultService(make_runtime(folder, script))
    return await vaults.create(vaults.default_path(), PASSPHRASE, Book("main", "Main", "usd"))


def tick(asset: str, price: str, *, venue: str = "kraken", quote: str = "usd", open_24h: str = "") -> Tick:
    """Return a price of now."""
    return Tick(venue, asset, quote, Decimal(price), NOW, Decimal(open_24h) if open_24h else None)


def candles(*closes: str, last_days_ago: int = 1) -> list[Candle]:
    """Return daily candles, the last one so many days ago."""
    first = NOW // DAY - last_days_ago - len(closes) + 1
    made = []
    for index, close in enumerate(closes):
        price = Decimal(close)
        made.append(Candle((first + index) * DAY, price, price, price, price, Decimal(1)))
    return made


def moved(entry: Entry, quantity: str) -> Entry:
    """Return the same event with another quantity."""
    return replace(entry, legs=(replace(entry.legs[0], quantity=Decimal(quantity)),))
