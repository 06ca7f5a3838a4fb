"""Binance's calls that we make: what each weighs, by whom that is counted, and the shape of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.connectors.exchanges.base import Check, Endpoint, FaultRule, Params, Trouble
from app.connectors.limits import BudgetSpec, Per

PUBLIC, PRIVATE, SAPI, FAPI, FAPI_PUBLIC = ("public",), ("private",), ("sapi",), ("fapiPrivateV2",), ("fapiPublic",)
_MINUTE = 60.0
_SYMBOL_WEIGHTS = ((20, 2.0), (100, 40.0))
_ALL_SYMBOLS = 80.0
_BOOK_WEIGHTS = ((100, 5.0), (500, 25.0), (1_000, 50.0))


def _listed(value: Any, *keys: str) -> str:
    """Check a list of objects that have keys."""
    if not isinstance(value, list):
        return "a list is due"
    for row in value:
        if not isinstance(row, Mapping):
            return "a row is no object"
        missing = [key for key in keys if key not in row]
        if missing:
            return f"a row has no {missing[0]}"
    return ""


def _rows(value: Any) -> str:
    """Check a list of lists."""
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        return "a list of rows is due"
    return ""


def _list_of(*keys: str) -> Check:
    return lambda data: _listed(data, *keys)


def _inside(key: str, *keys: str) -> Check:
    """Check an object that holds a list under a key."""

    def check(data: Any) -> str:
        if not isinstance(data, Mapping) or key not in data:
            return f"an object with {key} is due"
        return _listed(data[key], *keys)

    return check


def _fiat(data: Any) -> str:
    if not isinstance(data, Mapping) or data.get("success") is not True:
        return "an object with success true is due"
    # An account without any such row is answered without data.
    return "" if data.get("data") is None else _listed(data["data"], "orderNo", "status")


def _convert(data: Any) -> str:
    wrong = _inside("list", "orderId", "orderStatus")(data)
    return wrong or ("" if isinstance(data.get("moreData"), bool) else "moreData is due")


def _account(data: Any) -> str:
    wrong = _inside("balances", "asset", "free", "locked")(data)
    return wrong or ("" if "accountType" in data else "accountType is due")


def _futures(data: Any) -> str:
    return _inside("assets", "asset", "walletBalance")(data) or _inside("positions", "symbol", "positionAmt")(data)


def _margin(data: Any) -> str:
    return _inside("userAssets", "asset", "free", "locked", "borrowed", "interest")(data)


def _isolated(data: Any) -> str:
    wrong = _inside("assets", "symbol", "baseAsset", "quoteAsset")(data)
    if wrong:
        return wrong
    sides = [row[side] for row in data["assets"] for side in ("baseAsset", "quoteAsset")]
    return _listed(sides, "asset", "free", "locked", "borrowed", "interest")


def _restrictions(data: Any) -> str:
    keys = ("enableReading", "enableWithdrawals", "enableSpotAndMarginTrading")
    if not isinstance(data, Mapping):
        return "an object is due"
    return next((f"{key} is due as true or false" for key in keys if not isinstance(data.get(key), bool)), "")


def _time(data: Any) -> str:
    return "" if isinstance(data, Mapping) and isinstance(data.get("serverTime"), int) else "serverTime is due"


def _depth(data: Any) -> str:
    if not isinstance(data, Mapping) or not isinstance(data.get("lastUpdateId"), int):
        return "lastUpdateId is due as a number"
    return next((f"{side} is due as a list" for side in ("bids", "asks") if not isinstance(data.get(side), list)), "")


def ticker_weight(params: Params) -> Mapping[str, float]:
    """Return the weight of a round of tickers, by how many symbols it names."""
    if "symbol" in params:
        return {"address": 2.0}
    named = params.get("symbols")
    count = named.count(",") + 1 if isinstance(named, str) else len(named or ())
    return {"address": next((weight for most, weight in _SYMBOL_WEIGHTS if 0 < count <= most), _ALL_SYMBOLS)}


def depth_weight(params: Params) -> Mapping[str, float]:
    """Return the weight of an order book, by how many levels of it are asked for."""
    asked = int(params.get("limit", 100))
    return {"address": next((weight for most, weight in _BOOK_WEIGHTS if asked <= most), 250.0)}


def _earned(product: str, record: str, budget: str, amount: str = "amount") -> Endpoint:
    """Return a history of simple earn; each has a budget of its own."""
    path = f"simple-earn/{product}/history/{record}Record"
    return Endpoint(SAPI, path, {budget: 150}, check=_inside("rows", "asset", amount, "time"))


_ADDRESS_BUDGETS = (
    "wallet", "dividends", "subscriptions", "redemptions", "rewards", "positions",
    "locked", "locked-subscriptions", "locked-redemptions", "locked-rewards", "margin", "isolated",
)  # fmt: skip

BUDGETS = (
    BudgetSpec("address", 6_000, _MINUTE, Per.ADDRESS, is_window=True),
    BudgetSpec("futures", 2_400, _MINUTE, Per.ADDRESS, is_window=True),
    # Each /sapi call has a budget of its own.
    *(BudgetSpec(name, 12_000, _MINUTE, Per.ADDRESS, is_window=True) for name in _ADDRESS_BUDGETS),
    *(BudgetSpec(name, 180_000, _MINUTE, Per.KEY, is_window=True) for name in ("convert", "fiat")),
    BudgetSpec("withdrawals", 180_000, 1.0, Per.KEY, is_window=True),
)

TIME = Endpoint(PUBLIC, "time", {"address": 1}, check=_time)
EXCHANGE_INFO = Endpoint(PUBLIC, "exchangeInfo", {"address": 20}, check=_inside("symbols", "symbol", "status"))
TICKERS = Endpoint(PUBLIC, "ticker/24hr", {"address": 80}, cost_of=ticker_weight)
DEPTH = Endpoint(PUBLIC, "depth", {"address": 250}, cost_of=depth_weight, check=_depth)
KLINES = Endpoint(PUBLIC, "klines", {"address": 2})
ACCOUNT = Endpoint(PRIVATE, "account", {"address": 20}, check=_account)
MY_TRADES = Endpoint(PRIVATE, "myTrades", {"address": 20}, check=_list_of("symbol", "id", "price", "qty", "time"))
RESTRICTIONS = Endpoint(SAPI, "account/apiRestrictions", {"wallet": 1}, check=_restrictions)
DEPOSITS = Endpoint(
    SAPI, "capital/deposit/hisrec", {"wallet": 1}, check=_list_of("amount", "coin", "status", "insertTime")
)
WITHDRAWALS = Endpoint(
    SAPI, "capital/withdraw/history", {"withdrawals": 18_000}, check=_list_of("id", "amount", "coin", "status")
)
CONVERT = Endpoint(SAPI, "convert/tradeFlow", {"convert": 3_000}, check=_convert)
DRIBBLET = Endpoint(SAPI, "asset/dribblet", {"wallet": 1}, check=_inside("userAssetDribblets", "transId"))
DIVIDENDS = Endpoint(SAPI, "asset/assetDividend", {"dividends": 10}, check=_inside("rows", "asset", "amount"))
FIAT_ORDERS = Endpoint(SAPI, "fiat/orders", {"fiat": 90_000}, check=_fiat)
FIAT_PAYMENTS = Endpoint(SAPI, "fiat/payments", {"wallet": 1}, check=_fiat)
SUBSCRIPTIONS = _earned("flexible", "subscription", "subscriptions")
REDEMPTIONS = _earned("flexible", "redemption", "redemptions")
REWARDS = _earned("flexible", "rewards", "rewards", amount="rewards")
POSITIONS = Endpoint(
    SAPI, "simple-earn/flexible/position", {"positions": 150}, check=_inside("rows", "asset", "totalAmount")
)
# Weights of the next six are from memory.
LOCKED_SUBSCRIPTIONS = _earned("locked", "subscription", "locked-subscriptions")
LOCKED_REDEMPTIONS = _earned("locked", "redemption", "locked-redemptions")
LOCKED_REWARDS = _earned("locked", "rewards", "locked-rewards")
LOCKED = Endpoint(SAPI, "simple-earn/locked/position", {"locked": 150}, check=_inside("rows", "asset", "amount"))
MARGIN = Endpoint(SAPI, "margin/account", {"margin": 10}, check=_margin)
ISOLATED = Endpoint(SAPI, "margin/isolated/account", {"isolated": 10}, check=_isolated)
PERPETUAL_DEPTH = Endpoint(FAPI_PUBLIC, "depth", {"futures": 20}, check=_depth)
PERPETUAL_KLINES = Endpoint(FAPI_PUBLIC, "klines", {"futures": 1}, check=_rows)
FUTURES = Endpoint(FAPI, "account", {"futures": 5}, check=_futures)

ALL = (
    TIME,
    EXCHANGE_INFO,
    TICKERS,
    DEPTH,
    KLINES,
    ACCOUNT,
    MY_TRADES,
    RESTRICTIONS,
    DEPOSITS,
    WITHDRAWALS,
    CONVERT,
    DRIBBLET,
    DIVIDENDS,
    FIAT_ORDERS,
    FIAT_PAYMENTS,
    SUBSCRIPTIONS,
    REDEMPTIONS,
    REWARDS,
    POSITIONS,
    LOCKED_SUBSCRIPTIONS,
    LOCKED_REDEMPTIONS,
    LOCKED_REWARDS,
    LOCKED,
    MARGIN,
    ISOLATED,
    PERPETUAL_DEPTH,
    PERPETUAL_KLINES,
    FUTURES,
)

_NEW_KEY = "Make a new key at Binance and enter it here."
FAULTS = (
    FaultRule(r'"code":\s*-2015\b', Trouble.CREDENTIALS, "refuses the key, its address or its rights", _NEW_KEY),
    FaultRule(r'"code":\s*-20(08|14)\b', Trouble.CREDENTIALS, "does not know this API key", _NEW_KEY),
    FaultRule(r'"code":\s*-1022\b', Trouble.CREDENTIALS, "says that the secret does not fit the key", _NEW_KEY),
    FaultRule(r'"code":\s*-1002\b', Trouble.CREDENTIALS, "says that the key may not ask this", _NEW_KEY),
    FaultRule(r'"code":\s*-1021\b', Trouble.CLOCK, "says that this computer's clock is off"),
    FaultRule(r'"code":\s*-1003\b', Trouble.RATE, "has shut this address out for a while", status=418, penalty=120.0),
    FaultRule(r'"code":\s*-10(03|15)\b', Trouble.RATE, "asks to wait: too many requests", penalty=60.0),
    FaultRule(r'"code":\s*-10(00|01|06|07|08|16)\b', Trouble.AWAY, "could not answer just now"),
    # From memory: no wallet was ever opened for cross margin, or for an isolated pair.
    FaultRule(r'"code":\s*-(3003|11001)\b', Trouble.NONE_THERE, "has no such margin account of this person"),
    FaultRule(r'"code":\s*-3044\b', Trouble.AWAY, "is busy"),
    FaultRule(r"restricted location", Trouble.REFUSED, "does not serve this place", status=451),
    FaultRule(r'"code":\s*-\d+', Trouble.REFUSED, "does not answer this question"),
)
