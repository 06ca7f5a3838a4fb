"""Risk at a glance: figures with their coverage, results against what was forecast, tails at every level, alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.results import Results
from app.ui.charts.results_frame import ResultsFrame
from app.ui.models.columns import Column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens import risk_stress_rows as stress
from app.ui.screens.base import HowComputed, Shell
from app.ui.screens.overview_ages import ages
from app.ui.screens.risk_contributions import columns as part_columns
from app.ui.screens.risk_contributions import name as part_name
from app.ui.screens.risk_contributions import part_rows
from app.ui.screens.risk_explained import covers, told
from app.ui.screens.risk_figures import RiskStrip, tail_columns, tail_name, tail_rows
from app.ui.screens.risk_found import Found, Scored, View, exact, level, public
from app.ui.screens.risk_limits import Limits
from app.ui.screens.risk_pane import RiskPane
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import message
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.findings import Finding
    from app.core.risk.backtest.card import Card
    from app.services.risk_live import LiveFigures

ON_CARD = {
    "fhs": "fhs-ewma",
    "fhs_garch": "fhs-garch",
    "historical": "historical",
    "parametric": "riskmetrics-94",
}
"""Models of the picker by their code on the report card; drawn outcomes have no past of their own."""
_SIDE = 400
_WIDTH = 1_060
_HIGH = 660
MOST = 6
"""Rows of the lists that lead to a section of their own."""


def results_of(card: Card, code: str) -> Results:
    """Return what the book made against one model's forecasts."""
    row = card.row(code)
    return Results(
        tuple(int(at) for at in card.at),
        tuple(card.gains.tolist()),
        tuple((-row.value_at_risk).tolist()),
        tuple((-row.expected_shortfall).tolist()),
    )


