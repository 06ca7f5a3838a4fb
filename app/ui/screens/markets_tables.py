"""Candles and an order book as tables: what a screen reader reads in place of the chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

from app.core.clock import DAY
from app.core.market.candles import begins
from app.core.money import plain, to_fraction
from app.ui import format as fmt
from app.ui.charts.chart_table import CourseModel
from app.ui.charts.depth import Depth, Step
from app.ui.charts.price_chart import Fill, fills_words
from app.ui.screens.markets_data import Market
from app.ui.words import tr

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ENDS = 20
_LEAST, _MOST = 2, 8
"""Places of a price that are written even where they are zero; places of a size."""


class CandleModel(CourseModel):
    """One row a candle, the newest first."""

    def __init__(self) -> None:
        """Start without candles."""
        self.titles = (
            tr("Begins, UTC"), tr("Open"), tr("High"), tr("Low"), tr("Close"), tr("Volume"), tr("Notes"),
        )  # fmt: skip
        super().__init__(self.titles, "")
        self._market: Market | None = None
        self._fills: dict[int, list[Fill]] = {}

    def show_market(self, market: Market, fills: Sequence[Fill]) -> None:
        """Take other candles."""
        self.beginResetModel()
        self._market, self._fills = market, {}
        for fill in fills:
            self._fills.setdefault(begins(fill.at, market.interval), []).append(fill)
        self.endResetModel()

    @property
    def giving_way(self) -> Sequence[int]:
        """Return volume, then open: notes are what no other table has, and an open is near the close before it."""
        return self.titles.index(tr("Volume")), self.titles.index(tr("Open"))

    def grow(self, market: Market) -> None:
        """Take the same candles with a last one that has grown: only its row is written anew."""
        self._market = market
        self.dataChanged.emit(self.index(0, 0), self.index(0, len(self.titles) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of candles."""
        return 0 if parent.isValid() or self._market is None else len(self._market.candles)

    def _shown(self, row: int, column: int) -> str:
        if self._market is None:
            return ""
        candle = self._market.candles[len(self._market.candles) - 1 - row]
        if column == 0:
            return fmt.date(candle.at) if self._market.interval % DAY == 0 else fmt.moment(candle.at)[:16]
        if column == len(self.titles) - 1:
            fills = fmt.prose(fills_words(self._fills.get(candle.at, ())))
            is_open = row == 0 and self._market.so_far is not None
            return " · ".join(part for part in (tr("so far") if is_open else "", fills) if part)
        values = (candle.open, candle.high, candle.low, candle.close, candle.volume)
        return fmt.price(values[column - 1])


class DepthModel(CourseModel):
    """One row a price of the book, the highest first."""

    def __init__(self) -> None:
        """Start without a book."""
        self.titles = (tr("Side"), tr("Price"), tr("Size"), tr("Sum"), tr("Worth"), "")
        super().__init__(self.titles, "")
        self._rows: tuple[Step, ...] = ()
        self._middle = 0
        self._places: tuple[int, int] | None = None
        self._sides = tr("Ask"), tr("Bid")

    def show_depth(self, depth: Depth) -> None:
        """Take another book; rows stay where they are, so that a table that is looked at does not leap."""
        rows = (*reversed(depth.asks), *depth.bids)
        before, now = len(self._rows), len(rows)
        self._middle = len(depth.asks)
        # Asked of all levels once a row is seen: beside the chart nobody sees one.
        self._places = None
        if now > before:
            self.beginInsertRows(_ROOT, before, now - 1)
            self._rows = rows
            self.endInsertRows()
        elif now < before:
            self.beginRemoveRows(_ROOT, now, before - 1)
            self._rows = rows
            self.endRemoveRows()
        self._rows = rows
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(now - 1, len(self.titles) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of prices."""
        return 0 if parent.isValid() else len(self._rows)

    def measured(self) -> Iterable[int]:
        """Return rows of all parts, and all where the sides meet: sums are longest there, prices at the ends."""
        count, middle = self.rowCount(), self._middle
        near = range(max(0, middle - _ENDS), min(count, middle + _ENDS))
        return sorted({*range(0, count, max(1, count // _ENDS)), *near})

    def _shown(self, row: int, column: int) -> str:
        if column == 0:
            return self._side(row)
        if column == len(self.titles) - 1:
            return ""
        if self._places is None:
            self._places = _places_of(self._rows)
        price, size = self._places
        return fmt.price(self._figures(row)[column - 1], places=(price, size, size, 2)[column - 1])

    def _side(self, row: int) -> str:
        return self._sides[row >= self._middle]

    def _figures(self, row: int) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        step = self._rows[row]
        return step.price, step.size, step.total, step.cost

    def raw_rows(self) -> list[list[str]]:
        """Return exact rows for a file."""
        return [[self._side(row), *map(plain, self._figures(row))] for row in range(len(self._rows))]


def _places_of(rows: Sequence[Step]) -> tuple[int, int]:
    """Return with how many places prices and sizes are written: as the venue tells them, the same in a whole column."""
    prices = (min(_digits(step.price), fmt.price_places(step.price) + 1) for step in rows)
    return max((_LEAST, *prices)), min(_MOST, max((_digits(step.size) for step in rows), default=0))


def _digits(value: Decimal) -> int:
    """Return the places that a number has."""
    return max(0, -to_fraction(value)[0])
