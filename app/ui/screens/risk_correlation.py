"""What moves together: the matrix, the pairs that changed, and the course of one pair."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.course_frame import CourseFrame, figure_label
from app.ui.charts.frame import ChartFrame
from app.ui.charts.heatmap import NO_MATRIX, Heatmap, Matrix
from app.ui.models.cells import Cell, Status
from app.ui.models.columns import Column, figure_column, text_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens import risk_market as market
from app.ui.screens.base import Shell
from app.ui.screens.risk_found import Found, Scored, View, exact
from app.ui.screens.risk_pane import RiskPane
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import message
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.arrays import Floats
    from app.core.risk.metrics.correlations import Correlations

LATELY = 30
MOST = 20
"""Assets in the matrix, the largest exposures first; the table has every pair."""
WINDOWS = (("30", "30 d"), ("90", "90 d"), ("365", "1 y"))
NEEDED = 210
"""Days that correlations of lately and before take."""
_ROOMY = 1_060


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two assets with what they did together; `shown` is the figure of the matrix, over the window that is chosen."""

    one: str
    other: str
    names: str
    before: Decimal | None
    lately: Decimal | None
    shown: Decimal | None
    has_changed: bool

    @property
    def change(self) -> Decimal | None:
        """Return by how much they move together more."""
        return None if self.before is None or self.lately is None else self.lately - self.before


def _order(found: Found) -> list[int]:
    """Return the places of assets that move, the largest exposure first."""
    related = found.report.study.correlations
    if related is None:
        return []
    of = found.report.study.book
    size = dict(zip(of.assets, (abs(value) for value in of.values.tolist()), strict=True))
    moving = [at for at, row in enumerate(related.lately.tolist()) if any(one == one for one in row)]  # noqa: PLR0124
    return sorted(moving, key=lambda at: -size.get(related.assets[at], 0.0))


def _over(related: Correlations, bars: int) -> Floats | None:
    """Return the correlations over a window; None where the history is shorter."""
    return related.lately if bars == LATELY else related.longer.get(bars)


def matrix_of(found: Found, bars: int) -> Matrix:
    """Return the lower triangle of the largest exposures."""
    related, order = found.report.study.correlations, _order(found)[:MOST]
    if related is None or len(order) < 2:  # noqa: PLR2004 - a pair
        return NO_MATRIX
    places = {related.assets[at]: number for number, at in enumerate(order)}
    changed = {
        (max(places[pair.one], places[pair.other]), min(places[pair.one], places[pair.other]))
        for pair in related.changed
        if pair.one in places and pair.other in places
    }
    lately, before = (
        tuple(
            tuple(None if values is None else exact(float(values[row, column])) for column in order[:number])
            for number, row in enumerate(order)
        )
        for values in (_over(related, bars), related.before)
    )
    return Matrix(tuple(found.name(related.assets[at]) for at in order), lately, before, frozenset(changed))


def pair_rows(found: Found, bars: int) -> Iterable[PairRow]:
    """Return every pair that moves, those that changed first, then by how much."""
    related, order = found.report.study.correlations, _order(found)
    if related is None:
        return []
    changed = {frozenset((pair.one, pair.other)) for pair in related.changed}
    over, rows = _over(related, bars), []
    for number, row in enumerate(order):
        for column in order[:number]:
            one, other = related.assets[column], related.assets[row]
            before, lately = exact(float(related.before[row, column])), exact(float(related.lately[row, column]))
            names = f"{found.name(one)} – {found.name(other)}"
            shown = None if over is None else exact(float(over[row, column]))
            rows.append(PairRow(one, other, names, before, lately, shown, frozenset((one, other)) in changed))
    return sorted(rows, key=lambda row: (not row.has_changed, -abs(row.change or Decimal(0))))


def _columns() -> Sequence[Column]:
    def state(row: PairRow) -> Cell:
        return Status(tr("changed"), "warn", "triangle-alert") if row.has_changed else Status("", is_quiet=True)

    def figure(column_id: str, title: str, about: str, *, sign: bool = False) -> Column:
        def written(row: PairRow) -> str:
            value = getattr(row, column_id)
            text = fmt.price(value, places=2)
            return f"+{text}" if sign and value is not None and value > 0 and text != fmt.MASK else text

        return figure_column(column_id, title, lambda row: getattr(row, column_id), written, about=about, priority=90)

    return (
        text_column("pair", tr("Pair"), _name, width=96, priority=100, can_hide=False),
        figure("shown", tr("Correlation"), tr("Over the window that is chosen, as in the matrix")),
        figure("before", tr("Before"), tr("Over the 180 days before")),
        figure("lately", tr("Lately"), tr("Of the last 30 days, weighted")),
        figure("change", tr("Change"), tr("Lately less before"), sign=True),
        Column("state", tr("State"), lambda row: "changed" if row.has_changed else "", state, width=84, priority=60),
    )


def _name(row: PairRow) -> str:
    return row.names


def branches(pairs: Iterable[PairRow]) -> tuple[Branch, ...]:
    """Return a row for each pair."""
    return tuple(Branch(f"{row.one} {row.other}", row) for row in pairs)


