"""Sixth step of closing a year: its figures, how they differ from the year before, its forms, what was let stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.findings import Finding
from app.core.money import EXACT
from app.core.tax.figures import Term
from app.core.tax.jurisdictions import JURISDICTIONS
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Words
from app.ui.models.columns import RIGHT, Column, full_amount, text_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.screens.positions_rows import seen_change
from app.ui.screens.section import Rows
from app.ui.screens.tax_forms import FormsPane
from app.ui.screens.tax_pane import Pane
from app.ui.screens.tax_summary import SummaryPane
from app.ui.screens.year_closing import YearState
from app.ui.screens.year_page import Page
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, tool_bar
from app.ui.words import tr

FIGURES, BEFORE, FORMS, WAIVED = "figures", "before", "forms", "waived"


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of two years; None is unknown.

    Attributes:
        is_money: Else a count.
    """

    key: str
    title: str
    now: Decimal | None
    before: Decimal | None
    currency: str
    is_money: bool = True

    @property
    def change(self) -> Decimal | None:
        """Return by how much it changed."""
        return None if self.now is None or self.before is None else EXACT.subtract(self.now, self.before)

    def shown(self, value: Decimal | None, *, sign: bool = False) -> str:
        """Return a value as it is written."""
        if value is None:
            return fmt.UNKNOWN
        return fmt.amount(value, self.currency, sign=sign) if self.is_money else fmt.quantity(value, sign=sign)


def beside(found: TaxYear, before: TaxYear) -> tuple[Beside, ...]:
    """Return the totals of two years side by side."""
    now, then, money = found.figures.totals, before.figures.totals, found.figures.currency
    terms = ("short_gain", "long_gain") if found.profile.is_long is not None else ()
    titles = {
        "gain": tr("Gain"), "short_gain": words.term_gain(Term.SHORT, found.profile),
        "long_gain": words.term_gain(Term.LONG, found.profile), "proceeds": tr("Proceeds"), "cost": tr("Cost"),
        "income": tr("Income"),
    }  # fmt: skip
    rows = [
        Beside(name, titles[name], getattr(now, name), getattr(then, name), money)
        for name in ("gain", *terms, "proceeds", "cost", "income")
    ]
    counts = (
        ("disposals", tr("Disposals"), found.figures.disposals, before.figures.disposals),
        ("receipts", tr("Receipts of income"), found.figures.income, before.figures.income),
    )
    rows += [Beside(key, title, Decimal(len(a)), Decimal(len(b)), "", is_money=False) for key, title, a, b in counts]
    return tuple(rows)


def _figure(row: Beside, value: Decimal | None) -> Cell:
    return Figure(row.shown(value), "text" if value is not None else "text_3")


def _change(row: Beside) -> Cell:
    tone = "text_3" if row.change is None else fmt.tone(seen_change(row.change)) if row.key.endswith("gain") else "text"
    return Figure(row.shown(row.change, sign=True), tone)


def _full(row: Beside, value: Decimal | None) -> str:
    return full_amount(value, row.currency) if row.is_money else ""


def beside_columns() -> Sequence[Column]:
    """Return the columns of two years side by side."""
    return (
        Column("what", tr("Figure"), lambda row: row.title, lambda row: Words(row.title), priority=100, width=150,
               gives_way=True, can_sort=False, can_hide=False),
        Column("now", tr("This year"), lambda row: row.now, lambda row: _figure(row, row.now), RIGHT, priority=100,
               can_sort=False, tooltip=lambda row: _full(row, row.now)),
        Column("before", tr("Year before"), lambda row: row.before, lambda row: _figure(row, row.before), RIGHT,
               priority=100, can_sort=False, tooltip=lambda row: _full(row, row.before)),
        Column("change", tr("Change"), lambda row: row.change, _change, RIGHT, priority=90, can_sort=False,
               tooltip=lambda row: _full(row, row.change)),
    )  # fmt: skip


def waived_columns() -> Sequence[Column]:
    """Return the columns of what was let stand."""
    return (
        text_column("what", tr("Finding"), lambda one: fmt.prose(one.message), priority=100, width=220, can_hide=False),
        text_column("why", tr("Why it stands"), lambda one: one.waived, tone="text_2", priority=90, width=160),
    )


def _named(row: Beside) -> str:
    return row.title


def _told(one: Finding) -> str:
    return fmt.prose(one.message)


