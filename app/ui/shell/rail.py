"""The rail: one item a place, with its count; folds to icons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import format as fmt
from app.ui import icons, theme
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Avatar, Logo
from app.ui.words import tr


class NavItem(QAbstractButton):
    """A place: icon, word, count; the current one has a fill and an accent bar; folded, a dot stands for the count."""

    def __init__(self, place: str, title: str, icon: str, keys: str) -> None:
        """Take the place, its word, its icon and the keys that open it."""
        super().__init__()
        self.place = place
        self._icon, self._is_narrow = icon, False
        self._count, self._tone = "", "text_2"
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setToolTip(f"{title}  {keys}" if keys else title)
        # A click leaves the focus to the screen that it opens.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(theme.size("rail_item"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the height of an item; the width is the rail's."""
        return QSize(theme.px(40), theme.size("rail_item"))

    def fold(self, *, is_narrow: bool) -> None:
        """Show the word and the count, or only icon and dot."""
        self._is_narrow = is_narrow
        self.update()

    def show_count(self, count: str, tone: str) -> None:
        """Show a count; "" takes it away."""
        self._count, self._tone = count, tone
        self.setAccessibleDescription(self._written())
        self.update()

    def _written(self) -> str:
        return fmt.MASK if self._count and fmt.mask() == fmt.Mask.EVERYTHING else self._count

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the item."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = theme.px(8)
        area = QRectF(self.rect()).adjusted(inset, 0, -inset, 0)
        self._paint_ground(painter, area)
        side = theme.px(18)
        left = area.center().x() - side / 2 if self._is_narrow else area.left() + theme.px(10)
        top = (self.height() - side) / 2
        ink = "accent" if self.isChecked() else "text_2"
        painter.drawPixmap(int(left), int(top), icons.pixmap(self._icon, ink, 18, 1.6))
        if self._is_narrow:
            self._paint_dot(painter, left + theme.px(15))
            return
        painter.setFont(theme.font("medium"))
        painter.setPen(theme.color("text" if self.isChecked() else "text_2"))
        words = area.adjusted(theme.px(38), 0, -theme.px(10), 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._count:
            painter.setFont(theme.font("overline"))
            painter.setPen(theme.color(self._tone))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._written())

    def _paint_ground(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(theme.color("selected" if self.isChecked() else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if self.isChecked():
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(QRectF(0, self.height() / 2 - 9, 3, 18), 1.5, 1.5)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)

    def _paint_dot(self, painter: QPainter, left: float) -> None:
        if not self._count:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._tone))
        painter.drawEllipse(QRectF(left, theme.px(5), 6, 6))


class Brand(QAbstractButton):
    """Logo and name; opens the menu of everything."""

    def __init__(self) -> None:
        """Make it."""
        super().__init__()
        self.setText("Counterfoil")
        self.setAccessibleName(tr("Menu"))
        self.setToolTip(tr("All commands"))
        self.setFixedHeight(theme.size("scope_bar"))
        self._words = w.text("Counterfoil", "heading")
        w.fill(QHBoxLayout(self), [Logo(24), self._words, None], 9, (16, 0, 8, 0))

    def fold(self, *, is_narrow: bool) -> None:
        """Show the name, or only the logo."""
        self._words.setVisible(not is_narrow)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the focus ring; the rest are widgets."""
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("focus"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 5, -5, -5), 6, 6)


class Rail(QFrame):
    """Places above, settings below, the book at the foot.

    Signals:
        chosen: A place was clicked.
        menu_wanted: The logo was clicked.
    """

    chosen = Signal(str)
    menu_wanted = Signal()

    def __init__(self, upper: Sequence[NavItem], lower: Sequence[NavItem], book: str, about: str) -> None:
        """Take the items, the name of the book and a word about it."""
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName(tr("Places"))
        self.brand = Brand()
        self.brand.clicked.connect(self.menu_wanted)
        self.items = {item.place: item for item in (*upper, *lower)}
        for place, item in self.items.items():
            item.clicked.connect(partial(self._chosen, place))
        self._who = w.column(w.elided(book, "label"), w.elided(about, "caption", "text_3"), spacing=0)
        foot: QWidget = w.row(Avatar(book[:1].upper() or "?", 26, square=True), (self._who, 1), spacing=9)
        foot.setContentsMargins(14, 8, 8, 0)
        w.fill(QVBoxLayout(self), [self.brand, 6, *upper, None, *lower, 6, w.hline(), foot], 2, (0, 0, 1, 8))
        self.fold(is_narrow=False)

    def _chosen(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.chosen.emit(place)

    def fold(self, *, is_narrow: bool) -> None:
        """Show words, or only icons."""
        self.setFixedWidth(theme.size("rail_collapsed" if is_narrow else "rail"))
        self._who.setVisible(not is_narrow)
        self.brand.fold(is_narrow=is_narrow)
        for item in self.items.values():
            item.fold(is_narrow=is_narrow)

    def show_place(self, place: str) -> None:
        """Mark the place that is shown."""
        for name, item in self.items.items():
            item.setChecked(name == place)

    def show_count(self, place: str, count: int, tone: str) -> None:
        """Show how many things of a place wait; 0 takes the count away."""
        if place in self.items:
            self.items[place].show_count(str(count) if count else "", tone)
