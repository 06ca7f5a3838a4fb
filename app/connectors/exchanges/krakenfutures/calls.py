"""Kraken Futures' calls that we make: what each costs, and what a right answer looks like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.connectors.exchanges.base import Check, Endpoint, FaultRule, Trouble
from app.connectors.limits import BudgetSpec, Per

DERIVATIVES = "derivatives"
# Five hundred units in ten seconds, and what a call costs of them, are from memory.
BUDGETS = (BudgetSpec(DERIVATIVES, 500, 10.0, Per.KEY),)


def _success(inner: Check) -> Check:
    def check(data: Any) -> str:
        if not isinstance(data, Mapping) or data.get("result") != "success":
            return "an object with the result success is due"
        return inner(data)

    return check


def _accounts(data: Any) -> str:
    told = data.get("accounts")
    if not isinstance(told, Mapping):
        return "accounts are due"
    return next((f"the account {name} has no type" for name, one in told.items() if not _has(one, "type")), "")


def _positions(data: Any) -> str:
    told = data.get("openPositions")
    if not isinstance(told, list):
        return "openPositions are due"
    return "" if all(_has(one, "symbol", "side", "size", "price") for one in told) else "a position has no size"


def _has(one: Any, *keys: str) -> bool:
    return isinstance(one, Mapping) and all(key in one for key in keys)


ACCOUNTS = Endpoint(("private",), "accounts", {DERIVATIVES: 2}, check=_success(_accounts))
POSITIONS = Endpoint(("private",), "openpositions", {DERIVATIVES: 2}, check=_success(_positions))

ALL = (ACCOUNTS, POSITIONS)

_NEW_KEY = "Make a new key at Kraken Futures and enter it here; keys of Kraken's spot market are others."
FAULTS = (
    FaultRule("authenticationError", Trouble.CREDENTIALS, "refuses the key", _NEW_KEY),
    FaultRule("apiLimitExceeded", Trouble.RATE, "asks to wait: too many requests", penalty=10.0),
    FaultRule("nonceBelowThreshold|nonceDuplicate", Trouble.CLOCK, "refused the number of a request (nonce)"),
    FaultRule("[Uu]navailable|Server Error|unknownError", Trouble.AWAY, "is away or under maintenance"),
    FaultRule("accountInactive", Trouble.REFUSED, "says that the futures account is not active"),
)
