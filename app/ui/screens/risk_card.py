"""The report card: how each model would have done on this book, which pass, and whether the default earns its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.money import plain
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.results_frame import ResultsFrame
from app.ui.models.cells import Cell, Figure, Named, Status, Words
from app.ui.models.columns import RIGHT, Column, figure_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens.base import Shell
from app.ui.screens.risk_explained import told
from app.ui.screens.risk_found import Found, Scored, View, exact, level, public
from app.ui.screens.risk_overview import results_of
from app.ui.screens.risk_pane import RiskPane
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, pinned
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.backtest.card import Card, Row

DEFAULT = "fhs-ewma"
FULL_WINDOW = 500
_LIMIT = Decimal("0.05")
_ZONES = {"green": ("ok", "check"), "yellow": ("warn", "triangle-alert"), "red": ("danger", "x")}


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model's record."""

    row: Row
    expected: Decimal | None
    days: int

    @property
    def code(self) -> str:
        """Return its stable name."""
        return self.row.model.code

    @property
    def is_default(self) -> bool:
        """Tell whether it is the model that the desk uses."""
        return self.code == DEFAULT


def verdict(card: Card) -> tuple[str, str]:
    """Return the tone of the answer, and whether the default model earns its place on this book, and why."""
    default = card.row(DEFAULT)
    passed = sorted((row for row in card.rows if row.is_passed), key=lambda row: row.quantile_loss)
    if not default.is_passed:
        failed = [
            name
            for name, test in (
                (tr("the number of exceptions"), default.failures),
                (tr("their independence"), default.independence),
                (tr("both together"), default.conditional),
            )
            if not test.is_passed
        ]
        words = tr("The default does not earn its place on this book: %t is rejected at 5 %. ")
        words = words.replace("%t", tr(" and ").join(failed))
        if passed:
            return "warn", words + tr("%m passes all three tests and is the sharpest.").replace(
                "%m", passed[0].model.name
            )
        return "warn", words + tr("No model passes all three tests.")
    if passed[0] is default:
        return "ok", fmt.counted(
            len(passed),
            tr("The default earns its place: it alone passes all three tests."),
            tr("The default earns its place: of %s models that pass all three tests it has the least quantile loss."),
        )
    words = tr("The default passes all three tests; %m passes too and is sharper on this book, by %p of quantile loss.")
    gap = exact(1 - passed[0].quantile_loss / default.quantile_loss)
    return "info", words.replace("%m", passed[0].model.name).replace("%p", fmt.percent(gap, places=1))


def _name(row: ModelRow) -> str:
    return str(row.row.model.name)


def _p_value(column_id: str, title: str, field: str, about: str) -> Column:
    def read(row: ModelRow) -> Decimal | None:
        return exact(getattr(row.row, field).p_value)

    def cell(row: ModelRow) -> Cell:
        value = read(row)
        is_rejected = value is not None and value < _LIMIT
        text = fmt.price(value, places=3)
        return Figure(text, "warn" if is_rejected else "text", icon="x" if is_rejected else "", icon_tone="warn")

    return Column(column_id, title, read, cell, RIGHT, about=about, priority=85)


def _model(row: ModelRow) -> Cell:
    return Named(_name(row), _name(row), is_square=True, badge=tr("default") if row.is_default else "")


def _light(row: ModelRow) -> Cell:
    zone = str(row.row.light.zone)
    tone, icon = _ZONES[zone]
    return Status(tr(zone), tone, icon, is_quiet=zone == "green")


def _passes(row: ModelRow) -> Cell:
    if row.row.is_passed:
        return Status(tr("passes"), "ok", "check", is_quiet=True)
    return Status(tr("fails"), "warn", "x")


def _valid(row: ModelRow) -> Cell:
    is_whole = row.row.valid_days == row.days
    words = tr("%v of %d").replace("%v", fmt.count(row.row.valid_days)).replace("%d", fmt.count(row.days))
    return Words(words, "text_3" if is_whole else "warn")


def _exceptions(row: ModelRow) -> str:
    return f"{fmt.count(row.row.count)} / {fmt.price(row.expected, places=1)}"


def _beyond(row: ModelRow) -> str:
    return fmt.price(exact(row.row.shortfall_ratio), places=2)


def columns() -> Sequence[Column]:
    """Return the columns."""
    return (
        Column("model", tr("Model"), _name, _model, gives_way=True, width=150, priority=100, can_hide=False,
               tooltip=lambda row: row.row.model.how),
        figure_column("exceptions", tr("Exceptions / expected"), lambda row: row.row.count, _exceptions, priority=95),
        _p_value("frequency", tr("Frequency p"), "failures", tr("Kupiec: is the number of exceptions as promised?")),
        _p_value("independence", tr("Independence p"), "independence",
                 tr("Christoffersen: does one exception bring the next?")),
        _p_value("both", tr("Both p"), "conditional", tr("Conditional coverage: both in one test")),
        Column("light", tr("Traffic light"), lambda row: str(row.row.light.zone), _light, width=80, priority=80,
               about=tr("Basel's zone over the last 250 days")),
        figure_column("loss", tr("Quantile loss"), lambda row: exact(row.row.quantile_loss),
                      lambda row: fmt.percent(exact(row.row.quantile_loss), places=4), priority=75,
                      about=tr("Mean loss of the forecast as a quantile: the lower, the sharper and truer")),
        figure_column("shortfall", tr("Loss / ES"), lambda row: exact(row.row.shortfall_ratio), _beyond, priority=50,
                      about=tr("Losses on the days of exceptions over the shortfall that was forecast: above 1, they"
                               " went deeper")),
        figure_column("mean", tr("Mean VaR"), lambda row: exact(row.row.mean_value_at_risk),
                      lambda row: fmt.percent(exact(row.row.mean_value_at_risk)), priority=60),
        Column("valid", tr("Valid days"), lambda row: row.row.valid_days, _valid, priority=30, width=84,
               about=tr("Days on which the model stands by its figure")),
        Column("verdict", tr("Verdict"), lambda row: "passes" if row.row.is_passed else "fails", _passes, width=76,
               priority=98, about=tr("Passes where no test rejects it at 5 %")),
    )  # fmt: skip


