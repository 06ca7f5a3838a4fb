"""The list of the connections: filter, chips that narrow it, the table, and what stands in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.core.model.accounts import ConnectionState
from app.core.model.views import ConnectionView
from app.ui import format as fmt
from app.ui.models.table import TableModel
from app.ui.screens import connections_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.connections_rows import SourceRow
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, tool_bar
from app.ui.words import tr


def _any(_row: SourceRow) -> bool:
    return True


def _is_reading(row: SourceRow) -> bool:
    return row.view.state in {ConnectionState.READING, ConnectionState.WAITING}


def _needs_person(row: SourceRow) -> bool:
    return row.needs_person


def _is_paused(row: SourceRow) -> bool:
    return row.is_paused


class SourceList(QWidget):
    """Every source in groups."""

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__()
        self._shell = shell
        self.model = TableModel(rows.columns(), rows.row_name, search=rows.search_text)
        look = TableLook(settings=shell.workspace.runtime.settings_folder, is_one=True)
        self.table = Table(self.model, "connections", tr("Connections"), look)
        self.stage = Stage(self.table)
        self._make_bar()
        w.fill(QVBoxLayout(self), [self.bar, w.hline(), (self.stage, 1)], 0)

    def _make_bar(self) -> None:
        self.filter = filter_field(tr("Filter sources"))
        self.filter.textChanged.connect(self.model.set_filter)
        self._conditions: dict[QPushButton, tuple[str, Callable[[SourceRow], bool]]] = {}
        for word, fits in (
            (tr("All"), _any),
            (tr("Reading"), _is_reading),
            (tr("Needs you"), _needs_person),
            (tr("Paused"), _is_paused),
        ):
            made = w.button(word, "chip")
            made.setCheckable(True)
            made.clicked.connect(partial(self._choose, made))
            self._conditions[made] = (word, fits)
        self._chosen = next(iter(self._conditions))
        self._chosen.setChecked(True)
        self.columns = w.icon_button("columns-3", tr("Show and hide columns"))
        self.columns.clicked.connect(self._ask_columns)
        self.bar = tool_bar((self.filter, 1), *self._conditions, None, self.columns)

    def show_views(self, views: Sequence[ConnectionView]) -> None:
        """Show connections; rows keep their place while they are read."""
        workspace = self._shell.workspace
        venues = {info.venue_id: info for info in workspace.connections.venues()}
        now = workspace.runtime.clock.now_ns()
        self.model.show(rows.grouped(views, venues, now, is_simulated=workspace.book.simulated))
        for button, (word, fits) in self._conditions.items():
            count = sum(fits(row) for row in self.model.rows())
            button.setText(f"{word}  {fmt.count(count)}")
            button.setAccessibleName(button.text())
            button.setVisible(fits is _any or count > 0 or button.isChecked())
        self.bar.setVisible(bool(views))
        if views:
            self.stage.show_table()

    def row(self, name: str) -> SourceRow | None:
        """Return a connection by its name."""
        return next((row for row in self.model.rows() if row.name == name), None)

    def menu_place(self, name: str) -> QPoint:
        """Return where the menu of a row opens."""
        index = self.model.index(self.model.number(name) or 0, self.model.column_number("actions"))
        return self.table.viewport().mapToGlobal(self.table.visualRect(index).bottomLeft())

    def _choose(self, chip: QPushButton, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._chosen = chip
        for button in self._conditions:
            button.setChecked(button is chip)
        fits = self._conditions[chip][1]
        self.model.set_condition(None if fits is _any else fits)

    @Slot()
    def _ask_columns(self) -> None:
        self.table.column_menu().popup(self.columns.mapToGlobal(self.columns.rect().bottomLeft()))
