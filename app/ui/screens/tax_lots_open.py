"""All lots that are open now, or were at the end of a day, with their totals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.tax.profile import Profile
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.paged import PagedModel
from app.ui.models.rows import Branch
from app.ui.screens import tax_lots_open_rows as rows
from app.ui.screens import tax_words as words
from app.ui.screens.base import HowComputed, Shell
from app.ui.screens.positions_holdings import Total
from app.ui.screens.tax_lots_open_rows import OpenRow
from app.ui.screens.tax_proof import ProofInspector
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, pinned
from app.ui.words import tr


class DayField(QWidget):
    """The day at whose end lots are told; an empty field is now.

    Signals:
        changed: Another day is asked for.
    """

    changed = Signal()

    def __init__(self) -> None:
        """Start with now."""
        super().__init__()
        self.day: date | None = None
        self.field = w.field("", tr("now"), name=tr("Value at the end of the day, YYYY-MM-DD; empty is now"))
        self.field.setToolTip(tr("YYYY-MM-DD: lots, values and terms of the end of that day. Empty: now."))
        self.field.setFixedWidth(theme.px(100))
        self.field.editingFinished.connect(self._typed)
        self.fault = w.text("", "caption", "danger")
        self.fault.hide()
        w.fill(QHBoxLayout(self), [w.text(tr("Value at"), "label", "text_3"), self.field, self.fault], 6)

    @Slot()
    def _typed(self) -> None:
        text = self.field.text().strip()
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            self._say(tr("Write the day as 2025-12-31."))
            return
        self._say("")
        if day != self.day:
            self.day = day
            self.changed.emit()

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))


class OpenLotsView(QWidget):
    """Table and totals.

    Signals:
        copied: How many rows went to the clipboard.
        picked: Other rows are selected.
    """

    copied = Signal(int)
    picked = Signal()

    def __init__(self, shell: Shell) -> None:
        """Start empty."""
        super().__init__()
        self.model = PagedModel(rows.columns(), rows.name, search=rows.searched)
        look = TableLook(settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "open-lots", tr("Open lots"), look)
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.copied.connect(self.copied)
        self.inspector = ProofInspector(shell, self, tr("Open lot"))
        self.table.opened.connect(self._open)
        self.table.previewed.connect(self._inspect)
        self.table.chosen.connect(self._follow)
        self.table.selectionModel().selectionChanged.connect(self._picked)
        self.day = DayField()
        self.how = w.button(tr("How computed"), "ghost", "info")
        self.stage = Stage(self.table)
        self.count = w.text("", "label", "text_2")
        self.cost, self.value, self.gain = Total(tr("Cost")), Total(tr("Value")), Total(tr("Unrealised gain"))
        self.foot = w.column(w.hline(), pinned(self.count, None, self.cost, 8, self.value, 8, self.gain), spacing=0)
        # Before anything is read there is no total.
        self.foot.hide()
        w.fill(QVBoxLayout(self), [(self.stage, 1), self.foot], 0)
        self._currency = ""

    def show_lots(self, made: tuple[Branch, ...], currency: str, profile: Profile) -> None:
        """Show the lots."""
        self._currency = currency
        self.foot.show()
        self.model.rename_column("long_from", words.from_word(profile))
        silent = list(rows.TERM_COLUMNS if profile.is_long is None else ())
        if not any(branch.row.lot.turn for branch in made):
            silent.append("ahead")
        self.table.leave_out(*silent)
        self.model.show(made, fresh=True)
        if made:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("No lot is open."), tr("Everything that was acquired has been disposed of."))
        self.show_totals()

    def selected(self) -> list[OpenRow]:
        """Return the selected lots, from top to bottom."""
        numbers = [self.model.number(key) for key in self.table.selected_keys()]
        return [self.model.line(number).row for number in numbers if number is not None]

    @Slot()
    def _picked(self) -> None:
        self.picked.emit()

    @Slot(str)
    def set_filter(self, text: str) -> None:
        """Keep the lots that have all of these words; the totals are of what is kept."""
        self.model.set_filter(text)
        self.show_totals()

    def show_totals(self) -> None:
        """Add up what fits the filter; what is not known is left out, and said so."""
        if not self._currency:
            # Nothing was read yet: that is no zero.
            return
        fitting: Sequence[OpenRow] = self.model.fitting
        words = fmt.counted(len(fitting), tr("%s open lot"), tr("%s open lots"))
        unpriced = sum(1 for row in fitting if row.lot.gain is None)
        if unpriced:
            words += " · " + fmt.counted(unpriced, tr("%s without a known gain"), tr("%s without a known gain"))
        self.count.setText(words)
        for label, value, is_signed in zip(
            (self.cost, self.value, self.gain), rows.sums(fitting), (False, False, True), strict=True
        ):
            tone = "text_3" if value is None else "text"
            label.show_text(fmt.amount(value, self._currency, sign=is_signed), tone, rows.full(value, self._currency))

    def explained(self, head: str) -> HowComputed:
        """Return how the totals of what is shown are computed."""
        return rows.explained(self.model.fitting, self._currency, head)

    # the inspector -------------------------------------------------------------------------------------------------
    def _row(self, key: str) -> OpenRow | None:
        number = self.model.number(key)
        return None if number is None else self.model.line(number).row

    @Slot(str)
    def _open(self, key: str) -> None:
        row = self._row(key)
        if row is not None:
            self.inspector.show_entry(row.lot.figures.lot)

    @Slot(str)
    def _inspect(self, key: str) -> None:
        row = self._row(key)
        if row is not None:
            self.inspector.show(key, rows.proof(row))

    @Slot(str)
    def _follow(self, key: str) -> None:
        if self.inspector.is_open and key:
            self._inspect(key)

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self.show_totals()
        self._follow(self.inspector.key)
