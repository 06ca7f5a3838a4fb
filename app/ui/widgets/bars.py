"""Bars and lines that are painted, not plotted: shares, progress, sparklines, skeletons. Floats here are geometry."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui import format as fmt
from app.ui import theme


def _painter(widget: QWidget) -> QPainter:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    return painter


def paint_bar(painter: QPainter, rect: QRectF, share: float, tone: str = "accent", *, thick: int = 6) -> None:
    """Paint a share of a whole; the filled part is at least a dot where the share is not zero."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    top = rect.center().y() - thick / 2
    painter.setBrush(theme.color("hover"))
    painter.drawRoundedRect(QRectF(rect.left(), top, rect.width(), thick), thick / 2, thick / 2)
    if fmt.mask() == fmt.Mask.EVERYTHING or share <= 0:
        return
    painter.setBrush(theme.color(tone))
    width = max(float(thick), rect.width() * min(share, 1.0))
    painter.drawRoundedRect(QRectF(rect.left(), top, width, thick), thick / 2, thick / 2)


class Bar(QWidget):
    """A share of a whole."""

    def __init__(
        self, share: float = 0.0, tone: str = "accent", *, thick: int = 6, width: int = 0, tick: float | None = None
    ) -> None:
        """Take the share, 0 to 1, and from where on it is told as near, which a tick marks."""
        super().__init__()
        self._share, self._tone, self._thick, self._tick = share, tone, thick, tick
        self.setFixedHeight(max(18, thick))
        if width:
            self.setFixedWidth(width)

    def show_share(self, share: float, tone: str = "accent") -> None:
        """Show another share."""
        self._share, self._tone = share, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bar."""
        painter, box = _painter(self), QRectF(self.rect())
        paint_bar(painter, box, self._share, self._tone, thick=self._thick)
        if self._tick is not None:
            painter.setBrush(theme.color("text_2"))
            painter.drawRect(QRectF(box.left() + box.width() * self._tick - 1, box.top(), 2, box.height()))


class Progress(QWidget):
    """How far a piece of work is; None is unknown and shows a third of the bar in grey."""

    def __init__(self, share: float | None = None, tone: str = "accent", width: int = 0) -> None:
        """Take the share, 0 to 1."""
        super().__init__()
        self._share, self._tone = share, tone
        self.setFixedHeight(4)
        if width:
            self.setFixedWidth(width)

    def show_share(self, share: float | None, tone: str = "accent") -> None:
        """Show another share."""
        self._share, self._tone = share, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bar; progress is no secret, so masking leaves it."""
        painter = _painter(self)
        box = QRectF(self.rect())
        painter.setBrush(theme.color("hover"))
        painter.drawRoundedRect(box, 2, 2)
        painter.setBrush(theme.color(self._tone if self._share is not None else "text_disabled"))
        width = box.width() * min(1.0, self._share if self._share is not None else 1 / 3)
        painter.drawRoundedRect(QRectF(0, 0, max(4.0, width), box.height()), 2, 2)


def paint_spark(painter: QPainter, rect: QRectF, values: Sequence[float], tone: str = "") -> None:
    """Paint a course as one path. Its smallest vertical span is 2 %, so that a stablecoin looks flat."""
    if len(values) < 2 or fmt.mask() == fmt.Mask.EVERYTHING:  # noqa: PLR2004
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    low, high = min(values), max(values)
    span = max(high - low, abs(high) * 0.02, 1e-12)
    low = (low + high - span) / 2
    step = rect.width() / (len(values) - 1)
    path = QPainterPath()
    for index, value in enumerate(values):
        height = (value - low) / span * (rect.height() - 4)
        point = QPointF(rect.left() + step * index, rect.bottom() - 2 - height)
        if index:
            path.lineTo(point)
        else:
            path.moveTo(point)
    pen = QPen(theme.color(tone or ("up" if values[-1] >= values[0] else "down")), 1.25)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


class StackedBar(QWidget):
    """One bar of shares with gaps of two pixels, in place of a donut."""

    def __init__(self, shares: Sequence[tuple[float, int]] = (), height: int = 10) -> None:
        """Take (share, index of the series colour)."""
        super().__init__()
        self._shares = tuple(shares)
        self.setFixedHeight(height)

    def show_shares(self, shares: Sequence[tuple[float, int]]) -> None:
        """Show other shares."""
        self._shares = tuple(shares)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint one piece a share; where everything is masked all pieces are alike."""
        painter = _painter(self)
        flat = fmt.mask() == fmt.Mask.EVERYTHING
        pieces = [(1.0 if flat else share, tint) for share, tint in self._shares if share > 0]
        total = sum(share for share, _ in pieces)
        usable, left = self.width() - 2 * (len(pieces) - 1), 0.0
        for share, tint in pieces:
            width = usable * share / total
            painter.setBrush(theme.color(theme.series(tint)))
            painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 2, 2)
            left += width + 2


class Swatch(QWidget):
    """The sign of a series in a legend: a line in its colour, or the triangle of a flow."""

    def __init__(self, series: int | None = None, *, kind: str = "line", role: str = "") -> None:
        """Take a series index or a colour role; kind is line, deposit or withdrawal."""
        super().__init__()
        self._series, self._kind, self._role = series, kind, role
        self.setFixedSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the sign."""
        painter = _painter(self)
        if self._kind == "deposit":
            painter.setBrush(theme.color("info"))
            painter.drawPolygon([QPointF(1, 9), QPointF(9, 9), QPointF(5, 1)])
        elif self._kind == "withdrawal":
            painter.setBrush(theme.color("text_3"))
            painter.drawPolygon([QPointF(1, 1), QPointF(9, 1), QPointF(5, 9)])
        else:
            painter.setBrush(theme.color(theme.series(self._series) if self._series is not None else self._role))
            painter.drawRoundedRect(QRectF(0, 3.5, 10, 3), 1.5, 1.5)


class Skeleton(QWidget):
    """Bars of the final layout's size while something is read for the first time; nothing shimmers."""

    def __init__(self, rows: int = 6) -> None:
        """Take the number of rows."""
        super().__init__()
        self._rows = rows
        self.setMinimumHeight(60)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint four bars a row."""
        painter = _painter(self)
        for index in range(self._rows):
            top = 12 + index * 28
            right = self.width()
            bars = ((14, 46), (84, 70 - index % 3 * 9), (right - 150, 54), (right - 74, 60 - index % 2 * 12))
            painter.setBrush(theme.color("skeleton" if index % 2 else "skeleton_hi"))
            for left, width in bars:
                painter.drawRoundedRect(QRectF(left, top, width, 9), 3, 3)
