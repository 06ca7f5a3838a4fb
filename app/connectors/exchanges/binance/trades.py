"""Binance's spot trades: asked symbol by symbol, as the venue has no other way, and by trade id, so none is missed.

First come the markets that had trades before. Where the spot wallet then holds something else than all histories sum
up to, trades are missing, and they are looked for: between two assets that both differ, the most common quote first,
then among all assets that were ever held, then in every market against one of them, until the sums agree to the last
digit. Every trade costs a fee, so that even what was bought and sold again leaves a difference.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.connectors.exchanges.base import Answer, Reader, Stream
from app.connectors.exchanges.binance.calls import ACCOUNT, MY_TRADES
from app.connectors.exchanges.binance.rows import trades
from app.connectors.exchanges.binance.seen import Seen, Universe
from app.connectors.exchanges.binance.wallet import spot_balances
from app.connectors.exchanges.binance.windows import JSON, NORMALISER
from app.connectors.exchanges.rows import Read, is_refused, unread
from app.core.clock import DAY
from app.core.errors import BadResponseError, SourceError
from app.core.model.pages import Page
from app.core.money import plain

_ROWS = 1_000
_AGAIN = 30 * DAY
"""After so long all markets are asked again, though the difference is the same as before."""
_EMPTY_PER_PAGE = 25
"""After so many symbols without trades the position is kept, so that a broken-off search goes on from there."""


@dataclass(frozen=True, slots=True)
class Market:
    """One symbol with both assets, as the venue names them and as we do."""

    symbol: str
    native: tuple[str, str]
    base: str
    quote: str


@dataclass(slots=True)
class Position:
    """How far the trades were read.

    Attributes:
        next_ids: The first trade id that was not read, of each symbol with trades.
        searched_at: When every market was last asked; 0 for never.
        searched_for: The differences that this left.
        searched_to: The last symbol asked in a search that is under way.
    """

    next_ids: dict[str, int] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)
    searched_at: int = 0
    searched_for: dict[str, str] = field(default_factory=dict)
    searched_to: str = ""

    @classmethod
    def of(cls, cursor: str) -> Position:
        """Return the position that a cursor tells."""
        if not cursor:
            return cls()
        kept = json.loads(cursor)
        search = kept["search"]
        return cls(dict(kept["next"]), Seen.of(kept["seen"]), int(search["at"]), dict(search["for"]), str(search["to"]))

    def cursor(self) -> str:
        """Return the text that tells this position."""
        search = {"at": self.searched_at, "for": self.searched_for, "to": self.searched_to}
        return json.dumps({"next": self.next_ids, "seen": self.seen.kept(), "search": search})


class Trades(Stream):
    """The spot trades among assets that the account was seen to hold."""

    name = "trades"

    def __init__(self, universe: Universe) -> None:
        """Take what the other streams saw; they are read first."""
        self.universe = universe
        self.run: Run | None = None

    async def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Yield the pages of one symbol after the other."""
        self.run = run = Run(reader, Position.of(cursor), await _markets(reader))
        self.universe.put(self.name, run.position.seen)
        account = await reader.ask(ACCOUNT)
        held = run.held = spot_balances(account, reader)
        async for page in run.read(run.traded()):
            yield page
        if is_due(run.position, self.universe.differences(held), reader.now_ns()):
            async for page in self._look_for(run):
                yield page
        yield run.page(account, Read())

    async def _look_for(self, run: Run) -> AsyncIterator[Page]:
        """Yield trades of the markets that may explain the differences; what is found says where to go on."""
        while market := run.suspect(self.universe.differences(run.held)):
            async for page in run.read([market]):
                yield page
        # Trades may bring assets to light, and with them more markets.
        while self.universe.differences(run.held):
            symbols = run.likely(self.universe.assets | run.held.keys())
            if not symbols:
                return
            async for page in run.read(symbols):
                yield page


