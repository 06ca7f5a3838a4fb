"""A list to choose from and a box to tick, painted so that they follow the theme."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QComboBox

from app.ui import icons, theme

_BOX = 16


class Choice(QComboBox):
    """A list that opens below; its chevrons follow the theme."""

    def __init__(self, name: str, *, is_large: bool = True) -> None:
        """Take what is chosen here, for screen readers."""
        super().__init__()
        self.setProperty("kind", "choice")
        self.setAccessibleName(name)
        self.setFont(theme.font("medium" if is_large else "body"))
        if is_large:
            self.setProperty("extent", "large")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, then the chevrons."""
        super().paintEvent(event)
        side = theme.px(14)
        left, top = self.width() - side - 11, (self.height() - side) // 2
        QPainter(self).drawPixmap(left, top, icons.pixmap("chevrons-up-down", "text_3", 14))


class Check(QCheckBox):
    """A box of 16 pixels with a tick, its words, and a ring around both when it has the focus."""

    def __init__(self, words: str, name: str, *, is_on: bool = False) -> None:
        """Take the words and the name for screen readers."""
        super().__init__(words)
        self.setFont(theme.font("body"))
        self.setAccessibleName(name)
        self.setChecked(is_on)
        self.setMinimumHeight(theme.px(28))

    def sizeHint(self) -> QSize:
        """Return the size of box and words."""
        words = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return QSize(int(words) + theme.px(_BOX) + 20, theme.px(28))

    def hitButton(self, pos: object) -> bool:  # noqa: ARG002
        """Let the words be clicked too."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint box, tick, words and ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(_BOX)
        box = QRectF(4.5, (self.height() - side) / 2 + 0.5, side - 1, side - 1)
        is_on, can = self.isChecked(), self.isEnabled()
        border = "accent_fill" if is_on and can else "border_strong" if can else "border"
        painter.setPen(QPen(theme.color(border), 1))
        painter.setBrush(theme.color("accent_fill" if is_on and can else "hover" if self.underMouse() else "input"))
        painter.drawRoundedRect(box, 3, 3)
        if is_on:
            tick = icons.pixmap("check", "on_accent" if can else "text_disabled", 12, 3)
            inset = (side - theme.px(12)) / 2
            painter.drawPixmap(int(4 + inset), int(box.top() + inset), tick)
        painter.setFont(self.font())
        painter.setPen(theme.color("text" if can else "text_disabled"))
        words = QRectF(side + 13.0, 0, self.width() - side - 13.0, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
