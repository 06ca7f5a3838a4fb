"""Binance's spot trades: asked symbol by symbol, as the venue has no other way, and by trade id, so none is missed.

First come the markets among assets that the account was ever seen to hold, and whatever those trades bring to light.
Then, once and again after a while, every market against an asset that was held: a coin that was bought and sold in
between leaves no other trace.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field

from app.connectors.exchanges.base import Answer, Reader, Stream
from app.connectors.exchanges.binance.calls import ACCOUNT, MY_TRADES
from app.connectors.exchanges.binance.rows import trades
from app.connectors.exchanges.binance.windows import JSON, NORMALISER, Universe
from app.connectors.exchanges.rows import Read
from app.core.clock import DAY
from app.core.errors import BadResponseError
from app.core.model.pages import Page
from app.core.money import exact

_ROWS = 1_000
_WIDE_EVERY = 30 * DAY
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
        wide_at: When every market was last asked; 0 for never.
        wide_after: The last symbol asked in a search that is under way.
    """

    next_ids: dict[str, int] = field(default_factory=dict)
    assets: set[str] = field(default_factory=set)
    wide_at: int = 0
    wide_after: str = ""

    @classmethod
    def of(cls, cursor: str) -> Position:
        """Return the position that a cursor tells."""
        if not cursor:
            return cls()
        kept = json.loads(cursor)
        return cls(dict(kept["next"]), set(kept["assets"]), int(kept["wide_at"]), str(kept["wide_after"]))

    def cursor(self) -> str:
        """Return the text that tells this position."""
        kept = {
            "next": self.next_ids,
            "assets": sorted(self.assets),
            "wide_at": self.wide_at,
            "wide_after": self.wide_after,
        }
        return json.dumps(kept)


class Trades(Stream):
    """All spot trades of an account."""

    name = "trades"

    def __init__(self, universe: Universe) -> None:
        """Take the assets that the other streams saw; they are read first."""
        self._universe = universe

    async def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Yield the pages of one symbol after the other."""
        run = _Run(reader, Position.of(cursor))
        run.position.assets |= self._universe.assets
        account = await reader.ask(ACCOUNT)
        run.position.assets |= held(account, reader)
        markets = await _markets(reader)
        # Trades may bring assets to light, and with them more markets.
        while symbols := [one for one in run.narrow(markets) if one.symbol not in run.asked]:
            async for page in run.read(symbols, len(markets)):
                yield page
        if reader.now_ns() - run.position.wide_at >= _WIDE_EVERY:
            wide = [one for one in run.wide(markets) if one.symbol not in run.asked]
            async for page in run.read(wide, len(markets), is_wide=True):
                yield page
            run.position.wide_at, run.position.wide_after = reader.now_ns(), ""
        for market in markets:
            if market.symbol not in run.asked:
                reader.would_need(f"fetchMyTrades {market.symbol}", 0, _ROWS)
        yield run.page(account, Read(), 1.0)


class _Run:
    """One reading of all symbols."""

    def __init__(self, reader: Reader, position: Position) -> None:
        self._reader = reader
        self.position = position
        self.asked: set[str] = set()

    def narrow(self, markets: Iterable[Market]) -> list[Market]:
        """Return the markets that had trades before, and those among assets that were held."""
        known, assets = self.position.next_ids, self.position.assets
        found = [one for one in markets if one.symbol in known or {one.base, one.quote} <= assets]
        return sorted(found, key=lambda one: (one.symbol not in known, one.symbol))

    def wide(self, markets: Iterable[Market]) -> list[Market]:
        """Return every market against an asset that was held, from where a search broke off."""
        found = [one for one in markets if one.quote in self.position.assets or one.base in self.position.assets]
        ordered = sorted(found, key=lambda one: one.symbol)
        return [one for one in ordered if one.symbol > self.position.wide_after]

    async def read(self, markets: list[Market], known: int, *, is_wide: bool = False) -> AsyncIterator[Page]:
        """Yield the trades of markets, and now and then the bare position."""
        silent = 0
        for market in markets:
            self.asked.add(market.symbol)
            total, last = 0, None
            async for answer, read in self._symbol(market):
                last, total = answer, total + len(answer.data)
                if answer.data:
                    silent = -1
                    yield self.page(answer, read, len(self.asked) / max(known, 1))
            self._reader.would_need(f"fetchMyTrades {market.symbol}", total, _ROWS)
            silent += 1
            if is_wide:
                self.position.wide_after = market.symbol
            if last is not None and silent == _EMPTY_PER_PAGE:
                silent = 0
                yield self.page(last, Read(), len(self.asked) / max(known, 1))

    async def _symbol(self, market: Market) -> AsyncIterator[tuple[Answer, Read]]:
        following = self.position.next_ids.get(market.symbol, 0)
        while True:
            answer = await self._reader.ask(MY_TRADES, {"symbol": market.symbol, "fromId": following, "limit": _ROWS})
            read = trades(answer.data, self._reader, f"trades:{market.symbol}", market.native)
            self.position.assets.update(leg.asset for one in read.candidates for leg in one.entry.legs)
            newest = max((int(row["id"]) for row in answer.data), default=following - 1)
            if answer.data and newest < following:
                message = f"Binance answers with trades before {following} of {market.symbol}."
                raise BadResponseError(message, hint="Read again later.", where=self._reader.source)
            if answer.data:
                following = self.position.next_ids[market.symbol] = newest + 1
            yield answer, read
            if len(answer.data) < _ROWS:
                return

    def page(self, answer: Answer, read: Read, share: float) -> Page:
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
            progress=min(share, 1.0),
        )


def held(account: Answer, reader: Reader) -> set[str]:
    """Return the assets that the spot wallet holds now."""
    rows: Iterable[Mapping[str, str]] = account.data["balances"]
    return {reader.asset(row["asset"]) for row in rows if exact(row["free"]) or exact(row["locked"])}


async def _markets(reader: Reader) -> list[Market]:
    found = []
    for one in (await reader.markets()).values():
        if one.get("spot"):
            base, quote = str(one["baseId"]), str(one["quoteId"])
            found.append(Market(str(one["id"]), (base, quote), reader.asset(base), reader.asset(quote)))
    return found
