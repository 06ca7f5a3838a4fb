"""The simulated Coinbase: which path is answered by what, behind its keys and its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiohttp import web

from app.core.clock import SECOND
from app.demo.coinbase_access import HOST, CoinbaseKey, TokenCheck, TokenError, coinbase_keys
from app.demo.coinbase_books import CoinbaseBooks
from app.demo.coinbase_limits import KEY, LEFT, CoinbaseLimits
from app.demo.coinbase_markets import CoinbaseMarkets
from app.demo.coinbase_older import OlderAnswers
from app.demo.coinbase_stream import CoinbaseStream
from app.demo.coinbase_trading import TradingAnswers
from app.demo.faults import Faults
from app.demo.server import Refusal, VenueServer, answer
from app.demo.world import World

BROKERAGE = "/api/v3/brokerage"
_RIGHTS = ("read", "trade", "withdraw")
_OLDER_PUBLIC = ("/v2/time", "/v2/currencies", "/v2/currencies/crypto", "/v2/exchange-rates")
_TOO_MANY = 429


class CoinbaseServer(VenueServer):
    """Coinbase's two REST interfaces and its WebSocket over the account of the demo's world."""

    venue: ClassVar[str] = "coinbase"

    def __init__(self, world: World, faults: Faults | None = None) -> None:
        """Take the world whose account at Coinbase this is."""
        super().__init__(world, faults)
        self.keys = coinbase_keys(world.seed)
        self.limits = CoinbaseLimits()
        self.books = CoinbaseBooks(world.seed)
        self._tokens = TokenCheck(self.keys)
        self._markets = CoinbaseMarkets(world.market)
        self._older = OlderAnswers(self, self.books)
        self._trading = TradingAnswers(self, self.books, self._markets)
        self.stream = CoinbaseStream(self, self._markets, self._tokens)

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Return made-up credentials by what they may do: read, trade, withdraw."""
        return {
            right: {"apiKey": key.name, "secret": key.secret} for right, key in zip(_RIGHTS, self.keys, strict=True)
        }

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the venue's endpoints; its WebSocket has the root of a host of its own."""
        older, trading = self._older, self._trading
        return [
            web.get("/", self.stream.serve),
            web.get("/ws", self.stream.serve),
            web.get("/v2/time", older.time),
            web.get("/v2/currencies", older.currencies),
            web.get("/v2/currencies/crypto", older.crypto_currencies),
            web.get("/v2/exchange-rates", older.exchange_rates),
            web.get("/v2/accounts", older.accounts),
            web.get("/v2/accounts/{account}", older.account),
            web.get("/v2/accounts/{account}/transactions", older.transactions),
            web.get("/v2/accounts/{account}/transactions/{transaction}", older.transaction),
            web.get("/v2/accounts/{account}/deposits", older.deposits),
            web.get("/v2/accounts/{account}/withdrawals", older.withdrawals),
            web.get(f"{BROKERAGE}/time", trading.time),
            web.get(f"{BROKERAGE}/accounts", trading.accounts),
            web.get(f"{BROKERAGE}/key_permissions", trading.key_permissions),
            web.get(f"{BROKERAGE}/orders/historical/fills", trading.fills),
            web.get(f"{BROKERAGE}/cfm/balance_summary", trading.no_futures_balance),
            web.get(f"{BROKERAGE}/cfm/positions", trading.no_futures_positions),
            web.get(f"{BROKERAGE}/best_bid_ask", trading.best_bid_ask),
            web.get(f"{BROKERAGE}/transaction_summary", trading.transaction_summary),
            *(
                web.get(f"{BROKERAGE}{part}{path}", handler)
                for part in ("", "/market")
                for path, handler in trading.market_routes().items()
            ),
            web.route("*", "/{path:.*}", _not_found),
        ]

    def limited(self, retry_after: int) -> web.Response:
        """Return how the trading interface says "too many requests"."""
        return answer(_too_many(BROKERAGE), _TOO_MANY, {"Retry-After": str(retry_after)})

    async def admit(self, request: web.Request) -> None:
        """Check the token of a private endpoint, then whether its owner asks too often."""
        path = request.path
        if path in {"/", "/ws"}:
            return
        is_public = path.startswith(f"{BROKERAGE}/market/") or path in {*_OLDER_PUBLIC, f"{BROKERAGE}/time"}
        who = request.remote or ""
        if not is_public:
            key = self._key(request)
            request[KEY], who = key, key.name
        is_too_much, headers = self.limits.charge(path, who, self.now_ns(), is_public=is_public)
        if is_too_much:
            raise Refusal(_too_many(path), _TOO_MANY, {**headers, "Retry-After": headers["x-ratelimit-reset"]})
        request[LEFT] = headers
        self.books.take(self.told())

    def _key(self, request: web.Request) -> CoinbaseKey:
        """Return the key of a request: its token names the method, the venue's host and the path without the query."""
        hosts = (HOST, request.host, f"http://{request.host}")
        uris = {f"{request.method} {host}{request.path}" for host in hosts}
        try:
            return self._tokens.admit(request.headers.get("Authorization"), uris, self.now_ns() / SECOND)
        except TokenError as error:
            if request.path.startswith("/v2/"):
                body = {"errors": [{"id": "authentication_error", "message": "invalid token"}]}
                raise Refusal(body, 401) from error
            raise web.HTTPUnauthorized(text="Unauthorized\n") from error


def _too_many(path: str) -> Any:
    if path.startswith("/v2/"):
        return {"errors": [{"id": "rate_limit_exceeded", "message": "Too many requests"}]}
    return {"error": "rate_limit_exceeded", "error_details": "Too many requests", "message": "Too many requests"}


async def _not_found(request: web.Request) -> web.StreamResponse:
    if request.path.startswith("/v2/"):
        raise Refusal({"errors": [{"id": "not_found", "message": "Not found"}]}, 404)
    raise Refusal({"error": "NOT_FOUND", "error_details": "Not found", "message": "Not found"}, 404)
