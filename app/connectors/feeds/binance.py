"""Frames of Binance's spot and USD-M sockets: bookTicker, trade, depthUpdate, and the REST snapshot of a book.

Both wrap their frames the same way. USD-M frames are told by what only they have: a name on bookTicker, the number of
the change before on depthUpdate, the kind of order on trade, the time of the matching engine in a snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from app.connectors.feeds.plain_quotes import PlainQuotes
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


class _Source:
    """One socket or file, with the instruments that it told of."""

    __slots__ = ("futures", "number", "spot")

    def __init__(self, number: int) -> None:
        self.number = number
        self.spot: dict[str, FrameLine] = {}
        self.futures: dict[str, FrameLine] = {}

    def only(self) -> FrameLine:
        """Return the one instrument of the source: a snapshot does not name its own."""
        lines = (*self.spot.values(), *self.futures.values())
        if len(lines) != 1:
            raise _UnreadableError(NAMELESS)
        return lines[0]


_Reader = Callable[[dict[str, Any], _Source, int], None]


class BinanceFrames:
    """Understands frames; what it cannot understand is counted by why."""

    def __init__(self, market: FrameMarket, assets: AssetRegistry) -> None:
        self._market, self._assets = market, assets
        self._sources: dict[int, _Source] = {}
        self._plain = PlainQuotes(market)
        self._readers: dict[str | None, _Reader] = {
            None: self._bare,
            "bookTicker": self._futures_quote,
            "trade": self._trade,
            "depthUpdate": self._change,
        }

    def take(self, lines: bytes) -> tuple[int, int] | None:
        """Take lines of `[source, receive time, frame]`."""
        if not lines:
            return None
        for source, received_ns, frame in _read(self._plain.take(lines)):
            self._take(source, received_ns, frame)
        return _received(lines), _received(lines[lines.rfind(b"\n", 0, -1) + 1 :])

    def _take(self, source: int, received_ns: int, frame: Any) -> None:
        here = self._sources.get(source)
        if here is None:
            here = self._sources[source] = _Source(source)
        try:
            data = frame.get("data", frame)
            reader = self._readers.get(data.get("e"))
            if reader is None:
                self._market.unreadable[UNKNOWN] += 1
                return
            reader(data, here, received_ns)
            self._market.frames += 1
        except _UnreadableError as error:
            self._market.unreadable[error.args[0]] += 1
        except (KeyError, TypeError, AttributeError, ValueError):
            self._market.unreadable[NOT_JSON if frame is _UNREAD else MALFORMED] += 1

    def _bare(self, data: dict[str, Any], here: _Source, received_ns: int) -> None:
        """Read what has no name: a quote of the spot market, or the snapshot of a book."""
        if "lastUpdateId" in data:
            here.only().snapshot(_whole(data["lastUpdateId"]), data["bids"], data["asks"])
            return
        line = self._line(data["s"], here, is_futures=False)
        line.quote(_whole(data["u"]), 0, received_ns, (data["b"], data["B"], data["a"], data["A"]))
        self._plain.know(here.number, data["s"], line)

    def _futures_quote(self, data: dict[str, Any], here: _Source, received_ns: int) -> None:
        line = self._line(data["s"], here, is_futures=True)
        quote = (data["b"], data["B"], data["a"], data["A"])
        line.quote(_whole(data["u"]), _whole(data["E"]) * MILLISECOND, received_ns, quote)

    def _trade(self, data: dict[str, Any], here: _Source, received_ns: int) -> None:
        line = self._line(data["s"], here, is_futures="X" in data)
        line.trade(_whole(data["t"]), _whole(data["T"]) * MILLISECOND, received_ns, data["p"], data["q"])

    def _change(self, data: dict[str, Any], here: _Source, received_ns: int) -> None:
        before = data.get("pu")
        line = self._line(data["s"], here, is_futures=before is not None)
        numbers = _whole(data["U"]), _whole(data["u"]), None if before is None else _whole(before)
        line.change(numbers, (_whole(data["E"]) * MILLISECOND, received_ns), data["b"], data["a"])

    def _line(self, symbol: str, here: _Source, *, is_futures: bool) -> FrameLine:
        known = here.futures if is_futures else here.spot
        return known.get(symbol) or self._opened(symbol, here, is_futures=is_futures)

    def _opened(self, symbol: str, here: _Source, *, is_futures: bool) -> FrameLine:
        quote = next((quote for quote in _QUOTES if symbol.endswith(quote) and symbol != quote), None)
        if quote is None:
            raise _UnreadableError(UNSPLIT)
        base = symbol.removesuffix(quote)
        base_id, quote_id = (self._assets.resolve(SPOT, native).asset_id for native in (base, quote))
        instrument = Instrument(FUTURES if is_futures else SPOT, symbol, base_id, quote_id, is_perpetual=is_futures)
        line = self._market.line(instrument)
        (here.futures if is_futures else here.spot)[symbol] = line
        return line


def _received(line: bytes) -> int:
    """Return when a line was received."""
    return int(line.split(b",", 2)[1])


_Told = tuple[int, int, Any]
_PARTS = 3
_UNREAD = "no JSON"
"""Stands for a frame that is none."""


def _read(lines: bytes) -> Sequence[_Told]:
    """Return what lines tell: all of them at once where all are sound, which costs half as much."""
    try:
        told: list[_Told] = orjson.loads(b"[%b]" % lines.rstrip(b"\n").replace(b"\n", b","))
    except orjson.JSONDecodeError:
        told = []
    if len(told) == lines.count(b"\n") and set(map(len, told)) <= {_PARTS}:
        return told
    return [_read_one(line) for line in lines.splitlines()]


def _read_one(line: bytes) -> _Told:
    try:
        source, received_ns, frame = orjson.loads(line)
    except ValueError:
        # What comes before the frame is our own process's writing; only the frame can be unsound.
        source, received_ns, _ = line.removeprefix(b"[").split(b",", 2)
        return int(source), int(received_ns), _UNREAD
    return source, received_ns, frame


class _UnreadableError(Exception):
    """A frame that is understood, and of no use; carries why."""


def _whole(value: Any) -> int:
    """Return a number of the venue; TypeError for anything else, such as a text or a float."""
    if type(value) is not int:
        raise TypeError(value)
    return value
