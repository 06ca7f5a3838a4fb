"""Prices: which days of which asset have none, whom the program did not believe, and prices set by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.services.events import PricesRead, RecordsAppended
from app.services.prices import PriceCoverage, PriceDay
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.paged import PagedModel
from app.ui.models.table import TableModel
from app.ui.screens import prices_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.books import BooksScreen
from app.ui.screens.inspector_parts import give_back_focus
from app.ui.screens.prices_form import PriceForm
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, tool_bar
from app.ui.words import tr

_ASSETS_WIDE = 400


class PricesScreen(BooksScreen):
    """Assets at the left, the days of the chosen one at the right, and what can be done about one day below them."""

    place: ClassVar[str] = "prices"
    title: ClassVar[str] = "Prices"
    icon: ClassVar[str] = "tag"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self.found: tuple[PriceCoverage, ...] | None = None
        self._asset, self._question = "", 0
        self._later.timeout.connect(self._load)

    def pieces(self) -> Iterator[None]:
        """Make the assets, the days, and what can be done about one, each in a turn of its own."""
        left, right = QWidget(), QWidget()
        left.setFixedWidth(theme.px(_ASSETS_WIDE))
        w.fill(QVBoxLayout(self), [(w.row(left, w.vline(), (right, 1), spacing=0), 1)], 0)
        settings = self.shell.workspace.runtime.settings_folder
        yield
        self._make_assets(left, settings)
        yield
        days = self._make_days(settings)
        yield
        self.form = PriceForm(self.shell)
        self.form.done.connect(self._recorded)
        w.fill(QVBoxLayout(right), [*days, w.hline(), self.form], 0)

    def _make_assets(self, place: QWidget, settings: Path) -> None:
        self.assets = TableModel(rows.asset_columns(), rows.asset_name)
        look = TableLook(is_one=True, settings=settings)
        self.asset_table = Table(self.assets, "price-assets", tr("Assets and their gaps"), look)
        self.asset_table.chosen.connect(self._chosen)
        self.stage = Stage(self.asset_table)
        self.filter = filter_field(tr("Filter assets"))
        self.filter.textChanged.connect(self.assets.set_filter)
        w.fill(QVBoxLayout(place), [tool_bar((self.filter, 1), None), w.hline(), (self.stage, 1)], 0)

    def _make_days(self, settings: Path) -> list[w.Item]:
        self.days = PagedModel(rows.day_columns(), rows.day_name, search=rows.remark)
        self.day_table = Table(self.days, "price-days", tr("Prices by day"), TableLook(is_one=True, settings=settings))
        self.day_table.near_end.connect(self.days.grow, Qt.ConnectionType.QueuedConnection)
        self.day_table.chosen.connect(self._day_chosen)
        self.day_table.opened.connect(self._ask)
        self.day_table.copied.connect(self._copied)
        self.day_stage = Stage(self.day_table)
        kinds = (
            (rows.GAPS, tr("Gaps")),
            (rows.DOUBTED, tr("Doubted")),
            (rows.BY_HAND, tr("By hand")),
            (rows.ALL, tr("All")),
        )
        self.kind = Segmented(kinds, rows.ALL, tr("Days"))
        self.kind.chosen.connect(self._kind_chosen)
        self.count = w.text("", "caption", "text_3")
        return [tool_bar(self.kind, None, self.count), w.hline(), (self.day_stage, 1)]

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return how many days have no price."""
        gaps = sum(len(one.gaps) for one in self.found or ())
        return fmt.counted(gaps, tr("%s gap"), tr("%s gaps")) if gaps else ""

    def activate(self, detail: str = "") -> None:
        """Listen and load; `detail` names an asset."""
        self.listen(RecordsAppended, PricesRead)
        if detail:
            self._asset = detail
        if self.found is None:
            self.stage.show_loading()
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.assets.redraw()
        self.days.redraw()
        self._narrow()
        self.header_changed.emit()

    def main_part(self) -> QWidget:
        """Return the assets."""
        return self.asset_table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return every day of the chosen asset that is looked at, raw."""
        return None if not self._asset else self.day_table.texts_of(self.days.fitting)

    # reading -------------------------------------------------------------------------------------------------------
    @Slot()
    def _load(self) -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Reading prices"))

    async def _read(self, question: int) -> None:
        try:
            found = await self.shell.workspace.prices.coverage()
        except CounterfoilError as fault:
            if question == self._question:
                self.stage.show_fault(tr("The prices could not be read."), fault)
            return
        if question != self._question:
            return
        found = rows.before(found, self.until)
        is_first = self.found is None
        self.found = found
        self.assets.show(rows.asset_branches(found), fresh=is_first)
        if found:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("Nothing needs a price yet."), tr("Assets show up here once the books have some."))
        self.header_changed.emit()
        wanted = self._asset if any(one.asset.asset_id == self._asset for one in found) else ""
        first = found[0].asset.asset_id if found else ""
        self.asset_table.choose(wanted or first)
        await self._read_days(wanted or first, question)

    async def _read_days(self, asset: str, question: int) -> None:
        of = next((one for one in self.found or () if one.asset.asset_id == asset), None)
        is_same, self._asset = asset == self._asset, asset
        if of is None:
            return
        ends = (of.days[0], of.days[-1], *of.by_hand)
        days = await self.shell.workspace.prices.days(asset, min(ends), max(ends))
        if question == self._question and asset == self._asset:
            self._show_days(of, days, fresh=not is_same)

    def _show_days(self, of: PriceCoverage, days: Sequence[PriceDay], *, fresh: bool) -> None:
        if fresh:
            self.kind.choose(rows.GAPS if of.gaps else rows.ALL)
        money = self.shell.workspace.book.base_currency.upper()
        self.days.show(rows.day_branches(days, of.days, money), fresh=fresh)
        self._narrow()
        keys = [line.key for line in self.days.lines()]
        if keys and self.day_table.current_key() not in keys:
            self.day_table.choose(keys[0])
        self._day_chosen(self.day_table.current_key())

    def _narrow(self) -> None:
        self.days.set_condition(partial(_fits, kind=self.kind.current))
        shown = len(self.days.fitting)
        self.count.setText(fmt.counted(shown, tr("%s day"), tr("%s days")))
        if shown:
            self.day_stage.show_table()
        else:
            self.day_stage.show_empty(tr("No such day."), tr("Every day that figures need is otherwise."))

    @Slot()
    def _recorded(self) -> None:
        """Read anew; where that was the last gap of the asset, the next asset is chosen."""
        give_back_focus(self.form, self.asset_table)
        self._load()

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _chosen(self, asset: str) -> None:
        if asset and asset != self._asset:
            self.shell.run(self._read_days_of(asset), what=tr("Reading prices"))

    async def _read_days_of(self, asset: str) -> None:
        self._asset = ""
        await self._read_days(asset, self._question)

    @Slot(str)
    def _kind_chosen(self, _kind: str) -> None:
        self._narrow()

    @Slot(str)
    def _day_chosen(self, key: str) -> None:
        number = self.days.number(key) if key else None
        of = next((one for one in self.found or () if one.asset.asset_id == self._asset), None)
        if number is None or of is None:
            self.form.show_day("", "", None, "")
        else:
            row: rows.DayRow = self.days.line(number).row
            self.form.show_day(self._asset, of.asset.symbol, row.day, rows.date(row))

    @Slot(str)
    def _ask(self, key: str) -> None:
        self._day_chosen(key)
        self.form.ask_price()

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))


def _fits(row: rows.DayRow, *, kind: str) -> bool:
    return rows.fits(row, kind)