class ReviewPage(Page):
    """Four views of what is about to be sealed."""

    word: ClassVar[str] = "review"
    title: ClassVar[str] = "Review"
    lead: ClassVar[str] = "Read it as your adviser would: totals, what changed since the year before, forms."

    def __init__(self, shell: Shell) -> None:
        """Take the window; forms are made once they are looked at."""
        super().__init__(shell)
        self._standing: YearState | None = None
        self._asked: Asked | None = None
        self._taken: dict[str, object] = {}
        options = (
            (FIGURES, tr("Figures")), (BEFORE, tr("Against the year before")), (FORMS, tr("Forms")),
            (WAIVED, tr("Let stand")),
        )  # fmt: skip
        self.view = Segmented(options, FIGURES, tr("Review"))
        self.view.chosen.connect(self.show_view)
        self.forms: FormsPane | None = None
        self._is_stale = False
        self._stack = QStackedWidget()
        w.fill(QVBoxLayout(self), [tool_bar(self.view, None), w.hline(), (self._stack, 1)], 0)

    def pieces(self) -> Iterator[None]:
        """Make the figures, then what stands behind the other views."""
        self.summary = SummaryPane(self.shell)
        yield
        self.beside = TableModel(beside_columns(), _named)
        self.beside_table = Table(self.beside, "close-beside", tr("Against the year before"), TableLook(is_one=True))
        self.beside_stage = Stage(self.beside_table)
        yield
        self.waived = TableModel(waived_columns(), _told)
        self.waived_table = Table(self.waived, "close-waived", tr("What was let stand"), TableLook(is_one=True))
        self.waived_stage = Stage(self.waived_table)
        self.pages: dict[str, QWidget] = {
            FIGURES: self.summary, BEFORE: self.beside_stage, FORMS: QWidget(), WAIVED: self.waived_stage,
        }  # fmt: skip
        for page in self.pages.values():
            self._stack.addWidget(page)

    # the wizard asks -----------------------------------------------------------------------------------------------
    def take(self, standing: YearState, asked: Asked) -> None:
        """Show the figures; other views follow once they are looked at."""
        self._standing, self._asked = standing, asked
        count = len(standing.waived)
        self.view.offer(WAIVED, tr("Let stand · %s").replace("%s", fmt.count(count)) if count else tr("Let stand"))
        self._show()

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        self._is_stale = is_stale
        for pane in self._panes():
            pane.be_stale(is_stale=is_stale)

    def _panes(self) -> list[Pane]:
        return [self.summary, *([self.forms] if self.forms is not None else [])]

    def hidden(self) -> None:
        """Let the inspector of the forms go."""
        if self.forms is not None:
            self.forms.hidden()

    def redraw(self) -> None:
        """Write every figure anew."""
        for pane in self._panes():
            pane.redraw()
        self.beside.redraw()
        self.waived.redraw()

    def main_part(self) -> QWidget:
        """Return what the view is about."""
        shown = self.pages[self.view.current]
        if isinstance(shown, Pane):
            return shown.main_part()
        return self.beside_table if self.view.current == BEFORE else self.waived_table

    def export_rows(self) -> Rows | None:
        """Return what the view shows, raw."""
        shown = self.pages[self.view.current]
        if isinstance(shown, Pane):
            return shown.export_rows()
        return (self.beside_table if self.view.current == BEFORE else self.waived_table).seen()

    # the views -----------------------------------------------------------------------------------------------------
    @Slot(str)
    def show_view(self, name: str) -> None:
        """Show another view."""
        if name == FORMS and self.forms is None:
            self._make_forms()
        self._stack.setCurrentWidget(self.pages[name])
        self._show()

    def _make_forms(self) -> None:
        self.forms = FormsPane(self.shell)
        self.forms.be_stale(is_stale=self._is_stale)
        stand_in = self.pages[FORMS]
        self.pages[FORMS] = self.forms
        self._stack.addWidget(self.forms)
        self._stack.removeWidget(stand_in)
        stand_in.deleteLater()

    def _show(self) -> None:
        """Give the view that is seen what it shows, once for each state of the year."""
        standing, asked, name = self._standing, self._asked, self.view.current
        if standing is None or asked is None or self._taken.get(name) is standing:
            return
        self._taken[name] = standing
        shown = self.pages[name]
        if isinstance(shown, Pane):
            shown.take(standing.found, asked)
        elif name == WAIVED:
            self._show_waived(standing)
        else:
            self.beside_stage.show_loading()
            self.shell.run(self._compare(standing, asked), what=tr("Computing the year before"))

    def _show_waived(self, standing: YearState) -> None:
        self.waived.show([Branch(one.name, one) for one in standing.waived], fresh=True)
        if standing.waived:
            self.waived_stage.show_table()
        else:
            self.waived_stage.show_empty(
                tr("Nothing was let stand."), tr("Every difference at the end of the year is gone or explained.")
            )

    async def _compare(self, standing: YearState, asked: Asked) -> None:
        year = (asked.year or 0) - 1
        try:
            before = await self.shell.workspace.tax.compute(replace(asked, year=year))
        except CounterfoilError as fault:
            self.beside_stage.show_fault(tr("The year before could not be computed."), fault)
            return
        if self._standing is not standing:
            return
        rules = JURISDICTIONS[asked.jurisdiction]
        self.beside.rename_column("now", words.year(rules, asked.year))
        self.beside.rename_column("before", words.year(rules, year))
        self.beside.show([Branch(row.key, row) for row in beside(standing.found, before)], fresh=True)
        self.beside_stage.show_table()
