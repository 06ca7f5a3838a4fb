"""The lots that a sale can be taken from, with a quantity to be typed into each row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.money import exact, plain
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.table import TableModel
from app.ui.screens import tax_lots_rows as rows
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.words import tr


def typed(text: str) -> Decimal | None:
    """Return the quantity that a person typed, nothing for an empty field; None where it is no quantity."""
    plain_text = text.strip().replace(fmt.THIN, "").replace(" ", "").replace(",", "")
    if not plain_text:
        return Decimal(0)
    try:
        found = exact(plain_text)
    except ValueError:
        return None
    return found if found >= 0 else None


class QuantityField(QLineEdit):
    """A field over a cell.

    Signals:
        done: Enter was pressed or the field was left: the text.
        given_up: Escape was pressed.
        moved: Enter or an arrow asks for the row after (1) or before (-1).
    """

    done = Signal(str)
    given_up = Signal()
    moved = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        """Start hidden."""
        super().__init__(parent)
        self.setFont(theme.font("cell_strong"))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName(tr("Quantity used of this lot"))
        self.setProperty("extent", "small")
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take or leave what was typed."""
        steps = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.done.emit(self.text())
            self.moved.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed: nobody loses a figure by clicking elsewhere."""
        super().focusOutEvent(event)
        if self.isVisible():
            self.done.emit(self.text())


class LotsTable(Table):
    """The table.

    Signals:
        toggled: All or nothing of a lot: its row.
        used: Another quantity of a lot is wanted: its row, the text that was typed.
    """

    toggled = Signal(str)
    used = Signal(str, str)

    def __init__(self, settings: Path) -> None:
        """Start empty; `settings` keeps the order of columns."""
        self.lots = TableModel(rows.lot_columns(), rows.lot_name)
        super().__init__(self.lots, "lots-of-sale", tr("Open lots"), TableLook(settings=settings, is_one=True))
        self._key = ""
        self.field = QuantityField(self.viewport())
        self.field.done.connect(self._done)
        self.field.given_up.connect(self._close)
        self.field.moved.connect(self._move)
        self.previewed.connect(self.toggled)
        self.opened.connect(self.open_field)
        self.clicked.connect(self._clicked)
        self.verticalScrollBar().valueChanged.connect(self._close)

    @Slot(str)
    def open_field(self, key: str) -> None:
        """Open the field over the quantity of a lot."""
        number = self.lots.number(key)
        if number is None:
            return
        self.choose(key)
        self._key = key
        row = self.lots.line(number).row
        self.field.setText(plain(row.use) if row.use else "")
        self.field.setGeometry(self.visualRect(self.lots.index(number, self.lots.column_number("use"))))
        self.field.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _done(self, text: str) -> None:
        key, self._key = self._key, ""
        self._close()
        if key:
            self.used.emit(key, text)

    @Slot()
    def _close(self) -> None:
        if self.field.isVisible():
            had_focus = self.field.hasFocus()
            self.field.hide()
            if had_focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _move(self, step: int) -> None:
        number = self.currentIndex().row() + step
        if 0 <= number < self.lots.rowCount():
            self.open_field(self.lots.line(number).key)

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        column, key = self.lots.columns[index.column()].column_id, self.lots.line(index.row()).key
        if column == "chosen":
            self.toggled.emit(key)
        elif column == "use":
            self.open_field(key)
