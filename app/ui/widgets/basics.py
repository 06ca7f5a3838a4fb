"""Labels, buttons, fields, rows, columns and panels: everything that a screen is put together from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.style import tint as tint  # noqa: PLC0414
from app.ui.widgets.scrolling import Scroll

Item = QWidget | int | tuple[QWidget, int] | None
"""What a row or column takes: a widget, a gap in pixels, (widget, stretch), or None for a stretch."""

Margins = tuple[int, int, int, int]


def set_tone(label: QLabel, tone: str) -> None:
    """Give a label another colour role."""
    if label.property("tone") == tone:
        return
    label.setProperty("tone", tone)
    label.style().unpolish(label)
    label.style().polish(label)


def text(  # noqa: PLR0913
    value: str = "",
    role: str = "body",
    tone: str = "text",
    *,
    wrap: bool = False,
    align: Qt.AlignmentFlag | None = None,
    selectable: bool = False,
) -> QLabel:
    """Return a label of a type role and a colour role."""
    made = QLabel(value)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(theme.font(role))
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if align is not None:
        made.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


class Elided(QLabel):
    """One line of text that ends in an ellipsis and tells the rest in its tooltip. Never used for figures."""

    def setText(self, value: str) -> None:
        """Take another text; the whole of it is the tooltip."""
        super().setText(value)
        self.setToolTip(value)

    def minimumSizeHint(self) -> QSize:
        """Return a width that may shrink to an ellipsis."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write as much as fits."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.color(self.property("tone") or "text"))
        shown = QFontMetricsF(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter, shown)


def elided(value: str = "", role: str = "body", tone: str = "text") -> Elided:
    """Return a label that elides."""
    made = Elided()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(value)
    made.setFont(theme.font(role))
    made.setProperty("tone", tone)
    return made


class Glyph(QWidget):
    """A line icon that follows the theme."""

    def __init__(self, name: str, role: str = "text_2", side: int = 16, parent: QWidget | None = None) -> None:
        """Take the icon's name, its colour role and its side in pixels."""
        super().__init__(parent)
        self._name, self._role, self._side = name, role, side
        self.setFixedSize(theme.px(side), theme.px(side))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, role: str) -> None:
        """Show another icon."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon in the colour of the moment."""
        QPainter(self).drawPixmap(0, 0, icons.pixmap(self._name, self._role, self._side))


def glyph(name: str, role: str = "text_2", side: int = 16) -> Glyph:
    """Return a line icon."""
    return Glyph(name, role, side)


_ICON_TONES = {"primary": "on_accent", "danger": "danger", "link": "link"}


def button(  # noqa: PLR0913
    label: str = "",
    kind: str = "",
    icon: str = "",
    *,
    size: str = "",
    tone: str = "",
    tip: str = "",
    name: str = "",
    role: str = "label",
    enabled: bool = True,
) -> QPushButton:
    """Return a button; `name` is what a screen reader says, else the label or the tip."""
    made = QPushButton(f" {label}" if icon and label else label)
    made.setFont(theme.font(role))
    if kind:
        made.setProperty("kind", kind)
    if size:
        # Not "size": every widget has a property of that name already.
        made.setProperty("extent", size)
    made.setEnabled(enabled)
    if icon:
        made.setProperty("icon_name", icon)
        made.setProperty("icon_role", tone or _ICON_TONES.get(kind, "text_2"))
        made.setProperty("icon_side", 14 if size == "small" else 16)
        tint(made)
    made.setAccessibleName(name or label or tip)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    return made


def icon_button(icon: str, tip: str, *, tone: str = "text_2", side: int = 28) -> QPushButton:
    """Return a square button with an icon only; the tip is its name."""
    made = button("", "glyph", icon, tip=tip, tone=tone)
    made.setFixedSize(theme.px(side), theme.px(side))
    return made


def set_icon(target: QPushButton, icon: str, tone: str = "text_2") -> None:
    """Give a button another icon."""
    target.setProperty("icon_name", icon)
    target.setProperty("icon_role", tone)
    tint(target)


def field(  # noqa: PLR0913
    value: str = "",
    hint: str = "",
    *,
    name: str = "",
    icon: str = "",
    size: str = "",
    secret: bool = False,
    role: str = "body",
) -> QLineEdit:
    """Return a line to type into."""
    made = QLineEdit(value)
    made.setFont(theme.font(role))
    made.setPlaceholderText(hint)
    if icon:
        sign = made.addAction(icons.icon(icon, "text_3"), QLineEdit.ActionPosition.LeadingPosition)
        sign.setProperty("icon_name", icon)
    if size:
        # Not "size": every widget has a property of that name already.
        made.setProperty("extent", size)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAccessibleName(name or hint)
    return made


