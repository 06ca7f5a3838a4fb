"""Frames as Binance's sockets write them, with numbers of our own."""

from __future__ import annotations

import json
from typing import Any

from app.bootstrap import ASSETS
from app.core.model.registry import StaticAssetRegistry

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


def wrapped(stream: str, data: dict[str, Any]) -> bytes:
    return json.dumps({"stream": stream, "data": data}, separators=(",", ":")).encode()


def spot_quote(number: int, bid: str, ask: str, symbol: str = "BTCUSDT") -> bytes:
    data = {"u": number, "s": symbol, "b": bid, "B": "1.50000000", "a": ask, "A": "2.50000000"}
    return wrapped(f"{symbol.lower()}@bookTicker", data)


def swap_quote(number: int, bid: str, ask: str, at_ms: int, symbol: str = "BTCUSDT") -> bytes:
    data = {"e": "bookTicker", "u": number, "s": symbol, "b": bid, "B": "2.507", "a": ask, "A": "2.510"}
    return wrapped(f"{symbol.lower()}@bookTicker", data | {"T": at_ms, "E": at_ms})


def trade(number: int, price: str, at_ms: int, size: str = "0.02000000", symbol: str = "BTCUSDT") -> bytes:
    data = {"e": "trade", "E": at_ms + 1, "s": symbol, "t": number, "p": price, "q": size, "T": at_ms}
    return wrapped(f"{symbol.lower()}@trade", data | {"m": True, "M": True})


def change(first: int, last: int, bids: list[list[str]], at_ms: int, before: int | None = None) -> bytes:
    data: dict[str, Any] = {"e": "depthUpdate", "E": at_ms, "s": "BTCUSDT", "U": first, "u": last}
    if before is not None:
        data["pu"] = before
    return wrapped("btcusdt@depth@100ms", data | {"b": bids, "a": []})


def snapshot(number: int) -> bytes:
    document = {"lastUpdateId": number, "bids": [["99.00", "1.0"]], "asks": [["101.00", "1.0"]]}
    return json.dumps(document, separators=(",", ":")).encode()


REGISTRY = StaticAssetRegistry.from_json(ASSETS.read_text("utf-8"))
