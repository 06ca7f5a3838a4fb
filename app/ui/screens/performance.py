"""Performance: what a period brought, by every method, in parts, with flows apart from gains.

It is a tab of the Overview and not one of the Books: like the Overview it obeys the scope bar (accounts and period),
while the Books are proved as a whole; and the returns that the Overview shows are told in full here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.core.clock import to_datetime
from app.core.errors import CounterfoilError, InputError
from app.core.findings import Severity
from app.core.model.performance import By, Study
from app.core.reports.performance import report
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.table import TableModel
from app.ui.screens import performance_rows as rows
from app.ui.screens import tax_form_files as files
from app.ui.screens.base import Banner, Shell
from app.ui.screens.overview_measured import MeasuredPlace
from app.ui.screens.overview_seen import Files
from app.ui.screens.performance_chart import PerformanceChart
from app.ui.screens.performance_explained import explained, gaps_note
from app.ui.screens.performance_figures import PerformanceStrip
from app.ui.screens.typed_days import day_field, day_of
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, tool_bar
from app.ui.words import tr


class PerformanceScreen(MeasuredPlace):
    """Figures, chart and parts of one period."""

    place: ClassVar[str] = "performance"
    title: ClassVar[str] = "Performance"
    icon: ClassVar[str] = "chart-line"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self.study: Study | None = None
        self._files = Files(shell, self)

    def pieces(self) -> Iterator[None]:
        """Make the bar, then the strip, the chart and the parts below it."""
        body = QWidget()
        box = w.fill(QVBoxLayout(body), [], 12, (16, 0, 16, 14))
        self.stage = Stage(body)
        w.fill(QVBoxLayout(self), [self._bar(), (self.stage, 1)], 0)
        yield
        self.strip = PerformanceStrip()
        self.strip.asked.connect(self._explain)
        w.add(box, self.strip)
        yield
        self.chart = PerformanceChart()
        self.chart.file_asked.connect(self._save_chart)
        w.add(box, (self.chart, 1))
        yield
        w.add(box, (self._parts(), 1))

    def _bar(self) -> QWidget:
        self.by = Segmented(
            (
                (By.MONTH, tr("Months")),
                (By.QUARTER, tr("Quarters")),
                (By.YEAR, tr("Years")),
                (By.ACCOUNT, tr("Accounts")),
            ),
            By.MONTH,
            tr("Parts"),
        )
        self.by.chosen.connect(self._by_chosen)
        self.first, self.last = day_field(tr("First day")), day_field(tr("Last day"))
        for field in (self.first, self.last):
            field.editingFinished.connect(self._days_given)
        self.trouble = w.text("", "caption", "danger")
        self.save = w.button(tr("Save report"), "", "download")
        self.save.clicked.connect(self._open_menu)
        to = w.text("–", "body", "text_3")
        return tool_bar(self.first, to, self.last, self.trouble, None, self.by, is_framed=True)

    def _parts(self) -> QWidget:
        self.model = TableModel(rows.columns(), rows.name)
        look = TableLook(settings=self.shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "performance", tr("Parts of the period"), look)
        self.table.copied.connect(self._copied)
        self.table.opened.connect(self._open)
        return w.frame("panel", (self.table, 1), spacing=0, margins=(1, 1, 1, 1))

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return the days that are measured."""
        if self.study is None:
            return ""
        return f"{self.study.first.isoformat()} – {self.study.last.isoformat()}"

    def header_actions(self) -> Sequence[QWidget]:
        """Return the report."""
        return (self.save,)

    @property
    def is_measured(self) -> bool:
        """Tell whether there is an answer."""
        return self.study is not None

    def scope_changed(self) -> None:
        """Take the period of the scope; days that were typed give way to it."""
        for field in (self.first, self.last):
            field.clear()
        self._load()

    def prices_came(self) -> None:
        """Measure anew."""
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self.chart.redraw()
        if self.study is not None:
            self._show_figures(self.study)

    def main_part(self) -> QWidget:
        """Return the parts."""
        return self.table

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the parts that are seen, raw."""
        return None if self.study is None else self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the strip."""
        return self.strip.figures()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let t show the chart as a table."""
        if not self.chart.press(event.key()):
            super().keyPressEvent(event)

    # reading -------------------------------------------------------------------------------------------------------
    @Slot()
    def _load(self) -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Measuring the period"))

    async def _read(self, question: int) -> None:
        try:
            first, last = self._days()
            by = By(self.by.current)
            study = await self.shell.workspace.performance.study(self.shell.scope.accounts, first, last, by)
        except CounterfoilError as fault:
            if question == self._question:
                self._show_fault(fault)
            return
        # Figures, chart and parts each get a turn of the loop of their own.
        for show in self._taken(study):
            if question != self._question:
                return
            show()
            await asyncio.sleep(0)

    def _days(self) -> tuple[date | None, date | None]:
        """Return the days that were typed, else the period of the scope."""
        since = self.shell.scope.since_ns
        first = None if since is None else to_datetime(since).date()
        typed = day_of(self.first.text()), day_of(self.last.text())
        return (typed[0] or (None if typed[1] else first), typed[1])

    def _show_fault(self, fault: CounterfoilError) -> None:
        if isinstance(fault, InputError):
            self.trouble.setText(fmt.prose(fault.message))
            return
        self.shell.banner(None)
        self.stage.show_fault(tr("The period could not be measured."), fault)

    def _taken(self, study: Study) -> Sequence[Callable[[], None]]:
        """Take a study, and return what shows it, a part at a time."""
        is_first = self.study is None or self.study.by is not study.by
        self.study = study
        self.trouble.setText("")
        self.header_changed.emit()
        if study.whole.since is not None and not any(day.value for day in study.days):
            self.shell.banner(None)
            self.save.setEnabled(False)
            connections = w.button(tr("Show connections"), "primary", "plug")
            connections.clicked.connect(partial(self._go, "connections"))
            help_ = tr("Choose a longer period above, or connect a source.")
            self.stage.show_empty(tr("Nothing was held in this period."), help_, connections)
            return ()
        self.save.setEnabled(True)
        return (
            partial(self._show_figures, study),
            self.chart.make_plot,
            partial(self.chart.show_study, study),
            partial(self.model.show, rows.branches(study.parts), fresh=is_first),
            self.stage.show_table,
        )

    def _show_figures(self, study: Study) -> None:
        self.strip.show_period(study.whole)
        what, meaning = gaps_note(study.whole)
        banner = Banner(Severity.WARNING, what, meaning, tr("Show prices"), partial(self.shell.go, "prices"))
        self.shell.banner(banner if what else None)

    def _go(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.shell.go(place)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _by_chosen(self, _by: str) -> None:
        self._load()

    @Slot()
    def _days_given(self) -> None:
        if not self.isVisible():
            return
        try:
            self._days()
        except InputError as fault:
            self.trouble.setText(fmt.prose(fault.message))
            return
        self._load()

    @Slot(str)
    def _explain(self, kind: str) -> None:
        if self.study is not None:
            self.shell.explain(self.strip.blocks[kind].info, explained(kind, self.study))

    @Slot(str)
    def _open(self, key: str) -> None:
        """Look at one part as the whole period; an account is its own place."""
        number = self.model.number(key)
        if number is None:
            return
        part = self.model.line(number).row
        if part.account_id:
            self.shell.go(f"connections/{part.account_id}")
            return
        self.first.setText(part.first.isoformat())
        self.last.setText(part.last.isoformat())
        self._load()

    @Slot(str)
    def _save_chart(self, kind: str) -> None:
        self.shell.run(self._files.save_chart(self.chart, kind, self.place), what=tr("Saving the chart"))

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setFont(theme.font("body"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for how in ("csv", "xlsx", "pdf"):
            words = tr("Save as %s…").replace("%s", files.NAMES[how])
            menu.addAction(words).triggered.connect(partial(self._save, how))
        menu.popup(self.save.mapToGlobal(QPoint(0, self.save.height() + 4)))

    def _save(self, how: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        if self.study is not None:
            self.shell.run(self._saved(how, self.study), what=tr("Saving the report"))

    async def _saved(self, how: str, study: Study) -> None:
        made = await asyncio.get_running_loop().run_in_executor(None, report, study)
        path = await files.ask_where(self, made, f"{study.first.isoformat()}-{study.last.isoformat()}", how)
        if path is not None:
            self.trouble.setText(fmt.prose(await files.write(self.shell, made, path, how)))

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))
