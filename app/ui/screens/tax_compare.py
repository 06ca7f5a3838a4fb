"""The tab that compares: every method and scope that the country allows, one after the other as a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import RefusedError
from app.core.money import plain
from app.core.ports import Progress
from app.core.tax.figures import Term
from app.core.tax.jurisdictions import JURISDICTIONS
from app.services.jobs import JobState
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.models.table import TableModel
from app.ui.screens import tax_compare_rows as rows
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import give_back_focus
from app.ui.screens.tax_order import OrderForm
from app.ui.screens.tax_pane import Pane
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import tool_bar
from app.ui.words import tr


class ComparePane(Pane):
    """Table of ways, and below it the form that orders one."""

    word: ClassVar[str] = "compare"
    title: ClassVar[str] = "Compare"
    needs_year: ClassVar[bool] = True

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is compared yet."""
        super().__init__(shell)
        self._question: tuple[TaxYear, Asked] | None = None
        self._job: int | None = None
        self._ways: list[rows.Way] = []
        self.model = TableModel(rows.columns(), rows.row_name)
        self.table = Table(self.model, "compare", tr("Ways to compute the year"), TableLook(is_one=True))
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._use)
        self.run = w.button(tr("Compare all"), "primary", "scale")
        self.run.clicked.connect(self._start)
        self.use = w.button(tr("Show these figures"), enabled=False)
        self.use.clicked.connect(self._use_current)
        self.order = w.button(tr("Record as standing order…"), icon="stamp", enabled=False)
        self.order.clicked.connect(self._open_order)
        self.told = w.elided("", "caption", "text_3")
        self.form = OrderForm(shell)
        self.form.hide()
        self.form.done.connect(self._close_order)
        bar = tool_bar((self.told, 1), self.use, self.order, self.run)
        w.fill(QVBoxLayout(self), [bar, w.hline(), (self.table, 1), self.form], 0)

    # the place asks ------------------------------------------------------------------------------------------------
    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the ways of a question's country; the one that is known has its figures at once."""
        before = self._question
        self._question = found, asked
        self._name_terms(found)
        if before is None or before[0].head != found.head or not _is_same_year(before[1], asked):
            self._cancel()
            self._ways = rows.ways(asked, found)
        self._ways = [self._with(way, found) if self._is_answer(way, asked) else way for way in self._ways]
        self._show()
        self._close_order()

    def _name_terms(self, found: TaxYear) -> None:
        """Speak of terms as the country does, and not at all where it asks for none."""
        for name, term in (("short_gain", Term.SHORT), ("long_gain", Term.LONG)):
            self.model.rename_column(name, words.term_title(term, found.profile))
        self.table.leave_out(*(() if found.profile.is_long is not None else ("short_gain", "long_gain")))

    def be_stale(self, *, is_stale: bool) -> None:
        """Say that what is compared is older than the books."""
        words_ = tr("Books or prices have changed since; compare again.")
        self.told.setText(words_ if is_stale else tr("The same sales under every method that the law allows."))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the comparison, raw."""
        return self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact gain of each way."""
        return {f"compare/{way.key}": _exact(way.totals.gain) for way in self._ways if way.totals is not None}

    # comparing -----------------------------------------------------------------------------------------------------
    @staticmethod
    def _is_answer(way: rows.Way, asked: Asked) -> bool:
        return way.method is asked.method and (way.method is None or way.scope is asked.scope)

    @staticmethod
    def _with(way: rows.Way, found: TaxYear) -> rows.Way:
        blocked = sum(one.gain is None for one in found.figures.disposals)
        name = way.name
        if way.method is None:
            name = tr("In force: %s").replace("%s", words.rules(found.profile, ""))
        return replace(way, totals=found.figures.totals, blocked=blocked, name=name)

    def _show(self) -> None:
        base = next((way.totals for way in self._ways if way.method is None), None)
        self._ways = [
            replace(way, difference=rows.difference(way.totals, base) if way.method else None) for way in self._ways
        ]
        self.model.show(rows.branches(self._ways))
        is_running = self._job is not None
        self.run.setText(f" {tr('Cancel')}" if is_running else f" {tr('Compare all')}")
        self._chosen(self.table.current_key())

    @Slot()
    def _start(self) -> None:
        if self._question is None:
            return
        if self._job is not None:
            self._cancel()
            self._show()
            return
        found, asked = self._question
        rules = JURISDICTIONS[asked.jurisdiction]
        title = tr("Compare methods, %y, %c").replace("%y", words.year(rules, asked.year)).replace("%c", rules.name)

        async def work(progress: Progress) -> str:
            return await self._compare(found, asked, progress)

        self._job = self.shell.workspace.jobs.start(title, work)
        self.shell.run(self._ended(self._job), what=title)
        self._show()

    async def _compare(self, found: TaxYear, asked: Asked, progress: Progress) -> str:
        waiting = [way for way in self._ways if not way.refused]
        for number, way in enumerate(waiting):
            progress(number / len(waiting), rows.row_name(way))
            question = replace(asked, method=way.method, scope=way.scope)
            try:
                # All of the same books: what one of them was sealed with is no measure of the others.
                made = self._with(way, await self.shell.workspace.tax.recompute(question))
            except RefusedError as fault:
                made = replace(way, refused=fault.message)
            if self._question is None or self._question[0] is not found:
                return tr("another question was asked")
            self._ways = [made if one.key == way.key else one for one in self._ways]
            self._show()
        return tr("%n ways compared").replace("%n", str(len(waiting)))

    async def _ended(self, job_id: int) -> None:
        job = await self.shell.workspace.jobs.finished(job_id)
        if self._job == job_id:
            self._job = None
            if job.state is JobState.FAILED:
                self.told.setText(fmt.prose(f"{job.reason} {job.remedy}".strip()))
            self._show()

    def _cancel(self) -> None:
        if self._job is not None:
            self.shell.workspace.jobs.cancel(self._job)
            self._job = None

    # hands ---------------------------------------------------------------------------------------------------------
    def _current(self) -> rows.Way | None:
        return next((way for way in self._ways if way.key == self.table.current_key()), None)

    @Slot(str)
    def _chosen(self, _key: str) -> None:
        way = self._current()
        can = way is not None and not way.refused
        self.use.setEnabled(can)
        # Only what was seen to be computed can be ordered: some ways are refused by the sales themselves.
        can_order = can and way is not None and way.method is not None and way.totals is not None
        self.order.setEnabled(can_order)
        self.order.setToolTip("" if can_order else tr("Compare first, then choose a way that the law allows"))
        w.tint(self.order)

    @Slot()
    def _use_current(self) -> None:
        self._use(self.table.current_key())

    @Slot(str)
    def _use(self, key: str) -> None:
        way = next((way for way in self._ways if way.key == key), None)
        if way is not None and not way.refused and self._question is not None:
            self.wanted.emit(replace(self._question[1], method=way.method, scope=way.scope))

    @Slot()
    def _open_order(self) -> None:
        way = self._current()
        if way is not None and way.method is not None and self._question is not None:
            asked = self._question[1]
            if asked.year is not None:
                self.form.show_order(asked.jurisdiction, asked.year, way.method, way.scope)
                self.form.show()
                self.form.reason.setFocus()

    @Slot()
    def _close_order(self) -> None:
        give_back_focus(self.form, self.table)
        self.form.hide()


def _is_same_year(one: Asked, other: Asked) -> bool:
    return (one.jurisdiction, one.year, one.currency) == (other.jurisdiction, other.year, other.currency)


def _exact(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
