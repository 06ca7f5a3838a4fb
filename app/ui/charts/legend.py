"""What stands at the crosshair of a chart: words with their figures in one line; what has no room leaves whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import theme

_GAP, _NEAR = 14, 4


@dataclass(frozen=True, slots=True)
class Part:
    """A word and its figure.

    Attributes:
        priority: When space runs out the lowest leaves first.
    """

    word: str
    figure: str
    tone: str = "text"
    priority: int = 50


class Legend(QWidget):
    """One line of parts."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.parts: tuple[Part, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(26))

    def sizeHint(self) -> QSize:
        """Take the width there is."""
        return QSize(200, theme.px(26))

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show other figures; a screen reader reads all of them."""
        if tuple(parts) != self.parts:
            self.parts = tuple(parts)
            self.setAccessibleName(", ".join(f"{part.word} {part.figure}".strip() for part in parts))
            self.setToolTip(self.accessibleName())
            self.update()

    def fitting(self, room: float) -> tuple[Part, ...]:
        """Return the parts that there is room for, in their order."""
        kept = list(self.parts)
        while kept and sum(map(_wide, kept)) + _GAP * (len(kept) - 1) > room:
            kept.remove(min(kept, key=lambda part: part.priority))
        return tuple(kept)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the parts."""
        painter, left = QPainter(self), 14.0
        for part in self.fitting(self.width() - 20):
            for words, role, tone in ((part.word, "caption", "text_3"), (part.figure, "overline", part.tone)):
                if not words:
                    continue
                wide = _measured(words, role)
                painter.setFont(theme.font(role))
                painter.setPen(theme.color(tone))
                painter.drawText(QRectF(left, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
                left += wide + _NEAR
            left += _GAP - _NEAR


def _measured(words: str, role: str) -> float:
    return QFontMetricsF(theme.font(role)).horizontalAdvance(words) if words else 0.0


def _wide(part: Part) -> float:
    gap = _NEAR if part.word and part.figure else 0
    return _measured(part.word, "caption") + gap + _measured(part.figure, "overline")
