"""Paints the lines of the palette: mark, words with the match in accent, figure and keys."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import icons, theme
from app.ui.shell.hits import Hit
from app.ui.widgets.marks import paint_avatar

HIT, IS_HEADING, QUERY = (Qt.ItemDataRole.UserRole + 1 + offset for offset in range(3))
_Index = QModelIndex | QPersistentModelIndex
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class HitDelegate(QStyledItemDelegate):
    """One line, painted."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a heading or of a hit."""
        return QSize(theme.size("palette_width") - 16, theme.px(28 if index.data(IS_HEADING) else 34))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the line."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        if index.data(IS_HEADING):
            painter.setFont(theme.font("overline"))
            painter.setPen(theme.color("text_3"))
            painter.drawText(area.adjusted(12, 6, -12, 0), _MIDDLE, index.data(Qt.ItemDataRole.DisplayRole))
        else:
            state = option.state
            self._paint_hit(painter, area, index.data(HIT), index.data(QUERY), state)
        painter.restore()

    def _paint_hit(self, painter: QPainter, area: QRectF, hit: Hit, query: str, state: QStyle.StateFlag) -> None:
        is_current = bool(state & QStyle.StateFlag.State_Selected)
        if is_current or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if is_current else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        self._paint_mark(painter, area, hit.icon, is_current=is_current)
        right = _paint_keys(painter, area, "Enter" if is_current and not hit.keys else hit.keys)
        for words, tone in ((hit.change, _tone(hit.change)), (hit.value, "text_2")):
            right = _paint_right(painter, area, right, words, tone)
        left = area.left() + 42
        left = _paint_matched(painter, QRectF(left, area.top(), right - left, area.height()), hit.title, query)
        room = QRectF(left + 10, area.top(), max(0.0, right - left - 20), area.height())
        painter.setFont(theme.font("cell"))
        painter.setPen(theme.color("text_3"))
        shown = QFontMetricsF(theme.font("cell")).elidedText(hit.detail, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _MIDDLE, shown)

    def _paint_mark(self, painter: QPainter, area: QRectF, icon: str, *, is_current: bool) -> None:
        side = theme.px(20)
        box = QRectF(area.left() + 12, area.center().y() - side / 2, side, side)
        if icon.startswith("@"):
            paint_avatar(painter, box, icon[1:])
        else:
            drawn = icons.pixmap(icon, "text" if is_current else "text_2", 16)
            painter.drawPixmap(int(box.left() + 2), int(box.center().y() - theme.px(16) / 2), drawn)


def _tone(change: str) -> str:
    return "up" if "\u25b2" in change else "down" if "\u25bc" in change else "text_3"


def _paint_keys(painter: QPainter, area: QRectF, keys: str) -> float:
    right = area.right() - 10
    if not keys:
        return right
    painter.setFont(theme.font("overline"))
    metrics = QFontMetricsF(theme.font("overline"))
    for key in reversed(keys.replace(", ", "+").split("+")):
        width = max(18.0, metrics.horizontalAdvance(key) + 9)
        box = QRectF(right - width, area.center().y() - 9, width, 18).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.color("text_3"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
        right -= width + 3
    return right - 7


def _paint_right(painter: QPainter, area: QRectF, right: float, words: str, tone: str) -> float:
    if not words:
        return right
    width = QFontMetricsF(theme.font("cell")).horizontalAdvance(words)
    painter.setFont(theme.font("cell"))
    painter.setPen(theme.color(tone))
    painter.drawText(QRectF(right - width, area.top(), width + 1, area.height()), _MIDDLE, words)
    return right - width - 10


def _paint_matched(painter: QPainter, area: QRectF, title: str, query: str) -> float:
    at = title.casefold().find(query.casefold()) if query else -1
    end = at + len(query)
    parts = [(title, False)] if at < 0 else [(title[:at], False), (title[at:end], True), (title[end:], False)]
    left = area.left()
    for words, is_match in parts:
        face: QFont = theme.font("strong" if is_match else "medium")
        ink: QColor = theme.color("accent" if is_match else "text")
        painter.setFont(face)
        painter.setPen(ink)
        width = QFontMetricsF(face).horizontalAdvance(words)
        painter.drawText(QRectF(left, area.top(), max(0.0, area.right() - left), area.height()), _MIDDLE, words)
        left += width
    return min(left, area.right())
