"""Small painted marks: pills, badges, key caps, letter avatars, the logo."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui import icons, theme


def _painter(widget: QWidget) -> QPainter:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def pill_width(label: str, *, icon: str = "", dot: bool = True) -> int:
    """Return the width that a pill needs."""
    words = QFontMetricsF(theme.font("overline")).horizontalAdvance(label)
    return int(words) + (31 if icon else 26 if dot else 16)


def paint_pill(  # noqa: PLR0913
    painter: QPainter, rect: QRectF, label: str, tone: str, *, icon: str = "", dot: bool = True
) -> None:
    """Paint a status: glyph or dot and word on a tint. Shape and word carry the meaning, colour repeats it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_tinted = theme.has(f"{tone}_tint")
    round_ = rect.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(f"{tone}_tint" if is_tinted else "raised"))
    painter.drawRoundedRect(rect, round_, round_)
    if not is_tinted:
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), round_, round_)
    left = rect.left() + 7
    if icon:
        painter.drawPixmap(QPointF(left, rect.center().y() - 6), icons.pixmap(icon, tone, 12, 2.2))
        left += 16
    elif dot:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(tone))
        painter.drawEllipse(QPointF(left + 3, rect.center().y()), 3, 3)
        left += 11
    painter.setPen(theme.color(tone if is_tinted else "text_2"))
    painter.setFont(theme.font("overline"))
    painter.drawText(QRectF(left, rect.top(), rect.width(), rect.height()), Qt.AlignmentFlag.AlignVCenter, label)


class Pill(QWidget):
    """A status in one word."""

    def __init__(self, label: str, tone: str = "text_3", *, icon: str = "", dot: bool = True) -> None:
        """Take the word, its tone and its glyph."""
        super().__init__()
        self._icon, self._dot = icon, dot and not icon
        self.show_state(label, tone)

    def show_state(self, label: str, tone: str) -> None:
        """Show another status."""
        self._label, self._tone = label, tone
        self.setFixedSize(pill_width(label, icon=self._icon, dot=self._dot), theme.px(20))
        self.setAccessibleName(label)
        self.update()

    def text(self) -> str:
        """Return the word."""
        return self._label

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the status."""
        paint_pill(_painter(self), QRectF(self.rect()), self._label, self._tone, icon=self._icon, dot=self._dot)


class Badge(QWidget):
    """A count."""

    def __init__(self, count: str, tone: str = "text_2") -> None:
        """Take the count as text and its tone."""
        super().__init__()
        self.show_count(count, tone)

    def show_count(self, count: str, tone: str) -> None:
        """Show another count."""
        self._count, self._tone = count, tone
        self.setFixedSize(max(20, 10 + 7 * len(count)), theme.px(18))
        self.setAccessibleName(count)
        self.update()

    def text(self) -> str:
        """Return the count."""
        return self._count

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the count on its tint."""
        painter = _painter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{self._tone}_tint" if theme.has(f"{self._tone}_tint") else "hover"))
        painter.drawRoundedRect(QRectF(self.rect()), 9, 9)
        painter.setPen(theme.color(self._tone))
        painter.setFont(theme.font("overline"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._count)


class KeyCap(QWidget):
    """Keys as they are labelled: Ctrl+K."""

    def __init__(self, keys: str) -> None:
        """Take the keys joined by plus signs."""
        super().__init__()
        self._keys = keys.split("+")
        metrics = QFontMetricsF(theme.font("overline"))
        self._widths = [max(18, int(metrics.horizontalAdvance(key)) + 9) for key in self._keys]
        self.setFixedSize(sum(self._widths) + 3 * (len(self._widths) - 1), theme.px(18))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint one cap a key."""
        painter = _painter(self)
        painter.setFont(theme.font("overline"))
        left = 0.0
        for key, width in zip(self._keys, self._widths, strict=True):
            box = QRectF(left + 0.5, 0.5, width - 1, self.height() - 1)
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(theme.color("text_3"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
            left += width + 3


def avatar_colors(symbol: str) -> tuple[QColor, QColor]:
    """Return ground and ink of a symbol's avatar: always the same for the same letters."""
    tint = theme.series(sum(ord(c) * (i + 3) for i, c in enumerate(symbol)) % 8)
    return theme.mix("surface", tint, 0.20), theme.color(tint)


def paint_avatar(painter: QPainter, rect: QRectF, symbol: str, *, square: bool = False) -> None:
    """Paint a letter avatar: round for assets, square for accounts. Logos are trademarks and stay out."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground, ink = avatar_colors(symbol)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    radius = 5 if square else rect.height() / 2
    painter.drawRoundedRect(rect, radius, radius)
    letters = symbol[:1] if square else symbol[:2]
    face = QFont(theme.font("strong"))
    face.setPixelSize(max(8, int(rect.height() * (0.42 if len(letters) > 1 else 0.5))))
    painter.setFont(face)
    painter.setPen(ink)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letters)


class Avatar(QWidget):
    """The letters of an asset, account or person."""

    def __init__(self, symbol: str, side: int = 22, *, square: bool = False) -> None:
        """Take the symbol and the side in pixels."""
        super().__init__()
        self._symbol, self._square = symbol, square
        self.setFixedSize(theme.px(side), theme.px(side))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the letters."""
        paint_avatar(_painter(self), QRectF(self.rect()), self._symbol, square=self._square)


class Logo(QWidget):
    """A slip with its perforation: the stub stays with you."""

    def __init__(self, side: int = 22) -> None:
        """Take the side in pixels."""
        super().__init__()
        self.setFixedSize(theme.px(side), theme.px(side))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint slip, perforation and tick."""
        paint_logo(_painter(self), self.width())


def paint_logo(painter: QPainter, side: int) -> None:
    """Paint the logo into a square of `side` pixels."""
    unit = side / 22
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent_fill"))
    painter.drawRoundedRect(QRectF(unit, 3 * unit, 20 * unit, 16 * unit), 3.4 * unit, 3.4 * unit)
    painter.setBrush(theme.color("on_accent"))
    for index in range(5):
        painter.drawEllipse(QPointF(8 * unit, (4.9 + 3.05 * index) * unit), 0.82 * unit, 0.82 * unit)
    pen = QPen(theme.color("on_accent"), 1.7 * unit)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    tick = QPainterPath(QPointF(11.4 * unit, 11.2 * unit))
    tick.lineTo(13.6 * unit, 13.3 * unit)
    tick.lineTo(17.6 * unit, 8.9 * unit)
    painter.drawPath(tick)
