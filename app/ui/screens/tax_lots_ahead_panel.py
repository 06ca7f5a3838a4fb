"""How much of each lot the next sales use up: a field a lot, in the inspector, before anything is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.errors import CounterfoilError
from app.core.money import add, plain
from app.core.tax.selecting import Choice
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.screens.inspector_parts import InspectorPanel, wrapped
from app.ui.screens.tax_lots_open_rows import OpenRow
from app.ui.screens.tax_lots_table import typed
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Avatar
from app.ui.words import tr


class AheadPanel(InspectorPanel):
    """The lots that shall be sold next, in their order, each whole or in part.

    Signals:
        given: The choice shall be recorded.
    """

    given = Signal()

    def __init__(self, rows: Sequence[OpenRow]) -> None:
        """Take the lots, of one asset in one wallet."""
        super().__init__(tr("Selection ahead of sales"))
        self.rows = tuple(rows)
        first = self.rows[0]
        self.show_head(Avatar(first.asset.symbol, 30), tr("Sell these next"), f"{first.asset.name} · {first.wallet}")
        self.fields = [self._field(row) for row in self.rows]
        self.total = w.text("", "strong")
        self.fault = wrapped("", "cell", "danger")
        self.fault.hide()
        means = tr(
            "The next sales from this wallet use up these units, in this order, until none are left. Recorded with its"
            " time: it counts where it stands before the sale."
        )
        lines: list[w.Item] = [self._line(row, field) for row, field in zip(self.rows, self.fields, strict=True)]
        body = w.column(wrapped(means, "cell", "text_2"), *lines, spacing=10, margins=(16, 2, 16, 12))
        self.show_body(body)
        self.record = w.button(tr("Record choice"), "primary", "stamp")
        self.record.clicked.connect(self.given)
        foot = w.row(self.total, None, self.record, spacing=8)
        self.foot_box.addWidget(w.column(self.fault, foot, spacing=6, margins=(16, 8, 16, 8)))
        self._weigh()

    def _field(self, row: OpenRow) -> QLineEdit:
        acquired = fmt.date(row.lot.figures.acquired_ns)
        made = w.field(plain(row.lot.figures.quantity), name=tr("Units of the lot of %s").replace("%s", acquired))
        made.setAlignment(Qt.AlignmentFlag.AlignRight)
        made.setFixedWidth(theme.px(140))
        made.textChanged.connect(self._weigh)
        made.returnPressed.connect(partial(self._next, row))
        return made

    @staticmethod
    def _line(row: OpenRow, field: QLineEdit) -> QWidget:
        one = row.lot.figures
        most = tr("of %q").replace("%q", fmt.quantity(one.quantity, row.asset.symbol))
        cost = tr("%p each").replace("%p", fmt.amount(one.unit_cost, row.currency))
        words = w.column(
            w.text(fmt.date(one.acquired_ns), "cell_strong"), w.text(f"{most} · {cost}", "caption", "text_3"), spacing=1
        )
        return w.row((words, 1), field, spacing=8)

    def _next(self, row: OpenRow) -> None:
        """Go on to the next lot; Enter in the last one records."""
        place = self.rows.index(row) + 1
        if place < len(self.fields):
            self.fields[place].setFocus()
            self.fields[place].selectAll()
        elif self.record.isEnabled():
            self.given.emit()

    def choice(self) -> Choice:
        """Return (lot, quantity) in their order, without those of which nothing is wanted."""
        used = [typed(field.text()) or Decimal(0) for field in self.fields]
        return tuple((row.lot.figures.lot, units) for row, units in zip(self.rows, used, strict=True) if units)

    @Slot()
    def _weigh(self) -> None:
        faults = [self._fault(row, field.text()) for row, field in zip(self.rows, self.fields, strict=True)]
        fault = next(filter(None, faults), "")
        chosen = [units for _, units in self.choice()]
        symbol = self.rows[0].asset.symbol
        together = add(*chosen) if chosen else Decimal(0)
        self.total.setText(tr("%q together").replace("%q", fmt.quantity(together, symbol)))
        self.show_fault(fault)
        self.record.setEnabled(not fault and bool(chosen))

    @staticmethod
    def _fault(row: OpenRow, text: str) -> str:
        units = typed(text)
        if units is None:
            return tr("“%t” is no quantity: write 0.5, or nothing.").replace("%t", text)
        if units > row.lot.figures.quantity:
            most = fmt.quantity(row.lot.figures.quantity, row.asset.symbol)
            day = fmt.date(row.lot.figures.acquired_ns)
            return tr("The lot of %s holds only %q.").replace("%s", day).replace("%q", most)
        return ""

    def show_fault(self, fault: str | CounterfoilError) -> None:
        """Say what cannot be; "" takes it away."""
        told = fault if isinstance(fault, str) else hints.line(fault)
        self.fault.setText(told)
        self.fault.setVisible(bool(told))
        self.record.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc: nothing is recorded."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
