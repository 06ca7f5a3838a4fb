"""Candles of every source and interval, packed in blocks, in the encrypted file of prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.core.clock import DAY
from app.core.market.candles import HOUR, MINUTE
from app.core.market.packing import packed, unpacked, unpacked_starts
from app.core.model.market import Candle, Series

TABLES = (
    """CREATE TABLE IF NOT EXISTS candles (
        asset TEXT NOT NULL, currency TEXT NOT NULL, source TEXT NOT NULL, interval INTEGER NOT NULL,
        block INTEGER NOT NULL, packed BLOB NOT NULL, PRIMARY KEY (asset, currency, source, interval, block))""",
    """CREATE TABLE IF NOT EXISTS candles_asked (
        asset TEXT NOT NULL, currency TEXT NOT NULL, source TEXT NOT NULL, interval INTEGER NOT NULL,
        first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (asset, currency, source, interval))""",
)

_SPANS = {MINUTE: DAY, HOUR: 30 * DAY, DAY: 1_000 * DAY}
"""What one block covers: about a thousand candles, so that a new one costs little and a year of minutes few reads."""

_OF = "WHERE asset = ? AND currency = ? AND source = ? AND interval = ?"
_BLOCKS = f"SELECT packed FROM candles {_OF} AND block BETWEEN ? AND ? ORDER BY block"  # noqa: S608 - words of our own
_ASKED = f"SELECT first, last FROM candles_asked {_OF}"  # noqa: S608
_KEEP = "INSERT OR REPLACE INTO candles VALUES (?, ?, ?, ?, ?, ?)"
_REMEMBER = (
    "INSERT INTO candles_asked VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " first = min(first, excluded.first), last = max(last, excluded.last)"
)

Read = Callable[..., list[tuple[Any, ...]]]
Write = Callable[[Callable[[Any], object]], None]


class SqlCandles:
    """Reads and writes through whoever keeps the file."""

    def __init__(self, read: Read, write: Write) -> None:
        """Take how the file is read and written."""
        self._read, self._write = read, write

    def of(self, series: Series, since_ns: int, until_ns: int) -> Sequence[Candle]:
        """Return candles that start between two moments, both included, oldest first."""
        span = _span(series)
        rows = self._read(_BLOCKS, *_key(series), since_ns // span, until_ns // span)
        found = (candle for (data,) in rows for candle in unpacked(data, series.interval))
        return [candle for candle in found if since_ns <= candle.at <= until_ns]

    def starts(self, series: Series, since_ns: int, until_ns: int) -> Sequence[int]:
        """Return when candles start between two moments, both included, oldest first; much less work than `of`."""
        span = _span(series)
        rows = self._read(_BLOCKS, *_key(series), since_ns // span, until_ns // span)
        found = (start for (data,) in rows for start in unpacked_starts(data, series.interval))
        return [start for start in found if since_ns <= start <= until_ns]

    def sources(self, asset: str, currency: str, interval: int) -> Sequence[str]:
        """Return who told candles of an asset, by name."""
        asked = "SELECT DISTINCT source FROM candles WHERE asset = ? AND currency = ? AND interval = ? ORDER BY source"
        return [source for (source,) in self._read(asked, asset, currency, interval)]

    def asked(self, series: Series) -> tuple[int, int] | None:
        """Return the first and last start for which a source was asked; None where it never was."""
        rows = self._read(_ASKED, *_key(series))
        return (rows[0][0], rows[0][1]) if rows else None

    def all_asked(self) -> Mapping[Series, tuple[int, int]]:
        """Return every series that a source was asked for, with the first and last start of it."""
        rows = self._read("SELECT asset, currency, source, interval, first, last FROM candles_asked")
        return {Series(*key): (first, last) for *key, first, last in rows}

    def add(self, series: Series, candles: Iterable[Candle], asked: tuple[int, int] | None = None) -> None:
        """Keep candles in the place of those of before; one without a volume never replaces one with it."""
        span = _span(series)
        blocks: dict[int, list[Candle]] = {}
        for candle in candles:
            blocks.setdefault(candle.at // span, []).append(candle)

        def kept(connection: Any) -> None:
            for block, fresh in sorted(blocks.items()):
                _merge(connection, series, block, fresh)
            if asked is not None:
                connection.execute(_REMEMBER, (*_key(series), *asked))

        self._write(kept)


def _merge(connection: Any, series: Series, block: int, fresh: Iterable[Candle]) -> None:
    rows = connection.execute(_BLOCKS, (*_key(series), block, block)).fetchall()
    known = {candle.at: candle for (data,) in rows for candle in unpacked(data, series.interval)}
    for candle in fresh:
        before = known.get(candle.at)
        if before is None or before.volume is None or candle.volume is not None:
            known[candle.at] = candle
    data = packed([known[at] for at in sorted(known)], series.interval)
    connection.execute(_KEEP, (*_key(series), block, data))


def _key(series: Series) -> tuple[str, str, str, int]:
    return series.asset, series.currency, series.source, series.interval


def _span(series: Series) -> int:
    return _SPANS[series.interval]
