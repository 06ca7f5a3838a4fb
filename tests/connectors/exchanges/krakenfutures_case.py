"""A small Kraken Futures: wallets of each kind, and positions, told to whoever signs as the venue asks."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from tests.connectors.exchanges.contract import SECRET_MARK, Case
from tests.connectors.exchanges.scripted import Asked, Reply, ScriptedVenue

NOW_NS = 1_700_000_000 * 10**9
SECRET = SECRET_MARK * 11


class SmallKrakenFutures(ScriptedVenue):
    """Answers as Kraken Futures does, from wallets and rows that a test may change."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.accounts: dict[str, Any] = {
            "cash": {"type": "cashAccount", "balances": {"xbt": "0.25", "eur": "0.0"}},
            "fi_xbtusd": {
                "type": "marginAccount",
                "currency": "xbt",
                "balances": {"fi_xbtusd": "1000", "xbt": "0.5"},
                "auxiliary": {"usd": 0, "pv": 0.51, "pnl": 0.01, "af": 0.4, "funding": 0},
            },
            "flex": {
                "type": "multiCollateralMarginAccount",
                "currencies": {"USD": {"quantity": "2500.5", "value": "2500.5", "collateral": "2500.5"}},
                "portfolioValue": "2500.5",
            },
        }
        self.positions: list[Any] = []

    def _answer(self, asked: Asked) -> Any:
        answers: dict[str, dict[str, Any]] = {
            "/derivatives/api/v3/accounts": {"accounts": self.accounts},
            "/derivatives/api/v3/openpositions": {"openPositions": self.positions},
        }
        if asked.path not in answers:
            return Reply({"result": "error", "error": "notFound"}, 404)
        if not _is_signed(asked):
            return {"result": "error", "error": "authenticationError", "serverTime": "2023-11-14T22:13:20.000Z"}
        return {"result": "success", "serverTime": "2023-11-14T22:13:20.000Z", **answers[asked.path]}


def _is_signed(asked: Asked) -> bool:
    """Tell whether the signature is that of the path: SHA-256 of fields and path, then HMAC-SHA-512."""
    path = asked.path.removeprefix("/derivatives")
    digest = hashlib.sha256(path.encode()).digest()
    expected = base64.b64encode(hmac.new(base64.b64decode(SECRET), digest, hashlib.sha512).digest()).decode()
    return asked.headers.get("authent") == expected and asked.headers.get("apikey", "") != ""


def krakenfutures_case(server: SmallKrakenFutures) -> Case:
    """Return Kraken Futures as a case; it has no history, so the contract of histories does not hold for it."""
    return Case(
        venue="krakenfutures",
        server=server,
        credentials={"apiKey": "F" * 40 + "AAAA", "secret": SECRET},
        history_path="/accounts",
        balance_path="/accounts",
        entries=0,
        held=set(),
        wrong_key=Reply({"result": "error", "error": "authenticationError"}),
        too_many=lambda seconds: Reply(
            {"result": "error", "error": "apiLimitExceeded"}, 429, {"Retry-After": str(seconds)}
        ),
        wrong_clock=Reply({"result": "error", "error": "nonceBelowThreshold"}),
        odd_shapes=({"result": "success"}, {"result": "success", "accounts": [1]}, {"accounts": {}}, [1, 2]),
        empty_balance={"result": "success", "accounts": {}},
        now_ns=NOW_NS,
    )