class Search(Stream):
    """All other markets, where histories and balance disagree; its pages go on where the trades ended."""

    name = "trades"

    def __init__(self, trades_read: Trades) -> None:
        """Take the stream of trades, which is read before."""
        self._trades = trades_read

    async def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Yield the pages of one symbol after the other, as long as sums and balance disagree."""
        del cursor
        run, universe = self._trades.run, self._trades.universe
        if run is None:
            return
        if not universe.differences(run.held):
            return
        # Something may have moved since the wallet was read: only what stays is a difference.
        account = await reader.ask(ACCOUNT)
        held = run.held = spot_balances(account, reader)
        position = run.position
        if not is_due(position, universe.differences(held), reader.now_ns()):
            return
        async for page in run.read(run.possible(universe.assets | held.keys()), is_search=True):
            yield page
            if not universe.differences(held):
                break
        position.searched_at, position.searched_to = reader.now_ns(), ""
        position.searched_for = _written(universe.differences(held))
        yield run.page(account, Read())


class Run:
    """One reading of symbols."""

    def __init__(self, reader: Reader, position: Position, markets: list[Market]) -> None:
        """Take where it begins, and what markets there are."""
        self._reader = reader
        self._markets = markets
        self._asked: set[str] = set()
        self.position = position
        self.held: dict[str, Decimal] = {}

    def traded(self) -> list[Market]:
        """Return the markets that had trades before."""
        return sorted((one for one in self._left() if one.symbol in self.position.next_ids), key=_symbol)

    def suspect(self, differences: Mapping[str, Decimal]) -> Market | None:
        """Return the market to ask next: both its assets differ, its quote is that of most such markets."""
        found = [one for one in self._left() if one.base in differences and one.quote in differences]
        quotes = Counter(one.quote for one in found)
        return min(found, key=lambda one: (-quotes[one.quote], one.symbol), default=None)

    def likely(self, assets: set[str]) -> list[Market]:
        """Return the markets among assets that were held."""
        return sorted((one for one in self._left() if {one.base, one.quote} <= assets), key=_symbol)

    def possible(self, assets: set[str]) -> list[Market]:
        """Return every other market against an asset that was held, from where a search broke off."""
        found = [one for one in self._left() if one.quote in assets or one.base in assets]
        return [one for one in sorted(found, key=lambda one: one.symbol) if one.symbol > self.position.searched_to]

    def _left(self) -> Iterable[Market]:
        return (one for one in self._markets if one.symbol not in self._asked)

    async def read(self, markets: list[Market], *, is_search: bool = False) -> AsyncIterator[Page]:
        """Yield the trades of markets, and now and then the bare position."""
        silent = 0
        for market in markets:
            self._asked.add(market.symbol)
            total, last, refused = 0, None, None
            try:
                async for answer, read in self._symbol(market):
                    last, total = answer, total + len(answer.data)
                    if answer.data:
                        silent = -1
                        yield self.page(answer, read)
            except SourceError as error:
                if not is_refused(error):
                    raise
                refused = error
            if market.symbol in self.position.next_ids:
                # A simple client is told which symbols were traded; it asks no others.
                self._reader.would_need(f"fetchMyTrades {market.symbol}", total, _ROWS)
            silent += 1
            if is_search:
                self.position.searched_to = market.symbol
            if refused is not None:
                yield self._refused(market, refused)
            elif last is not None and silent == _EMPTY_PER_PAGE:
                silent = 0
                yield self.page(last, Read())

    async def _symbol(self, market: Market) -> AsyncIterator[tuple[Answer, Read]]:
        following = self.position.next_ids.get(market.symbol, 0)
        while True:
            asked = {"symbol": market.symbol, "fromId": following, "limit": _ROWS}
            answer = await self._reader.ask(MY_TRADES, asked)
            read = trades(answer.data, self._reader, f"trades:{market.symbol}", market.native)
            self.position.seen.see(one.entry for one in read.candidates)
            newest = max((int(row["id"]) for row in answer.data), default=following - 1)
            if answer.data and newest < following:
                message = f"Binance answers with trades before {following} of {market.symbol}."
                raise BadResponseError(message, hint="Read again later.", where=self._reader.source)
            if answer.data:
                following = self.position.next_ids[market.symbol] = newest + 1
            yield answer, read
            if len(answer.data) < _ROWS:
                return

    def page(self, answer: Answer, read: Read) -> Page:
        """Return a page with this position."""
        return Page(
            stream=Trades.name,
            content=answer.content,
            media_type=JSON,
            read_at=answer.read_at,
            candidates=read.candidates,
            cursor=self.position.cursor(),
            normaliser=NORMALISER,
            findings=read.findings,
            progress=min(len(self._asked) / max(len(self._markets), 1), 1.0),
        )

    def _refused(self, market: Market, error: SourceError) -> Page:
        return Page(
            stream=Trades.name,
            content=json.dumps(error.as_json(), sort_keys=True).encode(),
            media_type=JSON,
            read_at=self._reader.now_ns(),
            candidates=(),
            cursor=self.position.cursor(),
            normaliser=NORMALISER,
            findings=[unread(self._reader, f"trades:{market.symbol}", error)],
        )


def is_due(position: Position, differences: Mapping[str, Decimal], now: int) -> bool:
    """Tell whether a search is under way, or a difference is new or old enough to look for it."""
    if not differences:
        return False
    is_known = _written(differences) == position.searched_for
    return bool(position.searched_to) or not is_known or now - position.searched_at >= _AGAIN


def _symbol(market: Market) -> str:
    return market.symbol


def _written(differences: Mapping[str, Decimal]) -> dict[str, str]:
    return {asset: plain(quantity) for asset, quantity in sorted(differences.items())}


async def _markets(reader: Reader) -> list[Market]:
    found = []
    for one in (await reader.markets()).values():
        if one.get("spot"):
            base, quote = str(one["baseId"]), str(one["quoteId"])
            found.append(Market(str(one["id"]), (base, quote), reader.asset(base), reader.asset(quote)))
    return found
