"""Frames of Binance's spot and USD-M sockets: bookTicker, trade, depthUpdate, and the REST snapshot of a book.

Both wrap their frames the same way. USD-M frames are told by what only they have: a name on bookTicker, the number of
the change before on depthUpdate, the kind of order on trade, the time of the matching engine in a snapshot.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from app.core.clock import MILLISECOND
from app.core.feed_ports import FrameLine, FrameMarket
from app.core.model.market import Instrument
from app.core.ports import AssetRegistry

SPOT, FUTURES = "binance", "binance-usdm"
NOT_JSON, MALFORMED, UNKNOWN = "no JSON", "a field is missing or of another kind", "of an unknown kind"
NAMELESS = "a book without its instrument"
UNSPLIT = "a symbol whose quote is unknown"

_QUOTES = (
    "FDUSD", "USDT", "USDC", "TUSD", "BUSD", "USD1", "USDS", "BTC", "ETH", "BNB", "EUR", "GBP", "TRY", "BRL", "JPY",
    "AUD", "PLN", "MXN", "ARS", "ZAR", "UAH", "RON", "CZK", "DAI", "USD",
)  # fmt: skip
"""What markets there are quoted in; a symbol ends with one of them."""

_Reader = Callable[[dict[str, Any], bytes, int], None]


class BinanceFrames:
    """Understands frames; what it cannot understand is counted by why."""

    def __init__(self, market: FrameMarket, assets: AssetRegistry) -> None:
        self._market, self._assets = market, assets
        self._spot: dict[str, FrameLine] = {}
        self._futures: dict[str, FrameLine] = {}
        self._newest: dict[bytes, FrameLine] = {}
        """The instrument that a source told last: a snapshot does not name its own."""

        self._readers: dict[str | None, _Reader] = {
            None: self._bare,
            "bookTicker": self._futures_quote,
            "trade": self._trade,
            "depthUpdate": self._change,
        }

    def take(self, source: bytes, received_ns: int, payload: bytes) -> None:
        """Take one frame."""
        try:
            frame = orjson.loads(payload)
            data = frame.get("data", frame)
            reader = self._readers.get(data.get("e"))
            if reader is None:
                self._market.unreadable[UNKNOWN] += 1
                return
            reader(data, source, received_ns)
            self._market.frames += 1
        except orjson.JSONDecodeError:
            self._market.unreadable[NOT_JSON] += 1
        except _UnreadableError as error:
            self._market.unreadable[error.args[0]] += 1
        except (KeyError, TypeError, AttributeError, ValueError):
            self._market.unreadable[MALFORMED] += 1

    def _bare(self, data: dict[str, Any], source: bytes, received_ns: int) -> None:
        """Read what has no name: a quote of the spot market, or the snapshot of a book."""
        if "lastUpdateId" in data:
            self._snapshot(data, source)
            return
        symbol = data["s"]
        line = self._spot.get(symbol) or self._opened(symbol, is_futures=False)
        self._newest[source] = line
        line.quote(_whole(data["u"]), 0, received_ns, (data["b"], data["B"], data["a"], data["A"]))

    def _futures_quote(self, data: dict[str, Any], source: bytes, received_ns: int) -> None:
        symbol = data["s"]
        line = self._futures.get(symbol) or self._opened(symbol, is_futures=True)
        self._newest[source] = line
        quote = (data["b"], data["B"], data["a"], data["A"])
        line.quote(_whole(data["u"]), _whole(data["E"]) * MILLISECOND, received_ns, quote)

    def _trade(self, data: dict[str, Any], source: bytes, received_ns: int) -> None:
        symbol = data["s"]
        is_futures = "X" in data
        line = (self._futures if is_futures else self._spot).get(symbol) or self._opened(symbol, is_futures=is_futures)
        self._newest[source] = line
        line.trade(_whole(data["t"]), _whole(data["T"]) * MILLISECOND, received_ns, data["p"], data["q"])

    def _change(self, data: dict[str, Any], source: bytes, received_ns: int) -> None:
        symbol = data["s"]
        before = data.get("pu")
        is_futures = before is not None
        line = (self._futures if is_futures else self._spot).get(symbol) or self._opened(symbol, is_futures=is_futures)
        self._newest[source] = line
        numbers = _whole(data["U"]), _whole(data["u"]), None if before is None else _whole(before)
        line.change(numbers, (_whole(data["E"]) * MILLISECOND, received_ns), data["b"], data["a"])

    def _snapshot(self, data: dict[str, Any], source: bytes) -> None:
        line = self._newest.get(source)
        if line is None:
            raise _UnreadableError(NAMELESS)
        line.snapshot(_whole(data["lastUpdateId"]), data["bids"], data["asks"])

    def _opened(self, symbol: str, *, is_futures: bool) -> FrameLine:
        quote = next((quote for quote in _QUOTES if symbol.endswith(quote) and symbol != quote), None)
        if quote is None:
            raise _UnreadableError(UNSPLIT)
        base = symbol.removesuffix(quote)
        base_id, quote_id = (self._assets.resolve(SPOT, native).asset_id for native in (base, quote))
        instrument = Instrument(FUTURES if is_futures else SPOT, symbol, base_id, quote_id, is_perpetual=is_futures)
        line = self._market.line(instrument)
        (self._futures if is_futures else self._spot)[symbol] = line
        return line


class _UnreadableError(Exception):
    """A frame that is understood, and of no use; carries why."""


def _whole(value: Any) -> int:
    """Return a number of the venue; TypeError for anything else, such as a text or a float."""
    if type(value) is not int:
        raise TypeError(value)
    return value
