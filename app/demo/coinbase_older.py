"""The older interface of the simulated Coinbase: wallets and everything that ever happened in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from app.core.clock import SECOND, iso
from app.core.money import ZERO, plain
from app.demo import coinbase_wire as wire
from app.demo import ids
from app.demo.coinbase_books import CoinbaseBooks
from app.demo.coinbase_limits import LEFT
from app.demo.coinbase_wire import FIAT, NEVER_USED, VENUE, Posting, Row
from app.demo.events import Event, Kind
from app.demo.instruments import INSTRUMENTS, USD, symbol
from app.demo.server import Refusal, VenueServer, answer

_USUAL, _MOST, _MOST_WALLETS = 25, 100, 300
_RATE_PLACES = Decimal("1e-12")

Item = TypeVar("Item")


def refused(code: str, message: str, status: int) -> Refusal:
    """Return how this interface refuses."""
    return Refusal({"errors": [{"id": code, "message": message}]}, status)


class OlderAnswers:
    """Answers of /v2."""

    def __init__(self, server: VenueServer, books: CoinbaseBooks) -> None:
        """Take the server whose world this is, and the account's books."""
        self._server = server
        self._books = books
        self._seed = server.world.seed

    async def time(self, request: web.Request) -> web.Response:
        """Return the venue's clock."""
        now = self._server.now_ns()
        return _told(request, {"iso": iso(now), "epoch": now // SECOND})

    async def currencies(self, request: web.Request) -> web.Response:
        """Return the currencies that states issue."""
        rows = [{"id": symbol(asset), "name": wire.currency_name(asset), "min_size": "0.01"} for asset in FIAT]
        return _told(request, rows)

    async def crypto_currencies(self, request: web.Request) -> web.Response:
        """Return the currencies that nobody's state issues."""
        coins = [(row.asset, row.symbol) for row in INSTRUMENTS if row.asset not in FIAT]
        coins += [(code.lower(), code) for code in NEVER_USED]
        return _told(request, [_crypto(asset, code, number) for number, (asset, code) in enumerate(coins)])

    async def exchange_rates(self, request: web.Request) -> web.Response:
        """Return how much of each currency one unit of the asked one is."""
        code = request.query.get("currency", "USD").upper()
        assets = {row.symbol: row.asset for row in INSTRUMENTS} | {"USD": USD}
        if code not in assets:
            raise refused("invalid_request", "Currency is invalid", 400)
        now = self._server.now_ns()
        own = self._dollars(assets[code], now)
        rates = {
            name: plain((own / self._dollars(asset, now)).quantize(_RATE_PLACES)) for name, asset in assets.items()
        }
        return _told(request, {"currency": code, "rates": rates})

    def _dollars(self, asset: str, now: int) -> Decimal:
        return Decimal(1) if asset == USD else self._server.market.price(asset, USD, now, VENUE)

    async def accounts(self, request: web.Request) -> web.Response:
        """Return the wallets, page by page."""
        return self._paged(request, self._wallets(), lambda row: str(row["id"]), lambda row: row, _MOST_WALLETS)

    async def account(self, request: web.Request) -> web.Response:
        """Return one wallet, by its id or its currency."""
        named = request.match_info["account"]
        for row in self._wallets():
            if named in {row["id"], row["currency"]["code"]}:
                return _told(request, row)
        raise refused("not_found", "Not found", 404)

    def _wallets(self) -> list[Row]:
        books = self._books
        used = [
            wire.wallet_row(self._seed, asset, books.balances.get(asset, ZERO), books.times.get(asset))
            for asset in books.times
        ]
        known = {row.asset for row in INSTRUMENTS} - set(books.times)
        unused = [*NEVER_USED, *(symbol(asset) for asset in sorted(known) if asset != "eur")]
        return used + [wire.unused_row(code, number) for number, code in enumerate(unused)]

    async def transactions(self, request: web.Request) -> web.Response:
        """Return what happened in a wallet, newest first."""
        postings = list(reversed(self._books.postings[self._asset(request)]))
        market = self._server.market
        return self._paged(
            request,
            postings,
            lambda posting: posting.number,
            lambda posting: wire.transaction_row(self._seed, posting, market),
        )

    async def transaction(self, request: web.Request) -> web.Response:
        """Return one transaction of a wallet."""
        for posting in self._books.postings[self._asset(request)]:
            if posting.number == request.match_info["transaction"]:
                return _told(request, wire.transaction_row(self._seed, posting, self._server.market))
        raise refused("not_found", "Not found", 404)

    async def deposits(self, request: web.Request) -> web.Response:
        """Return what came to a wallet from a bank."""
        return self._bank(request, Kind.FIAT_DEPOSIT)

    async def withdrawals(self, request: web.Request) -> web.Response:
        """Return what went from a wallet to a bank."""
        return self._bank(request, Kind.FIAT_WITHDRAWAL)

    def _bank(self, request: web.Request, kind: Kind) -> web.Response:
        events: Sequence[Event] = list(reversed(self._books.transfers[self._asset(request), kind]))
        return self._paged(
            request,
            events,
            lambda event: wire.transfer_id(self._seed, event),
            lambda event: wire.transfer_row(self._seed, event),
        )

    def _asset(self, request: web.Request) -> str:
        """Return the asset of the wallet that a path names; a wallet never used has no history."""
        named = request.match_info["account"]
        for asset in self._books.times:
            if named in {wire.account_id(self._seed, asset), symbol(asset)}:
                return asset
        if named in NEVER_USED or named in {row.symbol for row in INSTRUMENTS}:
            return named
        raise refused("not_found", "Not found", 404)

    def _paged(
        self,
        request: web.Request,
        rows: Sequence[Item],
        key: Callable[[Item], str],
        shape: Callable[[Item], Row],
        most: int = _MOST,
    ) -> web.Response:
        """Return one page with the links to the next; rows come newest first unless asked the other way round."""
        limit = _limit(request, most)
        order = request.query.get("order", "desc")
        after = request.query.get("starting_after")
        ordered = list(reversed(rows)) if order == "asc" else rows
        names = [key(row) for row in ordered]
        if after is not None and after not in names:
            raise refused("invalid_request", "starting_after is invalid", 400)

        def cut(shown: Sequence[Item]) -> Sequence[Item]:
            begin = _after([key(row) for row in shown], after)
            return shown[begin : begin + limit]

        shown, page = self._server.page(request.path, ordered, key, cut)
        following = key(page[-1]) if page and key(page[-1]) != key(shown[-1]) else None
        query = urlencode({"limit": limit, "order": order, "starting_after": following or ""})
        pagination = {
            "ending_before": None,
            "starting_after": after,
            "previous_ending_before": None,
            "next_starting_after": following,
            "limit": limit,
            "order": order,
            "previous_uri": None,
            "next_uri": None if following is None else f"{request.path}?{query}",
        }
        body = {"pagination": pagination, "data": [shape(row) for row in page]}
        return answer(body, headers=request.get(LEFT))


def _after(names: Sequence[str], after: str | None) -> int:
    return 0 if after is None or after not in names else names.index(after) + 1


def _limit(request: web.Request, most: int) -> int:
    text = request.query.get("limit", str(_USUAL))
    if not text.isdecimal() or int(text) < 1:
        raise refused("invalid_request", "limit is invalid", 400)
    return min(int(text), most)


def _told(request: web.Request, data: Any) -> web.Response:
    return answer({"data": data}, headers=request.get(LEFT))


def _crypto(asset: str, code: str, number: int) -> Row:
    return {
        "asset_id": ids.uuid(0, VENUE, "asset", code),
        "code": code,
        "name": wire.currency_name(asset),
        "color": "#0052FF",
        "sort_index": 100 + number,
        "exponent": 8,
        "type": "crypto",
        "address_regex": "",
    }


__all__ = ["OlderAnswers", "Posting"]
