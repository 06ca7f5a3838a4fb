"""The holdings: every asset with its places, live, filtered and grouped as the person likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.model.views import Position, Positions
from app.core.money import plain
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.columns import full_amount
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens import positions_rows as rows
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, pinned, tool_bar
from app.ui.words import tr

TICK = 100
"""Milliseconds in which live marks are gathered: ten frames a second at most."""
SETTLE = 1_000
"""Milliseconds between two sorts of a live table."""
NARROW = 760


class Total(QWidget):
    """A word and its figure in the pinned line."""

    def __init__(self, word: str) -> None:
        """Take the word."""
        super().__init__()
        self._word = w.text(word, "caption", "text_3")
        self.arrow, self.figure = w.text("", "caption"), w.text("", "strong")
        self.arrow.hide()
        w.fill(QHBoxLayout(self), [self._word, self.arrow, self.figure], 5)

    def rename(self, word: str) -> None:
        """Call the figure otherwise."""
        self._word.setText(word)

    def show_text(self, text: str, tone: str = "text", tip: str = "") -> None:
        """Show a figure."""
        self.figure.setText(text)
        self.figure.setToolTip(tip)
        self.figure.setAccessibleName(f"{self._word.text()} {text}")
        w.set_tone(self.figure, tone)

    def show_change(self, value: Decimal | None, text: str) -> None:
        """Show a change: triangle, sign and colour."""
        shown = rows.seen_change(value)
        self.show_text(text, fmt.tone(shown))
        w.set_tone(self.arrow, fmt.tone(shown))
        self.arrow.setText(fmt.arrow(shown))
        self.arrow.setVisible(bool(fmt.arrow(shown)))


class Footer(QWidget):
    """The pinned totals: they say what they leave out."""

    def __init__(self) -> None:
        """Start without figures."""
        super().__init__()
        self.count = w.text("", "label", "text_2")
        self.left_out = w.elided("", "caption", "warn")
        self.value, self.effect = Total(tr("Value")), Total(tr("24 h"))
        line = pinned(self.count, (self.left_out, 1), self.value, 8, self.effect)
        w.fill(QVBoxLayout(self), [line], 0)

    def show_totals(self, found: Positions, shown: int) -> None:
        """Show the totals of everything in scope, however much of it is shown."""
        total = len(found.positions)
        words = fmt.counted(total, tr("%s asset"), tr("%s assets"))
        if shown != total:
            both = tr("%s of %t assets shown, all counted")
            words = both.replace("%s", fmt.count(shown)).replace("%t", fmt.count(total))
        self.count.setText(words)
        ages = [row.stale_ns for row in (branch.row for branch in rows.by_asset(found)) if row.stale_ns is not None]
        self.left_out.setText(left_out_words(found, max(ages, default=None)))
        is_old = bool(ages)
        tip = full_amount(found.value, found.currency)
        self.value.show_text(fmt.amount(found.value, found.currency), "text_3" if is_old else "text", tip)
        effect = fmt.amount(found.effect_24h, found.currency, sign=True)
        share = fmt.percent(found.change_24h, sign=True)
        text = f"{effect} · {share}" if found.effect_24h is not None else fmt.UNKNOWN
        self.effect.show_change(found.effect_24h, text)


def left_out_words(found: Positions, oldest_ns: int | None = None) -> str:
    """Return what the total leaves out, by name, and how old its oldest stale mark is."""
    words = []
    if found.unpriced:
        left_out = tr("%s without price, left out: %n").replace("%s", fmt.count(len(found.unpriced)))
        words.append(left_out.replace("%n", ", ".join(found.unpriced)))
    if oldest_ns is not None:
        words.append(tr("marks up to %s old").replace("%s", fmt.age(oldest_ns)))
    return " · ".join(words)


class Holdings(QWidget):
    """Tool bar, tree and totals.

    Signals:
        counted: How many assets there are.
    """

    counted = Signal(int)

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__()
        self._shell = shell
        self._found: Positions | None = None
        self._venues: Mapping[str, str] = {}
        self._is_by_venue = self._was_hidden = False
        self.model = TableModel(rows.columns(), rows.row_name, search=rows.search_text)
        self.model.sort(self.model.column_number("value"), Qt.SortOrder.DescendingOrder)
        look = TableLook(is_tree=True, settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "holdings", tr("Holdings"), look)
        self.stage = Stage(self.table)
        self.footer = Footer()
        self.footer.hide()
        self._make_bar()
        w.fill(QVBoxLayout(self), [self.bar, w.hline(), (self.stage, 1), w.hline(), self.footer], 0)
        self._tick = QTimer(self, singleShot=True, interval=TICK)
        self._tick.timeout.connect(self.take_marks)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE)
        self._settle.timeout.connect(self.model.settle)

    def _make_bar(self) -> None:
        self.filter = filter_field(tr("Filter positions"))
        self.filter.textChanged.connect(self._filtered)
        self.group = self._chip(tr("Group: asset"), self._regroup, can_check=False)
        self.dust = self._chip(tr("Hide dust"), self._rethink)
        self.priced = self._chip(tr("Priced only"), self._rethink)
        self._tell_dust()
        self.columns = w.button(tr("Columns"), "ghost", "columns-3", tip=tr("Show and hide columns"))
        self.columns.clicked.connect(self._ask_columns)
        self.bar = tool_bar((self.filter, 1), self.group, self.dust, self.priced, None, self.columns)

    def _tell_dust(self) -> None:
        least = fmt.amount(rows.DUST, self._shell.workspace.book.base_currency)
        self.dust.setToolTip(tr("Dust is what is worth less than %s").replace("%s", least))

    def _chip(self, label: str, then: object, *, can_check: bool = True) -> QPushButton:
        made = w.button(label, "chip")
        made.setCheckable(can_check)
        made.clicked.connect(then)
        return made

    # what is shown -------------------------------------------------------------------------------------------------
    @property
    def found(self) -> Positions | None:
        """Return what is shown."""
        return self._found

    def position(self, asset_id: str) -> Position | None:
        """Return a position by its asset."""
        held = () if self._found is None else self._found.positions
        return next((row for row in held if row.asset.asset_id == asset_id), None)

    def current_asset(self) -> str:
        """Return the asset of the current row, "" for none."""
        number = self.model.number(self.table.current_key())
        return "" if number is None else str(self.model.line(number).row.asset_id)

    def show_positions(self, found: Positions, venues: Mapping[str, str]) -> None:
        """Show positions; `venues` names the venue of each account."""
        is_first = self._found is None
        self._found, self._venues = found, venues
        self.model.show(self._branches(), fresh=is_first)
        if self._was_hidden:
            # What changed while nobody looked is not news that flashes.
            self._was_hidden = False
            self.model.flashes.clear()
        self._after()
        self.counted.emit(len(found.positions))
        if found.positions:
            self.stage.show_table()

    def _branches(self) -> Sequence[Branch]:
        if self._found is None:
            return ()
        return rows.by_venue(self._found, self._venues) if self._is_by_venue else rows.by_asset(self._found)

    def _after(self) -> None:
        if self._found is None:
            return
        self.footer.setVisible(bool(self._found.positions))
        self.bar.setVisible(bool(self._found.positions))
        shown = {line.row.asset_id for line in self.model.lines() if not line.row.is_part}
        whole = len(self._found.positions)
        is_whole = not self._is_by_venue and len(shown) != whole
        self.footer.show_totals(self._found, len(shown) if is_whole else whole)
        dust = sum(row.is_dust for row in self.model.rows() if not row.is_part and row.asset_id)
        word = tr("Dust hidden") if self.dust.isChecked() else tr("Hide dust")
        self.dust.setText(f"{word} · {fmt.count(dust)}" if dust else word)
        self.dust.setAccessibleName(self.dust.text())

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        self._tell_dust()
        self.model.redraw()
        self._after()

    # live ----------------------------------------------------------------------------------------------------------
    def marks_moved(self) -> None:
        """Gather new marks for the next frame."""
        if not self._tick.isActive():
            self._tick.start()

    @Slot()
    def take_marks(self) -> None:
        """Value the same quantities at the newest marks; rows keep their place until they are settled."""
        if self._found is None:
            return
        self._found = self._shell.workspace.portfolio.revalued(self._found)
        self.model.update(self._branches())
        self._after()
        if not self._settle.isActive():
            self._settle.start()

    def rest(self) -> None:
        """Stop all timers: the screen is hidden."""
        self._was_hidden = True
        self._tick.stop()
        self._settle.stop()

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _filtered(self, text: str) -> None:
        self.model.set_filter(text)
        self._after()

    @Slot()
    def _regroup(self) -> None:
        self._is_by_venue = not self._is_by_venue
        self.group.setText(tr("Group: venue") if self._is_by_venue else tr("Group: asset"))
        self.group.setAccessibleName(self.group.text())
        self.model.show(self._branches(), fresh=True)
        self._after()

    @Slot()
    def _rethink(self) -> None:
        no_dust, priced = self.dust.isChecked(), self.priced.isChecked()

        def fits(row: rows.HoldingRow) -> bool:
            return not (no_dust and row.is_dust and not row.is_part) and not (priced and row.value is None)

        self.model.set_condition(fits if no_dust or priced else None)
        self._after()

    @Slot()
    def _ask_columns(self) -> None:
        menu = self.table.column_menu()
        menu.popup(self.columns.mapToGlobal(self.columns.rect().bottomLeft()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the words off the buttons where space is short."""
        super().resizeEvent(event)
        self.columns.setText("" if self.width() < theme.px(NARROW) else f" {tr('Columns')}")

    def figures(self) -> dict[str, str]:
        """Return the exact figures that the table holds, by what they are of."""
        made: dict[str, str] = {}
        if self._found is None:
            return made
        made["value"] = _exact(self._found.value)
        made["effect_24h"] = _exact(self._found.effect_24h)
        for row in self.model.rows():
            name = f"{'holding' if row.is_part else 'position'}/{row.key}"
            if row.quantity is not None:
                made[name] = plain(row.quantity)
                made[f"{name}/value"] = _exact(row.value)
            if row.mark is not None and not row.is_part:
                made[f"{name}/mark"] = plain(row.mark.price)
        return made


def _exact(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
