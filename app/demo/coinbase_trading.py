"""The trading interface of the simulated Coinbase: accounts, fills, the key's rights, products and their prices."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal

from aiohttp import web

from app.core.clock import MILLISECOND, SECOND, iso, parse_iso
from app.core.money import ZERO, plain
from app.demo import coinbase_wire as wire
from app.demo.coinbase_books import CoinbaseBooks
from app.demo.coinbase_limits import KEY, LEFT
from app.demo.coinbase_markets import GRANULARITIES, CoinbaseMarkets, Product, candle_row, products
from app.demo.coinbase_wire import Row
from app.demo.events import Event
from app.demo.instruments import symbol
from app.demo.server import Refusal, VenueServer, answer

_MOST_CANDLES = 350
_USUAL_ACCOUNTS, _MOST_ACCOUNTS = 49, 250
_USUAL_FILLS, _MOST_FILLS = 100, 3_000
_USUAL_LEVELS, _USUAL_TRADES, _MOST_TRADES = 50, 100, 1_000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def refused(code: str, details: str, status: int) -> Refusal:
    """Return how this interface refuses."""
    return Refusal({"error": code, "error_details": details, "message": details}, status)


class TradingAnswers:
    """Answers of /api/v3/brokerage."""

    def __init__(self, server: VenueServer, books: CoinbaseBooks, markets: CoinbaseMarkets) -> None:
        """Take the server whose world this is, the account's books and the products."""
        self._server = server
        self._books = books
        self._markets = markets
        self._seed = server.world.seed

    def market_routes(self) -> Mapping[str, Handler]:
        """Return what there is with and without a key, by its path below brokerage and brokerage/market."""
        return {
            "/products": self.products,
            "/products/{product}": self.product,
            "/products/{product}/candles": self.candles,
            "/products/{product}/ticker": self.ticker,
            "/product_book": self.product_book,
        }

    async def no_futures_balance(self, request: web.Request) -> web.Response:
        """Return what an account without futures is told of its balance there."""
        return _told(request, {"balance_summary": None})

    async def no_futures_positions(self, request: web.Request) -> web.Response:
        """Return that no contract is open."""
        return _told(request, {"positions": []})

    async def time(self, request: web.Request) -> web.Response:
        """Return the venue's clock."""
        now = self._server.now_ns()
        body = {"iso": iso(now), "epochSeconds": str(now // SECOND), "epochMillis": str(now // MILLISECOND)}
        return _told(request, body)

    async def accounts(self, request: web.Request) -> web.Response:
        """Return the accounts that were ever used, page by page."""
        books = self._books
        rows = [
            wire.trading_account_row(self._seed, asset, books.balances.get(asset, ZERO), times)
            for asset, times in books.times.items()
        ]
        begin = int(_opened(request.query.get("cursor", "")) or 0)
        limit = _limit(request, _USUAL_ACCOUNTS, _MOST_ACCOUNTS)
        page, has_next = rows[begin : begin + limit], begin + limit < len(rows)
        cursor = _closed(str(begin + limit)) if has_next else ""
        return _told(request, {"accounts": page, "has_next": has_next, "cursor": cursor, "size": len(page)})

    async def key_permissions(self, request: web.Request) -> web.Response:
        """Return what the key may do."""
        key = request[KEY]
        body = {
            "can_view": True,
            "can_trade": key.may_trade,
            "can_transfer": key.may_transfer,
            "portfolio_uuid": wire.portfolio_id(self._seed),
            "portfolio_type": "DEFAULT",
        }
        return _told(request, body)

    async def fills(self, request: web.Request) -> web.Response:
        """Return fills, newest first; a cursor names the last one of the page before."""
        limit = _limit(request, _USUAL_FILLS, _MOST_FILLS)
        after = _opened(request.query.get("cursor", ""))
        rows = [event for event in reversed(self._books.fills) if _is_wanted(event, request)]
        begin_before = int(after) if after else None

        def cut(shown: Sequence[Event]) -> Sequence[Event]:
            left = shown if begin_before is None else [event for event in shown if event.number < begin_before]
            return left[:limit]

        shown, page = self._server.page(request.path, rows, _name, cut)
        is_last = not page or page[-1].number == shown[-1].number
        cursor = "" if is_last else _closed(str(page[-1].number))
        return _told(request, {"fills": [wire.fill_row(self._seed, event) for event in page], "cursor": cursor})

    async def transaction_summary(self, request: web.Request) -> web.Response:
        """Return the fees that the account pays."""
        paid = sum((event.fee for event in self._books.fills if event.fee_asset == "usd"), Decimal(0))
        turned = sum((event.cost for event in self._books.fills if event.quote == "usd"), Decimal(0))
        tier = {
            "pricing_tier": "Advanced 2",
            "usd_from": "10000",
            "usd_to": "50000",
            "taker_fee_rate": "0.006",
            "maker_fee_rate": "0.004",
            "aop_from": "",
            "aop_to": "",
        }
        body = {
            "total_volume": float(turned),
            "total_fees": float(paid),
            "fee_tier": tier,
            "margin_rate": None,
            "goods_and_services_tax": None,
            "advanced_trade_only_volume": float(turned),
            "advanced_trade_only_fees": float(paid),
            "coinbase_pro_volume": 0,
            "coinbase_pro_fees": 0,
            "total_balance": "",
            "has_promo_fee": False,
        }
        return _told(request, body)

    async def best_bid_ask(self, request: web.Request) -> web.Response:
        """Return the best prices of the named products."""
        now = self._server.now_ns()
        named = [_product(name) for name in request.query.getall("product_ids", [])] or list(products().values())
        return _told(request, {"pricebooks": [self._markets.book_row(product, now, 1) for product in named]})

    async def products(self, request: web.Request) -> web.Response:
        """Return products, all or those that are named; futures are not listed."""
        now = self._server.now_ns()
        named = [_product(name) for name in request.query.getall("product_ids", [])]
        found = named or list(products().values())
        if request.query.get("product_type", "SPOT") not in {"SPOT", "UNKNOWN_PRODUCT_TYPE"}:
            found = []
        begin = int(request.query.get("offset", "0"))
        limit = _limit(request, len(found) or 1, len(found) or 1)
        rows = [self._markets.product_row(product, now) for product in found[begin : begin + limit]]
        return _told(request, {"products": rows, "num_products": len(rows), "pagination": None})

    async def product(self, request: web.Request) -> web.Response:
        """Return one product."""
        return _told(request, self._markets.product_row(_named(request), self._server.now_ns()))

    async def candles(self, request: web.Request) -> web.Response:
        """Return candles of a time, newest first."""
        product = _named(request)
        step = GRANULARITIES.get(request.query.get("granularity", ""))
        start, end = (request.query.get(name, "") for name in ("start", "end"))
        if step is None or not start.isdecimal() or not end.isdecimal():
            raise refused("INVALID_ARGUMENT", "start, end and granularity are needed", 400)
        since, until = int(start) * SECOND, int(end) * SECOND
        if (until - since) // step > _MOST_CANDLES:
            details = f"number of candles requested should be less than {_MOST_CANDLES}"
            raise refused("INVALID_ARGUMENT", details, 400)
        until = min((until // step + 1) * step, self._server.now_ns())
        rows = self._markets.candles(product, since, until, step)
        limit = _limit(request, _MOST_CANDLES, _MOST_CANDLES)
        return _told(request, {"candles": [candle_row(candle) for candle in reversed(rows)][:limit]})

    async def ticker(self, request: web.Request) -> web.Response:
        """Return the last trades of the market and its best prices."""
        limit = _limit(request, _USUAL_TRADES, _MOST_TRADES)
        return _told(request, self._markets.trades_row(_named(request), self._server.now_ns(), limit))

    async def product_book(self, request: web.Request) -> web.Response:
        """Return the price book of a product."""
        product, now = _product(request.query.get("product_id", "")), self._server.now_ns()
        book = self._markets.book_row(product, now, _limit(request, _USUAL_LEVELS, 500))
        last = self._markets.price(product, now)
        spread = product.tick * 2
        body = {
            "pricebook": book,
            "last": plain(last),
            "mid_market": plain(last),
            "spread_bps": plain((spread / last * 10_000).quantize(Decimal("1e-12"))),
            "spread_absolute": plain(spread),
        }
        return _told(request, body)


def _is_wanted(event: Event, request: web.Request) -> bool:
    """Tell whether a fill fits the products, orders and times that are asked for."""
    query = request.query
    pairs = {*query.getall("product_id", []), *query.getall("product_ids", [])}
    orders = {*query.getall("order_id", []), *query.getall("order_ids", [])}
    if pairs and f"{symbol(event.base)}-{symbol(event.quote)}" not in pairs:
        return False
    if orders and event.order_id not in orders:
        return False
    since, until = (_moment(query.get(f"{end}_sequence_timestamp", "")) for end in ("start", "end"))
    return (since is None or event.at >= since) and (until is None or event.at <= until)


def _moment(text: str) -> int | None:
    if not text:
        return None
    try:
        return parse_iso(text)[0]
    except ValueError as error:
        raise refused("INVALID_ARGUMENT", f"{text} is not a timestamp", 400) from error


def _named(request: web.Request) -> Product:
    return _product(request.match_info["product"])


def _product(name: str) -> Product:
    product = products().get(name)
    if product is None:
        raise refused("NOT_FOUND", "valid product_id is required", 404)
    return product


def _limit(request: web.Request, usual: int, most: int) -> int:
    text = request.query.get("limit", "")
    if text and not text.isdecimal():
        raise refused("INVALID_ARGUMENT", "limit is not a number", 400)
    return min(int(text), most) if text and int(text) else usual


def _closed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def _opened(cursor: str) -> str:
    """Return what a cursor of ours holds."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (ValueError, binascii.Error) as error:
        raise refused("INVALID_ARGUMENT", "cursor is invalid", 400) from error
    if text and not text.isdecimal():
        raise refused("INVALID_ARGUMENT", "cursor is invalid", 400)
    return text


def _name(event: Event) -> str:
    return event.native_id


def _told(request: web.Request, body: Row) -> web.Response:
    return answer(body, headers=request.get(LEFT))
