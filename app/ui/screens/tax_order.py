"""The form that records a standing order: what it means, from when on, why, and how it is taken back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.lots.methods import Method, Scope
from app.core.model.standing_orders import StandingOrder
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.orders import in_force
from app.ui import format as fmt
from app.ui import hints
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.words import tr


class OrderForm(QWidget):
    """One order, before it is recorded.

    Signals:
        done: It was recorded, or left.
    """

    done = Signal()

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__()
        self._shell = shell
        self._order: StandingOrder | None = None
        self.title = w.text("", "strong")
        self.means = w.text("", "body", "text_2", wrap=True)
        self.trouble = w.text("", "body", "danger", wrap=True)
        self.trouble.hide()
        self.reason = w.field("", tr("Why: your decision, an adviser's advice"), name=tr("Reason of the order"))
        self.reason.returnPressed.connect(self._record)
        leave = w.button(tr("Leave as it is"))
        leave.clicked.connect(self.done)
        self.record = w.button(tr("Record order"), "primary", "stamp")
        self.record.clicked.connect(self._record)
        line = w.row((self.reason, 1), leave, self.record, spacing=8)
        parts: list[w.Item] = [self.title, self.means, self.trouble, line]
        w.fill(QVBoxLayout(self), [w.hline(), w.column(*parts, spacing=6, margins=(16, 10, 16, 12))], 0)

    def show_order(self, country: str, year: int, method: Method, scope: Scope | None) -> None:
        """Show what would be ordered."""
        rules = JURISDICTIONS[country]
        # A country with one scope needs no word about it, and an average has none.
        named = scope if scope is not None and len(rules.scopes) > 1 else None
        self._order = StandingOrder(country, year, method, "", named)
        how = words.method(method) + (f", {words.scope(named)}" if named else "")
        title = tr("From %y on, %c: %m").replace("%y", words.year(rules, year)).replace("%c", rules.name)
        self.title.setText(title.replace("%m", how))
        means = tr(
            "A record of your journal, sealed with its time: every wallet follows it from that year on, until another"
            " order. Nothing is erased; Undo records the order that held before."
        )
        note = rules.methods.get(method, "")
        self.means.setText(f"{means} {note}".strip())
        self.trouble.hide()

    @Slot()
    def _record(self) -> None:
        order = self._order
        if order is None:
            return
        reason = self.reason.text().strip()
        if not reason:
            self._tell(tr("Say why in a few words: the record is evidence."))
            self.reason.setFocus()
            return
        given = StandingOrder(order.jurisdiction, order.year, order.method, reason, order.scope)
        self._shell.run(self._recorded(given), what=tr("Recording the order"))

    async def _recorded(self, order: StandingOrder) -> None:
        tax = self._shell.workspace.tax
        self.record.setEnabled(False)
        try:
            before = _before(await tax.orders(), order)
            await tax.order(order)
        except CounterfoilError as fault:
            self._tell(hints.line(fault))
            return
        finally:
            self.record.setEnabled(True)
        self.reason.clear()
        self.done.emit()
        words_ = tr("Order recorded: %m from %y on.").replace("%m", words.method(order.method))
        words_ = words_.replace("%y", words.year(JURISDICTIONS[order.jurisdiction], order.year))
        self._shell.toast(words_, tr("Undo"), partial(self._undo, before))

    def _undo(self, before: StandingOrder) -> None:
        self._shell.run(self._undone(before), what=tr("Taking the order back"))

    async def _undone(self, before: StandingOrder) -> None:
        await self._shell.workspace.tax.order(before)
        words_ = tr("Taken back: %m holds again.").replace("%m", words.method(before.method))
        self._shell.toast(words_)

    def _tell(self, text: str) -> None:
        self.trouble.setText(fmt.prose(text))
        self.trouble.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
            return
        super().keyPressEvent(event)


def _before(orders: tuple[StandingOrder, ...], order: StandingOrder) -> StandingOrder:
    """Return the order that would let hold again what held before one: the last for all wallets, else the law's."""
    held = [one for one in in_force(orders, order.jurisdiction, order.year) if not one.wallet]
    rules = JURISDICTIONS[order.jurisdiction]
    method = held[-1].method if held else rules.method
    scope = held[-1].scope if held else None
    reason = tr("Takes back the order of %m").replace("%m", order.method.value)
    return StandingOrder(order.jurisdiction, order.year, method, reason, scope)
