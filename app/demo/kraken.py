"""The simulated Kraken: which path is answered by what, behind its keys, its nonces and its call counter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from aiohttp import web

from app.core.clock import DAY, SECOND
from app.core.money import ZERO
from app.demo.events import Event
from app.demo.faults import Faults
from app.demo.ids import hexadecimal
from app.demo.kraken_access import RIGHTS, Doorkeeper, KrakenError, KrakenKey, Tier, fields, kraken_keys
from app.demo.kraken_earn import allocations, strategies
from app.demo.kraken_ledger import Books, LedgerRow, balances_wire, seconds, trade_wire, transfer_wire
from app.demo.kraken_names import altname, asset_id
from app.demo.kraken_public import PublicAnswers
from app.demo.kraken_stream import PATH, KrakenStream
from app.demo.server import VenueServer, answer
from app.demo.world import World

PAGE = 50
_MOST_QUERIED = 20
_TRANSFERS_A_PAGE = 25
_TOKEN_SECONDS = 900

Asked = Mapping[str, str]
Private = Callable[[Asked, KrakenKey], Any]
_NEEDS: Mapping[str, str] = {
    "Balance": "query-funds",
    "BalanceEx": "query-funds",
    "TradeBalance": "query-funds",
    "Ledgers": "query-ledger",
    "QueryLedgers": "query-ledger",
    "TradesHistory": "query-closed-trades",
    "QueryTrades": "query-closed-trades",
    "ClosedOrders": "query-closed-trades",
    "OpenOrders": "query-open-trades",
    "OpenPositions": "query-open-trades",
    "Earn/Allocations": "query-funds",
    "Earn/Strategies": "",
    "DepositStatus": "query-funds",
    "WithdrawStatus": "query-funds",
    "GetWebSocketsToken": "access-websockets",
    "AddOrder": "modify-trades",
    "CancelOrder": "close-trades",
    "WithdrawMethods": "withdraw-funds",
    "WithdrawAddresses": "withdraw-funds",
    "WithdrawInfo": "withdraw-funds",
    "Withdraw": "withdraw-funds",
    "GetApiKeyInfo": "",
}


class KrakenServer(VenueServer):
    """Kraken's REST and WebSocket interface over the account of the demo's world."""

    venue: ClassVar[str] = "kraken"

    def __init__(self, world: World, faults: Faults | None = None, tier: Tier | None = None) -> None:
        """Take the world whose account at Kraken this is, and how fast it may be asked."""
        super().__init__(world, faults)
        self.keys = kraken_keys(world.seed)
        self.books = Books(world.seed)
        self._door = Doorkeeper(self.keys, tier or Tier())
        public = PublicAnswers(world.market)
        self._stream = KrakenStream(self, public)
        self._public = {
            "Time": public.time,
            "SystemStatus": public.status,
            "Assets": public.assets,
            "AssetPairs": public.asset_pairs,
            "Ticker": public.ticker,
            "OHLC": public.ohlc,
        }
        self._private: Mapping[str, Private] = {
            "Balance": lambda _, __: balances_wire(self.books, extended=False),
            "BalanceEx": lambda _, __: balances_wire(self.books, extended=True),
            "TradeBalance": self._trade_balance,
            "Ledgers": self._ledgers,
            "QueryLedgers": self._query_ledgers,
            "TradesHistory": self._trades_history,
            "QueryTrades": self._query_trades,
            "OpenOrders": lambda _, __: {"open": {}},
            "OpenPositions": lambda _, __: {},
            "Earn/Allocations": lambda _, __: allocations(self.books),
            "Earn/Strategies": lambda _, __: strategies(world.seed),
            "ClosedOrders": lambda _, __: {"closed": {}, "count": 0},
            "DepositStatus": lambda asked, _: self._transfers("DepositStatus", self.books.deposits, asked),
            "WithdrawStatus": lambda asked, _: self._transfers("WithdrawStatus", self.books.withdrawals, asked),
            "GetWebSocketsToken": self._token,
            "GetApiKeyInfo": self._key_info,
            "AddOrder": _refused_order,
            "CancelOrder": _refused_order,
            "WithdrawMethods": lambda _, __: [],
            "WithdrawAddresses": lambda _, __: [],
            "WithdrawInfo": _refused_withdrawal,
            "Withdraw": _refused_withdrawal,
        }

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Return made-up credentials by what they may do: read, trade, withdraw."""
        pairs = zip(RIGHTS, self.keys, strict=True)
        return {right: {"apiKey": key.key, "secret": key.secret} for right, key in pairs}

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the venue's endpoints."""
        return [
            web.get(PATH, self._stream.serve),
            web.route("*", "/0/public/{name}", self._tell_all),
            web.post("/0/private/{name:.+}", self._tell_owner),
        ]

    def limited(self, retry_after: int) -> web.Response:
        """Return how the venue says "too many requests": its own error, without a header."""
        headers = {"Retry-After": str(retry_after)}
        return answer({"error": ["EAPI:Rate limit exceeded"]}, 429, headers)

    async def _tell_all(self, request: web.Request) -> web.Response:
        handler = self._public.get(request.match_info["name"])
        if handler is None:
            return _errors("EGeneral:Unknown method")
        asked = {**request.query, **fields(await request.read(), request.content_type)}
        try:
            return answer({"error": [], "result": handler(asked, self.now_ns())})
        except (KrakenError, ValueError) as error:
            return _errors(str(error) if isinstance(error, KrakenError) else "EGeneral:Invalid arguments")

    async def _tell_owner(self, request: web.Request) -> web.Response:
        body, name = await request.read(), request.match_info["name"]
        try:
            asked = fields(body, request.content_type)
            key = self._door.admit(request.path, request.headers, body, asked)
            handler = self._private.get(name)
            if handler is None:
                return _errors("EGeneral:Unknown method")
            if _NEEDS[name] and _NEEDS[name] not in key.permissions:
                return _errors("EGeneral:Permission denied")
            self.books.take(self.told())
            return answer({"error": [], "result": handler(asked, key)})
        except (KrakenError, ValueError, InvalidOperation) as error:
            return _errors(str(error) if isinstance(error, KrakenError) else "EGeneral:Invalid arguments")

    def _ledgers(self, asked: Asked, _: KrakenKey) -> Any:
        rows = self.books.rows
        found = _between(rows, asked, lambda row: row.ledger_id, lambda row: row.at)
        names = set(filter(None, asked.get("asset", "").split(",")))
        word = asked.get("type", "all")
        found = [
            row
            for row in found
            if word in {"all", row.word} and (not names or names & {"all", row.name, row.short_name})
        ]
        shown, page = self.page("/0/private/Ledgers", found, lambda row: row.ledger_id, _from_offset(asked))
        return _counted(asked, "ledger", {row.ledger_id: row.wire() for row in page}, len(shown))

    def _query_ledgers(self, asked: Asked, _: KrakenKey) -> Any:
        wanted = _queried(asked, "id")
        known = {row.ledger_id: row for row in self.books.rows}
        if not set(wanted) <= known.keys():
            raise KrakenError("EQuery:Unknown ledger")
        return {name: known[name].wire() for name in wanted}

    def _trades_history(self, asked: Asked, _: KrakenKey) -> Any:
        found = _between(self.books.trades, asked, lambda trade: trade.native_id, lambda trade: trade.at)
        shown, page = self.page("/0/private/TradesHistory", found, lambda trade: trade.native_id, _from_offset(asked))
        rows = {trade.native_id: trade_wire(trade) for trade in page}
        if asked.get("ledgers") == "true":
            for native_id, row in rows.items():
                row["ledgers"] = self.books.rows_of(native_id)
        return _counted(asked, "trades", rows, len(shown))

    def _query_trades(self, asked: Asked, _: KrakenKey) -> Any:
        wanted = _queried(asked, "txid")
        known = {trade.native_id: trade for trade in self.books.trades}
        if not set(wanted) <= known.keys():
            raise KrakenError("EQuery:Unknown trade")
        return {name: trade_wire(known[name]) for name in wanted}

    def _transfers(self, name: str, events: Sequence[Event], asked: Asked) -> Any:
        start, end = Decimal(asked.get("start") or 0), Decimal(asked.get("end") or "Infinity")
        found = [event for event in reversed(events) if start <= seconds(event.at) <= end]
        asset = asked.get("asset", "")
        rows = [transfer_wire(event) for event in found if asset in {"", asset_id(event.base), altname(event.base)}]
        limit = min(500, int(asked.get("limit") or _TRANSFERS_A_PAGE))
        cursor = asked.get("cursor", "false")
        first = int(cursor) if cursor.isdigit() else 0
        _, page = self.page(
            f"/0/private/{name}", rows, lambda row: str(row["refid"]), lambda all_: all_[first : first + limit]
        )
        if cursor == "false":
            return page
        kept = "deposits" if name == "DepositStatus" else "withdrawals"
        following = str(first + limit) if first + limit < len(rows) else None
        return {kept: page, "next_cursor": following}

    def _trade_balance(self, _: Asked, __: KrakenKey) -> Any:
        now, total = self.now_ns(), ZERO
        for asset, quantity in self.books.balances.values():
            price = Decimal(1) if asset == "usd" else self.market.price(asset, "usd", now, self.venue)
            total += quantity * price
        worth, none = f"{total:.4f}", "0.0000"
        return {
            "eb": worth,
            "tb": worth,
            "m": none,
            "uv": none,
            "n": none,
            "c": none,
            "v": none,
            "e": worth,
            "mf": worth,
        }

    def _token(self, _: Asked, key: KrakenKey) -> Any:
        return {"token": hexadecimal(self.world.seed, 43, "token", key.nonce), "expires": _TOKEN_SECONDS}

    def _key_info(self, _: Asked, key: KrakenKey) -> Any:
        created = str((self.now_ns() - 400 * DAY) // SECOND)
        return {
            "api_key_name": key.name,
            "api_key": key.key,
            "nonce": str(key.nonce),
            "nonce_window": 0,
            "permissions": list(key.permissions),
            "valid_until": "0",
            "query_from": "0",
            "query_to": "0",
            "created_time": created,
            "modified_time": created,
            "ip_allowlist": [],
            "last_used": str(self.now_ns() // SECOND),
        }


def _refused_order(asked: Asked, _: KrakenKey) -> Any:
    """Orders are described where they are only to be checked; the demo's account is not traded by others."""
    if asked.get("validate") == "true":
        return {"descr": {"order": f"{asked.get('type')} {asked.get('volume')} {asked.get('pair')}"}}
    raise KrakenError("EOrder:Unknown order" if "txid" in asked else "EOrder:Trading agreement required")


def _refused_withdrawal(_: Asked, __: KrakenKey) -> Any:
    raise KrakenError("EFunding:Unknown withdraw key")


def _errors(*errors: str) -> web.Response:
    return answer({"error": list(errors)})


def _from_offset(asked: Asked) -> Callable[[Sequence[Any]], Sequence[Any]]:
    offset = int(asked.get("ofs") or 0)
    return lambda rows: rows[offset : offset + PAGE]


def _counted(asked: Asked, name: str, rows: Mapping[str, Any], count: int) -> Any:
    return {name: rows} if asked.get("without_count") == "true" else {name: rows, "count": count}


def _queried(asked: Asked, name: str) -> list[str]:
    wanted = [part for part in asked.get(name, "").split(",") if part]
    if not 0 < len(wanted) <= _MOST_QUERIED:
        raise KrakenError("EGeneral:Invalid arguments")
    return wanted


def _between(rows: Sequence[Any], asked: Asked, name: Callable[[Any], str], moment: Callable[[Any], int]) -> list[Any]:
    """Return rows after `start` and up to `end`, newest first; both are seconds or ids of rows."""
    places = {name(row): place for place, row in enumerate(rows)}
    after, until = asked.get("start", ""), asked.get("end", "")
    found = range(len(rows))
    if after in places:
        found = range(places[after] + 1, found.stop)
    if until in places:
        found = range(found.start, places[until] + 1)
    start = None if not after or after in places else Decimal(after)
    end = None if not until or until in places else Decimal(until)
    return [
        rows[place]
        for place in reversed(found)
        if (start is None or seconds(moment(rows[place])) > start)
        and (end is None or seconds(moment(rows[place])) <= end)
    ]


__all__ = ["PAGE", "KrakenServer", "LedgerRow"]