class AlarmLine(QWidget):
    """What the market does that it did not: correlations, turbulence, absorption; nothing while it is calm."""

    def __init__(self, shell: Shell) -> None:
        """Take the window; there is no alarm yet."""
        super().__init__()
        self.words = w.elided("", "caption", "text_2")
        more = w.button(tr("Correlation"), "link", size="small")
        more.clicked.connect(partial(self._go, shell))
        sign = w.glyph("triangle-alert", "warn", 14)
        w.fill(QHBoxLayout(self), [sign, (self.words, 1), more], 7, (2, 0, 2, 0))
        self.hide()

    @staticmethod
    def _go(shell: Shell, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        shell.go("risk/correlation")

    def show_alarms(self, alarms: Sequence[Finding], found: Found) -> None:
        """Show them in one line, the whole of it in its tooltip."""
        self.words.setText(" ".join(public(found.words(f"{one.message} {one.detail}")) for one in alarms))
        self.setVisible(bool(alarms))


class Glance(w.Panel):
    """The first rows of a section, with the way to all of them."""

    def __init__(
        self, shell: Shell, title: str, place: str, columns: Sequence[Column], name: Callable[[Any], str]
    ) -> None:
        """Take the window, the title, the section, and how its rows look."""
        more = w.button(tr("All"), "link", size="small", name=tr("All: %s").replace("%s", title))
        super().__init__(title, right=[more])
        self.model = TableModel(columns, name)
        self.table = Table(self.model, f"glance-{place.partition('/')[2]}", title)
        self.show_body(self.table)
        self._shell, self._place = shell, place
        more.clicked.connect(self._go)
        self.table.opened.connect(self._go)

    def show_rows(self, rows: Iterable[Branch]) -> None:
        """Show other rows."""
        self.model.show(rows)

    @Slot()
    def _go(self, *_of: object) -> None:
        self._shell.go(self._place)


class OverviewPane(RiskPane):
    """The first section."""

    word: ClassVar[str] = "now"
    title: ClassVar[str] = "Overview"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is known yet."""
        super().__init__(shell)
        self.found: Found | None = None
        self.scored: Scored | None = None
        self.view = View()

    def pieces(self) -> Iterator[None]:
        """Make the parts; nothing is known yet."""
        box = w.fill(QVBoxLayout(self), [], 8, (16, 0, 16, 14))
        self.strip = RiskStrip()
        self.strip.asked.connect(self._explain)
        self.cover = w.elided("", "caption", "text_2")
        self.how = w.button(tr("How is this computed?"), "link", size="small")
        self.how.clicked.connect(partial(self._explain, "var"))
        self.alarms = AlarmLine(self.shell)
        cover = w.row(w.glyph("info", "info", 14), (self.cover, 1), self.how, spacing=7, margins=(2, 0, 2, 0))
        w.add(box, self.strip, cover, self.alarms)
        yield
        self.results = ResultsFrame()
        self.keep_frame("results", self.results)
        yield
        self._make_tails()
        w.add(box, (w.row((self.results, 1), self.tails, spacing=12), 1), 4)
        yield
        self.below = QWidget()
        self.below.setFixedHeight(theme.px(42 + 30 + MOST * 28 + 6))
        below = w.fill(QHBoxLayout(self.below), [], 12)
        w.add(box, self.below)
        self.shares = Glance(self.shell, tr("Contribution to risk"), "risk/contributions", part_columns(), part_name)
        self.shares.table.leave_out("exposure", "shortfall", "incremental", "marginal_var", "marginal", "weight")
        w.add(below, (self.shares, 1))
        yield
        self.losses = Glance(self.shell, tr("Stress"), "risk/stress", stress.columns(), stress.name)
        self.losses.table.leave_out("kind", "covers")
        self.limits = Limits(self.shell)
        w.add(below, (self.losses, 1), (self.limits, 1))

    def _make_tails(self) -> None:
        self.model = TableModel(tail_columns(), tail_name)
        look = TableLook(settings=self.shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "risk-tails", tr("Value at risk and shortfall by level"), look)
        self.tails = w.Panel(tr("By level and horizon"))
        self.tails.show_body(self.table)
        self.tails.setMinimumHeight(theme.px(42 + 30 + 2 * 26 + 6 * 28 + 6))

    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:
        """Take an answer; results of the past are drawn anew where the report card or the model is another one."""
        is_card_new = scored is not self.scored or view.model != self.view.model or self.found is None
        self.found, self.scored, self.view = found, scored, view
        return (*self._parts(found), *([partial(self._show_results, found)] if is_card_new else []))

    def _parts(self, found: Found) -> Sequence[Callable[[], None]]:
        losses = partial(stress.stress_rows, found, ())
        return (
            partial(self._show_figures, found),
            lambda: self.model.show(tail_rows(found, self.view)),
            self.show_limits,
            lambda: self.alarms.show_alarms(found.report.study.alerts, found),
            lambda: self.shares.show_rows(Branch(row.asset, row) for row in part_rows(found)[:MOST]),
            lambda: self.losses.show_rows(stress.branches(losses()[:MOST])),
        )

    def show_limits(self) -> None:
        """Show how much of each limit is used."""
        alerts = self.shell.workspace.alerts
        self.limits.show_limits(alerts.headroom(), alerts.currency)

    def show_live(self, figures: LiveFigures) -> None:
        """Let the strip follow the marks, as long as it shows the default model over one day."""
        if self.found is not None and (self.view.model, self.view.horizon) == ("fhs", 1):
            self.strip.show_live(figures, self.found)

    def _show_figures(self, found: Found) -> None:
        is_stale = ages(found.positions, self.shell.workspace.runtime.clock.now_ns()).is_stale
        self.strip.show_found(found, self.view, is_stale=is_stale)
        self.cover.setText(self._covered(found))

    def _covered(self, found: Found) -> str:
        tail = found.tail(self.view)
        words = covers(tail.basis.coverage, found)
        words = f"{words[:1].upper()}{words[1:]}. " + tr("%m, %n days")
        words = words.replace("%m", tail.basis.method).replace("%n", fmt.count(tail.basis.observations))
        unpriced = found.positions.unpriced
        return words + (tr("; no price: %s").replace("%s", ", ".join(unpriced)) if unpriced else "") + "."

    def _show_results(self, found: Found) -> None:
        scored = self.scored
        if scored is None:
            self.results.show_notice(message(tr("Models are held against the past…"), ""))
        elif scored.card is None:
            sentence = tr("There is too little history to hold a model against it.")
            self.results.show_notice(message(sentence, fmt.prose(found.words(scored.why))))
        else:
            code = ON_CARD.get(self.view.model, ON_CARD["fhs"])
            row = scored.card.row(code)
            self.results.show_results(results_of(scored.card, code), str(row.light.zone))

    @Slot(str)
    def _explain(self, kind: str) -> None:
        if self.found is not None:
            anchor = self.strip.blocks[kind].info
            self.shell.explain(anchor, explained(kind, self.found, self.view))

    def redraw(self) -> None:
        """Write every figure anew."""
        for model in (self.model, self.shares.model, self.losses.model):
            model.redraw()
        self.results.redraw()
        if self.found is not None:
            for show in self._parts(self.found):
                show()

    def main_part(self) -> QWidget:
        """Return the chart, or the table in its place."""
        return self.results.table if self.results.as_table.isChecked() else self.results.plot

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the tails at every level."""
        return None if self.found is None else self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the strip."""
        return self.strip.figures()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the lower row out where it is low, and keep the side narrow where there is little width."""
        super().resizeEvent(event)
        self.below.setVisible(self.height() >= theme.px(_HIGH))
        self.tails.setFixedWidth(theme.px(_SIDE if self.width() >= theme.px(_WIDTH) else 340))


def explained(kind: str, found: Found, view: View) -> HowComputed:
    """Return how a figure of the strip is computed."""
    study, tail = found.report.study, found.tail(view)
    if kind in ("var", "es"):
        name = tr("Value at risk") if kind == "var" else tr("Expected shortfall")
        what = (
            tr("The loss that is exceeded in the worst share of outcomes.")
            if kind == "var"
            else tr("The mean loss of the worst share of outcomes.")
        )
        made = told(f"{name} {level(tail.confidence)}", tail.basis, found)
        return HowComputed(
            made.title, f"{what} {made.formula}", made.columns, made.inputs, made.coverage, place=made.place
        )
    if kind == "stressed":
        stressed = found.reports[view.horizon].study.stressed
        if stressed is not None:
            return told(tr("Stressed value at risk"), stressed[0].basis, found)
        words = tr("The worst year of the history for this book. The history is shorter than a year.")
        return HowComputed(tr("Stressed value at risk"), words)
    if kind == "volatility":
        return told(tr("Volatility"), study.volatility.basis, found)
    if kind == "drawdown":
        return told(tr("Drawdown"), study.drawdown.basis, found)
    words = tr(
        "The effective number of minimum-torsion bets: into how many uncorrelated parts of equal size the risk of the"
        " book could be cut. Covariances are shrunk (Ledoit-Wolf). Assets that all move together alike still count one"
        " each; how little that diversifies, the ratio below tells: 1 is not at all."
    )
    ratio = fmt.price(exact(study.bets.diversification), places=2)
    drawn = fmt.percent(exact(study.shrinkage), places=1)
    rows = (
        (tr("Diversification ratio"), ratio),
        (tr("Shrinkage"), drawn),
        (tr("Days"), fmt.count(tail.basis.observations)),
    )
    return HowComputed(tr("Independent bets"), words, (tr("What"), ""), rows, covers(tail.basis.coverage, found))