def fill(layout: QBoxLayout, items: Sequence[Item], spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QBoxLayout:
    """Put items into a layout that is empty so far."""
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    add(layout, *items)
    return layout


def add(layout: QBoxLayout, *items: Item) -> None:
    """Put more items into a layout."""
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, tuple):
            layout.addWidget(item[0], item[1])
        else:
            layout.addWidget(item)


def row(*items: Item, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QWidget:
    """Return items side by side."""
    host = QWidget()
    fill(QHBoxLayout(host), items, spacing, margins)
    return host


def column(*items: Item, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QWidget:
    """Return items one below the other."""
    host = QWidget()
    fill(QVBoxLayout(host), items, spacing, margins)
    return host


def frame(
    name: str, *items: Item, vertical: bool = True, spacing: int = 8, margins: Margins = (12, 12, 12, 12)
) -> QFrame:
    """Return a surface; `name` is its entry in the style sheet."""
    made = QFrame()
    made.setObjectName(name)
    fill(QVBoxLayout(made) if vertical else QHBoxLayout(made), items, spacing, margins)
    return made


def hline() -> QFrame:
    """Return a horizontal hairline."""
    made = QFrame()
    made.setObjectName("hline")
    return made


def vline() -> QFrame:
    """Return a vertical hairline."""
    made = QFrame()
    made.setObjectName("vline")
    return made


class Panel(QFrame):
    """A titled surface: a header of 40 pixels with actions at the right, a hairline, a body that can be exchanged."""

    def __init__(  # noqa: PLR0913
        self,
        title: str,
        *items: Item,
        right: Sequence[Item] = (),
        note: str = "",
        spacing: int = 0,
        body: Margins = (0, 0, 0, 0),
        line: bool = True,
    ) -> None:
        """Take the title, the items of the body, the actions of the header."""
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(title)
        self.title = text(title, "heading")
        self.note = text(note, "caption", "text_3")
        if not note:
            self.note.hide()
        self.head = row(self.title, self.note, None, *right, spacing=8, margins=(14, 0, 10, 0))
        self.head.setFixedHeight(theme.px(40))
        self._body = column(*items, spacing=spacing, margins=body)
        fill(QVBoxLayout(self), [self.head, *([hline()] if line else []), (self._body, 1)], 0, (1, 1, 1, 1))

    def show_body(self, body: QWidget) -> None:
        """Put another body in place of the one before, which is let go."""
        old, self._body = self._body, body
        layout = self.layout()
        if isinstance(layout, QBoxLayout):
            layout.replaceWidget(old, body)
            layout.setStretchFactor(body, 1)
        old.hide()
        old.setParent(None)
        old.deleteLater()
        # Shown with its panel: to show what is not seen yet has each part styled now, and again in each new parent.
        if self.isVisible() or body.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            body.show()

    @property
    def body(self) -> QWidget:
        """Return the body that is shown."""
        return self._body


def panel(title: str, *items: Item, right: Sequence[Item] = (), note: str = "", line: bool = True) -> Panel:
    """Return a titled surface."""
    return Panel(title, *items, right=right, note=note, line=line)


def scroll(content: QWidget, name: str = "") -> QScrollArea:
    """Return content that scrolls up and down; `name` is what a screen reader says where Tab stops at it."""
    made = Scroll(content)
    made.setAccessibleName(name)
    return made


def shadow(widget: QWidget, level: int) -> None:
    """Lift a widget above the page."""
    offset, blur, shade = theme.elevation(level)
    effect = QGraphicsDropShadowEffect(widget)
    effect.setBlurRadius(blur)
    effect.setOffset(0, offset)
    effect.setColor(shade)
    widget.setGraphicsEffect(effect)


def clear(layout: QBoxLayout) -> None:
    """Take every widget out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


def page_header(title: str, *left: Item, right: Sequence[Item] = (), note: str = "") -> QWidget:
    """Return the line under the scope bar: title, note, what belongs to it, actions at the right."""
    words: list[Item] = [text(note, "body", "text_3")] if note else []
    made = row(text(title, "title"), *words, *left, None, *right, spacing=10, margins=(16, 0, 16, 0))
    made.setFixedHeight(theme.size("page_header"))
    return made
