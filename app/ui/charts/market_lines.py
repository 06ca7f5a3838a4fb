"""Alert lines in a chart: they are held, dragged and let go; what an alert is, others know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.market_paint import Sheet

_REACH = 5
NEW = "new"
"""Key of a line that is being drawn; no rule is called so."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """A price at which somebody wants to be told.

    Attributes:
        key: Identity of the rule behind it.
        words: What is shown on it: "above", "below".
    """

    key: str
    price: Decimal
    words: str = ""
    is_firing: bool = False


class AlertLines:
    """The lines of one market, one of which may be held, or a new one be drawn."""

    def __init__(self) -> None:
        """Start without lines."""
        self.lines: tuple[AlertLine, ...] = ()
        self._held = ""
        self._price = Decimal(0)

    def take(self, lines: Sequence[AlertLine]) -> None:
        """Take other lines; what is held stays so while it is there."""
        self.lines = tuple(lines)
        if self._held not in {line.key for line in lines} | {NEW}:
            self._held = ""

    @property
    def is_held(self) -> bool:
        """Tell whether a line is held."""
        return bool(self._held)

    @property
    def price(self) -> Decimal:
        """Return where the held line is now."""
        return self._price

    @property
    def seen(self) -> tuple[AlertLine, ...]:
        """Return every line that is painted: one that is being drawn too."""
        return (*self.lines, AlertLine(NEW, self._price)) if self._held == NEW else self.lines

    def price_of(self, line: AlertLine) -> Decimal:
        """Return where a line is now."""
        return self._price if line.key == self._held else line.price

    def near(self, sheet: Sheet, y: float) -> AlertLine | None:
        """Return the line that lies under the pointer."""
        close = [(abs(sheet.y(float(self.price_of(line))) - y), line) for line in self.lines]
        distance, line = min(close, key=lambda pair: pair[0], default=(_REACH + 1.0, None))
        return line if distance <= _REACH else None

    def hold_at(self, sheet: Sheet, y: float) -> None:
        """Take hold of the line under the pointer, or of none."""
        line = self.near(sheet, y)
        self._held, self._price = ("", Decimal(0)) if line is None else (line.key, self.price_of(line))

    def begin(self, price: Decimal) -> None:
        """Draw a new line from a price on."""
        self._held, self._price = NEW, price

    def hold_next(self) -> None:
        """Take hold of the next line."""
        keys = [line.key for line in self.lines]
        place = keys.index(self._held) + 1 if self._held in keys else 0
        line = self.lines[place % len(keys)]
        self._held, self._price = line.key, line.price

    def move(self, price: Decimal) -> None:
        """Move what is held; no price is below zero."""
        self._price = max(price, Decimal(0))

    def let_go(self) -> tuple[str, Decimal]:
        """Let go of the held line: its key and where it is."""
        key, self._held = self._held, ""
        return key, self._price

    def is_held_one(self, line: AlertLine) -> bool:
        """Tell whether this is the line that is held."""
        return line.key == self._held


def paint_lines(painter: QPainter, sheet: Sheet, lines: AlertLines, width: float) -> None:
    """Paint every line that is in sight, with its price at the axis; one that is held has its price at the edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for line in lines.seen:
        price = lines.price_of(line)
        y = sheet.y(float(price))
        role = "danger" if line.is_firing else "warn"
        if not sheet.area.top() <= y <= sheet.area.bottom():
            if lines.is_held_one(line):
                edge, arrow = (sheet.area.top(), "↑") if y < sheet.area.top() else (sheet.area.bottom(), "↓")
                _tag(painter, sheet, edge, role, (f"{arrow} {fmt.price(price)}", width))
            continue
        style = Qt.PenStyle.SolidLine if lines.is_held_one(line) else Qt.PenStyle.DashDotLine
        painter.setPen(QPen(theme.color(role), 1.5 if lines.is_held_one(line) else 1, style))
        painter.drawLine(QPointF(sheet.area.left(), y), QPointF(sheet.area.right(), y))
        _tag(painter, sheet, y, role, (fmt.price(price), width))
        if line.words:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color(role))
            painter.drawText(QPointF(sheet.area.left() + 4, y - 4), line.words)


def paint_last(painter: QPainter, sheet: Sheet, price: Decimal, role: str, width: float) -> None:
    """Paint the mark of the moment."""
    y = sheet.y(float(price))
    if sheet.area.top() <= y <= sheet.area.bottom():
        painter.setPen(QPen(theme.color(role), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(sheet.area.left(), y), QPointF(sheet.area.right(), y))
        _tag(painter, sheet, y, role, (fmt.price(price), width))


def _tag(painter: QPainter, sheet: Sheet, y: float, role: str, said: tuple[str, float]) -> None:
    """Paint words at the axis; `said` holds them and how wide the chart is."""
    words, width = said
    wide, height = QFontMetricsF(theme.font("overline")).horizontalAdvance(words) + 12, theme.px(18)
    box = QRectF(min(sheet.area.right() + 2, width - wide), y - height / 2, wide, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(role))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(theme.font("overline"))
    painter.setPen(theme.color("surface"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
