"""Kraken's calls: what each costs, and what a right answer looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.connectors.exchanges.base import Check, Endpoint

COUNTER, PUBLIC = "calls", "public"

_LEDGER_FIELDS = ("time", "type", "asset", "amount")


def _result(inner: Callable[[Any], str]) -> Check:
    def check(data: Any) -> str:
        if not isinstance(data, Mapping) or "result" not in data:
            return "it has no result"
        return inner(data["result"])

    return check


def _by_name(result: Any, *fields: str) -> str:
    """Check an object of objects that all have some fields; an empty list stands for an empty object."""
    if result == []:
        return ""
    if not isinstance(result, Mapping):
        return "its result is not an object"
    for name, row in result.items():
        missing = [field for field in fields if not isinstance(row, Mapping) or field not in row]
        if missing:
            return f"{name} has no {missing[0]}"
    return ""


def _ledgers(result: Any) -> str:
    if not isinstance(result, Mapping) or "ledger" not in result:
        return "it has no ledger"
    return _by_name(result["ledger"], *_LEDGER_FIELDS)


def _items(result: Any, field: str) -> str:
    rows = result.get("items") if isinstance(result, Mapping) else None
    if not isinstance(rows, list):
        return "it has no items"
    return "" if all(isinstance(row, Mapping) and field in row for row in rows) else f"an item has no {field}"


def _key_info(result: Any) -> str:
    return (
        "" if isinstance(result, Mapping) and isinstance(result.get("permissions"), list) else "it has no permissions"
    )


def _time(result: Any) -> str:
    is_told = isinstance(result, Mapping) and isinstance(result.get("unixtime"), int)
    return "" if is_told else "it has no unixtime"


def _candles(result: Any) -> str:
    is_told = isinstance(result, Mapping) and any(isinstance(value, list) for value in result.values())
    return "" if is_told else "it has no candles"


def _some(result: Any, *fields: str) -> str:
    return _by_name(result, *fields) if result else "it names nothing"


def transfer_rows(result: Any) -> Sequence[Mapping[str, Any]]:
    """Return the rows of deposits or withdrawals, in one list or in the pages of a cursor."""
    if isinstance(result, Mapping):
        result = next((value for value in result.values() if isinstance(value, list)), [])
    return [row for row in result or [] if isinstance(row, Mapping)]


def _private(path: str, cost: float, check: Check) -> Endpoint:
    return Endpoint(("private",), path, {COUNTER: cost}, method="POST", check=check)


def _public(path: str, check: Check) -> Endpoint:
    return Endpoint(("public",), path, {PUBLIC: 1}, check=check)


LEDGERS = _private("Ledgers", 2, _result(_ledgers))
BALANCES = _private("BalanceEx", 1, _result(lambda result: _by_name(result, "balance")))
OPEN_POSITIONS = _private("OpenPositions", 1, _result(lambda result: _by_name(result, "pair", "type", "vol", "cost")))
ALLOCATIONS = _private("Earn/Allocations", 1, _result(lambda result: _items(result, "native_asset")))
STRATEGIES = _private("Earn/Strategies", 1, _result(lambda result: _items(result, "id")))
KEY_INFO = _private("GetApiKeyInfo", 1, _result(_key_info))
DEPOSITS = _private("DepositStatus", 1, _result(lambda _: ""))
WITHDRAWALS = _private("WithdrawStatus", 1, _result(lambda _: ""))
TIME = _public("Time", _result(_time))
ASSETS = _public("Assets", _result(lambda result: _some(result, "altname")))
PAIRS = _public("AssetPairs", _result(lambda result: _some(result, "base", "quote")))
TICKER = _public("Ticker", _result(lambda result: _some(result, "c")))
CANDLES = _public("OHLC", _result(_candles))

ALL = (
    LEDGERS, BALANCES, OPEN_POSITIONS, ALLOCATIONS, STRATEGIES, KEY_INFO, DEPOSITS, WITHDRAWALS, TIME, ASSETS, PAIRS,
    TICKER, CANDLES,
)  # fmt: skip
