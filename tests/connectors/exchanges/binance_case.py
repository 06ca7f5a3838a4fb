"""A small Binance that keeps the real one's windows, pages and ids, with an account that did a little of everything."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.core.clock import DAY, MILLISECOND, SECOND, to_datetime
from tests.connectors.exchanges.contract import SECRET_MARK, Case
from tests.connectors.exchanges.scripted import Asked, Reply, ScriptedVenue

NOW_NS = 1_527_811_200 * SECOND
"""2018-06-01: few windows since the venue opened."""
START = 1_514_764_800_000
"""2018-01-01 in milliseconds."""
HOUR = 3_600_000
SECRET = SECRET_MARK * 8
MARKETS = {
    "BTCUSDT": ("BTC", "USDT"),
    "ETHUSDT": ("ETH", "USDT"),
    "ETHBTC": ("ETH", "BTC"),
    "BNBUSDT": ("BNB", "USDT"),
    "BNBBTC": ("BNB", "BTC"),
    "LTCUSDT": ("LTC", "USDT"),
    "LTCETH": ("LTC", "ETH"),
}
Row = dict[str, Any]


def trade(symbol: str, number: int, at: int, deed: str) -> Row:
    """Return a fill of "buy 12 for 48 [fee 0.1 BNB]"."""
    side, qty, _, quote, *fee = deed.split()
    _, commission, coin = fee or ("fee", "0", "BNB")
    return {
        "symbol": symbol,
        "id": number,
        "orderId": 9_000 + number,
        "orderListId": -1,
        "price": "1.00000000",
        "qty": qty,
        "quoteQty": quote,
        "commission": commission,
        "commissionAsset": coin,
        "time": at,
        "isBuyer": side == "buy",
        "isMaker": False,
        "isBestMatch": True,
    }


def deposit(name: str, at: int, amount: str, coin: str, **more: Any) -> Row:
    """Return an arrival."""
    return {
        "id": name,
        "amount": amount,
        "coin": coin,
        "network": coin,
        "status": 1,
        "address": "a",
        "txId": f"tx-{name}",
        "insertTime": at,
        "walletType": 0,
    } | more


def withdrawal(name: str, at: int, amount: str, fee: str, coin: str, **more: Any) -> Row:
    """Return a departure; its time is text in whole seconds."""
    return {
        "id": name,
        "amount": amount,
        "transactionFee": fee,
        "coin": coin,
        "status": 6,
        "address": "b",
        "txId": f"tx-{name}",
        "applyTime": to_datetime(at * MILLISECOND).strftime("%Y-%m-%d %H:%M:%S"),
        "network": coin,
        "walletType": 0,
    } | more


def dividend(number: int, at: int, amount: str, asset: str) -> Row:
    """Return a distribution."""
    return {"id": number, "amount": amount, "asset": asset, "divTime": at, "enInfo": "Launchpool", "tranId": number}


def fiat(number: str, at: int, amount: str, fee: str = "0.00", status: str = "Successful") -> Row:
    """Return a bank transfer."""
    return {
        "orderNo": number,
        "fiatCurrency": "EUR",
        "indicatedAmount": amount,
        "amount": amount,
        "totalFee": fee,
        "method": "BankAccount",
        "status": status,
        "createTime": at,
        "updateTime": at,
    }


class SmallBinance(ScriptedVenue):
    """Answers as Binance does, from rows that a test may change."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.trades: dict[str, list[Row]] = {
            "BTCUSDT": [
                trade("BTCUSDT", 100 + n, START + 2 * HOUR + n * 1_000, "buy 0.00001 for 0.1") for n in range(1_004)
            ],
            "BNBUSDT": [trade("BNBUSDT", 7, START + 3 * HOUR, "buy 2 for 20 fee 0.0015 BNB")],
        }
        self.deposits = [deposit("D1", START, "500", "USDT"), deposit("D2", START + 40 * 24 * HOUR, "1.5", "ETH")]
        self.withdrawals = [withdrawal("W1", START + 100 * 24 * HOUR, "0.4", "0.005", "ETH")]
        self.dividends = [dividend(55, START + 50 * 24 * HOUR, "0.01000000", "BNB")]
        self.fiat: dict[str, list[Row]] = {
            "0": [fiat("F1", START, "100.00")],
            "1": [fiat("F2", START, "30.00", "1.00")],
        }
        self.conversions: list[Row] = []
        self.dust: list[Row] = []
        self.subscriptions: list[Row] = []
        self.redemptions: list[Row] = []
        self.rewards: list[Row] = []
        self.positions: list[Row] = []
        self.locked_subscriptions: list[Row] = []
        self.locked_redemptions: list[Row] = []
        self.locked_rewards: list[Row] = []
        self.locked: list[Row] | Reply = []
        self.balances: dict[str, str] = {
            "BTC": "0.01004",
            "USDT": "379.60",
            "BNB": "2.0085",
            "ETH": "1.095",
            "EUR": "69.00",
            "LTC": "0",
        }
        self.restrictions: Row = {
            "ipRestrict": True,
            "enableReading": True,
            "enableWithdrawals": False,
            "enableSpotAndMarginTrading": False,
        }
        refused = Reply({"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}, 401)
        self.futures: Any = refused
        self.margin: Any = refused
        self.isolated: Any = refused
        self.headers = {"X-MBX-USED-WEIGHT-1M": "40"}
        self.tickers: list[Row] = []
        self.klines: list[Any] = []
        self._routes: dict[str, Callable[[Asked], Any]] = {
            "/api/v3/time": lambda _: {"serverTime": NOW_NS // MILLISECOND},
            "/api/v3/exchangeInfo": lambda _: exchange_info(),
            "/api/v3/ticker/24hr": lambda _: self.tickers,
            "/api/v3/klines": lambda _: self.klines,
            "/api/v3/account": lambda _: self.account(),
            "/fapi/v2/account": lambda _: self.futures,
            "/sapi/v1/margin/account": lambda _: self.margin,
            "/sapi/v1/margin/isolated/account": lambda _: self.isolated,
            "/sapi/v1/simple-earn/locked/position": self._locked,
            "/sapi/v1/simple-earn/locked/history/subscriptionRecord": self._earn(lambda: self.locked_subscriptions),
            "/sapi/v1/simple-earn/locked/history/redemptionRecord": self._earn(lambda: self.locked_redemptions),
            "/sapi/v1/simple-earn/locked/history/rewardsRecord": self._earn(lambda: self.locked_rewards),
            "/api/v3/myTrades": self._my_trades,
            "/sapi/v1/account/apiRestrictions": lambda _: self.restrictions,
            "/sapi/v1/capital/deposit/hisrec": lambda one: self._between(one, self.deposits, "insertTime", 90),
            "/sapi/v1/capital/withdraw/history": lambda one: self._between(one, self.withdrawals, "applyTime", 90),
            "/sapi/v1/convert/tradeFlow": self._convert,
            "/sapi/v1/asset/dribblet": lambda one: self._listed(one, self.dust, "operateTime", "userAssetDribblets"),
            "/sapi/v1/asset/assetDividend": lambda one: self._listed(one, self.dividends, "divTime", "rows", 180),
            "/sapi/v1/fiat/orders": lambda one: _fiat(self.fiat[one.fields["transactionType"]], one),
            "/sapi/v1/fiat/payments": lambda one: _fiat([], one),
            "/sapi/v1/simple-earn/flexible/position": lambda one: _page(self.positions, one),
            "/sapi/v1/simple-earn/flexible/history/subscriptionRecord": self._earn(lambda: self.subscriptions),
            "/sapi/v1/simple-earn/flexible/history/redemptionRecord": self._earn(lambda: self.redemptions),
            "/sapi/v1/simple-earn/flexible/history/rewardsRecord": self._earn(lambda: self.rewards),
        }

    def account(self) -> Row:
        """Return the spot wallet; what is locked is part of it."""
        rows = [{"asset": coin, "free": free, "locked": "0"} for coin, free in self.balances.items()]
        return {"makerCommission": 10, "canWithdraw": True, "accountType": "SPOT", "balances": rows}

    def _answer(self, asked: Asked) -> Any:
        found = self._routes.get(asked.path)
        if found is None:
            return Reply({"code": -1000, "msg": f"no {asked.path}"}, 404)
        is_public = asked.path.rpartition("/")[2] in {"time", "exchangeInfo", "24hr", "klines"}
        if not is_public and not _is_signed(asked):
            return Reply({"code": -1022, "msg": "Signature for this request is not valid."}, 400)
        answer = found(asked)
        return answer if isinstance(answer, Reply) else Reply(answer, headers=self.headers)

    def _my_trades(self, asked: Asked) -> Any:
        if asked.fields["symbol"] not in MARKETS:
            return Reply({"code": -1121, "msg": "Invalid symbol."}, 400)
        first, limit = int(asked.fields["fromId"]), int(asked.fields["limit"])
        known = self.trades.get(asked.fields["symbol"], [])
        return [row for row in known if row["id"] >= first][: min(limit, 1_000)]

    def _locked(self, asked: Asked) -> Any:
        return self.locked if isinstance(self.locked, Reply) else _page(self.locked, asked)

    def _between(self, asked: Asked, rows: list[Row], key: str, days: int) -> Any:
        start, end = int(asked.fields["startTime"]), int(asked.fields["endTime"])
        if end - start >= days * DAY // MILLISECOND:
            return Reply({"code": -1127, "msg": f"More than {days} days between startTime and endTime."}, 400)
        found = [row for row in rows if start <= _milliseconds(row[key]) <= end]
        return found[: int(asked.fields.get("limit", "100"))]

    def _listed(self, asked: Asked, rows: list[Row], key: str, name: str, days: int = 36_500) -> Any:
        found = self._between(asked, rows, key, days)
        return found if isinstance(found, Reply) else {name: found, "total": len(found)}

    def _convert(self, asked: Asked) -> Any:
        found = self._between(asked, self.conversions, "createTime", 30)
        if isinstance(found, Reply):
            return found
        return {"list": found, "startTime": 0, "endTime": 0, "limit": 1_000, "moreData": False}

    def _earn(self, rows: Callable[[], list[Row]]) -> Callable[[Asked], Any]:
        def answer(asked: Asked) -> Any:
            wide = Asked(asked.method, asked.path, {**asked.fields, "limit": "100000"}, asked.headers)
            found = self._between(wide, rows(), "time", 90)
            if isinstance(found, Reply):
                return found
            kind = asked.fields.get("type")
            return _page([row for row in found if kind in {None, "ALL", row.get("type")}], asked)

        return answer


def exchange_info() -> Row:
    """Return all markets as the venue lists them."""
    symbols = [
        {
            "symbol": name,
            "status": "TRADING",
            "baseAsset": base,
            "baseAssetPrecision": 8,
            "quoteAsset": quote,
            "quotePrecision": 8,
            "quoteAssetPrecision": 8,
            "orderTypes": ["LIMIT", "MARKET"],
            "isSpotTradingAllowed": True,
            "isMarginTradingAllowed": False,
            "filters": [],
            "permissions": [],
            "permissionSets": [["SPOT"]],
        }
        for name, (base, quote) in MARKETS.items()
    ]
    return {"timezone": "UTC", "serverTime": NOW_NS // MILLISECOND, "rateLimits": [], "symbols": symbols}


def _milliseconds(value: Any) -> int:
    if isinstance(value, int):
        return value
    return int(datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp() * 1_000)


def _fiat(rows: list[Row], asked: Asked) -> Row:
    start, end = int(asked.fields["beginTime"]), int(asked.fields["endTime"])
    found = [row for row in rows if start <= row["createTime"] <= end]
    size, page = int(asked.fields["rows"]), int(asked.fields["page"])
    data = found[(page - 1) * size : page * size]
    return {"code": "000000", "message": "success", "data": data, "total": len(found), "success": True}


def _page(rows: list[Row], asked: Asked) -> Row:
    size, page = int(asked.fields["size"]), int(asked.fields["current"])
    return {"rows": rows[(page - 1) * size : page * size], "total": len(rows)}


def _is_signed(asked: Asked) -> bool:
    """Tell whether the signature is that of the fields in the order in which they were sent."""
    query = "&".join(f"{name}={value}" for name, value in asked.fields.items() if name != "signature")
    expected = hmac.new(SECRET.encode(), query.encode(), hashlib.sha256).hexdigest()
    return asked.fields.get("signature") == expected and asked.headers.get("x-mbx-apikey", "") != ""


def binance_case(server: SmallBinance, *, now_ns: int = NOW_NS) -> Case:
    """Return Binance for the contract."""
    return Case(
        venue="binance",
        server=server,
        credentials={"apiKey": "B" * 60 + "AAAA", "secret": SECRET},
        history_path="/capital/deposit/hisrec",
        balance_path="/api/v3/account",
        entries=1_011,
        held={
            "spot bitcoin 0.01004",
            "spot tether 379.60",
            "spot bnb 2.0085",
            "spot ethereum 1.095",
            "spot eur 69.00",
        },
        wrong_key=Reply({"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}, 401),
        too_many=lambda seconds: Reply({"code": -1003, "msg": "Too much."}, 429, {"Retry-After": str(seconds)}),
        wrong_clock=Reply({"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."}, 400),
        odd_shapes=(
            {"code": 0},
            {"balances": {}, "accountType": "SPOT"},
            {"balances": [{"asset": "BTC", "free": "1"}], "accountType": "SPOT"},
            {"balances": [{"asset": "BTC", "free": "one", "locked": "0"}], "accountType": "SPOT"},
            {"balances": [{"asset": "BTC", "free": "-1", "locked": "0"}], "accountType": "SPOT"},
            [{"asset": "BTC", "free": "1", "locked": "0"}],
        ),
        empty_balance={"accountType": "SPOT", "balances": [{"asset": "BTC", "free": "0.0", "locked": "0"}]},
        now_ns=now_ns,
    )
