"""Coinbase's calls that we make, the budgets they draw on, and the shape of their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.connectors.exchanges.base import Check, Endpoint, FaultRule, Trouble
from app.connectors.limits import BudgetSpec, Per

_V2, _V3, _V3_PUBLIC = ("v2", "private"), ("v3", "private"), ("v3", "public")


def _listed(key: str, *keys: str) -> Check:
    """Check an object that holds a list of objects under a key."""

    def check(data: Any) -> str:
        if not isinstance(data, Mapping) or not isinstance(data.get(key), list):
            return f"an object with the list {key} is due"
        for row in data[key]:
            if not isinstance(row, Mapping):
                return f"a row of {key} is no object"
            missing = [name for name in keys if name not in row]
            if missing:
                return f"a row of {key} has no {missing[0]}"
        return ""

    return check


def _paged(*keys: str) -> Check:
    """Check a page of the older interface, which says where it goes on."""
    listed = _listed("data", *keys)

    def check(data: Any) -> str:
        wrong = listed(data)
        return wrong or ("" if isinstance(data.get("pagination"), Mapping) else "pagination is due")

    return check


def _permissions(data: Any) -> str:
    if not isinstance(data, Mapping):
        return "an object is due"
    keys = ("can_view", "can_trade", "can_transfer")
    return next((f"{key} is due as true or false" for key in keys if not isinstance(data.get(key), bool)), "")


def _product(data: Any) -> str:
    return "" if isinstance(data, Mapping) and "product_id" in data else "an object with product_id is due"


def _balance_summary(data: Any) -> str:
    is_told = isinstance(data, Mapping) and "balance_summary" in data
    return "" if is_told else "an object with balance_summary is due"


def _time(data: Any) -> str:
    is_there = isinstance(data, Mapping) and str(data.get("epochMillis", "")).isdecimal()
    return "" if is_there else "epochMillis is due"


BUDGETS = (
    BudgetSpec("trading", 30, 1.0, Per.KEY),
    BudgetSpec("public", 10, 1.0, Per.ADDRESS),
    BudgetSpec("wallets", 10_000, 3_600.0, Per.KEY),
)

TIME = Endpoint(_V3_PUBLIC, "brokerage/time", {"public": 1}, check=_time)
PRODUCTS = Endpoint(_V3_PUBLIC, "brokerage/market/products", {"public": 1}, check=_listed("products", "product_id"))
CANDLES = Endpoint(
    _V3_PUBLIC,
    "brokerage/market/products/{product_id}/candles",
    {"public": 1},
    check=_listed("candles", "start", "open", "close"),
)
ACCOUNTS = Endpoint(
    _V3,
    "brokerage/accounts",
    {"trading": 1},
    check=_listed("accounts", "uuid", "currency", "available_balance", "hold"),
)
FILLS = Endpoint(
    _V3,
    "brokerage/orders/historical/fills",
    {"trading": 1},
    check=_listed("fills", "trade_id", "trade_time", "price", "size", "product_id"),
)
PERMISSIONS = Endpoint(_V3, "brokerage/key_permissions", {"trading": 1}, check=_permissions)
WALLETS = Endpoint(_V2, "accounts", {"wallets": 1}, check=_paged("id", "currency", "balance"))
TRANSACTIONS = Endpoint(
    _V2, "accounts/{account_id}/transactions", {"wallets": 1}, check=_paged("id", "type", "status", "amount")
)

PRODUCT = Endpoint(_V3_PUBLIC, "brokerage/market/products/{product_id}", {"public": 1}, check=_product)
CFM_BALANCE = Endpoint(_V3, "brokerage/cfm/balance_summary", {"trading": 1}, check=_balance_summary)
CFM_POSITIONS = Endpoint(
    _V3, "brokerage/cfm/positions", {"trading": 1}, check=_listed("positions", "product_id", "number_of_contracts")
)

ALL = (
    TIME, PRODUCTS, PRODUCT, CANDLES, ACCOUNTS, FILLS, PERMISSIONS, CFM_BALANCE, CFM_POSITIONS, WALLETS, TRANSACTIONS,
)  # fmt: skip

_NEW_KEY = "Make a new key with the right View at Coinbase and enter it here."
FAULTS = (
    FaultRule(r"request timestamp expired|token is not valid yet", Trouble.CLOCK, "finds this computer's clock off"),
    FaultRule(
        r"authentication_error|(invalid|expired|revoked)_token|invalid api key|Unauthorized",
        Trouble.CREDENTIALS,
        "refuses the key",
        _NEW_KEY,
    ),
    FaultRule(
        r"invalid_scope|PERMISSION_DENIED|Missing required scopes",
        Trouble.CREDENTIALS,
        "asks for a right that the key lacks",
        _NEW_KEY,
    ),
    FaultRule(r"rate_limit_exceeded|RESOURCE_EXHAUSTED", Trouble.RATE, "asks to wait: too many requests"),
    FaultRule(r"internal_server_error|UNAVAILABLE", Trouble.AWAY, "could not answer just now"),
    FaultRule(r"not_found|NOT_FOUND", Trouble.REFUSED, "does not have what was asked for", status=404),
)
