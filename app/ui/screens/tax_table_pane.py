"""A tab of the tax place that lists one kind of figure of the year: filter, rows, totals at its foot."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from app.core.money import plain
from app.core.ports import AssetRegistry
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.models.columns import Column
from app.ui.models.paged import PagedModel
from app.ui.models.rows import Branch
from app.ui.screens.base import Shell
from app.ui.screens.tax_disposals_rows import Age
from app.ui.screens.tax_pane import Pane
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed, and how.

    Attributes:
        sorted_by: The column that is the order at first, the newest first.
    """

    columns: Callable[[Age], Sequence[Column]]
    row_name: Callable[[Any], str]
    search_text: Callable[[Any], str]
    branches: Callable[[TaxYear, AssetRegistry, Mapping[str, str]], tuple[Branch, ...]]
    sorted_by: str


class TablePane(Pane):
    """The table of such a tab, with what it does for any kind of row; a subclass lays it out and opens its inspector.

    Attributes:
        finding: What the filter says while it is empty.
        reading: What is done while rows are made, for whoever waits.
        empty: What is said of a year without any row.
    """

    finding: ClassVar[str] = ""
    reading: ClassVar[str] = ""
    empty: ClassVar[str] = ""

    def __init__(self, shell: Shell, listing: Listing) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._listing = listing
        self._found: TaxYear | None = None
        self._age = Age()
        self._wanted = ""
        self.model = PagedModel(listing.columns(self._age), listing.row_name, search=listing.search_text)
        self.model.sort(self.model.column_number(listing.sorted_by), Qt.SortOrder.DescendingOrder)
        look = TableLook(settings=shell.workspace.runtime.settings_folder, is_one=True)
        self.table = Table(self.model, self.word, tr(self.title), look)
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.previewed.connect(self._inspect)
        self.table.chosen.connect(self._follow)
        self.table.copied.connect(self._copied)
        self.stage = Stage(self.table)
        self.filter = filter_field(tr(self.finding))
        self.filter.textChanged.connect(self._filtered)
        self.how = w.button(tr("How computed"), "ghost", "info")
        self.how.clicked.connect(self._explain)
        self.count = w.text("", "label", "text_2")

    # of the kind ---------------------------------------------------------------------------------------------------
    @abstractmethod
    def _whole(self, found: TaxYear) -> int:
        """Return how many rows the year has."""

    @abstractmethod
    def _show_totals(self) -> None:
        """Show the totals of the year; a filter changes what is seen, never what is counted."""

    def _clear_conditions(self) -> None:
        """Let everything be seen but what the filter leaves out."""

    def _rows_made(self) -> None:
        """Go on once other rows are shown, with an inspector that is open."""

    @abstractmethod
    def _inspect(self, key: str) -> None:
        """Open what is known of a row at the right."""

    @abstractmethod
    def _follow(self, key: str) -> None:
        """Let an inspector that is open show the row that is chosen now."""

    @abstractmethod
    def _explain(self) -> None:
        """Tell how the totals are computed."""

    # the place asks ------------------------------------------------------------------------------------------------
    def label(self) -> str:
        """Return the word of the tab with how many rows there are."""
        word = tr(self.title)
        return word if self._found is None else f"{word}  {fmt.count(self._whole(self._found))}"

    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the rows of a question."""
        del asked
        self._found = found
        self.stage.show_loading()
        self.header_changed.emit()
        self.shell.run(self._write(found), what=tr(self.reading))

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        if is_stale != self._age.is_stale:
            self._age.is_stale = is_stale
            self.redraw()

    def shown(self, detail: str = "") -> None:
        """Show the rows that `detail` is about: the id of an asset, or one row."""
        self._wanted = detail if "/" in detail else ""
        if detail and not self._wanted:
            self._clear_conditions()
            self.filter.setText(detail)
        self._choose_wanted()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what fits the filters, raw, in the order in which it is seen."""
        return self.table.texts_of(self.model.fitting)

    # what is shown -------------------------------------------------------------------------------------------------
    async def _write(self, found: TaxYear) -> None:
        """Make the rows on another thread, and show them where they are still wanted."""
        workspace = self.shell.workspace
        accounts = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
        make = asyncio.get_running_loop().run_in_executor
        made = await make(None, self._listing.branches, found, workspace.runtime.assets, accounts)
        if self._found is not found:
            return
        current = self.table.current_key()
        self.model.show(made, fresh=True)
        if current and self.model.reach(current):
            self.table.choose(current)
        if made:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr(self.empty), tr("Choose another year above."))
        self._rows_made()
        self._show_totals()
        self._choose_wanted()

    def _choose_wanted(self) -> None:
        if self._wanted and self.model.reach(self._wanted):
            self.table.choose(self._wanted)
            self._inspect(self._wanted)
            self._wanted = ""

    def _counted(self, words: str) -> str:
        """Return how many rows there are, in `words`, or how many of them are seen."""
        whole = 0 if self._found is None else self._whole(self._found)
        if self.model.fitting_count == whole:
            return words
        told = tr("%s of %t shown, all counted")
        return told.replace("%s", fmt.count(self.model.fitting_count)).replace("%t", fmt.count(whole))

    def _tone(self) -> str:
        return "text_3" if self._age.is_stale else "text"

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _filtered(self, text: str) -> None:
        self.model.set_filter(text)
        self._show_totals()

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))


def exact(value: Decimal | None) -> str:
    """Return a figure digit for digit; "" where it is not known."""
    return "" if value is None else plain(value)
