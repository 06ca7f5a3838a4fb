"""How far ledger and reported balance were apart, reading by reading: small, painted without pyqtgraph."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import format as fmt
from app.ui import theme
from app.ui.words import tr

_HEIGHT, _FOOT, _SIDE, _DOT = 96, 18, 6, 2.5


class DifferenceChart(QWidget):
    """A dot for each reading over a line of zero; what agrees lies on the line."""

    def __init__(self) -> None:
        """Start without readings."""
        super().__init__()
        self._points: tuple[tuple[int, Decimal], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(_HEIGHT))

    def sizeHint(self) -> QSize:
        """Ask for the width of an inspector."""
        return QSize(theme.px(300), theme.px(_HEIGHT))

    def show_points(self, points: Sequence[tuple[int, Decimal]]) -> None:
        """Show (moment, difference), oldest first."""
        self._points = tuple(points)
        apart = sum(bool(value) for _, value in points)
        words = tr("%a of %n readings differ").replace("%a", fmt.count(apart)).replace("%n", fmt.count(len(points)))
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line of zero, the steps between the readings, the dots, first and last day."""
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self._places()
        zero = self._y(Decimal(0))
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
        painter.setPen(QPen(theme.color("text_3"), 1))
        for (before, place), (_, value) in zip(pairwise(places), self._points[1:], strict=True):
            painter.drawLine(before, QPointF(place.x(), before.y()))
            painter.setPen(QPen(theme.color("warn" if value else "text_3"), 1))
            painter.drawLine(QPointF(place.x(), before.y()), place)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, (_, value) in zip(places, self._points, strict=True):
            painter.setBrush(theme.color("warn" if value else "text_3"))
            painter.drawEllipse(place, _DOT, _DOT)
        self._write_days(painter)

    def _write_days(self, painter: QPainter) -> None:
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text_3"))
        foot = QRectF(0, self.height() - theme.px(_FOOT), self.width(), theme.px(_FOOT))
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, fmt.date(self._points[0][0]))
        if len(self._points) > 1:
            last = fmt.date(self._points[-1][0])
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, last)

    def _places(self) -> list[QPointF]:
        first, last = self._points[0][0], self._points[-1][0]
        span, room = max(last - first, 1), self.width() - 2 * _SIDE
        return [QPointF(_SIDE + room * (at - first) / span, self._y(value)) for at, value in self._points]

    def _y(self, value: Decimal) -> float:
        """Return the height of a difference; zero is always inside."""
        low = min(Decimal(0), *(one for _, one in self._points))
        high = max(Decimal(0), *(one for _, one in self._points))
        bottom, top = self.height() - theme.px(_FOOT) - 8, 8
        if high == low:
            return (bottom + top) / 2
        return float(bottom - (bottom - top) * float((value - low) / (high - low)))
