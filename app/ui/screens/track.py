"""Risk-adjusted: what a period brought for the risk that was taken, beside a benchmark, and where it came from.

It is a tab of the Overview beside Performance, whose returns it weighs: like them it is of the books as they were, and
follows the scope bar. The Risk place is about the book as it is now, and leads here from its drawdown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.clock import to_datetime
from app.core.errors import CounterfoilError, InputError
from app.core.money import plain
from app.ui import format as fmt
from app.ui.models.table import TableModel
from app.ui.screens import track_parts as parts
from app.ui.screens.base import Shell
from app.ui.screens.overview_measured import MeasuredPlace
from app.ui.screens.overview_seen import Files
from app.ui.screens.track_bar import TrackBar
from app.ui.screens.track_charts import TrackFrame
from app.ui.screens.track_explained import explained, explained_parts
from app.ui.screens.track_figures import TrackStrip
from app.ui.screens.track_found import Seen, figure_columns, figure_name, figure_rows
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.track_record import Asked


class TrackScreen(MeasuredPlace):
    """Figures, charts and parts of one period beside one benchmark."""

    place: ClassVar[str] = "track"
    title: ClassVar[str] = "Risk-adjusted"
    icon: ClassVar[str] = "gauge"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self.seen: Seen | None = None
        self._files = Files(shell, self)

    def pieces(self) -> Iterator[None]:
        """Make the bar, then the strip, the chart, what the return came from, and the figures below it."""
        body = QWidget()
        box = w.fill(QVBoxLayout(body), [], 12, (16, 0, 16, 14))
        self.stage = Stage(body)
        self.bar = TrackBar(self.shell)
        self.bar.asked.connect(self._load)
        self.export = w.button(tr("Export"), "", "download")
        self.export.clicked.connect(self._export_seen)
        w.fill(QVBoxLayout(self), [self.bar, (self.stage, 1)], 0)
        yield
        self.strip = TrackStrip()
        self.strip.asked.connect(self._explain)
        w.add(box, self.strip)
        yield
        below, left = QWidget(), QWidget()
        beside = w.fill(QHBoxLayout(below), [(left, 5)], 12)
        parts_box = w.fill(QVBoxLayout(left), [], 12)
        w.add(box, (below, 1))
        self.chart = TrackFrame()
        self.chart.file_asked.connect(self._save_chart)
        w.add(parts_box, (self.chart, 1))
        yield
        w.add(parts_box, (self._came(), 1))
        yield
        w.add(beside, (self._figures(), 2))

    def _came(self) -> QWidget:
        self.how = w.icon_button("info", f"{tr('How computed')}: {tr('Where the return comes from')}", side=24)
        self.how.clicked.connect(self._explain_parts)
        self.model = TableModel(parts.part_columns(), parts.part_name)
        self.table = Table(self.model, "track-parts", tr("Parts of the return"), self._look)
        self.table.opened.connect(self._open)
        made = w.Panel(tr("Where the return comes from"), right=[self.how])
        made.show_body(self.table)
        return made

    def _figures(self) -> QWidget:
        self.figure_model = TableModel(figure_columns(), figure_name)
        name = tr("Figures for the risk taken")
        self.figure_table = Table(self.figure_model, "track-figures", name, self._look)
        self.figure_table.opened.connect(self._explain_row)
        self.figure_table.previewed.connect(self._explain_row)
        made = w.Panel(tr("Figures"))
        made.show_body(self.figure_table)
        return made

    @property
    def _look(self) -> TableLook:
        return TableLook(settings=self.shell.workspace.runtime.settings_folder)

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return the days that are measured."""
        if self.seen is None:
            return ""
        days = self.seen.record.track.curve.at
        return f"{to_datetime(int(days[0])).date()} – {to_datetime(int(days[-1])).date()}"

    def header_actions(self) -> Sequence[QWidget]:
        """Return Export."""
        return (self.export,)

    @property
    def is_measured(self) -> bool:
        """Tell whether there is an answer."""
        return self.seen is not None

    def scope_changed(self) -> None:
        """Measure the accounts and the period of the scope."""
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        for model in (self.figure_model, self.model):
            model.redraw()
        self.chart.redraw()
        if self.seen is not None:
            self.bar.show_seen(self.seen)
            self.strip.show_seen(self.seen)

    def main_part(self) -> QWidget:
        """Return the parts, or what stands in their place."""
        return self.table if self.stage.state == "table" else self.stage

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the figures of book and benchmark, and the parts of the return, raw: one figure a line."""
        if self.seen is None or self.stage.state != "table":
            return None
        benchmark = self.seen.benchmark
        lines = [
            *((row.title, tr("Book"), row.book) for row in self.figure_model.rows()),
            *((row.title, benchmark, row.other) for row in self.figure_model.rows() if benchmark),
        ]
        for column in self.model.columns[1:]:
            lines += [(column.title, row.name, column.value(row)) for row in self.model.rows()]
        titles = (tr("Figure"), tr("Of"), tr("Value"))
        return titles, [[what, whose, plain(value)] for what, whose, value in lines if value is not None]

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the book."""
        if self.stage.state != "table":
            return {}
        return {row.key: plain(row.book) for row in self.figure_model.rows() if row.book is not None}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let t show the chart as a table."""
        if self.stage.state != "table" or not self.chart.press(event.key()):
            super().keyPressEvent(event)

    # reading -------------------------------------------------------------------------------------------------------
    @Slot()
    def _load(self) -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Measuring risk and return"))

    async def _read(self, question: int) -> None:
        workspace = self.shell.workspace
        try:
            # Numeric libraries take a moment to load, in which nothing would move.
            await asyncio.to_thread(import_module, "app.services.track_record")
            await self.bar.remember()
            records = workspace.track_record
            self.bar.offer(await records.benchmarks())
            found = await records.record(self._asked())
        except CounterfoilError as fault:
            if question == self._question:
                self._show_fault(fault)
            return
        if question == self._question:
            await self._show(Seen(found), question)

    def _asked(self) -> Asked:
        from app.services.track_record import Asked  # noqa: PLC0415 - it is loaded by now

        scope = self.shell.scope
        first = None if scope.since_ns is None else to_datetime(scope.since_ns).date()
        return Asked(scope.accounts, first, benchmark=self.bar.benchmark, riskless=self.bar.riskless)

    async def _show(self, seen: Seen, question: int) -> None:
        """Show an answer, a part a turn of the loop."""
        self.seen = seen
        self.export.setEnabled(True)
        self.header_changed.emit()
        self.bar.show_seen(seen)
        for show in self._shown(seen):
            if question != self._question:
                return
            show()
            await asyncio.sleep(0)

    def _shown(self, seen: Seen) -> Sequence[Callable[[], None]]:
        return (
            partial(self.strip.show_seen, seen),
            self.stage.show_table,
            partial(self._show_figures, seen),
            partial(self._show_parts, seen),
            self.chart.make_plot,
            partial(self.chart.show_seen, seen),
        )

    def _show_figures(self, seen: Seen) -> None:
        self.figure_table.leave_out(*([] if seen.benchmark else ["other"]))
        title = seen.benchmark or tr("Benchmark")
        self.figure_model.rename_column("other", f"{title[:1].upper()}{title[1:]}")
        self.figure_model.show(figure_rows(seen))

    def _show_parts(self, seen: Seen) -> None:
        self.table.leave_out(*([] if seen.benchmark else ["against"]))
        against = tr("Against %s").replace("%s", seen.benchmark) if seen.benchmark else tr("Against")
        self.model.rename_column("against", against)
        self.model.show(parts.part_rows(seen))

    def _show_fault(self, fault: CounterfoilError) -> None:
        self.seen = None
        self.export.setEnabled(False)
        self.header_changed.emit()
        self.bar.show_seen(None)
        if not isinstance(fault, InputError):
            again = w.button(tr("Measure again"), "primary", "rotate-cw")
            again.clicked.connect(self._load)
            self.stage.show_fault(tr("Risk and return could not be measured."), fault, again)
            return
        prices = w.button(tr("Show prices"), "primary", "tag")
        prices.clicked.connect(partial(self._go, "prices"))
        returns = w.button(tr("Show performance"), "", "chart-line")
        returns.clicked.connect(partial(self._go, "performance"))
        words = fmt.prose(f"{fault.message.rstrip('.')}. {fault.hint}".strip())
        self.stage.show_empty(
            tr("There are no ratios of this period."), f"{words[:1].upper()}{words[1:]}", prices, returns
        )

    # hands ---------------------------------------------------------------------------------------------------------
    def _go(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.shell.go(place)

    @Slot(str)
    def _explain(self, kind: str) -> None:
        if self.seen is not None:
            self.shell.explain(self.strip.blocks[kind].info, explained(kind, self.seen))

    @Slot(str)
    def _explain_row(self, key: str) -> None:
        if self.seen is not None and self.figure_model.number(key) is not None:
            self.shell.explain(self.figure_table, explained(key, self.seen))

    @Slot()
    def _explain_parts(self) -> None:
        if self.seen is not None:
            self.shell.explain(self.how, explained_parts(self.seen))

    @Slot(str)
    def _open(self, key: str) -> None:
        number = self.model.number(key)
        if number is not None and self.model.line(number).row.is_asset:
            self.shell.go(f"activity/{key}")

    @Slot(str)
    def _save_chart(self, kind: str) -> None:
        name = f"track-{self.chart.kind.current}"
        self.shell.run(self._files.save_chart(self.chart, kind, name), what=tr("Saving the chart"))

    @Slot()
    def _export_seen(self) -> None:
        rows = self.export_rows()
        if rows is not None:
            self.shell.run(self._files.save_rows("track", *rows), what=tr("Exporting"))
