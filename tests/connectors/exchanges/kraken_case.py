"""A small Kraken: a ledger with every kind of row, in pages of fifty, newest first."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tests.connectors.exchanges.contract import SECRET_MARK, Case
from tests.connectors.exchanges.scripted import Asked, Reply, ScriptedVenue

START = 1_700_000_000
NOW_NS = (START + 400_000) * 10**9
PAGE = 50


def row(refid: str, at: float | str, kind: str, asset: str, amount: str, **more: str) -> dict[str, Any]:
    """Return a ledger row as Kraken writes it."""
    return {
        "refid": refid,
        "time": Decimal(str(at)),
        "type": kind,
        "subtype": "",
        "aclass": "currency",
        "asset": asset,
        "amount": amount,
        "fee": "0.0000000000",
        "balance": "0.0000000000",
    } | more


def trades(count: int, first: int = START + 1000) -> list[tuple[str, dict[str, Any]]]:
    """Return both rows of so many trades, oldest first."""
    rows: list[tuple[str, dict[str, Any]]] = []
    for number in range(count):
        at = f"{first + number * 60}.{number % 10}123"
        rows.append((f"LE{number:04}", row(f"T{number:04}", at, "trade", "ZUSD", "-100.0000", fee="0.2600")))
        rows.append((f"LB{number:04}", row(f"T{number:04}", at, "trade", "XXBT", "0.0025000000")))
    return rows


def ledger() -> list[tuple[str, dict[str, Any]]]:
    """Return 171 rows of 89 events, oldest first; both rows of a trade straddle the edge of a page."""
    return [
        ("L1", row("D1", START + 0.25, "deposit", "ZUSD", "50000.0000")),
        ("L2", row("D2", START + 10.5, "deposit", "XETH", "2.5000000000", fee="0.0010000000")),
        *trades(80),
        ("L3", row("S1", START + 90_000.1, "spend", "ZUSD", "-10.0000", fee="0.0500")),
        ("L4", row("S1", START + 90_000.1001, "receive", "DOT", "1.5000000000")),
        ("L5", row("E1", START + 90_100.5, "earn", "DOT", "-1.0000000000", subtype="allocation")),
        ("L6", row("E1", START + 90_100.5, "earn", "DOT.F", "1.0000000000", subtype="allocation")),
        ("L7", row("E2", START + 90_200.5, "earn", "DOT.F", "0.0100000000", subtype="reward", fee="0.0010000000")),
        ("L8", row("K1", START + 90_300.5, "staking", "ETH2.S", "0.0005000000")),
        ("L9", row("W1", START + 90_400.75, "withdrawal", "XXBT", "-0.1000000000", fee="0.0000200000")),
    ]


KEY_INFO = {"permissions": ["query-funds", "query-ledger", "query-open-trades"], "apiKeyName": "read"}
BALANCES = {
    "ZUSD": {"balance": "41969.1500", "hold_trade": "0.0000"},
    "XXBT": {"balance": "0.0999800000", "hold_trade": "0.0000000000"},
    "XETH": {"balance": "2.4990000000", "hold_trade": "0.0000000000"},
    "ETH2.S": {"balance": "0.0005000000", "hold_trade": "0.0000000000"},
    "DOT": {"balance": "0.5000000000", "hold_trade": "0.0000000000"},
    "DOT.F": {"balance": "1.0090000000", "hold_trade": "0.0000000000"},
    "XXDG": {"balance": "0.0000000000", "hold_trade": "0.0000000000"},
}
HELD = {
    "spot usd 41969.1500",
    "spot bitcoin 0.0999800000",
    "spot ethereum 2.4990000000",
    "staked ethereum 0.0005000000",
    "spot polkadot 0.5000000000",
    "earn polkadot 1.0090000000",
}
PAIRS = {
    "XXBTZUSD": {
        "altname": "XBTUSD", "wsname": "XBT/USD", "aclass_base": "currency", "base": "XXBT", "aclass_quote": "currency",
        "quote": "ZUSD", "pair_decimals": 1, "lot_decimals": 8, "lot_multiplier": 1, "leverage_buy": [],
        "leverage_sell": [], "fees": [[0, 0.26]], "fees_maker": [[0, 0.16]], "ordermin": "0.0001", "status": "online",
    },
    "USDTZUSD": {
        "altname": "USDTUSD", "wsname": "USDT/USD", "aclass_base": "currency", "base": "USDT",
        "aclass_quote": "currency", "quote": "ZUSD", "pair_decimals": 5, "lot_decimals": 8, "lot_multiplier": 1,
        "leverage_buy": [], "leverage_sell": [], "fees": [[0, 0.26]], "fees_maker": [[0, 0.16]], "ordermin": "5",
        "status": "online",
    },
}  # fmt: skip
ASSETS = {
    name: {"aclass": "currency", "altname": alt, "decimals": 10, "display_decimals": 5, "status": "enabled"}
    for name, alt in {"XXBT": "XBT", "ZUSD": "USD", "USDT": "USDT", "DOT": "DOT", "DOT.F": "DOT.F"}.items()
}
TICKER = {
    "XXBTZUSD": {"a": ["100001.0", "1", "1.0"], "b": ["99999.0", "1", "1.0"], "c": ["100000.12345678901", "0.1"],
                 "v": ["1", "2"], "p": ["1", "2"], "t": [1, 2], "l": ["1", "2"], "h": ["1", "2"], "o": "99000.0"},
    "USDTZUSD": {"a": ["1.0001", "1", "1.0"], "b": ["0.9999", "1", "1.0"], "c": ["0.99990", "0.1"],
                 "v": ["1", "2"], "p": ["1", "2"], "t": [1, 2], "l": ["1", "2"], "h": ["1", "2"], "o": "1.0"},
}  # fmt: skip


class SmallKraken(ScriptedVenue):
    """Answers as Kraken does, from rows that a test may add to."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.rows = ledger()
        self.results: dict[str, Any] = {
            "BalanceEx": BALANCES,
            "GetApiKeyInfo": KEY_INFO,
            "DepositStatus": {"deposits": [], "next_cursor": None},
            "WithdrawStatus": {"withdrawals": [], "next_cursor": None},
            "Time": {"unixtime": NOW_NS // 10**9, "rfc1123": ""},
            "AssetPairs": PAIRS,
            "Assets": ASSETS,
            "Ticker": TICKER,
        }

    def _answer(self, asked: Asked) -> Any:
        name = asked.path.rpartition("/")[2]
        if name == "Ledgers":
            return Reply(_text({"error": [], "result": self._ledgers(asked.fields)}))
        if name not in self.results:
            return {"error": ["EGeneral:Unknown method"]}
        return Reply(_text({"error": [], "result": self.results[name]}))

    def _ledgers(self, fields: dict[str, str]) -> Any:
        start, end, ofs = Decimal(fields["start"]), Decimal(fields["end"]), int(fields["ofs"])
        found = [
            (name, one)
            for name, one in self.rows
            if start < one["time"] <= end
            and fields.get("type", one["type"]) == one["type"]
            and fields.get("asset", one["asset"]) == one["asset"]
        ]
        newest = sorted(found, key=lambda pair: pair[1]["time"], reverse=True)
        return {"ledger": dict(newest[ofs : ofs + PAGE]), "count": len(found)}


def _text(value: Any) -> str:
    """Return JSON in which decimals are numbers with all their digits."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{','.join(map(_text, value))}]"
    return json.dumps(value)


def kraken_case(server: SmallKraken) -> Case:
    """Return Kraken for the contract."""
    return Case(
        venue="kraken",
        server=server,
        credentials={"apiKey": "K" * 40 + "AAAA", "secret": SECRET_MARK * 11},
        history_path="/private/Ledgers",
        balance_path="/private/BalanceEx",
        entries=87,
        held=HELD,
        wrong_key=Reply({"error": ["EAPI:Invalid key"]}),
        too_many=lambda seconds: Reply({"error": ["EAPI:Rate limit exceeded"]}, 429, {"Retry-After": str(seconds)}),
        wrong_clock=Reply({"error": ["EAPI:Invalid nonce"]}),
        odd_shapes=({"error": []}, {"code": 0}, {"error": [], "result": {"ZUSD": {"total": "1"}}}, [1, 2]),
        empty_balance={"error": [], "result": {}},
        now_ns=NOW_NS,
    )