class MatrixFrame(ChartFrame):
    """The matrix, or every pair as a table."""

    def __init__(self, shell: Shell) -> None:
        """Start without pairs."""
        self.heat = Heatmap()
        self.model = TableModel(_columns(), _name)
        look = TableLook(settings=shell.workspace.runtime.settings_folder)
        self.how = w.icon_button("info", f"{tr('How computed')}: {tr('Correlation')}", tone="text_3", side=26)
        pairs = Table(self.model, "risk-pairs", tr("Correlation by pair"), look)
        self.span = Segmented(WINDOWS, WINDOWS[0][0], tr("Window of the correlations"))
        super().__init__(tr("Correlation, EWMA"), pairs, right=[self.how, self.span])
        self.pairs = pairs
        self.given: tuple[PairRow, ...] = ()
        self.as_table.toggled.connect(self._fill)
        self.use_chart(w.column(self.heat, margins=(12, 10, 12, 8)))

    def show_pairs(self, pairs: Sequence[PairRow]) -> None:
        """Take every pair; the table is filled once it is looked at."""
        self.given = tuple(pairs)
        self._fill(self.as_table.isChecked())

    @Slot(bool)
    def _fill(self, is_table: bool) -> None:  # noqa: FBT001 - the signal's own argument
        if is_table:
            self.model.show(branches(self.given))

    def raw_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return every pair."""
        return self.pairs.texts_of(self.given)


class CorrelationPane(RiskPane):
    """Matrix at the left; changed pairs and the course of one at the right."""

    word: ClassVar[str] = "correlation"
    title: ClassVar[str] = "Correlation"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is known yet."""
        super().__init__(shell)
        self.found: Found | None = None
        self.pair: tuple[str, str] | None = None
        self._drawn: tuple[object, ...] = ()
        self._places: list[str] = []

    def pieces(self) -> Iterator[None]:
        """Make the parts; nothing is known yet."""
        self.market = market.MarketStrip()
        self.market.asked.connect(self._explain_market)
        self.matrix = MatrixFrame(self.shell)
        self.matrix.how.clicked.connect(self._explain)
        self.matrix.span.chosen.connect(self._window_chosen)
        self.matrix.heat.opened.connect(self._open_cell)
        self.matrix.pairs.opened.connect(self._open_key)
        yield
        self.over_time = Segmented(market.OVER_TIME, market.PAIR, tr("What the chart shows"))
        self.over_time.chosen.connect(self._over_time_chosen)
        self.course = CourseFrame(
            tr("Pair"), tr("Correlation"), partial(fmt.price, places=2), figure_label,
            about=tr("Rolling correlation of a pair, turbulence or absorption"), fill="", right=[self.over_time],
        )  # fmt: skip
        for name, frame in (("correlation", self.matrix), ("pair", self.course)):
            self.keep_frame(name, frame)
        yield
        self._make_changed()
        yield
        right = w.column((self.course, 3), (self.changed_panel, 2), spacing=12)
        self._middle = QHBoxLayout()
        w.fill(self._middle, [(self.matrix, 1), (right, 1)], 12)
        w.fill(QVBoxLayout(self), [self.market], 12, (16, 0, 16, 14)).addLayout(self._middle, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the matrix more of a narrow window: its cells need room for their figures."""
        super().resizeEvent(event)
        is_narrow = self.width() < theme.px(_ROOMY)
        for place, share in enumerate((9, 7) if is_narrow else (11, 10)):
            self._middle.setStretch(place, share)
        self.over_time.fold(is_folded=is_narrow)

    def _make_changed(self) -> None:
        self.changed = TableModel(_columns(), _name)
        look = TableLook(settings=self.shell.workspace.runtime.settings_folder)
        self.changed_table = Table(self.changed, "risk-changed-pairs", tr("Pairs that changed"), look)
        self.changed_table.leave_out("shown")
        self.changed_table.opened.connect(self._open_key)
        self.quiet = w.text("", "cell", "text_3", wrap=True)
        self.changed_pages = QStackedWidget()
        for page in (self.changed_table, w.column(self.quiet, None, margins=(14, 12, 14, 12))):
            self.changed_pages.addWidget(page)
        self.changed_panel = w.Panel(tr("Changed pairs"))
        self.changed_panel.show_body(self.changed_pages)

    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:  # noqa: ARG002
        """Take the correlations of an answer."""
        self.found = found
        self.market.show_found(found)
        self._offer_windows(found.report.study.correlations)
        pairs = list(pair_rows(found, self.bars))
        if not pairs:
            return (partial(self._show_too_little, found),)
        return (
            partial(self._show_matrix, found, pairs),
            partial(self._show_pairs, pairs),
            self.course.make_plot,
            partial(self._choose_among, pairs),
        )

    def _offer_windows(self, related: Correlations | None) -> None:
        """Offer the windows that the history is long enough for."""
        for key, label in WINDOWS[1:]:
            is_offered = related is not None and _over(related, int(key)) is not None
            self.matrix.span.offer(key, label, is_offered=is_offered)
            if not is_offered and self.matrix.span.current == key:
                self.matrix.span.choose(WINDOWS[0][0])

    def _show_matrix(self, found: Found, pairs: Sequence[PairRow]) -> None:
        related = found.report.study.correlations
        self._places = [related.assets[at] for at in _order(found)[:MOST]] if related else []
        self.matrix.heat.show_matrix(matrix_of(found, self.bars))
        self.matrix.show_pairs(pairs)
        self.matrix.show_chart()

    def _show_pairs(self, pairs: Sequence[PairRow]) -> None:
        self._show_changed([one for one in pairs if one.has_changed], len(pairs))

    def _choose_among(self, pairs: Sequence[PairRow]) -> None:
        """Draw the pair that is chosen; at first the one that changed most."""
        known = {frozenset((row.one, row.other)) for row in pairs}
        if self.pair is None or frozenset(self.pair) not in known:
            self.pair = pairs[0].one, pairs[0].other
        if self.over_time.current == market.PAIR:
            self._choose(*self.pair)
        else:
            self._draw_market()

    def _show_too_little(self, found: Found) -> None:
        if found.report.study.correlations is None and found.bars < NEEDED:
            sentence = tr("Correlations need %n days; there are %h.").replace("%n", str(NEEDED))
            sentence = sentence.replace("%h", fmt.count(found.bars))
            help_ = tr("They come by themselves as closes are read; other figures are shown with what there is.")
        else:
            sentence = tr("There are no two assets that move.")
            help_ = tr("A correlation takes two of them.")
        self.matrix.show_notice(message(sentence, help_))
        self.course.show_notice(message("", ""))
        self._show_changed([], 0)

    def _show_changed(self, changed: Sequence[PairRow], tested: int) -> None:
        self.changed.show(branches(changed))
        one, many = tr("The pair did not change beyond chance."), tr("None of %s pairs changed beyond chance.")
        self.quiet.setText(fmt.counted(tested, one, many))
        self.changed_pages.setCurrentIndex(0 if changed else 1)

    @property
    def bars(self) -> int:
        """Return the window that is chosen, in days."""
        return int(self.matrix.span.current)

    @Slot(str)
    def _window_chosen(self, _key: str) -> None:
        if self.found is not None:
            for show in self.take(self.found, None, View()):
                show()

    # one pair ------------------------------------------------------------------------------------------------------
    @Slot(int, int)
    def _open_cell(self, row: int, column: int) -> None:
        if row < len(self._places):
            self._choose(self._places[column], self._places[row])

    @Slot(str)
    def _open_key(self, key: str) -> None:
        one, _, other = key.partition(" ")
        self._choose(one, other)

    @Slot(str)
    def _over_time_chosen(self, kind: str) -> None:
        if kind != market.PAIR:
            self._draw_market()
        elif self.pair is not None:
            self._choose(*self.pair)

    def _draw_market(self) -> None:
        """Draw turbulence or absorption in place of a pair."""
        if self.found is None:
            return
        kind = self.over_time.current
        self._drawn = ()
        title = dict(market.OVER_TIME)[kind]
        self.course.title.setText(tr(title))
        self.course.name_lines(tr(title))
        course = market.course_of(kind, self.found)
        if course.is_known:
            self.course.show_course(course)
        else:
            self.course.show_notice(message(tr("The history is too short for this figure."), ""))

    def _choose(self, one: str, other: str) -> None:
        found = self.found
        if found is None:
            return
        self.pair = one, other
        self.over_time.choose(market.PAIR)
        self.course.name_lines(tr("Correlation"))
        self.course.title.setText(f"{found.name(one)} – {found.name(other)}")
        if one in self._places and other in self._places:
            self.matrix.heat.choose(self._places.index(one), self._places.index(other))
        drawn = (one, other, self.bars, found.book.market.last, found.book.market.prices)
        if drawn != self._drawn:
            self._drawn = drawn
            self.shell.run(self._draw(found, one, other), what=tr("Drawing the pair"))

    async def _draw(self, found: Found, one: str, other: str) -> None:
        bars = self.bars
        course = await asyncio.to_thread(market.course_of_pair, found, one, other, bars)
        if (self.pair, self.bars, self.over_time.current) != ((one, other), bars, market.PAIR):
            return
        if course.is_known:
            self.course.show_course(course)
        else:
            self.course.show_notice(message(tr("These two have too little common history."), ""))

    @Slot()
    def _explain(self) -> None:
        if self.found is not None and self.found.report.study.correlations is not None:
            self.shell.explain(self.matrix.how, market.explained("correlation", self.found))

    @Slot(str)
    def _explain_market(self, kind: str) -> None:
        if self.found is not None:
            self.shell.explain(self.market.blocks[kind].info, market.explained(kind, self.found))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.matrix.model.redraw()
        self.matrix.heat.update()
        self.changed.redraw()
        self.course.redraw()
        self._window_chosen("")

    def main_part(self) -> QWidget:
        """Return the matrix, or the table in its place."""
        return self.matrix.table if self.matrix.as_table.isChecked() else self.matrix.heat

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return every pair."""
        return self.matrix.raw_rows() if self.matrix.is_known else None
