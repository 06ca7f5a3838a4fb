"""The simulated Binance: which path is answered by what, behind its keys, its clock and its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from aiohttp import web

from app.core.clock import MILLISECOND
from app.demo import binance_account as accounts
from app.demo import binance_futures as futures
from app.demo import binance_margin as margin
from app.demo.binance_access import BinanceError, BinanceKey, Doorkeeper, binance_keys, parameters
from app.demo.binance_books import BinanceBooks
from app.demo.binance_history import BOUND, FLEXIBLE, Asked, Histories
from app.demo.binance_limits import BinanceLimits
from app.demo.binance_markets import BinanceMarkets
from app.demo.binance_public import PublicAnswers
from app.demo.binance_stream import BinanceStream
from app.demo.faults import Faults
from app.demo.server import Refusal, VenueServer, answer
from app.demo.world import World

_RIGHTS = ("read", "trade", "withdraw")

Public = Callable[[Asked, int], Any]
Signed = Callable[[Asked, int, BinanceKey], Any]


class BinanceServer(VenueServer):
    """Binance's REST and WebSocket interface over the account of the demo's world."""

    venue: ClassVar[str] = "binance"

    def __init__(self, world: World, faults: Faults | None = None) -> None:
        """Take the world whose account at Binance this is."""
        super().__init__(world, faults)
        self.keys = binance_keys(world.seed)
        self.limits = BinanceLimits()
        self.books = BinanceBooks()
        self._door = Doorkeeper(self.keys)
        markets = BinanceMarkets(world.market)
        self.stream = BinanceStream(self, markets)
        self._public: Mapping[str, Public] = PublicAnswers(markets).routes()
        self._signed = self._signed_routes(Histories(self.books, world.seed, self.page))

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Return made-up credentials by what they may do: read, trade, withdraw."""
        pairs = zip(_RIGHTS, self.keys, strict=True)
        return {right: {"apiKey": key.key, "secret": key.secret} for right, key in pairs}

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the venue's endpoints."""
        return [
            web.get("/ws", self.stream.serve),
            web.get("/ws/{streams:.*}", self.stream.serve),
            web.get("/stream", self.stream.serve),
            web.route("*", "/{path:.*}", self._rest),
        ]

    def limited(self, retry_after: int) -> web.Response:
        """Return how the venue says "too many requests"."""
        body = {"code": -1003, "msg": "Too many requests; current limit of IP is 6000 request weight per 1 MINUTE."}
        return answer(body, 429, {"Retry-After": str(retry_after)})

    async def _rest(self, request: web.Request) -> web.Response:
        """Answer a request; whoever is refused is still told what the request has cost."""
        body = (await request.read()).decode()
        query = request.rel_url.raw_query_string
        asked, header = parameters(query, body), request.headers.get("X-MBX-APIKEY")
        now_ms = self.now_ns() // MILLISECOND
        spent = self.limits.charge(request.path, asked, request.remote or "", header or "", now_ms)
        try:
            return answer(self._answer(request, query, body, now_ms), headers=spent)
        except Refusal as refusal:
            refusal.headers = {**spent, **refusal.headers}
            raise

    def _answer(self, request: web.Request, query: str, body: str, now_ms: int) -> Any:
        path, asked = request.path, parameters(query, body)
        if request.method == "GET" and path in self._public:
            return self._public[path](asked, now_ms * MILLISECOND)
        handler = self._signed.get((request.method, path))
        if handler is None:
            raise Refusal({"timestamp": now_ms, "status": 404, "error": "Not Found", "path": path}, 404)
        key = self._door.admit(request.headers.get("X-MBX-APIKEY"), query, body, now_ms)
        self.books.take(self.told())
        return handler(asked, now_ms, key)

    def _signed_routes(self, told: Histories) -> Mapping[tuple[str, str], Signed]:
        read: dict[str, Callable[[Asked, int], Any]] = {
            "/api/v3/myTrades": told.my_trades,
            "/sapi/v1/capital/deposit/hisrec": told.deposits,
            "/sapi/v1/capital/withdraw/history": told.withdrawals,
            "/sapi/v1/convert/tradeFlow": told.conversions,
            "/sapi/v1/asset/dribblet": told.dribblets,
            "/sapi/v1/asset/assetDividend": told.dividends,
            "/sapi/v1/asset/transfer": told.transfers,
            "/sapi/v1/fiat/orders": told.fiat_orders,
            "/sapi/v1/fiat/payments": told.fiat_payments,
            f"{FLEXIBLE}/history/subscriptionRecord": told.subscriptions,
            f"{FLEXIBLE}/history/redemptionRecord": told.redemptions,
            f"{FLEXIBLE}/history/rewardsRecord": told.rewards,
            f"{FLEXIBLE}/position": self._positions,
            f"{BOUND}/position": self._locked,
            f"{BOUND}/history/subscriptionRecord": told.locked_subscriptions,
            f"{BOUND}/history/redemptionRecord": told.locked_redemptions,
            f"{BOUND}/history/rewardsRecord": told.locked_rewards,
            "/sapi/v1/margin/account": self._margin,
            "/sapi/v1/margin/isolated/account": _no_isolated,
            "/sapi/v1/capital/config/getall": self._coins,
            "/sapi/v1/margin/allPairs": _no_margin,
            "/sapi/v1/margin/isolated/allPairs": _no_margin,
        }
        return {
            **{("GET", path): _for_any_key(handler) for path, handler in read.items()},
            ("GET", "/api/v3/account"): self._account,
            ("GET", "/fapi/v2/account"): self._futures,
            ("GET", "/sapi/v1/account/apiRestrictions"): self._restrictions,
            ("POST", "/sapi/v3/asset/getUserAsset"): self._user_assets,
        }

    def _account(self, asked: Asked, _: int, key: BinanceKey) -> Any:
        return accounts.account(self.books, key, asked)

    def _futures(self, _: Asked, now_ms: int, __: BinanceKey) -> Any:
        return futures.account(self.world.market, now_ms * MILLISECOND)

    def _restrictions(self, _: Asked, __: int, key: BinanceKey) -> Any:
        return accounts.restrictions(key)

    def _user_assets(self, asked: Asked, _: int, __: BinanceKey) -> Any:
        return accounts.user_assets(self.books, asked)

    def _positions(self, asked: Asked, now_ms: int) -> Any:
        return accounts.positions(self.books, asked, now_ms)

    def _locked(self, asked: Asked, now_ms: int) -> Any:
        return accounts.locked_positions(self.books, asked, now_ms)

    def _margin(self, _: Asked, now_ms: int) -> Any:
        return margin.account(self.world.market, now_ms * MILLISECOND)

    def _coins(self, _: Asked, __: int) -> Any:
        return accounts.coins(self.books)


def _for_any_key(handler: Callable[[Asked, int], Any]) -> Signed:
    def handled(asked: Asked, now_ms: int, _: BinanceKey) -> Any:
        return handler(asked, now_ms)

    return handled


def _no_isolated(_: Asked, __: int) -> Any:
    zero = "0.00000000"
    return {"assets": [], "totalAssetOfBtc": zero, "totalLiabilityOfBtc": zero, "totalNetAssetOfBtc": zero}


def _no_margin(_: Asked, __: int) -> Any:
    return []


__all__ = ["BinanceError", "BinanceServer"]