class CardPane(RiskPane):
    """The models, the verdict on the default, and the chosen model's days."""

    word: ClassVar[str] = "card"
    title: ClassVar[str] = "Report card"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is known yet."""
        super().__init__(shell)
        self.found: Found | None = None
        self.scored: Scored | None = None

    def pieces(self) -> Iterator[None]:
        """Make the parts; nothing is known yet."""
        self.model = TableModel(columns(), _name)
        look = TableLook(is_one=True, settings=self.shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "risk-card", tr("Report card of the models"), look)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.sign = w.glyph("check", "ok", 16)
        self.verdict = w.text("", "body", "text", wrap=True)
        self.note = w.elided("", "caption", "text_3")
        self.how = w.icon_button("info", f"{tr('How computed')}: {tr('Report card')}", tone="text_3", side=24)
        self.how.clicked.connect(self._explain)
        head = w.row(self.sign, (self.verdict, 1), spacing=10, margins=(14, 10, 14, 10))
        foot = pinned((self.note, 1), self.how)
        table = w.frame("panel", head, w.hline(), (self.table, 1), foot, spacing=0, margins=(1, 1, 1, 1))
        table.setMinimumHeight(theme.px(40 + 30 + 9 * 28 + 36))
        yield
        self.results = ResultsFrame()
        self.keep_frame("model", self.results)
        yield
        body = w.column((table, 0), (self.results, 1), spacing=12, margins=(16, 0, 16, 14))
        self.stage = Stage(body)
        w.fill(QVBoxLayout(self), [(self.stage, 1)], 0)

    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:  # noqa: ARG002
        """Take the report card, once it is there."""
        is_new = scored is not self.scored
        self.found, self.scored = found, scored
        if scored is None:
            return (self.stage.show_loading,)
        if scored.card is None:
            return (partial(self._show_too_little, found, scored.why),)
        if not is_new:
            return ()
        return partial(self._show, scored.card), self._show_chosen, self.stage.show_table

    def _show_too_little(self, found: Found, why: str) -> None:
        sentence = tr("There is too little history for a report card.")
        help_ = tr("Value at risk is shown all the same; no model was held against the past.")
        self.stage.show_empty(sentence, f"{fmt.prose(found.words(why))} {help_}")

    def _show_chosen(self) -> None:
        """Show the days of the chosen model; at first of the default."""
        if not self.table.current_key():
            self.table.choose(DEFAULT)
        self._show_days(self.table.current_key())

    def _show(self, card: Card) -> None:
        days = int(card.gains.size)
        rows = [ModelRow(row, exact(card.expected), days) for row in card.rows]
        rows.sort(key=lambda one: (not one.is_default, not one.row.is_passed, one.row.quantile_loss))
        self.model.show(Branch(one.code, one) for one in rows)
        tone, words = verdict(card)
        self.verdict.setText(public(words))
        self.sign.show_icon({"ok": "check", "info": "info"}.get(tone, "triangle-alert"), tone)
        self.note.setText(self._noted(card))

    def _noted(self, card: Card) -> str:
        words = tr("%l, 1 day, %a – %b, %n days out of sample, each forecast from the %w days before it")
        words = words.replace("%l", level(card.confidence)).replace("%w", str(card.window))
        words = words.replace("%a", fmt.date(int(card.at[0]))).replace("%b", fmt.date(int(card.at[-1])))
        words = words.replace("%n", fmt.count(int(card.gains.size)))
        short = tr("; %w instead of 500, since the history is short").replace("%w", str(card.window))
        return words + (short if card.window < FULL_WINDOW else "")

    @Slot()
    def _row_chosen(self, *_of: object) -> None:
        self._show_days(self.table.current_key())

    def _show_days(self, code: str) -> None:
        card = None if self.scored is None else self.scored.card
        if card is not None and code:
            row = card.row(code)
            self.results.title.setText(row.model.name)
            self.results.show_results(results_of(card, code), str(row.light.zone))

    @Slot()
    def _explain(self) -> None:
        card = None if self.scored is None else self.scored.card
        if self.found is not None and card is not None:
            self.shell.explain(self.how, told(tr("Report card"), card.basis, self.found))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self.results.redraw()
        if self.scored is not None and self.scored.card is not None:
            self._show(self.scored.card)

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the card."""
        return self.table.seen() if self.scored is not None and self.scored.card is not None else None

    def figures(self) -> Mapping[str, str]:
        """Return the exact quantile loss of each model."""
        found = {}
        for row in self.model.rows():
            loss = exact(row.row.quantile_loss)
            if loss is not None:
                found[row.code] = plain(loss)
        return found
